/* compiler/erl/parse_expr.c
 * Expressions and patterns: operators by precedence climbing, calls, lists, tuples, maps, records.
 *
 * Patterns of functions and funs have a grammar of their own (no calls, no `andalso`, no `!`); it
 * holds at their top level only: inside lists and tuples any expression is accepted, and the checks
 * that follow refuse what is no pattern. */
#include "compiler/erl/parse_internal.h"

/* ---- operators ---- */

enum { PREC_CATCH = 1, PREC_MATCH = 100, PREC_COMPARE = 200, PREC_UNARY = 600 };
enum { OPERATOR_MATCH = OPERATOR_COUNT };

typedef struct BinaryOperator {
    uint16_t precedence; /* 0: no operator */
    uint16_t right;      /* the least precedence of what is taken as the right operand */
    uint8_t op;          /* Operator or OPERATOR_MATCH */
    bool in_patterns;
} BinaryOperator;

/* clang-format off */
static const BinaryOperator binary_operators[TOKEN_KIND_COUNT] = {
    [TOKEN_MATCH]       = {100, 100, OPERATOR_MATCH, true},
    [TOKEN_BANG]        = {100, 100, OP_SEND, false},
    [TOKEN_ORELSE]      = {150, 150, OP_ORELSE, false},
    [TOKEN_ANDALSO]     = {160, 160, OP_ANDALSO, false},
    [TOKEN_EQ]          = {200, 201, OP_EQ, true},
    [TOKEN_NE]          = {200, 201, OP_NE, true},
    [TOKEN_LE]          = {200, 201, OP_LE, true},
    [TOKEN_LT]          = {200, 201, OP_LT, true},
    [TOKEN_GE]          = {200, 201, OP_GE, true},
    [TOKEN_GT]          = {200, 201, OP_GT, true},
    [TOKEN_EXACT_EQ]    = {200, 201, OP_EXACT_EQ, true},
    [TOKEN_EXACT_NE]    = {200, 201, OP_EXACT_NE, true},
    [TOKEN_PLUS_PLUS]   = {300, 300, OP_APPEND, true},
    [TOKEN_MINUS_MINUS] = {300, 300, OP_LIST_SUBTRACT, true},
    [TOKEN_PLUS]        = {400, 401, OP_ADD, true},
    [TOKEN_MINUS]       = {400, 401, OP_SUBTRACT, true},
    [TOKEN_BOR]         = {400, 401, OP_BOR, true},
    [TOKEN_BXOR]        = {400, 401, OP_BXOR, true},
    [TOKEN_BSL]         = {400, 401, OP_BSL, true},
    [TOKEN_BSR]         = {400, 401, OP_BSR, true},
    [TOKEN_OR]          = {400, 401, OP_OR, true},
    [TOKEN_XOR]         = {400, 401, OP_XOR, true},
    [TOKEN_STAR]        = {500, 501, OP_MULTIPLY, true},
    [TOKEN_SLASH]       = {500, 501, OP_DIVIDE, true},
    [TOKEN_DIV]         = {500, 501, OP_DIV, true},
    [TOKEN_REM]         = {500, 501, OP_REM, true},
    [TOKEN_BAND]        = {500, 501, OP_BAND, true},
    [TOKEN_AND]         = {500, 501, OP_AND, true},
};
/* clang-format on */

static Node *parse_operand(Parser *parser, bool pattern);

static Node *build_binary(Parser *parser, const Token *token, unsigned op, Node *left, Node *right)
{
    if (op == OPERATOR_MATCH) {
        return node_pair(parser->unit, NODE_MATCH, parse_first_location(parser, left), left, right);
    }
    return node_binary(parser->unit, token->at, (Operator) op, left, right);
}

static Node *parse_operators(Parser *parser, unsigned least, bool pattern)
{
    parse_enter(parser);
    Node *left = parse_operand(parser, pattern);
    for (;;) {
        const BinaryOperator *operator= & binary_operators[parser->at->kind];
        if (operator->precedence<least || operator->precedence ==
            0 ||(pattern && !operator->in_patterns)) {
            break;
        }
        const Token *token = parse_next(parser);
        Node *right = parse_operators(parser, operator->right, pattern);
        left = parse_checked(parser, build_binary(parser, token, operator->op, left, right));
        if (operator->precedence == PREC_COMPARE && binary_operators[parser->at->kind].precedence ==
            PREC_COMPARE) {
            parse_fail_here(parser); /* a < b < c */
        }
    }
    parse_leave(parser);
    return left;
}

Node *parse_expr(Parser *parser)
{
    return parse_operators(parser, PREC_CATCH, false);
}
Node *parse_pattern(Parser *parser)
{
    return parse_operators(parser, PREC_CATCH, true);
}

static Node *parse_catch(Parser *parser)
{
    const Token *token = parse_next(parser);
    Node *node = node_create(parser->unit, NODE_CATCH, token->at);
    node->unary.operand = parse_expr(parser);
    node_update_height(node);
    return parse_checked(parser, node);
}

static Node *parse_prefix(Parser *parser, Operator op, bool pattern)
{
    const Token *token = parse_next(parser);
    parse_enter(parser);
    Node *operand = parse_operand(parser, pattern);
    parse_leave(parser);
    return parse_checked(parser, node_unary(parser->unit, token->at, op, operand));
}

/* ---- lists of expressions ---- */

static void parse_comma_list(Parser *parser, bool pattern)
{
    do {
        parse_push(parser, pattern ? parse_pattern(parser) : parse_expr(parser));
    } while (parse_accept(parser, TOKEN_COMMA));
}

NodeList parse_exprs(Parser *parser)
{
    uint32_t base = parser->pending_count;
    parse_comma_list(parser, false);
    return parse_pop_nodes(parser, base);
}

static NodeList parse_enclosed(Parser *parser, TokenKind open, TokenKind close, bool pattern)
{
    uint32_t base = parser->pending_count;
    parse_expect(parser, open);
    if (!parse_is(parser, close)) {
        parse_comma_list(parser, pattern);
    }
    parse_expect(parser, close);
    return parse_pop_nodes(parser, base);
}

NodeList parse_arguments(Parser *parser)
{
    return parse_enclosed(parser, TOKEN_LPAREN, TOKEN_RPAREN, false);
}

NodeList parse_pattern_arguments(Parser *parser)
{
    return parse_enclosed(parser, TOKEN_LPAREN, TOKEN_RPAREN, true);
}

/* ---- comprehensions ---- */

static Node *parse_qualifier(Parser *parser)
{
    Node *left = parse_expr(parser);
    const Token *token = parser->at;
    NodeKind kind;
    switch (token->kind) {
    case TOKEN_GENERATOR:
        kind = NODE_GENERATE;
        break;
    case TOKEN_BIN_GENERATOR:
        if (left->kind != NODE_BIN) {
            parse_fail_here(parser);
        }
        kind = NODE_B_GENERATE;
        break;
    case TOKEN_EXACT: {
        parse_next(parser);
        Node *value = parse_expr(parser);
        left = node_pair(parser->unit, NODE_MAP_FIELD_EXACT, token->at, left, value);
        token = parser->at;
        if (!parse_is(parser, TOKEN_GENERATOR)) {
            parse_fail_here(parser);
        }
        kind = NODE_M_GENERATE;
        break;
    }
    default:
        return left;
    }
    parse_next(parser);
    Node *right = parse_expr(parser);
    return parse_checked(parser, node_pair(parser->unit, kind, token->at, left, right));
}

NodeList parse_qualifiers(Parser *parser)
{
    uint32_t base = parser->pending_count;
    do {
        parse_push(parser, parse_qualifier(parser));
    } while (parse_accept(parser, TOKEN_COMMA));
    return parse_pop_nodes(parser, base);
}

static Node *parse_comprehension(Parser *parser, NodeKind kind, Location at, Node *result,
                                 TokenKind close)
{
    parse_expect(parser, TOKEN_BARS);
    Node *node = node_create(parser->unit, kind, at);
    node->comprehension.result = result;
    node->comprehension.qualifiers = parse_qualifiers(parser);
    parse_expect(parser, close);
    node_update_height(node);
    return parse_checked(parser, node);
}

/* ---- values ---- */

static Node *parse_literal(Parser *parser, NodeKind kind)
{
    const Token *token = parse_next(parser);
    Node *node = node_create(parser->unit, kind, token->at);
    node->value = token->value;
    return node;
}

static Node *parse_float(Parser *parser)
{
    const Token *token = parse_next(parser);
    Node *node = node_create(parser->unit, NODE_FLOAT, token->at);
    node->float_value = token->float_value;
    return node;
}

/* Neighbouring strings are one. */
static Node *parse_string(Parser *parser)
{
    const Token *first = parse_next(parser);
    Node *node = node_create(parser->unit, NODE_STRING, first->at);
    node->string.characters = first->characters;
    node->string.count = first->count;
    if (!parse_is(parser, TOKEN_STRING)) {
        return node;
    }
    uint64_t total = first->count;
    for (const Token *token = parser->at; token->kind == TOKEN_STRING; token++) {
        total += token->count;
    }
    if (total > UINT32_MAX) {
        machine_stop("a string of more than 4,294,967,295 characters");
    }
    uint32_t *characters = ARENA_ARRAY(&parser->unit->arena, uint32_t, total);
    size_t used = 0;
    for (const Token *token = first; token->kind == TOKEN_STRING; token++) {
        if (token->count != 0) {
            memcpy(characters + used, token->characters, token->count * sizeof *characters);
        }
        used += token->count;
        parser->at = token + 1;
    }
    node->string.characters = characters;
    node->string.count = (uint32_t) total;
    return node;
}

/* ~s"…" is a string; ~"…" and ~b"…" are <<"…"/utf8>>. */
static Node *parse_sigil(Parser *parser)
{
    const Token *token = parse_next(parser);
    Node *string = node_create(parser->unit, NODE_STRING, token->at);
    string->string.characters = token->characters;
    string->string.count = token->count;
    if (token->sigil == 's' || token->sigil == 'S') {
        return string;
    }
    BitType *type = ARENA_NEW(&parser->unit->arena, BitType);
    *type = (BitType){atom_of("utf8"), TERM_NONE};
    Node *element = node_create(parser->unit, NODE_BIN_ELEMENT, token->at);
    element->bin_element.value = string;
    element->bin_element.types = type;
    element->bin_element.type_count = 1;
    node_update_height(element);
    Node *bin = node_create(parser->unit, NODE_BIN, token->at);
    bin->nodes = node_list_of(parser->unit, &element, 1);
    node_update_height(bin);
    return bin;
}

static Node *parse_var(Parser *parser)
{
    const Token *token = parse_next(parser);
    return node_var(parser->unit, token->at, token->var);
}

static Node *parse_tuple(Parser *parser)
{
    Location at = parser->at->at;
    NodeList elements = parse_enclosed(parser, TOKEN_LBRACE, TOKEN_RBRACE, false);
    return parse_checked(parser, node_tuple(parser->unit, at, elements));
}

/* A list, or a list comprehension unless in a pattern. */
static Node *parse_list(Parser *parser, bool pattern)
{
    const Token *open = parse_next(parser);
    uint32_t base = parser->pending_count;
    Node *tail = NULL;
    if (!parse_is(parser, TOKEN_RBRACKET)) {
        parse_comma_list(parser, false);
        if (parse_is(parser, TOKEN_BARS) && !pattern && parser->pending_count == base + 1) {
            Node *result = parser->pending[--parser->pending_count];
            return parse_comprehension(parser, NODE_LIST_COMPREHENSION, open->at, result,
                                       TOKEN_RBRACKET);
        }
        if (parse_accept(parser, TOKEN_BAR)) {
            tail = parse_expr(parser);
        }
    }
    const Token *close = parse_expect(parser, TOKEN_RBRACKET);
    Node *node = node_list(parser->unit, open->at, parse_pop_nodes(parser, base), tail);
    if (node->list.elements.count == 0) {
        return node;
    }
    Location end = close->at;
    if (tail != NULL && tail->kind == NODE_LIST && tail->list.elements.count == 0) {
        node->list.tail = NULL; /* [a | []] */
        end = tail->at;
    }
    node->list.end_line = end.line;
    node->list.end_column = end.column;
    return parse_checked(parser, node);
}

/* ---- maps and records ---- */

static Node *parse_map_field(Parser *parser)
{
    Node *key = parse_expr(parser);
    const Token *token = parser->at;
    if (token->kind != TOKEN_ASSOC && token->kind != TOKEN_EXACT) {
        parse_fail_here(parser);
    }
    parse_next(parser);
    Node *value = parse_expr(parser);
    NodeKind kind = token->kind == TOKEN_ASSOC ? NODE_MAP_FIELD_ASSOC : NODE_MAP_FIELD_EXACT;
    return parse_checked(parser, node_pair(parser->unit, kind, token->at, key, value));
}

/* From `{` on; `at` is the hash sign's place, `map` what is updated. */
static Node *parse_map(Parser *parser, Location at, Node *map, bool pattern)
{
    uint32_t base = parser->pending_count;
    parse_expect(parser, TOKEN_LBRACE);
    if (!parse_is(parser, TOKEN_RBRACE)) {
        do {
            parse_push(parser, parse_map_field(parser));
        } while (parse_accept(parser, TOKEN_COMMA));
        Node *first = parser->pending[base];
        if (parse_is(parser, TOKEN_BARS) && map == NULL && !pattern &&
            parser->pending_count == base + 1 && first->kind == NODE_MAP_FIELD_ASSOC) {
            parser->pending_count = base;
            return parse_comprehension(parser, NODE_MAP_COMPREHENSION, at, first, TOKEN_RBRACE);
        }
    }
    parse_expect(parser, TOKEN_RBRACE);
    Node *node = node_create(parser->unit, NODE_MAP, at);
    node->map.map = map;
    node->map.fields = parse_pop_nodes(parser, base);
    node_update_height(node);
    return parse_checked(parser, node);
}

static Node *parse_record_field(Parser *parser)
{
    const Token *token = parser->at;
    Node *name;
    if (token->kind == TOKEN_VAR) {
        name = parse_var(parser);
    } else if (token->kind == TOKEN_ATOM) {
        name = parse_literal(parser, NODE_ATOM);
    } else {
        parse_fail_here(parser);
    }
    parse_expect(parser, TOKEN_MATCH);
    Node *value = parse_expr(parser);
    return parse_checked(parser,
                         node_pair(parser->unit, NODE_RECORD_FIELD, token->at, name, value));
}

/* From the name on. */
static Node *parse_record(Parser *parser, Location at, Node *expr)
{
    Term name = parse_expect(parser, TOKEN_ATOM)->value;
    if (parse_accept(parser, TOKEN_PERIOD)) {
        if (!parse_is(parser, TOKEN_ATOM)) {
            parse_fail_here(parser);
        }
        Node *node =
            node_create(parser->unit, expr == NULL ? NODE_RECORD_INDEX : NODE_RECORD_ACCESS, at);
        node->record_access.expr = expr;
        node->record_access.name = name;
        node->record_access.field = parse_literal(parser, NODE_ATOM);
        node_update_height(node);
        return parse_checked(parser, node);
    }
    uint32_t base = parser->pending_count;
    parse_expect(parser, TOKEN_LBRACE);
    if (!parse_is(parser, TOKEN_RBRACE)) {
        do {
            parse_push(parser, parse_record_field(parser));
        } while (parse_accept(parser, TOKEN_COMMA));
    }
    parse_expect(parser, TOKEN_RBRACE);
    Node *node = node_create(parser->unit, NODE_RECORD, at);
    node->record.expr = expr;
    node->record.name = name;
    node->record.fields = parse_pop_nodes(parser, base);
    node_update_height(node);
    return parse_checked(parser, node);
}

/* `#…`, and every `#…` that follows: maps go on with maps, records with records. */
static Node *parse_hashes(Parser *parser, Node *expr, bool pattern)
{
    enum { ANY, MAP, RECORD } last = ANY;
    do {
        Location at = parse_expect(parser, TOKEN_HASH)->at;
        if (last != RECORD && parse_is(parser, TOKEN_LBRACE)) {
            expr = parse_map(parser, at, expr, pattern);
            if (expr->kind != NODE_MAP) {
                return expr;
            }
            last = MAP;
        } else if (last != MAP && parse_is(parser, TOKEN_ATOM)) {
            expr = parse_record(parser, at, expr);
            last = RECORD;
        } else {
            parse_fail_here(parser);
        }
    } while (parse_is(parser, TOKEN_HASH) && !pattern);
    return expr;
}

/* ---- operands ---- */

/* What starts an operand in patterns and in expressions alike. NULL: something else. */
static Node *parse_simple(Parser *parser, bool pattern)
{
    switch ((TokenKind) parser->at->kind) {
    case TOKEN_VAR:
        return parse_var(parser);
    case TOKEN_ATOM:
        return parse_literal(parser, NODE_ATOM);
    case TOKEN_INTEGER:
        return parse_literal(parser, NODE_INTEGER);
    case TOKEN_CHAR:
        return parse_literal(parser, NODE_CHAR);
    case TOKEN_FLOAT:
        return parse_float(parser);
    case TOKEN_STRING:
        return parse_string(parser);
    case TOKEN_SIGIL:
        return parse_sigil(parser);
    case TOKEN_LBRACKET:
        return parse_list(parser, pattern);
    case TOKEN_LBRACE:
        return parse_tuple(parser);
    case TOKEN_LBIN:
        return parse_binary(parser, pattern);
    case TOKEN_LPAREN: {
        parse_next(parser);
        Node *inner = pattern ? parse_pattern(parser) : parse_expr(parser);
        parse_expect(parser, TOKEN_RPAREN);
        return inner;
    }
    default:
        return NULL;
    }
}

Node *parse_max(Parser *parser)
{
    Node *node = parse_simple(parser, false);
    return node != NULL ? node : parse_block(parser);
}

static Node *parse_call(Parser *parser, Node *function)
{
    NodeList args = parse_arguments(parser);
    return parse_checked(
        parser, node_call(parser->unit, parse_first_location(parser, function), function, args));
}

static Node *parse_operand(Parser *parser, bool pattern)
{
    switch (parser->at->kind) {
    case TOKEN_PLUS:
        return parse_prefix(parser, OP_PLUS, pattern);
    case TOKEN_MINUS:
        return parse_prefix(parser, OP_MINUS, pattern);
    case TOKEN_NOT:
        return parse_prefix(parser, OP_NOT, pattern);
    case TOKEN_BNOT:
        return parse_prefix(parser, OP_BNOT, pattern);
    case TOKEN_HASH:
        return parse_hashes(parser, NULL, pattern);
    default:
        break;
    }
    if (pattern) {
        Node *node = parse_simple(parser, true);
        if (node == NULL) {
            parse_fail_here(parser);
        }
        return node;
    }
    if (parse_is(parser, TOKEN_CATCH)) {
        return parse_catch(parser);
    }
    Node *node = parse_max(parser);
    if (parse_is(parser, TOKEN_COLON)) {
        const Token *colon = parse_next(parser);
        Node *name = parse_max(parser);
        node = node_pair(parser->unit, NODE_REMOTE, colon->at, node, name);
    } else if (parse_is(parser, TOKEN_HASH)) {
        return parse_hashes(parser, node, false);
    }
    return parse_is(parser, TOKEN_LPAREN) ? parse_call(parser, node) : node;
}
