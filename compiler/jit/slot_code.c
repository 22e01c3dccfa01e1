/* compiler/jit/slot_code.c
 * Decoding by the table of fields (runtime/term/instructions.def), then one pass backwards. */
#include "compiler/jit/slot_code.h"

#include <stdio.h>

#include "compiler/jit/listing.h"

enum {
    CODE_BYTES_MOST = 1 << 20,
    LIVE_WORDS_MOST = 1 << 22, /* of all live sets: 32 MiB */
    PASSES_MOST = 50           /* loops within loops need one each */
};

/* ---- fields ---- */

/* Visits the fields of one instruction: letter and offset. */
typedef struct FieldReader {
    const char *text;
} FieldReader;

static bool next_field(FieldReader *reader, char *letter, uint32_t *offset)
{
    if (*reader->text == 0) {
        return false;
    }
    *letter = *reader->text++;
    *offset = 0;
    while (*reader->text >= '0' && *reader->text <= '9') {
        *offset = *offset * 10 + (uint32_t) (*reader->text++ - '0');
    }
    while (*reader->text == ' ') {
        reader->text++;
    }
    return true;
}

static uint32_t slot_at(Code pc, uint32_t offset)
{
    return (uint32_t) -field_s16(pc, offset);
}

uint32_t slot_code_target(const SlotCode *code, uint32_t index, int32_t distance)
{
    uint32_t offset = code->at[index].offset + (uint32_t) distance;
    uint32_t target = code->index_of[(offset - code->function->code_offset) / 4];
    CHECK(target != UINT32_MAX);
    return target;
}

uint32_t slot_code_call_arity(Instruction instruction, Code pc)
{
    switch (instruction) {
    case I_call:
    case I_tail_call:
        return code_header(pc + field_s32(pc, 4))->arity;
    case I_call_export:
    case I_tail_call_export:
        return ((const CodeExport *) field_u64(pc, 8))->identity.arity;
    default:
        return field_u16(pc, 4);
    }
}

/* Calls `visit` with each place that the instruction may jump to. */
static void each_target(SlotCode *code, uint32_t index,
                        void (*visit)(SlotCode *code, uint32_t from, uint32_t to, void *state),
                        void *state)
{
    Code pc = slot_code_pc(code, index);
    Instruction i = (Instruction) code->at[index].instruction;
    FieldReader reader = {instruction_fields[i]};
    char letter;
    uint32_t o;
    while (next_field(&reader, &letter, &o)) {
        if (letter == 'l' || (letter == 'g' && field_s32(pc, o) != 0)) {
            visit(code, index, slot_code_target(code, index, field_s32(pc, o)), state);
        } else if (letter == '*' && i != I_call_bif && field_s32(pc, 12) != 0) {
            visit(code, index, slot_code_target(code, index, field_s32(pc, 12)), state);
        } else if (letter == 'W' || letter == 'R' || letter == 'T') {
            uint32_t step = letter == 'T' ? 4 : 8;
            visit(code, index, slot_code_target(code, index, field_s32(pc, 12)), state);
            for (uint32_t n = 0; n < field_u32(pc, 16); n++) {
                visit(code, index, slot_code_target(code, index, field_s32(pc, 24 + step * n)),
                      state);
            }
        }
    }
}

/* ---- live slots ---- */

typedef struct Sets {
    uint64_t *uses, *defines, *after;
    uint32_t words;
} Sets;

static void set_add(uint64_t *set, uint32_t slot)
{
    set[slot / 64] |= (uint64_t) 1 << (slot % 64);
}

static void add_range(uint64_t *set, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        set_add(set, first + i);
    }
}

static void set_join(uint64_t *set, const uint64_t *other, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++) {
        set[i] |= other[i];
    }
}

/* Slots 1 … depth - 1, less those that the map leaves out. */
static void add_map(const SlotCode *code, uint64_t *set, uint32_t depth, uint32_t map)
{
    const LoadedModule *module = code->function->owner;
    const uint64_t *bits = map == 0 ? NULL : module->maps + module->map_starts[map];
    for (uint32_t slot = 1; slot < depth; slot++) {
        if (bits == NULL || (bits[(slot - 1) / 64] >> ((slot - 1) % 64) & 1)) {
            set_add(set, slot);
        }
    }
}

const Safepoint *slot_code_safepoint(const Function *f, uint32_t offset)
{
    uint32_t low = 0, high = f->safepoint_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (f->safepoints[middle].offset < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < f->safepoint_count && f->safepoints[low].offset == offset ? &f->safepoints[low]
                                                                           : NULL;
}

static void live_of_target(SlotCode *code, uint32_t from, uint32_t to, void *state)
{
    uint64_t *after = state;
    if (to <= from && !code->is_unmapped) {
        const Safepoint *safepoint = slot_code_safepoint(code->function, code->at[to].offset);
        CHECK(safepoint != NULL);
        add_map(code, after, safepoint->depth, safepoint->map);
    } else {
        set_join(after, code->at[to].live, code->live_words);
    }
}

/* What calls and ends read and write besides their fields. */
static void call_effects(const SlotCode *code, Instruction i, Code pc, Sets *sets)
{
    const FrameInfo *info;
    switch (i) {
    case I_call:
    case I_call_export:
    case I_call_fun:
    case I_call_dynamic:
        info = frame_info(pc + instruction_bytes[i]);
        if (!code->is_unmapped) {
            add_map(code, sets->uses, info->slots, info->map);
        }
        add_range(sets->uses, info->slots + 1u, slot_code_call_arity(i, pc));
        if (i == I_call_fun || i == I_call_dynamic) {
            set_add(sets->uses, info->slots);
        }
        if (i == I_call_dynamic) {
            set_add(sets->uses, info->slots - 1u);
        }
        set_add(sets->defines, info->slots);
        break;
    case I_call_bif:
        info = frame_info(pc + field_u32(pc, 8));
        if (!code->is_unmapped) {
            add_map(code, sets->uses, info->slots, info->map);
        }
        break;
    case I_tail_call:
    case I_tail_call_export:
        add_range(sets->uses, 1, slot_code_call_arity(i, pc));
        break;
    case I_tail_call_fun:
        add_range(sets->uses, 1, slot_code_call_arity(i, pc) + 1);
        break;
    case I_tail_call_dynamic:
        add_range(sets->uses, 1, slot_code_call_arity(i, pc) + 2);
        break;
    case I_fail_function_clause:
        add_range(sets->uses, 1, code->function->arity);
        break;
    default:
        break;
    }
}

/* Of several moves one may read what one before it wrote. (One may also read where it writes.) */
static bool is_from_move_before(Instruction i, Code pc, uint32_t o)
{
    for (uint32_t to = 4; (i == I_move2 || i == I_move3) && to + 2 < o; to += 4) {
        if (slot_at(pc, to) == slot_at(pc, o)) {
            return true;
        }
    }
    return false;
}

static void field_effects(const SlotCode *code, Instruction i, Code pc, Sets *sets)
{
    FieldReader reader = {instruction_fields[i]};
    char letter;
    uint32_t o;
    (void) code;
    while (next_field(&reader, &letter, &o)) {
        switch (letter) {
        case 'd':
            set_add(sets->defines, slot_at(pc, o));
            break;
        case 's':
            if (!is_from_move_before(i, pc, o)) {
                set_add(sets->uses, slot_at(pc, o));
            }
            break;
        case 'D':
            add_range(sets->defines, slot_at(pc, o), 3);
            break;
        case 'c':
            add_range(sets->uses, slot_at(pc, o), 3);
            break;
        case '*':
            set_add(sets->defines, slot_at(pc, 4));
            for (uint32_t n = field_u16(pc, 6); n-- > 0;) {
                int32_t operand = field_s16(pc, 24 + 2 * n);
                if (operand < 0) {
                    set_add(sets->uses, (uint32_t) -operand);
                }
            }
            break;
        case 'W':
        case 'R':
        case 'T':
            set_add(sets->uses, slot_at(pc, 4));
            break;
        default:
            break;
        }
    }
}

static void handler_live(const SlotCode *code, uint32_t offset, uint64_t *live)
{
    const Function *f = code->function;
    for (uint32_t h = 0; h < f->handler_count; h++) {
        const Handler *handler = &f->handlers[h];
        if (offset >= handler->start && offset < handler->end) {
            uint32_t target = code->index_of[(handler->target - f->code_offset) / 4];
            for (uint32_t slot = 1; slot < handler->depth; slot++) {
                if (slot_code_is_live(&code->at[target], slot)) {
                    set_add(live, slot);
                }
            }
            return;
        }
    }
}

/* Is the safepoint there for the built-in before it alone? */
static bool is_behind_builtin(const SlotCode *code, uint32_t now)
{
    return now > 0 && code->at[now - 1].instruction == I_call_bif && !code->at[now].is_loop &&
           !(instruction_may[code->at[now].instruction] & INSTRUCTION_COLLECTS);
}

/* One pass backwards. True: more lives where a loop begins than was known. */
static bool pass_live(SlotCode *code, Arena *arena, Sets sets)
{
    uint32_t words = code->live_words;
    bool grew = false;
    for (uint32_t now = code->count; now-- > 0;) {
        SlotInstruction *at = &code->at[now];
        Instruction i = (Instruction) at->instruction;
        uint8_t may = instruction_may[i];
        const Safepoint *safepoint =
            code->is_unmapped ? NULL : slot_code_safepoint(code->function, at->offset);
        memset(sets.uses, 0, 3 * words * sizeof *sets.uses);
        each_target(code, now, live_of_target, sets.after);
        field_effects(code, i, slot_code_pc(code, now), &sets);
        call_effects(code, i, slot_code_pc(code, now), &sets);
        if (!(may & INSTRUCTION_STOPS) && now + 1 < code->count) {
            set_join(sets.after, at->behind != NULL ? at->behind : code->at[now + 1].live, words);
        }
        for (uint32_t w = 0; w < words; w++) {
            uint64_t live = (sets.after[w] & ~sets.defines[w]) | sets.uses[w];
            grew |= at->is_loop && (live & ~at->live[w]) != 0;
            at->live[w] |= live;
        }
        if (code->function->handler_count > 0 && (may & (INSTRUCTION_RAISES | INSTRUCTION_CALLS))) {
            handler_live(code, at->offset, at->live);
        }
        if (safepoint != NULL && is_behind_builtin(code, now)) {
            code->at[now - 1].behind = ARENA_ZEROED(arena, uint64_t, words);
            set_join(code->at[now - 1].behind, at->live, words);
            add_map(code, code->at[now - 1].behind, safepoint->depth, safepoint->map);
        } else if (safepoint != NULL) {
            add_map(code, at->live, safepoint->depth, safepoint->map);
        }
    }
    return grew;
}

static bool find_live(SlotCode *code, Arena *arena)
{
    uint32_t words = code->live_words, passes = 1;
    uint64_t *scratch = ARENA_ZEROED(arena, uint64_t, 3 * words);
    Sets sets = {scratch, scratch + words, scratch + 2 * words, words};
    uint64_t *all = ARENA_ZEROED(arena, uint64_t, (size_t) words * code->count);
    for (uint32_t now = 0; now < code->count; now++) {
        code->at[now].live = all + (size_t) words * now;
    }
    while (pass_live(code, arena, sets) && code->is_unmapped) {
        if (++passes > PASSES_MOST) {
            return false;
        }
    }
    return true;
}

void slot_code_kept(const SlotCode *code, uint32_t index, uint64_t *set)
{
    Code pc = slot_code_pc(code, index);
    Instruction i = code_instruction(code, index);
    uint32_t result =
        i == I_call_bif ? slot_at(pc, 4) : frame_info(pc + instruction_bytes[i])->slots;
    memcpy(set, code->at[index + 1].live, code->live_words * sizeof *set);
    set[result / 64] &= ~((uint64_t) 1 << (result % 64));
    handler_live(code, code->at[index].offset, set);
}

/* ---- decoding ---- */

static void note_target(SlotCode *code, uint32_t from, uint32_t to, void *state)
{
    SlotInstruction *target = &code->at[to];
    (void) state;
    target->starts_block = true;
    if (to <= from) {
        target->is_loop = true;
    } else {
        target->forward_jumps++;
    }
}

static void note_handlers(SlotCode *code)
{
    const Function *f = code->function;
    for (uint32_t h = 0; h < f->handler_count; h++) {
        uint32_t index = code->index_of[(f->handlers[h].target - f->code_offset) / 4];
        CHECK(index != UINT32_MAX);
        code->at[index].is_handler = code->at[index].starts_block = true;
        code->at[index].depth = f->handlers[h].depth + 3;
    }
}

static bool decode(SlotCode *code, const Function *function, Arena *arena, bool is_unmapped)
{
    uint32_t bytes = function->code_end - function->code_offset;
    bool falls = true;
    *code =
        (SlotCode){.function = function, .code = function->owner->code, .is_unmapped = is_unmapped};
    if (bytes > CODE_BYTES_MOST) {
        return false;
    }
    code->slot_count = function->frame_words + 4;
    code->live_words = (code->slot_count + 63) / 64;
    code->index_of = ARENA_ZEROED(arena, uint32_t, bytes / 4 + 1);
    memset(code->index_of, 0xFF, (bytes / 4 + 1) * sizeof *code->index_of);
    code->at = ARENA_ZEROED(arena, SlotInstruction, bytes / 4 + 1);
    for (uint32_t offset = function->code_offset; offset < function->code_end;) {
        Instruction i = instruction_at(code->code + offset);
        CHECK(i != I_COUNT);
        code->index_of[(offset - function->code_offset) / 4] = code->count;
        code->at[code->count++] = (SlotInstruction){.offset = offset,
                                                    .instruction = (uint8_t) i,
                                                    .falls_in = falls,
                                                    .starts_block = !falls};
        falls = !(instruction_may[i] & INSTRUCTION_STOPS);
        offset += instruction_size(i, code->code + offset);
    }
    code->at[0].starts_block = true;
    for (uint32_t now = 0; now < code->count; now++) {
        each_target(code, now, note_target, NULL);
    }
    note_handlers(code);
    for (uint32_t now = 0; now < code->count; now++) {
        if (code->at[now].is_loop) {
            const Safepoint *safepoint = slot_code_safepoint(code->function, code->at[now].offset);
            CHECK(safepoint != NULL);
            code->at[now].depth = safepoint->depth;
        }
    }
    return (size_t) code->count * code->live_words <= LIVE_WORDS_MOST && find_live(code, arena);
}

bool slot_code_decode(SlotCode *code, const Function *function, Arena *arena)
{
    return decode(code, function, arena, false);
}

bool slot_code_decode_unmapped(SlotCode *code, const Function *function, Arena *arena)
{
    return decode(code, function, arena, true);
}

/* ---- text ---- */

void slot_code_dump(const SlotCode *code, FILE *out)
{
    for (uint32_t now = 0; now < code->count; now++) {
        const SlotInstruction *at = &code->at[now];
        fputs(at->starts_block ? ":" : " ", out);
        listing_slot_code(code->function, at->offset, out);
        fputs("    {", out);
        for (uint32_t slot = 0; slot < code->slot_count; slot++) {
            if (slot_code_is_live(at, slot)) {
                fprintf(out, " %u", slot);
            }
        }
        fprintf(out, " }\n");
    }
}
