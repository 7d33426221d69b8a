#include "CMemory.h"

#include <malloc.h>

_Bool keep_freed_memory(int kept, int single) {
    return mallopt(M_TRIM_THRESHOLD, kept) == 1 && mallopt(M_MMAP_THRESHOLD, single) == 1;
}
