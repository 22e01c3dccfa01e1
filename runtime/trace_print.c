/* runtime/trace_print.c
 * --trace: events as lines on standard error. The process of which something is told writes the
 * line itself, at once, so none is lost when the machine halts, and each process's are in order:
 *
 *     0.001234 <0.81.0> spawn <0.82.0> shop:clerk([])
 *     0.001301 <0.81.0> send {order,tea} to <0.82.0>
 *     0.001320 <0.82.0> receive {order,tea}
 *
 * Seconds since the start. The first process of the program begins it, and who is spawned by a
 * traced process is traced. */
#include <string.h>
#include <unistd.h>

#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/output.h"
#include "proc/signal_receive.h"
#include "runtime/term/mem.h"
#include "runtime/term/print.h"
#include "runtime/trace.h"

enum { TERM_MOST_BYTES = 500, MODULES_MOST = 64, NAME_MOST_BYTES = 255 };

/* Set before the machine starts. */
static uint32_t wanted;
static Term modules[MODULES_MOST];
static size_t module_count;

/* ---- the option ---- */

static bool take_one(const char *what, size_t size)
{
    static const char calls[] = "calls:";
    if (size == 5 && memcmp(what, "procs", size) == 0) {
        wanted |= TRACE_PROCS;
        return true;
    }
    if (size == 8 && memcmp(what, "messages", size) == 0) {
        wanted |= TRACE_SEND | TRACE_RECEIVE;
        return true;
    }
    if (size <= strlen(calls) || memcmp(what, calls, strlen(calls)) != 0 ||
        size - strlen(calls) > NAME_MOST_BYTES || module_count == MODULES_MOST) {
        return false;
    }
    char name[NAME_MOST_BYTES + 1] = "";
    memcpy(name, what + strlen(calls), size - strlen(calls));
    wanted |= TRACE_CALL;
    modules[module_count++] = atom_of(name);
    return true;
}

bool trace_take_option(const char *what)
{
    if (*what == '\0') {
        what = "procs,messages";
    }
    for (;;) {
        size_t size = strcspn(what, ",");
        if (!take_one(what, size)) {
            return false;
        }
        if (what[size] == '\0') {
            return true;
        }
        what += size + 1;
    }
}

/* muster_machine:trace_modules(): those whose calls are to be told. */
Term bif_trace_modules_0(Process *p, const Term args[])
{
    return bif_result(p, make_list(bif_space(p), modules, module_count, TERM_NIL));
}

/* muster_machine:trace_program(): the process that calls, and whom it spawns from now on, is traced
 * if that was asked for. */
Term bif_trace_program_0(Process *p, const Term args[])
{
    if (wanted != 0) {
        trace_change(p, &trace_default, 0, wanted | TRACE_ON_SPAWN, ATOM_standard_error);
    }
    return ATOM_ok;
}

/* ---- lines ---- */

static void add_term(Text *text, Term term)
{
    const PrintStyle style = {.strings = true, .unicode_range = true};
    size_t end = text->size_bytes + TERM_MOST_BYTES;
    if (term_print_styled(text, term, &style, TERM_MOST_BYTES)) {
        return;
    }
    end = end < text->size_bytes ? end : text->size_bytes;
    while (end > 0 && end < text->size_bytes && (text->bytes[end] & 0xC0) == 0x80) {
        end--; /* not within a character */
    }
    text->size_bytes = end;
    text_add_string(text, "...");
}

/* m:f(Args) or m:f/N */
static void add_call(Text *text, Term mfa)
{
    const Term *parts = tuple_elements(mfa);
    add_term(text, parts[0]);
    text_add_string(text, ":");
    add_term(text, parts[1]);
    if (term_is_small(parts[2])) {
        text_addf(text, "/%lld", (long long) small_value(parts[2]));
        return;
    }
    text_add_string(text, "(");
    for (Term at = parts[2]; term_is_cons(at); at = cons_tail(at)) {
        add_term(text, cons_head(at));
        text_add_string(text, term_is_cons(cons_tail(at)) ? ", " : "");
    }
    text_add_string(text, ")");
}

static bool is_call(Term term)
{
    return tuple_has_arity(term, 3) && term_is_atom(tuple_elements(term)[0]) &&
           term_is_atom(tuple_elements(term)[1]);
}

void trace_print(Process *p, const Term parts[], size_t count)
{
    Text text = {0};
    Term what = parts[0];
    text_addf(&text, "%.6f ", (double) sched_wall_ns() / 1e9);
    term_print(&text, p->pid, 0);
    text_add_string(&text, " ");
    text_add_string(&text, atom_name(what));
    for (size_t i = 1; i < count; i++) {
        text_add_string(&text, " ");
        if (i == 2 && (what == ATOM_send || what == ATOM_send_to_non_existing_process)) {
            text_add_string(&text, "to ");
        }
        /* Whom it called, or what it is to run; a message may look like that. */
        bool named = what == ATOM_call || what == ATOM_spawn || what == ATOM_spawned;
        if (named && is_call(parts[i])) {
            add_call(&text, parts[i]);
        } else {
            add_term(&text, parts[i]);
        }
    }
    text_add_string(&text, "\n");
    output_flush(STDOUT_FILENO);
    output_add(STDERR_FILENO, text.bytes, text.size_bytes);
    output_flush(STDERR_FILENO);
    text_finish(&text);
}
