/* compiler/erl/preprocess_expand.c
 * Expanding macro calls.
 *
 * Input is a stack of spans of tokens. A call puts its body, with the arguments in place, on top,
 * and reading goes on there: nothing recurses. A body of a macro without parentheses is expanded by
 * itself: a call that begins in it must end in it. One with parameters flows into what follows.
 *
 * Circles are found beforehand, in the graph of which body calls which. Macros that build calls out
 * of their arguments can escape that, as they do in OTP; a limit of steps stops those. */
#include "compiler/erl/preprocess_internal.h"

#include <stdio.h>

#include "runtime/term/bits.h"

enum { STEPS_MAX = 1 << 22, EXPANDED_MAX = 1 << 23 };

typedef struct Span {
    const Token *at, *end;
    bool is_closed; /* calls do not reach beyond its end */
} Span;

typedef struct Spans {
    Span *items;
    uint32_t count, capacity;
    uint32_t steps;
} Spans;

/* Tokens of one argument. */
typedef struct Argument {
    const Token *tokens;
    uint32_t count;
} Argument;

typedef struct Arguments {
    Argument *items;
    int32_t count;
} Arguments;

/* ---- reading ---- */

static void spans_push(Spans *spans, const Token *tokens, uint32_t count, bool is_closed)
{
    while (spans->count > 1 &&
           spans->items[spans->count - 1].at == spans->items[spans->count - 1].end && !is_closed &&
           !spans->items[spans->count - 1].is_closed) {
        spans->count--; /* used up: a macro that ends in a call takes no room */
    }
    if (spans->count == spans->capacity) {
        spans->capacity = spans->capacity == 0 ? 16 : spans->capacity * 2;
        spans->items = mem_realloc(spans->items, spans->capacity * sizeof *spans->items);
    }
    spans->items[spans->count++] = (Span){tokens, tokens + count, is_closed};
}

/* The token that a call may still take after `ahead` others; NULL: none. */
static const Token *spans_peek_at(const Spans *spans, size_t ahead)
{
    for (uint32_t i = spans->count; i-- > 0;) {
        const Span *span = &spans->items[i];
        size_t left = (size_t) (span->end - span->at);
        if (ahead < left) {
            return span->at + ahead;
        }
        if (span->is_closed) {
            return NULL;
        }
        ahead -= left;
    }
    return NULL;
}

static const Token *spans_peek(const Spans *spans)
{
    return spans_peek_at(spans, 0);
}

static const Token *spans_take(Spans *spans)
{
    for (uint32_t i = spans->count; i-- > 0;) {
        Span *span = &spans->items[i];
        if (span->at < span->end) {
            spans->count = i + 1;
            return span->at++;
        }
        if (span->is_closed) {
            return NULL;
        }
    }
    return NULL;
}

/* ---- arguments ---- */

/* Behind `fun`: an argument list, or a name and one. */
static bool starts_fun_clauses(const Spans *spans)
{
    const Token *next = spans_peek_at(spans, 0);
    if (next != NULL && next->kind == TOKEN_VAR) {
        next = spans_peek_at(spans, 1);
    }
    return next != NULL && next->kind == TOKEN_LPAREN;
}

/* What closes the bracket or block that `token` opens; 0: it opens none. */
static TokenKind closer_of(const Spans *spans, const Token *token)
{
    switch (token->kind) {
    case TOKEN_LPAREN:
        return TOKEN_RPAREN;
    case TOKEN_LBRACKET:
        return TOKEN_RBRACKET;
    case TOKEN_LBRACE:
        return TOKEN_RBRACE;
    case TOKEN_LBIN:
        return TOKEN_RBIN;
    case TOKEN_BEGIN:
    case TOKEN_CASE:
    case TOKEN_IF:
    case TOKEN_RECEIVE:
    case TOKEN_TRY:
    case TOKEN_MAYBE:
        return TOKEN_END;
    case TOKEN_FUN: /* with clauses, and not fun f/1 */
        return starts_fun_clauses(spans) ? TOKEN_END : 0;
    default:
        return 0;
    }
}

typedef struct ArgumentReader {
    TokenList tokens; /* of all arguments so far */
    uint32_t *starts;
    uint32_t count, capacity;
    uint8_t *closers;
    uint32_t depth, depth_capacity;
} ArgumentReader;

static void reader_start_argument(ArgumentReader *reader)
{
    if (reader->count == reader->capacity) {
        reader->capacity = reader->capacity == 0 ? 16 : reader->capacity * 2;
        reader->starts = mem_realloc(reader->starts, reader->capacity * sizeof *reader->starts);
    }
    reader->starts[reader->count++] = reader->tokens.count;
}

static void reader_open(ArgumentReader *reader, TokenKind closer)
{
    if (reader->depth == reader->depth_capacity) {
        reader->depth_capacity = reader->depth_capacity == 0 ? 32 : reader->depth_capacity * 2;
        reader->closers = mem_realloc(reader->closers, reader->depth_capacity);
    }
    reader->closers[reader->depth++] = (uint8_t) closer;
}

/* Up to the closing parenthesis. False: it is not there, or an argument is empty. */
static bool read_arguments(Spans *spans, ArgumentReader *reader)
{
    reader_start_argument(reader);
    for (;;) {
        const Token *token = spans_take(spans);
        if (token == NULL || token->kind == TOKEN_DOT || token->kind == TOKEN_EOF) {
            return false;
        }
        bool is_empty = reader->tokens.count == reader->starts[reader->count - 1];
        if (reader->depth > 0) {
            if (token->kind == reader->closers[reader->depth - 1]) {
                reader->depth--;
                token_list_add(&reader->tokens, *token);
                continue;
            }
        } else if (token->kind == TOKEN_RPAREN) {
            if (is_empty && reader->count == 1) {
                reader->count = 0;
                return true;
            }
            return !is_empty;
        } else if (token->kind == TOKEN_COMMA) {
            if (is_empty) {
                return false;
            }
            reader_start_argument(reader);
            continue;
        }
        TokenKind closer = closer_of(spans, token);
        if (closer != 0) {
            reader_open(reader, closer);
        }
        token_list_add(&reader->tokens, *token);
    }
}

/* From the opening parenthesis on; everything lies in the form's arena. Arguments within arguments
 * are copied again and again: there is a limit to that. */
static bool take_arguments(Preprocessor *pp, Spans *spans, Arguments *out)
{
    ArgumentReader reader = {0};
    Arena *arena = &pp->form_arena;
    spans_take(spans);
    bool fine = pp->copied_tokens <= EXPANDED_MAX && read_arguments(spans, &reader);
    if (fine) {
        pp->copied_tokens += reader.tokens.count;
        out->count = (int32_t) reader.count;
        out->items = ARENA_ARRAY(arena, Argument, reader.count);
        const Token *tokens =
            arena_copy(arena, reader.tokens.items, reader.tokens.count * sizeof(Token));
        for (uint32_t i = 0; i < reader.count; i++) {
            uint32_t end = i + 1 < reader.count ? reader.starts[i + 1] : reader.tokens.count;
            out->items[i] = (Argument){tokens + reader.starts[i], end - reader.starts[i]};
        }
    }
    token_list_finish(&reader.tokens);
    mem_free(reader.starts);
    mem_free(reader.closers);
    return fine;
}

/* ---- errors ---- */

/* 'NAME' or 'NAME/ARITY' */
static void name_with_arity(char *out, size_t size, Term name, int32_t arity)
{
    if (arity == ARITY_NONE) {
        snprintf(out, size, "%s", atom_name(name));
    } else {
        snprintf(out, size, "%s/%d", atom_name(name), (int) arity);
    }
}

static void error_with_arity(Preprocessor *pp, Location at, const char *kind, const char *words,
                             Term name, int32_t arity)
{
    char text[ATOM_MAX_CHARACTERS * 4 + 32];
    name_with_arity(text, sizeof text, name, arity);
    Term arity_term = arity == ARITY_NONE ? atom_of("none") : term_small(arity);
    pp_error(pp, at, make_tuple3(pp_space(pp), atom_of(kind), name, arity_term), "%s macro '%s'",
             words, text);
}

static void error_with_name(Preprocessor *pp, Location at, const char *kind, Term name,
                            const char *format)
{
    Text text = {0};
    text_addf(&text, "%s '%s'", format, atom_name(name));
    pp_error(pp, at, make_tuple2(pp_space(pp), atom_of(kind), name), "%s", text.bytes);
    text_finish(&text);
}

static void error_too_large(Preprocessor *pp, const Token *name)
{
    error_with_name(pp, name->at, "too_large", name->value, "too many tokens from macro");
}

/* What follows the question mark is no name. */
static void error_no_name(Preprocessor *pp, const Token *question, const Token *token)
{
    Text text = {0};
    if (token == NULL || token->kind == TOKEN_DOT || token->kind == TOKEN_EOF) {
        text_add_string(&text, "dot");
    } else if (token->kind == TOKEN_CHAR) {
        text_addf(&text, "%u", (unsigned) small_value(token->value));
    } else {
        token_print(&text, token);
    }
    Space *space = pp_space(pp);
    Term words = make_cons(space, pp_string(pp, text.bytes), TERM_NIL);
    Term call = make_cons(space, term_small('?'), words);
    pp_error(pp, token == NULL ? question->at : token->at,
             make_tuple2(space, atom_of("call"), call), "illegal macro call '?%s'", text.bytes);
    text_finish(&text);
}

/* ---- circles ---- */

/* The body that a call of `macro` means, `spans` being behind its name; NULL: none. Takes the
 * arguments. */
static MacroBody *body_for_call(Preprocessor *pp, Spans *spans, const Macro *macro, Arguments *args,
                                bool *is_bad)
{
    MacroBody *plain = macro_body_of(macro, ARITY_NONE);
    bool has_others = plain == NULL || macro->bodies != plain || plain->next != NULL;
    const Token *next = spans_peek(spans);
    *is_bad = false;
    if (!has_others || next == NULL || next->kind != TOKEN_LPAREN) {
        return plain;
    }
    if (!take_arguments(pp, spans, args)) {
        *is_bad = true;
        return NULL;
    }
    return macro_body_of(macro, args->count);
}

enum { CHECK_DEPTH_MAX = 20000 };

/* The first body found that leads back to one being looked at; NULL: none. */
static const MacroBody *find_circle(Preprocessor *pp, MacroBody *body, uint32_t depth)
{
    if (body->in_check || depth > CHECK_DEPTH_MAX) {
        return body;
    }
    if (!body->has_calls || body->checked == pp->macros.epoch) {
        return NULL;
    }
    body->in_check = true;
    Spans spans = {0};
    spans_push(&spans, body->tokens, body->count, true);
    const MacroBody *circle = NULL;
    const Token *token;
    while (circle == NULL && (token = spans_take(&spans)) != NULL) {
        const Token *name = token->kind == TOKEN_QUESTION ? spans_peek(&spans) : NULL;
        if (name == NULL || (name->kind != TOKEN_ATOM && name->kind != TOKEN_VAR)) {
            continue;
        }
        spans_take(&spans);
        const Macro *macro = macro_find(pp, name->value);
        if (macro != NULL) {
            /* Look for more calls within the arguments afterwards. */
            const Token *behind = spans.items[0].at;
            Arguments args;
            bool is_bad;
            MacroBody *called = body_for_call(pp, &spans, macro, &args, &is_bad);
            spans.items[0].at = behind;
            circle = called != NULL ? find_circle(pp, called, depth + 1) : NULL;
        }
    }
    mem_free(spans.items);
    body->in_check = false;
    body->checked = pp->macros.epoch;
    return circle;
}

/* ---- bodies ---- */

/* The source of tokens, with a space between any two: what ??X means. */
static Token stringify(Preprocessor *pp, const Argument *argument, Location at)
{
    Text text = {0};
    for (uint32_t i = 0; i < argument->count; i++) {
        const Token *token = &argument->tokens[i];
        if (i > 0) {
            text_add_string(&text, " ");
        }
        if (token_texts[token->kind] != NULL) {
            text_add_string(&text, token_texts[token->kind]);
        } else {
            token_print(&text, token);
        }
    }
    uint32_t *characters = ARENA_ARRAY(&pp->unit->arena, uint32_t, text.size_bytes);
    uint32_t count = 0;
    for (size_t byte = 0, used; byte < text.size_bytes; byte += used) {
        int32_t c = utf8_decode((const uint8_t *) text.bytes + byte, text.size_bytes - byte, &used);
        CHECK(c >= 0);
        characters[count++] = (uint32_t) c;
    }
    text_finish(&text);
    return (Token){.at = at, .kind = TOKEN_STRING, .characters = characters, .count = count};
}

static size_t substituted_count(const MacroBody *body, const Arguments *args)
{
    size_t count = 0;
    for (uint32_t i = 0; i < body->count; i++) {
        uint32_t parameter = body->tokens[i].unused;
        count += parameter == 0 ? 1 : args->items[parameter - 1].count;
    }
    return count;
}

/* Tokens of the body stand where the call does; behind an argument, where its last token does. */
static bool push_body(Preprocessor *pp, const MacroBody *body, const Arguments *args, Location at)
{
    size_t room = substituted_count(body, args);
    if (room > EXPANDED_MAX) {
        return false;
    }
    Token *tokens = ARENA_ARRAY(&pp->form_arena, Token, room);
    uint32_t count = 0;
    for (uint32_t i = 0; i < body->count; i++) {
        const Token *token = &body->tokens[i];
        if (token->kind == TOKEN_QUESTION && i + 2 < body->count &&
            token[1].kind == TOKEN_QUESTION && token[2].unused != 0) {
            tokens[count++] = stringify(pp, &args->items[token[2].unused - 1], at);
            i += 2;
        } else if (token->unused != 0) {
            const Argument *argument = &args->items[token->unused - 1];
            memcpy(tokens + count, argument->tokens, argument->count * sizeof *tokens);
            count += argument->count;
            at = tokens[count - 1].at;
        } else {
            tokens[count] = *token;
            tokens[count++].at = at;
        }
    }
    pp->copied_tokens += count;
    spans_push(pp->spans, tokens, count, body->arity == ARITY_NONE);
    return true;
}

/* ---- special macros ---- */

/* The tokens of the form: those expanded, then those still to come. */
static const Token *form_token(const Preprocessor *pp, uint32_t index)
{
    if (index < pp->expanded.count) {
        return &pp->expanded.items[index];
    }
    index -= pp->expanded.count;
    for (uint32_t i = pp->spans->count; i-- > 0;) {
        const Span *span = &pp->spans->items[i];
        if (index < (uint32_t) (span->end - span->at)) {
            return span->at + index;
        }
        index -= (uint32_t) (span->end - span->at);
    }
    return NULL;
}

/* The number of arguments of the function that the form defines; -1: it defines none. Of a head
 * without an end, those there are: the parser will complain. */
static int32_t form_arity(const Preprocessor *pp)
{
    const Token *token = form_token(pp, 1);
    if (form_token(pp, 0)->kind != TOKEN_ATOM || token == NULL || token->kind != TOKEN_LPAREN) {
        return -1;
    }
    int32_t commas = 0;
    uint32_t depth = 1;
    for (uint32_t i = 2; (token = form_token(pp, i)) != NULL; i++) {
        switch (token->kind) {
        case TOKEN_LPAREN:
        case TOKEN_LBRACKET:
        case TOKEN_LBRACE:
        case TOKEN_LBIN:
            depth++;
            break;
        case TOKEN_RPAREN:
        case TOKEN_RBRACKET:
        case TOKEN_RBRACE:
        case TOKEN_RBIN:
            if (--depth == 0) {
                return i == 2 ? 0 : commas + 1;
            }
            break;
        case TOKEN_COMMA:
            commas += depth == 1;
            break;
        default:
            break;
        }
    }
    return commas + 1;
}

static bool expand_function(Preprocessor *pp, const Token *name, bool wants_arity, Token *out)
{
    const char *text = atom_name(name->value);
    Space *space = pp_space(pp);
    if (pp->expanded.count == 0) {
        pp_error(pp, name->at, make_tuple2(space, atom_of("illegal_function_usage"), name->value),
                 "?%s must not begin a form", text);
        return false;
    }
    if (pp->form_arity == FORM_ARITY_UNKNOWN) {
        token_list_add(&pp->expanded, *out); /* the call itself may be an argument */
        pp->form_arity = form_arity(pp);
        pp->expanded.count--;
    }
    if (pp->form_arity < 0) {
        pp_error(pp, name->at, make_tuple2(space, atom_of("illegal_function"), name->value),
                 "?%s can only be used within a function", text);
        return false;
    }
    if (wants_arity) {
        out->kind = TOKEN_INTEGER;
        out->value = term_small(pp->form_arity);
    } else {
        out->kind = TOKEN_ATOM;
        out->value = pp->expanded.items[0].value;
    }
    return true;
}

static bool feature_is(const Arguments *args, const char *feature)
{
    const Token *token = args->items[0].tokens;
    return args->items[0].count == 1 && token->kind == TOKEN_ATOM &&
           strcmp(atom_name(token->value), feature) == 0;
}

/* One token, straight to the output. */
static bool expand_special(Preprocessor *pp, const Token *name, const MacroBody *body,
                           const Arguments *args)
{
    Token out = {.at = name->at};
    switch (body->kind) {
    case MACRO_FILE: {
        Token *file = &pp->file_token;
        out = *file;
        out.at = name->at;
        break;
    }
    case MACRO_LINE:
        out.kind = TOKEN_INTEGER;
        out.value = term_small(name->at.line);
        break;
    case MACRO_FUNCTION_NAME:
    case MACRO_FUNCTION_ARITY:
        if (!expand_function(pp, name, body->kind == MACRO_FUNCTION_ARITY, &out)) {
            return false;
        }
        break;
    case MACRO_FEATURE_AVAILABLE:
    case MACRO_FEATURE_ENABLED: {
        bool is_on = feature_is(args, "maybe_expr") &&
                     (body->kind == MACRO_FEATURE_AVAILABLE || pp->unit->feature_maybe);
        out.kind = TOKEN_ATOM;
        out.value = is_on ? ATOM_OF(true) : ATOM_OF(false);
        break;
    }
    case MACRO_PLAIN:
        break;
    }
    token_list_add(&pp->expanded, out);
    return true;
}

/* ---- calls ---- */

static bool report_undefined(Preprocessor *pp, const Token *name)
{
    const Token *next = spans_peek(pp->spans);
    Arguments args = {.count = ARITY_NONE};
    if (next != NULL && next->kind == TOKEN_LPAREN && !take_arguments(pp, pp->spans, &args)) {
        error_with_name(pp, name->at, "arg_error", name->value, "badly formed argument for macro");
        return false;
    }
    error_with_arity(pp, name->at, "undefined", "undefined", name->value, args.count);
    return false;
}

static bool expand_call(Preprocessor *pp, const Token *question)
{
    const Token *name = spans_peek(pp->spans);
    if (name != NULL && name->kind == TOKEN_EOF) {
        token_list_add(&pp->expanded, *question); /* the parser will complain */
        return true;
    }
    if (name == NULL || (name->kind != TOKEN_ATOM && name->kind != TOKEN_VAR)) {
        error_no_name(pp, question, name);
        return false;
    }
    spans_take(pp->spans);
    const Macro *macro = macro_find(pp, name->value);
    if (macro == NULL) {
        return report_undefined(pp, name);
    }
    Arguments args = {0};
    bool is_bad;
    MacroBody *body = body_for_call(pp, pp->spans, macro, &args, &is_bad);
    if (body == NULL) {
        if (pp->copied_tokens > EXPANDED_MAX) {
            error_too_large(pp, name);
            return false;
        }
        error_with_name(pp, name->at, is_bad ? "arg_error" : "mismatch", name->value,
                        is_bad ? "badly formed argument for macro" : "argument mismatch for macro");
        return false;
    }
    if (body->kind != MACRO_PLAIN) {
        return expand_special(pp, name, body, &args);
    }
    if (body->has_calls && body->checked != pp->macros.epoch) {
        const MacroBody *circle = find_circle(pp, body, 0);
        if (circle != NULL) {
            pp->macros.epoch++; /* what was checked on the way may be part of it */
            error_with_arity(pp, name->at, "circular", "circular", circle->macro->name,
                             circle->arity);
            return false;
        }
    }
    if (++pp->spans->steps > STEPS_MAX || pp->copied_tokens > EXPANDED_MAX ||
        !push_body(pp, body, &args, name->at)) {
        error_too_large(pp, name);
        return false;
    }
    return true;
}

/* ?FILE is the same for the whole form. */
static void prepare_file(Preprocessor *pp)
{
    const char *name = top_frame(pp)->name;
    if (pp->file_token_of == name) {
        return;
    }
    pp->file_token_of = name;
    size_t size_bytes = strlen(name);
    uint32_t *characters = ARENA_ARRAY(&pp->unit->arena, uint32_t, size_bytes);
    uint32_t count = 0;
    for (size_t at = 0, used = 1; at < size_bytes; at += used) {
        int32_t c = utf8_decode((const uint8_t *) name + at, size_bytes - at, &used);
        used = c < 0 ? 1 : used;
        characters[count++] = c < 0 ? (unsigned char) name[at] : (uint32_t) c;
    }
    pp->file_token = (Token){.kind = TOKEN_STRING, .characters = characters, .count = count};
}

bool expand_macros(Preprocessor *pp, const Token *tokens, uint32_t count)
{
    Spans spans = {0};
    pp->spans = &spans;
    pp->expanded.count = 0;
    pp->form_arity = FORM_ARITY_UNKNOWN;
    pp->copied_tokens = 0;
    arena_finish(&pp->form_arena);
    prepare_file(pp);
    spans_push(&spans, tokens, count, true);
    bool fine = true;
    while (fine && spans.count > 0) {
        Span *span = &spans.items[spans.count - 1];
        if (span->at == span->end) {
            spans.count--;
            continue;
        }
        const Token *token = span->at++;
        if (token->kind == TOKEN_QUESTION) {
            fine = expand_call(pp, token);
        } else {
            token_list_add(&pp->expanded, *token);
        }
    }
    mem_free(spans.items);
    pp->spans = NULL;
    return fine;
}
