/* runtime/term/mem.h
 * Memory outside process heaps. In release builds jemalloc serves it (linked in place of malloc);
 * sanitizer builds use the sanitizer's own.
 *
 * Two kinds of need: small control structures, whose lack ends the machine with a clear message
 * (mem_alloc), and what a program can ask for without bound, whose lack ends one process
 * (mem_try_alloc). All functions may be called from any thread; none collects. Blocks are aligned
 * to 16 bytes. */
#ifndef MUSTER_TERM_MEM_H
#define MUSTER_TERM_MEM_H

#include "runtime/term/base.h"

/* Never NULL. The caller owns the block and ends it with mem_free. */
void *mem_alloc(size_t size_bytes) __attribute__((malloc, alloc_size(1)));
void *mem_alloc_zero(size_t size_bytes) __attribute__((malloc, alloc_size(1)));
void *mem_realloc(void *block, size_t size_bytes);
/* NULL when there is no memory, or when `size_bytes` is over the limit of one block (2^46). */
void *mem_try_alloc(size_t size_bytes) __attribute__((malloc, alloc_size(1)));
/* The same for heaps and binaries that are megabytes large: in large pages, as far as whole ones
 * lie in it and the kernel has them. Filling it then takes a third of the time, because the kernel
 * is asked for memory 512 times less often. It is freed by mem_free_large, and may be kept for the
 * next. */
void *mem_try_alloc_large(size_t size_bytes) __attribute__((malloc, alloc_size(1)));
/* For a block of mem_try_alloc_large, or NULL; `size_bytes` must be what was asked for. */
void mem_free_large(void *block, size_t size_bytes);
/* A block of either kind, of at least 16 bytes afterwards, is to end earlier and stays where it is.
 * False: it cannot (most below 16 KiB cannot), nothing was done. */
bool mem_cut(void *block, size_t size_bytes, size_t new_size_bytes);
void *mem_try_realloc(void *block, size_t size_bytes);
/* NULL is allowed. */
void mem_free(void *block);
/* As mem_free; `size_bytes` must be what was asked for. Faster: no look-up of the size. */
void mem_free_sized(void *block, size_t size_bytes);
char *mem_copy_string(const char *text);
/* What the allocator says of itself; `arena` 0, 1, …: of one. False: it cannot, or there is none.
 */
typedef struct MemStats {
    size_t allocated_bytes, active_bytes, resident_bytes, mapped_bytes;
} MemStats;
typedef struct MemArenaStats {
    unsigned threads;
    size_t allocated_bytes, resident_bytes, mapped_bytes;
} MemArenaStats;
bool mem_stats(MemStats *out);
bool mem_arena_stats(unsigned arena, MemArenaStats *out);
/* Gives back to the kernel what of the free memory has been free for long, of all threads. Takes
 * the allocator's locks; for a thread that has nothing else to do. */
void mem_decay(void);
/* For a thread that has just begun, allocates little and ends soon: it gets no cache of blocks, for
 * filling it and giving it back takes longer than it saves. */
void mem_thread_is_short(void);

#endif
