/* runtime/machine.h
 * The machine as a whole: what must be started, in which order. One machine a program. */
#ifndef MUSTER_RUNTIME_MACHINE_H
#define MUSTER_RUNTIME_MACHINE_H

#include "runtime/bif.h"

typedef struct MachineOptions {
    unsigned schedulers; /* 0: one for each processor */
    bool no_smp;
    bool profile; /* profile.h */
    bool has_seed;
    uint64_t seed;
    size_t max_heap_words; /* of each process; 0: no limit */
    size_t max_processes;  /* 0: the default */
} MachineOptions;

/* Starts all of it. Not from a scheduler; once, and again after machine_end. */
void machine_start(const MachineOptions *options);
/* Spawns the first process: module:function(args…); args are copied. */
Term machine_spawn(Term module, Term function, const Term args[], size_t count);
/* Waits until the machine was halted and writes what was printed. Returns the exit code. */
int machine_wait(void);

/* After machine_wait: ends all threads but that for native code, ports and processes, and frees
 * what was theirs; code stays loaded. False: somebody blocks for ever in a job; it cannot be
 * started again. */
bool machine_end(void);

#endif
