/* sched/world.c
 * The real clock and chance, and the numbers handed out. A simulation sets hooks for the rest. */
#include "runtime/term/world.h"
#include "proc/atomic.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

World world;

enum { NS_PER_SECOND = 1000000000, NUMBERS_PER_BLOCK = 1024 };

/* Numbers handed out. One counter for all threads; in WORLD_REAL a thread takes a block at once.
 *   next_number       any thread: fetch-and-add relaxed (only uniqueness matters)
 *   monotonic_number  any thread: fetch-and-add full (order matters)
 *   seeded_state      any thread: fetch-and-add full */
static volatile AO_t next_number = 1;
static volatile AO_t monotonic_number = 1;
static volatile AO_t seeded_state;
static _Thread_local uint64_t block_next __attribute__((tls_model("initial-exec")));
static _Thread_local uint64_t block_end __attribute__((tls_model("initial-exec")));

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t) now.tv_sec * NS_PER_SECOND + (uint64_t) now.tv_nsec;
}

void world_init(WorldKind kind, const uint64_t *seed, const WorldHooks *hooks)
{
    world.kind = kind;
    world.seeded = seed != NULL;
    world.seed = seed != NULL ? *seed : 0;
    AO_store(&seeded_state, world.seed);
    AO_store(&next_number, 1);
    AO_store(&monotonic_number, 1);
    block_next = block_end = 0;
    if (hooks != NULL) {
        world.hooks = *hooks;
    }
    world.start_monotonic_ns = world_monotonic_ns();
    world.start_system_ns = world_system_ns();
}

uint64_t world_monotonic_ns(void)
{
    if (UNLIKELY(world.kind == WORLD_SIMULATION)) {
        return world.hooks.monotonic_ns(world.hooks.state);
    }
    return clock_ns(CLOCK_MONOTONIC);
}

uint64_t world_system_ns(void)
{
    if (UNLIKELY(world.kind == WORLD_SIMULATION)) {
        return world.hooks.system_ns(world.hooks.state);
    }
    return clock_ns(CLOCK_REALTIME);
}

void world_host_deadline(uint64_t from_now_ns, struct timespec *out)
{
    uint64_t at = clock_ns(CLOCK_REALTIME);
    at = from_now_ns > UINT64_MAX / 2 ? at + UINT64_MAX / 4 : at + from_now_ns;
    out->tv_sec = (time_t) (at / NS_PER_SECOND);
    out->tv_nsec = (long) (at % NS_PER_SECOND);
}

/* In a simulation the machine takes no time but the virtual one. */
uint64_t world_cpu_ns(void)
{
    if (UNLIKELY(world.kind == WORLD_SIMULATION)) {
        return world_monotonic_ns() - world.start_monotonic_ns;
    }
    return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

int world_utc_offset(int64_t system_seconds, bool *is_dst)
{
    struct tm local;
    time_t at = (time_t) system_seconds;
    if (world.kind == WORLD_SIMULATION || localtime_r(&at, &local) == NULL) {
        *is_dst = false;
        return 0;
    }
    *is_dst = local.tm_isdst > 0;
    return (int) local.tm_gmtoff;
}

/* SplitMix64: the state only counts, so threads can share it. */
static uint64_t seeded_random(void)
{
    uint64_t z = AO_fetch_and_add_full(&seeded_state, 0x9E3779B97F4A7C15u) + 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint64_t world_random(void)
{
    if (UNLIKELY(world.kind == WORLD_SIMULATION)) {
        return world.hooks.random(world.hooks.state);
    }
    uint64_t value;
    world_random_bytes(&value, sizeof value);
    return value;
}

void world_random_bytes(void *out, size_t size_bytes)
{
    char *at = out;
    if (world.seeded || world.kind == WORLD_SIMULATION) {
        while (size_bytes > 0) {
            uint64_t value = world.kind == WORLD_SIMULATION ? world.hooks.random(world.hooks.state)
                                                            : seeded_random();
            size_t part = size_bytes < sizeof value ? size_bytes : sizeof value;
            memcpy(at, &value, part);
            at += part;
            size_bytes -= part;
        }
        return;
    }
    while (size_bytes > 0) {
        ssize_t got = getrandom(at, size_bytes, 0);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            machine_stop("the system gives no random numbers: %s", strerror(errno));
        }
        at += got;
        size_bytes -= (size_t) got;
    }
}

uint64_t world_unique_number(void)
{
    if (UNLIKELY(world.kind != WORLD_REAL)) {
        return AO_fetch_and_add(&next_number, 1);
    }
    if (UNLIKELY(block_next == block_end)) {
        block_next = AO_fetch_and_add(&next_number, NUMBERS_PER_BLOCK);
        block_end = block_next + NUMBERS_PER_BLOCK;
    }
    return block_next++;
}

uint64_t world_monotonic_number(void)
{
    return AO_fetch_and_add_full(&monotonic_number, 1);
}
