/* runtime/bif_unicode.c
 * Character data (deep lists of code points and encoded binaries) to binaries and lists.
 *
 * One pass reads code points from the leaves and writes them to a Sink. A character may begin at
 * the end of one binary and go on in the next: `partial` holds its first bytes. When a leaf is
 * wrong, the place is found again by a second walk, which rebuilds what was not converted. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

typedef enum Encoding {
    ENCODING_NONE,
    ENCODING_LATIN1,
    ENCODING_UTF8,
    ENCODING_UTF16_BIG,
    ENCODING_UTF16_LITTLE,
    ENCODING_UTF32_BIG,
    ENCODING_UTF32_LITTLE,
} Encoding;

static Encoding encoding_of(Term t)
{
    switch (t) {
    case ATOM_latin1:
        return ENCODING_LATIN1;
    case ATOM_utf8:
    case ATOM_unicode:
        return ENCODING_UTF8;
    case ATOM_utf16:
        return ENCODING_UTF16_BIG;
    case ATOM_utf32:
        return ENCODING_UTF32_BIG;
    default:
        break;
    }
    if (!tuple_is(t, 2)) {
        return ENCODING_NONE;
    }
    Term name = tuple_elements(t)[0], order = tuple_elements(t)[1];
    bool little = order == ATOM_little;
    if (!little && order != ATOM_big) {
        return ENCODING_NONE;
    }
    return name == ATOM_utf16   ? (little ? ENCODING_UTF16_LITTLE : ENCODING_UTF16_BIG)
           : name == ATOM_utf32 ? (little ? ENCODING_UTF32_LITTLE : ENCODING_UTF32_BIG)
                                : ENCODING_NONE;
}

/* ---- one code point ---- */

enum { CODE_POINT_WRONG = -1, CODE_POINT_PARTIAL = -2 };

static int32_t utf16_decode(const uint8_t *at, size_t size, bool little, size_t *used)
{
    if (size < 2) {
        return CODE_POINT_PARTIAL;
    }
    unsigned high = little ? at[0] | at[1] << 8 : at[0] << 8 | at[1];
    *used = 2;
    if (high < 0xD800 || high > 0xDFFF) {
        return (int32_t) high;
    }
    if (high > 0xDBFF) {
        return CODE_POINT_WRONG;
    }
    if (size < 4) {
        bool may_be = size == 2 || little || (at[2] & 0xFC) == 0xDC;
        return may_be ? CODE_POINT_PARTIAL : CODE_POINT_WRONG;
    }
    unsigned low = little ? at[2] | at[3] << 8 : at[2] << 8 | at[3];
    *used = 4;
    return low < 0xDC00 || low > 0xDFFF
               ? CODE_POINT_WRONG
               : (int32_t) (0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
}

static int32_t utf32_decode(const uint8_t *at, size_t size, bool little, size_t *used)
{
    uint8_t low[4] = {0}, high[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    uint32_t c;
    if (size <
        4) { /* could it become a character? of the first bytes the others are the greatest */
        uint32_t least, most;
        memcpy(low, at, size);
        memcpy(high, at, size);
        if (little) {
            bool fits = size < 3 || (at[2] <= 0x10 && (at[2] != 0 || (at[1] & 0xF8) != 0xD8));
            return fits ? CODE_POINT_PARTIAL : CODE_POINT_WRONG;
        }
        memcpy(&least, low, 4);
        memcpy(&most, high, 4);
        least = __builtin_bswap32(least);
        most = __builtin_bswap32(most);
        bool none = least > 0x10FFFF || (least >= 0xD800 && most <= 0xDFFF);
        return none ? CODE_POINT_WRONG : CODE_POINT_PARTIAL;
    }
    memcpy(&c, at, 4);
    c = little ? c : __builtin_bswap32(c);
    *used = 4;
    return code_point_is_valid(c) ? (int32_t) c : CODE_POINT_WRONG;
}

/* Fewer bytes than the first one asks for, as far as they go all right. That no character could
 * begin so (too long a form, a surrogate) is told when it is complete. */
static bool utf8_partial(const uint8_t *at, size_t size)
{
    size_t wanted = *at < 0xC2 ? 1 : *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : *at < 0xF5 ? 4 : 1;
    if (size >= wanted) {
        return false;
    }
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return false;
        }
    }
    return true;
}

/* `size` is at least 1. */
static int32_t decode(Encoding encoding, const uint8_t *at, size_t size, size_t *used)
{
    switch (encoding) {
    case ENCODING_LATIN1:
        *used = 1;
        return *at;
    case ENCODING_UTF8:
        if (*at < 0x80) {
            *used = 1;
            return *at;
        }
        return utf8_partial(at, size) ? CODE_POINT_PARTIAL : utf8_decode(at, size, used);
    case ENCODING_UTF16_BIG:
    case ENCODING_UTF16_LITTLE:
        return utf16_decode(at, size, encoding == ENCODING_UTF16_LITTLE, used);
    default:
        return utf32_decode(at, size, encoding == ENCODING_UTF32_LITTLE, used);
    }
}

static size_t encode(Encoding encoding, uint32_t c, uint8_t out[4])
{
    uint16_t units[2];
    size_t count = 0;
    switch (encoding) {
    case ENCODING_LATIN1:
        out[0] = (uint8_t) c;
        return 1;
    case ENCODING_UTF8:
        return utf8_encode(c, out);
    case ENCODING_UTF16_BIG:
    case ENCODING_UTF16_LITTLE:
        if (c >= 0x10000) {
            units[count++] = (uint16_t) (0xD800 + ((c - 0x10000) >> 10));
            c = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        units[count++] = (uint16_t) c;
        for (size_t i = 0; i < count; i++) {
            uint16_t unit =
                encoding == ENCODING_UTF16_LITTLE ? units[i] : __builtin_bswap16(units[i]);
            memcpy(out + i * 2, &unit, 2);
        }
        return count * 2;
    default:
        c = encoding == ENCODING_UTF32_LITTLE ? c : __builtin_bswap32(c);
        memcpy(out, &c, 4);
        return 4;
    }
}

/* ---- where characters go ---- */

typedef struct Sink {
    Process *p;
    bool as_list;
    Encoding encoding; /* of the binary */
    ListBuilder list;
    ByteBuffer bytes;
    uint8_t small[512]; /* bytes.bytes points here until it is too small */
    bool failed;        /* no memory */
} Sink;

static void sink_start(Sink *sink, Process *p, bool as_list, Encoding encoding)
{
    sink->p = p;
    sink->as_list = as_list;
    sink->encoding = encoding;
    sink->failed = false;
    list_start(&sink->list, bif_space(p));
    sink->bytes = (ByteBuffer){sink->small, 0, sizeof sink->small};
}

static bool sink_room(Sink *sink, size_t more)
{
    ByteBuffer *buffer = &sink->bytes;
    if (LIKELY(buffer->capacity_bytes - buffer->size_bytes >= more)) {
        return true;
    }
    size_t capacity = (buffer->size_bytes + more) * 2;
    uint8_t *bytes;
    if (buffer->bytes == sink->small) {
        bytes = mem_try_alloc(capacity);
        if (bytes != NULL) {
            memcpy(bytes, sink->small, buffer->size_bytes);
        }
    } else {
        bytes = mem_try_realloc(buffer->bytes, capacity);
    }
    if (bytes == NULL) {
        sink->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity_bytes = capacity;
    return true;
}

/* False: the encoding has no such character. */
static inline bool sink_put(Sink *sink, uint32_t c)
{
    if (sink->as_list) {
        list_add(&sink->list, term_small(c));
        return true;
    }
    if (sink->encoding == ENCODING_LATIN1 && c > 255) {
        return false;
    }
    if (sink_room(sink, 4)) {
        sink->bytes.size_bytes +=
            encode(sink->encoding, c, sink->bytes.bytes + sink->bytes.size_bytes);
    }
    return true;
}

/* The list or binary so far. */
static Term sink_finish(Sink *sink)
{
    Term result;
    if (sink->as_list) {
        bif_charge(sink->p, 4);
        result = list_end(&sink->list, TERM_NIL);
    } else {
        bif_charge(sink->p, sink->bytes.size_bytes / 256);
        result = sink->failed
                     ? TERM_LIMIT
                     : make_binary(bif_space(sink->p), sink->bytes.bytes, sink->bytes.size_bytes);
    }
    if (sink->bytes.bytes != sink->small) {
        mem_free(sink->bytes.bytes);
    }
    return result;
}

/* ---- conversion ---- */

typedef struct Conversion {
    Sink sink;
    Encoding from;
    uint8_t partial[4]; /* the beginning of a character */
    size_t partial_count;
    size_t items; /* leaves done with */
    size_t bytes; /* of the current one */
} Conversion;

typedef enum Outcome { CONVERTED, WRONG, NOT_CHARDATA } Outcome;

static Outcome convert_integer(Conversion *c, Term item)
{
    if (!term_is_small(item) || !code_point_is_valid(small_value(item)) || c->partial_count > 0) {
        return WRONG;
    }
    uint32_t code_point = (uint32_t) small_value(item);
    if (c->from == ENCODING_LATIN1 && code_point > 255) {
        return WRONG;
    }
    return sink_put(&c->sink, code_point) ? CONVERTED : WRONG;
}

/* Completes a character that began before these bytes. Takes bytes one by one until it is decided;
 * `*taken` says how many. */
static Outcome convert_partial(Conversion *c, const uint8_t *bytes, size_t size, size_t *taken)
{
    size_t begun = c->partial_count;
    for (*taken = 0; *taken < size;) {
        c->partial[c->partial_count++] = bytes[(*taken)++];
        size_t used;
        int32_t code_point = decode(c->from, c->partial, c->partial_count, &used);
        if (code_point == CODE_POINT_PARTIAL) {
            continue;
        }
        if (code_point < 0 || !sink_put(&c->sink, (uint32_t) code_point)) {
            c->partial_count = begun;
            return WRONG;
        }
        c->partial_count = 0;
        break;
    }
    return CONVERTED;
}

static Outcome convert_bytes(Conversion *c, const uint8_t *bytes, size_t size)
{
    size_t at = 0;
    if (c->partial_count > 0 && convert_partial(c, bytes, size, &at) == WRONG) {
        return WRONG;
    }
    while (at < size) {
        size_t used;
        int32_t code_point = decode(c->from, bytes + at, size - at, &used);
        if (code_point == CODE_POINT_PARTIAL) {
            c->partial_count = size - at;
            memcpy(c->partial, bytes + at, size - at);
            return CONVERTED;
        }
        if (code_point < 0 || !sink_put(&c->sink, (uint32_t) code_point)) {
            c->bytes = at;
            return WRONG;
        }
        at += used;
    }
    return CONVERTED;
}

static Outcome convert_item(Conversion *c, DeepItem kind, Term item)
{
    c->bytes = 0;
    if (kind == DEEP_LEAF && term_is_integer(item)) {
        return convert_integer(c, item);
    }
    if (!term_is_binary(item)) {
        return NOT_CHARDATA;
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(item, &size, &scratch);
    Outcome outcome = convert_bytes(c, bytes, size);
    mem_free(scratch);
    return outcome;
}

/* From UTF-8 or Latin-1 to UTF-8 or a list. What is left of the others looks otherwise in OTP. */
static bool is_common(const Conversion *c)
{
    return (c->from == ENCODING_LATIN1 || c->from == ENCODING_UTF8) &&
           (c->sink.as_list || c->sink.encoding == ENCODING_UTF8);
}

/* The part of `data` from leaf `items`, the first `bytes` of it left out: the lists around it are
 * rebuilt. TERM_NONE: what follows is not character data. Finds its way as deep_next does, but
 * remembers empty tails too. */
static Term rest_of(Conversion *c, Term data)
{
    Space *space = bif_space(c->sink.p);
    Term *pending = NULL;
    size_t count = 0, capacity = 0, left = c->items;
    Term at = data;
    Term item = TERM_NONE, tail = TERM_NONE;
    for (;;) {
        if (term_is_cons(at)) {
            Term head = cons_head(at);
            if (term_is_list(head)) {
                if (count == capacity) {
                    capacity = capacity == 0 ? 64 : capacity * 2;
                    pending = mem_realloc(pending, capacity * sizeof *pending);
                }
                pending[count++] = cons_tail(at);
                at = head;
            } else if (left-- == 0) {
                item = head;
                tail = cons_tail(at);
                break;
            } else {
                at = cons_tail(at);
            }
        } else if (!term_is_nil(at) && left-- == 0) {
            item = at;
            break;
        } else {
            ASSERT(count > 0);
            at = pending[--count];
        }
    }
    if (term_is_binary(item) && c->bytes > 0) {
        item = make_sub_bits(space, item, c->bytes * 8, bitstring_bits(item) - c->bytes * 8);
    } else if (term_is_integer(item) && !is_common(c) && c->partial_count == 0) {
        item = make_cons(space, item, TERM_NIL); /* as OTP does */
    }
    Term rest = tail == TERM_NONE ? item : make_cons(space, item, tail);
    while (count > 0) {
        rest = make_cons(space, rest, pending[--count]);
    }
    mem_free(pending);
    return rest;
}

static bool is_chardata(Term data)
{
    DeepWalk walk;
    deep_start(&walk, data);
    Term item;
    DeepItem kind;
    bool ok = true;
    while (ok && (kind = deep_next(&walk, &item)) != DEEP_END) {
        ok = term_is_binary(item) || (kind == DEEP_LEAF && term_is_integer(item));
    }
    deep_finish(&walk);
    return ok;
}

static Term conversion_wrong(Conversion *c, Term data)
{
    Process *p = c->sink.p;
    Space *space = bif_space(p);
    Term done = sink_finish(&c->sink);
    if (done == TERM_LIMIT) {
        return bif_system_limit(p);
    }
    if (!is_chardata(data)) {
        return bif_badarg(p);
    }
    Term rest = rest_of(c, data);
    if (c->partial_count > 0) {
        Term partial = make_binary(space, c->partial, c->partial_count);
        rest = make_cons(space, partial, is_common(c) ? make_cons(space, rest, TERM_NIL) : rest);
    }
    return make_tuple3(space, ATOM_error, done, rest);
}

/* ---- plain: UTF-8 or Latin-1, to UTF-8 or a list ----
 * Lists in lists down to a depth, every binary in them whole characters, nothing wrong: what there
 * will be is counted first, and needs no Sink. */

typedef struct Plain {
    bool is_latin1; /* the binaries */
    int64_t steps;  /* cells left to look at */
    size_t characters, bytes;
} Plain;

typedef enum PlainKind { IS_PLAIN, IS_OTHER, IS_LONG } PlainKind;
enum { PLAIN_DEPTH = 32 };

static inline size_t utf8_bytes(int64_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/* Bytes at the front that are ASCII, eight at a time. */
static inline size_t ascii_front(const uint8_t *bytes, size_t size)
{
    size_t at = 0;
    for (uint64_t word; at + 8 <= size; at += 8) {
        memcpy(&word, bytes + at, 8);
        if ((word & 0x8080808080808080u) != 0) {
            break;
        }
    }
    return at;
}

static PlainKind plain_binary(Plain *plain, Term binary)
{
    if (!term_is_binary(binary)) {
        return IS_OTHER;
    }
    Bits bits = bits_of(binary);
    size_t size = bits.size / 8, characters = 0, used;
    if (bits.offset != 0) {
        return IS_OTHER;
    }
    for (size_t at = 0; at < size; at += used, characters++) {
        size_t ascii = ascii_front(bits.bytes + at, size - at);
        characters += ascii;
        at += ascii;
        if (at == size) {
            break;
        }
        used = 1;
        if (bits.bytes[at] >= 0x80) {
            if (plain->is_latin1) {
                plain->bytes++;
            } else if (utf8_decode(bits.bytes + at, size - at, &used) < 0) {
                return IS_OTHER;
            }
        }
    }
    plain->characters += characters;
    plain->bytes += size;
    return IS_PLAIN;
}

static PlainKind plain_list(Plain *plain, Term list, unsigned depth)
{
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term head = cons_head(list);
        PlainKind kind = IS_PLAIN;
        if (--plain->steps < 0) {
            return IS_LONG;
        }
        if (term_is_small(head)) {
            int64_t c = small_value(head);
            if (!code_point_is_valid(c) || (plain->is_latin1 && c > 255)) {
                return IS_OTHER;
            }
            plain->characters++;
            plain->bytes += utf8_bytes(c);
        } else if (term_is_cons(head)) {
            kind = depth == 0 ? IS_OTHER : plain_list(plain, head, depth - 1);
        } else if (!term_is_nil(head)) {
            kind = plain_binary(plain, head);
        }
        if (kind != IS_PLAIN) {
            return kind;
        }
    }
    return term_is_nil(list) ? IS_PLAIN : plain_binary(plain, list);
}

/* Where characters go: bytes, or else cells. */
typedef struct PlainOut {
    bool is_latin1;
    uint8_t *byte;
    Term *cell;
} PlainOut;

static inline void put_cell(PlainOut *out, int64_t c)
{
    out->cell[0] = term_small(c);
    out->cell[1] = term_cons(out->cell + 2);
    out->cell += 2;
}

static void put_plain_binary(PlainOut *out, Term binary)
{
    Bits bits = bits_of(binary);
    size_t size = bits.size / 8, used;
    if (out->cell == NULL && !out->is_latin1) {
        memcpy(out->byte, bits.bytes, size);
        out->byte += size;
        return;
    }
    for (size_t at = 0; at < size; at += used) {
        if (out->cell != NULL) {
            size_t end = at + ascii_front(bits.bytes + at, size - at);
            for (; at < end; at++) {
                put_cell(out, bits.bytes[at]);
            }
            if (at == size) {
                break;
            }
        }
        int32_t c = bits.bytes[at];
        used = 1;
        if (c >= 0x80 && !out->is_latin1) {
            c = utf8_decode(bits.bytes + at, size - at, &used);
        }
        if (out->cell != NULL) {
            put_cell(out, c);
        } else {
            out->byte += utf8_encode((uint32_t) c, out->byte);
        }
    }
}

static void put_plain(PlainOut *out, Term list)
{
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term head = cons_head(list);
        if (term_is_small(head)) {
            int64_t c = small_value(head);
            if (out->cell != NULL) {
                put_cell(out, c);
            } else if (c < 0x80) {
                *out->byte++ = (uint8_t) c;
            } else {
                out->byte += utf8_encode((uint32_t) c, out->byte);
            }
        } else if (term_is_cons(head)) {
            put_plain(out, head); /* as deep as plain_list went */
        } else if (!term_is_nil(head)) {
            put_plain_binary(out, head);
        }
    }
    if (!term_is_nil(list)) {
        put_plain_binary(out, list);
    }
}

/* TERM_NONE: it is not of that kind, or there is no memory. TERM_TRAP: it is long. */
static Term convert_whole(Process *p, Term data, bool is_latin1, bool as_list)
{
    Plain plain = {.is_latin1 = is_latin1, .steps = bif_steps()};
    PlainOut out = {.is_latin1 = is_latin1};
    PlainKind kind =
        term_is_list(data) ? plain_list(&plain, data, PLAIN_DEPTH) : plain_binary(&plain, data);
    if (kind != IS_PLAIN) {
        return kind == IS_LONG ? TERM_TRAP : TERM_NONE;
    }
    bif_charge(p, plain.bytes / 16);
    if (!as_list) {
        Term binary = make_binary_uninit(bif_space(p), plain.bytes, &out.byte);
        if (binary == TERM_LIMIT) {
            return TERM_NONE;
        }
        put_plain(&out, data);
        return binary;
    }
    if (plain.characters == 0) {
        return TERM_NIL;
    }
    Term *cells = space_try_alloc(bif_space(p), plain.characters * 2);
    if (cells == NULL) {
        return TERM_NONE;
    }
    out.cell = cells;
    put_plain(&out, data);
    out.cell[-1] = TERM_NIL;
    return term_cons(cells);
}

/* What cannot fail. TERM_NONE: it is not of that kind. TERM_TRAP. */
static Term convert_plain(Process *p, Term data, Encoding from, bool as_list, Encoding to)
{
    if ((from != ENCODING_UTF8 && from != ENCODING_LATIN1) || to != ENCODING_UTF8) {
        return TERM_NONE;
    }
    return convert_whole(p, data, from == ENCODING_LATIN1, as_list);
}

static Term convert(Process *p, Term data, Encoding from, bool as_list, Encoding to)
{
    if ((!term_is_list(data) && !term_is_binary(data)) || from == ENCODING_NONE ||
        to == ENCODING_NONE) {
        return bif_badarg(p);
    }
    Term plain = convert_plain(p, data, from, as_list, to);
    if (plain != TERM_NONE) {
        return plain == TERM_TRAP ? bif_leave(p) : plain;
    }
    Conversion c = {.from = from};
    sink_start(&c.sink, p, as_list, to);
    DeepWalk walk;
    deep_start(&walk, data);
    Term item;
    DeepItem kind;
    Outcome outcome = CONVERTED;
    while (outcome == CONVERTED && (kind = deep_next(&walk, &item)) != DEEP_END) {
        outcome = convert_item(&c, kind, item);
        c.items += outcome == CONVERTED;
    }
    deep_finish(&walk);
    if (outcome == WRONG) {
        return conversion_wrong(&c, data);
    }
    Term done = sink_finish(&c.sink);
    if (outcome == NOT_CHARDATA) {
        return bif_badarg(p);
    }
    if (done == TERM_LIMIT || c.partial_count == 0) {
        return bif_result(p, done);
    }
    Term partial = make_binary(bif_space(p), c.partial, c.partial_count);
    return make_tuple3(bif_space(p), ATOM_incomplete, done, partial);
}

static bool is_7bit(const uint8_t *bytes, size_t size)
{
    size_t i = 0;
    uint64_t word;
    for (; i + 8 <= size; i += 8) {
        memcpy(&word, bytes + i, 8);
        if ((word & 0x8080808080808080u) != 0) {
            return false;
        }
    }
    while (i < size && bytes[i] < 0x80) {
        i++;
    }
    return i == size;
}

LONG_BIF(bif_bin_is_7bit, bif_is_large(p, args[0]))
{
    if (!term_is_binary(args[0])) {
        return bif_badarg(p);
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(args[0], &size, &scratch);
    bool answer = is_7bit(bytes, size);
    mem_free(scratch);
    return term_bool(answer);
}

static bool is_utf8(const uint8_t *bytes, size_t size)
{
    for (size_t at = 0, used; at < size; at += used) {
        if (bytes[at] < 0x80) {
            used = 1;
        } else if (utf8_decode(bytes + at, size - at, &used) < 0) {
            return false;
        }
    }
    return true;
}

/* A binary that is what it is to become already. */
static bool stays(Term data, Encoding from, Encoding to)
{
    if (!term_is_binary(data) || (from != to && from != ENCODING_LATIN1)) {
        return false;
    }
    if (from == ENCODING_LATIN1 && to == ENCODING_LATIN1) {
        return true;
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(data, &size, &scratch);
    bool answer = to == ENCODING_UTF8 &&
                  (is_7bit(bytes, size) || (from == ENCODING_UTF8 && is_utf8(bytes, size)));
    mem_free(scratch);
    return answer;
}

/* Of lists it is seen on the way how long they are. */
static bool is_long_binary(Term data)
{
    return term_is_binary(data) && bitstring_bits(data) > 8 * (uint64_t) LONG_BYTES;
}

static Term to_binary(Process *p, Term data, Encoding from, Encoding to)
{
    if (stays(data, from, to)) {
        bif_charge(p, bitstring_bits(data) / 8192);
        return data;
    }
    return convert(p, data, from, false, to);
}

LONG_BIF(bif_characters_to_binary1, is_long_binary(args[0]))
{
    return to_binary(p, args[0], ENCODING_UTF8, ENCODING_UTF8);
}
LONG_BIF(bif_characters_to_binary2, is_long_binary(args[0]))
{
    return to_binary(p, args[0], encoding_of(args[1]), ENCODING_UTF8);
}
LONG_BIF(bif_characters_to_binary3, is_long_binary(args[0]))
{
    return to_binary(p, args[0], encoding_of(args[1]), encoding_of(args[2]));
}
LONG_BIF(bif_characters_to_list1, is_long_binary(args[0]))
{
    return convert(p, args[0], ENCODING_UTF8, true, ENCODING_UTF8);
}
LONG_BIF(bif_characters_to_list2, is_long_binary(args[0]))
{
    return convert(p, args[0], encoding_of(args[1]), true, ENCODING_UTF8);
}
