/* runtime/code.h
 * Loaded code: modules, functions, exports. A module is loaded into memory of its own; loading it
 * again makes the one before `old`, and a third load needs the old one purged first.
 *
 * Export.entry is read by every call without a lock (acquire) and written under the code lock
 * (release; the C11 types' own order is stronger, and costs the readers nothing). Functions,
 * exports and fun entries live for the life of the machine; the instructions of a purged module are
 * freed.
 *
 * Loaded code is not the portable bytecode: the loader turns the stack machine's implicit operands
 * into slot numbers (see runtime/translate.h and runtime/term/instructions.def). */
#ifndef MUSTER_RUNTIME_CODE_H
#define MUSTER_RUNTIME_CODE_H

#include "compiler/bytecode/module.h"
#include "proc/process.h"
#include "runtime/bif.h"
#include "runtime/term/loaded.h"

void code_init(void); /* export table, built-ins */

/* The export of m:f/a; made (undefined) when new. Any thread. */
CodeExport *code_export(Term module, Term function, uint32_t arity);
CodeExport *code_export_find(Term module, Term function, uint32_t arity); /* NULL: none yet */
static inline bool code_export_is_defined(const CodeExport *e)
{
    return e->function != NULL || e->bif != NULL;
}
/* May loaded code call its C function without going through its entry? `e` may be NULL. */
static inline bool code_export_is_direct(const CodeExport *e)
{
    return e != NULL && e->bif != NULL && !(e->bif_flags & BIF_HOST);
}
/* Makes m:f/a a built-in of the host program, for code that calls it through its export. False: it
 * is a built-in already. Any thread. */
bool code_define_host(Term module, Term function, uint32_t arity, BifFunction bif,
                      const void *host);

/* Verifies and loads; becomes the current version. False: `error` says where and why, or
 * "not_purged" when two versions exist already. The Module may be destroyed afterwards. */
bool code_load(const Module *module, char *error, size_t error_bytes);
/* Readies without publishing: used by code_load. */
LoadedModule *code_translate(const Module *module, char *error, size_t error_bytes);
/* Memory that lives as long as the module. */
void *code_alloc_side(LoadedModule *module, size_t bytes);
void code_drop(LoadedModule *loaded); /* of code_translate, when it is not to be published */
LoadedModule *code_module(Term name); /* current version, or NULL */
/* Does the version that is current, or will be when its on_load function says ok, export this? */
bool code_module_exports(Term name, Term function, uint32_t arity);

/* A version with an on_load function waits after code_load: calls go to the version before, or are
 * undefined, until a process ran the function and settled it (stdlib/muster_on_load.erl). */
LoadedModule *code_waiting(Term name); /* NULL: none */
/* Who runs the function: the first to ask. False: it is not waiting, or another does. */
bool code_claim_on_load(Term name, Term pid);
Term code_on_load_runner(Term name); /* TERM_NONE: nobody */
/* The end of `runner`'s run: it becomes the current version, or is dropped. False: it was settled
 * before, or could not become current. */
bool code_settle_on_load(Term name, Term runner, bool accepted);

/* The fun of that module, index and digest; without code while there is none. */
FunEntry *code_find_fun(const FunEntry *wanted);
/* Has it code? */
bool code_fun_is_there(const FunEntry *fun);
bool code_delete(Term name); /* current becomes old; false: there is an old one already */
LoadedModule *
code_old(Term name); /* a version that is no longer current; NULL: none. In an epoch */
/* Does this process have frames in an old version of `name`? */
bool code_process_uses_old(Process *p, Term name);

/* ---- purging (code_purge.c): one at a time ---- */
typedef enum PurgeStart { PURGE_NOTHING, PURGE_BUSY, PURGE_STARTED } PurgeStart;
/* `purger`, a process, begins to purge an old version of `name` (`refused`: one that its on_load
 * function refused): its funs lead nowhere from now on, its literals are copied where they were
 * shared. PURGE_BUSY: somebody purges already. */
PurgeStart code_purge_start(Term name, bool refused, Term purger);
/* The same for literals that are no module's (bif_persistent_term.c). The area is the purge's until
 * code_purge_end, or until the purger is no more. */
PurgeStart code_purge_start_area(LiteralArea *area, Term purger);
/* Every thread knows by now. Ask again in another slice. */
bool code_purge_is_known(void);
/* Whether a purge is under way that this fun waits for. */
bool code_purge_concerns(const FunEntry *fun);
/* The process copies what it refers to of the version's literals. Not while it runs. False: it was
 * made to exit, for there was no memory. */
bool code_purge_literals(Process *p);
/* All stays as it was. */
void code_purge_abort(Term purger);
/* Nobody runs in it or refers to its literals: it goes. */
/* False: it was not the purger any more. */
bool code_purge_end(Term purger);
void code_each_module(void (*visit)(LoadedModule *module, void *state), void *state);

/* Of all versions of modules, native code left out. Any thread; takes a lock. */
size_t code_memory_bytes(void);

/* Whose instruction is at `at`: NULL: none (a stub). Any thread, no lock. */
Function *code_function_at(Code at);
/* File (a term) and line of an instruction; line 0: unknown. */
uint32_t code_line_at(const Function *function, Code at, Term *file);
const Safepoint *code_safepoint_at(const Function *function, Code at);

/* Finds and loads a module: from the code path, or what the binary carries. Set at start. Source is
 * not loaded but told of: that takes a process (stdlib/muster_autoload.erl). Any scheduler thread;
 * takes a lock. */
typedef enum CodeFound { CODE_NOT_FOUND, CODE_LOADED, CODE_IS_SOURCE } CodeFound;
extern CodeFound (*code_autoload)(Term module);
/* Calls `visit` for every built-in of the module. */
void code_each_builtin(Term module, void (*visit)(Term name, uint32_t arity, void *state),
                       void *state);

#endif
