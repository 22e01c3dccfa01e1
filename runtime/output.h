/* runtime/output.h
 * Bytes to the standard output and standard error of the operating system process. They are kept
 * in order in a buffer for each; whoever adds or flushes writes as much as the descriptor takes
 * without blocking, the rest is written by a job of the blocking pool.
 *
 * All functions may be called from any thread; only output_wait and output_finish block. */
#ifndef MUSTER_RUNTIME_OUTPUT_H
#define MUSTER_RUNTIME_OUTPUT_H

#include "runtime/term/base.h"

/* Once, before the machine opens descriptors. */
void output_init(void);
/* fd is 1 or 2. What goes to 2 should follow output_flush(1): both may be the same file. */
void output_add(int fd, const void *bytes, size_t size_bytes);
void output_flush(int fd);
/* The last byte added, by whoever, ended a line; or there was none. */
bool output_is_at_line_start(int fd);
/* Bytes that were added and not yet taken by the operating system. */
size_t output_pending(int fd);
/* How much was ever added. */
uint64_t output_bytes(void);
/* False: nobody reads it any more; what is added is dropped. */
bool output_is_open(int fd);
/* Waits until less than `most` bytes are pending. For jobs of the blocking pool. */
void output_wait(int fd, size_t most);
/* Writes everything, blocking. At the end of the machine, before sched_stop. */
void output_finish(void);

#endif
