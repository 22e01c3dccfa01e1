/* runtime/bif_code_path.c
 * Natives of stdlib/code.erl: the code path and what lies on it, module muster_machine. */
#include "runtime/bif_on_load.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

#include "runtime/library.h"
#include "runtime/term/bits.h"
#include "runtime/term/mem.h"

#include <stdio.h>
#include <sys/stat.h>

enum { PATH_BYTES = 4096 };

static Term text(Space *space, const char *bytes)
{
    Term binary = make_binary(space, bytes, strlen(bytes));
    return binary == TERM_LIMIT ? ATOM_system_limit : binary;
}

/* code_path(): directories, as binaries. */
Term bif_code_path_0(Process *p, const Term args[])
{
    Term list = TERM_NIL;
    for (size_t i = library_path_count(); i-- > 0;) {
        list = make_cons(bif_space(p), text(bif_space(p), library_path(i)), list);
    }
    return list;
}

/* code_path_add(Directory, InFront): false: there is no such directory. */
Term bif_code_path_add_2(Process *p, const Term args[])
{
    size_t size_bytes;
    char *directory = term_to_utf8(args[0], &size_bytes);
    if (directory == NULL) {
        return bif_badarg(p);
    }
    struct stat about;
    if (stat(directory, &about) != 0 || !S_ISDIR(about.st_mode)) {
        mem_free(directory);
        return ATOM_false;
    }
    library_add_path(directory, args[1] == ATOM_true); /* keeps the string */
    return ATOM_true;
}

static bool find_on_path(const char *name, char path[PATH_BYTES])
{
    static const char *const endings[] = {"mbc", "erl"};
    struct stat about;
    for (size_t i = 0; i < library_path_count(); i++) {
        for (size_t e = 0; e < COUNT_OF(endings); e++) {
            int size = snprintf(path, PATH_BYTES, "%s/%s.%s", library_path(i), name, endings[e]);
            if (size < PATH_BYTES && stat(path, &about) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* find_module(Module): its file, `preloaded` (the machine carries it) or `undefined`. */
Term bif_code_find_1(Process *p, const Term args[])
{
    char path[PATH_BYTES];
    if (!term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    const char *name = atom_name(args[0]);
    if (library_embedded(name) != NULL) {
        return ATOM_preloaded;
    }
    return find_on_path(name, path) ? text(bif_space(p), path) : ATOM_undefined;
}

static bool ends_with(const char *text, size_t size_bytes, const char *ending)
{
    size_t length = strlen(ending);
    return size_bytes >= length && memcmp(text + size_bytes - length, ending, length) == 0;
}

/* load_file(Path): the module's name, or `error` after saying why. */
Term bif_code_load_file_1(Process *p, const Term args[])
{
    size_t size_bytes;
    char *path = term_to_utf8(args[0], &size_bytes);
    if (path == NULL) {
        return bif_badarg(p);
    }
    CompileOptions options = {.path = path};
    Term name = ends_with(path, size_bytes, ".erl") ? library_compile_and_load(&options, true)
                                                    : library_load_file(path);
    mem_free(path);
    return name == TERM_NONE            ? ATOM_error
           : code_waiting(name) == NULL ? name
                                        : on_load_finish(p, name, name);
}
