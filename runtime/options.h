/* runtime/options.h
 * The command line of ./muster: its commands and options, as options.def lists them. What is said
 * to the user goes to stderr, help that was asked for to stdout. */
#ifndef MUSTER_RUNTIME_OPTIONS_H
#define MUSTER_RUNTIME_OPTIONS_H

#include <stdio.h>

#include "compiler/compile.h"
#include "runtime/machine.h"

typedef enum Command {
#define COMMAND(name, arguments, doc) COMMAND_##name,
#include "runtime/options.def"
    COMMAND_COUNT
} Command;

typedef struct Options {
    MachineOptions machine;
    const char *include_dirs[128];
    size_t include_count;
    MacroDefinition macros[128];
    size_t macro_count;
    const char *output_dir;     /* compile; NULL: the current one */
    const char *filter;         /* test: what names must contain, or NULL */
    const char *junit;          /* test: where to write a report, or NULL */
    const char *app, *config;   /* run: an application, and its sys.config, or NULL */
    const char *run_first;      /* jit: an expression, or NULL */
    const char *profile_stacks; /* where to write them, or NULL */
    bool stats, gc_stats, ir, verbose, cover;
    bool wants_help;
} Options;

/* Which command is meant. False: there is no such one; what may be meant was said. */
bool options_command(const char *name, Command *command);
/* Takes the options of `command` from argv[*at] on; stops at the first argument that is none.
 * Options of code paths and native code take effect at once. 0: fine; else the exit status, the
 * reason was said. */
int options_take(Options *options, Command command, char **argv, int argc, int *at);
/* The same, but options may also stand between and behind the other arguments, which come to lie
 * from argv[*at] on. For commands whose arguments are files. */
int options_take_anywhere(Options *options, Command command, char **argv, int *argc, int *at);
/* Wrong usage: says so. Returns the exit status. */
int options_error(const char *format, const char *what);
void options_help(FILE *file);
void options_command_help(Command command, FILE *file);

#endif
