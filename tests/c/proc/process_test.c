/* tests/c/proc/process_test.c: the table, spawning, the registry, dictionaries, reclamation. */
#include "proc/table.h"
#include "tests/c/proc/village.h"

#include <pthread.h>
#include <stdlib.h>

TEST(an_idle_process_fits_in_a_kilobyte)
{
    village_start(10);
    Process *p = villager(NULL);
    size_t struct_bytes = sizeof(Process) <= 384 ? 384 : 448; /* jemalloc's classes */
    size_t block_bytes = (size_t) (p->heap.block_end - p->heap.block) * sizeof(Term);
    assert_true(struct_bytes + block_bytes + sizeof(AO_t) <= 1024);
    assert_null(p->extra);
    village_end();
}

TEST(a_process_is_found_until_it_ends)
{
    village_start(10);
    Process *p = villager(NULL);
    Term pid = p->pid;
    assert_ptr_equal(p, process_find(pid));
    assert_null(process_find(ATOM_ok));
    assert_null(process_find(term_pid(pid_id(pid) + ((uint64_t) 1 << 28))));
    assert_null(process_find(term_pid(((uint64_t) 1 << 28) - 1)));
    village_die(p, ATOM_normal);
    assert_null(process_find(pid));
    village_end();
}

TEST(spawning_over_the_limit_fails_and_ending_makes_room)
{
    village_start(50);
    Process *all[50];
    for (int i = 0; i < 50; i++) {
        all[i] = villager(NULL);
        assert_non_null(all[i]);
    }
    assert_int_equal(50, processes_count());
    assert_null(villager(NULL));
    village_die(all[7], ATOM_normal);
    assert_int_equal(49, processes_count());
    assert_non_null(villager(NULL));
    assert_null(villager(NULL));
    village_end();
}

TEST(pids_are_not_used_again_soon)
{
    village_start(1000);
    enum { SPAWNS = 30000 };
    static Term seen[SPAWNS];
    for (int i = 0; i < SPAWNS; i++) {
        Process *p = villager(NULL);
        seen[i] = p->pid;
        village_die(p, ATOM_normal);
        for (int j = i < 500 ? 0 : i - 500; j < i; j++) {
            assert_true(seen[j] != seen[i]);
        }
    }
    village_end();
}

static Term made_here[2000];

static void *end_them(void *unused)
{
    bool entered = thread_enter();
    for (size_t i = 0; i < COUNT_OF(made_here); i++) {
        table_release(made_here[i]);
    }
    thread_leave(entered);
    thread_unregister();
    return NULL;
}

/* Their slots come back to who made them, and their numbers grow. */
TEST(processes_that_end_on_another_thread_give_back_their_places)
{
    village_start(COUNT_OF(made_here));
    uint64_t highest_slot = 0;
    for (int round = 0; round < 50; round++) {
        for (size_t i = 0; i < COUNT_OF(made_here); i++) {
            Term pid = table_reserve();
            assert_true(pid != TERM_NONE);
            assert_true(round == 0 || pid != made_here[i]);
            made_here[i] = pid;
            uint64_t slot = pid_id(pid) & (((uint64_t) 1 << 28) - 1);
            highest_slot = slot > highest_slot ? slot : highest_slot;
        }
        pthread_t thread;
        pthread_create(&thread, NULL, end_them, NULL);
        pthread_join(thread, NULL);
        assert_int_equal(0, processes_count());
    }
#ifndef MUSTER_SMALL_TABLES /* whose threads keep few places for others */
    assert_true(highest_slot < 4 * COUNT_OF(made_here));
#endif
    village_end();
}

TEST(arguments_are_copied_into_the_child)
{
    village_start(10);
    Process *parent = villager(NULL);
    Term list = TERM_NIL;
    for (int i = 0; i < 1000; i++) {
        list = make_cons(&parent->heap.space, term_small(i), list);
    }
    SpawnOptions options;
    spawn_options_init(&options);
    Process *child = process_spawn(parent, &options, (Term[]){list, ATOM_ok}, 2, NULL);
    assert_true(term_equal_exact(list, child->saved[0]));
    assert_true(child->saved[1] == ATOM_ok);
    assert_true(heap_contains(&child->heap, term_pointer(child->saved[0])));
    assert_true(child->parent == parent->pid);
    heap_verify(&child->heap, process_roots(child));
    village_end();
}

TEST(the_list_of_processes_names_the_living_in_order)
{
    village_start(100);
    Process *all[10];
    for (int i = 0; i < 10; i++) {
        all[i] = villager(NULL);
    }
    village_die(all[3], ATOM_normal);
    Term pids[100];
    assert_int_equal(9, processes_list(pids, 100));
    assert_int_equal(9, processes_list(pids, 2));
    assert_true(pids[0] == all[0]->pid);
    assert_true(pids[3] == all[4]->pid);
    village_end();
}

/* ---- registry ---- */

TEST(a_name_belongs_to_one_process_and_a_process_has_one_name)
{
    village_start(10);
    Process *p = villager(NULL), *q = villager(NULL);
    assert_int_equal(REGISTER_OK, registry_register(ATOM_ok, p->pid));
    assert_int_equal(REGISTER_TAKEN, registry_register(ATOM_ok, q->pid));
    assert_int_equal(REGISTER_HAS_NAME, registry_register(ATOM_error, p->pid));
    assert_int_equal(REGISTER_BAD_NAME, registry_register(ATOM_undefined, q->pid));
    assert_true(registry_find(ATOM_ok) == p->pid);
    assert_true(registry_name_of(p) == ATOM_ok);
    assert_true(registry_name_of(q) == TERM_NONE);
    Term names[4];
    assert_int_equal(1, registry_list(names, 4));
    assert_true(names[0] == ATOM_ok);
    assert_true(registry_unregister(ATOM_ok));
    assert_false(registry_unregister(ATOM_ok));
    assert_int_equal(REGISTER_OK, registry_register(ATOM_error, p->pid));
    village_end();
}

TEST(a_process_that_ends_gives_up_its_name)
{
    village_start(10);
    Process *p = villager(NULL);
    Term pid = p->pid;
    registry_register(ATOM_ok, pid);
    village_die(p, ATOM_normal);
    assert_true(registry_find(ATOM_ok) == TERM_NONE);
    assert_int_equal(REGISTER_NO_PROCESS, registry_register(ATOM_ok, pid));
    village_end();
}

TEST(a_port_can_have_a_name)
{
    village_start(10);
    assert_int_equal(REGISTER_OK, registry_register(ATOM_ok, term_port(3)));
    assert_true(registry_find(ATOM_ok) == term_port(3));
    registry_unregister_port(ATOM_ok, term_port(4));
    assert_true(registry_find(ATOM_ok) == term_port(3));
    registry_unregister_port(ATOM_ok, term_port(3));
    assert_true(registry_find(ATOM_ok) == TERM_NONE);
    village_end();
}

/* ---- dictionary ---- */

TEST(a_dictionary_agrees_with_a_model)
{
    village_start(10);
    Process *p = villager(NULL);
    enum { KEYS = 200 };
    Term model[KEYS];
    uint64_t random = 11;
    for (int i = 0; i < KEYS; i++) {
        model[i] = TERM_NONE;
    }
    for (int step = 0; step < 20000; step++) {
        int64_t key = (int64_t) (test_random(&random) % KEYS);
        Term value = term_small((int64_t) (test_random(&random) % 1000));
        Term boxed = make_tuple2(&p->heap.space, term_small(key), ATOM_ok);
        switch (test_random(&random) % 3) {
        case 0:
            assert_true(process_dictionary_put(p, boxed, value) == model[key]);
            model[key] = value;
            break;
        case 1:
            assert_true(process_dictionary_erase(p, boxed) == model[key]);
            model[key] = TERM_NONE;
            break;
        default:
            assert_true(process_dictionary_get(p, boxed) == model[key]);
        }
        if (step % 100 == 0) {
            assert_int_equal(GC_OK,
                             heap_collect(&p->heap, step % 200 == 0, 0, 0, process_roots(p)));
        }
    }
    process_dictionary_clear(p);
    assert_true(process_dictionary_get(p, ATOM_ok) == TERM_NONE);
    village_end();
}

/* ---- reclamation ---- */

static size_t released;

static void release(void *block)
{
    released++;
    free(block);
}

static volatile unsigned reader_state;

static void *reader(void *unused)
{
    bool entered = thread_enter();
    AO_int_store_release(&reader_state, 1);
    while (AO_int_load_acquire(&reader_state) == 1) {
    }
    thread_leave(entered);
    AO_int_store_release(&reader_state, 3);
    thread_unregister();
    return NULL;
}

TEST(a_block_is_freed_only_when_nobody_can_hold_it)
{
    village_start(10);
    pthread_t thread;
    released = 0;
    pthread_create(&thread, NULL, reader, NULL);
    while (AO_int_load_acquire(&reader_state) != 1) {
    }
    for (int i = 0; i < 1000; i++) {
        thread_retire(malloc(8), release);
        thread_quiescent();
    }
    size_t while_held = released;
    assert_true(while_held <= 1); /* nothing but what a step before allowed */
    AO_int_store_release(&reader_state, 2);
    while (AO_int_load_acquire(&reader_state) != 3) {
    }
    pthread_join(thread, NULL);
    thread_drain();
    assert_int_equal(1000, released);
    village_end();
}
