/* runtime/interpret.c
 * The loop. Direct-threaded: the first word of an instruction is the distance of its code from
 * `base`. Registers: pc, fp and htop (the heap's top, written back before anything else looks at
 * the heap). An instruction that may collect does so before it has any effect and starts again.
 *
 * It also drives native code: enters it where a function's entry, a loop, a return or a handler has
 * some (countdown 0, or a native frame word), and does what that code leaves to it.
 *
 * The one long function of the runtime; each body is short, longer work is a helper. */
#include "runtime/interpret.h"

#include "runtime/interpret_help.h"
#include "runtime/native.h"
#include "runtime/system_monitor.h"
#include "runtime/term/arith.h"
#include "runtime/term/compare.h"
#include "runtime/term/map.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"
#include "runtime/trace.h"
#include "sched/timer.h"

#define S16(o) (*(const Field16 *) (pc + (o)))
#define U16(o) ((uint16_t) S16(o))
#define I32(o) (*(const Field32 *) (pc + (o)))
#define U32(o) ((uint32_t) I32(o))
#define U64(o) (((const Packed64 *) (pc + (o)))->value)
#define IMM(o) ((Term) (int64_t) I32(o))
#define R(o) fp[S16(o)]
#define OPERAND(i) operand_value(pc, fp, S16(24 + 2 * (i)))

#define DISPATCH() goto *((const char *) &&base + *(const Field32 *) pc)
#define NEXT(size) \
    do { \
        pc += (size); \
        DISPATCH(); \
    } while (0)
#define JUMP(o) \
    do { \
        pc += I32(o); \
        DISPATCH(); \
    } while (0)
/* Another stands there while it is traced (runtime/trace.h). */
#define BIF_OF(export) __atomic_load_n(&(export)->bif, __ATOMIC_RELAXED)
#define CASE(name) L_##name

#define SAVE() (p->heap.space.top = htop, p->frame = fp, p->pc = (const uint32_t *) pc)
#define LOAD() (htop = p->heap.space.top)
#define LIMIT() (p->heap.space.limit)
/* Room for `words`, or collect and start this instruction again. */
#define ENSURE(words) \
    do { \
        if (UNLIKELY((size_t) (LIMIT() - htop) < (size_t) (words))) { \
            need_words = (words); \
            goto collect; \
        } \
    } while (0)
#define HAS_STACK(frame_pointer, words) \
    ((char *) (frame_pointer) -8 * (size_t) (words) >= (char *) LIMIT())
/* Native code can be entered at native_to, in the function at `header`: its frame has a bridge, or
 * room for one. */
#define HAS_BRIDGE() \
    (native_to.address == NULL || native_is_code((Code) fp[0]) || \
     HAS_STACK(fp, header->frame_words + 1))
/* At a function's first instruction with its frame in place. */
#define ENTER() \
    do { \
        if (UNLIKELY(--p->reductions < 0 || !HAS_STACK(fp, code_header(pc)->frame_words))) { \
            goto entry_slow; \
        } \
        COUNT(code_header(pc), entry_hot); \
        DISPATCH(); \
    } while (0)
/* One more entry or loop of the function; on at `hot` when it is or should be native. */
#define COUNT(function_header, hot) \
    do { \
        int32_t *countdown = &(function_header)->countdown; \
        int32_t left = __atomic_load_n(countdown, __ATOMIC_RELAXED); \
        if (left >= 0) { \
            if (UNLIKELY(left == 0)) { \
                goto hot; \
            } \
            __atomic_store_n(countdown, left - 1, __ATOMIC_RELAXED); \
        } \
    } while (0)
#define IS_HOT(function_header) \
    (__atomic_load_n(&(function_header)->countdown, __ATOMIC_RELAXED) == 0)
/* Counts are those of a process that was never hurried to its next entry. */
#define UNSTEAL() (p->reductions += stolen, stolen = 0)
/* Collects for the process as it was saved, and on here: unless it ends or goes elsewhere. */
#define COLLECT(words, stack_words) \
    do { \
        UNSTEAL(); \
        switch (help_collect(p, (words), (stack_words))) { \
        case GC_DONE: \
            break; \
        case GC_ENDED: \
            return RUN_EXITED; \
        case GC_ELSEWHERE: \
            return RUN_ELSEWHERE; \
        } \
        fp = p->frame; \
        LOAD(); \
    } while (0)
/* To the scheduler. */
#define LEAVE(result) \
    do { \
        UNSTEAL(); \
        return (result); \
    } while (0)
/* Leaves the frame for the frame word `pc`. */
#define RETURN(result) \
    do { \
        pc = (Code) fp[0]; \
        if (UNLIKELY(native_is_code(pc))) { \
            value = (result); \
            goto return_native; \
        } \
        fp[0] = (result); \
        fp += frame_info(pc)->slots; \
        DISPATCH(); \
    } while (0)

static inline Term operand_value(Code pc, const Term *fp, int32_t operand)
{
    return operand < 0 ? fp[operand] : ((const Packed64 *) (pc + 4 * operand))->value;
}

static inline bool is_special(Term t)
{
    return t == TERM_NONE || t == TERM_TRAP;
}

static RunResult interpret_loop(Process *p)
{
    Code pc;
    Term *fp;
    Term *htop;
    size_t need_words = 0;
    size_t need_stack = 0; /* at collect_stack */
    Instruction which;  /* of several that share their code: labels at one place have one address */
    int32_t stolen = 0; /* reductions set aside to reach the next function entry soon; in
                           p->reductions is what was counted since */
    Term value = TERM_NIL; /* of call_bif and stub_bif, and between here and native code */
    NativeTarget native_to;
    Code room_at = NULL; /* EXIT_ROOM: the last one's, and the reductions that were left */
    int32_t room_reductions = 0;
    CodeHeader *header; /* of the function to enter */
    Function *function;
    NativeActivation activation;
    Term *const args = activation.args;

    if (UNLIKELY(p == NULL)) { /* once: hand out where the instructions are */
        static const void *const places[I_COUNT] = {
#define INSTRUCTION(name, bytes, fields, may) &&L_##name,
#include "runtime/term/instructions.def"
#undef INSTRUCTION
        };
        uint32_t words[I_COUNT];
        for (uint32_t i = 0; i < I_COUNT; i++) {
            words[i] = (uint32_t) ((const char *) places[i] - (const char *) &&base);
        }
        instructions_set_words(words);
        return RUN_EXITED;
    }
    if (p->flags & PROCESS_STOP) {
        return (p->flags & PROCESS_EXITING) ? RUN_EXITED : RUN_SUSPENDED;
    }
    pc = (Code) p->pc;
    fp = p->frame;
    LOAD();
    if (p->live != LIVE_BY_SAFEPOINT) {
        if (p->heap.needs_collection || !HAS_STACK(fp, code_header(pc)->frame_words)) {
            goto entry_collect;
        }
        if (IS_HOT(code_header(pc))) {
            goto entry_hot;
        }
    } else if (p->heap.needs_collection) {
        need_words = 0;
        goto collect;
    } else if (native_bytes != 0) {
        goto resume;
    }
    DISPATCH();

base:
    CHECK(!"base is no instruction");

#include "runtime/interpret_values.inc"
#include "runtime/interpret_calls.inc"
#include "runtime/interpret_binaries.inc"

    /* ---- rare ways on ---- */

entry_slow:
    p->live = code_header(pc)->arity;
    SAVE();
    UNSTEAL();
    if (p->reductions < 0) {
        p->reductions = 0;
        return RUN_YIELDED;
    }
entry_collect:
    COLLECT(0, code_header(pc)->frame_words + 1); /* and a bridge */
    if (IS_HOT(code_header(pc))) {
        goto entry_hot;
    }
    DISPATCH();
tail_fun_collect : {
    uint32_t live = p->live;
    GcOutcome outcome;
    SAVE();
    UNSTEAL();
    outcome = help_collect_here(p, 0, need_words);
    if (outcome == GC_ENDED) {
        return RUN_EXITED;
    }
    p->live = live;
    fp = p->frame;
    LOAD();
    DISPATCH();
}
collect_stack:
    p->live = LIVE_BY_SAFEPOINT;
    SAVE();
    COLLECT(0, need_stack);
    DISPATCH();
collect:
    p->live = LIVE_BY_SAFEPOINT;
    SAVE();
    COLLECT(need_words, 0);
    DISPATCH();
raise_captured:
    SAVE();
    help_receive_done(p);
    if (!exception_unwind(p, &fp, &pc, &function)) {
    uncaught:
        help_uncaught(p);
        LEAVE(RUN_EXITED);
    }
    LOAD();
    goto resume_in;
yield_at_safepoint:
    p->live = LIVE_BY_SAFEPOINT;
    SAVE();
    if (stolen > 0) {
        UNSTEAL();
        if (p->reductions >= 0) {
            need_words = 0;
            goto collect;
        }
    }
    p->reductions = 0;
    return RUN_YIELDED;
stop_call:
    help_keep_call(p, fp, args, U16(6));
    LEAVE((p->flags & PROCESS_EXITING) ? RUN_EXITED : RUN_SUSPENDED);
stop_entry:
    SAVE();
    LEAVE((p->flags & PROCESS_EXITING) ? RUN_EXITED : RUN_SUSPENDED);
stop:
    p->live = LIVE_BY_SAFEPOINT;
    SAVE();
    LEAVE((p->flags & PROCESS_EXITING) ? RUN_EXITED : RUN_SUSPENDED);
leave_waiting:
    LEAVE(RUN_WAITING);

entry_traced : { /* the function at pc, or what a stub stands before, is called */
    TraceCall call;
    uint32_t count = code_header(pc)->arity;
    p->live = count;
    SAVE();
    trace_call(p, pc, &call);
    if (call.end_count != 0) { /* it is told when the call ends, too: more frames */
        size_t words = call.end_count * TRACE_FRAME_SLOTS + code_header(pc)->frame_words;
        if (!HAS_STACK(fp, words)) {
            trap.count = 0;
            if (!help_trap_room(p, words)) {
                return RUN_EXITED;
            }
            fp = p->frame;
        }
        fp = trace_push_frames(fp, count, &call);
    }
    LOAD();
    if (call.entry == pc) {
        DISPATCH();
    }
    pc = call.entry;
    ENTER();
}

#include "runtime/interpret_native.inc"
}

void interpret_init(void)
{
    interpret_loop(NULL);
}

/* A slice that somebody wants to know of. */
static RunResult interpret_watched(Process *p)
{
    MonitoredPlace nowhere = {TERM_NONE, TERM_NONE, 0}, in = nowhere;
    bool is_timed = system_monitor_looks(MONITOR_LONG_SCHEDULE);
    uint64_t since_ns = is_timed ? world_monotonic_ns() : 0;
    if (is_timed) {
        in = system_monitor_place(p);
    }
    if (p->flags & PROCESS_TRACED) {
        trace_scheduled(p, ATOM_in);
    }
    RunResult result = interpret_loop(p);
    if (result == RUN_ELSEWHERE) {
        return result;
    }
    if (p->flags & PROCESS_TRACED && result != RUN_EXITED) {
        trace_scheduled(p, ATOM_out);
    }
    if (is_timed) {
        MonitoredPlace out = result == RUN_EXITED ? nowhere : system_monitor_place(p);
        system_monitor_ran(p, world_monotonic_ns() - since_ns, in, out);
    }
    return result;
}

RunResult interpret(Scheduler *scheduler, Process *p)
{
    (void) scheduler;
    if (UNLIKELY(p->flags & PROCESS_TRACED) || system_monitor_looks(MONITOR_LONG_SCHEDULE)) {
        return interpret_watched(p);
    }
    return interpret_loop(p);
}
