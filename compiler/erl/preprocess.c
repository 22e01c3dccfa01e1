/* compiler/erl/preprocess.c
 * Forms: gathering their tokens, telling directives from what is for the parser. */
#include "compiler/erl/preprocess_internal.h"

#include <stdarg.h>
#include <stdio.h>

#include "runtime/term/bits.h"
#include "runtime/term/print.h"

/* ---- reports ---- */

static Term location_term(Space *space, Location at)
{
    return at.column == 0 ? term_small(at.line)
                          : make_tuple2(space, term_small(at.line), term_small(at.column));
}

void unit_report(ErlUnit *unit, Diagnostics *diagnostics, Severity severity, Location at,
                 const char *module, Term descriptor, const char *text)
{
    Diagnostic *diagnostic = diagnostic_at(diagnostics, severity, unit, at, "%s", text);
    diagnostic->is_from_reading = true;
    diagnostic->module = atom_of(module);
    diagnostic->descriptor = descriptor;
    Form *form = ARENA_NEW(&unit->arena, Form);
    form->kind = severity == SEVERITY_ERROR ? FORM_ERROR : FORM_WARNING;
    form->at = at;
    Space *space = erl_unit_space(unit);
    form->error = make_tuple3(space, location_term(space, at), atom_of(module), descriptor);
    erl_unit_add_form(unit, form);
}

static void pp_report(Preprocessor *pp, Severity severity, Location at, const char *module,
                      Term descriptor, const char *text)
{
    unit_report(pp->unit, pp->diagnostics, severity, at, module, descriptor, text);
}

void pp_error(Preprocessor *pp, Location at, Term descriptor, const char *format, ...)
{
    va_list args;
    char room[256];
    va_start(args, format);
    int size = vsnprintf(room, sizeof room, format, args);
    va_end(args);
    char *text = room;
    if (size >= (int) sizeof room) {
        text = mem_alloc((size_t) size + 1);
        va_start(args, format);
        vsnprintf(text, (size_t) size + 1, format, args);
        va_end(args);
    }
    pp_report(pp, SEVERITY_ERROR, at, "epp", descriptor, text);
    if (text != room) {
        mem_free(text);
    }
}

void pp_bad(Preprocessor *pp, Location at, const char *name)
{
    pp_error(pp, at, make_tuple2(pp_space(pp), atom_of("bad"), atom_of(name)), "badly formed '%s'",
             name);
}

Term pp_string(Preprocessor *pp, const char *text)
{
    size_t size_bytes = strlen(text);
    size_t valid = 0;
    for (size_t used; valid < size_bytes; valid += used) {
        if (utf8_decode((const uint8_t *) text + valid, size_bytes - valid, &used) < 0) {
            return make_string_latin1(pp_space(pp), text, size_bytes);
        }
    }
    return make_string_utf8(pp_space(pp), text, size_bytes);
}

bool pp_match(Preprocessor *pp, const uint8_t pattern[], size_t count, Location *at)
{
    const Token *tokens = pp->raw.items + 2;
    for (size_t i = 0; i < count; i++) {
        bool fits = pattern[i] == TOKEN_ERROR
                        ? tokens[i].kind == TOKEN_ATOM || tokens[i].kind == TOKEN_VAR
                        : tokens[i].kind == pattern[i];
        if (!fits) {
            *at = tokens[i].at;
            return false;
        }
    }
    return true;
}

/* ---- gathering a form ---- */

typedef enum Gathered { GATHERED_FORM, GATHERED_END, GATHERED_NOTHING } Gathered;

/* A text that is not what its encoding says is read up to there. */
static void report_cut(Preprocessor *pp, Scanner *scanner)
{
    Location at = scanner_location(scanner);
    pp_report(pp, SEVERITY_ERROR, at, "epp", atom_of("cannot_parse"),
              "cannot parse file, giving up");
    pp_report(pp, SEVERITY_ERROR, at, "file_io_server", atom_of("invalid_unicode"),
              "cannot translate from UTF-8");
}

/* Reads over the rest of a form that is not kept. */
static void skip_form(Scanner *scanner)
{
    Token token;
    TokenKind kind;
    do {
        kind = scan_token(scanner, &token);
    } while (kind != TOKEN_DOT && kind != TOKEN_EOF);
}

static int nesting_of(TokenKind kind)
{
    static const int8_t nesting[TOKEN_KIND_COUNT] = {
        [TOKEN_LPAREN] = 1,  [TOKEN_LBRACKET] = 1,  [TOKEN_LBRACE] = 1,  [TOKEN_LBIN] = 1,
        [TOKEN_RPAREN] = -1, [TOKEN_RBRACKET] = -1, [TOKEN_RBRACE] = -1, [TOKEN_RBIN] = -1,
    };
    return nesting[kind];
}

/* Two tokens more than there are: directives are looked at without counting. */
static void finish_form(Preprocessor *pp)
{
    TokenList *raw = &pp->raw;
    const Token *last = &raw->items[raw->count - 1];
    Token end = {.at = last->at, .kind = TOKEN_EOF};
    uint32_t count = raw->count;
    bool has_dot = last->kind == TOKEN_DOT;
    for (int i = 0; i < 8; i++) {
        token_list_add(raw, end);
    }
    raw->count = has_dot ? count : count + 1;
}

static Gathered gather_form(Preprocessor *pp)
{
    Frame *frame = top_frame(pp);
    Scanner *scanner = &frame->scanner;
    TokenList *raw = &pp->raw;
    raw->count = 0;
    pp->raw_has_calls = false;
    int64_t depth = 0;
    for (;;) {
        if (UNLIKELY(raw->count == raw->capacity)) {
            token_list_grow(raw, 16);
        }
        Token *token = &raw->items[raw->count];
        TokenKind kind = scan_token(scanner, token);
        switch (kind) {
        case TOKEN_EOF:
            if (frame->source.is_cut) {
                report_cut(pp, scanner);
                return GATHERED_END;
            }
            if (raw->count == 0) {
                return GATHERED_END;
            }
            finish_form(pp);
            return GATHERED_FORM;
        case TOKEN_DOT:
            raw->count++;
            finish_form(pp);
            return GATHERED_FORM;
        case TOKEN_ERROR:
            if (frame->source.is_cut && scanner->at == scanner->end) {
                report_cut(pp, scanner);
                return GATHERED_END;
            }
            if (!is_skipping(pp)) {
                pp_report(pp, SEVERITY_ERROR, scanner->error_at, "erl_scan",
                          scanner->error_descriptor, scanner->error_text);
            }
            return GATHERED_NOTHING;
        case TOKEN_QUESTION:
            pp->raw_has_calls = true;
            break;
        default:
            depth += nesting_of(kind);
            if (UNLIKELY(depth > AST_HEIGHT_MAX)) {
                pp_report(pp, SEVERITY_ERROR, token->at, "erl_parse",
                          pp_string(pp, "nested too deeply"), "nested too deeply");
                skip_form(scanner);
                return GATHERED_NOTHING;
            }
        }
        raw->count++;
    }
}

/* ---- -error, -warning, -feature ---- */

static void user_report(Preprocessor *pp, const char *name, Severity severity)
{
    const TokenList *raw = &pp->raw;
    Location at = raw->items[1].at;
    NodeList exprs;
    if (raw->items[2].kind != TOKEN_LPAREN) {
        pp_bad(pp, raw->items[2].at, name);
        return;
    }
    const TokenList *tokens = raw;
    if (pp->raw_has_calls) {
        if (!expand_macros(pp, raw->items, raw->count)) {
            return;
        }
        tokens = &pp->expanded;
    }
    Term value = TERM_NONE;
    if (parser_expressions(&pp->parser, tokens->items + 2, &exprs) && exprs.count == 1) {
        value = parse_term_of(pp->unit, exprs.items[0], 0);
    }
    if (value == TERM_NONE) {
        pp_bad(pp, at, name);
        return;
    }
    Text text = {0};
    text_addf(&text, "-%s(", name);
    const PrintStyle style = {.strings = true, .unicode_range = true};
    term_print_styled(&text, value, &style, 64 * 1024);
    text_add_string(&text, ").");
    pp_report(pp, severity, at, "epp", make_tuple2(pp_space(pp), atom_of(name), value), text.bytes);
    text_finish(&text);
}

static void directive_error(Preprocessor *pp)
{
    user_report(pp, "error", SEVERITY_ERROR);
}
static void directive_warning(Preprocessor *pp)
{
    user_report(pp, "warning", SEVERITY_WARNING);
}

static void directive_feature(Preprocessor *pp)
{
    static const uint8_t pattern[] = {TOKEN_LPAREN, TOKEN_ATOM,   TOKEN_COMMA,
                                      TOKEN_ATOM,   TOKEN_RPAREN, TOKEN_DOT};
    const Token *tokens = pp->raw.items;
    Location at;
    bool fits = pp_match(pp, pattern, COUNT_OF(pattern), &at);
    if (fits && pp->past_prefix) {
        pp_error(pp, tokens[1].at, atom_of("ftr_after_prefix"),
                 "feature directive not allowed after exports or record definitions");
        return;
    }
    const char *state = fits ? atom_name(tokens[5].value) : "";
    if (strcmp(state, "enable") != 0 && strcmp(state, "disable") != 0) {
        pp_bad(pp, tokens[2].at, "feature");
        return;
    }
    if (strcmp(atom_name(tokens[3].value), "maybe_expr") != 0) {
        Space *space = pp_space(pp);
        Term descriptor = make_tuple2(space, atom_of("invalid_features"),
                                      make_cons(space, tokens[3].value, TERM_NIL));
        char text[ATOM_MAX_CHARACTERS * 4 + 64];
        snprintf(text, sizeof text, "the feature '%s' does not exist.", atom_name(tokens[3].value));
        pp_report(pp, SEVERITY_ERROR, tokens[1].at, "erl_features", descriptor, text);
        return;
    }
    pp->unit->feature_maybe = state[0] == 'e';
}

/* ---- directives ---- */

typedef struct Directive {
    const char *name;
    void (*run)(Preprocessor *pp);
    bool when_skipping;
} Directive;

static const Directive *find_directive(const Preprocessor *pp)
{
    static const Directive directives[] = {
        {"define", directive_define, false},
        {"elif", directive_elif, true},
        {"else", directive_else, true},
        {"endif", directive_endif, true},
        {"error", directive_error, false},
        {"feature", directive_feature, false},
        {"if", directive_if, true},
        {"ifdef", directive_ifdef, true},
        {"ifndef", directive_ifndef, true},
        {"include", directive_include, false},
        {"include_lib", directive_include_lib, false},
        {"undef", directive_undef, false},
        {"warning", directive_warning, false},
    };
    const Token *name = &pp->raw.items[1];
    if (pp->raw.items[0].kind != TOKEN_MINUS || pp->raw.count < 2 ||
        (name->kind != TOKEN_ATOM && name->kind != TOKEN_IF && name->kind != TOKEN_ELSE)) {
        return NULL;
    }
    const char *text = atom_name(name->value);
    for (size_t i = 0; i < COUNT_OF(directives); i++) {
        if (strcmp(directives[i].name, text) == 0) {
            return &directives[i];
        }
    }
    return NULL;
}

static bool is_file_attribute(const Token *tokens)
{
    return tokens[0].kind == TOKEN_MINUS && tokens[1].kind == TOKEN_ATOM &&
           tokens[1].value == ATOM_OF(file);
}

/* The form's tokens for the parser; NULL: there is nothing for it. */
static const Token *process_form(Preprocessor *pp)
{
    const Directive *directive = find_directive(pp);
    if (directive != NULL) {
        if (directive->when_skipping || !is_skipping(pp)) {
            directive->run(pp);
        }
        return NULL;
    }
    if (is_skipping(pp)) {
        return NULL;
    }
    const TokenList *form = &pp->raw;
    if (pp->raw_has_calls) {
        if (!expand_macros(pp, pp->raw.items, pp->raw.count)) {
            return NULL;
        }
        form = &pp->expanded;
    }
    if (is_file_attribute(form->items) &&
        !preprocess_file_attribute(pp, form->items, form->count)) {
        return NULL;
    }
    return form->items;
}

/* ---- entries ---- */

const Token *preprocess_next(Preprocessor *pp, Location *end)
{
    for (;;) {
        switch (gather_form(pp)) {
        case GATHERED_FORM: {
            const Token *tokens = process_form(pp);
            if (tokens != NULL) {
                return tokens;
            }
            break;
        }
        case GATHERED_END: {
            Location at = scanner_location(&top_frame(pp)->scanner);
            conditions_close(pp, at);
            if (pp->frame_count == 1) {
                *end = at;
                return NULL;
            }
            frame_pop(pp);
            break;
        }
        case GATHERED_NOTHING:
            break;
        }
    }
}

bool preprocess_had_macros(const Preprocessor *pp)
{
    return pp->raw_has_calls;
}

void preprocess_note_form(Preprocessor *pp, const Form *form)
{
    if (form->kind == FORM_ATTRIBUTE) {
        Term name = form->attribute.name, value = form->attribute.value;
        if (name == ATOM_OF(file)) {
            return;
        }
        if (strcmp(atom_name(name), "module") == 0) {
            Term module = term_is_tuple(value) ? tuple_elements(value)[0] : value;
            pp->unit->module = module;
            macro_define_module(pp, module);
            return;
        }
    }
    pp->past_prefix = true;
}

Preprocessor *preprocessor_create(ErlUnit *unit, const ErlParseOptions *options,
                                  Diagnostics *diagnostics, Source *source, const char *path,
                                  const char *name)
{
    Preprocessor *pp = mem_alloc_zero(sizeof *pp);
    pp->unit = unit;
    pp->options = options;
    pp->diagnostics = diagnostics;
    lexicon_init(&pp->lexicon);
    arena_init(&pp->arena);
    arena_init(&pp->form_arena);
    parser_init(&pp->parser, unit);
    frame_push(pp, source, path, name);
    macros_init(pp);
    if (options->default_module != 0 && term_is_atom(options->default_module)) {
        macro_define_module(pp, options->default_module);
    }
    for (size_t i = 0; i < options->macro_count; i++) {
        macro_define_command_line(pp, &options->macros[i]);
    }
    Scanner *scanner = &top_frame(pp)->scanner;
    if (options->skip_shebang && scanner->at[0] == '#' && scanner->at[1] == '!') {
        while (scanner->at < scanner->end && *scanner->at != '\n') {
            scanner->at++;
        }
    }
    return pp;
}

void preprocessor_destroy(Preprocessor *pp)
{
    for (uint32_t i = 0; i < pp->frame_count; i++) {
        source_finish(&pp->frames[i]->source);
        mem_free(pp->frames[i]);
    }
    mem_free(pp->frames);
    mem_free(pp->conditions);
    macros_finish(pp);
    token_list_finish(&pp->raw);
    token_list_finish(&pp->expanded);
    parser_finish(&pp->parser);
    lexicon_finish(&pp->lexicon);
    arena_finish(&pp->arena);
    arena_finish(&pp->form_arena);
    mem_free(pp);
}
