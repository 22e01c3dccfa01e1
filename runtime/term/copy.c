/* runtime/term/copy.c
 * A copy is made in the manner of Cheney's collector: copy the top object with its slots still
 * pointing to the source, then run over what was copied and replace each such slot by a copy of
 * what it points to, placed behind. No stack is needed, however deep the term.
 *
 * Measuring has no such trick; it puts slots aside on a stack of its own, but goes on with a last
 * pointer without that, so that depth alone costs nothing. */
#include "runtime/term/copy.h"

#include "runtime/term/bits.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"

/* ---- measuring ---- */

typedef struct Slots {
    const Term *at, *end;
} Slots;

enum { INLINE_SLOTS = 32 };

typedef struct SlotStack {
    Slots *items;
    size_t count, capacity;
    Slots first[INLINE_SLOTS];
} SlotStack;

static COLD void slot_stack_grow(SlotStack *stack)
{
    size_t capacity = stack->capacity * 2;
    if (stack->items == stack->first) {
        stack->items = mem_alloc(capacity * sizeof(Slots));
        memcpy(stack->items, stack->first, sizeof stack->first);
    } else {
        stack->items = mem_realloc(stack->items, capacity * sizeof(Slots));
    }
    stack->capacity = capacity;
}

static inline void slot_stack_push(SlotStack *stack, const Term *at, const Term *end)
{
    if (UNLIKELY(stack->count == stack->capacity)) {
        slot_stack_grow(stack);
    }
    stack->items[stack->count].at = at;
    stack->items[stack->count].end = end;
    stack->count++;
}

/* Words after the header that hold no terms. */
static inline size_t raw_words(Term header)
{
    size_t raw = kind_raw_words[header_kind(header)];
    return raw == KIND_ALL_RAW ? header_words(header) : raw;
}

/* Whether a copy includes what `t` points to. */
static inline bool is_copied(Term t, bool literals_too)
{
    return term_is_pointer(t) && (literals_too || !pointer_is_shared(term_pointer(t)));
}

static inline const Term *skip_uncopied(const Term *at, const Term *end, bool literals_too)
{
    while (at < end && !is_copied(*at, literals_too)) {
        at++;
    }
    return at;
}

/* The words of the object, and where the slots in it begin. */
static inline Slots object_slots(Term t, size_t *words)
{
    const Term *at = term_pointer(t);
    if (term_is_cons(t)) {
        *words += 2;
        return (Slots){at, at + 2};
    }
    size_t size = header_words(at[0]);
    *words += 1 + size;
    return (Slots){at + 1 + raw_words(at[0]), at + 1 + size};
}

/* Goes on from an object that has slots to copy. Pairs are kept in two variables each: as structs
 * they go through memory, and reading what was just written in other pieces stalls. */
static size_t measure_deep(Slots now, size_t words, bool literals_too, size_t most)
{
    SlotStack stack;
    stack.items = stack.first;
    stack.count = 0;
    stack.capacity = INLINE_SLOTS;
    const Term *at = now.at, *end = now.end;
    for (;;) {
        /* *at points to what is copied. */
        Slots inner = object_slots(*at++, &words);
        const Term *inner_at = skip_uncopied(inner.at, inner.end, literals_too);
        at = skip_uncopied(at, end, literals_too);
        if (inner_at < inner.end) {
            if (at < end) {
                slot_stack_push(&stack, at, end);
            }
            at = inner_at;
            end = inner.end;
        } else if (at == end) {
            if (stack.count == 0 || UNLIKELY(words > most)) {
                break;
            }
            stack.count--;
            at = stack.items[stack.count].at;
            end = stack.items[stack.count].end;
        }
    }
    if (stack.items != stack.first) {
        mem_free(stack.items);
    }
    return words;
}

/* Ends early, with what it has got, once that is more than `most`. */
static size_t measure(Term t, bool literals_too, size_t most)
{
    if (!is_copied(t, literals_too)) {
        return 0;
    }
    size_t words = 0;
    Slots slots = object_slots(t, &words);
    slots.at = skip_uncopied(slots.at, slots.end, literals_too);
    /* Lists of what needs no copy, such as strings. */
    while (term_is_cons(t) && slots.at + 1 == slots.end && term_is_cons(*slots.at) &&
           words <= most) {
        t = *slots.at;
        slots = object_slots(t, &words);
        slots.at = skip_uncopied(slots.at, slots.end, literals_too);
    }
    return slots.at == slots.end ? words : measure_deep(slots, words, literals_too, most);
}

size_t term_copy_words(Term t)
{
    return measure(t, false, SIZE_MAX);
}

bool term_copy_is_over(Term t, size_t most, size_t *words)
{
    *words = measure(t, false, most);
    return *words > most;
}

size_t term_flat_words(Term t)
{
    return measure(t, true, SIZE_MAX);
}

/* ---- copying ---- */

typedef struct Copy {
    Term *top;
    Term *off_heap;
    size_t off_heap_bytes;
    bool flat;      /* literals too */
    bool has_inner; /* something copied points on (but for a list to its next cell) */
} Copy;

/* The copy of an object that holds something outside holds it too. */
static void copy_off_heap(Copy *copy, Term *object, Kind kind)
{
    if (kind == KIND_refc_binary) {
        copy->off_heap_bytes += binary_retain_share((Binary *) object[2], object[3]);
    } else {
        magic_retain((Magic *) object[2]);
    }
    object[1] = (Term) copy->off_heap;
    copy->off_heap = object;
}

static inline Term copy_boxed(Copy *copy, const Term *from, const Term *end)
{
    Term header = from[0];
    size_t size = header_words(header);
    Term *to = copy->top;
    if (end != NULL && UNLIKELY((size_t) (end - to) < size + 1)) {
        return TERM_NONE;
    }
    to[0] = header;
    Term tags = 0;
    for (size_t i = 1; i <= size; i++) {
        to[i] = from[i];
        tags |= (Term) term_is_pointer(from[i]);
    }
    copy->has_inner |= tags != 0; /* raw words may look so; then we look once more */
    copy->top = to + 1 + size;
    Kind kind = header_kind(header);
    if (kind == KIND_refc_binary || kind == KIND_magic) {
        copy_off_heap(copy, to, kind);
    }
    return term_boxed(to);
}

/* The whole spine at once, so that lists stay together. */
static inline Term copy_cons(Copy *copy, const Term *from, const Term *end)
{
    Term *first = copy->top, *to = first;
    Term tags = 0;
    for (;;) {
        Term tail = from[1];
        if (end != NULL && UNLIKELY(end - to < 2)) {
            copy->top = first; /* nothing of it counts */
            return TERM_NONE;
        }
        to[0] = from[0];
        tags |= (Term) term_is_pointer(from[0]);
        if (!term_is_cons(tail) || (pointer_is_shared(cons_cell(tail)) && !copy->flat)) {
            to[1] = tail;
            tags |= (Term) term_is_pointer(tail);
            break;
        }
        to[1] = term_cons(to + 2);
        to += 2;
        from = cons_cell(tail);
    }
    copy->has_inner |= tags != 0;
    copy->top = to + 2;
    return term_cons(first);
}

static inline Term copy_object(Copy *copy, Term t, const Term *end)
{
    return term_is_cons(t) ? copy_cons(copy, cons_cell(t), end)
                           : copy_boxed(copy, term_boxed_at(t), end);
}

/* A slot of the copy that may still point to the source; `start` is where the copy begins: one that
 * points there or behind is done. False: no room. */
static inline bool copy_inner(Copy *copy, Term *slot, const Term *start, const Term *end)
{
    Term t = *slot;
    if (!term_is_pointer(t)) {
        return true;
    }
    const Term *to = term_pointer(t);
    bool done = (uintptr_t) to - (uintptr_t) start < (uintptr_t) copy->top - (uintptr_t) start;
    if (done || (pointer_is_shared(to) && !copy->flat)) {
        return true;
    }
    Term inner = copy_object(copy, t, end);
    if (end != NULL && UNLIKELY(inner == TERM_NONE)) {
        return false;
    }
    *slot = inner;
    return true;
}

/* Replaces what still points to the source, object by object, from `at` to the moving end. */
static inline bool copy_rest(Copy *copy, Term *at, const Term *start, const Term *end)
{
    while (at < copy->top) {
        Term first = *at;
        Term *slot = at, *next = at + 2, *slots_end = next;
        if (term_is_header(first)) {
            slot = at + 1 + raw_words(first);
            slots_end = next = at + 1 + header_words(first);
        } else if (at[1] == term_cons(next)) {
            slots_end = at + 1; /* inside a spine */
        }
        for (; slot < slots_end; slot++) {
            if (UNLIKELY(!copy_inner(copy, slot, start, end))) {
                return false;
            }
        }
        at = next;
    }
    return true;
}

static inline Term copy_to(Term t, Term **top, Term **off_heap, size_t *off_heap_bytes, bool flat)
{
    Term *start = *top;
    Copy copy = {.top = start, .off_heap = *off_heap, .flat = flat};
    Term result = copy_object(&copy, t, NULL);
    if (copy.has_inner) {
        copy_rest(&copy, start, start, NULL);
    }
    *top = copy.top;
    *off_heap = copy.off_heap;
    *off_heap_bytes += copy.off_heap_bytes;
    return result;
}

Term term_copy_within(Term t, Term **top, const Term *end, Term **off_heap, size_t *off_heap_bytes)
{
    Term *start = *top;
    Copy copy = {.top = start};
    ASSERT(*off_heap == NULL);
    Term result = copy_object(&copy, t, end);
    if (result == TERM_NONE || (copy.has_inner && !copy_rest(&copy, start, start, end))) {
        off_heap_drop_all(copy.off_heap);
        return TERM_NONE;
    }
    *top = copy.top;
    *off_heap = copy.off_heap;
    *off_heap_bytes += copy.off_heap_bytes;
    return result;
}

Term term_copy_to(Term t, Term **top, Term **off_heap, size_t *off_heap_bytes)
{
    return term_is_literal(t) ? t : copy_to(t, top, off_heap, off_heap_bytes, false);
}

Term term_copy_flat_to(Term t, Term **top, Term **off_heap, size_t *off_heap_bytes)
{
    return !term_is_pointer(t) ? t : copy_to(t, top, off_heap, off_heap_bytes, true);
}

static Term copy_in(Space *space, Term t, size_t words, bool flat)
{
    if (words == 0) {
        return t;
    }
    Term *at = space_try_alloc(space, words);
    if (UNLIKELY(at == NULL)) {
        return TERM_LIMIT;
    }
    Term copy = copy_to(t, &at, &space->off_heap, &space->off_heap_bytes, flat);
    if (UNLIKELY(space->off_heap_bytes > space->off_heap_limit) && space->off_heap_limit != 0) {
        space->grow(space, 0);
    }
    return copy;
}

Term term_copy(Space *space, Term t)
{
    return copy_in(space, t, term_copy_words(t), false);
}

Term term_copy_flat(Space *space, Term t)
{
    return copy_in(space, t, term_flat_words(t), true);
}

Term term_copy_block(Space *space, Term t, const Term *block, size_t words)
{
    Term *to = space_try_alloc(space, words);
    if (UNLIKELY(to == NULL)) {
        return TERM_LIMIT;
    }
    Copy copy = {.off_heap = space->off_heap, .off_heap_bytes = space->off_heap_bytes};
    uintptr_t moved = (uintptr_t) to - (uintptr_t) block;
    for (size_t at = 0; at < words;) {
        Term first = block[at];
        size_t start = at, end = at + 2; /* of a cell */
        if (term_is_header(first)) {
            size_t slots = at + 1 + raw_words(first);
            end = at + 1 + header_words(first);
            while (at < slots) {
                to[at] = block[at];
                at++;
            }
            Kind kind = header_kind(first);
            if (UNLIKELY(kind == KIND_refc_binary || kind == KIND_magic)) {
                copy_off_heap(&copy, to + start, kind);
            }
        }
        for (; at < end; at++) {
            Term slot = block[at];
            to[at] = slot + (term_is_pointer(slot) ? moved : 0);
        }
    }
    space->off_heap = copy.off_heap;
    space->off_heap_bytes = copy.off_heap_bytes;
    if (UNLIKELY(space->off_heap_bytes > space->off_heap_limit) && space->off_heap_limit != 0) {
        space->grow(space, 0);
    }
    return t + moved;
}
