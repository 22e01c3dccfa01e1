/* runtime/library.c: see library.h. */
#include "runtime/library.h"

#include <errno.h>
#include <glob.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/bif_compile.h"
#include "runtime/term/mem.h"

enum { LIBRARY_ATOMS = 1024 }; /* more than any module of the library names */
ErlParseOptions library_parse_options;
static pthread_mutex_t load_lock = PTHREAD_MUTEX_INITIALIZER;

char *library_read_file(const char *path, size_t *size_bytes)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    size_t size = 0, capacity = 1 << 14;
    char *bytes;
    struct stat about;
    if (file == NULL || (fstat(fileno(file), &about) == 0 && S_ISDIR(about.st_mode))) {
        if (file != NULL) {
            fclose(file);
            errno = EISDIR;
        }
        return NULL;
    }
    bytes = mem_alloc(capacity);
    for (;;) {
        size_t got = fread(bytes + size, 1, capacity - size - 1, file);
        size += got;
        if (got == 0) {
            break;
        }
        if (size + 1 >= capacity) {
            char *more = mem_try_realloc(bytes, capacity * 2);
            if (more == NULL) {
                break;
            }
            bytes = more;
            capacity *= 2;
        }
    }
    if (file != stdin) {
        fclose(file);
    }
    bytes[size] = '\0';
    *size_bytes = size;
    return bytes;
}

/* DIR/APP/REST or DIR/APP-VERSION/REST, the newest version; NULL: not there. */
static char *find_in(const char *directory, const char *path)
{
    char pattern[4096];
    const char *slash = strchr(path, '/');
    glob_t found;
    char *result = NULL;
    if (slash == NULL) {
        return NULL;
    }
    for (int with_version = 0; with_version < 2 && result == NULL; with_version++) {
        int size = snprintf(pattern, sizeof pattern, "%s/%.*s%s%s", directory, (int) (slash - path),
                            path, with_version ? "-[0-9]*" : "", slash);
        if (size < (int) sizeof pattern && glob(pattern, 0, NULL, &found) == 0) {
            result = mem_copy_string(found.gl_pathv[found.gl_pathc - 1]);
            globfree(&found);
        }
    }
    return result;
}

static const EmbeddedFile *find_embedded(const EmbeddedFile files[], size_t count, const char *name)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(files[middle].name, name);
        if (order == 0) {
            return &files[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

const EmbeddedFile *library_embedded(const char *name)
{
    return find_embedded(embedded_modules, embedded_module_count, name);
}

const EmbeddedFile *library_embedded_docs(const char *name)
{
    return find_embedded(embedded_docs, embedded_docs_count, name);
}

/* ---- headers ---- */

/* Headers that the binary carries have paths of this beginning: muster:kernel/include/file.hrl. */
static const char header_prefix[] = "muster:";
static const char header_folder[] = "/include/";

/* For "app/include/name.hrl"; NULL: none is carried. */
static const EmbeddedFile *embedded_header(const char *path)
{
    char name[256];
    const char *slash = strchr(path, '/');
    if (slash == NULL || strncmp(slash, header_folder, sizeof header_folder - 1) != 0) {
        return NULL;
    }
    const char *rest = slash + sizeof header_folder - 1;
    int size = snprintf(name, sizeof name, "%.*s/%s", (int) (slash - path), path, rest);
    return size < (int) sizeof name ? find_embedded(embedded_headers, embedded_header_count, name)
                                    : NULL;
}

static char *embedded_header_path(const char *path)
{
    char full[512];
    if (embedded_header(path) == NULL) {
        return NULL;
    }
    snprintf(full, sizeof full, "%s%s", header_prefix, path);
    return mem_copy_string(full);
}

static char *read_embedded_header(void *context, const char *path, size_t *size_bytes)
{
    (void) context;
    if (strncmp(path, header_prefix, sizeof header_prefix - 1) != 0) {
        return NULL;
    }
    const EmbeddedFile *header = embedded_header(path + sizeof header_prefix - 1);
    if (header == NULL) {
        return NULL;
    }
    *size_bytes = (size_t) (header->end - header->start);
    char *bytes = mem_alloc(*size_bytes + 1);
    memcpy(bytes, header->start, *size_bytes);
    bytes[*size_bytes] = '\0';
    return bytes;
}

/* x.hrl: a header that the binary carries, whichever application's. Sources of OTP's applications
 * are compiled with the folders of stdlib's and kernel's headers among the include directories. */
static char *carried_header(const char *name)
{
    for (size_t i = 0; i < embedded_header_count; i++) {
        const char *slash = strchr(embedded_headers[i].name, '/');
        if (strcmp(slash + 1, name) == 0) {
            char path[512];
            snprintf(path, sizeof path, "%s%.*s%s%s", header_prefix,
                     (int) (slash - embedded_headers[i].name), embedded_headers[i].name,
                     header_folder, name);
            return mem_copy_string(path);
        }
    }
    return NULL;
}

/* -include_lib("app/include/x.hrl"): in the include directories, beside and above the code path
 * (DIR and DIR/../..), and where ERL_LIBS says; then
 * what the binary carries. */
static char *find_include_lib(void *context, const char *path)
{
    char above[4096];
    char *found = NULL, *libs, *rest, *directory;
    size_t path_count;
    (void) context;
    if (strchr(path, '/') == NULL) {
        return carried_header(path);
    }
    for (size_t i = 0; found == NULL && i < library_parse_options.include_dir_count; i++) {
        found = find_in(library_parse_options.include_dirs[i], path);
    }
    const char **paths = code_path_all(&path_count);
    for (size_t i = 0; found == NULL && i < path_count; i++) {
        found = find_in(paths[i], path);
        if (found == NULL &&
            snprintf(above, sizeof above, "%s/../..", paths[i]) < (int) sizeof above) {
            found = find_in(above, path);
        }
    }
    mem_free(paths);
    if (found == NULL && getenv("ERL_LIBS") != NULL) {
        libs = rest = mem_copy_string(getenv("ERL_LIBS"));
        while (found == NULL && (directory = strsep(&rest, ":")) != NULL) {
            found = find_in(directory, path);
        }
        mem_free(libs);
    }
    return found == NULL ? embedded_header_path(path) : found;
}

static bool load_module(const Module *module, const char *what)
{
    char error[512];
    if (!code_load(module, error, sizeof error)) {
        fprintf(stderr, "muster: %s: cannot be loaded: %s\n", what, error);
        return false;
    }
    return true;
}

static Term load_bytes(const uint8_t *bytes, size_t size, const char *what)
{
    char error[512];
    Module *module = module_read(bytes, size, error, sizeof error);
    Term name = TERM_NONE;
    if (module == NULL) {
        fprintf(stderr, "muster: %s: %s\n", what, error);
        return TERM_NONE;
    }
    if (load_module(module, what)) {
        name = module->name;
    }
    module_destroy(module);
    return name;
}

Term library_load_file(const char *path)
{
    size_t size;
    char *bytes = library_read_file(path, &size);
    Term name;
    if (bytes == NULL) {
        fprintf(stderr, "muster: %s: %s\n", path, strerror(errno));
        return TERM_NONE;
    }
    name = load_bytes((const uint8_t *) bytes, size, path);
    mem_free(bytes);
    return name;
}

/* Compiling stops here where Erlang code has to run. */
static ErlUnit *stop_for_erlang(void *context, ErlUnit *unit, Diagnostics *diagnostics)
{
    bool *needs_erlang = context;
    bool has_library = embedded_module_count > 0; /* the one that compiles the library has none */
    *needs_erlang = has_library && (unit_has_transforms(unit) || unit_has_foreign_behaviours(unit));
    if (*needs_erlang) {
        erl_unit_destroy(unit);
        return NULL;
    }
    return unit;
}

static char *absolute_path(const char *path)
{
    char folder[CODE_PATH_BYTES], all[2 * CODE_PATH_BYTES];
    if (path[0] == '/' || getcwd(folder, sizeof folder) == NULL) {
        return mem_copy_string(path);
    }
    snprintf(all, sizeof all, "%s/%s", folder, path);
    return mem_copy_string(all);
}

Module *library_compile(const CompileOptions *given, bool *needs_erlang)
{
    CompileOptions options = *given;
    Diagnostics diagnostics;
    Text out = {0};
    char *source = absolute_path(options.path);
    *needs_erlang = false;
    options.source = source;
    options.is_deterministic =
        embedded_module_count == 0; /* the library is the same wherever made */
    options.transform = stop_for_erlang;
    options.context = needs_erlang;
    if (options.parse == NULL) {
        options.parse = &library_parse_options;
    }
    diagnostics_init(&diagnostics);
    Module *module = compile_source(&options, &diagnostics);
    if (!*needs_erlang && diagnostics.count > 0) {
        diagnostics_sort(&diagnostics);
        diagnostics_print(&diagnostics, options.path, options.text, options.text_bytes, &out);
        fwrite(out.bytes, 1, out.size_bytes, stderr);
        text_finish(&out);
    }
    diagnostics_finish(&diagnostics);
    mem_free(source);
    return module;
}

Term library_compile_and_load(const CompileOptions *options, bool *needs_erlang)
{
    Module *module = library_compile(options, needs_erlang);
    if (module == NULL) {
        return TERM_NONE;
    }
    Term name = load_module(module, options->path) ? module->name : TERM_NONE;
    module_destroy(module);
    return name;
}

/* Modules that are the machine's whatever the code path has: what OTP has loaded before any program
 * runs, and what is Muster's own. */
static bool is_sticky(const char *name)
{
    static const char *const names[] = {"application",
                                        "application_controller",
                                        "application_master",
                                        "atomics",
                                        "binary",
                                        "code",
                                        "counters",
                                        "erlang",
                                        "erpc",
                                        "error_handler",
                                        "error_logger",
                                        "erts_internal",
                                        "ets",
                                        "file",
                                        "file_io_server",
                                        "file_server",
                                        "filename",
                                        "gb_sets",
                                        "gb_trees",
                                        "gen",
                                        "gen_event",
                                        "gen_server",
                                        "global",
                                        "global_group",
                                        "inet",
                                        "inet_config",
                                        "inet_db",
                                        "inet_parse",
                                        "inet_udp",
                                        "init",
                                        "io",
                                        "kernel",
                                        "lists",
                                        "logger",
                                        "logger_filters",
                                        "logger_formatter",
                                        "logger_std_h",
                                        "maps",
                                        "math",
                                        "net_kernel",
                                        "orddict",
                                        "os",
                                        "peer",
                                        "persistent_term",
                                        "proc_lib",
                                        "proplists",
                                        "queue",
                                        "rand",
                                        "rpc",
                                        "supervisor",
                                        "supervisor_bridge",
                                        "unicode",
                                        "user",
                                        "zlib"};
    if (strncmp(name, "muster_", 7) == 0) {
        return true;
    }
    size_t low = 0, high = COUNT_OF(names);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(names[middle], name);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

LibraryPlace library_find(const char *name, char path[CODE_PATH_BYTES],
                          const EmbeddedFile **embedded)
{
    *embedded = library_embedded(name);
    if (*embedded == NULL || !is_sticky(name)) {
        switch (code_path_find(name, *embedded != NULL, path)) {
        case CODE_FILE_BYTECODE:
            return LIBRARY_BYTECODE;
        case CODE_FILE_SOURCE:
            return LIBRARY_SOURCE;
        case CODE_FILE_NONE:
            break;
        }
    }
    return *embedded != NULL ? LIBRARY_EMBEDDED : LIBRARY_NOWHERE;
}

static CodeFound load_from(Term name, LibraryPlace place, const char *path,
                           const EmbeddedFile *embedded)
{
    bool loaded = false;
    switch (place) {
    case LIBRARY_EMBEDDED:
        if (atom_count() + LIBRARY_ATOMS > atom_limit) {
            atom_limit +=
                LIBRARY_ATOMS; /* a full table must not keep its own report from loading */
        }
        loaded = load_bytes(embedded->start, (size_t) (embedded->end - embedded->start),
                            atom_name(name)) == name;
        break;
    case LIBRARY_BYTECODE:
        loaded = library_load_file(path) == name;
        break;
    case LIBRARY_SOURCE:
        return CODE_IS_SOURCE;
    case LIBRARY_NOWHERE:
        break;
    }
    return loaded ? CODE_LOADED : CODE_NOT_FOUND;
}

static CodeFound autoload(Term name)
{
    char path[CODE_PATH_BYTES];
    const EmbeddedFile *embedded;
    CodeFound found = CODE_LOADED;
    pthread_mutex_lock(&load_lock);
    if (code_module(name) == NULL && code_waiting(name) == NULL) {
        LibraryPlace place = library_find(atom_name(name), path, &embedded);
        found = load_from(name, place, path, embedded);
    }
    pthread_mutex_unlock(&load_lock);
    return found;
}

void library_init(void)
{
    code_autoload = autoload;
    library_parse_options.include_lib = find_include_lib;
    library_parse_options.read_include = read_embedded_header;
}
