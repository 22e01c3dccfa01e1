/* tests/fuzz/scan.c
 * Any bytes as source text: scanner, preprocessor, parser, on to terms and back to a tree, the
 * diagnostics printed; as expressions and as a term. What has no errors so far is compiled. */
#include "compiler/bytecode/external_fun.h"
#include "compiler/compile.h"
#include "compiler/erl/abstract.h"
#include "runtime/term/atom.h"
#include "runtime/term/mem.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/words.h"

typedef struct Input {
    const char *text;
    size_t size;
    bool latin1;
} Input;

static Export *any_export(Term module, Term function, uint32_t arity)
{
    static Export export;
    export = (Export){module, function, arity};
    return &export;
}

static void try_forms(ErlUnit *unit, Diagnostics *diagnostics)
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

static void print(Diagnostics *diagnostics, const Input *input)
{
    Text text = {0};
    diagnostics_print(diagnostics, "fuzz.erl", input->text, input->size, &text);
    text_finish(&text);
}

static void try_module(const Input *input, const ErlParseOptions *parse)
{
    Diagnostics diagnostics = {0};
    CompileOptions options = {
        .path = "fuzz.erl", .text = input->text, .text_bytes = input->size, .parse = parse};
    Module *module = compile_source(&options, &diagnostics);
    CHECK((module == NULL) == (diagnostics.error_count > 0));
    if (module != NULL) {
        size_t size;
        mem_free(module_write(module, &size));
        module_destroy(module);
    }
    print(&diagnostics, input);
    diagnostics_finish(&diagnostics);
}

static void try_input(void *argument)
{
    const Input *input = argument;
    ErlParseOptions options = {.skip_shebang = true, .latin1 = input->latin1};
    Diagnostics diagnostics = {0};
    ErlUnit *unit = erl_parse_text("fuzz.erl", input->text, input->size, &options, &diagnostics);
    CHECK(unit->form_count > 0);
    CHECK(unit->forms[unit->form_count - 1]->kind == FORM_EOF);
    bool is_fine = diagnostics.error_count == 0;
    try_forms(unit, &diagnostics);
    NodeList exprs;
    erl_parse_expressions(unit, "e", input->text, input->size, &exprs, &diagnostics);
    try_term(unit, erl_parse_term(unit, "t", input->text, input->size, &diagnostics),
             &diagnostics);
    print(&diagnostics, input);
    diagnostics_finish(&diagnostics);
    erl_unit_destroy(unit);
    if (is_fine) {
        try_module(input, &options);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    atom_limit = 1u << 26; /* names are made up by the million */
    atoms_init();
    external_fun_export = any_export;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size_bytes)
{
    Input input = {(const char *) bytes, size_bytes, size_bytes % 8 == 0};
    ast_run_deep(try_input, &input);
    return 0;
}

/* libFuzzer's own changes hit the scanner; these leave words whole and get further. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size_bytes, size_t capacity) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size_bytes, size_t capacity, unsigned seed)
{
    uint64_t state = seed;
    if (seed % 4 == 0) {
        return LLVMFuzzerMutate(bytes, size_bytes, capacity);
    }
    char *made = mem_alloc(capacity + 1);
    size_t made_bytes = words_change((char *) bytes, size_bytes, made, capacity, &state);
    if (made_bytes > 0) {
        memcpy(bytes, made, made_bytes);
    }
    mem_free(made);
    return made_bytes > 0 ? made_bytes : LLVMFuzzerMutate(bytes, size_bytes, capacity);
}
