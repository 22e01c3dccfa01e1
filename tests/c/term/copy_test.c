/* tests/c/term/copy_test.c
 * Copies are equal, take the words foretold, and hold what the source holds. */
#include "runtime/term/copy.h"

#include "runtime/term/compare.h"
#include "runtime/term/mem.h"
#include "tests/c/term/random_term.h"

static ArenaSpace *arena;
static Space *space;

static void start(void)
{
    atoms_init();
    arena = arena_space_create();
    space = arena_space(arena);
}

static void stop(void)
{
    arena_space_destroy(arena);
}

static void assert_copies(Term t)
{
    size_t words = term_copy_words(t), off_heap_bytes = 0;
    Term *memory = mem_alloc((words + 1) * sizeof(Term)), *top = memory, *off_heap = NULL;
    memory[words] = 0x5A5A;
    Term copy = term_copy_to(t, &top, &off_heap, &off_heap_bytes);
    assert_true(top == memory + words);
    assert_true(memory[words] == 0x5A5A);
    assert_true(term_equal_exact(t, copy));
    assert_true(term_flat_words(copy) == term_flat_words(t));
    off_heap_drop_all(off_heap);
    mem_free(memory);
}

TEST(a_random_term_and_its_copy_are_equal)
{
    start();
    uint64_t seed = 3;
    for (int i = 0; i < 2000; i++) {
        assert_copies(random_term(space, &seed, 1 + random_below(&seed, 300)));
    }
    stop();
}

TEST(an_immediate_takes_no_words)
{
    start();
    assert_int_equal(term_copy_words(term_small(5)), 0);
    assert_int_equal(term_copy_words(ATOM_ok), 0);
    assert_true(term_copy(space, ATOM_ok) == ATOM_ok);
    stop();
}

TEST(a_literal_is_shared)
{
    start();
    Term literal = literal_intern(make_tuple2(space, ATOM_ok, term_small(1)));
    Term t = make_tuple2(space, literal, make_cons(space, literal, literal));
    assert_int_equal(term_copy_words(literal), 0);
    assert_int_equal(term_flat_words(literal), 3);
    assert_int_equal(term_copy_words(t), 5);
    assert_int_equal(term_flat_words(t), 5 + 9);
    Term copy = term_copy(space, t);
    assert_true(tuple_elements(copy)[0] == literal);
    assert_copies(t);
    Term ends_in_literal =
        make_cons(space, ATOM_ok, literal_intern(make_cons(space, ATOM_ok, TERM_NIL)));
    assert_int_equal(term_copy_words(ends_in_literal), 2);
    assert_copies(ends_in_literal);
    stop();
}

TEST(a_copy_holds_the_binary_too)
{
    start();
    uint8_t bytes[200] = {1, 2, 3};
    Term binary = make_binary(space, bytes, sizeof bytes);
    Binary *shared = (Binary *) term_boxed_at(binary)[2];
    assert_int_equal(shared->references, 1);
    Term t = make_tuple3(space, binary, make_sub_bits(space, binary, 8, 900), binary);
    ArenaSpace *other = arena_space_create();
    Term copy = term_copy(arena_space(other), t);
    assert_true(term_equal_exact(t, copy));
    assert_int_equal(shared->references, 4); /* sharing in a term is not kept */
    assert_int_equal(arena_space(other)->off_heap_bytes, 100 + 67 + 50);
    arena_space_destroy(other);
    assert_int_equal(shared->references, 1);
    stop();
}

static void destroy_magic(Magic *magic)
{
    magic->type = NULL;
}

/* Else a process that gets a large binary again and again collects each time. */
TEST(a_copy_of_a_shared_binary_weighs_its_share)
{
    ArenaSpace *arena = arena_space_create();
    static const uint8_t bytes[8000];
    Term binary = make_binary(arena_space(arena), bytes, sizeof bytes);
    Term *off_heap = NULL;
    for (size_t shares = 2; shares < 20; shares++) {
        size_t off_heap_bytes = 0;
        Term *top = space_try_alloc(arena_space(arena), term_copy_words(binary));
        term_copy_to(binary, &top, &off_heap, &off_heap_bytes);
        size_t least = sizeof bytes / BINARY_SHARES_MOST;
        assert_true(off_heap_bytes >= least && off_heap_bytes >= sizeof bytes / shares);
        assert_true(off_heap_bytes <= least || off_heap_bytes <= sizeof bytes / shares + 1);
    }
    off_heap_drop_all(off_heap);
    arena_space_destroy(arena);
}

TEST(a_copy_holds_the_magic_too)
{
    static const int kind;
    start();
    Magic magic = {1, destroy_magic, &kind};
    Term ref = make_magic_ref(space, &magic, 7);
    Term copy = term_copy(space, make_cons(space, ref, TERM_NIL));
    assert_int_equal(magic.references, 2);
    assert_true(magic_of(cons_head(copy), &kind) == &magic);
    stop();
    assert_int_equal(magic.references, 0);
    assert_true(magic.type == NULL);
}

TEST(ten_million_levels_are_copied_without_a_stack)
{
    enum { DEEP = 10000000 };
    for (int kind = 0; kind < 3; kind++) {
        start();
        Term t = TERM_NIL;
        for (size_t i = 0; i < DEEP; i++) {
            t = kind == 0   ? make_cons(space, t, TERM_NIL)
                : kind == 1 ? make_cons(space, ATOM_ok, t)
                            : make_tuple2(space, t, make_cons(space, ATOM_ok, TERM_NIL));
        }
        assert_int_equal(term_copy_words(t), kind == 2 ? DEEP * 5 : DEEP * 2);
        assert_copies(t);
        stop();
    }
}

static Term *grow_never(Space *full, size_t words)
{
    return NULL;
}

TEST(a_copy_that_does_not_fit_leaves_nothing)
{
    start();
    uint64_t seed = 11;
    uint8_t bytes[200] = {9};
    for (int i = 0; i < 400; i++) {
        Term binary = make_binary(space, bytes, sizeof bytes);
        Binary *shared = (Binary *) term_boxed_at(binary)[2];
        Term t = make_tuple3(space, random_term(space, &seed, 1 + random_below(&seed, 200)), binary,
                             random_term(space, &seed, 1 + random_below(&seed, 200)));
        size_t words = term_copy_words(t), counted;
        assert_false(term_copy_is_over(t, words, &counted));
        assert_int_equal(counted, words);
        assert_true(term_copy_is_over(t, words - 1, &counted));
        Term *memory = mem_alloc((words + 1) * sizeof(Term));
        for (size_t room = i % 2 == 0 ? 0 : words - 1; room <= words;
             room += 1 + random_below(&seed, 9)) {
            Term *top = memory, *off_heap = NULL;
            size_t off_heap_bytes = 0;
            memory[room] = 0x5A5A;
            Term copy = term_copy_within(t, &top, memory + room, &off_heap, &off_heap_bytes);
            assert_true(memory[room] == 0x5A5A);
            if (room < words) {
                assert_true(copy == TERM_NONE && top == memory && off_heap == NULL);
                assert_int_equal(off_heap_bytes, 0);
            } else {
                assert_true(top == memory + words && term_equal_exact(t, copy));
                off_heap_drop_all(off_heap);
            }
            assert_int_equal(shared->references, 1);
        }
        mem_free(memory);
    }
    stop();
}

TEST(a_space_without_room_gives_the_limit)
{
    start();
    Term memory[4];
    Space full = {.top = memory, .limit = memory + 4, .grow = grow_never};
    Term t = make_tuple3(space, ATOM_ok, ATOM_ok, ATOM_ok);
    assert_true(term_is_tuple(term_copy(&full, t)));
    assert_true(term_copy(&full, t) == TERM_LIMIT);
    stop();
}
