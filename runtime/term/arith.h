/* runtime/term/arith.h
 * Arithmetic on terms as Erlang defines it: integers of any size, floats, and mixtures.
 *
 * All functions build in `space`, never collect, and answer TERM_NONE for badarith (an operand of
 * the wrong kind, division by zero, a float result that is not finite) and TERM_LIMIT for
 * system_limit (a result over ARITH_MAX_BITS, or no memory). Big integers are limbs in the space,
 * worked on by GMP's mpn_ functions. Multiplication and division of huge numbers can take long;
 * `arith_cost` estimates in reductions what the last one took. */
#ifndef MUSTER_TERM_ARITH_H
#define MUSTER_TERM_ARITH_H

#include "runtime/term/space.h"

/* As OTP: an integer has at most about 4 million bits (2^22 - 1 words in newer ones). */
#define ARITH_MAX_BITS ((size_t) 4194304)

Term arith_add(Space *space, Term a, Term b);
Term arith_subtract(Space *space, Term a, Term b);
Term arith_multiply(Space *space, Term a, Term b);
Term arith_divide(Space *space, Term a, Term b); /* '/': always a float */
Term arith_div(Space *space, Term a, Term b);    /* truncates towards zero */
Term arith_rem(Space *space, Term a, Term b);    /* sign of the dividend */
Term arith_negate(Space *space, Term a);
Term arith_abs(Space *space, Term a);
Term arith_band(Space *space, Term a, Term b);
Term arith_bor(Space *space, Term a, Term b);
Term arith_bxor(Space *space, Term a, Term b);
Term arith_bnot(Space *space, Term a);
Term arith_shift_left(Space *space, Term a, Term count); /* negative counts shift right */
Term arith_shift_right(Space *space, Term a, Term count);

/* float -> integer. TERM_NONE when `a` is not a number. */
Term arith_trunc(Space *space, Term a);
Term arith_round(Space *space, Term a);
Term arith_floor(Space *space, Term a);
Term arith_ceil(Space *space, Term a);
/* The float of any number; false when it is none or is too big for a float. */
bool arith_to_double(Term a, double *out);

/* Integers and machine words. */
bool term_to_int64(Term t, int64_t *out);   /* false: not an integer, or does not fit */
bool term_to_uint64(Term t, uint64_t *out); /* false: negative, not an integer, does not fit */
/* Integer from `size_bytes` bytes, least significant first if `little`; two's complement if
 * `is_signed`. */
Term integer_from_bytes(Space *space, const uint8_t *bytes, size_t size_bytes, bool little,
                        bool is_signed);
/* The low `size_bytes` bytes of the integer's two's complement. */
void integer_to_bytes(Term integer, uint8_t *bytes, size_t size_bytes, bool little);
size_t integer_bit_length(Term integer); /* bits of the magnitude */
bool integer_is_negative(Term integer);

/* Text. `base` is 2 to 36. The text has an optional sign and digits only, no underscores;
 * TERM_NONE when it is anything else. */
Term integer_parse(Space *space, const char *text, size_t size_bytes, int base);
/* Bytes an integer needs in `base`, sign included (an upper bound), and the writing of it: returns
 * the bytes written, without NUL; letters are upper case. */
size_t integer_text_bound(Term integer, int base);
size_t integer_write(Term integer, int base, char *out);
/* "1.5", "1.0e-10": strict Erlang float syntax. False when the text is not a float or overflows. */
bool double_parse(const char *text, size_t size_bytes, double *out);
/* Shortest text that reads back the same, laid out as Erlang's ~w does (1.0, 1.0e-10). `out` holds
 * at least 32 bytes; returns the bytes written. */
size_t double_write_shortest(double value, char *out);

uint32_t arith_cost(void); /* reductions of this thread's last operation beyond one */

#endif
