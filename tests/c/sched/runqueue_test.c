/* tests/c/sched/runqueue_test.c
 * Run queues alone: who is in them is only a number here, nobody looks at the processes. */
#include "proc/thread.h"
#include "sched/runqueue.h"
#include "tests/c/test.h"

#include <pthread.h>
#include <stdlib.h>

#ifdef MUSTER_SMALL_TABLES
enum { TOKENS = 20000 };
#else
enum { TOKENS = 400000 };
#endif
enum { THIEVES = 3 };

static char tokens[TOKENS + 1];

static Process *token(size_t number)
{
    return (Process *) &tokens[number];
}
static size_t number_of(const Process *p)
{
    return (size_t) ((const char *) p - tokens);
}

TEST(a_ring_keeps_the_order_however_long_it_is)
{
    RunQueue *queue = aligned_alloc(CACHE_LINE_BYTES, sizeof *queue);
    bool entered = thread_enter();
    runqueue_init(queue);
    size_t in = 0, out = 0;
    for (size_t round = 1; round < 40; round++) {
        for (size_t i = 0; i < 97 * round; i++) {
            runqueue_push(queue, token(in++ % TOKENS));
        }
        for (size_t i = 0; i < 41 * round; i++) {
            assert_int_equal(out++ % TOKENS, number_of(runqueue_pop(queue)));
        }
    }
    assert_int_equal(in - out, runqueue_length(queue));
    while (out < in) {
        assert_int_equal(out++ % TOKENS, number_of(runqueue_pop(queue)));
    }
    assert_null(runqueue_pop(queue));
    runqueue_trim(queue);
    runqueue_push(queue, token(1));
    assert_ptr_equal(token(1), runqueue_pop(queue));
    runqueue_finish(queue);
    thread_leave(entered);
    free(queue);
}

TEST(the_pile_gives_its_newest_and_its_oldest)
{
    RunQueue *queue = aligned_alloc(CACHE_LINE_BYTES, sizeof *queue);
    runqueue_init(queue);
    for (size_t i = 0; i < 1000; i++) {
        runqueue_pile(queue, token(i));
    }
    for (size_t i = 0; i < 500; i++) {
        assert_int_equal(999 - i, number_of(runqueue_take_newest(queue)));
        assert_int_equal(i, number_of(runqueue_take_oldest(queue)));
        if (i % 3 == 0) {
            runqueue_pile(queue, token(0)); /* wraps round */
            assert_int_equal(0, number_of(runqueue_take_newest(queue)));
        }
    }
    assert_null(runqueue_take_newest(queue));
    assert_null(runqueue_take_oldest(queue));
    assert_true(runqueue_is_empty(queue));
    runqueue_finish(queue);
    free(queue);
}

TEST(what_one_slice_piled_is_taken_in_its_order)
{
    RunQueue *queue = aligned_alloc(CACHE_LINE_BYTES, sizeof *queue);
    runqueue_init(queue);
    for (size_t i = 0; i < 700; i++) {
        runqueue_pile(queue, token(i));
        if (i % 7 == 6) {
            runqueue_turn_newest(queue, 7);
        }
        if (i == 349) { /* the next ones wrap round */
            for (size_t old = 0; old < 343; old++) {
                assert_non_null(runqueue_take_oldest(queue));
            }
        }
    }
    for (size_t slice = 99; slice >= 50; slice--) {
        for (size_t i = 0; i < 7; i++) {
            assert_int_equal(7 * slice + i, number_of(runqueue_take_newest(queue)));
        }
    }
    runqueue_turn_newest(queue, 100); /* of more than are left */
    assert_int_equal(349, number_of(runqueue_take_newest(queue)));
    assert_int_equal(348, number_of(runqueue_take_newest(queue)));
    runqueue_finish(queue);
    free(queue);
}

TEST(nothing_is_stolen_that_is_not_offered)
{
    RunQueue *queues = aligned_alloc(CACHE_LINE_BYTES, 2 * sizeof *queues);
    bool entered = thread_enter();
    size_t taken = 0;
    runqueue_init(&queues[0]);
    runqueue_init(&queues[1]);
    for (size_t i = 0; i < 5; i++) {
        runqueue_push(&queues[0], token(i));
    }
    assert_false(runqueue_has_offer(&queues[0]));
    assert_null(runqueue_steal(&queues[0], &queues[1], &taken));
    runqueue_offer(&queues[0]);
    assert_true(runqueue_has_offer(&queues[0]));
    assert_ptr_equal(token(0), runqueue_steal(&queues[0], &queues[1], &taken));
    assert_int_equal(3, taken);
    assert_ptr_equal(token(1), runqueue_pop(&queues[1]));
    assert_ptr_equal(token(2), runqueue_pop(&queues[1]));
    assert_ptr_equal(token(3), runqueue_pop(&queues[0]));
    runqueue_pile(&queues[0], token(7));
    runqueue_pile(&queues[0], token(8));
    assert_ptr_equal(token(7), runqueue_steal(&queues[0], &queues[1], &taken));
    runqueue_finish(&queues[0]);
    runqueue_finish(&queues[1]);
    thread_leave(entered);
    free(queues);
}

/* ---- thieves ---- */

static RunQueue *shared; /* the owner's, then one for each thief */
static volatile AO_t seen[TOKENS];
static volatile AO_t seen_count;

static void see(const Process *p)
{
    AO_fetch_and_add_full(&seen[number_of(p)], 1);
    AO_fetch_and_add_full(&seen_count, 1);
}

static void *thief_main(void *own)
{
    RunQueue *queue = own;
    bool entered = thread_enter();
    while (AO_load_acquire(&seen_count) < TOKENS) {
        size_t taken;
        Process *p = runqueue_steal(&shared[0], queue, &taken);
        for (; p != NULL; p = runqueue_pop(queue)) {
            see(p);
        }
        thread_quiescent();
    }
    thread_leave(entered);
    return NULL;
}

TEST(each_process_is_run_once_whoever_takes_it)
{
    pthread_t threads[THIEVES];
    uint64_t random = 1;
    shared = aligned_alloc(CACHE_LINE_BYTES, (1 + THIEVES) * sizeof *shared);
    for (size_t i = 0; i <= THIEVES; i++) {
        runqueue_init(&shared[i]);
    }
    bool entered = thread_enter();
    runqueue_offer(&shared[0]);
    for (size_t i = 0; i < THIEVES; i++) {
        pthread_create(&threads[i], NULL, thief_main, &shared[1 + i]);
    }
    for (size_t in = 0; in < TOKENS || AO_load(&seen_count) < TOKENS; thread_quiescent()) {
        for (size_t i = test_random(&random) % (8 * RING_SLOTS); i > 0 && in < TOKENS; i--, in++) {
            if (test_random(&random) % 4 == 0) {
                runqueue_pile(&shared[0], token(in));
                runqueue_turn_newest(&shared[0], 3);
            } else {
                runqueue_push(&shared[0], token(in));
            }
        }
        Process *p;
        for (size_t i = test_random(&random) % (6 * RING_SLOTS); i > 0; i--) {
            p = runqueue_pop(&shared[0]);
            p = p != NULL ? p : runqueue_take_newest(&shared[0]);
            if (p != NULL) {
                see(p);
            }
        }
        runqueue_trim(&shared[0]);
    }
    for (size_t i = 0; i < THIEVES; i++) {
        pthread_join(threads[i], NULL);
    }
    for (size_t i = 0; i < TOKENS; i++) {
        assert_int_equal(1, AO_load(&seen[i]));
    }
    for (size_t i = 0; i <= THIEVES; i++) {
        runqueue_finish(&shared[i]);
    }
    thread_drain();
    thread_leave(entered);
    free(shared);
}
