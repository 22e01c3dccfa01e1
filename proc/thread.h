/* proc/thread.h
 * What each thread that touches processes has: its place in memory reclamation, and caches.
 *
 * Reclamation by quiescent states: `thread_retire` takes a block that others may still be reading;
 * it is freed once every registered thread has passed a quiescent point or was offline since.
 * A scheduler is quiescent between slices and offline while parked. Foreign threads (of a program
 * that embeds the machine, blocking jobs) are online only between thread_enter and thread_leave.
 *
 *   global epoch   any thread: compare-and-swap full / load acquire
 *   seen           its thread: store with a full read-modify-write when it changes / load acquire;
 *                  0: offline
 *   retired lists  their thread */
#ifndef MUSTER_PROC_THREAD_H
#define MUSTER_PROC_THREAD_H

#include "proc/atomic.h"

typedef struct Thread Thread;
/* NULL in threads that are not registered. Schedulers register for life. */
extern _Thread_local Thread *thread_self __attribute__((tls_model("initial-exec")));

enum { THREADS_MOST = 1088 }; /* registered at once */

/* Registers the calling thread, online. Stops the machine when there are too many. */
void thread_register(void);
/* Leaves; what it retired is handed to others. */
bool thread_is_registered(void);
void thread_unregister(void);
/* No pointer found in shared tables is held: a good moment. Cheap when nothing changed. */
void thread_quiescent(void);
/* Before blocking, and after. Offline threads may not look up processes. */
void thread_offline(void);
void thread_online(void);
/* For foreign threads: registers if need be, online. Nests inside a registered online thread
 * (then it does nothing). Returns what thread_leave wants. */
bool thread_enter(void);
void thread_leave(bool entered);

/* Frees `block` by `release` when no registered thread can hold it any more. Caller is online. */
void thread_retire(void *block, void (*release)(void *block));
/* To wait until every registered thread has passed a quiescent point, or was offline, since
 * thread_grace_begin: ask now and then, and be quiescent between. Caller is online. */
uint64_t thread_grace_begin(void);
bool thread_grace_is_over(uint64_t grace);
/* Frees all that was retired, by any thread. Nobody else may be online. */
void thread_drain(void);

#endif
