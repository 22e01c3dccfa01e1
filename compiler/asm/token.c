/* compiler/asm/token.c
 * The scanner of assembly text. Its atoms, strings and numbers are Erlang's, as term_print writes
 * them. */
#include "compiler/asm/token.h"

#include "runtime/term/arith.h"
#include "runtime/term/bits.h"
#include "runtime/term/mem.h"

#include <stdarg.h>
#include <stdio.h>

void lexer_init(Lexer *lexer, const char *text, size_t size_bytes, Space *space,
                AssembleError *error)
{
    *lexer = (Lexer){.start = text,
                     .at = text,
                     .end = text + size_bytes,
                     .line_start = text,
                     .line = 1,
                     .space = space,
                     .error = error,
                     .from = text,
                     .from_line_start = text,
                     .from_line = 1};
}

/* ---- errors ---- */

void lexer_error(Lexer *lexer, const char *format, ...)
{
    if (!lexer->has_error) {
        uint32_t column = 1;
        for (const char *at = lexer->from_line_start; at < lexer->from; at++) {
            column += ((uint8_t) *at & 0xC0) != 0x80;
        }
        lexer->error->line = lexer->from_line;
        lexer->error->column = column;
        va_list args;
        va_start(args, format);
        vsnprintf(lexer->error->text, sizeof lexer->error->text, format, args);
        va_end(args);
    }
    lexer->has_error = true;
    lexer->kind = TOKEN_ERROR;
    lexer->size_bytes = 0;
    lexer->at = lexer->end;
}

void lexer_expected(Lexer *lexer, const char *what)
{
    enum { SHOWN_MAX = 40 };
    if (lexer->kind == TOKEN_END) {
        lexer_error(lexer, "expected %s, found the end of the text", what);
    } else if (lexer->kind == TOKEN_NEWLINE) {
        lexer_error(lexer, "expected %s, found the end of the line", what);
    } else {
        int shown = lexer->size_bytes < SHOWN_MAX ? (int) lexer->size_bytes : SHOWN_MAX;
        while (shown > 0 && (size_t) shown < lexer->size_bytes &&
               ((uint8_t) lexer->from[shown] & 0xC0) == 0x80) {
            shown--; /* not in the middle of a character */
        }
        lexer_error(lexer, "expected %s, found `%.*s`", what, shown, lexer->from);
    }
}

bool lexer_accept(Lexer *lexer, TokenKind kind, const char *text)
{
    if (!lexer_is(lexer, kind, text)) {
        return false;
    }
    if (kind == TOKEN_SYMBOL) {
        if (strcmp(text, "[") == 0 || strcmp(text, "{") == 0 || strcmp(text, "#{") == 0 ||
            strcmp(text, "<<") == 0) {
            lexer->open_brackets++;
        } else if (strcmp(text, "]") == 0 || strcmp(text, "}") == 0 || strcmp(text, ">>") == 0) {
            lexer->open_brackets -= lexer->open_brackets > 0;
        }
    }
    lexer_next(lexer);
    return true;
}

bool lexer_expect(Lexer *lexer, TokenKind kind, const char *text)
{
    if (lexer_accept(lexer, kind, text)) {
        return true;
    }
    char what[40];
    snprintf(what, sizeof what, "`%s`", text);
    lexer_expected(lexer, what);
    return false;
}

/* ---- characters ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           c == '@' || (uint8_t) c >= 0x80;
}

static int digit_value(char c, int base)
{
    int value = is_digit(c)              ? c - '0'
                : (c >= 'a' && c <= 'f') ? c - 'a' + 10
                : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                         : base;
    return value < base ? value : -1;
}

static int32_t hex_escape(Lexer *lexer)
{
    int32_t value = 0;
    lexer->at++; /* x */
    if (lexer->at == lexer->end || *lexer->at != '{') {
        return -1;
    }
    for (lexer->at++; lexer->at < lexer->end && *lexer->at != '}'; lexer->at++) {
        int digit = digit_value(*lexer->at, 16);
        if (digit < 0 || value > 0x10FFFF) {
            return -1;
        }
        value = value * 16 + digit;
    }
    if (lexer->at == lexer->end) {
        return -1;
    }
    lexer->at++;
    return value;
}

/* After a backslash. Negative: no such escape. */
static int32_t escape(Lexer *lexer)
{
    static const char letters[] = "bdefnrstv", meanings[] = "\b\177\033\f\n\r \t\v";
    if (lexer->at == lexer->end) {
        return -1;
    }
    char c = *lexer->at;
    if (c == 'x') {
        return hex_escape(lexer);
    }
    if (digit_value(c, 8) >= 0) {
        int32_t value = 0;
        for (int i = 0; i < 3 && lexer->at < lexer->end && digit_value(*lexer->at, 8) >= 0; i++) {
            value = value * 8 + digit_value(*lexer->at++, 8);
        }
        return value;
    }
    const char *letter = c == '\0' ? NULL : strchr(letters, c);
    if (letter == NULL && c != '\\' && c != '"' && c != '\'') {
        return -1;
    }
    lexer->at++;
    return letter != NULL ? meanings[letter - letters] : c;
}

/* Reads up to the closing quote into UTF-8 that the caller frees; NULL: an error was kept. */
static char *quoted_text(Lexer *lexer, char quote, size_t *size_out)
{
    const char *close = ++lexer->at;
    while (close < lexer->end && *close != quote && *close != '\n') {
        close += *close == '\\' && close + 1 < lexer->end ? 2 : 1;
    }
    char *text = mem_alloc(2 * (size_t) (close - lexer->at) + 8);
    size_t size = 0;
    while (lexer->at < lexer->end && *lexer->at != quote && *lexer->at != '\n') {
        size_t used = 1;
        int32_t c;
        if (*lexer->at == '\\') {
            lexer->at++;
            c = escape(lexer);
        } else {
            c = utf8_decode((const uint8_t *) lexer->at, (size_t) (lexer->end - lexer->at), &used);
            lexer->at += used;
        }
        if (!code_point_is_valid(c)) {
            mem_free(text);
            lexer_error(lexer, "a bad character between the quotes");
            return NULL;
        }
        size += utf8_encode((uint32_t) c, (uint8_t *) text + size);
    }
    if (lexer->at == lexer->end || *lexer->at != quote) {
        mem_free(text);
        lexer_error(lexer, "the closing %c is missing", quote);
        return NULL;
    }
    lexer->at++;
    *size_out = size;
    return text;
}

/* ---- tokens ---- */

static void set_atom(Lexer *lexer, const char *text, size_t size)
{
    lexer->value = atom_make(text, size);
    if (lexer->value == TERM_NONE) {
        lexer_error(lexer, "an atom that is not UTF-8");
    } else if (lexer->value == TERM_LIMIT) {
        lexer_error(lexer, "the atom is too long, or there are too many atoms");
    }
}

static void quoted_token(Lexer *lexer, char quote)
{
    size_t size;
    lexer->kind = quote == '"' ? TOKEN_STRING : TOKEN_QUOTED;
    char *text = quoted_text(lexer, quote, &size);
    if (text == NULL) {
        return;
    }
    if (quote == '\'') {
        set_atom(lexer, text, size);
    } else {
        lexer->value = make_string_utf8(lexer->space, text, size);
        if (lexer->value == TERM_LIMIT) {
            lexer_error(lexer, "no memory for the string");
        }
    }
    mem_free(text);
}

static void skip_digits(Lexer *lexer)
{
    while (lexer->at < lexer->end && is_digit(*lexer->at)) {
        lexer->at++;
    }
}

static void number_token(Lexer *lexer)
{
    lexer->kind = TOKEN_NUMBER;
    const char *from = lexer->at;
    lexer->at += *from == '-';
    skip_digits(lexer);
    if (lexer->end - lexer->at < 2 || *lexer->at != '.' || !is_digit(lexer->at[1])) {
        lexer->value = integer_parse(lexer->space, from, (size_t) (lexer->at - from), 10);
        if (!term_is_integer(lexer->value)) {
            lexer_error(lexer, "the integer is too large");
        }
        return;
    }
    lexer->at++;
    skip_digits(lexer);
    if (lexer->at < lexer->end && (*lexer->at == 'e' || *lexer->at == 'E')) {
        lexer->at++;
        lexer->at += lexer->at < lexer->end && (*lexer->at == '-' || *lexer->at == '+');
        skip_digits(lexer);
    }
    double value;
    if (!double_parse(from, (size_t) (lexer->at - from), &value)) {
        lexer_error(lexer, "not a float");
        return;
    }
    lexer->value = make_float(lexer->space, value);
}

static void index_token(Lexer *lexer)
{
    lexer->kind = TOKEN_INDEX;
    lexer->index = 0;
    for (lexer->at++; lexer->at < lexer->end && is_digit(*lexer->at); lexer->at++) {
        uint64_t digit = (uint64_t) (*lexer->at - '0');
        if (lexer->index > (UINT64_MAX - digit) / 10) {
            lexer_error(lexer, "the number is too large");
            return;
        }
        lexer->index = lexer->index * 10 + digit;
    }
}

static void skip_blanks(Lexer *lexer)
{
    for (; lexer->at < lexer->end; lexer->at++) {
        if (*lexer->at == '%') {
            const char *newline = memchr(lexer->at, '\n', (size_t) (lexer->end - lexer->at));
            lexer->at = newline == NULL ? lexer->end : newline;
            if (newline == NULL) {
                return;
            }
        }
        if (*lexer->at == '\n' && lexer->open_brackets > 0) {
            lexer->line++;
            lexer->line_start = lexer->at + 1;
        } else if (*lexer->at != ' ' && *lexer->at != '\t' && *lexer->at != '\r') {
            return;
        }
    }
}

static void symbol_token(Lexer *lexer)
{
    static const char two[][3] = {"->", "=>", "<<", ">>", "#{"};
    lexer->kind = TOKEN_SYMBOL;
    for (unsigned i = 0; i < COUNT_OF(two); i++) {
        if (lexer->end - lexer->at >= 2 && memcmp(lexer->at, two[i], 2) == 0) {
            lexer->at += 2;
            return;
        }
    }
    lexer->at++;
    if (strchr("[]{}(),|:/-+=", lexer->at[-1]) == NULL || lexer->at[-1] == '\0') {
        lexer->size_bytes = 1;
        lexer_error(lexer, "a character that means nothing here");
    }
}

void lexer_next(Lexer *lexer)
{
    if (lexer->has_error) {
        return;
    }
    skip_blanks(lexer);
    lexer->from = lexer->at;
    lexer->from_line = lexer->line;
    lexer->from_line_start = lexer->line_start;
    if (lexer->at == lexer->end) {
        lexer->kind = TOKEN_END;
        lexer->size_bytes = 0;
        return;
    }
    char c = *lexer->at, next = lexer->at + 1 < lexer->end ? lexer->at[1] : '\0';
    if (c == '\n') {
        lexer->kind = TOKEN_NEWLINE;
        lexer->line_start = ++lexer->at;
        lexer->line++;
    } else if (c == '"' || c == '\'') {
        quoted_token(lexer, c);
    } else if (is_digit(c) || (c == '-' && is_digit(next))) {
        number_token(lexer);
    } else if (c == '#' && is_digit(next)) {
        index_token(lexer);
    } else if (is_name_byte(c)) {
        while (lexer->at < lexer->end && is_name_byte(*lexer->at)) {
            lexer->at++;
        }
        lexer->kind = (c >= 'A' && c <= 'Z') || c == '_' ? TOKEN_NAME : TOKEN_WORD;
    } else {
        symbol_token(lexer);
    }
    if (!lexer->has_error) {
        lexer->size_bytes = (size_t) (lexer->at - lexer->from);
    }
}

Term lexer_atom(Lexer *lexer)
{
    if (lexer->kind == TOKEN_WORD) {
        set_atom(lexer, lexer->from, lexer->size_bytes); /* not earlier: most words are no atoms */
    } else if (lexer->kind != TOKEN_QUOTED) {
        lexer_expected(lexer, "an atom");
    }
    if (lexer->has_error) {
        return TERM_NONE;
    }
    Term atom = lexer->value;
    lexer_next(lexer);
    return atom;
}
