/* sched/stall.c: see stall.h. Half of the time is slept away, for spans that a busy machine with
 * few cores takes from a thread; timeouts that tests give to what does happen are far longer. */
#include "sched/stall.h"

#include "runtime/term/world.h"

#include <time.h>

enum {
    STALL_MOST_MS = 60,
    RUN_MOST_MS = 60,
    NS_PER_MS = 1000000,
    IDLE_NS = RUN_MOST_MS * NS_PER_MS
};

bool sched_stall, sched_short_slices;

static _Thread_local uint64_t next_stall_ns;

static uint64_t up_to(uint64_t most)
{
    return world_random() % (most + 1);
}

void stall_now_and_then(void)
{
    uint64_t now = world_monotonic_ns();
    if (world.kind == WORLD_SIMULATION || now < next_stall_ns) {
        return;
    }
    if (now - next_stall_ns < IDLE_NS) { /* else it had nothing to do until now */
        struct timespec pause = {.tv_nsec = (long) up_to((uint64_t) STALL_MOST_MS * NS_PER_MS)};
        nanosleep(&pause, NULL);
        now = world_monotonic_ns();
    }
    next_stall_ns = now + up_to((uint64_t) RUN_MOST_MS * NS_PER_MS);
}

int32_t stall_slice(void)
{
    return 1 + (int32_t) up_to(up_to(up_to(SLICE_REDUCTIONS - 1)));
}
