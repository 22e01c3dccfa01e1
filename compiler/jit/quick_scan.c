/* compiler/jit/quick_scan.c
 * Decoding a function, and which slots each instruction needs: one pass backwards is enough, for
 * slot code jumps back only to labels that have a safepoint, whose map says what is needed there.
 *
 * A safepoint counts as a reader of all slots in its map: a collection there looks at them. So does
 * a call, for the frames above it. An instruction that can raise inside a handler's range needs
 * what the handler needs. */
#include "compiler/jit/quick_internal.h"
#include "compiler/jit/slot_code.h"

enum { CODE_MOST = 1 << 20, CHUNK_BYTES = 1 << 14 };

typedef struct Chunk {
    struct Chunk *next;
    _Alignas(16) uint8_t bytes[];
} Chunk;

void *quick_alloc(Quick *q, size_t bytes)
{
    uint8_t *at;
    bytes = (bytes + 15) & ~(size_t) 15;
    if (bytes > q->chunk_left) {
        size_t size = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
        Chunk *chunk = mem_alloc(sizeof *chunk + size);
        chunk->next = (Chunk *) q->chunks;
        q->chunks = (struct Chunk *) chunk;
        q->chunk_left = size;
    }
    /* From the end down. */
    at = ((Chunk *) q->chunks)->bytes + q->chunk_left - bytes;
    q->chunk_left -= bytes;
    return at;
}

void quick_free(Quick *q)
{
    for (Chunk *chunk = (Chunk *) q->chunks, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        mem_free(chunk);
    }
}

/* ---- slots ---- */

static uint64_t lowest(uint32_t count)
{
    return count >= 64 ? UINT64_MAX : ((uint64_t) 1 << count) - 1;
}

/* Slots 1 … depth - 1, less those that the map leaves out. */
static uint64_t map_slots(const Quick *q, uint32_t depth, uint32_t map)
{
    uint64_t all = lowest(depth - 1);
    return map == 0 ? all : all & q->module->maps[q->module->map_starts[map]];
}

static uint64_t range_slots(uint32_t first, uint32_t count)
{
    return first > MASKED_SLOTS ? 0 : lowest(first - 1 + count) & ~lowest(first - 1);
}

static uint64_t field_slot(Code at, uint32_t field)
{
    return slot_bit((uint32_t) -field_s16(at, field));
}

typedef struct Effects {
    uint64_t uses, defines; /* reads; writes without having read */
    uint64_t advances;      /* reads and writes */
    uint64_t after;         /* needed by where it may go */
} Effects;

static At *at_offset(Quick *q, uint32_t offset)
{
    uint32_t index = q->index_of[(offset - q->function->code_offset) / 4];
    CHECK(index != UINT32_MAX);
    return &q->at[index];
}

static uint64_t safepoint_slots(const Quick *q, uint32_t offset, bool *found)
{
    const Safepoint *safepoint = slot_code_safepoint(q->function, offset);
    *found = safepoint != NULL;
    return *found ? map_slots(q, safepoint->depth, safepoint->map) : 0;
}

bool quick_is_collected(const Quick *q, uint32_t index, uint32_t slot)
{
    const Safepoint *safepoint = slot_code_safepoint(q->function, q->at[index].offset);
    const uint64_t *set;
    if (safepoint == NULL) {
        return true;
    }
    set = q->module->maps + q->module->map_starts[safepoint->map];
    return slot < safepoint->depth &&
           (safepoint->map == 0 || (set[(slot - 1) / 64] >> ((slot - 1) % 64) & 1));
}

uint32_t quick_place_depth(const Quick *q, uint32_t index)
{
    const Function *f = q->function;
    uint32_t offset = q->at[index].offset;
    for (uint32_t h = 0; h < f->handler_count; h++) {
        if (f->handlers[h].target == offset) { /* class, reason, trace on top */
            return f->handlers[h].depth + 3;
        }
    }
    for (uint32_t i = 0; i < f->safepoint_count; i++) {
        if (f->safepoints[i].offset == offset) {
            return f->safepoints[i].depth;
        }
    }
    CHECK(!"a place without a safepoint");
}

/* A label of the instruction at `now`, `distance` away. */
static void goes_to(Quick *q, uint32_t now, int32_t distance, Effects *effects)
{
    uint32_t offset = q->at[now].offset + (uint32_t) distance;
    if (distance <= 0) {
        bool found;
        effects->after |= safepoint_slots(q, offset, &found);
        CHECK(found);
    } else {
        effects->after |= at_offset(q, offset)->live;
    }
}

/* What calls and ends read besides their fields. */
static void special_effects(Quick *q, Instruction i, Code at, Effects *effects)
{
    switch (i) {
    case I_call:
    case I_call_export:
    case I_call_fun:
    case I_call_dynamic: {
        const FrameInfo *info = frame_info(at + instruction_bytes[i]);
        effects->uses |= map_slots(q, info->slots, info->map);
        effects->uses |= range_slots(info->slots + 1u, slot_code_call_arity(i, at));
        if (i == I_call_fun || i == I_call_dynamic) {
            effects->uses |= slot_bit(info->slots);
        }
        if (i == I_call_dynamic) {
            effects->uses |= slot_bit(info->slots - 1u);
        }
        effects->defines |= slot_bit(info->slots);
        break;
    }
    case I_call_bif: {
        const FrameInfo *info = frame_info(at + field_u32(at, 8));
        effects->uses |= map_slots(q, info->slots, info->map);
        break;
    }
    case I_tail_call:
    case I_tail_call_export:
        effects->uses |= range_slots(1, slot_code_call_arity(i, at));
        break;
    case I_tail_call_fun:
        effects->uses |= range_slots(1, slot_code_call_arity(i, at) + 1);
        break;
    case I_tail_call_dynamic:
        effects->uses |= range_slots(1, slot_code_call_arity(i, at) + 2);
        break;
    case I_fail_function_clause:
        effects->uses |= range_slots(1, q->function->arity);
        break;
    default:
        break;
    }
}

static void effects_of(Quick *q, uint32_t now, Effects *effects)
{
    Instruction i = (Instruction) q->at[now].instruction;
    Code at = q->code + q->at[now].offset;
    for (const char *field = instruction_fields[i]; *field != 0;) {
        char letter = *field++;
        uint32_t o = 0;
        while (*field >= '0' && *field <= '9') {
            o = o * 10 + (uint32_t) (*field++ - '0');
        }
        field += *field == ' ';
        switch (letter) {
        case 'd':
            effects->defines |= field_slot(at, o);
            break;
        case 's':
            effects->uses |= field_slot(at, o);
            break;
        case 'D':
            effects->defines |= range_slots((uint32_t) -field_s16(at, o), 3);
            break;
        case 'c':
            effects->uses |= range_slots((uint32_t) -field_s16(at, o), 3);
            effects->advances |= slot_bit((uint32_t) -field_s16(at, o) + 1);
            break;
        case 'g':
            if (field_s32(at, o) == 0) {
                break;
            }
            /* fall through */
        case 'l':
            goes_to(q, now, field_s32(at, o), effects);
            break;
        case '*':
            effects->defines |= field_slot(at, 4);
            for (uint32_t n = field_u16(at, 6); n-- > 0;) {
                int32_t operand = field_s16(at, 24 + 2 * n);
                if (operand < 0) {
                    effects->uses |= slot_bit((uint32_t) -operand);
                }
            }
            if (field_s32(at, 12) != 0 && i != I_call_bif) {
                goes_to(q, now, field_s32(at, 12), effects);
            }
            break;
        case 'W':
        case 'R':
        case 'T': {
            uint32_t step = letter == 'T' ? 4 : 8;
            effects->uses |= field_slot(at, 4);
            goes_to(q, now, field_s32(at, 12), effects);
            for (uint32_t n = field_u32(at, 16); n-- > 0;) {
                goes_to(q, now, field_s32(at, 24 + step * n), effects);
            }
            break;
        }
        default:
            break;
        }
    }
    special_effects(q, i, at, effects);
}

void quick_effects(Quick *q, uint32_t index, uint64_t *uses, uint64_t *defines)
{
    Effects effects = {0};
    effects_of(q, index, &effects);
    *uses = effects.uses;
    *defines = effects.defines | effects.advances;
}

static uint64_t handler_slots(Quick *q, uint32_t offset)
{
    const Function *f = q->function;
    for (uint32_t h = 0; h < f->handler_count; h++) {
        const Handler *handler = &f->handlers[h];
        if (offset >= handler->start && offset < handler->end) {
            return at_offset(q, handler->target)->live & lowest(handler->depth - 1);
        }
    }
    return 0;
}

static void find_live(Quick *q)
{
    uint64_t next = 0; /* live at the instruction behind */
    for (uint32_t now = q->count; now-- > 0;) {
        At *at = &q->at[now];
        Effects effects = {0};
        uint8_t may = instruction_may[at->instruction];
        bool found;
        effects_of(q, now, &effects);
        if (!(may & INSTRUCTION_STOPS)) {
            effects.after |= next;
        }
        next = (effects.after & ~effects.defines) | effects.uses;
        if (q->function->handler_count > 0 && (may & (INSTRUCTION_RAISES | INSTRUCTION_CALLS))) {
            next |= handler_slots(q, at->offset);
        }
        next |= safepoint_slots(q, at->offset, &found);
        at->live = next;
    }
}

/* ---- decoding ---- */

static void count_jump(Quick *q, uint32_t from, uint32_t to, void *with)
{
    At *target = &q->at[to];
    (void) with;
    target->has_label = true;
    if (to <= from) {
        target->is_place = target->is_loop = true;
        target->last_back = from;
    } else {
        target->jumps++;
    }
}

void quick_targets(Quick *q, uint32_t index,
                   void (*visit)(Quick *q, uint32_t from, uint32_t to, void *with), void *with)
{
    Instruction i = (Instruction) q->at[index].instruction;
    Code at = q->code + q->at[index].offset;
    uint32_t offset = q->at[index].offset;
#define VISIT(distance) \
    visit(q, index, (uint32_t) (at_offset(q, offset + (uint32_t) (distance)) - q->at), with)
    for (const char *field = instruction_fields[i]; *field != 0; field++) {
        uint32_t o = 0;
        if (*field == 'l' || *field == 'g') {
            char letter = *field++;
            while (*field >= '0' && *field <= '9') {
                o = o * 10 + (uint32_t) (*field++ - '0');
            }
            field--;
            if (letter == 'l' || field_s32(at, o) != 0) {
                VISIT(field_s32(at, o));
            }
        } else if (*field == '*' && i != I_call_bif && field_s32(at, 12) != 0) {
            VISIT(field_s32(at, 12));
        } else if (*field == 'W' || *field == 'R' || *field == 'T') {
            uint32_t step = *field == 'T' ? 4 : 8;
            VISIT(field_s32(at, 12));
            for (uint32_t n = field_u32(at, 16); n-- > 0;) {
                VISIT(field_s32(at, 24 + step * n));
            }
        }
    }
#undef VISIT
}

bool quick_scan(Quick *q)
{
    const Function *f = q->function;
    uint32_t bytes = f->code_end - f->code_offset, words = bytes / 4, capacity = words / 2 + 8;
    bool falls = true;
    if (bytes > CODE_MOST) {
        return false;
    }
    q->index_of = quick_alloc(q, (words + 1) * sizeof *q->index_of);
    memset(q->index_of, 0xFF, (words + 1) * sizeof *q->index_of);
    q->at = quick_alloc(q, capacity * sizeof *q->at);
    for (uint32_t offset = f->code_offset; offset < f->code_end;) {
        Instruction i = instruction_at(q->code + offset);
        if (i == I_COUNT) {
            return false;
        }
        CHECK(q->count < capacity);
        q->index_of[(offset - f->code_offset) / 4] = q->count;
        q->at[q->count++] = (At){.offset = offset, .instruction = (uint8_t) i, .falls_in = falls};
        falls = !(instruction_may[i] & INSTRUCTION_STOPS);
        offset += instruction_size(i, q->code + offset);
    }
    for (uint32_t now = 0; now < q->count; now++) {
        quick_targets(q, now, count_jump, NULL);
        if (quick_calls_itself(q, now)) {
            q->at[0].is_loop = true;
            q->at[0].last_back = now;
        }
    }
    for (uint32_t h = 0; h < f->handler_count; h++) {
        At *target = at_offset(q, f->handlers[h].target);
        target->is_place = target->has_label = true;
    }
    find_live(q);
    quick_rest_plan(q);
    return true;
}
