/* runtime/term/external_read.c
 * Bytes to terms, in one pass. Containers are made when their size is read, with [] in all slots,
 * and filled slot by slot; a stack of our own says where to go on. What is built before an error
 * shows up is complete, though useless, and stays as garbage in the space.
 *
 * A container of n elements takes at least n bytes more. `owed` counts the terms that are still to
 * come for all containers begun; when there are fewer bytes than that, the input is wrong, and
 * nothing is allocated for it. So what is allocated is linear in the input. */
#include "runtime/term/external.h"

#include "runtime/term/arith.h"
#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "runtime/term/external_tags.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"

#include <endian.h>
#include <math.h>
#include <zlib.h>

ExternalHooks external_hooks;

/* What to do next, by kind in the low bits of `b`:
 *   SLOTS     a: the next of adjacent slots to fill; b: how many are left
 *   LIST      a: the next head to fill, each in the cell after; b: heads left, and one for the
 *             tail, which follows the last head
 *   MAP       a: where the map goes; b: its size. Below it lies its MAP_PAIRS, above the SLOTS
 *   MAP_PAIRS a: the array of keys and values */
typedef enum FrameKind { SLOTS, LIST, MAP, MAP_PAIRS } FrameKind;
typedef struct Frame {
    uint64_t a, b;
} Frame;
enum { FRAME_KIND_BITS = 2, FRAME_KIND_MASK = 3 };
enum { LOCAL_FRAMES = 64 };
enum { TUPLE_ARITY_MAX = (1 << 24) - 1 };

typedef struct Reader {
    Space *space;
    const uint8_t *at, *end;
    size_t owed;
    Term failure; /* TERM_NONE or TERM_LIMIT once failed; else 0 */
    bool safe;
    Frame *frames;
    size_t frame_count, frame_capacity;
    Frame local_frames[LOCAL_FRAMES];
} Reader;

static bool fail(Reader *reader, Term failure)
{
    if (reader->failure == 0) {
        reader->failure = failure;
    }
    return false;
}

static inline bool bad(Reader *reader)
{
    return fail(reader, TERM_NONE);
}

/* ---- bytes ---- */

static inline size_t left(const Reader *reader)
{
    return (size_t) (reader->end - reader->at);
}

/* The next `size` bytes, or NULL after a failure. */
static inline const uint8_t *take(Reader *reader, size_t size)
{
    const uint8_t *at = reader->at;
    if (UNLIKELY(size > left(reader))) {
        bad(reader);
        return NULL;
    }
    reader->at += size;
    return at;
}

static bool get_number(Reader *reader, size_t size, uint64_t *out)
{
    const uint8_t *at = take(reader, size);
    if (at == NULL) {
        return false;
    }
    uint64_t value = 0;
    if (LIKELY(size == sizeof(uint32_t))) {
        uint32_t word;
        memcpy(&word, at, sizeof word);
        *out = be32toh(word);
        return true;
    }
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | at[i];
    }
    *out = value;
    return true;
}

static bool get32(Reader *reader, uint32_t *out)
{
    uint64_t value;
    if (!get_number(reader, 4, &value)) {
        return false;
    }
    *out = (uint32_t) value;
    return true;
}

/* Reserves `count` terms that are to come, `size` bytes each at least. */
static bool owe(Reader *reader, uint64_t count)
{
    if (count > left(reader) || reader->owed > left(reader) - count) {
        return bad(reader);
    }
    reader->owed += count;
    return true;
}

static Term *get_room(Reader *reader, size_t words)
{
    Term *room = space_try_alloc(reader->space, words);
    if (room == NULL) {
        fail(reader, TERM_LIMIT);
    }
    return room;
}

/* ---- frames ---- */

static bool push(Reader *reader, FrameKind kind, const void *a, uint64_t b)
{
    if (UNLIKELY(reader->frame_count == reader->frame_capacity)) {
        bool local = reader->frames == reader->local_frames;
        size_t capacity = reader->frame_capacity * 2;
        Frame *frames = mem_try_realloc(local ? NULL : reader->frames, capacity * sizeof(Frame));
        if (frames == NULL) {
            return fail(reader, TERM_LIMIT);
        }
        if (local) {
            memcpy(frames, reader->local_frames, sizeof reader->local_frames);
        }
        reader->frames = frames;
        reader->frame_capacity = capacity;
    }
    reader->frames[reader->frame_count++] = (Frame){(uint64_t) a, b << FRAME_KIND_BITS | kind};
    return true;
}

static bool push_slots(Reader *reader, Term *slots, uint64_t count)
{
    return count == 0 || push(reader, SLOTS, slots, count);
}

/* ---- leaves: each takes what follows the tag, and answers false after a failure ---- */

static bool get_atom_utf8(Reader *reader, const uint8_t *name, size_t size, Term *out)
{
    Term atom =
        reader->safe ? atom_find((const char *) name, size) : atom_make((const char *) name, size);
    if (!term_is_atom(atom)) {
        /* Too long is bad input; a full table is not. */
        return fail(reader, atom_count() >= atom_limit ? atom : TERM_NONE);
    }
    *out = atom;
    return true;
}

static bool get_atom_latin1(Reader *reader, const uint8_t *name, size_t size, Term *out)
{
    uint8_t utf8[2 * ATOM_MAX_CHARACTERS];
    size_t bytes = 0;
    if (size > ATOM_MAX_CHARACTERS) {
        return bad(reader);
    }
    for (size_t i = 0; i < size; i++) {
        bytes += utf8_encode(name[i], utf8 + bytes);
    }
    return get_atom_utf8(reader, utf8, bytes, out);
}

static bool get_atom_body(Reader *reader, unsigned tag, Term *out)
{
    bool small = tag == EXT_SMALL_ATOM || tag == EXT_SMALL_ATOM_UTF8;
    uint64_t size;
    if (!get_number(reader, small ? 1 : 2, &size)) {
        return false;
    }
    const uint8_t *name = take(reader, size);
    if (name == NULL) {
        return false;
    }
    return tag == EXT_ATOM || tag == EXT_SMALL_ATOM ? get_atom_latin1(reader, name, size, out)
                                                    : get_atom_utf8(reader, name, size, out);
}

static bool get_atom(Reader *reader, Term *out)
{
    const uint8_t *tag = take(reader, 1);
    if (tag == NULL) {
        return false;
    }
    switch (*tag) {
    case EXT_ATOM:
    case EXT_SMALL_ATOM:
    case EXT_ATOM_UTF8:
    case EXT_SMALL_ATOM_UTF8:
        return get_atom_body(reader, *tag, out);
    default:
        return bad(reader);
    }
}

/* A small integer, with its tag. */
static bool get_small(Reader *reader, int64_t *out)
{
    const uint8_t *tag = take(reader, 1);
    uint64_t value;
    if (tag == NULL) {
        return false;
    }
    if (*tag == EXT_SMALL_INTEGER && get_number(reader, 1, &value)) {
        *out = (int64_t) value;
        return true;
    }
    if (*tag == EXT_INTEGER && get_number(reader, 4, &value)) {
        *out = (int32_t) value;
        return true;
    }
    return bad(reader);
}

/* A number of 32 bits, as any kind of integer. */
static bool get_bits32(Reader *reader, int32_t *out)
{
    uint64_t value, size;
    const uint8_t *tag = take(reader, 1);
    if (tag == NULL ||
        (*tag != EXT_SMALL_BIG && *tag != EXT_SMALL_INTEGER && *tag != EXT_INTEGER)) {
        return bad(reader);
    }
    if (*tag != EXT_SMALL_BIG) {
        if (!get_number(reader, *tag == EXT_INTEGER ? 4 : 1, &value)) {
            return false;
        }
        *out = (int32_t) (uint32_t) value;
        return true;
    }
    uint32_t bits = 0;
    if (!get_number(reader, 1, &size) || !get_number(reader, 1, &value)) {
        return false;
    }
    const uint8_t *bytes = take(reader, size);
    if (bytes == NULL || size > sizeof bits) {
        return bad(reader);
    }
    for (uint64_t i = 0; i < size; i++) {
        bits |= (uint32_t) bytes[i] << 8 * i;
    }
    *out = (int32_t) (value != 0 ? 0 - bits : bits);
    return true;
}

static bool get_big(Reader *reader, size_t size_bytes, Term *out)
{
    uint64_t size, sign;
    if (!get_number(reader, size_bytes, &size) || !get_number(reader, 1, &sign)) {
        return false;
    }
    const uint8_t *bytes = take(reader, size);
    if (bytes == NULL) {
        return false;
    }
    Term value = integer_from_bytes(reader->space, bytes, size, true, false);
    if (sign != 0 && value != TERM_LIMIT) {
        value = arith_negate(reader->space, value);
    }
    *out = value;
    return value == TERM_LIMIT ? fail(reader, TERM_LIMIT) : true;
}

static bool get_new_float(Reader *reader, Term *out)
{
    const uint8_t *bytes = take(reader, 8);
    if (bytes == NULL) {
        return false;
    }
    uint64_t word;
    double value;
    memcpy(&word, bytes, sizeof word);
    word = be64toh(word);
    memcpy(&value, &word, sizeof value);
    if (!isfinite(value)) {
        return bad(reader);
    }
    *out = make_float(reader->space, value);
    return true;
}

static bool get_text_float(Reader *reader, Term *out)
{
    const char *text = (const char *) take(reader, EXT_FLOAT_BYTES);
    double value;
    if (text == NULL) {
        return false;
    }
    if (!double_parse(text, strnlen(text, EXT_FLOAT_BYTES), &value)) {
        return bad(reader);
    }
    *out = make_float(reader->space, value);
    return true;
}

static bool get_binary(Reader *reader, Term *out)
{
    uint64_t size;
    if (!get_number(reader, 4, &size)) {
        return false;
    }
    const uint8_t *bytes = take(reader, size);
    if (bytes == NULL) {
        return false;
    }
    *out = make_binary(reader->space, bytes, size);
    return *out == TERM_LIMIT ? fail(reader, TERM_LIMIT) : true;
}

static bool get_bit_binary(Reader *reader, Term *out)
{
    uint64_t size, last;
    if (!get_number(reader, 4, &size) || !get_number(reader, 1, &last)) {
        return false;
    }
    if (last > 8 || (size == 0) != (last == 0)) {
        return bad(reader);
    }
    const uint8_t *bytes = take(reader, size);
    if (bytes == NULL) {
        return false;
    }
    size_t bits = size == 0 ? 0 : (size - 1) * 8 + last;
    *out = make_bitstring(reader->space, (Bits){bytes, 0, bits});
    return *out == TERM_LIMIT ? fail(reader, TERM_LIMIT) : true;
}

static bool get_string(Reader *reader, Term *out)
{
    uint64_t size;
    if (!get_number(reader, 2, &size)) {
        return false;
    }
    const uint8_t *bytes = take(reader, size);
    if (bytes == NULL) {
        return false;
    }
    *out = make_string_latin1(reader->space, (const char *) bytes, size);
    return *out == TERM_LIMIT ? fail(reader, TERM_LIMIT) : true;
}

/* ---- identifiers ---- */

/* The creation: one byte, of which two bits count, in the old forms; four in the new ones. */
static bool get_creation(Reader *reader, bool old, uint32_t *out)
{
    uint64_t value;
    if (!get_number(reader, old ? 1 : 4, &value)) {
        return false;
    }
    *out = (uint32_t) value;
    return old && value > 3 ? bad(reader) : true;
}

/* An identifier of an earlier incarnation of this node is somebody else's; creation 0 goes with any
 * incarnation. */
static bool is_this_node(Term node, uint32_t creation)
{
    return node == external_node_name && (creation == 0 || creation == external_node_creation);
}

static bool get_pid(Reader *reader, bool old, Term *out)
{
    enum { ID_MAX = 0xFFFFFFF, SERIAL_MAX = 0x3FFFFFFF };
    Term node;
    uint32_t ids[2], creation;
    if (!get_atom(reader, &node) || !get32(reader, &ids[0]) || !get32(reader, &ids[1]) ||
        !get_creation(reader, old, &creation)) {
        return false;
    }
    if (!is_this_node(node, creation)) {
        *out = make_external(reader->space, EXTERNAL_PID, node, creation, ids, 2);
        return true;
    }
    if (ids[0] > ID_MAX || ids[1] > SERIAL_MAX) {
        return bad(reader);
    }
    *out = term_pid(ids[0] | (uint64_t) ids[1] << 28);
    return true;
}

static bool get_port(Reader *reader, size_t id_bytes, bool old, Term *out)
{
    enum { LOCAL_ID_BITS = 28 };
    Term node;
    uint64_t id;
    uint32_t creation;
    if (!get_atom(reader, &node) || !get_number(reader, id_bytes, &id) ||
        !get_creation(reader, old, &creation)) {
        return false;
    }
    if (!is_this_node(node, creation)) {
        uint32_t ids[] = {(uint32_t) id, (uint32_t) (id >> 32)};
        *out = make_external(reader->space, EXTERNAL_PORT, node, creation, ids, 2);
        return true;
    }
    if (id >> LOCAL_ID_BITS != 0) {
        return bad(reader);
    }
    *out = term_port(id);
    return true;
}

/* The node comes before or after the count; `count` ids follow the creation. */
static bool get_ref(Reader *reader, uint64_t count, bool old, Term *out)
{
    enum { IDS_MAX = 5, FIRST_ID_MAX = 0x3FFFF };
    Term node;
    uint32_t creation, ids[IDS_MAX];
    uint64_t number, extra;
    if (count > IDS_MAX) {
        return bad(reader);
    }
    if (!get_atom(reader, &node) || !get_creation(reader, old, &creation)) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        if (!get32(reader, &ids[i])) {
            return false;
        }
    }
    bool local = is_this_node(node, creation);
    if (local && count > 0 && ids[0] > FIRST_ID_MAX) {
        return bad(reader);
    }
    /* A reference that bears our name but that we cannot have made comes from another machine of
     * that name: erl's have more bits. */
    if (!local || !ref_from_ids(ids, (uint32_t) count, &number, &extra)) {
        *out = make_external(reader->space, EXTERNAL_REF, node, creation, ids, (uint32_t) count);
        return true;
    }
    *out = make_ref_of(reader->space, number, extra);
    return true;
}

/* The oldest form: one id, before the creation. */
static bool get_old_ref(Reader *reader, Term *out)
{
    Term node;
    uint32_t id, creation;
    if (!get_atom(reader, &node) || !get32(reader, &id) || !get_creation(reader, true, &creation)) {
        return false;
    }
    if (!is_this_node(node, creation)) {
        *out = make_external(reader->space, EXTERNAL_REF, node, creation, &id, 1);
        return true;
    }
    *out = make_ref_of(reader->space, id & 0x3FFFF, 0);
    return true;
}

static bool get_counted_ref(Reader *reader, bool old, Term *out)
{
    uint64_t count;
    return get_number(reader, 2, &count) && get_ref(reader, count, old, out);
}

/* ---- funs ---- */

static bool get_export(Reader *reader, Term *out)
{
    Term module, function;
    int64_t arity;
    if (!get_atom(reader, &module) || !get_atom(reader, &function) || !get_small(reader, &arity)) {
        return false;
    }
    if (arity < 0 || external_hooks.find_export == NULL) {
        return bad(reader);
    }
    Export *export = external_hooks.find_export(module, function, (uint32_t) arity, reader->safe);
    if (export == NULL) {
        return bad(reader);
    }
    Term *object = get_room(reader, 2);
    if (object == NULL) {
        return false;
    }
    object[0] = HEADER(KIND_export, 1);
    object[1] = (Term) export;
    *out = term_boxed(object);
    return true;
}

/* All of a fun before its captured values. */
static bool get_fun_entry(Reader *reader, FunEntry *entry)
{
    uint64_t size, arity;
    Term creator;
    if (!get_number(reader, 4, &size) || !get_number(reader, 1, &arity)) {
        return false;
    }
    const uint8_t *uniq = take(reader, sizeof entry->uniq);
    if (uniq == NULL || !get32(reader, &entry->index) || !get32(reader, &entry->free_count) ||
        !get_atom(reader, &entry->module) || !get_bits32(reader, &entry->old_index) ||
        !get_bits32(reader, &entry->old_uniq)) {
        return false;
    }
    const uint8_t *tag = take(reader, 1);
    if (tag == NULL || (*tag != EXT_PID && *tag != EXT_NEW_PID)) {
        return bad(reader);
    }
    entry->arity = (uint32_t) arity;
    entry->function = TERM_NONE;
    memcpy(entry->uniq, uniq, sizeof entry->uniq);
    return get_pid(reader, *tag == EXT_PID, &creator);
}

static bool get_fun(Reader *reader, Term *out)
{
    FunEntry wanted = {0};
    if (!get_fun_entry(reader, &wanted) || !owe(reader, wanted.free_count)) {
        return false;
    }
    FunEntry *entry = external_hooks.find_fun == NULL ? NULL : external_hooks.find_fun(&wanted);
    if (entry == NULL || entry->free_count != wanted.free_count) {
        return bad(reader);
    }
    Term *object = get_room(reader, 2 + (size_t) wanted.free_count);
    if (object == NULL) {
        return false;
    }
    object[0] = HEADER(KIND_fun, 1 + (size_t) wanted.free_count);
    object[1] = (Term) entry;
    for (uint32_t i = 0; i < wanted.free_count; i++) {
        object[2 + i] = TERM_NIL;
    }
    *out = term_boxed(object);
    return push_slots(reader, object + 2, wanted.free_count);
}

/* ---- containers ---- */

static bool get_tuple(Reader *reader, size_t size_bytes, Term *out)
{
    uint64_t arity;
    if (!get_number(reader, size_bytes, &arity) || !owe(reader, arity)) {
        return false;
    }
    if (arity > TUPLE_ARITY_MAX) {
        return bad(reader);
    }
    Term *object = get_room(reader, arity + 1);
    if (object == NULL) {
        return false;
    }
    object[0] = HEADER(KIND_tuple, arity);
    for (uint64_t i = 1; i <= arity; i++) {
        object[i] = TERM_NIL;
    }
    *out = term_boxed(object);
    return push_slots(reader, object + 1, arity);
}

static bool get_list(Reader *reader, Term *out)
{
    uint64_t count;
    if (!get_number(reader, 4, &count) || !owe(reader, count + 1)) {
        return false;
    }
    if (count == 0) { /* only a tail: it is the term */
        return push_slots(reader, out, 1);
    }
    Term *cells = get_room(reader, 2 * count);
    if (cells == NULL) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        cells[2 * i] = TERM_NIL;
        cells[2 * i + 1] = term_cons(cells + 2 * i + 2);
    }
    cells[2 * count - 1] = TERM_NIL;
    *out = term_cons(cells);
    return push(reader, LIST, cells, count + 1);
}

static bool get_map(Reader *reader, Term *out)
{
    uint64_t count;
    if (!get_number(reader, 4, &count) || !owe(reader, 2 * count)) {
        return false;
    }
    if (count == 0) {
        *out = map_empty(reader->space);
        return true;
    }
    Term *pairs = mem_try_alloc(2 * count * sizeof(Term));
    if (pairs == NULL) {
        return fail(reader, TERM_LIMIT);
    }
    if (!push(reader, MAP_PAIRS, pairs, 0)) {
        mem_free(pairs);
        return false;
    }
    return push(reader, MAP, out, count) && push_slots(reader, pairs, 2 * count);
}

/* All keys and values are there. */
static bool end_map(Reader *reader, Term *out, uint64_t count)
{
    reader->frame_count -= 2;
    Term *pairs = (Term *) reader->frames[reader->frame_count].a;
    Term map = map_from_pairs(reader->space, pairs, count);
    mem_free(pairs);
    if (map == TERM_LIMIT) {
        return fail(reader, TERM_LIMIT);
    }
    *out = map;
    return map_size(map) == count ? true : bad(reader); /* a key twice */
}

/* A leaf of the most common kinds: an integer of up to 32 bits, a float, a binary;
 * false: it is something else, or a failure. */
static inline bool get_plain(Reader *reader, Term *out)
{
    const uint8_t *at = reader->at;
    size_t size = left(reader);
    if (size >= 2 && at[0] == EXT_SMALL_INTEGER) {
        *out = term_small(at[1]);
        reader->at += 2;
        return true;
    }
    if (size >= 5 && at[0] == EXT_INTEGER) {
        uint32_t value;
        memcpy(&value, at + 1, sizeof value);
        *out = term_small((int32_t) be32toh(value));
        reader->at += 5;
        return true;
    }
    if (size >= 9 && (at[0] == EXT_BINARY || at[0] == EXT_NEW_FLOAT)) {
        reader->at++;
        return at[0] == EXT_BINARY ? get_binary(reader, out) : get_new_float(reader, out);
    }
    return false;
}

/* One term into `*out`; of a container, the beginning. */
static bool get_term(Reader *reader, Term *out)
{
    uint64_t value;
    const uint8_t *tag = take(reader, 1);
    if (tag == NULL) {
        return false;
    }
    switch (*tag) {
    case EXT_SMALL_INTEGER:
        if (!get_number(reader, 1, &value)) {
            return false;
        }
        *out = term_small((int64_t) value);
        return true;
    case EXT_INTEGER:
        if (!get_number(reader, 4, &value)) {
            return false;
        }
        *out = term_small((int32_t) value);
        return true;
    case EXT_SMALL_BIG:
        return get_big(reader, 1, out);
    case EXT_LARGE_BIG:
        return get_big(reader, 4, out);
    case EXT_NEW_FLOAT:
        return get_new_float(reader, out);
    case EXT_FLOAT:
        return get_text_float(reader, out);
    case EXT_ATOM:
    case EXT_SMALL_ATOM:
    case EXT_ATOM_UTF8:
    case EXT_SMALL_ATOM_UTF8:
        return get_atom_body(reader, *tag, out);
    case EXT_NIL:
        *out = TERM_NIL;
        return true;
    case EXT_STRING:
        return get_string(reader, out);
    case EXT_LIST:
        return get_list(reader, out);
    case EXT_SMALL_TUPLE:
        return get_tuple(reader, 1, out);
    case EXT_LARGE_TUPLE:
        return get_tuple(reader, 4, out);
    case EXT_MAP:
        return get_map(reader, out);
    case EXT_BINARY:
        return get_binary(reader, out);
    case EXT_BIT_BINARY:
        return get_bit_binary(reader, out);
    case EXT_PID:
    case EXT_NEW_PID:
        return get_pid(reader, *tag == EXT_PID, out);
    case EXT_PORT:
    case EXT_NEW_PORT:
        return get_port(reader, 4, *tag == EXT_PORT, out);
    case EXT_V4_PORT:
        return get_port(reader, 8, false, out);
    case EXT_REFERENCE:
        return get_old_ref(reader, out);
    case EXT_NEW_REFERENCE:
    case EXT_NEWER_REFERENCE:
        return get_counted_ref(reader, *tag == EXT_NEW_REFERENCE, out);
    case EXT_EXPORT:
        return get_export(reader, out);
    case EXT_NEW_FUN:
        return get_fun(reader, out);
    default:
        return bad(reader);
    }
}

/* ---- the walk ---- */

/* Fills the next slot. */
static bool go_on(Reader *reader)
{
    Frame *frame = &reader->frames[reader->frame_count - 1];
    FrameKind kind = (FrameKind) (frame->b & FRAME_KIND_MASK);
    uint64_t count = frame->b >> FRAME_KIND_BITS;
    Term *slot = (Term *) frame->a;
    if (kind == MAP) {
        return end_map(reader, slot, count);
    }
    for (; count > 0 && get_plain(reader, slot); count--) {
        slot += kind == LIST && count > 2 ? 2 : 1;
        reader->owed--;
    }
    if (count <= 1) {
        reader->frame_count--;
    } else {
        frame->a = (uint64_t) (slot + (kind == LIST && count > 2 ? 2 : 1));
        frame->b = (count - 1) << FRAME_KIND_BITS | kind;
    }
    if (count == 0) {
        return true;
    }
    reader->owed--;
    return reader->failure == 0 && get_term(reader, slot);
}

static Term read_all(Reader *reader)
{
    Term result = TERM_NIL;
    reader->frames = reader->local_frames;
    reader->frame_capacity = LOCAL_FRAMES;
    bool fine = get_term(reader, &result);
    while (fine && reader->frame_count > 0) {
        fine = go_on(reader);
    }
    while (reader->frame_count > 0) {
        const Frame *frame = &reader->frames[--reader->frame_count];
        if ((frame->b & FRAME_KIND_MASK) == MAP_PAIRS) {
            mem_free((Term *) frame->a);
        }
    }
    if (reader->frames != reader->local_frames) {
        mem_free(reader->frames);
    }
    return fine ? result : reader->failure;
}

/* ---- compressed terms ---- */

/* Unpacks into `plain`; true when that is exactly what comes out. */
static bool unpack(const uint8_t *bytes, size_t size, uint8_t *plain, size_t plain_size,
                   size_t *used)
{
    z_stream stream = {.next_in = (uint8_t *) bytes, .next_out = plain};
    if (inflateInit(&stream) != Z_OK) {
        return false;
    }
    stream.avail_in = size > UINT32_MAX ? UINT32_MAX : (uInt) size;
    stream.avail_out = (uInt) plain_size;
    int status = inflate(&stream, Z_FINISH);
    *used = stream.total_in;
    bool exact = status == Z_STREAM_END && stream.total_out == plain_size;
    inflateEnd(&stream);
    return exact;
}

static Term read_compressed(Reader *reader, size_t *used)
{
    enum { RATIO_MAX = 1032 }; /* zlib packs no better */
    uint32_t plain_size;
    if (!get32(reader, &plain_size)) {
        return reader->failure;
    }
    if (plain_size / RATIO_MAX > left(reader)) {
        return TERM_NONE;
    }
    uint8_t *plain = mem_try_alloc(plain_size);
    if (plain == NULL) {
        return TERM_LIMIT;
    }
    Term result = TERM_NONE;
    if (unpack(reader->at, left(reader), plain, plain_size, used)) {
        reader->at = plain;
        reader->end = plain + plain_size;
        result = read_all(reader);
    }
    mem_free(plain);
    return result;
}

Term external_to_term(Space *space, const uint8_t *bytes, size_t size_bytes, bool safe,
                      size_t *used)
{
    enum { COMPRESSED_HEAD_BYTES = 6 };
    Reader reader;
    reader.space = space;
    reader.at = bytes;
    reader.end = bytes + size_bytes;
    reader.owed = 0;
    reader.failure = 0;
    reader.safe = safe;
    reader.frame_count = 0;
    if (size_bytes < 2 || bytes[0] != EXT_VERSION) {
        return TERM_NONE;
    }
    if (bytes[1] == EXT_COMPRESSED) {
        reader.at += 2;
        Term result = read_compressed(&reader, used);
        *used += COMPRESSED_HEAD_BYTES;
        return result;
    }
    reader.at++;
    Term result = read_all(&reader);
    *used = (size_t) (reader.at - bytes);
    return result;
}
