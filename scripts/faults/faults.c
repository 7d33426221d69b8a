// Stands before the system calls of the C library that write, name and remove files or send answers, counts them over all threads of a process, and
// has one of them kill the process before it is made, or fail. Preloaded; the file that FAULTS names, mapped here and in injection.py, says which call
// and tells of it. Of libraries, what they call by these names is seen; what the C library calls inside (opendir, fwrite, eventfd_write) is not.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

// injection.py reads their names here. Older calls count as, and are made as, the ones that took their place.
enum call { OPENAT, MKDIRAT, WRITE, PWRITE64, WRITEV, SENDTO, SENDMSG, SENDFILE, FALLOCATE, FTRUNCATE, SYNC_FILE_RANGE, FDATASYNC, FSYNC, LINKAT,
    RENAMEAT2, UNLINKAT, PREAD64, PREADV2, CALLS };

// As injection.py has it. `suffix` is how the path of the file must end, or empty; `seen` counts what is like that.
static struct {
    _Atomic int process, armed;
    long number;
    int error;
    _Atomic int fired;
    _Atomic long seen;
    char suffix[96];
    _Atomic long counts[CALLS];
} *control;

static long (*kernel)(long, ...);

// Other libraries call before `begin` was.
static void find_kernel(void) {
    if (kernel == NULL) kernel = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
}

// The first process only: those that it starts neither count nor die.
__attribute__((constructor)) static void begin(void) {
    find_kernel();
    const char *path = getenv("FAULTS");
    int descriptor = path ? (int)kernel(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1, nobody = 0;
    if (descriptor < 0) abort();
    control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (control == MAP_FAILED) abort();
    close(descriptor);
    atomic_compare_exchange_strong(&control->process, &nobody, getpid());
}

static int is_meant(int descriptor, const char *path) {
    char link[64], target[4096];
    if (control->suffix[0] == 0) return 1;
    if (path == NULL) {
        int error = errno;
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        ssize_t count = kernel(SYS_readlinkat, AT_FDCWD, link, target, sizeof target - 1);
        errno = error;
        target[count < 0 ? 0 : count] = 0;
        path = target;
    }
    size_t length = strlen(path), end = strlen(control->suffix);
    return length >= end && strcmp(path + length - end, control->suffix) == 0;
}

// The error with which the call is to fail, or 0. Does not return when it is to kill.
static int fault(enum call call, int descriptor, const char *path) {
    if (control == NULL || control->process != getpid()) return 0;
    control->counts[call]++;
    if (control->armed != (int)call || !is_meant(descriptor, path) || ++control->seen != control->number) return 0;
    control->fired = 1;
    if (control->error != 0) return control->error;
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

#define MAKE(call, descriptor, path, ...) \
    ({ \
        find_kernel(); \
        int error = fault(call, descriptor, path); \
        error != 0 ? (errno = error, -1) : kernel(SYS_##__VA_ARGS__); \
    })

static int open_at(int folder, const char *path, int flags, va_list rest) {
    int mode = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, int) : 0;
    return MAKE(OPENAT, -1, path, openat, folder, path, flags, mode);
}

#define OPENS(name, folder, ...) \
    int name(__VA_ARGS__, int flags, ...) { \
        va_list rest; \
        va_start(rest, flags); \
        return open_at(folder, path, flags, rest); \
    }
OPENS(open, AT_FDCWD, const char *path)
OPENS(open64, AT_FDCWD, const char *path)
OPENS(openat, folder, int folder, const char *path)
OPENS(openat64, folder, int folder, const char *path)

int mkdir(const char *path, mode_t mode) { return MAKE(MKDIRAT, -1, path, mkdirat, AT_FDCWD, path, mode); }
int mkdirat(int at, const char *path, mode_t mode) { return MAKE(MKDIRAT, -1, path, mkdirat, at, path, mode); }
int unlink(const char *path) { return MAKE(UNLINKAT, -1, path, unlinkat, AT_FDCWD, path, 0); }
int unlinkat(int at, const char *path, int flags) { return MAKE(UNLINKAT, -1, path, unlinkat, at, path, flags); }
int link(const char *from, const char *to) { return MAKE(LINKAT, -1, from, linkat, AT_FDCWD, from, AT_FDCWD, to, 0); }
int rename(const char *from, const char *to) { return MAKE(RENAMEAT2, -1, from, renameat2, AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int at, const char *from, int in, const char *to) { return MAKE(RENAMEAT2, -1, from, renameat2, at, from, in, to, 0); }
int renameat2(int at, const char *from, int in, const char *to, unsigned flags) { return MAKE(RENAMEAT2, -1, from, renameat2, at, from, in, to, flags); }

#define ON(descriptor, call, name, ...) MAKE(call, descriptor, NULL, name, descriptor, ##__VA_ARGS__)
ssize_t write(int file, const void *bytes, size_t count) { return ON(file, WRITE, write, bytes, count); }
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) { return ON(file, PWRITE64, pwrite64, bytes, count, at); }
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) { return ON(file, PWRITE64, pwrite64, bytes, count, at); }
ssize_t writev(int file, const struct iovec *parts, int count) { return ON(file, WRITEV, writev, parts, count); }
ssize_t send(int file, const void *bytes, size_t count, int flags) { return ON(file, SENDTO, sendto, bytes, count, flags, NULL, 0); }
ssize_t sendto(int file, const void *bytes, size_t count, int flags, const struct sockaddr *to, socklen_t size) {
    return ON(file, SENDTO, sendto, bytes, count, flags, to, size);
}
ssize_t sendmsg(int file, const struct msghdr *message, int flags) { return ON(file, SENDMSG, sendmsg, message, flags); }
ssize_t sendfile(int file, int from, off_t *at, size_t count) { return ON(file, SENDFILE, sendfile, from, at, count); }
__typeof__(sendfile) sendfile64 __attribute__((alias("sendfile")));
int ftruncate(int file, off_t size) { return ON(file, FTRUNCATE, ftruncate, size); }
int ftruncate64(int file, off64_t size) { return ON(file, FTRUNCATE, ftruncate, size); }
int posix_fallocate(int file, off_t at, off_t count) { return ON(file, FALLOCATE, fallocate, 0, at, count) < 0 ? errno : 0; }
int sync_file_range(int file, off64_t at, off64_t count, unsigned flags) { return ON(file, SYNC_FILE_RANGE, sync_file_range, at, count, flags); }
int fdatasync(int file) { return ON(file, FDATASYNC, fdatasync); }
int fsync(int file) { return ON(file, FSYNC, fsync); }
ssize_t pread(int file, void *bytes, size_t count, off_t at) { return ON(file, PREAD64, pread64, bytes, count, at); }
ssize_t pread64(int file, void *bytes, size_t count, off64_t at) { return ON(file, PREAD64, pread64, bytes, count, at); }
ssize_t preadv2(int file, const struct iovec *parts, int count, off_t at, int flags) { return ON(file, PREADV2, preadv2, parts, count, at, 0, flags); }

// What has no function of its own where it is called.
long syscall(long number, ...) {
    static const struct { long number; enum call call; int is_path; } own[] = {
        {SYS_renameat2, RENAMEAT2, 1}, {SYS_openat, OPENAT, 1}, {SYS_unlinkat, UNLINKAT, 1}, {SYS_fdatasync, FDATASYNC, 0}, {SYS_fsync, FSYNC, 0}};
    long values[6];
    va_list rest;
    va_start(rest, number);
    for (int each = 0; each < 6; each++) values[each] = va_arg(rest, long);
    find_kernel();
    for (size_t each = 0; each < sizeof own / sizeof *own; each++) {
        if (own[each].number != number) continue;
        int error = fault(own[each].call, (int)values[0], own[each].is_path ? (const char *)values[1] : NULL);
        if (error != 0) return errno = error, -1;
    }
    return kernel(number, values[0], values[1], values[2], values[3], values[4], values[5]);
}
