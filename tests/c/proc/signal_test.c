/* tests/c/proc/signal_test.c: links, monitors, exits, aliases, requests, as Erlang has them. */
#include "tests/c/proc/village.h"

static Process *a, *b, *c;

static void begin(void)
{
    village_start(200000);
    a = villager(NULL);
    b = villager(a);
    c = villager(a);
}

static void trap(Process *p)
{
    p->flags |= PROCESS_TRAP_EXIT;
}
static bool dying(Process *p)
{
    return p->flags & PROCESS_EXITING;
}

/* ---- exit/2 ---- */

TEST(an_exit_signal_ends_the_receiver)
{
    begin();
    process_send_exit(a, b->pid, ATOM_badarg);
    mailbox_drain(b);
    assert_true(dying(b));
    assert_true(b->exception_reason == ATOM_badarg);
    village_end();
}

TEST(normal_is_ignored_unless_sent_by_oneself)
{
    begin();
    process_send_exit(a, b->pid, ATOM_normal);
    mailbox_drain(b);
    assert_false(dying(b));
    process_send_exit(b, b->pid, ATOM_normal);
    assert_true(dying(b));
    assert_true(b->exception_reason == ATOM_normal);
    village_end();
}

TEST(kill_cannot_be_trapped_and_is_reported_as_killed)
{
    begin();
    trap(b);
    process_send_exit(a, b->pid, ATOM_kill);
    mailbox_drain(b);
    assert_true(dying(b));
    assert_true(b->exception_reason == ATOM_killed);
    village_end();
}

TEST(kill_through_a_link_can_be_trapped)
{
    begin();
    trap(a);
    process_link(a, b->pid);
    mailbox_drain(b);
    village_die(b, ATOM_kill);
    village_assert_exit(village_receive(a), b, ATOM_kill);
    process_link(a, c->pid);
    mailbox_drain(c);
    village_die(a, ATOM_kill);
    mailbox_drain(c);
    assert_true(dying(c));
    assert_true(c->exception_reason == ATOM_kill);
    village_end();
}

TEST(a_trapping_process_gets_a_message)
{
    begin();
    trap(b);
    Term reason = make_tuple2(&a->heap.space, ATOM_badarg, TERM_NIL);
    process_send_exit(a, b->pid, reason);
    Term message = village_receive(b);
    assert_true(village_element(message, 1) == a->pid);
    assert_true(term_equal_exact(village_element(message, 2), reason));
    village_end();
}

/* ---- links ---- */

TEST(a_link_carries_the_end_both_ways)
{
    begin();
    assert_true(process_link(a, b->pid));
    mailbox_drain(b);
    village_die(b, ATOM_badarg);
    mailbox_drain(a);
    assert_true(dying(a));
    assert_true(a->exception_reason == ATOM_badarg);
    village_end();
}

TEST(a_normal_end_does_not_pass_a_link)
{
    begin();
    process_link(a, b->pid);
    mailbox_drain(b);
    village_die(b, ATOM_normal);
    mailbox_drain(a);
    assert_false(dying(a));
    assert_int_equal(0, process_relations_count(a, RELATION_LINK));
    village_end();
}

TEST(linking_to_the_dead_says_noproc)
{
    begin();
    Term dead = b->pid;
    village_die(b, ATOM_normal);
    assert_false(process_link(a, dead));
    assert_null(mailbox_peek(a));
    trap(a);
    assert_false(process_link(a, dead));
    Term message = village_receive(a);
    assert_true(village_element(message, 2) == ATOM_noproc);
    village_end();
}

TEST(a_link_that_arrives_after_the_end_says_noproc)
{
    begin();
    trap(a);
    assert_true(process_link(a, b->pid)); /* still in b's inbox */
    village_die(b, ATOM_badarg);
    village_assert_exit(village_receive(a), b, ATOM_noproc);
    village_end();
}

TEST(after_unlink_returns_an_exit_under_way_has_no_effect)
{
    begin();
    process_link(a, b->pid);
    mailbox_drain(b);
    village_die(b, ATOM_badarg); /* its exit signal is in a's inbox */
    process_unlink(a, b->pid);
    mailbox_drain(a);
    assert_false(dying(a));
    village_end();
}

TEST(both_may_unlink_and_link_again_at_once)
{
    begin();
    trap(a);
    trap(b);
    process_link(a, b->pid);
    process_link(b, a->pid);
    mailbox_drain(a);
    mailbox_drain(b);
    assert_int_equal(1, process_relations_count(a, RELATION_LINK));
    process_unlink(a, b->pid);
    process_unlink(b, a->pid);
    process_link(a, b->pid);
    for (int i = 0; i < 4; i++) {
        mailbox_drain(a);
        mailbox_drain(b);
    }
    /* b unlinked before a's new link reached it; that link came last. */
    assert_int_equal(process_relations_count(b, RELATION_LINK),
                     process_relations_count(a, RELATION_LINK));
    village_end();
}

TEST(links_agree_on_both_sides_after_any_interleaving)
{
    uint64_t random = 3;
    for (int round = 0; round < 500; round++) {
        begin();
        trap(a);
        trap(b);
        for (int step = 0; step < 30; step++) {
            Process *p = test_random(&random) % 2 ? a : b;
            Process *other = p == a ? b : a;
            switch (test_random(&random) % 4) {
            case 0:
                process_link(p, other->pid);
                break;
            case 1:
                process_unlink(p, other->pid);
                break;
            default:
                mailbox_drain(p);
            }
        }
        for (int i = 0; i < 4; i++) {
            mailbox_drain(a);
            mailbox_drain(b);
        }
        assert_int_equal(process_relations_count(a, RELATION_LINK),
                         process_relations_count(b, RELATION_LINK));
        assert_int_equal(0, mailbox_length(a));
        assert_int_equal(0, mailbox_length(b));
        village_end();
    }
}

TEST(a_process_with_a_hundred_thousand_links_ends_in_slices)
{
    village_start(200000);
    a = villager(NULL);
    a->group_leader = ATOM_undefined;
    enum { LINKS = 100000 };
    static Process *linked[LINKS];
    for (int i = 0; i < LINKS; i++) {
        SpawnOptions options;
        spawn_options_init(&options);
        options.link = true;
        linked[i] = process_spawn(a, &options, NULL, 0, NULL);
    }
    assert_int_equal(LINKS, process_relations_count(a, RELATION_LINK));
    process_exit(a, ATOM_badarg);
    size_t steps = 1;
    while (!process_exit_step(a)) {
        steps++;
    }
    assert_in_range(steps, 50, LINKS / 10);
    for (int i = 0; i < LINKS; i++) {
        mailbox_drain(linked[i]);
        assert_true(dying(linked[i]));
        village_bury(linked[i]);
    }
    village_end();
}

/* ---- monitors ---- */

TEST(a_monitor_reports_the_end_once)
{
    begin();
    Term ref = process_monitor(a, b->pid, ALIAS_NONE, TERM_NONE);
    mailbox_drain(b);
    Term pid = b->pid;
    village_die(b, ATOM_badarg);
    village_assert_down(village_receive(a), ref, pid, ATOM_badarg);
    assert_null(mailbox_peek(a));
    assert_int_equal(0, process_relations_count(a, RELATION_MONITOR));
    village_end();
}

TEST(monitoring_the_dead_reports_noproc)
{
    begin();
    Term pid = b->pid;
    village_die(b, ATOM_normal);
    Term ref = process_monitor(a, pid, ALIAS_NONE, TERM_NONE);
    village_assert_down(village_receive(a), ref, pid, ATOM_noproc);
    Term late = process_monitor(a, c->pid, ALIAS_NONE, TERM_NONE); /* in c's inbox when it ends */
    pid = c->pid;
    village_die(c, ATOM_badarg);
    village_assert_down(village_receive(a), late, pid, ATOM_noproc);
    village_end();
}

TEST(a_monitor_by_name_reports_name_and_node)
{
    begin();
    registry_register(ATOM_ok, b->pid);
    Term ref = process_monitor(a, ATOM_ok, ALIAS_NONE, TERM_NONE);
    mailbox_drain(b);
    village_die(b, ATOM_badarg);
    Term message = village_receive(a);
    assert_true(term_equal_exact(village_element(message, 1), ref));
    Term object = village_element(message, 3);
    assert_true(village_element(object, 0) == ATOM_ok);
    assert_true(village_element(object, 1) == ATOM_nonode_at_nohost);
    ref = process_monitor(a, ATOM_ok, ALIAS_NONE, TERM_NONE); /* nobody has the name now */
    message = village_receive(a);
    assert_true(village_element(message, 4) == ATOM_noproc);
    assert_true(village_element(village_element(message, 3), 0) == ATOM_ok);
    village_end();
}

TEST(a_demonitored_process_says_nothing_even_when_its_word_is_under_way)
{
    begin();
    Term ref = process_monitor(a, b->pid, ALIAS_NONE, TERM_NONE);
    mailbox_drain(b);
    village_die(b, ATOM_badarg);
    assert_true(process_demonitor(a, ref, false));
    assert_null(mailbox_peek(a));
    assert_false(process_demonitor(a, ref, false));
    village_end();
}

TEST(demonitor_flush_removes_the_message_from_the_queue)
{
    begin();
    Term ref = process_monitor(a, b->pid, ALIAS_NONE, TERM_NONE);
    mailbox_drain(b);
    village_die(b, ATOM_badarg);
    process_send(NULL, a->pid, ATOM_ok, NULL);
    mailbox_drain(a);
    assert_int_equal(2, mailbox_length(a));
    assert_false(process_demonitor(a, ref, true));
    assert_int_equal(1, mailbox_length(a));
    assert_true(village_receive(a) == ATOM_ok);
    village_end();
}

TEST(a_tag_takes_the_place_of_DOWN)
{
    begin();
    Term tag = make_tuple2(&a->heap.space, ATOM_ok, term_small(1));
    process_monitor(a, b->pid, ALIAS_NONE, tag);
    process_monitor(a, b->pid, ALIAS_NONE, ATOM_error);
    mailbox_drain(b);
    village_die(b, ATOM_badarg);
    Term first = village_receive(a);
    assert_true(term_equal_exact(village_element(first, 0), tag));
    assert_true(village_element(first, 4) == ATOM_badarg);
    assert_true(village_element(village_receive(a), 0) == ATOM_error);
    village_end();
}

TEST(a_watcher_that_ends_is_forgotten)
{
    begin();
    process_monitor(a, b->pid, ALIAS_NONE, TERM_NONE);
    mailbox_drain(b);
    assert_int_equal(1, process_relations_count(b, RELATION_WATCHER));
    village_die(a, ATOM_normal);
    mailbox_drain(b);
    assert_int_equal(0, process_relations_count(b, RELATION_WATCHER));
    village_end();
}

TEST(monitoring_oneself_gives_a_reference_and_nothing_else)
{
    begin();
    Term ref = process_monitor(a, a->pid, ALIAS_NONE, TERM_NONE);
    assert_true(term_is_local_ref(ref));
    assert_int_equal(0, process_relations_count(a, RELATION_MONITOR));
    assert_false(process_demonitor(a, ref, true));
    village_end();
}

TEST(links_hear_of_an_end_before_monitors_and_those_in_order)
{
    begin();
    trap(a);
    Term refs[5];
    for (int i = 0; i < 5; i++) {
        refs[i] = process_monitor(a, b->pid, ALIAS_NONE, TERM_NONE);
    }
    process_link(a, b->pid);
    mailbox_drain(b);
    Term pid = b->pid;
    village_die(b, ATOM_badarg);
    village_assert_exit(village_receive(a), b, ATOM_badarg);
    for (int i = 0; i < 5; i++) {
        village_assert_down(village_receive(a), refs[i], pid, ATOM_badarg);
    }
    village_end();
}

TEST(spawn_with_link_and_monitor_relates_both)
{
    begin();
    trap(a);
    SpawnOptions options;
    spawn_options_init(&options);
    options.link = options.monitor = true;
    Term ref = TERM_NONE;
    Process *child = process_spawn(a, &options, NULL, 0, &ref);
    Term pid = child->pid;
    village_die(child, ATOM_badarg);
    village_assert_exit(village_receive(a), child, ATOM_badarg);
    village_assert_down(village_receive(a), ref, pid, ATOM_badarg);
    village_end();
}

/* ---- aliases ---- */

static size_t got(Process *p)
{
    return mailbox_length(p);
}

TEST(an_alias_receives_until_it_is_taken_back)
{
    begin();
    Term alias = process_alias(a, ALIAS_EXPLICIT_UNALIAS);
    process_send(b, alias, ATOM_ok, NULL);
    process_send(b, alias, ATOM_ok, NULL);
    assert_int_equal(2, got(a));
    assert_true(process_unalias(a, alias));
    process_send(b, alias, ATOM_ok, NULL);
    assert_int_equal(2, got(a));
    assert_false(process_unalias(a, alias));
    village_end();
}

TEST(a_reply_alias_receives_once)
{
    begin();
    Term alias = process_alias(a, ALIAS_REPLY);
    process_send(b, alias, ATOM_ok, NULL);
    process_send(b, alias, ATOM_ok, NULL);
    assert_int_equal(1, got(a));
    village_end();
}

TEST(a_monitors_alias_goes_as_its_mode_says)
{
    begin();
    Term plain = process_monitor(a, b->pid, ALIAS_EXPLICIT_UNALIAS, TERM_NONE);
    Term with_monitor = process_monitor(a, b->pid, ALIAS_DEMONITOR, TERM_NONE);
    Term with_reply = process_monitor(a, b->pid, ALIAS_REPLY_DEMONITOR, TERM_NONE);
    mailbox_drain(b);
    process_demonitor(a, plain, false);
    process_demonitor(a, with_monitor, false);
    process_send(b, plain, term_small(1), NULL);
    process_send(b, with_monitor, term_small(2), NULL);
    process_send(b, with_reply, term_small(3), NULL);
    process_send(b, with_reply, term_small(4), NULL);
    assert_int_equal(2, got(a));
    assert_int_equal(1, small_value(village_receive(a)));
    assert_int_equal(3, small_value(village_receive(a)));
    assert_int_equal(0, process_relations_count(a, RELATION_MONITOR));
    mailbox_drain(b);
    assert_int_equal(0, process_relations_count(b, RELATION_WATCHER));
    village_end();
}

TEST(an_alias_with_a_large_message_delivers_it_whole)
{
    begin();
    Term alias = process_alias(a, ALIAS_REPLY);
    Term list = TERM_NIL;
    for (int i = 0; i < 100; i++) {
        list = make_cons(&b->heap.space, term_small(i), list);
    }
    process_send(b, alias, list, NULL);
    assert_true(term_equal_exact(list, village_receive(a)));
    village_end();
}

TEST(down_ends_an_alias_of_mode_demonitor)
{
    begin();
    Term alias = process_monitor(a, b->pid, ALIAS_DEMONITOR, TERM_NONE);
    mailbox_drain(b);
    village_die(b, ATOM_normal);
    mailbox_drain(a);
    process_send(c, alias, ATOM_ok, NULL);
    assert_int_equal(1, got(a)); /* DOWN alone */
    village_end();
}

/* ---- requests, suspension, group leaders ---- */

static void answer_pid(Process *target, Message *request, Term argument)
{
    if (target == NULL) {
        request_answer(request, ATOM_undefined);
        return;
    }
    Term answer = make_tuple2(&target->heap.space, target->pid, argument);
    request_answer(request, answer);
}

TEST(a_request_runs_in_the_target_and_its_answer_comes_back)
{
    begin();
    uint64_t number;
    Term argument = make_cons(&a->heap.space, ATOM_ok, TERM_NIL);
    assert_true(process_request(a, b->pid, answer_pid, argument, &number));
    assert_true(mailbox_take_reply(a, number) == TERM_NONE);
    mailbox_drain(b);
    Term answer = mailbox_take_reply(a, number);
    assert_true(village_element(answer, 0) == b->pid);
    assert_true(term_equal_exact(village_element(answer, 1), argument));
    village_end();
}

TEST(a_request_to_a_process_that_ends_first_is_answered)
{
    begin();
    uint64_t number;
    assert_true(process_request(a, b->pid, answer_pid, ATOM_ok, &number));
    Term dead = b->pid;
    village_die(b, ATOM_normal);
    assert_true(mailbox_take_reply(a, number) == ATOM_undefined);
    assert_false(process_request(a, dead, answer_pid, ATOM_ok, &number));
    village_end();
}

TEST(a_suspended_process_receives_nothing_until_every_suspension_is_undone)
{
    begin();
    uint64_t number;
    process_suspend(a, b->pid, &number);
    process_suspend(a, b->pid, &number);
    process_suspend(c, b->pid, &number);
    process_send(a, b->pid, ATOM_ok, NULL);
    assert_null(mailbox_peek(b));
    assert_true(b->flags & PROCESS_SUSPENDED);
    assert_int_equal(2, process_suspends_of(a, b->pid));
    assert_true(process_resume(a, b->pid));
    village_die(c, ATOM_normal); /* takes its suspension with it */
    mailbox_drain(b);
    assert_true(b->flags & PROCESS_SUSPENDED);
    assert_true(process_resume(a, b->pid));
    assert_false(process_resume(a, b->pid));
    mailbox_drain(b);
    assert_true(village_receive(b) == ATOM_ok);
    village_end();
}

TEST(a_group_leader_is_set_from_outside)
{
    begin();
    assert_true(process_set_group_leader(a, b->pid, c->pid));
    assert_true(b->group_leader == ATOM_undefined);
    mailbox_drain(b);
    assert_true(b->group_leader == c->pid);
    village_end();
}

TEST(signals_of_one_sender_keep_their_order)
{
    begin();
    trap(b);
    process_send(a, b->pid, term_small(1), NULL);
    process_send_exit(a, b->pid, ATOM_badarg);
    process_send(a, b->pid, term_small(2), NULL);
    assert_int_equal(1, small_value(village_receive(b)));
    assert_true(village_element(village_receive(b), 2) == ATOM_badarg);
    assert_int_equal(2, small_value(village_receive(b)));
    village_end();
}

/* ---- sending ---- */

TEST(receivers_of_every_kind)
{
    begin();
    Space *space = &a->heap.space;
    registry_register(ATOM_ok, b->pid);
    Term here = make_tuple2(space, ATOM_ok, ATOM_nonode_at_nohost);
    Term nobody_here = make_tuple2(space, ATOM_error, ATOM_nonode_at_nohost);
    Term elsewhere = make_tuple2(space, ATOM_ok, ATOM_badarg);
    assert_int_equal(SEND_OK, process_send(a, ATOM_ok, ATOM_ok, NULL));
    assert_int_equal(SEND_OK, process_send(a, here, ATOM_ok, NULL));
    assert_int_equal(SEND_OK, process_send(a, nobody_here, ATOM_ok, NULL));
    assert_int_equal(SEND_REMOTE, process_send(a, elsewhere, ATOM_ok, NULL));
    assert_int_equal(SEND_NO_NAME, process_send(a, ATOM_error, ATOM_ok, NULL));
    assert_int_equal(SEND_BAD, process_send(a, term_small(1), ATOM_ok, NULL));
    assert_int_equal(SEND_BAD,
                     process_send(a, make_tuple2(space, ATOM_ok, TERM_NIL), ATOM_ok, NULL));
    Term port = TERM_NONE;
    assert_int_equal(SEND_PORT, process_send(a, term_port(5), ATOM_ok, &port));
    assert_true(port == term_port(5));
    assert_int_equal(2, mailbox_length(b));
    village_end();
}
