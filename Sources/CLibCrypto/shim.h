// The incremental SHA-2 of OpenSSL's libcrypto, whose contexts are plain structs that can be saved and resumed.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
