/* tests/c/term/mem_test.c
 * Blocks of all sizes, and where large ones come from. */
#include "runtime/term/mem.h"

#include "tests/c/test.h"

#include <pthread.h>
#include <string.h>

extern void *mallocx(size_t size_bytes, int flags) __attribute__((weak));

TEST(blocks_of_all_sizes_are_aligned_and_keep_what_is_written)
{
    for (size_t size = 1; size < (size_t) 64 << 20; size = size * 3 + 1) {
        unsigned char *block = mem_alloc(size);
        assert_int_equal(0, (uintptr_t) block % 16);
        memset(block, 0x5a, size);
        block = mem_realloc(block, size * 2);
        assert_int_equal(0x5a, block[size - 1]);
        mem_free_sized(block, size * 2);
    }
}

enum { THREADS = 4, SIZE_BYTES = 1 << 20, PAGE_BYTES = 4096 };

/* While it is still there, the next one does the same. */
static void *take_and_leave(void *pages)
{
    uintptr_t *page = pages;
    char *block = mem_alloc(SIZE_BYTES);
    memset(block, 1, SIZE_BYTES);
    *page = (uintptr_t) block / PAGE_BYTES;
    mem_free_sized(block, SIZE_BYTES);
    pthread_t thread;
    if (page[1] != 0 && pthread_create(&thread, NULL, take_and_leave, page + 1) == 0) {
        pthread_join(thread, NULL);
    }
    return NULL;
}

TEST(a_large_block_that_one_thread_left_serves_the_next)
{
    if (mallocx == NULL) {
        skip(); /* not jemalloc */
    }
    uintptr_t pages[THREADS + 1] = {1, 1, 1, 1, 0};
    take_and_leave(pages);
    for (int i = 0; i < THREADS; i++) {
        assert_true(pages[i] == pages[0]);
    }
}
