/* gc/leave.c
 * Literals that leave. Whether a heap refers to them is found out by a look at all of its words,
 * which need not know where objects begin: a number that looks like a reference only makes a
 * collection too many. Then a copy of the whole area becomes a fragment of the heap, and a major
 * collection takes every reference into the area for one into that copy: what is referred to
 * survives in it, each object once. Literals are read by all at that time, so they could not hold
 * forwarding addresses. */
#include "gc/collect.h"

#include "runtime/term/bits.h"
#include "runtime/term/ref.h"

static bool words_refer_to(const Term *at, const Term *end, Region region)
{
    bool found = false;
    for (; at < end; at++) {
        found |= term_is_pointer(*at) && region_has(region, term_pointer(*at));
    }
    return found;
}

bool fragment_refers_to(const Fragment *fragment, Region region)
{
    return words_refer_to(fragment->data, fragment->top, region);
}

static bool refers_to(const Heap *heap, Region region, GcRoots roots)
{
    GcVisitor visitor = {.mode = VISIT_FIND, .heap = heap, .leaving = region};
    if (words_refer_to(heap->block, heap->space.top, region) ||
        words_refer_to(heap->old_block, heap->old_top, region)) {
        return true;
    }
    for (const Fragment *fragment = heap->fragments; fragment != NULL; fragment = fragment->next) {
        if (fragment_refers_to(fragment, region)) {
            return true;
        }
    }
    roots.visit(roots.owner, &visitor);
    return visitor.found;
}

/* What an object of the copy holds outside is held once more. */
static void hold(Fragment *fragment, Term *object, Kind kind)
{
    if (kind == KIND_refc_binary) {
        binary_retain((Binary *) object[2]);
        fragment->off_heap_bytes += object[3];
    } else {
        magic_retain((Magic *) object[2]);
    }
    object[1] = (Term) fragment->off_heap;
    fragment->off_heap = object;
}

/* The area's objects, referring to each other. NULL: no memory. */
static Fragment *copy_of(const LiteralArea *area)
{
    Region region = {area->start, area->words};
    Fragment *fragment = fragment_create(area->words);
    if (fragment == NULL) {
        return NULL;
    }
    fragment->top = fragment->data + area->words;
    memcpy(fragment->data, area->start, area->words * sizeof(Term));
    Term delta = (Term) ((uintptr_t) fragment->data - (uintptr_t) area->start);
    for (Term *at = fragment->data; at < fragment->top; at++) {
        Term t = *at;
        if (term_is_pointer(t)) {
            if (region_has(region, term_pointer(t))) {
                *at = t + delta;
            }
        } else if (term_is_header(t)) {
            Kind kind = header_kind(t);
            if (kind == KIND_refc_binary || kind == KIND_magic) {
                hold(fragment, at, kind);
            }
            at += raw_words(t);
        }
    }
    return fragment;
}

GcResult heap_take_literals(Heap *heap, const LiteralArea *area, GcRoots roots)
{
    Leaving leaving = {.area = {area->start, area->words}};
    if (area->words == 0 || !refers_to(heap, leaving.area, roots)) {
        return GC_OK;
    }
    Fragment *fragment = copy_of(area);
    if (fragment == NULL) {
        return GC_NO_MEMORY;
    }
    leaving.delta_bytes = (ptrdiff_t) ((uintptr_t) fragment->data - (uintptr_t) leaving.area.start);
    heap_add_fragment(heap, fragment);
    heap->saw_outside = true; /* what is old refers to it: it becomes old */
    return collect(heap, true, false, HEAP_MARGIN_WORDS, HEAP_MARGIN_WORDS, roots, &leaving);
}
