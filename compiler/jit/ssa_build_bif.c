/* compiler/jit/ssa_build_bif.c
 * Guard built-ins. Those that are a few instructions are taken apart into tests and parts, whose
 * checks then go as others do; the rest calls C, and no value's life ends there: guard built-ins do
 * not collect. */
#include "compiler/jit/ssa_build.h"
#include "runtime/term/atom.h"

/* On where the test holds; else to the guard's label, or (there is none) to the interpreter, which
 * raises what is to be raised. */
static void require(Builder *b, SsaNode *test)
{
    int32_t fails = field_s32(b->pc, 12);
    if (fails != 0) {
        build_branch(b, test, fails);
    } else {
        build_guard(b, test);
    }
}

static void require_kind(Builder *b, SsaNode *value, uint32_t kinds)
{
    SsaNode *test = build_node(b, SSA_IS_KIND, value, NULL);
    test->constant = kinds;
    require(b, test);
}

static void require_int(Builder *b, MachineCondition condition, SsaNode *left, SsaNode *right)
{
    SsaNode *test = build_node(b, SSA_IS_INT, left, right);
    test->condition = (uint8_t) condition;
    require(b, test);
}

/* Operands are asked for again behind each test: it may have told more of them. */
static SsaNode *head(Builder *b)
{
    require_kind(b, build_operand(b, 0), IS_CONS);
    return build_node(b, SSA_HEAD, build_operand(b, 0), NULL);
}

static SsaNode *tail(Builder *b)
{
    require_kind(b, build_operand(b, 0), IS_CONS);
    return build_node(b, SSA_TAIL, build_operand(b, 0), NULL);
}

static SsaNode *tuple_size(Builder *b)
{
    require_kind(b, build_operand(b, 0), IS_TUPLE);
    return build_node(b, SSA_TUPLE_SIZE, build_operand(b, 0), NULL);
}

static SsaNode *element(Builder *b)
{
    require_kind(b, build_operand(b, 1), IS_TUPLE);
    require_kind(b, build_operand(b, 0), IS_SMALL);
    require_int(b, M_GE, build_operand(b, 0), build_constant(b, term_small(1)));
    require_int(b, M_LE, build_operand(b, 0),
                build_node(b, SSA_TUPLE_SIZE, build_operand(b, 1), NULL));
    return build_node(b, SSA_ELEMENT_AT, build_operand(b, 1), build_operand(b, 0));
}

static SsaNode *self(Builder *b)
{
    return build_node(b, SSA_SELF, NULL, NULL);
}

static SsaNode *of_numbers(Builder *b, SsaArith which)
{
    return build_arithmetic(b, which, build_operand(b, 0),
                            which == ARITH_ABS ? NULL : build_operand(b, 1));
}
static SsaNode *minimum(Builder *b)
{
    return of_numbers(b, ARITH_MIN);
}
static SsaNode *maximum(Builder *b)
{
    return of_numbers(b, ARITH_MAX);
}
static SsaNode *absolute(Builder *b)
{
    if (field_s32(b->pc, 12) != 0) {
        require_kind(b, build_operand(b, 0), IS_NUMBER);
    }
    return of_numbers(b, ARITH_ABS);
}

/* `build` NULL: C is called; `kinds`: what the result is then. */
static const struct {
    const char *name;
    uint32_t arity;
    SsaNode *(*build)(Builder *b);
    uint32_t kinds;
} known[] = {
    {"hd", 1, head, IS_ANY},           {"tl", 1, tail, IS_ANY},
    {"element", 2, element, IS_ANY},   {"tuple_size", 1, tuple_size, IS_SMALL},
    {"self", 0, self, IS_ANY},         {"min", 2, minimum, IS_ANY},
    {"max", 2, maximum, IS_ANY},       {"abs", 1, absolute, IS_NUMBER},
    {"length", 1, NULL, IS_SMALL},     {"byte_size", 1, NULL, IS_SMALL},
    {"bit_size", 1, NULL, IS_INTEGER}, {"map_size", 1, NULL, IS_SMALL},
    {"size", 1, NULL, IS_SMALL},       {"float", 1, NULL, IS_ANY_FLOAT},
    {"trunc", 1, NULL, IS_INTEGER},    {"round", 1, NULL, IS_INTEGER},
    {"ceil", 1, NULL, IS_INTEGER},     {"floor", 1, NULL, IS_INTEGER},
    {"node", 0, NULL, IS_ATOM},        {"node", 1, NULL, IS_ATOM},
    {"is_map_key", 2, NULL, IS_ATOM},
};

static size_t find(const CodeExport *export)
{
    size_t n = 0;
    while (n < COUNT_OF(known) &&
           (export->identity.module != ATOM_erlang || known[n].arity != export->identity.arity ||
            strcmp(known[n].name, atom_name(export->identity.function)) != 0)) {
        n++;
    }
    return n;
}

SsaNode *build_unless_none(Builder *b, SsaNode *node, uint32_t kinds, int32_t fails)
{
    SsaNode *test = build_node(b, SSA_IS_WORD, node, NULL);
    test->constant = TERM_NONE;
    build_branch(b, build_node(b, SSA_NOT, test, NULL), fails);
    node = build_node(b, SSA_REFINE, node, NULL);
    node->filter = type_of_kinds(kinds);
    return node;
}

SsaNode *build_by_c(Builder *b, SsaOp op, uint64_t constant, uint32_t kinds)
{
    int32_t fails = field_s32(b->pc, 12);
    uint32_t count = field_u16(b->pc, 6);
    SsaNode *node = ssa_node(b->f, op, count);
    node->frame = build_frame(b);
    for (uint32_t i = 0; i < count; i++) {
        node->inputs[i] = build_operand(b, i);
    }
    node->constant = constant;
    node->condition = fails != 0;
    node->filter = type_of_kinds(kinds | (fails != 0 ? IS_OTHER : 0));
    ssa_append(b->block, node);
    return fails == 0 ? node : build_unless_none(b, node, kinds, fails);
}

static void put_map(Builder *b, uint64_t constant)
{
    if (field_u16(b->pc, 6) > BY_C_MOST) {
        build_refuse(b);
        return;
    }
    build_define(b, build_slot(b, 4), build_by_c(b, SSA_MAP_PUT, constant, IS_MAP));
}

void build_map_put(Builder *b)
{
    put_map(b, 0);
}

void build_map_of_all(Builder *b)
{
    put_map(b, 1);
}

void build_guard_builtin(Builder *b)
{
    const CodeExport *export = (const CodeExport *) field_u64(b->pc, 16);
    size_t which = find(export);
    SsaNode *result = NULL;
    if (which < COUNT_OF(known) && known[which].build != NULL) {
        result = known[which].build(b);
    }
    if (result == NULL) {
        result = build_by_c(b, SSA_BIF, field_u64(b->pc, 16),
                            which < COUNT_OF(known) ? known[which].kinds : IS_ANY);
    }
    build_define(b, build_slot(b, 4), result);
}

/* ---- calls of built-ins ---- */

static bool is_named(const CodeExport *export, const char *module, const char *function)
{
    return strcmp(atom_name(export->identity.module), module) == 0 &&
           strcmp(atom_name(export->identity.function), function) == 0;
}

static void guard_builtin_is_itself(Builder *b, const CodeExport *export)
{
    SsaNode *node = build_node(b, SSA_IS_BUILTIN, NULL, NULL);
    node->constant = (uint64_t) (uintptr_t) export;
    node->frame = build_frame(b);
}

/* Not where the operand was something else than a small integer or a float. */
static bool square_root(Builder *b, const CodeExport *export)
{
    SsaNode *node;
    if ((ssa_failed(b->f, b->pc, GUESS_LEFT, 0) & ~(uint32_t) (IS_SMALL | IS_ANY_FLOAT)) != 0) {
        return false;
    }
    guard_builtin_is_itself(b, export);
    node = build_arithmetic(b, ARITH_SQRT, build_operand(b, 0), NULL);
    build_node(b, SSA_COUNT_BUILTIN, NULL, NULL)->constant = 1;
    build_define(b, build_slot(b, 4), node);
    return true;
}

/* As built-ins do it may leave something to collect. */
static bool list_onto(Builder *b, const CodeExport *export, bool in_order)
{
    SsaNode *node;
    guard_builtin_is_itself(b, export);
    node = ssa_node(b->f, SSA_LIST_ONTO, 2);
    node->inputs[0] = build_operand(b, 0);
    node->inputs[1] =
        export->identity.arity == 1 ? build_constant(b, TERM_NIL) : build_operand(b, 1);
    node->condition = in_order;
    node->frame = build_frame(b);
    ssa_append(b->block, node);
    build_node(b, SSA_COUNT_BUILTIN, NULL, NULL)->constant = 1;
    build_define(b, build_slot(b, 4), node);
    build_node(b, SSA_COLLECT, NULL, NULL)->frame =
        build_frame_of(b, b->now + 1, slot_code_behind(b->context->code, b->now));
    return true;
}

bool build_known_builtin(Builder *b)
{
    const CodeExport *export = (const CodeExport *) field_u64(b->pc, 16);
    uint32_t arity = export->identity.arity;
    if (b->f->input->is_careful) {
        return false;
    }
    if (arity == 1 && is_named(export, "math", "sqrt")) {
        return square_root(b, export);
    }
    if ((arity == 1 || arity == 2) && is_named(export, "lists", "reverse")) {
        return list_onto(b, export, false);
    }
    return arity == 2 && is_named(export, "erlang", "++") && list_onto(b, export, true);
}
