/* tests/c/compiler/lint_test.c
 * The wrong programs of tests/errors/lint: what is said of NAME.erl is in NAME.expected, as erlc
 * said it (record.sh writes those), each in a line, by place. LINT_ONLY=NAME shows one of them.
 * Runs in the root of the sources. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "compiler/erl/lint.h"
#include "compiler/erl/parse.h"
#include "tests/c/test.h"

#define FOLDER "tests/errors/lint/"

static int compare_lines(const void *a, const void *b)
{
    const char *left = *(char *const *) a, *right = *(char *const *) b;
    unsigned left_line = 0, left_column = 0, right_line = 0, right_column = 0;
    sscanf(strchr(left, ':'), ":%u:%u", &left_line, &left_column);
    sscanf(strchr(right, ':'), ":%u:%u", &right_line, &right_column);
    if (left_line != right_line) {
        return left_line < right_line ? -1 : 1;
    }
    if (left_column != right_column) {
        return left_column < right_column ? -1 : 1;
    }
    return strcmp(left, right);
}

/* Sorted, each once: the same text may be said twice of one place. */
static char *sorted_lines(char *text)
{
    static char *lines[4096];
    size_t count = 0, size = strlen(text);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (strchr(line, ':') != NULL) {
            lines[count++] = line;
        }
    }
    qsort(lines, count, sizeof *lines, compare_lines);
    char *out = calloc(1, size + 2);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(lines[i], lines[i - 1]) != 0) {
            strcat(strcat(out, lines[i]), "\n");
        }
    }
    return out;
}

static char *read_whole(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return NULL;
    }
    char *text = calloc(1, 1 << 20);
    size_t size = fread(text, 1, (1 << 20) - 1, file);
    text[size] = '\0';
    fclose(file);
    return text;
}

/* One line for each diagnostic; of a text of several lines the first. */
static char *lint_lines(const char *path, const char *name)
{
    Diagnostics diagnostics = {0};
    ErlParseOptions options = {.source_name = name};
    ErlUnit *unit = erl_parse_file(path, &options, &diagnostics);
    erl_lint(unit, NULL, &diagnostics);
    char *out = calloc(1, 1 << 20);
    size_t size = 0;
    for (uint32_t i = 0; i < diagnostics.count; i++) {
        const Diagnostic *d = &diagnostics.items[i];
        size += (size_t) snprintf(out + size, 8192, "%s:%u:%u: %s%.*s\n", d->file, d->line,
                                  d->column, d->severity == SEVERITY_WARNING ? "Warning: " : "",
                                  (int) strcspn(d->text, "\n"), d->text);
    }
    erl_unit_destroy(unit);
    diagnostics_finish(&diagnostics);
    return out;
}

static bool check(const char *name)
{
    char path[512], expected_path[512];
    snprintf(path, sizeof path, FOLDER "%s", name);
    snprintf(expected_path, sizeof expected_path, FOLDER "%.*s.expected", (int) strlen(name) - 4,
             name);
    char *expected = read_whole(expected_path), *found = lint_lines(path, name);
    assert_non_null(expected);
    char *expected_sorted = sorted_lines(expected), *found_sorted = sorted_lines(found);
    bool is_same = strcmp(expected_sorted, found_sorted) == 0;
    if (!is_same) {
        fprintf(stderr, "%s:\n--- erlc\n%s--- Muster\n%s", name, expected_sorted, found_sorted);
    }
    free(expected);
    free(found);
    free(expected_sorted);
    free(found_sorted);
    return is_same;
}

TEST(wrong_programs_are_told_as_erlc_tells_them)
{
    const char *only = getenv("LINT_ONLY");
    unsigned different = 0, count = 0;
    atoms_init();
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        size_t size = strlen(entry->d_name);
        if (size > 4 && strcmp(entry->d_name + size - 4, ".erl") == 0 &&
            (only == NULL || strstr(entry->d_name, only) != NULL)) {
            different += !check(entry->d_name);
            count++;
        }
    }
    closedir(folder);
    print_message("%u of %u programs differ\n", different, count);
    assert_int_equal(different, 0);
}
