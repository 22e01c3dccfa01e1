/* compiler/compile.c
 * Parse, check, lower, generate: the phases in order, on a stack that is deep enough. */
#include "compiler/compile.h"

#include "compiler/core/generate.h"
#include "compiler/erl/lint.h"
#include "compiler/erl/lower.h"
#include "compiler/erl/tests.h"
#include "runtime/term/arith.h"
#include "runtime/term/copy.h"

typedef struct Compilation {
    ErlUnit *unit;
    const CompileOptions *options;
    Diagnostics *diagnostics;
    Module *module; /* the result */
} Compilation;

static const CompileOptions no_options = {.path = NULL};

/* ---- what is told about a module ---- */

static Term make_text(Space *space, const char *text)
{
    return make_string_utf8(space, text, strlen(text));
}

static Term compile_info(Space *space, const Compilation *c)
{
    const char *source = c->options->is_deterministic ? NULL : c->options->source;
    Term options = term_is_list(c->options->info_options) ? c->options->info_options : TERM_NIL;
    Term info = term_is_list(c->options->more_info) ? c->options->more_info : TERM_NIL;
    if (source != NULL) {
        info =
            make_cons(space, make_tuple2(space, atom_of("source"), make_text(space, source)), info);
    }
    if (!c->options->is_deterministic) {
        info = make_cons(space, make_tuple2(space, atom_of("options"), options), info);
    }
    return make_cons(space, make_tuple2(space, atom_of("version"), make_text(space, "8.5")), info);
}

static bool has_attribute(Term attributes, const char *name)
{
    Term atom = atom_of(name);
    for (; term_is_cons(attributes); attributes = cons_tail(attributes)) {
        if (tuple_elements(cons_head(attributes))[0] == atom) {
            return true;
        }
    }
    return false;
}

/* Without a -vsn, the module's version is its digest. */
static void complete_attributes(Module *module, Term attributes)
{
    Space *space = arena_space(module->arena);
    module->attributes = term_copy_flat(space, attributes);
    module_set_digest(module);
    if (!has_attribute(attributes, "vsn")) {
        Term version = integer_from_bytes(space, module->digest, 16, false, false);
        Term vsn = make_tuple2(space, atom_of("vsn"), make_cons(space, version, TERM_NIL));
        module->attributes = make_cons(space, vsn, module->attributes);
        module_set_digest(module);
    }
}

/* ---- phases ---- */

static bool generate(Compilation *c, Module *module)
{
    LowerOptions lower_options = {.options = c->options->options};
    Lowered lowered;
    if (!erl_lower(c->unit, module, &lower_options, c->diagnostics, &lowered)) {
        return false;
    }
    GenerateError error;
    if (!core_generate(lowered.core, module, &error)) {
        Location at = {.line = error.at.line,
                       .file = error.at.file < c->unit->file_count ? (uint16_t) error.at.file : 0};
        diagnostic_at(c->diagnostics, SEVERITY_ERROR, c->unit, at, "%s", error.text);
        return false;
    }
    if (lowered.on_load != NULL) {
        module->on_load_function = (int32_t) lowered.on_load->index;
    }
    module->compile_info =
        term_copy_flat(arena_space(module->arena), compile_info(erl_unit_space(c->unit), c));
    complete_attributes(module, lowered.attributes);
    return true;
}

static void compile_deep(void *argument)
{
    Compilation *c = argument;
    Module *module = module_create(c->unit->module);
    if (generate(c, module)) {
        c->module = module;
    } else {
        module_destroy(module);
    }
}

static void check(ErlUnit *unit, const CompileOptions *options, bool module_is_given,
                  Diagnostics *diagnostics)
{
    LintOptions lint = {.module_is_given = module_is_given,
                        .compile_options = options->options,
                        .behaviour_info = options->behaviour_info,
                        .context = options->context};
    erl_lint(unit, &lint, diagnostics);
}

Module *compile_unit(ErlUnit *unit, const CompileOptions *options, Diagnostics *diagnostics)
{
    Compilation c = {unit, options == NULL ? &no_options : options, diagnostics, NULL};
    uint32_t errors = diagnostics->error_count;
    bool module_is_given = false;
    erl_transform_tests(unit);
    if (!term_is_atom(unit->module)) {
        Term name = c.options->default_name;
        if (name == 0 || !term_is_atom(name)) {
            check(unit, c.options, false, diagnostics); /* says so */
            return NULL;
        }
        unit->module = name;
        module_is_given = true;
    }
    if (!c.options->has_no_checks) {
        check(unit, c.options, module_is_given, diagnostics);
    }
    if (diagnostics->error_count != errors) {
        return NULL;
    }
    ast_run_deep(compile_deep, &c);
    if (c.module != NULL && diagnostics->error_count != errors) {
        module_destroy(c.module);
        return NULL;
    }
    return c.module;
}

Module *compile_source(const CompileOptions *options, Diagnostics *diagnostics)
{
    uint32_t errors = diagnostics->error_count;
    ErlUnit *unit = options->text == NULL
                        ? erl_parse_file(options->path, options->parse, diagnostics)
                        : erl_parse_text(options->path, options->text, options->text_bytes,
                                         options->parse, diagnostics);
    Module *module = NULL;
    erl_transform_tests(unit);
    if (options->transform != NULL && diagnostics->error_count == errors) {
        unit = options->transform(options->context, unit, diagnostics);
    }
    if (unit != NULL && diagnostics->error_count == errors) {
        module = compile_unit(unit, options, diagnostics);
    } else if (unit != NULL && term_is_atom(unit->module) && !options->has_no_checks) {
        check(unit, options, false, diagnostics); /* what else is wrong is told at once */
    }
    erl_unit_destroy(unit);
    return module;
}

/* ---- expressions ---- */

/* -module(Name). -export([run/0]). run() -> Expressions. */
static void add_run_function(ErlUnit *unit, Term name, NodeList expressions)
{
    Location at = expressions.items[0]->at;
    Space *space = erl_unit_space(unit);
    unit->module = name;
    Form *export = ARENA_NEW(&unit->arena, Form);
    export->kind = FORM_ATTRIBUTE;
    export->at = at;
    export->attribute.name = atom_of("export");
    Term run = make_tuple2(space, atom_of("run"), term_small(0));
    export->attribute.value = make_cons(space, run, TERM_NIL);
    erl_unit_add_form(unit, export);

    Clause *clause = clause_create(unit, at);
    clause->body = expressions;
    clause_update_height(clause);
    Form *function = ARENA_NEW(&unit->arena, Form);
    function->kind = FORM_FUNCTION;
    function->at = at;
    function->function.name = atom_of("run");
    function->function.clauses.items = arena_copy(&unit->arena, &clause, sizeof clause);
    function->function.clauses.count = 1;
    erl_unit_add_form(unit, function);
}

Module *compile_expression(Term module_name, const char *name, const char *text, size_t text_bytes,
                           Diagnostics *diagnostics)
{
    ErlUnit *unit = erl_unit_create();
    NodeList expressions;
    Module *module = NULL;
    if (erl_parse_expressions(unit, name, text, text_bytes, &expressions, diagnostics) &&
        expressions.count != 0) {
        add_run_function(unit, module_name, expressions);
        CompileOptions options = {.path = name, .has_no_checks = true};
        module = compile_unit(unit, &options, diagnostics);
    }
    erl_unit_destroy(unit);
    return module;
}
