import CMemory

/// Has the memory of a body that has been written serve for the next: else its pages would go back to the kernel, and be got from there again for each few
/// bytes that come. Each of the C library's heaps, which are as many as there are threads, and no more than eight for each processor, keeps 4 MiB at most.
func keepFreedMemory() { keep_freed_memory(4 << 20, 2 << 20) }
