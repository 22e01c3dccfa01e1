/* compiler/jit/history.h
 * What became of a function while its program ran, in words: which native code it had, what was
 * seen in its slots, and which guesses were wrong. */
#ifndef MUSTER_JIT_HISTORY_H
#define MUSTER_JIT_HISTORY_H

#include <stdio.h>

#include "compiler/jit/feedback.h"

/* Of what happened up to now; the program halts, or nothing of it is being compiled. Lines begin
 * with
 * "; ". */
void history_print(const Function *function, FILE *out);
/* Where the instruction stands in the source; if that is unknown, its function. */
uint32_t history_line(const Function *function, Code at);
/* What is guessed, a line each, in the order of the source. */
void history_print_guesses(const Guess *list, FILE *out);

#endif
