/* compiler/erl/lint_call.c
 * Calls, and `fun name/arity`: to functions here, imported ones, built-in ones. */
#include "compiler/erl/lint_internal.h"

static const Bindings none;

bool lint_is_local(const Linter *linter, Term name, uint32_t arity)
{
    const Name *found = name_find(&linter->functions, name, arity);
    return found != NULL && (found->flags & NAME_DEFINED) != 0;
}

bool lint_auto_import_is_off(const Linter *linter, Term name, uint32_t arity)
{
    return linter->no_auto_import_at_all || name_find(&linter->no_auto_import, name, arity) != NULL;
}

/* ---- deprecated functions ---- */

enum { ANY = -1 };
static const struct {
    const char *module, *name;
    int arity;
    bool is_removed;
    const char *until, *text;
} obsolete[] = {
#define OBSOLETE(module, name, arity, is_removed, until, text) \
    {module, name, arity, is_removed, until, text},
#include "compiler/erl/obsolete.def"
#undef OBSOLETE
};

/* The first row of a module, or of one behind it. */
static size_t first_obsolete(const char *module)
{
    size_t low = 0, high = COUNT_OF(obsolete);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(obsolete[middle].module, module) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void say_deprecated(Linter *linter, Location at, Term module, Term name, uint32_t arity,
                           const char *text, const char *until)
{
    Term why = lint_string(linter, text);
    if (until == NULL) {
        lint_warn(linter, LINT_DEPRECATED_FUNCTION, at, deprecated, module, name, lint_count(arity),
                  why);
    } else {
        lint_warn(linter, LINT_DEPRECATED_FUNCTION, at, deprecated_until, module, name,
                  lint_count(arity), why, lint_string(linter, until));
    }
}

void lint_deprecated(Linter *linter, Location at, Term module, Term name, uint32_t arity)
{
    const char *module_name = atom_name(module);
    for (size_t i = first_obsolete(module_name);
         i < COUNT_OF(obsolete) && strcmp(obsolete[i].module, module_name) == 0; i++) {
        if ((obsolete[i].name != NULL && !atom_is(name, obsolete[i].name)) ||
            (obsolete[i].arity != ANY && (uint32_t) obsolete[i].arity != arity)) {
            continue;
        }
        if (obsolete[i].is_removed) {
            lint_warn(linter, LINT_REMOVED, at, removed, module, name, lint_count(arity),
                      lint_string(linter, obsolete[i].text));
        } else if (name_find(&linter->deprecated_off, name, arity) == NULL) {
            say_deprecated(linter, at, module, name, arity, obsolete[i].text, obsolete[i].until);
        }
        return;
    }
}

/* ---- local calls ---- */

static void add_call(Linter *linter, Location at, Term name, uint32_t arity)
{
    if (linter->call_count == linter->call_capacity) {
        linter->call_capacity = linter->call_capacity == 0 ? 64 : linter->call_capacity * 2;
        linter->calls = mem_realloc(linter->calls, linter->call_capacity * sizeof *linter->calls);
    }
    uint32_t caller = linter->is_in_default ? (uint32_t) CALLER_NONE : linter->function;
    linter->calls[linter->call_count++] = (Call){caller, name, arity, at};
}

/* A built-in function by its short name: true. Says what is ambiguous. */
static bool is_plain_bif(Linter *linter, Location at, Term name, uint32_t arity)
{
    bool is_here = lint_is_local(linter, name, arity);
    Name *import = name_find(&linter->imports, name, arity);
    if (!name_is_bif(name, arity) || lint_auto_import_is_off(linter, name, arity)) {
        return false;
    }
    if (!is_here) {
        if (import != NULL) {
            return false;
        }
        lint_deprecated(linter, at, ATOM_erlang, name, arity);
        return true;
    }
    if (name_is_old_bif(name, arity) && linter->is_on[LINT_BIF_CLASH]) {
        lint_error(linter, at, call_to_redefined_old_bif, name, lint_count(arity));
    } else {
        lint_warn(linter, LINT_BIF_CLASH, at, call_to_redefined_bif, name, lint_count(arity));
    }
    return false;
}

void lint_local_use(Linter *linter, Location at, Term name, uint32_t arity)
{
    if (is_plain_bif(linter, at, name, arity)) {
        return;
    }
    Name *import = name_find(&linter->imports, name, arity);
    if (import != NULL) {
        import->flags |= NAME_USED;
        lint_deprecated(linter, at, import->module, name, arity);
        return;
    }
    if (atom_is(name, "module_info") && arity <= 1) {
        return;
    }
    add_call(linter, at, name, arity);
}

Bindings lint_function_reference(Linter *linter, const Node *node)
{
    if (!term_is_small(node->fun_ref.arity)) {
        return none;
    }
    Term name = node->fun_ref.name;
    uint32_t arity = (uint32_t) small_value(node->fun_ref.arity);
    if (atom_is(name, "module_info") && arity <= 1) {
        return none;
    }
    if (atom_is(name, "record_info") && arity == 2 && !lint_is_local(linter, name, arity)) {
        lint_error(linter, node->at, illegal_record_info);
        return none;
    }
    /* An imported function is none of this module's: fun lists:map/2 must be said. */
    if (lint_is_local(linter, name, arity) || !name_is_bif(name, arity) ||
        lint_auto_import_is_off(linter, name, arity)) {
        add_call(linter, node->at, name, arity);
    }
    return none;
}

/* ---- calls ---- */

/* record_info(fields | size, name) */
static Bindings record_info(Linter *linter, const Node *node)
{
    const Node *what = node->call.args.items[0], *name = node->call.args.items[1];
    if (name->kind != NODE_ATOM) {
        lint_error(linter, node->at, illegal_record_info);
        return lint_expr_list(linter, node->call.args);
    }
    if (!node_is_atom(what, "fields") && !node_is_atom(what, "size")) {
        lint_error(linter, what->kind == NODE_ATOM ? what->at : node->at, illegal_record_info);
        return none;
    }
    /* Found at its own name, not counted as a use that keeps the record. */
    lint_record(linter, node->at, name->value);
    return none;
}

static void check_is_record(Linter *linter, const Node *node)
{
    NodeList args = node->call.args;
    if (args.count == 2 && args.items[1]->kind == NODE_ATOM) {
        lint_record(linter, args.items[1]->at, args.items[1]->value);
    }
}

static Bindings remote_call(Linter *linter, const Node *node)
{
    const Node *module = node->call.function->pair.left, *name = node->call.function->pair.right;
    uint32_t arity = node->call.args.count;
    if (module->kind == NODE_ATOM) {
        lint_module_use(linter, module->at, module->value);
    }
    if (module->kind == NODE_ATOM && name->kind == NODE_ATOM) {
        bool is_erlang = atom_is(module->value, "erlang");
        if (is_erlang && atom_is(name->value, "is_record") && arity == 2) {
            check_is_record(linter, node);
        }
        if (is_erlang && atom_is(name->value, "load_nif") && arity == 2) {
            linter->calls_load_nif = true;
            if (linter->inlines) {
                lint_warn(linter, LINT_NIF_INLINE, node->at, nif_inline);
            }
        }
        lint_deprecated(linter, node->at, module->value, name->value, arity);
        lint_format_call(linter, node, module->value, name->value);
    }
    BindingList list = {0};
    binding_list_add_all(linter, &list, lint_expr(linter, module));
    binding_list_add_all(linter, &list, lint_expr(linter, name));
    binding_list_add_all(linter, &list, lint_expr_list(linter, node->call.args));
    return bindings_gather_beside(list, linter);
}

static Bindings local_call(Linter *linter, const Node *node)
{
    Term name = node->call.function->value;
    uint32_t arity = node->call.args.count;
    if (arity == 2 && atom_is(name, "record_info") && !lint_is_local(linter, name, arity)) {
        return record_info(linter, node);
    }
    if (arity == 2 && atom_is(name, "is_record") && !lint_is_local(linter, name, arity)) {
        check_is_record(linter, node);
    }
    Bindings all = lint_expr_list(linter, node->call.args);
    lint_local_use(linter, node->call.function->at, name, arity);
    const Name *import = name_find(&linter->imports, name, arity);
    if (import != NULL) {
        lint_format_call(linter, node, import->module, name);
    }
    return all;
}

/* Nothing that can be called. Two elements: it once was a function's name. */
static bool is_no_function(const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
    case NODE_LIST:
        return true;
    default:
        return node->kind == NODE_TUPLE && node->nodes.count != 2;
    }
}

Bindings lint_call(Linter *linter, const Node *node)
{
    const Node *function = node->call.function;
    if (function->kind == NODE_REMOTE) {
        return remote_call(linter, node);
    }
    if (function->kind == NODE_ATOM) {
        return local_call(linter, node);
    }
    if (function->kind == NODE_TUPLE && function->nodes.count == 2 &&
        node_is_atom(function->nodes.items[0], "erlang") &&
        node_is_atom(function->nodes.items[1], "is_record")) {
        check_is_record(linter, node); /* {erlang, is_record}(Term, name), as it once was */
    }
    if (is_no_function(function)) {
        lint_warn_always(linter, function->at, invalid_call);
    }
    Bindings all = lint_expr(linter, function);
    return bindings_merge_beside(linter, all, lint_expr_list(linter, node->call.args));
}
