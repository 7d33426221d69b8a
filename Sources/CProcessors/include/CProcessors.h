// On which processor a thread runs, and for how long: what Swift's Glibc module does not show of Linux's scheduler.
#ifndef BERTH_CPROCESSORS_H
#define BERTH_CPROCESSORS_H

#include <sched.h>
#include <stdint.h>

// The number of the processor that this thread runs on; -1 where that is not known.
int current_processor(void);

// Moves this thread to another processor when it runs on `processor`. 1: it was moved, and `stay_away_no_longer` is to be
// called with what is in `before` then; 0: it runs elsewhere, or may run nowhere else.
int leave_processor(int processor, cpu_set_t *before);

// Lets this thread run where it could before.
void stay_away_no_longer(const cpu_set_t *before);

// How long this thread has run, in nanoseconds, and how often another one took its processor before it was done.
typedef struct {
    int64_t nanoseconds;
    int64_t interruptions;
} ProcessorUse;

ProcessorUse processor_use(void);

#endif
