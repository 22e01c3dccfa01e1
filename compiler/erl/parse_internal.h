/* compiler/erl/parse_internal.h
 * What the parser's files share: parse_expr.c (expressions and patterns), parse_block.c (the forms
 * that end with `end`, and binaries), parse_type.c (types and specs), parse_form.c (functions and
 * attributes), parse_term.c (expressions as terms), parse.c (texts and files).
 *
 * The parser walks the tokens of one form, which end with TOKEN_DOT or TOKEN_EOF, by recursive
 * descent, with precedence climbing for operators. An error leaves by longjmp: everything made so
 * far lies in the unit's arena, and the pending stack is the parser's own. */
#ifndef MUSTER_COMPILER_ERL_PARSE_INTERNAL_H
#define MUSTER_COMPILER_ERL_PARSE_INTERNAL_H

#include <setjmp.h>

#include "compiler/erl/parse.h"
#include "compiler/erl/token.h"

typedef struct Parser {
    ErlUnit *unit;
    const Token *at; /* the next token */
    uint32_t nest;   /* levels of recursion */
    /* Tokens stand where macros put them: the first of an expression need not come first. */
    bool has_macros;
    /* Items of lists whose end is not reached yet; each list pops its own. */
    void **pending;
    uint32_t pending_count, pending_capacity;
    jmp_buf failure;
    /* After a failure: */
    Location error_at;
    char *error_text;
    Term error_descriptor; /* as erl_parse's */
} Parser;

void parser_init(Parser *parser, ErlUnit *unit);
void parser_finish(Parser *parser);

/* The form of the tokens, which end with TOKEN_DOT or TOKEN_EOF. NULL: parser->error_* says why. */
Form *parser_form(Parser *parser, const Token *tokens);
/* `Expr, …` up to the end of the tokens. False: as above. */
bool parser_expressions(Parser *parser, const Token *tokens, NodeList *out);

/* ---- failing ---- */

NORETURN COLD void parse_fail(Parser *parser, Location at, const char *text);
/* The same with the text in three parts; the descriptor keeps the middle one as a list of its own,
 * as OTP's formatted texts do. */
NORETURN COLD void parse_fail_about(Parser *parser, Location at, const char *before,
                                    const char *what, const char *after);
/* "syntax error before: " the next token. */
NORETURN COLD void parse_fail_here(Parser *parser);
NORETURN COLD void parse_fail_deep(Parser *parser, Location at);

/* ---- tokens ---- */

static inline bool parse_is(const Parser *parser, TokenKind kind)
{
    return parser->at->kind == kind;
}
/* The end is never passed: it is no token that is expected within a form. */
static inline const Token *parse_next(Parser *parser)
{
    return parser->at++;
}
static inline const Token *parse_expect(Parser *parser, TokenKind kind)
{
    if (UNLIKELY(parser->at->kind != kind)) {
        parse_fail_here(parser);
    }
    return parser->at++;
}
static inline bool parse_accept(Parser *parser, TokenKind kind)
{
    if (parser->at->kind != kind) {
        return false;
    }
    parser->at++;
    return true;
}
static inline void parse_enter(Parser *parser)
{
    if (UNLIKELY(++parser->nest > AST_HEIGHT_MAX)) {
        parse_fail_deep(parser, parser->at->at);
    }
}
static inline void parse_leave(Parser *parser)
{
    parser->nest--;
}
static inline Node *parse_checked(Parser *parser, Node *node)
{
    if (UNLIKELY(node->height > AST_HEIGHT_MAX)) {
        parse_fail_deep(parser, node->at);
    }
    return node;
}

/* The least position in an expression. */
static inline Location parse_first_location(const Parser *parser, const Node *node)
{
    return LIKELY(!parser->has_macros) ? node_leftmost_location(node) : node_first_location(node);
}

/* ---- pending items ---- */

void parse_pending_grow(Parser *parser);
static inline void parse_push(Parser *parser, void *item)
{
    if (UNLIKELY(parser->pending_count == parser->pending_capacity)) {
        parse_pending_grow(parser);
    }
    parser->pending[parser->pending_count++] = item;
}
/* What was pushed since pending_count was `base`. */
NodeList parse_pop_nodes(Parser *parser, uint32_t base);
ClauseList parse_pop_clauses(Parser *parser, uint32_t base);

/* ---- grammar ---- */

Node *parse_expr(Parser *parser);
Node *parse_pattern(Parser *parser);
Node *parse_max(Parser *parser); /* what may stand before '(' and ':' : a variable, a list … */
NodeList parse_exprs(Parser *parser);     /* one or more, with commas */
NodeList parse_arguments(Parser *parser); /* ( … ), maybe empty */
NodeList parse_pattern_arguments(Parser *parser);
void parse_clause_rest(Parser *parser, Clause *clause); /* guard and body */
NodeList parse_qualifiers(Parser *parser);

Node *parse_block(Parser *parser); /* begin, if, case, receive, try, maybe, fun */
Node *parse_binary(Parser *parser, bool pattern);

Node *parse_top_type(Parser *parser);
/* -spec and -callback: `name` is the attribute's token, already read. */
void parse_spec(Parser *parser, const Token *name, Form *form);
/* True when a type of that name and arity is built in. */
bool type_is_builtin(Term name, uint32_t arity);

/* ---- terms ---- */

enum { TERM_FARITY = 1 /* f/1 in it is {f,1} */ };
/* The value of a literal expression, or TERM_NONE. */
Term parse_term_of(ErlUnit *unit, const Node *node, unsigned flags);

/* Text of a token as messages show it. */
void token_print(Text *text, const Token *token);

#endif
