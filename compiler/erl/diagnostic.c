/* compiler/erl/diagnostic.c
 * Collecting, sorting, and printing with the source line and a caret. Files are read once, when the
 * first of their lines is wanted. */
#include "compiler/erl/diagnostic.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "compiler/erl/source.h"

void diagnostics_init(Diagnostics *diagnostics)
{
    memset(diagnostics, 0, sizeof *diagnostics);
}

void diagnostics_finish(Diagnostics *diagnostics)
{
    mem_free(diagnostics->items);
    arena_finish(&diagnostics->arena);
    diagnostics_init(diagnostics);
}

/* ---- adding ---- */

static const char *format_text(Arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    CHECK(size >= 0);
    char *text = arena_alloc(arena, (size_t) size + 1);
    vsnprintf(text, (size_t) size + 1, format, again);
    va_end(again);
    return text;
}

static Diagnostic *add(Diagnostics *diagnostics, Severity severity, const char *file, uint32_t line,
                       uint32_t column, const char *text)
{
    if (diagnostics->count == diagnostics->capacity) {
        diagnostics->capacity = diagnostics->capacity == 0 ? 16 : diagnostics->capacity * 2;
        diagnostics->items =
            mem_realloc(diagnostics->items, diagnostics->capacity * sizeof *diagnostics->items);
    }
    /* Most are about the file of the one before. */
    const char *kept =
        diagnostics->count > 0 ? diagnostics->items[diagnostics->count - 1].file : NULL;
    if (kept == NULL || strcmp(kept, file) != 0) {
        kept = arena_copy_text(&diagnostics->arena, file, strlen(file));
    }
    Diagnostic *diagnostic = &diagnostics->items[diagnostics->count];
    *diagnostic = (Diagnostic){
        .severity = severity,
        .file = kept,
        .line = line,
        .column = column,
        .text = text,
        .module = TERM_NONE,
        .descriptor = TERM_NONE,
        .order = diagnostics->count++,
    };
    if (severity == SEVERITY_ERROR) {
        diagnostics->error_count++;
    } else {
        diagnostics->warning_count++;
    }
    return diagnostic;
}

Diagnostic *diagnostic_add(Diagnostics *diagnostics, Severity severity, const char *file,
                           uint32_t line, uint32_t column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = format_text(&diagnostics->arena, format, args);
    va_end(args);
    return add(diagnostics, severity, file, line, column, text);
}

Diagnostic *diagnostic_at(Diagnostics *diagnostics, Severity severity, const ErlUnit *unit,
                          Location at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = format_text(&diagnostics->arena, format, args);
    va_end(args);
    const char *file = at.file < unit->file_count ? unit->files[at.file] : "";
    return add(diagnostics, severity, file, at.line, at.column, text);
}

/* ---- sorting ---- */

static int compare_numbers(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_diagnostics(const void *left, const void *right)
{
    const Diagnostic *a = left, *b = right;
    if (a->severity != b->severity) {
        return a->severity == SEVERITY_ERROR ? -1 : 1;
    }
    if (a->is_from_reading || b->is_from_reading) {
        return a->is_from_reading != b->is_from_reading ? b->is_from_reading - a->is_from_reading
                                                        : compare_numbers(a->order, b->order);
    }
    if (a->file_order != b->file_order) {
        return compare_numbers(a->file_order, b->file_order);
    }
    if (a->line != b->line) {
        return compare_numbers(a->line, b->line);
    }
    if (a->column != b->column) {
        return compare_numbers(a->column, b->column);
    }
    int order = a->severity == SEVERITY_WARNING ? strcmp(a->text, b->text) : 0;
    return order != 0 ? order : compare_numbers(a->order, b->order);
}

/* Numbers the files by first arrival. */
static void number_files(Diagnostics *diagnostics)
{
    for (uint32_t i = 0; i < diagnostics->count; i++) {
        Diagnostic *diagnostic = &diagnostics->items[i];
        diagnostic->file_order = diagnostic->order;
        if (i > 0 && strcmp(diagnostic->file, diagnostics->items[i - 1].file) == 0) {
            diagnostic->file_order = diagnostics->items[i - 1].file_order;
            continue;
        }
        for (uint32_t j = 0; j < i; j++) {
            if (strcmp(diagnostics->items[j].file, diagnostic->file) == 0) {
                diagnostic->file_order = diagnostics->items[j].file_order;
                break;
            }
        }
    }
}

static bool is_same(const Diagnostic *a, const Diagnostic *b)
{
    return a->severity == b->severity && a->line == b->line && a->column == b->column &&
           strcmp(a->text, b->text) == 0 && strcmp(a->file, b->file) == 0;
}

void diagnostics_sort(Diagnostics *diagnostics)
{
    if (diagnostics->count == 0) {
        return;
    }
    number_files(diagnostics);
    qsort(diagnostics->items, diagnostics->count, sizeof *diagnostics->items, compare_diagnostics);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < diagnostics->count; i++) {
        if (kept > 0 && is_same(&diagnostics->items[kept - 1], &diagnostics->items[i])) {
            if (diagnostics->items[i].severity == SEVERITY_ERROR) {
                diagnostics->error_count--;
            } else {
                diagnostics->warning_count--;
            }
            continue;
        }
        diagnostics->items[kept++] = diagnostics->items[i];
    }
    diagnostics->count = kept;
}

/* ---- source lines ---- */

typedef struct Lines {
    const char *file;
    Source source;
    const char *text;
    size_t size_bytes;
    uint32_t *starts; /* offset of each line */
    uint32_t count;
} Lines;

typedef struct LineCache {
    Lines *items;
    uint32_t count, capacity;
    const char *source_name, *source;
    size_t source_size_bytes;
} LineCache;

static void find_lines(Lines *lines)
{
    uint32_t capacity = 256;
    lines->starts = mem_alloc(capacity * sizeof *lines->starts);
    size_t at = 0;
    while (at < lines->size_bytes && at < UINT32_MAX) {
        if (lines->count == capacity) {
            capacity *= 2;
            lines->starts = mem_realloc(lines->starts, capacity * sizeof *lines->starts);
        }
        lines->starts[lines->count++] = (uint32_t) at;
        const char *newline = memchr(lines->text + at, '\n', lines->size_bytes - at);
        at = newline == NULL ? lines->size_bytes : (size_t) (newline - lines->text) + 1;
    }
}

static Lines *lines_of(LineCache *cache, const char *file)
{
    for (uint32_t i = 0; i < cache->count; i++) {
        if (strcmp(cache->items[i].file, file) == 0) {
            return &cache->items[i];
        }
    }
    if (cache->count == cache->capacity) {
        cache->capacity = cache->capacity == 0 ? 8 : cache->capacity * 2;
        cache->items = mem_realloc(cache->items, cache->capacity * sizeof *cache->items);
    }
    Lines *lines = &cache->items[cache->count++];
    *lines = (Lines){.file = file};
    if (cache->source != NULL && strcmp(cache->source_name, file) == 0) {
        source_from_bytes(&lines->source, cache->source, cache->source_size_bytes, false);
    } else if (source_from_file(&lines->source, file, false) != NULL) {
        return lines; /* no lines */
    }
    lines->text = lines->source.text;
    lines->size_bytes = lines->source.size_bytes;
    find_lines(lines);
    return lines;
}

static void cache_finish(LineCache *cache)
{
    for (uint32_t i = 0; i < cache->count; i++) {
        mem_free(cache->items[i].starts);
        source_finish(&cache->items[i].source);
    }
    mem_free(cache->items);
}

/* Of long lines what is around the place is shown, of such as no person writes nothing: thousands
 * of warnings may stand in one. In bytes; in characters. */
enum { LINE_IS_LONG = 1000, LINE_IS_DATA = 100000, EXCERPT_BEFORE = 60, EXCERPT_BEHIND = 60 };

static const char *after_characters(const char *at, const char *end, uint32_t count)
{
    while (count > 0 && at < end) {
        at++;
        while (at < end && ((unsigned char) *at & 0xC0) == 0x80) {
            at++;
        }
        count--;
    }
    return at;
}

/* White space as wide as `column - 1` characters of the line; tabs stay. */
static void add_indent(Text *out, const char *line, const char *end, uint32_t column)
{
    for (uint32_t i = 1; i < column; i++) {
        text_add(out, line < end && *line == '\t' ? "\t" : " ", 1);
        line = after_characters(line, end, 1);
    }
}

static void add_excerpt(LineCache *cache, const Diagnostic *diagnostic, Text *out)
{
    const Lines *lines = lines_of(cache, diagnostic->file);
    if (diagnostic->line == 0 || diagnostic->line > lines->count || diagnostic->column == 0) {
        return;
    }
    const char *line = lines->text + lines->starts[diagnostic->line - 1];
    const char *text_end = lines->text + lines->size_bytes;
    const char *end = memchr(line, '\n', (size_t) (text_end - line));
    end = end == NULL ? text_end : end;
    if (end - line > LINE_IS_DATA) {
        return;
    }
    char number[16];
    int width = snprintf(number, sizeof number, "%4u", (unsigned) diagnostic->line);
    uint32_t column = diagnostic->column;
    const char *more_before = "", *more_behind = "";
    if (end - line > LINE_IS_LONG) {
        uint32_t skipped = column > EXCERPT_BEFORE ? column - EXCERPT_BEFORE : 0;
        const char *from = after_characters(line, end, skipped);
        const char *to = after_characters(from, end, EXCERPT_BEFORE + EXCERPT_BEHIND);
        more_before = skipped > 0 ? "..." : "";
        more_behind = to < end ? "..." : "";
        column -= skipped;
        line = from;
        end = to;
    }
    text_addf(out, "%% %s| %s", number, more_before);
    text_add(out, line, (size_t) (end - line));
    text_addf(out, "%s\n%% %*s| %*s", more_behind, width, "", (int) strlen(more_before), "");
    add_indent(out, line, end, column);
    text_add_string(out, "^\n\n");
}

/* ---- printing ---- */

static void print_one(LineCache *cache, const Diagnostic *diagnostic, Text *out)
{
    text_add_string(out, diagnostic->file);
    if (diagnostic->line != 0 && diagnostic->column != 0) {
        text_addf(out, ":%u:%u", (unsigned) diagnostic->line, (unsigned) diagnostic->column);
    } else if (diagnostic->line != 0) {
        text_addf(out, ":%u", (unsigned) diagnostic->line);
    }
    text_addf(out, ": %s%s\n", diagnostic->severity == SEVERITY_WARNING ? "Warning: " : "",
              diagnostic->text);
    add_excerpt(cache, diagnostic, out);
}

void diagnostics_print(Diagnostics *diagnostics, const char *source_name, const char *source,
                       size_t source_size_bytes, Text *out)
{
    LineCache cache = {
        .source_name = source_name,
        .source = source,
        .source_size_bytes = source_size_bytes,
    };
    diagnostics_sort(diagnostics);
    for (uint32_t i = 0; i < diagnostics->count; i++) {
        print_one(&cache, &diagnostics->items[i], out);
    }
    cache_finish(&cache);
}
