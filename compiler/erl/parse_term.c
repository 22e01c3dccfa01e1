/* compiler/erl/parse_term.c
 * Literal expressions as terms: the values of attributes, and file:consult. */
#include "compiler/erl/parse_internal.h"

#include "compiler/bytecode/external_fun.h"
#include "runtime/term/arith.h"
#include "runtime/term/bits.h"
#include "runtime/term/map.h"

/* ---- binaries ---- */

typedef struct BitField {
    enum { BIT_INTEGER, BIT_FLOAT, BIT_BINARY, BIT_UTF8, BIT_UTF16, BIT_UTF32 } type;
    unsigned flags;
    int64_t unit; /* 0: not given */
} BitField;

static bool bit_field_of(const Node *element, BitField *field)
{
    *field = (BitField){BIT_INTEGER, 0, 0};
    for (uint32_t i = 0; i < element->bin_element.type_count; i++) {
        const char *name = atom_name(element->bin_element.types[i].name);
        Term value = element->bin_element.types[i].value;
        static const char *const types[] = {"integer", "float", "binary", "utf8", "utf16", "utf32"};
        size_t type = 0;
        while (type < COUNT_OF(types) && strcmp(types[type], name) != 0) {
            type++;
        }
        if (type < COUNT_OF(types)) {
            field->type = type;
        } else if (strcmp(name, "little") == 0 || strcmp(name, "native") == 0) {
            field->flags |= BITS_LITTLE;
        } else if (strcmp(name, "unit") == 0 && term_is_small(value)) {
            field->unit = small_value(value);
        } else if (strcmp(name, "signed") != 0 && strcmp(name, "unsigned") != 0 &&
                   strcmp(name, "big") != 0) {
            return false;
        }
    }
    return field->type != BIT_BINARY && field->unit >= 0;
}

typedef struct BitBuffer {
    uint8_t *bytes;
    size_t bits, capacity_bytes;
} BitBuffer;

/* Room for `bits` more; they are zero. */
static size_t bit_buffer_extend(BitBuffer *buffer, size_t bits)
{
    size_t offset = buffer->bits;
    size_t wanted = (offset + bits + 7) / 8 + 8;
    if (wanted > buffer->capacity_bytes) {
        buffer->bytes = mem_realloc(buffer->bytes, wanted * 2);
        memset(buffer->bytes + buffer->capacity_bytes, 0, wanted * 2 - buffer->capacity_bytes);
        buffer->capacity_bytes = wanted * 2;
    }
    buffer->bits += bits;
    return offset;
}

static void add_bytes(BitBuffer *buffer, const uint8_t *bytes, size_t count)
{
    size_t offset = bit_buffer_extend(buffer, count * 8);
    bits_copy(buffer->bytes, offset, bytes, 0, count * 8);
}

static bool add_utf(BitBuffer *buffer, const BitField *field, int64_t c)
{
    uint8_t bytes[4];
    if (!code_point_is_valid(c)) {
        return false;
    }
    uint32_t point = (uint32_t) c;
    if (field->type == BIT_UTF8) {
        add_bytes(buffer, bytes, utf8_encode(point, bytes));
        return true;
    }
    uint32_t units[2] = {point, 0};
    size_t count = 1, unit_bits = field->type == BIT_UTF16 ? 16 : 32;
    if (field->type == BIT_UTF16 && point > 0xFFFF) {
        units[0] = 0xD800 + ((point - 0x10000) >> 10);
        units[1] = 0xDC00 + ((point - 0x10000) & 0x3FF);
        count = 2;
    }
    for (size_t i = 0; i < count; i++) {
        size_t offset = bit_buffer_extend(buffer, unit_bits);
        bits_put_integer(buffer->bytes, offset, unit_bits, term_small(units[i]), field->flags);
    }
    return true;
}

enum { LITERAL_BITS_MAX = 1 << 26 };

static bool add_number(BitBuffer *buffer, const BitField *field, Term number, const Node *size)
{
    int64_t count = field->type == BIT_FLOAT ? 64 : 8;
    if (field->type >= BIT_UTF8) {
        return size == NULL && term_is_small(number) && add_utf(buffer, field, small_value(number));
    }
    if (size != NULL) {
        int64_t unit = field->unit == 0 ? 1 : field->unit;
        if (size->kind != NODE_INTEGER || !term_is_small(size->value) || unit > 256 ||
            small_value(size->value) < 0 || small_value(size->value) > LITERAL_BITS_MAX / unit) {
            return false;
        }
        count = small_value(size->value) * unit;
    }
    size_t offset;
    if (field->type == BIT_FLOAT) {
        if (count != 16 && count != 32 && count != 64) {
            return false;
        }
        offset = bit_buffer_extend(buffer, (size_t) count);
        return bits_put_float(buffer->bytes, offset, (size_t) count, number, field->flags);
    }
    if (!term_is_integer(number)) {
        return false;
    }
    offset = bit_buffer_extend(buffer, (size_t) count);
    bits_put_integer(buffer->bytes, offset, (size_t) count, number, field->flags);
    return true;
}

static bool add_element(ErlUnit *unit, BitBuffer *buffer, const Node *element)
{
    BitField field;
    const Node *value = element->bin_element.value;
    if (!bit_field_of(element, &field)) {
        return false;
    }
    if (value->kind == NODE_STRING) {
        for (uint32_t i = 0; i < value->string.count; i++) {
            if (!add_number(buffer, &field, term_small(value->string.characters[i]),
                            element->bin_element.size)) {
                return false;
            }
        }
        return true;
    }
    Term number = parse_term_of(unit, value, 0);
    return number != TERM_NONE && term_is_number(number) &&
           add_number(buffer, &field, number, element->bin_element.size);
}

static Term binary_term(ErlUnit *unit, const Node *node)
{
    BitBuffer buffer = {0};
    bool fine = true;
    for (uint32_t i = 0; i < node->nodes.count && fine; i++) {
        fine = add_element(unit, &buffer, node->nodes.items[i]);
    }
    Term result = TERM_NONE;
    if (fine) {
        bit_buffer_extend(&buffer, 0); /* there are bytes */
        result = make_bitstring(erl_unit_space(unit), (Bits){buffer.bytes, 0, buffer.bits});
    }
    mem_free(buffer.bytes);
    return result;
}

/* ---- the rest ---- */

static Term list_term(ErlUnit *unit, const Node *node, unsigned flags)
{
    Term tail = node->list.tail == NULL ? TERM_NIL : parse_term_of(unit, node->list.tail, flags);
    uint32_t count = node->list.elements.count;
    Term *terms = mem_alloc((count + 1) * sizeof *terms);
    bool fine = tail != TERM_NONE;
    for (uint32_t i = 0; i < count && fine; i++) {
        terms[i] = parse_term_of(unit, node->list.elements.items[i], flags);
        fine = terms[i] != TERM_NONE;
    }
    Term result = fine ? make_list(erl_unit_space(unit), terms, count, tail) : TERM_NONE;
    mem_free(terms);
    return result == TERM_LIMIT ? TERM_NONE : result;
}

static Term tuple_term(ErlUnit *unit, const Node *node, unsigned flags)
{
    uint32_t count = node->nodes.count;
    if (count >= 1u << 24) {
        return TERM_NONE;
    }
    Term *terms = mem_alloc((count + 1) * sizeof *terms);
    bool fine = true;
    for (uint32_t i = 0; i < count && fine; i++) {
        terms[i] = parse_term_of(unit, node->nodes.items[i], flags);
        fine = terms[i] != TERM_NONE;
    }
    Term result = fine ? make_tuple(erl_unit_space(unit), terms, count) : TERM_NONE;
    mem_free(terms);
    return result;
}

static Term map_term(ErlUnit *unit, const Node *node, unsigned flags)
{
    uint32_t count = node->map.fields.count;
    Term *pairs = mem_alloc((count * 2 + 1) * sizeof *pairs);
    bool fine = node->map.map == NULL;
    for (uint32_t i = 0; i < count && fine; i++) {
        const Node *field = node->map.fields.items[i];
        pairs[2 * i] = parse_term_of(unit, field->pair.left, 0);
        pairs[2 * i + 1] = parse_term_of(unit, field->pair.right, flags); /* -doc #{equiv => f/1} */
        fine = field->kind == NODE_MAP_FIELD_ASSOC && pairs[2 * i] != TERM_NONE &&
               pairs[2 * i + 1] != TERM_NONE;
    }
    Term result = fine ? map_from_pairs(erl_unit_space(unit), pairs, count) : TERM_NONE;
    mem_free(pairs);
    return result == TERM_LIMIT ? TERM_NONE : result;
}

static Term string_value(ErlUnit *unit, const Node *node)
{
    Space *space = erl_unit_space(unit);
    Term list = TERM_NIL;
    for (uint32_t i = node->string.count; i-- > 0;) {
        list = make_cons(space, term_small(node->string.characters[i]), list);
    }
    return list;
}

/* +1, -1.5, -$a */
static Term signed_term(ErlUnit *unit, const Node *node)
{
    const Node *operand = node->unary.operand;
    if ((node->op != OP_PLUS && node->op != OP_MINUS) ||
        (operand->kind != NODE_INTEGER && operand->kind != NODE_FLOAT &&
         operand->kind != NODE_CHAR)) {
        return TERM_NONE;
    }
    Term value = parse_term_of(unit, operand, 0);
    return node->op == OP_PLUS ? value : arith_negate(erl_unit_space(unit), value);
}

/* fun module:name/arity */
static Term fun_term(ErlUnit *unit, const Node *node)
{
    const Node *module = node->fun_remote.module, *name = node->fun_remote.name,
               *arity = node->fun_remote.arity;
    if (module->kind != NODE_ATOM || name->kind != NODE_ATOM || arity->kind != NODE_INTEGER ||
        !term_is_small(arity->value) || small_value(arity->value) < 0 ||
        small_value(arity->value) > 255) {
        return TERM_NONE;
    }
    return make_external_fun(erl_unit_space(unit), module->value, name->value,
                             (uint32_t) small_value(arity->value));
}

Term parse_term_of(ErlUnit *unit, const Node *node, unsigned flags)
{
    switch ((NodeKind) node->kind) {
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
        return node->value;
    case NODE_FLOAT:
        return make_float(erl_unit_space(unit), node->float_value);
    case NODE_STRING:
        return string_value(unit, node);
    case NODE_LIST:
        return list_term(unit, node, flags);
    case NODE_TUPLE:
        return tuple_term(unit, node, flags);
    case NODE_MAP:
        return map_term(unit, node, flags);
    case NODE_BIN:
        return binary_term(unit, node);
    case NODE_UNARY:
        return signed_term(unit, node);
    case NODE_BINARY:
        if ((flags & TERM_FARITY) && node->op == OP_DIVIDE && node->pair.left->kind == NODE_ATOM &&
            node->pair.right->kind == NODE_INTEGER) {
            return make_tuple2(erl_unit_space(unit), node->pair.left->value,
                               node->pair.right->value);
        }
        return TERM_NONE;
    case NODE_FUN_REMOTE:
        return fun_term(unit, node);
    default:
        return TERM_NONE;
    }
}
