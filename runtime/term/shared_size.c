/* runtime/term/shared_size.c
 * How large a term is where it lies: each object once, however many ways lead to it. A set of the
 * addresses met (open addressing, at most half full), and a stack of what is still to be looked at.
 */
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"

typedef struct Met {
    const Term **places; /* NULL: free */
    size_t count, mask;
    Term *waiting;
    size_t waiting_count, waiting_capacity;
} Met;

static size_t place_of(const Met *met, const Term *object)
{
    size_t at = (size_t) (((uintptr_t) object >> 3) * 0x9E3779B97F4A7C15u >> 20) & met->mask;
    while (met->places[at] != NULL && met->places[at] != object) {
        at = (at + 1) & met->mask;
    }
    return at;
}

static void grow(Met *met)
{
    const Term **old = met->places;
    size_t old_count = old == NULL ? 0 : met->mask + 1;
    met->mask = old == NULL ? 255 : old_count * 2 - 1;
    met->places = mem_alloc_zero((met->mask + 1) * sizeof met->places[0]);
    for (size_t i = 0; i < old_count; i++) {
        if (old[i] != NULL) {
            met->places[place_of(met, old[i])] = old[i];
        }
    }
    mem_free(old);
}

/* Puts aside what `t` points to, the first time. */
static void meet(Met *met, Term t)
{
    if (!term_is_pointer(t)) {
        return;
    }
    if (met->places == NULL || met->count * 2 > met->mask) {
        grow(met);
    }
    size_t at = place_of(met, term_pointer(t));
    if (met->places[at] != NULL) {
        return;
    }
    met->places[at] = term_pointer(t);
    met->count++;
    if (met->waiting_count == met->waiting_capacity) {
        met->waiting_capacity = met->waiting_capacity * 2 + 64;
        met->waiting = mem_realloc(met->waiting, met->waiting_capacity * sizeof met->waiting[0]);
    }
    met->waiting[met->waiting_count++] = t;
}

size_t term_shared_words(Term t)
{
    Met met = {0};
    size_t words = 0;
    meet(&met, t);
    while (met.waiting_count > 0) {
        Term object = met.waiting[--met.waiting_count];
        const Term *at = term_pointer(object);
        size_t from = 0, count = 2;
        if (!term_is_cons(object)) {
            size_t raw = kind_raw_words[header_kind(at[0])];
            count = 1 + header_words(at[0]);
            from = raw == KIND_ALL_RAW ? count : 1 + raw;
        }
        words += count;
        for (; from < count; from++) {
            meet(&met, at[from]);
        }
    }
    mem_free(met.places);
    mem_free(met.waiting);
    return words;
}
