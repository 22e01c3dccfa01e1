/* compiler/erl/lint_type.c
 * Types, specs and callbacks. A type is used when a spec, a callback, an exported type or a record
 * leads to it: which is known at the end, when all uses have been met. */
#include <stdlib.h>

#include "compiler/erl/lint_internal.h"

/* ---- uses ---- */

static void use_type(Linter *linter, Location at, Term name, uint32_t arity)
{
    if (linter->type_use_count == linter->type_use_capacity) {
        linter->type_use_capacity =
            linter->type_use_capacity == 0 ? 64 : linter->type_use_capacity * 2;
        linter->type_uses =
            mem_realloc(linter->type_uses, linter->type_use_capacity * sizeof *linter->type_uses);
    }
    linter->type_uses[linter->type_use_count++] =
        (TypeUse){linter->current_type, linter->current_type_arity, name, arity, at};
}

/* How often each variable of a spec or definition occurs. */
typedef struct TypeVariable {
    uint32_t var, count;
    Location at;
} TypeVariable;

typedef struct TypeScope {
    TypeVariable *items;
    uint32_t count, capacity;
} TypeScope;

static void meet_variable(Linter *linter, TypeScope *scope, uint32_t var, Location at)
{
    if (var_is_private(linter, var)) {
        return;
    }
    for (uint32_t i = 0; i < scope->count; i++) {
        if (scope->items[i].var == var) {
            scope->items[i].count++;
            return;
        }
    }
    if (scope->count == scope->capacity) {
        uint32_t capacity = scope->capacity == 0 ? 8 : scope->capacity * 2;
        TypeVariable *items = ARENA_ARRAY(&linter->arena, TypeVariable, capacity);
        if (scope->count > 0) {
            memcpy(items, scope->items, scope->count * sizeof *items);
        }
        scope->items = items;
        scope->capacity = capacity;
    }
    scope->items[scope->count++] = (TypeVariable){var, 1, at};
}

static void warn_single_variables(Linter *linter, const TypeScope *scope)
{
    for (uint32_t i = 0; i < scope->count; i++) {
        if (scope->items[i].count == 1) {
            lint_error(linter, scope->items[i].at, singleton_typevar,
                       lint_var(linter, scope->items[i].var));
        }
    }
}

/* ---- types ---- */

static bool constant_integer(const Node *node, int64_t *out)
{
    int64_t left, right;
    switch ((NodeKind) node->kind) {
    case NODE_INTEGER:
    case NODE_CHAR:
        if (!term_is_small(node->value)) {
            *out = INT64_MAX / 4;
            return true;
        }
        *out = small_value(node->value);
        return true;
    case NODE_UNARY:
        if (!constant_integer(node->unary.operand, &left)) {
            return false;
        }
        *out = node->op == OP_MINUS ? -left : node->op == OP_BNOT ? ~left : left;
        return node->op != OP_NOT;
    case NODE_BINARY:
        if (!constant_integer(node->pair.left, &left) ||
            !constant_integer(node->pair.right, &right)) {
            return false;
        }
        switch ((Operator) node->op) {
        case OP_ADD:
            return !__builtin_add_overflow(left, right, out);
        case OP_SUBTRACT:
            return !__builtin_sub_overflow(left, right, out);
        case OP_MULTIPLY:
            return !__builtin_mul_overflow(left, right, out);
        case OP_BSL:
            *out = right < 0 || right > 60 ? INT64_MAX / 4 : (int64_t) ((uint64_t) left << right);
            return true;
        case OP_DIV:
        case OP_REM:
            if (right == 0) {
                return false;
            }
            *out = node->op == OP_DIV ? left / right : left % right;
            return true;
        case OP_BAND:
            *out = left & right;
            return true;
        case OP_BOR:
            *out = left | right;
            return true;
        case OP_BXOR:
            *out = left ^ right;
            return true;
        case OP_BSR:
            *out = right < 0 || right > 62 ? (left < 0 ? -1 : 0) : left >> right;
            return true;
        default:
            *out = 0;
            return false;
        }
    default:
        return false;
    }
}

/* <<_:Base, _:_*Unit>> */
static void check_binary_type(Linter *linter, const Node *node)
{
    int64_t base, unit;
    NodeList args = node->type.args;
    if (args.count == 2 && (!constant_integer(args.items[0], &base) ||
                            !constant_integer(args.items[1], &unit) || base < 0 || unit < 0)) {
        lint_error(linter, node->at, type_syntax, atom_of("binary"));
    }
}

static void check_range(Linter *linter, const Node *node)
{
    int64_t low, high;
    NodeList args = node->type.args;
    if (args.count != 2 || !constant_integer(args.items[0], &low) ||
        !constant_integer(args.items[1], &high) || low > high) {
        lint_error(linter, node->at, type_syntax, atom_of("range"));
    }
}

static void check_type(Linter *linter, TypeScope *scope, const Node *node);

static void check_types(Linter *linter, TypeScope *scope, NodeList nodes, uint32_t from)
{
    for (uint32_t i = from; i < nodes.count; i++) {
        check_type(linter, scope, nodes.items[i]);
    }
}

static Term field_name(const Node *field)
{
    bool is_named = field->kind == NODE_TYPE && field->type.args.count == 2 &&
                    field->type.args.items[0]->kind == NODE_ATOM;
    return is_named ? field->type.args.items[0]->value : TERM_NONE;
}

/* #record{field :: Type, …}: args[0] is the record's name. */
static void check_fields_once(Linter *linter, Term record, NodeList args)
{
    for (uint32_t i = 2; i < args.count; i++) {
        Term name = field_name(args.items[i]);
        for (uint32_t k = 1; k < i && name != TERM_NONE; k++) {
            if (field_name(args.items[k]) == name) {
                lint_error(linter, args.items[i]->at, redefine_field, record, name);
                break;
            }
        }
    }
}

static void check_record_type(Linter *linter, TypeScope *scope, const Node *node)
{
    NodeList args = node->type.args;
    if (args.count == 0 || args.items[0]->kind != NODE_ATOM) {
        return;
    }
    Term name = args.items[0]->value;
    const Form *record = lint_record(linter, node->at, name);
    if (record == NULL) {
        name_add(&linter->missing_records, name, 0, node->at); /* it is wanted, if it comes later */
    }
    check_fields_once(linter, name, args);
    for (uint32_t i = 1; i < args.count; i++) {
        const Node *field = args.items[i];
        if (field->kind != NODE_TYPE || field->type.args.count != 2) {
            continue;
        }
        if (record != NULL) {
            lint_record_field(linter, field->at, name, record, field->type.args.items[0]);
        }
        check_type(linter, scope, field->type.args.items[1]);
    }
}

static void check_remote_type(Linter *linter, TypeScope *scope, const Node *node)
{
    const Node *module = node->remote_type.module, *name = node->remote_type.name;
    check_types(linter, scope, node->remote_type.args, 0);
    if (module->kind == NODE_ATOM) {
        lint_module_use(linter, module->at, module->value);
    }
    if (module->kind == NODE_ATOM && name->kind == NODE_ATOM &&
        module->value == linter->unit->module) {
        use_type(linter, node->at, name->value, node->remote_type.args.count);
    }
}

static void check_type(Linter *linter, TypeScope *scope, const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_VAR:
        meet_variable(linter, scope, node->var, node->at);
        break;
    case NODE_TYPE:
        if (atom_is(node->type.name, "range")) {
            check_range(linter, node);
        } else if (atom_is(node->type.name, "binary") && node->type.args.count == 2) {
            check_binary_type(linter, node);
        } else if (atom_is(node->type.name, "record")) {
            check_record_type(linter, scope, node);
        } else {
            if (name_find(&linter->types, node->type.name, node->type.args.count) != NULL) {
                use_type(linter, node->at, node->type.name, node->type.args.count);
            }
            check_types(linter, scope, node->type.args, 0);
        }
        break;
    case NODE_USER_TYPE:
        use_type(linter, node->at, node->type.name, node->type.args.count);
        check_types(linter, scope, node->type.args, 0);
        break;
    case NODE_REMOTE_TYPE:
        check_remote_type(linter, scope, node);
        break;
    case NODE_ANN_TYPE:
        check_type(linter, scope, node->pair.right);
        break;
    case NODE_TYPE_CONSTRAINT:
        check_type(linter, scope, node->pair.left);
        check_type(linter, scope, node->pair.right);
        break;
    case NODE_BOUNDED_FUN:
        check_type(linter, scope, node->bounded_fun.fun);
        check_types(linter, scope, node->bounded_fun.constraints, 0);
        break;
    default:
        break;
    }
}

/* ---- forms ---- */

/* Names that may not be defined anew. */
static bool is_builtin_type(Term name, uint32_t arity)
{
    static const char *const names0[] = {"any",
                                         "arity",
                                         "atom",
                                         "binary",
                                         "bitstring",
                                         "bool",
                                         "boolean",
                                         "byte",
                                         "char",
                                         "float",
                                         "function",
                                         "identifier",
                                         "integer",
                                         "iodata",
                                         "iolist",
                                         "list",
                                         "map",
                                         "maybe_improper_list",
                                         "mfa",
                                         "module",
                                         "neg_integer",
                                         "nil",
                                         "no_return",
                                         "node",
                                         "none",
                                         "non_neg_integer",
                                         "nonempty_binary",
                                         "nonempty_bitstring",
                                         "nonempty_list",
                                         "nonempty_maybe_improper_list",
                                         "nonempty_string",
                                         "number",
                                         "pid",
                                         "port",
                                         "pos_integer",
                                         "reference",
                                         "string",
                                         "term",
                                         "timeout",
                                         "tuple"};
    static const char *const names1[] = {"list", "nonempty_list"};
    static const char *const names2[] = {"maybe_improper_list", "nonempty_improper_list",
                                         "nonempty_maybe_improper_list"};
    const char *const *names = arity == 0 ? names0 : arity == 1 ? names1 : names2;
    size_t count = arity == 0   ? COUNT_OF(names0)
                   : arity == 1 ? COUNT_OF(names1)
                   : arity == 2 ? COUNT_OF(names2)
                                : 0;
    for (size_t i = 0; i < count; i++) {
        if (atom_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

void lint_type_form(Linter *linter, const Form *form)
{
    Term name = form->type.name;
    uint32_t arity = form->type.parameters.count;
    TypeScope scope = {0};
    if (is_builtin_type(name, arity)) {
        lint_error(linter, form->at, builtin_type, name, lint_count(arity));
        return;
    }
    if (name_find(&linter->types, name, arity) != NULL) {
        lint_error(linter, form->at, redefine_type, name, lint_count(arity));
        return;
    }
    linter->current_type = name;
    linter->current_type_arity = arity;
    for (uint32_t i = 0; i < arity; i++) {
        const Node *parameter = form->type.parameters.items[i];
        if (parameter->kind == NODE_VAR) {
            meet_variable(linter, &scope, parameter->var, parameter->at);
        }
    }
    check_type(linter, &scope, form->type.type);
    linter->current_type = TERM_NONE;
    warn_single_variables(linter, &scope);
    Name *type = name_add(&linter->types, name, arity, form->at);
    type->form = form;
    type->flags |= NAME_DEFINED;
    if (atom_is(form->type.attribute, "opaque")) {
        type->flags |= NAME_OPAQUE;
    }
}

void lint_record_field_type(Linter *linter, const Node *type)
{
    TypeScope scope = {0};
    check_type(linter, &scope, type);
    warn_single_variables(linter, &scope);
}

/* The arity of one clause of a spec; UINT32_MAX: not to be seen. */
static uint32_t clause_arity(const Node *node)
{
    if (node->kind == NODE_BOUNDED_FUN) {
        node = node->bounded_fun.fun;
    }
    if (node->kind != NODE_TYPE || node->type.args.count == 0 ||
        node->type.args.items[0]->kind != NODE_TYPE) {
        return UINT32_MAX;
    }
    return node->type.args.items[0]->type.args.count;
}

static void check_spec_types(Linter *linter, const Form *form, bool is_callback)
{
    for (uint32_t i = 0; i < form->spec.types.count; i++) {
        const Node *clause = form->spec.types.items[i];
        TypeScope scope = {0};
        uint32_t arity = clause_arity(clause);
        if (arity != UINT32_MAX && arity != form->spec.arity) {
            lint_say_error(linter, clause->at,
                           is_callback ? SAY_callback_wrong_arity : SAY_spec_wrong_arity, NULL);
        }
        check_type(linter, &scope, clause);
        warn_single_variables(linter, &scope);
    }
}

void lint_spec_form(Linter *linter, const Form *form)
{
    bool is_callback = atom_is(form->spec.attribute, "callback");
    Term name = form->spec.name;
    uint32_t arity = form->spec.arity;
    if (form->spec.module != TERM_NONE) {
        lint_module_use(linter, form->at, form->spec.module);
    }
    if (is_callback && form->spec.module != TERM_NONE) {
        check_spec_types(linter, form, is_callback);
        lint_error(linter, form->at, bad_callback, form->spec.module, name, lint_count(arity));
        return;
    }
    if (form->spec.module != TERM_NONE && form->spec.module != linter->unit->module) {
        check_spec_types(linter, form, is_callback);
        lint_error(linter, form->at, bad_module, form->spec.module, name, lint_count(arity));
        return;
    }
    NameTable *table = is_callback ? &linter->callbacks : &linter->specs;
    Name *before = name_find(table, name, arity);
    if (before != NULL) {
        before->at = form->at; /* what else is to say of it is said here */
        if (!is_callback && form->spec.module != TERM_NONE) {
            lint_error(linter, form->at, redefine_spec_of, form->spec.module, name,
                       lint_count(arity));
            return;
        }
        lint_say_error(linter, form->at, is_callback ? SAY_redefine_callback : SAY_redefine_spec,
                       (const Term[]){0, name, lint_count(arity)});
        return;
    }
    name_add(table, name, arity, form->at);
    check_spec_types(linter, form, is_callback);
}

/* ---- at the end ---- */

static void reach_type(Linter *linter, Term name, uint32_t arity, Name ***stack, uint32_t *count)
{
    Name *type = name_find(&linter->types, name, arity);
    if (type != NULL && (type->flags & NAME_REACHED) == 0) {
        type->flags |= NAME_REACHED;
        (*stack)[(*count)++] = type;
    }
}

static int compare_use(const void *a, const void *b)
{
    const TypeUse *left = a, *right = b;
    if (left->from != right->from) {
        return left->from < right->from ? -1 : 1;
    }
    return left->from_arity < right->from_arity ? -1 : left->from_arity > right->from_arity;
}

static void reach_types(Linter *linter)
{
    uint32_t count = 0;
    Name **stack = mem_alloc((linter->types.count + 1) * sizeof(Name *));
    if (linter->type_use_count > 0) {
        qsort(linter->type_uses, linter->type_use_count, sizeof(TypeUse), compare_use);
    }
    for (uint32_t i = 0; i < linter->type_use_count; i++) {
        const TypeUse *use = &linter->type_uses[i];
        if (use->from == TERM_NONE) {
            reach_type(linter, use->name, use->arity, &stack, &count);
        }
    }
    for (uint32_t i = 0; i < linter->exported_types.count; i++) {
        const Name *exported = &linter->exported_types.items[i];
        reach_type(linter, exported->name, exported->arity, &stack, &count);
    }
    while (count > 0) {
        const Name *type = stack[--count];
        uint32_t low = 0, high = linter->type_use_count;
        TypeUse key = {.from = type->name, .from_arity = type->arity};
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (compare_use(&linter->type_uses[middle], &key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        for (; low < linter->type_use_count && compare_use(&linter->type_uses[low], &key) == 0;
             low++) {
            reach_type(linter, linter->type_uses[low].name, linter->type_uses[low].arity, &stack,
                       &count);
        }
    }
    mem_free(stack);
}

static bool is_anything(const Node *type)
{
    return type->kind == NODE_TYPE && type->type.args.count == 0 &&
           (atom_is(type->type.name, "any") || atom_is(type->type.name, "term"));
}

void lint_types_at_end(Linter *linter)
{
    for (uint32_t i = 0; i < linter->type_use_count; i++) {
        const TypeUse *use = &linter->type_uses[i];
        if (name_find(&linter->types, use->name, use->arity) == NULL &&
            !is_builtin_type(use->name, use->arity)) {
            lint_error(linter, use->at, undefined_type, use->name, lint_count(use->arity));
        }
    }
    for (uint32_t i = 0; i < linter->exported_types.count; i++) {
        const Name *exported = &linter->exported_types.items[i];
        if (name_find(&linter->types, exported->name, exported->arity) == NULL &&
            !is_builtin_type(exported->name, exported->arity)) {
            lint_error(linter, exported->at, undefined_type, exported->name,
                       lint_count(exported->arity));
        }
    }
    reach_types(linter);
    for (uint32_t i = 0; i < linter->types.count; i++) {
        const Name *type = &linter->types.items[i];
        bool is_exported = name_find(&linter->exported_types, type->name, type->arity) != NULL;
        if ((type->flags & NAME_OPAQUE) != 0 && !is_exported) {
            lint_warn_always(linter, type->at, not_exported_opaque, type->name,
                             lint_count(type->arity));
        }
        if ((type->flags & NAME_OPAQUE) != 0 && is_exported && is_anything(type->form->type.type)) {
            lint_warn_always(linter, type->at, underspecified_opaque, type->name,
                             lint_count(type->arity));
        }
        if ((type->flags & NAME_REACHED) == 0 && !is_exported && type->at.file == 0) {
            lint_warn(linter, LINT_UNUSED_TYPE, type->at, unused_type, type->name,
                      lint_count(type->arity));
        }
    }
}
