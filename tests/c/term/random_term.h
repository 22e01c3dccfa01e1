/* tests/c/term/random_term.h
 * Random terms of every kind, the same for the same seed, for tests of what works on any term. */
#ifndef MUSTER_TESTS_RANDOM_TERM_H
#define MUSTER_TESTS_RANDOM_TERM_H

#include "runtime/term/arith.h"
#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "runtime/term/code.h"
#include "runtime/term/map.h"
#include "runtime/term/ref.h"
#include "runtime/term/space.h"
#include "tests/c/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static inline size_t random_below(uint64_t *seed, size_t limit)
{
    return (size_t) (test_random(seed) % limit);
}

static inline Term random_number(Space *space, uint64_t *seed)
{
    static const double doubles[] = {0.0,    -0.0,   1.0,    -1.0,   0.5,   1e300,    -1e300,
                                     1e-300, 0x1p53, 0x1p62, 0x1p64, 1e100, 4.0e-320, 2.5};
    char text[80];
    switch (random_below(seed, 6)) {
    case 0:
        return term_small((int64_t) random_below(seed, 20) - 10);
    case 1:
        return make_int64(space, (int64_t) test_random(seed));
    case 2:
        return make_float(space, doubles[random_below(seed, COUNT_OF(doubles))]);
    case 3:
        return make_float(space, (double) (int64_t) test_random(seed) / 1024);
    case 4: {
        int count = 20 + (int) random_below(seed, 50);
        for (int i = 0; i < count; i++) {
            text[i] = (char) ('1' + random_below(seed, 9));
        }
        if (random_below(seed, 2) == 0) {
            text[0] = '-';
        }
        return integer_parse(space, text, (size_t) count, 10);
    }
    default: /* around the borders of exact floats and smalls */
        return make_int64(space, ((int64_t) 1 << (50 + random_below(seed, 13))) +
                                     (int64_t) random_below(seed, 5) - 2);
    }
}

static inline Term random_bitstring(Space *space, uint64_t *seed)
{
    uint8_t bytes[300] = {0};
    size_t size =
        random_below(seed, 4) == 0 ? random_below(seed, sizeof bytes) : random_below(seed, 12);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t) random_below(seed, 3);
    }
    Term t = make_binary(space, bytes, size);
    size_t bits = size * 8, offset = bits == 0 ? 0 : random_below(seed, bits);
    switch (random_below(seed, 3)) {
    case 0:
        return t;
    case 1:
        return make_sub_bits(space, t, offset, random_below(seed, bits - offset + 1));
    default:
        return make_bitstring(space, (Bits){bytes, offset, bits - offset});
    }
}

static inline Term random_fun(Space *space, uint64_t *seed)
{
    static FunEntry entries[3] = {
        {ATOM_erlang, ATOM_normal, 1, 0, 0, 0, 1, {1}},
        {ATOM_erlang, ATOM_normal, 2, 1, 1, 1, 1, {1}},
        {ATOM_file, ATOM_normal, 2, 1, 2, 1, 1, {1}},
    };
    static Export exports[2] = {{ATOM_erlang, ATOM_abs, 1}, {ATOM_erlang, ATOM_abs, 2}};
    size_t which = random_below(seed, 5);
    if (which >= 3) {
        Term *object = space_alloc(space, 2);
        object[0] = HEADER(KIND_export, 1);
        object[1] = (Term) &exports[which - 3];
        return term_boxed(object);
    }
    Term *object = space_alloc(space, 2 + which);
    object[0] = HEADER(KIND_fun, 1 + which);
    object[1] = (Term) &entries[which];
    for (size_t i = 0; i < which; i++) {
        object[2 + i] = term_small((int64_t) random_below(seed, 3));
    }
    return term_boxed(object);
}

static inline Term random_leaf(Space *space, uint64_t *seed)
{
    static const char *const names[] = {"a", "b", "aa", "", "true", "å", "long_name_of_an_atom"};
    switch (random_below(seed, 12)) {
    case 0:
    case 1:
    case 2:
        return random_number(space, seed);
    case 3:
    case 4:
        return atom_of(names[random_below(seed, COUNT_OF(names))]);
    case 5:
        return TERM_NIL;
    case 6:
        return random_fun(space, seed);
    case 7:
        return term_pid(random_below(seed, 3) << (random_below(seed, 2) * 28));
    case 8:
        return random_below(seed, 2) == 0 ? term_port(random_below(seed, 3))
                                          : make_ref_of(space, random_below(seed, 3), 0);
    case 9:
        return term_small((int64_t) random_below(seed, 3));
    default:
        return random_bitstring(space, seed);
    }
}

/* `size` bounds how much is in it. */
static inline Term random_term(Space *space, uint64_t *seed, size_t size)
{
    Term parts[80];
    if (size <= 1) {
        return random_leaf(space, seed);
    }
    size_t kind = random_below(seed, 8);
    size_t most = size < 40 ? size : 40, count = 1 + random_below(seed, most);
    if (kind == 3 && size >= 60) {
        count = 40; /* a big map */
    }
    size_t each = (size - 1) / count;
    switch (kind) {
    case 0:
    case 1:
    case 2: {
        Term list = random_below(seed, 8) == 0 ? random_leaf(space, seed) : TERM_NIL;
        for (size_t i = 0; i < count; i++) {
            list = make_cons(space, random_term(space, seed, each), list);
        }
        return list;
    }
    case 3:
    case 4:
        for (size_t i = 0; i < count; i++) {
            parts[2 * i] = random_term(space, seed, each < 3 ? each : 3);
            parts[2 * i + 1] = random_term(space, seed, each > 3 ? each - 3 : 1);
        }
        return map_from_pairs(space, parts, count);
    case 5:
        return random_leaf(space, seed);
    default:
        for (size_t i = 0; i < count; i++) {
            parts[i] = random_term(space, seed, each);
        }
        return make_tuple(space, parts, count);
    }
}

#endif
