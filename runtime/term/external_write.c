/* runtime/term/external_write.c
 * Terms to bytes, in one walk: by C calls near the top, further down with a stack of our own. The
 * bytes go to a small buffer; if that is not enough, another walk counts how many there will be,
 * and they go where they stay. When only their number is asked for, they go nowhere. */
#include "runtime/term/external.h"

#include "runtime/term/arith.h"
#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "runtime/term/external_tags.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

Term external_node_name = ATOM_OF(nonode_at_nohost);
uint32_t external_node_creation;

/* What is left of a container, by kind in the low bits of `b`:
 *   LIST      a: the rest of a list, written element by element, and the tail last
 *   SLOTS     a: the next of adjacent terms; b: how many are left
 *   SMALL_MAP a: the map; b: values and keys written
 *   BIG_MAP   a: MapWalk *
 *   SORTED    a: SortedMap *
 *   VALUE     a: the value that follows the key just written
 *   FUN_END   a: where the fun began; its size is entered there */
typedef enum FrameKind { LIST, SLOTS, SMALL_MAP, BIG_MAP, SORTED, VALUE, FUN_END } FrameKind;
typedef struct Frame {
    uint64_t a, b;
} Frame;
enum { FRAME_KIND_BITS = 3, FRAME_KIND_MASK = 7 };

typedef struct SortedMap {
    Term map;
    size_t count, index;
    Term keys[];
} SortedMap;

enum { LOCAL_FRAMES = 64, LOCAL_BYTES = 1024, MAX_DEPTH = 24 };

typedef struct Writer {
    const ExternalOptions *options;
    Term root; /* all that is to be written */
    uint8_t *bytes;
    Binary *binary; /* what they lie in, if they are to become a binary and it is large */
    size_t size, capacity;
    int64_t steps;  /* counting: terms left to look at */
    unsigned depth; /* of C calls */
    bool counting;  /* bytes go nowhere */
    bool to_binary; /* they become a binary as they are */
    bool failed;    /* no memory, or too many steps */
    Frame *frames;
    size_t frame_count, frame_capacity;
    Frame local_frames[LOCAL_FRAMES];
    uint8_t local_bytes[LOCAL_BYTES];
} Writer;

/* ---- bytes ---- */

/* From the local bytes to a block that has room for all. */
static COLD bool grow(Writer *writer)
{
    ASSERT(writer->bytes == writer->local_bytes);
    size_t whole = external_size(writer->root, writer->options);
    if (whole == 0 || whole == EXTERNAL_IS_LONG) {
        writer->failed = true;
        writer->steps = whole == 0 ? 0 : -1;
        return false;
    }
    uint8_t *bytes = NULL;
    if (writer->to_binary) {
        writer->binary = binary_create(whole, whole);
        bytes = writer->binary == NULL ? NULL : writer->binary->bytes;
    } else {
        bytes = mem_try_alloc(whole);
    }
    if (bytes == NULL) {
        writer->failed = true;
        return false;
    }
    memcpy(bytes, writer->local_bytes, writer->size);
    writer->bytes = bytes;
    writer->capacity = whole;
    return true;
}

/* Room for `size` bytes, or NULL when they go nowhere. */
static inline uint8_t *put_room(Writer *writer, size_t size)
{
    size_t at = writer->size;
    if (writer->counting || writer->failed) {
        writer->size += size;
        return NULL;
    }
    if (UNLIKELY(size > writer->capacity - at) && !grow(writer)) {
        return NULL;
    }
    ASSERT(size <= writer->capacity - at);
    writer->size += size;
    return writer->bytes + at;
}

static inline void put_bytes(Writer *writer, const void *bytes, size_t size)
{
    uint8_t *at = put_room(writer, size);
    if (at != NULL && size > 0) {
        memcpy(at, bytes, size);
    }
}

static inline void put8(Writer *writer, unsigned value)
{
    uint8_t *at = put_room(writer, 1);
    if (at != NULL) {
        *at = (uint8_t) value;
    }
}

static void put16(Writer *writer, unsigned value)
{
    uint16_t big_endian = __builtin_bswap16((uint16_t) value);
    put_bytes(writer, &big_endian, sizeof big_endian);
}

static void put32(Writer *writer, uint32_t value)
{
    value = __builtin_bswap32(value);
    put_bytes(writer, &value, sizeof value);
}

static void put64(Writer *writer, uint64_t value)
{
    value = __builtin_bswap64(value);
    put_bytes(writer, &value, sizeof value);
}

/* ---- leaves ---- */

static void put_latin1(uint8_t *out, const uint8_t *name, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        uint8_t byte = name[i];
        if (byte >= 0x80) {
            byte = (uint8_t) (byte << 6) | (name[++i] & 0x3F);
        }
        *out++ = byte;
    }
}

static void put_atom(Writer *writer, Term atom)
{
    const uint8_t *name = (const uint8_t *) atom_name(atom);
    size_t size = atom_name_bytes(atom);
    int latin1 = writer->options->minor_version < 2 ? atom_latin1_size(atom) : -1;
    if (latin1 >= 0) {
        uint8_t *at = put_room(writer, 3 + (size_t) latin1);
        if (at != NULL) {
            at[0] = EXT_ATOM;
            at[1] = 0;
            at[2] = (uint8_t) latin1;
            if ((size_t) latin1 == size) {
                memcpy(at + 3, name, size);
            } else {
                put_latin1(at + 3, name, size);
            }
        }
        return;
    }
    if (size <= 255) {
        put8(writer, EXT_SMALL_ATOM_UTF8);
        put8(writer, (unsigned) size);
    } else {
        put8(writer, EXT_ATOM_UTF8);
        put16(writer, (unsigned) size);
    }
    put_bytes(writer, name, size);
}

static void put_big(Writer *writer, Term integer)
{
    size_t size = (integer_bit_length(integer) + 7) / 8;
    if (size <= 255) {
        put8(writer, EXT_SMALL_BIG);
        put8(writer, (unsigned) size);
    } else {
        put8(writer, EXT_LARGE_BIG);
        put32(writer, (uint32_t) size);
    }
    put8(writer, integer_is_negative(integer));
    uint8_t *at = put_room(writer, size);
    if (at == NULL) {
        return;
    }
    integer_to_bytes(integer, at, size, true);
    if (integer_is_negative(integer)) { /* two's complement to magnitude */
        unsigned carry = 1;
        for (size_t i = 0; i < size; i++) {
            carry += (uint8_t) ~at[i];
            at[i] = (uint8_t) carry;
            carry >>= 8;
        }
    }
}

static void put_integer(Writer *writer, Term integer)
{
    int64_t value;
    if (!term_to_int64(integer, &value) || value < INT32_MIN || value > INT32_MAX) {
        put_big(writer, integer);
    } else if (value >= 0 && value <= 255) {
        const uint8_t bytes[] = {EXT_SMALL_INTEGER, (uint8_t) value};
        put_bytes(writer, bytes, sizeof bytes);
    } else {
        uint8_t bytes[5] = {EXT_INTEGER};
        uint32_t big_endian = __builtin_bswap32((uint32_t) value);
        memcpy(bytes + 1, &big_endian, sizeof big_endian);
        put_bytes(writer, bytes, sizeof bytes);
    }
}

static void put_float(Writer *writer, double value)
{
    if (writer->options->minor_version == 0) {
        char text[EXT_FLOAT_BYTES + 1] = {0};
        snprintf(text, sizeof text, "%.20e", value);
        put8(writer, EXT_FLOAT);
        put_bytes(writer, text, EXT_FLOAT_BYTES);
        return;
    }
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put8(writer, EXT_NEW_FLOAT);
    put64(writer, bits);
}

static void put_bitstring(Writer *writer, Term bitstring)
{
    Bits bits = bits_of(bitstring);
    size_t size = (bits.size + 7) / 8;
    unsigned last = bits.size % 8;
    size_t head = last == 0 ? 5 : 6;
    uint8_t *at = put_room(writer, head + size);
    if (at == NULL) {
        return;
    }
    uint32_t big_endian = __builtin_bswap32((uint32_t) size);
    at[0] = last == 0 ? EXT_BINARY : EXT_BIT_BINARY;
    memcpy(at + 1, &big_endian, sizeof big_endian);
    if (last == 0 && bits.offset == 0) {
        memcpy(at + head, bits.bytes, size);
    } else if (size > 0) {
        at[head - 1] = last == 0 ? at[head - 1] : (uint8_t) last;
        at[head + size - 1] = 0;
        bits_copy(at + head, 0, bits.bytes, bits.offset, bits.size);
    }
}

static void put_pid(Writer *writer, Term node, uint32_t creation, uint32_t id, uint32_t serial)
{
    put8(writer, EXT_NEW_PID);
    put_atom(writer, node);
    put32(writer, id);
    put32(writer, serial);
    put32(writer, creation);
}

static void put_local_pid(Writer *writer, Term pid)
{
    uint64_t id = pid_id(pid);
    put_pid(writer, external_node_name, external_node_creation, id & 0xFFFFFFF,
            (uint32_t) (id >> 28));
}

static void put_port(Writer *writer, Term node, uint32_t creation, uint64_t id)
{
    bool small = id <= 0xFFFFFFF;
    put8(writer, small ? EXT_NEW_PORT : EXT_V4_PORT);
    put_atom(writer, node);
    if (small) {
        put32(writer, (uint32_t) id);
    } else {
        put64(writer, id);
    }
    put32(writer, creation);
}

static void put_ref(Writer *writer, Term node, uint32_t creation, const uint32_t ids[],
                    uint32_t count)
{
    put8(writer, EXT_NEWER_REFERENCE);
    put16(writer, count);
    put_atom(writer, node);
    put32(writer, creation);
    for (uint32_t i = 0; i < count; i++) {
        put32(writer, ids[i]);
    }
}

static void put_external(Writer *writer, Term t)
{
    uint32_t ids[EXTERNAL_IDS_MAX] = {0};
    uint32_t count = external_ids(t, ids), creation = external_creation(t);
    Term node = external_node(t);
    switch (external_kind(t)) {
    case EXTERNAL_PID:
        put_pid(writer, node, creation, ids[0], ids[1]);
        break;
    case EXTERNAL_PORT:
        put_port(writer, node, creation, ids[0] | (uint64_t) ids[1] << 32);
        break;
    case EXTERNAL_REF:
        put_ref(writer, node, creation, ids, count);
        break;
    }
}

static void put_export(Writer *writer, Term t)
{
    const Export *export = fun_export(t);
    put8(writer, EXT_EXPORT);
    put_atom(writer, export->module);
    put_atom(writer, export->function);
    put_integer(writer, term_small(export->arity));
}

/* ---- containers ---- */

static void push(Writer *writer, FrameKind kind, uint64_t a, uint64_t b)
{
    if (UNLIKELY(writer->frame_count == writer->frame_capacity)) {
        bool local = writer->frames == writer->local_frames;
        size_t capacity = writer->frame_capacity * 2;
        Frame *frames = mem_try_realloc(local ? NULL : writer->frames, capacity * sizeof(Frame));
        if (frames == NULL) {
            writer->failed = true;
            return;
        }
        if (local) {
            memcpy(frames, writer->local_frames, sizeof writer->local_frames);
        }
        writer->frames = frames;
        writer->frame_capacity = capacity;
    }
    writer->frames[writer->frame_count++] = (Frame){a, b << FRAME_KIND_BITS | kind};
}

static void push_slots(Writer *writer, const Term *slots, size_t count)
{
    if (count > 0) {
        push(writer, SLOTS, (uint64_t) slots, count);
    }
}

static void put_term(Writer *writer, Term t);
static void go_on(Writer *writer);

/* The term and all that is in it. */
static void put_whole(Writer *writer, Term t)
{
    size_t before = writer->frame_count;
    writer->depth++;
    put_term(writer, t);
    while (writer->frame_count > before && !writer->failed) {
        go_on(writer);
    }
    writer->depth--;
}

/* The commonest leaves, at no more cost than they must have: as put_term would write or count them.
 * False: something else. */
static inline bool put_leaf(Writer *writer, Term t)
{
    enum { LEAF_MOST = 9 };
    uint8_t no_bytes[LEAF_MOST], *at = no_bytes;
    if (!writer->counting) {
        if (UNLIKELY(writer->capacity - writer->size < LEAF_MOST || writer->failed)) {
            return false;
        }
        at = writer->bytes + writer->size;
    }
    if (term_is_small(t)) {
        int64_t value = small_value(t);
        if ((uint64_t) value <= 255) {
            at[0] = EXT_SMALL_INTEGER;
            at[1] = (uint8_t) value;
            writer->size += 2;
            return true;
        }
        if (value != (int32_t) value) {
            return false;
        }
        uint32_t big_endian = __builtin_bswap32((uint32_t) value);
        at[0] = EXT_INTEGER;
        memcpy(at + 1, &big_endian, sizeof big_endian);
        writer->size += 5;
        return true;
    }
    if (term_is_nil(t)) {
        at[0] = EXT_NIL;
        writer->size++;
        return true;
    }
    if (term_is_immediate_float(t) && writer->options->minor_version != 0) {
        double value = immediate_float_value(t);
        uint64_t bits;
        memcpy(&bits, &value, sizeof bits);
        bits = __builtin_bswap64(bits);
        at[0] = EXT_NEW_FLOAT;
        memcpy(at + 1, &bits, sizeof bits);
        writer->size += 9;
        return true;
    }
    return false;
}

static inline void put_slot(Writer *writer, Term t)
{
    if (!put_leaf(writer, t)) {
        put_whole(writer, t);
    }
}

/* Counts `count` terms as looked at; false: there were too many. */
static inline bool step(Writer *writer, size_t count)
{
    if (writer->counting) {
        writer->steps -= (int64_t) count;
        writer->failed = writer->failed || writer->steps < 0;
    }
    return !writer->failed;
}

static void begin_list(Writer *writer, Term list)
{
    uint64_t count = 0;
    bool bytes = true;
    Term rest = list;
    for (; term_is_cons(rest); rest = cons_tail(rest), count++) {
        /* Smalls from 0 to 255: no other bits than these. */
        bytes = bytes && (cons_head(rest) & ~term_small(255)) == 0;
    }
    if (!step(writer, count)) {
        return;
    }
    if (bytes && count <= 0xFFFF && term_is_nil(rest)) {
        put8(writer, EXT_STRING);
        put16(writer, (unsigned) count);
        uint8_t *at = put_room(writer, count);
        for (rest = list; at != NULL && term_is_cons(rest); rest = cons_tail(rest)) {
            *at++ = (uint8_t) small_value(cons_head(rest));
        }
        return;
    }
    if (count > UINT32_MAX) {
        writer->failed = true; /* the format has no place for it */
        return;
    }
    put8(writer, EXT_LIST);
    put32(writer, (uint32_t) count);
    if (writer->depth >= MAX_DEPTH) {
        push(writer, LIST, list, 0);
        return;
    }
    for (rest = list; term_is_cons(rest) && !writer->failed; rest = cons_tail(rest)) {
        put_slot(writer, cons_head(rest));
    }
    put_slot(writer, rest);
}

static void put_slots(Writer *writer, const Term *slots, size_t count)
{
    if (!step(writer, count)) {
        return;
    }
    if (writer->depth >= MAX_DEPTH) {
        push_slots(writer, slots, count);
        return;
    }
    for (size_t i = 0; i < count && !writer->failed; i++) {
        put_slot(writer, slots[i]);
    }
}

static void begin_tuple(Writer *writer, Term tuple)
{
    size_t arity = tuple_arity(tuple);
    if (arity <= 255) {
        put8(writer, EXT_SMALL_TUPLE);
        put8(writer, (unsigned) arity);
    } else {
        put8(writer, EXT_LARGE_TUPLE);
        put32(writer, (uint32_t) arity);
    }
    put_slots(writer, tuple_elements(tuple), arity);
}

static void *try_alloc(Writer *writer, size_t size)
{
    void *block = mem_try_alloc(size);
    if (block == NULL) {
        writer->failed = true;
    }
    return block;
}

static void begin_big_map(Writer *writer, Term map, size_t count)
{
    void *state;
    if (writer->options->deterministic) {
        SortedMap *sorted = state = try_alloc(writer, sizeof *sorted + count * sizeof(Term));
        if (sorted == NULL) {
            return;
        }
        sorted->map = map;
        sorted->count = count;
        sorted->index = 0;
        map_sorted_keys(map, sorted->keys);
        push(writer, SORTED, (uint64_t) sorted, 0);
    } else {
        MapWalk *walk = state = try_alloc(writer, sizeof *walk);
        if (walk == NULL) {
            return;
        }
        map_walk_start(walk, map);
        push(writer, BIG_MAP, (uint64_t) walk, 0);
    }
    if (writer->failed) { /* it was not pushed */
        mem_free(state);
    }
}

static void begin_map(Writer *writer, Term map)
{
    size_t count = map_size(map);
    put8(writer, EXT_MAP);
    put32(writer, (uint32_t) count);
    if (!step(writer, 2 * count)) {
        return;
    }
    if (boxed_kind(map) == KIND_map && writer->depth < MAX_DEPTH) {
        const Term *object = term_boxed_at(map), *keys = tuple_elements(object[1]);
        for (size_t i = 0; i < count && !writer->failed; i++) {
            put_slot(writer, keys[i]);
            put_slot(writer, object[2 + i]);
        }
    } else if (boxed_kind(map) == KIND_map) {
        push(writer, SMALL_MAP, map, 0);
    } else {
        begin_big_map(writer, map, count);
    }
}

static void begin_fun(Writer *writer, Term fun)
{
    const FunEntry *entry = fun_entry(fun);
    push(writer, FUN_END, writer->size, 0);
    put8(writer, EXT_NEW_FUN);
    put32(writer, 0); /* the size, known when all is written */
    put8(writer, entry->arity);
    put_bytes(writer, entry->uniq, sizeof entry->uniq);
    put32(writer, entry->index);
    put32(writer, entry->free_count);
    put_atom(writer, entry->module);
    put_integer(writer, term_small(entry->old_index));
    put_integer(writer, term_small(entry->old_uniq));
    put_local_pid(writer, writer->options->self);
    push_slots(writer, fun_captured(fun), entry->free_count);
}

static void put_boxed(Writer *writer, Term t)
{
    uint32_t ids[EXTERNAL_IDS_MAX];
    switch (boxed_kind(t)) {
    case KIND_tuple:
        begin_tuple(writer, t);
        break;
    case KIND_big_pos:
    case KIND_big_neg:
        put_integer(writer, t);
        break;
    case KIND_float:
        put_float(writer, float_value(t));
        break;
    case KIND_ref:
    case KIND_magic:
        put_ref(writer, external_node_name, external_node_creation, ids, ref_to_ids(t, ids));
        break;
    case KIND_fun:
        begin_fun(writer, t);
        break;
    case KIND_export:
        put_export(writer, t);
        break;
    case KIND_heap_binary:
    case KIND_refc_binary:
    case KIND_sub_binary:
        put_bitstring(writer, t);
        break;
    case KIND_map:
    case KIND_tree:
        begin_map(writer, t);
        break;
    case KIND_external:
        put_external(writer, t);
        break;
    default:
        CHECK(!"a term that is no Erlang value");
    }
}

static void put_term(Writer *writer, Term t)
{
    if (term_is_small(t)) {
        put_integer(writer, t);
    } else if (term_is_cons(t)) {
        begin_list(writer, t);
    } else if (term_is_boxed(t)) {
        put_boxed(writer, t);
    } else if (term_is_immediate_float(t)) {
        put_float(writer, immediate_float_value(t));
    } else if (term_is_atom(t)) {
        put_atom(writer, t);
    } else if (term_is_nil(t)) {
        put8(writer, EXT_NIL);
    } else if (term_is_local_pid(t)) {
        put_local_pid(writer, t);
    } else {
        put_port(writer, external_node_name, external_node_creation, port_id(t));
    }
}

/* ---- the walk ---- */

static void go_on_list(Writer *writer, Frame *frame)
{
    size_t depth = writer->frame_count;
    Term rest = frame->a;
    /* As long as elements are leaves, the frame stays on top and where it is. */
    while (term_is_cons(rest)) {
        Term head = cons_head(rest);
        rest = cons_tail(rest);
        if (put_leaf(writer, head)) {
            continue;
        }
        frame->a = rest;
        put_term(writer, head);
        if (writer->frame_count != depth || writer->failed) {
            return;
        }
    }
    writer->frame_count--;
    put_term(writer, rest);
}

static void go_on_slots(Writer *writer, Frame *frame)
{
    size_t depth = writer->frame_count;
    const Term *slot = (const Term *) frame->a;
    /* As with lists; but the frame goes before the last element is written. */
    for (size_t left = frame->b >> FRAME_KIND_BITS; left > 1; left--) {
        Term t = *slot++;
        if (put_leaf(writer, t)) {
            continue;
        }
        frame->a = (uint64_t) slot;
        frame->b = (uint64_t) (left - 1) << FRAME_KIND_BITS | SLOTS;
        put_term(writer, t);
        if (writer->frame_count != depth || writer->failed) {
            return;
        }
    }
    writer->frame_count--;
    put_term(writer, *slot);
}

static void go_on_small_map(Writer *writer, Frame *frame)
{
    const Term *object = term_boxed_at(frame->a);
    size_t done = frame->b >> FRAME_KIND_BITS, count = header_words(object[0]) - 1;
    if (done == 2 * count) {
        writer->frame_count--;
        return;
    }
    frame->b += (uint64_t) 1 << FRAME_KIND_BITS;
    put_term(writer, done % 2 == 0 ? tuple_elements(object[1])[done / 2] : object[2 + done / 2]);
}

static void go_on_big_map(Writer *writer, Frame *frame)
{
    MapWalk *walk = (MapWalk *) frame->a;
    Term key, value;
    if (!map_walk_next(walk, &key, &value)) {
        mem_free(walk);
        writer->frame_count--;
        return;
    }
    push(writer, VALUE, value, 0);
    put_term(writer, key);
}

static void go_on_sorted(Writer *writer, Frame *frame)
{
    SortedMap *sorted = (SortedMap *) frame->a;
    if (sorted->index == sorted->count) {
        mem_free(sorted);
        writer->frame_count--;
        return;
    }
    Term key = sorted->keys[sorted->index++];
    push(writer, VALUE, map_get(sorted->map, key), 0);
    put_term(writer, key);
}

static void end_fun(Writer *writer, Frame *frame)
{
    size_t at = frame->a + 1;
    uint32_t size = __builtin_bswap32((uint32_t) (writer->size - at));
    writer->frame_count--;
    if (!writer->counting) {
        memcpy(writer->bytes + at, &size, sizeof size);
    }
}

static void go_on(Writer *writer)
{
    Frame *frame = &writer->frames[writer->frame_count - 1];
    switch ((FrameKind) (frame->b & FRAME_KIND_MASK)) {
    case LIST:
        go_on_list(writer, frame);
        break;
    case SLOTS:
        go_on_slots(writer, frame);
        break;
    case SMALL_MAP:
        go_on_small_map(writer, frame);
        break;
    case BIG_MAP:
        go_on_big_map(writer, frame);
        break;
    case SORTED:
        go_on_sorted(writer, frame);
        break;
    case VALUE:
        writer->frame_count--;
        put_term(writer, frame->a);
        break;
    case FUN_END:
        end_fun(writer, frame);
        break;
    }
}

static void writer_init(Writer *writer, Term root, const ExternalOptions *options, bool counting)
{
    writer->options = options;
    writer->root = root;
    writer->bytes = writer->local_bytes;
    writer->binary = NULL;
    writer->size = 0;
    writer->capacity = LOCAL_BYTES;
    writer->steps = options->steps == 0 ? INT64_MAX : options->steps;
    writer->depth = 0;
    writer->counting = counting;
    writer->to_binary = false;
    writer->failed = false;
    writer->frames = writer->local_frames;
    writer->frame_count = 0;
    writer->frame_capacity = LOCAL_FRAMES;
}

static void writer_finish(Writer *writer)
{
    while (writer->frame_count > 0) { /* only after a failure */
        const Frame *frame = &writer->frames[--writer->frame_count];
        FrameKind kind = (FrameKind) (frame->b & FRAME_KIND_MASK);
        if (kind == BIG_MAP || kind == SORTED) {
            mem_free((void *) frame->a);
        }
    }
    if (writer->frames != writer->local_frames) {
        mem_free(writer->frames);
    }
    if (writer->binary != NULL) {
        binary_release(writer->binary);
    } else if (writer->bytes != writer->local_bytes) {
        mem_free(writer->bytes);
    }
}

static void put_all(Writer *writer)
{
    put8(writer, EXT_VERSION);
    put_whole(writer, writer->root);
}

/* ---- what comes of it ---- */

/* Replaces the bytes by their compressed form when that is shorter. */
static void compress_bytes(Writer *writer)
{
    enum { HEAD_BYTES = 6 }; /* version, tag, size without version */
    size_t plain = writer->size - 1;
    uLongf size = compressBound(plain);
    if (plain > UINT32_MAX) {
        return;
    }
    uint8_t *packed = mem_try_alloc(HEAD_BYTES + size);
    if (packed == NULL) {
        writer->failed = true;
        return;
    }
    int status = compress2(packed + HEAD_BYTES, &size, writer->bytes + 1, plain,
                           writer->options->compression);
    if (status != Z_OK || size + HEAD_BYTES - 1 > plain) {
        mem_free(packed);
        writer->failed = writer->failed || status != Z_OK;
        return;
    }
    uint32_t plain_size = __builtin_bswap32((uint32_t) plain);
    packed[0] = EXT_VERSION;
    packed[1] = EXT_COMPRESSED;
    memcpy(packed + 2, &plain_size, sizeof plain_size);
    if (writer->bytes != writer->local_bytes) {
        mem_free(writer->bytes);
    }
    writer->bytes = packed;
    writer->size = writer->capacity = HEAD_BYTES + size;
}

static bool write_all(Writer *writer)
{
    put_all(writer);
    if (!writer->failed && writer->options->compression > 0) {
        compress_bytes(writer);
    }
    return !writer->failed;
}

Term external_from_term(Space *space, Term t, const ExternalOptions *options)
{
    Writer writer;
    writer_init(&writer, t, options, false);
    writer.to_binary = options->compression == 0;
    Term binary = TERM_LIMIT;
    if (!write_all(&writer)) {
        binary = writer.steps < 0 ? TERM_TRAP : TERM_LIMIT;
    } else if (writer.binary != NULL) {
        ASSERT(writer.size == writer.capacity);
        binary = make_binary_from(space, writer.binary, writer.size);
        writer.binary = NULL;
        writer.bytes = writer.local_bytes;
    } else {
        binary = make_binary(space, writer.bytes, writer.size);
    }
    writer_finish(&writer);
    return binary;
}

bool external_write(Term t, const ExternalOptions *options, uint8_t **bytes, size_t *size_bytes)
{
    Writer writer;
    writer_init(&writer, t, options, false);
    bool written = write_all(&writer);
    if (written) {
        *size_bytes = writer.size;
        if (writer.bytes != writer.local_bytes) {
            *bytes = writer.bytes;
            writer.bytes = writer.local_bytes;
        } else {
            *bytes = mem_alloc(writer.size);
            memcpy(*bytes, writer.bytes, writer.size);
        }
    }
    writer_finish(&writer);
    return written;
}

size_t external_size(Term t, const ExternalOptions *options)
{
    Writer writer;
    writer_init(&writer, t, options, true);
    put_all(&writer);
    size_t size = !writer.failed ? writer.size : writer.steps < 0 ? EXTERNAL_IS_LONG : 0;
    writer_finish(&writer);
    return size;
}
