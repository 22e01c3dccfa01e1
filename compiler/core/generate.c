/* compiler/core/generate.c
 * The functions of a module, in the order in which erlc has them: those of the source, then those
 * lifted out of them, of the last function first, siblings from the last, each followed by what it
 * contains. Indices of funs follow from it. */
#include "compiler/core/generate.h"

#include "compiler/core/generate_internal.h"
#include "compiler/core/reuse.h"

static void gen_function(Gen *g, CoreFunction *function)
{
    g->function = function;
    g->frame = g->depth = function->arity + function->capture_count;
    g->reachable = true;
    g->jump_to = NULL;
    g->at = (CoreAt){0, 0};
    g->guard = NULL;
    g->is_looking = false;
    g->cold = NULL;
    g->maybe = NULL;
    g->dying = NULL;
    reuse_function(g->core, function);
    live_function(g->live, function);
    emit_begin(g->emitter, function->index);
    g->entry_label = label_here(g);
    gen_line(g, function->at);

    for (uint32_t i = 0; i < function->capture_count; i++) {
        slot_bind(g, function->captures[i].inner, function->arity + i);
    }
    Place **places = ARENA_ARRAY(g->arena, Place *, function->arity);
    for (uint32_t i = 0; i < function->arity; i++) {
        places[i] = place_new(g, PLACE_SLOT, i);
    }
    Row **rows = ARENA_ARRAY(g->arena, Row *, function->clause_count);
    for (uint32_t i = 0; i < function->clause_count; i++) {
        CoreClause *clause = function->clauses[i];
        rows[i] = row_new(g, clause, i);
        for (uint32_t p = function->arity; p-- > 0;) {
            if (p < clause->pattern_count) {
                row_add(g, rows[i], places[p], clause->patterns[p]);
            }
        }
    }
    Label fail;
    label_init(&fail, g->depth, false);
    Matching matching = {.kind = MATCH_CLAUSES, .want = WANT_RETURN};
    match_rows(g, &matching, rows, function->clause_count, &fail);
    label_place(g, &fail);
    trail_undo(g, 0);
    if (g->reachable) {
        gen_line(g, function->at);
        gen_op(g, OP_fail_function_clause, 0, 0);
        gen_stop(g);
    }
    gen_all_cold(g, NULL);
    emit_end(g->emitter);

    ModuleFunction *out = &g->module->functions[function->index];
    out->is_exported = function->is_exported;
    out->line = function->at.line;
}

/* ---- order ---- */

typedef struct Order {
    CoreFunction **functions;
    uint32_t count, capacity;
} Order;

static void order_add(Order *order, CoreFunction *function)
{
    if (order->count == order->capacity) {
        order->capacity = order->capacity * 2 + 64;
        order->functions =
            mem_realloc(order->functions, order->capacity * sizeof order->functions[0]);
    }
    order->functions[order->count++] = function;
}

/* Those inside `function`, latest sibling first, each before its own. */
static void order_add_inner(Order *order, const CoreFunction *function)
{
    for (CoreFunction *at = function->first_child; at != NULL; at = at->next_sibling) {
        order_add(order, at);
        order_add_inner(order, at);
    }
}

static void order_functions(CoreModule *core, Order *order)
{
    for (uint32_t i = 0; i < core->function_count; i++) {
        order_add(order, core->functions[i]);
    }
    for (uint32_t i = core->function_count; i-- > 0;) {
        order_add_inner(order, core->functions[i]);
    }
}

bool core_generate(CoreModule *core, Module *module, GenerateError *error)
{
    *error = (GenerateError){.text = ""};
    Order order = {0};
    order_functions(core, &order);
    for (uint32_t i = 0; i < order.count; i++) {
        CoreFunction *function = order.functions[i];
        uint32_t arity = function->arity + function->capture_count;
        function->index = module_declare(module, function->name, arity);
    }
    Gen gen = {.core = core,
               .module = module,
               .emitter = emitter_create(module),
               .arena = core->arena,
               .error = error,
               .live = live_create(core),
               .shapes = mem_alloc_zero(SLOTS_MAX + 1),
               .owners = mem_alloc_zero((SLOTS_MAX + 1) * sizeof(uint32_t))};
    for (uint32_t i = 0; i < order.count && error->text[0] == 0; i++) {
        gen_function(&gen, order.functions[i]);
    }
    emitter_destroy(gen.emitter);
    live_destroy(gen.live);
    mem_free(gen.owners);
    mem_free(gen.shapes);
    mem_free(gen.trail);
    mem_free(order.functions);
    return error->text[0] == 0;
}
