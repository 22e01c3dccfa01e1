/* compiler/erl/lint_guard.c
 * Guards, and the expressions that have to be like guards: keys of map patterns, sizes in binary
 * patterns. */
#include <stdio.h>

#include "compiler/erl/lint_internal.h"

static const Bindings none;

enum { OLD = 1, GUARD = 2 };
static const struct {
    const char *name;
    uint8_t arity, flags;
} bifs[] = {
#define LINT_BIF(name, arity, flags) {name, arity, flags},
#include "compiler/erl/lint_bifs.def"
#undef LINT_BIF
};

/* OLD, GUARD or both; -1: no built-in function. The table is sorted. */
static int bif_flags(Term name, uint32_t arity)
{
    const char *text = atom_name(name);
    for (size_t low = 0, high = COUNT_OF(bifs); low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(bifs[middle].name, text);
        order = order != 0 ? order : (int) bifs[middle].arity - (int) arity;
        if (order == 0) {
            return bifs[middle].flags;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return -1;
}

bool name_is_bif(Term name, uint32_t arity)
{
    return bif_flags(name, arity) >= 0;
}

bool name_is_old_bif(Term name, uint32_t arity)
{
    int flags = bif_flags(name, arity);
    return flags > 0 && (flags & OLD) != 0;
}

bool name_is_guard_bif(Term name, uint32_t arity)
{
    int flags = bif_flags(name, arity);
    return flags > 0 && (flags & GUARD) != 0;
}

bool name_is_type_test(Term name, uint32_t arity)
{
    return strncmp(atom_name(name), "is_", 3) == 0 && strcmp(atom_name(name), "is_map_key") != 0 &&
           name_is_guard_bif(name, arity);
}

bool name_is_old_type_test(Term name, uint32_t arity)
{
    static const char *const names[] = {"atom",   "binary", "float", "function",  "integer", "list",
                                        "number", "pid",    "port",  "reference", "tuple"};
    if (arity == 2 && atom_is(name, "record")) {
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(names) && arity == 1; i++) {
        if (atom_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* ---- expressions ---- */

static void illegal(Linter *linter, Location at, GuardContext context)
{
    if (context == IN_BIT_SIZE) {
        lint_error(linter, at, illegal_bitsize);
    } else {
        lint_error(linter, at, illegal_guard_expr);
    }
}

static Bindings guard_list(Linter *linter, NodeList nodes, GuardContext context)
{
    BindingList list = {0};
    for (uint32_t i = 0; i < nodes.count; i++) {
        binding_list_add_all(linter, &list, lint_guard_expr(linter, nodes.items[i], context));
    }
    return bindings_gather(list, linter);
}

static Bindings guard_pair(Linter *linter, const Node *left, const Node *right,
                           GuardContext context)
{
    Bindings first = lint_guard_expr(linter, left, context);
    return bindings_merge(linter, first, lint_guard_expr(linter, right, context));
}

static Bindings guard_map(Linter *linter, const Node *node, GuardContext context)
{
    BindingList list = {0};
    if (node->map.map != NULL) {
        binding_list_add_all(linter, &list, lint_guard_expr(linter, node->map.map, context));
    }
    for (uint32_t i = 0; i < node->map.fields.count; i++) {
        const Node *field = node->map.fields.items[i];
        if (field->kind == NODE_MAP_FIELD_EXACT && node->map.map == NULL) {
            lint_error(linter, field->at, illegal_map_construction);
        }
        binding_list_add_all(linter, &list,
                             guard_pair(linter, field->pair.left, field->pair.right, context));
    }
    return bindings_gather(list, linter);
}

/* is_record(Term, name) and is_record(Term, name, size) */
static Bindings guard_is_record(Linter *linter, const Node *node, GuardContext context)
{
    NodeList args = node->call.args;
    Bindings all = lint_guard_expr(linter, args.items[0], context);
    const Node *name = args.items[1];
    if (args.count == 2 && name->kind == NODE_ATOM) {
        lint_record(linter, name->at, name->value);
        return all;
    }
    for (uint32_t i = 1; i < args.count; i++) {
        all = bindings_merge(linter, all, lint_guard_expr(linter, args.items[i], context));
    }
    if (name->kind != NODE_ATOM || (args.count == 3 && args.items[2]->kind != NODE_INTEGER)) {
        illegal(linter, node->at, context);
    }
    return all;
}

/* An import of one of erlang's own changes nothing. */
static bool is_imported_from_elsewhere(Linter *linter, Term name, uint32_t arity)
{
    const Name *import = name_find(&linter->imports, name, arity);
    return import != NULL && import->module != ATOM_OF(erlang);
}

static void illegal_local(Linter *linter, Location at, Term name, uint32_t arity,
                          GuardContext context)
{
    if (context == IN_BIT_SIZE) {
        lint_error(linter, at, illegal_bitsize_local_call, name, lint_count(arity));
    } else {
        lint_error(linter, at, illegal_guard_local_call, name, lint_count(arity));
    }
}

/* Operators on terms: all but `!`, `++` and `--`. */
static bool is_guard_operator(Operator op)
{
    return op != OP_SEND && op != OP_APPEND && op != OP_LIST_SUBTRACT;
}

/* erlang:'+'(A, B) may stand in a guard as A + B does. */
static bool name_is_guard_operator(Term name, uint32_t arity)
{
    for (Operator op = 0; op < OPERATOR_COUNT; op++) {
        if (arity == (op >= OP_FIRST_UNARY ? 1 : 2) && is_guard_operator(op) && op != OP_ANDALSO &&
            op != OP_ORELSE && atom_is(name, operator_names[op])) {
            return true;
        }
    }
    return false;
}

static Bindings guard_call(Linter *linter, const Node *node, GuardContext context)
{
    const Node *function = node->call.function;
    NodeList args = node->call.args;
    uint32_t arity = args.count;
    bool is_remote = function->kind == NODE_REMOTE;
    if (is_remote && node_is_atom(function->pair.left, "erlang")) {
        function = function->pair.right;
    }
    if (function->kind != NODE_ATOM) {
        illegal(linter, node->at, context);
        return none;
    }
    Term name = function->value;
    bool is_imported = is_imported_from_elsewhere(linter, name, arity);
    bool is_local =
        !is_remote && (lint_is_local(linter, name, arity) || is_imported) &&
        !(name_is_bif(name, arity) && !is_imported && !lint_is_local(linter, name, arity));
    if (atom_is(name, "is_record") && (arity == 2 || arity == 3) && !is_local) {
        return guard_is_record(linter, node, context);
    }
    Bindings all = guard_list(linter, args, context);
    if (is_local) {
        illegal_local(linter, node->at, name, arity, context);
    } else if (!name_is_guard_bif(name, arity) &&
               !(is_remote && name_is_guard_operator(name, arity))) {
        illegal(linter, node->at, context);
    }
    return all;
}

Bindings lint_guard_expr(Linter *linter, const Node *node, GuardContext context)
{
    switch ((NodeKind) node->kind) {
    case NODE_VAR:
        return lint_variable(linter, node->var, node->at);
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
        return none;
    case NODE_LIST: {
        Bindings all = guard_list(linter, node->list.elements, context);
        return node->list.tail == NULL
                   ? all
                   : bindings_merge(linter, all, lint_guard_expr(linter, node->list.tail, context));
    }
    case NODE_TUPLE:
        return guard_list(linter, node->nodes, context);
    case NODE_MAP:
        return guard_map(linter, node, context);
    case NODE_BIN:
        return lint_bits(linter, node, true, context);
    case NODE_RECORD:
    case NODE_RECORD_INDEX:
    case NODE_RECORD_ACCESS:
        return lint_record_expr(linter, node, true, context);
    case NODE_CALL:
        return guard_call(linter, node, context);
    case NODE_UNARY:
        return lint_guard_expr(linter, node->unary.operand, context);
    case NODE_BINARY: {
        Bindings all = guard_pair(linter, node->pair.left, node->pair.right, context);
        if (!is_guard_operator((Operator) node->op)) {
            illegal(linter, node->at, context);
        }
        return all;
    }
    default:
        illegal(linter, node->at, context);
        return none;
    }
}

/* ---- guards ---- */

/* A test on its own: the old names of type tests are still allowed there. */
static Bindings guard_test(Linter *linter, const Node *node)
{
    if (node->kind != NODE_CALL || node->call.function->kind != NODE_ATOM) {
        return lint_guard_expr(linter, node, IN_GUARD);
    }
    Term name = node->call.function->value;
    uint32_t arity = node->call.args.count;
    if (!name_is_old_type_test(name, arity) || (name_is_guard_bif(name, arity) && arity != 1)) {
        return lint_guard_expr(linter, node, IN_GUARD);
    }
    if (lint_is_local(linter, name, arity)) {
        illegal_local(linter, node->at, name, arity, IN_GUARD);
        return guard_list(linter, node->call.args, IN_GUARD);
    }
    lint_warn(linter, LINT_OBSOLETE_GUARD, node->at, obsolete_guard, name, lint_count(arity));
    char new_name[32];
    snprintf(new_name, sizeof new_name, "is_%s", atom_name(name));
    if (arity == 1 && lint_is_local(linter, atom_of(new_name), 1)) {
        lint_error(linter, node->at, obsolete_guard_overridden, name);
    }
    if (arity == 2) {
        return guard_is_record(linter, node, IN_GUARD);
    }
    return guard_list(linter, node->call.args, IN_GUARD);
}

Bindings lint_guards(Linter *linter, const NodeList *guards, uint32_t count)
{
    uint32_t mark = env_mark(linter);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < guards[i].count; k++) {
            env_apply(linter, guard_test(linter, guards[i].items[k]));
        }
    }
    Bindings all = env_changes(linter, mark);
    env_undo(linter, mark);
    return all;
}

/* ---- is it one? ---- */

static bool all_are_guards(Linter *linter, NodeList nodes)
{
    for (uint32_t i = 0; i < nodes.count; i++) {
        if (!node_is_guard(linter, nodes.items[i])) {
            return false;
        }
    }
    return true;
}

static bool call_is_guard(Linter *linter, const Node *node)
{
    const Node *function = node->call.function;
    uint32_t arity = node->call.args.count;
    if (function->kind == NODE_REMOTE && node_is_atom(function->pair.left, "erlang")) {
        function = function->pair.right;
    } else if (function->kind == NODE_ATOM &&
               (lint_is_local(linter, function->value, arity) ||
                is_imported_from_elsewhere(linter, function->value, arity))) {
        return false;
    }
    return function->kind == NODE_ATOM &&
           (name_is_guard_bif(function->value, arity) ||
            (function != node->call.function && name_is_guard_operator(function->value, arity))) &&
           all_are_guards(linter, node->call.args);
}

bool node_is_guard(Linter *linter, const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_VAR:
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
    case NODE_RECORD_INDEX:
        return true;
    case NODE_LIST:
        return all_are_guards(linter, node->list.elements) &&
               (node->list.tail == NULL || node_is_guard(linter, node->list.tail));
    case NODE_TUPLE:
        return all_are_guards(linter, node->nodes);
    case NODE_MAP:
        for (uint32_t i = 0; i < node->map.fields.count; i++) {
            const Node *field = node->map.fields.items[i];
            if (!node_is_guard(linter, field->pair.left) ||
                !node_is_guard(linter, field->pair.right)) {
                return false;
            }
        }
        return node->map.map == NULL || node_is_guard(linter, node->map.map);
    case NODE_RECORD_ACCESS:
        return node_is_guard(linter, node->record_access.expr);
    case NODE_CALL:
        return call_is_guard(linter, node);
    case NODE_UNARY:
        return node_is_guard(linter, node->unary.operand);
    case NODE_BINARY:
        return is_guard_operator((Operator) node->op) && node_is_guard(linter, node->pair.left) &&
               node_is_guard(linter, node->pair.right);
    default:
        return false;
    }
}
