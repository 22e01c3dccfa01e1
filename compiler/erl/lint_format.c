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

/* Modifiers, each once, and whether what they stand before knows them all. */
static bool read_modifiers(FormatReader *reader)
{
    static const struct {
        char modifier;
        const char *controls;
    } known[] = {{'t', "cspPwW"}, {'l', "pP"}, {'k', "pPwW"}, {'K', "pPwW"}};
    const char *controls[COUNT_OF(known)];
    size_t count = 0;
    uint32_t seen = 0;
    for (; reader->at < reader->end; reader->at++) {
        size_t i = 0;
        while (i < COUNT_OF(known) && *reader->at != (uint32_t) known[i].modifier) {
            i++;
        }
        if (i == COUNT_OF(known)) {
            break;
        }
        if ((seen & 1u << i) != 0) {
            return false;
        }
        seen |= 1u << i;
        controls[count++] = known[i].controls;
        reader->arguments += known[i].modifier == 'K'; /* the order of keys */
    }
    for (size_t i = 0; i < count && reader->at < reader->end; i++) {
        if (*reader->at >= 0x80 || strchr(controls[i], (int) *reader->at) == NULL) {
            return false;
        }
    }
    return true;
}

/* The control's modifiers are told in order. */
static const char *invalid_control(Linter *linter, const uint32_t *from, const uint32_t *to)
{
    Text text = {0};
    text_add_string(&text, "invalid control ~");
    for (const char *modifier = "Kklt"; *modifier != '\0'; modifier++) {
        for (const uint32_t *at = from; at < to - 1; at++) {
            if (*at == (uint32_t) *modifier) {
                text_add_code_point(&text, *at);
            }
        }
    }
    text_add_code_point(&text, to[-1]);
    const char *copy = arena_copy_text(&linter->arena, text.bytes, text.size_bytes);
    text_finish(&text);
    return copy;
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
    const uint32_t *modifiers = reader->at;
    bool fits = read_modifiers(reader);
    if (reader->at == reader->end) {
        return "truncated";
    }
    uint32_t c = *reader->at++;
    if (!fits) {
        return invalid_control(linter, modifiers, reader->at);
    } else if (c < 0x80 && c != 0 && strchr("cfegswpBb+#i", (int) c) != NULL) {
        reader->arguments++;
    } else if (c < 0x80 && c != 0 && strchr("WPXx", (int) c) != NULL) {
        reader->arguments += 2;
    } else if (c != '~' && c != 'n') {
        return invalid_control(linter, modifiers, reader->at);
    }
    return NULL;
}

/* "1 argument", or ["2" | " arguments"] as two strings. */
static Term counted(Linter *linter, uint32_t count)
{
    char number[16];
    if (count == 1) {
        return lint_string(linter, "1 argument");
    }
    Space *space = erl_unit_space(linter->unit);
    snprintf(number, sizeof number, "%u", count);
    return make_cons(space, lint_string(linter, number),
                     make_cons(space, lint_string(linter, " arguments"), TERM_NIL));
}

static void add_counted(Text *text, Term counted)
{
    for (Term part; list_next(&counted, &part);) {
        if (term_is_small(part)) {
            text_add_code_point(text, (uint32_t) small_value(part));
        } else {
            add_counted(text, part);
        }
    }
}

/* {format_error, {Format, Arguments}}: the arguments are those of its ~s and ~ts, one or two. */
static void say_format(Linter *linter, Location at, const char *format, Term first, Term second)
{
    if (!linter->is_on[LINT_FORMAT]) {
        return;
    }
    Space *space = erl_unit_space(linter->unit);
    Term arguments = second == TERM_NONE ? TERM_NIL : make_cons(space, second, TERM_NIL);
    arguments = first == TERM_NONE ? arguments : make_cons(space, first, arguments);
    Term pair = make_tuple2(space, lint_string(linter, format), arguments);
    Text text = {0};
    for (const char *rest = format; *rest != '\0';) {
        size_t size = strcspn(rest, "~");
        text_add(&text, rest, size);
        rest += size;
        if (*rest == '~') {
            rest = strchr(rest, 's') + 1;
            add_counted(&text, cons_head(arguments));
            arguments = cons_tail(arguments);
        }
    }
    lint_say(linter, SEVERITY_WARNING, at, atom_of("erl_lint"),
             make_tuple2(space, atom_of("format_error"), pair), text.bytes);
    text_finish(&text);
}

/* The format string requires so many arguments, but `given`. */
static void say_wrong_count(Linter *linter, Location at, uint32_t wanted, const char *given,
                            Term second)
{
    const char *wants = wanted == 0 ? "the format string requires an empty argument list, but "
                                    : "the format string requires an argument list with ~s, but ";
    say_format(linter, at, arena_printf(&linter->arena, "%s%s", wants, given),
               wanted == 0 ? TERM_NONE : counted(linter, wanted), second);
}

/* What is perhaps no mistake is told from level 2 on. */
static void say_perhaps(Linter *linter, Location at, const char *text)
{
    if (linter->format_level >= 2) {
        say_format(linter, at, text, TERM_NONE, TERM_NONE);
    }
}

/* How many arguments are written, in a list to its end. False: it is no list, or perhaps none. */
static bool count_arguments(Linter *linter, const Node *arguments, uint32_t *count)
{
    const Node *rest = arguments;
    *count = 0;
    if (rest->kind == NODE_STRING) {
        *count = rest->string.count;
        return true;
    }
    while (rest != NULL && rest->kind == NODE_LIST) {
        *count += rest->list.elements.count;
        rest = rest->list.tail;
    }
    if (rest == NULL) {
        return true;
    }
    bool is_none =
        rest->kind == NODE_ATOM || rest->kind == NODE_INTEGER || rest->kind == NODE_FLOAT;
    if (is_none) {
        say_format(linter, arguments->at, "format arguments not a list", TERM_NONE, TERM_NONE);
    } else {
        say_perhaps(linter, node_first_location(arguments), "format arguments perhaps not a list");
    }
    return false;
}

/* `arguments` NULL: there is no argument for them. */
static void compare_counts(Linter *linter, const Node *format, const Node *arguments,
                           uint32_t wanted, uint32_t given)
{
    if (given == wanted) {
        return;
    }
    if (arguments == NULL) {
        say_wrong_count(linter, format->at, wanted, "no argument list is given", TERM_NONE);
    } else if (given == 0) {
        say_wrong_count(linter, arguments->at, wanted, "the argument list is empty", TERM_NONE);
    } else {
        say_wrong_count(linter, arguments->at, wanted,
                        given < wanted ? "the argument list contains only ~s"
                                       : "the argument list contains ~s",
                        counted(linter, given));
    }
}

static void check_format(Linter *linter, const Node *format, const Node *arguments)
{
    uint32_t count, given = 0;
    if (arguments != NULL && !count_arguments(linter, arguments, &given)) {
        return;
    }
    const uint32_t *characters = string_of(linter, format, &count);
    if (characters == NULL) {
        say_perhaps(linter, node_first_location(format), "format string not a textual constant");
        return;
    }
    FormatReader reader = {characters, characters + count, 0};
    while (reader.at < reader.end) {
        if (*reader.at++ != '~') {
            continue;
        }
        const char *wrong = read_control(linter, &reader);
        if (wrong != NULL) {
            say_format(linter, format->at, "format string invalid (~ts)",
                       lint_string(linter, wrong), TERM_NONE);
            return;
        }
    }
    compare_counts(linter, format, arguments, reader.arguments, given);
}

void lint_format_call(Linter *linter, const Node *call, Term module, Term function)
{
    NodeList args = call->call.args;
    if ((!atom_is(module, "io") && !atom_is(module, "io_lib")) ||
        (!atom_is(function, "format") && !atom_is(function, "fwrite"))) {
        return;
    }
    switch (args.count) {
    case 1:
        check_format(linter, args.items[0], NULL);
        break;
    case 2:
        check_format(linter, args.items[0], args.items[1]);
        break;
    case 3:
        check_format(linter, args.items[1], args.items[2]);
        break;
    default:
        say_format(linter, call->at, "format call with wrong number of arguments", TERM_NONE,
                   TERM_NONE);
    }
}
