/* compiler/erl/lint_internal.h
 * What the files of the lint share.
 *
 *   lint.c           forms in order, attributes, options; what is left to say at the end
 *   lint_names.c     tables of functions, records, types …
 *   lint_vars.c      which variables are bound where
 *   lint_expr.c      expressions        lint_scope.c  those with clauses
 *   lint_pattern.c   patterns           lint_guard.c  guards
 *   lint_record.c    records            lint_bits.c   bit syntax
 *   lint_call.c      calls: local, imported, built in, deprecated
 *   lint_format.c    format strings     lint_type.c   types and specs
 *   lint_say.c       what is said, as lint_messages.def has it
 *   lint_behaviour.c behaviours         lint_later.c  what later passes of erlc say (lint_later.h)
 */
#ifndef MUSTER_COMPILER_ERL_LINT_INTERNAL_H
#define MUSTER_COMPILER_ERL_LINT_INTERNAL_H

#include "compiler/erl/lint.h"
#include "runtime/term/print.h"

/* ---- variables ---- */

typedef enum BindState {
    BIND_NONE,
    BIND_BOUND,
    BIND_UNSAFE,  /* bound in a part of a construct, which may not have run */
    BIND_EXPORTED /* bound in all clauses of a construct */
} BindState;

typedef enum Construct {
    CONSTRUCT_NONE,
    CONSTRUCT_IF,
    CONSTRUCT_CASE,
    CONSTRUCT_RECEIVE,
    CONSTRUCT_TRY,
    CONSTRUCT_CATCH,
    CONSTRUCT_ANDALSO,
    CONSTRUCT_ORELSE,
    CONSTRUCT_MAYBE,
    CONSTRUCT_ELSE,
} Construct;
Term construct_atom(uint8_t construct); /* as messages have it */

typedef struct Places { /* sorted */
    uint32_t count;
    Location at[];
} Places;

typedef struct Binding {
    uint32_t var;
    uint8_t state;     /* BindState */
    uint8_t construct; /* of which it is unsafe in or exported from */
    bool is_used;
    Location where;       /* of the construct */
    const Places *places; /* where it was bound */
} Binding;

/* What an expression did to variables: sorted by var. Lies in the linter's scratch arena. */
typedef struct Bindings {
    Binding *items;
    uint32_t count;
} Bindings;

/* A growing collection of bindings, made Bindings by bindings_gather. */
typedef struct BindingList {
    Binding *items;
    uint32_t count, capacity;
} BindingList;

/* ---- names ---- */

enum NameFlags {
    NAME_DEFINED = 1,
    NAME_EXPORTED = 2,
    NAME_USED = 4,
    NAME_OPAQUE = 8,
    NAME_REACHED = 16,
    NAME_MADE = 64, /* a record: #name{…} is somewhere */
};

typedef struct Name {
    Term name;
    uint32_t arity;
    uint32_t flags;
    Location at;
    Term module;      /* of an import */
    const Form *form; /* of a function, record or type */
} Name;

typedef struct NameTable {
    Name *items;
    uint32_t count, capacity;
    uint32_t *slots, slot_count;
} NameTable;

Name *name_find(const NameTable *table, Term name, uint32_t arity); /* NULL: none */
/* The entry, made if there is none (flags 0). Valid until the next is added. */
Name *name_add(NameTable *table, Term name, uint32_t arity, Location at);
void name_table_finish(NameTable *table);

/* ---- warnings that can be switched ---- */

/* WARNING(name, option, on by default) */
#define LINT_WARNINGS(WARNING) \
    WARNING(UNUSED_VARS, "unused_vars", true) \
    WARNING(UNDERSCORE_MATCH, "underscore_match", true) \
    WARNING(EXPORT_ALL, "export_all", true) \
    WARNING(EXPORT_VARS, "export_vars", false) \
    WARNING(SHADOW_VARS, "shadow_vars", true) \
    WARNING(UNUSED_IMPORT, "unused_import", false) \
    WARNING(UNUSED_FUNCTION, "unused_function", true) \
    WARNING(UNUSED_TYPE, "unused_type", true) \
    WARNING(BIF_CLASH, "bif_clash", true) \
    WARNING(UNUSED_RECORD, "unused_record", true) \
    WARNING(DEPRECATED_FUNCTION, "deprecated_function", true) \
    WARNING(DEPRECATED_TYPE, "deprecated_type", true) \
    WARNING(OBSOLETE_GUARD, "obsolete_guard", true) \
    WARNING(UNTYPED_RECORD, "untyped_record", false) \
    WARNING(MISSING_SPEC, "missing_spec", false) \
    WARNING(MISSING_SPEC_ALL, "missing_spec_all", false) \
    WARNING(REMOVED, "removed", true) \
    WARNING(NIF_INLINE, "nif_inline", true) \
    WARNING(FORMAT, "format", true) \
    /* of later passes */ \
    WARNING(NOMATCH, "nomatch", true) \
    WARNING(IGNORED, "ignored", true) \
    WARNING(FAILED, "failed", true)

typedef enum LintWarning {
#define WARNING(name, option, is_on) LINT_##name,
    LINT_WARNINGS(WARNING)
#undef WARNING
        LINT_WARNING_COUNT
} LintWarning;

/* ---- the linter ---- */

/* The default of a record's field calls when the record is made; until then, nobody does. */
enum { CALLER_NONE = 0xFFFFFFFE, CALLER_RECORD = 0xFFFFFFFF };
typedef struct Call { /* of a local function */
    uint32_t caller;
    /* CALLER_… or */ /* index in `functions`; UINT32_MAX: from outside of functions */
    Term name;
    uint32_t arity;
    Location at;
} Call;

typedef struct TypeUse {
    Term from; /* the type in whose definition it is; TERM_NONE: elsewhere */
    uint32_t from_arity;
    Term name;
    uint32_t arity;
    Location at;
} TypeUse;

typedef struct BehaviourUse {
    Term module;
    Location at;
} BehaviourUse;

typedef struct Linter {
    ErlUnit *unit;
    const LintOptions *options;
    Diagnostics *diagnostics;
    Arena arena; /* texts, and what lasts for one function */
    bool is_on[LINT_WARNING_COUNT];
    bool exports_all, no_auto_import_at_all, allows_bif_clash, inlines;
    int64_t format_level; /* of -compile({warn_format, 2}): 2 tells what is perhaps wrong */
    Location forced_at;   /* where all is said, unless its line is 0 */
    uint32_t errors_before;

    /* variables */
    Binding *env; /* by id; BIND_NONE: not bound */
    uint32_t env_count;
    Binding *trail; /* what env held before */
    uint32_t trail_count, trail_capacity;
    uint32_t *pattern_stamp; /* by id: the pattern in which it was met */
    uint32_t *bits_stamp;    /* by id: the binary in a pattern that bound it */
    uint32_t stamp;
    const Node **compared; /* variables of patterns that bind nothing: a set, by address */
    size_t compared_slots, compared_count;
    uint32_t *change_stamp, *change_index, changes; /* by id: for env_changes */
    Location *pattern_place;                        /* by id: where it was met in that pattern */

    /* names of the module */
    NameTable functions, exports, imports, records, types, specs, callbacks, optional_callbacks,
        exported_types, no_auto_import, deprecated_off, nowarn_unused, nowarn_records,
        missing_records, bad_defaults /* by record and index */, inlined;
    Call *calls;
    uint32_t call_count, call_capacity;
    TypeUse *type_uses;
    uint32_t type_use_count, type_use_capacity;
    BehaviourUse *behaviours;
    uint32_t behaviour_count, behaviour_capacity;
    uint32_t function;  /* the one whose clauses are checked; UINT32_MAX: none */
    bool is_in_record;  /* in the default value of a record's field, outside of funs */
    bool is_in_default; /* anywhere in such a value */
    bool is_muted;      /* nothing is said */
    bool is_dead;       /* what follows in the body is not reached */
    Term current_type;  /* whose definition is looked at, or TERM_NONE */
    uint32_t current_type_arity;
    bool has_module, is_after_functions, calls_load_nif, has_nifs;
    Term on_load; /* TERM_NONE: none */
    Location nifs_at, on_load_at;
} Linter;

/* ---- saying ---- */

typedef enum LintMessage {
#define MESSAGE(id, module, descriptor, text) SAY_##id,
#include "compiler/erl/lint_messages.def"
#undef MESSAGE
    LINT_MESSAGE_COUNT
} LintMessage;

/* lint_error(linter, at, undefined_record, name): the message of that id, with its arguments, all
 * Terms. lint_warn(linter, LINT_FORMAT, at, …): only when that warning is on. */
#define lint_error(linter, at, id, ...) \
    lint_say_error(linter, at, SAY_##id, (const Term[]){0, ##__VA_ARGS__})
#define lint_warn(linter, which, at, id, ...) \
    lint_say_warning(linter, which, at, SAY_##id, (const Term[]){0, ##__VA_ARGS__})
#define lint_warn_always(linter, at, id, ...) \
    lint_say_always(linter, at, SAY_##id, (const Term[]){0, ##__VA_ARGS__})
/* args[1] is the first. */
void lint_say_error(Linter *linter, Location at, LintMessage message, const Term *args);
void lint_say_warning(Linter *linter, LintWarning which, Location at, LintMessage message,
                      const Term *args);
void lint_say_always(Linter *linter, Location at, LintMessage message, const Term *args);
/* What is in no table. */
void lint_say(Linter *linter, Severity severity, Location at, Term module, Term descriptor,
              const char *text);

/* Arguments of messages: a variable's name, a count, a position, a string. */
Term lint_var(const Linter *linter, uint32_t var);
static inline Term lint_count(uint32_t count)
{
    return term_small(count);
}
Term lint_place(Linter *linter, Location at);
Term lint_string(Linter *linter, const char *text);

/* ---- variables (lint_vars.c) ---- */

static inline const Binding *env_get(const Linter *linter, uint32_t var)
{
    return &linter->env[var];
}
uint32_t env_mark(const Linter *linter);
void env_set(Linter *linter, Binding binding);
void env_apply(Linter *linter, Bindings bindings);
void env_undo(Linter *linter, uint32_t mark);
/* What the environment holds of the variables set since the mark. */
Bindings env_changes(Linter *linter, uint32_t mark);

void binding_list_add(Linter *linter, BindingList *list, Binding binding);
void binding_list_add_all(Linter *linter, BindingList *list, Bindings bindings);
/* Sorted, with bindings of one variable merged: unsafe wins over exported, exported over bound. */
Bindings bindings_gather(BindingList list, Linter *linter);
Bindings bindings_merge(Linter *linter, Bindings a, Bindings b);
/* The same of what is evaluated side by side: a variable that two of them bind is compared, which
 * is a use of it. */
Bindings bindings_gather_beside(BindingList list, Linter *linter);
Bindings bindings_merge_beside(Linter *linter, Bindings a, Bindings b);
/* Those of variables that the environment has, or has not. */
Bindings bindings_old(Linter *linter, Bindings all);
Bindings bindings_new(Linter *linter, Bindings all);
/* The new ones as unsafe, the others as they are. */
Bindings bindings_unsafe(Linter *linter, Bindings all, Construct construct, Location where);
const Binding *bindings_find(Bindings all, uint32_t var);
const Places *places_of(Linter *linter, Location at);
const Places *places_merge(Linter *linter, const Places *a, const Places *b);
/* Uses up the array. */
const Places *places_merge_all(Linter *linter, const Places **all, uint32_t count);

/* "variable 'X' is unused", at each of its places, for those that are not used. */
void warn_unused(Linter *linter, Bindings all);
void warn_unused_binding(Linter *linter, const Binding *binding);
bool var_is_private(const Linter *linter, uint32_t var); /* begins with _ */

/* A use of a variable in an expression. */
Bindings lint_variable(Linter *linter, uint32_t var, Location at);

/* ---- expressions ---- */

Bindings lint_expr(Linter *linter, const Node *node);
Bindings lint_exprs(Linter *linter, NodeList nodes);          /* one after the other */
Bindings lint_expr_list(Linter *linter, NodeList nodes);      /* side by side: arguments */
Bindings lint_clauses_expr(Linter *linter, const Node *node); /* if case receive try fun maybe */
Bindings lint_comprehension(Linter *linter, const Node *node);
Bindings lint_call(Linter *linter, const Node *node);
Bindings lint_function_reference(Linter *linter, const Node *node);
void lint_function_clauses(Linter *linter, ClauseList clauses);

/* ---- patterns ---- */

typedef struct PatternBindings {
    Bindings used;  /* of variables that were bound before */
    Bindings fresh; /* bound by the pattern */
} PatternBindings;
/* `is_fresh`: no variable from outside is matched against: heads of funs and generators. */
PatternBindings lint_patterns(Linter *linter, NodeList patterns, bool is_fresh);
PatternBindings lint_pattern(Linter *linter, Node *pattern, bool is_fresh);
/* P1 = P2 = Expr: says when a map would need a key that the other pattern binds. */
void lint_parallel_match(Linter *linter, const Node *match);
bool node_is_constant_pattern(const Node *node); /* arithmetic on literals */

typedef struct PatternScope {
    bool is_fresh;
    uint32_t stamp;
    uint32_t bits_stamp; /* of the binary that is looked at */
    BindingList used, fresh;
} PatternScope;
void pattern_node(Linter *linter, PatternScope *scope, const Node *node);

/* ---- guards ---- */

typedef enum GuardContext { IN_GUARD, IN_MAP_KEY, IN_BIT_SIZE } GuardContext;
Bindings lint_guards(Linter *linter, const NodeList *guards, uint32_t count);
Bindings lint_guard_expr(Linter *linter, const Node *node, GuardContext context);
bool node_is_guard(Linter *linter, const Node *node);
bool name_is_type_test(Term name, uint32_t arity);
bool name_is_old_type_test(Term name, uint32_t arity);

/* ---- bits ---- */

typedef struct BitSpec {
    Term type;    /* atom */
    int64_t unit; /* 0: by type */
    bool has_unit, is_utf;
} BitSpec;
Bindings lint_bits(Linter *linter, const Node *node, bool is_guard, GuardContext context);
void pattern_bits(Linter *linter, PatternScope *scope, const Node *node);
/* A field without a size that takes all the rest. */
bool bit_field_is_rest(const Node *field);

/* ---- records ---- */

/* The record; NULL, and an error said, when there is none. Counts as a use. */
const Form *lint_record(Linter *linter, Location at, Term name);
void lint_record_field(Linter *linter, Location at, Term record, const Form *form,
                       const Node *field);
Bindings lint_record_expr(Linter *linter, const Node *node, bool is_guard, GuardContext context);
void pattern_record(Linter *linter, PatternScope *scope, const Node *node);
void lint_record_form(Linter *linter, const Form *form);
/* Does the field have a default, in which nothing is wrong? */
bool lint_has_default(const Linter *linter, const Form *record, uint32_t index);

/* ---- calls ---- */

void lint_local_use(Linter *linter, Location at, Term name, uint32_t arity);
bool name_is_old_bif(Term name, uint32_t arity);
bool lint_is_local(const Linter *linter, Term name, uint32_t arity);
bool lint_auto_import_is_off(const Linter *linter, Term name, uint32_t arity);
void lint_format_call(Linter *linter, const Node *call, Term module, Term function);
void lint_deprecated(Linter *linter, Location at, Term module, Term name, uint32_t arity);

/* The name of another module is met: only Latin-1 may be in it. */
void lint_module_use(Linter *linter, Location at, Term name);

/* ---- types ---- */

void lint_type_form(Linter *linter, const Form *form);
void lint_spec_form(Linter *linter, const Form *form);
void lint_types_at_end(Linter *linter);
void lint_record_field_type(Linter *linter, const Node *type);

/* ---- the rest ---- */

void lint_behaviours_at_end(Linter *linter);
void lint_later_passes(Linter *linter);
void lint_note_compared(Linter *linter, const Node *node);

/* Walks a proper list; false at its end. */
static inline bool list_next(Term *list, Term *head)
{
    if (!term_is_cons(*list)) {
        return false;
    }
    *head = cons_head(*list);
    *list = cons_tail(*list);
    return true;
}
/* A tuple of that many elements: its elements, else NULL. */
static inline const Term *tuple_of(Term t, size_t arity)
{
    return term_is_tuple(t) && tuple_arity(t) == arity ? tuple_elements(t) : NULL;
}
/* {Name, Arity} */
static inline bool name_arity_of(Term t, Term *name, uint32_t *arity)
{
    const Term *parts = tuple_of(t, 2);
    if (parts == NULL || !term_is_atom(parts[0]) || !term_is_small(parts[1]) ||
        small_value(parts[1]) < 0 || small_value(parts[1]) > 0xFFFF) {
        return false;
    }
    *name = parts[0];
    *arity = (uint32_t) small_value(parts[1]);
    return true;
}
/* A proper list of those. */
bool lint_is_name_list(Term list);
static inline bool atom_is(Term atom, const char *text)
{
    return term_is_atom(atom) && strcmp(atom_name(atom), text) == 0;
}
static inline bool node_is_atom(const Node *node, const char *text)
{
    return node->kind == NODE_ATOM && atom_is(node->value, text);
}

#endif
