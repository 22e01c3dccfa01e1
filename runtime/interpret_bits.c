/* runtime/interpret_bits.c: the bit syntax of the interpreter; see interpret_help.h. */
#include "runtime/interpret_help.h"
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

static uint64_t left(const Term *context) { return (uint64_t) (context[-2] - context[-1]) >> 2; }
static uint64_t position(const Term *context) { return context[-1] >> 2; }

static Term take_integer(Process *p, Term *context, uint64_t size, unsigned flags)
{
    Term value;
    if (size > left(context)) {
        return TERM_NONE;
    }
    value = bits_get_integer(&p->heap.space, help_bs_bytes(context[0]), position(context), size,
                             flags);
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
    int32_t c = which == I_bs_get_utf8 ? bits_get_utf8(bits, &used)
                : which == I_bs_get_utf16
                    ? bits_get_utf16(bits, &used, field_u16(at, 8))
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

static Term build_error(Process *p, Term reason)
{
    p->exception_class = ATOM_error;
    p->exception_reason = reason;
    exception_capture(p, p->frame, (Code) p->pc, TERM_NONE);
    return TERM_NONE;
}

/* Bits of segment i; false: an exception is set. */
static bool segment_bits(Process *p, const Segment *segment, const Term operands[], uint64_t *bits)
{
    Term value = operands[segment->literal];
    bool sized = segment->flags & SEGMENT_SIZED;
    uint64_t size = 0;
    *bits = 0;
    if (sized) {
        Term given = operands[segment->literal + 1];
        if (!term_is_small(given) || (int64_t) given < 0) {
            build_error(p, term_is_big(given) && !integer_is_negative(given) ? ATOM_system_limit
                                                                            : ATOM_badarg);
            return false;
        }
        if (__builtin_mul_overflow((uint64_t) small_value(given), (uint64_t) segment->unit, &size) ||
            size > (uint64_t) 1 << 48) {
            build_error(p, ATOM_system_limit);
            return false;
        }
    }
    switch (segment->type) {
    case SEGMENT_INTEGER:
        *bits = sized ? size : 8;
        if (!term_is_integer(value)) {
            build_error(p, ATOM_badarg);
            return false;
        }
        return true;
    case SEGMENT_FLOAT:
        *bits = sized ? size : 64;
        if (!term_is_number(value) || (*bits != 16 && *bits != 32 && *bits != 64)) {
            build_error(p, ATOM_badarg);
            return false;
        }
        return true;
    case SEGMENT_BITS:
    case SEGMENT_LITERAL:
        if (!term_is_bitstring(value)) {
            build_error(p, ATOM_badarg);
            return false;
        }
        *bits = bitstring_bits(value);
        if (sized) {
            if (size > *bits) {
                build_error(p, ATOM_badarg);
                return false;
            }
            *bits = size;
        } else if (segment->type == SEGMENT_BITS && segment->unit > 1 &&
                   *bits % segment->unit != 0) {
            build_error(p, ATOM_badarg);
            return false;
        }
        return true;
    default: {
        int64_t c;
        if (!term_to_int64(value, &c) || !code_point_is_valid(c)) {
            build_error(p, ATOM_badarg);
            return false;
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

Term help_bs_build(Process *p, const SegmentList *list, const Term operands[])
{
    uint64_t inline_bits[16];
    uint64_t *bits = list->count <= 16 ? inline_bits : mem_alloc(list->count * sizeof *bits);
    uint64_t total = 0;
    uint8_t *bytes = NULL;
    size_t offset = 0;
    Term result = TERM_NONE;
    uint32_t first = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        if (!segment_bits(p, &list->segments[i], operands, &bits[i])) {
            goto done;
        }
        total += bits[i];
    }
    if (total > (uint64_t) 1 << 46) {
        build_error(p, ATOM_system_limit);
        goto done;
    }
    /* The first segment is a whole bitstring: append to it, in place where that can be. */
    if (list->count > 1 && list->segments[0].type == SEGMENT_BITS &&
        !(list->segments[0].flags & SEGMENT_SIZED)) {
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
        result = build_error(p, ATOM_system_limit);
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
                result = build_error(p, ATOM_badarg);
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
