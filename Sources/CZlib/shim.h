// Deflate. The initialisers are macros, which Swift does not see.
#include <zlib.h>

static inline int deflate_init(z_stream *stream, int level) { return deflateInit(stream, level); }
static inline int inflate_init(z_stream *stream) { return inflateInit(stream); }
