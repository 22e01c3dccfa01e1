/* compiler/erl/lower_call.c
 * Calls, funs and built-ins: what a name means, and which calls are instructions. */
#include "compiler/erl/lower_internal.h"

#include <stdio.h>

#include "compiler/bytecode/external_fun.h"
#include "runtime/term/print.h"

#include <pthread.h>

/* ---- the functions of module erlang that the language knows ---- */

typedef enum BuiltInUse { USE_NONE, USE_CALL, USE_GUARD, USE_RECORD, USE_TEST } BuiltInUse;

typedef struct BuiltIn {
    Term name; /* 0: free */
    uint32_t arity;
    BuiltInUse use;
    Opcode test;
} BuiltIn;

enum { BUILT_IN_SLOTS = 512 }; /* of an open hash table */
static BuiltIn built_ins[BUILT_IN_SLOTS];
static pthread_once_t built_ins_made = PTHREAD_ONCE_INIT;

static BuiltIn *built_in_slot(Term name, uint32_t arity)
{
    uint32_t at = (atom_index(name) * 8 + arity) * 2654435761u >> 23;
    while (built_ins[at].name != 0 &&
           (built_ins[at].name != name || built_ins[at].arity != arity)) {
        at = (at + 1) % BUILT_IN_SLOTS;
    }
    return &built_ins[at];
}

static void add_built_in(const char *name, uint32_t arity, BuiltInUse use, Opcode test)
{
    Term atom = atom_of(name);
    *built_in_slot(atom, arity) = (BuiltIn){atom, arity, use, test};
}

static void make_built_ins(void)
{
#define AUTO_IMPORTED(name, arity, use) add_built_in(#name, arity, USE_##use, OP_COUNT);
#define TYPE_TEST(name, instruction) add_built_in(#name, 1, USE_TEST, OP_##instruction);
#include "compiler/erl/auto_imported.def"
#undef AUTO_IMPORTED
#undef TYPE_TEST
}

static const BuiltIn *built_in_find(Term name, uint32_t arity)
{
    pthread_once(&built_ins_made, make_built_ins);
    const BuiltIn *found = built_in_slot(name, arity);
    return found->name == 0 ? NULL : found;
}

/* ---- calls ---- */

/* The items of a list that is written out, or is a literal by now; false: it is none, or one that
 * does not end in []. */
static bool list_items(Lower *l, CoreAt at, const Core *list, Core ***items, uint32_t *count)
{
    if (list->kind == CORE_LIST) {
        *items = list->items;
        *count = list->count;
        return core_is_literal(list->tail) && list->tail->literal == TERM_NIL;
    }
    if (!core_is_literal(list)) {
        return false;
    }
    Term rest = list->literal;
    for (*count = 0; term_is_cons(rest); rest = cons_tail(rest)) {
        ++*count;
    }
    if (!term_is_nil(rest) || *count > 255) {
        return false;
    }
    *items = ARENA_ARRAY(l->arena, Core *, *count);
    rest = list->literal;
    for (uint32_t i = 0; i < *count; i++, rest = cons_tail(rest)) {
        (*items)[i] = core_literal(l->core, at, cons_head(rest));
    }
    return true;
}

/* apply(F, [A, B]) and apply(M, F, [A, B]) with the list written out are calls. */
static Core *apply_call(Lower *l, CoreAt at, Core **args, uint32_t count)
{
    Core **list;
    uint32_t arg_count;
    if (!list_items(l, at, args[count - 1], &list, &arg_count)) {
        return NULL;
    }
    Core **items = ARENA_ARRAY(l->arena, Core *, count - 1 + arg_count);
    memcpy(items, args, (count - 1) * sizeof items[0]);
    if (arg_count != 0) {
        memcpy(items + count - 1, list, arg_count * sizeof items[0]);
    }
    if (count == 3 && core_is_literal(args[0]) && core_is_literal(args[1]) &&
        term_is_atom(args[0]->literal) && term_is_atom(args[1]->literal)) {
        return core_remote(l->core, CORE_CALL_REMOTE, at, args[0]->literal, args[1]->literal,
                           items + 2, arg_count);
    }
    return core_items(l->core, count == 2 ? CORE_CALL_FUN : CORE_CALL_DYNAMIC, at, items,
                      count - 1 + arg_count);
}

static Core *erlang_call(Lower *l, const Node *node, CoreAt at, Term name, Core **args,
                         uint32_t count)
{
    const BuiltIn *built_in = built_in_find(name, count);
    BuiltInUse use = built_in == NULL ? USE_CALL : built_in->use;
    if (use == USE_TEST) {
        Core *core = core_items(l->core, CORE_TEST, at, args, 1);
        core->op = (uint8_t) built_in->test;
        return core;
    }
    if (use == USE_RECORD) {
        const Node *arity = count == 3 ? node->call.args.items[2] : NULL;
        Core *core = lower_record_test(l, at, args[0], node->call.args.items[1], arity);
        if (core != NULL) {
            return core;
        }
        use = USE_GUARD;
    }
    if (use == USE_GUARD) {
        return core_remote(l->core, CORE_BIF, at, ATOM_OF(erlang), name, args, count);
    }
    if ((count == 2 || count == 3) && strcmp(atom_name(name), "apply") == 0) {
        Core *core = apply_call(l, at, args, count);
        if (core != NULL) {
            return core;
        }
    }
    Core *core = operator_call(l, at, name, args, count);
    if (core != NULL) {
        return core;
    }
    if (l->in_guard) {
        lower_error(l, node->at, "call to %s/%u is illegal in guard", atom_name(name), count);
    }
    return core_remote(l->core, CORE_CALL_REMOTE, at, ATOM_OF(erlang), name, args, count);
}

static Core *remote_call(Lower *l, const Node *node, CoreAt at)
{
    const Node *target = node->call.function;
    uint32_t count = node->call.args.count;
    Core **items = ARENA_ARRAY(l->arena, Core *, count + 2);
    bool is_known = target->pair.left->kind == NODE_ATOM && target->pair.right->kind == NODE_ATOM;
    siblings_start(l);
    if (!is_known && l->is_forward) {
        lower_two(l, target->pair.left, target->pair.right, &items[0], &items[1]);
        siblings_next(l);
    }
    Core **args = lower_operands(l, node->call.args);
    siblings_end(l);
    if (is_known) {
        Term module = target->pair.left->value, name = target->pair.right->value;
        if (module == ATOM_OF(erlang)) {
            return erlang_call(l, node, at, name, args, count);
        }
        if (l->in_guard) {
            lower_error(l, node->at, "illegal guard expression");
        }
        return core_remote(l->core, CORE_CALL_REMOTE, at, module, name, args, count);
    }
    if (count != 0) {
        memcpy(items + 2, args, count * sizeof items[0]);
    }
    if (!l->is_forward) {
        lower_two(l, target->pair.left, target->pair.right, &items[0], &items[1]);
    }
    return core_items(l->core, CORE_CALL_DYNAMIC, at, items, count + 2);
}

/* record_info(fields | size, Name) */
static Core *record_info(Lower *l, const Node *node, CoreAt at)
{
    NodeList args = node->call.args;
    if (args.count != 2 || args.items[0]->kind != NODE_ATOM || args.items[1]->kind != NODE_ATOM ||
        strcmp(atom_name(node->call.function->value), "record_info") != 0) {
        return NULL;
    }
    const Form *record = record_find(l, args.items[1]->value);
    if (record == NULL) {
        return NULL;
    }
    uint32_t count = record->record.field_count;
    if (strcmp(atom_name(args.items[0]->value), "size") == 0) {
        return core_literal(l->core, at, term_small(count + 1));
    }
    Term fields = TERM_NIL;
    while (count-- > 0) {
        fields = make_cons(l->core->space, record->record.fields[count].name, fields);
    }
    return core_literal(l->core, at, fields);
}

static bool is_auto_imported(const Lower *l, const NameEntry *entry, Term name, uint32_t arity)
{
    return !l->no_auto_import && (entry == NULL || !entry->is_not_auto_imported) &&
           built_in_find(name, arity) != NULL;
}

static Core *local_call(Lower *l, const Node *node, CoreAt at)
{
    Term name = node->call.function->value;
    uint32_t count = node->call.args.count;
    Core *info = record_info(l, node, at);
    if (info != NULL) {
        return info;
    }
    Core **args = lower_operands(l, node->call.args);
    NameEntry *entry = known_name(l, name, count);
    if (entry != NULL && entry->function != NULL) {
        if (!l->in_guard) {
            return core_call(l->core, CORE_CALL, at, l->function, entry->function, args, count);
        }
        if (built_in_find(name, count) == NULL) {
            lower_error(l, node->at, "call to local/imported function %s/%u is illegal in guard",
                        atom_name(name), count);
        }
    } else if (entry != NULL && entry->imported_from != TERM_NONE) {
        if (entry->imported_from == ATOM_OF(erlang)) {
            return erlang_call(l, node, at, name, args, count);
        }
        return core_remote(l->core, CORE_CALL_REMOTE, at, entry->imported_from, name, args, count);
    }
    if (is_auto_imported(l, entry, name, count) || (l->in_guard && entry != NULL)) {
        return erlang_call(l, node, at, name, args, count);
    }
    lower_error(l, node->at, "function %s/%u undefined", atom_name(name), count);
    return literal_atom(l, at, ATOM_OF(undefined));
}

Core *lower_call(Lower *l, const Node *node)
{
    const Node *function = node->call.function;
    CoreAt at = lower_at(l, node->at);
    if (function->kind == NODE_REMOTE) {
        return remote_call(l, node, at);
    }
    if (function->kind == NODE_ATOM) {
        return local_call(l, node, at);
    }
    uint32_t count = node->call.args.count;
    Core *target = NULL;
    siblings_start(l);
    if (l->is_forward && function->kind != NODE_VAR) {
        target = lower_operand(l, function);
        siblings_next(l);
    }
    Core **args = lower_operands(l, node->call.args);
    siblings_end(l);
    if (function->kind == NODE_VAR) {
        CoreFunction *named = scope_named(l, function->var);
        if (named != NULL && named->arity == count) {
            return core_call(l->core, CORE_CALL, at, l->function, named, args, count);
        }
    }
    Core **items = ARENA_ARRAY(l->arena, Core *, count + 1);
    if (count != 0) {
        memcpy(items + 1, args, count * sizeof items[0]);
    }
    items[0] = target != NULL ? target : lower_operand(l, function);
    Core *core = core_node(l->core, CORE_CALL_FUN, at);
    core->items = items;
    core->count = count + 1;
    return core;
}

/* ---- funs ---- */

Term fun_name(Lower *l, const char *kind, uint32_t number)
{
    char text[ATOM_MAX_CHARACTERS * 8 + 64];
    int size = snprintf(text, sizeof text, "-%s/%u-%s-%u-", atom_name(l->top->name), l->top->arity,
                        kind, number);
    Term name = atom_make(text, (size_t) size < sizeof text ? (size_t) size : sizeof text - 1);
    if (!term_is_atom(name)) { /* too long: erlc refuses it too, but where nothing needs it */
        snprintf(text, sizeof text, "-fun-%u-%u-", atom_index(l->top->name), l->lifted_count++);
        name = atom_of(text);
    }
    return name;
}

static void lower_fun_clauses(Lower *l, CoreFunction *function, ClauseList clauses)
{
    function->clauses = ARENA_ARRAY(l->arena, CoreClause *, clauses.count);
    function->clause_count = clauses.count;
    for (uint32_t i = 0; i < clauses.count; i++) {
        const Clause *clause = clauses.items[i];
        uint32_t mark = scope_mark(l);
        Scope *scope = scope_open(l, NULL);
        CoreClause *out = core_clause(l->core, clause->patterns.count);
        out->line = clause->at.line;
        head_start(l);
        for (uint32_t p = 0; p < clause->patterns.count; p++) {
            out->patterns[p] = lower_pattern(l, clause->patterns.items[p]);
        }
        head_end(l);
        out->guard = lower_guard(l, clause->guards, clause->guard_count);
        out->body = core_node(l->core, CORE_BODY, lower_at(l, clause->at));
        scope->body = out->body;
        lower_statements(l, out->body, clause->body, WANT_VALUE);
        scope_close(l, scope);
        scope_undo(l, mark);
        function->clauses[i] = out;
    }
}

Core *lower_fun(Lower *l, const Node *node)
{
    bool is_named = node->kind == NODE_NAMED_FUN;
    ClauseList clauses = is_named ? node->named_fun.clauses : node->clauses;
    CoreAt at = lower_at(l, node->at);
    Inner inner;
    uint32_t number = is_named ? l->lifted_count++ : 0;
    CoreFunction *function = inner_start(l, &inner, clauses.items[0]->patterns.count);
    function->at = at;
    Scope *scope = scope_open(l, NULL);
    if (is_named && node->named_fun.var != VAR_ANONYMOUS) {
        scope_bind_name(l, node->named_fun.var, function);
    }
    lower_fun_clauses(l, function, clauses);
    scope_close(l, scope);
    inner_end(l, &inner);
    uint32_t count = l->name_count++;
    if (is_named) {
        char kind[ATOM_MAX_CHARACTERS * 4 + 16];
        snprintf(kind, sizeof kind, "%s/%u",
                 atom_name(erl_unit_variable_name(l->unit, node->named_fun.var)), function->arity);
        function->name = fun_name(l, kind, number);
    } else {
        function->name = fun_name(l, "fun", count);
    }
    return core_call(l->core, CORE_FUN, at, l->function, function, NULL, 0);
}

/* fun M:F/A with all three known. */
static Core *external_fun(Lower *l, CoreAt at, Term module, Term name, Term arity)
{
    if (external_fun_export != NULL && term_is_small(arity) && small_value(arity) >= 0 &&
        small_value(arity) <= 255) {
        Term fun = make_external_fun(l->core->space, module, name, (uint32_t) small_value(arity));
        if (fun != TERM_NONE) {
            return core_literal(l->core, at, fun);
        }
    }
    Core *args[3] = {literal_atom(l, at, module), literal_atom(l, at, name),
                     core_literal(l->core, at, arity)};
    return core_remote(l->core, CORE_CALL_REMOTE, at, ATOM_OF(erlang), atom_of("make_fun"), args,
                       3);
}

Core *lower_fun_local(Lower *l, const Node *node)
{
    CoreAt at = lower_at(l, node->at);
    Term name = node->fun_ref.name, arity = node->fun_ref.arity;
    uint32_t count = term_is_small(arity) ? (uint32_t) small_value(arity) : UINT32_MAX;
    NameEntry *entry = known_name(l, name, count);
    if (entry != NULL && entry->function != NULL) {
        return core_call(l->core, CORE_FUN, at, l->function, entry->function, NULL, 0);
    }
    if (entry != NULL && entry->imported_from != TERM_NONE) {
        return external_fun(l, at, entry->imported_from, name, arity);
    }
    if (is_auto_imported(l, entry, name, count)) {
        return external_fun(l, at, ATOM_OF(erlang), name, arity);
    }
    lower_error(l, node->at, "function %s/%u undefined", atom_name(name), count);
    return literal_atom(l, at, ATOM_OF(undefined));
}

Core *lower_fun_remote(Lower *l, const Node *node)
{
    CoreAt at = lower_at(l, node->at);
    Core *args[3] = {lower_operand(l, node->fun_remote.module),
                     lower_operand(l, node->fun_remote.name),
                     lower_operand(l, node->fun_remote.arity)};
    if (core_is_literal(args[0]) && term_is_atom(args[0]->literal) && core_is_literal(args[1]) &&
        term_is_atom(args[1]->literal) && core_is_literal(args[2])) {
        return external_fun(l, at, args[0]->literal, args[1]->literal, args[2]->literal);
    }
    return core_remote(l->core, CORE_CALL_REMOTE, at, ATOM_OF(erlang), atom_of("make_fun"), args,
                       3);
}
