/* runtime/term/arith_big.h
 * Private to arith*.c and number_text.c: integers seen as sign and limbs, and building one.
 *
 * A big under construction takes the most room that it may need; big_finish makes it canonical (no
 * leading zero limbs, a small where it fits) and gives the rest back. Where the room cannot be
 * given back (it did not come from the region), a raw object fills it, so that a Space can always
 * be walked object by object. */
#ifndef MUSTER_TERM_ARITH_BIG_H
#define MUSTER_TERM_ARITH_BIG_H

#include "runtime/term/arith.h"

#include <gmp.h>

static_assert(sizeof(mp_limb_t) == sizeof(Term) && GMP_NAIL_BITS == 0, "a limb is a term word");
enum { LIMB_BITS = 64 };
/* No integer has more limbs; results are checked bit by bit. */
#define ARITH_MAX_LIMBS (ARITH_MAX_BITS / LIMB_BITS)

typedef struct Limbs {
    const mp_limb_t *at; /* least significant first; the last is not 0 */
    size_t count;        /* 0 for 0 */
    mp_limb_t one;       /* the limb of a small; `at` points here: do not copy the struct */
    bool negative;
} Limbs;

static inline void limbs_of(Term integer, Limbs *out)
{
    if (term_is_small(integer)) {
        int64_t value = small_value(integer);
        out->negative = value < 0;
        out->one = value < 0 ? 0 - (uint64_t) value : (uint64_t) value;
        out->at = &out->one;
        out->count = value != 0;
    } else {
        ASSERT(term_is_big(integer));
        const Term *object = term_boxed_at(integer);
        out->negative = header_kind(object[0]) == KIND_big_neg;
        out->at = (const mp_limb_t *) object + 1;
        out->count = header_words(object[0]);
    }
}

static inline size_t limbs_bits(const mp_limb_t *limbs, size_t count)
{
    return count == 0 ? 0 : count * LIMB_BITS - (size_t) __builtin_clzl(limbs[count - 1]);
}

typedef struct Big {
    mp_limb_t *limbs; /* NULL: no memory */
    size_t count;
    bool in_region;
} Big;

static inline Big big_start(Space *space, size_t count)
{
    Term *top = space->top;
    Term *object = space_try_alloc(space, count + 1);
    return (Big){
        .limbs = object == NULL ? NULL : (mp_limb_t *) object + 1,
        .count = count,
        .in_region = object == top,
    };
}

/* The integer with the magnitude in big->limbs; TERM_LIMIT when it is too large. */
Term big_finish(Space *space, Big *big, bool negative);
/* Gives all of it back. */
void big_drop(Space *space, Big *big);

Term make_int128(Space *space, __int128_t value);

/* What arith_cost answers. */
extern _Thread_local uint32_t arith_last_cost;
static inline void cost_set(uint64_t limb_steps)
{
    uint64_t cost = limb_steps / 128;
    arith_last_cost = cost > UINT32_MAX ? UINT32_MAX : (uint32_t) cost;
}
/* Limb steps of a product or quotient of so many limbs: schoolbook, then something better. */
static inline uint64_t product_steps(size_t a, size_t b)
{
    size_t less = a < b ? a : b;
    return (uint64_t) (a + b) * (less < 64 ? less : 64);
}

#endif
