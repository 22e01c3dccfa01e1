/* runtime/interpret_bits.c: the bit syntax of the interpreter; see interpret_help.h. */
#include "runtime/interpret_help.h"

#include "runtime/term/map.h"
#include "runtime/term/arith.h"
#include "runtime/term/mem.h"

void help_bs_start(Term t, Term *context)
{
    const Term *object = term_boxed_at(t);
    uint64_t offset = 0, size;
    if (header_kind(object[0]) == KIND_sub_binary) {
        offset = object[1];
        size = object[2];
        t = object[3];
    } else {
        size = bitstring_bits(t);
    }
    context[0] = t;
    context[-1] = term_small((int64_t) offset);
    context[-2] = term_small((int64_t) (offset + size));
}

static uint64_t left(const Term *context)
{
    return (uint64_t) (context[-2] - context[-1]) >> 2;
}
static uint64_t position(const Term *context)
{
    return context[-1] >> 2;
}

static Term take_integer(Process *p, Term *context, uint64_t size, unsigned flags)
{
    Term value;
    if (size > left(context)) {
        return TERM_NONE;
    }
    value =
        bits_get_integer(&p->heap.space, help_bs_bytes(context[0]), position(context), size, flags);
    if (value == TERM_LIMIT) {
        return TERM_NONE;
    }
    context[-1] += (Term) size << 2;
    return value;
}

Term help_bs_byte(Process *p, Term *context, Code at)
{
    (void) at;
    return take_integer(p, context, 8, 0);
}

Term help_bs_integer(Process *p, Term *context, Code at)
{
    return take_integer(p, context, field_u32(at, 8), field_u16(at, 12));
}

Term help_bs_get(Process *p, Term *context, Code at, Instruction which)
{
    const Term *fp = context - field_s16(at, 6);
    Term size = fp[field_s16(at, 8)], value;
    unsigned unit = field_u16(at, 10), flags = field_u16(at, 12);
    uint64_t bits;
    if (!term_is_small(size) || (int64_t) size < 0 ||
        __builtin_mul_overflow((uint64_t) small_value(size), (uint64_t) unit, &bits) ||
        bits > left(context)) {
        return TERM_NONE;
    }
    if (which == I_bs_get_integer) {
        return take_integer(p, context, bits, flags);
    }
    if (which == I_bs_get_float) {
        if (bits != 16 && bits != 32 && bits != 64) {
            return TERM_NONE;
        }
        value = bits_get_float(&p->heap.space, help_bs_bytes(context[0]), position(context), bits,
                               flags);
    } else {
        value = make_sub_bits(&p->heap.space, context[0], position(context), bits);
    }
    if (value == TERM_LIMIT || value == TERM_NONE) {
        return TERM_NONE;
    }
    context[-1] += bits << 2;
    return value;
}

Term help_bs_rest(Process *p, Term *context, Code at)
{
    uint64_t bits = left(context);
    Term value;
    if (field_u16(at, 8) != 1 && bits % field_u16(at, 8) != 0) {
        return TERM_NONE;
    }
    value = make_sub_bits(&p->heap.space, context[0], position(context), bits);
    context[-1] = context[-2];
    return value;
}

void help_bs_make_rest(Process *p, const Term *context, Term *slot)
{
    uint64_t from = (uint64_t) small_value(*slot), end = (uint64_t) small_value(context[-2]);
    *slot = make_sub_bits(&p->heap.space, context[0], from, end - from);
}

Term help_bs_utf(Process *p, Term *context, Code at, Instruction which)
{
    uint64_t from = position(context);
    Bits bits = {help_bs_bytes(context[0]) + from / 8, from % 8, left(context)};
    size_t used = 0;
    int32_t c = which == I_bs_get_utf8    ? bits_get_utf8(bits, &used)
                : which == I_bs_get_utf16 ? bits_get_utf16(bits, &used, field_u16(at, 8))
                                          : bits_get_utf32(bits, &used, field_u16(at, 8));
    (void) p;
    if (c < 0) {
        return TERM_NONE;
    }
    context[-1] += (Term) used << 2;
    return term_small(c);
}

Term help_bs_match(Process *p, Term *context, Code at)
{
    Bits wanted = bits_of(field_u64(at, 12));
    uint64_t from = position(context);
    Bits have = {help_bs_bytes(context[0]) + from / 8, from % 8, wanted.size};
    (void) p;
    if (wanted.size > left(context) || bits_compare(wanted, have) != 0) {
        return TERM_NONE;
    }
    context[-1] += (Term) wanted.size << 2;
    return TERM_NIL;
}

/* ---- building ---- */

/* What is wrong with a segment, as erl_erts_errors:format_bs_fail/2 is told. */
typedef struct BuildFailure {
    Term reason, cause, value; /* badarg or system_limit; an atom; of what */
} BuildFailure;

static bool fails(BuildFailure *failure, Term reason, Term cause, Term value)
{
    *failure = (BuildFailure){reason, cause, value};
    return false;
}

static bool is_sized(const Segment *segment)
{
    return segment->type != SEGMENT_LITERAL && segment->flags & SEGMENT_SIZED;
}

/* The size times the unit. */
static bool segment_size(const Segment *segment, Term given, uint64_t *bits, BuildFailure *failure)
{
    bool negative = term_is_integer(given) && integer_is_negative(given);
    if (!term_is_integer(given) || negative) {
        return fails(failure, ATOM_badarg, ATOM_size, given);
    }
    if (!term_is_small(given) ||
        __builtin_mul_overflow((uint64_t) small_value(given), (uint64_t) segment->unit, bits) ||
        *bits > (uint64_t) 1 << 48) {
        return fails(failure, ATOM_system_limit, ATOM_size, given);
    }
    return true;
}

/* Sizes are looked at before values: a wrong one further on is what is told. */
static uint32_t first_failure(const SegmentList *list, uint32_t index, const Term operands[],
                              BuildFailure *failure)
{
    uint64_t bits;
    for (uint32_t i = index + 1; failure->cause != ATOM_size && i < list->count; i++) {
        const Segment *segment = &list->segments[i];
        if (is_sized(segment) &&
            !segment_size(segment, operands[segment->literal + 1], &bits, failure)) {
            return i;
        }
    }
    return index;
}

/* Raises: {error_info, #{cause => {Number, Type, Cause, Value}, …}} in the first entry. */
static COLD Term build_failed(Process *p, const SegmentList *list, uint32_t index,
                              const Term operands[], BuildFailure *failure)
{
    static const Term types[] = {
        [SEGMENT_INTEGER] = ATOM_OF(integer), [SEGMENT_FLOAT] = ATOM_OF(float),
        [SEGMENT_BITS] = ATOM_OF(binary),     [SEGMENT_UTF8] = ATOM_OF(utf8),
        [SEGMENT_UTF16] = ATOM_OF(utf16),     [SEGMENT_UTF32] = ATOM_OF(utf32),
        [SEGMENT_LITERAL] = ATOM_OF(binary),
    };
    Space *space = &p->heap.space;
    uint32_t number = 1;
    index = first_failure(list, index, operands, failure);
    for (uint32_t i = 0; i < index; i++) { /* a literal may stand for several */
        const Segment *segment = &list->segments[i];
        number += segment->type == SEGMENT_LITERAL ? segment->unit : 1;
    }
    Term pairs[] = {ATOM_cause,
                    make_tuple4(space, term_small(number), types[list->segments[index].type],
                                failure->cause, failure->value),
                    ATOM_function,
                    ATOM_format_bs_fail,
                    ATOM_module,
                    ATOM_erl_erts_errors};
    p->exception_class = ATOM_error;
    p->exception_reason = failure->reason;
    exception_capture_info(p, (Code) p->pc, ATOM_error_info, map_from_pairs(space, pairs, 3));
    return TERM_NONE;
}

static Term build_limit(Process *p)
{
    p->exception_class = ATOM_error;
    p->exception_reason = ATOM_system_limit;
    exception_capture(p, (Code) p->pc, TERM_NONE);
    return TERM_NONE;
}

static bool bits_segment_bits(const Segment *segment, Term value, uint64_t size, uint64_t *bits,
                              BuildFailure *failure)
{
    if (!term_is_bitstring(value)) {
        return fails(failure, ATOM_badarg, ATOM_type, value);
    }
    *bits = bitstring_bits(value);
    if (segment->flags & SEGMENT_SIZED) {
        if (size > *bits) {
            return fails(failure, ATOM_badarg, ATOM_short, value);
        }
        *bits = size;
    } else if (segment->type == SEGMENT_BITS && segment->unit > 1 && *bits % segment->unit != 0) {
        return fails(failure, ATOM_badarg, ATOM_unit, value);
    }
    return true;
}

/* Bits of a segment. */
static bool segment_bits(const Segment *segment, const Term operands[], uint64_t *bits,
                         BuildFailure *failure)
{
    Term value = operands[segment->literal];
    bool sized = is_sized(segment);
    uint64_t size = 0;
    *bits = 0;
    if (sized && !segment_size(segment, operands[segment->literal + 1], &size, failure)) {
        return false;
    }
    switch (segment->type) {
    case SEGMENT_INTEGER:
        *bits = sized ? size : 8;
        return term_is_integer(value) || fails(failure, ATOM_badarg, ATOM_type, value);
    case SEGMENT_FLOAT:
        *bits = sized ? size : 64;
        if (*bits != 16 && *bits != 32 && *bits != 64) {
            return fails(failure, ATOM_badarg, ATOM_invalid, term_small((int64_t) *bits));
        }
        return term_is_number(value) || fails(failure, ATOM_badarg, ATOM_type, value);
    case SEGMENT_BITS:
    case SEGMENT_LITERAL:
        return bits_segment_bits(segment, value, size, bits, failure);
    default: {
        int64_t c;
        if (!term_to_int64(value, &c) || !code_point_is_valid(c)) {
            return fails(failure, ATOM_badarg, ATOM_type, value);
        }
        if (segment->type == SEGMENT_UTF8) {
            *bits = c < 0x80 ? 8 : c < 0x800 ? 16 : c < 0x10000 ? 24 : 32;
        } else if (segment->type == SEGMENT_UTF16) {
            *bits = c < 0x10000 ? 16 : 32;
        } else {
            *bits = 32;
        }
        return true;
    }
    }
}

static void put_code_point(uint8_t *bytes, size_t offset, const Segment *segment, uint32_t c)
{
    uint8_t out[4];
    unsigned flags = segment->flags & (BITS_LITTLE | BITS_NATIVE);
    if (segment->type == SEGMENT_UTF8) {
        bits_copy(bytes, offset, out, 0, 8 * utf8_encode(c, out));
    } else if (segment->type == SEGMENT_UTF32) {
        bits_put_integer(bytes, offset, 32, term_small(c), flags);
    } else if (c < 0x10000) {
        bits_put_integer(bytes, offset, 16, term_small(c), flags);
    } else {
        bits_put_integer(bytes, offset, 16, term_small(0xD800 + ((c - 0x10000) >> 10)), flags);
        bits_put_integer(bytes, offset + 16, 16, term_small(0xDC00 + ((c - 0x10000) & 0x3FF)),
                         flags);
    }
}

/* What a segment without a size appends, when that is one byte or one character; 0: it is not that
 * simple. */
static size_t simple_bytes(const Segment *segment, Term value, uint8_t out[4])
{
    if (!term_is_small(value) || is_sized(segment)) {
        return 0;
    }
    if (segment->type == SEGMENT_INTEGER) {
        out[0] = (uint8_t) small_value(value);
        return 1;
    }
    return segment->type == SEGMENT_UTF8 && code_point_is_valid(small_value(value))
               ? utf8_encode((uint32_t) small_value(value), out)
               : 0;
}

/* A byte or a character at the end of a bitstring, as comprehensions and scanners append them;
 * TERM_NONE: it is not that simple. */
static Term append_simple(Process *p, const SegmentList *list, const Term operands[])
{
    const Segment *first = &list->segments[0], *last = &list->segments[1];
    Term left = operands[first->literal];
    uint8_t out[4], *bytes;
    size_t offset, size = simple_bytes(last, operands[last->literal], out);
    if (size == 0 || first->type != SEGMENT_BITS || (first->flags & SEGMENT_SIZED) ||
        !term_is_bitstring(left) || (first->unit > 1 && bitstring_bits(left) % first->unit != 0)) {
        return TERM_NONE;
    }
    Term result = bitstring_extend(&p->heap.space, left, 8 * size, &bytes, &offset);
    if (result == TERM_LIMIT) {
        return build_limit(p);
    }
    if (LIKELY(offset % 8 == 0)) {
        for (size_t i = 0; i < size; i++) {
            bytes[offset / 8 + i] = out[i];
        }
    } else {
        bits_copy(bytes, offset, out, 0, 8 * size);
    }
    return result;
}

Term help_bs_build(Process *p, const SegmentList *list, const Term operands[])
{
    uint64_t inline_bits[16];
    uint64_t *bits = list->count <= 16 ? inline_bits : mem_alloc(list->count * sizeof *bits);
    uint64_t total = 0;
    uint8_t *bytes = NULL;
    size_t offset = 0;
    Term result = TERM_NONE;
    uint32_t first = 0;
    BuildFailure failure;
    if (list->count == 2 && (result = append_simple(p, list, operands)) != TERM_NONE) {
        return result;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        if (!segment_bits(&list->segments[i], operands, &bits[i], &failure)) {
            build_failed(p, list, i, operands, &failure);
            goto done;
        }
        total += bits[i];
    }
    if (total > (uint64_t) 1 << 46) {
        build_limit(p);
        goto done;
    }
    /* The first segment is a whole bitstring: append to it, in place where that can be. */
    if (list->count > 1 && list->segments[0].type == SEGMENT_BITS &&
        !(list->segments[0].flags & SEGMENT_SIZED)) {
        if (total == bits[0]) { /* nothing is appended: it stays what it is */
            result = operands[list->segments[0].literal];
            goto done;
        }
        result = bitstring_extend(&p->heap.space, operands[list->segments[0].literal],
                                  total - bits[0], &bytes, &offset);
        first = 1;
    } else if (total % 8 == 0) {
        result = make_binary_uninit(&p->heap.space, total / 8, &bytes);
    } else {
        Term whole = make_binary_uninit(&p->heap.space, total / 8 + 1, &bytes);
        if (whole != TERM_LIMIT) {
            bytes[total / 8] = 0;
            result = make_sub_bits(&p->heap.space, whole, 0, total);
            bytes = (uint8_t *) bits_of(result).bytes; /* it may have been copied */
        } else {
            result = TERM_LIMIT;
        }
    }
    if (result == TERM_LIMIT) {
        result = build_limit(p);
        goto done;
    }
    for (uint32_t i = first; i < list->count; i++) {
        const Segment *segment = &list->segments[i];
        Term value = operands[segment->literal];
        unsigned flags = segment->flags & (BITS_LITTLE | BITS_SIGNED | BITS_NATIVE);
        switch (segment->type) {
        case SEGMENT_INTEGER:
            bits_put_integer(bytes, offset, bits[i], value, flags);
            break;
        case SEGMENT_FLOAT:
            if (!bits_put_float(bytes, offset, bits[i], value, flags)) {
                fails(&failure, ATOM_badarg, ATOM_no_float, value);
                result = build_failed(p, list, i, operands, &failure);
                goto done;
            }
            break;
        case SEGMENT_BITS:
        case SEGMENT_LITERAL: {
            Bits from = bits_of(value);
            bits_copy(bytes, offset, from.bytes, from.offset, bits[i]);
            break;
        }
        default:
            put_code_point(bytes, offset, segment, (uint32_t) small_value(value));
        }
        offset += bits[i];
    }
done:
    if (bits != inline_bits) {
        mem_free(bits);
    }
    return result;
}
