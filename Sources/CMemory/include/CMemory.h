// How the C library keeps memory: what Swift's Glibc module does not show of it.
#ifndef BERTH_CMEMORY_H
#define BERTH_CMEMORY_H

// Keeps up to `kept` bytes at the end of each heap that nobody uses; what is larger than `single` bytes, and has no room there, is taken from
// the kernel, and given back when it is freed. A C library that refuses goes on as it did.
void keep_freed_memory(int kept, int single);

#endif
