/* compiler/erl/scan.h
 * Text to tokens, one at a time, without an allocation a token: names are looked up in a table that
 * knows keywords, atoms and variables; strings go to the unit's arena.
 *
 * The text is valid UTF-8 (source.h sees to it). Positions are counted in code points. After an
 * error the scanner stands where erl_scan goes on: behind the offending characters. */
#ifndef MUSTER_COMPILER_ERL_SCAN_H
#define MUSTER_COMPILER_ERL_SCAN_H

#include "compiler/erl/token.h"
#include "runtime/term/print.h"

/* Names seen in a unit: text to keyword, atom and variable. One for all files of a unit. */
typedef struct Lexicon {
    struct LexiconEntry *entries; /* open addressing; count is a power of two */
    uint32_t entry_count, used;
    Arena arena;
} Lexicon;
void lexicon_init(Lexicon *lexicon);
void lexicon_finish(Lexicon *lexicon);

typedef struct Scanner {
    const char *at, *end;   /* the rest of the text; `end` points to a NUL */
    const char *line_start; /* of the current line */
    uint32_t line;
    uint32_t extra; /* bytes of the line so far that are not the first of a code point */
    uint16_t file;
    ErlUnit *unit;
    Lexicon *lexicon;
    /* After TOKEN_ERROR: where, and what; the descriptor is as erl_scan's. */
    Location error_at;
    Term error_descriptor;
    char *error_text; /* in the unit's arena */
} Scanner;

/* `text` has `size_bytes` and a NUL behind them, and outlives the scanner. Starts at 1:1. */
void scanner_init(Scanner *scanner, ErlUnit *unit, Lexicon *lexicon, uint16_t file,
                  const char *text, size_t size_bytes);
/* Reads the next token. */
TokenKind scan_token(Scanner *scanner, Token *token);
Location scanner_location(const Scanner *scanner);

/* Source text of a string as Erlang writes it, with `quote` around (0: none): as ~tp does. */
void text_add_quoted(Text *text, const uint32_t *characters, size_t count, char quote);

#endif
