/* runtime/profile.h
 * --profile: which Erlang functions take the time, by samples. Nothing is done while it is off: the
 * schedulers are handed profile_run in place of the interpreter when it is on.
 *
 * A sample is taken whenever a scheduler has executed so many reductions, at the place in the code
 * where it then is, with the frames above. Its weight is the time the scheduler spent in processes
 * since the sample before, or, where the schedule is fixed (--no-smp), the reductions: such a
 * profile is the same every time. Built-ins belong to the functions that call them. */
#ifndef MUSTER_RUNTIME_PROFILE_H
#define MUSTER_RUNTIME_PROFILE_H

#include <stdio.h>

#include "runtime/interpret.h"

/* As `interpret`. */
RunResult profile_run(Scheduler *scheduler, Process *p);
/* When the schedulers have ended: the functions, the most expensive first. */
void profile_print(FILE *file);
/* A line for each stack, as flamegraph.pl and speedscope read it: `f;g;h weight`. False: errno. */
bool profile_write_stacks(const char *path);

#endif
