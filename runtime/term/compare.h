/* runtime/term/compare.h
 * Order, equality and hashing of terms, as Erlang has them:
 * number < atom < reference < fun < port < pid < tuple < map < nil < list < bitstring.
 * None recurses on the C stack beyond a fixed depth, allocates in a Space or collects; any thread
 * may call them on terms that do not change. */
#ifndef MUSTER_TERM_COMPARE_H
#define MUSTER_TERM_COMPARE_H

#include "runtime/term/term.h"

bool term_equal_exact_slow(Term a, Term b);
/* =:= */
static inline bool term_equal_exact(Term a, Term b)
{
    if (a == b) {
        return true;
    }
    /* Two different words are equal only where both point to memory of the same tag. */
    return term_is_pointer(a) && ((a ^ b) & TAG_MASK) == 0 && term_equal_exact_slow(a, b);
}
/* == : numbers by value, 1 == 1.0 (also inside terms; not in map keys). */
bool term_equal(Term a, Term b);
/* Negative, 0, positive; 0 exactly when term_equal. */
int term_compare(Term a, Term b);
/* The order of map keys: as term_compare, but an integer comes before the equal float. */
int term_compare_exact(Term a, Term b);
/* Agrees with =:=. Stable within one run of the machine and, when `hash_seed` is left 0, between
 * runs. For maps and tables. */
uint64_t term_hash(Term t);
extern uint64_t hash_seed;
/* erlang:phash2/1 before the range is applied: equal to OTP's for every term. */
uint32_t term_phash2(Term t);
/* erlang:phash/2 before the range is applied: equal to OTP's for every term but local funs. */
uint32_t term_phash(Term t);

#endif
