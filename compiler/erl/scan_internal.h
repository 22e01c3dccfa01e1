/* compiler/erl/scan_internal.h
 * What the scanner's files share: scan.c (dispatch, names, symbols), scan_number.c, scan_string.c
 * (quoted texts and escapes), scan_block.c (triple-quoted strings and sigils). */
#ifndef MUSTER_COMPILER_ERL_SCAN_INTERNAL_H
#define MUSTER_COMPILER_ERL_SCAN_INTERNAL_H

#include "compiler/erl/scan.h"
#include "runtime/term/bits.h"

enum CharClass {
    CLASS_WHITE, /* 0 to 32 but newline */
    CLASS_NEWLINE,
    CLASS_LOWER,
    CLASS_UPPER, /* and _ */
    CLASS_DIGIT,
    CLASS_SYMBOL,
    CLASS_HIGH /* a byte of a longer code point */
};
extern const uint8_t scan_classes[256];
/* 0 to 35 for a digit or letter, else 255. */
extern const uint8_t scan_digit_values[256];

static inline uint32_t scan_column(const Scanner *scanner, const char *at)
{
    return (uint32_t) (at - scanner->line_start) - scanner->extra + 1;
}
static inline Location scan_location(const Scanner *scanner, const char *at)
{
    return (Location){scanner->line, scan_column(scanner, at), scanner->file, 0};
}
static inline void scan_newline(Scanner *scanner, const char *next_line)
{
    scanner->line++;
    scanner->line_start = next_line;
    scanner->extra = 0;
}

/* Each reads a token that starts at `start`; scanner->at is behind what was consumed after. */
TokenKind scan_number(Scanner *scanner, Token *token, const char *start);
TokenKind scan_char(Scanner *scanner, Token *token, const char *start);
TokenKind scan_string(Scanner *scanner, Token *token, const char *start);
TokenKind scan_quoted_atom(Scanner *scanner, Token *token, const char *start);
TokenKind scan_block(Scanner *scanner, Token *token, const char *start, bool verbatim);
TokenKind scan_sigil(Scanner *scanner, Token *token, const char *start);

/* Makes an atom token. */
TokenKind scan_atom_token(Scanner *scanner, Token *token, const char *name, size_t size_bytes);

/* Code points of a text under construction, and its bytes. */
typedef struct CodePoints {
    uint32_t *items;
    uint32_t count, capacity;
    uint32_t small[256];
} CodePoints;
void code_points_init(CodePoints *points);
void code_points_finish(CodePoints *points);
void code_points_grow(CodePoints *points);
static inline void code_points_add(CodePoints *points, uint32_t c)
{
    if (UNLIKELY(points->count == points->capacity)) {
        code_points_grow(points);
    }
    points->items[points->count++] = c;
}

/* One code point of valid UTF-8 at `*at`; moves on, and keeps lines and columns. */
uint32_t scan_code_point(Scanner *scanner, const char **at);
/* The escape behind a backslash at `*at`; moves on. -1: illegal; -2: the text ends in it. */
int32_t scan_escape(Scanner *scanner, const char **at);

/* Sets the error and returns TOKEN_ERROR. `descriptor` is erl_scan's; `text` its wording. */
TokenKind scan_fail(Scanner *scanner, Location at, Term descriptor, const char *text);
/* {illegal, What} */
TokenKind scan_fail_illegal(Scanner *scanner, Location at, const char *what);
/* string_concat: a quote follows a string at once. */
TokenKind scan_fail_adjacent(Scanner *scanner);
/* {string, Quote, String}: a text that begins at `at` and has no end. */
TokenKind scan_fail_unterminated(Scanner *scanner, Location at, char quote,
                                 const CodePoints *points);

#endif
