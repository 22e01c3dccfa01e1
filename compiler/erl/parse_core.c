/* compiler/erl/parse_core.c
 * The parser's own affairs: its pending stack, its failures, tokens in messages. */
#include "compiler/erl/parse_internal.h"

#include "compiler/erl/scan.h"
#include "runtime/term/arith.h"

void parser_init(Parser *parser, ErlUnit *unit)
{
    memset(parser, 0, sizeof *parser);
    parser->unit = unit;
}

void parser_finish(Parser *parser)
{
    mem_free(parser->pending);
}

void parse_pending_grow(Parser *parser)
{
    parser->pending_capacity = parser->pending_capacity == 0 ? 64 : parser->pending_capacity * 2;
    parser->pending =
        mem_realloc(parser->pending, parser->pending_capacity * sizeof *parser->pending);
}

NodeList parse_pop_nodes(Parser *parser, uint32_t base)
{
    NodeList list = {NULL, parser->pending_count - base};
    if (list.count != 0) {
        list.items = arena_copy(&parser->unit->arena, parser->pending + base,
                                list.count * sizeof *list.items);
    }
    parser->pending_count = base;
    return list;
}

ClauseList parse_pop_clauses(Parser *parser, uint32_t base)
{
    ClauseList list = {NULL, parser->pending_count - base};
    list.items =
        arena_copy(&parser->unit->arena, parser->pending + base, list.count * sizeof *list.items);
    parser->pending_count = base;
    return list;
}

/* ---- failing ---- */

static Term string_term(ErlUnit *unit, const char *text)
{
    return make_string_utf8(erl_unit_space(unit), text, strlen(text));
}

void parse_fail(Parser *parser, Location at, const char *text)
{
    parser->error_at = at;
    parser->error_text = arena_copy_text(&parser->unit->arena, text, strlen(text));
    parser->error_descriptor = string_term(parser->unit, text);
    longjmp(parser->failure, 1);
}

void parse_fail_about(Parser *parser, Location at, const char *before, const char *what,
                      const char *after)
{
    ErlUnit *unit = parser->unit;
    Space *space = erl_unit_space(unit);
    Term list = string_term(unit, after);
    list = make_cons(space, string_term(unit, what), list);
    for (size_t i = strlen(before); i-- > 0;) {
        list = make_cons(space, term_small(before[i]), list);
    }
    parser->error_at = at;
    parser->error_text = arena_printf(&unit->arena, "%s%s%s", before, what, after);
    parser->error_descriptor = list;
    longjmp(parser->failure, 1);
}

void parse_fail_deep(Parser *parser, Location at)
{
    parse_fail(parser, at, "nested too deeply");
}

void parse_fail_here(Parser *parser)
{
    static const char before[] = "syntax error before: ";
    ErlUnit *unit = parser->unit;
    Text text = {0};
    text_add_string(&text, before);
    token_print(&text, parser->at);
    parser->error_at = parser->at->at;
    parser->error_text = arena_copy_text(&unit->arena, text.bytes, text.size_bytes);
    text_finish(&text);
    Space *space = erl_unit_space(unit);
    Term rest = make_cons(space, string_term(unit, parser->error_text + strlen(before)), TERM_NIL);
    parser->error_descriptor = make_cons(space, string_term(unit, before), rest);
    longjmp(parser->failure, 1);
}

/* ---- tokens as text ---- */

static void print_char(Text *text, uint32_t c)
{
    switch (c) {
    case ' ':
        text_add_string(text, "$\\s");
        break;
    default:
        text_add_string(text, "$");
        text_add_quoted(text, &c, 1, '\0');
    }
}

static void print_float(Text *text, double value)
{
    char room[64];
    text_add(text, room, double_write_shortest(value, room));
}

void token_print(Text *text, const Token *token)
{
    switch ((TokenKind) token->kind) {
    case TOKEN_EOF:
    case TOKEN_ERROR:
        break;
    case TOKEN_DOT:
        text_add_string(text, "'.'");
        break;
    case TOKEN_ATOM:
        atom_print(text, token->value);
        break;
    case TOKEN_VAR:
        text_add_string(text, atom_name(token->value));
        break;
    case TOKEN_INTEGER:
        term_print(text, token->value, 0);
        break;
    case TOKEN_FLOAT:
        print_float(text, token->float_value);
        break;
    case TOKEN_CHAR:
        print_char(text, (uint32_t) small_value(token->value));
        break;
    case TOKEN_STRING:
    case TOKEN_SIGIL:
        text_add_quoted(text, token->characters, token->count, '"');
        break;
    case TOKEN_OTHER: {
        uint32_t c = (uint32_t) small_value(token->value);
        text_add_string(text, "'");
        text_add_quoted(text, &c, 1, '\0');
        text_add_string(text, "'");
        break;
    }
    default:
        text_addf(text, "'%s'", token_texts[token->kind]);
    }
}
