/* runtime/term/phash.c
 * erlang:phash: the older of the two hashes that are promised to be the same everywhere. It decides
 * in which order dict and sets give their elements, so it is OTP's to the bit: every part of a term
 * is added to the hash times a prime of its own. A list counts its bytes and other elements in
 * turn, and multiplies once more at its end. Maps go by phash2. */
#include "runtime/term/compare.h"

#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "runtime/term/code.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"

#define P_NAME UINT32_C(268440163)
#define P_BYTE UINT32_C(268439161)
#define P_POSITIVE UINT32_C(268435459)
#define P_NEGATIVE UINT32_C(268436141)
#define P_NIL P_POSITIVE
#define P_BITS P_NEGATIVE
#define P_PID UINT32_C(268438633)
#define P_PORT UINT32_C(268437017)
#define P_FLOAT P_PORT
#define P_REF P_TUPLE
#define P_LIST UINT32_C(268437511)
#define P_TUPLE UINT32_C(268439627)
#define P_FUN UINT32_C(268440479)
#define P_EXPORT UINT32_C(268440577)
#define P_LAST_BITS UINT32_C(268440581)
#define P_MAP UINT32_C(268440593)
#define MAP_ADDED UINT32_C(268440611)

/* What is left to do, the last first: `count` slots from `at`; then, when at is NULL, a list's end
 * (`prime`) or a tuple's (`prime`, and its arity to add). `list`: the rest of a list. */
typedef struct Task {
    const Term *at;
    uint64_t count;
    Term list;
    uint32_t prime;
} Task;

enum { INLINE_TASKS = 32 };

typedef struct Walk {
    uint32_t hash;
    Task *tasks;
    size_t count, capacity;
    Task first[INLINE_TASKS];
} Walk;

static void push(Walk *walk, Task task)
{
    if (UNLIKELY(walk->count == walk->capacity)) {
        size_t capacity = walk->capacity * 2;
        if (walk->tasks == walk->first) {
            walk->tasks = mem_alloc(capacity * sizeof(Task));
            memcpy(walk->tasks, walk->first, sizeof walk->first);
        } else {
            walk->tasks = mem_realloc(walk->tasks, capacity * sizeof(Task));
        }
        walk->capacity = capacity;
    }
    walk->tasks[walk->count++] = task;
}

/* `count` words of 32 bits, the bytes of each from the lowest on. */
static uint32_t hash_words(uint32_t hash, const uint64_t *limbs, size_t count, bool negative)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t word = (uint32_t) (limbs[i / 2] >> (i % 2 ? 32 : 0));
        /* Each byte times the prime and added, four times, without waiting for one another. */
        hash = hash * (P_BYTE * P_BYTE * P_BYTE * P_BYTE) +
               (word & 0xFF) * (P_BYTE * P_BYTE * P_BYTE) + (word >> 8 & 0xFF) * (P_BYTE * P_BYTE) +
               (word >> 16 & 0xFF) * P_BYTE + (word >> 24);
    }
    return hash * (negative ? P_NEGATIVE : P_POSITIVE);
}

static uint32_t hash_integer(uint32_t hash, Term t)
{
    if (term_is_small(t)) {
        int64_t value = small_value(t);
        uint64_t magnitude = value < 0 ? -(uint64_t) value : (uint64_t) value;
        return hash_words(hash, &magnitude, magnitude >> 32 ? 2 : 1, value < 0);
    }
    const Term *object = term_boxed_at(t);
    size_t limbs = header_words(object[0]);
    bool odd = object[limbs] >> 32 == 0;
    return hash_words(hash, object + 1, 2 * limbs - odd, header_kind(object[0]) == KIND_big_neg);
}

static uint32_t hash_float(uint32_t hash, double value)
{
    uint64_t bits;
    value = value == 0 ? 0.0 : value; /* one zero */
    memcpy(&bits, &value, sizeof bits);
    return hash * P_FLOAT + ((uint32_t) bits ^ (uint32_t) (bits >> 32));
}

static uint32_t hash_bitstring(uint32_t hash, Term t)
{
    Bits bits = bits_of(t);
    uint64_t size_bytes = bits.size >> 3;
    unsigned rest = bits.size & 7;
    uint8_t *copy = NULL;
    const uint8_t *at = bits.bytes;
    if (bits.offset != 0) {
        copy = mem_alloc(size_bytes + 1);
        bits_copy(copy, 0, bits.bytes, bits.offset, bits.size);
        at = copy;
    }
    for (size_t i = 0; i < size_bytes; i++) {
        hash = hash * P_NAME + at[i];
    }
    if (rest != 0) {
        hash = hash * P_NAME + (at[size_bytes] >> (8 - rest));
        hash = hash * P_LAST_BITS + rest;
    }
    mem_free(copy);
    return hash * P_BITS + (uint32_t) size_bytes;
}

static uint32_t hash_identifier(uint32_t hash, Term t)
{
    uint32_t ids[EXTERNAL_IDS_MAX] = {0};
    if (term_is_local_pid(t)) {
        return hash * P_PID + ((uint32_t) pid_id(t) & 0xFFFFFFF);
    }
    if (term_is_local_port(t)) {
        return hash * P_PORT + (uint32_t) port_id(t);
    }
    if (term_is_local_ref(t)) {
        ref_to_ids(t, ids);
    } else {
        external_ids(t, ids);
    }
    return hash * (term_is_pid(t) ? P_PID : term_is_port(t) ? P_PORT : P_REF) + ids[0];
}

static void visit_fun(Walk *walk, Term t)
{
    if (boxed_kind(t) == KIND_export) {
        const Export *export = fun_export(t);
        walk->hash = walk->hash * P_EXPORT + export->arity;
        walk->hash = walk->hash * P_NAME + atom_phash(export->module);
        walk->hash = walk->hash * P_NAME + atom_phash(export->function);
        return;
    }
    const FunEntry *entry = fun_entry(t);
    walk->hash = walk->hash * P_FUN + entry->free_count;
    walk->hash = walk->hash * P_NAME + atom_phash(entry->module);
    walk->hash = walk->hash * P_BYTE + entry->index;
    walk->hash = walk->hash * P_BYTE + entry->old_uniq;
    if (entry->free_count > 0) {
        push(walk, (Task){fun_captured(t), entry->free_count, TERM_NIL, 0});
    }
}

static void visit_boxed(Walk *walk, Term t)
{
    switch (boxed_kind(t)) {
    case KIND_tuple:
        push(walk, (Task){NULL, tuple_arity(t), TERM_NIL, P_TUPLE});
        if (tuple_arity(t) > 0) {
            push(walk, (Task){tuple_elements(t), tuple_arity(t), TERM_NIL, 0});
        }
        break;
    case KIND_big_pos:
    case KIND_big_neg:
        walk->hash = hash_integer(walk->hash, t);
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
        walk->hash = walk->hash * P_MAP + MAP_ADDED + term_phash2(t);
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

static void visit(Walk *walk, Term t);

/* What is immediate at the front at once; another element by itself, and then the rest. */
static void visit_rest(Walk *walk, Term t)
{
    while (term_is_cons(t)) {
        Term head = cons_head(t);
        if (term_is_pointer(head)) {
            push(walk, (Task){NULL, 0, cons_tail(t), 0});
            push(walk, (Task){cons_cell(t), 1, TERM_NIL, 0});
            return;
        }
        if (term_is_small(head) && head <= term_small(255)) {
            walk->hash = walk->hash * P_BYTE + (uint32_t) small_value(head);
        } else {
            visit(walk, head);
        }
        t = cons_tail(t);
    }
    visit(walk, t);
}

static void visit(Walk *walk, Term t)
{
    if (term_is_small(t)) {
        walk->hash = hash_integer(walk->hash, t);
    } else if (term_is_atom(t)) {
        walk->hash = walk->hash * P_NAME + atom_phash(t);
    } else if (term_is_cons(t)) {
        push(walk, (Task){NULL, 0, TERM_NIL, P_LIST});
        push(walk, (Task){NULL, 0, t, 0});
    } else if (term_is_boxed(t)) {
        visit_boxed(walk, t);
    } else if (term_is_nil(t)) {
        walk->hash = walk->hash * P_NIL + 1;
    } else if (term_is_immediate_float(t)) {
        walk->hash = hash_float(walk->hash, immediate_float_value(t));
    } else {
        walk->hash = hash_identifier(walk->hash, t);
    }
}

uint32_t term_phash(Term t)
{
    Walk walk;
    if (term_is_small(t)) {
        return hash_integer(0, t);
    }
    walk.hash = 0;
    walk.tasks = walk.first;
    walk.count = 0;
    walk.capacity = INLINE_TASKS;
    visit(&walk, t);
    while (walk.count > 0) {
        Task *task = &walk.tasks[--walk.count];
        if (task->at != NULL) {
            const Term *at = task->at;
            if (--task->count > 0) {
                task->at++;
                walk.count++;
            }
            visit(&walk, *at);
        } else if (task->prime != 0) {
            walk.hash = walk.hash * task->prime + (uint32_t) task->count;
        } else {
            visit_rest(&walk, task->list);
        }
    }
    if (walk.tasks != walk.first) {
        mem_free(walk.tasks);
    }
    return walk.hash;
}
