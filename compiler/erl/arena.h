/* compiler/erl/arena.h
 * A bump arena: many small objects of one life, freed at once. The syntax tree, names and texts of
 * one compilation live in one. Memory running out ends the machine with a message (mem_alloc).
 * One thread at a time. Blocks are aligned to 8 bytes. */
#ifndef MUSTER_COMPILER_ERL_ARENA_H
#define MUSTER_COMPILER_ERL_ARENA_H

#include "runtime/term/mem.h"

typedef struct Arena Arena;
struct Arena {
    char *top, *limit;         /* free part of the newest chunk */
    struct ArenaChunk *chunks; /* newest first */
    size_t size_bytes;         /* held from mem_alloc, all chunks */
};

/* Starts empty and takes its first chunk on demand: a zeroed Arena is valid too. */
void arena_init(Arena *arena);
/* Frees everything ever handed out. The arena is then empty and may be used again. */
void arena_finish(Arena *arena);

void *arena_alloc_slow(Arena *arena, size_t size_bytes);
/* Never NULL; contents unset. */
static inline void *arena_alloc(Arena *arena, size_t size_bytes)
{
    size_t rounded = (size_bytes + 7) & ~(size_t) 7;
    char *at = arena->top;
    if (UNLIKELY(rounded > (size_t) (arena->limit - at) || rounded < size_bytes)) {
        return arena_alloc_slow(arena, size_bytes);
    }
    arena->top = at + rounded;
    return at;
}
static inline void *arena_alloc_zero(Arena *arena, size_t size_bytes)
{
    return memset(arena_alloc(arena, size_bytes), 0, size_bytes);
}
/* Copies. arena_copy_text adds a NUL. */
void *arena_copy(Arena *arena, const void *from, size_t size_bytes);
char *arena_copy_text(Arena *arena, const char *from, size_t size_bytes);
char *arena_printf(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

#define ARENA_NEW(arena, Type) ((Type *) arena_alloc_zero((arena), sizeof(Type)))
#define ARENA_ARRAY(arena, Type, count) \
    ((Type *) arena_alloc((arena), sizeof(Type) * (size_t) (count)))

#endif
