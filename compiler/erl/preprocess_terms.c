/* compiler/erl/preprocess_terms.c
 * What the preprocessor makes, as terms: forms as erl_scan's tokens, and the macros that are
 * defined. For epp. */
#include "compiler/erl/preprocess_internal.h"

#include "runtime/term/bits.h"
#include "runtime/term/copy.h"

/* ---- tokens ---- */

typedef struct TokenWriter {
    Space *space;
    bool columns;
} TokenWriter;

static Term place(const TokenWriter *writer, Location at)
{
    return writer->columns && at.column != 0
               ? make_tuple2(writer->space, term_small(at.line), term_small(at.column))
               : term_small(at.line);
}

static Term string_of(const TokenWriter *writer, const Token *token)
{
    Term list = TERM_NIL;
    for (uint32_t i = token->count; i-- > 0;) {
        list = make_cons(writer->space, term_small(token->characters[i]), list);
    }
    return list;
}

static Term named(const TokenWriter *writer, const char *kind, const Token *token, Term value)
{
    return make_tuple3(writer->space, atom_of(kind), place(writer, token->at), value);
}

/* A sigil is three tokens: the prefix, the string, the suffix. */
static Term add_sigil(const TokenWriter *writer, const Token *token, Term rest)
{
    char prefix[2] = {(char) token->sigil, '\0'};
    rest = make_cons(writer->space, named(writer, "sigil_suffix", token, TERM_NIL), rest);
    rest = make_cons(writer->space, named(writer, "string", token, string_of(writer, token)), rest);
    return make_cons(writer->space, named(writer, "sigil_prefix", token, atom_of(prefix)), rest);
}

/* The token before `rest`. */
static Term add_token(const TokenWriter *writer, const Token *token, Term rest)
{
    Term term;
    switch ((TokenKind) token->kind) {
    case TOKEN_SIGIL:
        return add_sigil(writer, token, rest);
    case TOKEN_ATOM:
        term = named(writer, "atom", token, token->value);
        break;
    case TOKEN_VAR:
        term = named(writer, "var", token, token->value);
        break;
    case TOKEN_INTEGER:
        term = named(writer, "integer", token, term_copy(writer->space, token->value));
        break;
    case TOKEN_CHAR:
        term = named(writer, "char", token, token->value);
        break;
    case TOKEN_FLOAT:
        term = named(writer, "float", token, make_float(writer->space, token->float_value));
        break;
    case TOKEN_STRING:
        term = named(writer, "string", token, string_of(writer, token));
        break;
    case TOKEN_DOT:
        term = make_tuple2(writer->space, atom_of("dot"), place(writer, token->at));
        break;
    case TOKEN_OTHER: {
        uint8_t utf8[4];
        size_t size = utf8_encode((uint32_t) small_value(token->value), utf8);
        term = make_tuple2(writer->space, atom_make((char *) utf8, size), place(writer, token->at));
        break;
    }
    default:
        term =
            make_tuple2(writer->space, atom_of(token_texts[token->kind]), place(writer, token->at));
    }
    return make_cons(writer->space, term, rest);
}

static Term token_terms(const TokenWriter *writer, const Token *tokens, uint32_t count)
{
    Term list = TERM_NIL;
    while (count-- > 0) {
        list = add_token(writer, &tokens[count], list);
    }
    return list;
}

/* ---- macros ---- */

/* {none, Tokens} or {Parameters, Tokens} */
static Term body_term(const TokenWriter *writer, const MacroBody *body)
{
    Term parameters = body->arity == ARITY_NONE ? atom_of("none") : TERM_NIL;
    for (int32_t i = body->arity; i-- > 0;) {
        Term name = atom_of("_");
        for (uint32_t k = 0; k < body->count; k++) {
            if (body->tokens[k].unused == i + 1) {
                name = body->tokens[k].value;
            }
        }
        parameters = make_cons(writer->space, name, parameters);
    }
    return make_tuple2(writer->space, parameters, token_terms(writer, body->tokens, body->count));
}

/* [{none | Arity, Body}]; a predefined one that has no parameters: its body alone. */
static Term macro_term(const TokenWriter *writer, const Macro *macro)
{
    Term list = TERM_NIL;
    for (const MacroBody *body = macro->bodies; body != NULL; body = body->next) {
        if (body->kind != MACRO_PLAIN) {
            continue;
        }
        Term term = body_term(writer, body);
        if (macro->is_predefined) {
            return term;
        }
        Term arity = body->arity == ARITY_NONE ? atom_of("none") : term_small(body->arity);
        list = make_cons(writer->space, make_tuple2(writer->space, arity, term), list);
    }
    return list;
}

static Term all_macros(const TokenWriter *writer, Preprocessor *pp)
{
    Term list = TERM_NIL;
    for (uint32_t i = 0; i < pp->macros.slot_count; i++) {
        const Macro *macro = pp->macros.slots[i];
        if (macro == NULL || macro->bodies == NULL) {
            continue;
        }
        Term definition = macro_term(writer, macro);
        if (definition != TERM_NIL) {
            Term name = make_tuple2(writer->space, atom_of("atom"), macro->name);
            list = make_cons(writer->space, make_tuple2(writer->space, name, definition), list);
        }
    }
    return list;
}

/* ---- forms ---- */

typedef struct TermsCall {
    const char *name;
    const ErlParseOptions *options;
    Source *source;
    TokenWriter writer;
    uint32_t limit;
    PreprocessedTerms *out;
    /* while it runs */
    ErlUnit *unit;
    Term *entries;
    uint32_t count, capacity;
} TermsCall;

static bool is_full(const TermsCall *call)
{
    return call->count >= call->limit;
}

static void add_entry(TermsCall *call, Term entry)
{
    if (is_full(call)) {
        return;
    }
    if (call->count == call->capacity) {
        call->capacity = call->capacity == 0 ? 64 : call->capacity * 2;
        call->entries = mem_realloc(call->entries, call->capacity * sizeof(Term));
    }
    call->entries[call->count++] = entry;
}

/* -file("name", Line). as tokens: entering and leaving files stands among the forms so. */
static Term file_tokens(const TermsCall *call, const Form *form)
{
    const TokenWriter *writer = &call->writer;
    const Term *value = tuple_elements(form->attribute.value);
    Token tokens[] = {{.kind = TOKEN_MINUS},  {.kind = TOKEN_ATOM, .value = ATOM_OF(file)},
                      {.kind = TOKEN_LPAREN}, {.kind = TOKEN_STRING},
                      {.kind = TOKEN_COMMA},  {.kind = TOKEN_INTEGER, .value = value[1]},
                      {.kind = TOKEN_RPAREN}, {.kind = TOKEN_DOT}};
    Term list = TERM_NIL;
    for (size_t i = COUNT_OF(tokens); i-- > 0;) {
        tokens[i].at = form->at;
        Term term = TERM_NONE;
        if (tokens[i].kind == TOKEN_STRING) {
            term = named(writer, "string", &tokens[i], term_copy(writer->space, value[0]));
        }
        list = term == TERM_NONE ? add_token(writer, &tokens[i], list)
                                 : make_cons(writer->space, term, list);
    }
    return list;
}

/* What the preprocessor added to the unit by itself, from form `from` on. */
static void add_own_forms(TermsCall *call, uint32_t from)
{
    Space *space = call->writer.space;
    for (uint32_t i = from; i < call->unit->form_count; i++) {
        const Form *form = call->unit->forms[i];
        if (form->kind == FORM_ATTRIBUTE) {
            add_entry(call, make_tuple2(space, atom_of("ok"), file_tokens(call, form)));
        } else {
            const Term *error = tuple_elements(form->error);
            Term info = make_tuple3(space, place(&call->writer, form->at), error[1],
                                    term_copy(space, error[2]));
            add_entry(
                call,
                make_tuple2(space, atom_of(form->kind == FORM_ERROR ? "error" : "warning"), info));
        }
    }
}

static uint32_t token_count(const Token *tokens)
{
    uint32_t count = 0;
    while (tokens[count].kind != TOKEN_DOT && tokens[count].kind != TOKEN_EOF) {
        count++;
    }
    return tokens[count].kind == TOKEN_DOT ? count + 1 : count;
}

/* The form is parsed as well: what it says of the module's name and features counts. */
static void add_form(TermsCall *call, Preprocessor *pp, Parser *parser, const Token *tokens)
{
    Term terms = token_terms(&call->writer, tokens, token_count(tokens));
    add_entry(call, make_tuple2(call->writer.space, atom_of("ok"), terms));
    parser->has_macros = preprocess_had_macros(pp);
    Form *form = parser_form(parser, tokens);
    if (form != NULL) {
        preprocess_note_form(pp, form);
    }
}

static void preprocess_all(void *argument)
{
    TermsCall *call = argument;
    Diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    Preprocessor *pp = preprocessor_create(
        call->unit, call->options, &diagnostics, call->source, call->name,
        call->options->source_name != NULL ? call->options->source_name : call->name);
    Parser parser;
    parser_init(&parser, call->unit);
    Location end = {0};
    uint32_t seen = 0;
    bool goes_on = true;
    while (goes_on && !is_full(call)) {
        const Token *tokens = preprocess_next(pp, &end);
        add_own_forms(call, seen);
        seen = call->unit->form_count;
        goes_on = tokens != NULL;
        if (goes_on) {
            add_form(call, pp, &parser, tokens);
            seen = call->unit->form_count;
        }
    }
    Space *space = call->writer.space;
    if (!goes_on) {
        add_entry(call, make_tuple2(space, atom_of("eof"), place(&call->writer, end)));
    }
    call->out->macros = all_macros(&call->writer, pp);
    parser_finish(&parser);
    preprocessor_destroy(pp);
    diagnostics_finish(&diagnostics);
}

void preprocess_to_terms(Space *space, const char *name, const char *text, size_t size_bytes,
                         const ErlParseOptions *options, AbstractLocations locations,
                         uint32_t limit, PreprocessedTerms *out)
{
    Source source;
    source_from_bytes(&source, text, size_bytes, options->latin1);
    TermsCall call = {.name = name,
                      .options = options,
                      .source = &source,
                      .writer = {space, locations == ABSTRACT_COLUMNS},
                      .limit = limit,
                      .out = out,
                      .unit = erl_unit_create()};
    call.unit->feature_maybe = !options->disable_maybe;
    ast_run_deep(preprocess_all, &call);
    out->forms = make_list(space, call.entries, call.count, TERM_NIL);
    mem_free(call.entries);
    erl_unit_destroy(call.unit);
}
