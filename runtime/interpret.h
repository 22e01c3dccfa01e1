/* runtime/interpret.h
 * The interpreter of loaded code, and what the loader, the collector and the built-ins need to know
 * of its frames.
 *
 * Frames grow down. fp[0] is the frame word: the return address; slot i is fp[-i]; parameters come
 * first, from slot 1. A callee's frame word lies in a slot of its caller, so that arguments are
 * pushed straight into their places and the result replaces the frame word. The 8 bytes before a
 * return address (FrameInfo, see runtime/term/instruction.h) say how far up the caller's frame is
 * and which of its slots hold terms.
 *
 * A process that does not run is either at the entry of a function (live = its arity) or at a
 * safepoint (live = LIVE_BY_SAFEPOINT). */
#ifndef MUSTER_RUNTIME_INTERPRET_H
#define MUSTER_RUNTIME_INTERPRET_H

#include "runtime/code.h"
#include "runtime/native.h"
#include "sched/sched.h"

#define LIVE_BY_SAFEPOINT UINT32_MAX

extern bool debug_crash; /* flags.def */
void interpret_init(void);
RunResult interpret(Scheduler *scheduler, Process *p);

/* ---- frames.c ---- */
extern Code stub_exit_return; /* what the first frame returns to */
extern Code stub_hibernate_entry;
extern Code stub_trace_return; /* above a frame of runtime/trace.h */
enum { TRACE_FRAME_SLOTS = 8 };
Code stub_call_fun_entry(uint32_t arguments); /* fun in the slot after them */
void stubs_init(void);
void frames_visit(Process *p, GcVisitor *visitor);
void frames_first(Process *child, const SpawnOptions *options, const Term args[], size_t count);
extern Code stub_return_entry; /* returns the value in slot 1 */
/* From a frame to that of its caller: moves *fp there. Returns the place in slot code at which the
 * caller goes on; NULL: there is none. */
static inline Code frame_above(Term **fp)
{
    for (;;) {
        Code at = frame_return_point((Code) (*fp)[0]);
        if (at == stub_exit_return) {
            return NULL;
        }
        if (at != NULL) {
            *fp += frame_info(at)->slots;
            return at;
        }
        ++*fp; /* a bridge */
    }
}
/* Whose place that is; NULL: a stub's. */
static inline Function *frame_function(Code return_point)
{
    return code_header(return_point - frame_info(return_point)->back)->function;
}
/* Slots of the top frame in use, the frame word included. */
uint32_t frames_top_depth(const Process *p);
/* How many words below heap.stack_top some frame may come to use without asking again: each asked
 * for all of its slots when it was entered. */
size_t frames_room_words(const Process *p);
/* Visits each frame's place, the top one first, until `visit` answers false. `function` NULL: a
 * stub. */
void frames_each(Process *p, bool (*visit)(Function *function, Code at, void *state), void *state);

/* ---- exception.c ---- */
/* Sets exception_trace: of `at` (NULL: none), and of the frames that exception_unwind will meet.
 * `first`: an entry {M,F,Args,Info} to put before them, or TERM_NONE. Builds in the heap. */
void exception_capture(Process *p, Code at, Term first);
/* The same, and the entry of the function at `at` has the pair {key, value} besides. */
void exception_capture_info(Process *p, Code at, Term key, Term value);
/* Finds the handler of the exception that is set. True: *fp and *at are where to go on, in
 * `function`; class, reason and trace are in the slots. False: there is none. A stub's `at` has no
 * handlers: its callers are asked. */
bool exception_unwind(Process *p, Term **fp, Code *at, Function **function);
/* The stack trace as a list, asked for by who has the frame fp. */
Term exception_trace_list(Process *p, Term *fp, Term trace);
/* What an uncaught exception makes of it: the exit reason. */
Term exception_exit_reason(Process *p);
/* {M, F, Args, Info} */
Term exception_entry(Process *p, Term module, Term function, Term args_or_arity, Term info);

/* ---- how built-ins continue (bif.c) ---- */
typedef enum TrapKind {
    TRAP_CALL,
    TRAP_YIELD,
    TRAP_SAFEPOINT,
    TRAP_WAIT,
    TRAP_HIBERNATE,
    TRAP_LEAVE, /* the same call on another thread */
} TrapKind;
typedef struct Trap {
    TrapKind kind;
    Code entry; /* TRAP_CALL */
    uint32_t count;
    Term value; /* TRAP_YIELD, TRAP_SAFEPOINT */
    Term args[512];
} Trap;
extern _Thread_local Trap trap;
extern _Thread_local uint32_t trap_rooted; /* so many of trap.args are roots now */

#endif
