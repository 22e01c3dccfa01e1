/* compiler/core/live.c
 * One walk backwards through a function. A variable is live from where it is bound to its last use;
 * going backwards, the first use met is the last. Alternatives each start from what is live behind
 * them; what any of them needs is live before them. Uses in guards and patterns are not marked
 * (another clause may still be tried): what dies there dies on entry to a clause's body. */
#include "compiler/core/live.h"

typedef struct LiveChange {
    CoreVar *var;
    bool was_live;
} LiveChange;

struct Live {
    CoreModule *module;
    LiveChange *trail;
    uint32_t trail_count, trail_capacity;
    uint32_t mark;  /* counter of marks on variables */
    bool is_pinned; /* in a guard or pattern: last uses are not marked */
};

Live *live_create(CoreModule *module)
{
    Live *live = mem_alloc_zero(sizeof *live);
    live->module = module;
    return live;
}

void live_destroy(Live *live)
{
    mem_free(live->trail);
    mem_free(live);
}

static void set_live(Live *live, CoreVar *var, bool is_live)
{
    if (var->is_live == is_live) {
        return;
    }
    if (live->trail_count == live->trail_capacity) {
        live->trail_capacity = live->trail_capacity * 2 + 64;
        live->trail = mem_realloc(live->trail, live->trail_capacity * sizeof live->trail[0]);
    }
    live->trail[live->trail_count++] = (LiveChange){var, var->is_live};
    var->is_live = is_live;
}

static void undo(Live *live, uint32_t mark)
{
    while (live->trail_count > mark) {
        LiveChange *change = &live->trail[--live->trail_count];
        change->var->is_live = change->was_live;
    }
}

/* Variables live now that were not at `mark`. */
static CoreVarList added_since(Live *live, uint32_t mark)
{
    CoreVarList list = {NULL, 0};
    uint32_t stamp = ++live->mark;
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t i = mark; i < live->trail_count; i++) {
            CoreVar *var = live->trail[i].var;
            if (pass == 0) {
                /* the oldest entry says what was at the mark */
                if (var->mark != stamp) {
                    var->mark = stamp;
                    list.count += !live->trail[i].was_live && var->is_live;
                }
            } else if (var->mark == stamp) {
                var->mark = 0;
                if (!live->trail[i].was_live && var->is_live) {
                    list.vars[list.count++] = var;
                }
            }
        }
        if (pass == 0) {
            if (list.count == 0) {
                return list;
            }
            list.vars = ARENA_ARRAY(live->module->arena, CoreVar *, list.count);
            list.count = 0;
        }
    }
    return list;
}

static void live_expr(Live *live, Core *core);

static void live_pinned(Live *live, Core *core)
{
    bool was_pinned = live->is_pinned;
    live->is_pinned = true;
    live_expr(live, core);
    live->is_pinned = was_pinned;
}

/* ---- patterns ---- */

static void unbind(Live *live, CoreVar *var)
{
    set_live(live, var, false);
}

static void mark_bound(Live *live, CoreVar *var)
{
    var->mark = live->mark;
}

static void each_bound(Live *live, const CorePattern *pattern,
                       void (*function)(Live *live, CoreVar *var))
{
    switch (pattern->kind) {
    case PATTERN_VAR:
        function(live, pattern->var);
        break;
    case PATTERN_CONS:
        while (pattern->kind == PATTERN_CONS) { /* along a list without recursion */
            each_bound(live, pattern->pair.left, function);
            pattern = pattern->pair.right;
        }
        each_bound(live, pattern, function);
        break;
    case PATTERN_BOTH:
        each_bound(live, pattern->pair.left, function);
        each_bound(live, pattern->pair.right, function);
        break;
    case PATTERN_TUPLE:
        for (uint32_t i = 0; i < pattern->tuple.count; i++) {
            each_bound(live, pattern->tuple.items[i], function);
        }
        break;
    case PATTERN_MAP:
        for (uint32_t i = 0; i < pattern->map.count; i++) {
            each_bound(live, pattern->map.values[i], function);
        }
        break;
    case PATTERN_BINARY:
        for (uint32_t i = 0; i < pattern->binary.count; i++) {
            each_bound(live, pattern->binary.segments[i].value, function);
        }
        break;
    default:
        break;
    }
}

/* What a pattern reads: bound variables, keys, sizes. */
static void read_pattern(Live *live, const CorePattern *pattern)
{
    switch (pattern->kind) {
    case PATTERN_EQUAL:
        live_pinned(live, pattern->value);
        break;
    case PATTERN_CONS:
        while (pattern->kind == PATTERN_CONS) {
            read_pattern(live, pattern->pair.left);
            pattern = pattern->pair.right;
        }
        read_pattern(live, pattern);
        break;
    case PATTERN_BOTH:
        read_pattern(live, pattern->pair.left);
        read_pattern(live, pattern->pair.right);
        break;
    case PATTERN_TUPLE:
        for (uint32_t i = 0; i < pattern->tuple.count; i++) {
            read_pattern(live, pattern->tuple.items[i]);
        }
        break;
    case PATTERN_MAP:
        for (uint32_t i = 0; i < pattern->map.count; i++) {
            live_pinned(live, pattern->map.keys[i]);
            read_pattern(live, pattern->map.values[i]);
        }
        break;
    case PATTERN_BINARY:
        for (uint32_t i = 0; i < pattern->binary.count; i++) {
            if (pattern->binary.segments[i].size != NULL) {
                live_pinned(live, pattern->binary.segments[i].size);
            }
            read_pattern(live, pattern->binary.segments[i].value);
        }
        break;
    default:
        break;
    }
}

/* ---- alternatives ---- */

enum { ENTRIES_MAX = 1 << 14 };

static void live_clause(Live *live, CoreClause *clause, uint32_t mark, CoreVarList *at_body,
                        CoreVarList *at_start)
{
    live_expr(live, clause->body);
    if (clause->trace != NULL) {
        set_live(live, clause->trace, false);
    }
    *at_body = added_since(live, mark);
    if (clause->guard != NULL) {
        live_pinned(live, clause->guard);
    }
    /* A pattern may read what it binds itself (a size): reading first, going backwards. */
    for (uint32_t i = 0; i < clause->pattern_count; i++) {
        read_pattern(live, clause->patterns[i]);
    }
    for (uint32_t i = 0; i < clause->pattern_count; i++) {
        each_bound(live, clause->patterns[i], unbind);
    }
    *at_start = added_since(live, mark);
}

/* `all` without what is in `kept`. */
static CoreVarList without(Live *live, const CoreVarList *all, const CoreVarList *kept)
{
    CoreVarList list = {NULL, 0};
    uint32_t stamp = ++live->mark;
    for (uint32_t i = 0; i < kept->count; i++) {
        kept->vars[i]->mark = stamp;
    }
    for (uint32_t i = 0; i < all->count; i++) {
        if (all->vars[i]->mark != stamp) {
            if (list.vars == NULL) {
                list.vars = ARENA_ARRAY(live->module->arena, CoreVar *, all->count - i);
            }
            list.vars[list.count++] = all->vars[i];
        }
    }
    return list;
}

/* Alternatives that go on in the same place. `extra`: another one, such as `after`, or NULL.
 * `parts`: what is looked at: where those are variables they live as long as the search. */
static CoreDeaths *live_alternatives(Live *live, CoreClause **clauses, uint32_t count, Core *extra,
                                     Core *const parts[], uint32_t part_count)
{
    Arena *arena = live->module->arena;
    uint32_t mark = live->trail_count;
    CoreVarList *bodies = ARENA_ARRAY(arena, CoreVarList, count + 1);
    CoreVarList *starts = ARENA_ARRAY(arena, CoreVarList, count + 2);
    for (uint32_t i = 0; i < count; i++) {
        live_clause(live, clauses[i], mark, &bodies[i], &starts[i]);
        undo(live, mark);
    }
    starts[count] = (CoreVarList){NULL, 0};
    if (extra != NULL) {
        live_expr(live, extra);
        starts[count] = added_since(live, mark);
        undo(live, mark);
    }
    for (uint32_t i = 0; i < part_count; i++) {
        if (parts[i]->kind == CORE_VAR) {
            live_pinned(live, parts[i]);
        }
    }
    starts[count + 1] = added_since(live, mark);
    undo(live, mark);
    for (uint32_t i = 0; i < count + 2; i++) {
        for (uint32_t v = 0; v < starts[i].count; v++) {
            set_live(live, starts[i].vars[v], true);
        }
    }
    CoreDeaths *deaths = ARENA_NEW(arena, CoreDeaths);
    deaths->all = added_since(live, mark);
    if (deaths->all.count == 0) {
        return NULL;
    }
    if ((uint64_t) deaths->all.count * count <= ENTRIES_MAX) {
        deaths->entries = ARENA_ARRAY(arena, CoreVarList, count);
        for (uint32_t i = 0; i < count; i++) {
            deaths->entries[i] = without(live, &deaths->all, &bodies[i]);
        }
    }
    return deaths;
}

static void live_case(Live *live, Core *core)
{
    Core *value = core->choice.value;
    bool is_tuple = value != NULL && value->kind == CORE_TUPLE;
    Core **parts = is_tuple ? value->items : &core->choice.value;
    uint32_t count = is_tuple ? value->count : value != NULL;
    core->choice.deaths =
        live_alternatives(live, core->choice.clauses, core->choice.count, NULL, parts, count);
    for (uint32_t i = count; i-- > 0;) {
        live_expr(live, parts[i]); /* the variables are live by now */
    }
}

/* ---- expressions ---- */

static void live_items(Live *live, Core *const items[], uint32_t count)
{
    for (uint32_t i = count; i-- > 0;) {
        live_expr(live, items[i]);
    }
}

static void live_try(Live *live, struct CoreTry *try_)
{
    if (try_->after != NULL) {
        live_expr(live, try_->after);
    }
    uint32_t mark = live->trail_count;
    try_->deaths = live_alternatives(live, try_->handlers, try_->handler_count, NULL, NULL, 0);
    CoreVarList handlers = added_since(live, mark);
    undo(live, mark);
    if (try_->of_count != 0) {
        try_->of_deaths = live_alternatives(live, try_->of, try_->of_count, NULL, NULL, 0);
    }
    /* The body may raise at any place: what handlers need lives all through it. */
    for (uint32_t i = 0; i < handlers.count; i++) {
        set_live(live, handlers.vars[i], true);
    }
    live_expr(live, try_->body);
}

/* Those that are variables, or those that are not. */
static void live_some(Live *live, Core *const items[], uint32_t count, bool are_vars)
{
    for (uint32_t i = count; i-- > 0;) {
        if ((items[i]->kind == CORE_VAR) == are_vars) {
            live_expr(live, items[i]);
        }
    }
}

/* Values that are variables are read when the tuple is made, after all has been evaluated. */
static void live_set(Live *live, Core *core)
{
    struct CoreSet *set = core->record.set;
    live_some(live, set->values, set->count, true);
    live_expr(live, core->record.expr);
    live_some(live, set->values, set->count, false);
}

static void live_match(Live *live, Core *core)
{
    Core *value = core->match.value;
    read_pattern(live, core->match.pattern);
    each_bound(live, core->match.pattern, unbind);
    if (value->kind == CORE_TUPLE) { /* it may not be built: its variables are read late */
        bool was_pinned = live->is_pinned;
        live->is_pinned = true;
        live_some(live, value->items, value->count, true);
        live->is_pinned = was_pinned;
    }
    live_expr(live, value);
}

/* ---- receive ---- */

enum { CANDIDATES_MAX = 8 };
typedef struct Candidates {
    CoreVar *vars[CANDIDATES_MAX];
    uint32_t count;
    uint32_t stamp; /* variables with this mark are bound by the pattern itself */
} Candidates;

/* The variables bound before that a message must contain to match. */
static void add_candidates(Candidates *out, const CorePattern *pattern)
{
    switch (pattern->kind) {
    case PATTERN_EQUAL:
        if (pattern->value->kind == CORE_VAR && pattern->value->var->mark != out->stamp &&
            out->count < CANDIDATES_MAX) {
            out->vars[out->count++] = pattern->value->var;
        }
        break;
    case PATTERN_BOTH:
        add_candidates(out, pattern->pair.left);
        add_candidates(out, pattern->pair.right);
        break;
    case PATTERN_CONS: /* gen's tags are [alias | Reference]; along a list without recursion */
        for (; pattern->kind == PATTERN_CONS; pattern = pattern->pair.right) {
            add_candidates(out, pattern->pair.left);
        }
        add_candidates(out, pattern);
        break;
    case PATTERN_TUPLE:
        for (uint32_t i = 0; i < pattern->tuple.count; i++) {
            add_candidates(out, pattern->tuple.items[i]);
        }
        break;
    case PATTERN_MAP:
        for (uint32_t i = 0; i < pattern->map.count; i++) {
            add_candidates(out, pattern->map.values[i]);
        }
        break;
    default:
        break; /* not in binaries: no reference is there */
    }
}

/* A variable that every clause wants in the message: messages from before the reference in it was
 * made cannot match. */
static CoreVar *common_reference(Live *live, CoreClause **clauses, uint32_t count)
{
    Candidates common = {.count = 0};
    for (uint32_t i = 0; i < count; i++) {
        Candidates here = {.count = 0, .stamp = ++live->mark};
        each_bound(live, clauses[i]->patterns[0], mark_bound);
        add_candidates(&here, clauses[i]->patterns[0]);
        if (i == 0) {
            common = here;
            continue;
        }
        uint32_t kept = 0;
        for (uint32_t c = 0; c < common.count; c++) {
            for (uint32_t h = 0; h < here.count; h++) {
                if (here.vars[h] == common.vars[c]) {
                    common.vars[kept++] = common.vars[c];
                    break;
                }
            }
        }
        common.count = kept;
    }
    return common.count == 0 ? NULL : common.vars[0];
}

static void live_receive(Live *live, Core *core)
{
    if (core->receive->from == NULL) {
        core->receive->from = common_reference(live, core->receive->clauses, core->receive->count);
    }
    Core *timeout = core->receive->timeout;
    core->receive->deaths =
        live_alternatives(live, core->receive->clauses, core->receive->count, core->receive->after,
                          &timeout, timeout == NULL ? 0 : 1);
    if (core->receive->from != NULL) {
        set_live(live, core->receive->from, true);
    }
    if (timeout != NULL) {
        live_expr(live, timeout);
    }
}

static void live_expr(Live *live, Core *core)
{
    switch ((CoreKind) core->kind) {
    case CORE_LITERAL:
        break;
    case CORE_VAR:
        if (!core->var->is_live) {
            core->is_last_use = !live->is_pinned;
            set_live(live, core->var, true);
        }
        break;
    case CORE_LIST:
        live_expr(live, core->tail);
        live_items(live, core->items, core->count);
        break;
    case CORE_TUPLE:
    case CORE_OPERATOR:
    case CORE_TEST:
    case CORE_CALL_FUN:
    case CORE_CALL_DYNAMIC:
    case CORE_ANDALSO:
    case CORE_ORELSE:
    case CORE_ALTERNATIVES:
    case CORE_BODY:
    case CORE_CATCH:
        live_items(live, core->items, core->count);
        break;
    case CORE_MAP:
        live_items(live, core->map.pairs, core->map.count * 2);
        if (core->map.base != NULL) {
            live_expr(live, core->map.base);
        }
        break;
    case CORE_BINARY:
        for (uint32_t i = core->binary.count; i-- > 0;) {
            if (core->binary.segments[i].size != NULL) {
                live_expr(live, core->binary.segments[i].size);
            }
            live_expr(live, core->binary.segments[i].value);
        }
        break;
    case CORE_FUN:
    case CORE_CALL:
        live_items(live, core->call.args, core->call.count);
        break;
    case CORE_BIF:
    case CORE_FAIL:
    case CORE_CALL_REMOTE:
        live_items(live, core->remote.args, core->remote.count);
        break;
    case CORE_MATCH:
    case CORE_MAYBE_MATCH:
        live_match(live, core);
        break;
    case CORE_CASE:
        live_case(live, core);
        break;
    case CORE_RECEIVE:
        live_receive(live, core);
        break;
    case CORE_TRY:
        live_try(live, core->try_);
        break;
    case CORE_RECORD_TEST:
    case CORE_RECORD_GET:
        live_expr(live, core->record.expr);
        break;
    case CORE_RECORD_SET:
        live_set(live, core);
        break;
    case CORE_MAYBE:
        core->maybe.deaths =
            live_alternatives(live, core->maybe.clauses, core->maybe.count, NULL, NULL, 0);
        live_expr(live, core->maybe.body);
        break;
    }
}

void live_function(Live *live, CoreFunction *function)
{
    for (uint32_t i = 0; i < function->clause_count; i++) {
        CoreClause *clause = function->clauses[i];
        live_expr(live, clause->body);
        if (clause->guard != NULL) {
            live_pinned(live, clause->guard);
        }
        undo(live, 0);
    }
}
