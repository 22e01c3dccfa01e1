/* compiler/erl/ast.c
 * Units and the making of nodes.
 *
 * Variables of a unit are found by their atom in an open-addressing hash of ids; fresh ones are
 * atoms too ("rec0"), looked for until one is free. Files are few and searched one by one. */
#include "compiler/erl/ast.h"

#include <pthread.h>
#include <stdio.h>

#include "runtime/term/mem.h"

const char *const node_kind_names[NODE_KIND_COUNT] = {
#define NODE(name, member) #name,
    NODE_KINDS(NODE)
#undef NODE
};

const char *const operator_names[OPERATOR_COUNT] = {
#define OP(name, text) text,
    OPERATORS(OP)
#undef OP
};

Term operator_atom(Operator op)
{
    ASSERT(op < OPERATOR_COUNT);
    return atom_of(operator_names[op]);
}

/* ---- deep recursion ---- */

typedef struct DeepCall {
    void (*function)(void *argument);
    void *argument;
} DeepCall;

static __thread bool on_deep_stack;

static void *deep_thread(void *argument)
{
    DeepCall *call = argument;
    on_deep_stack = true;
    mem_thread_is_short();
    call->function(call->argument);
    return NULL;
}

void ast_run_deep(void (*function)(void *argument), void *argument)
{
    if (on_deep_stack) {
        function(argument);
        return;
    }
    DeepCall call = {function, argument};
    pthread_attr_t attributes;
    pthread_t thread;
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, AST_STACK_BYTES) == 0);
    if (pthread_create(&thread, &attributes, deep_thread, &call) != 0) {
        machine_stop("cannot start a thread to compile on, with a stack of %zu MB",
                     AST_STACK_BYTES >> 20);
    }
    CHECK(pthread_join(thread, NULL) == 0);
    pthread_attr_destroy(&attributes);
}

void ast_run_low(void (*function)(void *argument), void *argument)
{
    bool before = on_deep_stack;
    on_deep_stack = true;
    function(argument);
    on_deep_stack = before;
}

/* ---- units ---- */

enum { VAR_SLOTS_START = 64 };

ErlUnit *erl_unit_create(void)
{
    ErlUnit *unit = mem_alloc_zero(sizeof *unit);
    arena_init(&unit->arena);
    unit->space = arena_space_create();
    unit->module = TERM_NONE;
    unit->feature_maybe = true;
    unit->var_slot_count = VAR_SLOTS_START;
    unit->var_slots = mem_alloc_zero(VAR_SLOTS_START * sizeof *unit->var_slots);
    uint32_t anonymous = erl_unit_variable(unit, atom_of("_"));
    CHECK(anonymous == VAR_ANONYMOUS);
    return unit;
}

void erl_unit_destroy(ErlUnit *unit)
{
    if (unit == NULL) {
        return;
    }
    mem_free(unit->forms);
    mem_free(unit->variables);
    mem_free(unit->var_slots);
    mem_free(unit->files);
    arena_space_destroy(unit->space);
    arena_finish(&unit->arena);
    mem_free(unit);
}

/* Slots hold id + 1; 0 is free. */
static uint32_t *variable_slot(ErlUnit *unit, Term name)
{
    uint32_t mask = unit->var_slot_count - 1;
    uint32_t at = (atom_index(name) * 2654435761u) >> 7 & mask;
    while (unit->var_slots[at] != 0 && unit->variables[unit->var_slots[at] - 1] != name) {
        at = (at + 1) & mask;
    }
    return &unit->var_slots[at];
}

static void variable_slots_grow(ErlUnit *unit)
{
    mem_free(unit->var_slots);
    unit->var_slot_count *= 2;
    unit->var_slots = mem_alloc_zero(unit->var_slot_count * sizeof *unit->var_slots);
    for (uint32_t id = 0; id < unit->variable_count; id++) {
        *variable_slot(unit, unit->variables[id]) = id + 1;
    }
}

uint32_t erl_unit_variable(ErlUnit *unit, Term name)
{
    uint32_t *slot = variable_slot(unit, name);
    if (*slot != 0) {
        return *slot - 1;
    }
    if (unit->variable_count == unit->variable_capacity) {
        unit->variable_capacity = unit->variable_capacity == 0 ? 32 : unit->variable_capacity * 2;
        unit->variables =
            mem_realloc(unit->variables, unit->variable_capacity * sizeof *unit->variables);
    }
    uint32_t id = unit->variable_count++;
    unit->variables[id] = name;
    *slot = id + 1;
    if (unit->variable_count * 2 > unit->var_slot_count) {
        variable_slots_grow(unit);
    }
    return id;
}

uint32_t erl_unit_fresh_variable(ErlUnit *unit, const char *prefix)
{
    for (uint32_t number = unit->fresh_count;; number++) {
        char name[64];
        snprintf(name, sizeof name, "%.48s%u", prefix, (unsigned) number);
        Term atom = atom_of(name);
        if (*variable_slot(unit, atom) == 0) {
            unit->fresh_count = number + 1;
            return erl_unit_variable(unit, atom);
        }
    }
}

uint16_t erl_unit_file(ErlUnit *unit, const char *name)
{
    for (uint32_t i = unit->file_count; i-- > 0;) {
        if (strcmp(unit->files[i], name) == 0) {
            return (uint16_t) i;
        }
    }
    if (unit->file_count == UINT16_MAX) {
        return 0; /* 65,535 -file attributes: later positions name the main file */
    }
    if (unit->file_count == unit->file_capacity) {
        unit->file_capacity = unit->file_capacity == 0 ? 8 : unit->file_capacity * 2;
        unit->files = mem_realloc(unit->files, unit->file_capacity * sizeof *unit->files);
    }
    unit->files[unit->file_count] = arena_copy_text(&unit->arena, name, strlen(name));
    return (uint16_t) unit->file_count++;
}

void erl_unit_add_form(ErlUnit *unit, Form *form)
{
    if (unit->form_count == unit->form_capacity) {
        unit->form_capacity = unit->form_capacity == 0 ? 64 : unit->form_capacity * 2;
        unit->forms = mem_realloc(unit->forms, unit->form_capacity * sizeof *unit->forms);
    }
    unit->forms[unit->form_count++] = form;
}
