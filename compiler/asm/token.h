/* compiler/asm/token.h
 * Tokens of assembly text, one at a time, and terms made of them. The first error is kept; after it
 * every token is TOKEN_ERROR, so that callers need not ask after each step. */
#ifndef MUSTER_COMPILER_ASM_TOKEN_H
#define MUSTER_COMPILER_ASM_TOKEN_H

#include "compiler/asm/assemble.h"

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_ERROR,
    TOKEN_NEWLINE,
    TOKEN_WORD,   /* a name that begins with a small letter, not quoted: may be an atom */
    TOKEN_NAME,   /* begins with a capital or _ */
    TOKEN_QUOTED, /* a quoted atom */
    TOKEN_NUMBER, /* integer or float */
    TOKEN_STRING, /* a list of characters */
    TOKEN_INDEX,  /* #N */
    TOKEN_SYMBOL, /* one or two characters */
} TokenKind;

typedef struct Lexer {
    const char *start, *at, *end;
    const char *line_start;
    uint32_t line;
    uint32_t open_brackets; /* newlines count for nothing inside */
    Space *space;           /* for numbers and strings */
    AssembleError *error;
    bool has_error;
    /* the token at hand */
    TokenKind kind;
    const char *from;
    size_t size_bytes;
    const char *from_line_start;
    uint32_t from_line;
    Term value;     /* of QUOTED, NUMBER and STRING */
    uint64_t index; /* of INDEX */
} Lexer;

void lexer_init(Lexer *lexer, const char *text, size_t size_bytes, Space *space,
                AssembleError *error);
void lexer_next(Lexer *lexer);
/* At the token at hand. The first error wins. */
void lexer_error(Lexer *lexer, const char *format, ...) PRINTF_LIKE(2, 3);
/* "expected WHAT, found the token at hand" */
void lexer_expected(Lexer *lexer, const char *what);

static inline bool lexer_is(const Lexer *lexer, TokenKind kind, const char *text)
{
    return lexer->kind == kind && strlen(text) == lexer->size_bytes &&
           memcmp(text, lexer->from, lexer->size_bytes) == 0;
}
/* True, and goes on, if the token is that symbol or word. Opening and closing brackets count. */
bool lexer_accept(Lexer *lexer, TokenKind kind, const char *text);
/* As lexer_accept, and an error if it is not. */
bool lexer_expect(Lexer *lexer, TokenKind kind, const char *text);

/* A term from the token at hand on, in lexer->space. TERM_NONE: an error was kept. Nests to any
 * depth. */
Term lexer_term(Lexer *lexer);
/* TERM_NONE, and an error kept, unless the token is an atom. */
Term lexer_atom(Lexer *lexer);

#endif
