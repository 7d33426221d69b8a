// How the C library keeps memory: what Swift's Glibc module does not show of it.
#ifndef BERTH_CMEMORY_H
#define BERTH_CMEMORY_H

// Keeps up to `kept` bytes at the end of each heap that nobody uses, and takes what is larger than `single` bytes from the kernel,
// to give it back at once. False: it is left as it was.
_Bool keep_freed_memory(int kept, int single);

#endif
