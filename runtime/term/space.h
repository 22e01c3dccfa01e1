/* runtime/term/space.h
 * A Space is where terms are built: a bump region and what to do when it is full. The young heap
 * of a process, a message being made, a module's literals and the compiler's constants are all
 * Spaces, so every function that makes terms works for all of them.
 *
 * Building never collects and never moves anything: when the region is full, `grow` hands out room
 * elsewhere (a process heap chains a fragment and collects at the next safepoint). C code can hold
 * terms across any number of allocations.
 *
 * A Space has one owner thread at a time. */
#ifndef MUSTER_TERM_SPACE_H
#define MUSTER_TERM_SPACE_H

#include "runtime/term/term.h"

typedef struct Space Space;
struct Space {
    Term *top;   /* next free word */
    Term *limit; /* first word that may not be used */
    /* Boxed objects of this space that hold something outside (refc_binary, magic), linked through
     * their first word after the header. The owner of the Space drops each once, at the end. */
    Term *off_heap;
    size_t off_heap_bytes; /* weight of what they hold, for the collector's policy */
    size_t off_heap_limit; /* over this weight, who adds calls grow(space, 0); 0: no limit */
    /* Called when `words` do not fit. Returns room for them outside the region, or NULL when there
     * is no memory or a limit of the owner (max heap) is reached. Never collects. With 0 words:
     * off_heap_bytes is over its limit; returns NULL. */
    Term *(*grow)(Space *space, size_t words);
};

/* Room for `words`, uninitialised: fill it before anything can collect. NULL only when grow says
 * so; callers whose need is small and bounded use space_alloc, which then stops the owner:
 * `space_exhausted` (set at start by gc) raises system_limit at the next safepoint. */
static inline Term *space_try_alloc(Space *space, size_t words)
{
    Term *at = space->top;
    if (UNLIKELY(words > (size_t) (space->limit - at))) {
        return space->grow(space, words);
    }
    space->top = at + words;
    return at;
}
/* As space_try_alloc, for small bounded needs (up to a few hundred words): never NULL. */
static inline Term *space_alloc(Space *space, size_t words)
{
    Term *at = space_try_alloc(space, words);
    CHECK(at != NULL);
    return at;
}

/* A Space of its own, in chunks of malloc'd memory; grows without bound until destroyed. For
 * literals under construction, the compiler and tests. */
typedef struct ArenaSpace ArenaSpace;
ArenaSpace *arena_space_create(void);
/* With room for so many words at first. */
ArenaSpace *arena_space_create_for(size_t words);
Space *arena_space(ArenaSpace *arena);
/* Drops the off-heap objects and frees all memory. */
void arena_space_destroy(ArenaSpace *arena);

/* Drops every off-heap object in the list: one reference each. Any thread. */
void off_heap_drop_all(Term *first);

/* ---- the common small builders; all need few words and cannot fail ---- */

static inline Term make_cons(Space *space, Term head, Term tail)
{
    Term *cell = space_alloc(space, 2);
    cell[0] = head;
    cell[1] = tail;
    return term_cons(cell);
}
static inline Term make_float(Space *space, double value)
{
    Term t = immediate_float(value);
    if (UNLIKELY(t == TERM_NONE)) {
        Term *object = space_alloc(space, 2);
        object[0] = HEADER(KIND_float, 1);
        memcpy(object + 1, &value, sizeof value);
        return term_boxed(object);
    }
    return t;
}
Term make_tuple2(Space *space, Term a, Term b);
Term make_tuple3(Space *space, Term a, Term b, Term c);
Term make_tuple4(Space *space, Term a, Term b, Term c, Term d);
Term make_tuple(Space *space, const Term elements[], size_t arity); /* arity under 2^24 */
/* Lists of `count` terms, the last tail given. TERM_LIMIT when there is no memory. */
Term make_list(Space *space, const Term elements[], size_t count, Term tail);
/* A list of the code points of UTF-8 text (`size_bytes` of it; must be valid), or of bytes. */
Term make_string_utf8(Space *space, const char *text, size_t size_bytes);
Term make_string_latin1(Space *space, const char *text, size_t size_bytes);
/* An integer term of any 64-bit value (a big where it does not fit a small). */
Term make_int64(Space *space, int64_t value);
Term make_uint64(Space *space, uint64_t value);

/* ---- literals ----
 * Literals live in one reserved range of addresses, outside all process heaps: the collector and
 * the copier tell them by address and leave them. */
extern Term *literal_range_start, *literal_range_end;
static inline bool pointer_is_literal(const Term *at)
{
    return (size_t) (at - literal_range_start) < (size_t) (literal_range_end - literal_range_start);
}
/* What this thread knows of the area that is leaving: literal.h. */
typedef struct LiteralLeaving {
    const Term *start;
    size_t words;
    uint32_t turn;
} LiteralLeaving;
extern _Thread_local LiteralLeaving literal_leaving __attribute__((tls_model("initial-exec")));
/* A copy shares what is there. */
static inline bool pointer_is_shared(const Term *at)
{
    return pointer_is_literal(at) &&
           LIKELY((size_t) (at - literal_leaving.start) >= literal_leaving.words);
}
/* Needs no copy. */
static inline bool term_is_literal(Term t)
{
    return !term_is_pointer(t) || pointer_is_shared(term_pointer(t));
}
/* Copies `t` into the literal range, for good: deep, and without literals of others. Any thread.
 * TERM_NONE when the range is full. */
Term literal_intern(Term t);

#endif
