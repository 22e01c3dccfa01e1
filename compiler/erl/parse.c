/* compiler/erl/parse.c
 * The public entries. Each runs on a deep stack (ast_run_deep): the parser recurses as deep as the
 * text nests, up to AST_HEIGHT_MAX. */
#include "compiler/erl/parse.h"

#include "compiler/erl/parse_internal.h"
#include "compiler/erl/preprocess.h"

/* ---- modules ---- */

typedef struct UnitCall {
    const char *path, *name;
    const ErlParseOptions *options;
    Diagnostics *diagnostics;
    Source *source;
    ErlUnit *unit;
} UnitCall;

static void report_parser(Parser *parser, Diagnostics *diagnostics)
{
    unit_report(parser->unit, diagnostics, SEVERITY_ERROR, parser->error_at, "erl_parse",
                parser->error_descriptor, parser->error_text);
}

static void add_eof(ErlUnit *unit, Location at)
{
    Form *form = ARENA_NEW(&unit->arena, Form);
    form->kind = FORM_EOF;
    form->at = at;
    erl_unit_add_form(unit, form);
}

static void parse_unit(void *argument)
{
    UnitCall *call = argument;
    Preprocessor *pp = preprocessor_create(call->unit, call->options, call->diagnostics,
                                           call->source, call->path, call->name);
    Parser parser;
    parser_init(&parser, call->unit);
    const Token *tokens;
    Location end;
    while ((tokens = preprocess_next(pp, &end)) != NULL) {
        parser.has_macros = preprocess_had_macros(pp);
        Form *form = parser_form(&parser, tokens);
        if (form == NULL) {
            report_parser(&parser, call->diagnostics);
        } else {
            preprocess_note_form(pp, form);
            erl_unit_add_form(call->unit, form);
        }
    }
    add_eof(call->unit, end);
    parser_finish(&parser);
    preprocessor_destroy(pp);
}

static const ErlParseOptions no_options;

static ErlUnit *parse_source(const char *path, Source *source, const ErlParseOptions *options,
                             Diagnostics *diagnostics)
{
    UnitCall call = {
        .path = path,
        .name = options->source_name != NULL ? options->source_name : path,
        .options = options,
        .diagnostics = diagnostics,
        .source = source,
        .unit = erl_unit_create(),
    };
    call.unit->feature_maybe = !options->disable_maybe;
    ast_run_deep(parse_unit, &call);
    return call.unit;
}

ErlUnit *erl_parse_file(const char *path, const ErlParseOptions *options, Diagnostics *diagnostics)
{
    options = options == NULL ? &no_options : options;
    Source source;
    const char *error = source_from_file(&source, path, options->latin1);
    if (error != NULL) {
        diagnostic_add(diagnostics, SEVERITY_ERROR, path, 0, 0, "%s", error);
        ErlUnit *unit = erl_unit_create();
        erl_unit_file(unit, path);
        add_eof(unit, (Location){0});
        return unit;
    }
    return parse_source(path, &source, options, diagnostics);
}

ErlUnit *erl_parse_text(const char *name, const char *text, size_t size_bytes,
                        const ErlParseOptions *options, Diagnostics *diagnostics)
{
    options = options == NULL ? &no_options : options;
    Source source;
    source_from_bytes(&source, text, size_bytes, options->latin1);
    return parse_source(name, &source, options, diagnostics);
}

/* ---- expressions and terms ---- */

typedef struct ExpressionCall {
    ErlUnit *unit;
    const char *name;
    Source source;
    Diagnostics *diagnostics;
    NodeList *out;
    Term *term; /* NULL: not wanted */
    bool fine;
} ExpressionCall;

static void add_diagnostic(ExpressionCall *call, Location at, const char *module, Term descriptor,
                           const char *text)
{
    Diagnostic *diagnostic =
        diagnostic_at(call->diagnostics, SEVERITY_ERROR, call->unit, at, "%s", text);
    diagnostic->is_from_reading = true;
    diagnostic->module = atom_of(module);
    diagnostic->descriptor = descriptor;
    call->fine = false;
}

/* All tokens up to the full stop. False: reported. */
static bool scan_expression(ExpressionCall *call, Lexicon *lexicon, TokenList *tokens)
{
    Scanner scanner;
    Token token;
    uint16_t file = erl_unit_file(call->unit, call->name);
    scanner_init(&scanner, call->unit, lexicon, file, call->source.text, call->source.size_bytes);
    do {
        scan_token(&scanner, &token);
        if (token.kind == TOKEN_ERROR) {
            add_diagnostic(call, scanner.error_at, "erl_scan", scanner.error_descriptor,
                           scanner.error_text);
            return false;
        }
        if (token.kind == TOKEN_EOF && tokens->count > 0) {
            token.at = tokens->items[tokens->count - 1].at; /* as OTP places "before: " nothing */
        }
        token_list_add(tokens, token);
    } while (token.kind != TOKEN_DOT && token.kind != TOKEN_EOF);
    if (token.kind == TOKEN_EOF && call->source.is_cut) {
        add_diagnostic(call, token.at, "file_io_server", atom_of("invalid_unicode"),
                       "cannot translate from UTF-8");
        return false;
    }
    Token end = {.kind = TOKEN_EOF, .at = token.at};
    for (int i = 0; i < 4; i++) {
        token_list_add(tokens, end); /* the parser looks ahead */
    }
    return true;
}

static void term_of_expression(ExpressionCall *call)
{
    const Node *node = call->out->items[0];
    *call->term = call->out->count == 1 ? parse_term_of(call->unit, node, 0) : TERM_NONE;
    if (*call->term == TERM_NONE) {
        Space *space = erl_unit_space(call->unit);
        add_diagnostic(call, node_first_location(node), "erl_parse",
                       make_string_latin1(space, "bad term", 8), "bad term");
    }
}

static void parse_expression(void *argument)
{
    ExpressionCall *call = argument;
    Lexicon lexicon;
    Parser parser;
    TokenList tokens = {0};
    lexicon_init(&lexicon);
    parser_init(&parser, call->unit);
    call->fine = true;
    if (scan_expression(call, &lexicon, &tokens)) {
        if (!parser_expressions(&parser, tokens.items, call->out)) {
            add_diagnostic(call, parser.error_at, "erl_parse", parser.error_descriptor,
                           parser.error_text);
        } else if (call->term != NULL) {
            term_of_expression(call);
        }
    }
    token_list_finish(&tokens);
    parser_finish(&parser);
    lexicon_finish(&lexicon);
}

bool erl_parse_expressions(ErlUnit *unit, const char *name, const char *text, size_t size_bytes,
                           NodeList *out, Diagnostics *diagnostics)
{
    ExpressionCall call = {.unit = unit, .name = name, .diagnostics = diagnostics, .out = out};
    source_from_bytes(&call.source, text, size_bytes, false);
    ast_run_deep(parse_expression, &call);
    source_finish(&call.source);
    return call.fine;
}

Term erl_parse_term(ErlUnit *unit, const char *name, const char *text, size_t size_bytes,
                    Diagnostics *diagnostics)
{
    NodeList exprs;
    Term term = TERM_NONE;
    ExpressionCall call = {
        .unit = unit, .name = name, .diagnostics = diagnostics, .out = &exprs, .term = &term};
    source_from_bytes(&call.source, text, size_bytes, false);
    ast_run_deep(parse_expression, &call);
    source_finish(&call.source);
    return term;
}
