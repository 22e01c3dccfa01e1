/* runtime/library.h
 * Where modules come from when a program first names them: what the binary carries, then the code
 * path: NAME.mbc (bytecode) or NAME.erl (source, compiled in memory). */
#ifndef MUSTER_RUNTIME_LIBRARY_H
#define MUSTER_RUNTIME_LIBRARY_H

#include "compiler/compile.h"
#include "runtime/code.h"

/* Directories, in order; the strings must stay. */
void library_add_path(const char *directory, bool in_front);
size_t library_path_count(void);
const char *library_path(size_t index);
/* Include directories and macros for what is compiled on the way. */
extern ErlParseOptions library_parse_options;

void library_init(void); /* sets code_autoload */

/* Compiles a file or text and loads it. Errors and warnings go to stderr as erlc prints them.
 * TERM_NONE: there were errors. Returns the module's name. */
Term library_compile_and_load(const CompileOptions *options, bool show_warnings);
/* A bytecode file, loaded. */
Term library_load_file(const char *path);
/* Reads a whole file; NULL: it cannot be read. mem_free it. */
char *library_read_file(const char *path, size_t *size_bytes);

/* What the binary carries, each table sorted by name: modules, and the headers of applications
 * ("kernel/file.hrl" is what -include_lib("kernel/include/file.hrl") reads). */
typedef struct EmbeddedFile {
    const char *name;
    const uint8_t *start, *end;
} EmbeddedFile;
extern const EmbeddedFile embedded_modules[], embedded_headers[];
extern const size_t embedded_module_count, embedded_header_count;
const EmbeddedFile *library_embedded(const char *name);

#endif
