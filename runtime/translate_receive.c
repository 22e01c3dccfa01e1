/* runtime/translate_receive.c
 * What receive becomes.
 *
 * Between receive_peek and receive_take or receive_next a message is looked at that still belongs
 * to the mailbox: something else could take it from there, and what was learnt of it would lead
 * nowhere. So meanwhile nothing is called, raised or returned from, and what comes of the message
 * stays in the slots from the message's own on, which receive_next leaves behind, or goes to slots
 * that hold no value where that goes on. */
#include "runtime/translate_ops.h"

bool message_is_untouched(Translator *t, const Decoded *d)
{
    const OpcodeInfo *info = &opcode_info[d->op];
    bool takes = d->op == OP_receive_take || d->op == OP_receive_next;
    if (t->message == NO_MESSAGE) {
        return !takes || translate_fail(t, "%s: no message was looked at", info->name);
    }
    if (takes) {
        return true;
    }
    const char *guard = strchr(info->operands, 'g');
    bool is_receive = d->op >= OP_receive_from && d->op <= OP_receive_wait_until;
    bool raises = (info->may & MAY_RAISE) && (guard == NULL || d->v[guard - info->operands] == 0);
    bool ends = (info->may & MAY_STOP) && !(info->may & MAY_JUMP);
    if (is_receive || raises || ends || (info->may & MAY_CALL)) {
        return translate_fail(t, "%s while a message is looked at", info->name);
    }
    return true;
}

bool message_is_kept_apart(Translator *t, const Decoded *d, uint32_t message)
{
    const OpcodeInfo *info = &opcode_info[d->op];
    if (d->op == OP_store && d->v[0] < message) {
        t->stack[d->v[0]].of_message = true;
    }
    return info->pushes <= 0 || t->depth >= message + (uint32_t) info->pushes ||
           translate_fail(t, "%s: of a message, below its slot", info->name);
}

/* It is taken, or left: then the slots that came of it are not to be read. */
static void message_ends(Translator *t, bool is_taken)
{
    for (uint32_t i = 0; i < t->depth; i++) {
        if (t->stack[i].of_message && !is_taken) {
            t->stack[i].kind = SLOT_NONE;
        }
        t->stack[i].of_message = false;
    }
    t->message = NO_MESSAGE;
}

bool op_receive(Translator *t, const Decoded *d)
{
    uint32_t at, slot;
    switch (d->op) {
    case OP_receive_from:
        if (!need_slot(t, d->v[0], d)) {
            return false;
        }
        slot = entry_slot(t, (uint32_t) d->v[0]); /* it may have to be written first */
        at = emit_instruction(t, I_receive_from, 0);
        put16(t, at + 4, slot_field(slot));
        return true;
    case OP_receive_peek:
        materialize_all(t);
        emit_safepoint(t, t->code_bytes);
        at = emit_instruction(t, I_receive_peek, 0);
        put16(t, at + 4, slot_field(t->depth));
        put32(t, at + 12, at - t->out->code_offset);
        if (!leave(t, d->v[0], at + 8, at)) {
            return false;
        }
        t->message = t->depth;
        push(t, SLOT_VALUE);
        return true;
    case OP_receive_take:
        emit_instruction(t, I_receive_take, 0);
        message_ends(t, true);
        return true;
    case OP_receive_next:
        if (t->depth < 1) {
            return translate_fail(t, "receive_next: no message");
        }
        t->depth--;
        if (t->depth > t->message) {
            return translate_fail(t, "receive_next: the message is not on top");
        }
        message_ends(t, false);
        return op_loop(t, d->v[0], I_receive_next);
    case OP_receive_wait:
        return op_loop(t, d->v[0], I_receive_wait);
    default: /* receive_wait_until */
        if (!need_slot(t, d->v[0], d)) {
            return false;
        }
        materialize_all(t);
        if (t->labels[d->v[1]].place < 0 || !t->labels[d->v[1]].has_safepoint) {
            return translate_fail(t, "receive_wait_until: its label is not before it");
        }
        at = emit_instruction(t, I_receive_wait_until, 0);
        put16(t, at + 4, slot_field((uint32_t) d->v[0]));
        translator_leave_to(t, (uint32_t) d->v[1], at + 8, at);
        return true;
    }
}
