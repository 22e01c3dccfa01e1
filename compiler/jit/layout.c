/* compiler/jit/layout.c
 * Sizes of branches and alignment, and the finished bytes. */
#include "compiler/jit/layout.h"

#include "runtime/term/mem.h"

static const LayoutPlace unbound = {UINT32_MAX, UINT32_MAX};

/* One more element in an array that grows. */
#define ADD(array, count, capacity) \
    ((count) == (capacity) \
         ? ((capacity) = (capacity) == 0 ? 32 : (capacity) *2, \
            (array) = mem_realloc((array), (capacity) * sizeof *(array)), &(array)[(count)++]) \
         : &(array)[(count)++])

void layout_grow(Layout *layout)
{
    layout->capacity = layout->capacity == 0 ? 1024 : layout->capacity * 2;
    CHECK(layout->capacity <= 1u << 30);
    layout->bytes = mem_realloc(layout->bytes, layout->capacity);
}

void layout_begin(Layout *layout, const Machine *m)
{
    *layout = (Layout){0};
    layout_grow(layout);
    layout->instructions = mem_alloc((m->count + 1) * sizeof *layout->instructions);
    for (uint32_t i = 0; i < m->label_count; i++) {
        layout_label(layout);
    }
}

uint32_t layout_label(Layout *layout)
{
    *ADD(layout->labels, layout->label_count, layout->label_capacity) = unbound;
    return layout->label_count - 1;
}

static LayoutPlace here(const Layout *layout)
{
    return (LayoutPlace){layout->count, layout->item_count};
}

void layout_bind(Layout *layout, uint32_t label)
{
    CHECK(layout->labels[label].offset == UINT32_MAX);
    layout->labels[label] = here(layout);
}

void layout_item(Layout *layout, uint8_t kind, uint32_t label, uint32_t detail)
{
    *ADD(layout->items, layout->item_count, layout->item_capacity) =
        (LayoutItem){.offset = layout->count, .label = label, .detail = detail, .kind = kind};
}

void layout_fixup(Layout *layout, uint8_t kind, uint32_t label, uint32_t base)
{
    *ADD(layout->fixups, layout->fixup_count, layout->fixup_capacity) =
        (LayoutFixup){here(layout), label, base, kind};
}

void layout_relocation(Layout *layout, uintptr_t target)
{
    *ADD(layout->relocations, layout->relocation_count, layout->relocation_capacity) =
        (LayoutRelocation){here(layout), target};
}

void layout_point(Layout *layout)
{
    *ADD(layout->points, layout->point_count, layout->point_capacity) = here(layout);
}

void layout_instruction(Layout *layout)
{
    layout->instructions[layout->instruction_count++] = here(layout);
}

/* Where a place is when the items have their present sizes; `before` has their sums. */
static int64_t place_offset(LayoutPlace place, const uint32_t *before)
{
    return (int64_t) place.offset + before[place.item];
}

static int64_t label_offset(const Layout *layout, uint32_t label, const uint32_t *before)
{
    CHECK(layout->labels[label].offset != UINT32_MAX);
    return place_offset(layout->labels[label], before);
}

/* before[i]: the bytes of items 0 … i - 1. */
static void sum_up(Layout *layout, const LayoutTarget *target, uint32_t *before)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < layout->item_count; i++) {
        LayoutItem *item = &layout->items[i];
        before[i] = sum;
        if (item->kind == LAYOUT_ALIGN) {
            item->size = (uint16_t) (-(item->offset + sum) & (item->label - 1));
        } else {
            item->size = (uint16_t) target->size(item);
        }
        sum += item->size;
    }
    before[layout->item_count] = sum;
}

static bool grow_branches(Layout *layout, const LayoutTarget *target, const uint32_t *before)
{
    bool grown = false;
    for (uint32_t i = 0; i < layout->item_count; i++) {
        LayoutItem *item = &layout->items[i];
        if (item->kind != LAYOUT_ALIGN && !item->is_long &&
            !target->reaches(item, label_offset(layout, item->label, before) -
                                       (item->offset + (int64_t) before[i]))) {
            item->is_long = grown = true;
        }
    }
    return grown;
}

static void write_bytes(Layout *layout, const LayoutTarget *target, const uint32_t *before,
                        uint8_t *to)
{
    uint32_t from = 0;
    for (uint32_t i = 0; i < layout->item_count; i++) {
        const LayoutItem *item = &layout->items[i];
        uint8_t *at = to + item->offset + before[i];
        memcpy(to + from + before[i], layout->bytes + from, item->offset - from);
        from = item->offset;
        if (item->kind == LAYOUT_ALIGN) {
            target->fill(at, item->size);
        } else {
            target->write(item, at, label_offset(layout, item->label, before) - (at - to));
        }
    }
    if (layout->count > from) {
        memcpy(to + from + before[layout->item_count], layout->bytes + from, layout->count - from);
    }
    for (uint32_t i = 0; i < layout->fixup_count; i++) {
        const LayoutFixup *fixup = &layout->fixups[i];
        int64_t at = place_offset(fixup->place, before);
        int64_t base = fixup->base == UINT32_MAX ? at : label_offset(layout, fixup->base, before);
        target->fix(fixup->kind, to + at, label_offset(layout, fixup->label, before) - base);
    }
}

void layout_end(Layout *layout, const LayoutTarget *target, MachineCode *code)
{
    uint32_t *before = mem_alloc((layout->item_count + 1) * sizeof *before);
    do {
        sum_up(layout, target, before);
    } while (grow_branches(layout, target, before));
    code->size = layout->count + before[layout->item_count];
    code->bytes = mem_alloc(code->size + 1);
    write_bytes(layout, target, before, code->bytes);
    for (uint32_t i = 0; i < code->label_count; i++) {
        LayoutPlace place = layout->labels[i];
        code->label_offsets[i] =
            place.offset == UINT32_MAX ? UINT32_MAX : (uint32_t) place_offset(place, before);
    }
    for (uint32_t i = 0; i < layout->instruction_count; i++) {
        code->instruction_offsets[i] = (uint32_t) place_offset(layout->instructions[i], before);
    }
    code->relocation_count = layout->relocation_count;
    code->relocations = mem_alloc((layout->relocation_count + 1) * sizeof *code->relocations);
    for (uint32_t i = 0; i < layout->relocation_count; i++) {
        const LayoutRelocation *relocation = &layout->relocations[i];
        code->relocations[i] = (MachineRelocation){
            (uint32_t) place_offset(relocation->place, before), relocation->target};
    }
    code->return_point_count = layout->point_count;
    code->return_points = mem_alloc((layout->point_count + 1) * sizeof *code->return_points);
    for (uint32_t i = 0; i < layout->point_count; i++) {
        code->return_points[i] = (uint32_t) place_offset(layout->points[i], before);
    }
    mem_free(before);
    mem_free(layout->points);
    mem_free(layout->bytes);
    mem_free(layout->items);
    mem_free(layout->fixups);
    mem_free(layout->relocations);
    mem_free(layout->labels);
    mem_free(layout->instructions);
}
