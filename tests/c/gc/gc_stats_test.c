/* tests/c/gc/gc_stats_test.c
 * The figures of --gc-stats, with a clock that the test turns. */
#include "tests/c/gc/owner.h"

static uint64_t now_ns, next_pause_ns;
static bool in_pause;

static uint64_t fake_clock(void)
{
    if (in_pause) {
        now_ns += next_pause_ns;
    }
    in_pause = !in_pause;
    return now_ns;
}

TEST(pauses_and_words_are_counted)
{
    atoms_init();
    gc_clock_ns = fake_clock;
    gc_stats_enabled = true;
    Owner *owner = owner_create(50, 65535, 0);
    for (uint64_t i = 1; i <= 1000; i++) {
        next_pause_ns = i * 1000;
        owner->registers[0] = make_tuple2(&owner->heap.space, ATOM_ok, ATOM_ok);
        make_tuple2(&owner->heap.space, ATOM_ok, ATOM_ok);
        owner_collect(owner, i % 10 == 0);
    }
    GcStats stats;
    gc_stats_read(&stats);
    assert_int_equal(stats.minor_count, 900);
    assert_int_equal(stats.major_count, 100);
    assert_int_equal(stats.words_copied, 3000);
    /* The second tuple each time, and the first of the time before. */
    assert_int_equal(stats.words_reclaimed, 3000 + 999 * 3);
    assert_int_equal(stats.pause_total_ns, 500500 * 1000);
    assert_int_equal(stats.pause_max_ns, 1000000);
    assert_in_range(stats.pause_median_ns, 500000 * 93 / 100, 500000 * 107 / 100);
    assert_in_range(stats.pause_p99_ns, 990000 * 93 / 100, 1000000);
    gc_stats_enabled = false;
    owner_destroy(owner);
}
