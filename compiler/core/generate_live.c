/* compiler/core/generate_live.c
 * Slots that are not read again are killed before calls that return and before a receive, so that
 * the collector need not keep what they hold. A slot dies when the last variable that has it does,
 * or when a match that only needed it on the way is over. Imprecision is harmless: what is not
 * killed lives longer. */
#include "compiler/core/generate_internal.h"

static void set_owners(Gen *g, uint32_t slot, uint32_t owners)
{
    TrailEntry *entry = trail_add(g, TRAIL_OWNERS);
    entry->index = slot;
    entry->owners = g->owners[slot];
    g->owners[slot] = owners;
}

static void set_dying(Gen *g, Dying *dying)
{
    if (g->dying != dying) {
        trail_add(g, TRAIL_DYING)->dying = g->dying;
        g->dying = dying;
    }
}

static void slot_dies(Gen *g, uint32_t slot)
{
    Dying *dying = arena_alloc(g->arena, sizeof *dying);
    *dying = (Dying){slot, g->dying};
    set_dying(g, dying);
}

static void set_dead(Gen *g, CoreVar *var, bool is_dead)
{
    TrailEntry *entry = trail_add(g, TRAIL_DEAD);
    entry->var = var;
    entry->was_dead = var->is_dead;
    var->is_dead = is_dead;
}

void slot_bind(Gen *g, CoreVar *var, uint32_t slot)
{
    var->slot = slot;
    if (slot < SLOTS_MAX) {
        set_dead(g, var, false);
        set_owners(g, slot, g->owners[slot] + 1);
    }
}

void slot_keep(Gen *g, uint32_t slot)
{
    set_owners(g, slot, g->owners[slot] + 1);
}

void var_dies(Gen *g, CoreVar *var)
{
    if (var->is_dead || var->slot >= g->depth || !g->reachable) {
        return;
    }
    set_dead(g, var, true);
    if (g->owners[var->slot] != 0) {
        set_owners(g, var->slot, g->owners[var->slot] - 1);
        if (g->owners[var->slot] == 0 && !var->is_small) {
            slot_dies(g, var->slot);
        }
    }
}

void use_ends(Gen *g, const Core *core)
{
    if (core->kind == CORE_VAR && core->is_last_use) {
        var_dies(g, core->var);
    }
}

void uses_end(Gen *g, Core *const cores[], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        use_ends(g, cores[i]);
    }
}

void temporaries_die(Gen *g, uint32_t from)
{
    for (uint32_t slot = from; slot < g->depth && g->reachable; slot++) {
        if (g->owners[slot] == 0) {
            slot_dies(g, slot);
        }
    }
}

void deaths_on_entry(Gen *g, const CoreDeaths *deaths, uint32_t alternative)
{
    if (deaths == NULL || deaths->entries == NULL) {
        return;
    }
    const CoreVarList *list = &deaths->entries[alternative];
    for (uint32_t i = 0; i < list->count; i++) {
        var_dies(g, list->vars[i]);
    }
}

void deaths_after(Gen *g, const CoreDeaths *deaths)
{
    for (uint32_t i = 0; deaths != NULL && i < deaths->all.count; i++) {
        var_dies(g, deaths->all.vars[i]);
    }
}

void slots_dropped(Gen *g, uint32_t from, const Dying *before)
{
    /* The list is latest first: what is of the frame lies before what was there when it began, or
     * before the end, if that was killed inside; slots of frames around may have died inside. */
    Dying *rest = g->dying;
    bool is_changed = false;
    for (; rest != before && rest != NULL; rest = rest->next) {
        is_changed |= rest->slot >= from;
    }
    if (is_changed) {
        Dying *kept = rest;
        for (Dying *at = g->dying; at != rest; at = at->next) {
            if (at->slot < from) {
                Dying *dying = arena_alloc(g->arena, sizeof *dying);
                *dying = (Dying){at->slot, kept};
                kept = dying;
            }
        }
        set_dying(g, kept);
    }
    for (uint32_t slot = from; slot < g->depth; slot++) {
        if (g->owners[slot] != 0) {
            set_owners(g, slot, 0);
        }
    }
}

void kill_dying(Gen *g, uint32_t below)
{
    if (!g->reachable) {
        return;
    }
    for (Dying *at = g->dying; at != NULL; at = at->next) {
        if (at->slot < below && g->owners[at->slot] == 0) {
            gen_op1(g, OP_kill, at->slot, 0, 0);
        }
    }
    set_dying(g, NULL);
}
