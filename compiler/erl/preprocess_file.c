/* compiler/erl/preprocess_file.c
 * The stack of files being read: -include, -include_lib, -file.
 *
 * A header is looked for next to the file that includes it, in the current folder, next to the main
 * file, then in the folders of the options. */
#include "compiler/erl/preprocess_internal.h"

#include <stdlib.h>
#include <unistd.h>

#include "runtime/term/bits.h"

/* ---- frames ---- */

void add_file_form(Preprocessor *pp, Location at, const char *name, uint32_t line)
{
    Form *form = ARENA_NEW(&pp->unit->arena, Form);
    form->kind = FORM_ATTRIBUTE;
    form->at = at;
    form->attribute.name = ATOM_OF(file);
    form->attribute.value = make_tuple2(pp_space(pp), pp_string(pp, name), term_small(line));
    erl_unit_add_form(pp->unit, form);
}

void frame_push(Preprocessor *pp, Source *source, const char *path, const char *name)
{
    if (pp->frame_count == pp->frame_capacity) {
        pp->frame_capacity = pp->frame_capacity == 0 ? 8 : pp->frame_capacity * 2;
        pp->frames = mem_realloc(pp->frames, pp->frame_capacity * sizeof *pp->frames);
    }
    Frame *frame = mem_alloc_zero(sizeof *frame);
    frame->source = *source;
    frame->path = arena_copy_text(&pp->arena, path, strlen(path));
    frame->name = arena_copy_text(&pp->arena, name, strlen(name));
    frame->read_name = frame->name;
    frame->condition_base = pp->condition_count;
    uint16_t file = erl_unit_file(pp->unit, frame->name);
    scanner_init(&frame->scanner, pp->unit, &pp->lexicon, file, source->text, source->size_bytes);
    uint32_t line =
        pp->frame_count == 0 && pp->options->first_line > 0 ? pp->options->first_line : 1;
    frame->scanner.line = line;
    pp->frames[pp->frame_count++] = frame;
    *source = (Source){0};
    add_file_form(pp, (Location){line, 1, file, 0}, frame->name, line);
}

void frame_pop(Preprocessor *pp)
{
    Frame *frame = pp->frames[--pp->frame_count];
    pp->condition_count = frame->condition_base;
    source_finish(&frame->source);
    mem_free(frame);
    if (pp->frame_count == 0) {
        return;
    }
    frame = top_frame(pp);
    Location at = scanner_location(&frame->scanner);
    uint32_t line = at.line;
    at.line -= frame->line_shift;
    add_file_form(pp, at, frame->read_name, at.line);
    if (frame->name != frame->read_name) {
        add_file_form(pp, at, frame->name, line);
    }
}

/* ---- finding files ---- */

/* Folder of `path`, with its last slash; empty where it has none. */
static size_t folder_bytes(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t) (slash - path) + 1;
}

static bool read_from(Preprocessor *pp, const char *path, Source *source)
{
    const ErlParseOptions *options = pp->options;
    if (options->read_include != NULL) {
        size_t size_bytes = 0;
        char *bytes = options->read_include(options->context, path, &size_bytes);
        if (bytes != NULL) {
            source_from_bytes(source, bytes, size_bytes, options->latin1);
            mem_free(bytes);
            return true;
        }
    }
    return source_from_file(source, path, options->latin1) == NULL;
}

static const char *path_in(Preprocessor *pp, const char *folder, size_t size_bytes,
                           const char *name)
{
    while (size_bytes >= 2 && folder[0] == '.' && folder[1] == '/') {
        folder += 2;
        size_bytes -= 2;
    }
    bool needs_slash = size_bytes > 0 && folder[size_bytes - 1] != '/';
    return arena_printf(&pp->arena, "%.*s%s%s", (int) size_bytes, folder, needs_slash ? "/" : "",
                        name);
}

/* Of a module in the folder src or test of an application: in include beside it, which every build
 * tool names with -I, and modules that are compiled when they are called have no build tool. */
static const char *find_beside_src(Preprocessor *pp, const char *name, Source *source)
{
    const char *main = pp->frames[0]->path;
    size_t size = folder_bytes(main);
    const char *name_of_folder = main + size;
    size -= size > 0 && main[size - 1] == '/';
    while (size > 0 && main[size - 1] != '/') {
        size--;
    }
    size_t length = (size_t) (name_of_folder - main) - size;
    if (strncmp(main + size, "src/", length) != 0 && strncmp(main + size, "test/", length) != 0) {
        return NULL;
    }
    const char *path = path_in(pp, main, size, arena_printf(&pp->arena, "include/%s", name));
    return length > 0 && read_from(pp, path, source) ? path : NULL;
}

/* The path under which the header was found and read; NULL: not there. */
static const char *find_include(Preprocessor *pp, const char *name, Source *source)
{
    if (name[0] == '/') {
        return read_from(pp, name, source) ? name : NULL;
    }
    const char *here = top_frame(pp)->path, *main = pp->frames[0]->path;
    const char *folders[] = {here, "", main};
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        const char *path = path_in(pp, folders[i], folder_bytes(folders[i]), name);
        if (read_from(pp, path, source)) {
            return path;
        }
    }
    for (size_t i = 0; i < pp->options->include_dir_count; i++) {
        const char *folder = pp->options->include_dirs[i];
        const char *path =
            strcmp(folder, ".") == 0 ? name : path_in(pp, folder, strlen(folder), name);
        if (read_from(pp, path, source)) {
            return path;
        }
    }
    return find_beside_src(pp, name, source);
}

/* $NAME/… with the variable's value. */
static const char *expand_variable(Preprocessor *pp, const char *name)
{
    if (name[0] != '$') {
        return name;
    }
    size_t size_bytes = strcspn(name, "/");
    char *variable = arena_copy_text(&pp->arena, name + 1, size_bytes - 1);
    const char *value = getenv(variable);
    return value == NULL ? name : arena_printf(&pp->arena, "%s%s", value, name + size_bytes);
}

/* ---- directives ---- */

/* The name in `( "a" "b" ) .`; NULL: badly formed, reported. */
static const char *include_name(Preprocessor *pp, const char *directive, Location *at)
{
    const Token *tokens = pp->raw.items + 2;
    const Token *bad = tokens;
    Text text = {0};
    if (tokens->kind == TOKEN_LPAREN) {
        *at = tokens[1].at;
        bad = ++tokens;
        for (; tokens->kind == TOKEN_STRING; bad = ++tokens) {
            for (uint32_t i = 0; i < tokens->count; i++) {
                text_add_code_point(&text, tokens->characters[i]);
            }
        }
        if (tokens > pp->raw.items + 3 && tokens[0].kind == TOKEN_RPAREN) {
            bad = tokens[1].kind == TOKEN_DOT ? NULL : tokens + 1;
        }
    }
    const char *name = NULL;
    if (bad != NULL) {
        pp_bad(pp, bad->at, directive);
    } else {
        name = text.bytes == NULL ? "" : arena_copy_text(&pp->arena, text.bytes, text.size_bytes);
        name = expand_variable(pp, name);
    }
    text_finish(&text);
    return name;
}

static void report_missing(Preprocessor *pp, Location at, const char *kind, const char *name)
{
    Term descriptor =
        make_tuple3(pp_space(pp), atom_of("include"), atom_of(kind), pp_string(pp, name));
    pp_error(pp, at, descriptor, "can't find include %s \"%s\"", kind, name);
}

/* A file that includes itself, or a long chain. All included files are left: each level would go
 * on to include again. */
static bool is_too_deep(Preprocessor *pp, Location at, const char *path)
{
    uint32_t same = 0;
    for (uint32_t i = 0; i < pp->frame_count; i++) {
        same += strcmp(pp->frames[i]->path, path) == 0;
    }
    if (pp->frame_count <= INCLUDE_DEPTH_MAX && same <= INCLUDE_SAME_MAX) {
        return false;
    }
    pp_error(pp, at, make_tuple2(pp_space(pp), atom_of("depth"), pp_string(pp, "include")),
             "include too deep");
    while (pp->frame_count > 1) {
        frame_pop(pp);
    }
    return true;
}

static void enter(Preprocessor *pp, Location at, const char *path, Source *source)
{
    if (is_too_deep(pp, at, path)) {
        source_finish(source);
        return;
    }
    const char *slash = pp->options->names_are_short ? strrchr(path, '/') : NULL;
    frame_push(pp, source, path, slash == NULL ? path : slash + 1);
}

/* As find_include; what is not there, the machine may know where to find. */
static const char *find_include_lib(Preprocessor *pp, const char *name, Source *source)
{
    const char *path = find_include(pp, name, source);
    if (path == NULL && pp->options->include_lib != NULL) {
        char *resolved = pp->options->include_lib(pp->options->context, name);
        if (resolved != NULL && read_from(pp, resolved, source)) {
            path = arena_copy_text(&pp->arena, resolved, strlen(resolved));
        }
        mem_free(resolved);
    }
    return path;
}

void directive_include(Preprocessor *pp)
{
    Location at;
    Source source = {0};
    const char *name = include_name(pp, "include", &at);
    if (name == NULL) {
        return;
    }
    /* A bare name may be that of a header which the machine carries, as if -I named its folder. */
    const char *path = strchr(name, '/') == NULL ? find_include_lib(pp, name, &source)
                                                 : find_include(pp, name, &source);
    if (path == NULL) {
        report_missing(pp, at, "file", name);
        return;
    }
    enter(pp, at, path, &source);
}

void directive_include_lib(Preprocessor *pp)
{
    Location at;
    Source source = {0};
    const char *name = include_name(pp, "include_lib", &at);
    if (name == NULL) {
        return;
    }
    const char *path = find_include_lib(pp, name, &source);
    if (path == NULL) {
        report_missing(pp, at, "lib", name);
        return;
    }
    enter(pp, at, path, &source);
}

bool preprocess_file_attribute(Preprocessor *pp, const Token *tokens, uint32_t count)
{
    static const uint8_t pattern[] = {TOKEN_LPAREN,  TOKEN_STRING, TOKEN_COMMA,
                                      TOKEN_INTEGER, TOKEN_RPAREN, TOKEN_DOT};
    uint32_t more = 0; /* strings in a row are one */
    for (uint32_t i = 0; i < COUNT_OF(pattern); i++) {
        uint32_t at = i + 2 + more;
        if (at >= count || tokens[at].kind != pattern[i]) {
            pp_bad(pp, tokens[at < count ? at : count - 1].at, "file");
            return false;
        }
        while (pattern[i] == TOKEN_STRING && at + 1 < count && tokens[++at].kind == TOKEN_STRING) {
            more++;
        }
    }
    Term number = tokens[5 + more].value;
    if (!term_is_small(number) || small_value(number) > INT32_MAX) {
        pp_bad(pp, tokens[5 + more].at, "file");
        return false;
    }
    Text text = {0};
    for (const Token *name = &tokens[3]; name->kind == TOKEN_STRING; name++) {
        for (uint32_t i = 0; i < name->count; i++) {
            text_add_code_point(&text, name->characters[i]);
        }
    }
    Frame *frame = top_frame(pp);
    frame->name =
        arena_copy_text(&pp->arena, text.bytes == NULL ? "" : text.bytes, text.size_bytes);
    text_finish(&text);
    frame->scanner.file = erl_unit_file(pp->unit, frame->name);
    /* The directive's own line gets the number. */
    uint32_t line = (uint32_t) small_value(number);
    frame->scanner.line += line - tokens[0].at.line;
    frame->line_shift += line - tokens[0].at.line;
    if (frame->scanner.line == line) { /* more on this line: its columns count from here */
        frame->scanner.line_start = frame->scanner.at;
        frame->scanner.extra = 0;
    }
    return true;
}
