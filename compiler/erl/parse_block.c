/* compiler/erl/parse_block.c
 * What ends with `end` (begin, if, case, receive, try, maybe, fun), clauses, and binaries. */
#include "compiler/erl/parse_internal.h"

/* ---- clauses ---- */

static void parse_guard(Parser *parser, Clause *clause)
{
    uint32_t base = parser->pending_count;
    do {
        NodeList *tests = ARENA_NEW(&parser->unit->arena, NodeList);
        *tests = parse_exprs(parser);
        parse_push(parser, tests);
    } while (parse_accept(parser, TOKEN_SEMICOLON));
    clause->guard_count = parser->pending_count - base;
    clause->guards = ARENA_ARRAY(&parser->unit->arena, NodeList, clause->guard_count);
    for (uint32_t i = 0; i < clause->guard_count; i++) {
        clause->guards[i] = *(NodeList *) parser->pending[base + i];
    }
    parser->pending_count = base;
}

void parse_clause_rest(Parser *parser, Clause *clause)
{
    if (parse_accept(parser, TOKEN_WHEN)) {
        parse_guard(parser, clause);
    }
    parse_expect(parser, TOKEN_ARROW);
    clause->body = parse_exprs(parser);
    if (clause_update_height(clause) > AST_HEIGHT_MAX) {
        parse_fail_deep(parser, clause->at);
    }
}

static Clause *parse_case_clause(Parser *parser)
{
    Node *pattern = parse_expr(parser);
    Clause *clause = clause_create(parser->unit, parse_first_location(parser, pattern));
    clause->patterns = node_list_of(parser->unit, &pattern, 1);
    parse_clause_rest(parser, clause);
    return clause;
}

static Clause *parse_if_clause(Parser *parser)
{
    Clause *clause = clause_create(parser->unit, parser->at->at);
    parse_guard(parser, clause);
    clause->at = parse_first_location(parser, clause->guards[0].items[0]);
    parse_expect(parser, TOKEN_ARROW);
    clause->body = parse_exprs(parser);
    if (clause_update_height(clause) > AST_HEIGHT_MAX) {
        parse_fail_deep(parser, clause->at);
    }
    return clause;
}

typedef Clause *(*ClauseParser)(Parser *parser);

static ClauseList parse_clauses(Parser *parser, ClauseParser parse_clause)
{
    uint32_t base = parser->pending_count;
    do {
        parse_push(parser, parse_clause(parser));
    } while (parse_accept(parser, TOKEN_SEMICOLON));
    return parse_pop_clauses(parser, base);
}

/* ---- begin, if, case, receive ---- */

static Node *finish_block(Parser *parser, Node *node)
{
    node_update_height(node);
    return parse_checked(parser, node);
}

static Node *parse_begin(Parser *parser, Node *node)
{
    node->nodes = parse_exprs(parser);
    parse_expect(parser, TOKEN_END);
    return finish_block(parser, node);
}

static Node *parse_if(Parser *parser, Node *node)
{
    node->clauses = parse_clauses(parser, parse_if_clause);
    parse_expect(parser, TOKEN_END);
    return finish_block(parser, node);
}

static Node *parse_case(Parser *parser, Node *node)
{
    node->of.expr = parse_expr(parser);
    parse_expect(parser, TOKEN_OF);
    node->of.clauses = parse_clauses(parser, parse_case_clause);
    parse_expect(parser, TOKEN_END);
    return finish_block(parser, node);
}

static Node *parse_receive(Parser *parser, Node *node)
{
    node->receive = ARENA_NEW(&parser->unit->arena, struct ReceiveParts);
    if (!parse_is(parser, TOKEN_AFTER)) {
        node->receive->clauses = parse_clauses(parser, parse_case_clause);
    }
    if (parse_accept(parser, TOKEN_AFTER)) {
        node->receive->timeout = parse_expr(parser);
        parse_expect(parser, TOKEN_ARROW);
        node->receive->after_body = parse_exprs(parser);
    }
    parse_expect(parser, TOKEN_END);
    return finish_block(parser, node);
}

/* ---- try ---- */

/* Pattern, Class:Pattern or Class:Pattern:Stacktrace. */
static Clause *parse_catch_clause(Parser *parser)
{
    const Token *first = parser->at;
    Node *parts[3];
    bool has_class =
        (first->kind == TOKEN_ATOM || first->kind == TOKEN_VAR) && first[1].kind == TOKEN_COLON;
    if (has_class) {
        parts[0] = parse_max(parser);
        parse_expect(parser, TOKEN_COLON);
        parts[1] = parse_pattern(parser);
    } else {
        parts[1] = parse_pattern(parser);
        parts[0] = node_atom(parser->unit, parse_first_location(parser, parts[1]), ATOM_OF(throw));
    }
    if (has_class && parse_accept(parser, TOKEN_COLON)) {
        if (!parse_is(parser, TOKEN_VAR)) {
            parse_fail_here(parser);
        }
        parts[2] = parse_max(parser);
    } else {
        /* OTP puts the `_` of the stack trace at the end of the pattern. */
        parts[2] = node_var(parser->unit, node_last_location(parts[1]), VAR_ANONYMOUS);
    }
    Clause *clause = clause_create(parser->unit, parts[0]->at);
    Node *triple = node_tuple(parser->unit, parts[0]->at, node_list_of(parser->unit, parts, 3));
    clause->patterns = node_list_of(parser->unit, &triple, 1);
    parse_clause_rest(parser, clause);
    return clause;
}

static Node *parse_try(Parser *parser, Node *node)
{
    node->try_ = ARENA_NEW(&parser->unit->arena, struct TryParts);
    node->try_->body = parse_exprs(parser);
    if (parse_accept(parser, TOKEN_OF)) {
        node->try_->of_clauses = parse_clauses(parser, parse_case_clause);
    }
    bool has_catch = parse_accept(parser, TOKEN_CATCH);
    if (has_catch) {
        node->try_->catch_clauses = parse_clauses(parser, parse_catch_clause);
    }
    if (parse_accept(parser, TOKEN_AFTER)) {
        node->try_->after_body = parse_exprs(parser);
    } else if (!has_catch) {
        parse_fail_here(parser);
    }
    parse_expect(parser, TOKEN_END);
    return finish_block(parser, node);
}

/* ---- maybe ---- */

static Node *parse_maybe(Parser *parser, Node *node)
{
    uint32_t base = parser->pending_count;
    do {
        Node *expr = parse_expr(parser);
        if (parse_is(parser, TOKEN_MAYBE_MATCH)) {
            Location at = parse_next(parser)->at;
            Node *right = parse_expr(parser);
            expr = node_pair(parser->unit, NODE_MAYBE_MATCH, at, expr, right);
        }
        parse_push(parser, parse_checked(parser, expr));
    } while (parse_accept(parser, TOKEN_COMMA));
    node->maybe.body = parse_pop_nodes(parser, base);
    if (parse_is(parser, TOKEN_ELSE)) {
        Node *else_ = node_create(parser->unit, NODE_ELSE, parse_next(parser)->at);
        else_->clauses = parse_clauses(parser, parse_case_clause);
        node->maybe.else_ = finish_block(parser, else_);
    }
    parse_expect(parser, TOKEN_END);
    return finish_block(parser, node);
}

/* ---- fun ---- */

/* fun f/1 */
static Node *parse_fun_local(Parser *parser, Node *node)
{
    node->kind = NODE_FUN_LOCAL;
    node->fun_ref.name = parse_expect(parser, TOKEN_ATOM)->value;
    parse_expect(parser, TOKEN_SLASH);
    node->fun_ref.arity = parse_expect(parser, TOKEN_INTEGER)->value;
    return node;
}

static Node *parse_one_of(Parser *parser, TokenKind one, TokenKind other)
{
    if (!parse_is(parser, one) && !parse_is(parser, other)) {
        parse_fail_here(parser);
    }
    return parse_max(parser);
}

/* fun m:f/1, each part a variable or a literal */
static Node *parse_fun_remote(Parser *parser, Node *node)
{
    node->kind = NODE_FUN_REMOTE;
    node->fun_remote.module = parse_one_of(parser, TOKEN_ATOM, TOKEN_VAR);
    parse_expect(parser, TOKEN_COLON);
    node->fun_remote.name = parse_one_of(parser, TOKEN_ATOM, TOKEN_VAR);
    parse_expect(parser, TOKEN_SLASH);
    node->fun_remote.arity = parse_one_of(parser, TOKEN_INTEGER, TOKEN_VAR);
    return finish_block(parser, node);
}

/* The name of each clause is kept beside it until all are there to be compared. */
static Node *parse_fun_clauses(Parser *parser, Node *node)
{
    uint32_t base = parser->pending_count;
    const Token *first = parser->at;
    const Clause *mismatch = NULL;
    uint32_t arity = 0;
    do {
        const Token *token = parser->at;
        bool is_named = parse_accept(parser, TOKEN_VAR);
        Clause *clause = clause_create(parser->unit, token->at);
        clause->patterns = parse_pattern_arguments(parser);
        arity = token == first ? clause->patterns.count : arity;
        bool same = clause->patterns.count == arity && token->kind == first->kind &&
                    (!is_named || token->var == first->var);
        parse_clause_rest(parser, clause);
        mismatch = same || mismatch != NULL ? mismatch : clause;
        parse_push(parser, clause);
    } while (parse_accept(parser, TOKEN_SEMICOLON));
    parse_expect(parser, TOKEN_END);
    if (mismatch != NULL) {
        parse_fail(parser, mismatch->at, "head mismatch");
    }
    ClauseList clauses = parse_pop_clauses(parser, base);
    if (first->kind == TOKEN_VAR) {
        node->kind = NODE_NAMED_FUN;
        node->named_fun.var = first->var;
        node->named_fun.clauses = clauses;
    } else {
        node->clauses = clauses;
    }
    return finish_block(parser, node);
}

static Node *parse_fun(Parser *parser, Node *node)
{
    const Token *token = parser->at;
    if (token->kind == TOKEN_ATOM) {
        if (token[1].kind == TOKEN_SLASH) {
            return parse_fun_local(parser, node);
        }
        if (token[1].kind != TOKEN_COLON) {
            parse_next(parser);
            parse_fail_here(parser);
        }
        return parse_fun_remote(parser, node);
    }
    if (token->kind == TOKEN_VAR && token[1].kind != TOKEN_LPAREN) {
        if (token[1].kind != TOKEN_COLON) {
            parse_next(parser);
            parse_fail_here(parser);
        }
        return parse_fun_remote(parser, node);
    }
    if (token->kind != TOKEN_VAR && token->kind != TOKEN_LPAREN) {
        parse_fail_here(parser);
    }
    return parse_fun_clauses(parser, node);
}

typedef struct BlockParser {
    NodeKind kind;
    Node *(*parse)(Parser *parser, Node *node);
} BlockParser;

Node *parse_block(Parser *parser)
{
    static const BlockParser parsers[TOKEN_KIND_COUNT] = {
        [TOKEN_BEGIN] = {NODE_BLOCK, parse_begin}, [TOKEN_IF] = {NODE_IF, parse_if},
        [TOKEN_CASE] = {NODE_CASE, parse_case},    [TOKEN_RECEIVE] = {NODE_RECEIVE, parse_receive},
        [TOKEN_TRY] = {NODE_TRY, parse_try},       [TOKEN_MAYBE] = {NODE_MAYBE, parse_maybe},
        [TOKEN_FUN] = {NODE_FUN, parse_fun},
    };
    const BlockParser *block = &parsers[parser->at->kind];
    if (block->parse == NULL) {
        parse_fail_here(parser);
    }
    Node *node = node_create(parser->unit, block->kind, parse_next(parser)->at);
    return block->parse(parser, node);
}

/* ---- binaries ---- */

static void parse_bit_types(Parser *parser, Node *element)
{
    uint32_t base = parser->pending_count;
    do {
        BitType *type = ARENA_NEW(&parser->unit->arena, BitType);
        type->name = parse_expect(parser, TOKEN_ATOM)->value;
        type->value = parse_accept(parser, TOKEN_COLON) ? parse_expect(parser, TOKEN_INTEGER)->value
                                                        : TERM_NONE;
        parse_push(parser, type);
    } while (parse_accept(parser, TOKEN_MINUS));
    uint32_t count = parser->pending_count - base;
    element->bin_element.types = ARENA_ARRAY(&parser->unit->arena, BitType, count);
    element->bin_element.type_count = count;
    for (uint32_t i = 0; i < count; i++) {
        element->bin_element.types[i] = *(BitType *) parser->pending[base + i];
    }
    parser->pending_count = base;
}

static Operator prefix_operator(TokenKind kind)
{
    return kind == TOKEN_PLUS    ? OP_PLUS
           : kind == TOKEN_MINUS ? OP_MINUS
           : kind == TOKEN_NOT   ? OP_NOT
           : kind == TOKEN_BNOT  ? OP_BNOT
                                 : OPERATOR_COUNT;
}

/* A value with at most one prefix operator. */
static Node *parse_bin_value(Parser *parser)
{
    Operator op = prefix_operator(parser->at->kind);
    if (op == OPERATOR_COUNT) {
        return parse_max(parser);
    }
    Location at = parse_next(parser)->at;
    return node_unary(parser->unit, at, op, parse_max(parser));
}

static Node *bin_element_of(Parser *parser, Node *value)
{
    Node *element =
        node_create(parser->unit, NODE_BIN_ELEMENT, parse_first_location(parser, value));
    element->bin_element.value = value;
    if (parse_accept(parser, TOKEN_COLON)) {
        element->bin_element.size = parse_max(parser);
    }
    if (parse_accept(parser, TOKEN_SLASH)) {
        parse_bit_types(parser, element);
    }
    return finish_block(parser, element);
}

Node *parse_binary(Parser *parser, bool pattern)
{
    Location at = parse_next(parser)->at;
    Node *node = node_create(parser->unit, NODE_BIN, at);
    if (parse_accept(parser, TOKEN_RBIN)) {
        return node;
    }
    parse_enter(parser);
    uint32_t base = parser->pending_count;
    bool has_prefix = prefix_operator(parser->at->kind) != OPERATOR_COUNT;
    Node *value = parse_bin_value(parser);
    if (parse_is(parser, TOKEN_BARS) && !pattern && !has_prefix) {
        parse_next(parser);
        node->kind = NODE_BIN_COMPREHENSION;
        node->comprehension.result = value;
        node->comprehension.qualifiers = parse_qualifiers(parser);
    } else {
        parse_push(parser, bin_element_of(parser, value));
        while (parse_accept(parser, TOKEN_COMMA)) {
            parse_push(parser, bin_element_of(parser, parse_bin_value(parser)));
        }
        node->nodes = parse_pop_nodes(parser, base);
    }
    parse_expect(parser, TOKEN_RBIN);
    parse_leave(parser);
    return finish_block(parser, node);
}
