/* runtime/bif_timer.c
 * erlang:send_after, start_timer, cancel_timer, read_timer. Times are milliseconds; absolute ones
 * count from the same moment as erlang:monotonic_time(millisecond). */
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

#include "runtime/term/arith.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"
#include "sched/timer.h"

enum { NS_A_MS = 1000000 };
#define TIME_MOST ((int64_t) 1 << 50) /* ms: as long as no clock runs */

/* [{abs, Boolean}] */
static bool read_start_options(Term list, bool *absolute)
{
    Term option;
    while (list_take(&list, &option)) {
        if (!term_is_pair(option) || pair_key(option) != ATOM_abs ||
            (pair_value(option) != ATOM_true && pair_value(option) != ATOM_false)) {
            return false;
        }
        *absolute = pair_value(option) == ATOM_true;
    }
    return term_is_nil(list);
}

/* The moment, as World counts; false: no such time. */
static bool read_time(Term time, bool absolute, uint64_t *deadline_ns)
{
    int64_t ms;
    if (!term_to_int64(time, &ms) || ms >= TIME_MOST || ms < (absolute ? -TIME_MOST : 0)) {
        return false;
    }
    if (!absolute) {
        *deadline_ns = timer_deadline((uint64_t) ms);
    } else if (ms < 0) {
        *deadline_ns = 0;
    } else {
        *deadline_ns = (uint64_t) ms > UINT64_MAX / NS_A_MS ? UINT64_MAX : (uint64_t) ms * NS_A_MS;
    }
    return true;
}

static Term start(Process *p, const Term args[], Term options, bool wrap)
{
    bool absolute = false;
    uint64_t deadline_ns;
    if (!read_start_options(options, &absolute) || !read_time(args[0], absolute, &deadline_ns) ||
        !(term_is_local_pid(args[1]) || term_is_atom(args[1]))) {
        return bif_badarg(p);
    }
    Term ref = timer_start(p, deadline_ns, args[1], args[2], wrap);
    return ref == TERM_LIMIT ? bif_error(p, ATOM_system_limit) : ref;
}

Term bif_send_after_3(Process *p, const Term args[])
{
    return start(p, args, TERM_NIL, false);
}
Term bif_send_after_4(Process *p, const Term args[])
{
    return start(p, args, args[3], false);
}
Term bif_start_timer_3(Process *p, const Term args[])
{
    return start(p, args, TERM_NIL, true);
}
Term bif_start_timer_4(Process *p, const Term args[])
{
    return start(p, args, args[3], true);
}

/* ---- what is left ---- */

typedef struct AnswerOptions {
    bool async, info;
} AnswerOptions;

static bool read_boolean(Term t, bool *out)
{
    *out = t == ATOM_true;
    return t == ATOM_true || t == ATOM_false;
}

static bool read_answer_options(Term list, bool with_info, AnswerOptions *options)
{
    *options = (AnswerOptions){false, true};
    Term option;
    while (list_take(&list, &option)) {
        if (!term_is_pair(option)) {
            return false;
        }
        bool *out = pair_key(option) == ATOM_async               ? &options->async
                    : with_info && pair_key(option) == ATOM_info ? &options->info
                                                                 : NULL;
        if (out == NULL || !read_boolean(pair_value(option), out)) {
            return false;
        }
    }
    return term_is_nil(list);
}

static Term time_left(Process *p, int64_t left_ns)
{
    return left_ns < 0 ? ATOM_false : make_int64(bif_space(p), (left_ns + NS_A_MS - 1) / NS_A_MS);
}

static Term answer(Process *p, Term tag, Term ref, int64_t left_ns, AnswerOptions options)
{
    if (!options.info) {
        return ATOM_ok;
    }
    Term left = time_left(p, left_ns);
    if (!options.async) {
        return left;
    }
    Message *message = message_of(make_tuple3(bif_space(p), tag, ref, left));
    if (message == NULL) {
        return bif_error(p, ATOM_system_limit);
    }
    process_send_message(p->pid, message);
    return ATOM_ok;
}

static Term cancel(Process *p, Term ref, Term list)
{
    AnswerOptions options;
    if (!term_is_reference(ref) || !read_answer_options(list, true, &options)) {
        return bif_badarg(p);
    }
    int64_t left_ns = term_is_local_ref(ref) ? timer_cancel(ref_number(ref)) : -1;
    return answer(p, ATOM_cancel_timer, ref, left_ns, options);
}

static Term read(Process *p, Term ref, Term list)
{
    AnswerOptions options;
    if (!term_is_reference(ref) || !read_answer_options(list, false, &options)) {
        return bif_badarg(p);
    }
    int64_t left_ns = term_is_local_ref(ref) ? timer_read(ref_number(ref)) : -1;
    return answer(p, ATOM_read_timer, ref, left_ns, options);
}

Term bif_cancel_timer_1(Process *p, const Term args[])
{
    return cancel(p, args[0], TERM_NIL);
}
Term bif_cancel_timer_2(Process *p, const Term args[])
{
    return cancel(p, args[0], args[1]);
}
Term bif_read_timer_1(Process *p, const Term args[])
{
    return read(p, args[0], TERM_NIL);
}
Term bif_read_timer_2(Process *p, const Term args[])
{
    return read(p, args[0], args[1]);
}
