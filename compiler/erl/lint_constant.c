/* compiler/erl/lint_constant.c
 * Constants as erlc's later passes fold them: what is written out, and operations of guards on such
 * alone. */
#include "compiler/erl/lint_later.h"

#include "runtime/term/arith.h"
#include "runtime/term/bits.h"
#include "runtime/term/compare.h"

static Term constant_list(Linter *linter, NodeList nodes, const Node *tail)
{
    Term list = tail == NULL ? TERM_NIL : lint_constant(linter, tail);
    for (uint32_t i = nodes.count; list != TERM_NONE && i-- > 0;) {
        Term item = lint_constant(linter, nodes.items[i]);
        list = item == TERM_NONE ? TERM_NONE : make_cons(erl_unit_space(linter->unit), item, list);
    }
    return list;
}

static Term constant_string(Linter *linter, const Node *node)
{
    Term list = TERM_NIL;
    for (uint32_t i = node->string.count; i-- > 0;) {
        list =
            make_cons(erl_unit_space(linter->unit), term_small(node->string.characters[i]), list);
    }
    return list;
}

/* What is written out in full; TERM_NONE: something has to be evaluated, or it is larger than what
 * is worth a look (each level of a term asks for the constants below it). */
Term lint_constant(Linter *linter, const Node *node)
{
    enum { HEIGHT_MAX = 50, COUNT_MAX = 1000 };
    if (node->height > HEIGHT_MAX ||
        (node->kind == NODE_STRING && node->string.count > COUNT_MAX) ||
        (node->kind == NODE_LIST && node->list.elements.count > COUNT_MAX)) {
        return TERM_NONE;
    }
    switch ((NodeKind) node->kind) {
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
        return node->value;
    case NODE_FLOAT:
        return make_float(erl_unit_space(linter->unit), node->float_value);
    case NODE_STRING:
        return constant_string(linter, node);
    case NODE_LIST:
        return constant_list(linter, node->list.elements, node->list.tail);
    case NODE_TUPLE: {
        Term *items = ARENA_ARRAY(&linter->arena, Term, node->nodes.count + 1);
        for (uint32_t i = 0; i < node->nodes.count; i++) {
            items[i] = lint_constant(linter, node->nodes.items[i]);
            if (items[i] == TERM_NONE) {
                return TERM_NONE;
            }
        }
        return make_tuple(erl_unit_space(linter->unit), items, node->nodes.count);
    }
    case NODE_UNARY:
        if (node->op == OP_MINUS) {
            Term value = lint_constant(linter, node->unary.operand);
            return value != TERM_NONE && term_is_number(value)
                       ? arith_negate(erl_unit_space(linter->unit), value)
                       : TERM_NONE;
        }
        return TERM_NONE;
    default:
        return TERM_NONE;
    }
}

bool lint_is_boolean(Term t)
{
    return t == ATOM_true || t == ATOM_false;
}
static Term boolean(bool is_true)
{
    return is_true ? ATOM_true : ATOM_false;
}

static Term fold_comparison(Operator op, Term a, Term b)
{
    switch (op) {
    case OP_EQ:
        return boolean(term_equal(a, b));
    case OP_NE:
        return boolean(!term_equal(a, b));
    case OP_EXACT_EQ:
        return boolean(term_equal_exact(a, b));
    case OP_EXACT_NE:
        return boolean(!term_equal_exact(a, b));
    case OP_LE:
        return boolean(term_compare(a, b) <= 0);
    case OP_LT:
        return boolean(term_compare(a, b) < 0);
    case OP_GE:
        return boolean(term_compare(a, b) >= 0);
    case OP_GT:
        return boolean(term_compare(a, b) > 0);
    default:
        return TERM_NONE;
    }
}

static Term fold_type_test(Term name, Term value)
{
    const char *test = atom_name(name) + 3; /* is_ */
    if (strcmp(test, "atom") == 0) {
        return boolean(term_is_atom(value));
    }
    if (strcmp(test, "boolean") == 0) {
        return boolean(lint_is_boolean(value));
    }
    if (strcmp(test, "integer") == 0) {
        return boolean(term_is_integer(value));
    }
    if (strcmp(test, "float") == 0) {
        return boolean(term_is_float(value));
    }
    if (strcmp(test, "number") == 0) {
        return boolean(term_is_number(value));
    }
    if (strcmp(test, "list") == 0) {
        return boolean(term_is_list(value));
    }
    if (strcmp(test, "tuple") == 0) {
        return boolean(term_is_tuple(value));
    }
    return strcmp(test, "map") == 0 || strcmp(test, "binary") == 0 ||
                   strcmp(test, "bitstring") == 0 || strcmp(test, "pid") == 0 ||
                   strcmp(test, "port") == 0 || strcmp(test, "reference") == 0 ||
                   strcmp(test, "function") == 0
               ? ATOM_false
               : TERM_NONE;
}

/* The value of a guard's test on constants; TERM_NONE: not known. */
static Term fold(Linter *linter, const Node *node)
{
    if (node->kind == NODE_BINARY) {
        Term left = fold(linter, node->pair.left), right = fold(linter, node->pair.right);
        return left == TERM_NONE || right == TERM_NONE
                   ? TERM_NONE
                   : fold_comparison((Operator) node->op, left, right);
    }
    if (node->kind == NODE_UNARY && node->op == OP_NOT) {
        Term value = fold(linter, node->unary.operand);
        return value == TERM_NONE || !lint_is_boolean(value) ? TERM_NONE
                                                             : boolean(value == ATOM_false);
    }
    if (node->kind == NODE_CALL && node->call.function->kind == NODE_ATOM &&
        node->call.args.count == 1 && name_is_type_test(node->call.function->value, 1) &&
        !lint_is_local(linter, node->call.function->value, 1)) {
        Term value = fold(linter, node->call.args.items[0]);
        return value == TERM_NONE ? TERM_NONE : fold_type_test(node->call.function->value, value);
    }
    return lint_constant(linter, node);
}

Truth lint_guard_truth(Linter *linter, const Clause *clause)
{
    if (clause->guard_count == 0) {
        return ALWAYS;
    }
    if (clause->guard_count > 1) {
        return MAYBE;
    }
    bool is_true = true;
    for (uint32_t i = 0; i < clause->guards[0].count; i++) {
        Term value = fold(linter, clause->guards[0].items[i]);
        if (value == TERM_NONE) {
            return MAYBE;
        }
        is_true = is_true && value == ATOM_true;
    }
    return is_true ? ALWAYS : NEVER;
}
