/* tests/diff/parse/print_forms.c
 * Prints the forms of Erlang files in the abstract format, one form a line, as ~tw writes them: for
 * comparison with what epp reads.
 *
 *   print_forms [-I DIR] [-R DIR-BESIDE-EACH-FILE] [-L LIBROOT] [-D NAME] [-no-maybe] [-latin1]
 * [-time] FILE…
 *
 * Each FILE's forms go to OUT/<index>.forms where -o OUT is given, else to stdout. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "compiler/erl/abstract.h"
#include "compiler/erl/parse.h"
#include "runtime/term/atom.h"

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

int main(int argc, char **argv)
{
    const char *dirs[64], *out_dir = NULL, *relative = NULL;
    MacroDefinition macros[64];
    ErlParseOptions options = {.include_dirs = dirs, .macros = macros, .include_lib = resolve};
    bool timing = false;
    double seconds = 0;
    uint64_t lines = 0, errors = 0;
    size_t index = 0;
    atoms_init();
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-I") == 0) {
            dirs[options.include_dir_count++] = argv[++i];
        } else if (strcmp(argv[i], "-R") == 0) {
            relative = argv[++i];
        } else if (strcmp(argv[i], "-D") == 0) {
            macros[options.macro_count++] = (MacroDefinition){argv[++i], NULL};
        } else if (strcmp(argv[i], "-L") == 0) {
            lib_root = argv[++i];
        } else if (strcmp(argv[i], "-o") == 0) {
            out_dir = argv[++i];
        } else if (strcmp(argv[i], "-no-maybe") == 0) {
            options.disable_maybe = true;
        } else if (strcmp(argv[i], "-latin1") == 0) {
            options.latin1 = true;
        } else if (strcmp(argv[i], "-time") == 0) {
            timing = true;
        } else {
            Diagnostics diagnostics = {0};
            char beside[4096];
            size_t dir_count = options.include_dir_count;
            if (relative != NULL) {
                const char *slash = strrchr(argv[i], '/');
                int folder = slash == NULL ? 0 : (int) (slash - argv[i]) + 1;
                snprintf(beside, sizeof beside, "%.*s%s", folder, argv[i], relative);
                dirs[options.include_dir_count++] = beside;
            }
            double start = now();
            ErlUnit *unit = erl_parse_file(argv[i], &options, &diagnostics);
            seconds += now() - start;
            lines += unit->forms[unit->form_count - 1]->at.line;
            errors += diagnostics.error_count;
            if (!timing) {
                char path[4096];
                FILE *out = stdout;
                if (out_dir != NULL) {
                    snprintf(path, sizeof path, "%s/%zu.forms", out_dir, index++);
                    out = fopen(path, "w");
                }
                print_forms(unit, out);
                if (out_dir != NULL) {
                    fclose(out);
                } else {
                    Text text = {0};
                    diagnostics_print(&diagnostics, NULL, NULL, 0, &text);
                    fwrite(text.bytes, 1, text.size_bytes, stderr);
                    text_finish(&text);
                }
            }
            diagnostics_finish(&diagnostics);
            erl_unit_destroy(unit);
            options.include_dir_count = dir_count;
        }
    }
    if (timing) {
        printf("%llu lines, %llu errors, %.3f s, %.0f lines/s\n", (unsigned long long) lines,
               (unsigned long long) errors, seconds, (double) lines / seconds);
    }
    return 0;
}
