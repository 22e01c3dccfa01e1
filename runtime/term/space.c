/* runtime/term/space.c
 * Arena spaces and the small builders. Literals are in literal.c.
 *
 * An arena is a chain of chunks, each twice as large as the last up to a maximum; a request that is
 * larger than the next chunk gets one of its own. */
#include "runtime/term/space.h"

#include "runtime/term/bits.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"

/* ---- arenas ---- */

enum { CHUNK_MAX_WORDS = 1 << 17 };
#ifdef MUSTER_SMALL_TABLES
enum { FIRST_CHUNK_WORDS = 16 };
#else
enum { FIRST_CHUNK_WORDS = 512 };
#endif

typedef struct Chunk {
    struct Chunk *next;
    size_t words;
    Term data[];
} Chunk;

struct ArenaSpace {
    Space space; /* first: an ArenaSpace is a Space */
    Chunk *chunks;
    size_t next_words;
};

static Term *arena_add_chunk(ArenaSpace *arena, size_t words)
{
    if (words > SIZE_MAX / sizeof(Term) - 2) {
        return NULL;
    }
    Chunk *chunk = mem_try_alloc(sizeof(Chunk) + words * sizeof(Term));
    if (chunk == NULL) {
        return NULL;
    }
    chunk->words = words;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk->data;
}

static Term *arena_grow(Space *space, size_t words)
{
    ArenaSpace *arena = (ArenaSpace *) space;
    if (words > arena->next_words / 4) {
        return arena_add_chunk(arena, words); /* the region in use stays in use */
    }
    size_t chunk_words = arena->next_words;
    Term *data = arena_add_chunk(arena, chunk_words);
    if (data == NULL) {
        return NULL;
    }
    if (arena->next_words < CHUNK_MAX_WORDS) {
        arena->next_words *= 2;
    }
    space->top = data + words;
    space->limit = data + chunk_words;
    return data;
}

ArenaSpace *arena_space_create(void)
{
    /* The first chunk comes with the first term. */
    static Term none;
    ArenaSpace *arena = mem_alloc_zero(sizeof *arena);
    arena->space.top = arena->space.limit = &none;
    arena->space.grow = arena_grow;
    arena->next_words = FIRST_CHUNK_WORDS;
    return arena;
}

ArenaSpace *arena_space_create_for(size_t words)
{
    ArenaSpace *arena = arena_space_create();
    Term *data = arena_add_chunk(arena, words);
    if (data != NULL) {
        arena->space.top = data;
        arena->space.limit = data + words;
    }
    return arena;
}

Space *arena_space(ArenaSpace *arena)
{
    return &arena->space;
}

void arena_space_destroy(ArenaSpace *arena)
{
    off_heap_drop_all(arena->space.off_heap);
    for (Chunk *chunk = arena->chunks; chunk != NULL;) {
        Chunk *next = chunk->next;
        mem_free_sized(chunk, sizeof(Chunk) + chunk->words * sizeof(Term));
        chunk = next;
    }
    mem_free(arena);
}

void off_heap_drop_all(Term *first)
{
    for (Term *object = first; object != NULL;) {
        Term *next = (Term *) object[1];
        if (header_kind(object[0]) == KIND_refc_binary) {
            binary_release((Binary *) object[2]);
        } else {
            ASSERT(header_kind(object[0]) == KIND_magic);
            magic_release((Magic *) object[2]);
        }
        object = next;
    }
}

/* ---- builders ---- */

Term make_tuple(Space *space, const Term elements[], size_t arity)
{
    ASSERT(arity < (size_t) 1 << 24);
    Term *object = space_alloc(space, arity + 1);
    object[0] = HEADER(KIND_tuple, arity);
    if (arity > 0) {
        memcpy(object + 1, elements, arity * sizeof(Term));
    }
    return term_boxed(object);
}

Term make_tuple2(Space *space, Term a, Term b)
{
    return make_tuple(space, (Term[]){a, b}, 2);
}

Term make_tuple3(Space *space, Term a, Term b, Term c)
{
    return make_tuple(space, (Term[]){a, b, c}, 3);
}

Term make_tuple4(Space *space, Term a, Term b, Term c, Term d)
{
    return make_tuple(space, (Term[]){a, b, c, d}, 4);
}

/* Room for a list of `count` elements; NULL when there is no memory. */
static Term *list_cells(Space *space, size_t count)
{
    return count > SIZE_MAX / 2 ? NULL : space_try_alloc(space, 2 * count);
}

Term make_list(Space *space, const Term elements[], size_t count, Term tail)
{
    if (count == 0) {
        return tail;
    }
    Term *cells = list_cells(space, count);
    if (cells == NULL) {
        return TERM_LIMIT;
    }
    for (size_t i = 0; i < count; i++) {
        cells[2 * i] = elements[i];
        cells[2 * i + 1] = term_cons(cells + 2 * i + 2);
    }
    cells[2 * count - 1] = tail;
    return term_cons(cells);
}

Term make_string_latin1(Space *space, const char *text, size_t size_bytes)
{
    if (size_bytes == 0) {
        return TERM_NIL;
    }
    Term *cells = list_cells(space, size_bytes);
    if (cells == NULL) {
        return TERM_LIMIT;
    }
    for (size_t i = 0; i < size_bytes; i++) {
        cells[2 * i] = term_small((uint8_t) text[i]);
        cells[2 * i + 1] = term_cons(cells + 2 * i + 2);
    }
    cells[2 * size_bytes - 1] = TERM_NIL;
    return term_cons(cells);
}

Term make_string_utf8(Space *space, const char *text, size_t size_bytes)
{
    size_t count = 0;
    for (size_t i = 0; i < size_bytes; i++) {
        count += ((uint8_t) text[i] & 0xC0) != 0x80;
    }
    if (count == size_bytes) {
        return make_string_latin1(space, text, size_bytes);
    }
    Term *cells = list_cells(space, count);
    if (cells == NULL) {
        return TERM_LIMIT;
    }
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t used;
        int32_t code_point = utf8_decode((const uint8_t *) text + at, size_bytes - at, &used);
        CHECK(code_point >= 0);
        at += used;
        cells[2 * i] = term_small(code_point);
        cells[2 * i + 1] = term_cons(cells + 2 * i + 2);
    }
    CHECK(at == size_bytes);
    cells[2 * count - 1] = TERM_NIL;
    return term_cons(cells);
}

static Term make_big1(Space *space, Kind kind, uint64_t limb)
{
    Term *object = space_alloc(space, 2);
    object[0] = HEADER(kind, 1);
    object[1] = limb;
    return term_boxed(object);
}

Term make_int64(Space *space, int64_t value)
{
    if (LIKELY(small_fits(value))) {
        return term_small(value);
    }
    return value < 0 ? make_big1(space, KIND_big_neg, 0 - (uint64_t) value)
                     : make_big1(space, KIND_big_pos, (uint64_t) value);
}

Term make_uint64(Space *space, uint64_t value)
{
    if (LIKELY(value <= (uint64_t) SMALL_MAX)) {
        return term_small((int64_t) value);
    }
    return make_big1(space, KIND_big_pos, value);
}
