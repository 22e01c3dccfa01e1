/* tests/diff/parse/print_forms.c
 * Prints the forms of Erlang files in the abstract format, one form a line, as ~tw writes them: for
 * comparison with what epp reads.
 *
 *   print_forms [-I DIR] [-R DIR-BESIDE-EACH-FILE] [-L LIBROOT] [-D NAME] [-no-maybe] [-latin1]
 * [-time] [-round] FILE…
 *
 * Each FILE's forms go to OUT/<index>.forms where -o OUT is given, else to stdout. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "compiler/erl/abstract.h"
#include "compiler/erl/parse.h"
#include "runtime/term/atom.h"
#include "runtime/term/compare.h"

static const char *lib_root;

/* APP/rest is LIBROOT/APP-VERSION/rest. */
static char *resolve(void *context, const char *path)
{
    const char *slash = strchr(path, '/');
    if (lib_root == NULL || slash == NULL) {
        return NULL;
    }
    char pattern[4096];
    snprintf(pattern, sizeof pattern, "%s/%.*s-[0-9]*%s", lib_root, (int) (slash - path), path,
             slash);
    glob_t found;
    char *result = NULL;
    if (glob(pattern, 0, NULL, &found) == 0) {
        result = mem_copy_string(found.gl_pathv[0]);
    }
    globfree(&found);
    return result;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double) time.tv_sec + (double) time.tv_nsec * 1e-9;
}

static void print_forms(const ErlUnit *unit, FILE *out)
{
    ArenaSpace *arena = arena_space_create();
    Term forms = forms_to_abstract(unit, arena_space(arena), ABSTRACT_COLUMNS);
    for (; term_is_cons(forms); forms = cons_tail(forms)) {
        Text text = {0};
        term_print(&text, cons_head(forms), 0);
        fwrite(text.bytes, 1, text.size_bytes, out);
        fputc('\n', out);
        text_finish(&text);
    }
    arena_space_destroy(arena);
}

/* Forms to terms to forms to terms: nothing may be lost. */
static bool goes_round(const ErlUnit *unit, const char *path)
{
    ArenaSpace *arena = arena_space_create();
    Diagnostics diagnostics = {0};
    Term bad, forms = forms_to_abstract(unit, arena_space(arena), ABSTRACT_COLUMNS);
    ErlUnit *again = forms_from_abstract(forms, &diagnostics, &bad);
    bool same = false;
    if (again == NULL) {
        Text text = {0};
        term_print(&text, bad, 300);
        fprintf(stderr, "%s: not understood: %s\n", path, text.bytes);
        text_finish(&text);
    } else {
        Term second = forms_to_abstract(again, arena_space(arena), ABSTRACT_COLUMNS);
        same = term_equal_exact(forms, second);
        if (!same) {
            fprintf(stderr, "%s: other forms after going round\n", path);
        }
    }
    diagnostics_finish(&diagnostics);
    erl_unit_destroy(again);
    arena_space_destroy(arena);
    return same;
}

typedef struct Run {
    ErlParseOptions options;
    const char *dirs[65];
    MacroDefinition macros[64];
    const char *out_dir, *relative;
    bool timing, round;
    int status;
    size_t index;
    double seconds;
    uint64_t lines, errors;
} Run;

static void print_unit(Run *run, const ErlUnit *unit, Diagnostics *diagnostics)
{
    if (run->out_dir == NULL) {
        Text text = {0};
        print_forms(unit, stdout);
        diagnostics_print(diagnostics, NULL, NULL, 0, &text);
        fwrite(text.bytes, 1, text.size_bytes, stderr);
        text_finish(&text);
        return;
    }
    char path[4096];
    snprintf(path, sizeof path, "%s/%zu.forms", run->out_dir, run->index++);
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        perror(path);
        exit(2);
    }
    print_forms(unit, out);
    fclose(out);
}

static void read_file(Run *run, const char *path)
{
    Diagnostics diagnostics = {0};
    char beside[4096];
    ErlParseOptions options = run->options;
    if (run->relative != NULL) {
        const char *slash = strrchr(path, '/');
        int folder = slash == NULL ? 0 : (int) (slash - path) + 1;
        snprintf(beside, sizeof beside, "%.*s%s", folder, path, run->relative);
        run->dirs[options.include_dir_count++] = beside;
    }
    double start = now();
    ErlUnit *unit = erl_parse_file(path, &options, &diagnostics);
    run->seconds += now() - start;
    run->lines += unit->forms[unit->form_count - 1]->at.line;
    run->errors += diagnostics.error_count;
    if (run->round) {
        run->status |= !goes_round(unit, path);
    } else if (!run->timing) {
        print_unit(run, unit, &diagnostics);
    }
    diagnostics_finish(&diagnostics);
    erl_unit_destroy(unit);
}

static void read_list(Run *run, const char *list)
{
    FILE *in = fopen(list, "r");
    char path[4096];
    if (in == NULL) {
        perror(list);
        exit(2);
    }
    while (fgets(path, sizeof path, in) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        read_file(run, path);
    }
    fclose(in);
}

int main(int argc, char **argv)
{
    static Run run;
    run.options =
        (ErlParseOptions){.include_dirs = run.dirs, .macros = run.macros, .include_lib = resolve};
    atoms_init();
    for (int i = 1; i < argc; i++) {
        const char *option = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(option, "-I") == 0 && run.options.include_dir_count < 64) {
            run.dirs[run.options.include_dir_count++] = value;
        } else if (strcmp(option, "-R") == 0) {
            run.relative = value;
        } else if (strcmp(option, "-D") == 0 && run.options.macro_count < 64) {
            run.macros[run.options.macro_count++] = (MacroDefinition){value, NULL};
        } else if (strcmp(option, "-L") == 0) {
            lib_root = value;
        } else if (strcmp(option, "-o") == 0) {
            run.out_dir = value;
        } else if (strcmp(option, "-list") == 0) {
            read_list(&run, value);
        } else {
            i--; /* no value was taken */
            if (strcmp(option, "-no-maybe") == 0) {
                run.options.disable_maybe = true;
            } else if (strcmp(option, "-latin1") == 0) {
                run.options.latin1 = true;
            } else if (strcmp(option, "-round") == 0) {
                run.round = true;
            } else if (strcmp(option, "-time") == 0) {
                run.timing = true;
            } else {
                read_file(&run, option);
            }
        }
        i++;
    }
    if (run.timing) {
        printf("%llu lines, %llu errors, %.3f s, %.0f lines/s\n", (unsigned long long) run.lines,
               (unsigned long long) run.errors, run.seconds, (double) run.lines / run.seconds);
    }
    return run.status;
}
