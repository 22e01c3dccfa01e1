/* compiler/jit/ssa_dump.c
 * The text of the intermediate language, and the check of its rules. */
#include "compiler/jit/ssa.h"

#include <inttypes.h>
#include <stdio.h>

#include "runtime/term/atom.h"
#include "runtime/term/print.h"

static const char *const texts[SSA_OP_COUNT] = {
#define SSA(name, rep, flags, text) text,
#include "compiler/jit/ssa.def"
#undef SSA
};

static void print_term(Term t, FILE *out)
{
    Text text = {0};
    term_print(&text, t, 60);
    fprintf(out, "%s", text.bytes);
    text_finish(&text);
}

static void print_kinds(uint32_t kinds, FILE *out)
{
    static const struct {
        uint32_t kinds;
        const char *name;
    } names[] = {{IS_ANY, "any"},
                 {IS_NUMBER, "number"},
                 {IS_INTEGER, "integer"},
                 {IS_ANY_FLOAT, "float"},
                 {IS_LIST, "list"},
                 {IS_SMALL, "small"},
                 {IS_BIG, "big"},
                 {IS_FLOAT, "immediate float"},
                 {IS_BOXED_FLOAT, "boxed float"},
                 {IS_ATOM, "atom"},
                 {IS_NIL, "[]"},
                 {IS_CONS, "cons"},
                 {IS_TUPLE, "tuple"},
                 {IS_MAP, "map"},
                 {IS_BITS, "bits"},
                 {IS_FUN, "fun"},
                 {IS_OTHER, "other"}};
    const char *between = "";
    if (kinds == 0) {
        fprintf(out, "none");
    }
    for (size_t i = 0; i < COUNT_OF(names) && kinds != 0; i++) {
        if ((kinds & names[i].kinds) == names[i].kinds) {
            fprintf(out, "%s%s", between, names[i].name);
            kinds &= ~names[i].kinds;
            between = "|";
        }
    }
}

void type_print(Type t, FILE *out)
{
    print_kinds(t.kinds, out);
    if ((t.kinds & IS_SMALL) && (t.low != SMALL_MIN || t.high != SMALL_MAX)) {
        if (t.low == t.high) {
            fprintf(out, " %" PRId64, t.low);
        } else {
            fprintf(out, " %" PRId64 "..%" PRId64, t.low, t.high);
        }
    }
    if (t.arity_1 != 0) {
        fprintf(out, " of %u", t.arity_1 - 1u);
    }
}

static void print_value(const SsaNode *node, FILE *out)
{
    node = ssa_now((SsaNode *) node);
    if (node == NULL) {
        fprintf(out, "-");
    } else if (node->op == SSA_CONST) {
        print_term(node->constant, out);
    } else {
        fprintf(out, "v%u", node->id);
    }
}

static const char *condition_text(uint32_t condition)
{
    static const char *const names[] = {"==",  "/=",     "<",   ">=",    ">",      "=<",    "u<",
                                        "u>=", "u>",     "u=<", "==",    "not ==", "<",     "not <",
                                        "=<",  "not =<", ">",   "not >", ">=",     "not >="};
    return names[condition];
}

static void print_part(const SsaNode *node, char which, FILE *out)
{
    static const char *const arith[] = {"+",    "-",    "*",   "div", "rem", "band",
                                        "bor",  "bxor", "bsl", "bsr", "/",   "-",
                                        "bnot", "abs",  "min", "max", "sqrt"};
    switch (which) {
    case '0':
    case '1':
        print_value(which - '0' < (int) node->count ? node->inputs[which - '0'] : NULL, out);
        break;
    case '*':
        for (uint32_t i = 0; i < node->count; i++) {
            fputs(i == 0 ? "" : ", ", out);
            print_value(node->inputs[i], out);
        }
        break;
    case 't':
        print_term(node->constant, out);
        break;
    case 'n':
        fprintf(out, node->constant > 99999 ? "0x%" PRIx64 : "%" PRIu64, node->constant);
        break;
    case 'k':
        print_kinds((uint32_t) node->constant, out);
        break;
    case 'c':
        fprintf(out, "%s", condition_text(node->condition));
        break;
    case 'w':
        fprintf(out, "%s", arith[node->condition]);
        break;
    default:
        CHECK(!"a part that ssa.def does not name");
    }
}

static void print_frame(const SsaFrame *frame, const Ssa *f, FILE *out)
{
    fprintf(out, "    @");
    if (f != NULL) {
        fprintf(out, "%td", frame->pc - f->function->owner->code);
    }
    if (frame->base != 0) {
        fprintf(out, "+%u", frame->base);
    }
    for (uint32_t i = 0; i < frame->count; i++) {
        fprintf(out, " s%u=", frame->slots[i].slot);
        print_value(frame->slots[i].value, out);
    }
}

void ssa_dump_node(const SsaNode *node, FILE *out)
{
    if (ssa_rep(node) != REP_NONE) {
        fprintf(out, "v%u = ", node->id);
    }
    for (const char *text = texts[node->op]; *text != 0; text++) {
        if (*text == '%') {
            print_part(node, *++text, out);
        } else {
            fputc(*text, out);
        }
    }
    if (node->op == SSA_AFTER) {
        print_value(node->like, out);
    }
    if (node->op == SSA_REFINE || node->op == SSA_GUARD_TYPE || node->op == SSA_CHECK) {
        type_print(node->filter, out);
    }
    if (node->no_overflow) {
        fprintf(out, " (fits)");
    }
    if (ssa_rep(node) == REP_TERM && node->op != SSA_CONST && node->op != SSA_RAW) {
        fprintf(out, "  : ");
        type_print(node->type, out);
    }
}

void ssa_dump(Ssa *f, FILE *out)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        fprintf(out, "b%u%s%s", block->id, block->is_loop_header ? " loop" : "",
                block->is_entry ? " entry" : "");
        if (block->loop_depth > 0) {
            fprintf(out, " depth %u", block->loop_depth);
        }
        for (uint32_t p = 0; p < block->predecessor_count; p++) {
            fprintf(out, "%s b%u", p == 0 ? " from" : "", block->predecessors[p]->id);
        }
        fputs(":\n", out);
        for (SsaNode *node = block->first; node != NULL; node = node->next) {
            fputs("    ", out);
            ssa_dump_node(node, out);
            for (uint32_t s = 0; node == block->last && s < block->successor_count; s++) {
                fprintf(out, " b%u", block->successors[s]->id);
            }
            if (node->frame != NULL) {
                print_frame(node->frame, f, out);
            }
            fputc('\n', out);
        }
    }
}

/* ---- rules ---- */

typedef struct Verifier {
    Ssa *f;
    const char *after;
    const SsaNode *node;
} Verifier;

static NORETURN void broken(const Verifier *v, const char *what)
{
    fprintf(stderr,
            "muster: internal error: the optimiser's code is wrong after %s: %s: ", v->after, what);
    if (v->node != NULL) {
        ssa_dump_node(v->node, stderr);
    }
    fputc('\n', stderr);
    ssa_dump(v->f, stderr);
    CHECK(!"the optimiser's code is as it should be");
    __builtin_unreachable();
}

static void require(const Verifier *v, bool condition, const char *what)
{
    if (!condition) {
        broken(v, what);
    }
}

/* `value` is there whenever `node` runs, or whenever the end of `block` is reached (node NULL). */
static void check_defined(const Verifier *v, const SsaNode *value, const SsaNode *node,
                          const SsaBlock *block)
{
    require(v, value != NULL, "an input is missing");
    value = ssa_now((SsaNode *) value);
    require(v, value->block != NULL, "an input is in no block");
    if (node != NULL && value->block == block) {
        require(v, value->position < node->position, "an input comes later");
    } else {
        require(v, ssa_dominates(value->block, block), "an input does not dominate its use");
    }
}

static void check_reps(const Verifier *v, const SsaNode *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        SsaRep rep = ssa_rep(ssa_now(node->inputs[i])), wanted = REP_TERM;
        switch ((SsaOp) node->op) {
        case SSA_PHI:
            wanted = node->is_float ? REP_FLOAT : REP_TERM;
            break;
        case SSA_PARTS:
            wanted = rep == REP_FLOAT ? REP_FLOAT : REP_TERM;
            break;
        case SSA_REFINE:
            wanted = ssa_rep(node);
            break;
        case SSA_FADD:
        case SSA_FSUB:
        case SSA_FMUL:
        case SSA_FDIV:
        case SSA_FNEG:
        case SSA_FABS:
        case SSA_FSQRT:
        case SSA_BOX:
        case SSA_IS_DOUBLE:
        case SSA_IS_SAME_DOUBLE:
            wanted = REP_FLOAT;
            break;
        case SSA_NOT:
        case SSA_BOOLEAN:
        case SSA_GUARD:
        case SSA_BRANCH:
            wanted = REP_TEST;
            break;
        default:
            break;
        }
        require(v, rep == wanted, "an input is of the wrong form");
    }
}

static void check_node(Verifier *v, const SsaNode *node)
{
    SsaBlock *block = node->block;
    bool ends = ssa_is((SsaOp) node->op, 'E');
    v->node = node;
    require(v, node->instead == NULL, "it was replaced");
    require(v, ends == (node == block->last), "a block ends in its last node alone");
    require(v, !ssa_is((SsaOp) node->op, 'K') || node->frame != NULL, "a call has a frame");
    if (node->op == SSA_PHI) {
        require(v, node->count == block->predecessor_count, "a phi fits its block");
        require(v, node->previous == NULL || node->previous->op == SSA_PHI, "phis come first");
        for (uint32_t i = 0; i < node->count; i++) {
            check_defined(v, node->inputs[i], NULL, block->predecessors[i]);
        }
    } else {
        for (uint32_t i = 0; i < node->count; i++) {
            check_defined(v, node->inputs[i], node, block);
        }
    }
    for (uint32_t i = 0; node->frame != NULL && i < node->frame->count; i++) {
        SsaRep rep;
        check_defined(v, node->frame->slots[i].value, node, block);
        rep = ssa_rep(ssa_now(node->frame->slots[i].value));
        require(v, rep == REP_TERM || rep == REP_FLOAT, "a slot holds a value");
    }
    check_reps(v, node);
}

/* ---- calls ---- */

/* No value is used beyond a call: in `region` of a use (ssa_simplify.c) it must have been made.
 * Tests are made where they are used. */
static void check_region(Verifier *v, const uint32_t *regions, const SsaNode *value,
                         uint32_t region)
{
    value = ssa_now((SsaNode *) value);
    if (value->op == SSA_CONST || value->op == SSA_RAW) {
        return;
    }
    if (ssa_rep(value) != REP_TEST) {
        require(v, regions[value->id] == region, "a value is used beyond a call");
        return;
    }
    for (uint32_t i = 0; i < value->count; i++) {
        check_region(v, regions, value->inputs[i], region);
    }
}

/* The region behind each node. */
static void find_regions(const Ssa *f, const uint32_t *entered, const uint32_t *left,
                         uint32_t count, uint32_t *regions)
{
    for (uint32_t i = 0; i < f->order_count; i++) {
        uint32_t region = entered[i], calls = 0;
        for (const SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            calls += ssa_is((SsaOp) node->op, 'K');
        }
        for (const SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            if (ssa_is((SsaOp) node->op, 'K')) {
                region = --calls == 0 ? left[i] : ++count;
            }
            regions[node->id] = region;
        }
    }
}

static void check_calls(Verifier *v, Ssa *f)
{
    uint32_t *entered = ARENA_ZEROED(&f->arena, uint32_t, f->order_count + 1), count;
    uint32_t *left = ARENA_ZEROED(&f->arena, uint32_t, f->order_count + 1);
    uint32_t *regions = ARENA_ZEROED(&f->arena, uint32_t, f->node_count + 1);
    ssa_find_regions(f, entered, left, &count);
    find_regions(f, entered, left, count, regions);
    for (uint32_t i = 0; i < f->order_count; i++) {
        uint32_t before = entered[i];
        for (const SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            v->node = node;
            for (uint32_t k = 0; k < node->count && ssa_rep(node) != REP_TEST; k++) {
                check_region(v, regions, node->inputs[k],
                             node->op == SSA_PHI ? left[node->block->predecessors[k]->order]
                                                 : before);
            }
            for (uint32_t k = 0; node->frame != NULL && k < node->frame->count; k++) {
                check_region(v, regions, node->frame->slots[k].value, before);
            }
            before = regions[node->id];
        }
    }
}

void ssa_verify(Ssa *f, const char *after)
{
    Verifier v = {f, after, NULL};
    for (uint32_t i = 0; i < f->order_count; i++) {
        uint32_t position = 0;
        for (SsaNode *node = f->order[i]->first; node != NULL; node = node->next) {
            node->position = position++;
        }
    }
    for (uint32_t i = 0; i < f->order_count; i++) {
        SsaBlock *block = f->order[i];
        v.node = NULL;
        require(&v, block->last != NULL, "a block has an end");
        for (uint32_t s = 0; s < block->successor_count; s++) {
            bool found = false;
            for (uint32_t p = 0; p < block->successors[s]->predecessor_count; p++) {
                found |= block->successors[s]->predecessors[p] == block;
            }
            require(&v, found, "edges are known at both ends");
        }
        for (SsaNode *node = block->first; node != NULL; node = node->next) {
            require(&v, node->block == block, "a node knows its block");
            check_node(&v, node);
        }
    }
    check_calls(&v, f);
}
