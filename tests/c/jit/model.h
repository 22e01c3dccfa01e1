/* tests/c/jit/model.h
 * What each operation of the machine-level IR means, in C. */
#ifndef MUSTER_TESTS_JIT_MODEL_H
#define MUSTER_TESTS_JIT_MODEL_H

#include "tests/c/jit/bench.h"

#include <math.h>

/* ---- the meaning ---- */

static inline double model_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, 8);
    return value;
}
static inline uint64_t model_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, 8);
    return bits;
}

static uint32_t model_bytes(MachineWidth width)
{
    return width == WIDTH_64 ? 8 : width <= WIDTH_S8 ? 1 : width <= WIDTH_S16 ? 2 : 4;
}

static uint64_t model_extend(MachineWidth width, uint64_t value)
{
    switch (width) {
    case WIDTH_U8:
        return (uint8_t) value;
    case WIDTH_S8:
        return (uint64_t) (int8_t) value;
    case WIDTH_U16:
        return (uint16_t) value;
    case WIDTH_S16:
        return (uint64_t) (int16_t) value;
    case WIDTH_U32:
        return (uint32_t) value;
    case WIDTH_S32:
        return (uint64_t) (int32_t) value;
    case WIDTH_64:
        break;
    }
    return value;
}

static uint64_t model_address(const State *s, const MachineMemory *memory)
{
    return (memory->base == R_NONE ? 0 : s->r[memory->base]) +
           (memory->index == R_NONE ? 0 : s->r[memory->index] << memory->scale) +
           (uint64_t) (int64_t) memory->disp;
}

/* `at` is where the real memory lies that s->memory stands for. */
static uint64_t model_load(const State *s, const MachineInstruction *i, uint64_t at)
{
    uint64_t value = 0, offset = model_address(s, &i->memory) - at;
    CHECK(offset <= MODEL_MEMORY - 8);
    memcpy(&value, s->memory + offset, model_bytes((MachineWidth) i->width));
    return model_extend((MachineWidth) i->width, value);
}

static void model_store(State *s, const MachineInstruction *i, uint64_t at, uint64_t value)
{
    uint64_t offset = model_address(s, &i->memory) - at;
    CHECK(offset <= MODEL_MEMORY - 8);
    memcpy(s->memory + offset, &value, model_bytes((MachineWidth) i->width));
}

static bool model_compare(uint32_t condition, uint64_t a, uint64_t b)
{
    int64_t x = (int64_t) a, y = (int64_t) b;
    switch (condition) {
    case M_EQ:
        return a == b;
    case M_NE:
        return a != b;
    case M_LT:
        return x < y;
    case M_GE:
        return x >= y;
    case M_GT:
        return x > y;
    case M_LE:
        return x <= y;
    case M_ULT:
        return a < b;
    case M_UGE:
        return a >= b;
    case M_UGT:
        return a > b;
    case M_ULE:
        return a <= b;
    }
    CHECK(!"a condition of integers");
    return false;
}

static bool model_float_compare(uint32_t condition, double a, double b)
{
    switch (condition) {
    case M_FEQ:
        return a == b;
    case M_FNOT_EQ:
        return !(a == b);
    case M_FLT:
        return a < b;
    case M_FNOT_LT:
        return !(a < b);
    case M_FLE:
        return a <= b;
    case M_FNOT_LE:
        return !(a <= b);
    case M_FGT:
        return a > b;
    case M_FNOT_GT:
        return !(a > b);
    case M_FGE:
        return a >= b;
    case M_FNOT_GE:
        return !(a >= b);
    }
    CHECK(!"a condition of floats");
    return false;
}

/* False: the operation has no meaning for these values. */
static bool model_binary(uint32_t op, uint64_t a, uint64_t b, uint64_t *d, bool *taken)
{
    int64_t result;
    uint32_t count = b & 63;
    switch (op) {
    case M_ADD:
        *d = a + b;
        break;
    case M_SUB:
        *d = a - b;
        break;
    case M_AND:
        *d = a & b;
        break;
    case M_OR:
        *d = a | b;
        break;
    case M_XOR:
        *d = a ^ b;
        break;
    case M_MUL:
        *d = a * b;
        break;
    case M_SHL:
        *d = a << count;
        break;
    case M_SHR:
        *d = a >> count;
        break;
    case M_SAR:
        *d = (uint64_t) ((int64_t) a >> count);
        break;
    case M_ROL:
        *d = a << count | a >> (-count & 63);
        break;
    case M_ROR:
        *d = a >> count | a << (-count & 63);
        break;
    case M_MUL_HIGH:
        *d = (uint64_t) ((__int128) (int64_t) a * (int64_t) b >> 64);
        break;
    case M_MUL_HIGH_UNSIGNED:
        *d = (uint64_t) ((unsigned __int128) a * b >> 64);
        break;
    case M_DIV:
    case M_REM:
        if (b == 0 || (b == UINT64_MAX && (int64_t) a == INT64_MIN)) {
            return false;
        }
        *d = (uint64_t) (op == M_DIV ? (int64_t) a / (int64_t) b : (int64_t) a % (int64_t) b);
        break;
    case M_ADD_OVERFLOW:
        *taken = __builtin_add_overflow((int64_t) a, (int64_t) b, &result);
        *d = (uint64_t) result;
        break;
    case M_SUB_OVERFLOW:
        *taken = __builtin_sub_overflow((int64_t) a, (int64_t) b, &result);
        *d = (uint64_t) result;
        break;
    case M_MUL_OVERFLOW:
        *taken = __builtin_mul_overflow((int64_t) a, (int64_t) b, &result);
        *d = (uint64_t) result;
        break;
    case M_SUB_NEGATIVE:
        *d = a - b;
        *taken = (int64_t) *d < 0;
        break;
    default:
        CHECK(!"an operation of two sources");
    }
    return true;
}

static uint64_t model_unary(const MachineInstruction *i, uint64_t a, bool *taken)
{
    switch (i->op) {
    case M_MOVE:
        return a;
    case M_EXTEND:
        return model_extend((MachineWidth) i->width, a);
    case M_NEG:
        return -a;
    case M_NEG_OVERFLOW:
        *taken = (int64_t) a == INT64_MIN;
        return -a;
    case M_NOT:
        return ~a;
    case M_SWAP_BYTES:
        return i->width == WIDTH_64    ? __builtin_bswap64(a)
               : i->width == WIDTH_U32 ? __builtin_bswap32((uint32_t) a)
                                       : __builtin_bswap16((uint16_t) a);
    case M_LEADING_ZEROS:
        return a == 0 ? 64 : (uint64_t) __builtin_clzll(a);
    case M_TRAILING_ZEROS:
        return a == 0 ? 64 : (uint64_t) __builtin_ctzll(a);
    case M_COUNT_ONES:
        return (uint64_t) __builtin_popcountll(a);
    }
    CHECK(!"an operation of one source");
    return 0;
}

static double model_float(uint32_t op, double a, double b)
{
    switch (op) {
    case M_FMOVE:
        return a;
    case M_FADD:
        return a + b;
    case M_FSUB:
        return a - b;
    case M_FMUL:
        return a * b;
    case M_FDIV:
        return a / b;
    case M_FSQRT:
        return sqrt(a);
    case M_FNEG:
        return -a;
    case M_FABS:
        return fabs(a);
    }
    CHECK(!"an operation on floats");
    return 0;
}

/* Does `i` to the state. False: no meaning. */
static bool model_step(const MachineInstruction *i, State *s, uint64_t at)
{
    uint64_t a = s->r[i->a & 15], b = 0, result;
    bool taken = false;
    if (i->form == FORM_REGISTER) {
        b = s->r[i->b & 15];
    } else if (i->form == FORM_CONSTANT) {
        b = (uint64_t) i->constant;
    } else {
        b = model_load(s, i, at);
    }
    switch ((MachineOp) i->op) {
    case M_CONST:
    case M_ADDRESS:
        s->r[i->d] = (uint64_t) i->constant;
        break;
    case M_LOAD:
        s->r[i->d] = model_load(s, i, at);
        break;
    case M_STORE:
        model_store(s, i, at, a);
        break;
    case M_STORE_IMM:
        model_store(s, i, at, (uint64_t) i->constant);
        break;
    case M_LEA:
        s->r[i->d] = model_address(s, &i->memory);
        break;
    case M_ADD ... M_REM:
    case M_ADD_OVERFLOW ... M_MUL_OVERFLOW:
    case M_SUB_NEGATIVE:
        if (!model_binary(i->op, a, b, &result, &taken)) {
            return false;
        }
        s->r[i->d] = result;
        break;
    case M_MOVE:
    case M_EXTEND:
    case M_NEG:
    case M_NOT:
    case M_NEG_OVERFLOW:
    case M_SWAP_BYTES ... M_COUNT_ONES:
        s->r[i->d] = model_unary(i, a, &taken);
        break;
    case M_MEMORY_ADD:
        model_store(s, i, at, model_load(s, i, at) + (uint64_t) i->constant);
        break;
    case M_MEMORY_SUB_NEGATIVE:
        result = model_load(s, i, at) - (uint64_t) i->constant;
        model_store(s, i, at, result);
        taken = i->width == WIDTH_64 ? (int64_t) result < 0 : (int32_t) result < 0;
        break;
    case M_BRANCH:
        taken = model_compare(i->condition, a, b);
        break;
    case M_BRANCH_MEMORY:
        taken = model_compare(i->condition, model_load(s, i, at), (uint64_t) i->constant);
        break;
    case M_BRANCH_BITS:
        taken = ((a & b) != 0) == (i->condition == M_NE);
        break;
    case M_BRANCH_BITS_MEMORY:
        taken = ((model_load(s, i, at) & (uint64_t) i->constant) != 0) == (i->condition == M_NE);
        break;
    case M_SET:
        s->r[i->d] = model_compare(i->condition, a, b);
        break;
    case M_SELECT:
        s->r[i->d] = model_compare(i->condition, a, b) ? s->r[i->c] : s->r[i->e];
        break;
    case M_FCONST:
        s->f[i->d] = (uint64_t) i->constant;
        break;
    case M_FLOAD:
        s->f[i->d] = model_load(s, i, at);
        break;
    case M_FSTORE:
        model_store(s, i, at, s->f[i->a]);
        break;
    case M_FMOVE:
        s->f[i->d] = s->f[i->a];
        break;
    case M_FADD ... M_FABS:
        s->f[i->d] =
            model_bits(model_float(i->op, model_double(s->f[i->a]), model_double(s->f[i->b])));
        break;
    case M_FBRANCH:
        taken =
            model_float_compare(i->condition, model_double(s->f[i->a]), model_double(s->f[i->b]));
        break;
    case M_FSET:
        s->r[i->d] =
            model_float_compare(i->condition, model_double(s->f[i->a]), model_double(s->f[i->b]));
        break;
    case M_INT_TO_FLOAT:
        s->f[i->d] = model_bits((double) (int64_t) a);
        break;
    case M_FLOAT_TO_INT:
        if (!(fabs(model_double(s->f[i->a])) < 0x1p62)) {
            return false;
        }
        s->r[i->d] = (uint64_t) (int64_t) model_double(s->f[i->a]);
        break;
    case M_BITS_TO_FLOAT:
        s->f[i->d] = a;
        break;
    case M_FLOAT_TO_BITS:
        s->r[i->d] = s->f[i->a];
        break;
    default:
        CHECK(!"an operation that the model knows");
    }
    s->taken = taken;
    return true;
}

#endif
