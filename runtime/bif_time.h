/* runtime/bif_time.h
 * What others than the built-ins on time tell of it. */
#ifndef MUSTER_RUNTIME_BIF_TIME_H
#define MUSTER_RUNTIME_BIF_TIME_H

#include "runtime/term/space.h"

/* Erlang system time is monotonic time plus this, which never changes. */
int64_t time_offset_ns(void);
/* {MegaSecs, Secs, MicroSecs} */
Term make_timestamp(Space *space, int64_t system_ns);

#endif
