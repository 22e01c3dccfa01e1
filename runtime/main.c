/* runtime/main.c
 * The command line. Exit status: 0 fine, 1 the program failed, 2 wrong usage. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compiler/asm/assemble.h"
#include "compiler/bytecode/external_fun.h"
#include "runtime/arguments.h"
#include "runtime/interpret.h"
#include "runtime/library.h"
#include "runtime/machine.h"
#include "runtime/native.h"
#include "runtime/output.h"
#include "runtime/term/bits.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "runtime/version.h"
#include "sched/stall.h"

typedef struct Options {
    MachineOptions machine;
    const char *include_dirs[128];
    size_t include_count;
    MacroDefinition macros[128];
    size_t macro_count;
    const char *output_dir;
    bool gc_stats, stats, ir;
    const char *junit; /* test: where to write a report, or NULL */
    const char *app, *config; /* run: an application, and its sys.config, or NULL */
    bool verbose;
} Options;

static const char usage_text[] =
    "usage: muster COMMAND [OPTIONS] ...\n"
    "\n"
    "  muster run FILE.erl [ARG...]   compile in memory and run main/1 (else main/0, else start/0)\n"
    "  muster run -                   the same, the program from standard input\n"
    "  muster run --app NAME          start an application and what it needs, and stay\n"
    "  muster eval 'EXPR'             print the value of an expression\n"
    "  muster test PATH...            run the tests of files and directories\n"
    "  muster compile FILE... [-o DIR]  write bytecode files (NAME.mbc)\n"
    "  muster disasm FILE             show a module's bytecode (of source or bytecode)\n"
    "  muster jit FILE [FUNCTION]     show its loaded code and native code\n"
    "  muster --version | --help\n"
    "\n"
    "options, before the file:\n"
    "  -pa DIR            look for modules there (NAME.mbc or NAME.erl)\n"
    "  -I DIR             look for include files there\n"
    "  -D NAME[=VALUE]    define a macro\n"
    "  --schedulers N     scheduler threads (default: one for each processor)\n"
    "  --no-smp           one scheduler, a fixed schedule: the same output every time\n"
    "  --max-heap SIZE    memory limit of each process, in bytes (K, M, G may follow)\n"
    "  --max-processes N  at most so many processes (default 1048576)\n"
    "  --gc-stats         print what the collector did, at the end\n"
    "  --no-jit           interpret everything\n"
    "  --jit-threshold N  compile a function when it was entered N times (default 1000)\n"
    "  --jit-cache SIZE   at most so much memory for native code (default 64M)\n"
    "  --jit-stats        print what was compiled, at the end; --jit-perf: names for perf\n"
    "  --seed N           chance comes from this number\n"
    "\n"
    "options of run --app:\n"
    "  --config FILE      the configuration: a sys.config\n"
    "\n"
    "options of test:\n"
    "  --junit FILE       write a report in JUnit's form\n"
    "  --verbose          show every test\n";

static int usage_error(const char *format, const char *what)
{
    fprintf(stderr, "muster: ");
    fprintf(stderr, format, what);
    fprintf(stderr, "\ntry: muster --help\n");
    return 2;
}

static bool parse_number(const char *text, uint64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *text == '-') {
        return false;
    }
    switch (*end) {
    case 'K': case 'k': *out <<= 10; end++; break;
    case 'M': case 'm': *out <<= 20; end++; break;
    case 'G': case 'g': *out <<= 30; end++; break;
    default: break;
    }
    return *end == '\0';
}

/* Takes options from argv[*at] on; stops at the first that is none. 0: fine; else exit status. */
static int take_options(Options *options, char **argv, int argc, int *at)
{
    while (*at < argc && argv[*at][0] == '-' && argv[*at][1] != '\0') {
        const char *option = argv[*at];
        const char *value = *at + 1 < argc ? argv[*at + 1] : NULL;
        uint64_t number = 0;
        bool takes_value = true;
        if (strcmp(option, "--") == 0) {
            (*at)++;
            return 0;
        }
        if (strcmp(option, "--no-smp") == 0) {
            options->machine.no_smp = true;
            takes_value = false;
        } else if (strcmp(option, "--gc-stats") == 0) {
            options->gc_stats = gc_stats_enabled = true;
            takes_value = false;
        } else if (strcmp(option, "--stats") == 0) {
            options->stats = true;
            takes_value = false;
        } else if (strcmp(option, "--verbose") == 0) {
            options->verbose = true;
            takes_value = false;
        } else if (strcmp(option, "--no-jit") == 0) {
            native_options.off = true;
            takes_value = false;
        } else if (strcmp(option, "--jit=quick") == 0) {
            native_options.tier = TIER_QUICK;
            takes_value = false;
        } else if (strcmp(option, "--jit=optimised") == 0) {
            native_options.tier = TIER_OPTIMISED;
            takes_value = false;
        } else if (strcmp(option, "--ir") == 0) {
            options->ir = true;
            takes_value = false;
        } else if (strcmp(option, "--jit-perf") == 0) {
            native_options.perf = true;
            takes_value = false;
        } else if (strcmp(option, "--jit-stats") == 0) {
            native_options.stats = true;
            takes_value = false;
        } else if (strncmp(option, "-I", 2) == 0 && option[2] != '\0') {
            options->include_dirs[options->include_count++] = option + 2;
            takes_value = false;
        } else if (strncmp(option, "-D", 2) == 0) {
            char *text = mem_copy_string(option[2] != '\0' ? option + 2 : value != NULL ? value : "");
            char *equals = strchr(text, '=');
            if (option[2] == '\0' && value == NULL) {
                return usage_error("%s needs a name", option);
            }
            takes_value = option[2] == '\0';
            if (equals != NULL) {
                *equals = '\0';
            }
            options->macros[options->macro_count++] =
                (MacroDefinition){text, equals != NULL ? equals + 1 : NULL};
        } else if (value == NULL) {
            return usage_error("%s needs a value, or is no option", option);
        } else if (strcmp(option, "--app") == 0) {
            options->app = value;
        } else if (strcmp(option, "--config") == 0) {
            options->config = value;
        } else if (strcmp(option, "--junit") == 0) {
            options->junit = value;
        } else if (strcmp(option, "-pa") == 0) {
            code_path_add(value, true);
        } else if (strcmp(option, "-pz") == 0) {
            code_path_add(value, false);
        } else if (strcmp(option, "-I") == 0) {
            options->include_dirs[options->include_count++] = value;
        } else if (strcmp(option, "-o") == 0) {
            options->output_dir = value;
        } else if (strcmp(option, "--schedulers") == 0) {
            if (!parse_number(value, &number) || number < 1 || number > 1024) {
                return usage_error("--schedulers %s: a number from 1 to 1024 is needed", value);
            }
            options->machine.schedulers = (unsigned) number;
        } else if (strcmp(option, "--max-heap") == 0) {
            if (!parse_number(value, &number)) {
                return usage_error("--max-heap %s: a size is needed", value);
            }
            options->machine.max_heap_words = number / 8;
        } else if (strcmp(option, "--max-processes") == 0) {
            if (!parse_number(value, &number) || number < 16 || number > PROCESSES_MOST) {
                return usage_error("--max-processes %s: a number from 16 to 134217728 is needed",
                                   value);
            }
            options->machine.max_processes = number;
        } else if (strcmp(option, "--jit-threshold") == 0) {
            if (!parse_number(value, &number) || number < 1 || number > INT32_MAX) {
                return usage_error("--jit-threshold %s: a number from 1 on is needed", value);
            }
            native_options.threshold = (int32_t) number;
        } else if (strcmp(option, "--jit-cache") == 0) {
            if (!parse_number(value, &number) || number < 1 << 16) {
                return usage_error("--jit-cache %s: a size of at least 64K is needed", value);
            }
            native_options.cache_bytes = number;
        } else if (strcmp(option, "--seed") == 0) {
            if (!parse_number(value, &number)) {
                return usage_error("--seed %s: a number is needed", value);
            }
            options->machine.has_seed = true;
            options->machine.seed = number;
        } else {
            return usage_error("%s is no option", option);
        }
        if (options->include_count >= COUNT_OF(options->include_dirs) ||
            options->macro_count >= COUNT_OF(options->macros)) {
            return usage_error("too many options: %s", option);
        }
        *at += takes_value ? 2 : 1;
    }
    return 0;
}

/* As take_options, but options may also stand between and behind the other arguments, which come
 * to lie from argv[*at] on. For commands whose arguments are files. */
static int take_options_anywhere(Options *options, char **argv, int *argc, int *at)
{
    int files = 0, status = 0, from = *at;
    while (status == 0 && *at < *argc) {
        if (argv[*at][0] != '-' || argv[*at][1] == '\0') {
            argv[from + files++] = argv[(*at)++];
        } else if (strcmp(argv[*at], "--") == 0) {
            while (++*at < *argc) {
                argv[from + files++] = argv[*at];
            }
        } else {
            status = take_options(options, argv, *argc, at);
        }
    }
    *at = from;
    *argc = from + files;
    return status;
}

static void apply_parse_options(Options *options)
{
    library_parse_options.include_dirs = options->include_dirs;
    library_parse_options.include_dir_count = options->include_count;
    library_parse_options.macros = options->macros;
    library_parse_options.macro_count = options->macro_count;
}

enum { LEAVE_NS = 100000000 };

/* Ends the program, and the machine, if it was started. */
static int finish(const Options *options, int code)
{
    if (sched_count() > 0) {
        sched_halt(code);
        sched_leave(LEAVE_NS);
    }
    if (options->gc_stats) {
        GcStats stats;
        gc_stats_read(&stats);
        fprintf(stderr,
                "gc: %llu minor, %llu major collections; pauses: median %.1f us, 99th %.1f us, "
                "max %.1f us, total %.1f ms; words copied %llu, promoted %llu, reclaimed %llu\n",
                (unsigned long long) stats.minor_count, (unsigned long long) stats.major_count,
                (double) stats.pause_median_ns / 1e3, (double) stats.pause_p99_ns / 1e3,
                (double) stats.pause_max_ns / 1e3, (double) stats.pause_total_ns / 1e6,
                (unsigned long long) stats.words_copied, (unsigned long long) stats.words_promoted,
                (unsigned long long) stats.words_reclaimed);
    }
    if (native_options.stats) {
        native_print_stats();
    }
    output_finish();
    fflush(NULL);
    _exit(code);
}

/* ---- commands ---- */

static Term list_of_arguments(Space *space, char **argv, int argc, int at)
{
    Term list = TERM_NIL;
    for (int i = argc; i-- > at;) {
        list = make_cons(space, make_string_utf8(space, argv[i], strlen(argv[i])), list);
    }
    return list;
}

static const char *directory_of(const char *path)
{
    char *copy = mem_copy_string(path);
    char *slash = strrchr(copy, '/');
    if (slash == NULL) {
        return ".";
    }
    *slash = '\0';
    return copy;
}

static Term text_or_none(Space *space, const char *text)
{
    return text == NULL ? atom_of("none") : make_string_utf8(space, text, strlen(text));
}

static int run_application(Options *options, char **argv, int argc, int at)
{
    ArenaSpace *arena = arena_space_create();
    Space *space = arena_space(arena);
    Term entry[3];
    machine_start(&options->machine);
    muster_arguments = (const char **) argv + at;
    muster_argument_count = argc - at;
    entry[0] = atom_of("muster_app");
    entry[1] = atom_of("main");
    entry[2] = make_cons(space, text_or_none(space, options->config), TERM_NIL);
    entry[2] = make_cons(space, text_or_none(space, options->app), entry[2]);
    machine_spawn(atom_of("muster_main"), atom_of("run"), entry, 3);
    return finish(options, machine_wait());
}

/* The first process compiles the program before it runs it. */
static void run_source(Space *space, const CompileOptions *compile, Term args)
{
    Term items[4] = {make_binary(space, compile->path, strlen(compile->path)),
                     make_binary(space, compile->text, compile->text_bytes),
                     term_is_atom(compile->default_name) ? ATOM_true : ATOM_false, args};
    Term entry[3] = {atom_of("muster_main"), atom_of("run_source"),
                     make_list(space, items, COUNT_OF(items), TERM_NIL)};
    machine_spawn(atom_of("muster_main"), atom_of("run"), entry, 3);
}

static int command_run(Options *options, char **argv, int argc, int at)
{
    CompileOptions compile = {.default_name = TERM_NONE};
    bool needs_erlang = false;
    ErlParseOptions parse;
    Term module, entry[3], args;
    ArenaSpace *arena;
    char *text;
    size_t size;
    if (options->app != NULL) {
        return run_application(options, argv, argc, at);
    }
    if (at >= argc) {
        return usage_error("run: %s", "a file is needed");
    }
    machine_start(&options->machine);
    parse = library_parse_options;
    parse.skip_shebang = true;
    compile.path = strcmp(argv[at], "-") == 0 ? "standard_input" : argv[at];
    compile.parse = &parse;
    text = library_read_file(argv[at], &size);
    if (text == NULL) {
        fprintf(stderr, "muster: %s: %s\n", argv[at], strerror(errno));
        return finish(options, 1);
    }
    code_path_add(directory_of(argv[at]), false);
    code_path_add(".", false);
    if (bytes_are_module((const uint8_t *) text, size)) {
        module = library_load_file(argv[at]);
    } else {
        compile.text = text;
        compile.text_bytes = size;
        if (size > 2 && text[0] == '#' && text[1] == '!') { /* an escript needs no -module */
            Space *space = arena_space(arena_space_create());
            compile.default_name = atom_of("escript_main");
            compile.options = make_cons(space, atom_of("export_all"),
                                        make_cons(space, atom_of("nowarn_export_all"), TERM_NIL));
        }
        module = library_compile_and_load(&compile, &needs_erlang);
    }
    arena = arena_space_create();
    args = list_of_arguments(arena_space(arena), argv, argc, at + 1);
    muster_arguments = (const char **) argv + at + 1;
    muster_argument_count = argc - at - 1;
    if (needs_erlang) {
        run_source(arena_space(arena), &compile, args);
        return finish(options, machine_wait());
    }
    if (module == TERM_NONE) {
        return finish(options, 1);
    }
    entry[0] = module;
    if (code_module_exports(module, atom_of("main"), 1)) {
        entry[1] = atom_of("main");
        entry[2] = make_cons(arena_space(arena), args, TERM_NIL);
    } else if (code_module_exports(module, atom_of("main"), 0)) {
        entry[1] = atom_of("main");
        entry[2] = TERM_NIL;
    } else if (code_module_exports(module, atom_of("start"), 0)) {
        entry[1] = atom_of("start");
        entry[2] = TERM_NIL;
    } else {
        fprintf(stderr, "muster: %s: exports none of main/1, main/0, start/0\n", argv[at]);
        return finish(options, 1);
    }
    machine_spawn(atom_of("muster_main"), atom_of("run"), entry, 3);
    return finish(options, machine_wait());
}

/* Options may stand among the paths. */
static int command_test(Options *options, char **argv, int argc, int at)
{
    ArenaSpace *arena = arena_space_create();
    Space *space = arena_space(arena);
    Term paths = TERM_NIL, entry[3], pairs[4];
    int count = 0, status;
    while (at < argc) {
        argv[2 + count++] = argv[at++];
        status = take_options(options, argv, argc, &at);
        if (status != 0) {
            return status;
        }
    }
    if (count == 0) {
        return usage_error("test: %s", "a file or directory is needed");
    }
    options->macros[options->macro_count++] = (MacroDefinition){"TEST", NULL};
    apply_parse_options(options);
    machine_start(&options->machine);
    paths = list_of_arguments(space, argv, 2 + count, 2);
    pairs[0] = atom_of("verbose");
    pairs[1] = options->verbose ? ATOM_true : ATOM_false;
    pairs[2] = atom_of("junit");
    pairs[3] = text_or_none(space, options->junit);
    entry[0] = atom_of("muster_test");
    entry[1] = atom_of("main");
    entry[2] = make_cons(space, map_from_pairs(space, pairs, 2), TERM_NIL);
    entry[2] = make_cons(space, paths, entry[2]);
    machine_spawn(atom_of("muster_main"), atom_of("run"), entry, 3);
    return finish(options, machine_wait());
}

static int command_eval(Options *options, char **argv, int argc, int at)
{
    Diagnostics diagnostics;
    Module *module;
    char error[512];
    Term name, entry[1];
    Text out = {0};
    if (at >= argc) {
        return usage_error("eval: %s", "an expression is needed");
    }
    machine_start(&options->machine);
    name = atom_of("muster_eval");
    diagnostics_init(&diagnostics);
    module = compile_expression(name, "eval", argv[at], strlen(argv[at]), &diagnostics);
    if (module == NULL) {
        diagnostics_sort(&diagnostics);
        diagnostics_print(&diagnostics, "eval", argv[at], strlen(argv[at]), &out);
        fwrite(out.bytes, 1, out.size_bytes, stderr);
        return finish(options, 1);
    }
    if (!code_load(module, error, sizeof error)) {
        fprintf(stderr, "muster: eval: %s\n", error);
        return finish(options, 1);
    }
    muster_arguments = (const char **) argv + at + 1;
    muster_argument_count = argc - at - 1;
    entry[0] = name;
    machine_spawn(atom_of("muster_main"), atom_of("eval"), entry, 1);
    return finish(options, machine_wait());
}

/* A module of source or bytecode, or NULL: said why, or Erlang code has to run to compile it. */
static Module *module_of_file(const char *path, bool *needs_erlang)
{
    size_t size;
    char *text = library_read_file(path, &size);
    char error[512];
    Module *module;
    *needs_erlang = false;
    if (text == NULL) {
        fprintf(stderr, "muster: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    if (bytes_are_module((const uint8_t *) text, size)) {
        module = module_read((const uint8_t *) text, size, error, sizeof error);
        if (module == NULL) {
            fprintf(stderr, "muster: %s: %s\n", path, error);
        }
        mem_free(text);
        return module;
    }
    CompileOptions options = {.path = path, .text = text, .text_bytes = size};
    module = library_compile(&options, needs_erlang);
    mem_free(text);
    return module;
}

static bool write_module(const Module *module, const char *output_dir)
{
    char path[4096];
    size_t size;
    snprintf(path, sizeof path, "%s/%s.mbc", output_dir != NULL ? output_dir : ".",
             atom_name(module->name));
    uint8_t *bytes = module_write(module, &size);
    FILE *file = fopen(path, "wb");
    bool fine = file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0;
    if (!fine) {
        fprintf(stderr, "muster: %s: %s\n", path, strerror(errno));
    }
    mem_free(bytes);
    return fine;
}

/* Function(Files, OutputDir | none) of muster_main, for files whose compilation needs Erlang code.
 * `status` is that of what was done before. */
static int compile_in_erlang(Options *options, const char *function, char **files, int count,
                             int status)
{
    Space *space = arena_space(arena_space_create());
    const char *dir = options->output_dir;
    machine_start(&options->machine);
    if (dir != NULL) {
        code_path_add(dir, false);
    }
    for (int i = 0; i < count; i++) {
        code_path_add(directory_of(files[i]), false);
    }
    Term args[2] = {list_of_arguments(space, files, count, 0),
                    dir == NULL ? atom_of("none") : make_string_utf8(space, dir, strlen(dir))};
    Term entry[3] = {atom_of("muster_main"), atom_of(function), make_list(space, args, 2, TERM_NIL)};
    machine_spawn(atom_of("muster_main"), atom_of("run"), entry, 3);
    int its_status = machine_wait();
    return finish(options, status != 0 ? status : its_status);
}

static int command_compile(Options *options, char **argv, int argc, int at)
{
    int status = 0, later = at;
    if (at >= argc) {
        return usage_error("compile: %s", "a file is needed");
    }
    if (options->output_dir != NULL && mkdir(options->output_dir, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "muster: %s: %s\n", options->output_dir, strerror(errno));
        return 1;
    }
    for (int i = at; i < argc; i++) {
        bool needs_erlang;
        Module *module = module_of_file(argv[i], &needs_erlang);
        if (needs_erlang) {
            argv[later++] = argv[i];
        } else if (module == NULL || !write_module(module, options->output_dir)) {
            status = 1;
        }
        module_destroy(module);
    }
    if (later > at) {
        return compile_in_erlang(options, "compile_files", argv + at, later - at, status);
    }
    return status;
}

static int command_disasm(Options *options, char **argv, int argc, int at)
{
    Text out = {0};
    bool needs_erlang;
    if (at >= argc) {
        return usage_error("disasm: %s", "a file is needed");
    }
    Module *module = module_of_file(argv[at], &needs_erlang);
    if (needs_erlang) {
        return compile_in_erlang(options, "disassemble_files", argv + at, 1, 0);
    }
    if (module == NULL) {
        return 1;
    }
    module_disassemble(module, &out);
    fwrite(out.bytes, 1, out.size_bytes, stdout);
    text_finish(&out);
    module_destroy(module);
    return 0;
}

static int command_jit(Options *options, char **argv, int argc, int at)
{
    Module *module;
    LoadedModule *loaded;
    char error[512];
    const char *name = at + 1 < argc ? argv[at + 1] : NULL;
    bool needs_erlang;
    if (at >= argc) {
        return usage_error("jit: %s", "a file is needed");
    }
    machine_start(&options->machine);
    module = module_of_file(argv[at], &needs_erlang);
    if (module == NULL) {
        return 1;
    }
    loaded = code_translate(module, error, sizeof error);
    if (loaded == NULL) {
        fprintf(stderr, "muster: %s: %s\n", argv[at], error);
        return 1;
    }
    if (!native_show(loaded, name, options->ir, stdout)) {
        fprintf(stderr, "muster: %s: there is no function %s\n", argv[at], name != NULL ? name : "");
        return 1;
    }
    fflush(stdout);
    _exit(0);
}

/* MUSTER_DEBUG=gc_stress,gc_verify: see runtime/flags.def. */
static void take_debug_flags(void)
{
    const char *flags = getenv("MUSTER_DEBUG");
    if (flags == NULL) {
        return;
    }
#define FLAG(name, variable, doc) variable |= strstr(flags, #name) != NULL;
#include "runtime/flags.def"
#undef FLAG
}

int main(int argc, char **argv)
{
    static Options options;
    const char *command = argc > 1 ? argv[1] : "--help";
    int at = 2, status;
    atoms_init();
    take_debug_flags();
    external_fun_export = export_of;
    library_init();
    if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0 ||
        strcmp(command, "help") == 0) {
        fputs(usage_text, argc > 1 ? stdout : stderr);
        return argc > 1 ? 0 : 2;
    }
    if (strcmp(command, "--version") == 0 || strcmp(command, "version") == 0) {
        printf("muster %s\n", MUSTER_VERSION);
        return 0;
    }
    status = strcmp(command, "compile") == 0 || strcmp(command, "disasm") == 0
                 ? take_options_anywhere(&options, argv, &argc, &at)
                 : take_options(&options, argv, argc, &at);
    if (status != 0) {
        return status;
    }
    apply_parse_options(&options);
    if (strcmp(command, "run") == 0) {
        return command_run(&options, argv, argc, at);
    }
    if (strcmp(command, "eval") == 0) {
        return command_eval(&options, argv, argc, at);
    }
    if (strcmp(command, "test") == 0) {
        return command_test(&options, argv, argc, at);
    }
    if (strcmp(command, "compile") == 0) {
        return command_compile(&options, argv, argc, at);
    }
    if (strcmp(command, "disasm") == 0) {
        return command_disasm(&options, argv, argc, at);
    }
    if (strcmp(command, "jit") == 0) {
        return command_jit(&options, argv, argc, at);
    }
    return usage_error("%s is no command", command);
}
