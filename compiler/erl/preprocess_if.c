/* compiler/erl/preprocess_if.c
 * Conditions: -ifdef, -if and what belongs to them. The expression of -if is one that a guard could
 * be, and defined(Name); what fails in it is false, as in a guard. */
#include "compiler/erl/preprocess_internal.h"

#include "compiler/erl/lint.h"
#include "runtime/term/arith.h"
#include "runtime/term/bits.h"
#include "runtime/term/compare.h"
#include "runtime/term/map.h"

/* ---- the stack ---- */

bool is_skipping(const Preprocessor *pp)
{
    return pp->condition_count > 0 &&
           pp->conditions[pp->condition_count - 1].state != CONDITION_TAKING;
}

static void condition_push(Preprocessor *pp, const char *name, bool holds, bool is_bad)
{
    if (pp->condition_count == pp->condition_capacity) {
        pp->condition_capacity = pp->condition_capacity == 0 ? 16 : pp->condition_capacity * 2;
        pp->conditions =
            mem_realloc(pp->conditions, pp->condition_capacity * sizeof *pp->conditions);
    }
    bool never = is_skipping(pp) || is_bad;
    pp->conditions[pp->condition_count++] = (Condition){
        .state = never   ? CONDITION_DONE
                 : holds ? CONDITION_TAKING
                         : CONDITION_WAITING,
        .name = name,
    };
}

/* The innermost condition of this file; NULL: none. */
static Condition *condition_top(Preprocessor *pp)
{
    return pp->condition_count > top_frame(pp)->condition_base
               ? &pp->conditions[pp->condition_count - 1]
               : NULL;
}

static void report_illegal(Preprocessor *pp, Location at, const char *what, const char *name)
{
    Term descriptor =
        make_tuple3(pp_space(pp), atom_of("illegal"), pp_string(pp, what), atom_of(name));
    pp_error(pp, at, descriptor, "%s '-%s'", what, name);
}

void conditions_close(Preprocessor *pp, Location at)
{
    Condition *top = condition_top(pp);
    if (top != NULL) {
        report_illegal(pp, at, "unterminated", top->name);
    }
    pp->condition_count = top_frame(pp)->condition_base;
}

/* ---- ifdef, ifndef, else, endif ---- */

static void ifdef(Preprocessor *pp, const char *name, bool wanted)
{
    static const uint8_t pattern[] = {TOKEN_LPAREN, TOKEN_ERROR, TOKEN_RPAREN, TOKEN_DOT};
    Location at;
    if (is_skipping(pp)) {
        condition_push(pp, name, false, false);
    } else if (!pp_match(pp, pattern, COUNT_OF(pattern), &at)) {
        pp_bad(pp, at, name);
        condition_push(pp, name, false, true);
    } else {
        bool defined = macro_is_defined(pp, pp->raw.items[3].value);
        condition_push(pp, name, defined == wanted, false);
    }
}

void directive_ifdef(Preprocessor *pp)
{
    ifdef(pp, "ifdef", true);
}
void directive_ifndef(Preprocessor *pp)
{
    ifdef(pp, "ifndef", false);
}

/* A directive without arguments; false: it has some, reported. */
static bool is_bare(Preprocessor *pp, const char *name)
{
    if (pp->raw.items[2].kind == TOKEN_DOT) {
        return true;
    }
    pp_bad(pp, pp->raw.items[2].at, name);
    return false;
}

void directive_else(Preprocessor *pp)
{
    Location at = pp->raw.items[1].at;
    Condition *top = condition_top(pp);
    if (!is_bare(pp, "else")) {
        return;
    }
    if (top == NULL) {
        report_illegal(pp, at, "unbalanced", "else");
        return;
    }
    if (top->is_else) {
        report_illegal(pp, at, "repeated", "else");
        return;
    }
    top->is_else = true;
    top->name = "else";
    top->state = top->state == CONDITION_WAITING ? CONDITION_TAKING : CONDITION_DONE;
}

void directive_endif(Preprocessor *pp)
{
    if (!is_bare(pp, "endif")) {
        return;
    }
    if (condition_top(pp) == NULL) {
        report_illegal(pp, pp->raw.items[1].at, "unbalanced", "endif");
        return;
    }
    pp->condition_count--;
}

/* ---- evaluation ---- */

static Term truth(bool value)
{
    return value ? ATOM_OF(true) : ATOM_OF(false);
}

static Term eval_unary(Preprocessor *pp, Operator op, Term value)
{
    switch (op) {
    case OP_PLUS:
        return term_is_number(value) ? value : TERM_NONE;
    case OP_MINUS:
        return arith_negate(pp_space(pp), value);
    case OP_BNOT:
        return arith_bnot(pp_space(pp), value);
    default:
        return value == ATOM_OF(true)    ? ATOM_OF(false)
               : value == ATOM_OF(false) ? ATOM_OF(true)
                                         : TERM_NONE;
    }
}

static bool is_truth(Term t)
{
    return t == ATOM_OF(true) || t == ATOM_OF(false);
}

static Term eval_logic(Operator op, Term left, Term right)
{
    if (!is_truth(left) || !is_truth(right)) {
        return TERM_NONE;
    }
    bool a = left == ATOM_OF(true), b = right == ATOM_OF(true);
    return truth(op == OP_AND ? a && b : op == OP_OR ? a || b : a != b);
}

static Term eval_binary(Preprocessor *pp, Operator op, Term left, Term right)
{
    Space *space = pp_space(pp);
    switch (op) {
    case OP_ADD:
        return arith_add(space, left, right);
    case OP_SUBTRACT:
        return arith_subtract(space, left, right);
    case OP_MULTIPLY:
        return arith_multiply(space, left, right);
    case OP_DIVIDE:
        return arith_divide(space, left, right);
    case OP_DIV:
        return arith_div(space, left, right);
    case OP_REM:
        return arith_rem(space, left, right);
    case OP_BAND:
        return arith_band(space, left, right);
    case OP_BOR:
        return arith_bor(space, left, right);
    case OP_BXOR:
        return arith_bxor(space, left, right);
    case OP_BSL:
        return arith_shift_left(space, left, right);
    case OP_BSR:
        return arith_shift_right(space, left, right);
    case OP_AND:
    case OP_OR:
    case OP_XOR:
        return eval_logic(op, left, right);
    case OP_EQ:
        return truth(term_equal(left, right));
    case OP_NE:
        return truth(!term_equal(left, right));
    case OP_LE:
        return truth(term_compare(left, right) <= 0);
    case OP_LT:
        return truth(term_compare(left, right) < 0);
    case OP_GE:
        return truth(term_compare(left, right) >= 0);
    case OP_GT:
        return truth(term_compare(left, right) > 0);
    case OP_EXACT_EQ:
        return truth(term_equal_exact(left, right));
    case OP_EXACT_NE:
        return truth(!term_equal_exact(left, right));
    default:
        return TERM_NONE;
    }
}

/* ---- built-in functions of one argument ---- */

static Term is_boolean_term(Space *space, Term t)
{
    return truth(is_truth(t));
}
static Term is_atom_term(Space *space, Term t)
{
    return truth(term_is_atom(t));
}
static Term is_binary_term(Space *space, Term t)
{
    return truth(term_is_binary(t));
}
static Term is_bitstring_term(Space *space, Term t)
{
    return truth(term_is_bitstring(t));
}
static Term is_float_term(Space *space, Term t)
{
    return truth(term_is_float(t));
}
static Term is_integer_term(Space *space, Term t)
{
    return truth(term_is_integer(t));
}
static Term is_list_term(Space *space, Term t)
{
    return truth(term_is_list(t));
}
static Term is_map_term(Space *space, Term t)
{
    return truth(term_is_map(t));
}
static Term is_number_term(Space *space, Term t)
{
    return truth(term_is_number(t));
}
static Term is_tuple_term(Space *space, Term t)
{
    return truth(term_is_tuple(t));
}
static Term is_none_term(Space *space, Term t)
{
    return ATOM_OF(false);
}
static Term hd_of(Space *space, Term t)
{
    return term_is_cons(t) ? cons_head(t) : TERM_NONE;
}
static Term tl_of(Space *space, Term t)
{
    return term_is_cons(t) ? cons_tail(t) : TERM_NONE;
}
static Term length_of(Space *space, Term t)
{
    int64_t length = 0;
    for (; term_is_cons(t); t = cons_tail(t)) {
        length++;
    }
    return term_is_nil(t) ? term_small(length) : TERM_NONE;
}
static Term tuple_size_of(Space *space, Term t)
{
    return term_is_tuple(t) ? term_small((int64_t) tuple_arity(t)) : TERM_NONE;
}
static Term map_size_of(Space *space, Term t)
{
    return term_is_map(t) ? term_small((int64_t) map_size(t)) : TERM_NONE;
}
static Term byte_size_of(Space *space, Term t)
{
    return term_is_bitstring(t) ? term_small((int64_t) (bitstring_bits(t) + 7) / 8) : TERM_NONE;
}
static Term bit_size_of(Space *space, Term t)
{
    return term_is_bitstring(t) ? term_small((int64_t) bitstring_bits(t)) : TERM_NONE;
}
static Term to_float(Space *space, Term t)
{
    double value;
    return arith_to_double(t, &value) ? make_float(space, value) : TERM_NONE;
}

typedef Term (*Function)(Space *space, Term t);

static Function function_named(const char *name)
{
    static const struct {
        const char *name;
        Function function;
    } functions[] = {
        {"abs", arith_abs},
        {"bit_size", bit_size_of},
        {"byte_size", byte_size_of},
        {"ceil", arith_ceil},
        {"float", to_float},
        {"floor", arith_floor},
        {"hd", hd_of},
        {"is_atom", is_atom_term},
        {"is_binary", is_binary_term},
        {"is_bitstring", is_bitstring_term},
        {"is_boolean", is_boolean_term},
        {"is_float", is_float_term},
        {"is_function", is_none_term},
        {"is_integer", is_integer_term},
        {"is_list", is_list_term},
        {"is_map", is_map_term},
        {"is_number", is_number_term},
        {"is_pid", is_none_term},
        {"is_port", is_none_term},
        {"is_reference", is_none_term},
        {"is_tuple", is_tuple_term},
        {"length", length_of},
        {"map_size", map_size_of},
        {"round", arith_round},
        {"size", tuple_size_of},
        {"tl", tl_of},
        {"trunc", arith_trunc},
        {"tuple_size", tuple_size_of},
    };
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        if (strcmp(functions[i].name, name) == 0) {
            return functions[i].function;
        }
    }
    return NULL;
}

static Term eval(Preprocessor *pp, const Node *node);

static Term eval_call(Preprocessor *pp, const Node *node)
{
    const Node *function = node->call.function;
    if (function->kind != NODE_ATOM) {
        return TERM_NONE;
    }
    const char *name = atom_name(function->value);
    uint32_t count = node->call.args.count;
    Node **args = node->call.args.items;
    if (count == 1) {
        Function found = function_named(name);
        Term value = found == NULL ? TERM_NONE : eval(pp, args[0]);
        return value == TERM_NONE ? TERM_NONE : found(pp_space(pp), value);
    }
    if (count != 2) {
        return TERM_NONE;
    }
    Term first = eval(pp, args[0]);
    Term second = first == TERM_NONE ? TERM_NONE : eval(pp, args[1]);
    if (second == TERM_NONE) {
        return TERM_NONE;
    }
    if (strcmp(name, "element") == 0) {
        bool fine = term_is_small(first) && term_is_tuple(second) && small_value(first) >= 1 &&
                    small_value(first) <= (int64_t) tuple_arity(second);
        return fine ? tuple_elements(second)[small_value(first) - 1] : TERM_NONE;
    }
    if (strcmp(name, "is_map_key") == 0) {
        return term_is_map(second) ? truth(map_get(second, first) != TERM_NONE) : TERM_NONE;
    }
    if (strcmp(name, "map_get") == 0) {
        return term_is_map(second) ? map_get(second, first) : TERM_NONE;
    }
    if (strcmp(name, "min") == 0 || strcmp(name, "max") == 0) {
        bool less = term_compare(first, second) <= 0;
        return (name[1] == 'i') == less ? first : second;
    }
    return TERM_NONE;
}

static Term eval_list(Preprocessor *pp, const Node *node)
{
    Term list = node->list.tail == NULL ? TERM_NIL : eval(pp, node->list.tail);
    for (uint32_t i = node->list.elements.count; i-- > 0 && list != TERM_NONE;) {
        Term element = eval(pp, node->list.elements.items[i]);
        list = element == TERM_NONE ? TERM_NONE : make_cons(pp_space(pp), element, list);
    }
    return list;
}

static Term eval_tuple(Preprocessor *pp, const Node *node)
{
    uint32_t count = node->nodes.count;
    Term *elements = ARENA_ARRAY(&pp->unit->arena, Term, count);
    for (uint32_t i = 0; i < count; i++) {
        elements[i] = eval(pp, node->nodes.items[i]);
        if (elements[i] == TERM_NONE) {
            return TERM_NONE;
        }
    }
    return make_tuple(pp_space(pp), elements, count);
}

static Term eval_shortcut(Preprocessor *pp, const Node *node)
{
    Term left = eval(pp, node->pair.left);
    if (!is_truth(left)) {
        return TERM_NONE;
    }
    bool decided = (left == ATOM_OF(true)) == (node->op == OP_ORELSE);
    return decided ? left : eval(pp, node->pair.right);
}

/* TERM_NONE: it fails. */
static Term eval(Preprocessor *pp, const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_LIST:
        return eval_list(pp, node);
    case NODE_TUPLE:
        return eval_tuple(pp, node);
    case NODE_CALL:
        return eval_call(pp, node);
    case NODE_UNARY: {
        Term value = eval(pp, node->unary.operand);
        return value == TERM_NONE ? TERM_NONE : eval_unary(pp, node->op, value);
    }
    case NODE_BINARY: {
        if (node->op == OP_ANDALSO || node->op == OP_ORELSE) {
            return eval_shortcut(pp, node);
        }
        Term left = eval(pp, node->pair.left);
        Term right = left == TERM_NONE ? TERM_NONE : eval(pp, node->pair.right);
        return right == TERM_NONE ? TERM_NONE : eval_binary(pp, node->op, left, right);
    }
    default:
        return parse_term_of(pp->unit, node, 0);
    }
}

/* False for what no guard can be: calls of other modules, matches, blocks … */
static bool is_guard(const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_CALL: {
        /* A function that is not known answers nothing, which is false; `defined` is left where its
         * argument is no name. */
        const Node *name = node->call.function;
        uint32_t arity = node->call.args.count;
        bool fine = name->kind == NODE_ATOM &&
                    (name_is_guard_bif(name->value, arity) || !name_is_bif(name->value, arity));
        fine = fine && (arity != 1 || strcmp(atom_name(name->value), "defined") != 0);
        for (uint32_t i = 0; i < node->call.args.count; i++) {
            fine = fine && is_guard(node->call.args.items[i]);
        }
        return fine;
    }
    case NODE_UNARY:
        return is_guard(node->unary.operand);
    case NODE_BINARY:
        return is_guard(node->pair.left) && is_guard(node->pair.right);
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
    case NODE_VAR:
    case NODE_LIST:
    case NODE_TUPLE:
    case NODE_BIN:
    case NODE_MAP:
        return true;
    default:
        return false;
    }
}

/* ---- -if, -elif ---- */

/* Replaces defined(Name) in the raw tokens by true or false. False: badly formed. */
static bool replace_defined(Preprocessor *pp, TokenList *out)
{
    const Token *tokens = pp->raw.items;
    static Term defined; /* an atom: the same for ever */
    defined = atom_of("defined");
    for (uint32_t i = 2; i < pp->raw.count; i++) {
        Token token = tokens[i];
        bool is_call = token.kind == TOKEN_ATOM && token.value == defined &&
                       i + 3 < pp->raw.count && tokens[i + 1].kind == TOKEN_LPAREN &&
                       (tokens[i + 2].kind == TOKEN_ATOM || tokens[i + 2].kind == TOKEN_VAR) &&
                       tokens[i + 3].kind == TOKEN_RPAREN;
        if (is_call) {
            token.value = truth(macro_is_defined(pp, tokens[i + 2].value));
            i += 3;
        }
        token_list_add(out, token);
    }
    return true;
}

/* Whether the condition holds; `*is_bad` when it is none, which has been reported. */
static bool condition_holds(Preprocessor *pp, bool *is_bad)
{
    *is_bad = true;
    if (pp->raw.items[2].kind != TOKEN_LPAREN) {
        pp_bad(pp, pp->raw.items[2].at, "if");
        return false;
    }
    TokenList tokens = {0};
    NodeList exprs = {0};
    bool fine = replace_defined(pp, &tokens) && expand_macros(pp, tokens.items, tokens.count);
    token_list_finish(&tokens);
    if (!fine) {
        return false;
    }
    if (!parser_expressions(&pp->parser, pp->expanded.items, &exprs)) {
        unit_report(pp->unit, pp->diagnostics, SEVERITY_ERROR, pp->parser.error_at, "erl_parse",
                    pp->parser.error_descriptor, pp->parser.error_text);
        return false;
    }
    if (exprs.count != 1 || !is_guard(exprs.items[0])) {
        pp_bad(pp, pp->raw.items[1].at, "if");
        return false;
    }
    *is_bad = false;
    return eval(pp, exprs.items[0]) == ATOM_OF(true);
}

void directive_if(Preprocessor *pp)
{
    bool is_bad = false;
    bool holds = !is_skipping(pp) && condition_holds(pp, &is_bad);
    condition_push(pp, "if", holds, is_bad);
}

void directive_elif(Preprocessor *pp)
{
    Location at = pp->raw.items[1].at;
    Condition *top = condition_top(pp);
    if (top == NULL) {
        report_illegal(pp, at, "unbalanced", "elif");
        return;
    }
    if (top->is_else) {
        pp_error(pp, at, atom_of("elif_after_else"), "'elif' following 'else'");
        return;
    }
    if (top->state == CONDITION_TAKING) {
        top->state = CONDITION_DONE;
    }
    top->name = "elif";
    if (top->state == CONDITION_WAITING) {
        bool is_bad;
        bool holds = condition_holds(pp, &is_bad);
        top->state = holds ? CONDITION_TAKING : CONDITION_WAITING;
    }
}
