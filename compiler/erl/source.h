/* compiler/erl/source.h
 * Source texts as the scanner wants them: valid UTF-8 with a NUL behind. */
#ifndef MUSTER_COMPILER_ERL_SOURCE_H
#define MUSTER_COMPILER_ERL_SOURCE_H

#include "runtime/term/mem.h"

typedef struct Source {
    char *text; /* from mem_alloc; a NUL follows */
    size_t size_bytes;
    bool is_cut; /* the text went on with what is not valid in its encoding */
} Source;

/* Takes bytes (copied) in the encoding that a comment in their first two lines names (`coding:`
 * utf-8 or latin-1), or else the default. A byte order mark is dropped. */
void source_from_bytes(Source *source, const char *bytes, size_t size_bytes, bool latin1);
/* NULL: read; else why not, in Erlang's words ("no such file or directory"). */
const char *source_from_file(Source *source, const char *path, bool latin1);
void source_finish(Source *source);

/* The whole file, from mem_alloc, with a NUL behind; NULL and errno. Directories are EISDIR. */
char *source_read_file(const char *path, size_t *size_bytes);

#endif
