/* compiler/erl/token.h
 * The tokens of Erlang, as the scanner makes them and the preprocessor moves them about. */
#ifndef MUSTER_COMPILER_ERL_TOKEN_H
#define MUSTER_COMPILER_ERL_TOKEN_H

#include "compiler/erl/ast.h"

/* SYMBOL(name, text): punctuation. KEYWORD(name, text): reserved words. */
#define TOKEN_SYMBOLS(SYMBOL) \
    SYMBOL(LPAREN, "(") \
    SYMBOL(RPAREN, ")") \
    SYMBOL(LBRACKET, "[") \
    SYMBOL(RBRACKET, "]") \
    SYMBOL(LBRACE, "{") \
    SYMBOL(RBRACE, "}") \
    SYMBOL(LBIN, "<<") \
    SYMBOL(RBIN, ">>") \
    SYMBOL(COMMA, ",") \
    SYMBOL(SEMICOLON, ";") \
    SYMBOL(COLON, ":") \
    SYMBOL(COLONS, "::") \
    SYMBOL(HASH, "#") \
    SYMBOL(PERIOD, ".") \
    SYMBOL(PERIODS, "..") \
    SYMBOL(ELLIPSIS, "...") \
    SYMBOL(BAR, "|") \
    SYMBOL(BARS, "||") \
    SYMBOL(ARROW, "->") \
    SYMBOL(GENERATOR, "<-") \
    SYMBOL(BIN_GENERATOR, "<=") \
    SYMBOL(ASSOC, "=>") \
    SYMBOL(EXACT, ":=") \
    SYMBOL(QUESTION, "?") \
    SYMBOL(MAYBE_MATCH, "?=") \
    SYMBOL(MATCH, "=") \
    SYMBOL(BANG, "!") \
    SYMBOL(PLUS, "+") \
    SYMBOL(MINUS, "-") \
    SYMBOL(STAR, "*") \
    SYMBOL(SLASH, "/") \
    SYMBOL(PLUS_PLUS, "++") \
    SYMBOL(MINUS_MINUS, "--") \
    SYMBOL(EQ, "==") \
    SYMBOL(NE, "/=") \
    SYMBOL(LE, "=<") \
    SYMBOL(LT, "<") \
    SYMBOL(GE, ">=") \
    SYMBOL(GT, ">") \
    SYMBOL(EXACT_EQ, "=:=") \
    SYMBOL(EXACT_NE, "=/=")

#define TOKEN_KEYWORDS(KEYWORD) \
    KEYWORD(AFTER, "after") \
    KEYWORD(AND, "and") \
    KEYWORD(ANDALSO, "andalso") \
    KEYWORD(BAND, "band") \
    KEYWORD(BEGIN, "begin") \
    KEYWORD(BNOT, "bnot") \
    KEYWORD(BOR, "bor") \
    KEYWORD(BSL, "bsl") \
    KEYWORD(BSR, "bsr") \
    KEYWORD(BXOR, "bxor") \
    KEYWORD(CASE, "case") \
    KEYWORD(CATCH, "catch") \
    KEYWORD(COND, "cond") /* reserved, and of no use */ \
    KEYWORD(DIV, "div") \
    KEYWORD(ELSE, "else") /* as maybe */ \
    KEYWORD(END, "end") \
    KEYWORD(FUN, "fun") \
    KEYWORD(IF, "if") \
    KEYWORD(LET, "let")     /* as cond */ \
    KEYWORD(MAYBE, "maybe") /* only while the feature maybe_expr is on */ \
    KEYWORD(NOT, "not") \
    KEYWORD(OF, "of") \
    KEYWORD(OR, "or") \
    KEYWORD(ORELSE, "orelse") \
    KEYWORD(RECEIVE, "receive") \
    KEYWORD(REM, "rem") \
    KEYWORD(TRY, "try") \
    KEYWORD(WHEN, "when") \
    KEYWORD(XOR, "xor")

typedef enum TokenKind {
    TOKEN_EOF, /* the end of the text */
    TOKEN_DOT, /* a full stop: '.' before white space, a comment or the end */
    TOKEN_ERROR,
    TOKEN_ATOM,
    TOKEN_VAR,
    TOKEN_INTEGER,
    TOKEN_FLOAT,
    TOKEN_CHAR,
    TOKEN_STRING,
    TOKEN_SIGIL, /* a string with a sigil before it */
    TOKEN_OTHER, /* any other character of Latin-1 */
#define SYMBOL(name, text) TOKEN_##name,
    TOKEN_SYMBOLS(SYMBOL) TOKEN_KEYWORDS(SYMBOL)
#undef SYMBOL
        TOKEN_KIND_COUNT
} TokenKind;

typedef struct Token {
    Location at;
    uint8_t kind;  /* TokenKind */
    uint8_t sigil; /* of TOKEN_SIGIL: 0, or one of b B s S */
    uint16_t unused;
    union {
        Term value; /* atom, also of keywords; name of a variable; integer; char and other: small */
        double float_value;
        const uint32_t *characters; /* string, sigil */
    };
    uint32_t count; /* of characters */
    uint32_t var;   /* id of a variable */
} Token;
static_assert(sizeof(Token) == 32, "forms can have millions");

/* A growing row of tokens; zero-initialise, token_list_finish frees. */
typedef struct TokenList {
    Token *items;
    uint32_t count, capacity;
} TokenList;
void token_list_grow(TokenList *list, size_t extra);
void token_list_finish(TokenList *list);
static inline void token_list_add(TokenList *list, Token token)
{
    if (UNLIKELY(list->count == list->capacity)) {
        token_list_grow(list, 1);
    }
    list->items[list->count++] = token;
}

/* "->", "case", … ; NULL for kinds that have no fixed text. */
extern const char *const token_texts[TOKEN_KIND_COUNT];
static inline bool token_is_keyword(const Token *token)
{
    return token->kind >= TOKEN_AFTER;
}

#endif
