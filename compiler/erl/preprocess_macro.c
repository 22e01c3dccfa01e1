/* compiler/erl/preprocess_macro.c
 * Definitions of macros. A name may have one body without parentheses and one for each arity. */
#include "compiler/erl/preprocess_internal.h"

#include "runtime/term/bits.h"

/* ---- the table ---- */

static Macro **macro_slot(const MacroTable *table, Term name)
{
    uint32_t mask = table->slot_count - 1;
    uint32_t at = (atom_index(name) * 2654435761u) >> 7 & mask;
    while (table->slots[at] != NULL && table->slots[at]->name != name) {
        at = (at + 1) & mask;
    }
    return &table->slots[at];
}

Macro *macro_find(Preprocessor *pp, Term name)
{
    Macro *macro = *macro_slot(&pp->macros, name);
    return macro != NULL && macro->bodies != NULL ? macro : NULL;
}

static void table_grow(MacroTable *table)
{
    Macro **old = table->slots;
    uint32_t old_count = table->slot_count;
    table->slot_count *= 2;
    table->slots = mem_alloc_zero(table->slot_count * sizeof *table->slots);
    for (uint32_t i = 0; i < old_count; i++) {
        if (old[i] != NULL) {
            *macro_slot(table, old[i]->name) = old[i];
        }
    }
    mem_free(old);
}

Macro *macro_make(Preprocessor *pp, Term name)
{
    MacroTable *table = &pp->macros;
    Macro **slot = macro_slot(table, name);
    if (*slot != NULL) {
        return *slot;
    }
    Macro *macro = ARENA_NEW(&pp->arena, Macro);
    macro->name = name;
    *slot = macro;
    if (++table->used * 2 > table->slot_count) {
        table_grow(table);
    }
    return macro;
}

MacroBody *macro_body_of(const Macro *macro, int32_t arity)
{
    MacroBody *body = macro->bodies;
    while (body != NULL && body->arity != arity) {
        body = body->next;
    }
    return body;
}

MacroBody *macro_add(Preprocessor *pp, Macro *macro, int32_t arity, const Token *tokens,
                     uint32_t count)
{
    MacroBody *body = ARENA_NEW(&pp->arena, MacroBody);
    body->macro = macro;
    body->tokens = arena_copy(&pp->arena, tokens, count * sizeof *tokens);
    body->count = count;
    body->arity = arity;
    for (uint32_t i = 0; i < count; i++) {
        body->has_calls |= tokens[i].kind == TOKEN_QUESTION;
    }
    body->next = macro->bodies;
    macro->bodies = body;
    pp->macros.epoch++;
    return body;
}

/* ---- predefined macros ---- */

static void define_special(Preprocessor *pp, const char *name, int32_t arity, MacroKind kind)
{
    Macro *macro = macro_make(pp, atom_of(name));
    macro->is_predefined = true;
    macro_add(pp, macro, arity, NULL, 0)->kind = kind;
}

static void define_one(Preprocessor *pp, const char *name, Token token)
{
    Macro *macro = macro_make(pp, atom_of(name));
    macro->is_predefined = true;
    macro->bodies = NULL;
    macro_add(pp, macro, ARITY_NONE, &token, 1);
}

static Token string_token(Preprocessor *pp, const char *text)
{
    /* Names of modules and files: valid UTF-8. */
    size_t size_bytes = strlen(text);
    uint32_t *characters = ARENA_ARRAY(&pp->unit->arena, uint32_t, size_bytes);
    uint32_t count = 0;
    for (size_t at = 0, used = 1; at < size_bytes; at += used) {
        int32_t c = utf8_decode((const uint8_t *) text + at, size_bytes - at, &used);
        if (c < 0) {
            c = (unsigned char) text[at];
            used = 1;
        }
        characters[count++] = (uint32_t) c;
    }
    return (Token){.kind = TOKEN_STRING, .characters = characters, .count = count};
}

void macro_define_module(Preprocessor *pp, Term module)
{
    define_one(pp, "MODULE", (Token){.kind = TOKEN_ATOM, .value = module});
    define_one(pp, "MODULE_STRING", string_token(pp, atom_name(module)));
}

void macros_init(Preprocessor *pp)
{
    pp->macros = (MacroTable){.slot_count = 128, .epoch = 1};
    pp->macros.slots = mem_alloc_zero(pp->macros.slot_count * sizeof *pp->macros.slots);
    define_special(pp, "FILE", ARITY_NONE, MACRO_FILE);
    define_special(pp, "LINE", ARITY_NONE, MACRO_LINE);
    define_special(pp, "FUNCTION_NAME", ARITY_NONE, MACRO_FUNCTION_NAME);
    define_special(pp, "FUNCTION_ARITY", ARITY_NONE, MACRO_FUNCTION_ARITY);
    define_special(pp, "FEATURE_AVAILABLE", 1, MACRO_FEATURE_AVAILABLE);
    define_special(pp, "FEATURE_ENABLED", 1, MACRO_FEATURE_ENABLED);
    define_one(pp, "MACHINE", (Token){.kind = TOKEN_ATOM, .value = atom_of("BEAM")});
    define_one(pp, "BEAM", (Token){.kind = TOKEN_ATOM, .value = ATOM_OF(true)});
    define_one(pp, "OTP_RELEASE", (Token){.kind = TOKEN_INTEGER, .value = term_small(27)});
}

void macros_finish(Preprocessor *pp)
{
    mem_free(pp->macros.slots);
}

/* -D NAME, -D NAME=TOKENS */
void macro_define_command_line(Preprocessor *pp, const MacroDefinition *definition)
{
    const char *value = definition->value == NULL ? "true" : definition->value;
    Source source;
    source_from_bytes(&source, value, strlen(value), false);
    Scanner scanner;
    scanner_init(&scanner, pp->unit, &pp->lexicon, 0, source.text, source.size_bytes);
    TokenList tokens = {0};
    Token token;
    TokenKind kind;
    while ((kind = scan_token(&scanner, &token)) != TOKEN_EOF && kind != TOKEN_DOT) {
        if (kind == TOKEN_ERROR) {
            pp_error(pp, (Location){0}, scanner.error_descriptor, "macro %s: %s", definition->name,
                     scanner.error_text);
            break;
        }
        token_list_add(&tokens, token);
    }
    Macro *macro = macro_make(pp, atom_of(definition->name));
    macro->bodies = NULL;
    macro_add(pp, macro, ARITY_NONE, tokens.items, tokens.count);
    token_list_finish(&tokens);
    source_finish(&source);
}

/* ---- -define ---- */

/* Marks the parameter among the body's tokens. */
static void mark_parameter(Token *tokens, uint32_t count, uint32_t var, uint16_t number)
{
    for (uint32_t i = 0; i < count; i++) {
        if (tokens[i].kind == TOKEN_VAR && tokens[i].var == var) {
            tokens[i].unused = number;
        }
    }
}

/* `X, Y)` from index `at` on; the index behind the parenthesis, or 0 after an error. */
static uint32_t define_parameters(Preprocessor *pp, uint32_t at, int32_t *arity)
{
    Token *tokens = pp->raw.items;
    *arity = 0;
    if (tokens[at].kind == TOKEN_RPAREN) {
        return at + 1;
    }
    for (uint32_t first = at;; at += 2) {
        if (tokens[at].kind != TOKEN_VAR || *arity == UINT16_MAX - 1) {
            pp_bad(pp, tokens[at > first ? at - 1 : at].at, "define"); /* the comma before it */
            return 0;
        }
        for (uint32_t i = first; i < at; i += 2) {
            if (tokens[i].var == tokens[at].var) {
                Term name = tokens[at].value;
                pp_error(pp, tokens[at].at,
                         make_tuple2(pp_space(pp), atom_of("duplicated_argument"), name),
                         "argument '%s' already used", atom_name(name));
                return 0;
            }
        }
        ++*arity;
        if (tokens[at + 1].kind == TOKEN_RPAREN) {
            return at + 2;
        }
        if (tokens[at + 1].kind != TOKEN_COMMA) {
            pp_bad(pp, tokens[at + 1].at, "define");
            return 0;
        }
    }
}

static void define_body(Preprocessor *pp, const Token *name, int32_t arity, uint32_t first)
{
    const Token *last = &pp->raw.items[pp->raw.count - 1];
    if (last->kind != TOKEN_DOT) {
        pp_error(pp, last->at, atom_of("premature_end"), "premature end");
        return;
    }
    uint32_t end = pp->raw.count - 2; /* the parenthesis before the full stop */
    if (end < first || pp->raw.items[end].kind != TOKEN_RPAREN) {
        pp_error(pp, last->at, atom_of("missing_parenthesis"),
                 "badly formed define: missing closing right parenthesis");
        return;
    }
    Macro *macro = macro_make(pp, name->value);
    const char *text = atom_name(name->value);
    if (macro->bodies != NULL && macro->is_predefined) {
        pp_error(pp, name->at, make_tuple2(pp_space(pp), atom_of("redefine_predef"), name->value),
                 "redefining predefined macro '%s'", text);
        return;
    }
    if (macro_body_of(macro, arity) != NULL) {
        pp_error(pp, name->at, make_tuple2(pp_space(pp), atom_of("redefine"), name->value),
                 "redefining macro '%s'", text);
        return;
    }
    Token *tokens = pp->raw.items;
    for (int32_t i = 0; i < arity; i++) {
        mark_parameter(tokens + first, end - first, tokens[5 + 2 * i].var, (uint16_t) (i + 1));
    }
    macro_add(pp, macro, arity, tokens + first, end - first);
}

/* - define ( Name , … ) .   or   - define ( Name ( X , Y ) , … ) . */
void directive_define(Preprocessor *pp)
{
    static const uint8_t start[] = {TOKEN_LPAREN, TOKEN_ERROR};
    Location at;
    if (!pp_match(pp, start, COUNT_OF(start), &at)) {
        pp_bad(pp, at, "define");
        return;
    }
    const Token *tokens = pp->raw.items;
    int32_t arity = ARITY_NONE;
    uint32_t next = 4;
    if (tokens[next].kind == TOKEN_LPAREN) {
        next = define_parameters(pp, next + 1, &arity);
        if (next == 0) {
            return;
        }
    }
    if (tokens[next].kind != TOKEN_COMMA) {
        if (arity == ARITY_NONE) {
            pp_bad(pp, tokens[next].at, "define");
        } else {
            pp_error(pp, tokens[next].at, atom_of("missing_comma"),
                     "badly formed define: missing comma");
        }
        return;
    }
    define_body(pp, &tokens[3], arity, next + 1);
}

void directive_undef(Preprocessor *pp)
{
    static const uint8_t pattern[] = {TOKEN_LPAREN, TOKEN_ERROR, TOKEN_RPAREN, TOKEN_DOT};
    Location at;
    if (!pp_match(pp, pattern, COUNT_OF(pattern), &at)) {
        pp_bad(pp, at, "undef");
        return;
    }
    Macro *macro = macro_find(pp, pp->raw.items[3].value);
    if (macro != NULL) {
        macro->bodies = NULL;
        macro->is_predefined = false;
        pp->macros.epoch++;
    }
}
