/* compiler/erl/lower_operator.c
 * Operators, and constant expressions computed here. What would fail, or grow large, is left to
 * the program. */
#include "compiler/erl/lower_internal.h"

#include "runtime/term/arith.h"
#include "runtime/term/compare.h"

/* ---- computing ---- */

enum { FOLD_MAX_BITS = 4096 };

static bool is_modest(Term t)
{
    return !term_is_big(t) || integer_bit_length(t) <= FOLD_MAX_BITS;
}

static Term boolean(bool value)
{
    return value ? ATOM_OF(true) : ATOM_OF(false);
}

static Term fold_arithmetic(Space *space, Opcode op, Term a, Term b)
{
    switch (op) {
    case OP_add:
        return arith_add(space, a, b);
    case OP_subtract:
        return arith_subtract(space, a, b);
    case OP_multiply:
        return arith_multiply(space, a, b);
    case OP_divide:
        return arith_divide(space, a, b);
    case OP_int_divide:
        return arith_div(space, a, b);
    case OP_remainder:
        return arith_rem(space, a, b);
    case OP_bit_and:
        return arith_band(space, a, b);
    case OP_bit_or:
        return arith_bor(space, a, b);
    case OP_bit_xor:
        return arith_bxor(space, a, b);
    case OP_shift_left:
        if (!term_is_small(b) || small_value(b) > FOLD_MAX_BITS || small_value(b) < 0) {
            return TERM_NONE;
        }
        return arith_shift_left(space, a, b);
    case OP_shift_right:
        if (!term_is_small(b) || small_value(b) < 0) {
            return TERM_NONE;
        }
        return arith_shift_right(space, a, b);
    default:
        return TERM_NONE;
    }
}

static Term fold_comparison(Opcode op, Term a, Term b)
{
    switch (op) {
    case OP_eq_exact:
        return boolean(term_equal_exact(a, b));
    case OP_ne_exact:
        return boolean(!term_equal_exact(a, b));
    case OP_eq:
        return boolean(term_equal(a, b));
    case OP_ne:
        return boolean(!term_equal(a, b));
    case OP_lt:
        return boolean(term_compare(a, b) < 0);
    case OP_le:
        return boolean(term_compare(a, b) <= 0);
    case OP_gt:
        return boolean(term_compare(a, b) > 0);
    case OP_ge:
        return boolean(term_compare(a, b) >= 0);
    default:
        return TERM_NONE;
    }
}

Term fold_operator(Lower *l, Opcode op, Term a, Term b)
{
    if (op >= OP_eq_exact && op <= OP_ge) {
        return fold_comparison(op, a, b);
    }
    if (b == TERM_NONE && op == OP_not) {
        return a == ATOM_OF(true)    ? ATOM_OF(false)
               : a == ATOM_OF(false) ? ATOM_OF(true)
                                     : TERM_NONE;
    }
    if (!term_is_number(a) || !is_modest(a)) {
        return TERM_NONE;
    }
    Term result = TERM_NONE;
    if (b == TERM_NONE) {
        result = op == OP_negate    ? arith_negate(l->core->space, a)
                 : op == OP_bit_not ? arith_bnot(l->core->space, a)
                                    : TERM_NONE;
    } else if (term_is_number(b) && is_modest(b)) {
        result = fold_arithmetic(l->core->space, op, a, b);
    }
    return result == TERM_LIMIT ? TERM_NONE : result;
}

static Opcode binary_opcode(Operator op)
{
    static const uint8_t opcodes[OPERATOR_COUNT] = {
        [OP_ADD] = OP_add,
        [OP_SUBTRACT] = OP_subtract,
        [OP_MULTIPLY] = OP_multiply,
        [OP_DIVIDE] = OP_divide,
        [OP_DIV] = OP_int_divide,
        [OP_REM] = OP_remainder,
        [OP_BAND] = OP_bit_and,
        [OP_BOR] = OP_bit_or,
        [OP_BXOR] = OP_bit_xor,
        [OP_BSL] = OP_shift_left,
        [OP_BSR] = OP_shift_right,
        [OP_AND] = OP_and,
        [OP_OR] = OP_or,
        [OP_XOR] = OP_xor,
        [OP_EQ] = OP_eq,
        [OP_NE] = OP_ne,
        [OP_LE] = OP_le,
        [OP_LT] = OP_lt,
        [OP_GE] = OP_ge,
        [OP_GT] = OP_gt,
        [OP_EXACT_EQ] = OP_eq_exact,
        [OP_EXACT_NE] = OP_ne_exact,
        [OP_MINUS] = OP_negate,
        [OP_NOT] = OP_not,
        [OP_BNOT] = OP_bit_not,
    };
    return (Opcode) opcodes[op];
}

/* A constant expression in a pattern: numbers, strings' characters, arithmetic on them. */
Term fold_constant(Lower *l, const Node *node)
{
    if (node->kind == NODE_ATOM || node->kind == NODE_INTEGER || node->kind == NODE_CHAR) {
        return node->value;
    }
    if (node->kind == NODE_FLOAT) {
        return make_float(l->core->space, node->float_value);
    }
    if (node->kind == NODE_UNARY) {
        Term a = fold_constant(l, node->unary.operand);
        if (a == TERM_NONE || node->op == OP_PLUS) {
            return a != TERM_NONE && term_is_number(a) ? a : TERM_NONE;
        }
        return fold_operator(l, binary_opcode((Operator) node->op), a, TERM_NONE);
    }
    if (node->kind == NODE_BINARY) {
        Opcode op = binary_opcode((Operator) node->op);
        Term a = op == 0 ? TERM_NONE : fold_constant(l, node->pair.left);
        Term b = a == TERM_NONE ? TERM_NONE : fold_constant(l, node->pair.right);
        if (b == TERM_NONE || (op >= OP_eq_exact && op <= OP_ge)) {
            return TERM_NONE;
        }
        return fold_operator(l, op, a, b);
    }
    return TERM_NONE;
}

/* ---- operators ---- */

static bool is_arithmetic(Opcode op)
{
    return op >= OP_add && op <= OP_bit_not;
}

static Core *operation(Lower *l, CoreAt at, Opcode op, Core *a, Core *b)
{
    if (core_is_literal(a) && (b == NULL || core_is_literal(b))) {
        Term result = fold_operator(l, op, a->literal, b == NULL ? TERM_NONE : b->literal);
        if (result != TERM_NONE) {
            return core_literal(l->core, at, result);
        }
    }
    if (is_arithmetic(op)) {
        if (a->kind == CORE_VAR) {
            a->var->is_small = true;
        }
        if (b != NULL && b->kind == CORE_VAR) {
            b->var->is_small = true;
        }
    }
    return core_operator(l->core, at, op, a, b);
}

/* +X: X itself, once it is known to be a number. */
static Core *plus(Lower *l, CoreAt at, Core *a)
{
    if (core_is_literal(a) && term_is_number(a->literal)) {
        return a;
    }
    return operation(l, at, OP_multiply, core_literal(l->core, at, term_small(1)), a);
}

Core *operator_call(Lower *l, CoreAt at, Term name, Core **args, uint32_t count)
{
    if (count != 1 && count != 2) {
        return NULL;
    }
    const char *text = atom_name(name);
    for (Operator op = count == 1 ? OP_FIRST_UNARY : 0;
         op < (count == 1 ? OPERATOR_COUNT : OP_FIRST_UNARY); op++) {
        if (strcmp(operator_names[op], text) == 0) {
            if (op == OP_PLUS) {
                return plus(l, at, args[0]);
            }
            Opcode opcode = binary_opcode(op);
            return opcode == 0 ? NULL
                               : operation(l, at, opcode, args[0], count == 2 ? args[1] : NULL);
        }
    }
    return NULL;
}

/* A andalso B andalso C: one node. */
static Core *lower_short_circuit(Lower *l, const Node *node)
{
    uint32_t count = 1;
    for (const Node *at = node; at->kind == NODE_BINARY && at->op == node->op;
         at = at->pair.right) {
        count++;
    }
    Core **items = ARENA_ARRAY(l->arena, Core *, count);
    const Node *at = node;
    for (uint32_t i = 0; i + 1 < count; i++, at = at->pair.right) {
        items[i] = lower_operand(l, at->pair.left);
    }
    items[count - 1] = lower_operand(l, at);
    Core *core = core_node(l->core, node->op == OP_ANDALSO ? CORE_ANDALSO : CORE_ORELSE,
                           lower_at(l, node->at));
    core->items = items;
    core->count = count;
    return core;
}

/* "abc" ++ T, [A, B] ++ T */
static Core *append_to_list(Lower *l, CoreAt at, Core *left, Core *right)
{
    if (core_is_literal(left)) {
        uint32_t count = 0;
        Term rest = left->literal;
        for (; term_is_cons(rest); rest = cons_tail(rest)) {
            count++;
        }
        if (rest != TERM_NIL || count > 1000) {
            return NULL;
        }
        if (count == 0) {
            return right;
        }
        Core *list = core_node(l->core, CORE_LIST, at);
        list->items = ARENA_ARRAY(l->arena, Core *, count);
        list->count = count;
        rest = left->literal;
        for (uint32_t i = 0; i < count; i++, rest = cons_tail(rest)) {
            list->items[i] = core_literal(l->core, at, cons_head(rest));
        }
        list->tail = right;
        return core_fold(l->core, list);
    }
    if (left->kind == CORE_LIST && core_is_literal(left->tail)) {
        if (left->tail->literal == TERM_NIL) {
            left->tail = right;
            return core_fold(l->core, left);
        }
        Core *tail = append_to_list(l, at, left->tail, right);
        if (tail != NULL) {
            left->tail = tail;
            return left;
        }
    }
    return NULL;
}

static Core *lower_append(Lower *l, const Node *node)
{
    CoreAt at = lower_at(l, node->at);
    Core *left, *right;
    if (node->pair.left->kind == NODE_LIST_COMPREHENSION) {
        return lower_comprehension_onto(l, node->pair.left, lower_operand(l, node->pair.right));
    }
    lower_two(l, node->pair.left, node->pair.right, &left, &right);
    Core *list = append_to_list(l, at, left, right);
    if (list != NULL) {
        return list;
    }
    Core *args[2] = {left, right};
    return core_remote(l->core, CORE_CALL_REMOTE, at, ATOM_OF(erlang), operator_atom(OP_APPEND),
                       args, 2);
}

Core *lower_operator(Lower *l, const Node *node)
{
    CoreAt at = lower_at(l, node->at);
    Operator op = (Operator) node->op;
    if (op == OP_ANDALSO || op == OP_ORELSE) {
        return lower_short_circuit(l, node);
    }
    if (op == OP_APPEND) {
        return lower_append(l, node);
    }
    if (node->kind == NODE_UNARY) {
        Core *a = lower_operand(l, node->unary.operand);
        return op == OP_PLUS ? plus(l, at, a) : operation(l, at, binary_opcode(op), a, NULL);
    }
    Core *a, *b;
    lower_two(l, node->pair.left, node->pair.right, &a, &b);
    Opcode opcode = binary_opcode(op);
    if (opcode != 0) {
        return operation(l, at, opcode, a, b);
    }
    Core *args[2] = {a, b};
    return core_remote(l->core, CORE_CALL_REMOTE, at, ATOM_OF(erlang), operator_atom(op), args, 2);
}
