/* runtime/term/compare_numbers.h
 * The order of numbers, for compare.c. */
#ifndef MUSTER_TERM_COMPARE_NUMBERS_H
#define MUSTER_TERM_COMPARE_NUMBERS_H

#include "runtime/term/term.h"

/* Negative, 0, positive: by value; or, when `exact`, all integers before all floats, and -0.0
 * before 0.0. */
int compare_numbers(Term a, Term b, bool exact);

#endif
