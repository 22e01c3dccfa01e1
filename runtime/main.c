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
#include "runtime/options.h"
#include "runtime/output.h"
#include "runtime/profile.h"
#include "runtime/stats.h"
#include "runtime/term/bits.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "runtime/version.h"
#include "sched/stall.h"

static void apply_parse_options(const Options *options)
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
    if (options->machine.profile && sched_count() > 0) {
        profile_print(stderr);
        if (options->profile_stacks != NULL && !profile_write_stacks(options->profile_stacks)) {
            fprintf(stderr, "muster: %s: %s\n", options->profile_stacks, strerror(errno));
            code = code == 0 ? 1 : code;
        }
    }
    if (options->stats && sched_count() > 0) {
        stats_print(stderr);
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

/* Code that erlc made. Says so. */
static bool is_beam(const char *path, const char *bytes, size_t size)
{
    if (size < 12 || memcmp(bytes, "FOR1", 4) != 0 || memcmp(bytes + 8, "BEAM", 4) != 0) {
        return false;
    }
    fprintf(stderr, "muster: %s: code for the BEAM; its source is needed\n", path);
    return true;
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

/* The first process: Function(Args...) of a module, for the program in a file. */
static void run_program(const char *path, Term module, Term function, Term args)
{
    Space *space = arena_space(arena_space_create());
    Term entry[4] = {make_string_utf8(space, path, strlen(path)), module, function, args};
    machine_spawn(atom_of("muster_main"), atom_of("run"), entry, 4);
}

/* By what is in it, or by what its name says: then what is wrong with it is told. */
static bool is_bytecode(const char *path, const char *text, size_t size)
{
    size_t length = strlen(path);
    return bytes_are_module((const uint8_t *) text, size) ||
           (length > 4 && strcmp(path + length - 4, ".mbc") == 0);
}

/* An escript whose body, after its lines of head, is an archive or bytecode. */
static bool is_packed_script(const char *text, size_t size)
{
    const char *at = text, *end = text + size;
    if (size < 2 || memcmp(text, "#!", 2) != 0) {
        return false;
    }
    while (at < end && (*at == '#' || *at == '%')) {
        const char *newline = memchr(at, '\n', (size_t) (end - at));
        if (newline == NULL) {
            return false;
        }
        at = newline + 1;
    }
    return end - at > 4 && (memcmp(at, "PK\003\004", 4) == 0 ||
                            bytes_are_module((const uint8_t *) at, (size_t) (end - at)));
}

static int run_packed(Options *options, const char *path, const char *text, size_t size, Term args)
{
    Space *space = arena_space(arena_space_create());
    Term items[3] = {make_string_utf8(space, path, strlen(path)), make_binary(space, text, size),
                     args};
    run_program(path, atom_of("muster_escript"), atom_of("run"),
                make_list(space, items, 3, TERM_NIL));
    return finish(options, machine_wait());
}

/* The first process compiles the program before it runs it. */
static void run_source(Space *space, const CompileOptions *compile, Term args)
{
    Term items[4] = {make_binary(space, compile->path, strlen(compile->path)),
                     make_binary(space, compile->text, compile->text_bytes),
                     term_is_atom(compile->default_name) ? ATOM_true : ATOM_false, args};
    run_program(compile->path, atom_of("muster_main"), atom_of("run_source"),
                make_list(space, items, COUNT_OF(items), TERM_NIL));
}

/* Says why a file cannot be read; it may be that its name was not written out. */
static void no_such_file(const char *path, int error)
{
    char source[4096];
    snprintf(source, sizeof source, "%s.erl", path);
    bool is_source = error == ENOENT && access(source, R_OK) == 0;
    fprintf(stderr, "muster: %s: %s%s%s%s\n", path, strerror(error), is_source ? " (there is " : "",
            is_source ? source : "", is_source ? ")" : "");
}

static int command_run(Options *options, char **argv, int argc, int at)
{
    CompileOptions compile = {.default_name = TERM_NONE};
    bool needs_erlang = false;
    ErlParseOptions parse;
    Term module, function, args;
    ArenaSpace *arena;
    char *text;
    size_t size;
    if (options->app != NULL) {
        return run_application(options, argv, argc, at);
    }
    if (at >= argc) {
        return options_error("run: %s is needed", "a file");
    }
    machine_start(&options->machine);
    parse = library_parse_options;
    parse.skip_shebang = true;
    compile.path = strcmp(argv[at], "-") == 0 ? "standard_input" : argv[at];
    compile.parse = &parse;
    text = library_read_file(argv[at], &size);
    if (text == NULL) {
        no_such_file(argv[at], errno);
        return finish(options, 1);
    }
    if (is_beam(argv[at], text, size)) {
        return finish(options, 1);
    }
    code_path_add(directory_of(argv[at]), false);
    code_path_add(".", false);
    arena = arena_space_create();
    args = list_of_arguments(arena_space(arena), argv, argc, at + 1);
    muster_arguments = (const char **) argv + at + 1;
    muster_argument_count = argc - at - 1;
    if (is_packed_script(text, size)) {
        return run_packed(options, compile.path, text, size, args);
    }
    if (is_bytecode(argv[at], text, size)) {
        module = library_load_file(argv[at]);
    } else {
        compile.text = text;
        compile.text_bytes = size;
        if (size > 2 && text[0] == '#' && text[1] == '!') { /* an escript needs no -module */
            Space *space = arena_space(arena_space_create());
            compile.default_name = parse.default_module = atom_of("escript_main");
            compile.options = make_cons(space, atom_of("export_all"),
                                        make_cons(space, atom_of("nowarn_export_all"), TERM_NIL));
        }
        module = library_compile_and_load(&compile, &needs_erlang);
    }
    if (needs_erlang) {
        run_source(arena_space(arena), &compile, args);
        return finish(options, machine_wait());
    }
    if (module == TERM_NONE) {
        return finish(options, 1);
    }
    if (code_module_exports(module, atom_of("main"), 1)) {
        function = atom_of("main");
        args = make_cons(arena_space(arena), args, TERM_NIL);
    } else if (code_module_exports(module, atom_of("main"), 0)) {
        function = atom_of("main");
        args = TERM_NIL;
    } else if (code_module_exports(module, atom_of("start"), 0)) {
        function = atom_of("start");
        args = TERM_NIL;
    } else {
        fprintf(stderr, "muster: %s: exports none of main/1, main/0, start/0\n", argv[at]);
        return finish(options, 1);
    }
    run_program(compile.path, module, function, args);
    return finish(options, machine_wait());
}

static int command_test(Options *options, char **argv, int argc, int at)
{
    ArenaSpace *arena;
    Space *space;
    Term paths = TERM_NIL, entry[3], pairs[8];
    if (at >= argc) {
        return options_error("test: %s is needed", "a file or directory");
    }
    arena = arena_space_create();
    space = arena_space(arena);
    options->macros[options->macro_count++] = (MacroDefinition){"TEST", NULL};
    apply_parse_options(options);
    machine_start(&options->machine);
    paths = list_of_arguments(space, argv, argc, at);
    pairs[0] = atom_of("verbose");
    pairs[1] = options->verbose ? ATOM_true : ATOM_false;
    pairs[2] = atom_of("junit");
    pairs[3] = text_or_none(space, options->junit);
    pairs[4] = atom_of("filter");
    pairs[5] = text_or_none(space, options->filter);
    pairs[6] = atom_of("cover");
    pairs[7] = options->cover ? ATOM_true : ATOM_false;
    entry[0] = atom_of("muster_test");
    entry[1] = atom_of("main");
    entry[2] = make_cons(space, map_from_pairs(space, pairs, 4), TERM_NIL);
    entry[2] = make_cons(space, paths, entry[2]);
    machine_spawn(atom_of("muster_main"), atom_of("run"), entry, 3);
    return finish(options, machine_wait());
}

/* Starts a process that evaluates it and then ends the program. False: said why not. */
static bool start_evaluation(const char *expression)
{
    Diagnostics diagnostics;
    Module *module;
    char error[512];
    Term name = atom_of("muster_eval");
    Text out = {0};
    diagnostics_init(&diagnostics);
    module = compile_expression(name, "eval", expression, strlen(expression), &diagnostics);
    if (module == NULL) {
        diagnostics_sort(&diagnostics);
        diagnostics_print(&diagnostics, "eval", expression, strlen(expression), &out);
        fwrite(out.bytes, 1, out.size_bytes, stderr);
        return false;
    }
    if (!code_load(module, error, sizeof error)) {
        fprintf(stderr, "muster: eval: %s\n", error);
        return false;
    }
    machine_spawn(atom_of("muster_main"), atom_of("eval"), &name, 1);
    return true;
}

static int command_eval(Options *options, char **argv, int argc, int at)
{
    if (at >= argc) {
        return options_error("eval: %s is needed", "an expression");
    }
    machine_start(&options->machine);
    code_path_add(".", false);
    muster_arguments = (const char **) argv + at + 1;
    muster_argument_count = argc - at - 1;
    return finish(options, start_evaluation(argv[at]) ? machine_wait() : 1);
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
        no_such_file(path, errno);
        return NULL;
    }
    if (is_beam(path, text, size)) {
        mem_free(text);
        return NULL;
    }
    if (is_bytecode(path, text, size)) {
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
    Term entry[3] = {atom_of("muster_main"), atom_of(function),
                     make_list(space, args, 2, TERM_NIL)};
    machine_spawn(atom_of("muster_main"), atom_of("run"), entry, 3);
    int its_status = machine_wait();
    return finish(options, status != 0 ? status : its_status);
}

static int command_compile(Options *options, char **argv, int argc, int at)
{
    int status = 0, later = at;
    if (at >= argc) {
        return options_error("compile: %s is needed", "a file");
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
        return options_error("disasm: %s is needed", "a file");
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

/* Evaluates the expression, then the program halts. The module's current version; NULL: none. */
static LoadedModule *module_that_ran(const char *path, Term name, const char *expression)
{
    code_path_add(directory_of(path), false);
    code_path_add(".", false);
    if (!start_evaluation(expression)) {
        return NULL;
    }
    machine_wait();
    native_settle();
    return code_module(name);
}

static int command_jit(Options *options, char **argv, int argc, int at)
{
    Module *module;
    LoadedModule *loaded;
    char error[512] = "it could not be run";
    const char *name = at + 1 < argc ? argv[at + 1] : NULL;
    bool needs_erlang;
    if (at >= argc) {
        return options_error("jit: %s is needed", "a file");
    }
    machine_start(&options->machine);
    module = module_of_file(argv[at], &needs_erlang);
    if (module == NULL) {
        if (needs_erlang) {
            fprintf(stderr, "muster: %s: parse transforms must run to compile it: do that first\n",
                    argv[at]);
        }
        return finish(options, 1);
    }
    if (options->run_first == NULL) {
        loaded = code_translate(module, error, sizeof error);
    } else {
        Term module_name = module->name;
        loaded = code_load(module, error, sizeof error)
                     ? module_that_ran(argv[at], module_name, options->run_first)
                     : NULL;
    }
    if (loaded == NULL) {
        fprintf(stderr, "muster: %s: %s\n", argv[at], error);
        return finish(options, 1);
    }
    if (!native_show(loaded, name, options->ir, stdout)) {
        fprintf(stderr, "muster: %s: there is no function %s\n", argv[at],
                name != NULL ? name : "");
        return finish(options, 1);
    }
    return finish(options, 0);
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

static int (*const commands[COMMAND_COUNT])(Options *options, char **argv, int argc, int at) = {
#define COMMAND(name, arguments, doc) command_##name,
#include "runtime/options.def"
};

static int help(const char *about)
{
    Command command;
    if (about == NULL) {
        options_help(stdout);
        return 0;
    }
    if (!options_command(about, &command)) {
        return 2;
    }
    options_command_help(command, stdout);
    return 0;
}

int main(int argc, char **argv)
{
    static Options options;
    const char *name = argc > 1 ? argv[1] : "";
    Command command;
    int at = 2, status;
    if (argc < 2) {
        options_help(stderr);
        return 2;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        return help(argc > 2 ? argv[2] : NULL);
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0) {
        printf("muster %s\n", MUSTER_VERSION);
        return 0;
    }
    if (!options_command(name, &command)) {
        return 2;
    }
    atoms_init();
    take_debug_flags();
    interpret_init(); /* funs in compiled code have stubs, also before the machine starts */
    external_fun_export = export_of;
    library_init();
    /* What stands behind the file of a program is the program's. */
    status = command == COMMAND_run || command == COMMAND_eval
                 ? options_take(&options, command, argv, argc, &at)
                 : options_take_anywhere(&options, command, argv, &argc, &at);
    if (status != 0) {
        return status;
    }
    if (options.wants_help) {
        return help(name);
    }
    apply_parse_options(&options);
    if (getenv("ERL_LIBS") != NULL) {
        code_path_add_libraries(getenv("ERL_LIBS"));
    }
    return commands[command](&options, argv, argc, at);
}
