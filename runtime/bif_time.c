/* runtime/bif_time.c
 * Monotonic time, Erlang system time (monotonic time plus an offset that never changes) and the
 * operating system's time, in any unit. */
#include "runtime/bif_time.h"

#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/term/arith.h"
#include "runtime/term/world.h"

#include "proc/atomic.h"

enum { NATIVE_PER_SECOND = 1000000000 };

/* Parts of a second; 0: not a time unit. */
static int64_t unit_of(Term unit)
{
    switch (unit) {
    case ATOM_second:
    case ATOM_seconds:
        return 1;
    case ATOM_millisecond:
    case ATOM_milli_seconds:
        return 1000;
    case ATOM_microsecond:
    case ATOM_micro_seconds:
        return 1000000;
    case ATOM_nanosecond:
    case ATOM_nano_seconds:
    case ATOM_native:
    case ATOM_perf_counter:
        return NATIVE_PER_SECOND;
    default: {
        int64_t parts;
        return term_to_int64(unit, &parts) && parts > 0 ? parts : 0;
    }
    }
}

/* In a unit that an int64_t doesn't hold. */
static Term in_tiny_unit(Process *p, int64_t time_ns, Term unit)
{
    Space *space = bif_space(p);
    Term product = arith_multiply(space, make_int64(space, time_ns), unit);
    if (product == TERM_LIMIT) {
        return bif_system_limit(p);
    }
    if (time_ns < 0) { /* towards minus infinity */
        product = arith_subtract(space, product, term_small(NATIVE_PER_SECOND - 1));
    }
    return arith_div(space, product, term_small(NATIVE_PER_SECOND));
}

static Term in_unit(Process *p, int64_t time_ns, Term unit)
{
    int64_t parts = unit_of(unit);
    if (parts == 0 && term_is_integer(unit) && !integer_is_negative(unit) &&
        unit != term_small(0)) {
        return in_tiny_unit(p, time_ns, unit);
    }
    if (parts == 0) {
        return bif_badarg(p);
    }
    __int128_t product = (__int128_t) time_ns * parts;
    __int128_t quotient = product / NATIVE_PER_SECOND;
    if (product % NATIVE_PER_SECOND < 0) {
        quotient--; /* towards minus infinity */
    }
    uint8_t bytes[sizeof quotient];
    memcpy(bytes, &quotient, sizeof bytes);
    return integer_from_bytes(bif_space(p), bytes, sizeof bytes, true, true);
}

int64_t time_offset_ns(void)
{
    return (int64_t) (world.start_system_ns - world.start_monotonic_ns);
}
static int64_t monotonic_ns(void)
{
    return (int64_t) world_monotonic_ns();
}
static int64_t system_ns(void)
{
    return monotonic_ns() + time_offset_ns();
}

Term bif_monotonic_time0(Process *p, const Term args[])
{
    return make_int64(bif_space(p), monotonic_ns());
}
Term bif_monotonic_time1(Process *p, const Term args[])
{
    return in_unit(p, monotonic_ns(), args[0]);
}
Term bif_system_time0(Process *p, const Term args[])
{
    return make_int64(bif_space(p), system_ns());
}
Term bif_system_time1(Process *p, const Term args[])
{
    return in_unit(p, system_ns(), args[0]);
}
Term bif_time_offset0(Process *p, const Term args[])
{
    return make_int64(bif_space(p), time_offset_ns());
}
Term bif_time_offset1(Process *p, const Term args[])
{
    return in_unit(p, time_offset_ns(), args[0]);
}
Term bif_os_system_time0(Process *p, const Term args[])
{
    return make_int64(bif_space(p), (int64_t) world_system_ns());
}
Term bif_os_system_time1(Process *p, const Term args[])
{
    return in_unit(p, (int64_t) world_system_ns(), args[0]);
}

Term make_timestamp(Space *space, int64_t system_ns)
{
    int64_t microseconds = system_ns / 1000;
    return make_tuple3(space, term_small(microseconds / 1000000000000),
                       term_small(microseconds / 1000000 % 1000000),
                       term_small(microseconds % 1000000));
}

Term bif_timestamp(Process *p, const Term args[])
{
    return make_timestamp(bif_space(p), system_ns());
}
Term bif_os_timestamp(Process *p, const Term args[])
{
    return make_timestamp(bif_space(p), (int64_t) world_system_ns());
}

/* The last answer of now/0: written by compare-and-swap by whoever asks; no two get the same. */
static volatile AO_t now_last;

Term bif_now(Process *p, const Term args[])
{
    AO_t last, next;
    do {
        last = AO_load(&now_last);
        next = (AO_t) ((uint64_t) system_ns() / 1000);
        if (next <= last) {
            next = last + 1;
        }
    } while (!AO_compare_and_swap_full(&now_last, last, next));
    return make_timestamp(bif_space(p), (int64_t) next * 1000);
}
