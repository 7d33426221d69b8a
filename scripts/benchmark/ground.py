"""What a round must not inherit from the one before it, nor from the machine."""
import contextlib
import mmap
import os

PAGE, MIB = 4096, 1 << 20


@contextlib.contextmanager
def warm_memory(most=10 << 30):
    """Keeps half of the free memory, and no more than `most` bytes of it, in the hands of this machine.

    A virtual machine may give memory that it does not use back to its host, and then pays more for every page that it fills anew than a registry
    does for the bytes in it: this levels all figures, and differs from second to second. A page of each MiB stays in use, so that the others are
    never whole blocks that could be given back.
    """
    free = os.sysconf("SC_AVPHYS_PAGES") * PAGE
    with mmap.mmap(-1, min(most, free // 2) // MIB * MIB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.madvise(mmap.MADV_NOHUGEPAGE)
        content = bytes(MIB)
        for start in range(0, len(memory), MIB):
            memory[start : start + MIB] = content
        for start in range(0, len(memory), MIB):
            memory.madvise(mmap.MADV_DONTNEED, start + PAGE, MIB - PAGE)
        yield


def empty(folder):
    """Gives back the room that the files of `folder` take, and leaves their names.

    ext4 without a journal looks at each inode that was freed in the last minutes whenever it takes a new one: to delete the files of a round would
    slow down the next one, and most of all the server that makes most files.
    """
    for path, _, files in os.walk(folder):
        for name in files:
            os.truncate(os.path.join(path, name), 0)
