/* runtime/seq_trace.h
 * What sequential tracing tells the system's tracer, a process that seq_trace:set_system_tracer/1
 * names: {seq_trace, Label, Event} or, with a timestamp, {seq_trace, Label, Event, Stamp}. */
#ifndef MUSTER_RUNTIME_SEQ_TRACE_H
#define MUSTER_RUNTIME_SEQ_TRACE_H

#include "proc/seq_token.h"

/* process_hooks.sequenced; also of SEQ_PRINT, which is to nobody (TERM_NIL). Any thread. */
void seq_trace_tell(uint32_t event, const SeqToken *token, Term to, Term what);
/* {Flags, Label, Serial, From, Previous}, or [] when p has none. */
Term seq_trace_token(Process *p);
/* What erlang:seq_trace/2 does and answers; TERM_NONE: badarg; TERM_LIMIT. */
Term seq_trace_set(Process *p, Term component, Term value);

#endif
