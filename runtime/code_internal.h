/* runtime/code_internal.h
 * Inside runtime/: what code.c, code_fun.c and code_purge.c share. */
#ifndef MUSTER_RUNTIME_CODE_INTERNAL_H
#define MUSTER_RUNTIME_CODE_INTERNAL_H

#include "runtime/code.h"

#include <pthread.h>

extern pthread_mutex_t code_lock;
/* The list that a module of that name is in. Under code_lock to write; readers acquire, and are in
 * an epoch. */
LoadedModule **code_module_slot(Term name);
/* Under code_lock: code_function_at knows it, or no longer. */
void code_add_range(LoadedModule *module);
void code_remove_range(LoadedModule *module);
/* Frees all of it. Nobody runs in it, refers to it or will. */
void code_free(LoadedModule *module);

/* ---- code_purge.c ---- */
/* The version of `name` that is being purged; NULL: none is. Not to be followed. */
const LoadedModule *code_purged(Term name);

/* ---- code_fun.c ---- */
/* The entry, made (without code) when new. */
CodeFun *code_fun(const FunEntry *wanted);
/* The module's funs lead to its code; `again`: only those that lead nowhere. */
void code_funs_attach(LoadedModule *module, bool again);
/* Those that lead to it lead nowhere. */
void code_funs_detach(LoadedModule *module);

#endif
