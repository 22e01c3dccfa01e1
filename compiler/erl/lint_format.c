/* compiler/erl/lint_format.c
 * Format strings that are written in the call, against the arguments that are. */
#include "compiler/erl/lint_internal.h"

#include "runtime/term/bits.h"

#include <stdio.h>

/* The characters of a string; NULL: it is none. */
static const uint32_t *string_of(Linter *linter, const Node *node, uint32_t *count)
{
    static const uint32_t nothing[1];
    if (node->kind == NODE_ATOM) {
        const uint8_t *at = (const uint8_t *) atom_name(node->value);
        size_t left = atom_name_bytes(node->value), used;
        uint32_t *characters = ARENA_ARRAY(&linter->arena, uint32_t, left + 1);
        for (*count = 0; left > 0; at += used, left -= used) {
            characters[(*count)++] = (uint32_t) utf8_decode(at, left, &used);
        }
        return characters;
    }
    if (node->kind == NODE_STRING) {
        *count = node->string.count;
        return node->string.characters;
    }
    if (node->kind == NODE_LIST && node->list.elements.count == 0) {
        *count = 0;
        return nothing;
    }
    return NULL;
}

typedef struct FormatReader {
    const uint32_t *at, *end;
    uint32_t arguments;
} FormatReader;

/* A number, or `*`, which takes an argument. */
static void skip_number(FormatReader *reader, bool may_be_negative)
{
    if (may_be_negative && reader->at < reader->end && *reader->at == '-') {
        reader->at++;
    }
    if (reader->at < reader->end && *reader->at == '*') {
        reader->at++;
        reader->arguments++;
        return;
    }
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') {
        reader->at++;
    }
}

/* What stands after a ~. NULL: fine. */
static const char *read_control(Linter *linter, FormatReader *reader)
{
    skip_number(reader, true);
    if (reader->at < reader->end && *reader->at == '.') {
        reader->at++;
        skip_number(reader, false);
        if (reader->at < reader->end && *reader->at == '.') {
            reader->at++; /* and the padding */
            if (reader->at < reader->end) {
                reader->arguments += *reader->at == '*';
                reader->at++;
            }
        }
    }
    while (reader->at < reader->end &&
           (*reader->at == 't' || *reader->at == 'l' || *reader->at == 'k' || *reader->at == 'K')) {
        reader->at++;
    }
    if (reader->at == reader->end) {
        return "truncated";
    }
    uint32_t c = *reader->at++;
    if (c < 0x80 && c != 0 && strchr("cfegswpBb+#i", (int) c) != NULL) {
        reader->arguments++;
    } else if (c < 0x80 && c != 0 && strchr("WPXx", (int) c) != NULL) {
        reader->arguments += 2;
    } else if (c != '~' && c != 'n') {
        Text text = {0};
        text_add_string(&text, "invalid control ~");
        text_add_code_point(&text, c);
        const char *copy = arena_copy_text(&linter->arena, text.bytes, text.size_bytes);
        text_finish(&text);
        return copy;
    }
    return NULL;
}

static const char *plural(uint32_t count)
{
    return count == 1 ? "" : "s";
}

/* `arguments` NULL: there is no argument for them. */
static void check_arguments(Linter *linter, Location at, uint32_t wanted, const Node *arguments)
{
    char wants[80];
    if (wanted == 0) {
        snprintf(wants, sizeof wants, "the format string requires an empty argument list");
    } else {
        snprintf(wants, sizeof wants,
                 "the format string requires an argument list with %u argument%s", wanted,
                 plural(wanted));
    }
    if (arguments == NULL) {
        if (wanted > 0) {
            lint_warn(linter, LINT_FORMAT, at, "%s, but no argument list is given", wants);
        }
        return;
    }
    uint32_t given;
    switch ((NodeKind) arguments->kind) {
    case NODE_LIST:
        if (arguments->list.tail != NULL) {
            return;
        }
        given = arguments->list.elements.count;
        break;
    case NODE_STRING:
        given = arguments->string.count;
        break;
    case NODE_ATOM:
    case NODE_INTEGER:
    case NODE_FLOAT:
        lint_warn(linter, LINT_FORMAT, arguments->at, "format arguments not a list");
        return;
    default:
        return;
    }
    if (given == wanted) {
        return;
    }
    if (given == 0) {
        lint_warn(linter, LINT_FORMAT, arguments->at, "%s, but the argument list is empty", wants);
    } else {
        lint_warn(linter, LINT_FORMAT, arguments->at,
                  "%s, but the argument list contains %s%u argument%s", wants,
                  given < wanted ? "only " : "", given, plural(given));
    }
}

static void check_format(Linter *linter, const Node *call, const Node *format,
                         const Node *arguments)
{
    uint32_t count;
    const uint32_t *characters = string_of(linter, format, &count);
    (void) call;
    if (characters == NULL) {
        return;
    }
    FormatReader reader = {characters, characters + count, 0};
    while (reader.at < reader.end) {
        if (*reader.at++ != '~') {
            continue;
        }
        const char *wrong = read_control(linter, &reader);
        if (wrong != NULL) {
            lint_warn(linter, LINT_FORMAT, format->at, "format string invalid (%s)", wrong);
            return;
        }
    }
    check_arguments(linter, format->at, reader.arguments, arguments);
}

void lint_format_call(Linter *linter, const Node *call, Term module, Term function)
{
    NodeList args = call->call.args;
    bool is_io = atom_is(module, "io"), is_io_lib = atom_is(module, "io_lib");
    if ((!is_io && !is_io_lib) || (!atom_is(function, "format") && !atom_is(function, "fwrite"))) {
        return;
    }
    if (is_io && args.count == 1) {
        check_format(linter, call, args.items[0], NULL);
    } else if (args.count == 2) {
        check_format(linter, call, args.items[0], args.items[1]);
    } else if (is_io && args.count == 3) {
        check_format(linter, call, args.items[1], args.items[2]);
    }
}
