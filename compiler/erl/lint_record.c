/* compiler/erl/lint_record.c
 * Records: definitions, and their use in expressions, guards and patterns. */
#include "compiler/erl/lint_internal.h"

static const Bindings none;

const Form *lint_record(Linter *linter, Location at, Term name)
{
    Name *record = name_find(&linter->records, name, 0);
    if (record == NULL) {
        lint_error(linter, at, undefined_record, name);
        return NULL;
    }
    if (!linter->is_in_default) {
        record->flags |= NAME_USED; /* a default counts when the record it is of is made */
    }
    return record->form;
}

static const RecordField *find_field(const Form *record, Term name)
{
    for (uint32_t i = 0; i < record->record.field_count; i++) {
        if (record->record.fields[i].name == name) {
            return &record->record.fields[i];
        }
    }
    return NULL;
}

void lint_record_field(Linter *linter, Location at, Term record, const Form *form,
                       const Node *field)
{
    (void) at;
    if (field->kind == NODE_ATOM && find_field(form, field->value) == NULL) {
        lint_error(linter, field->at, undefined_field, record, field->value);
    }
}

/* ---- fields of #r{…} ---- */

typedef struct FieldsSeen {
    bool *is_given; /* by position in the record */
    uint32_t given;
} FieldsSeen;

static FieldsSeen fields_seen(Linter *linter, const Form *record)
{
    return (FieldsSeen){arena_alloc_zero(&linter->arena, record->record.field_count + 1), 0};
}

/* The name of a field that is there for the first time: true when its value should be looked at. */
static bool check_field_name(Linter *linter, FieldsSeen *seen, const Form *record,
                             const Node *field)
{
    const Node *name = field->pair.left;
    if (name->kind != NODE_ATOM) {
        if (name->kind == NODE_VAR && name->var != VAR_ANONYMOUS) {
            lint_error(linter, name->at, field_name_is_variable, record->record.name,
                       lint_var(linter, name->var));
            return false;
        }
        return true;
    }
    const RecordField *found = find_field(record, name->value);
    if (found == NULL) {
        lint_error(linter, name->at, undefined_field, record->record.name, name->value);
        return false;
    }
    size_t position = (size_t) (found - record->record.fields);
    if (seen->is_given[position]) {
        lint_error(linter, name->at, redefine_field, record->record.name, name->value);
        return false;
    }
    seen->is_given[position] = true;
    seen->given++;
    return true;
}

static bool is_wildcard(const Node *field)
{
    return field->pair.left->kind == NODE_VAR && field->pair.left->var == VAR_ANONYMOUS;
}

static Bindings value_of(Linter *linter, const Node *node, bool is_guard, GuardContext context)
{
    return is_guard ? lint_guard_expr(linter, node, context) : lint_expr(linter, node);
}

/* #r{…} and Expr#r{…} */
static Bindings fields_expr(Linter *linter, const Node *node, const Form *record, bool is_guard,
                            GuardContext context)
{
    FieldsSeen seen = fields_seen(linter, record);
    BindingList list = {0};
    bool has_wildcard = false;
    for (uint32_t i = 0; i < node->record.fields.count; i++) {
        const Node *field = node->record.fields.items[i];
        if (is_wildcard(field) && has_wildcard) {
            lint_error(linter, field->pair.left->at, bad_multi_field_init);
            continue;
        }
        has_wildcard = has_wildcard || is_wildcard(field);
        if (is_wildcard(field) || check_field_name(linter, &seen, record, field)) {
            binding_list_add_all(linter, &list,
                                 value_of(linter, field->pair.right, is_guard, context));
        }
    }
    return bindings_gather_beside(list, linter);
}

bool lint_has_default(const Linter *linter, const Form *record, uint32_t index)
{
    return record->record.fields[index].value != NULL &&
           name_find(&linter->bad_defaults, record->record.name, index) == NULL;
}

static bool field_is_given(const Node *node, Term name)
{
    for (uint32_t i = 0; i < node->record.fields.count; i++) {
        const Node *field = node->record.fields.items[i]->pair.left;
        if (field->kind == NODE_ATOM && field->value == name) {
            return true;
        }
    }
    return false;
}

/* In a guard, the defaults of the fields that are not named must be guard expressions. */
static void guard_defaults(Linter *linter, const Node *node, const Form *record,
                           GuardContext context)
{
    Location before = linter->forced_at;
    linter->forced_at = before.line > 0 ? before : node->at;
    for (uint32_t i = 0; i < record->record.field_count; i++) {
        const RecordField *field = &record->record.fields[i];
        if (lint_has_default(linter, record, i) && !field_is_given(node, field->name)) {
            lint_guard_expr(linter, field->value, context);
        }
    }
    linter->forced_at = before;
}

static const Node *wildcard_of(NodeList fields)
{
    for (uint32_t i = 0; i < fields.count; i++) {
        if (is_wildcard(fields.items[i])) {
            return fields.items[i];
        }
    }
    return NULL;
}

Bindings lint_record_expr(Linter *linter, const Node *node, bool is_guard, GuardContext context)
{
    if (node->kind == NODE_RECORD_INDEX) {
        const Form *record = lint_record(linter, node->at, node->record_access.name);
        if (record != NULL) {
            lint_record_field(linter, node->at, node->record_access.name, record,
                              node->record_access.field);
        }
        return none;
    }
    if (node->kind == NODE_RECORD_ACCESS) {
        Bindings all = value_of(linter, node->record_access.expr, is_guard, context);
        const Form *record = lint_record(linter, node->at, node->record_access.name);
        if (record != NULL) {
            lint_record_field(linter, node->at, node->record_access.name, record,
                              node->record_access.field);
        }
        return all;
    }
    if (is_guard && node->record.expr != NULL) {
        lint_error(linter, node->at, illegal_guard_expr);
        return none;
    }
    Bindings all = node->record.expr == NULL ? none : lint_expr(linter, node->record.expr);
    const Form *record = lint_record(linter, node->at, node->record.name);
    if (record == NULL) {
        return all;
    }
    const Node *wildcard = wildcard_of(node->record.fields);
    if (node->record.expr != NULL && wildcard != NULL) {
        lint_error(linter, wildcard->pair.left->at, wildcard_in_update, node->record.name);
        return none;
    }
    if (node->record.expr == NULL && !linter->is_in_default && !is_guard) {
        name_find(&linter->records, node->record.name, 0)->flags |= NAME_MADE;
    }
    if (is_guard) {
        guard_defaults(linter, node, record, context);
    }
    return bindings_merge_beside(linter, all, fields_expr(linter, node, record, is_guard, context));
}

void pattern_record(Linter *linter, PatternScope *scope, const Node *node)
{
    if (node->kind == NODE_RECORD_INDEX) {
        const Form *record = lint_record(linter, node->at, node->record_access.name);
        if (record != NULL) {
            lint_record_field(linter, node->at, node->record_access.name, record,
                              node->record_access.field);
        }
        return;
    }
    if (node->record.expr != NULL) {
        lint_error(linter, node->at, illegal_pattern);
        return;
    }
    const Form *record = lint_record(linter, node->at, node->record.name);
    if (record == NULL) {
        return;
    }
    FieldsSeen seen = fields_seen(linter, record);
    const Node *wildcard = NULL;
    uint32_t wildcards = 0;
    for (uint32_t i = 0; i < node->record.fields.count; i++) {
        wildcards += is_wildcard(node->record.fields.items[i]);
    }
    for (uint32_t i = 0; i < node->record.fields.count; i++) {
        const Node *field = node->record.fields.items[i];
        if (is_wildcard(field) && wildcard != NULL) {
            lint_error(linter, field->pair.left->at, bad_multi_field_init);
        }
        wildcard = is_wildcard(field) ? field : wildcard;
        if (is_wildcard(field) ? wildcards == 1 : check_field_name(linter, &seen, record, field)) {
            pattern_node(linter, scope, field->pair.right);
        }
    }
    if (wildcard != NULL && seen.given == record->record.field_count) {
        lint_error(linter, wildcard->pair.left->at, bad_multi_field_init);
    }
}

/* ---- definitions ---- */

void lint_record_form(Linter *linter, const Form *form)
{
    if (name_find(&linter->records, form->record.name, 0) != NULL) {
        lint_error(linter, form->at, redefine_record, form->record.name);
        return;
    }
    FieldsSeen seen = fields_seen(linter, form);
    for (uint32_t i = 0; i < form->record.field_count; i++) {
        const RecordField *field = &form->record.fields[i];
        if (find_field(form, field->name) != field) {
            lint_error(linter, field->name_at, redefine_field, form->record.name, field->name);
            continue;
        }
        seen.given++;
        if (field->value != NULL) {
            /* A default stands where the record is made: variables of its own are all it has. */
            uint32_t mark = env_mark(linter);
            uint32_t errors = linter->diagnostics->error_count;
            linter->is_in_record = linter->is_in_default = true;
            lint_expr(linter, field->value);
            linter->is_in_record = linter->is_in_default = false;
            if (linter->diagnostics->error_count != errors) {
                name_add(&linter->bad_defaults, form->record.name, i, field->name_at);
            }
            env_undo(linter, mark);
        }
    }
    Name *record = name_add(&linter->records, form->record.name, 0, form->at);
    record->form = form;
    for (uint32_t i = 0; i < form->record.field_count; i++) {
        if (form->record.fields[i].type != NULL) {
            lint_record_field_type(linter, form->record.fields[i].type);
        }
    }
}
