/* compiler/jit/encode_x86.c
 * x86-64. Two-address instructions: `d = a op b` is a move and the operation where d is not a
 * already. r11 (R_SCRATCH) and xmm15 (F_SCRATCH) hold what is in the way; a constant that no
 * instruction takes goes through r11. Doubles that are constants lie behind the code.
 *
 * What needs fixed registers (division, the high half of a product; shifts by a register where
 * there is no BMI2) saves and restores them, so that nobody outside needs to know. */
#include "compiler/jit/encode_x86_internal.h"

/* near: E8 or E9; far: FF /number. */
static void go_address(Encoder *e, uint32_t near_opcode, uint32_t number, int64_t target)
{
    if (encoder_reaches(e, (uintptr_t) target, INT32_MAX - 64)) {
        put8(e, near_opcode);
        layout_relocation(&e->layout, (uintptr_t) target);
        put32(e, 0);
    } else {
        x86_constant(e, R11X, target);
        x86_op_rr(e, 0xFF, number, R11X);
    }
}

static void jump_table(Encoder *e, const MachineInstruction *i, uint32_t table_label)
{
    MachineMemory entry = m_at_index(R_SCRATCH, (MachineRegister) i->a, 2, 0);
    uint32_t a = x86_numbers[i->a];
    x86_op_rlabel(e, W | 0x8D, R11X, table_label);
    x86_op_rm(e, W | 0x63, a, &entry);
    x86_alu_rr(e, ALU_ADD, a, R11X);
    x86_op_rr(e, 0xFF, 4, a);
}

static void encode_move(Encoder *e, const MachineInstruction *i)
{
    static const uint32_t extend_opcodes[] = {
        [WIDTH_64] = W | 0x8B,  [WIDTH_U8] = BYTE_RM | 0x0FB6, [WIDTH_S8] = W | 0x0FBE,
        [WIDTH_U16] = 0x0FB7,   [WIDTH_S16] = W | 0x0FBF,      [WIDTH_U32] = 0x8B,
        [WIDTH_S32] = W | 0x63,
    };
    uint32_t bits = x86_width_bits[i->width];
    uint32_t size = bits == 64 ? W : bits == 16 ? P66 : 0;
    switch ((MachineOp) i->op) {
    case M_MOVE:
        x86_move(e, x86_numbers[i->d], x86_numbers[i->a]);
        break;
    case M_CONST:
    case M_ADDRESS:
        x86_constant(e, x86_numbers[i->d], i->constant);
        break;
    case M_LOAD:
        x86_load(e, (MachineWidth) i->width, x86_numbers[i->d], &i->memory);
        break;
    case M_STORE:
        if (bits == 8) {
            x86_op_rm(e, BYTE_REG | 0x88, x86_numbers[i->a], &i->memory);
        } else {
            x86_op_rm(e, size | 0x89, x86_numbers[i->a], &i->memory);
        }
        break;
    case M_STORE_IMM:
        if (bits == 64 && !fits32(i->constant)) {
            x86_constant(e, R11X, i->constant);
            x86_op_rm(e, W | 0x89, R11X, &i->memory);
            break;
        }
        x86_op_rm(e, bits == 8 ? 0xC6 : size | 0xC7, 0, &i->memory);
        put8(e, (uint8_t) i->constant);
        if (bits > 8) {
            put8(e, (uint8_t) (i->constant >> 8));
        }
        if (bits > 16) {
            put8(e, (uint8_t) (i->constant >> 16));
            put8(e, (uint8_t) (i->constant >> 24));
        }
        break;
    case M_LEA:
        x86_lea(e, x86_numbers[i->d], &i->memory);
        break;
    case M_LEA_LABEL:
        x86_op_rlabel(e, W | 0x8D, x86_numbers[i->d], i->label);
        break;
    case M_EXTEND:
        x86_op_rr(e, extend_opcodes[i->width], x86_numbers[i->d], x86_numbers[i->a]);
        break;
    default:
        CHECK(!"no move");
    }
}

static const uint8_t kept_by_c[] = {RBP, RBX, 12, 13, 14, 15};

static void encode_control(Encoder *e, const MachineInstruction *i)
{
    switch ((MachineOp) i->op) {
    case M_JUMP:
        x86_jump_if(e, ITEM_JUMP, i->label);
        break;
    case M_JUMP_REGISTER:
        x86_op_rr(e, 0xFF, 4, x86_numbers[i->a]);
        break;
    case M_JUMP_MEMORY:
        x86_op_rm(e, 0xFF, 4, &i->memory);
        break;
    case M_JUMP_ADDRESS:
        go_address(e, 0xE9, 4, i->constant);
        break;
    case M_JUMP_TABLE:
        jump_table(e, i, e->table_labels[i->constant]);
        break;
    case M_CALL:
        put8(e, 0xE8);
        layout_fixup(&e->layout, FIX_RELATIVE, i->label, UINT32_MAX);
        put32(e, 0);
        break;
    case M_CALL_REGISTER:
    case M_CALL_C_REGISTER:
        x86_op_rr(e, 0xFF, 2, x86_numbers[i->a]);
        break;
    case M_CALL_MEMORY:
        x86_op_rm(e, 0xFF, 2, &i->memory);
        break;
    case M_CALL_ADDRESS:
    case M_CALL_C:
        go_address(e, 0xE8, 2, i->constant);
        break;
    case M_RETURN:
        put8(e, 0xC3);
        break;
    case M_RETURN_POINT:
        layout_point(&e->layout);
        put32(e, 0x00841F0F); /* nop [rax + rax + payload] */
        put32(e, (uint32_t) i->constant);
        break;
    case M_C_STACK:
        x86_load(e, WIDTH_64, RSP, &i->memory);
        break;
    case M_ENTER_FROM_C:
        for (uint32_t each = 0; each < COUNT_OF(kept_by_c); each++) {
            x86_put_opcode(e, 0x50 | (kept_by_c[each] & 7), 0, 0, kept_by_c[each], false);
        }
        x86_alu_imm(e, ALU_SUB, RSP, 8); /* six and the return address: one more to be aligned */
        x86_op_rm(e, W | 0x89, RSP, &i->memory);
        break;
    case M_LEAVE_TO_C:
        x86_load(e, WIDTH_64, RSP, &i->memory);
        x86_alu_imm(e, ALU_ADD, RSP, 8);
        for (uint32_t each = COUNT_OF(kept_by_c); each-- > 0;) {
            x86_put_opcode(e, 0x58 | (kept_by_c[each] & 7), 0, 0, kept_by_c[each], false);
        }
        put8(e, 0xC3);
        break;
    case M_LABEL:
        layout_bind(&e->layout, i->label);
        break;
    case M_ALIGN:
        ASSERT(i->constant > 0 && i->constant <= 64 && (i->constant & (i->constant - 1)) == 0);
        layout_item(&e->layout, LAYOUT_ALIGN, (uint32_t) i->constant, 0);
        break;
    case M_DATA:
        put64(e, (uint64_t) i->constant);
        break;
    case M_DATA_LABEL:
        layout_fixup(&e->layout, FIX_TABLE, i->label, UINT32_MAX);
        put32(e, 0);
        break;
    case M_MARK:
        break;
    case M_STOP:
        put8(e, 0x0F);
        put8(e, 0x0B);
        break;
    default:
        CHECK(!"no control");
    }
}

/* ---- for layout.c ---- */

static uint32_t item_size(const LayoutItem *item)
{
    return !item->is_long ? 2 : item->kind == ITEM_JUMP ? 5 : 6;
}

static bool item_reaches(const LayoutItem *item, int64_t distance)
{
    return fits8(distance - 2);
}

static void item_write(const LayoutItem *item, uint8_t *to, int64_t distance)
{
    int32_t relative = (int32_t) (distance - item->size);
    if (!item->is_long) {
        to[0] = item->kind == ITEM_JUMP ? 0xEB : 0x70 | item->kind;
        to[1] = (uint8_t) relative;
        return;
    }
    if (item->kind == ITEM_JUMP) {
        *to++ = 0xE9;
    } else {
        *to++ = 0x0F;
        *to++ = 0x80 | item->kind;
    }
    memcpy(to, &relative, 4);
}

static void fix(uint8_t kind, uint8_t *at, int64_t distance)
{
    int32_t value = (int32_t) (kind == FIX_RELATIVE ? distance - 4 : distance);
    memcpy(at, &value, 4);
}

/* None of them reads as a return point. */
static void fill(uint8_t *to, uint32_t size)
{
    static const char *const nops[] = {
        "",
        "\x90",
        "\x66\x90",
        "\x0F\x1F\x00",
        "\x0F\x1F\x40\x00",
        "\x0F\x1F\x44\x00\x00",
        "\x66\x0F\x1F\x44\x00\x00",
        "\x0F\x1F\x80\x00\x00\x00\x00",
    };
    while (size > 0) {
        uint32_t part = size > 7 ? 7 : size;
        memcpy(to, nops[part], part);
        to += part;
        size -= part;
    }
}

const EncoderTarget encoder_x86 = {
    .layout = {item_size, item_reaches, item_write, fix, fill},
    .move = encode_move,
    .integer = x86_integer,
    .memory = x86_memory,
    .test = x86_test,
    .floats = x86_float,
    .control = encode_control,
    .instruction_bytes_max = 128,
    .table_fixup = FIX_TABLE,
};
