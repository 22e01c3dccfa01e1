/* runtime/bif_compile.c
 * Natives of stdlib/compile.erl, erl_lint.erl and epp.erl, module muster_compiler. The work is done
 * on the blocking pool, on copies of what was asked, as compiling can take long. Only the check of
 * a few forms is not: erl_eval has one made for every call.
 *
 * Erlang code has to run while a module is compiled: parse transforms, and behaviour_info of
 * behaviours that are not OTP's own. So compiling stops where one of them is needed and says what
 * it needs; the caller sees to it and asks again, with what it has found. */
#include "runtime/bif_compile.h"

#include "compiler/erl/abstract.h"
#include "compiler/erl/lint.h"
#include "compiler/erl/preprocess.h"
#include "compiler/erl/tests.h"
#include "runtime/bif_data.h"
#include "runtime/job.h"
#include "runtime/library.h"
#include "runtime/term/copy.h"

typedef struct CompileJob {
    Job base; /* first */
    ArenaSpace *arena;
    Term source, settings; /* copies */
    Term answer;
    Arena texts; /* of parse options */
    ErlParseOptions parse;
} CompileJob;

static Space *job_space(const CompileJob *job)
{
    return arena_space(job->arena);
}

/* ---- settings ---- */

/* TERM_NONE: not given. */
static Term setting(const CompileJob *job, const char *name)
{
    return map_get(job->settings, atom_of(name));
}

static bool is_set(const CompileJob *job, const char *name)
{
    return setting(job, name) == ATOM_true;
}

/* The bytes of a binary as a text in the job's arena; NULL: it is no binary. */
static const char *text_of(CompileJob *job, Term binary)
{
    if (!term_is_binary(binary)) {
        return NULL;
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(binary, &size, &scratch);
    const char *text = arena_copy_text(&job->texts, (const char *) bytes, size);
    mem_free(scratch);
    return text;
}

static uint32_t list_count(Term list)
{
    uint32_t count = 0;
    for (; term_is_cons(list); list = cons_tail(list)) {
        count++;
    }
    return count;
}

/* includes => [Directory]: those of the command line come after. */
static void read_includes(CompileJob *job)
{
    Term list = setting(job, "includes"), item;
    size_t common = library_parse_options.include_dir_count;
    const char **all = ARENA_ARRAY(&job->texts, const char *, list_count(list) + common + 1);
    size_t count = 0;
    while (list != TERM_NONE && list_take(&list, &item)) {
        const char *text = text_of(job, item);
        if (text != NULL) {
            all[count++] = text;
        }
    }
    for (size_t i = 0; i < common; i++) {
        all[count++] = library_parse_options.include_dirs[i];
    }
    job->parse.include_dirs = all;
    job->parse.include_dir_count = count;
}

/* macros => [{Name, SourceText}] */
static void read_macros(CompileJob *job)
{
    Term list = setting(job, "macros"), item;
    size_t common = is_set(job, "plain") ? 0 : library_parse_options.macro_count, count = 0;
    MacroDefinition *all = ARENA_ARRAY(&job->texts, MacroDefinition, list_count(list) + common + 1);
    for (size_t i = 0; i < common; i++) {
        all[count++] = library_parse_options.macros[i];
    }
    while (list != TERM_NONE && list_take(&list, &item)) {
        if (term_is_pair(item)) {
            const char *name = text_of(job, pair_key(item)),
                       *value = text_of(job, pair_value(item));
            if (name != NULL && value != NULL) {
                all[count++] = (MacroDefinition){name, value};
            }
        }
    }
    job->parse.macros = all;
    job->parse.macro_count = count;
}

static void read_settings(CompileJob *job)
{
    job->parse = library_parse_options;
    read_includes(job);
    read_macros(job);
    job->parse.source_name = text_of(job, setting(job, "source_name"));
    Term first_line = setting(job, "first_line");
    if (term_is_small(first_line) && small_value(first_line) > 0) {
        job->parse.first_line = (uint32_t) small_value(first_line);
    }
    job->parse.latin1 = is_set(job, "latin1");
    job->parse.default_module = setting(job, "default_name");
    job->parse.skip_shebang = is_set(job, "shebang");
    job->parse.disable_maybe = is_set(job, "no_maybe");
    job->parse.names_are_short = is_set(job, "deterministic");
}

static AbstractLocations locations_of(const CompileJob *job)
{
    return setting(job, "location") == ATOM_line ? ABSTRACT_LINES : ABSTRACT_COLUMNS;
}

/* ---- what is said ---- */

static Term place_of(const CompileJob *job, const Diagnostic *diagnostic)
{
    if (diagnostic->line == 0) {
        return atom_of("none");
    }
    if (diagnostic->column == 0 || locations_of(job) == ABSTRACT_LINES) {
        return term_small(diagnostic->line);
    }
    return make_tuple2(job_space(job), term_small(diagnostic->line),
                       term_small(diagnostic->column));
}

static Term text_term(Space *space, const char *text)
{
    return make_string_utf8(space, text, strlen(text));
}

/* [{error | warning, File, {Location, Module, Descriptor}}], in the order of erlc. */
static Term messages_of(CompileJob *job, Diagnostics *diagnostics)
{
    Space *space = job_space(job);
    Term list = TERM_NIL;
    diagnostics_sort(diagnostics);
    for (uint32_t i = diagnostics->count; i-- > 0;) {
        const Diagnostic *diagnostic = &diagnostics->items[i];
        bool is_error = diagnostic->severity == SEVERITY_ERROR;
        Term module = diagnostic->module, descriptor = diagnostic->descriptor;
        if (module == TERM_NONE) {
            module = atom_of("compile");
            descriptor = make_tuple2(space, atom_of("text"), text_term(space, diagnostic->text));
        }
        descriptor = term_copy(space, descriptor);
        /* As in OTP: what erl_lint says of no place at all has two elements. */
        Term what = diagnostic->line == 0 && module == atom_of("erl_lint")
                        ? make_tuple2(space, module, descriptor)
                        : make_tuple3(space, place_of(job, diagnostic), module, descriptor);
        list = make_cons(space,
                         make_tuple3(space, is_error ? ATOM_error : atom_of("warning"),
                                     text_term(space, diagnostic->file), what),
                         list);
    }
    return list;
}

/* ---- what a module needs ---- */

static bool is_transform(Term option)
{
    return term_is_pair(option) && pair_key(option) == atom_of("parse_transform");
}

bool unit_has_transforms(const ErlUnit *unit)
{
    for (uint32_t i = 0; i < unit->form_count; i++) {
        const Form *form = unit->forms[i];
        if (form->kind != FORM_ATTRIBUTE || form->attribute.name != ATOM_compile) {
            continue;
        }
        Term options = form->attribute.value, option;
        if (is_transform(options)) {
            return true;
        }
        while (list_take(&options, &option)) {
            if (is_transform(option)) {
                return true;
            }
        }
    }
    return false;
}

static bool unit_has_docs(const ErlUnit *unit)
{
    for (uint32_t i = 0; i < unit->form_count; i++) {
        const Form *form = unit->forms[i];
        if (form->kind == FORM_ATTRIBUTE && (form->attribute.name == atom_of("doc") ||
                                             form->attribute.name == atom_of("moduledoc"))) {
            return true;
        }
    }
    return false;
}

/* Is it a -behaviour whose callbacks are not known here? */
static bool is_foreign_behaviour(const Form *form)
{
    return form->kind == FORM_ATTRIBUTE &&
           (form->attribute.name == atom_of("behaviour") ||
            form->attribute.name == atom_of("behavior")) &&
           term_is_atom(form->attribute.value) && !lint_knows_behaviour(form->attribute.value);
}

bool unit_has_foreign_behaviours(const ErlUnit *unit)
{
    for (uint32_t i = 0; i < unit->form_count; i++) {
        if (is_foreign_behaviour(unit->forms[i])) {
            return true;
        }
    }
    return false;
}

static Term behaviours_of(const CompileJob *job, const ErlUnit *unit)
{
    Term list = TERM_NIL;
    for (uint32_t i = unit->form_count; i-- > 0;) {
        if (is_foreign_behaviour(unit->forms[i])) {
            list = make_cons(job_space(job), unit->forms[i]->attribute.value, list);
        }
    }
    return list;
}

/* behaviours => [{Module, Callbacks, Optional}] */
static Term behaviour_info(void *context, Term module, Term *optional)
{
    const CompileJob *job = context;
    Term list = setting(job, "behaviours"), item;
    while (list != TERM_NONE && list_take(&list, &item)) {
        if (term_is_tuple(item) && tuple_arity(item) == 3 && tuple_elements(item)[0] == module) {
            *optional = tuple_elements(item)[2];
            return tuple_elements(item)[1];
        }
    }
    return TERM_NONE;
}

/* ---- the phases ---- */

static Term answer_of(CompileJob *job, const char *outcome, Term module, Term result,
                      Diagnostics *diagnostics)
{
    Space *space = job_space(job);
    return make_tuple4(space, atom_of(outcome), module, result, messages_of(job, diagnostics));
}

static Term forms_answer(CompileJob *job, const char *outcome, const ErlUnit *unit,
                         Diagnostics *diagnostics)
{
    Term name = term_is_atom(unit->module) ? unit->module : TERM_NIL;
    return answer_of(job, outcome, name, forms_to_abstract(unit, job_space(job), locations_of(job)),
                     diagnostics);
}

static Term list_setting(const CompileJob *job, const char *name)
{
    Term list = setting(job, name);
    return list == TERM_NONE ? TERM_NIL : list;
}

static void check(CompileJob *job, ErlUnit *unit, Diagnostics *diagnostics)
{
    LintOptions options = {.compile_options = list_setting(job, "options"),
                           .has_no_later_passes = setting(job, "stop") == atom_of("check"),
                           .behaviour_info = behaviour_info,
                           .context = job};
    erl_lint(unit, &options, diagnostics);
}

static Term loaded_answer(CompileJob *job, const Module *module, Diagnostics *diagnostics)
{
    char error[512];
    if (code_load(module, error, sizeof error)) {
        return answer_of(job, "loaded", module->name, TERM_NIL, diagnostics);
    }
    return answer_of(job, "not_loaded", module->name, text_term(job_space(job), error),
                     diagnostics);
}

static Term written_answer(CompileJob *job, const Module *module, Diagnostics *diagnostics)
{
    size_t size;
    uint8_t *bytes = module_write(module, &size);
    Term code = make_binary(job_space(job), bytes, size);
    mem_free(bytes);
    return answer_of(job, "ok", module->name, code, diagnostics);
}

static Term module_answer(CompileJob *job, ErlUnit *unit, Diagnostics *diagnostics)
{
    Term source = setting(job, "source"), name = setting(job, "default_name");
    CompileOptions options = {.path = unit->files[0],
                              .source = text_of(job, source),
                              .options = list_setting(job, "options"),
                              .info_options = list_setting(job, "info_options"),
                              .more_info = list_setting(job, "more_info"),
                              .is_deterministic = is_set(job, "deterministic"),
                              .behaviour_info = behaviour_info,
                              .context = job,
                              .default_name = name};
    Module *module = compile_unit(unit, &options, diagnostics);
    if (module == NULL) {
        return answer_of(job, "error", TERM_NIL, TERM_NIL, diagnostics);
    }
    Term answer = is_set(job, "load") ? loaded_answer(job, module, diagnostics)
                                      : written_answer(job, module, diagnostics);
    module_destroy(module);
    return answer;
}

static Term unit_answer(CompileJob *job, ErlUnit *unit, Diagnostics *diagnostics)
{
    Term stop = setting(job, "stop");
    bool wants_forms = is_set(job, "has_transforms") || unit_has_transforms(unit) ||
                       (is_set(job, "docs") && unit_has_docs(unit));
    bool was_read = diagnostics->error_count == 0;
    if (stop != atom_of("parse") || is_set(job, "tests")) {
        erl_transform_tests(unit);
    }
    if (stop == atom_of("parse")) {
        return forms_answer(job, was_read ? "ok" : "error", unit, diagnostics);
    }
    if (is_set(job, "before_transforms") && wants_forms) {
        return forms_answer(job, "transforms", unit, diagnostics);
    }
    if (setting(job, "behaviours") == TERM_NONE && unit_has_foreign_behaviours(unit)) {
        return answer_of(job, "behaviours", TERM_NIL, behaviours_of(job, unit), diagnostics);
    }
    if (!was_read) { /* what else is wrong is told at once */
        if (term_is_atom(unit->module)) {
            check(job, unit, diagnostics);
        }
        return answer_of(job, "error", TERM_NIL, TERM_NIL, diagnostics);
    }
    if (stop == atom_of("check")) {
        check(job, unit, diagnostics);
        return answer_of(job, diagnostics->error_count == 0 ? "ok" : "error",
                         term_is_atom(unit->module) ? unit->module : TERM_NIL, TERM_NIL,
                         diagnostics);
    }
    return module_answer(job, unit, diagnostics);
}

/* {text, Name, Bytes} or {forms, Forms} */
static ErlUnit *read_source(CompileJob *job, Diagnostics *diagnostics, Term *bad)
{
    const Term *parts = tuple_elements(job->source);
    if (tuple_arity(job->source) == 2) {
        return forms_from_abstract(parts[1], diagnostics, bad);
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(parts[2], &size, &scratch);
    ErlUnit *unit = erl_parse_text(text_of(job, parts[1]), (const char *) bytes, size, &job->parse,
                                   diagnostics);
    mem_free(scratch);
    return unit;
}

static void compile_work(Job *base)
{
    CompileJob *job = (CompileJob *) base;
    Diagnostics diagnostics;
    Term bad = TERM_NONE;
    diagnostics_init(&diagnostics);
    read_settings(job);
    ErlUnit *unit = read_source(job, &diagnostics, &bad);
    if (unit == NULL) {
        job->answer = make_tuple2(job_space(job), atom_of("bad"), bad);
    } else {
        job->answer = unit_answer(job, unit, &diagnostics);
    }
    erl_unit_destroy(unit);
    diagnostics_finish(&diagnostics);
}

static void preprocess_work(Job *base)
{
    CompileJob *job = (CompileJob *) base;
    PreprocessedTerms out;
    uint64_t limit;
    size_t size;
    void *scratch;
    read_settings(job);
    const Term *parts = tuple_elements(job->source);
    const uint8_t *bytes = binary_bytes(parts[2], &size, &scratch);
    Term wanted = setting(job, "limit");
    if (wanted == TERM_NONE || !term_to_count(wanted, UINT32_MAX, &limit)) {
        limit = UINT32_MAX;
    }
    preprocess_to_terms(job_space(job), text_of(job, parts[1]), (const char *) bytes, size,
                        &job->parse, locations_of(job), (uint32_t) limit, &out);
    mem_free(scratch);
    job->answer = make_tuple2(job_space(job), out.forms, out.macros);
}

static Term compile_answer(Job *base, Space *space)
{
    return ((CompileJob *) base)->answer; /* is copied into a message */
}

static void compile_finish(Job *base)
{
    CompileJob *job = (CompileJob *) base;
    arena_finish(&job->texts);
    arena_space_destroy(job->arena);
    mem_free(job);
}

static bool is_text(Term source)
{
    if (!term_is_tuple(source) || tuple_arity(source) != 3) {
        return false;
    }
    const Term *parts = tuple_elements(source);
    return term_is_binary(parts[1]) && term_is_binary(parts[2]);
}

static bool is_source(Term source)
{
    return is_text(source) || (term_is_tuple(source) && tuple_arity(source) == 2);
}

static CompileJob *job_create(const Term args[], void (*work)(Job *job))
{
    CompileJob *job = mem_alloc_zero(sizeof *job);
    job->base.work = work;
    job->base.answer = compile_answer;
    job->base.finish = compile_finish;
    job->arena = arena_space_create();
    job->source = term_copy(job_space(job), args[0]);
    job->settings = term_copy(job_space(job), args[1]);
    arena_init(&job->texts);
    return job;
}

/* Does a scheduler do the work itself? Up to so many parts of forms, each at most as deep as a low
 * tree: what has more takes longer than handing it to a thread. */
enum { PARTS_OF_FEW = 400, REDUCTIONS_A_PART = 4 };

/* Counts the parts of a term, while it is not too deep and they are not too many. */
static bool is_little(Term t, size_t depth, size_t *parts_left)
{
    for (; term_is_cons(t); t = cons_tail(t)) {
        if (*parts_left == 0 || depth == 0 || !is_little(cons_head(t), depth - 1, parts_left)) {
            return false;
        }
    }
    if (*parts_left == 0) {
        return false;
    }
    --*parts_left;
    if (!term_is_tuple(t)) {
        return !term_is_map(t);
    }
    for (size_t i = 0; i < tuple_arity(t); i++) {
        if (depth == 0 || !is_little(tuple_elements(t)[i], depth - 1, parts_left)) {
            return false;
        }
    }
    return true;
}

static void work_here(void *argument)
{
    compile_work(argument);
}

/* What the pool would answer, at once; TERM_NONE: it is the pool's to do. */
static Term check_of_few(Process *p, const Term args[])
{
    size_t parts_left = PARTS_OF_FEW;
    if (map_get(args[1], atom_of("stop")) != atom_of("check") || is_text(args[0]) ||
        !is_little(args[0], AST_HEIGHT_LOW, &parts_left)) {
        return TERM_NONE;
    }
    CompileJob *job = job_create(args, compile_work);
    ast_run_low(work_here, &job->base);
    Term answer = term_copy(bif_space(p), job->answer);
    compile_finish(&job->base);
    bif_charge(p, (PARTS_OF_FEW - parts_left) * REDUCTIONS_A_PART);
    return bif_result(p, answer);
}

/* run({text, Name, Bytes} | {forms, Forms}, Settings):
 *
 *   {ok, Module, Code | Forms, Messages}     stop => parse: forms; check (as erl_lint does): [];
 *                                            module: a binary
 *   {loaded, Module, [], Messages}           load => true; {not_loaded, Module, Why, Messages}
 *   {error, [] | Module, [] | Forms, Messages}
 *   {transforms, Module, Forms, Messages}    before_transforms => true, and there are some
 *   {behaviours, [], Modules, Messages}      behaviours => … is missing
 *   {bad, Part}                              what is given as forms has a part that is none
 *
 * Other settings: docs (as has_transforms, where there is documentation), tests (parse: those of
 * eunit are exported or taken out), has_transforms, includes, macros, plain, source_name, source,
 * latin1, shebang, no_maybe, location, options, info_options, more_info, deterministic,
 * default_name. */
Term bif_compiler_run_2(Process *p, const Term args[])
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    if (!is_source(args[0]) || !term_is_map(args[1])) {
        return bif_badarg(p);
    }
    Term answer = check_of_few(p, args);
    return answer != TERM_NONE ? answer : job_start(p, &job_create(args, compile_work)->base);
}

/* preprocess({text, Name, Bytes}, Settings): {Forms, Macros}, see PreprocessedTerms; limit => at
 * most so many forms. */
Term bif_compiler_preprocess_2(Process *p, const Term args[])
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    if (!is_text(args[0]) || !term_is_map(args[1])) {
        return bif_badarg(p);
    }
    return job_start(p, &job_create(args, preprocess_work)->base);
}

/* add_chunks(Code, Bytes): a module's file with these bytes besides; `error`: it is none. */
Term bif_compiler_add_chunks_2(Process *p, const Term args[])
{
    if (!term_is_binary(args[0]) || !term_is_binary(args[1])) {
        return bif_badarg(p);
    }
    size_t file_bytes, more_bytes, size;
    void *file_scratch, *more_scratch;
    const uint8_t *file = binary_bytes(args[0], &file_bytes, &file_scratch);
    const uint8_t *more = binary_bytes(args[1], &more_bytes, &more_scratch);
    uint8_t *all = module_file_with(file, file_bytes, more, more_bytes, &size);
    Term result = all == NULL ? ATOM_error : make_binary(bif_space(p), all, size);
    mem_free(all);
    mem_free(file_scratch);
    mem_free(more_scratch);
    return bif_result(p, result);
}

/* disassemble(Code): the assembly of a module's file, a binary; `error`: it is none. */
Term bif_compiler_disassemble_1(Process *p, const Term args[])
{
    if (!term_is_binary(args[0])) {
        return bif_badarg(p);
    }
    char error[512];
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(args[0], &size, &scratch);
    Module *module = module_read(bytes, size, error, sizeof error);
    mem_free(scratch);
    if (module == NULL) {
        return ATOM_error;
    }
    Text text = {0};
    module_disassemble(module, &text);
    module_destroy(module);
    Term result = make_binary(bif_space(p), text.bytes, text.size_bytes);
    text_finish(&text);
    return bif_result(p, result);
}

/* [{Name, Arity}] of those functions that are exported, or are not. */
static Term functions_of(Space *space, const Module *module, bool exported)
{
    Term list = TERM_NIL;
    for (uint32_t i = module->function_count; i-- > 0;) {
        const ModuleFunction *function = &module->functions[i];
        if (function->is_exported == exported) {
            Term pair = make_tuple2(space, function->name, term_small(function->arity));
            list = make_cons(space, pair, list);
        }
    }
    return list;
}

static Term imports_of(Space *space, const Module *module)
{
    Term list = TERM_NIL;
    for (uint32_t i = module->import_count; i-- > 0;) {
        const ModuleImport *import = &module->imports[i];
        list = make_cons(
            space, make_tuple3(space, import->module, import->function, term_small(import->arity)),
            list);
    }
    return list;
}

/* module_facts(Code): {Module, Attributes, CompileInfo, Exports, Locals, Imports, Atoms, Digest} of
 * a module's file; `error`: it is none. */
Term bif_compiler_module_facts_1(Process *p, const Term args[])
{
    char error[512];
    size_t size;
    void *scratch;
    if (!term_is_binary(args[0])) {
        return bif_badarg(p);
    }
    const uint8_t *bytes = binary_bytes(args[0], &size, &scratch);
    Module *module = module_read(bytes, size, error, sizeof error);
    mem_free(scratch);
    if (module == NULL) {
        return ATOM_error;
    }
    Space *space = bif_space(p);
    Term facts[] = {module->name,
                    term_copy(space, module->attributes),
                    term_copy(space, module->compile_info),
                    functions_of(space, module, true),
                    functions_of(space, module, false),
                    imports_of(space, module),
                    make_list(space, module->atoms, module->atom_count, TERM_NIL),
                    make_binary(space, module->digest, sizeof module->digest)};
    module_destroy(module);
    return make_tuple(space, facts, COUNT_OF(facts));
}

static Term embedded_bytes(Process *p, const EmbeddedFile *file)
{
    return file == NULL ? ATOM_undefined
                        : bif_result(p, make_binary(bif_space(p), file->start,
                                                    (size_t) (file->end - file->start)));
}

/* embedded(Module): the file of a module that the machine carries; `undefined`: it is none. */
Term bif_compiler_embedded_1(Process *p, const Term args[])
{
    return term_is_atom(args[0]) ? embedded_bytes(p, library_embedded(atom_name(args[0])))
                                 : bif_badarg(p);
}

/* embedded_docs(Module): its documentation; `undefined`: there is none. */
Term bif_compiler_embedded_docs_1(Process *p, const Term args[])
{
    return term_is_atom(args[0]) ? embedded_bytes(p, library_embedded_docs(atom_name(args[0])))
                                 : bif_badarg(p);
}

/* message_text(Descriptor): what erl_lint and sys_core_fold say, a binary; `undefined`: nothing. */
Term bif_compiler_message_text_1(Process *p, const Term args[])
{
    Text text = {0};
    Term result = ATOM_undefined;
    if (lint_message_text(args[0], &text)) {
        result = make_binary(bif_space(p), text.bytes, text.size_bytes);
    }
    text_finish(&text);
    return bif_result(p, result);
}
