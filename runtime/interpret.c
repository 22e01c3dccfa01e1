/* runtime/interpret.c
 * The loop. Direct-threaded: the first word of an instruction is the distance of its code from
 * `base`. Registers: pc, fp and htop (the heap's top, written back before anything else looks at
 * the heap). An instruction that may collect does so before it has any effect and starts again.
 *
 * It also drives native code: enters it where a function's entry, a loop, a return or a handler has
 * some (countdown 0, or a native frame word), and does what that code leaves to it.
 *
 * The one long function of the runtime; each body is short, longer work is a helper. */
#include "runtime/interpret.h"

#include "runtime/interpret_help.h"
#include "runtime/native.h"
#include "runtime/system_monitor.h"
#include "runtime/term/arith.h"
#include "runtime/term/compare.h"
#include "runtime/term/map.h"
#include "runtime/term/ref.h"
#include "runtime/term/world.h"
#include "runtime/trace.h"
#include "sched/timer.h"

#define S16(o) (*(const Field16 *) (pc + (o)))
#define U16(o) ((uint16_t) S16(o))
#define I32(o) (*(const Field32 *) (pc + (o)))
#define U32(o) ((uint32_t) I32(o))
#define U64(o) (((const Packed64 *) (pc + (o)))->value)
#define IMM(o) ((Term) (int64_t) I32(o))
#define R(o) fp[S16(o)]
#define OPERAND(i) operand_value(pc, fp, S16(24 + 2 * (i)))

#define DISPATCH() goto *((const char *) &&base + *(const Field32 *) pc)
#define NEXT(size) \
    do { \
        pc += (size); \
        DISPATCH(); \
    } while (0)
#define JUMP(o) \
    do { \
        pc += I32(o); \
        DISPATCH(); \
    } while (0)
/* Another stands there while it is traced (runtime/trace.h). */
#define BIF_OF(export) __atomic_load_n(&(export)->bif, __ATOMIC_RELAXED)
#define CASE(name) L_##name

#define SAVE() (p->heap.space.top = htop, p->frame = fp, p->pc = (const uint32_t *) pc)
#define LOAD() (htop = p->heap.space.top)
#define LIMIT() (p->heap.space.limit)
/* Room for `words`, or collect and start this instruction again. */
#define ENSURE(words) \
    do { \
        if (UNLIKELY((size_t) (LIMIT() - htop) < (size_t) (words))) { \
            need_words = (words); \
            goto collect; \
        } \
    } while (0)
#define HAS_STACK(frame_pointer, words) \
    ((char *) (frame_pointer) -8 * (size_t) (words) >= (char *) LIMIT())
/* Native code can be entered at native_to, in the function at `header`: its frame has a bridge, or
 * room for one. */
#define HAS_BRIDGE() \
    (native_to.address == NULL || native_is_code((Code) fp[0]) || \
     HAS_STACK(fp, header->frame_words + 1))
/* At a function's first instruction with its frame in place. */
#define ENTER() \
    do { \
        if (UNLIKELY(--p->reductions < 0 || !HAS_STACK(fp, code_header(pc)->frame_words))) { \
            goto entry_slow; \
        } \
        COUNT(code_header(pc), entry_hot); \
        DISPATCH(); \
    } while (0)
/* One more entry or loop of the function; on at `hot` when it is or should be native. */
#define COUNT(function_header, hot) \
    do { \
        int32_t *countdown = &(function_header)->countdown; \
        int32_t left = __atomic_load_n(countdown, __ATOMIC_RELAXED); \
        if (left >= 0) { \
            if (UNLIKELY(left == 0)) { \
                goto hot; \
            } \
            __atomic_store_n(countdown, left - 1, __ATOMIC_RELAXED); \
        } \
    } while (0)
/* Counts are those of a process that was never hurried to its next entry. */
#define UNSTEAL() (p->reductions += stolen, stolen = 0)
/* To the scheduler. */
#define LEAVE(result) \
    do { \
        UNSTEAL(); \
        return (result); \
    } while (0)
/* Leaves the frame for the frame word `pc`. */
#define RETURN(result) \
    do { \
        pc = (Code) fp[0]; \
        if (UNLIKELY(native_is_code(pc))) { \
            value = (result); \
            goto return_native; \
        } \
        fp[0] = (result); \
        fp += frame_info(pc)->slots; \
        DISPATCH(); \
    } while (0)

static inline Term operand_value(Code pc, const Term *fp, int32_t operand)
{
    return operand < 0 ? fp[operand] : ((const Packed64 *) (pc + 4 * operand))->value;
}

static inline bool is_special(Term t)
{
    return t == TERM_NONE || t == TERM_TRAP;
}

static RunResult interpret_loop(Process *p)
{
    Code pc;
    Term *fp;
    Term *htop;
    size_t need_words = 0;
    size_t need_stack = 0; /* at collect_stack */
    Instruction which;  /* of several that share their code: labels at one place have one address */
    int32_t stolen = 0; /* reductions set aside to reach the next function entry soon; in
                           p->reductions is what was counted since */
    Term value = TERM_NIL; /* of call_bif and stub_bif, and between here and native code */
    NativeTarget native_to;
    Code room_at = NULL; /* EXIT_ROOM: the last one's, and the reductions that were left */
    int32_t room_reductions = 0;
    CodeHeader *header; /* of the function to enter */
    Function *function;
    NativeActivation activation;
    Term *const args = activation.args;

    if (UNLIKELY(p == NULL)) { /* once: hand out where the instructions are */
        static const void *const places[I_COUNT] = {
#define INSTRUCTION(name, bytes, fields, may) &&L_##name,
#include "runtime/term/instructions.def"
#undef INSTRUCTION
        };
        uint32_t words[I_COUNT];
        for (uint32_t i = 0; i < I_COUNT; i++) {
            words[i] = (uint32_t) ((const char *) places[i] - (const char *) &&base);
        }
        instructions_set_words(words);
        return RUN_EXITED;
    }
    if (p->flags & PROCESS_STOP) {
        return (p->flags & PROCESS_EXITING) ? RUN_EXITED : RUN_SUSPENDED;
    }
    pc = (Code) p->pc;
    fp = p->frame;
    LOAD();
    if (p->live != LIVE_BY_SAFEPOINT) {
        if (p->heap.needs_collection || !HAS_STACK(fp, code_header(pc)->frame_words)) {
            goto entry_collect;
        }
        if (code_header(pc)->countdown == 0) {
            goto entry_hot;
        }
    } else if (p->heap.needs_collection) {
        need_words = 0;
        goto collect;
    } else if (native_bytes != 0) {
        goto resume;
    }
    DISPATCH();

    /* It takes CASE(name), a label, for a call, and its block for a body. */
    /* clang-format off */
base:
    CHECK(!"base is no instruction");

    /* ---- moves and jumps ---- */
    CASE(move) : R(4) = R(6);
    NEXT(8);
    CASE(move2) : R(4) = R(6);
    R(8) = R(10);
    NEXT(12);
    CASE(move3) : R(4) = R(6);
    R(8) = R(10);
    R(12) = R(14);
    NEXT(16);
    CASE(const32) : R(4) = IMM(8);
    NEXT(12);
    CASE(const64) : R(4) = U64(8);
    NEXT(16);
    CASE(jump) : JUMP(4);
    CASE(loop) : {
        header = code_header(pc - U32(8));
        pc += I32(4);
        if (UNLIKELY(--p->reductions < 0)) {
            if (UNLIKELY(__atomic_load_n(&header->traced, __ATOMIC_RELAXED)) && code_header(pc) == header) {
                goto entry_slow; /* so that the call of itself is told when it goes on */
            }
            goto yield_at_safepoint;
        }
        COUNT(header, loop_hot);
        DISPATCH();
    }
    CASE(unless_true) : if (R(4) == ATOM_true) { NEXT(12); }
    JUMP(8);
    CASE(if_true) : if (R(4) != ATOM_true) { NEXT(12); }
    JUMP(8);
    CASE(branch_boolean) : if (R(4) == ATOM_true) { NEXT(16); }
    if (R(4) == ATOM_false) {
        JUMP(8);
    }
    JUMP(12);
    CASE(switch_word) : {
        Term t = R(4);
        uint32_t low = 0, high = U32(16);
        int64_t key = (int64_t) t;
        while (low < high) {
            uint32_t middle = (low + high) / 2;
            int64_t at = I32(20 + 8 * middle);
            if (at == key) {
                JUMP(24 + 8 * middle);
            }
            if (at < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        JUMP(12);
    }
    CASE(switch_dense) : {
        Term t = R(4);
        uint64_t index = (uint64_t) ((int64_t) t - (int64_t) I32(20)) / 4;
        if (term_is_small(t) && (int64_t) t >= (int64_t) I32(20) && index < U32(16)) {
            JUMP(24 + 4 * index);
        }
        JUMP(12);
    }
    CASE(switch_arity) : {
        uint64_t arity;
        if (!term_is_tuple(R(4))) {
            JUMP(12);
        }
        arity = tuple_arity(R(4));
        for (uint32_t i = 0, count = U32(16); i < count; i++) {
            if (U32(20 + 8 * i) == arity) {
                JUMP(24 + 8 * i);
            }
        }
        JUMP(12);
    }

    /* ---- tests ---- */
#define TEST(name, condition) \
    CASE(name) : \
    { \
        Term t = R(4); \
        if (LIKELY(condition)) { \
            NEXT(12); \
        } \
        JUMP(8); \
    }
    TEST(test_integer, term_is_integer(t))
    TEST(test_float, term_is_float(t))
    TEST(test_number, term_is_number(t))
    TEST(test_atom, term_is_atom(t))
    TEST(test_boolean, t == ATOM_true || t == ATOM_false)
    TEST(test_list, term_is_list(t))
    TEST(test_cons, term_is_cons(t))
    TEST(test_nil, t == TERM_NIL)
    TEST(test_tuple, term_is_tuple(t))
    TEST(test_map, term_is_map(t))
    TEST(test_binary, term_is_binary(t))
    TEST(test_bitstring, term_is_bitstring(t))
    TEST(test_function, term_is_fun(t))
    TEST(test_pid, term_is_pid(t))
    TEST(test_port, term_is_port(t))
    TEST(test_reference, term_is_reference(t))
#undef TEST
    CASE(test_arity) : {
        Term t = R(4);
        if (term_is_boxed(t) && *term_boxed_at(t) == HEADER(KIND_tuple, U32(8))) {
            NEXT(16);
        }
        JUMP(12);
    }
    CASE(test_record) : {
        Term t = R(4);
        if (term_is_boxed(t) && *term_boxed_at(t) == HEADER(KIND_tuple, U32(8)) &&
            term_boxed_at(t)[1] == IMM(16)) {
            NEXT(20);
        }
        JUMP(12);
    }
    CASE(test_word) : if (R(4) == IMM(8)) { NEXT(16); }
    JUMP(12);
    CASE(test_not_word) : if (R(4) != IMM(8)) { NEXT(16); }
    JUMP(12);
    CASE(test_literal) : if (term_equal_exact(R(4), U64(12))) { NEXT(20); }
    JUMP(8);
    CASE(test_eq_exact) : if (term_equal_exact(R(4), R(6))) { NEXT(12); }
    JUMP(8);
    CASE(test_ne_exact) : if (!term_equal_exact(R(4), R(6))) { NEXT(12); }
    JUMP(8);
    CASE(test_eq) : if (R(4) == R(6) || (!terms_are_small(R(4), R(6)) && term_equal(R(4), R(6))))
    {
        NEXT(12);
    }
    JUMP(8);
    CASE(test_ne) : if (R(4) != R(6) && (terms_are_small(R(4), R(6)) || !term_equal(R(4), R(6))))
    {
        NEXT(12);
    }
    JUMP(8);
#define ORDER(name, operator) \
    CASE(name) : \
    { \
        Term a = R(4), b = R(6); \
        if (LIKELY(terms_are_small(a, b)) ? (int64_t) a operator (int64_t) b \
            : term_is_immediate_float(a) && term_is_immediate_float(b) \
                ? immediate_float_value(a) operator immediate_float_value(b) \
                : term_compare(a, b) operator 0) { \
            NEXT(12); \
        } \
        JUMP(8); \
    }
    ORDER(test_lt, <)
    ORDER(test_ge, >=)
#undef ORDER
#define ORDER(name, operator) \
    CASE(name) : \
    { \
        Term a = R(4), b = IMM(8); \
        if (LIKELY(term_is_small(a)) ? (int64_t) a operator (int64_t) b \
                                     : term_compare(a, b) operator 0) { \
            NEXT(16); \
        } \
        JUMP(12); \
    }
    ORDER(test_lt_imm, <)
    ORDER(test_ge_imm, >=)
    ORDER(test_gt_imm, >)
    ORDER(test_le_imm, <=)
#undef ORDER
    CASE(compare) : R(4) = help_compare((CompareKind) U16(10), R(6), R(8));
    NEXT(16);

    /* ---- taking apart ---- */
    CASE(get_head) : R(4) = cons_head(R(6));
    NEXT(8);
    CASE(get_tail) : R(4) = cons_tail(R(6));
    NEXT(8);
    CASE(get_list) : {
        Term *cell = cons_cell(R(8));
        R(4) = cell[0];
        R(6) = cell[1];
        NEXT(12);
    }
    CASE(get_element) : R(4) = tuple_elements(R(6))[U32(8)];
    NEXT(12);
    CASE(get_element2) : {
        Term *elements = tuple_elements(R(8));
        R(4) = elements[U16(10)];
        R(6) = elements[U16(12)];
        NEXT(16);
    }
    CASE(get_map) : {
        Term value = map_get(R(6), R(8));
        if (value == TERM_NONE) {
            JUMP(12);
        }
        R(4) = value;
        NEXT(16);
    }
    CASE(get_map_const) : {
        Term value = map_get(R(6), U64(12));
        if (value == TERM_NONE) {
            JUMP(8);
        }
        R(4) = value;
        NEXT(20);
    }
    CASE(test_map_key) : if (map_get(R(4), R(6)) != TERM_NONE) { NEXT(12); }
    JUMP(8);

    /* ---- building ---- */
    CASE(make_cons) : {
        ENSURE(2);
        htop[0] = R(6);
        htop[1] = R(8);
        R(4) = term_cons(htop);
        htop += 2;
        NEXT(12);
    }
    CASE(make_list) : {
        uint32_t count = U16(6) - 1u;
        Term list;
        ENSURE(2 * (size_t) count);
        list = OPERAND(count);
        for (uint32_t i = count; i-- > 0;) {
            htop[0] = OPERAND(i);
            htop[1] = list;
            list = term_cons(htop);
            htop += 2;
        }
        R(4) = list;
        NEXT(U32(8));
    }
    CASE(make_tuple) : {
        uint32_t count = U16(6);
        Term *object = htop;
        ENSURE((size_t) count + 1);
        object[0] = HEADER(KIND_tuple, count);
        for (uint32_t i = 0; i < count; i++) {
            object[i + 1] = OPERAND(i);
        }
        htop += count + 1;
        R(4) = term_boxed(object);
        NEXT(U32(8));
    }
    CASE(make_fun) : {
        uint32_t count = U16(6);
        Term *object = htop;
        ENSURE((size_t) count + 2);
        object[0] = HEADER(KIND_fun, count + 1);
        object[1] = U64(16);
        for (uint32_t i = 0; i < count; i++) {
            object[i + 2] = OPERAND(i);
        }
        htop += count + 2;
        R(4) = term_boxed(object);
        NEXT(U32(8));
    }
    CASE(make_map) : which = I_make_map;
    goto build_of_operands;
    CASE(map_put) : which = I_map_put;
    goto build_of_operands;
    CASE(map_update) : which = I_map_update;
    goto build_of_operands;
    CASE(bs_build) : which = I_bs_build;
    goto build_of_operands;
    build_of_operands : {
        uint32_t count = U16(6);
        Term inline_operands[32];
        Term *operands = count <= COUNT_OF(inline_operands) ? inline_operands : help_operands(count);
        Term result;
        ENSURE(16);
        for (uint32_t i = 0; i < count; i++) {
            operands[i] = OPERAND(i);
        }
        SAVE();
        if (which == I_bs_build) {
            result = help_bs_build(p, (const SegmentList *) U64(16), operands);
        } else if (which == I_make_map) {
            result = help_make_map(p, operands, count / 2);
        } else {
            result = help_map_put(p, operands, count / 2,
                                  which == I_map_update);
        }
        LOAD();
        if (operands != inline_operands) {
            help_operands_done(operands);
        }
        if (UNLIKELY(result == TERM_NONE)) {
            if (I32(12) != 0) {
                JUMP(12);
            }
            goto raise_captured;
        }
        R(4) = result;
        NEXT(U32(8));
    }

    /* ---- arithmetic ---- */
#define SLOW_ARITHMETIC(b_term, function) \
    need_words = 8; \
    if (UNLIKELY((size_t) (LIMIT() - htop) < need_words)) { \
        goto collect; \
    } \
    { \
        Term left = R(6), right = (b_term), result; \
        SAVE(); \
        result = arith_##function(&p->heap.space, left, right); \
        LOAD(); \
        if (UNLIKELY(result == TERM_NONE || result == TERM_LIMIT)) { \
            if (I32(12) != 0) { \
                JUMP(12); \
            } \
            help_arithmetic_failed(p, pc, result, left, right); \
            LOAD(); \
            goto raise_captured; \
        } \
        R(4) = result; \
        NEXT(16); \
    }
#define FLOATS(operator) \
    if (term_is_immediate_float(a) && term_is_immediate_float(b)) { \
        Term result = immediate_float(immediate_float_value(a) operator immediate_float_value(b)); \
        if (LIKELY(result != TERM_NONE)) { \
            R(4) = result; \
            NEXT(16); \
        } \
    }
#define NO_FLOATS
#define ARITHMETIC(name, fast_condition, fast_result, floats, function) \
    CASE(name) : \
    { \
        Term a = R(6), b = R(8); \
        int64_t sum; \
        if (LIKELY(terms_are_small(a, b) && (fast_condition))) { \
            R(4) = (Term) (fast_result); \
            NEXT(16); \
        } \
        (void) sum; \
        floats SLOW_ARITHMETIC(R(8), function) \
    } \
    CASE(name##_imm) : \
    { \
        Term a = R(6), b = IMM(8); \
        int64_t sum; \
        if (LIKELY(term_is_small(a) && (fast_condition))) { \
            R(4) = (Term) (fast_result); \
            NEXT(16); \
        } \
        (void) sum; \
        SLOW_ARITHMETIC(IMM(8), function) \
    }
    ARITHMETIC(add, !__builtin_add_overflow((int64_t) a, (int64_t) b, &sum), sum, FLOATS(+), add)
    ARITHMETIC(subtract, !__builtin_sub_overflow((int64_t) a, (int64_t) b, &sum), sum, FLOATS(-),
               subtract)
    ARITHMETIC(multiply, !__builtin_mul_overflow((int64_t) a, (int64_t) b >> 2, &sum), sum,
               FLOATS(*), multiply)
    ARITHMETIC(int_divide, b != 0 && b != term_small(-1),
               (uint64_t) (((int64_t) a >> 2) / ((int64_t) b >> 2)) << 2, NO_FLOATS, div)
    ARITHMETIC(remainder, b != 0 && b != term_small(-1), (int64_t) a % (int64_t) b, NO_FLOATS, rem)
    ARITHMETIC(bit_and, true, a &b, NO_FLOATS, band)
    ARITHMETIC(bit_or, true, a | b, NO_FLOATS, bor)
    ARITHMETIC(bit_xor, true, a ^ b, NO_FLOATS, bxor)
    ARITHMETIC(shift_left,
               b <= term_small(61) && ((sum = (int64_t) (a << (b >> 2))) >> (b >> 2)) == (int64_t) a,
               sum, NO_FLOATS, shift_left)
    ARITHMETIC(shift_right, b <= term_small(61), ((int64_t) a >> (b >> 2)) & ~(int64_t) 3, NO_FLOATS,
               shift_right)
    CASE(divide) : {
        Term a = R(6), b = R(8);
        if (term_is_immediate_float(a) && term_is_immediate_float(b) &&
            immediate_float_value(b) != 0) {
            Term result = immediate_float(immediate_float_value(a) / immediate_float_value(b));
            if (LIKELY(result != TERM_NONE)) {
                R(4) = result;
                NEXT(16);
            }
        }
        SLOW_ARITHMETIC(R(8), divide)
    }
    CASE(negate) : which = I_negate;
    goto unary;
    CASE(bit_not) : which = I_bit_not;
    goto unary;
    CASE(not) : which = I_not;
    goto unary;
    unary : {
        Term a = R(6), result;
        ENSURE(8);
        SAVE();
        if (which == I_not) {
            result = a == ATOM_true ? ATOM_false : a == ATOM_false ? ATOM_true : TERM_NONE;
        } else if (which == I_negate) {
            result = arith_negate(&p->heap.space, a);
        } else {
            result = arith_bnot(&p->heap.space, a);
        }
        LOAD();
        if (UNLIKELY(result == TERM_NONE || result == TERM_LIMIT)) {
            if (I32(8) != 0) {
                JUMP(8);
            }
            help_arithmetic_failed(p, pc, result, a, TERM_NONE);
            LOAD();
            goto raise_captured;
        }
        R(4) = result;
        NEXT(12);
    }
    CASE(logic) : {
        Term a = R(6), b = R(8);
        bool x = a == ATOM_true, y = b == ATOM_true;
        if (UNLIKELY((!x && a != ATOM_false) || (!y && b != ATOM_false))) {
            if (I32(12) != 0) {
                JUMP(12);
            }
            SAVE();
            help_logic_failed(p, pc, (LogicKind) U16(10), a, b);
            LOAD();
            goto raise_captured;
        }
        x = U16(10) == LOGIC_AND ? x && y : U16(10) == LOGIC_OR ? x || y : x != y;
        R(4) = x ? ATOM_true : ATOM_false;
        NEXT(16);
    }

    /* ---- built-ins ---- */
    CASE(bif) : {
        const CodeExport *export = (const CodeExport *) U64(16);
        uint32_t count = U16(6);
        Term result;
        ENSURE(8);
        for (uint32_t i = 0; i < count; i++) {
            args[i] = OPERAND(i);
        }
        SAVE();
        result = BIF_OF(export)(p, args);
        LOAD();
        if (UNLIKELY(result == TERM_NONE)) {
            if (I32(12) != 0) {
                JUMP(12);
            }
            help_bif_failed(p, pc, export, args);
            LOAD();
            goto raise_captured;
        }
        R(4) = result;
        NEXT(U32(8));
    }
    CASE(call_bif) : {
        const CodeExport *export = (const CodeExport *) U64(16);
        uint32_t count = U16(6);
        for (uint32_t i = 0; i < count; i++) {
            args[i] = OPERAND(i);
        }
        p->live = LIVE_BY_SAFEPOINT; /* what current_stacktrace of ourselves looks at */
        SAVE();
        p->reductions--;
        value = BIF_OF(export)(p, args);
        LOAD();
        if (UNLIKELY(is_special(value))) {
            goto call_bif_special;
        }
        R(4) = value;
        pc += U32(8);
        if (UNLIKELY(p->heap.needs_collection)) {
            need_words = 0;
            goto collect;
        }
        DISPATCH();
    }
    call_bif_special : {
        const CodeExport *export = (const CodeExport *) U64(16);
        uint32_t count = U16(6);
        {
            if (value == TERM_NONE) {
                help_bif_failed(p, pc, export, args);
                LOAD();
                goto raise_captured;
            }
            switch (trap.kind) {
            case TRAP_CALL: {
                uint32_t slots = frame_info(pc + U32(8))->slots;
                Code entry = trap.entry;
                if (UNLIKELY(!HAS_STACK(fp, slots + trap.count + code_header(entry)->frame_words))) {
                    R(4) = TERM_NIL;
                    pc += U32(8);
                    SAVE();
                    if (!help_trap_room(p, slots + trap.count + code_header(entry)->frame_words)) {
                        return RUN_EXITED;
                    }
                    fp = p->frame;
                    LOAD();
                } else {
                    pc += U32(8);
                }
                fp -= slots;
                fp[0] = (Term) pc;
                for (uint32_t i = 0; i < trap.count; i++) {
                    fp[-1 - (int32_t) i] = trap.args[i];
                }
                pc = entry;
                ENTER();
            }
            case TRAP_YIELD:
                R(4) = trap.value;
                pc += U32(8);
                p->reductions = stolen = 0;
                goto yield_at_safepoint;
            case TRAP_SAFEPOINT:
                R(4) = trap.value;
                pc += U32(8);
                if (p->flags & PROCESS_STOP) {
                    goto stop;
                }
                if (p->heap.needs_collection) {
                    need_words = 0;
                    goto collect;
                }
                DISPATCH();
            case TRAP_WAIT: /* this instruction again, when something has come */
                if (p->flags & PROCESS_STOP) {
                    goto stop_call;
                }
                help_keep_call(p, fp, args, count);
                LEAVE(RUN_WAITING);
            case TRAP_LEAVE:
                help_keep_call(p, fp, args, count);
                UNSTEAL();
                help_leave(p);
                return RUN_ELSEWHERE;
            case TRAP_HIBERNATE:
                UNSTEAL();
                return help_hibernate(p);
            }
        }
        CHECK(!"a trap of no known kind");
    }
    CASE(stub_bif) : {
        const CodeExport *export = (const CodeExport *) U64(8);
        uint32_t count = export->identity.arity;
        Term result;
        for (uint32_t i = 0; i < count; i++) {
            args[i] = fp[-1 - (int32_t) i];
        }
        p->live = count;
        SAVE();
        if (UNLIKELY(p->flags & PROCESS_BIF_FAILED)) {
            p->flags &= ~(uint32_t) PROCESS_BIF_FAILED;
            result = TERM_NONE;
        } else {
            result = BIF_OF(export)(p, args);
        }
        LOAD();
        if (UNLIKELY(is_special(result))) {
            if (result == TERM_NONE) {
                help_bif_failed(p, NULL, export, args);
                LOAD();
                goto raise_captured;
            }
            switch (trap.kind) {
            case TRAP_CALL: {
                Code entry = trap.entry;
                if (UNLIKELY(!HAS_STACK(fp, trap.count + code_header(entry)->frame_words))) {
                    p->live = 0;
                    SAVE();
                    if (!help_trap_room(p, trap.count + code_header(entry)->frame_words)) {
                        return RUN_EXITED;
                    }
                    fp = p->frame;
                    LOAD();
                }
                for (uint32_t i = 0; i < trap.count; i++) {
                    fp[-1 - (int32_t) i] = trap.args[i];
                }
                pc = entry;
                ENTER();
            }
            case TRAP_WAIT:
                if (p->flags & PROCESS_STOP) {
                    goto stop_entry;
                }
                LEAVE(RUN_WAITING); /* live and pc are those of the stub's entry */
            case TRAP_LEAVE:
                UNSTEAL();
                help_leave(p);
                return RUN_ELSEWHERE;
            case TRAP_HIBERNATE:
                UNSTEAL();
                return help_hibernate(p);
            case TRAP_YIELD:
                p->reductions = stolen = 0;
                result = trap.value;
                break;
            case TRAP_SAFEPOINT:
                result = trap.value;
                if (p->flags & PROCESS_STOP) {
                    fp[-1] = result; /* goes on by returning it */
                    p->pc = (const uint32_t *) stub_return_entry;
                    p->live = 1;
                    LEAVE((p->flags & PROCESS_EXITING) ? RUN_EXITED : RUN_SUSPENDED);
                }
                break;
            }
        }
        RETURN(result);
    }

    /* ---- calls ---- */
    CASE(call) : {
        Term *frame = fp - U16(8);
        frame[0] = (Term) (pc + 16);
        fp = frame;
        pc += I32(4);
        ENTER();
    }
    CASE(call_export) : {
        Term *frame = fp - U16(16);
        frame[0] = (Term) (pc + 24);
        fp = frame;
        pc = ((const CodeExport *) U64(8))->entry;
        ENTER();
    }
    CASE(call_fun) : {
        Term *frame = fp - U16(8);
        Term fun = frame[0];
        uint32_t count = U16(4);
        if (LIKELY(term_is_kind(fun, KIND_fun) && fun_entry(fun)->arity == count)) {
            const CodeFun *entry = (const CodeFun *) fun_entry(fun);
            uint32_t captured = entry->identity.free_count;
            if (UNLIKELY(!HAS_STACK(frame, count + captured + 2))) {
                need_stack = 1024;
                goto collect_stack;
            }
            for (uint32_t i = 0; i < captured; i++) {
                frame[-1 - (int32_t) (count + i)] = fun_captured(fun)[i];
            }
            frame[0] = (Term) (pc + 16);
            fp = frame;
            pc = entry->entry;
            ENTER();
        }
        if (LIKELY(term_is_kind(fun, KIND_export) && fun_export(fun)->arity == count)) {
            frame[0] = (Term) (pc + 16);
            fp = frame;
            pc = ((const CodeExport *) fun_export(fun))->entry;
            ENTER();
        }
        SAVE();
        help_bad_fun(p, pc, fun, frame - 1, count);
        LOAD();
        goto raise_captured;
    }
    CASE(call_dynamic) : {
        uint32_t slots = U16(8);
        Term *frame = fp - slots;
        Term module = frame[1], function = frame[0];
        if (UNLIKELY(!term_is_atom(module) || !term_is_atom(function))) {
            SAVE();
            help_bad_apply(p, pc, module, function, frame - 1, U16(4));
            LOAD();
            goto raise_captured;
        }
        frame[0] = (Term) (pc + 16);
        fp = frame;
        pc = code_export(module, function, U16(4))->entry;
        ENTER();
    }
    CASE(tail_call) : pc += I32(4);
    ENTER();
    CASE(tail_call_export) : pc = ((const CodeExport *) U64(8))->entry;
    ENTER();
    CASE(tail_call_fun) : {
        uint32_t count = U16(4);
        Term fun = fp[-1 - (int32_t) count];
        if (LIKELY(term_is_kind(fun, KIND_fun) && fun_entry(fun)->arity == count)) {
            const CodeFun *entry = (const CodeFun *) fun_entry(fun);
            uint32_t captured = entry->identity.free_count;
            if (UNLIKELY(!HAS_STACK(fp, count + captured + 2))) {
                p->live = count + 1;
                need_words = count + captured + 8;
                goto tail_fun_collect;
            }
            for (uint32_t i = 0; i < captured; i++) {
                fp[-1 - (int32_t) (count + i)] = fun_captured(fun)[i];
            }
            pc = entry->entry;
            ENTER();
        }
        if (LIKELY(term_is_kind(fun, KIND_export) && fun_export(fun)->arity == count)) {
            pc = ((const CodeExport *) fun_export(fun))->entry;
            ENTER();
        }
        SAVE();
        help_bad_fun(p, pc, fun, fp - 1, count);
        LOAD();
        goto raise_captured;
    }
    CASE(tail_call_dynamic) : {
        uint32_t count = U16(4);
        Term module = fp[-1 - (int32_t) count], function = fp[-2 - (int32_t) count];
        if (UNLIKELY(!term_is_atom(module) || !term_is_atom(function))) {
            SAVE();
            help_bad_apply(p, pc, module, function, fp - 1, count);
            LOAD();
            goto raise_captured;
        }
        pc = code_export(module, function, count)->entry;
        ENTER();
    }
    CASE(return) : {
        Term result = R(4);
        RETURN(result);
    }
    CASE(return_const) : {
        Term result = U64(8);
        RETURN(result);
    }

    /* ---- exceptions ---- */
    CASE(fail_value) : {
        Term value = R(4);
        SAVE();
        help_fail(p, pc, make_tuple2(&p->heap.space, IMM(8), value));
        LOAD();
        goto raise_captured;
    }
    CASE(fail) : SAVE();
    help_fail(p, pc, IMM(4));
    LOAD();
    goto raise_captured;
    CASE(fail_function_clause) : SAVE();
    help_function_clause(p, fp, pc);
    LOAD();
    goto raise_captured;
    CASE(raise) : p->exception_class = R(4);
    p->exception_reason = R(6);
    p->exception_trace = R(8);
    goto raise_captured;
    CASE(build_trace) : {
        Term list;
        ENSURE(8);
        SAVE();
        list = exception_trace_list(p, fp, R(6));
        LOAD();
        R(4) = list;
        NEXT(8);
    }

    /* ---- receive ---- */
    CASE(receive_from) : SAVE();
    mailbox_start_from(p, R(4));
    LOAD();
    NEXT(8);
    CASE(receive_peek) : {
        Message *message;
        p->live = LIVE_BY_SAFEPOINT;
        SAVE();
        message = mailbox_peek(p);
        LOAD();
        if (LIKELY(message != NULL)) {
            R(4) = message->value;
            NEXT(16);
        }
        if (UNLIKELY(p->flags & PROCESS_STOP)) {
            goto stop;
        }
        JUMP(8);
    }
    CASE(receive_take) : SAVE();
    mailbox_take(p);
    LOAD();
    help_receive_done(p);
    if (UNLIKELY(p->heap.needs_collection) && p->reductions > 0) {
        stolen += p->reductions;
        p->reductions = 0;
    }
    NEXT(4);
    CASE(receive_next) : mailbox_next(p);
    pc += I32(4);
    if (UNLIKELY(--p->reductions < 0)) {
        goto yield_at_safepoint;
    }
    DISPATCH();
    CASE(receive_wait) : pc += I32(4);
    if (UNLIKELY(p->heap.needs_collection)) {
        need_words = 0;
        goto collect; /* and look again */
    }
    p->live = LIVE_BY_SAFEPOINT;
    SAVE();
    goto leave_waiting;
    CASE(receive_wait_until) : {
        WaitResult wait = help_receive_wait(p, R(4));
        if (wait == WAIT_OVER) {
            SAVE();
            mailbox_reset(p);
            LOAD();
            NEXT(12);
        }
        if (UNLIKELY(wait == WAIT_BAD)) {
            SAVE();
            p->exception_class = ATOM_error;
            p->exception_reason = ATOM_timeout_value;
            exception_capture(p, pc, TERM_NONE);
            LOAD();
            goto raise_captured;
        }
        pc += I32(8);
        if (UNLIKELY(p->heap.needs_collection)) {
            need_words = 0;
            goto collect; /* and look again */
        }
        p->live = LIVE_BY_SAFEPOINT;
        SAVE();
        goto leave_waiting;
    }

    /* ---- binaries ---- */
    CASE(bs_start) : {
        Term t = R(6);
        if (LIKELY(term_is_bitstring(t))) {
            help_bs_start(t, &R(4));
            NEXT(12);
        }
        JUMP(8);
    }
#define CONTEXT(o) Term *context = &R(o)
#define POSITION (context[-1])
#define END (context[-2])
    CASE(bs_get_byte) : {
        CONTEXT(6);
        uint64_t at = (uint64_t) POSITION >> 2;
        const uint8_t *bytes;
        if ((int64_t) (END - POSITION) < 8 << 2) {
            JUMP(8);
        }
        bytes = help_bs_bytes(context[0]) + at / 8;
        POSITION += 8 << 2;
        R(4) = term_small((at & 7) == 0 ? *bytes
                                        : (uint8_t) ((bytes[0] << (at & 7)) | (bytes[1] >> (8 - (at & 7)))));
        NEXT(12);
    }
    CASE(bs_get_integer_const) : {
        Term value;
        ENSURE((size_t) U32(8) / 64 + 3);
        SAVE();
        value = help_bs_integer(p, &R(6), pc);
        LOAD();
        if (value == TERM_NONE) {
            JUMP(16);
        }
        R(4) = value;
        NEXT(20);
    }
    CASE(bs_get_integer) : which = I_bs_get_integer;
    goto bs_get_sized;
    CASE(bs_get_float) : which = I_bs_get_float;
    goto bs_get_sized;
    CASE(bs_get_bits) : which = I_bs_get_bits;
    goto bs_get_sized;
    bs_get_sized : {
        Term value;
        ENSURE(16);
        SAVE();
        value = help_bs_get(p, &R(6), pc, which);
        LOAD();
        if (value == TERM_NONE) {
            JUMP(16);
        }
        R(4) = value;
        NEXT(20);
    }
    CASE(bs_get_rest) : {
        Term value;
        ENSURE(16);
        SAVE();
        value = help_bs_rest(p, &R(6), pc);
        LOAD();
        if (value == TERM_NONE) {
            JUMP(12);
        }
        R(4) = value;
        NEXT(16);
    }
    CASE(bs_skip) : {
        CONTEXT(4);
        Term size = R(6);
        uint64_t bits;
        if (!term_is_small(size) || (int64_t) size < 0 ||
            __builtin_mul_overflow((uint64_t) small_value(size), (uint64_t) U16(8), &bits) ||
            bits > (uint64_t) (END - POSITION) >> 2) {
            JUMP(12);
        }
        POSITION += bits << 2;
        NEXT(16);
    }
    CASE(bs_get_utf8) : {
        Term value = help_bs_utf(p, &R(6), pc, I_bs_get_utf8);
        if (value == TERM_NONE) {
            JUMP(8);
        }
        R(4) = value;
        NEXT(12);
    }
    CASE(bs_get_utf16) : which = I_bs_get_utf16;
    goto bs_get_utf;
    CASE(bs_get_utf32) : which = I_bs_get_utf32;
    goto bs_get_utf;
    bs_get_utf : {
        Term value = help_bs_utf(p, &R(6), pc, which);
        if (value == TERM_NONE) {
            JUMP(12);
        }
        R(4) = value;
        NEXT(16);
    }
    CASE(bs_match_literal) : {
        if (help_bs_match(p, &R(4), pc) == TERM_NONE) {
            JUMP(8);
        }
        NEXT(20);
    }
    CASE(bs_test_end) : {
        CONTEXT(4);
        if (POSITION != END) {
            JUMP(8);
        }
        NEXT(12);
    }
    CASE(bs_test_unit) : {
        CONTEXT(4);
        if (((uint64_t) (END - POSITION) >> 2) % U16(6) != 0) {
            JUMP(8);
        }
        NEXT(12);
    }
    CASE(bs_position) : {
        CONTEXT(6);
        R(4) = POSITION;
        NEXT(8);
    }
    CASE(bs_restore) : {
        CONTEXT(4);
        /* A position of another binary would be one too many: hold on to the end. */
        POSITION = (int64_t) R(6) <= (int64_t) END ? R(6) : END;
        NEXT(8);
    }

    /* ---- stubs ---- */
    CASE(stub_undefined) : {
        CodeExport *export = (CodeExport *) U64(8);
        uint32_t count = export->identity.arity;
        p->live = count;
        SAVE();
        switch (help_autoload(p, fp, export)) {
        case AUTOLOAD_DONE:
            pc = export->entry;
            if (!HAS_STACK(fp, code_header(pc)->frame_words)) {
                goto entry_slow;
            }
            COUNT(code_header(pc), entry_hot);
            DISPATCH();
        case AUTOLOAD_CALL:
            goto enter_trap;
        case AUTOLOAD_NONE:
            help_undefined(p, fp, export);
            LOAD();
            goto raise_captured;
        }
    }
    CASE(stub_no_fun) : {
        const CodeFun *fun = (const CodeFun *) U64(8);
        p->live = fun->identity.arity + fun->identity.free_count;
        SAVE();
        help_no_fun(p, fp, fun);
        goto enter_trap;
    }
    CASE(trace_return) : {
        Term result = fp[-TRACE_FRAME_SLOTS];
        p->live = 0;
        SAVE();
        trace_returned(p, fp, result);
        LOAD();
        RETURN(result);
    }
    CASE(stub_exit) : SAVE();
    process_exit(p, ATOM_normal);
    LEAVE(RUN_EXITED);
    CASE(stub_hibernate) : p->live = 3;
    SAVE();
    if (mailbox_peek(p) == NULL && !(p->flags & PROCESS_STOP)) {
        LEAVE(RUN_WAITING);
    }
    LOAD();
    if (p->flags & PROCESS_STOP) {
        goto stop_entry;
    }
    mailbox_reset(p);
    p->flags &= ~(uint32_t) PROCESS_HIBERNATED;
    trap.count = 0;
    SAVE();
    if (!help_apply_list(p, fp[-1], fp[-2], fp[-3])) {
        LOAD();
        goto raise_captured;
    }
    goto enter_trap;
enter_trap: /* the call in trap, in place of the stub's frame; heap top and frame are saved */
    p->live = 0;
    if (!HAS_STACK(fp, trap.count + code_header(trap.entry)->frame_words) &&
        !help_trap_room(p, trap.count + code_header(trap.entry)->frame_words)) {
        return RUN_EXITED;
    }
    fp = p->frame;
    LOAD();
    for (uint32_t i = 0; i < trap.count; i++) {
        fp[-1 - (int32_t) i] = trap.args[i];
    }
    pc = trap.entry;
    ENTER();

    /* ---- rare ways on ---- */

entry_slow:
    p->live = code_header(pc)->arity;
    SAVE();
    UNSTEAL();
    if (p->reductions < 0) {
        p->reductions = 0;
        return RUN_YIELDED;
    }
entry_collect: {
    UNSTEAL();
    GcOutcome outcome = help_collect(p, 0, code_header(pc)->frame_words + 1); /* and a bridge */
    if (outcome == GC_ENDED) {
        return RUN_EXITED;
    }
    if (outcome == GC_ELSEWHERE) {
        return RUN_ELSEWHERE;
    }
    fp = p->frame;
    LOAD();
    if (code_header(pc)->countdown == 0) {
        goto entry_hot;
    }
    DISPATCH();
}
/* clang-format on */
tail_fun_collect : {
    uint32_t live = p->live;
    GcOutcome outcome;
    SAVE();
    UNSTEAL();
    outcome = help_collect_here(p, 0, need_words);
    if (outcome == GC_ENDED) {
        return RUN_EXITED;
    }
    p->live = live;
    fp = p->frame;
    LOAD();
    DISPATCH();
}
collect_stack:
    p->live = LIVE_BY_SAFEPOINT;
    SAVE();
    UNSTEAL();
    {
        GcOutcome outcome = help_collect(p, 0, need_stack);
        if (outcome != GC_DONE) {
            return outcome == GC_ENDED ? RUN_EXITED : RUN_ELSEWHERE;
        }
    }
    fp = p->frame;
    LOAD();
    DISPATCH();
collect:
    p->live = LIVE_BY_SAFEPOINT;
    SAVE();
    UNSTEAL();
    {
        GcOutcome outcome = help_collect(p, need_words, 0);
        if (outcome != GC_DONE) {
            return outcome == GC_ENDED ? RUN_EXITED : RUN_ELSEWHERE;
        }
    }
    fp = p->frame;
    LOAD();
    DISPATCH();
raise_captured:
    SAVE();
    help_receive_done(p);
    if (!exception_unwind(p, &fp, &pc, &function)) {
    uncaught:
        help_uncaught(p);
        LEAVE(RUN_EXITED);
    }
    LOAD();
    goto resume_in;
yield_at_safepoint:
    p->live = LIVE_BY_SAFEPOINT;
    SAVE();
    if (stolen > 0) {
        UNSTEAL();
        if (p->reductions >= 0) {
            need_words = 0;
            goto collect;
        }
    }
    p->reductions = 0;
    return RUN_YIELDED;
stop_call:
    help_keep_call(p, fp, args, U16(6));
    LEAVE((p->flags & PROCESS_EXITING) ? RUN_EXITED : RUN_SUSPENDED);
stop_entry:
    SAVE();
    LEAVE((p->flags & PROCESS_EXITING) ? RUN_EXITED : RUN_SUSPENDED);
stop:
    p->live = LIVE_BY_SAFEPOINT;
    SAVE();
    LEAVE((p->flags & PROCESS_EXITING) ? RUN_EXITED : RUN_SUSPENDED);
leave_waiting:
    LEAVE(RUN_WAITING);

entry_traced : { /* the function at pc, or what a stub stands before, is called */
    TraceCall call;
    uint32_t count = code_header(pc)->arity;
    p->live = count;
    SAVE();
    call = trace_call(p, pc);
    if (call.wanted != 0) { /* it is told when the call ends, too: one more frame */
        size_t words = TRACE_FRAME_SLOTS + code_header(pc)->frame_words;
        if (!HAS_STACK(fp, words)) {
            trap.count = 0;
            if (!help_trap_room(p, words)) {
                return RUN_EXITED;
            }
            fp = p->frame;
        }
        fp = trace_push_frame(fp, count, &call);
    }
    LOAD();
    if (call.entry == pc) {
        DISPATCH();
    }
    pc = call.entry;
    ENTER();
}

    /* ---- native code ---- */

entry_hot: /* of the function at pc, all checked and counted */
    header = code_header(pc);
    if (UNLIKELY(__atomic_load_n(&header->traced, __ATOMIC_RELAXED))) {
        goto entry_traced;
    }
    native_to = native_hot(header, pc);
    if (UNLIKELY(!HAS_BRIDGE())) {
        p->live = header->arity;
        SAVE();
        goto entry_collect;
    }
    goto enter_place;
loop_hot: /* of the function at `header`, whose loop goes on at pc */
    if (UNLIKELY(__atomic_load_n(&header->traced, __ATOMIC_RELAXED))) {
        if (code_header(pc) == header) { /* a tail call of itself */
            goto entry_traced;
        }
        DISPATCH();
    }
    native_to = native_hot(header, pc);
    if (UNLIKELY(!HAS_BRIDGE())) { /* one that builds nothing would never collect */
        need_stack = header->frame_words + 1;
        goto collect_stack;
    }
    goto enter_place;
resume: /* at a safepoint */
    function = code_function_at(pc);
    if (function == NULL) {
        DISPATCH();
    }
resume_in: /* of function, there or at a handler */
    native_to = native_place(function, pc);
    if (native_to.address == NULL) {
        DISPATCH();
    }
    header = code_header(function->owner->code + function->code_offset);
enter_place: /* of the function at `header`, at pc, where native_to stands for it */
    if (native_to.address == NULL) {
        DISPATCH();
    }
    if (!native_is_code((Code) fp[0])) { /* a bridge: its frame word stays, the rest moves down */
        if (UNLIKELY(!HAS_STACK(fp, header->frame_words + 1))) {
            DISPATCH();
        }
        for (uint32_t i = native_to.depth; i > 1; i--) { /* few: no call */
            fp[-(int64_t) i] = fp[-(int64_t) i + 1];
        }
        fp--;
        fp[0] = (Term) native_bridge;
    }
    goto enter_native;
return_native: /* of value, to pc */
    fp++;
    native_to.address = pc;
    if (pc == native_bridge) {
        RETURN(value);
    }
enter_native : {
    NativeExit exit;
    p->heap.space.top = htop;
    p->frame = fp;
    if (UNLIKELY(native_exit_stress)) { /* any sequence will do that repeats with the program */
        activation.until_exit = (int64_t) (p->reductions_done + (uint64_t) p->reductions * 7) % 23;
    }
    exit = native_enter(p, native_to.address, value, &activation);
    fp = p->frame;
    pc = (Code) p->pc;
    LOAD();
    switch ((NativeExitKind) exit.kind) {
    case EXIT_INTERPRET:
        DISPATCH();
    case EXIT_GUESS:
        native_guess_failed(activation.guess, activation.args[0]);
        DISPATCH();
    case EXIT_CALL:
        ENTER();
    case EXIT_ENTRY:
        if (p->reductions < 0) {
            native_found(pc, fp);
        }
        goto entry_slow;
    case EXIT_YIELD:
        native_found(pc, fp);
        goto yield_at_safepoint;
    case EXIT_COLLECT:
        need_words = 0;
        goto collect;
    case EXIT_HEAP:
        p->live = LIVE_BY_SAFEPOINT;
        UNSTEAL();
        switch (help_collect(p, exit.value, 0)) {
        case GC_DONE:
            break;
        case GC_ENDED:
            return RUN_EXITED;
        case GC_ELSEWHERE:
            return RUN_ELSEWHERE;
        }
        fp = p->frame;
        LOAD();
        native_to.address = activation.resume;
        goto enter_native;
    case EXIT_ROOM: {
        bool again = pc == room_at && p->reductions == room_reductions;
        function = code_function_at(pc);
        p->live = pc == function->owner->code + function->code_offset ? function->arity
                                                                      : LIVE_BY_SAFEPOINT;
        UNSTEAL();
        switch (help_collect(p, exit.value, 0)) {
        case GC_DONE:
            break;
        case GC_ENDED:
            return RUN_EXITED;
        case GC_ELSEWHERE:
            return RUN_ELSEWHERE;
        }
        fp = p->frame;
        LOAD();
        if (again) { /* it was not enough: what is built on the way there takes it each time */
            room_at = NULL;
            DISPATCH();
        }
        room_at = pc;
        room_reductions = p->reductions;
        goto resume_in;
    }
    case EXIT_RETURN:
        value = exit.value;
        RETURN(value);
    case EXIT_RAISED:
        if (!activation.is_caught) {
            goto uncaught;
        }
        goto resume;
    case EXIT_BIF:
        value = exit.value;
        goto call_bif_special;
    }
    CHECK(!"native code left for no known reason");
}
}

void interpret_init(void)
{
    interpret_loop(NULL);
}

/* A slice that somebody wants to know of. */
static RunResult interpret_watched(Process *p)
{
    MonitoredPlace nowhere = {TERM_NONE, TERM_NONE, 0}, in = nowhere;
    bool is_timed = system_monitor_looks(MONITOR_LONG_SCHEDULE);
    uint64_t since_ns = is_timed ? world_monotonic_ns() : 0;
    if (is_timed) {
        in = system_monitor_place(p);
    }
    if (p->flags & PROCESS_TRACED) {
        trace_scheduled(p, ATOM_in);
    }
    RunResult result = interpret_loop(p);
    if (result == RUN_ELSEWHERE) {
        return result;
    }
    if (p->flags & PROCESS_TRACED && result != RUN_EXITED) {
        trace_scheduled(p, ATOM_out);
    }
    if (is_timed) {
        MonitoredPlace out = result == RUN_EXITED ? nowhere : system_monitor_place(p);
        system_monitor_ran(p, world_monotonic_ns() - since_ns, in, out);
    }
    return result;
}

RunResult interpret(Scheduler *scheduler, Process *p)
{
    (void) scheduler;
    if (UNLIKELY(p->flags & PROCESS_TRACED) || system_monitor_looks(MONITOR_LONG_SCHEDULE)) {
        return interpret_watched(p);
    }
    return interpret_loop(p);
}
