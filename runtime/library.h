/* runtime/library.h
 * Where modules come from when a program first names them: the code path, then what the binary
 * carries; those that OTP would have loaded already come from the binary in any case. */
#ifndef MUSTER_RUNTIME_LIBRARY_H
#define MUSTER_RUNTIME_LIBRARY_H

#include "compiler/compile.h"
#include "runtime/code.h"
#include "runtime/code_path.h"

/* Include directories and macros for what is compiled on the way. */
extern ErlParseOptions library_parse_options;

void library_init(void); /* sets code_autoload */

/* Compiles a text. NULL: there were errors, or, with `*needs_erlang`, Erlang code has to run before
 * (parse transforms, behaviours of the program's own), which muster_main does. Errors and warnings
 * are printed to stderr as erlc prints them. */
Module *library_compile(const CompileOptions *options, bool *needs_erlang);
/* The same, loaded: the module's name; TERM_NONE: it was not. */
Term library_compile_and_load(const CompileOptions *options, bool *needs_erlang);
/* A bytecode file, loaded. */
Term library_load_file(const char *path);
/* Reads a whole file; NULL: it cannot be read. mem_free it. */
char *library_read_file(const char *path, size_t *size_bytes);

/* What the binary carries, each table sorted by name: modules, and the headers of applications
 * ("kernel/file.hrl" is what -include_lib("kernel/include/file.hrl") reads), and what
 * code:get_doc/1 answers for the modules, in the external format. */
typedef struct EmbeddedFile {
    const char *name;
    const uint8_t *start, *end;
} EmbeddedFile;
extern const EmbeddedFile embedded_modules[], embedded_headers[], embedded_docs[];
extern const size_t embedded_module_count, embedded_header_count, embedded_docs_count;
const EmbeddedFile *library_embedded(const char *name);
const EmbeddedFile *library_embedded_docs(const char *name);

typedef enum LibraryPlace {
    LIBRARY_NOWHERE,
    LIBRARY_EMBEDDED,
    LIBRARY_BYTECODE,
    LIBRARY_SOURCE
} LibraryPlace;
/* Where the module is that would be loaded now: in `path`, or in `*embedded`. */
LibraryPlace library_find(const char *name, char path[CODE_PATH_BYTES],
                          const EmbeddedFile **embedded);

#endif
