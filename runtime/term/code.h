/* runtime/term/code.h
 * The identity of code, as terms refer to it. The rest of a function (its instructions, its
 * counters) is known to runtime/ alone, which embeds these structs as first members. They live for
 * the life of the machine: a term may point to them for ever. */
#ifndef MUSTER_TERM_CODE_H
#define MUSTER_TERM_CODE_H

#include "runtime/term/term.h"

/* What `fun M:F/A` and a call to another module refer to: one for each M:F/A ever named. */
typedef struct Export {
    Term module, function; /* atoms */
    uint32_t arity;
} Export;

/* One fun expression of one version of a module. */
typedef struct FunEntry {
    Term module;         /* atom */
    Term function;       /* the lifted function's name, such as '-main/0-fun-0-'; TERM_NONE while
                            there is no such code. Relaxed */
    uint32_t arity;      /* as called, without captured values */
    uint32_t index;      /* in its module, from 0 */
    uint32_t free_count; /* captured values */
    int32_t old_index;   /* these two: for printing #Fun<M.Index.Uniq> and for external terms, */
    int32_t old_uniq;    /* where they may be any numbers */
    uint8_t uniq[16];    /* digest of the module */
} FunEntry;

static inline FunEntry *fun_entry(Term fun)
{
    ASSERT(term_is_kind(fun, KIND_fun));
    return (FunEntry *) term_boxed_at(fun)[1];
}
static inline Term *fun_captured(Term fun)
{
    return term_boxed_at(fun) + 2;
}
static inline Export *fun_export(Term fun)
{
    ASSERT(term_is_kind(fun, KIND_export));
    return (Export *) term_boxed_at(fun)[1];
}
static inline uint32_t fun_arity(Term fun)
{
    return boxed_kind(fun) == KIND_fun ? fun_entry(fun)->arity : fun_export(fun)->arity;
}

#endif
