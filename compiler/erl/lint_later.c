/* compiler/erl/lint_later.c
 * What erlc's later passes say of a program without errors: the walk over its expressions, which
 * asks for each what the other files know, and values that are made and dropped. */
#include "compiler/erl/lint_later.h"

#include <stdio.h>

static void walk(Linter *linter, const Node *node, bool is_wanted);
static void walk_list(Linter *linter, NodeList nodes, bool is_wanted);

/* The value of a body is that of its last expression. */
static void walk_body(Linter *linter, NodeList body, bool is_wanted)
{
    linter->is_dead = false;
    for (uint32_t i = 0; i < body.count && !linter->is_dead; i++) {
        walk(linter, body.items[i], is_wanted && i + 1 == body.count);
    }
}

static bool is_comparison(Operator op)
{
    return op >= OP_EQ && op <= OP_EXACT_NE;
}

static void walk_clauses(Linter *linter, ClauseList clauses, bool is_wanted)
{
    for (uint32_t i = 0; i < clauses.count; i++) {
        const Clause *clause = clauses.items[i];
        for (uint32_t k = 0; k < clause->guard_count; k++) {
            walk_list(linter, clause->guards[k], true);
        }
        walk_body(linter, clause->body, is_wanted);
        linter->is_dead = false;
    }
}

static void both(Linter *linter, ClauseList clauses, ClauseContext context, bool is_wanted)
{
    lint_check_clauses(linter, clauses, context);
    walk_clauses(linter, clauses, is_wanted);
}
/* ---- values that nobody takes ---- */

static bool name_is_in(Term name, uint32_t arity, const char *list)
{
    char wanted[80];
    const char *text = atom_name(name);
    if (strlen(text) > 60) {
        return false;
    }
    snprintf(wanted, sizeof wanted, " %s/%u ", text, arity);
    return strstr(list, wanted) != NULL;
}

/* Built-in functions that do nothing but answer, and cannot fail. */
static const char *const without_effect =
    " date/0 get/0 get/1 get_keys/1 group_leader/0 is_alive/0 is_atom/1 is_binary/1 is_bitstring/1 "
    "is_boolean/1 is_float/1 is_function/1 is_integer/1 is_list/1 is_map/1 is_number/1 is_pid/1 "
    "is_port/1 is_reference/1 is_tuple/1 make_ref/0 max/2 min/2 node/0 nodes/0 pre_loaded/0 "
    "processes/0 registered/0 self/0 term_to_binary/1 time/0 get_cookie/0 ports/0 ";
/* Those that do nothing but answer, or fail. */
static const char *const only_failing =
    " abs/1 atom_to_binary/1 atom_to_binary/2 atom_to_list/1 binary_part/2 binary_part/3 "
    "binary_to_atom/1 binary_to_atom/2 binary_to_float/1 binary_to_integer/1 binary_to_list/1 "
    "binary_to_list/3 bit_size/1 byte_size/1 ceil/1 element/2 float/1 float_to_binary/1 "
    "float_to_list/1 floor/1 hd/1 integer_to_binary/1 integer_to_list/1 is_function/2 is_map_key/2 "
    "is_record/2 is_record/3 length/1 list_to_atom/1 list_to_binary/1 list_to_float/1 "
    "list_to_integer/1 list_to_integer/2 list_to_pid/1 list_to_tuple/1 map_get/2 pid_to_list/1 "
    "round/1 setelement/3 size/1 split_binary/2 tl/1 trunc/1 tuple_size/1 tuple_to_list/1 "
    "make_fun/3 ";
static const char *const of_math =
    " pi/0 fmod/2 ceil/1 floor/1 pow/2 atan2/2 sqrt/1 log10/1 log2/1 log/1 exp/1 erfc/1 erf/1 "
    "atanh/1 atan/1 asinh/1 asin/1 acosh/1 acos/1 tanh/1 tan/1 sinh/1 sin/1 cosh/1 cos/1 ";

static void warn_unused_term(Linter *linter, const Node *node)
{
    lint_warn(linter, LINT_IGNORED, node->at, ignored_useless_building);
}

/* True: the call is as good as not there. */
static bool check_ignored_call(Linter *linter, const Node *node)
{
    Term module, name;
    uint32_t arity = node->call.args.count;
    if (!lint_called_function(linter, node, &module, &name)) {
        return false;
    }
    bool is_erlang = module == ATOM_erlang;
    if (is_erlang && name_is_in(name, arity, without_effect)) {
        lint_warn(linter, LINT_IGNORED, node->at, ignored_call, name, lint_count(arity));
        return true;
    }
    if (is_erlang && name_is_in(name, arity, only_failing)) {
        lint_warn(linter, LINT_IGNORED, node->at, ignored_result, name, lint_count(arity));
    } else if (atom_is(module, "math") && name_is_in(name, arity, of_math)) {
        lint_warn(linter, LINT_IGNORED, node->at, ignored_remote_result, module, name,
                  lint_count(arity));
    }
    return false;
}
static void walk_binary(Linter *linter, const Node *node, bool is_wanted)
{
    bool is_told = false;
    for (uint32_t i = 0; i < node->nodes.count; i++) {
        const Node *field = node->nodes.items[i];
        is_told = is_told || lint_check_field(linter, node, field);
        walk(linter, field->bin_element.value, true);
        if (field->bin_element.size != NULL) {
            walk(linter, field->bin_element.size, true);
        }
    }
    if (!is_wanted && !is_told) {
        warn_unused_term(linter, node);
    }
}
/* ---- the walk ---- */

static void walk_list(Linter *linter, NodeList nodes, bool is_wanted)
{
    for (uint32_t i = 0; i < nodes.count; i++) {
        walk(linter, nodes.items[i], is_wanted);
    }
}

static void walk_operator(Linter *linter, const Node *node, bool is_wanted)
{
    if (node->op == OP_ANDALSO || node->op == OP_ORELSE) {
        walk(linter, node->pair.left, true);
        walk(linter, node->pair.right, is_wanted);
        return;
    }
    lint_check_operator(linter, node);
    uint32_t arity = node->kind == NODE_UNARY ? 1 : 2;
    bool is_number = node->kind == NODE_UNARY && lint_constant(linter, node) != TERM_NONE;
    bool is_dropped = false;
    if (!is_wanted && arity == 2 && is_comparison((Operator) node->op)) {
        lint_warn(linter, LINT_IGNORED, node->at, ignored_operator,
                  operator_atom((Operator) node->op), lint_count(2));
        is_dropped = true;
    } else if (!is_wanted && is_number) {
        warn_unused_term(linter, node);
    } else if (!is_wanted && node->op != OP_SEND) {
        lint_warn(linter, LINT_IGNORED, node->at, ignored_operator_result,
                  operator_atom((Operator) node->op), lint_count(arity));
    }
    if (arity == 1) {
        walk(linter, node->unary.operand, true);
        return;
    }
    walk(linter, node->pair.left,
         !is_dropped || lint_constant(linter, node->pair.left) != TERM_NONE);
    walk(linter, node->pair.right,
         !is_dropped || lint_constant(linter, node->pair.right) != TERM_NONE);
}

static void walk_match(Linter *linter, const Node *node)
{
    const Node *value = node->pair.right;
    while (value->kind == NODE_MATCH) {
        value = value->pair.right;
    }
    Truth truth = lint_matches(linter, node->pair.left, value);
    if (truth == NEVER) {
        Location at = node_first_location(node);
        lint_warn(linter, LINT_NOMATCH, at, nomatch_no_clause);
        if (lint_constant(linter, value) == TERM_NONE) {
            lint_warn(linter, LINT_NOMATCH, at, nomatch_clause_type);
        }
    }
    walk(linter, node->pair.right, true);
    linter->is_dead = linter->is_dead || truth == NEVER;
}

static void walk_map(Linter *linter, const Node *node, bool is_wanted)
{
    if (node->map.map != NULL) {
        Term map = lint_constant(linter, node->map.map);
        if (map != TERM_NONE) {
            lint_warn(linter, LINT_FAILED, node->at, failed_bad_map_update);
        }
        walk(linter, node->map.map, true);
    }
    for (uint32_t i = 0; i < node->map.fields.count; i++) {
        walk(linter, node->map.fields.items[i]->pair.left, true);
        walk(linter, node->map.fields.items[i]->pair.right, true);
    }
    if (!is_wanted) {
        warn_unused_term(linter, node);
    }
}

static void walk_record(Linter *linter, const Node *node, bool is_wanted)
{
    if (node->record.expr != NULL) {
        walk(linter, node->record.expr, true);
    }
    for (uint32_t i = 0; i < node->record.fields.count; i++) {
        walk(linter, node->record.fields.items[i]->pair.right, true);
    }
    if (!is_wanted && node->record.expr == NULL) {
        warn_unused_term(linter, node);
    } else if (!is_wanted && node->record.fields.count > 0) {
        lint_warn(linter, LINT_IGNORED, node->record.fields.items[0]->at, ignored_result,
                  atom_of("setelement"), lint_count(3));
    }
}

static void walk_try(Linter *linter, const Node *node)
{
    const struct TryParts *parts = node->try_;
    walk_body(linter, parts->body, true);
    both(linter, parts->of_clauses,
         (ClauseContext){.at = node->at,
                         .value = parts->body.count == 1 ? parts->body.items[0] : NULL},
         true);
    walk_clauses(linter, parts->catch_clauses, true);
    walk_body(linter, parts->after_body, true);
}

static void walk_comprehension(Linter *linter, const Node *node)
{
    for (uint32_t i = 0; i < node->comprehension.qualifiers.count; i++) {
        const Node *part = node->comprehension.qualifiers.items[i];
        switch ((NodeKind) part->kind) {
        case NODE_GENERATE:
        case NODE_B_GENERATE:
        case NODE_M_GENERATE:
        case NODE_GENERATE_STRICT:
        case NODE_B_GENERATE_STRICT:
        case NODE_M_GENERATE_STRICT:
            walk(linter, part->pair.right, true);
            break;
        case NODE_ZIP:
            break;
        default:
            if (part->kind == NODE_ATOM && part->value == ATOM_false) {
                lint_warn(linter, LINT_NOMATCH, node->at, nomatch_guard);
            }
            walk(linter, part, true);
        }
    }
    const Node *result = node->comprehension.result;
    if (result->kind == NODE_MAP_FIELD_ASSOC) {
        walk(linter, result->pair.left, true);
        walk(linter, result->pair.right, true);
    } else {
        walk(linter, result, true);
    }
}

static void walk_receive(Linter *linter, const Node *node, bool is_wanted)
{
    const struct ReceiveParts *parts = node->receive;
    both(linter, parts->clauses, (ClauseContext){.at = node->at, .may_fall_through = true},
         is_wanted);
    if (parts->timeout != NULL) {
        walk(linter, parts->timeout, true);
        walk_body(linter, parts->after_body, is_wanted);
    }
}

static void walk_call(Linter *linter, const Node *node, bool is_wanted)
{
    lint_check_call(linter, node);
    bool is_dropped = !is_wanted && check_ignored_call(linter, node);
    const Node *function = node->call.function;
    if (function->kind == NODE_REMOTE) {
        walk(linter, function->pair.left, true);
        walk(linter, function->pair.right, true);
    } else if (function->kind != NODE_ATOM) {
        walk(linter, function, true);
    }
    (void) is_dropped;
    walk_list(linter, node->call.args, true);
}

static void walk(Linter *linter, const Node *node, bool is_wanted)
{
    if ((node->at.anno_flags & ANNO_GENERATED) != 0) {
        return;
    }
    switch ((NodeKind) node->kind) {
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
        if (!is_wanted) {
            warn_unused_term(linter, node);
        }
        break;
    case NODE_STRING:
        if (!is_wanted && node->string.count > 0) {
            warn_unused_term(linter, node);
        }
        break;
    case NODE_LIST:
        if (!is_wanted && node->list.elements.count > 0) {
            warn_unused_term(linter, node);
        }
        walk_list(linter, node->list.elements, true);
        if (node->list.tail != NULL) {
            walk(linter, node->list.tail, true);
        }
        break;
    case NODE_TUPLE:
        if (!is_wanted) {
            warn_unused_term(linter, node);
        }
        walk_list(linter, node->nodes, true);
        break;
    case NODE_BIN:
        walk_binary(linter, node, is_wanted);
        break;
    case NODE_MAP:
        walk_map(linter, node, is_wanted);
        break;
    case NODE_RECORD:
        walk_record(linter, node, is_wanted);
        break;
    case NODE_RECORD_ACCESS:
        walk(linter, node->record_access.expr, true);
        break;
    case NODE_MATCH:
        walk_match(linter, node);
        break;
    case NODE_MAYBE_MATCH:
        walk(linter, node->pair.right, true);
        break;
    case NODE_UNARY:
    case NODE_BINARY:
        walk_operator(linter, node, is_wanted);
        break;
    case NODE_CALL:
        walk_call(linter, node, is_wanted);
        break;
    case NODE_CATCH:
        walk(linter, node->unary.operand, true);
        break;
    case NODE_BLOCK:
        walk_body(linter, node->nodes, is_wanted);
        break;
    case NODE_IF:
        both(linter, node->clauses, (ClauseContext){.at = node->at}, is_wanted);
        break;
    case NODE_CASE:
        walk(linter, node->of.expr, true);
        both(linter, node->of.clauses, (ClauseContext){.at = node->at, .value = node->of.expr},
             is_wanted);
        break;
    case NODE_RECEIVE:
        walk_receive(linter, node, is_wanted);
        break;
    case NODE_TRY:
        walk_try(linter, node);
        break;
    case NODE_MAYBE:
        walk_body(linter, node->maybe.body, is_wanted);
        if (node->maybe.else_ != NULL) {
            both(linter, node->maybe.else_->clauses,
                 (ClauseContext){.at = node->at, .may_fall_through = true}, is_wanted);
        }
        break;
    case NODE_FUN:
        if (!is_wanted) {
            warn_unused_term(linter, node);
        }
        both(linter, node->clauses, (ClauseContext){.at = node->at}, true);
        break;
    case NODE_NAMED_FUN:
        both(linter, node->named_fun.clauses, (ClauseContext){.at = node->at}, true);
        break;
    case NODE_FUN_REMOTE:
        if (!is_wanted) {
            lint_warn(linter, LINT_IGNORED, node->at, ignored_fun);
        }
        break;
    case NODE_LIST_COMPREHENSION:
    case NODE_BIN_COMPREHENSION:
    case NODE_MAP_COMPREHENSION:
        walk_comprehension(linter, node);
        break;
    default:
        break;
    }
}

void lint_later_passes(Linter *linter)
{
    for (uint32_t i = 0; i < linter->unit->form_count; i++) {
        const Form *form = linter->unit->forms[i];
        if (form->kind == FORM_FUNCTION) {
            both(linter, form->function.clauses, (ClauseContext){.function = form, .at = form->at},
                 true);
        }
    }
}
