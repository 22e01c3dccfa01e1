/* runtime/bif_code_path.c
 * Natives of stdlib/code.erl: the code path and what lies on it, module muster_machine. */
#include "runtime/bif_on_load.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

#include "runtime/library.h"
#include "runtime/term/bits.h"
#include "runtime/term/mem.h"

#include <pthread.h>

static Term text(Space *space, const char *bytes)
{
    Term binary = make_binary(space, bytes, strlen(bytes));
    return binary == TERM_LIMIT ? ATOM_system_limit : binary;
}

/* code_path(): directories, as binaries. */
Term bif_code_path_0(Process *p, const Term args[])
{
    size_t count;
    const char **all = code_path_all(&count);
    Term list = TERM_NIL;
    for (size_t i = count; i-- > 0;) {
        list = make_cons(bif_space(p), text(bif_space(p), all[i]), list);
    }
    mem_free(all);
    return list;
}

/* code_path_set([Directory]) */
Term bif_code_path_set_1(Process *p, const Term args[])
{
    int64_t count = list_length(args[0]);
    if (count < 0) {
        return bif_badarg(p);
    }
    char **all = mem_alloc_zero(((size_t) count + 1) * sizeof *all);
    bool fine = true;
    size_t size_bytes, i = 0;
    for (Term rest = args[0]; fine && term_is_cons(rest); rest = cons_tail(rest)) {
        all[i] = term_to_utf8(cons_head(rest), &size_bytes);
        fine = all[i++] != NULL;
    }
    if (fine) {
        code_path_set((const char *const *) all, (size_t) count);
    }
    while (i > 0) {
        mem_free(all[--i]);
    }
    mem_free(all);
    return fine ? ATOM_true : bif_badarg(p);
}

/* find_module(Module): the file that would be loaded now, a binary; `preloaded` (the machine
 * carries it) or `undefined`. */
Term bif_code_find_1(Process *p, const Term args[])
{
    char path[CODE_PATH_BYTES];
    const EmbeddedFile *embedded;
    if (!term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    switch (library_find(atom_name(args[0]), path, &embedded)) {
    case LIBRARY_BYTECODE:
    case LIBRARY_SOURCE:
        return text(bif_space(p), path);
    case LIBRARY_EMBEDDED:
        return ATOM_preloaded;
    default:
        return ATOM_undefined;
    }
}

/* load_file(Path): the name of the bytecode module that was loaded, or `error` after saying why. */
Term bif_code_load_file_1(Process *p, const Term args[])
{
    size_t size_bytes;
    char *path = term_to_utf8(args[0], &size_bytes);
    if (path == NULL) {
        return bif_badarg(p);
    }
    Term name = library_load_file(path);
    mem_free(path);
    return name == TERM_NONE            ? ATOM_error
           : code_waiting(name) == NULL ? name
                                        : on_load_finish(p, name, name);
}

/* ---- who compiles what (stdlib/muster_autoload.erl) ---- */

typedef struct Claim {
    Term module, pid;
} Claim;
static struct {
    pthread_mutex_t lock;
    Claim *items;
    size_t count, capacity;
} claims = {.lock = PTHREAD_MUTEX_INITIALIZER};

static Claim *find_claim(Term module)
{
    for (size_t i = 0; i < claims.count; i++) {
        if (claims.items[i].module == module) {
            return &claims.items[i];
        }
    }
    return NULL;
}

static void add_claim(Term module, Term pid)
{
    if (claims.count == claims.capacity) {
        claims.capacity = claims.capacity == 0 ? 8 : claims.capacity * 2;
        claims.items = mem_realloc(claims.items, claims.capacity * sizeof *claims.items);
    }
    claims.items[claims.count++] = (Claim){module, pid};
}

/* compile_claim(Module): `true`: the caller is to compile it; else the pid of who does. Of one that
 * ended without releasing it, the next to ask takes it over. */
Term bif_compile_claim_1(Process *p, const Term args[])
{
    if (!term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    pthread_mutex_lock(&claims.lock);
    Claim *claim = find_claim(args[0]);
    Term answer = ATOM_true;
    if (claim == NULL) {
        add_claim(args[0], p->pid);
    } else if (process_find(claim->pid) != NULL) {
        answer = claim->pid;
    } else {
        claim->pid = p->pid;
    }
    pthread_mutex_unlock(&claims.lock);
    return answer;
}

/* compile_release(Module) */
Term bif_compile_release_1(Process *p, const Term args[])
{
    pthread_mutex_lock(&claims.lock);
    Claim *claim = find_claim(args[0]);
    if (claim != NULL && claim->pid == p->pid) {
        *claim = claims.items[--claims.count];
    }
    pthread_mutex_unlock(&claims.lock);
    return ATOM_true;
}
