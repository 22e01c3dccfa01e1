/* runtime/bif_data.h
 * What the built-ins on data share: walking iodata and character data, building lists from the
 * front, text to terms. Private to runtime/bif_*.c. */
#ifndef MUSTER_RUNTIME_BIF_DATA_H
#define MUSTER_RUNTIME_BIF_DATA_H

#include "runtime/bif.h"
#include "runtime/term/arith.h"
#include "runtime/term/bits.h"
#include "runtime/term/code.h"
#include "runtime/term/compare.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "runtime/term/print.h"
#include "runtime/term/ref.h"

/* ---- results ---- */

/* The result of a function of the floor, or the exception that it stands for. */
static inline Term bif_result(Process *p, Term result)
{
    return LIKELY(result != TERM_NONE && result != TERM_LIMIT) ? result : bif_failed(p, result);
}
static inline Term bif_system_limit(Process *p)
{
    return bif_error(p, ATOM_system_limit);
}

/* ---- lists built from the front ---- */

typedef struct ListBuilder {
    Space *space;
    Term first;  /* NIL until the first element */
    Term *last;  /* its cell */
    bool failed; /* there was no memory */
} ListBuilder;
static inline void list_start(ListBuilder *list, Space *space)
{
    *list = (ListBuilder){.space = space, .first = TERM_NIL};
}
static inline void list_add(ListBuilder *list, Term element)
{
    Term *cell = space_try_alloc(list->space, 2);
    if (UNLIKELY(cell == NULL)) {
        list->failed = true;
        return;
    }
    cell[0] = element;
    cell[1] = TERM_NIL;
    if (list->last == NULL) {
        list->first = term_cons(cell);
    } else {
        list->last[1] = term_cons(cell);
    }
    list->last = cell;
}
/* TERM_LIMIT when there was no memory. */
static inline Term list_end(ListBuilder *list, Term tail)
{
    if (list->failed) {
        return TERM_LIMIT;
    }
    if (list->last == NULL) {
        return tail;
    }
    list->last[1] = tail;
    return list->first;
}

/* ---- lists built before their length is known ----
 * From `at` on there is room for cells, of so many as a list that takes long has, at most. What was
 * used of it is the heap's after cells_take. */
typedef struct CellRoom {
    Term **top; /* what is to become its end */
    Term *at, *end;
} CellRoom;
CellRoom cells_room(Process *p);
static inline void cells_take(const CellRoom *room, Term *end)
{
    *room->top = end;
}

/* ---- walking deep lists, as iodata and chardata are ---- */

/* Gives the leaves of a deep list in order. The stack of pending tails moves into malloc'd memory
 * when it is long: no depth is too deep. Start with deep_start, end with deep_finish; not to be
 * copied or moved between. */
enum { DEEP_NEAR = 24 };
typedef struct DeepWalk {
    Term at;
    Term *pending;
    size_t count, capacity;
    Term near[DEEP_NEAR];
} DeepWalk;
typedef enum DeepItem {
    DEEP_LEAF, /* an element of a list that is neither list nor nil */
    DEEP_TAIL, /* the tail of an improper list, or the whole term is no list */
    DEEP_END,
} DeepItem;
void deep_start(DeepWalk *walk, Term t);
DeepItem deep_next(DeepWalk *walk, Term *item);
void deep_finish(DeepWalk *walk);

/* Bytes of iodata; -1: it is none. */
int64_t iodata_size(Term iodata);
/* The same; IODATA_IS_LONG: there are more than so many cells. */
enum { IODATA_IS_LONG = -2 };
int64_t iodata_size_within(Term iodata, int64_t steps);
/* How many it may be here, of steps that take a nanosecond or two each: a built-in that finds more
 * leaves (bif_leave). */
enum { LONG_QUICK_STEPS = 4 * LONG_STEPS };
static inline int64_t bif_steps(void)
{
    return bif_may_leave() ? LONG_QUICK_STEPS : INT64_MAX;
}
/* Writes what iodata_size counted. */
void iodata_write(Term iodata, uint8_t *out);
/* The iodata as one binary term: itself when it is one. TERM_NONE, TERM_LIMIT. */
Term iodata_to_binary(Space *space, Term iodata);
/* The same; TERM_TRAP: there are more than so many cells. */
Term iodata_to_binary_within(Space *space, Term iodata, int64_t steps);
/* The bytes of iodata without a copy where it is one aligned binary; mem_free(*scratch) after.
 * NULL: it is no iodata, or there is no memory. */
const uint8_t *iodata_view(Term iodata, size_t *size_bytes, void **scratch);

/* A flat list of characters 0..255 in malloc'd memory (NUL-terminated); NULL: it is none. */
char *latin1_list_text(Term list, size_t *size_bytes);

/* ---- small things ---- */

/* A non-negative index or size; false: no integer, negative, or too large for int64. */
static inline bool term_to_index(Term t, int64_t *out)
{
    return term_to_int64(t, out) && *out >= 0;
}
static inline bool tuple_is(Term t, size_t arity)
{
    return term_is_tuple(t) && tuple_arity(t) == arity;
}
/* {Address, Bytes, References} of each binary among off-heap objects, before `list`. */
Term off_heap_binaries(Space *space, const Term *object, Term list);
/* {badmap, Map} */
Term bif_badmap(Process *p, Term map);
/* {badkey, Key} */
Term bif_badkey(Process *p, Term key);

/* persistent_term, when no process is left: none is there. Keys and values are literals, which stay
 * for the next that are equal. */
void persistent_terms_forget(void);

#endif
