/* runtime/translate_maps.c
 * Maps of what is read, once a module is translated: of the slots that hold terms at a safepoint,
 * or below a call, many are not read again. What is not read need not be kept by the collector, nor
 * be in memory for it; native code, whose every exit writes the slots of its place, would write
 * more for each variable that a function has, and a function of a thousand could not be compiled.
 *
 * The pass over the bytecode cannot know: it goes forwards. Here code is gone through backwards, as
 * often as loops need. */
#include "runtime/translate_emit.h"

#include "compiler/jit/slot_code.h"

/* Small frames have few slots to write, and most code that is loaded hardly runs. */
#ifdef MUSTER_ASSERTS
enum { PLAIN_WORDS_MOST = 0 };
#else
enum { PLAIN_WORDS_MOST = 40 };
#endif

typedef struct Maps {
    Translator *t;
    SlotCode code;
    uint64_t *set, *kept;
} Maps;

/* The map of slots 1 … `slots`, less those that are not in `live`. */
static uint16_t narrowed(Maps *m, uint16_t map, uint32_t slots, const uint64_t *live)
{
    const Translator *t = m->t;
    uint32_t words = (slots + 63) / 64, result;
    for (uint32_t w = 0; w < words; w++) {
        uint32_t bits = w + 1 < words ? 64 : slots - 64 * w;
        uint64_t next = w + 1 < m->code.live_words ? live[w + 1] : 0;
        m->set[w] = (live[w] >> 1 | next << 63) & UINT64_MAX >> (64 - bits);
        if (map != 0) {
            m->set[w] &= t->maps[t->map_starts[map] + w];
        }
    }
    result = emit_term_map(m->t, m->set, slots);
    return result != UINT32_MAX ? (uint16_t) result : map;
}

static void narrow_safepoints(Maps *m, const Function *f)
{
    for (uint32_t i = 0; i < f->safepoint_count; i++) {
        Safepoint *at = &f->safepoints[i];
        uint32_t index = m->code.index_of[(at->offset - f->code_offset) / 4];
        at->map = narrowed(m, at->map, at->depth - 1u, m->code.at[index].live);
    }
}

static void narrow_calls(Maps *m)
{
    for (uint32_t n = 0; n < m->code.count; n++) {
        Instruction i = code_instruction(&m->code, n);
        uint8_t *end;
        FrameInfo info;
        if (!(instruction_may[i] & INSTRUCTION_CALLS)) {
            continue;
        }
        slot_code_kept(&m->code, n, m->kept);
        end = m->t->code + m->code.at[n + 1].offset - sizeof info;
        memcpy(&info, end, sizeof info);
        info.map = narrowed(m, info.map, info.slots - 1u, m->kept);
        memcpy(end, &info, sizeof info);
    }
}

void translate_maps(Translator *t)
{
    LoadedModule *module = t->loaded;
    Maps m = {.t = t};
    Arena arena;
    arena_init(&arena);
    module->code = t->code; /* as it will be */
    for (uint32_t i = 0; i < t->module->function_count; i++) {
        const Function *f = &module->functions[i];
        if (f->safepoint_count > 0 && f->frame_words > PLAIN_WORDS_MOST &&
            slot_code_decode_unmapped(&m.code, f, &arena)) {
            m.set = ARENA_ZEROED(&arena, uint64_t, m.code.live_words);
            m.kept = ARENA_ZEROED(&arena, uint64_t, m.code.live_words);
            narrow_safepoints(&m, f);
            narrow_calls(&m);
        }
    }
    arena_finish(&arena);
}
