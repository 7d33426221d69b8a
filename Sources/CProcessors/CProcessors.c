#define _GNU_SOURCE
#include "CProcessors.h"
#include <sys/resource.h>

int current_processor(void) { return sched_getcpu(); }

int leave_processor(int processor, cpu_set_t *before) {
    if (processor < 0 || sched_getcpu() != processor || sched_getaffinity(0, sizeof *before, before) != 0) return 0;
    cpu_set_t others = *before;
    CPU_CLR(processor, &others);
    return CPU_COUNT(&others) > 0 && sched_setaffinity(0, sizeof others, &others) == 0;
}

void stay_away_no_longer(const cpu_set_t *before) { sched_setaffinity(0, sizeof *before, before); }

static int64_t nanoseconds(struct timeval time) { return time.tv_sec * INT64_C(1000000000) + time.tv_usec * INT64_C(1000); }

ProcessorUse processor_use(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_THREAD, &usage) != 0) return (ProcessorUse){0, 0};
    return (ProcessorUse){nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime), usage.ru_nivcsw};
}
