/* runtime/term/external.h
 * Terms as bytes: the External Term Format of Erlang (term_to_binary, binary_to_term), byte for
 * byte as OTP 25 writes it. Reading trusts nothing: what the bytes claim is believed only as far
 * as there are bytes for it, so that memory is bounded by the input (by 1,032 times the input when
 * it is compressed: that is zlib's own bound).
 * Nothing recurses on the C stack beyond a fixed depth, or collects. Any thread. */
#ifndef MUSTER_TERM_EXTERNAL_H
#define MUSTER_TERM_EXTERNAL_H

#include "runtime/term/code.h"
#include "runtime/term/space.h"

/* Start from EXTERNAL_DEFAULTS. */
typedef struct ExternalOptions {
    uint8_t minor_version; /* 0 floats as text; 1 default; 2 all atoms as UTF-8 */
    uint8_t compression;   /* zlib's level; 0: none. Kept only when it saves something */
    bool deterministic;    /* the keys of maps in term order */
    Term self;             /* the pid that funs are said to come from */
    int64_t steps;         /* the most terms to look at; 0: any number */
} ExternalOptions;
#define EXTERNAL_DEFAULTS \
    ((ExternalOptions){.minor_version = 1, .self = TERM_IMMEDIATE(IMM_PID, 0)})

/* The binary. TERM_LIMIT when there is no memory, TERM_TRAP when there are more terms than `steps`.
 */
Term external_from_term(Space *space, Term t, const ExternalOptions *options);
/* The same as a block that the caller ends with mem_free. False when there is no memory. */
bool external_write(Term t, const ExternalOptions *options, uint8_t **bytes, size_t *size_bytes);
/* erlang:external_size: bytes it takes without compression; 0 when there is no memory to find
 * out, EXTERNAL_IS_LONG when there are more terms than `steps`. */
#define EXTERNAL_IS_LONG SIZE_MAX
size_t external_size(Term t, const ExternalOptions *options);

/* The term that the bytes begin with, which take `*used` of them. TERM_NONE: they are no term (or,
 * when `safe`, one with new atoms or unknown functions). TERM_LIMIT: no memory. */
Term external_to_term(Space *space, const uint8_t *bytes, size_t size_bytes, bool safe,
                      size_t *used);

/* What the machine knows about code; set at start. A hook that is not set, or answers NULL, makes
 * such terms badarg. */
typedef struct ExternalHooks {
    /* The export, made when there is none unless `known_only`. */
    Export *(*find_export)(Term module, Term function, uint32_t arity, bool known_only);
    /* The fun of that module and digest. When no such code is loaded, one that fails with badfun
     * when called. */
    FunEntry *(*find_fun)(const FunEntry *wanted);
} ExternalHooks;
extern ExternalHooks external_hooks;
/* The name under which identifiers of this machine are written; nonode@nohost unless set. */
extern Term external_node_name;
extern uint32_t external_node_creation;

#endif
