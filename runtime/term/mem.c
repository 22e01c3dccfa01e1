/* runtime/term/mem.c
 * A thin layer over malloc, which is jemalloc's in release builds. jemalloc aligns sizes under 16
 * to 8 bytes only, so small requests are rounded up to keep the promise of 16.
 *
 * jemalloc's own functions (sdallocx: free with a known size) are declared weak: they are there
 * when it is linked, and sanitizer builds do without. */
#include "runtime/term/mem.h"

#include "runtime/term/mem_large.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

/* jemalloc reads it before main. Small blocks come and go in bursts of a thousand (processes,
 * messages): thread caches of its default size would go to the shared arenas for most of them. What
 * is over 8 MiB goes back to the kernel at once, unless it was a heap or a binary (mem_large.h). */
__attribute__((weak)) const char *malloc_conf =
    "tcache_nslots_small_max:1000,lg_tcache_nslots_mul:4";

enum { BLOCK_MIN_BYTES = 16, LARGE_PAGE_BYTES = 2 << 20 };
#define BLOCK_MAX_BYTES ((size_t) 1 << 46)

/* Blocks of these sizes come from one arena of all threads. A growing heap takes and leaves them
 * one after the other, on whichever threads its process and its collections run: each thread's
 * arena would keep what it was given back, and a program would hold its largest heap once for each.
 * Such a block is filled for longer than its arena is locked. */
enum { SHARED_BYTES_MIN = 64 << 10, SHARED_BYTES_END = 8 << 20 };
enum { JEMALLOC_ARENA_SHIFT = 20, JEMALLOC_NO_CACHE = 0x100 };

extern void *mallocx(size_t size_bytes, int flags) __attribute__((weak));
extern size_t xallocx(void *block, size_t size_bytes, size_t extra_bytes, int flags)
    __attribute__((weak));
extern size_t nallocx(size_t size_bytes, int flags) __attribute__((weak));
extern void sdallocx(void *block, size_t size_bytes, int flags) __attribute__((weak));
extern int mallctl(const char *name, void *old, size_t *old_bytes, void *value, size_t value_bytes)
    __attribute__((weak));

/* For mallocx; 0: there is no such arena. Written before main. */
static int shared_flags;

__attribute__((constructor)) static void make_shared_arena(void)
{
    unsigned arena;
    size_t size_bytes = sizeof arena;
    if (mallocx != NULL && mallctl != NULL &&
        mallctl("arenas.create", &arena, &size_bytes, NULL, 0) == 0) {
        shared_flags = (int) ((arena + 1) << JEMALLOC_ARENA_SHIFT) | JEMALLOC_NO_CACHE;
    }
}

static inline bool is_shared(size_t size_bytes)
{
    return size_bytes >= SHARED_BYTES_MIN && size_bytes < SHARED_BYTES_END && shared_flags != 0;
}

static inline size_t block_size(size_t size_bytes)
{
    return size_bytes < BLOCK_MIN_BYTES ? BLOCK_MIN_BYTES : size_bytes;
}

NORETURN COLD static void no_memory(size_t size_bytes)
{
    machine_stop("out of memory: cannot allocate %zu bytes", size_bytes);
}

void *mem_try_alloc(size_t size_bytes)
{
    if (UNLIKELY(size_bytes > BLOCK_MAX_BYTES)) {
        return NULL;
    }
    if (UNLIKELY(is_shared(size_bytes))) {
        return mallocx(size_bytes, shared_flags);
    }
    return malloc(block_size(size_bytes));
}

/* Those of the shared arena are not aligned to large pages: what is left between aligned blocks of
 * many sizes serves no other, and a program that makes and drops large heaps would grow without
 * end. */
void *mem_try_alloc_large(size_t size_bytes)
{
    if (size_bytes >= SHARED_BYTES_END) {
        return mem_large_take(size_bytes);
    }
    char *block = mem_try_alloc(size_bytes);
    uintptr_t mask = LARGE_PAGE_BYTES - 1, at = (uintptr_t) block;
    size_t skip = (size_t) ((at + mask) & ~mask) - at, whole = 0;
    if (block != NULL && size_bytes > skip) {
        whole = (size_bytes - skip) & ~(size_t) mask;
    }
    if (whole > 0) {
        madvise(block + skip, whole, MADV_HUGEPAGE); /* a wish; nothing depends on it */
    }
    return block;
}

bool mem_cut(void *block, size_t size_bytes, size_t new_size_bytes)
{
    ASSERT(new_size_bytes <= size_bytes);
    if (new_size_bytes >= SHARED_BYTES_END) {
        mem_large_cut(block, size_bytes, new_size_bytes);
        return true;
    }
    return size_bytes < SHARED_BYTES_END && xallocx != NULL &&
           xallocx(block, block_size(new_size_bytes), 0, 0) == nallocx(new_size_bytes, 0);
}

void mem_free_large(void *block, size_t size_bytes)
{
    if (block != NULL && size_bytes >= SHARED_BYTES_END) {
        mem_large_leave(block, size_bytes);
    } else {
        mem_free(block);
    }
}

void *mem_try_realloc(void *block, size_t size_bytes)
{
    if (UNLIKELY(size_bytes > BLOCK_MAX_BYTES)) {
        return NULL;
    }
    return realloc(block, block_size(size_bytes));
}

void *mem_alloc(size_t size_bytes)
{
    void *block = mem_try_alloc(size_bytes);
    if (UNLIKELY(block == NULL)) {
        no_memory(size_bytes);
    }
    return block;
}

void *mem_alloc_zero(size_t size_bytes)
{
    void *block = size_bytes > BLOCK_MAX_BYTES ? NULL : calloc(1, block_size(size_bytes));
    if (UNLIKELY(block == NULL)) {
        no_memory(size_bytes);
    }
    return block;
}

void *mem_realloc(void *block, size_t size_bytes)
{
    void *moved = mem_try_realloc(block, size_bytes);
    if (UNLIKELY(moved == NULL)) {
        no_memory(size_bytes);
    }
    return moved;
}

void mem_free(void *block)
{
    free(block);
}

void mem_free_sized(void *block, size_t size_bytes)
{
    if (block == NULL) {
        return;
    }
    if (sdallocx != NULL) {
        sdallocx(block, block_size(size_bytes), 0);
    } else {
        free(block);
    }
}

char *mem_copy_string(const char *text)
{
    size_t size_bytes = strlen(text) + 1;
    return memcpy(mem_alloc(size_bytes), text, size_bytes);
}

void mem_decay(void)
{
    if (mallctl != NULL) {
        mallctl("arena.4096.decay", NULL, NULL, NULL, 0); /* MALLCTL_ARENAS_ALL */
    }
}

void mem_thread_is_short(void)
{
    bool has_cache = false;
    if (mallctl != NULL) {
        mallctl("thread.tcache.enabled", NULL, NULL, &has_cache, sizeof has_cache);
    }
}

static size_t figure(const char *name)
{
    size_t value = 0, bytes = sizeof value;
    return mallctl(name, &value, &bytes, NULL, 0) == 0 ? value : 0;
}

static size_t arena_figure(unsigned arena, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "stats.arenas.%u.%s", arena, name);
    return figure(path);
}

bool mem_stats(MemStats *out)
{
    uint64_t epoch = 1;
    size_t bytes = sizeof epoch;
    /* Figures are those of the last time the epoch was set. */
    if (mallctl == NULL || mallctl("epoch", &epoch, &bytes, &epoch, sizeof epoch) != 0) {
        return false;
    }
    MemLargeStats large = mem_large_stats();
    size_t mapped_bytes = large.used_bytes + large.kept_bytes;
    *out = (MemStats){
        figure("stats.allocated") + large.used_bytes, figure("stats.active") + large.used_bytes,
        figure("stats.resident") + mapped_bytes, figure("stats.mapped") + mapped_bytes};
    return true;
}

bool mem_arena_stats(unsigned arena, MemArenaStats *out)
{
    char path[64];
    bool there = false;
    unsigned threads = 0, count = 0;
    size_t bytes = sizeof count;
    if (mallctl == NULL || mallctl("arenas.narenas", &count, &bytes, NULL, 0) != 0 ||
        arena >= count) {
        return false;
    }
    snprintf(path, sizeof path, "arena.%u.initialized", arena);
    bytes = sizeof there;
    mallctl(path, &there, &bytes, NULL, 0);
    *out = (MemArenaStats){0};
    if (there) {
        snprintf(path, sizeof path, "stats.arenas.%u.nthreads", arena);
        bytes = sizeof threads;
        mallctl(path, &threads, &bytes, NULL, 0);
        *out = (MemArenaStats){threads,
                               arena_figure(arena, "small.allocated") +
                                   arena_figure(arena, "large.allocated"),
                               arena_figure(arena, "resident"), arena_figure(arena, "mapped")};
    }
    return true;
}
