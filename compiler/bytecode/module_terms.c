/* compiler/bytecode/module_terms.c
 * Terms as bytes, for literals and attributes: a tag, then LEB128 numbers and what is in the term.
 *
 *   nil                                integer      zigzag
 *   atom         number                big          sign, size, bytes (least significant first)
 *   float        8 bytes of IEEE 754, least significant first
 *   string       size, bytes           a proper list of integers 0 to 255
 *   list         count, tail, elements
 *   tuple        count, elements       map          count, keys and values in exact key order
 *   binary       size, bytes           bitstring    size in bits, bytes, padded with zero bits
 *   external fun module, function, arity
 *
 * A list's tail comes before its elements, so that the last part of every compound is its last
 * child: the reader has then nothing left to remember of the parent, and depth in that place costs
 * no memory. Neither way uses the C stack: what is still to do lies on a stack of its own, whose
 * size is bounded by that of the input. Equal terms give equal bytes. */
#include "compiler/bytecode/external_fun.h"
#include "compiler/bytecode/module_internal.h"
#include "runtime/term/bits.h"
#include "runtime/term/compare.h"
#include "runtime/term/map.h"

typedef enum TermTag {
    TERM_TAG_NIL,
    TERM_TAG_INTEGER,
    TERM_TAG_BIG,
    TERM_TAG_FLOAT,
    TERM_TAG_ATOM,
    TERM_TAG_STRING,
    TERM_TAG_LIST,
    TERM_TAG_TUPLE,
    TERM_TAG_MAP,
    TERM_TAG_BINARY,
    TERM_TAG_BITSTRING,
    TERM_TAG_EXTERNAL_FUN,
} TermTag;

Export *(*external_fun_export)(Term module, Term function, uint32_t arity);

Term make_external_fun(Space *space, Term module, Term function, uint32_t arity)
{
    if (external_fun_export == NULL) {
        return TERM_NONE;
    }
    Term *object = space_alloc(space, 2);
    object[0] = HEADER(KIND_export, 1);
    object[1] = (Term) external_fun_export(module, function, arity);
    return term_boxed(object);
}

/* ---- writing ---- */

/* Terms still to write, at `at` + 0, `step`, … */
typedef struct WriteFrame {
    const Term *at;
    size_t count;
    Term list;   /* or the rest of a list, of which `count` elements are to be written */
    Term *owned; /* mem_free it at the end */
} WriteFrame;

typedef struct Writer {
    Bytes *out;
    AtomNumber *atom_number;
    void *context;
    WriteFrame *frames;
    size_t frame_count, frame_capacity;
} Writer;

static void push_write(Writer *writer, WriteFrame frame)
{
    if (frame.count == 0) {
        mem_free(frame.owned);
        return;
    }
    if (writer->frame_count == writer->frame_capacity) {
        writer->frame_capacity = writer->frame_capacity < 16 ? 16 : writer->frame_capacity * 2;
        writer->frames =
            mem_realloc(writer->frames, writer->frame_capacity * sizeof *writer->frames);
    }
    writer->frames[writer->frame_count++] = frame;
}

static void write_big(Bytes *out, Term t)
{
    const Term *object = term_boxed_at(t);
    const uint8_t *limbs = (const uint8_t *) (object + 1);
    size_t size = header_words(*object) * 8;
    while (size > 0 && limbs[size - 1] == 0) {
        size--;
    }
    bytes_add_byte(out, TERM_TAG_BIG);
    bytes_add_byte(out, boxed_kind(t) == KIND_big_neg);
    bytes_add_unsigned(out, size);
    bytes_add(out, limbs, size);
}

static void write_bits(Bytes *out, Term t)
{
    Bits bits = bits_of(t);
    size_t size_bytes = (bits.size + 7) / 8;
    if (bits_are_bytes(bits)) {
        bytes_add_byte(out, TERM_TAG_BINARY);
        bytes_add_unsigned(out, size_bytes);
    } else {
        bytes_add_byte(out, TERM_TAG_BITSTRING);
        bytes_add_unsigned(out, bits.size);
    }
    if (size_bytes > 0) {
        bytes_reserve(out, size_bytes);
        out->data[out->size + size_bytes - 1] = 0;
        bits_copy(out->data + out->size, 0, bits.bytes, bits.offset, bits.size);
        out->size += size_bytes;
    }
}

static void write_list(Writer *writer, Term list, Term *tail_out)
{
    size_t count = 0;
    bool is_string = true;
    Term tail = list;
    for (; term_is_cons(tail); tail = cons_tail(tail)) {
        Term head = cons_head(tail);
        is_string =
            is_string && term_is_small(head) && small_value(head) >= 0 && small_value(head) <= 255;
        count++;
    }
    if (is_string && tail == TERM_NIL) {
        bytes_add_byte(writer->out, TERM_TAG_STRING);
        bytes_add_unsigned(writer->out, count);
        for (; term_is_cons(list); list = cons_tail(list)) {
            bytes_add_byte(writer->out, (uint8_t) small_value(cons_head(list)));
        }
        *tail_out = TERM_NONE;
        return;
    }
    bytes_add_byte(writer->out, TERM_TAG_LIST);
    bytes_add_unsigned(writer->out, count);
    push_write(writer, (WriteFrame){.list = list, .count = count});
    *tail_out = tail;
}

static void write_map(Writer *writer, Term map)
{
    size_t count = map_size(map);
    bytes_add_byte(writer->out, TERM_TAG_MAP);
    bytes_add_unsigned(writer->out, count);
    if (count == 0) {
        return;
    }
    Term *pairs = mem_alloc(2 * count * sizeof(Term));
    map_sorted_keys(map, pairs);
    for (size_t i = count; i-- > 0;) {
        Term key = pairs[i];
        pairs[2 * i] = key;
        pairs[2 * i + 1] = map_get(map, key);
    }
    push_write(writer, (WriteFrame){.at = pairs, .count = 2 * count, .owned = pairs});
}

/* Writes `t`, leaving its children for later, except that a list's tail comes at once: returned.
 * TERM_NONE: done. */
static Term write_one(Writer *writer, Term t, bool *is_writable)
{
    Bytes *out = writer->out;
    if (term_is_small(t)) {
        bytes_add_byte(out, TERM_TAG_INTEGER);
        bytes_add_signed(out, small_value(t));
    } else if (term_is_atom(t)) {
        bytes_add_byte(out, TERM_TAG_ATOM);
        bytes_add_unsigned(out, writer->atom_number(writer->context, t));
    } else if (term_is_nil(t)) {
        bytes_add_byte(out, TERM_TAG_NIL);
    } else if (term_is_cons(t)) {
        Term tail;
        write_list(writer, t, &tail);
        return tail;
    } else if (term_is_float(t)) {
        double value = float_value(t);
        bytes_add_byte(out, TERM_TAG_FLOAT);
        bytes_add(out, &value, 8);
    } else if (term_is_tuple(t)) {
        bytes_add_byte(out, TERM_TAG_TUPLE);
        bytes_add_unsigned(out, tuple_arity(t));
        push_write(writer, (WriteFrame){.at = tuple_elements(t), .count = tuple_arity(t)});
    } else if (term_is_big(t)) {
        write_big(out, t);
    } else if (term_is_bitstring(t)) {
        write_bits(out, t);
    } else if (term_is_map(t)) {
        write_map(writer, t);
    } else if (term_is_kind(t, KIND_export)) {
        const Export *export = fun_export(t);
        bytes_add_byte(out, TERM_TAG_EXTERNAL_FUN);
        bytes_add_unsigned(out, writer->atom_number(writer->context, export->module));
        bytes_add_unsigned(out, writer->atom_number(writer->context, export->function));
        bytes_add_unsigned(out, export->arity);
    } else {
        *is_writable = false;
    }
    return TERM_NONE;
}

bool terms_write(Bytes *out, Term t, AtomNumber *atom_number, void *context)
{
    Writer writer = {.out = out, .atom_number = atom_number, .context = context};
    bool is_writable = true;
    for (;;) {
        do {
            t = write_one(&writer, t, &is_writable);
        } while (t != TERM_NONE);
        if (writer.frame_count == 0) {
            break;
        }
        WriteFrame *frame = &writer.frames[writer.frame_count - 1];
        frame->count--;
        if (frame->at != NULL) {
            t = *frame->at++;
        } else {
            t = cons_head(frame->list);
            frame->list = cons_tail(frame->list);
        }
        if (frame->count == 0) {
            mem_free(frame->owned);
            writer.frame_count--;
        }
    }
    mem_free(writer.frames);
    return is_writable;
}

/* ---- reading ---- */

/* Terms still to read, to `at` + 0, `step`, … When the last is there and it is a map's, the map is
 * made of the pairs and put into `map_to`. */
typedef struct ReadFrame {
    Term *at;
    size_t count;
    uint32_t step;
    bool is_map;
    Term *pairs;
    size_t pair_count;
    Term *map_to;
} ReadFrame;

typedef struct Reader {
    Space *space;
    const uint8_t *at, *end;
    const Term *atoms;
    uint32_t atom_count;
    ReadFrame *frames;
    size_t frame_count, frame_capacity;
} Reader;

static const char *const NO_MEMORY = "no memory for its terms";
static const char *const ENDS_EARLY = "a term ends early";

static const char *push_read(Reader *reader, ReadFrame frame)
{
    if (reader->frame_count == reader->frame_capacity) {
        size_t capacity = reader->frame_capacity < 16 ? 16 : reader->frame_capacity * 2;
        ReadFrame *frames = mem_try_realloc(reader->frames, capacity * sizeof *frames);
        if (frames == NULL) {
            return NO_MEMORY;
        }
        reader->frames = frames;
        reader->frame_capacity = capacity;
    }
    reader->frames[reader->frame_count++] = frame;
    return NULL;
}

/* A count of things that take `unit` bytes each, at least. */
static const char *read_count(Reader *reader, size_t unit, size_t *out)
{
    uint64_t count;
    if (!code_read_unsigned(&reader->at, reader->end, &count) ||
        count > (size_t) (reader->end - reader->at) / unit) {
        return ENDS_EARLY;
    }
    *out = count;
    return NULL;
}

static const char *read_integer(Reader *reader, Term *to)
{
    int64_t value;
    if (!code_read_signed(&reader->at, reader->end, &value)) {
        return "a bad integer";
    }
    *to = make_int64(reader->space, value);
    return NULL;
}

static const char *read_big(Reader *reader, Term *to)
{
    size_t size;
    if (reader->at == reader->end || *reader->at > 1) {
        return "a big integer with a bad sign";
    }
    bool is_negative = *reader->at++;
    const char *error = read_count(reader, 1, &size);
    if (error != NULL) {
        return error;
    }
    const uint8_t *bytes = reader->at;
    reader->at += size;
    uint64_t low = 0;
    memcpy(&low, bytes, size < 8 ? size : 8);
    if (size == 0 || bytes[size - 1] == 0 || size < 8 ||
        (size == 8 && low <= (uint64_t) SMALL_MAX + is_negative)) {
        return "a big integer that is not big";
    }
    size_t words = (size + 7) / 8;
    Term *object = space_try_alloc(reader->space, words + 1);
    if (object == NULL) {
        return NO_MEMORY;
    }
    object[0] = HEADER(is_negative ? KIND_big_neg : KIND_big_pos, words);
    object[words] = 0;
    memcpy(object + 1, bytes, size);
    *to = term_boxed(object);
    return NULL;
}

static const char *read_float(Reader *reader, Term *to)
{
    double value;
    if (reader->end - reader->at < 8) {
        return ENDS_EARLY;
    }
    memcpy(&value, reader->at, 8);
    reader->at += 8;
    if (!__builtin_isfinite(value)) {
        return "a float that is no number";
    }
    *to = make_float(reader->space, value);
    return NULL;
}

static const char *read_atom(Reader *reader, Term *to)
{
    uint64_t number;
    if (!code_read_unsigned(&reader->at, reader->end, &number) || number >= reader->atom_count) {
        return "an atom that is not in the table";
    }
    *to = reader->atoms[number];
    return NULL;
}

static const char *read_string(Reader *reader, Term *to)
{
    size_t size;
    const char *error = read_count(reader, 1, &size);
    if (error != NULL) {
        return error;
    }
    *to = make_string_latin1(reader->space, (const char *) reader->at, size);
    reader->at += size;
    return *to == TERM_LIMIT ? NO_MEMORY : NULL;
}

static const char *read_list(Reader *reader, Term *to)
{
    size_t count;
    const char *error = read_count(reader, 1, &count);
    if (error != NULL) {
        return error;
    }
    if (count == 0) {
        return "an empty list that is not nil";
    }
    Term *cells = space_try_alloc(reader->space, 2 * count);
    if (cells == NULL) {
        return NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        cells[2 * i] = TERM_NIL;
        cells[2 * i + 1] = term_cons(cells + 2 * i + 2);
    }
    cells[2 * count - 1] = TERM_NIL;
    *to = term_cons(cells);
    error = push_read(reader, (ReadFrame){.at = cells, .count = count, .step = 2});
    return error != NULL ? error
                         : push_read(reader, (ReadFrame){.at = cells + 2 * count - 1, .count = 1});
}

static const char *read_tuple(Reader *reader, Term *to)
{
    size_t count;
    const char *error = read_count(reader, 1, &count);
    if (error != NULL) {
        return error;
    }
    if (count >= (size_t) 1 << 24) {
        return "a tuple of too many elements";
    }
    Term *object = space_try_alloc(reader->space, count + 1);
    if (object == NULL) {
        return NO_MEMORY;
    }
    object[0] = HEADER(KIND_tuple, count);
    for (size_t i = 1; i <= count; i++) {
        object[i] = TERM_NIL;
    }
    *to = term_boxed(object);
    return count == 0 ? NULL
                      : push_read(reader, (ReadFrame){.at = object + 1, .count = count, .step = 1});
}

static const char *read_map(Reader *reader, Term *to)
{
    size_t count;
    const char *error = read_count(reader, 2, &count);
    if (error != NULL) {
        return error;
    }
    if (count == 0) {
        *to = map_empty(reader->space);
        return NULL;
    }
    Term *pairs = mem_try_alloc(2 * count * sizeof(Term));
    if (pairs == NULL) {
        return NO_MEMORY;
    }
    error = push_read(reader, (ReadFrame){.at = pairs,
                                          .count = 2 * count,
                                          .step = 1,
                                          .is_map = true,
                                          .pairs = pairs,
                                          .pair_count = count,
                                          .map_to = to});
    if (error != NULL) {
        mem_free(pairs);
    }
    return error;
}

static const char *finish_map(Reader *reader, const ReadFrame *frame)
{
    Term map = map_from_pairs(reader->space, frame->pairs, frame->pair_count);
    mem_free(frame->pairs);
    if (map == TERM_LIMIT) {
        return NO_MEMORY;
    }
    *frame->map_to = map;
    return map_size(map) == frame->pair_count ? NULL : "a map with a key that occurs twice";
}

static const char *read_binary(Reader *reader, Term *to)
{
    size_t size;
    const char *error = read_count(reader, 1, &size);
    if (error != NULL) {
        return error;
    }
    *to = make_binary(reader->space, reader->at, size);
    reader->at += size;
    return *to == TERM_LIMIT ? NO_MEMORY : NULL;
}

static const char *read_bitstring(Reader *reader, Term *to)
{
    uint64_t size;
    if (!code_read_unsigned(&reader->at, reader->end, &size) ||
        size / 8 >= (size_t) (reader->end - reader->at)) {
        return ENDS_EARLY;
    }
    if ((size & 7) == 0) {
        return "a bitstring that is a binary";
    }
    size_t size_bytes = (size + 7) / 8;
    if ((uint8_t) (reader->at[size_bytes - 1] << (size & 7)) != 0) {
        return "a bitstring with bits after its end";
    }
    *to = make_bitstring(reader->space, (Bits){reader->at, 0, size});
    reader->at += size_bytes;
    return *to == TERM_LIMIT ? NO_MEMORY : NULL;
}

static const char *read_external_fun(Reader *reader, Term *to)
{
    Term module, function;
    uint64_t arity;
    const char *error = read_atom(reader, &module);
    if (error == NULL) {
        error = read_atom(reader, &function);
    }
    if (error != NULL) {
        return error;
    }
    if (!code_read_unsigned(&reader->at, reader->end, &arity) || arity > 255) {
        return "an external fun with a bad arity";
    }
    *to = make_external_fun(reader->space, module, function, (uint32_t) arity);
    return *to == TERM_NONE ? "external funs cannot be read here" : NULL;
}

/* Reads the term at `at` into `*to`; a compound's children are left for later. */
static const char *read_one(Reader *reader, Term *to)
{
    if (reader->at == reader->end) {
        return ENDS_EARLY;
    }
    switch ((TermTag) *reader->at++) {
    case TERM_TAG_NIL:
        *to = TERM_NIL;
        return NULL;
    case TERM_TAG_INTEGER:
        return read_integer(reader, to);
    case TERM_TAG_BIG:
        return read_big(reader, to);
    case TERM_TAG_FLOAT:
        return read_float(reader, to);
    case TERM_TAG_ATOM:
        return read_atom(reader, to);
    case TERM_TAG_STRING:
        return read_string(reader, to);
    case TERM_TAG_LIST:
        return read_list(reader, to);
    case TERM_TAG_TUPLE:
        return read_tuple(reader, to);
    case TERM_TAG_MAP:
        return read_map(reader, to);
    case TERM_TAG_BINARY:
        return read_binary(reader, to);
    case TERM_TAG_BITSTRING:
        return read_bitstring(reader, to);
    case TERM_TAG_EXTERNAL_FUN:
        return read_external_fun(reader, to);
    }
    return "a term of an unknown kind";
}

/* Where the next term goes, and the end of the frames that are full. NULL: all is read. */
static Term *next_place(Reader *reader, const char **error)
{
    while (reader->frame_count > 0) {
        ReadFrame *frame = &reader->frames[reader->frame_count - 1];
        if (frame->count > 0) {
            Term *to = frame->at;
            frame->at += frame->step;
            if (--frame->count == 0 && !frame->is_map) {
                reader->frame_count--;
            }
            return to;
        }
        reader->frame_count--;
        *error = finish_map(reader, frame);
        if (*error != NULL) {
            return NULL;
        }
    }
    return NULL;
}

const char *terms_read(Space *space, const uint8_t **at, const uint8_t *end, const Term atoms[],
                       uint32_t atom_count, Term *out)
{
    Reader reader = {
        .space = space, .at = *at, .end = end, .atoms = atoms, .atom_count = atom_count};
    const char *error = NULL;
    *out = TERM_NIL;
    for (Term *to = out; to != NULL && error == NULL;) {
        error = read_one(&reader, to);
        if (error == NULL) {
            to = next_place(&reader, &error);
        }
    }
    for (size_t i = 0; i < reader.frame_count; i++) {
        mem_free(reader.frames[i].pairs);
    }
    mem_free(reader.frames);
    *at = reader.at;
    return error;
}
