/* compiler/erl/lint_clauses.c
 * Clauses that nothing reaches: their patterns cannot match, their guards are false, or clauses
 * before them take all that they would. */
#include "compiler/erl/lint_later.h"

#include "runtime/term/compare.h"

/* ---- patterns ---- */

static size_t pointer_slot(const Linter *linter, const Node *node)
{
    size_t mask = linter->compared_slots - 1;
    size_t slot = ((uintptr_t) node >> 4) * 0x9E3779B97F4A7C15u >> 32 & mask;
    while (linter->compared[slot] != NULL && linter->compared[slot] != node) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

void lint_note_compared(Linter *linter, const Node *node)
{
    if ((linter->compared_count + 1) * 2 > linter->compared_slots) {
        const Node **old = linter->compared;
        size_t old_slots = linter->compared_slots;
        linter->compared_slots = old_slots == 0 ? 64 : old_slots * 2;
        linter->compared = mem_alloc_zero(linter->compared_slots * sizeof *linter->compared);
        for (size_t i = 0; i < old_slots; i++) {
            if (old[i] != NULL) {
                linter->compared[pointer_slot(linter, old[i])] = old[i];
            }
        }
        mem_free(old);
    }
    size_t slot = pointer_slot(linter, node);
    linter->compared_count += linter->compared[slot] == NULL;
    linter->compared[slot] = node;
}

static bool var_is_compared(const Linter *linter, const Node *node)
{
    return linter->compared_slots > 0 && linter->compared[pointer_slot(linter, node)] == node;
}

/* A pattern that takes anything. */
static bool pattern_takes_all(const Linter *linter, const Node *node)
{
    if (node->kind == NODE_MATCH) {
        return pattern_takes_all(linter, node->pair.left) &&
               pattern_takes_all(linter, node->pair.right);
    }
    return node->kind == NODE_VAR && !var_is_compared(linter, node);
}

static bool patterns_take_all(const Linter *linter, NodeList patterns)
{
    for (uint32_t i = 0; i < patterns.count; i++) {
        if (!pattern_takes_all(linter, patterns.items[i])) {
            return false;
        }
    }
    return true;
}

/* The parts of a tuple or record, in a pattern or as made; NULL for a part that is any (in a
 * pattern), or that is not written. False: the node is neither. */
static bool tuple_parts(Linter *linter, const Node *node, bool is_pattern, const Node ***parts,
                        uint32_t *count)
{
    if (node->kind == NODE_TUPLE) {
        *parts = (const Node **) node->nodes.items;
        *count = node->nodes.count;
        return true;
    }
    const Name *record = node->kind == NODE_RECORD && node->record.expr == NULL
                             ? name_find(&linter->records, node->record.name, 0)
                             : NULL;
    if (record == NULL) {
        return false;
    }
    uint32_t fields = record->form->record.field_count;
    const Node **all = ARENA_ARRAY(&linter->arena, const Node *, fields + 1);
    all[0] = node_atom(linter->unit, node->at, node->record.name);
    for (uint32_t i = 0; i < fields; i++) {
        const RecordField *field = &record->form->record.fields[i];
        const Node *other = is_pattern ? NULL
                            : field->value != NULL
                                ? field->value
                                : node_atom(linter->unit, node->at, ATOM_undefined);
        const Node *given = NULL;
        for (uint32_t k = 0; k < node->record.fields.count; k++) {
            const Node *pair = node->record.fields.items[k];
            if (pair->pair.left->kind == NODE_VAR) { /* `_ = …`: all that are not named */
                other = pair->pair.right;
            } else if (pair->pair.left->value == field->name) {
                given = pair->pair.right;
            }
        }
        all[i + 1] = given != NULL ? given : other;
    }
    *parts = all;
    *count = fields + 1;
    return true;
}

/* Can a list as long as this one be made by these elements and this tail? */
static bool has_room(Term list, const Node *made)
{
    uint32_t count = made->list.elements.count;
    while (count > 0 && term_is_cons(list)) {
        list = cons_tail(list);
        count--;
    }
    return count == 0 && (made->list.tail != NULL || list == TERM_NIL);
}

/* Does the pattern match what the expression makes? Both are only looked at as far as their forms
 * show it. */
Truth lint_matches(Linter *linter, const Node *pattern, const Node *value)
{
    const Node **pattern_parts, **value_parts;
    uint32_t pattern_count, value_count;
    if (pattern == NULL) {
        return ALWAYS;
    }
    if (pattern->kind == NODE_MATCH) {
        Truth left = lint_matches(linter, pattern->pair.left, value);
        Truth right = lint_matches(linter, pattern->pair.right, value);
        return left < right ? left : right;
    }
    if (pattern->kind == NODE_VAR) {
        return var_is_compared(linter, pattern) ? MAYBE : ALWAYS;
    }
    Term pattern_value = lint_constant(linter, pattern), value_value = lint_constant(linter, value);
    if (pattern_value != TERM_NONE && value_value != TERM_NONE) {
        return term_equal_exact(pattern_value, value_value) ? ALWAYS : NEVER;
    }
    bool makes_tuple = tuple_parts(linter, value, false, &value_parts, &value_count);
    bool makes_cons = value->kind == NODE_LIST && value->list.elements.count > 0;
    if (!makes_tuple && !makes_cons && value_value == TERM_NONE) {
        return MAYBE;
    }
    if (tuple_parts(linter, pattern, true, &pattern_parts, &pattern_count)) {
        if (!makes_tuple || pattern_count != value_count) {
            return NEVER;
        }
        Truth all = ALWAYS;
        for (uint32_t i = 0; i < pattern_count; i++) {
            Truth one = lint_matches(linter, pattern_parts[i], value_parts[i]);
            all = one < all ? one : all;
        }
        return all;
    }
    if (pattern->kind == NODE_LIST) {
        bool is_list = makes_cons || (value_value != TERM_NONE && term_is_list(value_value));
        if (!is_list || (makes_cons && pattern->list.elements.count == 0)) {
            return NEVER;
        }
        bool is_any_cons = makes_cons && pattern->list.elements.count == 1 &&
                           pattern->list.tail != NULL &&
                           pattern_takes_all(linter, pattern->list.elements.items[0]) &&
                           pattern_takes_all(linter, pattern->list.tail);
        return value_value == TERM_NIL && pattern->list.elements.count > 0 ? NEVER
               : is_any_cons                                               ? ALWAYS
                                                                           : MAYBE;
    }
    if (pattern_value == TERM_NONE || !(makes_tuple || makes_cons)) {
        return MAYBE;
    }
    return makes_cons && has_room(pattern_value, value) ? MAYBE : NEVER; /* of a string */
}

/* ---- patterns that leave nothing for others ---- */

/* Does everything that `later` matches match `earlier`? Left to right: once `earlier` takes
 * anything where `later` looks closer, it must go on so, or the passes do not see it. */
typedef struct Covering {
    Linter *linter;
    bool is_loose; /* that place was met */
} Covering;

static bool covers(Covering *covering, const Node *earlier, const Node *later);

static bool all_cover(Covering *covering, const Node *const earlier[], const Node *const later[],
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!covers(covering, earlier[i], later[i])) {
            return false;
        }
    }
    return true;
}

static bool list_covers(Covering *covering, const Node *earlier, const Node *later)
{
    uint32_t count = earlier->list.elements.count;
    if (count == 0 || later->list.elements.count < count ||
        !all_cover(covering, (const Node *const *) earlier->list.elements.items,
                   (const Node *const *) later->list.elements.items, count)) {
        return false;
    }
    if (earlier->list.tail == NULL) {
        return later->list.tail == NULL && later->list.elements.count == count;
    }
    return pattern_takes_all(covering->linter, earlier->list.tail);
}

static bool covers(Covering *covering, const Node *earlier, const Node *later)
{
    Linter *linter = covering->linter;
    const Node **earlier_parts, **later_parts;
    uint32_t earlier_count, later_count;
    if (earlier == NULL || pattern_takes_all(linter, earlier)) {
        covering->is_loose =
            covering->is_loose || (later != NULL && !pattern_takes_all(linter, later));
        return true;
    }
    if (later == NULL || covering->is_loose) {
        return false;
    }
    if (earlier->kind == NODE_MATCH) {
        bool is_left_name = pattern_takes_all(linter, earlier->pair.left);
        return (is_left_name || covers(covering, earlier->pair.left, later)) &&
               (pattern_takes_all(linter, earlier->pair.right) ||
                covers(covering, earlier->pair.right, later));
    }
    if (later->kind == NODE_MATCH) {
        return covers(covering, earlier, later->pair.left) ||
               covers(covering, earlier, later->pair.right);
    }
    Term earlier_value = lint_constant(linter, earlier), later_value = lint_constant(linter, later);
    if (earlier_value != TERM_NONE && later_value != TERM_NONE) {
        return term_equal_exact(earlier_value, later_value);
    }
    if (tuple_parts(linter, earlier, true, &earlier_parts, &earlier_count)) {
        return tuple_parts(linter, later, true, &later_parts, &later_count) &&
               earlier_count == later_count &&
               all_cover(covering, earlier_parts, later_parts, earlier_count);
    }
    return earlier->kind == NODE_LIST && later->kind == NODE_LIST &&
           list_covers(covering, earlier, later);
}

/* Does `middle` take anything where `earlier` looks closer? Clauses on both sides of such a one are
 * not compared by the passes. */
static bool separates(Linter *linter, const Node *earlier, const Node *middle)
{
    const Node **earlier_parts, **middle_parts;
    uint32_t earlier_count, middle_count;
    if (earlier == NULL || pattern_takes_all(linter, earlier)) {
        return false;
    }
    if (middle == NULL || pattern_takes_all(linter, middle)) {
        return true;
    }
    if (tuple_parts(linter, earlier, true, &earlier_parts, &earlier_count) &&
        tuple_parts(linter, middle, true, &middle_parts, &middle_count) &&
        earlier_count == middle_count) {
        for (uint32_t i = 0; i < earlier_count; i++) {
            if (separates(linter, earlier_parts[i], middle_parts[i])) {
                return true;
            }
        }
    }
    return false;
}

static bool clause_separates(Linter *linter, const Clause *earlier, const Clause *middle)
{
    for (uint32_t i = 0; i < earlier->patterns.count; i++) {
        if (separates(linter, earlier->patterns.items[i], middle->patterns.items[i])) {
            return true;
        }
    }
    return false;
}

static bool clause_covers(Linter *linter, const Clause *earlier, const Clause *later)
{
    Covering covering = {linter, false};
    return earlier->patterns.count > 0 &&
           all_cover(&covering, (const Node *const *) earlier->patterns.items,
                     (const Node *const *) later->patterns.items, earlier->patterns.count);
}

/* ---- clauses ---- */

/* Comparisons and tests answer true or false. */
static bool node_is_boolean(const Linter *linter, const Node *node)
{
    if (node == NULL) {
        return false;
    }
    if (node->kind == NODE_CALL && node->call.function->kind == NODE_ATOM) {
        Term name = node->call.function->value;
        return name_is_type_test(name, node->call.args.count) &&
               !lint_is_local(linter, name, node->call.args.count);
    }
    return (node->kind == NODE_BINARY && node->op >= OP_EQ && node->op <= OP_EXACT_NE) ||
           (node->kind == NODE_UNARY && node->op == OP_NOT);
}

static void say_covered(Linter *linter, const Clause *clause, const Clause *by,
                        const ClauseContext *context, bool takes_all)
{
    if (context->function != NULL && takes_all) {
        lint_warn(linter, LINT_NOMATCH, clause->at, nomatch_shadow_function,
                  lint_count(by->at.line), context->function->function.name,
                  lint_count(context->function->function.arity));
    } else {
        lint_warn(linter, LINT_NOMATCH, clause->at, nomatch_shadow_line, lint_count(by->at.line));
    }
}

/* Is there an earlier clause that leaves nothing for this one? Each is named once. */
static bool check_covered(Linter *linter, ClauseList clauses, uint32_t index, bool *is_named,
                          const ClauseContext *context)
{
    enum { LOOKED_BACK = 50 }; /* so that long functions take no time squared */
    const Clause *clause = clauses.items[index];
    for (uint32_t i = index > LOOKED_BACK ? index - LOOKED_BACK : 0; i < index; i++) {
        const Clause *earlier = clauses.items[i];
        if (lint_guard_truth(linter, earlier) == ALWAYS && clause_covers(linter, earlier, clause)) {
            bool is_separate = false;
            for (uint32_t k = i + 1; k < index && !is_separate; k++) {
                is_separate = clause_separates(linter, earlier, clauses.items[k]);
            }
            if (is_separate) {
                continue;
            }
            if (!is_named[i]) {
                say_covered(linter, clause, earlier, context, false);
            }
            is_named[i] = true;
            return true;
        }
    }
    return false;
}

/* Of a case of true or false. True: the clause cannot match. */
static bool check_boolean(Linter *linter, const Clause *clause, bool seen[2])
{
    Term value = lint_constant(linter, clause->patterns.items[0]);
    if (value != TERM_NONE && !lint_is_boolean(value)) {
        lint_warn(linter, LINT_NOMATCH, clause->at, nomatch_clause_type);
        return true;
    }
    if (seen[0] && seen[1]) {
        lint_warn(linter, LINT_NOMATCH, clause->at, nomatch_shadow);
        return true;
    }
    if (value != TERM_NONE && lint_guard_truth(linter, clause) == ALWAYS) {
        seen[value == ATOM_true] = true;
    }
    return false;
}

void lint_check_clauses(Linter *linter, ClauseList clauses, ClauseContext context)
{
    const Clause *always = NULL;
    bool is_constant = context.value != NULL && lint_constant(linter, context.value) != TERM_NONE;
    bool is_boolean = node_is_boolean(linter, context.value), seen[2] = {false, false};
    bool *is_named = arena_alloc_zero(&linter->arena, clauses.count + 1);
    uint32_t possible = 0;
    for (uint32_t i = 0; i < clauses.count; i++) {
        const Clause *clause = clauses.items[i];
        if (always != NULL) {
            if (!is_constant) {
                say_covered(linter, clause, always, &context,
                            patterns_take_all(linter, always->patterns));
            }
            continue;
        }
        if (is_boolean && clause->patterns.count == 1 && check_boolean(linter, clause, seen)) {
            continue;
        }
        Truth guard = lint_guard_truth(linter, clause);
        Truth match = context.value == NULL || clause->patterns.count != 1
                          ? MAYBE
                          : lint_matches(linter, clause->patterns.items[0], context.value);
        if (match == NEVER) {
            if (!is_constant) {
                lint_warn(linter, LINT_NOMATCH, clause->at, nomatch_clause_type);
            }
            continue;
        }
        if (guard == NEVER) {
            lint_warn(linter, LINT_NOMATCH, clause->at, nomatch_guard);
            continue;
        }
        if (!is_constant && check_covered(linter, clauses, i, is_named, &context)) {
            continue;
        }
        possible++;
        if (guard == ALWAYS && (match == ALWAYS || patterns_take_all(linter, clause->patterns))) {
            always = clause;
        }
    }
    if (possible == 0 && clauses.count > 0 && !context.may_fall_through) {
        lint_warn(linter, LINT_NOMATCH, context.at, nomatch_no_clause);
    }
}
