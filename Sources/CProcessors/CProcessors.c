#define _GNU_SOURCE
#include "CProcessors.h"

int current_processor(void) { return sched_getcpu(); }

int leave_processor(int processor, cpu_set_t *before) {
    if (processor < 0 || sched_getcpu() != processor || sched_getaffinity(0, sizeof *before, before) != 0) return 0;
    cpu_set_t others = *before;
    CPU_CLR(processor, &others);
    return CPU_COUNT(&others) > 0 && sched_setaffinity(0, sizeof others, &others) == 0;
}

void stay_away_no_longer(const cpu_set_t *before) { sched_setaffinity(0, sizeof *before, before); }
