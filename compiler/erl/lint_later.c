/* compiler/erl/lint_later.c
 * What erlc's later passes say of a program without errors: values that are made and dropped,
 * clauses behind one that always matches, and what cannot be done with the constants that are
 * there. Constants are folded as far as the passes do that: an operation on constants alone. */
#include "compiler/erl/lint_internal.h"

#include "runtime/term/arith.h"
#include "runtime/term/bits.h"
#include "runtime/term/compare.h"

#include <stdio.h>

static void walk(Linter *linter, const Node *node, bool is_wanted);
static void walk_list(Linter *linter, NodeList nodes, bool is_wanted);

/* The value of a body is that of its last expression. */
static void walk_body(Linter *linter, NodeList body, bool is_wanted)
{
    linter->is_dead = false;
    for (uint32_t i = 0; i < body.count && !linter->is_dead; i++) {
        walk(linter, body.items[i], is_wanted && i + 1 == body.count);
    }
}

/* ---- constants ---- */

static Term constant(Linter *linter, const Node *node);

static Term constant_list(Linter *linter, NodeList nodes, const Node *tail)
{
    Term list = tail == NULL ? TERM_NIL : constant(linter, tail);
    for (uint32_t i = nodes.count; list != TERM_NONE && i-- > 0;) {
        Term item = constant(linter, nodes.items[i]);
        list = item == TERM_NONE ? TERM_NONE : make_cons(erl_unit_space(linter->unit), item, list);
    }
    return list;
}

static Term constant_string(Linter *linter, const Node *node)
{
    Term list = TERM_NIL;
    for (uint32_t i = node->string.count; i-- > 0;) {
        list =
            make_cons(erl_unit_space(linter->unit), term_small(node->string.characters[i]), list);
    }
    return list;
}

/* What is written out in full; TERM_NONE: something has to be evaluated, or it is larger than what
 * is worth a look (each level of a term asks for the constants below it). */
static Term constant(Linter *linter, const Node *node)
{
    enum { HEIGHT_MAX = 50, COUNT_MAX = 1000 };
    if (node->height > HEIGHT_MAX ||
        (node->kind == NODE_STRING && node->string.count > COUNT_MAX) ||
        (node->kind == NODE_LIST && node->list.elements.count > COUNT_MAX)) {
        return TERM_NONE;
    }
    switch ((NodeKind) node->kind) {
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_CHAR:
        return node->value;
    case NODE_FLOAT:
        return make_float(erl_unit_space(linter->unit), node->float_value);
    case NODE_STRING:
        return constant_string(linter, node);
    case NODE_LIST:
        return constant_list(linter, node->list.elements, node->list.tail);
    case NODE_TUPLE: {
        Term *items = ARENA_ARRAY(&linter->arena, Term, node->nodes.count + 1);
        for (uint32_t i = 0; i < node->nodes.count; i++) {
            items[i] = constant(linter, node->nodes.items[i]);
            if (items[i] == TERM_NONE) {
                return TERM_NONE;
            }
        }
        return make_tuple(erl_unit_space(linter->unit), items, node->nodes.count);
    }
    case NODE_UNARY:
        if (node->op == OP_MINUS) {
            Term value = constant(linter, node->unary.operand);
            return value != TERM_NONE && term_is_number(value)
                       ? arith_negate(erl_unit_space(linter->unit), value)
                       : TERM_NONE;
        }
        return TERM_NONE;
    default:
        return TERM_NONE;
    }
}

static bool term_is_boolean(Term t)
{
    return t == ATOM_true || t == ATOM_false;
}
static Term boolean(bool is_true)
{
    return is_true ? ATOM_true : ATOM_false;
}

static Term fold_comparison(Operator op, Term a, Term b)
{
    switch (op) {
    case OP_EQ:
        return boolean(term_equal(a, b));
    case OP_NE:
        return boolean(!term_equal(a, b));
    case OP_EXACT_EQ:
        return boolean(term_equal_exact(a, b));
    case OP_EXACT_NE:
        return boolean(!term_equal_exact(a, b));
    case OP_LE:
        return boolean(term_compare(a, b) <= 0);
    case OP_LT:
        return boolean(term_compare(a, b) < 0);
    case OP_GE:
        return boolean(term_compare(a, b) >= 0);
    case OP_GT:
        return boolean(term_compare(a, b) > 0);
    default:
        return TERM_NONE;
    }
}

static Term fold_type_test(Term name, Term value)
{
    const char *test = atom_name(name) + 3; /* is_ */
    if (strcmp(test, "atom") == 0) {
        return boolean(term_is_atom(value));
    }
    if (strcmp(test, "boolean") == 0) {
        return boolean(term_is_boolean(value));
    }
    if (strcmp(test, "integer") == 0) {
        return boolean(term_is_integer(value));
    }
    if (strcmp(test, "float") == 0) {
        return boolean(term_is_float(value));
    }
    if (strcmp(test, "number") == 0) {
        return boolean(term_is_number(value));
    }
    if (strcmp(test, "list") == 0) {
        return boolean(term_is_list(value));
    }
    if (strcmp(test, "tuple") == 0) {
        return boolean(term_is_tuple(value));
    }
    return strcmp(test, "map") == 0 || strcmp(test, "binary") == 0 ||
                   strcmp(test, "bitstring") == 0 || strcmp(test, "pid") == 0 ||
                   strcmp(test, "port") == 0 || strcmp(test, "reference") == 0 ||
                   strcmp(test, "function") == 0
               ? ATOM_false
               : TERM_NONE;
}

/* The value of a guard's test on constants; TERM_NONE: not known. */
static Term fold(Linter *linter, const Node *node)
{
    if (node->kind == NODE_BINARY) {
        Term left = fold(linter, node->pair.left), right = fold(linter, node->pair.right);
        return left == TERM_NONE || right == TERM_NONE
                   ? TERM_NONE
                   : fold_comparison((Operator) node->op, left, right);
    }
    if (node->kind == NODE_UNARY && node->op == OP_NOT) {
        Term value = fold(linter, node->unary.operand);
        return value == TERM_NONE || !term_is_boolean(value) ? TERM_NONE
                                                             : boolean(value == ATOM_false);
    }
    if (node->kind == NODE_CALL && node->call.function->kind == NODE_ATOM &&
        node->call.args.count == 1 && name_is_type_test(node->call.function->value, 1) &&
        !lint_is_local(linter, node->call.function->value, 1)) {
        Term value = fold(linter, node->call.args.items[0]);
        return value == TERM_NONE ? TERM_NONE : fold_type_test(node->call.function->value, value);
    }
    return constant(linter, node);
}

typedef enum Truth { NEVER, MAYBE, ALWAYS } Truth;

static Truth guard_truth(Linter *linter, const Clause *clause)
{
    if (clause->guard_count == 0) {
        return ALWAYS;
    }
    if (clause->guard_count > 1) {
        return MAYBE;
    }
    bool is_true = true;
    for (uint32_t i = 0; i < clause->guards[0].count; i++) {
        Term value = fold(linter, clause->guards[0].items[i]);
        if (value == TERM_NONE) {
            return MAYBE;
        }
        is_true = is_true && value == ATOM_true;
    }
    return is_true ? ALWAYS : NEVER;
}

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

/* Does the pattern match what the expression makes? Both are only looked at as far as their forms
 * show it. */
static Truth matches(Linter *linter, const Node *pattern, const Node *value)
{
    const Node **pattern_parts, **value_parts;
    uint32_t pattern_count, value_count;
    if (pattern == NULL) {
        return ALWAYS;
    }
    if (pattern->kind == NODE_MATCH) {
        Truth left = matches(linter, pattern->pair.left, value);
        Truth right = matches(linter, pattern->pair.right, value);
        return left < right ? left : right;
    }
    if (pattern->kind == NODE_VAR) {
        return var_is_compared(linter, pattern) ? MAYBE : ALWAYS;
    }
    Term pattern_value = constant(linter, pattern), value_value = constant(linter, value);
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
            Truth one = matches(linter, pattern_parts[i], value_parts[i]);
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
    return pattern_value != TERM_NONE && (makes_tuple || makes_cons) ? NEVER : MAYBE;
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
    Term earlier_value = constant(linter, earlier), later_value = constant(linter, later);
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

typedef struct ClauseContext {
    const Form *function; /* NULL: not of a function */
    const Node *value;    /* what is matched, where it is written; else NULL */
    Location at;          /* of the whole */
    bool may_fall_through;
} ClauseContext;

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
        if (guard_truth(linter, earlier) == ALWAYS && clause_covers(linter, earlier, clause)) {
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
    Term value = constant(linter, clause->patterns.items[0]);
    if (value != TERM_NONE && !term_is_boolean(value)) {
        lint_warn(linter, LINT_NOMATCH, clause->at,
                  nomatch_clause_type);
        return true;
    }
    if (seen[0] && seen[1]) {
        lint_warn(linter, LINT_NOMATCH, clause->at, nomatch_shadow);
        return true;
    }
    if (value != TERM_NONE && guard_truth(linter, clause) == ALWAYS) {
        seen[value == ATOM_true] = true;
    }
    return false;
}

static void check_clauses(Linter *linter, ClauseList clauses, ClauseContext context)
{
    const Clause *always = NULL;
    bool is_constant = context.value != NULL && constant(linter, context.value) != TERM_NONE;
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
        Truth guard = guard_truth(linter, clause);
        Truth match = context.value == NULL || clause->patterns.count != 1
                          ? MAYBE
                          : matches(linter, clause->patterns.items[0], context.value);
        if (match == NEVER) {
            if (!is_constant) {
                lint_warn(linter, LINT_NOMATCH, clause->at,
                          nomatch_clause_type);
            }
            continue;
        }
        if (guard == NEVER) {
            lint_warn(linter, LINT_NOMATCH, clause->at,
                      nomatch_guard);
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

static void walk_clauses(Linter *linter, ClauseList clauses, bool is_wanted)
{
    for (uint32_t i = 0; i < clauses.count; i++) {
        const Clause *clause = clauses.items[i];
        for (uint32_t k = 0; k < clause->guard_count; k++) {
            walk_list(linter, clause->guards[k], true);
        }
        walk_body(linter, clause->body, is_wanted);
        linter->is_dead = false;
    }
}

static void both(Linter *linter, ClauseList clauses, ClauseContext context, bool is_wanted)
{
    check_clauses(linter, clauses, context);
    walk_clauses(linter, clauses, is_wanted);
}

/* ---- values that nobody takes ---- */

static bool name_is_in(Term name, uint32_t arity, const char *list)
{
    char wanted[80];
    const char *text = atom_name(name);
    if (strlen(text) > 60) {
        return false;
    }
    snprintf(wanted, sizeof wanted, " %s/%u ", text, arity);
    return strstr(list, wanted) != NULL;
}

/* Built-in functions that do nothing but answer, and cannot fail. */
static const char *const without_effect =
    " date/0 get/0 get/1 get_keys/1 group_leader/0 is_alive/0 is_atom/1 is_binary/1 is_bitstring/1 "
    "is_boolean/1 is_float/1 is_function/1 is_integer/1 is_list/1 is_map/1 is_number/1 is_pid/1 "
    "is_port/1 is_reference/1 is_tuple/1 make_ref/0 max/2 min/2 node/0 nodes/0 pre_loaded/0 "
    "processes/0 registered/0 self/0 term_to_binary/1 time/0 get_cookie/0 ports/0 ";
/* Those that do nothing but answer, or fail. */
static const char *const only_failing =
    " abs/1 atom_to_binary/1 atom_to_binary/2 atom_to_list/1 binary_part/2 binary_part/3 "
    "binary_to_atom/1 binary_to_atom/2 binary_to_float/1 binary_to_integer/1 binary_to_list/1 "
    "binary_to_list/3 bit_size/1 byte_size/1 ceil/1 element/2 float/1 float_to_binary/1 "
    "float_to_list/1 floor/1 hd/1 integer_to_binary/1 integer_to_list/1 is_function/2 is_map_key/2 "
    "is_record/2 is_record/3 length/1 list_to_atom/1 list_to_binary/1 list_to_float/1 "
    "list_to_integer/1 list_to_integer/2 list_to_pid/1 list_to_tuple/1 map_get/2 pid_to_list/1 "
    "round/1 setelement/3 size/1 split_binary/2 tl/1 trunc/1 tuple_size/1 tuple_to_list/1 "
    "make_fun/3 ";
static const char *const of_math =
    " pi/0 fmod/2 ceil/1 floor/1 pow/2 atan2/2 sqrt/1 log10/1 log2/1 log/1 exp/1 erfc/1 erf/1 "
    "atanh/1 atan/1 asinh/1 asin/1 acosh/1 acos/1 tanh/1 tan/1 sinh/1 sin/1 cosh/1 cos/1 ";

static void warn_unused_term(Linter *linter, const Node *node)
{
    lint_warn(linter, LINT_IGNORED, node->at, ignored_useless_building);
}

/* The module and name of a call, where they are known: a built-in function's module is erlang. */
static bool called_function(const Linter *linter, const Node *call, Term *module, Term *name)
{
    const Node *function = call->call.function;
    uint32_t arity = call->call.args.count;
    if (function->kind == NODE_REMOTE && function->pair.left->kind == NODE_ATOM &&
        function->pair.right->kind == NODE_ATOM) {
        *module = function->pair.left->value;
        *name = function->pair.right->value;
        return true;
    }
    if (function->kind != NODE_ATOM) {
        return false;
    }
    *module = ATOM_erlang;
    *name = function->value;
    return name_is_bif(*name, arity) && !lint_is_local(linter, *name, arity) &&
           name_find(&linter->imports, *name, arity) == NULL;
}

/* True: the call is as good as not there. */
static bool check_ignored_call(Linter *linter, const Node *node)
{
    Term module, name;
    uint32_t arity = node->call.args.count;
    if (!called_function(linter, node, &module, &name)) {
        return false;
    }
    bool is_erlang = module == ATOM_erlang;
    if (is_erlang && name_is_in(name, arity, without_effect)) {
        lint_warn(linter, LINT_IGNORED, node->at, ignored_call, name, lint_count(arity));
        return true;
    }
    if (is_erlang && name_is_in(name, arity, only_failing)) {
        lint_warn(linter, LINT_IGNORED, node->at, ignored_result, name, lint_count(arity));
    } else if (atom_is(module, "math") && name_is_in(name, arity, of_math)) {
        lint_warn(linter, LINT_IGNORED, node->at, ignored_remote_result, module, name,
                  lint_count(arity));
    }
    return false;
}

/* ---- calls and operators that must fail ---- */

static bool is_comparison(Operator op)
{
    return op >= OP_EQ && op <= OP_EXACT_NE;
}

/* Does the operation on these constants fail? NULL: no, or not known. */
static const char *operator_failure(Operator op, Term a, Term b)
{
    switch (op) {
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
        return term_is_number(a) && term_is_number(b) ? NULL : "badarith";
    case OP_DIVIDE:
        return term_is_number(a) && term_is_number(b) && !term_equal(b, term_small(0)) ? NULL
                                                                                       : "badarith";
    case OP_DIV:
    case OP_REM:
        return term_is_integer(a) && term_is_integer(b) && b != term_small(0) ? NULL : "badarith";
    case OP_BAND:
    case OP_BOR:
    case OP_BXOR:
    case OP_BSL:
    case OP_BSR:
        return term_is_integer(a) && term_is_integer(b) ? NULL : "badarith";
    case OP_AND:
    case OP_OR:
    case OP_XOR:
        return term_is_boolean(a) && term_is_boolean(b) ? NULL : "badarg";
    default:
        return NULL;
    }
}

static void check_operator(Linter *linter, const Node *node)
{
    const char *failure = NULL;
    uint32_t arity = node->kind == NODE_UNARY ? 1 : 2;
    if (arity == 2) {
        Term left = constant(linter, node->pair.left), right = constant(linter, node->pair.right);
        if (left != TERM_NONE && right != TERM_NONE) {
            failure = operator_failure((Operator) node->op, left, right);
        }
    } else {
        Term operand = constant(linter, node->unary.operand);
        if (operand != TERM_NONE && node->op == OP_NOT && !term_is_boolean(operand)) {
            failure = "badarg";
        } else if (operand != TERM_NONE && node->op == OP_BNOT && !term_is_integer(operand)) {
            failure = "badarith";
        } else if (operand != TERM_NONE && (node->op == OP_MINUS || node->op == OP_PLUS) &&
                   !term_is_number(operand)) {
            failure = "badarith";
        }
    }
    if (failure != NULL) {
        lint_warn(linter, LINT_FAILED, node->at, failed_operator,
                  operator_atom((Operator) node->op), lint_count(arity), atom_of(failure));
    }
}

static bool list_is_proper(Term t)
{
    while (term_is_cons(t)) {
        t = cons_tail(t);
    }
    return t == TERM_NIL;
}

/* Does the built-in function of one argument fail on this constant? */
static bool call_fails(Term name, Term a)
{
    if (atom_is(name, "length") || atom_is(name, "list_to_tuple")) {
        return !list_is_proper(a);
    }
    if (atom_is(name, "hd") || atom_is(name, "tl")) {
        return !term_is_cons(a);
    }
    if (atom_is(name, "tuple_size") || atom_is(name, "tuple_to_list")) {
        return !term_is_tuple(a);
    }
    if (atom_is(name, "byte_size") || atom_is(name, "bit_size")) {
        return true; /* no binary is written as these constants are */
    }
    if (atom_is(name, "size")) {
        return !term_is_tuple(a);
    }
    if (atom_is(name, "atom_to_list") || atom_is(name, "atom_to_binary")) {
        return !term_is_atom(a);
    }
    if (atom_is(name, "list_to_atom") || atom_is(name, "list_to_integer") ||
        atom_is(name, "list_to_float")) {
        return !list_is_proper(a);
    }
    if (atom_is(name, "integer_to_list") || atom_is(name, "integer_to_binary")) {
        return !term_is_integer(a);
    }
    if (atom_is(name, "abs") || atom_is(name, "float") || atom_is(name, "round") ||
        atom_is(name, "trunc") || atom_is(name, "floor") || atom_is(name, "ceil")) {
        return !term_is_number(a);
    }
    return false;
}

/* Written out, and not as what can be called. */
static bool is_no_name(const Node *node)
{
    switch ((NodeKind) node->kind) {
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
    case NODE_LIST:
    case NODE_TUPLE:
    case NODE_BIN:
        return true;
    default:
        return false;
    }
}

static void check_call(Linter *linter, const Node *node)
{
    const Node *function = node->call.function;
    if (function->kind == NODE_REMOTE &&
        (is_no_name(function->pair.left) || is_no_name(function->pair.right))) {
        lint_warn(linter, LINT_FAILED, node_first_location(function), failed_bad_name);
        return;
    }
    NodeList args = node->call.args;
    Term module, name;
    switch ((NodeKind) function->kind) {
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
    case NODE_STRING:
    case NODE_LIST:
    case NODE_TUPLE:
    case NODE_BIN:
    case NODE_MAP:
        lint_warn(linter, LINT_FAILED, function->at, failed_bad_call);
        return;
    default:
        break;
    }
    if (!called_function(linter, node, &module, &name) || module != ATOM_erlang) {
        return;
    }
    bool fails = false;
    if (args.count == 1) {
        Term value = constant(linter, args.items[0]);
        fails = value != TERM_NONE && call_fails(name, value);
    } else if (args.count == 2 && atom_is(name, "element")) {
        Term index = constant(linter, args.items[0]), tuple = constant(linter, args.items[1]);
        fails = index != TERM_NONE && tuple != TERM_NONE &&
                (!term_is_small(index) || !term_is_tuple(tuple) || small_value(index) < 1 ||
                 small_value(index) > (int64_t) tuple_arity(tuple));
    }
    if (fails) {
        lint_warn(linter, LINT_FAILED, node->at, failed_eval, name, lint_count(args.count),
                  ATOM_badarg);
    }
}

/* ---- binaries ---- */

static bool field_has_type(const Node *field, const char *a, const char *b)
{
    for (uint32_t i = 0; i < field->bin_element.type_count; i++) {
        Term name = field->bin_element.types[i].name;
        if (atom_is(name, a) || (b != NULL && atom_is(name, b))) {
            return true;
        }
    }
    return false;
}

/* True: it was said that the binary cannot be made. */
static bool check_field(Linter *linter, const Node *node, const Node *field)
{
    Term value = constant(linter, field->bin_element.value);
    Term size =
        field->bin_element.size == NULL ? TERM_NONE : constant(linter, field->bin_element.size);
    if (size != TERM_NONE && !term_is_integer(size)) {
        lint_warn(linter, LINT_FAILED, node->at,
                  failed_bad_binary);
        return true;
    }
    if (size != TERM_NONE && integer_is_negative(size)) {
        lint_warn(linter, LINT_FAILED, field->at,
                  failed_bad_segment_size);
        return true;
    }
    bool is_bits =
        field_has_type(field, "binary", "bytes") || field_has_type(field, "bits", "bitstring");
    if (value == TERM_NONE || (field->bin_element.value->kind == NODE_STRING && !is_bits)) {
        return false;
    }
    bool is_utf = field_has_type(field, "utf8", NULL) || field_has_type(field, "utf16", "utf32");
    if (is_utf && term_is_integer(value)) {
        if (!term_is_small(value) || !code_point_is_valid(small_value(value))) {
            lint_warn(linter, LINT_FAILED, node->at,
                      failed_bad_unicode);
            return true;
        }
        return false;
    }
    bool is_fine = is_bits                                ? false
                   : field_has_type(field, "float", NULL) ? term_is_number(value)
                                                          : term_is_integer(value);
    if (!is_fine) {
        lint_warn(linter, LINT_FAILED, node->at,
                  failed_bad_binary);
    }
    return !is_fine;
}

static void walk_binary(Linter *linter, const Node *node, bool is_wanted)
{
    bool is_told = false;
    for (uint32_t i = 0; i < node->nodes.count; i++) {
        const Node *field = node->nodes.items[i];
        is_told = is_told || check_field(linter, node, field);
        walk(linter, field->bin_element.value, true);
        if (field->bin_element.size != NULL) {
            walk(linter, field->bin_element.size, true);
        }
    }
    if (!is_wanted && !is_told) {
        warn_unused_term(linter, node);
    }
}

/* ---- the walk ---- */

static void walk_list(Linter *linter, NodeList nodes, bool is_wanted)
{
    for (uint32_t i = 0; i < nodes.count; i++) {
        walk(linter, nodes.items[i], is_wanted);
    }
}

static void walk_operator(Linter *linter, const Node *node, bool is_wanted)
{
    if (node->op == OP_ANDALSO || node->op == OP_ORELSE) {
        walk(linter, node->pair.left, true);
        walk(linter, node->pair.right, is_wanted);
        return;
    }
    check_operator(linter, node);
    uint32_t arity = node->kind == NODE_UNARY ? 1 : 2;
    bool is_number = node->kind == NODE_UNARY && constant(linter, node) != TERM_NONE;
    bool is_dropped = false;
    if (!is_wanted && arity == 2 && is_comparison((Operator) node->op)) {
        lint_warn(linter, LINT_IGNORED, node->at, ignored_operator,
                  operator_atom((Operator) node->op), lint_count(2));
        is_dropped = true;
    } else if (!is_wanted && is_number) {
        warn_unused_term(linter, node);
    } else if (!is_wanted && node->op != OP_SEND) {
        lint_warn(linter, LINT_IGNORED, node->at, ignored_operator_result,
                  operator_atom((Operator) node->op), lint_count(arity));
    }
    if (arity == 1) {
        walk(linter, node->unary.operand, true);
        return;
    }
    walk(linter, node->pair.left, !is_dropped || constant(linter, node->pair.left) != TERM_NONE);
    walk(linter, node->pair.right, !is_dropped || constant(linter, node->pair.right) != TERM_NONE);
}

static void walk_match(Linter *linter, const Node *node)
{
    const Node *value = node->pair.right;
    while (value->kind == NODE_MATCH) {
        value = value->pair.right;
    }
    Truth truth = matches(linter, node->pair.left, value);
    if (truth == NEVER) {
        Location at = node_first_location(node);
        lint_warn(linter, LINT_NOMATCH, at, nomatch_no_clause);
        if (constant(linter, value) == TERM_NONE) {
            lint_warn(linter, LINT_NOMATCH, at,
                      nomatch_clause_type);
        }
    }
    walk(linter, node->pair.right, true);
    linter->is_dead = linter->is_dead || truth == NEVER;
}

static void walk_map(Linter *linter, const Node *node, bool is_wanted)
{
    if (node->map.map != NULL) {
        Term map = constant(linter, node->map.map);
        if (map != TERM_NONE) {
            lint_warn(linter, LINT_FAILED, node->at,
                      failed_bad_map_update);
        }
        walk(linter, node->map.map, true);
    }
    for (uint32_t i = 0; i < node->map.fields.count; i++) {
        walk(linter, node->map.fields.items[i]->pair.left, true);
        walk(linter, node->map.fields.items[i]->pair.right, true);
    }
    if (!is_wanted) {
        warn_unused_term(linter, node);
    }
}

static void walk_record(Linter *linter, const Node *node, bool is_wanted)
{
    if (node->record.expr != NULL) {
        walk(linter, node->record.expr, true);
    }
    for (uint32_t i = 0; i < node->record.fields.count; i++) {
        walk(linter, node->record.fields.items[i]->pair.right, true);
    }
    if (!is_wanted && node->record.expr == NULL) {
        warn_unused_term(linter, node);
    } else if (!is_wanted && node->record.fields.count > 0) {
        lint_warn(linter, LINT_IGNORED, node->record.fields.items[0]->at, ignored_result,
                  atom_of("setelement"), lint_count(3));
    }
}

static void walk_try(Linter *linter, const Node *node)
{
    const struct TryParts *parts = node->try_;
    walk_body(linter, parts->body, true);
    both(linter, parts->of_clauses,
         (ClauseContext){.at = node->at,
                         .value = parts->body.count == 1 ? parts->body.items[0] : NULL},
         true);
    walk_clauses(linter, parts->catch_clauses, true);
    walk_body(linter, parts->after_body, true);
}

static void walk_comprehension(Linter *linter, const Node *node)
{
    for (uint32_t i = 0; i < node->comprehension.qualifiers.count; i++) {
        const Node *part = node->comprehension.qualifiers.items[i];
        switch ((NodeKind) part->kind) {
        case NODE_GENERATE:
        case NODE_B_GENERATE:
        case NODE_M_GENERATE:
        case NODE_GENERATE_STRICT:
        case NODE_B_GENERATE_STRICT:
        case NODE_M_GENERATE_STRICT:
            walk(linter, part->pair.right, true);
            break;
        case NODE_ZIP:
            break;
        default:
            if (part->kind == NODE_ATOM && part->value == ATOM_false) {
                lint_warn(linter, LINT_NOMATCH, node->at,
                          nomatch_guard);
            }
            walk(linter, part, true);
        }
    }
    const Node *result = node->comprehension.result;
    if (result->kind == NODE_MAP_FIELD_ASSOC) {
        walk(linter, result->pair.left, true);
        walk(linter, result->pair.right, true);
    } else {
        walk(linter, result, true);
    }
}

static void walk_receive(Linter *linter, const Node *node, bool is_wanted)
{
    const struct ReceiveParts *parts = node->receive;
    both(linter, parts->clauses, (ClauseContext){.at = node->at, .may_fall_through = true},
         is_wanted);
    if (parts->timeout != NULL) {
        walk(linter, parts->timeout, true);
        walk_body(linter, parts->after_body, is_wanted);
    }
}

static void walk_call(Linter *linter, const Node *node, bool is_wanted)
{
    check_call(linter, node);
    bool is_dropped = !is_wanted && check_ignored_call(linter, node);
    const Node *function = node->call.function;
    if (function->kind == NODE_REMOTE) {
        walk(linter, function->pair.left, true);
        walk(linter, function->pair.right, true);
    } else if (function->kind != NODE_ATOM) {
        walk(linter, function, true);
    }
    (void) is_dropped;
    walk_list(linter, node->call.args, true);
}

static void walk(Linter *linter, const Node *node, bool is_wanted)
{
    if ((node->at.anno_flags & ANNO_GENERATED) != 0) {
        return;
    }
    switch ((NodeKind) node->kind) {
    case NODE_INTEGER:
    case NODE_CHAR:
    case NODE_FLOAT:
        if (!is_wanted) {
            warn_unused_term(linter, node);
        }
        break;
    case NODE_STRING:
        if (!is_wanted && node->string.count > 0) {
            warn_unused_term(linter, node);
        }
        break;
    case NODE_LIST:
        if (!is_wanted && node->list.elements.count > 0) {
            warn_unused_term(linter, node);
        }
        walk_list(linter, node->list.elements, true);
        if (node->list.tail != NULL) {
            walk(linter, node->list.tail, true);
        }
        break;
    case NODE_TUPLE:
        if (!is_wanted) {
            warn_unused_term(linter, node);
        }
        walk_list(linter, node->nodes, true);
        break;
    case NODE_BIN:
        walk_binary(linter, node, is_wanted);
        break;
    case NODE_MAP:
        walk_map(linter, node, is_wanted);
        break;
    case NODE_RECORD:
        walk_record(linter, node, is_wanted);
        break;
    case NODE_RECORD_ACCESS:
        walk(linter, node->record_access.expr, true);
        break;
    case NODE_MATCH:
        walk_match(linter, node);
        break;
    case NODE_MAYBE_MATCH:
        walk(linter, node->pair.right, true);
        break;
    case NODE_UNARY:
    case NODE_BINARY:
        walk_operator(linter, node, is_wanted);
        break;
    case NODE_CALL:
        walk_call(linter, node, is_wanted);
        break;
    case NODE_CATCH:
        walk(linter, node->unary.operand, true);
        break;
    case NODE_BLOCK:
        walk_body(linter, node->nodes, is_wanted);
        break;
    case NODE_IF:
        both(linter, node->clauses, (ClauseContext){.at = node->at}, is_wanted);
        break;
    case NODE_CASE:
        walk(linter, node->of.expr, true);
        both(linter, node->of.clauses, (ClauseContext){.at = node->at, .value = node->of.expr},
             is_wanted);
        break;
    case NODE_RECEIVE:
        walk_receive(linter, node, is_wanted);
        break;
    case NODE_TRY:
        walk_try(linter, node);
        break;
    case NODE_MAYBE:
        walk_body(linter, node->maybe.body, is_wanted);
        if (node->maybe.else_ != NULL) {
            both(linter, node->maybe.else_->clauses,
                 (ClauseContext){.at = node->at, .may_fall_through = true}, is_wanted);
        }
        break;
    case NODE_FUN:
        if (!is_wanted) {
            warn_unused_term(linter, node);
        }
        both(linter, node->clauses, (ClauseContext){.at = node->at}, true);
        break;
    case NODE_NAMED_FUN:
        both(linter, node->named_fun.clauses, (ClauseContext){.at = node->at}, true);
        break;
    case NODE_FUN_REMOTE:
        if (!is_wanted) {
            lint_warn(linter, LINT_IGNORED, node->at, ignored_fun);
        }
        break;
    case NODE_LIST_COMPREHENSION:
    case NODE_BIN_COMPREHENSION:
    case NODE_MAP_COMPREHENSION:
        walk_comprehension(linter, node);
        break;
    default:
        break;
    }
}

void lint_later_passes(Linter *linter)
{
    for (uint32_t i = 0; i < linter->unit->form_count; i++) {
        const Form *form = linter->unit->forms[i];
        if (form->kind == FORM_FUNCTION) {
            both(linter, form->function.clauses, (ClauseContext){.function = form, .at = form->at},
                 true);
        }
    }
}
