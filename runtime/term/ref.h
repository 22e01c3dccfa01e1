/* runtime/term/ref.h
 * Local references: a number that is unique for the life of the machine, and `extra`: 0, or the
 * id of the process that owns the reference as an alias. Numbers come from World, so that a
 * simulated run makes the same ones. */
#ifndef MUSTER_TERM_REF_H
#define MUSTER_TERM_REF_H

#include "runtime/term/space.h"

enum { REF_WORDS = 3 }; /* header included */
Term make_ref_of(Space *space, uint64_t number, uint64_t extra);
static inline bool term_is_local_ref(Term t)
{
    return term_is_boxed(t) && (boxed_kind(t) == KIND_ref || boxed_kind(t) == KIND_magic);
}
static inline uint64_t ref_number(Term ref)
{
    return term_boxed_at(ref)[boxed_kind(ref) == KIND_magic ? 3 : 1];
}
static inline uint64_t ref_extra(Term ref)
{
    return term_boxed_at(ref)[boxed_kind(ref) == KIND_magic ? 4 : 2];
}

/* A reference that owns something of C, such as a table or an open file: `destroy` runs, on any
 * thread, when the last term that holds it is collected.
 *   references: add relaxed, drop release / acquire at 0 */
typedef struct Magic {
    size_t references;
    void (*destroy)(struct Magic *magic);
    const void *type; /* address of a static of the owner: which kind of thing it is */
} Magic;
enum { MAGIC_WORDS = 5 };
/* Takes over one reference. */
Term make_magic_ref(Space *space, Magic *magic, uint64_t number);
/* The Magic of `t` when it is a magic reference of that type, else NULL. */
Magic *magic_of(Term t, const void *type);
void magic_retain(Magic *magic);
void magic_release(Magic *magic);

/* A reference as 32-bit words, for its text (#Ref<0.C.B.A> of ids A B C) and its external form.
 * ref_to_ids returns how many (3, or 5 for an alias); ref_from_ids is false when no reference of
 * this machine has such words. */
enum { EXTERNAL_IDS_MAX = 6, EXTERNAL_WORDS = 6 };
uint32_t ref_to_ids(Term ref, uint32_t ids[EXTERNAL_IDS_MAX]);
bool ref_from_ids(const uint32_t ids[], uint32_t count, uint64_t *number, uint64_t *extra);

/* Identifiers of other nodes (kind external): which kind of thing, the node's name and creation,
 * and up to EXTERNAL_IDS_MAX 32-bit words: a pid has id and serial, a port the low and the high
 * half of its number, a reference three or five. */
typedef enum ExternalKind { EXTERNAL_PID = 1, EXTERNAL_PORT, EXTERNAL_REF } ExternalKind;
Term make_external(Space *space, ExternalKind kind, Term node, uint32_t creation,
                   const uint32_t ids[], uint32_t id_count);
static inline ExternalKind external_kind(Term t)
{
    ASSERT(term_is_kind(t, KIND_external));
    return (ExternalKind) (term_boxed_at(t)[1] & 0xFF);
}
static inline uint32_t external_creation(Term t)
{
    return (uint32_t) (term_boxed_at(t)[1] >> 32);
}
static inline Term external_node(Term t)
{
    return term_boxed_at(t)[5];
}
/* Returns how many. */
uint32_t external_ids(Term t, uint32_t ids[EXTERNAL_IDS_MAX]);

/* Any kind of identifier, of here or another node. */
bool term_is_pid(Term t);
bool term_is_port(Term t);
bool term_is_reference(Term t);

#endif
