/* tests/fuzz/etf.c
 * Any bytes to binary_to_term: read into the heap of a process, which is then verified; what was
 * read is written and read again, and must be the same; it is copied, hashed and printed. */
#include "gc/heap.h"
#include "runtime/term/atom.h"
#include "runtime/term/compare.h"
#include "runtime/term/copy.h"
#include "runtime/term/external.h"
#include "runtime/term/mem.h"
#include "runtime/term/print.h"
#include "tests/fuzz/fuzz.h"

/* What terms of one input point to; as the machine's tables, each once. */
static struct Known {
    struct Known *next;
    bool is_fun;
    Export export;
    FunEntry fun;
} *known;

static struct Known *add_known(void)
{
    struct Known *added = mem_alloc_zero(sizeof *added);
    added->next = known;
    known = added;
    return added;
}

static void forget_known(void)
{
    while (known != NULL) {
        struct Known *next = known->next;
        mem_free(known);
        known = next;
    }
}

static Export *find_export(Term module, Term function, uint32_t arity, bool known_only)
{
    for (struct Known *at = known; at != NULL; at = at->next) {
        if (!at->is_fun && at->export.module == module && at->export.function == function &&
            at->export.arity == arity) {
            return &at->export;
        }
    }
    if (known_only) {
        return NULL;
    }
    struct Known *added = add_known();
    added->export = (Export){module, function, arity};
    return &added->export;
}

static FunEntry *find_fun(const FunEntry *wanted)
{
    for (struct Known *at = known; at != NULL; at = at->next) {
        if (at->is_fun && at->fun.module == wanted->module && at->fun.index == wanted->index &&
            memcmp(at->fun.uniq, wanted->uniq, sizeof wanted->uniq) == 0) {
            return &at->fun;
        }
    }
    struct Known *added = add_known();
    added->is_fun = true;
    added->fun = *wanted;
    return &added->fun;
}

static void visit_root(void *owner, GcVisitor *visitor)
{
    gc_visit(visitor, owner, 1);
}

static void try_term(Heap *heap, Term *term)
{
    ExternalOptions options = EXTERNAL_DEFAULTS;
    GcRoots roots = {visit_root, term};
    heap_verify(heap, roots);
    CHECK(heap_collect(heap, true, 0, 0, roots) == GC_OK);
    heap_verify(heap, roots);
    uint8_t *bytes;
    size_t size, used;
    CHECK(external_write(*term, &options, &bytes, &size));
    CHECK(size == external_size(*term, &options));
    ArenaSpace *arena = arena_space_create();
    Term again = external_to_term(arena_space(arena), bytes, size, false, &used);
    CHECK(used == size);
    CHECK(term_equal_exact(again, *term));
    CHECK(term_compare(again, *term) == 0);
    CHECK(term_phash2(again) == term_phash2(*term));
    CHECK(term_hash(again) == term_hash(*term));
    Term copy = term_copy(arena_space(arena), *term);
    CHECK(term_equal_exact(copy, again));
    Text text = {0};
    term_print(&text, *term, 100000);
    text_finish(&text);
    mem_free(bytes);
    options.compression = 6;
    options.deterministic = true;
    CHECK(external_write(copy, &options, &bytes, &size));
    again = external_to_term(arena_space(arena), bytes, size, true, &used);
    CHECK(again == TERM_NONE || term_equal_exact(again, *term)); /* none: unknown functions */
    mem_free(bytes);
    arena_space_destroy(arena);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    atom_limit = 1u << 26; /* names are made up by the million */
    atoms_init();
    external_hooks.find_export = find_export;
    external_hooks.find_fun = find_fun;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size_bytes)
{
    Heap heap;
    size_t used = 0;
    CHECK(heap_init(&heap, 100, 10, 0));
    Term term = external_to_term(&heap.space, bytes, size_bytes, size_bytes % 4 == 0, &used);
    if (term != TERM_NONE && term != TERM_LIMIT) {
        CHECK(used <= size_bytes);
        try_term(&heap, &term);
    }
    heap_finish(&heap);
    forget_known();
    return 0;
}
