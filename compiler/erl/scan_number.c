/* compiler/erl/scan_number.c
 * Integers of any size and base, floats, underscores between digits. */
#include "compiler/erl/scan_internal.h"

#include "runtime/term/arith.h"

/* clang-format off */
#define X 255
const uint8_t scan_digit_values[256] = {
    [0 ... 47] = X, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, [58 ... 64] = X,
    10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
    34, 35, [91 ... 96] = X,
    10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
    34, 35, [123 ... 255] = X};
#undef X
/* clang-format on */

static inline bool is_digit(char c, unsigned base)
{
    return scan_digit_values[(unsigned char) c] < base;
}

/* Over digits of `base`, with single underscores between digits. */
static const char *digits_end(const char *at, unsigned base)
{
    while (is_digit(*at, base) || (*at == '_' && is_digit(at[1], base) && is_digit(at[-1], base))) {
        at++;
    }
    return at;
}

/* Copies without underscores; the result is mem_free'd by the caller unless it is `room`. */
static char *plain_digits(const char *start, const char *end, char *room, size_t room_bytes,
                          size_t *size_bytes)
{
    size_t size = (size_t) (end - start);
    char *out = size < room_bytes ? room : mem_alloc(size + 1);
    size_t used = 0;
    for (const char *at = start; at < end; at++) {
        if (*at != '_') {
            out[used++] = *at;
        }
    }
    out[used] = '\0';
    *size_bytes = used;
    return out;
}

static TokenKind integer_token(Scanner *scanner, Token *token, const char *start, const char *end,
                               unsigned base)
{
    scanner->at = end;
    if (LIKELY(end - start <= 10)) {
        int64_t value = 0; /* 36^10 < 2^52 */
        for (const char *at = start; at < end; at++) {
            if (*at != '_') {
                value = value * base + scan_digit_values[(unsigned char) *at];
            }
        }
        token->value = term_small(value);
        return TOKEN_INTEGER;
    }
    char room[256];
    size_t size_bytes;
    char *digits = plain_digits(start, end, room, sizeof room, &size_bytes);
    token->value = integer_parse(erl_unit_space(scanner->unit), digits, size_bytes, (int) base);
    if (digits != room) {
        mem_free(digits);
    }
    return term_is_integer(token->value) ? TOKEN_INTEGER
                                         : scan_fail_illegal(scanner, token->at, "integer");
}

static TokenKind based_token(Scanner *scanner, Token *token, const char *start, const char *hash)
{
    TokenKind kind = integer_token(scanner, token, start, hash, 10);
    if (kind == TOKEN_ERROR) {
        return kind;
    }
    int64_t base = term_is_small(token->value) ? small_value(token->value) : INT64_MAX;
    if (base < 2 || base > 36) {
        scanner->at = hash;
        Text text = {0};
        text_add_string(&text, "illegal base '");
        term_print(&text, token->value, 100);
        text_add_string(&text, "'");
        Term descriptor = make_tuple2(erl_unit_space(scanner->unit), atom_of("base"), token->value);
        kind = scan_fail(scanner, token->at, descriptor, text.bytes);
        text_finish(&text);
        return kind;
    }
    const char *digits = hash + 1;
    if (!is_digit(*digits, (unsigned) base)) {
        scanner->at = digits;
        return scan_fail_illegal(scanner, token->at, "integer");
    }
    return integer_token(scanner, token, digits, digits_end(digits, (unsigned) base),
                         (unsigned) base);
}

/* `end` is behind the digits of the fraction. */
static TokenKind float_token(Scanner *scanner, Token *token, const char *start, const char *end)
{
    if (*end == 'e' || *end == 'E') {
        const char *exponent = end + 1;
        exponent += *exponent == '+' || *exponent == '-';
        if (!is_digit(*exponent, 10)) {
            scanner->at = exponent;
            return scan_fail_illegal(scanner, token->at, "float");
        }
        end = digits_end(exponent, 10);
    }
    scanner->at = end;
    char room[256];
    size_t size_bytes;
    char *digits = plain_digits(start, end, room, sizeof room, &size_bytes);
    bool fine = double_parse(digits, size_bytes, &token->float_value);
    if (digits != room) {
        mem_free(digits);
    }
    return fine ? TOKEN_FLOAT : scan_fail_illegal(scanner, token->at, "float");
}

TokenKind scan_number(Scanner *scanner, Token *token, const char *start)
{
    const char *end = digits_end(start, 10);
    if (*end == '.' && is_digit(end[1], 10)) {
        return float_token(scanner, token, start, digits_end(end + 1, 10));
    }
    if (*end == '#') {
        return based_token(scanner, token, start, end);
    }
    return integer_token(scanner, token, start, end, 10);
}
