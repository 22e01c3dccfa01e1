/* runtime/term/hash.c
 * Hashes of terms. term_hash walks a term in one order that equal terms share: binaries by their
 * bits whatever their kind, maps by their canonical form. Each step multiplies to 128 bits and
 * folds (as wyhash does): one multiplication a word.
 *
 * Atoms hash by name, not by index, so that hashes, and with them the order in which big maps are
 * walked, do not depend on the order in which atoms happened to be made. The hash of a name is
 * kept in a table beside the atoms, filled on first use. */
#include "runtime/term/compare.h"

#include <atomic_ops.h>

#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "runtime/term/code.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"

uint64_t hash_seed;

static inline uint64_t mix(uint64_t a, uint64_t b)
{
    __uint128_t product = (__uint128_t) a * b;
    return (uint64_t) product ^ (uint64_t) (product >> 64);
}

#define HASH_WORD UINT64_C(0x9E3779B97F4A7C15)
#define HASH_STEP UINT64_C(0xD6E8FEB86659FD93)
#define HASH_BYTES UINT64_C(0xA0761D6478BD642F)

/* What stands before the parts of a compound term in the sequence that is hashed. */
enum {
    MARK_CELL = 0x11,
    MARK_LIST = 0x22,
    MARK_LAST = 0x33,
    MARK_BITS = 0x44,
    MARK_FUN = 0x55,
    MARK_ID = 0x66
};

static inline uint64_t step(uint64_t hash, uint64_t word)
{
    return mix(hash ^ word ^ HASH_STEP, HASH_WORD ^ (word << 32 | word >> 32));
}

static uint64_t load_up_to_8(const uint8_t *at, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, at, size);
    return word;
}

static uint64_t hash_bytes(uint64_t hash, const uint8_t *at, size_t size)
{
    hash ^= mix(size ^ HASH_BYTES, HASH_WORD);
    for (; size > 8; at += 8, size -= 8) {
        hash = step(hash, load_up_to_8(at, 8));
    }
    return size > 0 ? step(hash, load_up_to_8(at, size)) : hash;
}

/* ---- atoms ---- */

enum { ATOM_CHUNK = 4096, ATOM_CHUNKS = 1 << 20 };

/* Chunks of name hashes, 0 where not known yet.
 *   chunk pointers: written once by whoever comes first, compare-and-swap full / load acquire
 *   entries: written by anyone, always the same value, relaxed: nothing else depends on them */
static volatile AO_t atom_hash_chunks[ATOM_CHUNKS / ATOM_CHUNK];

static COLD volatile AO_t *atom_chunk_create(volatile AO_t *slot)
{
    AO_t *chunk = mem_alloc_zero(ATOM_CHUNK * sizeof(AO_t));
    /* Full: the zeros are there before the pointer is. The loser uses the winner's. */
    if (!AO_compare_and_swap_full(slot, 0, (AO_t) chunk)) {
        mem_free(chunk);
    }
    return (volatile AO_t *) AO_load_acquire(slot);
}

static uint64_t atom_name_hash(Term atom)
{
    return hash_bytes(0, (const uint8_t *) atom_name(atom), atom_name_bytes(atom)) | 1;
}

static inline uint64_t atom_hash(Term atom)
{
    uint32_t index = atom_index(atom);
    if (UNLIKELY(index >= ATOM_CHUNKS)) {
        return atom_name_hash(atom); /* beyond the usual limit of atoms */
    }
    volatile AO_t *slot = &atom_hash_chunks[index / ATOM_CHUNK];
    volatile AO_t *chunk = (volatile AO_t *) AO_load_acquire(slot);
    if (UNLIKELY(chunk == NULL)) {
        chunk = atom_chunk_create(slot);
    }
    uint64_t hash = AO_load(&chunk[index % ATOM_CHUNK]);
    if (UNLIKELY(hash == 0)) {
        hash = atom_name_hash(atom);
        AO_store(&chunk[index % ATOM_CHUNK], hash);
    }
    return hash;
}

/* ---- the walk ---- */

typedef struct Slots {
    const Term *at;
    size_t count;
} Slots;

enum { INLINE_SLOTS = 32 };

typedef struct Walk {
    Slots now;
    Slots *aside;
    size_t count, capacity;
    Slots first[INLINE_SLOTS];
} Walk;

static COLD void walk_grow(Walk *walk)
{
    size_t capacity = walk->capacity * 2;
    if (walk->aside == walk->first) {
        walk->aside = mem_alloc(capacity * sizeof(Slots));
        memcpy(walk->aside, walk->first, sizeof walk->first);
    } else {
        walk->aside = mem_realloc(walk->aside, capacity * sizeof(Slots));
    }
    walk->capacity = capacity;
}

static void walk_enter(Walk *walk, const Term *at, size_t count)
{
    if (walk->now.count > 0) {
        if (UNLIKELY(walk->count == walk->capacity)) {
            walk_grow(walk);
        }
        walk->aside[walk->count++] = walk->now;
    }
    walk->now = (Slots){at, count};
}

static uint64_t hash_bitstring(uint64_t hash, Term t)
{
    Bits bits = bits_of(t);
    hash = step(hash, MARK_BITS + (bits.size << 8));
    if (bits.offset == 0 && bits_are_bytes(bits)) {
        return hash_bytes(hash, bits.bytes, bits.size / 8);
    }
    /* As hash_bytes does with the bits shifted into place; all but the last bits are whole words.
     * The length in bits went before, so the zeros that fill the last byte confuse nothing. */
    size_t size = (bits.size + 7) / 8, from = bits.offset;
    uint8_t word[8];
    hash ^= mix(size ^ HASH_BYTES, HASH_WORD);
    for (size_t left = bits.size; left > 0;) {
        size_t count = left > 64 ? 64 : left;
        memset(word, 0, sizeof word);
        bits_copy(word, 0, bits.bytes, from, count);
        hash = step(hash, load_up_to_8(word, 8));
        from += count;
        left -= count;
    }
    return hash;
}

static uint64_t hash_boxed(Walk *walk, uint64_t hash, Term t)
{
    const Term *at = term_boxed_at(t);
    Kind kind = header_kind(at[0]);
    switch (kind) {
    case KIND_heap_binary:
    case KIND_refc_binary:
    case KIND_sub_binary:
        return hash_bitstring(hash, t);
    case KIND_ref:
    case KIND_magic:
        return step(step(hash, MARK_ID), ref_number(t));
    case KIND_fun: {
        const FunEntry *entry = fun_entry(t);
        if (entry->free_count > 0) {
            walk_enter(walk, fun_captured(t), header_words(at[0]) - 1);
        }
        hash =
            step(step(hash, MARK_FUN + ((uint64_t) entry->index << 8)), atom_hash(entry->module));
        return hash_bytes(hash, entry->uniq, sizeof entry->uniq);
    }
    case KIND_export: {
        const Export *export = fun_export(t);
        hash =
            step(step(hash, MARK_FUN + ((uint64_t) export->arity << 8)), atom_hash(export->module));
        return step(hash, atom_hash(export->function));
    }
    default:
        break;
    }
    size_t size = header_words(at[0]), raw = kind_raw_words[kind];
    if (raw == KIND_ALL_RAW) {
        raw = size;
    }
    for (size_t i = 0; i <= raw; i++) {
        hash = step(hash, at[i]);
    }
    if (raw < size) {
        walk_enter(walk, at + 1 + raw, size - raw);
    }
    return hash;
}

static inline uint64_t hash_immediate(Term t)
{
    return term_is_atom(t) ? atom_hash(t) : t;
}

/* A cell is one step with its head when that is no pointer; else a mark stands before the head. A
 * tail that is no pointer goes before such a head, so that lists nested in heads need no stack. */
static uint64_t hash_deep(uint64_t hash, Term t)
{
    Walk walk;
    walk.now = (Slots){NULL, 0};
    walk.aside = walk.first;
    walk.count = 0;
    walk.capacity = INLINE_SLOTS;
    for (;;) {
        if (term_is_cons(t)) {
            const Term *cell = cons_cell(t);
            if (!term_is_pointer(cell[0])) {
                hash = step(hash + MARK_CELL, hash_immediate(cell[0]));
                t = cell[1];
                continue;
            }
            if (!term_is_pointer(cell[1])) {
                hash = step(step(hash, MARK_LAST), hash_immediate(cell[1]));
            } else {
                hash = step(hash, MARK_LIST);
                walk_enter(&walk, cell + 1, 1);
            }
            t = cell[0];
            continue;
        }
        hash = term_is_boxed(t) ? hash_boxed(&walk, hash, t) : step(hash, hash_immediate(t));
        if (walk.now.count == 0) {
            if (walk.count == 0) {
                break;
            }
            walk.now = walk.aside[--walk.count];
        }
        t = *walk.now.at++;
        walk.now.count--;
    }
    if (walk.aside != walk.first) {
        mem_free(walk.aside);
    }
    return hash;
}

uint64_t term_hash(Term t)
{
    if (term_is_atom(t)) {
        return step(hash_seed, atom_hash(t));
    }
    if (!term_is_pointer(t)) {
        return step(hash_seed, t);
    }
    if (term_is_bitstring(t)) {
        return hash_bitstring(hash_seed, t);
    }
    if (term_is_tuple(t)) { /* most that are keys hold no pointers: no walk is needed */
        const Term *at = term_boxed_at(t), *end = at + 1 + header_words(at[0]);
        uint64_t hash = step(hash_seed, *at++);
        while (at < end && !term_is_pointer(*at)) {
            hash = step(hash, hash_immediate(*at++));
        }
        if (at == end) {
            return hash;
        }
    }
    return hash_deep(hash_seed, t);
}
