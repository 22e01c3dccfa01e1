/* compiler/erl/lower_record.c
 * Records: tuples whose first element is the record's name. */
#include "compiler/erl/lower_internal.h"

static Form *known_record(Lower *l, Location at, Term name)
{
    Form *record = record_find(l, name);
    if (record == NULL) {
        lower_error(l, at, "record %s undefined", atom_name(name));
    }
    return record;
}

/* Where the field is, from 0; UINT32_MAX: reported. */
static uint32_t field_index(Lower *l, const Form *record, const Node *field)
{
    for (uint32_t i = 0; field->kind == NODE_ATOM && i < record->record.field_count; i++) {
        if (record->record.fields[i].name == field->value) {
            return i;
        }
    }
    lower_error(l, field->at, "field %s undefined in record %s",
                field->kind == NODE_ATOM ? atom_name(field->value) : "?",
                atom_name(record->record.name));
    return UINT32_MAX;
}

/* For each field of the record what was written for it, or for `_`, or NULL. */
static const Node **given_fields(Lower *l, const Form *record, const Node *node)
{
    uint32_t count = record->record.field_count;
    const Node **given = arena_alloc_zero(l->arena, (count + 1) * sizeof given[0]);
    const Node *others = NULL;
    for (uint32_t i = 0; i < node->record.fields.count; i++) {
        const Node *field = node->record.fields.items[i];
        if (field->pair.left->kind == NODE_VAR) {
            others = field->pair.right;
            continue;
        }
        uint32_t index = field_index(l, record, field->pair.left);
        if (index != UINT32_MAX) {
            given[index] = field->pair.right;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (given[i] == NULL) {
            given[i] = others;
        }
    }
    return given;
}

static Core *new_record(Lower *l, const Form *record, const Node *node)
{
    CoreAt at = lower_at(l, node->at);
    uint32_t count = record->record.field_count;
    const Node **given = given_fields(l, record, node);
    Core *tuple = core_node(l->core, CORE_TUPLE, at);
    tuple->items = ARENA_ARRAY(l->arena, Core *, count + 1);
    tuple->count = count + 1;
    tuple->items[0] = literal_atom(l, at, record->record.name);
    NodeList values = {ARENA_ARRAY(l->arena, Node *, count), 0};
    for (uint32_t i = 0; i < count; i++) {
        const Node *value = given[i] != NULL ? given[i] : record->record.fields[i].value;
        if (value != NULL) {
            values.items[values.count++] = (Node *) value;
        }
    }
    Core **lowered = lower_operands(l, values);
    for (uint32_t i = 0, v = 0; i < count; i++) {
        bool is_set = given[i] != NULL || record->record.fields[i].value != NULL;
        tuple->items[i + 1] = is_set ? lowered[v++] : literal_atom(l, at, ATOM_OF(undefined));
    }
    return core_fold(l->core, tuple);
}

static Core *update_record(Lower *l, const Form *record, const Node *node)
{
    Core *core = core_node(l->core, CORE_RECORD_SET, lower_at(l, node->at));
    uint32_t count = node->record.fields.count;
    struct CoreSet *set = core->record.set = ARENA_NEW(l->arena, struct CoreSet);
    set->indices = ARENA_ARRAY(l->arena, uint32_t, count);
    set->values = ARENA_ARRAY(l->arena, Core *, count);
    for (uint32_t i = 0; i < count; i++) {
        const Node *field = node->record.fields.items[i];
        uint32_t index = field_index(l, record, field->pair.left);
        if (index != UINT32_MAX) {
            set->indices[set->count] = index + 1;
            set->values[set->count++] = lower_operand(l, field->pair.right);
        }
    }
    core->record.expr = lower_operand(l, node->record.expr);
    core->record.name = record->record.name;
    core->record.arity = record->record.field_count + 1;
    return core;
}

Core *lower_record(Lower *l, const Node *node)
{
    const Form *record = known_record(l, node->at, node->record.name);
    if (record == NULL) {
        return literal_atom(l, lower_at(l, node->at), ATOM_OF(undefined));
    }
    return node->record.expr == NULL ? new_record(l, record, node) : update_record(l, record, node);
}

Core *lower_record_access(Lower *l, const Node *node)
{
    CoreAt at = lower_at(l, node->at);
    const Form *record = known_record(l, node->at, node->record_access.name);
    uint32_t index =
        record == NULL ? UINT32_MAX : field_index(l, record, node->record_access.field);
    if (index == UINT32_MAX) {
        return literal_atom(l, at, ATOM_OF(undefined));
    }
    if (node->kind == NODE_RECORD_INDEX) {
        return core_literal(l->core, at, term_small((int64_t) index + 2));
    }
    Core *expr = lower_operand(l, node->record_access.expr);
    if (l->no_record_tests) {
        Core *args[] = {core_literal(l->core, at, term_small((int64_t) index + 2)), expr};
        return core_remote(l->core, CORE_BIF, at, ATOM_OF(erlang), atom_of("element"), args, 2);
    }
    Core *core = core_node(l->core, CORE_RECORD_GET, at);
    core->record.expr = expr;
    core->record.name = record->record.name;
    core->record.arity = record->record.field_count + 1;
    core->record.index = index + 1;
    return core;
}

Core *lower_record_test(Lower *l, CoreAt at, Core *expr, const Node *name, const Node *arity)
{
    if (name->kind != NODE_ATOM) {
        return NULL;
    }
    uint32_t size;
    if (arity == NULL) {
        const Form *record = record_find(l, name->value);
        if (record == NULL) {
            return NULL;
        }
        size = record->record.field_count + 1;
    } else if (arity->kind == NODE_INTEGER && term_is_small(arity->value) &&
               small_value(arity->value) > 0 && small_value(arity->value) < (1 << 24)) {
        size = (uint32_t) small_value(arity->value);
    } else {
        return NULL;
    }
    Core *core = core_node(l->core, CORE_RECORD_TEST, at);
    core->record.expr = expr;
    core->record.name = name->value;
    core->record.arity = size;
    return core;
}

CorePattern *lower_record_pattern(Lower *l, const Node *node)
{
    Term name = node->kind == NODE_RECORD_INDEX ? node->record_access.name : node->record.name;
    const Form *record = known_record(l, node->at, name);
    if (record == NULL) {
        return core_pattern_var(l->core, NULL);
    }
    if (node->kind == NODE_RECORD_INDEX) {
        uint32_t index = field_index(l, record, node->record_access.field);
        return core_pattern_literal(l->core,
                                    term_small(index == UINT32_MAX ? 0 : (int64_t) index + 2));
    }
    uint32_t count = record->record.field_count;
    const Node **given = given_fields(l, record, node);
    CorePattern *pattern = core_pattern(l->core, PATTERN_TUPLE);
    pattern->tuple.items = ARENA_ARRAY(l->arena, CorePattern *, count + 1);
    pattern->tuple.count = count + 1;
    pattern->tuple.items[0] = core_pattern_literal(l->core, name);
    CorePattern *any = core_pattern_var(l->core, NULL);
    for (uint32_t i = 0; i < count; i++) {
        pattern->tuple.items[i + 1] = given[i] == NULL ? any : lower_pattern(l, given[i]);
    }
    return pattern;
}
