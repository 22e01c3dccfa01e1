/* tests/c/term/mem_test.c
 * Blocks of all sizes, and where large ones come from. */
#include "runtime/term/mem.h"
#include "runtime/term/mem_large.h"

#include "tests/c/test.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

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

#define MIB ((size_t) 1 << 20)

static char *filled(size_t size_bytes)
{
    char *block = mem_large_take(size_bytes);
    assert_non_null(block);
    assert_int_equal(0, (uintptr_t) block % (2 * MIB));
    memset(block, 0x5a, size_bytes);
    return block;
}

static bool is_filled(const char *block, size_t size_bytes)
{
    return block[0] == 0x5a && memcmp(block, block + 1, size_bytes - 1) == 0;
}

TEST(the_largest_blocks_go_back_at_once_unless_somebody_minds_them)
{
    char *block = filled(12 * MIB + 5);
    assert_int_equal(14 * MIB, mem_large_stats().used_bytes);
    mem_large_leave(block, 12 * MIB + 5);
    assert_int_equal(0, mem_large_stats().used_bytes);
    assert_int_equal(0, mem_large_stats().kept_bytes);
}

TEST(a_block_that_was_left_serves_the_next_smaller_or_larger_one)
{
    mem_large_keep(true);
    char *block = filled(12 * MIB);
    mem_large_leave(block, 12 * MIB);
    assert_int_equal(12 * MIB, mem_large_stats().kept_bytes);
    char *smaller = mem_large_take(10 * MIB);
    assert_ptr_equal(block, smaller);
    assert_true(is_filled(smaller, 10 * MIB));
    assert_int_equal(2 * MIB, mem_large_stats().kept_bytes);
    mem_large_leave(smaller, 10 * MIB);
    char *larger = mem_large_take(40 * MIB);
    assert_true(is_filled(larger, 10 * MIB)); /* its pages moved here */
    memset(larger, 0x5a, 40 * MIB);
    assert_int_equal(2 * MIB, mem_large_stats().kept_bytes);
    mem_large_leave(larger, 40 * MIB);
    mem_large_keep(false);
    assert_int_equal(0, mem_large_stats().kept_bytes);
}

TEST(what_is_kept_has_bounds)
{
    mem_large_keep(true);
    char *used = filled(32 * MIB), *first = filled(200 * MIB), *second = filled(64 * MIB);
    mem_large_leave(first, 200 * MIB);
    assert_in_range(mem_large_stats().kept_bytes, MIB, (32 + 64) / 4 * MIB + 16 * MIB);
    mem_large_leave(second, 64 * MIB);
    assert_in_range(mem_large_stats().kept_bytes, MIB, 32 / 4 * MIB + 16 * MIB);
    for (int i = 0; i < 100; i++) { /* many small pieces */
        char *block = filled(8 * MIB);
        mem_large_cut(block, 8 * MIB, 2 * MIB);
        mem_large_leave(block, 2 * MIB);
    }
    assert_true(is_filled(used, 32 * MIB));
    assert_int_equal(32 * MIB, mem_large_stats().used_bytes);
    mem_large_leave(used, 32 * MIB);
    assert_in_range(mem_large_stats().kept_bytes, MIB, 16 * MIB);
    mem_large_keep(false);
    assert_int_equal(0, mem_large_stats().kept_bytes);
}

TEST(what_nobody_wants_is_given_back)
{
    mem_large_keep(true);
    char *block = filled(10 * MIB);
    mem_large_leave(block, 10 * MIB);
    mem_large_age();
    block = filled(10 * MIB); /* wanted after all */
    mem_large_leave(block, 10 * MIB);
    mem_large_age();
    assert_int_equal(10 * MIB, mem_large_stats().kept_bytes);
    mem_large_age();
    assert_int_equal(0, mem_large_stats().kept_bytes);
    mem_large_keep(false);
}

TEST(a_block_that_is_cut_keeps_its_beginning)
{
    char *block = filled(20 * MIB);
    mem_large_cut(block, 20 * MIB, 9 * MIB);
    assert_int_equal(10 * MIB, mem_large_stats().used_bytes);
    assert_true(is_filled(block, 10 * MIB));
    mem_large_leave(block, 9 * MIB);
    assert_int_equal(0, mem_large_stats().used_bytes);
    char *other = mem_try_alloc_large(20 * MIB);
    assert_false(mem_cut(other, 20 * MIB, 4 * MIB)); /* of another kind */
    assert_true(mem_cut(other, 20 * MIB, 12 * MIB));
    mem_free_large(other, 12 * MIB);
    assert_int_equal(0, mem_large_stats().used_bytes);
}

TEST(blocks_of_the_allocator_are_cut_where_that_is_possible)
{
    for (size_t size = 32; size < 8 * MIB; size *= 2) {
        char *block = mem_try_alloc_large(size);
        memset(block, 0x5a, size);
        size_t left = mem_cut(block, size, size / 2) ? size / 2 : size;
        assert_true(left < size || size < 64 << 10 || mallocx == NULL);
        assert_true(is_filled(block, left));
        mem_free_sized(block, left);
    }
}

/* Each block is marked all over by who holds it. */
static void *take_and_check(void *unused)
{
    for (size_t i = 0; i < 200; i++) {
        size_t words = (8 * MIB + (i * 7919 % 5) * 2 * MIB) / sizeof(uintptr_t);
        uintptr_t *block = mem_large_take(words * sizeof *block);
        for (size_t at = 0; at < words; at += 4096 / sizeof *block) {
            block[at] = (uintptr_t) &unused;
        }
        for (size_t at = 0; at < words; at += 4096 / sizeof *block) {
            if (block[at] != (uintptr_t) &unused) {
                return NULL;
            }
        }
        mem_large_leave(block, words * sizeof *block);
    }
    return &take_and_check;
}

TEST(threads_share_what_is_kept)
{
    pthread_t threads[THREADS];
    mem_large_keep(true);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(0, pthread_create(&threads[i], NULL, take_and_check, NULL));
    }
    for (int i = 0; i < 20; i++) {
        mem_large_age();
    }
    for (int i = 0; i < THREADS; i++) {
        void *result = NULL;
        pthread_join(threads[i], &result);
        assert_non_null(result);
    }
    mem_large_keep(false);
    assert_int_equal(0, mem_large_stats().used_bytes);
    assert_int_equal(0, mem_large_stats().kept_bytes);
}

/* What the allocator keeps of what was freed goes back in steps, over some ten seconds. */
TEST(free_memory_decays_without_further_allocations)
{
    enum { BLOCKS = 2000, BLOCK_BYTES = 32 << 10, TENTHS_MOST = 300 };
    static void *blocks[BLOCKS];
    MemStats before, now;
    if (!mem_stats(&before)) {
        skip(); /* another allocator */
    }
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = mem_alloc(BLOCK_BYTES);
        memset(blocks[i], 1, BLOCK_BYTES);
    }
    for (int i = 0; i < BLOCKS; i++) {
        mem_free_sized(blocks[i], BLOCK_BYTES);
    }
    for (int i = 0; i < TENTHS_MOST; i++) {
        assert_true(mem_stats(&now));
        if (now.resident_bytes < before.resident_bytes + (size_t) BLOCKS * BLOCK_BYTES / 2) {
            return;
        }
        mem_decay();
        usleep(100000);
    }
    fail_msg("%zu bytes are resident, %zu were", now.resident_bytes, before.resident_bytes);
}
