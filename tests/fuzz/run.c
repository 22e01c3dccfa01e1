/* tests/fuzz/run.c SECONDS SEED FILE.erl…
 * Damages the code of compiled modules, as a hostile file with a right checksum would have it, and
 * loads it. What the loader takes is run: whatever it does, the machine must not crash. The module that
 * was run last before a crash is left in crash-SEED.mbc; the same SEED makes the same modules again. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "compiler/bytecode/external_fun.h"
#include "compiler/compile.h"
#include "runtime/code.h"
#include "runtime/machine.h"
#include "runtime/native.h"
#include "runtime/term/mem.h"
#include "tests/fuzz/damage.h"

typedef struct Input {
    uint8_t *bytes;
    size_t size;
} Input;

enum { INPUTS_MAX = 1024, MODULES_A_CHILD = 200, RUN_MS = 5, PROCESSES = 10000 };
static Input inputs[INPUTS_MAX];
static size_t input_count;

static Export *fuzz_export(Term module, Term function, uint32_t arity)
{
    return &code_export(module, function, arity)->identity;
}

/* Before the machine is there: good enough to compile with. */
static Export *early_export(Term module, Term function, uint32_t arity)
{
    Export *export = mem_alloc(sizeof *export);
    *export = (Export){module, function, arity};
    return export;
}

static void compile_input(const char *path)
{
    Diagnostics diagnostics = {0};
    CompileOptions options = {.path = path};
    Module *module = compile_source(&options, &diagnostics);
    if (module != NULL && input_count < INPUTS_MAX) {
        inputs[input_count].bytes = module_write(module, &inputs[input_count].size);
        input_count++;
    }
    module_destroy(module);
    diagnostics_finish(&diagnostics);
}

static Module *damaged(const Input *input, uint64_t *seed)
{
    char error[256];
    Module *module = module_read(input->bytes, input->size, error, sizeof error);
    CHECK(module != NULL);
    damage_module(module, seed);
    return module;
}

/* ---- a child ---- */

static const char saved_file[] = "fuzz-module.mbc", report_file[] = "fuzz-report";

static void run_exports(const Module *module)
{
    Term arguments[] = {term_small(3), TERM_NIL, ATOM_ok, term_small(-1)};
    for (uint32_t i = 0; i < module->function_count; i++) {
        const ModuleFunction *function = &module->functions[i];
        bool has_room = processes_count() < PROCESSES / 2;
        if (has_room && function->is_exported && function->arity <= COUNT_OF(arguments)) {
            machine_spawn(module->name, function->name, arguments, function->arity);
        }
    }
}

static void save(const Module *module)
{
    size_t size;
    uint8_t *bytes = module_write(module, &size);
    FILE *file = fopen(saved_file, "wb");
    if (file != NULL) {
        fwrite(bytes, 1, size, file);
        fclose(file);
    }
    mem_free(bytes);
}

/* Loads many, one after the other, and runs what was taken: some in a row, so that what one leaves
 * behind meets the next. */
static void child(uint64_t seed)
{
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    freopen("/dev/null", "w", stdout);
    freopen(report_file, "w", stderr);
    MachineOptions options = {.no_smp = true, .max_heap_words = 1 << 20, .max_processes = PROCESSES};
    if (seed % 2 == 0) { /* what is entered is compiled at once */
        native_options.threshold = 1;
        native_options.tier = seed % 4 == 0 ? TIER_OPTIMISED : TIER_QUICK;
    }
    machine_start(&options);
    external_fun_export = fuzz_export;
    alarm(60); /* the loader must come to an end */
    for (int i = 0; i < MODULES_A_CHILD; i++) {
        char error[256];
        Module *module = damaged(&inputs[fuzz_random(&seed) % input_count], &seed);
        save(module);
        bool is_fine = code_load(module, error, sizeof error);
        CHECK(is_fine || error[0] != '\0');
        if (is_fine) {
            run_exports(module);
            usleep(RUN_MS * 1000);
            char why[256];
            LoadedModule *translated = code_translate(module, why, sizeof why);
            CHECK(translated != NULL);
            code_drop(translated);
        }
        module_destroy(module);
    }
    _exit(0);
}

/* What the child that crashed said last. */
static void show_report(void)
{
    char line[400];
    FILE *file = fopen(report_file, "r");
    if (file == NULL) {
        return;
    }
    bool shows = false;
    while (fgets(line, sizeof line, file) != NULL) {
        shows = shows || strstr(line, "internal error") != NULL || strstr(line, "ERROR:") != NULL ||
                strstr(line, "runtime error:") != NULL;
        if (shows) {
            fputs(line, stdout);
        }
    }
    fclose(file);
}

int main(int argc, char *argv[])
{
    if (argc < 4) {
        fprintf(stderr, "usage: run SECONDS SEED FILE.erl...\n");
        return 2;
    }
    double seconds = atof(argv[1]);
    uint64_t seed = strtoull(argv[2], NULL, 0);
    atoms_init();
    external_fun_export = early_export;
    for (int i = 3; i < argc; i++) {
        compile_input(argv[i]);
    }
    printf("run: %zu modules, seed %llu\n", input_count, (unsigned long long) seed);
    fflush(stdout);
    if (input_count == 0) {
        return 2;
    }
    time_t start = time(NULL);
    unsigned children = 0, crashes = 0;
    while (difftime(time(NULL), start) < seconds) {
        seed++;
        pid_t pid = fork();
        if (pid == 0) {
            child(seed);
        }
        int status;
        waitpid(pid, &status, 0);
        children++;
        if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
            char name[64];
            crashes++;
            snprintf(name, sizeof name, "crash-%llu.mbc", (unsigned long long) seed);
            rename(saved_file, name);
            printf("seed %llu: the machine ended with %s %d, see %s\n", (unsigned long long) seed,
                   WIFEXITED(status) ? "status" : "signal",
                   WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), name);
            show_report();
            fflush(stdout);
        }
    }
    printf("run: %u modules loaded, %u crashes\n", children * MODULES_A_CHILD, crashes);
    return crashes != 0;
}
