/* proc/table.h
 * Inside proc/: the process table and pids. A pid is 30 bits of serial above 28 bits of slot; a
 * slot is used again with the next serial, and not soon: each thread hands out its free slots
 * oldest first, and only when it has many. */
#ifndef MUSTER_PROC_TABLE_H
#define MUSTER_PROC_TABLE_H

#include "proc/process.h"

/* A pid for a new process; TERM_NONE when there are too many. Counts it. */
Term table_reserve(void);
/* Publishes: from here on others find it. */
void table_publish(Process *p);
/* Hides a published process for good and gives the slot back, or only the latter. */
void table_release(Term pid);

#endif
