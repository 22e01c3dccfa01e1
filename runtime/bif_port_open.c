/* runtime/bif_port_open.c
 * open_port/2. The port exists and is linked to its owner before the program is started on the
 * blocking pool; when that fails, it is taken back and the error raised. */
#include "runtime/bif_tables.h"
#include "runtime/port_program.h"
#include "runtime/port_stream.h"

#include "proc/relations.h"

#include <stdio.h>

enum { PORT_SLOT = 1 }; /* p->saved: the port that is being opened */

typedef struct OpenOptions {
    StreamOptions stream;
    ProgramJob *job; /* for a program: its directory, environment and arguments */
    char *arg0;
    char **args; /* of spawn_executable, without the program's own name */
    bool in, out;
    bool is_executable, is_fd;
} OpenOptions;

/* Text without NUL; NULL: it is none. */
static char *text_of(Term t)
{
    size_t size;
    char *text = term_to_utf8(t, &size);
    if (text != NULL && strlen(text) != size) {
        mem_free(text);
        return NULL;
    }
    return text;
}

static void free_texts(char **texts)
{
    for (char **at = texts; at != NULL && *at != NULL; at++) {
        mem_free(*at);
    }
    mem_free(texts);
}

/* ---- options ---- */

typedef enum OptionResult { OPTION_GOOD, OPTION_BAD, OPTION_BADARG } OptionResult;

static OptionResult take_text(char **out, Term t)
{
    mem_free(*out);
    *out = text_of(t);
    return *out != NULL ? OPTION_GOOD : OPTION_BADARG;
}

static OptionResult take_args(char ***out, Term list)
{
    int64_t count = list_length(list);
    if (count < 0) {
        return OPTION_BAD;
    }
    free_texts(*out);
    char **args = *out = mem_alloc_zero(((size_t) count + 1) * sizeof *args);
    for (Term arg; list_take(&list, &arg); args++) {
        *args = text_of(arg);
        if (*args == NULL) {
            return OPTION_BAD;
        }
    }
    return OPTION_GOOD;
}

/* Takes `name` out of the environment; where its entry was, or the end. */
static char **drop_variable(char **environment, const char *name)
{
    size_t size = strlen(name);
    char **at = environment;
    while (*at != NULL && (strncmp(*at, name, size) != 0 || (*at)[size] != '=')) {
        at++;
    }
    if (*at != NULL) {
        mem_free(*at);
        for (char **next = at; (*next = next[1]) != NULL; next++) {
        }
    }
    return environment;
}

static char **set_variable(char **environment, const char *name, const char *value)
{
    size_t count = 0;
    drop_variable(environment, name);
    while (environment[count] != NULL) {
        count++;
    }
    size_t size = strlen(name) + strlen(value) + 2;
    environment = mem_realloc(environment, (count + 2) * sizeof *environment);
    environment[count] = mem_alloc(size);
    snprintf(environment[count], size, "%s=%s", name, value);
    environment[count + 1] = NULL;
    return environment;
}

static OptionResult take_variable(char ***environment, Term pair)
{
    if (!term_is_pair(pair) || !term_is_list(pair_key(pair)) ||
        !(term_is_list(pair_value(pair)) || pair_value(pair) == ATOM_false)) {
        return OPTION_BAD;
    }
    char *name = text_of(pair_key(pair));
    char *value = pair_value(pair) == ATOM_false ? NULL : text_of(pair_value(pair));
    bool good = name != NULL && strchr(name, '=') == NULL &&
                (value != NULL || pair_value(pair) == ATOM_false);
    if (good) {
        *environment = value == NULL ? drop_variable(*environment, name)
                                     : set_variable(*environment, name, value);
    }
    mem_free(name);
    mem_free(value);
    return good ? OPTION_GOOD : OPTION_BAD;
}

static OptionResult take_environment(char ***environment, Term list)
{
    if (*environment == NULL) {
        *environment = environment_copy();
    }
    for (Term pair; list_take(&list, &pair);) {
        if (take_variable(environment, pair) != OPTION_GOOD) {
            return OPTION_BAD;
        }
    }
    return term_is_nil(list) ? OPTION_GOOD : OPTION_BAD;
}

static OptionResult take_busy_limits(StreamOptions *stream, Term limits)
{
    uint64_t low, high;
    if (limits == ATOM_disabled) {
        stream->busy_high = 0;
        return OPTION_GOOD;
    }
    if (!term_is_pair(limits) || !term_to_count(pair_key(limits), SIZE_MAX >> 8, &low) ||
        !term_to_count(pair_value(limits), SIZE_MAX >> 8, &high)) {
        return OPTION_BAD;
    }
    stream->busy_low = low < high ? low : high;
    stream->busy_high = low < high ? high : low;
    return OPTION_GOOD;
}

static OptionResult take_pair(OpenOptions *options, Term key, Term value)
{
    StreamOptions *stream = &options->stream;
    uint64_t count;
    switch (key) {
    case ATOM_packet:
        if (stream->framing == FRAME_LINE ||
            (value != term_small(1) && value != term_small(2) && value != term_small(4))) {
            return OPTION_BAD;
        }
        stream->framing = FRAME_PACKET;
        stream->header_bytes = (unsigned) small_value(value);
        return OPTION_GOOD;
    case ATOM_line:
        if (stream->framing == FRAME_PACKET || !term_to_count(value, INT32_MAX, &count) ||
            count == 0) {
            return OPTION_BAD;
        }
        stream->framing = FRAME_LINE;
        stream->line_most = count;
        return OPTION_GOOD;
    case ATOM_parallelism:
        stream->parallelism = value == ATOM_true;
        return value == ATOM_true || value == ATOM_false ? OPTION_GOOD : OPTION_BAD;
    case ATOM_busy_limits_port:
        return take_busy_limits(stream, value);
    case ATOM_busy_limits_msgq: {
        StreamOptions other = *stream; /* commands are never queued before they are carried out */
        return take_busy_limits(&other, value);
    }
    case ATOM_cd:
        return take_text(&options->job->directory, value);
    case ATOM_env:
        return take_environment(&options->job->environment, value);
    case ATOM_args:
        return options->is_executable ? take_args(&options->args, value) : OPTION_BADARG;
    case ATOM_arg0:
        return options->is_executable ? take_text(&options->arg0, value) : OPTION_BADARG;
    default:
        return OPTION_BAD;
    }
}

static OptionResult take_option(OpenOptions *options, Term option)
{
    switch (option) {
    case ATOM_stream:
        return OPTION_GOOD;
    case ATOM_use_stdio:
    case ATOM_nouse_stdio:
        options->job->use_stdio = option == ATOM_use_stdio;
        return OPTION_GOOD;
    case ATOM_stderr_to_stdout:
        options->job->stderr_to_stdout = true;
        return OPTION_GOOD;
    case ATOM_exit_status:
        options->stream.exit_status = true;
        return OPTION_GOOD;
    case ATOM_eof:
        options->stream.eof = true;
        return OPTION_GOOD;
    case ATOM_binary:
        options->stream.as_binary = true;
        return OPTION_GOOD;
    case ATOM_in:
        options->in = true;
        return OPTION_GOOD;
    case ATOM_out:
        options->out = true;
        return OPTION_GOOD;
    case ATOM_hide:
    case ATOM_overlapped_io:
        return OPTION_GOOD;
    default:
        return term_is_pair(option) ? take_pair(options, pair_key(option), pair_value(option))
                                    : OPTION_BAD;
    }
}

static OptionResult take_options(OpenOptions *options, Term list)
{
    for (Term option; list_take(&list, &option);) {
        OptionResult result = take_option(options, option);
        if (result != OPTION_GOOD) {
            return result;
        }
    }
    if (!options->in && !options->out) {
        options->in = options->out = true;
    }
    return term_is_nil(list) ? OPTION_GOOD : OPTION_BAD;
}

/* ---- opening ---- */

/* The port, linked to its owner. Locked. NULL: there are too many. */
static Port *create(Process *p, const OpenOptions *options, char *label)
{
    Port *port = stream_create(&options->stream, p->pid, label);
    if (port != NULL) {
        relations_insert(p, RELATION_LINK, port->self);
        lock_acquire(&port->lock);
        port_add_link(port, p->pid);
    }
    return port;
}

static void take_back_link(Process *p, Term port)
{
    Relation *link = process_relation(p, RELATION_LINK, port);
    if (link != NULL) {
        relations_remove(p->extra->relations, link);
    }
}

static Term open_fds(Process *p, const OpenOptions *options, int in_fd, int out_fd)
{
    char label[32];
    snprintf(label, sizeof label, "%d/%d", in_fd, out_fd);
    Port *port = create(p, options, mem_copy_string(label));
    if (port == NULL) {
        return bif_system_limit(p);
    }
    Term self = port->self;
    stream_start(port, options->in ? in_fd : -1, options->out ? out_fd : -1, true);
    port_unlock(port);
    return self;
}

/* The command line for a program that is looked for by the shell, or of one that is there. */
static void make_arguments(OpenOptions *options, char *command)
{
    ProgramJob *job = options->job;
    size_t count = 0;
    while (options->args != NULL && options->args[count] != NULL) {
        count++;
    }
    job->argv = mem_alloc_zero((count + 4) * sizeof *job->argv);
    if (options->is_executable) {
        job->file = command;
        job->argv[0] = options->arg0 != NULL ? options->arg0 : mem_copy_string(command);
        if (count > 0) {
            memcpy(job->argv + 1, options->args, count * sizeof *job->argv);
        }
        mem_free(options->args);
        options->args = NULL;
        options->arg0 = NULL;
        return;
    }
    size_t size = strlen(command) + sizeof "exec ";
    job->argv[0] = mem_copy_string("sh");
    job->argv[1] = mem_copy_string("-c");
    job->argv[2] = mem_alloc(size);
    snprintf(job->argv[2], size, "exec %s", command);
    mem_free(command);
}

static Term open_program(Process *p, OpenOptions *options, char *command)
{
    ProgramJob *job = options->job;
    Port *port = create(p, options, mem_copy_string(command));
    if (port == NULL) {
        mem_free(command);
        return bif_system_limit(p);
    }
    make_arguments(options, command);
    job->port = port;
    job->in = options->in;
    job->out = options->out;
    options->job = NULL;
    p->saved[PORT_SLOT] = port->self;
    port_unlock(port);
    return program_start(p, job);
}

static Term go_on(Process *p)
{
    Term reply = reply_take(p);
    if (reply == TERM_TRAP) {
        return reply;
    }
    Term port = p->saved[PORT_SLOT];
    p->saved[PORT_SLOT] = 0;
    if (reply == ATOM_ok) {
        return port;
    }
    take_back_link(p, port);
    return bif_error(p, pair_value(reply));
}

/* {fd, In, Out}; false: it is none. */
static bool read_fds(Term name, int64_t *in_fd, int64_t *out_fd)
{
    return tuple_is(name, 3) && tuple_elements(name)[0] == ATOM_fd &&
           term_to_int64(tuple_elements(name)[1], in_fd) &&
           term_to_int64(tuple_elements(name)[2], out_fd);
}

static Term open_named(Process *p, OpenOptions *options, Term name)
{
    int64_t in_fd, out_fd;
    if (read_fds(name, &in_fd, &out_fd)) {
        return in_fd < 0 || out_fd < 0 || in_fd > INT32_MAX || out_fd > INT32_MAX
                   ? bif_error(p, ATOM_einval)
                   : open_fds(p, options, (int) in_fd, (int) out_fd);
    }
    bool is_pair = term_is_pair(name);
    Term text = is_pair ? pair_value(name) : name;
    if (is_pair && pair_key(name) != ATOM_spawn && !options->is_executable) {
        return bif_badarg(p);
    }
    if (!term_is_list(text) && !term_is_atom(text) && !(is_pair && term_is_binary(text))) {
        return bif_badarg(p);
    }
    char *command = text_of(text);
    if (command == NULL || command[0] == '\0') {
        mem_free(command);
        return bif_badarg(p);
    }
    return open_program(p, options, command);
}

Term bif_open_port_2(Process *p, const Term args[])
{
    if (reply_is_awaited(p)) {
        return go_on(p);
    }
    OpenOptions options = {
        .stream = {.busy_low = 4096, .busy_high = 8192},
        .job = program_job(),
        .is_executable = term_is_pair(args[0]) && pair_key(args[0]) == ATOM_spawn_executable,
    };
    options.job->use_stdio = true;
    OptionResult result = take_options(&options, args[1]);
    Term answer = result == OPTION_GOOD  ? open_named(p, &options, args[0])
                  : result == OPTION_BAD ? bif_error_info(p, ATOM_badarg, ATOM_badopt)
                                         : bif_badarg(p);
    if (options.job != NULL) {
        program_job_destroy(&options.job->base);
    }
    free_texts(options.args);
    mem_free(options.arg0);
    return answer;
}
