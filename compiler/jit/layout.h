/* compiler/jit/layout.h
 * From an encoder's pieces to the finished bytes.
 *
 * An encoder appends bytes, and between them *items* whose size is only known when all is there:
 * branches to labels (short ones where they reach) and alignment. Then layout_end finds the sizes:
 * every branch begins short, those that do not reach grow, until all reach (growing only, so it
 * ends), and writes the bytes, the places that name labels (*fixups*) filled in. */
#ifndef MUSTER_JIT_LAYOUT_H
#define MUSTER_JIT_LAYOUT_H

#include "compiler/jit/machine.h"

typedef struct LayoutItem {
    uint32_t offset; /* in the bytes, which do not contain it */
    uint32_t label;  /* LAYOUT_ALIGN: the alignment */
    uint32_t detail; /* the encoder's: register and bit of a test */
    uint8_t kind;    /* the encoder's; LAYOUT_ALIGN */
    bool is_long;
    uint16_t size;
} LayoutItem;
enum { LAYOUT_ALIGN = 255 };

typedef struct LayoutPlace {
    uint32_t offset, item; /* so many bytes and so many items before it */
} LayoutPlace;

typedef struct LayoutFixup {
    LayoutPlace place;
    uint32_t label;
    uint32_t base; /* label that the distance is from; UINT32_MAX: the place itself */
    uint8_t kind;  /* the encoder's */
} LayoutFixup;

typedef struct LayoutRelocation {
    LayoutPlace place;
    uintptr_t target;
} LayoutRelocation;

typedef struct Layout {
    uint8_t *bytes;
    uint32_t count, capacity;
    LayoutItem *items;
    uint32_t item_count, item_capacity;
    LayoutFixup *fixups;
    uint32_t fixup_count, fixup_capacity;
    LayoutRelocation *relocations;
    uint32_t relocation_count, relocation_capacity;
    LayoutPlace *points;
    uint32_t point_count, point_capacity;
    LayoutPlace *labels;
    uint32_t label_count, label_capacity;
    LayoutPlace *instructions; /* one more than the machine has */
    uint32_t instruction_count;
} Layout;

/* What differs between architectures. `distance` is from the item's or the fixup's first byte. */
typedef struct LayoutTarget {
    uint32_t (*size)(const LayoutItem *item);
    bool (*reaches)(const LayoutItem *item, int64_t distance);
    void (*write)(const LayoutItem *item, uint8_t *to, int64_t distance);
    void (*fix)(uint8_t kind, uint8_t *at, int64_t distance);
    void (*fill)(uint8_t *to, uint32_t size);
} LayoutTarget;

/* Labels 0 … m->label_count - 1 are the machine's. */
void layout_begin(Layout *layout, const Machine *m);
/* A label of the encoder's own. */
uint32_t layout_label(Layout *layout);
void layout_bind(Layout *layout, uint32_t label);
void layout_item(Layout *layout, uint8_t kind, uint32_t label, uint32_t detail);
/* The next bytes appended are to be filled in. */
void layout_fixup(Layout *layout, uint8_t kind, uint32_t label, uint32_t base);
void layout_relocation(Layout *layout, uintptr_t target);
/* The next bytes are the marker of a return point. */
void layout_point(Layout *layout);
/* Call it before the bytes of each instruction, and once at the end. */
void layout_instruction(Layout *layout);
void layout_end(Layout *layout, const LayoutTarget *target, MachineCode *code);

void layout_grow(Layout *layout);
/* Room for so many bytes, to be counted in `count` when written. */
static inline uint8_t *layout_room(Layout *layout, uint32_t bytes)
{
    while (layout->capacity - layout->count < bytes) {
        layout_grow(layout);
    }
    return layout->bytes + layout->count;
}

#endif
