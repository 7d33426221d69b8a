// ThreadSanitizer sees how a Mutex of Swift's library goes from thread to thread as long as nobody has to wait for it: that is done by atomic
// operations, compiled into the code under test. Who waits spins, and then asks the kernel, in the library, which is not instrumented; what the mutex
// guards then looks like a race. These functions stand before the library's and say what it does. Preloaded by scripts/sanitize.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

// Not there in the programs that tests start.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

// Synchronization._MutexHandle._lockSlow(UInt32), whose self is where its word lies.
SWIFT void lock(uint32_t thread, SELF self) __asm__(LOCK);
SWIFT void lock(uint32_t thread, SELF self) {
    SWIFT void (*next)(uint32_t, SELF) = dlsym(RTLD_NEXT, LOCK);
    next(thread, self);
    if (__tsan_acquire) __tsan_acquire(self);
}

// Synchronization._MutexHandle._tryLockSlow() -> Bool
SWIFT bool try_lock(SELF self) __asm__(TRY_LOCK);
SWIFT bool try_lock(SELF self) {
    SWIFT bool (*next)(SELF) = dlsym(RTLD_NEXT, TRY_LOCK);
    bool has = next(self);
    if (has && __tsan_acquire) __tsan_acquire(self);
    return has;
}

// Synchronization._MutexHandle._unlockSlow()
SWIFT void unlock(SELF self) __asm__(UNLOCK);
SWIFT void unlock(SELF self) {
    SWIFT void (*next)(SELF) = dlsym(RTLD_NEXT, UNLOCK);
    if (__tsan_release) __tsan_release(self);
    next(self);
}
