/* compiler/jit/cache.h
 * The code cache: where native code lies, one for all schedulers.
 *
 * Its addresses are reserved at once (`cache_start`, `cache_bytes`), the memory is taken as it is
 * needed: a little at first, then twice as much each time, up to the limit. The memory is mapped
 * twice, to run and to write; no mapping is ever both. Where the system refuses that (mremap
 * under seccomp), blocks get pages of their own that are written first and then made
 * executable; where it refuses executable memory altogether, cache_create says why, and there is no
 * native code.
 *
 * A block is code with its return points. Each point has a number, which the marker at the return
 * address carries; the table of points leads from it to what the compiler said it stands for
 * (slot code). Addresses of code are not handed out before the code is complete: who makes them
 * known to other threads does so by a release store, and every processor sees the instructions.
 *
 *   what              written by                  read by           order
 *   points[i]         cache_add, cache_free       any thread        store release / load acquire
 *   the rest          any thread, under the lock  the same
 *
 * Blocks are freed by who knows that no process runs them, or will return into them: a purge of
 * their module. What is freed is overwritten by instructions that stop the machine. */
#ifndef MUSTER_JIT_CACHE_H
#define MUSTER_JIT_CACHE_H

#include "compiler/jit/cache_points.h"
#include "compiler/jit/machine.h"

typedef struct CacheOptions {
    size_t limit_bytes; /* 0: CACHE_DEFAULT_BYTES */
    bool perf_map;      /* write perf-PID.map in the folder for temporary files */
    bool gdb;           /* tell GDB from the start; else it is told when it asks (cache_tell_gdb) */
} CacheOptions;
#define CACHE_DEFAULT_BYTES ((size_t) 64 << 20)

typedef struct CacheBlock {
    const uint8_t *start; /* where it runs */
    uint32_t bytes;       /* of code; the block may be a little larger */
    uint32_t first_point, point_count;
    char *name;
    void *owner;
    /* private */
    uint32_t block_bytes;
    uint8_t *rows; /* for GDB: how to find callers */
    size_t row_bytes;
    void *symbols; /* what GDB was told */
} CacheBlock;

typedef struct CacheStats {
    size_t limit_bytes;     /* addresses reserved */
    size_t committed_bytes; /* memory taken */
    size_t used_bytes;      /* of blocks */
    size_t code_bytes;      /* code in them */
    size_t block_count, point_count;
    size_t freed_blocks; /* ever */
    size_t refused;      /* blocks for which there was no room */
    bool mapped_twice;
} CacheStats;

/* All addresses that native code can have. cache_bytes is 0 while there is no cache. Set once,
 * before other threads ask. */
extern uintptr_t cache_start, cache_bytes;
static inline bool cache_contains(const void *address)
{
    return (uintptr_t) address - cache_start < cache_bytes;
}

/* False: `why` (static text) says what the system refuses. Once, before threads start. */
bool cache_create(const CacheOptions *options, const char **why);
/* Nobody may run native code any more. */
void cache_destroy(void);
/* What to encode for: this processor, near jumps where all of the cache reaches. */
MachineOptions cache_machine_options(void);

/* Puts the code in its place, ready to run. Payload i of its return points (they count from 0 in
 * `code`) stands for points[i]. The name (Erlang's, for GDB and perf) is copied; `owner` is the
 * caller's own. NULL: the cache is full. Any thread. */
CacheBlock *cache_add(const MachineCode *code, const char *name, void *owner,
                      const void *const points[], uint32_t point_count);
/* No process runs in the block, or has a frame that returns into it. Any thread. */
void cache_free(CacheBlock *block);

/* What a native return address stands for; NULL: no return point. Any thread, no lock; the address
 * is one that some process's frame has. */
const void *cache_point(const void *return_address);

/* The block that contains the address; NULL: none. It stays valid as long as it may not be freed.
 */
CacheBlock *cache_find(const void *address);
void cache_stats(CacheStats *stats);

/* GDB sees all blocks from now on. May be called from GDB itself: `call cache_tell_gdb()`. */
void cache_tell_gdb(void);

#endif
