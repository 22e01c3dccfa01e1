/* compiler/erl/arena.c
 * Chunks double in size up to a limit, so that a small unit costs little and a large one few calls.
 * A request larger than a chunk gets a chunk of its own, behind the current one, whose free rest
 * stays in use. */
#include "compiler/erl/arena.h"

#include <stdarg.h>
#include <stdio.h>

struct ArenaChunk {
    struct ArenaChunk *next;
    size_t size_bytes;
};

enum { CHUNK_MIN = 16 << 10, CHUNK_MAX = 1 << 20 };

void arena_init(Arena *arena)
{
    memset(arena, 0, sizeof *arena);
}

void arena_finish(Arena *arena)
{
    struct ArenaChunk *chunk = arena->chunks;
    while (chunk != NULL) {
        struct ArenaChunk *next = chunk->next;
        mem_free_sized(chunk, chunk->size_bytes);
        chunk = next;
    }
    arena_init(arena);
}

static struct ArenaChunk *chunk_create(Arena *arena, size_t size_bytes)
{
    struct ArenaChunk *chunk = mem_alloc(size_bytes);
    chunk->size_bytes = size_bytes;
    arena->size_bytes += size_bytes;
    return chunk;
}

void *arena_alloc_slow(Arena *arena, size_t size_bytes)
{
    if (size_bytes > SIZE_MAX / 2) {
        machine_stop("not enough memory for a source text");
    }
    size_t rounded = (size_bytes + 7) & ~(size_t) 7;
    size_t chunk_size = arena->size_bytes < CHUNK_MIN   ? CHUNK_MIN
                        : arena->size_bytes > CHUNK_MAX ? CHUNK_MAX
                                                        : arena->size_bytes;
    if (rounded > chunk_size / 4) {
        struct ArenaChunk *chunk = chunk_create(arena, rounded + sizeof *chunk);
        if (arena->chunks == NULL) {
            chunk->next = NULL;
            arena->chunks = chunk;
        } else {
            chunk->next = arena->chunks->next;
            arena->chunks->next = chunk;
        }
        return chunk + 1;
    }
    struct ArenaChunk *chunk = chunk_create(arena, chunk_size);
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    arena->top = (char *) (chunk + 1) + rounded;
    arena->limit = (char *) chunk + chunk_size;
    return chunk + 1;
}

void *arena_copy(Arena *arena, const void *from, size_t size_bytes)
{
    void *to = arena_alloc(arena, size_bytes);
    if (size_bytes != 0) {
        memcpy(to, from, size_bytes);
    }
    return to;
}

char *arena_copy_text(Arena *arena, const char *from, size_t size_bytes)
{
    char *to = arena_alloc(arena, size_bytes + 1);
    memcpy(to, from, size_bytes);
    to[size_bytes] = '\0';
    return to;
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    CHECK(size >= 0);
    char *to = arena_alloc(arena, (size_t) size + 1);
    vsnprintf(to, (size_t) size + 1, format, again);
    va_end(again);
    return to;
}
