#include "CMemory.h"

#include <malloc.h>

void keep_freed_memory(int kept, int single) {
    mallopt(M_TRIM_THRESHOLD, kept);
    mallopt(M_MMAP_THRESHOLD, single);
}
