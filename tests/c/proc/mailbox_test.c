/* tests/c/proc/mailbox_test.c */
#include "tests/c/proc/village.h"

#include <pthread.h>
#include <stdlib.h>

static Process *owner;

static void begin(void)
{
    village_start(100);
    owner = villager(NULL);
}

static void send_small(int64_t value)
{
    assert_int_equal(SEND_OK, process_send(NULL, owner->pid, term_small(value), NULL));
}

TEST(messages_are_taken_in_the_order_sent)
{
    begin();
    for (int i = 0; i < 10; i++) {
        send_small(i);
    }
    for (int i = 0; i < 10; i++) {
        assert_int_equal(i, small_value(village_receive(owner)));
    }
    assert_true(village_receive(owner) == TERM_NONE);
    village_end();
}

TEST(a_parked_owner_is_woken_once)
{
    begin();
    assert_true(mailbox_park(&owner->mailbox));
    send_small(1);
    send_small(2);
    assert_int_equal(1, village_woken);
    village_end();
}

TEST(an_owner_with_mail_does_not_park)
{
    begin();
    send_small(1);
    assert_false(mailbox_park(&owner->mailbox));
    assert_int_equal(0, village_woken);
    village_end();
}

TEST(a_selective_receive_skips_and_keeps_what_does_not_match)
{
    begin();
    for (int i = 0; i < 5; i++) {
        send_small(i);
    }
    Message *message;
    while ((message = mailbox_peek(owner)) != NULL && message->value != term_small(3)) {
        mailbox_next(owner);
    }
    assert_non_null(message);
    mailbox_take(owner);
    int left[] = {0, 1, 2, 4};
    for (size_t i = 0; i < COUNT_OF(left); i++) {
        assert_int_equal(left[i], small_value(village_receive(owner)));
    }
    village_end();
}

TEST(what_was_examined_is_not_examined_again_while_waiting)
{
    begin();
    send_small(1);
    send_small(2);
    while (mailbox_peek(owner) != NULL) {
        mailbox_next(owner);
    }
    send_small(3);
    assert_int_equal(3, small_value(mailbox_peek(owner)->value));
    mailbox_reset(owner);
    assert_int_equal(1, small_value(mailbox_peek(owner)->value));
    village_end();
}

TEST(a_receive_for_a_new_reference_starts_behind_older_messages)
{
    begin();
    for (int i = 0; i < 100; i++) {
        send_small(i);
    }
    mailbox_drain(owner);
    Term ref = make_ref_of(&owner->heap.space, world_unique_number(), 0);
    mailbox_mark(owner, ref);
    send_small(100);
    mailbox_start_from(owner, ref);
    assert_int_equal(100, small_value(mailbox_peek(owner)->value));
    mailbox_reset(owner);
    /* The place survives that the messages around it are taken. */
    for (int i = 0; i < 100; i++) {
        assert_int_equal(i, small_value(village_receive(owner)));
    }
    mailbox_start_from(owner, ref);
    assert_int_equal(100, small_value(village_receive(owner)));
    send_small(101);
    mailbox_start_from(owner, ref);
    assert_int_equal(101, small_value(village_receive(owner)));
    Term other = make_ref_of(&owner->heap.space, world_unique_number(), 0);
    send_small(102);
    mailbox_start_from(owner, other);
    assert_int_equal(102, small_value(mailbox_peek(owner)->value));
    village_end();
}

static Term nested(Space *space, size_t depth)
{
    Term t = TERM_NIL;
    for (size_t i = 0; i < depth; i++) {
        Term tuple = make_tuple2(space, term_small((int64_t) i), make_float(space, 1e300));
        t = make_cons(space, tuple, t);
    }
    return t;
}

TEST(terms_arrive_whole_small_and_large_before_and_after_taking)
{
    begin();
    ArenaSpace *arena = arena_space_create();
    for (size_t depth = 0; depth < 60; depth++) {
        Term term = nested(arena_space(arena), depth);
        process_send(NULL, owner->pid, term, NULL);
        Message *message = mailbox_peek(owner);
        Term head = term_is_cons(message->value) ? cons_head(message->value) : TERM_NIL;
        assert_true(term_equal_exact(term, message->value));
        Term value = message->value;
        mailbox_take(owner);
        assert_true(term_equal_exact(term, value));
        assert_true(term_is_nil(head) || term_equal_exact(cons_head(term), head));
        heap_verify(&owner->heap, process_roots(owner));
        if (depth % 16 == 0) {
            owner->saved[0] = value;
            assert_int_equal(GC_OK, heap_collect(&owner->heap, true, 0, 0, process_roots(owner)));
            assert_true(term_equal_exact(term, owner->saved[0]));
        }
    }
    arena_space_destroy(arena);
    village_end();
}

TEST(messages_not_taken_survive_collections)
{
    begin();
    ArenaSpace *arena = arena_space_create();
    Term term = nested(arena_space(arena), 3);
    for (int i = 0; i < 40; i++) {
        process_send(NULL, owner->pid, term, NULL);
    }
    while (mailbox_peek(owner) != NULL) {
        mailbox_next(owner);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(GC_OK, heap_collect(&owner->heap, i % 2, 0, 0, process_roots(owner)));
    }
    mailbox_reset(owner);
    for (int i = 0; i < 40; i++) {
        assert_true(term_equal_exact(term, village_receive(owner)));
    }
    assert_int_equal(0, owner->mailbox.in_heap_count);
    arena_space_destroy(arena);
    village_end();
}

TEST(a_timeout_wakes_the_owner_and_is_forgotten_by_taking)
{
    begin();
    assert_true(mailbox_park(&owner->mailbox));
    assert_int_equal(PUSH_WAKE, mailbox_push_timeout(&owner->mailbox));
    assert_null(mailbox_peek(owner));
    assert_true(owner->flags & PROCESS_TIMED_OUT);
    send_small(1);
    assert_int_equal(1, small_value(village_receive(owner)));
    assert_false(owner->flags & PROCESS_TIMED_OUT);
    village_end();
}

TEST(a_closed_mailbox_refuses)
{
    begin();
    Mailbox *mailbox = &owner->mailbox;
    send_small(1);
    Message *left = mailbox_close(mailbox);
    assert_non_null(left);
    assert_null(left->next);
    message_destroy(left);
    Message *message = message_of(ATOM_ok);
    assert_int_equal(PUSH_CLOSED, mailbox_push(mailbox, message));
    message_destroy(message);
    village_end();
}

TEST(a_reply_is_found_among_other_messages)
{
    begin();
    ArenaSpace *arena = arena_space_create();
    uint64_t number = world_unique_number();
    send_small(1);
    assert_true(mailbox_take_reply(owner, number) == TERM_NONE);
    Term ref = make_ref_of(arena_space(arena), number, 0);
    process_send(NULL, owner->pid, make_tuple2(arena_space(arena), ref, ATOM_ok), NULL);
    send_small(2);
    assert_true(mailbox_take_reply(owner, number) == ATOM_ok);
    assert_int_equal(2, mailbox_length(owner));
    arena_space_destroy(arena);
    village_end();
}

TEST(a_reply_that_was_taken_gives_the_mark_back)
{
    begin();
    ArenaSpace *arena = arena_space_create();
    send_small(1);
    mailbox_drain(owner);
    uint64_t first = world_unique_number();
    mailbox_mark_number(owner, first);
    send_small(2);
    mailbox_drain(owner);
    uint64_t number = world_unique_number();
    mailbox_mark_number(owner, number);
    Term ref = make_ref_of(arena_space(arena), number, 0);
    process_send(NULL, owner->pid, make_tuple2(arena_space(arena), ref, ATOM_ok), NULL);
    assert_true(mailbox_take_reply(owner, number) == ATOM_ok);
    assert_true(owner->mailbox.mark_number == first);
    assert_int_equal(2, mailbox_length(owner));
    arena_space_destroy(arena);
    village_end();
}

/* ---- many senders ---- */

enum { SENDERS = 4, EACH = 20000 };

static void *send_many(void *argument)
{
    int64_t sender = (int64_t) (intptr_t) argument;
    bool entered = thread_enter();
    for (int64_t i = 0; i < EACH; i++) {
        Term words[3] = {HEADER(KIND_tuple, 2), term_small(sender), term_small(i)};
        process_send(NULL, owner->pid, term_boxed(words), NULL);
    }
    thread_leave(entered);
    thread_unregister();
    return NULL;
}

TEST(each_senders_messages_stay_in_order)
{
    begin();
    pthread_t threads[SENDERS];
    for (intptr_t i = 0; i < SENDERS; i++) {
        pthread_create(&threads[i], NULL, send_many, (void *) i);
    }
    int64_t next[SENDERS] = {0};
    for (int received = 0; received < SENDERS * EACH;) {
        Term value = village_receive(owner);
        if (value == TERM_NONE) {
            continue;
        }
        int64_t sender = small_value(village_element(value, 0));
        assert_int_equal(next[sender]++, small_value(village_element(value, 1)));
        received++;
        if (owner->heap.needs_collection || received % 64 == 0) {
            heap_collect(&owner->heap, false, 0, 0, process_roots(owner));
        }
    }
    for (int i = 0; i < SENDERS; i++) {
        pthread_join(threads[i], NULL);
    }
    village_end();
}

/* Differential: any sequence of operations against a plain array. */
TEST(random_receives_agree_with_a_model)
{
    uint64_t random = 7;
    for (int round = 0; round < 200; round++) {
        begin();
        int64_t model[512];
        size_t count = 0;
        int64_t next = 0;
        for (int step = 0; step < 300; step++) {
            uint64_t what = test_random(&random) % 4;
            if (what < 2 && count < COUNT_OF(model)) {
                model[count++] = next;
                send_small(next++);
            } else if (what == 2) {
                Term ref = make_ref_of(&owner->heap.space, world_unique_number(), 0);
                mailbox_mark(owner, ref);
            } else if (count > 0) {
                size_t wanted = test_random(&random) % count;
                Message *message;
                while ((message = mailbox_peek(owner)) != NULL &&
                       small_value(message->value) != model[wanted]) {
                    mailbox_next(owner);
                }
                assert_non_null(message);
                mailbox_take(owner);
                memmove(model + wanted, model + wanted + 1, (count - wanted - 1) * sizeof model[0]);
                count--;
            }
        }
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(model[i], small_value(village_receive(owner)));
        }
        assert_int_equal(0, mailbox_length(owner));
        village_end();
    }
}
