import CMemory

/// Has the memory of a body that has been written serve for the next: else its pages would go back to the kernel, and be got from there again for each few
/// bytes that come. Each of the heaps, of which there are few, keeps as much as a few bodies under way take.
func keepFreedMemory() {
    _ = keep_freed_memory(4 << 20, 2 << 20)
}
