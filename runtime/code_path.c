/* runtime/code_path.c
 * The path is an array of strings under a lock. A search takes a copy of the array, as it looks at
 * files; strings are kept once and never freed, so that the copy stays good. */
#include "runtime/code_path.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "compiler/bytecode/module.h"
#include "runtime/term/mem.h"

typedef struct Strings {
    const char **items;
    size_t count, capacity;
} Strings;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Strings known, path;  /* every string ever on the path; those that are on it */
static Strings libraries;    /* those from code_path_add_libraries */
static size_t library_count; /* of them the last, from code_path_add_libraries */

static void strings_insert(Strings *strings, size_t at, const char *string)
{
    if (strings->count == strings->capacity) {
        strings->capacity = strings->capacity == 0 ? 16 : strings->capacity * 2;
        strings->items = mem_realloc(strings->items, strings->capacity * sizeof *strings->items);
    }
    memmove(strings->items + at + 1, strings->items + at,
            (strings->count - at) * sizeof *strings->items);
    strings->items[at] = string;
    strings->count++;
}

static const char *kept(const char *string)
{
    for (size_t i = 0; i < known.count; i++) {
        if (strcmp(known.items[i], string) == 0) {
            return known.items[i];
        }
    }
    strings_insert(&known, known.count, mem_copy_string(string));
    return known.items[known.count - 1];
}

/* Moved, where it is there already. */
static void add(const char *directory, bool in_front, bool is_library)
{
    pthread_mutex_lock(&lock);
    const char *kept_name = kept(directory);
    size_t at = 0;
    while (at < path.count && path.items[at] != kept_name) {
        at++;
    }
    if (at < path.count) {
        library_count -= at >= path.count - library_count;
        path.count--;
        memmove(path.items + at, path.items + at + 1, (path.count - at) * sizeof *path.items);
    }
    at = is_library ? path.count : path.count - library_count;
    strings_insert(&path, in_front ? 0 : at, kept_name);
    library_count += is_library;
    if (is_library) {
        strings_insert(&libraries, libraries.count, kept_name);
    }
    pthread_mutex_unlock(&lock);
}

void code_path_add(const char *directory, bool in_front)
{
    add(directory, in_front, false);
}

/* "cowlib" of "cowlib-2.1". */
static size_t unversioned_length(const char *name)
{
    const char *dash = strrchr(name, '-');
    return dash != NULL && dash[1] >= '0' && dash[1] <= '9' ? (size_t) (dash - name) : strlen(name);
}

static bool is_same_application(const char *a, const char *b)
{
    size_t length = unversioned_length(a);
    return length == unversioned_length(b) && memcmp(a, b, length) == 0;
}

static void add_application(const char *lib, const char *name)
{
    static const char *const folders[] = {"ebin", "src"};
    char directory[CODE_PATH_BYTES];
    struct stat info;
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        int size = snprintf(directory, sizeof directory, "%s/%s/%s", lib, name, folders[i]);
        if (size < (int) sizeof directory && stat(directory, &info) == 0 && S_ISDIR(info.st_mode)) {
            add(directory, false, true);
        }
    }
}

void code_path_add_libraries(const char *libs)
{
    char *copy = mem_copy_string(libs), *rest = copy, *lib;
    while ((lib = strsep(&rest, ":")) != NULL) {
        struct dirent **entries;
        int count = *lib == '\0' ? -1 : scandir(lib, &entries, NULL, versionsort);
        for (int i = 0; i < count; i++) {
            const char *name = entries[i]->d_name;
            bool is_last = i + 1 == count || !is_same_application(name, entries[i + 1]->d_name);
            if (name[0] != '.' && is_last) {
                add_application(lib, name);
            }
        }
        for (int i = 0; i < count; i++) {
            free(entries[i]);
        }
        if (count >= 0) {
            free(entries);
        }
    }
    mem_free(copy);
}

void code_path_set(const char *const directories[], size_t count)
{
    pthread_mutex_lock(&lock);
    path.count = library_count = 0;
    for (size_t i = 0; i < count; i++) {
        strings_insert(&path, i, kept(directories[i]));
    }
    pthread_mutex_unlock(&lock);
}

const char **code_path_all(size_t *count)
{
    pthread_mutex_lock(&lock);
    const char **all = mem_alloc((path.count + 1) * sizeof *all);
    if (path.count > 0) {
        memcpy(all, path.items, path.count * sizeof *all);
    }
    *count = path.count;
    pthread_mutex_unlock(&lock);
    return all;
}

/* .beam files may be of another machine. */
static bool is_bytecode(const char *file_name)
{
    uint8_t start[16];
    FILE *file = fopen(file_name, "rb");
    size_t size = file == NULL ? 0 : fread(start, 1, sizeof start, file);
    if (file != NULL) {
        fclose(file);
    }
    return bytes_are_module(start, size);
}

static CodeFileKind find_in(const char *directory, const char *name, char out[CODE_PATH_BYTES])
{
    static const struct {
        const char *ending;
        CodeFileKind kind;
    } forms[] = {
        {"mbc", CODE_FILE_BYTECODE}, {"beam", CODE_FILE_BYTECODE}, {"erl", CODE_FILE_SOURCE}};
    struct stat about;
    const char *in = strcmp(directory, ".") == 0 ? "" : directory, *slash = *in == '\0' ? "" : "/";
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        int size = snprintf(out, CODE_PATH_BYTES, "%s%s%s.%s", in, slash, name, forms[i].ending);
        if (size < CODE_PATH_BYTES && stat(out, &about) == 0 && S_ISREG(about.st_mode) &&
            (forms[i].ending[0] != 'b' || is_bytecode(out))) {
            return forms[i].kind;
        }
    }
    return CODE_FILE_NONE;
}

static bool is_of_library(const char *directory)
{
    bool found = false;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < libraries.count && !found; i++) {
        found = libraries.items[i] == directory;
    }
    pthread_mutex_unlock(&lock);
    return found;
}

CodeFileKind code_path_find(const char *name, bool without_libraries, char out[CODE_PATH_BYTES])
{
    size_t count;
    const char **all = code_path_all(&count);
    CodeFileKind kind = CODE_FILE_NONE;
    for (size_t i = 0; i < count && kind == CODE_FILE_NONE; i++) {
        kind = find_in(all[i], name, out);
        if (kind != CODE_FILE_NONE && without_libraries && is_of_library(all[i])) {
            kind = CODE_FILE_NONE;
        }
    }
    mem_free(all);
    return kind;
}
