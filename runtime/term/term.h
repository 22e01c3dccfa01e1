/* runtime/term/term.h
 * A term is one 64-bit word. The low three bits are its tag:
 *
 *   000 100   small integer: 62 bits, value << 2; add, subtract and compare work on the word
 *   010 101 110   float: the double with 2 added to its top three exponent bits, rotated left by 4
 *             (Melançon, Serrano, Feeley: "Float Self-Tagging", OOPSLA 2025). Covers 0.0, -0.0 and
 *             magnitudes in about 1.7e-77 … 2.3e77 and below 1e-231; other floats are boxed
 *   001       cons pointer: two words, head and tail
 *   011       boxed pointer: a header word and what it describes
 *   111       immediate: bits 3..5 say which (IMM_*)
 *
 * A boxed object starts with a header (an IMM_HEADER immediate): its kind and the number of words
 * after it. After the header come `kind_raw_words` words that the collector does not look at (or
 * all of them are raw), then terms up to the end. See KIND table below for each layout.
 *
 * While the collector runs, a moved boxed object has its header replaced by the boxed pointer to
 * its copy, and a moved cons has TERM_NONE as head and the new cons pointer as tail. */
#ifndef MUSTER_TERM_TERM_H
#define MUSTER_TERM_TERM_H

#include "runtime/term/base.h"

typedef uint64_t Term;

enum { TAG_CONS = 1, TAG_BOXED = 3, TAG_IMMEDIATE = 7, TAG_MASK = 7 };
enum { IMM_ATOM = 0, IMM_PID = 1, IMM_PORT = 2, IMM_SPECIAL = 3, IMM_HEADER = 4 };

#define TERM_IMMEDIATE(which, data) (((Term) (data) << 6) | ((Term) (which) << 3) | TAG_IMMEDIATE)
#define TERM_NIL TERM_IMMEDIATE(IMM_SPECIAL, 0)
/* No Erlang value: "absent", "failed, the reason is on the process", "a moved cons". */
#define TERM_NONE TERM_IMMEDIATE(IMM_SPECIAL, 1)
/* Returned by functions that can run into a limit of the machine besides failing otherwise. */
#define TERM_LIMIT TERM_IMMEDIATE(IMM_SPECIAL, 2)
/* Returned by a built-in that continues later (see runtime/bif.h). */
#define TERM_TRAP TERM_IMMEDIATE(IMM_SPECIAL, 3)

/* KIND(name, raw): raw = words after the header that hold no terms; KIND_ALL_RAW: none does.
 *
 *   tuple        elements
 *   big_pos/neg  limbs, least significant first, no leading zero limb, never fits a small
 *   float        the double; only those that do not fit the immediate form
 *   ref          number, extra (see ref.h)
 *   fun          FunEntry *, then the captured values
 *   export       Export *
 *   heap_binary  size in bytes, the bytes, zero padded to a word
 *   refc_binary  off-heap link, Binary *, size in bytes (a whole number, from byte 0)
 *   sub_binary   bit offset, bit size, then the parent: a heap_binary or refc_binary
 *   map          keys (a tuple, sorted by exact term order), then the values in the same order
 *   tree         size (count of keys), then the root node: a map of more than MAP_SMALL_MAX keys
 *   tree_node    data bitmap | node bitmap << 32, then key, value … then nodes (CHAMP)
 *   tree_bucket  key, value … whose hashes are all equal
 *   external     (kind of identifier, creation, id words), then the node's name: a pid, port or
 *                reference of another node
 *   magic        off-heap link, Magic *, number, extra: a reference that owns something of C
 *   raw          bytes of C, in words (a captured stack trace, say); never an Erlang value */
#define KIND_ALL_RAW 255
#define KINDS(KIND) \
    KIND(tuple, 0) \
    KIND(big_pos, KIND_ALL_RAW) \
    KIND(big_neg, KIND_ALL_RAW) \
    KIND(float, KIND_ALL_RAW) \
    KIND(ref, KIND_ALL_RAW) \
    KIND(fun, 1) \
    KIND(export, KIND_ALL_RAW) \
    KIND(heap_binary, KIND_ALL_RAW) \
    KIND(refc_binary, KIND_ALL_RAW) \
    KIND(sub_binary, 2) \
    KIND(map, 0) \
    KIND(tree, 1) \
    KIND(tree_node, 1) \
    KIND(tree_bucket, 0) \
    KIND(external, 4) \
    KIND(magic, KIND_ALL_RAW) \
    KIND(raw, KIND_ALL_RAW)

typedef enum Kind {
#define KIND(name, raw) KIND_##name,
    KINDS(KIND)
#undef KIND
        KIND_COUNT
} Kind;

extern const uint8_t kind_raw_words[KIND_COUNT];

/* ---- small integers ---- */

#define SMALL_MAX ((int64_t) 0x1FFFFFFFFFFFFFFF)
#define SMALL_MIN (-SMALL_MAX - 1)

static inline bool term_is_small(Term t)
{
    return (t & 3) == 0;
}
static inline bool terms_are_small(Term a, Term b)
{
    return ((a | b) & 3) == 0;
}
static inline bool small_fits(int64_t value)
{
    return value >= SMALL_MIN && value <= SMALL_MAX;
}
static inline Term term_small(int64_t value)
{
    ASSERT(small_fits(value));
    return (Term) value << 2;
}
static inline int64_t small_value(Term t)
{
    ASSERT(term_is_small(t));
    return (int64_t) t >> 2;
}

/* ---- immediates ---- */

static inline bool term_is_immediate_of(Term t, unsigned which)
{
    return (t & 63) == ((which << 3) | TAG_IMMEDIATE);
}
static inline bool term_is_atom(Term t)
{
    return term_is_immediate_of(t, IMM_ATOM);
}
static inline Term term_atom(uint32_t index)
{
    return TERM_IMMEDIATE(IMM_ATOM, index);
}
static inline uint32_t atom_index(Term t)
{
    ASSERT(term_is_atom(t));
    return (uint32_t) (t >> 6);
}
/* A local pid or port: `id` is 58 bits; its low 28 are printed first (<0.LOW.HIGH>). */
static inline bool term_is_local_pid(Term t)
{
    return term_is_immediate_of(t, IMM_PID);
}
static inline Term term_pid(uint64_t id)
{
    return TERM_IMMEDIATE(IMM_PID, id);
}
static inline uint64_t pid_id(Term t)
{
    ASSERT(term_is_local_pid(t));
    return t >> 6;
}
static inline bool term_is_local_port(Term t)
{
    return term_is_immediate_of(t, IMM_PORT);
}
static inline Term term_port(uint64_t id)
{
    return TERM_IMMEDIATE(IMM_PORT, id);
}
static inline uint64_t port_id(Term t)
{
    ASSERT(term_is_local_port(t));
    return t >> 6;
}
static inline bool term_is_nil(Term t)
{
    return t == TERM_NIL;
}

/* ---- cons ---- */

static inline bool term_is_cons(Term t)
{
    return (t & TAG_MASK) == TAG_CONS;
}
static inline bool term_is_list(Term t)
{
    return term_is_cons(t) || term_is_nil(t);
}
static inline Term *cons_cell(Term t)
{
    ASSERT(term_is_cons(t));
    return (Term *) (t - TAG_CONS);
}
static inline Term cons_head(Term t)
{
    return cons_cell(t)[0];
}
static inline Term cons_tail(Term t)
{
    return cons_cell(t)[1];
}
static inline Term term_cons(Term *cell)
{
    return (Term) cell + TAG_CONS;
}

/* ---- boxed ---- */

static inline bool term_is_boxed(Term t)
{
    return (t & TAG_MASK) == TAG_BOXED;
}
static inline Term *term_boxed_at(Term t)
{
    ASSERT(term_is_boxed(t));
    return (Term *) (t - TAG_BOXED);
}
static inline Term term_boxed(Term *object)
{
    return (Term) object + TAG_BOXED;
}
/* True for cons and boxed: the word points to memory. */
static inline bool term_is_pointer(Term t)
{
    return (t & 5) == 1;
}
static inline Term *term_pointer(Term t)
{
    return (Term *) (t & ~(Term) TAG_MASK);
}

#define HEADER(kind, words) (((Term) (words) << 16) | ((Term) (kind) << 6) | (IMM_HEADER << 3) | 7)
static inline bool term_is_header(Term t)
{
    return term_is_immediate_of(t, IMM_HEADER);
}
static inline Kind header_kind(Term header)
{
    ASSERT(term_is_header(header));
    return (Kind) ((header >> 6) & 0x3FF);
}
/* Words after the header. */
static inline size_t header_words(Term header)
{
    return (size_t) (header >> 16);
}

static inline bool term_is_kind(Term t, Kind kind)
{
    return term_is_boxed(t) && header_kind(*term_boxed_at(t)) == kind;
}
/* The kind of a boxed term. */
static inline Kind boxed_kind(Term t)
{
    return header_kind(*term_boxed_at(t));
}

static_assert((KIND_big_pos & 1) == 1 && KIND_big_neg == KIND_big_pos + 1, "see term_is_big");
static inline bool term_is_tuple(Term t)
{
    return term_is_kind(t, KIND_tuple);
}
static inline bool term_is_big(Term t)
{
    return term_is_boxed(t) && (boxed_kind(t) == KIND_big_pos || boxed_kind(t) == KIND_big_neg);
}
static inline bool term_is_integer(Term t)
{
    return term_is_small(t) || term_is_big(t);
}
static inline bool term_is_map(Term t)
{
    return term_is_boxed(t) && (boxed_kind(t) == KIND_map || boxed_kind(t) == KIND_tree);
}
static inline bool term_is_bitstring(Term t)
{
    return term_is_boxed(t) && boxed_kind(t) >= KIND_heap_binary &&
           boxed_kind(t) <= KIND_sub_binary;
}
static inline bool term_is_fun(Term t)
{
    return term_is_boxed(t) && (boxed_kind(t) == KIND_fun || boxed_kind(t) == KIND_export);
}

static inline size_t tuple_arity(Term tuple)
{
    ASSERT(term_is_tuple(tuple));
    return header_words(*term_boxed_at(tuple));
}
/* Elements, from index 0. */
static inline Term *tuple_elements(Term tuple)
{
    ASSERT(term_is_tuple(tuple));
    return term_boxed_at(tuple) + 1;
}

/* ---- floats ---- */

#define FLOAT_TAG_ADD ((uint64_t) 1 << 61)
static inline bool term_is_immediate_float(Term t)
{
    return (0x64u >> (t & TAG_MASK)) & 1;
}
static inline double immediate_float_value(Term t)
{
    uint64_t bits = ((t >> 4) | (t << 60)) - FLOAT_TAG_ADD;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}
/* The immediate form of `value`, or TERM_NONE when it needs a box. */
static inline Term immediate_float(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits += FLOAT_TAG_ADD;
    bits = (bits << 4) | (bits >> 60);
    return LIKELY(term_is_immediate_float(bits)) ? bits : TERM_NONE;
}
static inline bool term_is_float(Term t)
{
    return term_is_immediate_float(t) || term_is_kind(t, KIND_float);
}
static inline double float_value(Term t)
{
    double value;
    if (LIKELY(term_is_immediate_float(t))) {
        return immediate_float_value(t);
    }
    ASSERT(term_is_kind(t, KIND_float));
    memcpy(&value, term_boxed_at(t) + 1, sizeof value);
    return value;
}
static inline bool term_is_number(Term t)
{
    return term_is_integer(t) || term_is_float(t);
}

#endif
