/* runtime/term/mem_large.h
 * Blocks of many megabytes, from the kernel itself and in large pages where it has them. For mem.c;
 * mem_large_keep and mem_large_age are for who has the time.
 *
 * What is freed may be kept for a moment: a collection of a large heap leaves one such block and
 * the next one wants another of about the size. Given back each time, all of it would be asked for
 * and cleared again, which takes a good part of the time that the collecting takes.
 *
 * Any thread may call. All is under one lock; calls to the kernel that take long are made outside.
 */
#ifndef MUSTER_TERM_MEM_LARGE_H
#define MUSTER_TERM_MEM_LARGE_H

#include "runtime/term/base.h"

/* NULL: there is no memory. Its contents are anything. */
void *mem_large_take(size_t size_bytes);
/* `size_bytes` must be what was asked for, or left by mem_large_cut. */
void mem_large_leave(void *block, size_t size_bytes);
/* The block is to end earlier. */
void mem_large_cut(void *block, size_t size_bytes, size_t new_size_bytes);

/* From now on what is freed is kept, if there is not too much of it. Who asks for that calls
 * mem_large_age now and then, until mem_large_keep(false), which gives back everything. */
void mem_large_keep(bool on);
/* Gives back what nobody wanted since the last call. */
void mem_large_age(void);

/* Bytes of addresses, in use and kept. */
typedef struct MemLargeStats {
    size_t used_bytes, kept_bytes;
} MemLargeStats;
MemLargeStats mem_large_stats(void);

#endif
