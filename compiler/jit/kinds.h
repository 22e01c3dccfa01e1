/* compiler/jit/kinds.h
 * What a value can be, as the native compilers tell it apart: sets of these. */
#ifndef MUSTER_JIT_KINDS_H
#define MUSTER_JIT_KINDS_H

#include "runtime/term/term.h"

enum {
    IS_SMALL = 1,
    IS_BIG = 2,
    IS_FLOAT = 4, /* the immediate form */
    IS_BOXED_FLOAT = 8,
    IS_ATOM = 16,
    IS_NIL = 32,
    IS_CONS = 64,
    IS_TUPLE = 128,
    IS_MAP = 256,
    IS_BITS = 512,
    IS_FUN = 1024,
    IS_OTHER = 2048, /* pids, ports, references, and what is no value: match contexts, traces */
    IS_ANY = 4095,
    IS_INTEGER = IS_SMALL | IS_BIG,
    IS_ANY_FLOAT = IS_FLOAT | IS_BOXED_FLOAT,
    IS_NUMBER = IS_INTEGER | IS_FLOAT | IS_BOXED_FLOAT,
    IS_LIST = IS_NIL | IS_CONS,
    /* those that are always boxed; IS_OTHER can be: remote pids are, local ones are not */
    IS_BOXED = IS_BIG | IS_BOXED_FLOAT | IS_TUPLE | IS_MAP | IS_BITS | IS_FUN,
};

/* Shifted right by a term (modulo 64): lowest bit set if the term is an immediate float. */
#define FLOAT_TAGS ((int64_t) 0x6464646464646464)

/* Exactly one bit. */
uint32_t kinds_of(Term t);

#endif
