/* compiler/erl/lower_bits.c
 * The bit syntax: what the type lists say, constant parts put together, patterns. */
#include "compiler/erl/lower_internal.h"

#include "runtime/term/arith.h"
#include "runtime/term/bits.h"

/* ---- type lists ---- */

static bool apply_type(BitSpec *spec, const char *name)
{
    static const struct {
        const char *name;
        SegmentType type;
        uint32_t unit;
    } types[] = {
        {"integer", SEGMENT_INTEGER, 1}, {"float", SEGMENT_FLOAT, 1},
        {"binary", SEGMENT_BITS, 8},     {"bytes", SEGMENT_BITS, 8},
        {"bitstring", SEGMENT_BITS, 1},  {"bits", SEGMENT_BITS, 1},
        {"utf8", SEGMENT_UTF8, 1},       {"utf16", SEGMENT_UTF16, 1},
        {"utf32", SEGMENT_UTF32, 1},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (strcmp(name, types[i].name) == 0) {
            spec->type = types[i].type;
            if (!spec->has_unit) {
                spec->unit = types[i].unit;
            }
            return true;
        }
    }
    return false;
}

static bool apply_flag(BitSpec *spec, const char *name)
{
    static const struct {
        const char *name;
        uint32_t flag;
    } flags[] = {
        {"signed", BITS_SIGNED}, {"unsigned", 0},         {"big", 0},
        {"little", BITS_LITTLE}, {"native", BITS_NATIVE},
    };
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        if (strcmp(name, flags[i].name) == 0) {
            spec->flags |= flags[i].flag;
            return true;
        }
    }
    return false;
}

bool lower_bit_spec(Lower *l, const Node *element, BitSpec *out)
{
    *out = (BitSpec){.type = SEGMENT_INTEGER, .unit = 1};
    for (uint32_t i = 0; i < element->bin_element.type_count; i++) {
        const BitType *type = &element->bin_element.types[i];
        const char *name = atom_name(type->name);
        if (type->value != TERM_NONE) {
            if (strcmp(name, "unit") != 0 || !term_is_small(type->value) ||
                small_value(type->value) < 1 || small_value(type->value) > 256) {
                lower_error(l, element->at, "bad bit unit");
                return false;
            }
            out->unit = (uint32_t) small_value(type->value);
            out->has_unit = true;
        } else if (!apply_type(out, name) && !apply_flag(out, name)) {
            lower_error(l, element->at, "undefined bit type: %s", name);
            return false;
        }
    }
    return true;
}

static bool is_utf(SegmentType type)
{
    return type == SEGMENT_UTF8 || type == SEGMENT_UTF16 || type == SEGMENT_UTF32;
}

/* ---- constant parts ---- */

typedef struct BitBuffer {
    uint8_t *bytes;
    size_t bits, capacity_bytes;
} BitBuffer;

/* Of a binary; of one number in it: more is made when the program runs, not kept in its file. */
enum { CONSTANT_MAX_BITS = 1 << 20, NUMBER_MAX_BITS = 4096 };

static uint8_t *buffer_room(BitBuffer *buffer, size_t bits)
{
    size_t needed = (buffer->bits + bits) / 8 + 16;
    if (needed > buffer->capacity_bytes) {
        size_t capacity = needed * 2;
        buffer->bytes = mem_realloc(buffer->bytes, capacity);
        memset(buffer->bytes + buffer->capacity_bytes, 0, capacity - buffer->capacity_bytes);
        buffer->capacity_bytes = capacity;
    }
    return buffer->bytes;
}

static void buffer_add_integer(BitBuffer *buffer, Term value, size_t size, uint32_t flags)
{
    uint8_t *bytes = buffer_room(buffer, size);
    bits_put_integer(bytes, buffer->bits, size, value, flags);
    buffer->bits += size;
}

static bool buffer_add_utf(BitBuffer *buffer, SegmentType type, Term value, uint32_t flags)
{
    if (!term_is_small(value) || !code_point_is_valid(small_value(value))) {
        return false;
    }
    uint32_t c = (uint32_t) small_value(value);
    if (type == SEGMENT_UTF8) {
        uint8_t text[4];
        size_t size = utf8_encode(c, text);
        for (size_t i = 0; i < size; i++) {
            buffer_add_integer(buffer, term_small(text[i]), 8, 0);
        }
    } else if (type == SEGMENT_UTF32 || c < 0x10000) {
        buffer_add_integer(buffer, value, type == SEGMENT_UTF32 ? 32 : 16, flags);
    } else {
        buffer_add_integer(buffer, term_small(0xD800 + ((c - 0x10000) >> 10)), 16, flags);
        buffer_add_integer(buffer, term_small(0xDC00 + ((c - 0x10000) & 0x3FF)), 16, flags);
    }
    return true;
}

/* Size of a segment in bits where that is known and modest; false: it is not. */
static bool constant_size(const BitSpec *spec, const Core *size, size_t *out)
{
    if (size == NULL) {
        *out = spec->type == SEGMENT_FLOAT ? 64 : 8;
        return spec->type != SEGMENT_BITS && !is_utf(spec->type);
    }
    if (!core_is_literal(size) || !term_is_small(size->literal) || small_value(size->literal) < 0 ||
        small_value(size->literal) > NUMBER_MAX_BITS) {
        return false;
    }
    *out = (size_t) small_value(size->literal) * spec->unit;
    return *out <= NUMBER_MAX_BITS;
}

/* Adds a segment of which all is known to the buffer; false: it must be made at run time. */
static bool add_constant(BitBuffer *buffer, const BitSpec *spec, const Core *value,
                         const Core *size)
{
    if (!core_is_literal(value)) {
        return false;
    }
    Term term = value->literal;
    if (is_utf(spec->type)) {
        return size == NULL && buffer_add_utf(buffer, spec->type, term, spec->flags);
    }
    size_t bits;
    if (spec->type == SEGMENT_BITS) {
        if (size != NULL || !term_is_bitstring(term)) {
            return false;
        }
        Bits from = bits_of(term);
        if (from.size > CONSTANT_MAX_BITS || from.size % spec->unit != 0) {
            return false;
        }
        bits_copy(buffer_room(buffer, from.size), buffer->bits, from.bytes, from.offset, from.size);
        buffer->bits += from.size;
        return true;
    }
    if (!constant_size(spec, size, &bits)) {
        return false;
    }
    if (spec->type == SEGMENT_INTEGER) {
        if (!term_is_integer(term)) {
            return false;
        }
        buffer_add_integer(buffer, term, bits, spec->flags);
        return true;
    }
    if (!term_is_number(term) || (bits != 16 && bits != 32 && bits != 64) ||
        !bits_put_float(buffer_room(buffer, bits), buffer->bits, bits, term, spec->flags)) {
        return false;
    }
    buffer->bits += bits;
    return true;
}

static Term buffer_take(Lower *l, BitBuffer *buffer)
{
    Term term = make_bitstring(l->core->space, (Bits){buffer->bytes, 0, buffer->bits});
    if (buffer->bytes != NULL) {
        memset(buffer->bytes, 0, buffer->capacity_bytes);
    }
    buffer->bits = 0;
    return term;
}

/* ---- construction ---- */

typedef struct BinaryMaker {
    Core *core;
    Core *body; /* NULL, or a CORE_BODY for operands of which one is used more than once */
    uint32_t capacity;
    BitBuffer constant;
    uint32_t constant_elements; /* of the source, that it is made of */
    bool was_constant;          /* the element at hand went into it */
} BinaryMaker;

static void add_segment(Lower *l, BinaryMaker *maker, CoreSegment segment)
{
    Core *core = maker->core;
    if (core->binary.count == maker->capacity) {
        maker->capacity = maker->capacity * 2 + 4;
        CoreSegment *segments = ARENA_ARRAY(l->arena, CoreSegment, maker->capacity);
        if (core->binary.count != 0) {
            memcpy(segments, core->binary.segments, core->binary.count * sizeof segments[0]);
        }
        core->binary.segments = segments;
    }
    core->binary.segments[core->binary.count++] = segment;
}

static void flush_constant(Lower *l, BinaryMaker *maker)
{
    if (maker->constant.bits != 0) {
        CoreAt at = {maker->core->line, maker->core->file};
        Core *value = core_literal(l->core, at, buffer_take(l, &maker->constant));
        /* Of a literal the unit is how many elements it stands for: exceptions number them. */
        uint32_t elements = maker->constant_elements > 255 ? 255 : maker->constant_elements;
        add_segment(l, maker,
                    (CoreSegment){SEGMENT_LITERAL, elements == 0 ? 1 : elements, 0, value, NULL});
    }
    maker->constant_elements = 0;
}

static void add_value(Lower *l, BinaryMaker *maker, const BitSpec *spec, Core *value, Core *size)
{
    if (add_constant(&maker->constant, spec, value, size)) {
        maker->was_constant = true;
        return;
    }
    flush_constant(l, maker);
    uint32_t flags = spec->flags | (size == NULL ? 0 : (uint32_t) SEGMENT_SIZED);
    add_segment(l, maker, (CoreSegment){spec->type, spec->unit, flags, value, size});
}

static Core *operand(Lower *l, BinaryMaker *maker, const Node *node)
{
    Core *core = lower_operand(l, node);
    return maker->body == NULL ? core : lower_keep(l, maker->body, core);
}

/* A literal or variable once more: nodes are not shared. */
static Core *again(Lower *l, const Core *core)
{
    CoreAt at = {core->line, core->file};
    if (core->kind == CORE_VAR) {
        return core_use(l->core, at, core->var);
    }
    ASSERT(core->kind == CORE_LITERAL);
    return core_literal(l->core, at, core->literal);
}

/* Nothing is made of an empty string, but what is wrong with its type or size is so still. */
static void add_empty_string(Lower *l, BinaryMaker *maker, const BitSpec *spec, const Node *element)
{
    const Node *size = element->bin_element.size;
    CoreAt at = lower_at(l, element->at);
    Core *size_core = size == NULL ? NULL : operand(l, maker, size);
    if (spec->type == SEGMENT_BITS) { /* no string is a binary */
        add_value(l, maker, spec, core_literal(l->core, at, TERM_NIL), size_core);
        return;
    }
    if (size_core == NULL || l->in_guard ||
        (core_is_literal(size_core) && term_is_integer(size_core->literal) &&
         !integer_is_negative(size_core->literal))) {
        return;
    }
    /* binary:copy(<<>>, Size) fails where the size is none. */
    Core *args[] = {core_literal(l->core, at, make_bitstring(l->core->space, (Bits){0})),
                    size_core};
    Core *nothing =
        core_remote(l->core, CORE_CALL_REMOTE, at, atom_of("binary"), atom_of("copy"), args, 2);
    nothing = maker->body == NULL ? nothing : lower_keep(l, maker->body, nothing);
    BitSpec bits = {.type = SEGMENT_BITS, .unit = 1};
    add_value(l, maker, &bits, nothing, NULL);
}

static void add_element(Lower *l, BinaryMaker *maker, const Node *element)
{
    BitSpec spec;
    if (element->kind != NODE_BIN_ELEMENT || !lower_bit_spec(l, element, &spec)) {
        return;
    }
    const Node *value = element->bin_element.value, *size = element->bin_element.size;
    if (value->kind != NODE_STRING) {
        Core *value_core = operand(l, maker, value);
        Core *size_core = size == NULL ? NULL : operand(l, maker, size);
        add_value(l, maker, &spec, value_core, size_core);
        return;
    }
    if (value->string.count == 0) {
        add_empty_string(l, maker, &spec, element);
        return;
    }
    CoreAt at = lower_at(l, value->at);
    Core *kept = size == NULL || l->in_guard ? NULL : operand(l, maker, size);
    for (uint32_t i = 0; i < value->string.count; i++) {
        Core *character = core_literal(l->core, at, term_small(value->string.characters[i]));
        Core *size_core = kept != NULL ? again(l, kept) : NULL;
        if (kept == NULL && size != NULL) {
            size_core = lower_operand(l, size);
        }
        add_value(l, maker, &spec, character, size_core);
    }
}

/* Is there a string of which the size has to be evaluated, once for all its characters? */
static bool repeats_sizes(const Node *node)
{
    for (uint32_t i = 0; i < node->nodes.count; i++) {
        const Node *element = node->nodes.items[i];
        if (element->kind == NODE_BIN_ELEMENT && element->bin_element.size != NULL &&
            element->bin_element.value->kind == NODE_STRING &&
            element->bin_element.size->kind != NODE_INTEGER &&
            element->bin_element.size->kind != NODE_VAR) {
            return true;
        }
    }
    return false;
}

Core *lower_binary(Lower *l, const Node *node)
{
    BinaryMaker maker = {.core = core_node(l->core, CORE_BINARY, lower_at(l, node->at))};
    if (!l->in_guard && repeats_sizes(node)) { /* a guard has no effects to repeat */
        maker.body = core_node(l->core, CORE_BODY, lower_at(l, node->at));
        maker.body->items = ARENA_ARRAY(l->arena, Core *, node->nodes.count * 2 + 1);
    }
    for (uint32_t i = 0; i < node->nodes.count; i++) {
        maker.was_constant = false;
        add_element(l, &maker, node->nodes.items[i]);
        maker.constant_elements += maker.was_constant;
    }
    if (maker.core->binary.count == 0) {
        maker.core->kind = CORE_LITERAL;
        maker.core->literal = buffer_take(l, &maker.constant);
    } else {
        flush_constant(l, &maker);
    }
    mem_free(maker.constant.bytes);
    if (maker.body == NULL) {
        return maker.core;
    }
    maker.body->items[maker.body->count++] = maker.core;
    return maker.body;
}

/* ---- patterns ---- */

static Core *pattern_size(Lower *l, const BitSpec *spec, const Node *element)
{
    const Node *size = element->bin_element.size;
    CoreAt at = lower_at(l, element->at);
    if (size == NULL) {
        if (spec->type == SEGMENT_BITS || is_utf(spec->type)) {
            return NULL;
        }
        return core_literal(l->core, at, term_small(spec->type == SEGMENT_FLOAT ? 64 : 8));
    }
    Term constant = fold_constant(l, size);
    if (constant != TERM_NONE) {
        return core_literal(l->core, at, constant);
    }
    l->hidden_from = l->fresh_stamp;
    l->hidden_to = l->fresh_stamp == 0 ? 0 : l->binary_stamp;
    Core *core = lower_in_pattern(l, size);
    l->hidden_to = 0;
    return core;
}

static CorePattern *segment_value(Lower *l, const BitSpec *spec, const Node *node)
{
    CorePattern *pattern = lower_pattern(l, node);
    if (spec->type == SEGMENT_FLOAT && pattern->kind == PATTERN_LITERAL &&
        term_is_integer(pattern->literal)) {
        double value;
        if (arith_to_double(pattern->literal, &value)) {
            pattern->literal = make_float(l->core->space, value);
        }
    }
    return pattern;
}

static uint32_t segment_count(const Node *node)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < node->nodes.count; i++) {
        const Node *element = node->nodes.items[i];
        bool is_string =
            element->kind == NODE_BIN_ELEMENT && element->bin_element.value->kind == NODE_STRING;
        count += is_string ? element->bin_element.value->string.count : 1;
    }
    return count;
}

CorePattern *lower_binary_pattern(Lower *l, const Node *node)
{
    CorePattern *pattern = core_pattern(l->core, PATTERN_BINARY);
    CorePatternSegment *segments = ARENA_ARRAY(l->arena, CorePatternSegment, segment_count(node));
    uint32_t count = 0;
    l->binary_stamp = l->stamp + 1;
    for (uint32_t i = 0; i < node->nodes.count; i++) {
        const Node *element = node->nodes.items[i];
        BitSpec spec;
        if (element->kind != NODE_BIN_ELEMENT || !lower_bit_spec(l, element, &spec)) {
            continue;
        }
        const Node *value = element->bin_element.value;
        uint32_t values = value->kind == NODE_STRING ? value->string.count : 1;
        for (uint32_t v = 0; v < values; v++) {
            CorePatternSegment *segment = &segments[count++];
            *segment = (CorePatternSegment){spec.type, spec.unit, spec.flags, NULL, NULL};
            segment->size = pattern_size(l, &spec, element);
            if (value->kind != NODE_STRING) {
                segment->value = segment_value(l, &spec, value);
            } else {
                Term character = term_small(value->string.characters[v]);
                segment->value = core_pattern_literal(l->core, character);
            }
        }
    }
    pattern->binary.segments = segments;
    pattern->binary.count = count;
    return pattern;
}
