/* compiler/jit/ssa_parts.c
 * Tuples that are taken apart again are not needed as a whole.
 *
 * What is taken out of a tuple (cell, fun) that was built here is what was put in. And where ways
 * meet that all bring a tuple of so many elements, and nothing but the elements is wanted of it,
 * each element gets a phi of its own: above all the state that a loop carries from round to round.
 * In place of the phi of tuples there is then a tuple of phis, behind the block's phis; exits name
 * it, and who needs it as a whole after all, outside the loop, builds it there (ssa_sink.c).
 *
 * That is done before types are found, so that those of the elements are. What comes into a loop
 * from before need not be known to be such a tuple: that is checked there, once, as a guess. */
#include "compiler/jit/ssa.h"

/* More elements are not worth the moves. Rounds: tuples within tuples. */
enum { ELEMENTS_MOST = 16, ROUNDS_MOST = 4, SLOT_MOST = 255 };

/* Of a phi that may be taken apart:
 *   filter.arity_1  one more than the elements that its tuples have; 0: it is none of ours
 *   mark            some way brings one that was built since
 *   like            what is in its place
 * A tuple's mark: it is wanted as a whole. */

/* ---- what was put in ---- */

static SsaNode *constant_before(Ssa *f, SsaNode *at, Term value)
{
    SsaNode *node = ssa_node(f, SSA_CONST, 0);
    node->constant = value;
    node->type = type_of_term(value);
    ssa_insert_before(at, node);
    return node;
}

static SsaNode *what_was_put_in(Ssa *f, SsaNode *node)
{
    SsaNode *of = node->count == 1 ? ssa_bare(node->inputs[0]) : NULL;
    switch ((SsaOp) node->op) {
    case SSA_ELEMENT:
        if (of->op == SSA_CONST && term_is_tuple(of->constant) &&
            node->constant < tuple_arity(of->constant)) {
            return constant_before(f, node, tuple_elements(of->constant)[node->constant]);
        }
        return of->op == SSA_TUPLE && node->constant < of->count
                   ? ssa_input(of, (uint32_t) node->constant)
                   : NULL;
    case SSA_HEAD:
        return of->op == SSA_CONS ? ssa_input(of, 0) : NULL;
    case SSA_TAIL:
        return of->op == SSA_CONS ? ssa_input(of, 1) : NULL;
    case SSA_CAPTURED:
        return of->op == SSA_FUN && node->constant < of->count
                   ? ssa_input(of, (uint32_t) node->constant)
                   : NULL;
    default:
        return NULL;
    }
}

/* The successor that the switch takes if its value is one that was built, or is known. */
static uint32_t known_successor(const SsaNode *end, const SsaNode *value, uint32_t arity_1)
{
    const SsaSwitch *cases = (const SsaSwitch *) (uintptr_t) end->constant;
    for (uint32_t i = 0; i < cases->case_count; i++) {
        if (cases->by_arity ? cases->cases[i].word + 1 == arity_1
                            : value->op == SSA_CONST && cases->cases[i].word == value->constant) {
            return cases->cases[i].successor;
        }
    }
    return 0;
}

/* As a value of unknown origin: 0; otherwise one more than the elements that it has as a tuple. */
static uint32_t built_arity_1(const SsaNode *bare)
{
    if (bare->op == SSA_TUPLE) {
        return bare->count + 1;
    }
    return bare->op == SSA_CONST && term_is_tuple(bare->constant)
               ? (uint32_t) tuple_arity(bare->constant) + 1
               : 0;
}

static bool settle_switch(Ssa *f, SsaBlock *block)
{
    const SsaNode *value = block->last->op == SSA_SWITCH ? ssa_bare(block->last->inputs[0]) : NULL;
    const SsaBlock *to;
    if (value == NULL || (value->op != SSA_CONST && value->op != SSA_TUPLE)) {
        return false;
    }
    to = block->successors[known_successor(block->last, value, built_arity_1(value))];
    for (uint32_t i = block->successor_count; i-- > 0;) {
        if (block->successors[i] != to) {
            ssa_remove_edge(block, block->successors[i]);
        }
    }
    ssa_remove(block->last);
    ssa_append(block, ssa_node(f, SSA_JUMP, 0));
    return true;
}

static bool take_what_was_put_in(Ssa *f)
{
    bool changed = false, switches = false;
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            SsaNode *value = node->instead == NULL ? what_was_put_in(f, node) : NULL;
            if (value != NULL) {
                ssa_replace(node, value);
                changed = true;
            }
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        switches |= settle_switch(f, f->order[i]);
    }
    if (switches) {
        ssa_order(f);
    }
    return changed || switches;
}

/* ---- which phis ---- */

static bool is_back_edge(const SsaBlock *block, uint32_t which)
{
    return block->predecessors[which]->order >= block->order;
}

/* In front of a loop, where what comes that way can be checked; NULL: it is not to be. */
static SsaNode *anchor_at(const Ssa *f, const SsaNode *phi, uint32_t which)
{
    const SsaBlock *block = phi->block;
    SsaNode *anchor = block->predecessors[which]->last->previous;
    if (!block->is_loop_header || is_back_edge(block, which) || block->pc == NULL ||
        f->input->is_careful || anchor == NULL || anchor->op != SSA_ANCHOR) {
        return NULL;
    }
    return (ssa_failed(f, block->pc, GUESS_LOOP, (uint32_t) phi->constant) |
            ssa_failed(f, block->pc, GUESS_ENTRY, (uint32_t) phi->constant)) == 0
               ? anchor
               : NULL;
}

/* One more than the number of elements that the value has; 0: unknown. What was built decides: code
 * that is never reached may take it for something else. */
static uint32_t arity_1_of(SsaNode *value)
{
    const SsaNode *bare = ssa_bare(value);
    uint32_t built = built_arity_1(bare);
    if (bare->op == SSA_PHI) {
        return bare->filter.arity_1;
    }
    if (built != 0) {
        return built;
    }
    for (value = ssa_now(value); value != bare; value = ssa_input(value, 0)) {
        if (value->op == SSA_REFINE && value->filter.kinds == IS_TUPLE && value->filter.arity_1) {
            return value->filter.arity_1;
        }
    }
    return 0;
}

/* A first try: the size of a tuple that comes by some way, others aside. */
static bool guess_arity(Ssa *f, SsaNode *phi)
{
    uint32_t found = 0;
    (void) f;
    for (uint32_t i = 0; i < phi->count && found == 0; i++) {
        found = arity_1_of(phi->inputs[i]);
    }
    if (found == 0 || found > ELEMENTS_MOST + 1 || found == phi->filter.arity_1) {
        return false;
    }
    phi->filter.arity_1 = (uint16_t) found;
    return true;
}

/* Is it something else than a tuple whatever happens? It may come into an inlined function's loop.
 */
static bool is_no_tuple(SsaNode *value)
{
    const SsaNode *bare = ssa_bare(value);
    return (bare->op == SSA_CONST && !term_is_tuple(bare->constant)) || bare->op == SSA_CONS ||
           bare->op == SSA_MAP || bare->op == SSA_FUN;
}

/* The sizes on all ways must agree, but where they can be checked. */
static bool give_up_odd(Ssa *f, SsaNode *phi)
{
    for (uint32_t i = 0; i < phi->count && phi->filter.arity_1 != 0; i++) {
        uint32_t found = arity_1_of(phi->inputs[i]);
        if (found != phi->filter.arity_1 &&
            (found != 0 || is_no_tuple(phi->inputs[i]) || anchor_at(f, phi, i) == NULL)) {
            phi->filter.arity_1 = 0;
            return true;
        }
    }
    return false;
}

/* Does something come, by way of others of ours, too, that would have to be built? */
static bool find_fresh(Ssa *f, SsaNode *phi)
{
    (void) f;
    for (uint32_t i = 0; i < phi->count && phi->filter.arity_1 != 0 && !phi->mark; i++) {
        const SsaNode *bare = ssa_bare(phi->inputs[i]);
        bool inside = !phi->block->is_loop_header || is_back_edge(phi->block, i);
        phi->mark = (bare->op == SSA_TUPLE && inside) || (bare->op == SSA_PHI && bare->mark);
        if (phi->mark) {
            return true;
        }
    }
    return false;
}

static bool unmark(Ssa *f, SsaNode *phi)
{
    (void) f;
    phi->mark = false;
    return false;
}

static void unmark_tuples(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            node->mark &= node->op != SSA_TUPLE;
        }
    }
}

static bool give_up_stale(Ssa *f, SsaNode *phi)
{
    bool stale = phi->filter.arity_1 != 0 && !phi->mark;
    (void) f;
    if (stale) {
        phi->filter.arity_1 = 0;
    }
    return stale;
}

/* ---- what else they are wanted for ---- */

/* 1: the test holds for tuples of that size, 0: it does not; -1: nobody knows. */
static int outcome_for(const SsaNode *test, uint32_t arity_1)
{
    int outcome;
    switch ((SsaOp) test->op) {
    case SSA_NOT:
        outcome = outcome_for(ssa_input(test, 0), arity_1);
        return outcome < 0 ? outcome : !outcome;
    case SSA_IS_ARITY:
        return test->constant + 1 == arity_1;
    case SSA_IS_KIND:
        return (test->constant & IS_TUPLE) != 0;
    case SSA_IS_BOOLEAN:
        return 0;
    case SSA_IS_WORD:
        return term_is_tuple(test->constant) ? -1 : 0;
    default:
        return -1;
    }
}

static const SsaNode *tested(const SsaNode *test)
{
    while (test->op == SSA_NOT) {
        test = ssa_input(test, 0);
    }
    return test->count == 1 ? ssa_bare(test->inputs[0]) : NULL;
}

/* Is `block`, to which only `above` leads, another way than that which a tuple such as the phi's
 * takes there? */
static bool is_other_way(const SsaBlock *block, const SsaBlock *above, const SsaNode *phi)
{
    const SsaNode *end = above->last, *test;
    int outcome;
    if (end->op == SSA_SWITCH && ssa_bare(end->inputs[0]) == phi) {
        return above->successors[known_successor(end, phi, phi->filter.arity_1)] != block;
    }
    if (end->op != SSA_BRANCH) {
        return false;
    }
    test = ssa_input(end, 0);
    outcome = tested(test) == phi ? outcome_for(test, phi->filter.arity_1) : -1;
    return outcome >= 0 && above->successors[outcome == 1 ? 0 : 1] != block;
}

/* Is the block one that is not come to, if the phi is what it is taken for, or rarely? */
static bool is_out_of_the_way(const SsaBlock *block, const SsaNode *phi)
{
    const SsaBlock *loop = phi->block->is_loop_header ? phi->block : phi->block->loop;
    if (block->last->op == SSA_LEAVE || (loop != NULL && !ssa_is_inside(block, loop))) {
        return true;
    }
    for (const SsaBlock *at = block; at->dominator != NULL; at = at->dominator) {
        if (at->predecessor_count == 1 && at->predecessors[0] == at->dominator &&
            is_other_way(at, at->dominator, phi)) {
            return true;
        }
    }
    return false;
}

/* A phi that is wanted as a whole in that block is none of ours. A tuple wants what is in it only
 * if it is wanted itself: where it stands, or, if it can be built anywhere, there. */
static bool wanted_whole(SsaNode *value, const SsaBlock *block)
{
    SsaNode *node = ssa_bare(value);
    bool changed = false;
    if (node->op == SSA_TUPLE && node->condition == TUPLE_ANYWHERE) {
        for (uint32_t k = 0; k < node->count; k++) {
            changed |= wanted_whole(node->inputs[k], block);
        }
    } else if (node->op == SSA_TUPLE && !node->mark) {
        node->mark = changed = true;
    } else if (node->op == SSA_PHI && node->filter.arity_1 != 0 &&
               !is_out_of_the_way(block, node)) {
        node->filter.arity_1 = 0;
        changed = true;
    }
    return changed;
}

static bool wants_parts_alone(const SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_REFINE:
    case SSA_CHECK:
    case SSA_AFTER:
    case SSA_ELEMENT:
    case SSA_TUPLE_SIZE:
    case SSA_SWITCH:
        return true;
    case SSA_TUPLE:
        return node->condition == TUPLE_ANYWHERE || (!node->mark && node->count <= PARTS_MOST);
    default:
        return node->count == 1 && outcome_for(node, 0) >= 0;
    }
}

static bool give_up_whole(SsaNode *node)
{
    bool changed = false;
    for (uint32_t k = 0; k < node->count && !wants_parts_alone(node); k++) {
        if (node->op != SSA_PHI) {
            changed |= wanted_whole(node->inputs[k], node->block);
        } else if (node->filter.arity_1 == 0) {
            changed |= wanted_whole(node->inputs[k], node->block->predecessors[k]);
        }
    }
    for (uint32_t k = 0; ssa_fills_frame(node) && k < node->frame->count; k++) {
        changed |= wanted_whole(node->frame->slots[k].value, node->block);
    }
    return changed;
}

static bool give_up_wanted(Ssa *f)
{
    bool changed = false;
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            changed |= node->instead == NULL && give_up_whole(node);
        }
    }
    return changed;
}

/* True: `look` was true for one. */
static bool each_phi(Ssa *f, bool (*look)(Ssa *f, SsaNode *phi))
{
    bool any = false;
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *phi = f->order[i]->first; phi != NULL && phi->op == SSA_PHI;
             phi = phi->next) {
            any |= phi->instead == NULL && look(f, phi);
        }
    }
    return any;
}

/* Sets filter.arity_1 of all that can be taken apart. */
static void find_phis(Ssa *f)
{
    enum { GUESSES_MOST = 8 };
    bool changed = true;
    unmark_tuples(f);
    for (uint32_t i = 0; i < GUESSES_MOST && each_phi(f, guess_arity); i++) {
    }
    while (changed) {
        changed = false;
        while (each_phi(f, give_up_odd)) {
            changed = true;
        }
        changed |= give_up_wanted(f);
        each_phi(f, unmark);
        while (each_phi(f, find_fresh)) {
        }
        changed |= each_phi(f, give_up_stale);
    }
}

/* ---- taking apart ---- */

/* Guesses of an element have a slot number of their own. (Of those of tuples within tuples two may
 * have the same: then one that failed counts for both.) */
static uint64_t slot_of_part(const SsaNode *phi, uint32_t part)
{
    return (phi->constant + (uint64_t) (SLOT_MOST + 1) * (part + 1)) & UINT16_MAX;
}

static bool make_phis(Ssa *f, SsaNode *phi)
{
    SsaNode *tuple, *behind = phi;
    if (phi->filter.arity_1 == 0) {
        return false;
    }
    tuple = ssa_node(f, SSA_TUPLE, phi->filter.arity_1 - 1u);
    tuple->condition = TUPLE_ANYWHERE;
    tuple->constant = tuple->count;
    for (uint32_t i = 0; i < tuple->count; i++) {
        tuple->inputs[i] = ssa_node(f, SSA_PHI, 0);
        tuple->inputs[i]->constant = slot_of_part(phi, i);
        ssa_insert_before(phi, tuple->inputs[i]);
    }
    while (behind->op == SSA_PHI) {
        behind = behind->next;
    }
    ssa_insert_before(behind, tuple);
    phi->like = tuple;
    return true;
}

/* What comes into a loop that way, checked to be such a tuple. */
static SsaNode *checked(Ssa *f, const SsaNode *phi, uint32_t which, SsaNode *anchor)
{
    SsaNode *check = ssa_node(f, SSA_CHECK, 1);
    check->inputs[0] = ssa_input(phi, which);
    check->filter = type_of_kinds(IS_TUPLE);
    check->filter.arity_1 = phi->filter.arity_1;
    check->frame = anchor->frame;
    check->origin = phi->block->pc;
    check->reason = phi->block->predecessors[which]->is_entry ? GUESS_ENTRY : GUESS_LOOP;
    check->origin_slot = (uint16_t) phi->constant;
    ssa_insert_before(anchor, check);
    return check;
}

static SsaNode *part_of(Ssa *f, SsaNode *value, uint32_t part, SsaNode *at)
{
    SsaNode *bare = ssa_bare(value), *node;
    if (bare->op == SSA_PHI && bare->like != NULL) {
        bare = bare->like;
    }
    if (bare->op == SSA_TUPLE) {
        return ssa_input(bare, part);
    }
    if (bare->op == SSA_CONST) {
        return constant_before(f, at, tuple_elements(bare->constant)[part]);
    }
    node = ssa_node(f, SSA_ELEMENT, 1);
    node->inputs[0] = value;
    node->constant = part;
    ssa_insert_before(at, node);
    return node;
}

static bool fill_phis(Ssa *f, SsaNode *phi)
{
    SsaNode *tuple = phi->like;
    for (uint32_t i = 0; tuple != NULL && i < phi->count; i++) {
        SsaNode *value = ssa_input(phi, i), *at = phi->block->predecessors[i]->last;
        if (at->previous != NULL && at->previous->op == SSA_ANCHOR) {
            at = at->previous; /* it stays last */
        }
        if (arity_1_of(value) == 0) {
            value = checked(f, phi, i, at);
        }
        for (uint32_t k = 0; k < tuple->count; k++) {
            ssa_add_input(f, tuple->inputs[k], part_of(f, value, k, at));
        }
    }
    return tuple != NULL;
}

static bool put_in_place(Ssa *f, SsaNode *phi)
{
    (void) f;
    if (phi->like != NULL) {
        ssa_replace(phi, phi->like);
    }
    return false;
}

void ssa_take_apart(Ssa *f)
{
    bool changed = true;
    for (uint32_t round = 0; round < ROUNDS_MOST && changed; round++) {
        changed = take_what_was_put_in(f);
        find_phis(f);
        if (each_phi(f, make_phis)) {
            each_phi(f, fill_phis);
            each_phi(f, put_in_place);
            changed = true;
        }
        ssa_clean(f);
    }
}
