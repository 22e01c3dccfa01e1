/* tests/c/term/space_test.c
 * Arenas, small builders, literals, references that own something. */
#include "runtime/term/space.h"

#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "runtime/term/compare.h"
#include "runtime/term/copy.h"
#include "runtime/term/literal.h"
#include "runtime/term/ref.h"
#include "tests/c/test.h"

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

TEST(an_arena_grows_without_moving_anything)
{
    start();
    Term list = TERM_NIL;
    for (int i = 0; i < 300000; i++) {
        list = make_cons(space, make_tuple3(space, term_small(i), ATOM_ok, list), TERM_NIL);
        if (i % 1000 == 0) {
            assert_non_null(space_try_alloc(space, 5000)); /* a chunk of its own */
        }
    }
    for (int i = 299999; i >= 0; i--) {
        assert_true(tuple_elements(cons_head(list))[0] == term_small(i));
        list = tuple_elements(cons_head(list))[2];
    }
    assert_null(space_try_alloc(space, SIZE_MAX / 2));
    stop();
}

TEST(lists_and_strings_are_built)
{
    start();
    Term elements[] = {term_small(1), term_small(2), term_small(3)};
    Term list = make_list(space, elements, 3, ATOM_ok);
    assert_true(cons_head(cons_tail(list)) == term_small(2));
    assert_true(cons_tail(cons_tail(cons_tail(list))) == ATOM_ok);
    assert_true(make_list(space, elements, 0, ATOM_ok) == ATOM_ok);
    assert_true(make_string_latin1(space, "", 0) == TERM_NIL);
    Term text = make_string_utf8(space, "h\xC3\xA9\xF0\x9F\x98\x80", 7);
    assert_true(cons_head(cons_tail(text)) == term_small(0xE9));
    assert_true(cons_head(cons_tail(cons_tail(text))) == term_small(0x1F600));
    assert_true(cons_tail(cons_tail(cons_tail(text))) == TERM_NIL);
    assert_true(cons_head(make_string_latin1(space, "\xE9", 1)) == term_small(0xE9));
    stop();
}

TEST(literals_are_copied_once_and_stay)
{
    start();
    Term list = TERM_NIL;
    for (int i = 0; i < 100000; i++) { /* several commit steps */
        list =
            make_cons(space, make_tuple2(space, term_small(i), make_float(space, 1.0e300)), list);
    }
    Term literal = literal_intern(list);
    assert_true(literal != TERM_NONE);
    assert_true(literal != list);
    assert_true(term_is_literal(literal));
    assert_false(term_is_literal(list));
    assert_true(term_is_literal(ATOM_ok));
    assert_true(term_equal_exact(list, literal));
    assert_true(literal_intern(literal) != literal); /* each owns all of its own */
    assert_true(term_copy(space, literal) == literal);
    assert_true(literal_intern(term_small(5)) == term_small(5));
    char bytes[1000] = "shared";
    Term binary = make_binary(space, bytes, sizeof bytes);
    Term kept = literal_intern(make_tuple2(space, ATOM_ok, binary));
    stop();
    assert_true(term_equal_exact(cons_tail(literal), cons_tail(literal)));
    assert_memory_equal(bits_of(tuple_elements(kept)[1]).bytes, bytes, sizeof bytes);
}

TEST(areas_of_literals_give_their_room_back)
{
    enum { AREAS = 200, ROUNDS = 5000 };
    start();
    uint64_t seed = 7;
    LiteralArea *areas[AREAS] = {NULL};
    Term terms[AREAS][2];
    size_t before = literal_bytes();
    for (int round = 0; round < ROUNDS; round++) {
        size_t which = test_random(&seed) % AREAS;
        if (areas[which] != NULL) {
            assert_true(tuple_elements(terms[which][0])[0] == term_small((int64_t) which));
            assert_true(term_equal_exact(tuple_elements(terms[which][0])[1], terms[which][1]));
            literal_area_destroy(areas[which]);
            areas[which] = NULL;
            continue;
        }
        Term list = TERM_NIL;
        for (size_t i = test_random(&seed) % 300; i > 0; i--) {
            list = make_cons(space, term_small((int64_t) i), list);
        }
        char bytes[100] = "held";
        terms[which][1] = make_cons(space, make_binary(space, bytes, sizeof bytes), list);
        terms[which][0] = make_tuple2(space, term_small((int64_t) which), terms[which][1]);
        Term *all[] = {&terms[which][0], &terms[which][1]};
        areas[which] = literal_area_create(all, 2);
        assert_non_null(areas[which]);
    }
    for (size_t i = 0; i < AREAS; i++) {
        literal_area_destroy(areas[i]);
    }
    assert_int_equal(before, literal_bytes());
    stop();
}

TEST(a_copy_does_not_share_literals_that_leave)
{
    start();
    Term leaving = make_tuple2(space, ATOM_ok, term_small(1)), stays = leaving;
    Term *all[] = {&leaving}, *others[] = {&stays};
    LiteralArea *area = literal_area_create(all, 1), *other = literal_area_create(others, 1);
    Term list = make_cons(space, leaving, make_cons(space, stays, leaving));
    assert_int_equal(4, term_copy_words(list));
    literal_leave(area);
    assert_int_equal(4, term_copy_words(list)); /* this thread has not looked yet */
    literal_leaving_refresh();
    assert_int_equal(4 + 2 * 3, term_copy_words(list));
    Term copy = term_copy(space, list);
    assert_true(cons_head(copy) != leaving);
    assert_true(cons_head(cons_tail(copy)) == stays);
    literal_leave(NULL);
    literal_leaving_refresh();
    memset(area->start, 0xFF, area->words * sizeof(Term));
    assert_true(term_equal_exact(cons_head(copy), stays));
    assert_true(term_equal_exact(cons_tail(cons_tail(copy)), stays));
    assert_int_equal(4 + 3 * 3, term_flat_words(copy));
    literal_area_destroy(area);
    literal_area_destroy(other);
    stop();
}

static int destroyed;
static void count_destroyed(Magic *magic)
{
    destroyed++;
}

TEST(a_magic_reference_ends_what_it_owns_when_the_last_holder_goes)
{
    static const char type, other_type;
    Magic magic = {.references = 1, .destroy = count_destroyed, .type = &type};
    destroyed = 0;
    start();
    Term ref = make_magic_ref(space, &magic, 77);
    assert_true(term_is_reference(ref));
    assert_true(term_is_local_ref(ref));
    assert_int_equal(ref_number(ref), 77);
    assert_ptr_equal(magic_of(ref, &type), &magic);
    assert_null(magic_of(ref, &other_type));
    assert_null(magic_of(ATOM_ok, &type));
    ArenaSpace *second = arena_space_create();
    Term copy = term_copy(arena_space(second), ref);
    assert_ptr_equal(magic_of(copy, &type), &magic);
    stop();
    assert_int_equal(destroyed, 0);
    arena_space_destroy(second);
    assert_int_equal(destroyed, 1);
}

TEST(references_become_words_and_back)
{
    start();
    static const uint64_t numbers[] = {0, 1, 0x3FFFF, 0x40000, UINT64_MAX, 0x123456789ABCDEF0};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        for (uint64_t extra = 0; extra < 3; extra++) {
            uint32_t ids[EXTERNAL_IDS_MAX];
            uint64_t number, back;
            Term ref = make_ref_of(space, numbers[i], extra << 31);
            uint32_t count = ref_to_ids(ref, ids);
            assert_true(ref_from_ids(ids, count, &number, &back));
            assert_true(number == numbers[i]);
            assert_true(back == extra << 31);
        }
    }
    stop();
}
