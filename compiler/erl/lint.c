/* compiler/erl/lint.c
 * The forms of a module in order: options first, wherever they stand; then each attribute and
 * function; then what can only be said when all are known. */
#include "compiler/erl/lint_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- options ---- */

static const struct {
    const char *option;
    bool is_on;
} warning_options[LINT_WARNING_COUNT] = {
#define WARNING(name, option, is_on) {option, is_on},
    LINT_WARNINGS(WARNING)
#undef WARNING
};

static void set_warning(Linter *linter, const char *option)
{
    bool is_on = strncmp(option, "warn_", 5) == 0;
    if (!is_on && strncmp(option, "nowarn_", 7) != 0) {
        return;
    }
    option += is_on ? 5 : 7;
    for (unsigned i = 0; i < LINT_WARNING_COUNT; i++) {
        if (strcmp(option, warning_options[i].option) == 0) {
            linter->is_on[i] = is_on;
        }
    }
}

/* Each {Name, Arity} of a list of them, or of one alone. */
typedef void NameVisitor(Linter *linter, Term name, uint32_t arity, Location at);
static void each_name(Linter *linter, Term t, Location at, NameVisitor *visit)
{
    Term item, name;
    uint32_t arity;
    if (name_arity_of(t, &name, &arity)) {
        visit(linter, name, arity, at);
    }
    while (list_next(&t, &item)) {
        if (name_arity_of(item, &name, &arity)) {
            visit(linter, name, arity, at);
        }
    }
}

static void visit_no_auto_import(Linter *linter, Term name, uint32_t arity, Location at)
{
    name_add(&linter->no_auto_import, name, arity, at);
}

static void visit_nowarn_unused(Linter *linter, Term name, uint32_t arity, Location at)
{
    name_add(&linter->nowarn_unused, name, arity, at);
}

typedef void ItemVisitor(Linter *linter, Term item, Location at);
static void each_item(Linter *linter, Term t, Location at, ItemVisitor *visit)
{
    Term item;
    if (!term_is_list(t)) {
        visit(linter, t, at);
    }
    while (list_next(&t, &item)) {
        visit(linter, item, at);
    }
}

/* OTP: what is no name with an arity is no function of the module. */
static void check_inline(Linter *linter, Term item, Location at)
{
    Term name;
    uint32_t arity;
    const Term *parts = tuple_of(item, 2);
    if (parts != NULL && !name_arity_of(item, &name, &arity) && at.line > 0) {
        lint_error(linter, at, bad_inline, parts[0], parts[1]);
    }
}

static void visit_inline(Linter *linter, Term name, uint32_t arity, Location at)
{
    name_add(&linter->inlined, name, arity, at);
}

static void nowarn_record(Linter *linter, Term t, Location at)
{
    Term item;
    if (term_is_atom(t)) {
        name_add(&linter->nowarn_records, t, 0, at);
    }
    while (list_next(&t, &item)) {
        if (term_is_atom(item)) {
            name_add(&linter->nowarn_records, item, 0, at);
        }
    }
}

/* nowarn_deprecated_function takes {Module, Name, Arity}. */
static void nowarn_deprecated(Linter *linter, Term t, Location at)
{
    Term item = t;
    do {
        const Term *parts = tuple_of(item, 3);
        if (parts != NULL && term_is_atom(parts[1]) && term_is_small(parts[2])) {
            name_add(&linter->deprecated_off, parts[1], (uint32_t) small_value(parts[2]), at);
        }
    } while (list_next(&t, &item));
}

static void bif_clash_option(Linter *linter, Term t, Location at)
{
    Term name;
    uint32_t arity;
    linter->is_on[LINT_BIF_CLASH] = linter->is_on[LINT_BIF_CLASH] && term_is_tuple(t);
    if (linter->allows_bif_clash) {
        return;
    }
    linter->allows_bif_clash = true;
    lint_error(linter, at, disallowed_nowarn_bif_clash);
    if (name_arity_of(t, &name, &arity) && name_find(&linter->functions, name, arity) == NULL) {
        lint_error(linter, at, bad_nowarn_bif_clash, name, lint_count(arity));
    }
}

static void take_option(Linter *linter, Term option, Location at)
{
    if (term_is_atom(option)) {
        if (atom_is(option, "export_all")) {
            linter->exports_all = true;
        } else if (atom_is(option, "inline")) {
            linter->inlines = true;
        } else if (atom_is(option, "no_auto_import")) {
            linter->no_auto_import_at_all = true;
        } else if (atom_is(option, "nowarn_bif_clash")) {
            bif_clash_option(linter, TERM_NIL, at);
        } else {
            set_warning(linter, atom_name(option));
        }
        return;
    }
    const Term *parts = tuple_of(option, 2);
    if (parts == NULL || !term_is_atom(parts[0])) {
        return;
    }
    if (atom_is(parts[0], "no_auto_import")) {
        each_name(linter, parts[1], at, visit_no_auto_import);
    } else if (atom_is(parts[0], "nowarn_unused_function")) {
        each_name(linter, parts[1], at, visit_nowarn_unused);
    } else if (atom_is(parts[0], "nowarn_unused_record")) {
        nowarn_record(linter, parts[1], at);
    } else if (atom_is(parts[0], "nowarn_deprecated_function")) {
        nowarn_deprecated(linter, parts[1], at);
    } else if (atom_is(parts[0], "nowarn_bif_clash")) {
        bif_clash_option(linter, parts[1], at);
    } else if (atom_is(parts[0], "inline")) {
        linter->inlines = linter->inlines || term_is_cons(parts[1]);
        each_item(linter, parts[1], at, check_inline);
        each_name(linter, parts[1], at, visit_inline);
    } else if (atom_is(parts[0], "warn_format") && term_is_small(parts[1])) {
        linter->format_level = small_value(parts[1]);
        linter->is_on[LINT_FORMAT] = linter->format_level > 0;
    }
}

static void take_options(Linter *linter, Term options, Location at)
{
    Term option = options;
    if (!term_is_list(options)) {
        take_option(linter, options, at);
    }
    while (list_next(&options, &option)) {
        take_option(linter, option, at);
    }
}

static void read_options(Linter *linter)
{
    for (unsigned i = 0; i < LINT_WARNING_COUNT; i++) {
        linter->is_on[i] = warning_options[i].is_on;
    }
    if (linter->options != NULL && term_is_cons(linter->options->compile_options)) {
        take_options(linter, linter->options->compile_options, (Location){0});
    }
    for (uint32_t i = 0; i < linter->unit->form_count; i++) {
        const Form *form = linter->unit->forms[i];
        if (form->kind == FORM_ATTRIBUTE && atom_is(form->attribute.name, "compile")) {
            take_options(linter, form->attribute.value, form->at);
        }
    }
}

/* ---- attributes ---- */

static void visit_export(Linter *linter, Term name, uint32_t arity, Location at)
{
    bool is_given = atom_is(name, "module_info") && arity <= 1;
    if (is_given || name_find(&linter->exports, name, arity) != NULL) {
        lint_warn_always(linter, at, duplicated_export, name, lint_count(arity));
        return;
    }
    name_add(&linter->exports, name, arity, at);
}

static void visit_export_type(Linter *linter, Term name, uint32_t arity, Location at)
{
    if (name_find(&linter->exported_types, name, arity) != NULL) {
        lint_warn_always(linter, at, duplicated_export_type, name, lint_count(arity));
        return;
    }
    name_add(&linter->exported_types, name, arity, at);
}

/* False: it cannot be imported. */
static bool check_import(Linter *linter, Term module, Term name, uint32_t arity, Location at)
{
    const Name *before = name_find(&linter->imports, name, arity);
    if (before != NULL && before->module != module) {
        lint_error(linter, at, redefine_import, name, lint_count(arity), before->module);
        return false;
    }
    if (!name_is_bif(name, arity) || lint_auto_import_is_off(linter, name, arity)) {
        return true;
    }
    if (name_is_old_bif(name, arity)) {
        lint_error(linter, at, redefine_old_bif_import, name, lint_count(arity));
        return false;
    }
    lint_warn(linter, LINT_BIF_CLASH, at, redefine_bif_import, name, lint_count(arity));
    return true;
}

typedef struct NameText {
    bool has_control, is_visible, is_wide;
} NameText;

static NameText name_text(Term name)
{
    NameText text = {false, false, false};
    const unsigned char *c = (const unsigned char *) atom_name(name);
    for (const unsigned char *end = c + atom_name_bytes(name); c < end; c++) {
        uint32_t code = *c;
        if (code >= 0xC0) { /* UTF-8: two bytes hold all of Latin-1 */
            code = code < 0xE0 ? (code & 0x1F) << 6 | (c[1] & 0x3F) : 0x100;
            while ((c[1] & 0xC0) == 0x80) {
                c++;
            }
        }
        text.has_control |= code < 0x20 || (code >= 0x7F && code <= 0x9F);
        text.is_visible |= code != 0x20 && code != 0xA0 && code != 0xAD;
        text.is_wide |= code > 0xFF;
    }
    return text;
}

void lint_module_use(Linter *linter, Location at, Term name)
{
    if (term_is_atom(name) && name_text(name).is_wide) {
        lint_error(linter, at, non_latin1_module);
    }
}

/* A module's name is part of a file's name. */
static void check_module_name(Linter *linter, Term name, Location at)
{
    if (!term_is_atom(name)) {
        return;
    }
    NameText text = name_text(name);
    if (atom_name_bytes(name) == 0) {
        lint_error(linter, at, empty_module_name);
    } else if (!text.is_visible) {
        lint_error(linter, at, blank_module_name);
    }
    if (text.has_control) {
        lint_error(linter, at, ctrl_chars_in_module_name);
    }
    lint_module_use(linter, at, name);
}

/* All of the list, or, when something is wrong with one of them, none. */
static void import_attribute(Linter *linter, Term value, Location at)
{
    const Term *parts = tuple_of(value, 2);
    Term list, item, name;
    uint32_t arity;
    bool is_fine = true;
    if (parts == NULL || !term_is_atom(parts[0])) {
        return;
    }
    lint_module_use(linter, at, parts[0]);
    for (list = parts[1]; list_next(&list, &item);) {
        if (name_arity_of(item, &name, &arity)) {
            is_fine = check_import(linter, parts[0], name, arity, at) && is_fine;
        }
    }
    for (list = parts[1]; is_fine && list_next(&list, &item);) {
        if (name_arity_of(item, &name, &arity)) {
            name_add(&linter->imports, name, arity, at)->module = parts[0];
        }
    }
}

static void on_load_attribute(Linter *linter, Term value, Location at)
{
    Term name;
    uint32_t arity;
    if (!name_arity_of(value, &name, &arity)) {
        lint_error(linter, at, bad_on_load, value);
        return;
    }
    if (linter->on_load != TERM_NONE) {
        lint_error(linter, at, multiple_on_loads);
        Name *function = name_find(&linter->functions, name, arity);
        if (function != NULL) {
            function->flags |= NAME_REACHED;
        }
        return;
    }
    linter->on_load = name;
    linter->on_load_at = at;
    if (arity != 0) {
        Name *function = name_find(&linter->functions, name, arity);
        if (function != NULL) {
            function->flags |= NAME_REACHED;
        }
        lint_error(linter, at, bad_on_load_arity, name, lint_count(arity));
    }
}

static void visit_optional_callback(Linter *linter, Term name, uint32_t arity, Location at)
{
    if (name_find(&linter->optional_callbacks, name, arity) != NULL) {
        lint_error(linter, at, redefine_optional_callback, name, lint_count(arity));
        return;
    }
    name_add(&linter->optional_callbacks, name, arity, at);
}

static void behaviour_attribute(Linter *linter, Term value, Location at)
{
    if (!term_is_atom(value)) {
        return;
    }
    lint_module_use(linter, at, value);
    if (linter->behaviour_count == linter->behaviour_capacity) {
        linter->behaviour_capacity =
            linter->behaviour_capacity == 0 ? 4 : linter->behaviour_capacity * 2;
        linter->behaviours = mem_realloc(linter->behaviours,
                                         linter->behaviour_capacity * sizeof *linter->behaviours);
    }
    linter->behaviours[linter->behaviour_count++] = (BehaviourUse){value, at};
}

static bool is_one_of(Term atom, const char *const names[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (atom_is(atom, names[i])) {
            return true;
        }
    }
    return false;
}

static void attribute(Linter *linter, const Form *form)
{
    static const char *const anywhere[] = {"file", "compile", "dialyzer", "doc"};
    Term name = form->attribute.name, value = form->attribute.value;
    if (linter->is_after_functions && !is_one_of(name, anywhere, COUNT_OF(anywhere))) {
        lint_error(linter, form->at, attribute, name);
        return;
    }
    if (atom_is(name, "module")) {
        if (linter->has_module) {
            lint_error(linter, form->at, redefine_module);
        }
        linter->has_module = true;
        check_module_name(linter, value, form->at);
    } else if (atom_is(name, "export")) {
        each_name(linter, value, form->at, visit_export);
    } else if (atom_is(name, "export_type") && !lint_is_name_list(value)) {
        lint_error(linter, form->at, bad_export_type, value);
    } else if (atom_is(name, "export_type")) {
        each_name(linter, value, form->at, visit_export_type);
    } else if (atom_is(name, "import")) {
        import_attribute(linter, value, form->at);
    } else if (atom_is(name, "on_load")) {
        on_load_attribute(linter, value, form->at);
    } else if (atom_is(name, "behaviour") || atom_is(name, "behavior")) {
        behaviour_attribute(linter, value, form->at);
    } else if (atom_is(name, "optional_callbacks") && term_is_list(value)) {
        each_name(linter, value, form->at, visit_optional_callback);
    }
}

/* ---- functions ---- */

static void declare_functions(Linter *linter)
{
    for (uint32_t i = 0; i < linter->unit->form_count; i++) {
        const Form *form = linter->unit->forms[i];
        if (form->kind == FORM_FUNCTION) {
            Name *function =
                name_add(&linter->functions, form->function.name, form->function.arity, form->at);
            function->flags |= NAME_DEFINED;
        }
    }
}

static void function_form(Linter *linter, const Form *form)
{
    Term name = form->function.name;
    uint32_t arity = form->function.arity;
    linter->is_after_functions = true;
    Name *function = name_find(&linter->functions, name, arity);
    bool is_given = atom_is(name, "module_info") && arity <= 1;
    if (arity > 255) {
        lint_error(linter, form->at, too_many_arguments, lint_count(arity));
    }
    if (is_given || (function->flags & NAME_USED) != 0) {
        lint_error(linter, form->at, redefine_function, name, lint_count(arity));
    }
    function->flags |= NAME_USED; /* its clauses were seen */
    if (name_find(&linter->imports, name, arity) != NULL) {
        lint_error(linter, form->at, define_import, name, lint_count(arity));
    }
    linter->function = (uint32_t) (function - linter->functions.items);
    lint_function_clauses(linter, form->function.clauses);
    linter->function = UINT32_MAX;
}

static void forms(Linter *linter)
{
    static const char *const at_start[] = {"module", "file", "compile"};
    bool is_past_start = false; /* told once, and -module may still follow */
    for (uint32_t i = 0; i < linter->unit->form_count; i++) {
        const Form *form = linter->unit->forms[i];
        if (!is_past_start && (linter->options == NULL || !linter->options->module_is_given) &&
            form->kind != FORM_ERROR && form->kind != FORM_WARNING) {
            bool is_allowed = form->kind == FORM_ATTRIBUTE &&
                              is_one_of(form->attribute.name, at_start, COUNT_OF(at_start));
            is_past_start = !is_allowed || atom_is(form->attribute.name, "module");
            if (!is_allowed) {
                lint_error(linter, form->at, undefined_module);
            }
        }
        switch (form->kind) {
        case FORM_ATTRIBUTE:
            attribute(linter, form);
            break;
        case FORM_RECORD:
            lint_record_form(linter, form);
            break;
        case FORM_TYPE:
            lint_type_form(linter, form);
            break;
        case FORM_SPEC:
            if (linter->is_after_functions && atom_is(form->spec.attribute, "callback")) {
                lint_error(linter, form->at, attribute, form->spec.attribute);
            } else {
                lint_spec_form(linter, form);
            }
            break;
        case FORM_FUNCTION:
            function_form(linter, form);
            break;
        default:
            break;
        }
    }
}

/* ---- at the end ---- */

static void exports_at_end(Linter *linter)
{
    for (uint32_t i = 0; i < linter->exports.count; i++) {
        const Name *export = &linter->exports.items[i];
        Name *function = name_find(&linter->functions, export->name, export->arity);
        if (function != NULL) {
            function->flags |= NAME_EXPORTED;
        } else if (!atom_is(export->name, "module_info") || export->arity > 1) {
            lint_error(linter, export->at, undefined_function, export->name,
                       lint_count(export->arity));
        }
    }
    if (linter->on_load != TERM_NONE) {
        Name *function = name_find(&linter->functions, linter->on_load, 0);
        if (function != NULL) {
            function->flags |= NAME_REACHED;
        } else if (linter->errors_before == linter->diagnostics->error_count) {
            lint_error(linter, linter->on_load_at, undefined_on_load, linter->on_load,
                       lint_count(0));
        }
    }
}

static void calls_at_end(Linter *linter)
{
    for (uint32_t i = 0; i < linter->call_count; i++) {
        const Call *call = &linter->calls[i];
        if (name_find(&linter->functions, call->name, call->arity) == NULL) {
            lint_error(linter, call->at, undefined_function, call->name, lint_count(call->arity));
        }
    }
}

static int compare_call(const void *a, const void *b)
{
    uint32_t left = ((const Call *) a)->caller, right = ((const Call *) b)->caller;
    return left < right ? -1 : left > right;
}

/* Marks what exported functions lead to. */
static void reach_functions(Linter *linter)
{
    NameTable *functions = &linter->functions;
    uint32_t *stack = mem_alloc((functions->count + 1) * sizeof *stack), count = 0;
    uint32_t *first = mem_alloc_zero((functions->count + 2) * sizeof *first);
    if (linter->call_count > 0) {
        qsort(linter->calls, linter->call_count, sizeof(Call), compare_call);
    }
    for (uint32_t i = 0, at = 0; i <= functions->count; i++) {
        while (at < linter->call_count && linter->calls[at].caller < i) {
            at++;
        }
        first[i] = at;
    }
    for (uint32_t i = 0; i < functions->count; i++) {
        Name *function = &functions->items[i];
        if ((function->flags & (NAME_EXPORTED | NAME_REACHED)) != 0 || linter->exports_all) {
            function->flags |= NAME_REACHED;
            stack[count++] = i;
        }
    }
    for (uint32_t i = 0; i < linter->call_count; i++) {
        const Call *call = &linter->calls[i];
        Name *function = name_find(functions, call->name, call->arity);
        if (call->caller == CALLER_RECORD && function != NULL &&
            (function->flags & NAME_REACHED) == 0) {
            function->flags |= NAME_REACHED; /* from the default of a record's field */
            stack[count++] = (uint32_t) (function - functions->items);
        }
    }
    while (count > 0) {
        uint32_t caller = stack[--count];
        for (uint32_t i = first[caller];
             i < linter->call_count && linter->calls[i].caller == caller; i++) {
            Name *function = name_find(functions, linter->calls[i].name, linter->calls[i].arity);
            if (function != NULL && (function->flags & NAME_REACHED) == 0) {
                function->flags |= NAME_REACHED;
                stack[count++] = (uint32_t) (function - functions->items);
            }
        }
    }
    mem_free(stack);
    mem_free(first);
}

static void functions_at_end(Linter *linter)
{
    reach_functions(linter);
    for (uint32_t i = 0; i < linter->unit->form_count; i++) {
        const Form *form = linter->unit->forms[i];
        if (form->kind != FORM_FUNCTION) {
            continue;
        }
        const Name *function =
            name_find(&linter->functions, form->function.name, form->function.arity);
        bool is_given = atom_is(function->name, "module_info") && function->arity <= 1;
        if ((function->flags & NAME_REACHED) == 0 && !is_given &&
            name_find(&linter->nowarn_unused, function->name, function->arity) == NULL) {
            lint_warn(linter, LINT_UNUSED_FUNCTION, form->at, unused_function, function->name,
                      lint_count(function->arity));
        }
        bool has_spec = name_find(&linter->specs, function->name, function->arity) != NULL;
        bool is_exported = (function->flags & NAME_EXPORTED) != 0 || linter->exports_all;
        if (!has_spec && (linter->is_on[LINT_MISSING_SPEC_ALL] ||
                          (linter->is_on[LINT_MISSING_SPEC] && is_exported))) {
            lint_warn_always(linter, function->at, missing_spec, function->name,
                             lint_count(function->arity));
        }
    }
}

static void undefined_names(Linter *linter, const NameTable *table, LintMessage message)
{
    for (uint32_t i = 0; i < table->count; i++) {
        const Name *item = &table->items[i];
        if (name_find(&linter->functions, item->name, item->arity) == NULL && item->at.line > 0) {
            lint_say_error(linter, item->at, message,
                           (const Term[]){0, item->name, lint_count(item->arity)});
        }
    }
}

static void specs_at_end(Linter *linter)
{
    for (uint32_t i = 0; i < linter->specs.count; i++) {
        const Name *spec = &linter->specs.items[i];
        if (name_find(&linter->functions, spec->name, spec->arity) == NULL) {
            lint_error(linter, spec->at, spec_fun_undefined, spec->name, lint_count(spec->arity));
        }
    }
}

static void imports_at_end(Linter *linter)
{
    for (uint32_t i = 0; i < linter->imports.count; i++) {
        const Name *import = &linter->imports.items[i];
        if ((import->flags & NAME_USED) == 0) {
            lint_warn(linter, LINT_UNUSED_IMPORT, import->at, unused_import, import->name,
                      lint_count(import->arity), import->module);
        }
    }
}

static void callbacks_at_end(Linter *linter)
{
    Term name = atom_of("behaviour_info");
    bool has_info = name_find(&linter->functions, name, 1) != NULL;
    for (uint32_t i = 0; i < linter->callbacks.count && has_info; i++) {
        const Name *callback = &linter->callbacks.items[i];
        lint_error(linter, callback->at, behaviour_info, linter->unit->module, callback->name,
                   lint_count(callback->arity));
    }
    for (uint32_t i = 0; i < linter->optional_callbacks.count; i++) {
        const Name *optional = &linter->optional_callbacks.items[i];
        if (name_find(&linter->callbacks, optional->name, optional->arity) == NULL) {
            lint_error(linter, optional->at, undefined_callback, linter->unit->module,
                       optional->name, lint_count(optional->arity));
        }
    }
}

/* ---- attributes that name functions ---- */

static bool is_exported_function(const Linter *linter, Term name, uint32_t arity)
{
    return name_find(&linter->functions, name, arity) != NULL &&
           (linter->exports_all || name_find(&linter->exports, name, arity) != NULL);
}

static bool is_text(Term t)
{
    for (Term head; list_next(&t, &head);) {
        if (!term_is_small(head)) {
            return false;
        }
    }
    return term_is_nil(t);
}

static bool exports_any(const Linter *linter, Term name)
{
    const NameTable *table = linter->exports_all ? &linter->functions : &linter->exports;
    for (uint32_t i = 0; i < table->count; i++) {
        if (table->items[i].name == name) {
            return true;
        }
    }
    return false;
}

static void deprecated_one(Linter *linter, Term item, Location at)
{
    static const char *const flags[] = {"next_version", "next_major_release", "eventually"};
    const Term *parts = term_is_tuple(item) ? tuple_elements(item) : NULL;
    size_t size = parts == NULL ? 0 : tuple_arity(item);
    Term flag = size == 3 ? parts[2] : TERM_NIL;
    bool is_fine =
        atom_is(item, "module") ||
        ((size == 2 || size == 3) && term_is_atom(parts[0]) &&
         (atom_is(parts[1], "_") || (term_is_small(parts[1]) && small_value(parts[1]) >= 0)) &&
         (is_text(flag) || is_one_of(flag, flags, COUNT_OF(flags))));
    if (!is_fine) {
        lint_error(linter, at, invalid_deprecated, item);
    } else if (size > 0 && term_is_small(parts[1]) &&
               !is_exported_function(linter, parts[0], (uint32_t) small_value(parts[1]))) {
        lint_error(linter, at, bad_deprecated, parts[0], parts[1]);
    } else if (size > 0 && !term_is_small(parts[1]) && !atom_is(parts[0], "_") &&
               !exports_any(linter, parts[0])) {
        lint_error(linter, at, bad_deprecated, parts[0], parts[1]);
    }
}

static void removed_one(Linter *linter, Term item, Location at)
{
    const Term *parts = term_is_tuple(item) ? tuple_elements(item) : NULL;
    size_t size = parts == NULL ? 0 : tuple_arity(item);
    bool is_fine = atom_is(item, "module") ||
                   ((size == 2 || (size == 3 && is_text(parts[2]))) && term_is_atom(parts[0]) &&
                    (atom_is(parts[1], "_") || term_is_small(parts[1])));
    if (!is_fine) {
        lint_error(linter, at, invalid_removed, item);
    } else if (size > 0 && term_is_small(parts[1]) &&
               is_exported_function(linter, parts[0], (uint32_t) small_value(parts[1]))) {
        lint_error(linter, at, bad_removed, parts[0], parts[1]);
    } else if (size > 0 && !term_is_small(parts[1]) &&
               (atom_is(parts[0], "_") ? linter->exports.count > 0 || linter->exports_all
                                       : exports_any(linter, parts[0]))) {
        lint_error(linter, at, bad_removed_any, parts[0], parts[1]);
    }
}

static void nif_one(Linter *linter, Term item, Location at)
{
    Term name;
    uint32_t arity;
    linter->has_nifs = true;
    linter->nifs_at = at;
    if (name_arity_of(item, &name, &arity) && name_find(&linter->functions, name, arity) == NULL) {
        lint_error(linter, at, undefined_nif, name, lint_count(arity));
    }
}

/* An option of dialyzer, for one function or (function: TERM_NONE) for the module. */
static void dialyzer_option(Linter *linter, Term option, Term function, Location at)
{
    static const char *const options[] = {
        "no_return",        "no_unused",        "no_unknown",   "no_improper_lists",
        "no_fun_app",       "no_match",         "no_opaque",    "no_fail_call",
        "no_contracts",     "no_behaviours",    "unknown",      "no_undefined_callbacks",
        "error_handling",   "specdiffs",        "overspecs",    "underspecs",
        "no_missing_calls", "missing_return",   "extra_return", "no_missing_return",
        "no_extra_return",  "no_underspecs",    "opaque_union", "overlapping_contract",
        "race_conditions",  "unmatched_returns"};
    Term name = TERM_NONE;
    uint32_t arity = 0;
    bool is_of_module = function == TERM_NONE;
    if (!term_is_atom(option) || (!is_of_module && !name_arity_of(function, &name, &arity))) {
        lint_error(linter, at, bad_dialyzer_attribute,
                   is_of_module ? option
                                : make_tuple2(erl_unit_space(linter->unit), option, function));
    } else if (!is_one_of(option, options, COUNT_OF(options)) &&
               (is_of_module || !atom_is(option, "nowarn_function"))) {
        lint_error(linter, at, bad_dialyzer_option, option);
    } else if (!is_of_module && name_find(&linter->functions, name, arity) == NULL) {
        lint_error(linter, at, undefined_function, name, lint_count(arity));
    }
}

/* An option, or {Options, Functions}, both one or a list. */
static void dialyzer_one(Linter *linter, Term item, Location at)
{
    const Term *parts = tuple_of(item, 2);
    if (parts == NULL) {
        dialyzer_option(linter, item, TERM_NONE, at);
        return;
    }
    Term options = parts[0], option = options;
    do {
        Term functions = parts[1], function = functions;
        do {
            if (!term_is_nil(option) && !term_is_nil(function) && !term_is_cons(option) &&
                !term_is_cons(function)) {
                dialyzer_option(linter, option, function, at);
            }
        } while (list_next(&functions, &function));
    } while (list_next(&options, &option));
}

/* Told of attributes, not of options that are given with the file. */
static void compile_one(Linter *linter, Term item, Location at)
{
    if (atom_is(item, "export_all")) {
        lint_warn(linter, LINT_EXPORT_ALL, at, export_all);
    }
}

static void attributes_at_end(Linter *linter)
{
    for (uint32_t i = 0; i < linter->unit->form_count; i++) {
        const Form *form = linter->unit->forms[i];
        if (form->kind != FORM_ATTRIBUTE) {
            continue;
        }
        Term name = form->attribute.name, value = form->attribute.value;
        if (atom_is(name, "compile")) {
            each_item(linter, value, form->at, compile_one);
        } else if (atom_is(name, "deprecated")) {
            each_item(linter, value, form->at, deprecated_one);
        } else if (atom_is(name, "removed")) {
            each_item(linter, value, form->at, removed_one);
        } else if (atom_is(name, "nifs")) {
            each_item(linter, value, form->at, nif_one);
        } else if (atom_is(name, "dialyzer")) {
            each_item(linter, value, form->at, dialyzer_one);
        }
    }
    if (linter->has_nifs && !linter->calls_load_nif) {
        lint_warn_always(linter, linter->nifs_at, no_load_nif);
    }
}

/* A record is used as well when the default of a field of one that is made uses it. */
static void reach_records(Linter *linter)
{
    linter->is_muted = true;
    bool goes_on = true;
    while (goes_on) {
        goes_on = false;
        for (uint32_t i = 0; i < linter->records.count; i++) {
            if ((linter->records.items[i].flags & (NAME_MADE | NAME_REACHED)) != NAME_MADE) {
                continue;
            }
            linter->records.items[i].flags |= NAME_REACHED;
            goes_on = true;
            const Form *form = linter->records.items[i].form;
            for (uint32_t k = 0; k < form->record.field_count; k++) {
                if (lint_has_default(linter, form, k)) {
                    lint_expr(linter, form->record.fields[k].value);
                }
            }
        }
    }
    linter->is_muted = false;
}

static void records_at_end(Linter *linter)
{
    reach_records(linter);
    for (uint32_t i = 0; i < linter->records.count; i++) {
        const Name *record = &linter->records.items[i];
        /* Those of included files may be for others. */
        if ((record->flags & NAME_USED) == 0 && record->at.file == 0 &&
            name_find(&linter->missing_records, record->name, 0) == NULL &&
            name_find(&linter->nowarn_records, record->name, 0) == NULL) {
            lint_warn(linter, LINT_UNUSED_RECORD, record->at, unused_record, record->name);
        }
        bool is_typed = true;
        for (uint32_t k = 0; k < record->form->record.field_count; k++) {
            is_typed = is_typed && record->form->record.fields[k].type != NULL;
        }
        if (!is_typed) {
            lint_warn(linter, LINT_UNTYPED_RECORD, record->at, untyped_record, record->name);
        }
    }
    for (uint32_t i = 0; i < linter->nowarn_records.count; i++) {
        const Name *item = &linter->nowarn_records.items[i];
        if (name_find(&linter->records, item->name, 0) == NULL && item->at.line > 0) {
            lint_error(linter, item->at, undefined_record, item->name);
        }
    }
}

static void at_end(Linter *linter)
{
    exports_at_end(linter);
    lint_behaviours_at_end(linter);
    attributes_at_end(linter);
    imports_at_end(linter);
    undefined_names(linter, &linter->inlined, SAY_bad_inline);
    undefined_names(linter, &linter->nowarn_unused, SAY_bad_nowarn_unused_function);
    calls_at_end(linter);
    records_at_end(linter);
    functions_at_end(linter);
    specs_at_end(linter);
    callbacks_at_end(linter);
    lint_types_at_end(linter);
}

/* ---- entry ---- */

static void run(void *argument)
{
    Linter *linter = argument;
    declare_functions(linter);
    read_options(linter);
    forms(linter);
    at_end(linter);
    bool goes_on = linter->options == NULL || !linter->options->has_no_later_passes;
    if (goes_on && linter->diagnostics->error_count == 0) {
        lint_later_passes(linter);
    }
}

void erl_lint(ErlUnit *unit, const LintOptions *options, Diagnostics *diagnostics)
{
    Linter linter = {.unit = unit,
                     .options = options,
                     .diagnostics = diagnostics,
                     .env_count = unit->variable_count,
                     .function = UINT32_MAX,
                     .current_type = TERM_NONE,
                     .on_load = TERM_NONE,
                     .errors_before = diagnostics->error_count};
    arena_init(&linter.arena);
    linter.env = mem_alloc_zero((linter.env_count + 1) * sizeof(Binding));
    linter.pattern_stamp = mem_alloc_zero((linter.env_count + 1) * sizeof(uint32_t));
    linter.bits_stamp = mem_alloc_zero((linter.env_count + 1) * sizeof(uint32_t));
    linter.pattern_place = mem_alloc_zero((linter.env_count + 1) * sizeof(Location));
    linter.change_stamp = mem_alloc_zero((linter.env_count + 1) * sizeof(uint32_t));
    linter.change_index = mem_alloc_zero((linter.env_count + 1) * sizeof(uint32_t));
    ast_run_deep(run, &linter);
    NameTable *tables[] = {&linter.functions,      &linter.exports,
                           &linter.imports,        &linter.records,
                           &linter.types,          &linter.specs,
                           &linter.callbacks,      &linter.optional_callbacks,
                           &linter.exported_types, &linter.no_auto_import,
                           &linter.deprecated_off, &linter.nowarn_unused,
                           &linter.nowarn_records, &linter.missing_records,
                           &linter.bad_defaults,   &linter.inlined};
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        name_table_finish(tables[i]);
    }
    mem_free(linter.env);
    mem_free(linter.trail);
    mem_free(linter.pattern_stamp);
    mem_free(linter.bits_stamp);
    mem_free(linter.pattern_place);
    mem_free(linter.change_stamp);
    mem_free(linter.change_index);
    mem_free(linter.compared);
    mem_free(linter.calls);
    mem_free(linter.type_uses);
    mem_free(linter.behaviours);
    arena_finish(&linter.arena);
}
