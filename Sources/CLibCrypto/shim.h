// Of OpenSSL's libcrypto: the incremental SHA-2, whose contexts are plain structs that can be saved and resumed, and AES-GCM,
// which works in memory of the caller.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>
