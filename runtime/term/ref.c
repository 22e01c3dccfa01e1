/* runtime/term/ref.c
 * References, and the question which kind of identifier a term is. */
#include "runtime/term/ref.h"

#include <atomic_ops.h>

Term make_ref_of(Space *space, uint64_t number, uint64_t extra)
{
    Term *object = space_alloc(space, REF_WORDS);
    object[0] = HEADER(KIND_ref, REF_WORDS - 1);
    object[1] = number;
    object[2] = extra;
    return term_boxed(object);
}

Term make_magic_ref(Space *space, Magic *magic, uint64_t number)
{
    Term *object = space_alloc(space, MAGIC_WORDS);
    object[0] = HEADER(KIND_magic, MAGIC_WORDS - 1);
    object[1] = (Term) space->off_heap;
    object[2] = (Term) magic;
    object[3] = number;
    object[4] = 0;
    space->off_heap = object;
    return term_boxed(object);
}

Magic *magic_of(Term t, const void *type)
{
    if (!term_is_kind(t, KIND_magic)) {
        return NULL;
    }
    Magic *magic = (Magic *) term_boxed_at(t)[2];
    return magic->type == type ? magic : NULL;
}

void magic_retain(Magic *magic)
{
    /* No order needed: the caller holds a reference, so nobody can see 0 meanwhile. */
    AO_fetch_and_add1((AO_t *) &magic->references);
}

void magic_release(Magic *magic)
{
    /* Release: what this holder did to the thing comes before its end. Acquire, by who comes last:
     * it must see what all the others did. */
    if (AO_fetch_and_sub1_full((AO_t *) &magic->references) == 1) {
        magic->destroy(magic);
    }
}

static bool is_external(Term t, ExternalKind kind)
{
    return term_is_kind(t, KIND_external) && external_kind(t) == kind;
}

bool term_is_pid(Term t)
{
    return term_is_local_pid(t) || is_external(t, EXTERNAL_PID);
}

bool term_is_port(Term t)
{
    return term_is_local_port(t) || is_external(t, EXTERNAL_PORT);
}

bool term_is_reference(Term t)
{
    return term_is_local_ref(t) || is_external(t, EXTERNAL_REF);
}

Term make_external(Space *space, ExternalKind kind, Term node, uint32_t creation,
                   const uint32_t ids[], uint32_t id_count)
{
    CHECK(id_count <= EXTERNAL_IDS_MAX);
    Term *object = space_alloc(space, EXTERNAL_WORDS);
    object[0] = HEADER(KIND_external, EXTERNAL_WORDS - 1);
    object[1] = (Term) kind | (Term) id_count << 8 | (Term) creation << 32;
    object[2] = object[3] = object[4] = 0;
    for (uint32_t i = 0; i < id_count; i++) {
        object[2 + i / 2] |= (Term) ids[i] << (i % 2 * 32);
    }
    object[5] = node;
    return term_boxed(object);
}

uint32_t external_ids(Term t, uint32_t ids[EXTERNAL_IDS_MAX])
{
    const Term *object = term_boxed_at(t);
    uint32_t count = (uint32_t) (object[1] >> 8) & 0xFF;
    for (uint32_t i = 0; i < count; i++) {
        ids[i] = (uint32_t) (object[2 + i / 2] >> (i % 2 * 32));
    }
    return count;
}

/* The 32-bit words of a reference's text and external form: the number's low 18 bits, its next 32,
 * its top 14; then, for an alias, the owner's id. OTP's words have the same widths. */
uint32_t ref_to_ids(Term ref, uint32_t ids[EXTERNAL_IDS_MAX])
{
    uint64_t number = ref_number(ref), extra = ref_extra(ref);
    ids[0] = (uint32_t) number & 0x3FFFF;
    ids[1] = (uint32_t) (number >> 18);
    ids[2] = (uint32_t) (number >> 50);
    if (extra == 0) {
        return 3;
    }
    ids[3] = (uint32_t) extra;
    ids[4] = (uint32_t) (extra >> 32);
    return 5;
}

bool ref_from_ids(const uint32_t ids[], uint32_t count, uint64_t *number, uint64_t *extra)
{
    uint32_t words[5] = {0};
    if (count > 5) {
        return false;
    }
    memcpy(words, ids, count * sizeof words[0]);
    if (words[0] > 0x3FFFF || words[2] > 0x3FFF) {
        return false;
    }
    *number = words[0] | (uint64_t) words[1] << 18 | (uint64_t) words[2] << 50;
    *extra = words[3] | (uint64_t) words[4] << 32;
    return true;
}
