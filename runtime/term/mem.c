/* runtime/term/mem.c
 * A thin layer over malloc, which is jemalloc's in release builds. jemalloc aligns sizes under 16
 * to 8 bytes only, so small requests are rounded up to keep the promise of 16.
 *
 * jemalloc's own functions (sdallocx: free with a known size) are declared weak: they are there
 * when it is linked, and sanitizer builds do without. */
#include "runtime/term/mem.h"

#include <stdlib.h>
#include <sys/mman.h>

/* jemalloc reads it before main. Small blocks come and go in bursts of a thousand (processes,
 * messages): thread caches of its default size would go to the shared arenas for most of them. What
 * is over 8 MiB goes back to the kernel at once; kept (oversize_threshold:0), a program with a
 * large heap takes twice the memory for a tenth of the time. */
__attribute__((weak)) const char *malloc_conf =
    "tcache_nslots_small_max:1000,lg_tcache_nslots_mul:4";

enum { BLOCK_MIN_BYTES = 16, LARGE_PAGE_BYTES = 2 << 20 };
#define BLOCK_MAX_BYTES ((size_t) 1 << 46)

extern void sdallocx(void *block, size_t size_bytes, int flags) __attribute__((weak));
extern int mallctl(const char *name, void *old, size_t *old_bytes, void *value, size_t value_bytes)
    __attribute__((weak));

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
    return malloc(block_size(size_bytes));
}

void *mem_try_alloc_large(size_t size_bytes)
{
    void *block = NULL;
    if (UNLIKELY(size_bytes > BLOCK_MAX_BYTES) ||
        posix_memalign(&block, LARGE_PAGE_BYTES, size_bytes) != 0) {
        return NULL;
    }
    madvise(block, size_bytes, MADV_HUGEPAGE); /* a wish; nothing depends on it */
    return block;
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

void mem_thread_is_short(void)
{
    bool has_cache = false;
    if (mallctl != NULL) {
        mallctl("thread.tcache.enabled", NULL, NULL, &has_cache, sizeof has_cache);
    }
}
