/* compiler/erl/lint_say.c
 * What the checks say, from one table (lint_messages.def): descriptor and text of a message from
 * its arguments, and, for format_error/1, the text of a descriptor. Templates are short and
 * messages few, so both are read anew each time. */
#include "compiler/erl/lint_internal.h"

enum { ARGUMENTS_MAX = 5, TUPLE_MAX = 8, TEXT_LIMIT_BYTES = 1000 };

static const struct {
    const char *module, *descriptor, *text;
} messages[] = {
#define MESSAGE(id, module, descriptor, text) {#module, descriptor, text},
#include "compiler/erl/lint_messages.def"
#undef MESSAGE
};

/* ---- descriptors: arguments are counted from 1 ---- */

/* One step in a template: what stands at `*at`, which moves behind it. */
static bool is_argument(const char **at, unsigned *index, bool *only_operators)
{
    if (**at != '$') {
        return false;
    }
    *index = (unsigned) ((*at)[1] - '0');
    ASSERT(*index > 0 && *index <= ARGUMENTS_MAX);
    *only_operators = (*at)[2] == 'o';
    *at += *only_operators ? 3 : 2;
    return true;
}

static Term template_word(const char **at)
{
    size_t size = strcspn(*at, ",}");
    Term word = **at >= '0' && **at <= '9' ? term_small(**at - '0') : atom_make(*at, size);
    *at += size;
    return word;
}

static Term build(Space *space, const char **at, const Term *args)
{
    unsigned index;
    bool only_operators;
    if (is_argument(at, &index, &only_operators)) {
        return args[index];
    }
    if (**at != '{') {
        return template_word(at);
    }
    Term parts[TUPLE_MAX];
    size_t count = 0;
    while (**at != '}') {
        ++*at; /* the brace, or a comma */
        ASSERT(count < TUPLE_MAX);
        parts[count++] = build(space, at, args);
    }
    ++*at;
    return make_tuple(space, parts, count);
}

static bool is_operator(Term t)
{
    for (unsigned i = 0; i < OPERATOR_COUNT; i++) {
        if (t == operator_atom((Operator) i)) {
            return true;
        }
    }
    return false;
}

/* Does the term fit? Then `args` are the parts that the template names. */
static bool fits(const char **at, Term t, Term args[])
{
    unsigned index;
    bool only_operators;
    if (is_argument(at, &index, &only_operators)) {
        args[index] = t;
        return !only_operators || is_operator(t);
    }
    if (**at != '{') {
        return template_word(at) == t;
    }
    if (!term_is_tuple(t)) {
        return false;
    }
    size_t count = tuple_arity(t);
    for (size_t i = 0; i < count; i++) {
        if (**at == '}') {
            return false;
        }
        ++*at;
        if (!fits(at, tuple_elements(t)[i], args)) {
            return false;
        }
    }
    return *(*at)++ == '}';
}

/* ---- texts ---- */

static void add_place(Text *text, Term at)
{
    const Term *parts = tuple_of(at, 2);
    if (parts != NULL && term_is_small(parts[0]) && term_is_small(parts[1])) {
        text_addf(text, "(line %lld, column %lld)", (long long) small_value(parts[0]),
                  (long long) small_value(parts[1]));
    } else if (term_is_small(at)) {
        text_addf(text, "(line %lld)", (long long) small_value(at));
    } else {
        term_print(text, at, TEXT_LIMIT_BYTES);
    }
}

static void add_bare(Text *text, Term t)
{
    if (term_is_atom(t)) {
        text_add(text, atom_name(t), atom_name_bytes(t));
        return;
    }
    for (Term head; list_next(&t, &head);) {
        if (term_is_small(head) && small_value(head) >= 0 && small_value(head) <= 0x10FFFF) {
            text_add_code_point(text, (uint32_t) small_value(head));
        }
    }
}

static void add_underscores(Text *text, Term count)
{
    for (int64_t i = 0; term_is_small(count) && i < small_value(count) && i < 1000; i++) {
        text_add_string(text, i == 0 ? "_" : ",_");
    }
}

static void add_text(Text *text, const char *template, const Term *args)
{
    while (*template != '\0') {
        size_t size = strcspn(template, "$");
        text_add(text, template, size);
        template += size;
        if (*template == '\0') {
            return;
        }
        Term argument = args[template[1] - '0'];
        template += 2;
        switch (*template) {
        case 'l':
            add_place(text, argument);
            template ++;
            break;
        case 's':
            add_bare(text, argument);
            template ++;
            break;
        case '_':
            add_underscores(text, argument);
            template ++;
            break;
        default:
            term_print(text, argument, TEXT_LIMIT_BYTES);
        }
    }
}

bool lint_message_text(Term descriptor, Text *out)
{
    Term args[ARGUMENTS_MAX + 1];
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        const char *at = messages[i].descriptor;
        if (fits(&at, descriptor, args)) {
            add_text(out, messages[i].text, args);
            return true;
        }
    }
    return false;
}

/* ---- saying ---- */

static void say(Linter *linter, Severity severity, Location at, LintMessage message,
                const Term *args)
{
    if (linter->is_muted) {
        return;
    }
    at = linter->forced_at.line > 0 ? linter->forced_at : at;
    Text text = {0};
    const char *template = messages[message].descriptor;
    add_text(&text, messages[message].text, args);
    lint_say(linter, severity, at, atom_of(messages[message].module),
             build(erl_unit_space(linter->unit), &template, args), text.bytes);
    text_finish(&text);
}

void lint_say(Linter *linter, Severity severity, Location at, Term module, Term descriptor,
              const char *text)
{
    if (!linter->is_muted) {
        Diagnostic *diagnostic =
            diagnostic_at(linter->diagnostics, severity, linter->unit, at, "%s", text);
        diagnostic->module = module;
        diagnostic->descriptor = descriptor;
    }
}

void lint_say_error(Linter *linter, Location at, LintMessage message, const Term *args)
{
    say(linter, SEVERITY_ERROR, at, message, args);
}

void lint_say_warning(Linter *linter, LintWarning which, Location at, LintMessage message,
                      const Term *args)
{
    if (linter->is_on[which]) {
        say(linter, SEVERITY_WARNING, at, message, args);
    }
}

void lint_say_always(Linter *linter, Location at, LintMessage message, const Term *args)
{
    say(linter, SEVERITY_WARNING, at, message, args);
}

/* ---- arguments ---- */

Term lint_var(const Linter *linter, uint32_t var)
{
    return erl_unit_variable_name(linter->unit, var);
}

Term lint_place(Linter *linter, Location at)
{
    return at.column == 0 ? term_small(at.line)
                          : make_tuple2(erl_unit_space(linter->unit), term_small(at.line),
                                        term_small(at.column));
}

Term lint_string(Linter *linter, const char *text)
{
    return make_string_utf8(erl_unit_space(linter->unit), text, strlen(text));
}
