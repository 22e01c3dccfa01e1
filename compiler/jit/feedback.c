/* compiler/jit/feedback.c: see feedback.h. */
#include "compiler/jit/feedback.h"

#include "runtime/term/mem.h"

enum { DEPTH_MOST = 4 };

/* ---- guesses ---- */

Guess *guess_create(Guess **list, const Function *function, Code origin, GuessReason reason,
                    uint32_t slot)
{
    Guess *guess = mem_alloc_zero(sizeof *guess);
    guess->next = *list;
    guess->function = function;
    guess->origin = origin;
    guess->slot = (uint16_t) slot;
    guess->reason = (uint8_t) reason;
    *list = guess;
    return guess;
}

void guess_destroy_all(Guess *list)
{
    while (list != NULL) {
        Guess *next = list->next;
        mem_free(list);
        list = next;
    }
}

uint32_t guess_failed(Guess *guess, Term value)
{
    uint32_t kinds = value == TERM_NONE ? IS_OTHER : kinds_of(value);
    atomic_fetch_or_explicit(&guess->kinds, (uint16_t) kinds, memory_order_relaxed);
    if (guess->reason == GUESS_FUN && kinds == IS_FUN && boxed_kind(value) == KIND_fun) {
        const FunEntry *none = NULL;
        atomic_compare_exchange_strong_explicit(&guess->fun, &none, fun_entry(value),
                                                memory_order_relaxed, memory_order_relaxed);
    }
    return atomic_fetch_add_explicit(&guess->count, 1, memory_order_relaxed) + 1;
}

void funs_seen_add(FunsSeen *seen, const FunEntry *fun)
{
    for (uint32_t i = 0; i < seen->count && i < FUNS_MOST; i++) {
        if (seen->funs[i] == fun) {
            return;
        }
    }
    if (fun != NULL && seen->count < FUNS_MOST) {
        seen->funs[seen->count++] = fun;
    } else {
        seen->count = FUNS_MOST + 1;
    }
}

/* ---- profiles ---- */

static void look_at(Profile *profile, uint8_t *index, Term value, uint32_t depth)
{
    ProfileNode *node;
    uint32_t kinds = kinds_of(value);
    if (*index == 0) {
        if (profile->count + 1 >= PROFILE_NODES) {
            return;
        }
        *index = (uint8_t) ++profile->count;
    }
    node = &profile->nodes[*index];
    node->kinds |= (uint16_t) kinds;
    if (kinds == IS_FUN) { /* those of other modules by name are any */
        funs_seen_add(&node->funs, boxed_kind(value) == KIND_fun ? fun_entry(value) : NULL);
    }
    if (depth >= DEPTH_MOST) {
        return;
    }
    if (kinds == IS_CONS) {
        look_at(profile, &node->parts[0], cons_head(value), depth + 1);
    } else if (kinds == IS_TUPLE) {
        for (uint32_t i = 0; i < tuple_arity(value) && i < PROFILE_PARTS; i++) {
            look_at(profile, &node->parts[i], tuple_elements(value)[i], depth + 1);
        }
    }
}

void profile_look(Profile *profile, const Term *frame, uint32_t slots, uint64_t is_live)
{
    for (uint32_t slot = 1; slot < slots && slot < PROFILE_SLOTS; slot++) {
        if (is_live >> slot & 1) {
            look_at(profile, &profile->slots[slot], *(frame - slot), 0);
        }
    }
}
