/* proc/dictionary.c
 * The process dictionary: a table of pairs with open addressing, made with the first `put`. All of
 * it is a root; keys are hashed by value, so that collections may move them. */
#include "proc/process.h"
#include "runtime/term/compare.h"
#include "runtime/term/mem.h"

enum { CAPACITY_AT_FIRST = 4 };

/* The pair of `key`, or the free one where it would go. The table is never full. */
static Term *find(const ProcessExtra *extra, Term key)
{
    uint32_t mask = extra->dictionary_capacity - 1;
    uint32_t at = (uint32_t) term_hash(key) & mask;
    bool by_word = !term_is_pointer(key);
    for (;; at = (at + 1) & mask) {
        Term *pair = &extra->dictionary[2 * (size_t) at];
        if (pair[0] == key || pair[0] == TERM_NONE ||
            (!by_word && term_equal_exact(pair[0], key))) {
            return pair;
        }
    }
}

static void resize(ProcessExtra *extra, uint32_t capacity)
{
    Term *old = extra->dictionary;
    uint32_t old_capacity = extra->dictionary_capacity;
    extra->dictionary = mem_alloc(2 * (size_t) capacity * sizeof(Term));
    extra->dictionary_capacity = capacity;
    for (size_t i = 0; i < 2 * (size_t) capacity; i++) {
        extra->dictionary[i] = TERM_NONE;
    }
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[2 * i] != TERM_NONE) {
            Term *pair = find(extra, old[2 * i]);
            pair[0] = old[2 * i];
            pair[1] = old[2 * i + 1];
        }
    }
    mem_free(old);
}

Term process_dictionary_get(Process *p, Term key)
{
    if (p->extra == NULL || p->extra->dictionary_count == 0) {
        return TERM_NONE;
    }
    return find(p->extra, key)[1]; /* TERM_NONE in free pairs */
}

Term process_dictionary_put(Process *p, Term key, Term value)
{
    ProcessExtra *extra = process_extra(p);
    if (extra->dictionary_count >= extra->dictionary_capacity / 2) {
        resize(extra, extra->dictionary_capacity == 0 ? CAPACITY_AT_FIRST
                                                      : 2 * extra->dictionary_capacity);
    }
    Term *pair = find(extra, key);
    Term before = pair[1];
    if (pair[0] == TERM_NONE) {
        pair[0] = key;
        extra->dictionary_count++;
    }
    pair[1] = value;
    return before;
}

Term process_dictionary_erase(Process *p, Term key)
{
    ProcessExtra *extra = p->extra;
    if (extra == NULL || extra->dictionary_count == 0) {
        return TERM_NONE;
    }
    Term *pair = find(extra, key);
    Term before = pair[1];
    if (pair[0] == TERM_NONE) {
        return TERM_NONE;
    }
    /* Close the gap: pairs behind it move up unless that would take them before their place. */
    uint32_t mask = extra->dictionary_capacity - 1;
    uint32_t gap = (uint32_t) ((pair - extra->dictionary) / 2);
    for (uint32_t at = (gap + 1) & mask; extra->dictionary[2 * (size_t) at] != TERM_NONE;
         at = (at + 1) & mask) {
        uint32_t home = (uint32_t) term_hash(extra->dictionary[2 * (size_t) at]) & mask;
        if (((at - home) & mask) >= ((at - gap) & mask)) {
            memcpy(&extra->dictionary[2 * (size_t) gap], &extra->dictionary[2 * (size_t) at],
                   2 * sizeof(Term));
            gap = at;
        }
    }
    extra->dictionary[2 * (size_t) gap] = extra->dictionary[2 * (size_t) gap + 1] = TERM_NONE;
    extra->dictionary_count--;
    return before;
}

void process_dictionary_each(Process *p, void (*visit)(Term key, Term value, void *state),
                             void *state)
{
    for (size_t i = 0; p->extra != NULL && i < p->extra->dictionary_capacity; i++) {
        if (p->extra->dictionary[2 * i] != TERM_NONE) {
            visit(p->extra->dictionary[2 * i], p->extra->dictionary[2 * i + 1], state);
        }
    }
}

void process_dictionary_clear(Process *p)
{
    if (p->extra != NULL) {
        mem_free(p->extra->dictionary);
        p->extra->dictionary = NULL;
        p->extra->dictionary_count = p->extra->dictionary_capacity = 0;
    }
}
