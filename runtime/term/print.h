/* runtime/term/print.h
 * Terms as text, as Erlang's ~w writes them (and ~tw when `unicode`): for messages of the machine
 * itself, erlang:display and the debugger. io_lib does the rest in Erlang.
 * Nothing recurses on the C stack. */
#ifndef MUSTER_TERM_PRINT_H
#define MUSTER_TERM_PRINT_H

#include "runtime/term/term.h"

/* Growing text, UTF-8. Zero-initialise it; text_finish frees it. */
typedef struct Text {
    char *bytes; /* NUL-terminated once anything was added */
    size_t size_bytes, capacity_bytes;
} Text;
void text_add(Text *text, const char *bytes, size_t size_bytes);
void text_add_string(Text *text, const char *string);
void text_addf(Text *text, const char *format, ...) PRINTF_LIKE(2, 3);
void text_add_code_point(Text *text, uint32_t code_point);
void text_finish(Text *text);

/* Appends `t`; stops with "..." once `limit_bytes` were added (0: no limit). */
void term_print(Text *text, Term t, size_t limit_bytes);
/* How io_lib writes terms on one line. */
typedef struct PrintStyle {
    bool latin1;        /* names of atoms and text are of Latin-1; what is not is escaped */
    bool strings;       /* as ~p: lists and binaries that can be read are shown as text */
    bool unicode_range; /* what can be read: Unicode, or only Latin-1 */
} PrintStyle;
/* Appends `t`. False: it takes more than limit_bytes, or there is no memory; the text has a part.
 */
bool term_print_styled(Text *text, Term t, const PrintStyle *style, size_t limit_bytes);
/* As erlang:display/1 writes them: lists and binaries of characters as text. */
void term_print_display(Text *text, Term t);
/* An atom as source text: quoted where needed. */
void atom_print(Text *text, Term atom);
bool atom_needs_quotes(const char *name, size_t size_bytes);
/* To stderr, with a newline: for the debugger. */
void term_dump(Term t);

#endif
