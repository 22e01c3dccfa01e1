/* compiler/erl/lower.c
 * A module: its names, records and attributes, then each function. */
#include "compiler/erl/lower.h"

#include "compiler/erl/lower_internal.h"

#include <stdarg.h>
#include <stdio.h>

void lower_error(Lower *l, Location at, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    l->error_count++;
    diagnostic_at(l->diagnostics, SEVERITY_ERROR, l->unit, at, "%s", text);
}

/* ---- tables ---- */

static uint32_t name_hash(Term name, uint32_t arity)
{
    return (atom_index(name) * 31 + arity) * 2654435761u >> 7;
}

NameEntry *known_name(const Lower *l, Term name, uint32_t arity)
{
    if (l->names.capacity == 0) {
        return NULL;
    }
    uint32_t mask = l->names.capacity - 1;
    for (uint32_t at = name_hash(name, arity) & mask; l->names.entries[at].name != 0;
         at = (at + 1) & mask) {
        NameEntry *entry = &l->names.entries[at];
        if (entry->name == name && entry->arity == arity) {
            return entry;
        }
    }
    return NULL;
}

static void grow_names(Lower *l)
{
    NameTable old = l->names;
    l->names.capacity = old.capacity == 0 ? 64 : old.capacity * 2;
    size_t bytes = l->names.capacity * sizeof(NameEntry);
    l->names.entries = arena_alloc_zero(l->arena, bytes);
    uint32_t mask = l->names.capacity - 1;
    for (uint32_t i = 0; i < old.capacity; i++) {
        if (old.entries[i].name != 0) {
            uint32_t at = name_hash(old.entries[i].name, old.entries[i].arity) & mask;
            while (l->names.entries[at].name != 0) {
                at = (at + 1) & mask;
            }
            l->names.entries[at] = old.entries[i];
        }
    }
}

static NameEntry *name_add(Lower *l, Term name, uint32_t arity)
{
    NameEntry *entry = known_name(l, name, arity);
    if (entry != NULL) {
        return entry;
    }
    if (l->names.count * 2 >= l->names.capacity) {
        grow_names(l);
    }
    uint32_t mask = l->names.capacity - 1;
    uint32_t at = name_hash(name, arity) & mask;
    while (l->names.entries[at].name != 0) {
        at = (at + 1) & mask;
    }
    l->names.count++;
    l->names.entries[at] = (NameEntry){.name = name, .arity = arity, .imported_from = TERM_NONE};
    return &l->names.entries[at];
}

Form *record_find(const Lower *l, Term name)
{
    if (l->record_capacity == 0 || !term_is_atom(name)) {
        return NULL;
    }
    uint32_t mask = l->record_capacity - 1;
    uint32_t at = name_hash(name, 0) & mask;
    while (l->records[at] != NULL && l->records[at]->record.name != name) {
        at = (at + 1) & mask;
    }
    return l->records[at];
}

static void add_records(Lower *l)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < l->unit->form_count; i++) {
        count += l->unit->forms[i]->kind == FORM_RECORD;
    }
    l->record_capacity = 16;
    while (l->record_capacity < count * 2) {
        l->record_capacity *= 2;
    }
    l->records = arena_alloc_zero(l->arena, l->record_capacity * sizeof l->records[0]);
    for (uint32_t i = 0; i < l->unit->form_count; i++) {
        Form *form = l->unit->forms[i];
        if (form->kind != FORM_RECORD || record_find(l, form->record.name) != NULL) {
            continue;
        }
        uint32_t at = name_hash(form->record.name, 0) & (l->record_capacity - 1);
        while (l->records[at] != NULL) {
            at = (at + 1) & (l->record_capacity - 1);
        }
        l->records[at] = form;
    }
}

/* ---- attributes ---- */

static bool atom_is(Term term, const char *text)
{
    return term_is_atom(term) && strcmp(atom_name(term), text) == 0;
}

static Term element(Term tuple, size_t index)
{
    return tuple_elements(tuple)[index];
}

/* {Name, Arity}; false: it is none. */
static bool is_name_arity(Term term, Term *name, uint32_t *arity)
{
    if (!term_is_tuple(term) || tuple_arity(term) != 2 || !term_is_atom(element(term, 0)) ||
        !term_is_small(element(term, 1)) || small_value(element(term, 1)) < 0 ||
        small_value(element(term, 1)) > 255) {
        return false;
    }
    *name = element(term, 0);
    *arity = (uint32_t) small_value(element(term, 1));
    return true;
}

static void add_imports(Lower *l, Term value)
{
    if (!term_is_tuple(value) || tuple_arity(value) != 2 || !term_is_atom(element(value, 0))) {
        return;
    }
    for (Term rest = element(value, 1); term_is_cons(rest); rest = cons_tail(rest)) {
        Term name;
        uint32_t arity;
        if (is_name_arity(cons_head(rest), &name, &arity)) {
            name_add(l, name, arity)->imported_from = element(value, 0);
        }
    }
}

typedef struct Attributes {
    bool export_all;
    Term on_load_name; /* or TERM_NONE */
    Term kept;         /* reversed */
    bool has_vsn;
    Term callbacks, optional_callbacks; /* lists of {Name, Arity}, reversed; {Name, Arity} … */
    bool has_callbacks;
} Attributes;

/* Whether fields of records are read without a look at the record: what is said first holds, of
 * attributes before options. */
static void settle_record_tests(Lower *l, Term option)
{
    bool no_tests = atom_is(option, "no_strict_record_tests");
    if (!l->record_tests_are_settled && (no_tests || atom_is(option, "strict_record_tests"))) {
        l->record_tests_are_settled = true;
        l->no_record_tests = no_tests;
    }
}

static void add_compile_option(Lower *l, Attributes *out, Term option)
{
    settle_record_tests(l, option);
    if (atom_is(option, "export_all")) {
        out->export_all = true;
    } else if (atom_is(option, "no_auto_import")) {
        l->no_auto_import = true;
    } else if (term_is_tuple(option) && tuple_arity(option) == 2 &&
               atom_is(element(option, 0), "no_auto_import")) {
        for (Term rest = element(option, 1); term_is_cons(rest); rest = cons_tail(rest)) {
            Term name;
            uint32_t arity;
            if (is_name_arity(cons_head(rest), &name, &arity)) {
                name_add(l, name, arity)->is_not_auto_imported = true;
            }
        }
    }
}

static void add_compile(Lower *l, Attributes *out, Term value)
{
    if (!term_is_list(value)) {
        add_compile_option(l, out, value);
        return;
    }
    for (; term_is_cons(value); value = cons_tail(value)) {
        add_compile_option(l, out, cons_head(value));
    }
}

static void add_attribute(Lower *l, Attributes *out, Term name, Term value)
{
    static const char *const without_trace[] = {
        "module",  "export", "file", "export_type", "doc",  "moduledoc",
        "feature", "record", "type", "opaque",      "spec", "callback",
    };
    for (size_t i = 0; i < COUNT_OF(without_trace); i++) {
        if (atom_is(name, without_trace[i])) {
            return;
        }
    }
    Space *space = l->core->space;
    if (atom_is(name, "import")) {
        add_imports(l, value);
    } else if (atom_is(name, "compile")) {
        add_compile(l, out, value);
    } else if (atom_is(name, "on_load")) {
        Term function;
        uint32_t arity;
        if (is_name_arity(value, &function, &arity) && arity == 0) {
            out->on_load_name = function;
        }
    } else if (atom_is(name, "optional_callbacks")) {
        for (; term_is_cons(value); value = cons_tail(value)) {
            out->optional_callbacks = make_cons(space, cons_head(value), out->optional_callbacks);
        }
    } else if (module_can_hold(value)) {
        out->has_vsn |= atom_is(name, "vsn");
        Term values = term_is_list(value) ? value : make_cons(space, value, TERM_NIL);
        out->kept = make_cons(space, make_tuple2(space, name, values), out->kept);
    }
}

static Term reversed(Space *space, Term list)
{
    Term result = TERM_NIL;
    for (; term_is_cons(list); list = cons_tail(list)) {
        result = make_cons(space, cons_head(list), result);
    }
    return result;
}

static void read_attributes(Lower *l, Attributes *out)
{
    *out = (Attributes){.on_load_name = TERM_NONE,
                        .kept = TERM_NIL,
                        .callbacks = TERM_NIL,
                        .optional_callbacks = TERM_NIL};
    Space *space = l->core->space;
    for (uint32_t i = 0; i < l->unit->form_count; i++) {
        const Form *form = l->unit->forms[i];
        if (form->kind == FORM_ATTRIBUTE) {
            add_attribute(l, out, form->attribute.name, form->attribute.value);
        } else if (form->kind == FORM_SPEC && atom_is(form->spec.attribute, "callback")) {
            Term pair = make_tuple2(space, form->spec.name, term_small(form->spec.arity));
            out->callbacks = make_cons(space, pair, out->callbacks);
            out->has_callbacks = true;
        }
    }
    out->kept = reversed(space, out->kept);
    out->callbacks = reversed(space, out->callbacks);
    out->optional_callbacks = reversed(space, out->optional_callbacks);
}

static void read_exports(Lower *l, bool export_all)
{
    for (uint32_t i = 0; i < l->unit->form_count; i++) {
        const Form *form = l->unit->forms[i];
        if (form->kind != FORM_ATTRIBUTE || !atom_is(form->attribute.name, "export")) {
            continue;
        }
        for (Term rest = form->attribute.value; term_is_cons(rest); rest = cons_tail(rest)) {
            Term name;
            uint32_t arity;
            NameEntry *entry =
                is_name_arity(cons_head(rest), &name, &arity) ? known_name(l, name, arity) : NULL;
            if (entry != NULL && entry->function != NULL) {
                entry->function->is_exported = true;
            }
        }
    }
    for (uint32_t i = 0; export_all && i < l->core->function_count; i++) {
        l->core->functions[i]->is_exported = true;
    }
}

/* ---- functions ---- */

static CoreFunction *declare_function(Lower *l, Term name, uint32_t arity)
{
    NameEntry *entry = name_add(l, name, arity);
    if (entry->function != NULL) {
        return NULL;
    }
    entry->function = core_function(l->core, NULL, name, arity);
    return entry->function;
}

static void lower_function_clauses(Lower *l, CoreFunction *function, const Form *form)
{
    ClauseList clauses = form->function.clauses;
    l->top = l->function = function;
    l->name_count = l->lifted_count = 0;
    function->at = lower_at(l, clauses.count != 0 ? clauses.items[0]->at : form->at);
    function->clauses = ARENA_ARRAY(l->arena, CoreClause *, clauses.count);
    function->clause_count = clauses.count;
    for (uint32_t i = 0; i < clauses.count; i++) {
        l->clause_stamp = ++l->stamp;
        l->fresh_stamp = 0;
        l->scope = NULL;
        Scope *scope = scope_open(l, NULL);
        function->clauses[i] = lower_clause(l, clauses.items[i], WANT_VALUE);
        scope_close(l, scope);
        scope_undo(l, 0);
        scope_declare_all(l);
    }
}

static void lower_function(Lower *l, CoreFunction *function, const Form *form)
{
    CorePending *pending = l->core->pending;
    l->needs_forward = false;
    lower_function_clauses(l, function, form);
    if (l->needs_forward) {
        l->core->pending = pending;
        function->first_child = NULL;
        l->is_forward = true;
        lower_function_clauses(l, function, form);
        l->is_forward = false;
    }
}

/* A function of one clause that has the given body. */
static CoreFunction *made_function(Lower *l, const char *name, uint32_t arity)
{
    CoreFunction *function = declare_function(l, atom_of(name), arity);
    if (function == NULL) {
        return NULL;
    }
    function->is_exported = true;
    function->clauses = ARENA_ARRAY(l->arena, CoreClause *, 2);
    function->clause_count = 1;
    function->clauses[0] = core_clause(l->core, arity);
    return function;
}

static void add_module_info(Lower *l)
{
    CoreAt nowhere = {0, 0};
    for (uint32_t arity = 0; arity < 2; arity++) {
        CoreFunction *function = made_function(l, "module_info", arity);
        if (function == NULL) {
            continue;
        }
        Core *args[2] = {literal_atom(l, nowhere, l->core->name), NULL};
        if (arity == 1) {
            CoreVar *item = core_var(l->core, function);
            function->clauses[0]->patterns[0] = core_pattern_var(l->core, item);
            args[1] = core_use(l->core, nowhere, item);
        }
        function->clauses[0]->body =
            core_remote(l->core, CORE_CALL_REMOTE, nowhere, ATOM_OF(erlang),
                        atom_of("get_module_info"), args, arity + 1);
    }
}

static void add_behaviour_info(Lower *l, const Attributes *attributes)
{
    CoreFunction *function =
        attributes->has_callbacks ? made_function(l, "behaviour_info", 1) : NULL;
    if (function == NULL) {
        return;
    }
    CoreAt nowhere = {0, 0};
    function->clause_count = 2;
    function->clauses[1] = core_clause(l->core, 1);
    function->clauses[0]->patterns[0] = core_pattern_literal(l->core, atom_of("callbacks"));
    function->clauses[0]->body = core_literal(l->core, nowhere, attributes->callbacks);
    function->clauses[1]->patterns[0] =
        core_pattern_literal(l->core, atom_of("optional_callbacks"));
    function->clauses[1]->body = core_literal(l->core, nowhere, attributes->optional_callbacks);
}

static void lower_init(Lower *l, ErlUnit *unit, Module *module, Diagnostics *diagnostics)
{
    *l = (Lower){.unit = unit, .module = module, .diagnostics = diagnostics, .arena = &unit->arena};
    l->core = core_module(l->arena, erl_unit_space(unit), unit->module);
    l->files = ARENA_ARRAY(l->arena, uint32_t, unit->file_count);
    for (uint32_t i = 0; i < unit->file_count; i++) {
        l->files[i] = module_file(module, unit->files[i]);
    }
    size_t count = unit->variable_count;
    l->bindings = mem_alloc_zero(count * sizeof l->bindings[0] + 1);
    l->known = mem_alloc_zero(count * sizeof l->known[0] + 1);
    l->tallies = mem_alloc_zero(count * sizeof l->tallies[0] + 1);
}

static void lower_finish(Lower *l)
{
    mem_free(l->bindings);
    mem_free(l->known);
    mem_free(l->tallies);
    mem_free(l->trail);
    mem_free(l->siblings);
    mem_free(l->known_trail);
}

bool erl_lower(ErlUnit *unit, Module *module, const LowerOptions *options, Diagnostics *diagnostics,
               Lowered *out)
{
    Lower lower, *l = &lower;
    lower_init(l, unit, module, diagnostics);
    Attributes attributes;
    read_attributes(l, &attributes);
    if (options != NULL && term_is_cons(options->options)) {
        add_compile(l, &attributes, options->options);
    }
    add_records(l);
    CoreFunction **functions = ARENA_ARRAY(l->arena, CoreFunction *, unit->form_count);
    for (uint32_t i = 0; i < unit->form_count; i++) {
        Form *form = unit->forms[i];
        if (form->kind == FORM_FUNCTION) {
            functions[i] = declare_function(l, form->function.name, form->function.arity);
        }
    }
    add_behaviour_info(l, &attributes);
    add_module_info(l); /* functions may call it */
    read_exports(l, attributes.export_all);
    for (uint32_t i = 0; i < unit->form_count; i++) {
        if (unit->forms[i]->kind == FORM_FUNCTION && functions[i] != NULL) {
            lower_function(l, functions[i], unit->forms[i]);
        }
    }
    core_finish(l->core);
    *out = (Lowered){.core = l->core, .attributes = attributes.kept};
    if (attributes.on_load_name != TERM_NONE) {
        NameEntry *entry = known_name(l, attributes.on_load_name, 0);
        out->on_load = entry == NULL ? NULL : entry->function;
    }
    lower_finish(l);
    return l->error_count == 0;
}
