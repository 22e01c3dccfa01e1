/* runtime/library.c: see library.h. */
#include "runtime/library.h"

#include <errno.h>
#include <glob.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "runtime/term/mem.h"

enum { LIBRARY_ATOMS = 1024 }; /* more than any module of the library names */
static const char *paths[256];
static size_t path_count;
ErlParseOptions library_parse_options;
static pthread_mutex_t load_lock = PTHREAD_MUTEX_INITIALIZER;

void library_add_path(const char *directory, bool in_front)
{
    if (path_count == COUNT_OF(paths)) {
        return;
    }
    if (in_front) {
        memmove(paths + 1, paths, path_count * sizeof *paths);
        paths[0] = directory;
    } else {
        paths[path_count] = directory;
    }
    path_count++;
}

size_t library_path_count(void) { return path_count; }
const char *library_path(size_t index) { return paths[index]; }

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
    return size < (int) sizeof name
               ? find_embedded(embedded_headers, embedded_header_count, name)
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

/* -include_lib("app/include/x.hrl"): in the include directories, beside and above the code path
 * (DIR and DIR/../..), and where ERL_LIBS says; then
 * what the binary carries. */
static char *find_include_lib(void *context, const char *path)
{
    char above[4096];
    char *found = NULL, *libs, *rest, *directory;
    (void) context;
    for (size_t i = 0; found == NULL && i < library_parse_options.include_dir_count; i++) {
        found = find_in(library_parse_options.include_dirs[i], path);
    }
    for (size_t i = 0; found == NULL && i < path_count; i++) {
        found = find_in(paths[i], path);
        if (found == NULL && snprintf(above, sizeof above, "%s/../..", paths[i]) < (int) sizeof above) {
            found = find_in(above, path);
        }
    }
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

Term library_compile_and_load(const CompileOptions *given, bool show_warnings)
{
    CompileOptions options = *given;
    Diagnostics diagnostics;
    Module *module;
    Text out = {0};
    Term name = TERM_NONE;
    size_t size = options.text_bytes;
    char *read = NULL;
    if (options.text == NULL) {
        read = library_read_file(options.path, &size);
        if (read == NULL) {
            fprintf(stderr, "%s:1:1: %s\n", options.path, strerror(errno));
            return TERM_NONE;
        }
        options.text = read;
        options.text_bytes = size;
    }
    diagnostics_init(&diagnostics);
    if (options.parse == NULL) {
        options.parse = &library_parse_options;
    }
    module = compile_source(&options, &diagnostics);
    if (diagnostics.error_count > 0 || (show_warnings && diagnostics.warning_count > 0)) {
        diagnostics_sort(&diagnostics);
        diagnostics_print(&diagnostics, options.path, options.text, options.text_bytes, &out);
        if (out.bytes != NULL) {
            fwrite(out.bytes, 1, out.size_bytes, stderr);
        }
        text_finish(&out);
    }
    diagnostics_finish(&diagnostics);
    mem_free(read);
    if (module == NULL) {
        return TERM_NONE;
    }
    if (load_module(module, options.path)) {
        name = module->name;
    }
    module_destroy(module);
    return name;
}

static bool autoload(Term name)
{
    const char *text = atom_name(name);
    const EmbeddedFile *embedded;
    char path[4096];
    bool loaded = false;
    pthread_mutex_lock(&load_lock);
    if (code_module(name) != NULL || code_waiting(name) != NULL) {
        pthread_mutex_unlock(&load_lock);
        return true;
    }
    embedded = library_embedded(text);
    if (embedded != NULL) {
        if (atom_count() + LIBRARY_ATOMS > atom_limit) {
            atom_limit += LIBRARY_ATOMS; /* a full table must not keep its own report from loading */
        }
        loaded = load_bytes(embedded->start, (size_t) (embedded->end - embedded->start), text) == name;
    }
    for (size_t i = 0; !loaded && embedded == NULL && i < path_count; i++) {
        struct stat about;
        const char *in = strcmp(paths[i], ".") == 0 ? "" : paths[i], *slash = *in == '\0' ? "" : "/";
        if (snprintf(path, sizeof path, "%s%s%s.mbc", in, slash, text) < (int) sizeof path &&
            stat(path, &about) == 0) {
            loaded = library_load_file(path) == name;
            break;
        }
        if (snprintf(path, sizeof path, "%s%s%s.erl", in, slash, text) < (int) sizeof path &&
            stat(path, &about) == 0) {
            CompileOptions options = {.path = path};
            loaded = library_compile_and_load(&options, false) == name;
            break;
        }
    }
    pthread_mutex_unlock(&load_lock);
    return loaded;
}

void library_init(void)
{
    code_autoload = autoload;
    library_parse_options.include_lib = find_include_lib;
    library_parse_options.read_include = read_embedded_header;
}
