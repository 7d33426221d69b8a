// A VFS over SQLite's own, which passes all on to it but for the files of write-ahead logs: of these it gathers what is written one after
// the other, and writes it when a commit is complete, before anybody reads, syncs or cuts the file, and when the memory is full. Nothing that
// SQLite takes for written after a commit is still here: https://sqlite.org/fileformat2.html#walformat says how the last frame of one is known.
#include "CWriteAheadLog.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

// Some thirty pages. SQLite's own VFS takes no more than 128 KiB less one byte at a time.
#define ROOM (124 << 10)
// A log's own header, and the one before each page in it.
#define LOG_HEADER 32
#define FRAME_HEADER 24

typedef struct {
    sqlite3_file base;
    sqlite3_file *real;
    unsigned char *gathered;
    sqlite3_int64 start;
    int count;
    // Behind all that was written since the log began anew.
    sqlite3_int64 end;
    // Whether the page that comes next ends a commit.
    int is_last;
} log_file;

static sqlite3_vfs *below;
static sqlite3_vfs above;

static int write_gathered(log_file *file) {
    int count = file->count;
    // What could not be written is not tried again: SQLite does not take it for written, and begins there anew.
    file->count = 0;
    return count > 0 ? file->real->pMethods->xWrite(file->real, file->gathered, count, file->start) : SQLITE_OK;
}

static int close_log(sqlite3_file *base) {
    log_file *file = (log_file *)base;
    int written = write_gathered(file);
    sqlite3_free(file->gathered);
    int closed = file->real->pMethods->xClose(file->real);
    return written != SQLITE_OK ? written : closed;
}

static int read_log(sqlite3_file *base, void *memory, int count, sqlite3_int64 offset) {
    log_file *file = (log_file *)base;
    int written = write_gathered(file);
    return written != SQLITE_OK ? written : file->real->pMethods->xRead(file->real, memory, count, offset);
}

// A frame's header has, at its second word, the size of the database after the commit that the frame ends, or nothing.
static int ends_commit(const unsigned char *header) { return (header[4] | header[5] | header[6] | header[7]) != 0; }

static int write_log(sqlite3_file *base, const void *memory, int count, sqlite3_int64 offset) {
    log_file *file = (log_file *)base;
    int is_header = count == FRAME_HEADER && offset >= LOG_HEADER;
    int is_complete = !is_header && (file->is_last || offset < LOG_HEADER);
    file->is_last = is_header && ends_commit(memory);
    if (offset == 0) file->end = 0;
    // Pages that have come already, and headers alone, are written again in place.
    int is_new = offset >= file->end;
    if (is_new) file->end = offset + count;
    if (!is_new || (file->count > 0 && (offset != file->start + file->count || count > ROOM - file->count))) {
        int written = write_gathered(file);
        if (written != SQLITE_OK) return written;
    }
    if (file->gathered == NULL) file->gathered = sqlite3_malloc(ROOM);
    if (!is_new || file->gathered == NULL || count > ROOM) return file->real->pMethods->xWrite(file->real, memory, count, offset);
    if (file->count == 0) file->start = offset;
    memcpy(file->gathered + file->count, memory, (size_t)count);
    file->count += count;
    return is_complete ? write_gathered(file) : SQLITE_OK;
}

static int cut_log(sqlite3_file *base, sqlite3_int64 size) {
    log_file *file = (log_file *)base;
    int written = write_gathered(file);
    return written != SQLITE_OK ? written : file->real->pMethods->xTruncate(file->real, size);
}

static int sync_log(sqlite3_file *base, int flags) {
    log_file *file = (log_file *)base;
    int written = write_gathered(file);
    return written != SQLITE_OK ? written : file->real->pMethods->xSync(file->real, flags);
}

static int size_of_log(sqlite3_file *base, sqlite3_int64 *size) {
    log_file *file = (log_file *)base;
    int written = write_gathered(file);
    return written != SQLITE_OK ? written : file->real->pMethods->xFileSize(file->real, size);
}

static int lock_log(sqlite3_file *base, int lock) {
    sqlite3_file *real = ((log_file *)base)->real;
    return real->pMethods->xLock(real, lock);
}

static int unlock_log(sqlite3_file *base, int lock) {
    sqlite3_file *real = ((log_file *)base)->real;
    return real->pMethods->xUnlock(real, lock);
}

static int is_log_reserved(sqlite3_file *base, int *is_reserved) {
    sqlite3_file *real = ((log_file *)base)->real;
    return real->pMethods->xCheckReservedLock(real, is_reserved);
}

static int control_log(sqlite3_file *base, int operation, void *argument) {
    log_file *file = (log_file *)base;
    int written = write_gathered(file);
    return written != SQLITE_OK ? written : file->real->pMethods->xFileControl(file->real, operation, argument);
}

static int sector_of_log(sqlite3_file *base) {
    sqlite3_file *real = ((log_file *)base)->real;
    return real->pMethods->xSectorSize(real);
}

static int traits_of_log(sqlite3_file *base) {
    sqlite3_file *real = ((log_file *)base)->real;
    return real->pMethods->xDeviceCharacteristics(real);
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = close_log,
    .xRead = read_log,
    .xWrite = write_log,
    .xTruncate = cut_log,
    .xSync = sync_log,
    .xFileSize = size_of_log,
    .xLock = lock_log,
    .xUnlock = unlock_log,
    .xCheckReservedLock = is_log_reserved,
    .xFileControl = control_log,
    .xSectorSize = sector_of_log,
    .xDeviceCharacteristics = traits_of_log,
};

// The rest is behind it in the memory that SQLite gives for a file.
static const int own_size = (sizeof(log_file) + 15) / 16 * 16;

static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base, int flags, int *given) {
    (void)vfs;
    if (!(flags & SQLITE_OPEN_WAL)) return below->xOpen(below, name, base, flags, given);
    log_file *file = (log_file *)base;
    memset(file, 0, sizeof *file);
    file->real = (sqlite3_file *)((char *)base + own_size);
    file->real->pMethods = NULL;
    int opened = below->xOpen(below, name, file->real, flags, given);
    // SQLite closes a file that has methods, even when opening it failed.
    if (file->real->pMethods != NULL) file->base.pMethods = &methods;
    return opened;
}

static int registered;

static void put_above(void) {
    below = sqlite3_vfs_find(NULL);
    if (below == NULL) {
        registered = SQLITE_ERROR;
        return;
    }
    above = *below;
    above.zName = "berth";
    above.szOsFile = own_size + below->szOsFile;
    above.xOpen = open_file;
    registered = sqlite3_vfs_register(&above, 1);
}

int write_logs_at_once(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, put_above);
    return registered;
}
