/* tests/fuzz/parse_fuzz.c
 * Mutated source texts through scanner, preprocessor and parser, on to terms, back to a tree, and
 * the diagnostics printed. Nothing is checked but that all of it ends, soundly: build it with the
 * sanitizers.
 *
 *   parse_fuzz SECONDS SEED FILE…
 *
 * FILEs are the texts to start from; one that begins with `{` has forms as terms, one a line. A
 * text is written to parse_fuzz.last before it is tried where PARSE_FUZZ_KEEP is set, so that a
 * crash leaves it behind. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "compiler/erl/abstract.h"
#include "compiler/erl/parse.h"
#include "compiler/erl/source.h"
#include "runtime/term/atom.h"
#include "runtime/term/compare.h"

enum { TEXT_MAX = 1 << 15, TEXTS_MAX = 4096 };

typedef struct Fuzz {
    char *texts[TEXTS_MAX];
    size_t sizes[TEXTS_MAX];
    size_t text_count;
    uint64_t state;
    char text[TEXT_MAX * 2];
    size_t size;
    double seconds;
    uint64_t runs;
} Fuzz;

static uint64_t next_random(Fuzz *fuzz)
{
    uint64_t z = (fuzz->state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static size_t below(Fuzz *fuzz, size_t limit)
{
    return limit == 0 ? 0 : (size_t) (next_random(fuzz) % limit);
}

static const char *const pieces[] = {
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<<",
    ">>",
    ",",
    ";",
    ". ",
    ".\n",
    "->",
    "|",
    "||",
    "#",
    "::",
    ":",
    "=",
    "?",
    "??",
    "?A",
    "?A(",
    "-define(A",
    "-define(A(X), ?X(X)).\n",
    "-if(",
    "-endif.\n",
    "-else.\n",
    "-ifdef(A).\n",
    "-include(\"x\").\n",
    "-file(\"a\", 1).\n",
    "\"\"\"\n",
    "~b\"",
    "~S(",
    "\"",
    "'",
    "$",
    "$\\",
    "\\x{",
    "16#",
    "1.0e",
    "1_",
    "maybe ",
    " else ",
    " end ",
    "case X of ",
    "fun ",
    "fun(",
    "begin ",
    "try ",
    " catch ",
    " after ",
    "receive ",
    "when ",
    "not ",
    "-",
    "?LINE",
    "?MODULE",
    "?FUNCTION_ARITY",
    "-spec f() -> ",
    "-type t() :: ",
    "-record(r, {",
    "-module(m).\n",
    "=>",
    ":=",
    "<-",
    "<=",
    "?=",
    "...",
    "..",
    "%",
    "\n",
    "\xC3\xA9",
    "\xFF",
    "\xE2\x82\xAC",
    "\x00",
    "@",
    "`",
    "-error(",
    "-undef(A).\n",
    "/",
    "++",
    "!",
    "andalso ",
};

/* Replaces `removed` bytes at `at` by `added` ones. */
static void splice(Fuzz *fuzz, size_t at, size_t removed, const char *bytes, size_t added)
{
    removed = removed > fuzz->size - at ? fuzz->size - at : removed;
    if (fuzz->size - removed + added > sizeof fuzz->text) {
        return;
    }
    memmove(fuzz->text + at + added, fuzz->text + at + removed, fuzz->size - at - removed);
    memcpy(fuzz->text + at, bytes, added);
    fuzz->size = fuzz->size - removed + added;
}

static void mutate(Fuzz *fuzz)
{
    size_t at = below(fuzz, fuzz->size + 1);
    char byte = (char) next_random(fuzz);
    switch (below(fuzz, 8)) {
    case 0:
        splice(fuzz, at, 1, &byte, 1);
        break;
    case 1:
        splice(fuzz, at, 1 + below(fuzz, 20), "", 0);
        break;
    case 2:
        splice(fuzz, at, 0, &byte, 1);
        break;
    case 3: {
        size_t other = below(fuzz, fuzz->text_count);
        size_t from = below(fuzz, fuzz->sizes[other]);
        size_t size = below(fuzz, 200);
        size = size > fuzz->sizes[other] - from ? fuzz->sizes[other] - from : size;
        splice(fuzz, at, below(fuzz, 50), fuzz->texts[other] + from, size);
        break;
    }
    case 4: { /* the same piece again and again */
        const char *piece = pieces[below(fuzz, COUNT_OF(pieces))];
        for (size_t i = below(fuzz, 60); i-- > 0;) {
            splice(fuzz, at, 0, piece, strlen(piece));
        }
        break;
    }
    default: {
        const char *piece = pieces[below(fuzz, COUNT_OF(pieces))];
        splice(fuzz, at, below(fuzz, 3) == 0 ? strlen(piece) : 0, piece, strlen(piece));
    }
    }
}

/* A part of one of the texts, with some mistakes. */
static void make_text(Fuzz *fuzz)
{
    size_t which = below(fuzz, fuzz->text_count);
    size_t size = fuzz->sizes[which],
           limit = 200 + below(fuzz, below(fuzz, 20) == 0 ? TEXT_MAX : 3000);
    size_t from = size > limit ? below(fuzz, size - limit) : 0;
    fuzz->size = size - from > limit ? limit : size - from;
    if (fuzz->texts[which][0] == '{') { /* forms as terms: a whole line */
        const char *start = fuzz->texts[which] + from, *end = fuzz->texts[which] + size;
        const char *line = memchr(start, '\n', (size_t) (end - start));
        line = line == NULL ? fuzz->texts[which] : line + 1;
        const char *stop = memchr(line, '\n', (size_t) (end - line));
        from = (size_t) (line - fuzz->texts[which]);
        fuzz->size = (size_t) ((stop == NULL ? end : stop) - line);
        fuzz->size = fuzz->size > TEXT_MAX ? TEXT_MAX : fuzz->size;
    }
    memcpy(fuzz->text, fuzz->texts[which] + from, fuzz->size);
    for (size_t i = 1 + below(fuzz, 12); i-- > 0;) {
        mutate(fuzz);
    }
}

static void check_unit(ErlUnit *unit, Diagnostics *diagnostics)
{
    ArenaSpace *arena = arena_space_create();
    Term bad, forms = forms_to_abstract(unit, arena_space(arena), ABSTRACT_COLUMNS);
    ErlUnit *again = forms_from_abstract(forms, diagnostics, &bad);
    if (again != NULL) {
        forms_to_abstract(again, arena_space(arena), ABSTRACT_LINES);
    }
    erl_unit_destroy(again);
    arena_space_destroy(arena);
}

/* What was read as a term may be taken for forms. */
static void try_term(ErlUnit *unit, Term term, Diagnostics *diagnostics)
{
    Term bad;
    if (term == TERM_NONE) {
        return;
    }
    Node *node = node_from_abstract(unit, term, &bad);
    if (node != NULL) {
        node_to_abstract(unit, erl_unit_space(unit), node, ABSTRACT_COLUMNS);
    }
    Term forms = make_cons(erl_unit_space(unit), term, TERM_NIL);
    erl_unit_destroy(forms_from_abstract(forms, diagnostics, &bad));
}

static void try_text(Fuzz *fuzz)
{
    ErlParseOptions options = {.skip_shebang = true, .latin1 = below(fuzz, 8) == 0};
    Diagnostics diagnostics = {0};
    ErlUnit *unit = erl_parse_text("fuzz.erl", fuzz->text, fuzz->size, &options, &diagnostics);
    CHECK(unit->form_count > 0);
    CHECK(unit->forms[unit->form_count - 1]->kind == FORM_EOF);
    check_unit(unit, &diagnostics);
    Text text = {0};
    diagnostics_print(&diagnostics, "fuzz.erl", fuzz->text, fuzz->size, &text);
    text_finish(&text);
    NodeList exprs;
    erl_parse_expressions(unit, "e", fuzz->text, fuzz->size, &exprs, &diagnostics);
    Term term = erl_parse_term(unit, "t", fuzz->text, fuzz->size, &diagnostics);
    try_term(unit, term, &diagnostics);
    diagnostics_finish(&diagnostics);
    erl_unit_destroy(unit);
}

static void keep(const Fuzz *fuzz)
{
    FILE *out = fopen("parse_fuzz.last", "w");
    if (out != NULL) {
        fwrite(fuzz->text, 1, fuzz->size, out);
        fclose(out);
    }
}

static void run(void *argument)
{
    Fuzz *fuzz = argument;
    bool keeps = getenv("PARSE_FUZZ_KEEP") != NULL;
    time_t end = time(NULL) + (time_t) fuzz->seconds;
    while (time(NULL) < end) {
        make_text(fuzz);
        if (keeps) {
            keep(fuzz);
        }
        try_text(fuzz);
        fuzz->runs++;
    }
}

int main(int argc, char **argv)
{
    static Fuzz fuzz;
    if (argc < 4) {
        fprintf(stderr, "usage: parse_fuzz SECONDS SEED FILE...\n");
        return 2;
    }
    fuzz.seconds = atof(argv[1]);
    fuzz.state = strtoull(argv[2], NULL, 10);
    for (int i = 3; i < argc && fuzz.text_count < TEXTS_MAX; i++) {
        char *text = source_read_file(argv[i], &fuzz.sizes[fuzz.text_count]);
        if (text != NULL) {
            fuzz.texts[fuzz.text_count++] = text;
        }
    }
    atom_limit = 1u << 26; /* names are made up by the million */
    atoms_init();
    ast_run_deep(run, &fuzz);
    for (size_t i = 0; i < fuzz.text_count; i++) {
        mem_free(fuzz.texts[i]);
    }
    printf("parse_fuzz: %llu texts, seed %s: nothing found\n", (unsigned long long) fuzz.runs,
           argv[2]);
    return 0;
}
