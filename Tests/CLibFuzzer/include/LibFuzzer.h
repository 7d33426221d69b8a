#include <stddef.h>
#include <stdint.h>

// Of LLVM's libFuzzer, which comes with the compiler: calls `callback` with one input after the other, until an option ends it.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
