/* runtime/term/world.h
 * All that could differ between two runs of one program: the clock, chance, numbers handed out, who
 * runs next and for how long, the order in which timers and completed I/O are taken.
 *
 *   WORLD_REAL        several schedulers, real clock and I/O
 *   WORLD_SERIAL      --no-smp: one scheduler, real clock and I/O, a fixed schedule
 *   WORLD_SIMULATION  one scheduler; clock, chance and every choice come from `hooks`
 *
 * No other file reads a clock, asks the system for chance, or decides by a thread's identity. The
 * implementation is in sched/. world_init runs once, before any other thread exists; afterwards
 * `world` is only read. Every function may be called from any thread unless it says otherwise. */
#ifndef MUSTER_TERM_WORLD_H
#define MUSTER_TERM_WORLD_H

#include "runtime/term/base.h"

typedef enum WorldKind { WORLD_REAL, WORLD_SERIAL, WORLD_SIMULATION } WorldKind;

/* What a simulation replaces. Called by the one scheduler thread only; all must be set. */
typedef struct WorldHooks {
    void *state;
    uint64_t (*monotonic_ns)(void *state);
    uint64_t (*system_ns)(void *state);
    uint64_t (*random)(void *state);
    /* Which of `count` (at least 1) candidates, from 0: runnable processes, due timers,
     * completions. */
    uint32_t (*choose)(void *state, int what, uint32_t count);
    /* Reductions of the next slice of process `pid`. */
    int32_t (*slice)(void *state, uint64_t pid);
    /* Nothing is runnable; the next timer is due at `deadline_ns` (UINT64_MAX: none). Moves the
     * virtual clock. False: there is nothing to wait for, the run is at its end. */
    bool (*idle)(void *state, uint64_t deadline_ns);
} WorldHooks;

/* What WorldHooks.choose is asked. */
enum WorldChoice { WORLD_CHOOSE_PROCESS, WORLD_CHOOSE_TIMER, WORLD_CHOOSE_COMPLETION };

typedef struct World {
    WorldKind kind;
    bool seeded; /* chance comes from `seed`, not from the system */
    uint64_t seed;
    uint64_t start_monotonic_ns; /* the clock when the machine started */
    uint64_t start_system_ns;
    WorldHooks hooks;
} World;

extern World world;

void world_init(WorldKind kind, const uint64_t *seed, const WorldHooks *hooks);

/* Nanoseconds since some moment before the machine started; never goes back. */
uint64_t world_monotonic_ns(void);
/* Nanoseconds since 1970, UTC. */
uint64_t world_system_ns(void);
/* A real moment `from_now_ns` ahead, for host threads that wait with a limit
 * (pthread_cond_timedwait); never for what a program can see. */
struct timespec;
void world_host_deadline(uint64_t from_now_ns, struct timespec *out);
/* Processor time used by this operating system process. */
uint64_t world_cpu_ns(void);
/* Seconds east of UTC at `system_seconds` in the local time zone, and whether summer time holds. */
int world_utc_offset(int64_t system_seconds, bool *is_dst);
/* 64 unpredictable bits (from the seed when `seeded`): for seeds, not for streams of numbers. */
uint64_t world_random(void);
/* Bytes fit for keys; from the seed when `seeded`. */
void world_random_bytes(void *out, size_t size_bytes);
/* A number never given before in this run, above 0: for references, unique integers, unlink ids. In
 * WORLD_REAL threads take them in blocks, so they do not order events of different threads. */
uint64_t world_unique_number(void);
/* As world_unique_number, but strictly ascending over all threads in the order of the calls. */
uint64_t world_monotonic_number(void);
/* Candidate to take, see WorldHooks.choose. 0 unless simulated. */
static inline uint32_t world_choose(enum WorldChoice what, uint32_t count)
{
    return LIKELY(world.kind != WORLD_SIMULATION) || count < 2
               ? 0
               : world.hooks.choose(world.hooks.state, what, count);
}
enum { SLICE_REDUCTIONS = 4000 };
static inline int32_t world_slice(uint64_t pid)
{
    return LIKELY(world.kind != WORLD_SIMULATION) ? SLICE_REDUCTIONS
                                                  : world.hooks.slice(world.hooks.state, pid);
}

#endif
