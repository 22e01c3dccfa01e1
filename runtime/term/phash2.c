/* runtime/term/phash2.c
 * erlang:phash2: a hash that is promised to be the same on every machine and in every release, so
 * it must be OTP's to the bit. It is Bob Jenkins' hash of 1996 (three words mixed at a time) with a
 * constant of its own for each kind of term. Associations of maps are hashed each for itself and
 * xored, so that their order does not matter. */
#include "runtime/term/compare.h"

#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "runtime/term/code.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"

#define GOLDEN UINT32_C(0x9E3779B9)

/* The constant of a kind is this multiple of GOLDEN. */
enum {
    MIX_SMALL = 1,
    MIX_NIL = 2,
    MIX_ATOM = 3,
    MIX_STRING = 4,
    MIX_PID = 5,
    MIX_PORT = 6,
    MIX_REF = 7,
    MIX_TUPLE = 9,
    MIX_NEGATIVE = 10,
    MIX_POSITIVE = 11,
    MIX_FLOAT = 12,
    MIX_BINARY = 13,
    MIX_EXPORT = 14,
    MIX_LAST_BITS = 15,
    MIX_MAP = 16,
    MIX_PAIRS = 19
};
enum { NIL_WORD = 2 };
#define NIL_ALONE UINT32_C(3468870702)

static inline uint32_t jenkins(uint32_t a, uint32_t b, uint32_t c)
{
    a = (a - b - c) ^ c >> 13;
    b = (b - c - a) ^ a << 8;
    c = (c - a - b) ^ b >> 13;
    a = (a - b - c) ^ c >> 12;
    b = (b - c - a) ^ a << 16;
    c = (c - a - b) ^ b >> 5;
    a = (a - b - c) ^ c >> 3;
    b = (b - c - a) ^ a << 10;
    return (c - a - b) ^ b >> 15;
}

static inline uint32_t mix2(uint32_t hash, uint32_t x, uint32_t y, uint32_t kind)
{
    return jenkins(kind * GOLDEN + x, kind * GOLDEN + y, hash);
}

static inline uint32_t mix1(uint32_t hash, uint32_t x, uint32_t kind)
{
    return mix2(hash, x, 0, kind);
}

/* ---- leaves ---- */

static uint32_t hash_small(uint32_t hash, int64_t value)
{
    if (value < -((int64_t) 1 << 27) || value >= (int64_t) 1 << 27) {
        uint64_t magnitude = value < 0 ? -(uint64_t) value : (uint64_t) value;
        return mix2(hash, (uint32_t) magnitude, (uint32_t) (magnitude >> 32),
                    value < 0 ? MIX_NEGATIVE : MIX_POSITIVE);
    }
    if (value < 0) {
        hash = mix1(hash, (uint32_t) -value, MIX_SMALL);
    }
    return mix1(hash, (uint32_t) value, MIX_SMALL);
}

static uint32_t hash_big(uint32_t hash, Term t)
{
    const Term *object = term_boxed_at(t);
    uint32_t kind = header_kind(object[0]) == KIND_big_neg ? MIX_NEGATIVE : MIX_POSITIVE;
    for (size_t i = 1; i <= header_words(object[0]); i++) {
        hash = mix2(hash, (uint32_t) object[i], (uint32_t) (object[i] >> 32), kind);
    }
    return hash;
}

static uint32_t hash_float(uint32_t hash, double value)
{
    uint64_t bits;
    value = value == 0 ? 0.0 : value; /* one zero */
    memcpy(&bits, &value, sizeof bits);
    return mix2(hash, (uint32_t) (bits >> 32), (uint32_t) bits, MIX_FLOAT);
}

static uint32_t little_word(const uint8_t *at, size_t size)
{
    uint32_t word = 0;
    for (size_t i = 0; i < size && i < 4; i++) {
        word |= (uint32_t) at[i] << 8 * i;
    }
    return word;
}

static uint32_t hash_block(const uint8_t *at, size_t size, uint32_t hash)
{
    uint32_t a = GOLDEN, b = GOLDEN, c = hash, length = (uint32_t) size;
    /* As jenkins, but a and b go on too. */
#define ROUND() \
    do { \
        a = (a - b - c) ^ c >> 13; \
        b = (b - c - a) ^ a << 8; \
        c = (c - a - b) ^ b >> 13; \
        a = (a - b - c) ^ c >> 12; \
        b = (b - c - a) ^ a << 16; \
        c = (c - a - b) ^ b >> 5; \
        a = (a - b - c) ^ c >> 3; \
        b = (b - c - a) ^ a << 10; \
        c = (c - a - b) ^ b >> 15; \
    } while (0)
    for (; size >= 12; at += 12, size -= 12) {
        a += little_word(at, 4);
        b += little_word(at + 4, 4);
        c += little_word(at + 8, 4);
        ROUND();
    }
    a += little_word(at, size);
    b += size > 4 ? little_word(at + 4, size - 4) : 0;
    c += length + (size > 8 ? little_word(at + 8, size - 8) << 8 : 0);
    ROUND();
#undef ROUND
    return c;
}

static uint32_t hash_bitstring(uint32_t hash, Term t)
{
    Bits bits = bits_of(t);
    size_t size_bytes = bits.size >> 3;
    unsigned rest = bits.size & 7;
    const uint8_t *at = bits.bytes;
    uint8_t *copy = NULL;
    hash += MIX_BINARY * GOLDEN;
    if (bits.size == 0) {
        return hash;
    }
    if (bits.offset != 0) {
        copy = mem_alloc(size_bytes + 1);
        bits_copy(copy, 0, bits.bytes, bits.offset, bits.size);
        at = copy;
    }
    hash = hash_block(at, size_bytes, hash);
    if (rest != 0) {
        hash = mix2(hash, rest, at[size_bytes] >> (8 - rest), MIX_LAST_BITS);
    }
    mem_free(copy);
    return hash;
}

/* The first word of an identifier counts; of a port, both halves. Node and creation do not. */
static uint32_t hash_identifier(uint32_t hash, Term t)
{
    uint32_t ids[EXTERNAL_IDS_MAX] = {0};
    if (term_is_local_pid(t)) {
        return mix1(hash, (uint32_t) pid_id(t) & 0xFFFFFFF, MIX_PID);
    }
    if (term_is_local_port(t)) {
        return mix2(hash, (uint32_t) port_id(t), (uint32_t) (port_id(t) >> 32), MIX_PORT);
    }
    if (term_is_local_ref(t)) {
        ref_to_ids(t, ids);
    } else {
        external_ids(t, ids);
    }
    if (term_is_port(t)) {
        return mix2(hash, ids[0], ids[1], MIX_PORT);
    }
    return mix1(hash, ids[0], term_is_pid(t) ? MIX_PID : MIX_REF);
}

/* ---- the walk ---- */

typedef enum TaskKind {
    TASK_SLOTS,  /* `count` slots from `at`, one after another */
    TASK_NILS,   /* the ends of `count` lists */
    TASK_KEYS,   /* the associations of a small map: keys at `at`, values at `other` */
    TASK_PAIRS,  /* keys and values in turn at `at` */
    TASK_NODES,  /* nodes of a tree */
    TASK_VALUE,  /* the value at `at`; then the association is complete */
    TASK_PAIR,   /* the association is complete */
    TASK_MAP_END /* the hash and the xor from before the map are in `count` */
} TaskKind;

typedef struct Task {
    TaskKind kind;
    const Term *at, *other;
    uint64_t count;
} Task;

enum { INLINE_TASKS = 32, MAX_DEPTH = 24 };

typedef struct Walk {
    uint32_t hash;
    uint32_t pairs; /* xor of the associations of the map at hand */
    Task *tasks;
    size_t count, capacity;
    unsigned depth; /* of C calls: what lies near the top is walked by them, see hash_whole */
    Task first[INLINE_TASKS];
} Walk;

static COLD void walk_grow(Walk *walk)
{
    size_t capacity = walk->capacity * 2;
    if (walk->tasks == walk->first) {
        walk->tasks = mem_alloc(capacity * sizeof(Task));
        memcpy(walk->tasks, walk->first, sizeof walk->first);
    } else {
        walk->tasks = mem_realloc(walk->tasks, capacity * sizeof(Task));
    }
    walk->capacity = capacity;
}

static void push(Walk *walk, TaskKind kind, const Term *at, const Term *other, uint64_t count)
{
    if (UNLIKELY(walk->count == walk->capacity)) {
        walk_grow(walk);
    }
    walk->tasks[walk->count++] = (Task){kind, at, other, count};
}

static void push_slots(Walk *walk, const Term *at, size_t count)
{
    if (count > 0) {
        push(walk, TASK_SLOTS, at, NULL, count);
    }
}

/* The end of a list; of a list nested in heads there are many in a row. */
static void push_nil(Walk *walk)
{
    if (walk->count > 0 && walk->tasks[walk->count - 1].kind == TASK_NILS) {
        walk->tasks[walk->count - 1].count++;
    } else {
        push(walk, TASK_NILS, NULL, NULL, 1);
    }
}

static bool is_byte(Term t)
{
    return term_is_small(t) && t <= term_small(255);
}

static void visit(Walk *walk, Term t);
static void hash_whole(Walk *walk, Term t);

/* Bytes go four at a time, all else element by element, and what ends the list last. */
static void visit_list(Walk *walk, Term t)
{
    while (term_is_cons(t)) {
        uint32_t word = 0;
        unsigned count = 0;
        for (; term_is_cons(t) && is_byte(cons_head(t)); t = cons_tail(t)) {
            word = word << 8 | (uint32_t) small_value(cons_head(t));
            if (++count == 4) {
                walk->hash = mix1(walk->hash, word, MIX_STRING);
                count = word = 0;
            }
        }
        if (count > 0) {
            walk->hash = mix1(walk->hash, word, MIX_STRING);
        }
        for (; term_is_cons(t) && !is_byte(cons_head(t)); t = cons_tail(t)) {
            Term head = cons_head(t);
            if (term_is_small(head)) {
                walk->hash = hash_small(walk->hash, small_value(head));
            } else if (!term_is_pointer(head) || walk->depth < MAX_DEPTH) {
                hash_whole(walk, head);
            } else {
                if (term_is_nil(cons_tail(t))) {
                    push_nil(walk);
                } else {
                    push_slots(walk, cons_cell(t) + 1, 1);
                }
                push_slots(walk, cons_cell(t), 1);
                return;
            }
        }
    }
    visit(walk, t);
}

static void visit_tuple(Walk *walk, Term t)
{
    const Term *elements = tuple_elements(t);
    size_t arity = tuple_arity(t);
    walk->hash = mix1(walk->hash, (uint32_t) arity, MIX_TUPLE);
    if (walk->depth >= MAX_DEPTH) {
        push_slots(walk, elements, arity);
        return;
    }
    for (size_t i = 0; i < arity; i++) {
        hash_whole(walk, elements[i]);
    }
}

static void visit_map(Walk *walk, Term t)
{
    const Term *object = term_boxed_at(t);
    size_t size = map_size(t);
    walk->hash = mix1(walk->hash, (uint32_t) size, MIX_MAP);
    if (size == 0) {
        return;
    }
    push(walk, TASK_MAP_END, NULL, NULL, (uint64_t) walk->pairs << 32 | walk->hash);
    walk->pairs = 0;
    if (header_kind(object[0]) == KIND_map) {
        push(walk, TASK_KEYS, tuple_elements(object[1]), object + 2, size);
    } else {
        push(walk, TASK_NODES, object + 2, NULL, 1);
    }
}

static void visit_fun(Walk *walk, Term t)
{
    if (boxed_kind(t) == KIND_export) {
        const Export *export = fun_export(t);
        walk->hash = mix2(walk->hash, export->arity, atom_phash(export->module), MIX_SMALL);
        walk->hash = mix1(walk->hash, atom_phash(export->function), MIX_EXPORT);
        return;
    }
    const FunEntry *entry = fun_entry(t);
    walk->hash = mix2(walk->hash, entry->free_count, atom_phash(entry->module), MIX_SMALL);
    walk->hash = mix2(walk->hash, entry->index, entry->old_uniq, MIX_SMALL);
    push_slots(walk, fun_captured(t), entry->free_count);
}

static void visit_boxed(Walk *walk, Term t)
{
    switch (boxed_kind(t)) {
    case KIND_tuple:
        visit_tuple(walk, t);
        break;
    case KIND_big_pos:
    case KIND_big_neg:
        walk->hash = hash_big(walk->hash, t);
        break;
    case KIND_float:
        walk->hash = hash_float(walk->hash, float_value(t));
        break;
    case KIND_heap_binary:
    case KIND_refc_binary:
    case KIND_sub_binary:
        walk->hash = hash_bitstring(walk->hash, t);
        break;
    case KIND_map:
    case KIND_tree:
        visit_map(walk, t);
        break;
    case KIND_fun:
    case KIND_export:
        visit_fun(walk, t);
        break;
    default:
        walk->hash = hash_identifier(walk->hash, t);
        break;
    }
}

static void visit(Walk *walk, Term t)
{
    if (term_is_small(t)) {
        walk->hash = hash_small(walk->hash, small_value(t));
    } else if (term_is_atom(t)) {
        uint32_t name = atom_phash(t);
        walk->hash = walk->hash == 0 ? name : mix1(walk->hash, name, MIX_ATOM);
    } else if (term_is_cons(t)) {
        visit_list(walk, t);
    } else if (term_is_boxed(t)) {
        visit_boxed(walk, t);
    } else if (term_is_nil(t)) {
        walk->hash = walk->hash == 0 ? NIL_ALONE : mix1(walk->hash, NIL_WORD, MIX_NIL);
    } else if (term_is_immediate_float(t)) {
        walk->hash = hash_float(walk->hash, immediate_float_value(t));
    } else {
        walk->hash = hash_identifier(walk->hash, t);
    }
}

/* Begins an association: its own hash starts from 0. */
static void visit_pair(Walk *walk, const Term *key, const Term *value)
{
    walk->hash = 0;
    push(walk, TASK_VALUE, value, NULL, 0);
    visit(walk, *key);
}

static void visit_node(Walk *walk, Term t)
{
    const Term *node = term_boxed_at(t);
    const Term *end = node + 1 + header_words(node[0]);
    if (header_kind(node[0]) == KIND_tree_bucket) {
        push(walk, TASK_PAIRS, node + 1, NULL, header_words(node[0]) / 2);
        return;
    }
    size_t pairs = (size_t) __builtin_popcount((uint32_t) node[1]);
    const Term *children = node + 2 + 2 * pairs;
    if (children < end) {
        push(walk, TASK_NODES, children, NULL, (size_t) (end - children));
    }
    if (pairs > 0) {
        push(walk, TASK_PAIRS, node + 2, NULL, pairs);
    }
}

/* Takes one step of the task on top. Tasks of several steps stay until their last. */
static void take_step(Walk *walk)
{
    Task *top = &walk->tasks[walk->count - 1], task = *top;
    if (task.kind <= TASK_NODES && task.count > 1) {
        top->count--;
        top->at += task.kind == TASK_PAIRS ? 2 : task.kind == TASK_NILS ? 0 : 1;
        top->other += task.kind == TASK_KEYS;
    } else {
        walk->count--;
    }
    switch (task.kind) {
    case TASK_SLOTS:
        visit(walk, *task.at);
        break;
    case TASK_NILS:
        visit(walk, TERM_NIL);
        break;
    case TASK_KEYS:
        visit_pair(walk, task.at, task.other);
        break;
    case TASK_PAIRS:
        visit_pair(walk, task.at, task.at + 1);
        break;
    case TASK_NODES:
        visit_node(walk, *task.at);
        break;
    case TASK_VALUE:
        push(walk, TASK_PAIR, NULL, NULL, 0);
        visit(walk, *task.at);
        break;
    case TASK_PAIR:
        walk->pairs ^= walk->hash;
        break;
    case TASK_MAP_END:
        walk->hash = mix1((uint32_t) task.count, walk->pairs, MIX_PAIRS);
        walk->pairs = (uint32_t) (task.count >> 32);
        break;
    }
}

/* The term and all that is in it. */
static void hash_whole(Walk *walk, Term t)
{
    size_t before = walk->count;
    walk->depth++;
    visit(walk, t);
    while (walk->count > before) {
        take_step(walk);
    }
    walk->depth--;
}

uint32_t term_phash2(Term t)
{
    Walk walk;
    walk.hash = walk.pairs = 0;
    walk.tasks = walk.first;
    walk.count = walk.depth = 0;
    walk.capacity = INLINE_TASKS;
    hash_whole(&walk, t);
    if (walk.tasks != walk.first) {
        mem_free(walk.tasks);
    }
    return walk.hash;
}
