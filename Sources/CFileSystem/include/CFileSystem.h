// System calls of Linux that Swift's Glibc module does not show.
#ifndef BERTH_CFILESYSTEM_H
#define BERTH_CFILESYSTEM_H

#include <sys/types.h>

// renameat2 with RENAME_NOREPLACE: fails with EEXIST rather than replace.
int rename_new(int from_folder, const char *from, int to_folder, const char *to);

// sync_file_range with SYNC_FILE_RANGE_WRITE: starts to write the dirty pages of a range and waits for none.
// It makes nothing durable.
int start_writeback(int descriptor, off_t offset, off_t count);

// Turns O_DIRECT of an open file on or off: with it, aligned writes of aligned memory pass by the page cache.
int set_direct(int descriptor, int is_on);

// preadv2 with RWF_NOWAIT: reads what lies in the page cache, and fails with EAGAIN where the first byte does not.
ssize_t read_cached(int descriptor, void *memory, size_t count, off_t offset);

#endif
