/* runtime/save_calls.h
 * process_flag(save_calls, N): the latest calls, sends and receives of a process, kept by it. It is
 * traced for that, in a session of the machine in which every exported function and built-in is
 * watched: calls of these take longer for everybody while some process has the flag. */
#ifndef MUSTER_RUNTIME_SAVE_CALLS_H
#define MUSTER_RUNTIME_SAVE_CALLS_H

#include "runtime/trace_session.h"

enum { SAVE_CALLS_MOST = 10000 };
/* Owner. 0: none from now on. Returns how many there were to be. */
uint32_t save_calls_set(Process *p, uint32_t count);
/* Owner. false, or a list, the latest last: {Module, Function, Arity}, send, 'receive', timeout. */
Term save_calls_term(Process *p);

/* ---- for tracing ---- */
typedef struct SavedCalls SavedCalls;
/* What was called, or TERM_NONE and what happened. */
void saved_calls_note(SavedCalls *saved, Term module, Term function_or_event, uint32_t arity);
/* Its process is traced for it no more. */
void saved_calls_end(SavedCalls *saved);

#endif
