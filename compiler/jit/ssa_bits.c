/* compiler/jit/ssa_bits.c
 * Loops over binaries, and where bytes begin.
 *
 * A loop whose variable is a bitstring that each round gives on the rest of (f(<<X, Rest/binary>>,
 * …) -> f(Rest, …)) keeps parent, position and end of it instead, which taking it apart asks for;
 * the term is made where something else wants it, and by exits, which are rare.
 *
 * Most fields begin where a byte begins, or so many bits behind. What the position is counted from
 * (its *root*) is guarded to be at a byte's beginning, once: before the loop where each round goes
 * on by whole bytes. Where that guess failed before, fields are read wherever they are. */
#include "compiler/jit/ssa_bits.h"
#include "runtime/term/bits.h"

/* ---- loops ---- */

static bool is_back_edge(const SsaBlock *block, uint32_t which)
{
    return block->predecessors[which]->order >= block->order;
}

static bool takes_apart(const SsaNode *node)
{
    return node->op == SSA_BITS_PARENT || node->op == SSA_BITS_START || node->op == SSA_BITS_END;
}

static bool is_copy(const SsaNode *node)
{
    return node->op == SSA_REFINE || node->op == SSA_AFTER || node->op == SSA_BOUND ||
           node->op == SSA_CHECK;
}

/* Does each round give on a part of something? */
static bool gives_parts(SsaNode *phi)
{
    bool parts = false;
    for (uint32_t i = 0; i < phi->count; i++) {
        SsaNode *input = ssa_bare(phi->inputs[i]);
        if (!is_back_edge(phi->block, i)) {
            continue;
        }
        if (input != phi && input->op != SSA_BITS_VIEW) {
            return false;
        }
        parts |= input != phi;
    }
    return parts;
}

/* Is the term itself wanted in every round? Exits do not count, nor what is behind the loop. */
static bool wants_term(const Ssa *f, SsaNode *phi)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        for (SsaNode *node = block->first; node != NULL; node = node->next) {
            for (uint32_t k = 0; k < node->count; k++) {
                if (node != phi && ssa_bare(node->inputs[k]) == phi && !takes_apart(node) &&
                    !is_copy(node) && ssa_is_inside(block, phi->block) &&
                    block->last->op != SSA_LEAVE) {
                    return true;
                }
            }
        }
    }
    return false;
}

static const SsaOp parts[3] = {SSA_BITS_PARENT, SSA_BITS_START, SSA_BITS_END};

static Type type_of_part(uint32_t part)
{
    Type t = type_of_kinds(part == 0 ? IS_BITS : IS_SMALL);
    if (part > 0) {
        t.low = 0;
    }
    return t;
}

/* What `value`, which comes by way `which`, has as that part. */
static SsaNode *part_of(Ssa *f, SsaNode *phi, SsaNode *news[3], uint32_t which, uint32_t part)
{
    SsaNode *value = ssa_now(phi->inputs[which]), *node;
    SsaNode *at = phi->block->predecessors[which]->last;
    if (ssa_bare(value) == phi) {
        return news[part];
    }
    if (ssa_bare(value)->op == SSA_BITS_VIEW) {
        return ssa_input(ssa_bare(value), part);
    }
    if (at->previous != NULL && at->previous->op == SSA_ANCHOR) {
        at = at->previous; /* an anchor stays last */
    }
    node = ssa_node(f, parts[part], 1);
    node->inputs[0] = value;
    node->type = type_of_part(part);
    ssa_insert_before(at, node);
    return node;
}

static void take_loop_apart(Ssa *f, SsaNode *phi)
{
    SsaNode *news[3], *view = ssa_node(f, SSA_BITS_VIEW, 3), *behind = phi;
    for (uint32_t part = 0; part < 3; part++) {
        news[part] = ssa_node(f, SSA_PHI, 0);
        news[part]->type = type_of_part(part);
        ssa_insert_before(phi, news[part]);
    }
    for (uint32_t part = 0; part < 3; part++) {
        for (uint32_t i = 0; i < phi->count; i++) {
            ssa_add_input(f, news[part], part_of(f, phi, news, i, part));
        }
        view->inputs[part] = news[part];
    }
    view->type = type_of_kinds(IS_BITS);
    while (behind->op == SSA_PHI) {
        behind = behind->next;
    }
    ssa_insert_before(behind, view);
    ssa_replace(phi, view);
}

static void take_loops_apart(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        for (SsaNode *phi = block->first, *next;
             block->is_loop_header && phi != NULL && phi->op == SSA_PHI; phi = next) {
            next = phi->next;
            if (phi->type.kinds == IS_BITS && phi->instead == NULL && gives_parts(phi) &&
                !wants_term(f, phi)) {
                take_loop_apart(f, phi);
            }
        }
    }
}

/* Parts of what was made of parts are those. */
static void fold_parts(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            SsaNode *of = takes_apart(node) ? ssa_bare(node->inputs[0]) : NULL;
            if (of != NULL && of->op == SSA_BITS_VIEW) {
                ssa_replace(node, ssa_input(of, node->op - SSA_BITS_PARENT));
            }
        }
    }
}

static_assert(SSA_BITS_START == SSA_BITS_PARENT + 1 && SSA_BITS_END == SSA_BITS_PARENT + 2,
              "in the order of a view's inputs");

/* ---- where bytes begin ---- */

/* A number of bits is `offset` more than `of`, and a multiple of 8; of NULL: 0. */
typedef struct Root {
    SsaNode *of;
    uint32_t offset; /* modulo 8 */
} Root;

enum { DEPTH_MOST = 8, GUARDS_MOST = 64 };

/* A multiple of 8, whatever goes in? */
static bool is_whole_bytes(const SsaNode *node)
{
    for (uint32_t i = 0; i < node->count && (node->op == SSA_BAND || node->op == SSA_MUL); i++) {
        const SsaNode *input = ssa_bare(node->inputs[i]);
        if (input->op == SSA_CONST && term_is_small(input->constant) &&
            small_value(input->constant) % 8 == 0 &&
            (node->op == SSA_MUL || small_value(input->constant) >= 0)) {
            return true;
        }
    }
    return false;
}

static Root root_of(SsaNode *node, uint32_t depth);

/* Where ways meet: the same by all of them, or the phi itself. */
static Root root_of_phi(SsaNode *phi, uint32_t depth)
{
    Root root = {phi, 0};
    for (uint32_t i = 0; i < phi->count && !phi->block->is_loop_header && depth < DEPTH_MOST; i++) {
        Root other = root_of(phi->inputs[i], depth + 1);
        if (i > 0 && (other.of != root.of || other.offset != root.offset)) {
            return (Root){phi, 0};
        }
        root = other;
    }
    return root;
}

static Root root_of(SsaNode *node, uint32_t depth)
{
    uint32_t offset = 0;
    Root root;
    node = ssa_bare(node);
    while (node->op == SSA_ADD) {
        SsaNode *by = ssa_bare(node->inputs[1]);
        if (by->op == SSA_CONST && term_is_small(by->constant)) {
            offset += (uint32_t) small_value(by->constant);
        } else if (!is_whole_bytes(by)) {
            break;
        }
        node = ssa_bare(node->inputs[0]);
    }
    if (node->op == SSA_CONST && term_is_small(node->constant)) {
        return (Root){NULL, (offset + (uint32_t) small_value(node->constant)) % 8};
    }
    root = node->op == SSA_PHI ? root_of_phi(node, depth) : (Root){node, 0};
    return (Root){root.of, (root.offset + offset) % 8};
}

typedef struct Guards {
    Ssa *f;
    uint32_t count;
    struct {
        SsaNode *root;
        SsaBlock *block; /* known from its beginning, or (here) behind `guard` */
    } of[GUARDS_MOST];
} Guards;

static bool is_known(const Guards *guards, const SsaNode *root, const SsaBlock *block)
{
    for (uint32_t i = 0; i < guards->count; i++) {
        if (guards->of[i].root == root && ssa_dominates(guards->of[i].block, block)) {
            return true;
        }
    }
    return false;
}

static void note(Guards *guards, SsaNode *root, SsaBlock *block)
{
    if (guards->count < GUARDS_MOST) {
        guards->of[guards->count].root = root;
        guards->of[guards->count++].block = block;
    }
}

static void add_guard(Guards *guards, SsaNode *root, SsaNode *at, SsaFrame *frame,
                      const SsaNode *by)
{
    SsaNode *guard = ssa_node(guards->f, SSA_GUARD_ALIGNED, 1);
    guard->inputs[0] = root;
    guard->frame = frame;
    guard->origin = by->origin;
    guard->reason = GUESS_ALIGNED;
    ssa_insert_before(at, guard);
}

/* Each round goes on by whole bytes, and what comes into the loop can be guarded there. */
static bool is_by_bytes(SsaNode *phi)
{
    const SsaBlock *header = phi->block;
    for (uint32_t i = 0; i < phi->count; i++) {
        const SsaNode *last = header->predecessors[i]->last;
        if (is_back_edge(header, i)) {
            Root root = root_of(phi->inputs[i], 0);
            if (root.of != phi || root.offset != 0) {
                return false;
            }
        } else if (last->previous == NULL || last->previous->op != SSA_ANCHOR) {
            return false;
        }
    }
    return true;
}

/* True: the root of what `by` reads is at a byte's beginning, or it has left before `at`. */
static bool place(Guards *guards, SsaNode *root, SsaNode *at, SsaFrame *frame, const SsaNode *by)
{
    if (root == NULL || is_known(guards, root, at->block)) {
        return true;
    }
    if (guards->count == GUARDS_MOST) {
        return false;
    }
    if (root->op == SSA_PHI && root->block->is_loop_header) {
        SsaBlock *header = root->block;
        if (!is_by_bytes(root)) {
            return false;
        }
        for (uint32_t i = 0; i < root->count; i++) {
            Root from = root_of(root->inputs[i], 0);
            SsaNode *anchor = header->predecessors[i]->last->previous;
            if (is_back_edge(header, i)) {
                continue;
            }
            if (from.offset != 0 || !place(guards, from.of, anchor, anchor->frame, by)) {
                return false;
            }
        }
        note(guards, root, header);
        return true;
    }
    add_guard(guards, root, at, frame, by);
    note(guards, root, at->block);
    return true;
}

static bool may_guess(const Ssa *f, const SsaNode *node)
{
    return node->frame != NULL && !f->input->is_careful && node->origin != NULL &&
           ssa_failed(f, node->origin, GUESS_ALIGNED, 0) == 0;
}

static void place_field(Guards *guards, SsaNode *node)
{
    BitsField field = bits_field(node);
    Root root = root_of(node->inputs[1], 0);
    if ((root.of == NULL || may_guess(guards->f, node)) &&
        place(guards, root.of, node, node->frame, node)) {
        field.is_placed = true;
        field.offset = root.offset;
        node->constant = bits_field_word(field);
    }
    node->frame = NULL;
}

/* The branch asks whether so many bits are whole bytes: true where end and position are. */
static void place_test(Guards *guards, SsaBlock *block)
{
    SsaNode *test = ssa_input(block->last, 0), *left = ssa_bare(test->inputs[0]);
    Root end, position;
    if (left->op != SSA_SUB || !may_guess(guards->f, test)) {
        return;
    }
    end = root_of(left->inputs[0], 0);
    position = root_of(left->inputs[1], 0);
    if (end.offset != position.offset || !is_known(guards, position.of, block) ||
        !place(guards, end.of, block->last, test->frame, test)) {
        return;
    }
    ssa_remove_edge(block, block->successors[1]);
    ssa_remove(block->last);
    ssa_append(block, ssa_node(guards->f, SSA_JUMP, 0));
}

static void find_bytes(Ssa *f)
{
    Guards *guards = ARENA_NEW(&f->arena, Guards);
    guards->f = f;
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        for (SsaNode *node = block->first; node != NULL; node = node->next) {
            if (node->op == SSA_BITS_INT && node->frame != NULL) {
                place_field(guards, node);
            }
        }
        if (block->last->op == SSA_BRANCH && ssa_input(block->last, 0)->op == SSA_IS_ALIGNED) {
            place_test(guards, block);
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            if (node->op == SSA_IS_ALIGNED) {
                node->frame = NULL;
            }
        }
    }
}

static bool has_bits(const Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (const SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            if (node->op >= SSA_BITS_PARENT && node->op <= SSA_IS_LITERAL_AT) {
                return true;
            }
        }
    }
    return false;
}

void ssa_bits(Ssa *f)
{
    if (!has_bits(f)) {
        return;
    }
    take_loops_apart(f);
    fold_parts(f);
    ssa_clean(f);
    ssa_simplify(f);
    find_bytes(f);
    ssa_order(f);
    ssa_clean(f);
}

/* ---- terms of parts ---- */

/* The term right before `at`, or one that was made on the way there. `like` chains those that were
 * made instead of the view. */
static SsaNode *view_for(Ssa *f, SsaNode *view, SsaNode *at)
{
    SsaNode *copy = view->like;
    while (copy != NULL && !ssa_comes_before(copy, at)) {
        copy = copy->like;
    }
    if (copy != NULL) {
        return copy;
    }
    copy = ssa_node(f, SSA_BITS_VIEW, 3);
    for (uint32_t i = 0; i < 3; i++) {
        copy->inputs[i] = ssa_input(view, i);
    }
    copy->type = view->type;
    copy->like = view->like;
    view->like = copy;
    ssa_insert_before(at, copy);
    return copy;
}

/* Is it better made in that block than where it is? */
static bool sinks(const SsaNode *value, const SsaBlock *to)
{
    return value->op == SSA_BITS_VIEW && value->block != to &&
           to->loop_depth <= value->block->loop_depth;
}

/* Who wants the term makes it: not all ways from where it was made lead there. */
static void sink_views(Ssa *f, SsaBlock *block, SsaNode *node)
{
    bool is_own = false;
    for (uint32_t k = 0; k < node->count && node->op != SSA_PARTS; k++) {
        SsaNode *input = ssa_input(node, k);
        SsaBlock *to = node->op == SSA_PHI ? block->predecessors[k] : block;
        if (sinks(input, to)) {
            node->inputs[k] = view_for(f, input, node->op == SSA_PHI ? to->last : node);
        }
    }
    for (uint32_t k = 0; ssa_fills_frame(node) && k < node->frame->count; k++) {
        SsaNode *value = ssa_now(node->frame->slots[k].value);
        if (sinks(value, block)) {
            if (!is_own) { /* others may have it, too */
                SsaFrame *own =
                    ssa_frame(f, node->frame->pc, node->frame->base, node->frame->count);
                memcpy(own->slots, node->frame->slots, own->count * sizeof own->slots[0]);
                node->frame = own;
                is_own = true;
            }
            node->frame->slots[k].value = view_for(f, value, node);
        }
    }
}

/* Those that only exits want are left to them; the room that was asked for them is not needed. */
static void find_late(Ssa *f)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            node->is_late = node->op == SSA_BITS_VIEW;
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            for (uint32_t k = 0; k < node->count && node->op != SSA_PARTS; k++) {
                ssa_input(node, k)->is_late = false;
            }
            for (uint32_t k = 0;
                 node->frame != NULL && ssa_fills_frame(node) && k < node->frame->count; k++) {
                ssa_now(node->frame->slots[k].value)->is_late = false;
            }
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first, *next; node != NULL; node = next) {
            next = node->next;
            if (node->op == SSA_HEAP && next->op == SSA_BITS_VIEW && next->is_late &&
                node->constant == BITS_VIEW_WORDS) {
                ssa_remove(node);
            }
        }
    }
}

void ssa_bits_prepare(Ssa *f)
{
    if (!has_bits(f)) {
        return;
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            node->like = node->op == SSA_BITS_VIEW ? NULL : node->like;
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            sink_views(f, f->order[i], node);
        }
    }
    ssa_clean(f);
    find_late(f);
}
