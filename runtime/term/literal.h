/* runtime/term/literal.h
 * Where literals live, and how they leave. The literals of a module (and of others who make some)
 * lie in an area, which ends with the module. Processes may still refer to them then, so before an
 * area is freed
 *
 *   1. it is declared to be *leaving*: a copy of a term shares its literals no longer;
 *   2. every thread comes to know that (at its next quiescent point), so that no term with such a
 *      literal is on its way any more;
 *   3. every process copies what it still refers to into its heap (gc: heap_take_literals);
 *   4. every thread passes one more quiescent point.
 *
 * What keeps terms elsewhere than in processes (tables, timers, the host) keeps flat copies,
 * without literals of others: term_copy_flat. At most one area is leaving at a time.
 *
 *   literal_leaving_turn   under the lock: store release / load acquire
 *   literal_leaving        its thread's own; read at every copy */
#ifndef MUSTER_TERM_LITERAL_H
#define MUSTER_TERM_LITERAL_H

#include "runtime/term/space.h"

typedef struct LiteralArea {
    Term *start;
    size_t words;
    Term *off_heap; /* of the objects in it, linked */
} LiteralArea;

/* Copies the terms into an area of their own and replaces them by the copies. NULL: no memory. */
LiteralArea *literal_area_create(Term *const terms[], size_t count);
/* Nobody refers to it. May be NULL. */
void literal_area_destroy(LiteralArea *area);
/* In use by areas. */
size_t literal_bytes(void);

/* The area that is to leave; NULL: none any more. */
void literal_leave(const LiteralArea *area);
/* At a quiescent point of the thread. */
void literal_leaving_look(void);
extern volatile uint32_t literal_leaving_turn;
static inline void literal_leaving_refresh(void)
{
    if (UNLIKELY(__atomic_load_n(&literal_leaving_turn, __ATOMIC_ACQUIRE) !=
                 literal_leaving.turn)) {
        literal_leaving_look();
    }
}

#endif
