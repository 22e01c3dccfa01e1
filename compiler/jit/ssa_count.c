/* compiler/jit/ssa_count.c
 * Reductions are counted ahead: of several in a row, on all ways with no effect between, the first
 * takes them all, with one check.
 *
 * What was counted and is not yet due is the same on all ways to a place. Who leaves gives it back
 * (`ahead`), so the interpreter counts as if each had been counted where it is due; and who finds
 * that not all are left goes on in the interpreter, which yields where that is due.
 *
 * Where ways meet, each brings as much as is sure to be due from there on; a COUNT_AHEAD at its end
 * takes what is missing. Loops begin with nothing. */
#include "compiler/jit/ssa.h"

enum { AHEAD_MOST = 16, NO_LIMIT = 255 }; /* NO_LIMIT: leaves whatever comes */

typedef struct Counting {
    Ssa *f;
    SsaFrame *const *places; /* by block: where an exit at its end goes on; NULL: nowhere */
    uint8_t *due;            /* by block: how many are sure to be due from its start on */
    uint8_t *ahead;          /* by block: how many were counted at its start */
} Counting;

static bool is_count(const SsaNode *node)
{
    return node->op == SSA_COUNT || node->op == SSA_AGAIN || node->op == SSA_ENTER;
}

/* Who counts, or is told, what is left by then. */
static bool asks(const SsaNode *node)
{
    switch ((SsaOp) node->op) {
    case SSA_COUNT_BUILTIN:
    case SSA_COLLECT:
    case SSA_BIF:
    case SSA_LIST_ONTO:
    case SSA_RETURN:
    case SSA_TAIL_CALL:
    case SSA_TEMPLATE_END:
        return true;
    default:
        return ssa_is((SsaOp) node->op, 'K');
    }
}

static bool begins_anew(const SsaBlock *block)
{
    return block->predecessor_count == 0 || block->is_loop_header || block->is_entry;
}

/* Can all ways to the block bring something? */
static bool is_open(const Counting *c, const SsaBlock *block)
{
    for (uint32_t p = 0; block->predecessor_count > 1 && p < block->predecessor_count; p++) {
        const SsaBlock *from = block->predecessors[p];
        if (from->successor_count != 1 || c->places[from->order] == NULL) {
            return false;
        }
    }
    return !begins_anew(block);
}

static uint8_t due_behind(const Counting *c, const SsaBlock *block)
{
    uint8_t least = NO_LIMIT;
    for (uint32_t i = 0; i < block->successor_count; i++) {
        uint8_t due = c->due[block->successors[i]->order];
        least = due < least ? due : least;
    }
    return least;
}

static uint8_t due_before(const SsaNode *node, uint8_t due)
{
    if (asks(node)) {
        return 0;
    }
    if (is_count(node)) {
        return due < AHEAD_MOST ? due + 1 : due == NO_LIMIT ? 1 : due;
    }
    return node->op == SSA_LEAVE ? NO_LIMIT : due;
}

/* Loops begin with nothing due, so all that a block needs to know comes behind it in the order. */
static void find_due(Counting *c)
{
    for (uint32_t i = c->f->order_count; i-- > 0;) {
        const SsaBlock *block = c->f->order[i];
        uint8_t due = due_behind(c, block);
        for (const SsaNode *node = block->last; node != NULL; node = node->previous) {
            due = due_before(node, due);
        }
        if (!is_open(c, block) || (due == NO_LIMIT && block->predecessor_count > 1)) {
            due = 0;
        }
        c->due[i] = due;
    }
}

/* How many are due behind the node, up to the block's end and beyond. */
static uint8_t due_after(const Counting *c, const SsaNode *node)
{
    uint8_t due = due_behind(c, node->block);
    for (const SsaNode *at = node->block->last; at != node; at = at->previous) {
        due = due_before(at, due);
    }
    return due == NO_LIMIT ? 0 : due;
}

/* What the ways from the block on expect was counted. */
static uint8_t bring(Counting *c, SsaBlock *block, uint8_t ahead)
{
    SsaBlock *next = block->successor_count == 1 ? block->successors[0] : NULL;
    if (next != NULL && next->predecessor_count > 1 && c->due[next->order] > ahead) {
        SsaNode *node = ssa_node(c->f, SSA_COUNT_AHEAD, 0);
        node->ahead = ahead;
        node->counts = c->due[next->order] - ahead;
        node->frame = c->places[block->order];
        node->pc = node->frame->pc;
        ssa_insert_before(block->last, node);
        return c->due[next->order];
    }
    return ahead;
}

static void count_in(Counting *c, SsaBlock *block)
{
    uint8_t ahead = 0;
    if (!begins_anew(block)) {
        ahead = block->predecessor_count > 1 ? c->due[block->order] : c->ahead[block->order];
    }
    for (SsaNode *node = block->first; node != NULL; node = node->next) {
        node->ahead = ahead;
        CHECK(ahead == 0 || !asks(node));
        if (is_count(node) && ahead > 0) {
            node->counts = 0;
            ahead--;
        } else if (is_count(node)) {
            ahead = due_after(c, node);
            node->counts = ahead + 1;
        }
    }
    ahead = bring(c, block, ahead);
    block->last->ahead = ahead;
    for (uint32_t i = 0; i < block->successor_count; i++) {
        c->ahead[block->successors[i]->order] = ahead;
    }
}

void ssa_count(Ssa *f, SsaFrame *const *places)
{
    Counting c = {.f = f, .places = places};
    c.due = ARENA_ZEROED(&f->arena, uint8_t, f->order_count + 1);
    c.ahead = ARENA_ZEROED(&f->arena, uint8_t, f->order_count + 1);
    find_due(&c);
    for (uint32_t i = 0; i < f->order_count; i++) {
        count_in(&c, f->order[i]);
    }
}
