/* compiler/core/reuse.c
 * A walk through a function with the patterns in scope at hand, innermost last. A tuple or cons
 * cell of a pattern that has nothing anonymous in it can be told again by an expression: the same
 * variables and literals in the same places. Where an expression does, it becomes a variable; the
 * pattern gets that variable the first time it is wanted. */
#include "compiler/core/reuse.h"

#include "runtime/term/compare.h"

typedef struct Known {
    CorePattern *pattern; /* PATTERN_TUPLE or PATTERN_CONS; PATTERN_BOTH once it has a variable */
    CoreVar *var;         /* that holds what it matched; NULL: none yet */
} Known;

typedef struct Reuse {
    CoreModule *module;
    CoreFunction *function;
    Known *known;
    uint32_t count, capacity;
} Reuse;

/* Only so many of the latest patterns are looked at, so that time stays linear. */
enum { LOOK_BACK = 48 };

static void reuse_expr(Reuse *r, Core *core);

/* ---- what is known ---- */

/* Can an expression tell what the pattern matches, and does that take variables? */
typedef enum Told { TOLD_NOT, TOLD_LITERAL, TOLD } Told;

static Told both_told(Told a, Told b)
{
    return a == TOLD_NOT || b == TOLD_NOT ? TOLD_NOT : a == TOLD || b == TOLD ? TOLD : TOLD_LITERAL;
}

static void know(Reuse *r, CorePattern *pattern, CoreVar *var)
{
    if (r->count == r->capacity) {
        r->capacity = r->capacity * 2 + 64;
        r->known = mem_realloc(r->known, r->capacity * sizeof r->known[0]);
    }
    r->known[r->count++] = (Known){pattern, var};
}

static Told learn(Reuse *r, CorePattern *pattern, CoreVar *var);

/* Along a list without recursion: a cell can be told if its head and the next cell can. */
static Told learn_list(Reuse *r, CorePattern *first, CoreVar *var)
{
    uint32_t cells = 0, from = 0;
    CorePattern *end = first;
    Told told = TOLD_LITERAL;
    for (; end->kind == PATTERN_CONS; end = end->pair.right) {
        Told head = learn(r, end->pair.left, NULL);
        cells++;
        if (head == TOLD_NOT) {
            from = cells;
            told = TOLD_LITERAL;
        } else {
            told = both_told(told, head);
        }
    }
    Told last = learn(r, end, NULL);
    told = both_told(told, last);
    if (told != TOLD) {
        return from == 0 ? told : TOLD_NOT;
    }
    CorePattern *cell = first;
    for (uint32_t i = 0; i < cells; i++, cell = cell->pair.right) {
        if (i >= from && i < from + LOOK_BACK) {
            know(r, cell, i == 0 ? var : NULL);
        }
    }
    return from == 0 ? TOLD : TOLD_NOT;
}

static Told learn_tuple(Reuse *r, CorePattern *pattern, CoreVar *var)
{
    Told told = TOLD_LITERAL;
    for (uint32_t i = 0; i < pattern->tuple.count; i++) {
        told = both_told(told, learn(r, pattern->tuple.items[i], NULL));
    }
    if (told == TOLD) {
        know(r, pattern, var);
    }
    return told;
}

/* The pattern's variables are bound from here on. var: holds all of the value, or NULL. */
static Told learn(Reuse *r, CorePattern *pattern, CoreVar *var)
{
    switch (pattern->kind) {
    case PATTERN_VAR:
        return TOLD;
    case PATTERN_LITERAL:
        return TOLD_LITERAL;
    case PATTERN_EQUAL:
        return pattern->value->kind == CORE_VAR ? TOLD : TOLD_NOT;
    case PATTERN_CONS:
        return learn_list(r, pattern, var);
    case PATTERN_TUPLE:
        return learn_tuple(r, pattern, var);
    case PATTERN_BOTH: {
        CorePattern *left = pattern->pair.left, *right = pattern->pair.right;
        Told told_left = learn(r, left, right->kind == PATTERN_VAR ? right->var : var);
        Told told_right = learn(r, right, left->kind == PATTERN_VAR ? left->var : var);
        return told_left != TOLD_NOT ? told_left : told_right;
    }
    default:
        return TOLD_NOT;
    }
}

/* With the value that is matched, which may be a tuple that is not built at all. */
static void learn_match(Reuse *r, CorePattern *pattern, const Core *value)
{
    if (value == NULL || value->kind == CORE_LIST) {
        return;
    }
    if (value->kind != CORE_TUPLE) {
        learn(r, pattern, value->kind == CORE_VAR ? value->var : NULL);
    } else if (pattern->kind == PATTERN_TUPLE && pattern->tuple.count == value->count) {
        for (uint32_t i = 0; i < value->count; i++) {
            learn_match(r, pattern->tuple.items[i], value->items[i]);
        }
    }
}

/* ---- recognising it ---- */

static bool same(const Core *core, const CorePattern *pattern);

/* Is the list of core->items from `index` what the pattern matches? */
static bool same_list(const Core *core, uint32_t index, const CorePattern *pattern)
{
    while (pattern->kind == PATTERN_CONS) {
        if (!same(core->items[index], pattern->pair.left)) {
            return false;
        }
        pattern = pattern->pair.right;
        index++;
        if (index == core->count) {
            if (core->tail->kind != CORE_LIST) {
                return same(core->tail, pattern);
            }
            core = core->tail;
            index = 0;
        }
    }
    if (pattern->kind == PATTERN_BOTH) {
        return same_list(core, index, pattern->pair.left) ||
               same_list(core, index, pattern->pair.right);
    }
    return false;
}

static bool same(const Core *core, const CorePattern *pattern)
{
    switch (pattern->kind) {
    case PATTERN_VAR:
        return core->kind == CORE_VAR && core->var == pattern->var;
    case PATTERN_EQUAL:
        return core->kind == CORE_VAR && pattern->value->kind == CORE_VAR &&
               core->var == pattern->value->var;
    case PATTERN_LITERAL:
        return core->kind == CORE_LITERAL && term_equal_exact(core->literal, pattern->literal);
    case PATTERN_BOTH:
        return same(core, pattern->pair.left) || same(core, pattern->pair.right);
    case PATTERN_CONS:
        return core->kind == CORE_LIST && same_list(core, 0, pattern);
    case PATTERN_TUPLE:
        if (core->kind != CORE_TUPLE || core->count != pattern->tuple.count) {
            return false;
        }
        for (uint32_t i = 0; i < core->count; i++) {
            if (!same(core->items[i], pattern->tuple.items[i])) {
                return false;
            }
        }
        return true;
    default:
        return false;
    }
}

static Known *find(Reuse *r, const Core *core, uint32_t index)
{
    uint32_t end = r->count < LOOK_BACK ? 0 : r->count - LOOK_BACK;
    for (uint32_t i = r->count; i-- > end;) {
        const CorePattern *pattern = r->known[i].pattern;
        if (core->kind == CORE_TUPLE ? same(core, pattern) : same_list(core, index, pattern)) {
            return &r->known[i];
        }
    }
    return NULL;
}

/* Its variables are read so many times less. */
static void forget(Core *const items[], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        Core *item = items[i];
        if (item->kind == CORE_VAR) {
            item->var->uses--;
        } else if (item->kind == CORE_TUPLE || item->kind == CORE_LIST) {
            forget(item->items, item->count);
            if (item->kind == CORE_LIST) {
                forget(&item->tail, 1);
            }
        }
    }
}

/* The variable that holds what was matched. */
static CoreVar *var_of(Reuse *r, Known *known)
{
    if (known->var == NULL) {
        CorePattern *whole = ARENA_NEW(r->module->arena, CorePattern);
        *whole = *known->pattern;
        known->var = core_var(r->module, r->function);
        known->pattern->kind = PATTERN_BOTH;
        known->pattern->pair.left = core_pattern_var(r->module, known->var);
        known->pattern->pair.right = whole;
    }
    return known->var;
}

static void become_var(Core *core, CoreVar *var)
{
    core->kind = CORE_VAR;
    core->var = var;
    var->uses++;
}

/* ---- expressions ---- */

static void reuse_items(Reuse *r, Core *const items[], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        reuse_expr(r, items[i]);
    }
}

static void reuse_tuple(Reuse *r, Core *core)
{
    Known *known = find(r, core, 0);
    if (known == NULL) {
        reuse_items(r, core->items, core->count);
    } else {
        forget(core->items, core->count);
        become_var(core, var_of(r, known));
    }
}

/* All of it, or what follows some of its elements. */
static void reuse_list(Reuse *r, Core *core)
{
    for (uint32_t i = 0; i < core->count; i++) {
        Known *known = find(r, core, i);
        if (known == NULL) {
            reuse_expr(r, core->items[i]);
            continue;
        }
        forget(core->items + i, core->count - i);
        forget(&core->tail, 1);
        if (i == 0) {
            become_var(core, var_of(r, known));
            return;
        }
        core->count = i;
        core->tail = core_use(r->module, (CoreAt){core->line, core->file}, var_of(r, known));
        return;
    }
    reuse_expr(r, core->tail);
}

static void reuse_clauses(Reuse *r, CoreClause *const clauses[], uint32_t count, const Core *value)
{
    uint32_t before = r->count;
    for (uint32_t i = 0; i < count; i++) {
        CoreClause *clause = clauses[i];
        for (uint32_t p = 0; p < clause->pattern_count; p++) {
            if (value == NULL) {
                learn(r, clause->patterns[p], NULL);
            } else {
                learn_match(r, clause->patterns[p], value);
            }
        }
        reuse_expr(r, clause->body);
        r->count = before;
    }
}

/* A match among the expressions of a body is known to those that follow. */
static void reuse_body(Reuse *r, Core *core)
{
    uint32_t before = r->count;
    for (uint32_t i = 0; i < core->count; i++) {
        Core *item = core->items[i];
        reuse_expr(r, item);
        if (item->kind == CORE_MATCH) {
            learn_match(r, item->match.pattern, item->match.value);
        }
    }
    r->count = before;
}

/* A tuple that is matched at once is not built: it is left as it is. */
static void reuse_matched(Reuse *r, Core *value)
{
    if (value->kind == CORE_TUPLE) {
        reuse_items(r, value->items, value->count);
    } else {
        reuse_expr(r, value);
    }
}

static void reuse_case(Reuse *r, Core *core)
{
    if (core->choice.value != NULL) {
        reuse_matched(r, core->choice.value);
    }
    reuse_clauses(r, core->choice.clauses, core->choice.count, core->choice.value);
}

static void reuse_try(Reuse *r, struct CoreTry *try_)
{
    reuse_expr(r, try_->body);
    reuse_clauses(r, try_->of, try_->of_count, NULL);
    reuse_clauses(r, try_->handlers, try_->handler_count, NULL);
    if (try_->after != NULL) {
        reuse_expr(r, try_->after);
    }
}

static void reuse_receive(Reuse *r, Core *core)
{
    reuse_clauses(r, core->receive->clauses, core->receive->count, NULL);
    if (core->receive->timeout != NULL) {
        reuse_expr(r, core->receive->timeout);
        reuse_expr(r, core->receive->after);
    }
}

static void reuse_segments(Reuse *r, const Core *core)
{
    for (uint32_t i = 0; i < core->binary.count; i++) {
        reuse_expr(r, core->binary.segments[i].value);
    }
}

static void reuse_map(Reuse *r, const Core *core)
{
    if (core->map.base != NULL) {
        reuse_expr(r, core->map.base);
    }
    reuse_items(r, core->map.pairs, core->map.count * 2);
}

static void reuse_expr(Reuse *r, Core *core)
{
    switch ((CoreKind) core->kind) {
    case CORE_LITERAL:
    case CORE_VAR:
    case CORE_ALTERNATIVES:
        break;
    case CORE_TUPLE:
        reuse_tuple(r, core);
        break;
    case CORE_LIST:
        reuse_list(r, core);
        break;
    case CORE_MAP:
        reuse_map(r, core);
        break;
    case CORE_BINARY:
        reuse_segments(r, core);
        break;
    case CORE_OPERATOR:
    case CORE_TEST:
    case CORE_CALL_FUN:
    case CORE_CALL_DYNAMIC:
    case CORE_ANDALSO:
    case CORE_ORELSE:
    case CORE_CATCH:
        reuse_items(r, core->items, core->count);
        break;
    case CORE_BODY:
        reuse_body(r, core);
        break;
    case CORE_FUN:
    case CORE_CALL:
        reuse_items(r, core->call.args, core->call.count);
        break;
    case CORE_BIF:
    case CORE_FAIL:
    case CORE_CALL_REMOTE:
        reuse_items(r, core->remote.args, core->remote.count);
        break;
    case CORE_MATCH:
    case CORE_MAYBE_MATCH:
        reuse_matched(r, core->match.value);
        break;
    case CORE_CASE:
        reuse_case(r, core);
        break;
    case CORE_RECEIVE:
        reuse_receive(r, core);
        break;
    case CORE_TRY:
        reuse_try(r, core->try_);
        break;
    case CORE_RECORD_TEST:
    case CORE_RECORD_GET:
        reuse_expr(r, core->record.expr);
        break;
    case CORE_RECORD_SET:
        reuse_expr(r, core->record.expr);
        reuse_items(r, core->record.set->values, core->record.set->count);
        break;
    case CORE_MAYBE:
        reuse_expr(r, core->maybe.body);
        reuse_clauses(r, core->maybe.clauses, core->maybe.count, NULL);
        break;
    }
}

void reuse_function(CoreModule *module, CoreFunction *function)
{
    Reuse r = {.module = module, .function = function};
    reuse_clauses(&r, function->clauses, function->clause_count, NULL);
    mem_free(r.known);
}
