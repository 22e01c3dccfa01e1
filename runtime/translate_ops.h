/* runtime/translate_ops.h
 * What each opcode does to the state, by groups. Private to translate*.c.
 *
 * An op_… takes one decoded instruction whose operands name things there are (check_operands), has
 * its effect on the state and emits what becomes of it. False: refused, t->error says why. */
#ifndef MUSTER_RUNTIME_TRANSLATE_OPS_H
#define MUSTER_RUNTIME_TRANSLATE_OPS_H

#include "runtime/term/compare.h"
#include "runtime/translate_emit.h"

/* ---- the state (translate_ops.c) ---- */
static inline bool is_value(uint8_t kind)
{
    return kind >= SLOT_VALUE && kind <= SLOT_MAP;
}
static inline void push(Translator *t, uint8_t kind)
{
    t->stack[t->depth++] = (Entry){.kind = kind};
}
void push_const(Translator *t, Term term);
/* The top `count` entries exist and are values. */
bool need(Translator *t, uint64_t count, const Decoded *d);
bool need_slot(Translator *t, uint64_t slot, const Decoded *d);
bool need_kind(Translator *t, uint64_t slot, uint8_t kind, const Decoded *d);
bool need_context(Translator *t, uint64_t slot, const Decoded *d);
/* What slot `v` is now known to be, wherever its value really lies. */
void refine(Translator *t, uint64_t v, uint8_t kind, uint32_t arity);
/* Entries that are copies of slot `v` get their own, before `v` changes. */
void detach(Translator *t, uint64_t v);

/* ---- jumps, tests, comparisons (translate_test.c) ---- */
/* A way out of the instruction at `base`, whose field at `field` takes the distance. Forward only,
 * so that every way back counts reductions. */
bool leave(Translator *t, uint64_t label, uint32_t field, uint32_t base);
bool op_loop(Translator *t, uint64_t label, Instruction kind); /* the way back */
bool op_jump(Translator *t, const Decoded *d);
bool op_branch(Translator *t, const Decoded *d, Instruction kind);
bool op_test(Translator *t, const Decoded *d, Instruction kind);
bool op_test_term(Translator *t, const Decoded *d, Term term);
bool op_test_arity(Translator *t, const Decoded *d);
bool op_switch(Translator *t, const Decoded *d);
bool op_compare_test(Translator *t, const Decoded *d);
bool op_compare(Translator *t, const Decoded *d, CompareKind which);

/* ---- arithmetic, building, taking apart (translate_value.c) ---- */
/* Puts the guard's label, or 0, in the field at `field`. */
bool put_guard(Translator *t, uint64_t guard, uint32_t field, uint32_t base);
/* Before an instruction with a guard label: what a jump leaves must be in place. */
void before_guard(Translator *t, uint64_t guard);
bool op_arithmetic(Translator *t, const Decoded *d, Instruction kind, bool has_imm, bool commutes);
bool op_unary(Translator *t, const Decoded *d, Instruction kind);
bool op_logic(Translator *t, const Decoded *d, LogicKind which);
/* `count` entries from the top become one of kind `result`; `extra` is the instruction's own field.
 */
bool op_nary(Translator *t, const Decoded *d, Instruction kind, uint64_t count, uint64_t guard,
             uint64_t extra, uint8_t result);
bool op_make_cons(Translator *t, const Decoded *d);
bool op_get(Translator *t, const Decoded *d);
bool op_get_map(Translator *t, const Decoded *d);

/* ---- calls, exceptions (translate_call.c) ---- */
bool op_call(Translator *t, const Decoded *d);
bool op_call_dynamic(Translator *t, const Decoded *d);
bool op_tail_call(Translator *t, const Decoded *d);
bool op_return(Translator *t, const Decoded *d);
bool op_bif(Translator *t, const Decoded *d);
bool op_exception(Translator *t, const Decoded *d);

/* ---- receive (translate_receive.c) ---- */
bool op_receive(Translator *t, const Decoded *d);
/* Before and after each instruction: what may be done while a message is looked at, whose slot was
 * `message` before. False: refused. */
bool message_is_untouched(Translator *t, const Decoded *d);
bool message_is_kept_apart(Translator *t, const Decoded *d, uint32_t message);
static inline bool check_message(Translator *t, const Decoded *d)
{
    bool takes = d->op == OP_receive_take || d->op == OP_receive_next;
    return (t->message == NO_MESSAGE && !takes) || message_is_untouched(t, d);
}
static inline bool check_message_stays(Translator *t, const Decoded *d, uint32_t message)
{
    return message == NO_MESSAGE || t->message == NO_MESSAGE ||
           message_is_kept_apart(t, d, message);
}

/* ---- binaries (translate_bits.c) ---- */
bool op_bs_start(Translator *t, const Decoded *d);
bool op_bs_get(Translator *t, const Decoded *d, Instruction kind);
bool op_bs(Translator *t, const Decoded *d);
bool op_bs_build(Translator *t, const Decoded *d);

#endif
