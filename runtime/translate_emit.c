/* runtime/translate_emit.c
 * Writing loaded instructions. Moves are gathered (move2, move3), and what a move would copy from
 * the instruction just before is written to its destination at once. */
#include "runtime/translate_emit.h"

#include "runtime/term/mem.h"

uint32_t emit_room(Translator *t, uint32_t bytes)
{
    uint32_t at = t->code_bytes;
    bytes = (bytes + 3) & ~3u;
    if (at + bytes > t->code_capacity) {
        t->code_capacity = (at + bytes) * 2 + 1024;
        t->code = mem_realloc(t->code, t->code_capacity);
    }
    memset(t->code + at, 0, bytes);
    t->code_bytes = at + bytes;
    return at;
}

uint32_t emit_instruction(Translator *t, Instruction kind, uint32_t bytes)
{
    uint32_t at = emit_room(t, bytes != 0 ? bytes : instruction_bytes[kind]);
    put32(t, at, instruction_words[kind]);
    t->last = at;
    t->last_kind = kind;
    t->last_d = -1;
    return at;
}

void emit_move(Translator *t, uint32_t to_index, uint32_t from_index)
{
    uint32_t at;
    if (to_index == from_index) {
        return;
    }
    if (t->last >= 0 && (t->last_kind == I_move || t->last_kind == I_move2)) {
        Instruction wider = t->last_kind == I_move ? I_move2 : I_move3;
        uint32_t field = (uint32_t) t->last + instruction_bytes[t->last_kind];
        emit_room(t, 4);
        put32(t, (uint32_t) t->last, instruction_words[wider]);
        put16(t, field, slot_field(to_index));
        put16(t, field + 2, slot_field(from_index));
        t->last_kind = wider;
        t->last_d = field;
        return;
    }
    at = emit_instruction(t, I_move, 0);
    put16(t, at + 4, slot_field(to_index));
    put16(t, at + 6, slot_field(from_index));
    mark_d(t, at + 4);
}

void emit_const(Translator *t, uint32_t to_index, Term term)
{
    uint32_t at;
    if (term_fits_imm(term)) {
        at = emit_instruction(t, I_const32, 0);
        put32(t, at + 8, (uint32_t) term);
    } else {
        at = emit_instruction(t, I_const64, 0);
        put64(t, at + 8, term);
    }
    put16(t, at + 4, slot_field(to_index));
    mark_d(t, at + 4);
}

void materialize(Translator *t, uint32_t index)
{
    Entry *entry = &t->stack[index];
    if (entry->form == FORM_ALIAS) {
        emit_move(t, index, (uint32_t) entry->value);
    } else if (entry->form == FORM_CONST) {
        emit_const(t, index, entry->value);
    }
    entry->form = FORM_SLOT;
}

void materialize_all(Translator *t)
{
    for (uint32_t i = 0; i < t->depth; i++) {
        if (t->stack[i].form != FORM_SLOT) {
            materialize(t, i);
        }
    }
}

uint32_t entry_slot(Translator *t, uint32_t index)
{
    if (t->stack[index].form == FORM_ALIAS) {
        return (uint32_t) t->stack[index].value;
    }
    materialize(t, index);
    return index;
}

uint32_t emit_nary(Translator *t, Instruction kind, uint32_t d, uint32_t first, uint32_t count,
                   uint64_t extra, bool with_info)
{
    uint32_t constants = 0, at, size, constant_at;
    for (uint32_t i = 0; i < count; i++) {
        constants += t->stack[first + i].form == FORM_CONST;
    }
    size = (24 + 2 * count + 3) & ~3u;
    constant_at = size;
    if ((size + 8 * constants) / 4 > INT16_MAX) { /* too far for an operand: put them in slots */
        for (uint32_t i = 0; i < count; i++) {
            materialize(t, first + i);
        }
        constants = 0;
    }
    size += 8 * constants;
    at = emit_instruction(t, kind, size + (with_info ? sizeof(FrameInfo) : 0));
    put16(t, at + 4, slot_field(d));
    put16(t, at + 6, (int32_t) (uint16_t) count);
    put32(t, at + 8, size + (with_info ? (uint32_t) sizeof(FrameInfo) : 0));
    put64(t, at + 16, extra);
    for (uint32_t i = 0; i < count; i++) {
        const Entry *entry = &t->stack[first + i];
        int32_t operand = slot_field(first + i);
        if (entry->form == FORM_ALIAS) {
            operand = slot_field((uint32_t) entry->value);
        } else if (entry->form == FORM_CONST) {
            operand = (int32_t) (constant_at / 4);
            put64(t, at + constant_at, entry->value);
            constant_at += 8;
        }
        put16(t, at + 24 + 2 * i, operand);
    }
    if (!with_info) {
        mark_d(t, at + 4);
    }
    return at;
}

/* By all of a map's words. */
static uint32_t map_hash(const uint64_t *set, uint32_t words)
{
    uint64_t hash = words;
    for (uint32_t w = 0; w < words; w++) {
        hash = (hash ^ set[w]) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    return (uint32_t) (hash >> 40) % MAPS_SEEN;
}

uint32_t emit_term_map(Translator *t, const uint64_t *set, uint32_t slots)
{
    uint32_t words = (slots + 63) / 64, at;
    bool all = true;
    for (uint32_t w = 0; w < words; w++) {
        uint32_t bits = w + 1 < words ? 64 : slots - 64 * w;
        all &= set[w] == UINT64_MAX >> (64 - bits);
    }
    if (all) {
        return 0;
    }
    uint16_t *seen = &t->maps_seen[map_hash(set, words)];
    if (*seen != 0) { /* the last of this hash, often the same */
        uint32_t end = *seen + 1u < t->map_count ? t->map_starts[*seen + 1] : t->map_words;
        if (end - t->map_starts[*seen] == words &&
            memcmp(t->maps + t->map_starts[*seen], set, words * 8) == 0) {
            return *seen;
        }
    }
    if (t->map_count + 1 >= UINT16_MAX) {
        return UINT32_MAX;
    }
    if (t->map_count + 2 > t->map_capacity) {
        t->map_capacity = t->map_capacity * 2 + 16;
        t->map_starts = mem_realloc(t->map_starts, t->map_capacity * sizeof *t->map_starts);
    }
    if (t->map_words + words > t->map_word_capacity) {
        t->map_word_capacity = (t->map_words + words) * 2 + 16;
        t->maps = mem_realloc(t->maps, t->map_word_capacity * sizeof *t->maps);
    }
    if (t->map_count == 0) {
        t->map_starts[t->map_count++] = 0; /* 0 means "all" */
    }
    at = t->map_count++;
    t->map_starts[at] = t->map_words;
    *seen = (uint16_t) at;
    memcpy(t->maps + t->map_words, set, words * 8);
    t->map_words += words;
    return at;
}

/* Which of the first `slots` slots hold terms, as an index into the module's maps; 0: all do. */
static uint32_t live_map(Translator *t, uint32_t slots)
{
    uint32_t words = (slots + 63) / 64, at;
    uint64_t bits[64];
    uint64_t *set = words <= COUNT_OF(bits) ? bits : mem_alloc(words * 8);
    memset(set, 0, words * 8);
    for (uint32_t i = 0; i < slots; i++) {
        bool live = t->stack[i].form == FORM_SLOT && t->stack[i].kind != SLOT_NONE;
        set[i / 64] |= (uint64_t) live << (i % 64);
    }
    at = emit_term_map(t, set, slots);
    if (set != bits) {
        mem_free(set);
    }
    if (at == UINT32_MAX) {
        translate_fail(t, "too many frame maps");
        return 0;
    }
    return at;
}

void emit_safepoint(Translator *t, uint32_t offset)
{
    Safepoint *safepoint;
    if (t->safepoint_count > t->safepoint_start &&
        t->safepoints[t->safepoint_count - 1].offset == offset) {
        t->safepoint_count--; /* the later state is the one that counts */
    }
    if (t->safepoint_count == t->safepoint_capacity) {
        t->safepoint_capacity = t->safepoint_capacity * 2 + 32;
        t->safepoints = mem_realloc(t->safepoints, t->safepoint_capacity * sizeof *t->safepoints);
    }
    safepoint = &t->safepoints[t->safepoint_count++];
    safepoint->offset = offset;
    safepoint->depth = (uint16_t) (t->depth + 1);
    safepoint->map = (uint16_t) live_map(t, t->depth);
}

void put_info(Translator *t, uint32_t at, uint32_t hole)
{
    FrameInfo info;
    info.slots = (uint16_t) (hole + 1);
    info.map = (uint16_t) live_map(t, hole);
    info.back = at + (uint32_t) sizeof info - t->out->code_offset;
    memcpy(t->code + at, &info, sizeof info);
}

void emit_tail_moves(Translator *t, const uint32_t sources[], uint32_t count)
{
    uint32_t inline_from[64], inline_to[64];
    uint32_t *from = count <= 64 ? inline_from : mem_alloc(count * 4);
    uint32_t *to = count <= 64 ? inline_to : mem_alloc(count * 4);
    uint32_t pending = 0, scratch = t->depth;
    for (uint32_t i = 0; i < count; i++) {
        const Entry *entry = &t->stack[sources[i]];
        uint32_t source = entry->form == FORM_ALIAS ? (uint32_t) entry->value : sources[i];
        if (entry->form != FORM_CONST && source != i) {
            from[pending] = source;
            to[pending++] = i;
        }
    }
    if (pending > 0 && t->last >= 0 && t->last_d >= 0) { /* the instruction before: redirect it */
        int16_t field;
        memcpy(&field, t->code + t->last_d, 2);
        for (uint32_t i = 0; i < pending; i++) {
            bool busy = false;
            uint32_t uses = 0;
            if (slot_field(from[i]) != field || t->stack[from[i]].form != FORM_SLOT) {
                continue;
            }
            for (uint32_t j = 0; j < pending; j++) {
                busy |= j != i && from[j] == to[i];
                uses += from[j] == from[i];
            }
            for (uint32_t j = 0; j < count; j++) { /* a value that stays where it is */
                const Entry *entry = &t->stack[sources[j]];
                uint32_t source = entry->form == FORM_ALIAS ? (uint32_t) entry->value : sources[j];
                busy |= entry->form != FORM_CONST && source == j && source == from[i];
            }
            if (!busy && uses == 1) {
                put16(t, (uint32_t) t->last_d, slot_field(to[i]));
                t->last_d = -1;
                t->last = t->last_kind == I_move || t->last_kind == I_move2 ? t->last : -1;
                pending--;
                from[i] = from[pending];
                to[i] = to[pending];
            }
            break;
        }
    }
    while (pending > 0) {
        bool moved = false;
        for (uint32_t i = 0; i < pending; i++) {
            bool busy = false;
            for (uint32_t j = 0; j < pending; j++) {
                busy |= j != i && from[j] == to[i];
            }
            if (!busy) {
                emit_move(t, to[i], from[i]);
                pending--;
                from[i] = from[pending];
                to[i] = to[pending];
                moved = true;
                break;
            }
        }
        if (!moved) { /* a ring: free one place */
            uint32_t freed = to[0];
            emit_move(t, scratch, freed);
            for (uint32_t j = 0; j < pending; j++) {
                from[j] = from[j] == freed ? scratch : from[j];
            }
            scratch++;
        }
    }
    if (scratch > t->deepest) {
        t->deepest = scratch;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (t->stack[sources[i]].form == FORM_CONST) {
            emit_const(t, i, t->stack[sources[i]].value);
        }
    }
    if (from != inline_from) {
        mem_free(from);
    }
    if (to != inline_to) {
        mem_free(to);
    }
}
