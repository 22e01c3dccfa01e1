/* compiler/erl/lint_failure.c
 * What must fail: calls and operators on constants that they do not take, binaries that cannot be
 * made. */
#include "compiler/erl/lint_later.h"

#include "runtime/term/arith.h"
#include "runtime/term/bits.h"
#include "runtime/term/compare.h"

/* The module and name of a call, where they are known: a built-in function's module is erlang. */
bool lint_called_function(const Linter *linter, const Node *call, Term *module, Term *name)
{
    const Node *function = call->call.function;
    uint32_t arity = call->call.args.count;
    if (function->kind == NODE_REMOTE && function->pair.left->kind == NODE_ATOM &&
        function->pair.right->kind == NODE_ATOM) {
        *module = function->pair.left->value;
        *name = function->pair.right->value;
        return true;
    }
    if (function->kind != NODE_ATOM) {
        return false;
    }
    *module = ATOM_erlang;
    *name = function->value;
    return name_is_bif(*name, arity) && !lint_is_local(linter, *name, arity) &&
           name_find(&linter->imports, *name, arity) == NULL;
}

/* ---- calls and operators that must fail ---- */

/* Does the operation on these constants fail? NULL: no, or not known. */
static const char *operator_failure(Operator op, Term a, Term b)
{
    switch (op) {
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
        return term_is_number(a) && term_is_number(b) ? NULL : "badarith";
    case OP_DIVIDE:
        return term_is_number(a) && term_is_number(b) && !term_equal(b, term_small(0)) ? NULL
                                                                                       : "badarith";
    case OP_DIV:
    case OP_REM:
        return term_is_integer(a) && term_is_integer(b) && b != term_small(0) ? NULL : "badarith";
    case OP_BAND:
    case OP_BOR:
    case OP_BXOR:
    case OP_BSL:
    case OP_BSR:
        return term_is_integer(a) && term_is_integer(b) ? NULL : "badarith";
    case OP_AND:
    case OP_OR:
    case OP_XOR:
        return lint_is_boolean(a) && lint_is_boolean(b) ? NULL : "badarg";
    default:
        return NULL;
    }
}

void lint_check_operator(Linter *linter, const Node *node)
{
    const char *failure = NULL;
    uint32_t arity = node->kind == NODE_UNARY ? 1 : 2;
    if (arity == 2) {
        Term left = lint_constant(linter, node->pair.left),
             right = lint_constant(linter, node->pair.right);
        if (left != TERM_NONE && right != TERM_NONE) {
            failure = operator_failure((Operator) node->op, left, right);
        }
    } else {
        Term operand = lint_constant(linter, node->unary.operand);
        if (operand != TERM_NONE && node->op == OP_NOT && !lint_is_boolean(operand)) {
            failure = "badarg";
        } else if (operand != TERM_NONE && node->op == OP_BNOT && !term_is_integer(operand)) {
            failure = "badarith";
        } else if (operand != TERM_NONE && (node->op == OP_MINUS || node->op == OP_PLUS) &&
                   !term_is_number(operand)) {
            failure = "badarith";
        }
    }
    if (failure != NULL) {
        lint_warn(linter, LINT_FAILED, node->at, failed_operator,
                  operator_atom((Operator) node->op), lint_count(arity), atom_of(failure));
    }
}

static bool list_is_proper(Term t)
{
    while (term_is_cons(t)) {
        t = cons_tail(t);
    }
    return t == TERM_NIL;
}

/* Does the built-in function of one argument fail on this constant? */
static bool call_fails(Term name, Term a)
{
    if (atom_is(name, "length") || atom_is(name, "list_to_tuple")) {
        return !list_is_proper(a);
    }
    if (atom_is(name, "hd") || atom_is(name, "tl")) {
        return !term_is_cons(a);
    }
    if (atom_is(name, "tuple_size") || atom_is(name, "tuple_to_list")) {
        return !term_is_tuple(a);
    }
    if (atom_is(name, "byte_size") || atom_is(name, "bit_size")) {
        return true; /* no binary is written as these constants are */
    }
    if (atom_is(name, "size")) {
        return !term_is_tuple(a);
    }
    if (atom_is(name, "atom_to_list") || atom_is(name, "atom_to_binary")) {
        return !term_is_atom(a);
    }
    if (atom_is(name, "list_to_atom") || atom_is(name, "list_to_integer") ||
        atom_is(name, "list_to_float")) {
        return !list_is_proper(a);
    }
    if (atom_is(name, "integer_to_list") || atom_is(name, "integer_to_binary")) {
        return !term_is_integer(a);
    }
    if (atom_is(name, "abs") || atom_is(name, "float") || atom_is(name, "round") ||
        atom_is(name, "trunc") || atom_is(name, "floor") || atom_is(name, "ceil")) {
        return !term_is_number(a);
    }
    return false;
}

/* Written out, and not as what can be called. */
static bool is_no_name(const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
    case NODE_LIST:
    case NODE_TUPLE:
    case NODE_BIN:
        return true;
    default:
        return false;
    }
}

void lint_check_call(Linter *linter, const Node *node)
{
    const Node *function = node->call.function;
    if (function->kind == NODE_REMOTE &&
        (is_no_name(function->pair.left) || is_no_name(function->pair.right))) {
        lint_warn(linter, LINT_FAILED, node_first_location(function), failed_bad_name);
        return;
    }
    NodeList args = node->call.args;
    Term module, name;
    if (is_no_name(function) || function->kind == NODE_MAP) {
        lint_warn(linter, LINT_FAILED, function->at, failed_bad_call);
        return;
    }
    if (!lint_called_function(linter, node, &module, &name) || module != ATOM_erlang) {
        return;
    }
    bool fails = false;
    if (args.count == 1) {
        Term value = lint_constant(linter, args.items[0]);
        fails = value != TERM_NONE && call_fails(name, value);
    } else if (args.count == 2 && atom_is(name, "element")) {
        Term index = lint_constant(linter, args.items[0]),
             tuple = lint_constant(linter, args.items[1]);
        fails = index != TERM_NONE && tuple != TERM_NONE &&
                (!term_is_small(index) || !term_is_tuple(tuple) || small_value(index) < 1 ||
                 small_value(index) > (int64_t) tuple_arity(tuple));
    }
    if (fails) {
        lint_warn(linter, LINT_FAILED, node->at, failed_eval, name, lint_count(args.count),
                  ATOM_badarg);
    }
}
/* ---- binaries ---- */

static bool field_has_type(const Node *field, const char *a, const char *b)
{
    for (uint32_t i = 0; i < field->bin_element.type_count; i++) {
        Term name = field->bin_element.types[i].name;
        if (atom_is(name, a) || (b != NULL && atom_is(name, b))) {
            return true;
        }
    }
    return false;
}

/* True: it was said that the binary cannot be made. */
bool lint_check_field(Linter *linter, const Node *node, const Node *field)
{
    Term value = lint_constant(linter, field->bin_element.value);
    Term size = field->bin_element.size == NULL ? TERM_NONE
                                                : lint_constant(linter, field->bin_element.size);
    if (size != TERM_NONE && !term_is_integer(size)) {
        lint_warn(linter, LINT_FAILED, node->at, failed_bad_binary);
        return true;
    }
    if (size != TERM_NONE && integer_is_negative(size)) {
        lint_warn(linter, LINT_FAILED, field->at, failed_bad_segment_size);
        return true;
    }
    bool is_bits =
        field_has_type(field, "binary", "bytes") || field_has_type(field, "bits", "bitstring");
    if (value == TERM_NONE || (field->bin_element.value->kind == NODE_STRING && !is_bits)) {
        return false;
    }
    bool is_utf = field_has_type(field, "utf8", NULL) || field_has_type(field, "utf16", "utf32");
    if (is_utf && term_is_integer(value)) {
        if (!term_is_small(value) || !code_point_is_valid(small_value(value))) {
            lint_warn(linter, LINT_FAILED, node->at, failed_bad_unicode);
            return true;
        }
        return false;
    }
    bool is_fine = is_bits                                ? false
                   : field_has_type(field, "float", NULL) ? term_is_number(value)
                                                          : term_is_integer(value);
    if (!is_fine) {
        lint_warn(linter, LINT_FAILED, node->at, failed_bad_binary);
    }
    return !is_fine;
}
