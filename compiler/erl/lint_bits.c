/* compiler/erl/lint_bits.c
 * Bit syntax. Fields of a pattern may use, in their sizes, variables that fields before them bind.
 */
#include "compiler/erl/lint_internal.h"

/* ---- type lists ---- */

typedef struct FieldType {
    const char *type, *endianness, *sign; /* NULL: not given */
    int64_t unit;                         /* 0: not given */
} FieldType;

/* The canonical name of a word, and which part of FieldType it is about. */
static const char **part_of(FieldType *field, Term name, const char **value, const char **part_name)
{
    static const struct {
        const char *word, *value;
        char part;
    } words[] = {
        {"integer", "integer", 't'},
        {"float", "float", 't'},
        {"binary", "binary", 't'},
        {"bytes", "binary", 't'},
        {"bitstring", "bitstring", 't'},
        {"bits", "bitstring", 't'},
        {"utf8", "utf8", 't'},
        {"utf16", "utf16", 't'},
        {"utf32", "utf32", 't'},
        {"little", "little", 'e'},
        {"big", "big", 'e'},
        {"native", "native", 'e'},
        {"signed", "signed", 's'},
        {"unsigned", "unsigned", 's'},
    };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (atom_is(name, words[i].word)) {
            *value = words[i].value;
            *part_name = words[i].part == 't'   ? "type"
                         : words[i].part == 'e' ? "endianness"
                                                : "sign";
            return words[i].part == 't'   ? &field->type
                   : words[i].part == 'e' ? &field->endianness
                                          : &field->sign;
        }
    }
    return NULL;
}

static bool type_is_utf(const FieldType *field)
{
    return field->type != NULL && strncmp(field->type, "utf", 3) == 0;
}

static bool type_is_bits(const FieldType *field)
{
    return field->type != NULL && field->type[0] == 'b';
}

static void undefined_pair(Linter *linter, const Node *node, const BitType *word)
{
    lint_error(linter, node->at, undefined_bittype,
               make_tuple2(erl_unit_space(linter->unit), word->name, word->value));
}

static bool read_unit(Linter *linter, const Node *node, const BitType *word, FieldType *field)
{
    if (!term_is_small(word->value) || small_value(word->value) < 1 ||
        small_value(word->value) > 256) {
        undefined_pair(linter, node, word);
        return false;
    }
    int64_t unit = small_value(word->value);
    if (field->unit != 0 && field->unit != unit) {
        lint_error(linter, node->at, bittype_mismatch, term_small(unit), term_small(field->unit),
                   lint_string(linter, "unit"));
        return false;
    }
    field->unit = unit;
    return true;
}

/* False: an error was said. */
static bool read_type(Linter *linter, const Node *node, FieldType *field)
{
    *field = (FieldType){0};
    for (uint32_t i = 0; i < node->bin_element.type_count; i++) {
        const BitType *word = &node->bin_element.types[i];
        const char *value, *part_name;
        if (word->value != TERM_NONE) {
            if (!atom_is(word->name, "unit")) {
                undefined_pair(linter, node, word);
                return false;
            }
            if (!read_unit(linter, node, word, field)) {
                return false;
            }
            continue;
        }
        const char **part = part_of(field, word->name, &value, &part_name);
        if (part == NULL) {
            lint_error(linter, node->at, undefined_bittype, word->name);
            return false;
        }
        if (*part != NULL && strcmp(*part, value) != 0) {
            lint_error(linter, node->at, bittype_mismatch, atom_of(value), atom_of(*part),
                       lint_string(linter, part_name));
            return false;
        }
        *part = value;
    }
    if (type_is_utf(field)) {
        if (node->bin_element.size != NULL || field->unit != 0) {
            lint_error(linter, node->at, utf_bittype_size_or_unit);
            return false;
        }
    } else if (!type_is_bits(field) && field->unit != 0 && node->bin_element.size == NULL) {
        lint_error(linter, node->at, bittype_unit);
        return false;
    }
    return true;
}

static void check_float_size(Linter *linter, const Node *node, const FieldType *field)
{
    const Node *size = node->bin_element.size;
    if (field->type == NULL || strcmp(field->type, "float") != 0 || size == NULL ||
        size->kind != NODE_INTEGER || !term_is_small(size->value)) {
        return;
    }
    int64_t bits = small_value(size->value);
    bits = bits > 64 ? bits : bits * (field->unit == 0 ? 1 : field->unit);
    if (bits != 16 && bits != 32 && bits != 64) {
        lint_warn_always(linter, node->at, bad_bitsize, lint_string(linter, "float"));
    }
}

bool bit_field_is_rest(const Node *field)
{
    if (field->bin_element.size != NULL) {
        return false;
    }
    for (uint32_t i = 0; i < field->bin_element.type_count; i++) {
        Term name = field->bin_element.types[i].name;
        if (atom_is(name, "binary") || atom_is(name, "bytes") || atom_is(name, "bits") ||
            atom_is(name, "bitstring")) {
            return true;
        }
    }
    return false;
}

/* ---- construction ---- */

Bindings lint_bits(Linter *linter, const Node *node, bool is_guard, GuardContext context)
{
    BindingList list = {0};
    for (uint32_t i = 0; i < node->nodes.count; i++) {
        const Node *field = node->nodes.items[i];
        const Node *parts[] = {field->bin_element.value, field->bin_element.size};
        for (int k = 0; k < 2; k++) {
            if (parts[k] != NULL) {
                binding_list_add_all(linter, &list,
                                     is_guard ? lint_guard_expr(linter, parts[k], context)
                                              : lint_expr(linter, parts[k]));
            }
        }
        FieldType type;
        if (read_type(linter, field, &type)) {
            check_float_size(linter, field, &type);
        }
    }
    return bindings_gather(list, linter);
}

/* ---- patterns ---- */

static void pattern_size(Linter *linter, PatternScope *scope, const Node *size)
{
    if (size == NULL) {
        return;
    }
    switch ((NodeKind) size->kind) {
    case NODE_ATOM:
    case NODE_FLOAT:
    case NODE_STRING:
    case NODE_LIST:
    case NODE_TUPLE:
    case NODE_MAP:
    case NODE_BIN:
        lint_warn(linter, LINT_NOMATCH, size->at, non_integer_bitsize);
        break;
    default:
        break;
    }
    /* A variable of the binary counts as used, one from outside as well. Where all variables of a
     * pattern are new, its other parts are not seen. */
    Bindings used = lint_guard_expr(linter, size, IN_BIT_SIZE);
    for (uint32_t i = 0; i < used.count; i++) {
        uint32_t var = used.items[i].var;
        if (linter->pattern_stamp[var] == scope->stamp &&
            (!scope->is_fresh || linter->bits_stamp[var] == scope->bits_stamp)) {
            binding_list_add(linter, &scope->fresh, used.items[i]);
        } else {
            binding_list_add(linter, &scope->used, used.items[i]);
        }
    }
}

static void pattern_field(Linter *linter, PatternScope *scope, const Node *field, bool is_last)
{
    const Node *value = field->bin_element.value;
    FieldType type;
    uint32_t fresh_before = scope->fresh.count;
    /* The size is looked at before the variable is bound: <<X:X>> uses an X from outside. */
    pattern_size(linter, scope, field->bin_element.size);
    switch ((NodeKind) value->kind) {
    case NODE_VAR:
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
        pattern_node(linter, scope, value);
        break;
    default:
        if (!node_is_constant_pattern(value) ||
            (value->kind != NODE_UNARY && value->kind != NODE_BINARY)) {
            lint_error(linter, value->at, illegal_pattern);
        }
    }
    if (read_type(linter, field, &type)) {
        check_float_size(linter, field, &type);
        bool is_plain = field->bin_element.size == NULL && field->bin_element.type_count == 0;
        if (value->kind == NODE_STRING && !is_plain && !type_is_utf(&type)) {
            lint_error(linter, field->at, typed_literal_string);
        }
        if (!is_last && type_is_bits(&type) && field->bin_element.size == NULL) {
            lint_error(linter, field->at, unsized_binary_not_at_end);
        }
    }
    /* What it bound is known to the sizes that follow. */
    for (uint32_t i = fresh_before; i < scope->fresh.count; i++) {
        env_set(linter, scope->fresh.items[i]);
        linter->bits_stamp[scope->fresh.items[i].var] = scope->bits_stamp;
    }
}

void pattern_bits(Linter *linter, PatternScope *scope, const Node *node)
{
    uint32_t mark = env_mark(linter);
    scope->bits_stamp = ++linter->stamp;
    for (uint32_t i = 0; i < node->nodes.count; i++) {
        pattern_field(linter, scope, node->nodes.items[i], i + 1 == node->nodes.count);
    }
    env_undo(linter, mark);
}
