/* runtime/code_path.h
 * The code path: the directories in which modules are looked for, and what is found there. Any
 * thread may call; a search sees the path as it was when the search began. */
#ifndef MUSTER_RUNTIME_CODE_PATH_H
#define MUSTER_RUNTIME_CODE_PATH_H

#include "runtime/term/base.h"

void code_path_add(const char *directory, bool in_front); /* copied */
/* Of each application in the directories of `libs`, which colons separate, `ebin` and `src`, as far
 * as they are there: of the highest version only (NAME-VERSION). They stand behind what
 * code_path_add appends later, and behind the embedded library: who has OTP's applications there
 * does not get OTP's modules for ours. */
void code_path_add_libraries(const char *libs);
/* All of it anew. */
void code_path_set(const char *const directories[], size_t count);

/* The directories as they are now; the strings stay for good. mem_free the array. */
const char **code_path_all(size_t *count);

/* Bytecode (NAME.mbc, or NAME.beam that is Muster's) or source (NAME.erl). */
typedef enum CodeFileKind { CODE_FILE_NONE, CODE_FILE_BYTECODE, CODE_FILE_SOURCE } CodeFileKind;
enum { CODE_PATH_BYTES = 4096 };
/* The first on the path, or on the path without what code_path_add_libraries added; within a
 * directory bytecode comes first. */
CodeFileKind code_path_find(const char *name, bool without_libraries, char path[CODE_PATH_BYTES]);

#endif
