/* compiler/jit/quick.c
 * The pass forwards: labels, exits, stubs, moves and jumps. See quick_internal.h. */
#include "compiler/jit/quick_internal.h"
#include "compiler/jit/slot_code.h"

enum { NO_LABEL = UINT32_MAX };

/* ---- states at labels ---- */

static SavedState *save_state(Quick *q, uint64_t live)
{
    uint32_t count = 0;
    live = quick_rest_needs(q, live);
    SavedState *saved = quick_alloc(q, sizeof *saved + q->state.count * sizeof(Known));
    for (uint32_t i = 0; i < q->state.count; i++) {
        if (slot_is_live(live, q->state.known[i].slot)) {
            saved->known[count++] = q->state.known[i];
        }
    }
    saved->count = count;
    saved->heap_ready = q->heap_ready;
    return saved;
}

static bool takes_state(const At *target)
{
    return target->jumps == 1 && !target->falls_in && !target->is_place;
}

static uint32_t count_writes(const Quick *q, uint64_t live)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < q->state.count; i++) {
        const Known *known = &q->state.known[i];
        count += known->dirty && slot_is_live(live, known->slot) &&
                 !(known->is_rest && known->reg == R_NONE); /* in memory as it can be */
    }
    return count;
}

static void take_writes(Quick *q, Stub *stub, uint64_t live)
{
    live = quick_rest_needs(q, live);
    quick_rest_take(q, stub, live);
    uint32_t count = count_writes(q, live);
    stub->writes = count == 0 ? NULL : quick_alloc(q, count * sizeof *stub->writes);
    for (uint32_t i = 0; i < q->state.count; i++) {
        const Known *known = &q->state.known[i];
        if (known->dirty && slot_is_live(live, known->slot) &&
            !(known->is_rest && known->reg == R_NONE)) {
            stub->writes[stub->write_count++] =
                (Write){known->slot, known->reg, known->is_constant, known->constant};
        }
    }
}

static Stub *new_stub(Quick *q, void (*emit)(Quick *q, const Stub *stub))
{
    Stub *stub = quick_alloc(q, sizeof *stub);
    *stub = (Stub){
        .label = m_label(&q->m), .emit = emit, .at = q->now, .resume = NO_LABEL, .other = NO_LABEL};
    if (q->stub_count == q->stub_capacity) {
        q->stub_capacity = q->stub_capacity * 2 + 32;
        q->stubs = mem_realloc(q->stubs, q->stub_capacity * sizeof *q->stubs);
    }
    q->stubs[q->stub_count++] = stub;
    return stub;
}

/* The register gets the slot's value again. Of several slots with that value rather one that a
 * collection looks at: the others may be dead (of slots behind MASKED_SLOTS that is not known). */
static void take_reload(Quick *q, Stub *stub, const Known *known)
{
    Write reload = {known->slot, known->reg, known->is_constant, known->constant};
    for (uint32_t i = 0; i < stub->reload_count; i++) {
        if (stub->reloads[i].reg == known->reg) {
            if (!quick_is_collected(q, q->now, stub->reloads[i].slot)) {
                stub->reloads[i] = reload;
            }
            return;
        }
    }
    stub->reloads[stub->reload_count++] = reload;
}

Stub *quick_stub(Quick *q, void (*emit)(Quick *q, const Stub *stub))
{
    Stub *stub = new_stub(q, emit);
    uint64_t live = quick_rest_needs(q, q->at[q->now].live | live_after(q));
    take_writes(q, stub, live);
    stub->reloads = quick_alloc(q, (q->state.count + 1) * sizeof *stub->reloads);
    for (uint32_t i = 0; i < q->state.count; i++) {
        const Known *known = &q->state.known[i];
        if (known->reg != R_NONE && slot_is_live(live, known->slot)) {
            take_reload(q, stub, known);
        }
    }
    return stub;
}

void quick_stub_changes(Quick *q, Stub *stub, uint32_t slot)
{
    uint64_t live = quick_rest_needs(q, q->at[q->now].live | live_after(q));
    for (uint32_t i = 0; i < stub->reload_count; i++) {
        Write *reload = &stub->reloads[i];
        for (uint32_t j = 0; reload->slot == slot && j < q->state.count; j++) {
            const Known *known = &q->state.known[j];
            if (known->reg == reload->reg && slot_is_live(live, known->slot)) {
                reload->slot = known->slot;
            }
        }
    }
}

void quick_stub_writes(Quick *q, const Stub *stub)
{
    for (uint32_t i = 0; i < stub->write_count; i++) {
        const Write *write = &stub->writes[i];
        if (write->is_constant) {
            m_store_imm(&q->m, WIDTH_64, (int64_t) write->constant, slot_memory(write->slot));
        } else {
            m_store(&q->m, WIDTH_64, (MachineRegister) write->reg, slot_memory(write->slot));
        }
    }
}

void quick_stub_reloads(Quick *q, const Stub *stub)
{
    for (uint32_t i = 0; i < stub->reload_count; i++) {
        const Write *reload = &stub->reloads[i];
        if (reload->is_constant) {
            m_const(&q->m, (MachineRegister) reload->reg, (int64_t) reload->constant);
        } else {
            m_load(&q->m, WIDTH_64, (MachineRegister) reload->reg, slot_memory(reload->slot));
        }
    }
}

void quick_stub_gather(Quick *q, const Stub *stub)
{
    Machine *m = &q->m;
    Code at = q->code + q->at[stub->at].offset;
    for (uint32_t i = 0, count = field_u16(at, 6); i < count; i++) {
        int32_t operand = field_s16(at, 24 + 2 * i);
        MachineMemory to =
            m_at((MachineRegister) R_ACTIVATION, (int32_t) (q->runtime->activation_args + 8 * i));
        if (operand < 0) {
            m_load(m, WIDTH_64, R0, slot_memory((uint32_t) -operand));
            m_store(m, WIDTH_64, R0, to);
        } else {
            m_store_imm(m, WIDTH_64, (int64_t) field_u64(at, 4 * (uint32_t) operand), to);
        }
    }
}

void quick_stub_collect(Quick *q, const Stub *stub, uint32_t words, MachineLabel retry)
{
    Machine *m = &q->m;
    MachineLabel again;
    if (stub->rest_count > 0) { /* its binary is in slots that a collection does not look at */
        quick_stub_leave(q, stub);
        return;
    }
    again = m_label(m);
    m_lea_label(m, R0, again);
    m_store(m, WIDTH_64, R0,
            m_at((MachineRegister) R_ACTIVATION, (int32_t) q->runtime->activation_resume));
    m_const(m, R1, q->at[stub->at].offset - q->function->code_offset);
    m_const(m, R2, words);
    m_jump(m, q->heap_at);
    q->has_heap = true;
    m_bind(m, again);
    quick_stub_reloads(q, stub);
    m_jump(m, retry);
}

static void leave_at(Quick *q, uint32_t index)
{
    m_const(&q->m, R1, q->at[index].offset - q->function->code_offset);
    m_jump(&q->m, q->leave_at);
}

void quick_stub_leave(Quick *q, const Stub *stub)
{
    quick_rest_leave(q, stub);
    leave_at(q, stub->at);
}

static void emit_exit(Quick *q, const Stub *stub)
{
    quick_stub_writes(q, stub);
    quick_stub_leave(q, stub);
}

MachineLabel quick_exit(Quick *q)
{
    if (q->exit == NO_LABEL) {
        Stub *stub = new_stub(q, emit_exit);
        take_writes(q, stub, q->at[q->now].live);
        q->exit = stub->label;
    }
    return q->exit;
}

static void emit_raise(Quick *q, const Stub *stub)
{
    quick_stub_writes(q, stub);
    quick_rest_leave(q, stub);
    m_const(&q->m, R1, q->at[stub->at].offset - q->function->code_offset);
    m_jump(&q->m, q->raise_at);
}

/* The instruction at hand raises an exception. */
static void fails(Quick *q)
{
    Stub *stub = new_stub(q, emit_raise);
    take_writes(q, stub, q->at[q->now].live);
    m_jump(&q->m, stub->label);
    q->has_raise = true;
    state_clear(q);
    q->heap_ready = 0;
    q->reachable = false;
}

static void emit_exit_after(Quick *q, const Stub *stub)
{
    quick_stub_writes(q, stub);
    m_const(&q->m, R1, q->at[stub->at + 1].offset - q->function->code_offset);
    m_jump(&q->m, q->collect_at);
}

MachineLabel quick_collect_after(Quick *q)
{
    Stub *stub = new_stub(q, emit_exit_after);
    take_writes(q, stub, live_after(q));
    return stub->label;
}

static void emit_edge(Quick *q, const Stub *stub)
{
    quick_stub_writes(q, stub);
    quick_rest_leave(q, stub);
    m_jump(&q->m, stub->other);
}

MachineLabel quick_branch_target(Quick *q, int32_t distance)
{
    At *target = &q->at[quick_target(q, distance)];
    Stub *stub;
    if (takes_state(target)) {
        target->state = save_state(q, target->live);
        return target->label;
    }
    uint64_t live = quick_rest_needs(q, target->live), terms = quick_rest_terms(q, target, live);
    if (count_writes(q, live) == 0 && terms == 0) {
        return target->label;
    }
    stub = new_stub(q, emit_edge);
    take_writes(q, stub, live);
    quick_rest_take(q, stub, terms);
    stub->other = target->label;
    return stub->label;
}

MachineLabel quick_branch_target_kinds(Quick *q, int32_t distance, uint32_t slot, uint32_t kinds)
{
    At *target = &q->at[quick_target(q, distance)];
    MachineLabel label = quick_branch_target(q, distance);
    if (target->state != NULL) {
        for (uint32_t i = 0; i < target->state->count; i++) {
            if (target->state->known[i].slot == slot) {
                target->state->known[i].kinds = (uint16_t) kinds;
            }
        }
    }
    return label;
}

void quick_jump(Quick *q, int32_t distance)
{
    At *target = &q->at[quick_target(q, distance)];
    if (takes_state(target)) {
        target->state = save_state(q, target->live);
    } else {
        quick_rest_make(q, quick_rest_terms(q, target, target->live));
        state_flush(q, quick_rest_needs(q, target->live));
    }
    m_jump(&q->m, target->label);
    q->reachable = false;
}

/* ---- register moves, C ---- */

void quick_moves(Quick *q, const MachineRegister to_given[], const MachineRegister from_given[],
                 uint32_t count)
{
    MachineRegister to[8], from[8];
    uint32_t pending = 0;
    CHECK(count <= COUNT_OF(to));
    for (uint32_t i = 0; i < count; i++) {
        if (to_given[i] != from_given[i]) {
            to[pending] = to_given[i];
            from[pending++] = from_given[i];
        }
    }
    while (pending > 0) {
        bool moved = false;
        for (uint32_t i = 0; i < pending && !moved; i++) {
            bool busy = false;
            for (uint32_t j = 0; j < pending; j++) {
                busy |= from[j] == to[i] && j != i;
            }
            if (!busy) {
                m_move(&q->m, to[i], from[i]);
                pending--;
                to[i] = to[pending];
                from[i] = from[pending];
                moved = true;
            }
        }
        if (!moved) { /* a ring: exchange by three xors, there is no register to spare */
            MachineRegister a = to[0], b = from[0];
            m_xor(&q->m, a, a, b);
            m_xor(&q->m, b, b, a);
            m_xor(&q->m, a, a, b);
            /* What was in a is in b now, and a has its own. */
            pending--;
            to[0] = to[pending];
            from[0] = from[pending];
            for (uint32_t j = 0; j < pending; j++) {
                from[j] = from[j] == a ? b : from[j] == b ? a : from[j];
            }
            for (uint32_t j = pending; j-- > 0;) {
                if (to[j] == from[j]) {
                    pending--;
                    to[j] = to[pending];
                    from[j] = from[pending];
                }
            }
        }
    }
}

void quick_c_call(Quick *q, const void *function, bool builds)
{
    Machine *m = &q->m;
    m_store(m, WIDTH_64, R_SP, m_at(R_PROCESS, offsetof(Process, frame)));
    if (builds) {
        m_store(m, WIDTH_64, R_HEAP, m_at(R_PROCESS, offsetof(Process, heap.space.top)));
    }
    m_c_stack(m, m_at((MachineRegister) R_ACTIVATION, (int32_t) q->runtime->activation_c_stack));
    if (function != NULL) {
        m_call_c(m, function);
    } else {
        m_call_c_register(m, R0);
    }
    m_load(m, WIDTH_64, R_SP, m_at(R_PROCESS, offsetof(Process, frame)));
    if (builds) {
        m_load(m, WIDTH_64, R_HEAP, m_at(R_PROCESS, offsetof(Process, heap.space.top)));
    }
}

/* ---- moves, jumps, ends ---- */

static void move_pairs(Quick *q, uint32_t pairs)
{
    for (uint32_t i = 0; i < pairs; i++) {
        uint32_t to = slot_of(q, 4 + 4 * i), from = slot_of(q, 6 + 4 * i);
        state_copy(q, to, from);
        q->pinned = 0;
    }
}

static void instruction(Quick *q, Instruction i)
{
    switch (i) {
    case I_move:
        move_pairs(q, 1);
        break;
    case I_move2:
        move_pairs(q, 2);
        break;
    case I_move3:
        move_pairs(q, 3);
        break;
    case I_const32:
        state_define_constant(q, slot_of(q, 4), field_imm(q->pc, 8));
        break;
    case I_const64:
        state_define_constant(q, slot_of(q, 4), field_u64(q->pc, 8));
        break;
    case I_jump:
        quick_jump(q, field_s32(q->pc, 4));
        break;
    case I_switch_word:
    case I_switch_dense:
    case I_switch_arity:
        quick_switch(q, i);
        break;
    case I_unless_true:
    case I_if_true:
    case I_branch_boolean:
    case I_test_integer:
    case I_test_float:
    case I_test_number:
    case I_test_atom:
    case I_test_boolean:
    case I_test_list:
    case I_test_cons:
    case I_test_nil:
    case I_test_tuple:
    case I_test_map:
    case I_test_binary:
    case I_test_bitstring:
    case I_test_function:
    case I_test_pid:
    case I_test_port:
    case I_test_reference:
    case I_test_arity:
    case I_test_record:
    case I_test_word:
    case I_test_not_word:
        quick_test(q, i);
        break;
    case I_test_literal:
    case I_test_eq_exact:
    case I_test_ne_exact:
    case I_test_eq:
    case I_test_ne:
    case I_test_lt:
    case I_test_ge:
    case I_test_lt_imm:
    case I_test_ge_imm:
    case I_test_gt_imm:
    case I_test_le_imm:
    case I_compare:
        quick_compare(q, i);
        break;
    case I_get_head:
    case I_get_tail:
    case I_get_list:
    case I_get_element:
    case I_get_element2:
    case I_get_map:
    case I_get_map_const:
    case I_test_map_key:
        quick_get(q, i);
        break;
    case I_make_cons:
    case I_make_list:
    case I_make_tuple:
    case I_make_fun:
    case I_make_map:
    case I_map_put:
    case I_map_update:
    case I_bs_build:
        quick_build(q, i);
        break;
    case I_add:
    case I_add_imm:
    case I_subtract:
    case I_subtract_imm:
    case I_multiply:
    case I_multiply_imm:
    case I_int_divide:
    case I_int_divide_imm:
    case I_remainder:
    case I_remainder_imm:
    case I_bit_and:
    case I_bit_and_imm:
    case I_bit_or:
    case I_bit_or_imm:
    case I_bit_xor:
    case I_bit_xor_imm:
    case I_shift_left:
    case I_shift_left_imm:
    case I_shift_right:
    case I_shift_right_imm:
    case I_divide:
    case I_negate:
    case I_bit_not:
    case I_not:
    case I_logic:
        quick_arithmetic(q, i);
        break;
    case I_loop:
    case I_bif:
    case I_call_bif:
    case I_call:
    case I_call_export:
    case I_call_fun:
    case I_call_dynamic:
    case I_tail_call:
    case I_tail_call_export:
    case I_tail_call_fun:
    case I_tail_call_dynamic:
    case I_return:
    case I_return_const:
        quick_call(q, i);
        break;
    case I_receive_from:
    case I_receive_peek:
    case I_receive_take:
    case I_receive_next:
    case I_receive_wait:
    case I_receive_wait_until:
        quick_receive(q, i);
        break;
    case I_bs_start:
    case I_bs_get_integer:
    case I_bs_get_integer_const:
    case I_bs_get_byte:
    case I_bs_get_float:
    case I_bs_get_bits:
    case I_bs_get_rest:
    case I_bs_skip:
    case I_bs_get_utf8:
    case I_bs_get_utf16:
    case I_bs_get_utf32:
    case I_bs_match_literal:
    case I_bs_test_end:
    case I_bs_test_unit:
    case I_bs_position:
    case I_bs_restore:
        quick_bits(q, i);
        break;
    default: /* failures and stubs */
        if (slot_code_raises(i)) {
            fails(q);
        } else {
            quick_leave(q);
        }
    }
}

void quick_leave(Quick *q)
{
    m_jump(&q->m, quick_exit(q));
    state_clear(q);
    q->heap_ready = 0;
    q->reachable = false;
}

/* Where the instruction at hand begins: its label, and the state there. */
static void place_label(Quick *q)
{
    At *at = &q->at[q->now];
    if (q->reachable) {
        if (at->jumps == 0 && !at->is_place && !at->is_loop) {
            return;
        }
        quick_rest_make(q, quick_rest_terms(q, at, at->live));
        state_flush(q, quick_rest_needs(q, at->live));
        state_clear(q);
        q->heap_ready = 0;
        if (at->has_label) {
            m_bind(&q->m, at->label);
        }
        quick_rest_at_label(q);
        quick_loop_label(q);
        return;
    }
    if (!at->has_label) {
        return;
    }
    if (at->is_place || at->jumps > 0) {
        state_clear(q);
        q->heap_ready = 0;
        if (takes_state(at)) {
            if (at->state == NULL) { /* nothing that was written leads here */
                m_bind(&q->m, at->label);
                return;
            }
            q->state.count = at->state->count;
            memcpy(q->state.known, at->state->known, at->state->count * sizeof(Known));
            q->heap_ready = at->state->heap_ready;
        } else {
            quick_rest_at_label(q);
        }
        m_bind(&q->m, at->label);
        q->reachable = true;
        quick_loop_label(q);
    }
}

static void function_entry(Quick *q)
{
    const CodeHeader *header = code_header(q->code + q->function->code_offset);
    Machine *m = &q->m;
    MachineLabel slow = m_label(m);
    m_align(m, 16);
    m_bind(m, q->entry);
    m_sub_negative_imm(m, (MachineRegister) R_REDUCTIONS, (MachineRegister) R_REDUCTIONS, 1, slow);
    m_lea(m, R0, m_at(R_SP, -8 * (int32_t) header->frame_words));
    m_branch_mem(m, M_ULT, R0, m_at(R_PROCESS, offsetof(Process, heap.space.limit)), slow);
    m_bind(m, q->body);
    q->entry_slow = slow;
}

static void leave(Quick *q, MachineLabel label, uint32_t kind)
{
    Machine *m = &q->m;
    m_bind(m, label);
    m_address(m, R0, q->code + q->function->code_offset);
    m_add(m, R1, R1, R0);
    if (kind == q->runtime->exit_bif) {
        m_jump_address(m, q->runtime->special);
    } else if (kind == q->runtime->exit_raised) {
        m_jump_address(m, q->runtime->raise);
    } else {
        m_const(m, R0, kind);
        m_jump_address(m, q->runtime->leave);
    }
}

static void ends(Quick *q)
{
    Machine *m = &q->m;
    m_mark(m, -1);
    for (uint32_t i = 0; i < q->stub_count; i++) {
        m_bind(m, q->stubs[i]->label);
        q->stubs[i]->emit(q, q->stubs[i]);
    }
    leave(q, q->leave_at, q->runtime->exit_interpret);
    if (q->has_yield) {
        leave(q, q->yield_at, q->runtime->exit_yield);
    }
    if (q->has_heap) {
        leave(q, q->heap_at, q->runtime->exit_heap);
    }
    if (q->has_raise) {
        leave(q, q->raise_at, q->runtime->exit_raised);
    }
    if (q->has_bif) {
        leave(q, q->bif_at, q->runtime->exit_bif);
        leave(q, q->collect_at, q->runtime->exit_collect);
    }
    m_bind(m, q->entry_slow);
    m_address(m, R1, q->code + q->function->code_offset);
    m_const(m, R0, q->runtime->exit_entry);
    m_jump_address(m, q->runtime->leave);
}

static void write_function(Quick *q)
{
    for (uint32_t now = 0; now < q->count; now++) {
        q->at[now].label = q->at[now].has_label ? m_label(&q->m) : NO_LABEL;
    }
    function_entry(q);
    q->reachable = true;
    for (q->now = 0; q->now < q->count; q->now++) {
        q->pc = q->code + q->at[q->now].offset;
        place_label(q);
        if (!q->reachable) {
            continue;
        }
        m_mark(&q->m, q->at[q->now].offset);
        state_begin_instruction(q);
        if (*q->runtime->exit_stress) {
            m_memory_sub_negative(
                &q->m, WIDTH_64,
                m_at((MachineRegister) R_ACTIVATION, (int32_t) q->runtime->activation_until_exit),
                1, quick_exit(q));
        }
        quick_rest_before(q);
        instruction(q, (Instruction) q->at[q->now].instruction);
        if (q->reachable) {
            state_end_instruction(q);
            quick_rest_label(q);
        }
    }
    ends(q);
}

static void collect_places(Quick *q, QuickResult *result)
{
    uint32_t count = 0;
    for (uint32_t now = 0; now < q->count; now++) {
        count += q->at[now].is_place;
    }
    result->places = mem_alloc((count + 1) * sizeof *result->places);
    for (uint32_t now = 0; now < q->count; now++) {
        if (q->at[now].is_place) {
            result->places[result->place_count].slot_offset = q->at[now].offset;
            result->places[result->place_count].depth = quick_place_depth(q, now);
            result->places[result->place_count++].label = q->at[now].label;
        }
    }
}

bool quick_compile(const Function *function, const NativeRuntime *runtime, QuickResult *result)
{
    Quick *q = mem_alloc_zero(sizeof *q);
    bool fine;
    memset(result, 0, sizeof *result);
    machine_init(&q->m);
    q->runtime = runtime;
    q->function = function;
    q->module = function->owner;
    q->code = function->owner->code;
    q->entry = m_label(&q->m);
    q->body = m_label(&q->m);
    q->leave_at = m_label(&q->m);
    q->yield_at = m_label(&q->m);
    q->bif_at = m_label(&q->m);
    q->raise_at = m_label(&q->m);
    q->heap_at = m_label(&q->m);
    q->collect_at = m_label(&q->m);
    fine = quick_scan(q);
    if (fine) {
        write_function(q);
        collect_places(q, result);
        result->machine = q->m;
        result->entry = q->entry;
        result->body = q->body;
        result->return_points = q->return_points.at;
        result->return_point_count = q->return_points.count;
    } else {
        machine_finish(&q->m);
    }
    mem_free(q->stubs);
    quick_free(q);
    mem_free(q);
    return fine;
}

void quick_result_finish(QuickResult *result)
{
    machine_finish(&result->machine);
    mem_free(result->places);
    mem_free(result->return_points);
    mem_free(result->heirs);
    memset(result, 0, sizeof *result);
}
