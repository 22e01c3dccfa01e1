/* gc/fragment.c
 * Fragments: memory for terms that was filled by another process, or by ours when its block was
 * full. */
#include "gc/heap.h"
#include "runtime/term/mem.h"

Fragment *fragment_create(size_t words)
{
    if (UNLIKELY(words > SIZE_MAX / 2 / sizeof(Term))) {
        return NULL;
    }
    Fragment *fragment = mem_try_alloc(sizeof(Fragment) + words * sizeof(Term));
    if (LIKELY(fragment != NULL)) {
        fragment->next = NULL;
        fragment->words = words;
        fragment->top = fragment->data;
        fragment->off_heap = NULL;
        fragment->off_heap_bytes = 0;
    }
    return fragment;
}

void fragment_destroy(Fragment *fragment)
{
    if (fragment->off_heap != NULL) {
        off_heap_drop_all(fragment->off_heap);
    }
    mem_free_sized(fragment, sizeof(Fragment) + fragment->words * sizeof(Term));
}
