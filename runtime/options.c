/* runtime/options.c
 * Reading the command line by the table options.def. A value stands behind its option, or, for long
 * names, in it (--seed=7); -I and -D have it joined (-Iinclude), as compilers do. */
#include "runtime/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gc/heap.h"
#include "proc/process.h"
#include "runtime/code_path.h"
#include "runtime/native.h"
#include "runtime/term/mem.h"
#include "runtime/trace.h"

typedef enum OptionId {
#define OPTION(id, name, value, commands, doc) OPTION_##id,
#include "runtime/options.def"
    OPTION_COUNT
} OptionId;

#define ON(name) (1u << COMMAND_##name)
#define ANY ((1u << COMMAND_COUNT) - 1)

static const struct Option {
    const char *name, *value;
    unsigned commands;
    const char *doc;
} known_options[OPTION_COUNT] = {
#define OPTION(id, name, value, commands, doc) {name, value, commands, doc},
#include "runtime/options.def"
};

static const struct {
    const char *name, *arguments, *doc;
} known_commands[COMMAND_COUNT] = {
#define COMMAND(name, arguments, doc) {#name, arguments, doc},
#include "runtime/options.def"
};

/* ---- help ---- */

int options_error(const char *format, const char *what)
{
    fprintf(stderr, "muster: ");
    fprintf(stderr, format, what);
    fprintf(stderr, "\ntry: muster --help\n");
    return 2;
}

/* [=VALUE] */
static bool may_be_left_out(const char *value)
{
    return value[0] == '[' && value[1] == '=';
}

static void print_row(FILE *file, const char *name, const char *value, const char *doc)
{
    bool joined = value == NULL || may_be_left_out(value);
    int used = fprintf(file, "  %s%s%s", name, joined ? "" : " ", value != NULL ? value : "");
    fprintf(file, "%*s%s\n", used < 26 ? 27 - used : 2, "", doc);
}

static void print_options(FILE *file, unsigned commands)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct Option *option = &known_options[i];
        if (option->commands == commands) {
            print_row(file, option->name, option->value, option->doc);
        }
    }
}

void options_help(FILE *file)
{
    fputs("usage: muster COMMAND [OPTIONS] ...\n\ncommands:\n", file);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        print_row(file, known_commands[i].name, known_commands[i].arguments, known_commands[i].doc);
    }
    fputs("  help [COMMAND]           say this, or what a command takes\n"
          "  version                  print the version\n"
          "\noptions, before the file:\n",
          file);
    print_options(file, ANY);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        unsigned commands = 0;
        for (size_t k = 0; k < OPTION_COUNT; k++) {
            commands |= known_options[k].commands == 1u << i ? 1u << i : 0;
        }
        if (commands != 0) {
            fprintf(file, "\noptions of %s:\n", known_commands[i].name);
            print_options(file, commands);
        }
    }
    fputs("\nexit status: 0 fine, 1 the program failed, 2 wrong usage\n", file);
}

void options_command_help(Command command, FILE *file)
{
    fprintf(file, "usage: muster %s [OPTIONS] %s\n\n  %s\n\noptions:\n",
            known_commands[command].name, known_commands[command].arguments,
            known_commands[command].doc);
    print_options(file, 1u << command);
    print_options(file, ANY);
}

/* ---- what may be meant ---- */

enum { NAME_BYTES = 32 };

/* Letters to insert, leave out, change, or let change places, to make one of the other; over 2: 3.
 */
static unsigned distance(const char *a, const char *b)
{
    size_t m = strlen(a), n = strlen(b);
    unsigned rows[3][NAME_BYTES + 1];
    if (m > NAME_BYTES || n > NAME_BYTES) {
        return 3;
    }
    for (size_t i = 0; i <= m; i++) {
        for (size_t k = 0; k <= n; k++) {
            unsigned *row = rows[i % 3];
            if (i == 0 || k == 0) {
                row[k] = (unsigned) (i + k);
                continue;
            }
            const unsigned *above = rows[(i + 2) % 3];
            unsigned best = above[k - 1] + (a[i - 1] != b[k - 1]);
            best = best < above[k] + 1 ? best : above[k] + 1;
            best = best < row[k - 1] + 1 ? best : row[k - 1] + 1;
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1]) {
                unsigned swapped = rows[(i + 1) % 3][k - 2] + 1;
                best = best < swapped ? best : swapped;
            }
            row[k] = best;
        }
    }
    return rows[m % 3][n] < 3 ? rows[m % 3][n] : 3;
}

typedef struct Guess {
    const char *name;
    unsigned distance;
} Guess;

static void guess(Guess *best, const char *given, const char *name)
{
    unsigned far = distance(given, name);
    if (far < best->distance && 2 * far < strlen(name)) {
        *best = (Guess){name, far};
    }
}

static int unknown(const char *what, const char *given, const Guess *best)
{
    fprintf(stderr, "muster: %s is no %s", given, what);
    if (best->name != NULL) {
        fprintf(stderr, "; did you mean %s?\n", best->name);
    } else {
        fprintf(stderr, "\ntry: muster --help\n");
    }
    return 2;
}

bool options_command(const char *name, Command *command)
{
    Guess best = {NULL, 3};
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(name, known_commands[i].name) == 0) {
            *command = (Command) i;
            return true;
        }
        guess(&best, name, known_commands[i].name);
    }
    size_t length = strlen(name);
    if (length > 4 && strcmp(name + length - 4, ".erl") == 0 && access(name, R_OK) == 0) {
        fprintf(stderr, "muster: %s is no command; did you mean muster run %s?\n", name, name);
    } else {
        unknown("command", name, &best);
    }
    return false;
}

/* ---- one option ---- */

/* The option that `argument` names; `*joined` is the value in it, or NULL. OPTION_COUNT: none. */
static OptionId find(const char *argument, const char **joined)
{
    const char *equals = strchr(argument, '=');
    *joined = NULL;
    for (int i = 0; i < OPTION_COUNT; i++) {
        const char *name = known_options[i].name;
        size_t length = strlen(name);
        if (strcmp(argument, name) == 0) {
            return (OptionId) i;
        }
        if (strncmp(argument, name, length) != 0 || known_options[i].value == NULL) {
            continue;
        }
        if (equals == argument + length && name[1] == '-') {
            *joined = equals + 1;
            return (OptionId) i;
        }
        if (i == OPTION_INCLUDE || i == OPTION_DEFINE) {
            *joined = argument + length;
            return (OptionId) i;
        }
    }
    return OPTION_COUNT;
}

static bool parse_number(const char *text, uint64_t *out)
{
    char *end;
    unsigned shift = 0;
    errno = 0;
    *out = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *text < '0' || *text > '9') {
        return false;
    }
    switch (*end) {
    case 'K':
    case 'k':
        shift = 10;
        end++;
        break;
    case 'M':
    case 'm':
        shift = 20;
        end++;
        break;
    case 'G':
    case 'g':
        shift = 30;
        end++;
        break;
    default:
        break;
    }
    if (*out > UINT64_MAX >> shift) {
        return false;
    }
    *out <<= shift;
    return *end == '\0';
}

/* A number in a range; `name` is the option's. False: it is not, and that was said. */
static bool number(const char *name, const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
    if (parse_number(text, out) && *out >= least && *out <= most) {
        return true;
    }
    fprintf(stderr, "muster: %s %s: a number from %llu ", name, text, (unsigned long long) least);
    if (most < UINT64_MAX) {
        fprintf(stderr, "to %llu is needed\n", (unsigned long long) most);
    } else {
        fprintf(stderr, "on is needed\n");
    }
    return false;
}

static bool add_macro(Options *options, const char *value)
{
    char *text = mem_copy_string(value);
    char *equals = strchr(text, '=');
    if (equals != NULL) {
        *equals = '\0';
    }
    if (text[0] == '\0') {
        options_error("-D %s: a name is needed", value);
        return false;
    }
    options->macros[options->macro_count++] =
        (MacroDefinition){text, equals != NULL ? equals + 1 : NULL};
    return true;
}

static bool set_tier(const char *value)
{
    if (strcmp(value, "quick") == 0) {
        native_options.tier = TIER_QUICK;
    } else if (strcmp(value, "optimised") == 0) {
        native_options.tier = TIER_OPTIMISED;
    } else if (strcmp(value, "both") == 0) {
        native_options.tier = TIER_BOTH;
    } else {
        options_error("--jit %s: both, quick or optimised is needed", value);
        return false;
    }
    return true;
}

/* False: the value will not do, and that was said. */
static bool apply(Options *options, OptionId id, const char *value)
{
    const char *name = known_options[id].name;
    uint64_t n;
    switch (id) {
    case OPTION_PA:
    case OPTION_PZ:
        code_path_add(value, id == OPTION_PA);
        return true;
    case OPTION_INCLUDE:
        options->include_dirs[options->include_count++] = value;
        return true;
    case OPTION_DEFINE:
        return add_macro(options, value);
    case OPTION_APP:
        options->app = value;
        return true;
    case OPTION_CONFIG:
        options->config = value;
        return true;
    case OPTION_OUTPUT:
        options->output_dir = value;
        return true;
    case OPTION_FILTER:
        options->filter = value;
        return true;
    case OPTION_JUNIT:
        options->junit = value;
        return true;
    case OPTION_COVER:
        return options->cover = true;
    case OPTION_VERBOSE:
        return options->verbose = true;
    case OPTION_RUN_FIRST:
        options->run_first = value;
        return true;
    case OPTION_IR:
        return options->ir = true;
    case OPTION_NO_SMP:
        return options->machine.no_smp = true;
    case OPTION_SCHEDULERS:
        if (!number(name, value, 1, 1024, &n)) {
            return false;
        }
        options->machine.schedulers = (unsigned) n;
        return true;
    case OPTION_SEED:
        options->machine.has_seed = true;
        return number(name, value, 0, UINT64_MAX, &options->machine.seed);
    case OPTION_MAX_HEAP:
        if (!parse_number(value, &n)) {
            options_error("--max-heap %s: a size is needed, such as 500M", value);
            return false;
        }
        options->machine.max_heap_words = n / sizeof(Term);
        return true;
    case OPTION_MAX_PROCESSES:
        if (!number(name, value, 16, PROCESSES_MOST, &n)) {
            return false;
        }
        options->machine.max_processes = n;
        return true;
    case OPTION_STATS:
        return options->stats = gc_stats_enabled = true;
    case OPTION_TRACE:
        if (!trace_take_option(value)) {
            options_error("--trace=%s: procs, messages, calls:MODULE are known", value);
            return false;
        }
        return true;
    case OPTION_PROFILE:
        options->machine.profile = true;
        options->profile_stacks = value[0] != '\0' ? value : NULL;
        return true;
    case OPTION_GC_STATS:
        return options->gc_stats = gc_stats_enabled = true;
    case OPTION_NO_JIT:
        return native_options.off = true;
    case OPTION_JIT:
        return set_tier(value);
    case OPTION_JIT_THRESHOLD:
        if (!number(name, value, 1, INT32_MAX, &n)) {
            return false;
        }
        native_options.threshold = (int32_t) n;
        return true;
    case OPTION_JIT_CACHE:
        if (!parse_number(value, &n) || n < 1 << 16) {
            options_error("--jit-cache %s: a size of at least 64K is needed", value);
            return false;
        }
        native_options.cache_bytes = n;
        return true;
    case OPTION_JIT_STATS:
        return native_options.stats = true;
    case OPTION_JIT_PERF:
        return native_options.perf = true;
    case OPTION_COUNT:
        break;
    }
    return false;
}

static int unknown_option(const char *argument, Command command)
{
    Guess best = {NULL, 3};
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (known_options[i].commands & 1u << command) {
            guess(&best, argument, known_options[i].name);
        }
    }
    guess(&best, argument, "--help");
    return unknown("option", argument, &best);
}

static bool is_option(const char *argument)
{
    return argument[0] == '-' && argument[1] != '\0';
}

/* Stops before the first argument that is none, or is the end of options. */
static int take(Options *options, Command command, char **argv, int argc, int *at)
{
    while (*at < argc && is_option(argv[*at]) && strcmp(argv[*at], "--") != 0) {
        const char *argument = argv[(*at)++], *value;
        if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
            options->wants_help = true;
            continue;
        }
        OptionId id = find(argument, &value);
        if (id == OPTION_COUNT) {
            return unknown_option(argument, command);
        }
        const struct Option *option = &known_options[id];
        if (!(option->commands & 1u << command)) {
            fprintf(stderr, "muster: %s is no option of %s\n", option->name,
                    known_commands[command].name);
            return 2;
        }
        if (option->value != NULL && value == NULL && may_be_left_out(option->value)) {
            value = "";
        } else if (option->value != NULL && value == NULL) {
            if (*at == argc) {
                fprintf(stderr, "muster: %s needs a value: %s %s\n", option->name, option->name,
                        option->value);
                return 2;
            }
            value = argv[(*at)++];
        }
        if (options->include_count + 1 >= COUNT_OF(options->include_dirs) ||
            options->macro_count + 1 >= COUNT_OF(options->macros)) {
            return options_error("too many options: %s", argument);
        }
        if (!apply(options, id, value)) {
            return 2;
        }
    }
    return 0;
}

int options_take(Options *options, Command command, char **argv, int argc, int *at)
{
    int status = take(options, command, argv, argc, at);
    if (status == 0 && *at < argc && strcmp(argv[*at], "--") == 0) {
        (*at)++;
    }
    return status;
}

int options_take_anywhere(Options *options, Command command, char **argv, int *argc, int *at)
{
    int files = 0, status = 0, from = *at;
    while (status == 0 && *at < *argc) {
        if (!is_option(argv[*at])) {
            argv[from + files++] = argv[(*at)++];
        } else if (strcmp(argv[*at], "--") == 0) {
            while (++*at < *argc) {
                argv[from + files++] = argv[*at];
            }
        } else {
            status = take(options, command, argv, *argc, at);
        }
    }
    *at = from;
    *argc = from + files;
    return status;
}
