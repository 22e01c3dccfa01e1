/* tests/c/term/atom_test.c
 * The atom table: same name, same atom; names stay where they are; many threads at once. */
#include "runtime/term/atom.h"

#include "tests/c/test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

TEST(known_atoms_have_their_names)
{
    atoms_init();
    atoms_init(); /* once is enough */
    assert_true(atom_of("ok") == ATOM_ok);
    assert_true(atom_of("[]") == ATOM_nil);
    assert_true(atom_of("") == ATOM_empty);
    assert_string_equal(atom_name(ATOM_badarith), "badarith");
    assert_int_equal(atom_name_bytes(ATOM_badarith), 8);
    assert_true(term_is_atom(ATOM_false));
}

TEST(one_name_is_one_atom)
{
    atoms_init();
    uint32_t before = atom_count();
    assert_true(atom_find("never seen", 10) == TERM_NONE);
    Term atom = atom_make("never seen", 10);
    assert_true(term_is_atom(atom));
    assert_int_equal(atom_count(), before + 1);
    assert_true(atom_make("never seen", 10) == atom);
    assert_true(atom_find("never seen", 10) == atom);
    assert_true(atom_make("never seen\0", 11) != atom);
    assert_int_equal(atom_count(), before + 2);
}

TEST(names_are_utf8_of_at_most_255_characters)
{
    char name[1024];
    atoms_init();
    memset(name, 'x', sizeof name);
    assert_true(term_is_atom(atom_make(name, 255)));
    assert_true(atom_make(name, 256) == TERM_LIMIT);
    assert_true(atom_make(name, 1021) == TERM_LIMIT);
    for (int i = 0; i < 256; i++) {
        memcpy(name + 4 * i, "\xF0\x9F\x98\x80", 4);
    }
    assert_true(term_is_atom(atom_make(name, 4 * 255)));
    assert_true(atom_make(name, 4 * 256) == TERM_LIMIT);
    assert_true(atom_make(name, 4 * 255 - 1) == TERM_NONE);
    assert_true(atom_make("\xFF", 1) == TERM_NONE);
    assert_true(atom_make("\xC0\x80", 2) == TERM_NONE);     /* overlong */
    assert_true(atom_make("\xED\xA0\x80", 3) == TERM_NONE); /* a surrogate */
    assert_true(term_is_atom(atom_make("h\xC3\xA9", 3)));
    assert_true(atom_find(name, 5000) == TERM_NONE);
}

TEST(atoms_are_ordered_by_code_points)
{
    static const char *const sorted[] = {
        "",          "A", "a", "aa",       "ab",       "abcdefgh",     "abcdefgha",
        "abcdefghb", "b", "z", "\xC3\xA9", "\xCF\x89", "\xEF\xBF\xBD", "\xF0\x9F\x98\x80"};
    atoms_init();
    for (size_t i = 0; i < COUNT_OF(sorted); i++) {
        for (size_t j = 0; j < COUNT_OF(sorted); j++) {
            assert_int_equal(atom_compare(atom_of(sorted[i]), atom_of(sorted[j])),
                             i < j ? -1 : i > j);
        }
    }
    Term short_one = atom_make("a", 1), with_nul = atom_make("a\0", 2);
    assert_int_equal(atom_compare(short_one, with_nul), -1);
    assert_int_equal(atom_compare(with_nul, short_one), 1);
}

TEST(the_limit_is_kept)
{
    atoms_init();
    uint32_t limit = atom_limit;
    atom_limit = atom_count();
    assert_true(atom_make("one too many", 12) == TERM_LIMIT);
    assert_true(atom_make("ok", 2) == ATOM_ok);
    atom_limit = limit;
    assert_true(term_is_atom(atom_make("one too many", 12)));
}

enum { THREADS = 4, NAMES = 20000 };
static Term made[THREADS][NAMES];

static void *make_names(void *argument)
{
    Term *out = argument;
    for (int i = 0; i < NAMES; i++) {
        char name[32];
        int size = sprintf(name, "shared_%d", i);
        out[i] = atom_make(name, (size_t) size);
        if (strcmp(atom_name(out[i]), name) != 0) {
            abort();
        }
    }
    return NULL;
}

TEST(threads_that_make_the_same_names_get_the_same_atoms)
{
    pthread_t threads[THREADS];
    atoms_init();
    uint32_t before = atom_count();
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, make_names, made[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    for (int i = 0; i < NAMES; i++) {
        for (int t = 1; t < THREADS; t++) {
            assert_true(made[t][i] == made[0][i]);
        }
    }
    assert_int_equal(atom_count(), before + NAMES);
}
