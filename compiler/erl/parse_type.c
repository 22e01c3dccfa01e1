/* compiler/erl/parse_type.c
 * Types, and the attributes -spec and -callback. */
#include "compiler/erl/parse_internal.h"

#include "runtime/term/arith.h"

static const struct {
    const char *name;
    uint32_t arity;
} builtins[] = {
    {"any", 0},
    {"arity", 0},
    {"atom", 0},
    {"binary", 0},
    {"bitstring", 0},
    {"bool", 0},
    {"boolean", 0},
    {"byte", 0},
    {"char", 0},
    {"dynamic", 0},
    {"float", 0},
    {"function", 0},
    {"identifier", 0},
    {"integer", 0},
    {"iodata", 0},
    {"iolist", 0},
    {"list", 0},
    {"list", 1},
    {"map", 0},
    {"maybe_improper_list", 0},
    {"maybe_improper_list", 2},
    {"mfa", 0},
    {"module", 0},
    {"neg_integer", 0},
    {"nil", 0},
    {"no_return", 0},
    {"node", 0},
    {"non_neg_integer", 0},
    {"none", 0},
    {"nonempty_binary", 0},
    {"nonempty_bitstring", 0},
    {"nonempty_improper_list", 2},
    {"nonempty_list", 0},
    {"nonempty_list", 1},
    {"nonempty_maybe_improper_list", 0},
    {"nonempty_maybe_improper_list", 2},
    {"nonempty_string", 0},
    {"number", 0},
    {"pid", 0},
    {"port", 0},
    {"pos_integer", 0},
    {"reference", 0},
    {"string", 0},
    {"term", 0},
    {"timeout", 0},
    {"tuple", 0},
};

bool type_is_builtin(Term name, uint32_t arity)
{
    if (arity > 2) {
        return false;
    }
    const char *text = atom_name(name);
    for (size_t i = 0; i < COUNT_OF(builtins); i++) {
        if (builtins[i].arity == arity && strcmp(builtins[i].name, text) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- making ---- */

static Node *type_node(Parser *parser, NodeKind kind, Location at, const char *name, NodeList args)
{
    Node *node = node_create(parser->unit, kind, at);
    node->type.name = atom_of(name);
    node->type.args = args;
    node_update_height(node);
    return parse_checked(parser, node);
}

static Node *type_of(Parser *parser, Location at, const char *name, NodeList args)
{
    return type_node(parser, NODE_TYPE, at, name, args);
}

static Node *type_of_two(Parser *parser, Location at, const char *name, Node *left, Node *right)
{
    Node *args[2] = {left, right};
    return type_of(parser, at, name, node_list_of(parser->unit, args, 2));
}

static const NodeList no_nodes = {NULL, 0};

/* ---- operators ---- */

typedef struct TypeOperator {
    uint16_t precedence, right;
    uint8_t op; /* OPERATOR_COUNT: '..' */
} TypeOperator;

/* clang-format off */
static const TypeOperator type_operators[TOKEN_KIND_COUNT] = {
    [TOKEN_PERIODS] = {200, 201, OPERATOR_COUNT},
    [TOKEN_PLUS]    = {400, 401, OP_ADD},
    [TOKEN_MINUS]   = {400, 401, OP_SUBTRACT},
    [TOKEN_BOR]     = {400, 401, OP_BOR},
    [TOKEN_BXOR]    = {400, 401, OP_BXOR},
    [TOKEN_BSL]     = {400, 401, OP_BSL},
    [TOKEN_BSR]     = {400, 401, OP_BSR},
    [TOKEN_OR]      = {400, 401, OP_OR},
    [TOKEN_XOR]     = {400, 401, OP_XOR},
    [TOKEN_STAR]    = {500, 501, OP_MULTIPLY},
    [TOKEN_SLASH]   = {500, 501, OP_DIVIDE},
    [TOKEN_DIV]     = {500, 501, OP_DIV},
    [TOKEN_REM]     = {500, 501, OP_REM},
    [TOKEN_BAND]    = {500, 501, OP_BAND},
    [TOKEN_AND]     = {500, 501, OP_AND},
};
/* clang-format on */

static Node *parse_type_operand(Parser *parser);

static Node *parse_type(Parser *parser, unsigned least)
{
    parse_enter(parser);
    Node *left = parse_type_operand(parser);
    for (;;) {
        const TypeOperator *operator= & type_operators[parser->at->kind];
        if (operator->precedence<least || operator->precedence == 0) {
            break;
        }
        const Token *token = parse_next(parser);
        Node *right = parse_type(parser, operator->right);
        if (operator->op != OPERATOR_COUNT) {
            left = parse_checked(parser,
                                 node_binary(parser->unit, token->at, operator->op, left, right));
            continue;
        }
        left = type_of_two(parser, parse_first_location(parser, left), "range", left, right);
        if (parse_is(parser, TOKEN_PERIODS)) {
            parse_fail_here(parser); /* 1..2..3 */
        }
    }
    parse_leave(parser);
    return left;
}

/* ---- unions and annotated types ---- */

static bool is_union(const Node *type)
{
    return type->kind == NODE_TYPE && strcmp(atom_name(type->type.name), "union") == 0;
}

/* a | b | c: one union. One in parentheses is taken apart where it is the last. */
Node *parse_top_type(Parser *parser)
{
    parse_enter(parser);
    uint32_t base = parser->pending_count;
    do {
        const Token *token = parser->at;
        if (token->kind == TOKEN_VAR && token[1].kind == TOKEN_COLONS) {
            Node *var = parse_max(parser);
            parse_next(parser);
            Node *type = parse_top_type(parser);
            parse_push(parser, parse_checked(parser, node_pair(parser->unit, NODE_ANN_TYPE,
                                                               token->at, var, type)));
        } else {
            parse_push(parser, parse_type(parser, 1));
        }
    } while (parse_accept(parser, TOKEN_BAR));
    parse_leave(parser);
    Node *last = parser->pending[parser->pending_count - 1];
    if (parser->pending_count == base + 1) {
        parser->pending_count = base;
        return last;
    }
    if (is_union(last)) {
        parser->pending_count--;
        for (uint32_t i = 0; i < last->type.args.count; i++) {
            parse_push(parser, last->type.args.items[i]);
        }
    }
    Location at = parse_first_location(parser, parser->pending[base]);
    return type_of(parser, at, "union", parse_pop_nodes(parser, base));
}

static void push_top_types(Parser *parser)
{
    do {
        parse_push(parser, parse_top_type(parser));
    } while (parse_accept(parser, TOKEN_COMMA));
}

/* ---- funs ---- */

/* `( … ) -> Type`, from the parenthesis on. */
static Node *parse_fun_type(Parser *parser, bool any_arguments)
{
    Location at = parse_expect(parser, TOKEN_LPAREN)->at;
    uint32_t base = parser->pending_count;
    Node *arguments;
    if (any_arguments && parse_accept(parser, TOKEN_ELLIPSIS)) {
        arguments = type_node(parser, NODE_TYPE_ANY_ARGS, at, "any", no_nodes);
    } else {
        if (!parse_is(parser, TOKEN_RPAREN)) {
            push_top_types(parser);
        }
        arguments = NULL;
    }
    parse_expect(parser, TOKEN_RPAREN);
    if (arguments == NULL) {
        arguments = type_of(parser, at, "product", parse_pop_nodes(parser, base));
    }
    parse_expect(parser, TOKEN_ARROW);
    return type_of_two(parser, at, "fun", arguments, parse_top_type(parser));
}

static Node *parse_type_of_fun(Parser *parser)
{
    Location at = parse_next(parser)->at;
    parse_expect(parser, TOKEN_LPAREN);
    Node *type = parse_is(parser, TOKEN_RPAREN) ? type_of(parser, at, "fun", no_nodes)
                                                : parse_fun_type(parser, true);
    parse_expect(parser, TOKEN_RPAREN);
    return type;
}

/* ---- structures ---- */

static Node *parse_list_type(Parser *parser)
{
    Location at = parse_next(parser)->at;
    if (parse_accept(parser, TOKEN_RBRACKET)) {
        return type_of(parser, at, "nil", no_nodes);
    }
    Node *element = parse_top_type(parser);
    bool nonempty = parse_accept(parser, TOKEN_COMMA);
    if (nonempty) {
        parse_expect(parser, TOKEN_ELLIPSIS);
    }
    parse_expect(parser, TOKEN_RBRACKET);
    return type_of(parser, at, nonempty ? "nonempty_list" : "list",
                   node_list_of(parser->unit, &element, 1));
}

static Node *parse_tuple_type(Parser *parser)
{
    Location at = parse_next(parser)->at;
    uint32_t base = parser->pending_count;
    if (!parse_is(parser, TOKEN_RBRACE)) {
        push_top_types(parser);
    }
    parse_expect(parser, TOKEN_RBRACE);
    return type_of(parser, at, "tuple", parse_pop_nodes(parser, base));
}

static Node *parse_map_type(Parser *parser, Location at)
{
    uint32_t base = parser->pending_count;
    parse_next(parser);
    if (!parse_is(parser, TOKEN_RBRACE)) {
        do {
            Node *key = parse_top_type(parser);
            const Token *token = parser->at;
            if (token->kind != TOKEN_ASSOC && token->kind != TOKEN_EXACT) {
                parse_fail_here(parser);
            }
            parse_next(parser);
            Node *value = parse_top_type(parser);
            bool assoc = token->kind == TOKEN_ASSOC;
            parse_push(parser,
                       type_of_two(parser, token->at, assoc ? "map_field_assoc" : "map_field_exact",
                                   key, value));
        } while (parse_accept(parser, TOKEN_COMMA));
    }
    parse_expect(parser, TOKEN_RBRACE);
    return type_of(parser, at, "map", parse_pop_nodes(parser, base));
}

static Node *parse_record_type(Parser *parser, Location at)
{
    uint32_t base = parser->pending_count;
    parse_push(parser, parse_max(parser));
    parse_expect(parser, TOKEN_LBRACE);
    if (!parse_is(parser, TOKEN_RBRACE)) {
        do {
            if (!parse_is(parser, TOKEN_ATOM)) {
                parse_fail_here(parser);
            }
            Node *name = parse_max(parser);
            parse_expect(parser, TOKEN_COLONS);
            Node *type = parse_top_type(parser);
            parse_push(parser, type_of_two(parser, name->at, "field_type", name, type));
        } while (parse_accept(parser, TOKEN_COMMA));
    }
    parse_expect(parser, TOKEN_RBRACE);
    return type_of(parser, at, "record", parse_pop_nodes(parser, base));
}

static Node *parse_hash_type(Parser *parser)
{
    Location at = parse_next(parser)->at;
    if (parse_is(parser, TOKEN_LBRACE)) {
        return parse_map_type(parser, at);
    }
    if (!parse_is(parser, TOKEN_ATOM)) {
        parse_fail_here(parser);
    }
    return parse_record_type(parser, at);
}

/* ---- binaries ---- */

static void expect_anonymous(Parser *parser)
{
    const Token *token = parse_expect(parser, TOKEN_VAR);
    if (token->var != VAR_ANONYMOUS) {
        parse_fail(parser, token->at, "Bad binary type");
    }
}

/* True: `_ * Unit` follows. */
static bool at_unit(const Parser *parser)
{
    return parse_is(parser, TOKEN_VAR) && parser->at[1].kind == TOKEN_STAR;
}

/* <<>>, <<_:Base>>, <<_:_*Unit>>, <<_:Base, _:_*Unit>> */
static Node *parse_binary_type(Parser *parser)
{
    Location at = parse_next(parser)->at;
    Location nowhere = {at.line, 0, at.file, 0}; /* where OTP puts what is not written */
    Node *base = node_integer(parser->unit, nowhere, 0);
    Node *unit = node_integer(parser->unit, nowhere, 0);
    if (!parse_is(parser, TOKEN_RBIN)) {
        expect_anonymous(parser);
        parse_expect(parser, TOKEN_COLON);
        bool more = true;
        if (!at_unit(parser)) {
            base = parse_type(parser, 1);
            more = parse_accept(parser, TOKEN_COMMA);
            if (more) {
                expect_anonymous(parser);
                parse_expect(parser, TOKEN_COLON);
            }
        }
        if (more) {
            expect_anonymous(parser);
            parse_expect(parser, TOKEN_STAR);
            unit = parse_type(parser, 1);
        }
    }
    parse_expect(parser, TOKEN_RBIN);
    return type_of_two(parser, at, "binary", base, unit);
}

/* ---- names ---- */

static NodeList parse_type_arguments(Parser *parser)
{
    uint32_t base = parser->pending_count;
    parse_expect(parser, TOKEN_LPAREN);
    if (!parse_is(parser, TOKEN_RPAREN)) {
        push_top_types(parser);
    }
    parse_expect(parser, TOKEN_RPAREN);
    return parse_pop_nodes(parser, base);
}

static Node *parse_named_type(Parser *parser)
{
    const Token *token = parser->at;
    Node *name = parse_max(parser);
    if (parse_accept(parser, TOKEN_COLON)) {
        if (!parse_is(parser, TOKEN_ATOM)) {
            parse_fail_here(parser);
        }
        Node *node = node_create(parser->unit, NODE_REMOTE_TYPE, token->at);
        node->remote_type.module = name;
        node->remote_type.name = parse_max(parser);
        node->remote_type.args = parse_type_arguments(parser);
        node_update_height(node);
        return parse_checked(parser, node);
    }
    if (!parse_is(parser, TOKEN_LPAREN)) {
        return name;
    }
    NodeList args = parse_type_arguments(parser);
    const char *text = atom_name(name->value);
    bool any_args = args.count == 0 && (strcmp(text, "tuple") == 0 || strcmp(text, "map") == 0);
    NodeKind kind = any_args                                   ? NODE_TYPE_ANY_ARGS
                    : type_is_builtin(name->value, args.count) ? NODE_TYPE
                                                               : NODE_USER_TYPE;
    Node *node = node_create(parser->unit, kind, token->at);
    node->type.name = name->value;
    node->type.args = args;
    node_update_height(node);
    return parse_checked(parser, node);
}

static Node *parse_prefix_type(Parser *parser, Operator op)
{
    Location at = parse_next(parser)->at;
    parse_enter(parser);
    Node *operand = parse_type_operand(parser);
    parse_leave(parser);
    return parse_checked(parser, node_unary(parser->unit, at, op, operand));
}

static Node *parse_type_operand(Parser *parser)
{
    switch (parser->at->kind) {
    case TOKEN_ATOM:
        return parse_named_type(parser);
    case TOKEN_VAR:
    case TOKEN_INTEGER:
    case TOKEN_CHAR:
        return parse_max(parser);
    case TOKEN_LPAREN: {
        parse_next(parser);
        Node *type = parse_top_type(parser);
        parse_expect(parser, TOKEN_RPAREN);
        return type;
    }
    case TOKEN_LBRACKET:
        return parse_list_type(parser);
    case TOKEN_LBRACE:
        return parse_tuple_type(parser);
    case TOKEN_HASH:
        return parse_hash_type(parser);
    case TOKEN_LBIN:
        return parse_binary_type(parser);
    case TOKEN_FUN:
        return parse_type_of_fun(parser);
    case TOKEN_PLUS:
        return parse_prefix_type(parser, OP_PLUS);
    case TOKEN_MINUS:
        return parse_prefix_type(parser, OP_MINUS);
    case TOKEN_NOT:
        return parse_prefix_type(parser, OP_NOT);
    case TOKEN_BNOT:
        return parse_prefix_type(parser, OP_BNOT);
    default:
        parse_fail_here(parser);
    }
}

/* ---- specs ---- */

/* V :: Type, or is_subtype(V, Type). */
static Node *parse_constraint(Parser *parser)
{
    if (parse_is(parser, TOKEN_VAR)) {
        Node *var = parse_max(parser);
        if (var->var == VAR_ANONYMOUS) {
            parse_fail(parser, var->at, "bad type variable");
        }
        parse_expect(parser, TOKEN_COLONS);
        return node_pair(parser->unit, NODE_TYPE_CONSTRAINT, var->at, var, parse_top_type(parser));
    }
    const Token *name = parse_expect(parser, TOKEN_ATOM);
    parse_expect(parser, TOKEN_LPAREN);
    uint32_t base = parser->pending_count;
    push_top_types(parser);
    parse_expect(parser, TOKEN_RPAREN);
    NodeList args = parse_pop_nodes(parser, base);
    if (strcmp(atom_name(name->value), "is_subtype") != 0 || args.count != 2) {
        Text text = {0};
        atom_print(&text, name->value);
        char *copy = arena_copy_text(&parser->unit->arena, text.bytes, text.size_bytes);
        text_finish(&text);
        parse_fail_about(parser, name->at, "unsupported constraint ", copy, "");
    }
    Node *var = args.items[0];
    if (var->kind != NODE_VAR) {
        parse_fail(parser, parse_first_location(parser, var), "bad type variable");
    }
    return node_pair(parser->unit, NODE_TYPE_CONSTRAINT, var->at, var, args.items[1]);
}

static Node *parse_signature(Parser *parser)
{
    Node *fun = parse_fun_type(parser, false);
    if (!parse_accept(parser, TOKEN_WHEN)) {
        return fun;
    }
    uint32_t base = parser->pending_count;
    do {
        parse_push(parser, parse_constraint(parser));
    } while (parse_accept(parser, TOKEN_COMMA));
    Node *node = node_create(parser->unit, NODE_BOUNDED_FUN, fun->at);
    node->bounded_fun.fun = fun;
    node->bounded_fun.constraints = parse_pop_nodes(parser, base);
    node_update_height(node);
    return parse_checked(parser, node);
}

void parse_spec(Parser *parser, const Token *name, Form *form)
{
    bool enclosed = parse_accept(parser, TOKEN_LPAREN);
    form->kind = FORM_SPEC;
    form->spec.attribute = name->value;
    form->spec.module = TERM_NONE;
    form->spec.name = parse_expect(parser, TOKEN_ATOM)->value;
    if (parse_accept(parser, TOKEN_COLON)) {
        form->spec.module = form->spec.name;
        form->spec.name = parse_expect(parser, TOKEN_ATOM)->value;
    }
    uint32_t base = parser->pending_count;
    do {
        parse_push(parser, parse_signature(parser));
    } while (parse_accept(parser, TOKEN_SEMICOLON));
    form->spec.types = parse_pop_nodes(parser, base);
    if (enclosed) {
        parse_expect(parser, TOKEN_RPAREN);
    }
    const Node *first = form->spec.types.items[0];
    const Node *fun = first->kind == NODE_BOUNDED_FUN ? first->bounded_fun.fun : first;
    form->spec.arity = fun->type.args.items[0]->type.args.count;
}
