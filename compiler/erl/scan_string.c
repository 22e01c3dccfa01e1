/* compiler/erl/scan_string.c
 * Quoted texts: characters, strings, atoms, and their escapes. */
#include "compiler/erl/scan_internal.h"

/* ---- growing texts ---- */

void code_points_init(CodePoints *points)
{
    points->items = points->small;
    points->count = 0;
    points->capacity = COUNT_OF(points->small);
}

void code_points_finish(CodePoints *points)
{
    if (points->items != points->small) {
        mem_free(points->items);
    }
}

void code_points_grow(CodePoints *points)
{
    if (points->capacity > UINT32_MAX / 2) {
        machine_stop("a string of more than 2,147,483,648 characters");
    }
    uint32_t *old = points->items;
    points->capacity *= 2;
    if (old == points->small) {
        points->items = mem_alloc(points->capacity * sizeof *old);
        memcpy(points->items, old, points->count * sizeof *old);
    } else {
        points->items = mem_realloc(old, points->capacity * sizeof *old);
    }
}

uint32_t scan_code_point(Scanner *scanner, const char **at)
{
    unsigned char first = (unsigned char) **at;
    if (LIKELY(first < 0x80)) {
        (*at)++;
        if (first == '\n') {
            scan_newline(scanner, *at);
        }
        return first;
    }
    size_t used = 0;
    int32_t c = utf8_decode((const uint8_t *) *at, (size_t) (scanner->end - *at), &used);
    CHECK(c >= 0); /* the whole text was found valid */
    *at += used;
    scanner->extra += (uint32_t) used - 1;
    return (uint32_t) c;
}

/* ---- escapes ---- */

static int32_t escape_octal(const char **at)
{
    int32_t value = 0;
    for (int i = 0; i < 3 && **at >= '0' && **at <= '7'; i++) {
        value = value * 8 + (*(*at)++ - '0');
    }
    return value;
}

/* Behind \x: two hexadecimal digits, or any number in braces. */
static int32_t escape_hex(const Scanner *scanner, const char **at)
{
    const uint8_t *values = scan_digit_values;
    const char *p = *at;
    if (*p != '{') {
        unsigned high = values[(unsigned char) *p];
        if (p < scanner->end && high < 36) {
            *at = ++p;
        }
        unsigned low = high < 16 ? values[(unsigned char) *p] : 255;
        if (high < 16 && p < scanner->end && low < 36) {
            *at = p + 1;
        }
        return p == scanner->end ? -2 : low < 16 ? (int32_t) (high * 16 + low) : -1;
    }
    int64_t value = 0;
    const char *first = ++p;
    for (; values[(unsigned char) *p] < 16; p++) {
        value = value * 16 + values[(unsigned char) *p];
        value = value > 0x10FFFF ? 0x110000 : value;
    }
    *at = p;
    if (p == scanner->end) {
        return -2;
    }
    if (*p != '}') {
        return -1;
    }
    *at = p + 1;
    return p > first && code_point_is_valid(value) ? (int32_t) value : -1;
}

int32_t scan_escape(Scanner *scanner, const char **at)
{
    if (*at == scanner->end) {
        return -2;
    }
    char c = **at;
    switch (c) {
    case '0' ... '7':
        return escape_octal(at);
    case 'x':
        ++*at;
        return escape_hex(scanner, at);
    case '^':
        ++*at;
        if (*at == scanner->end) {
            return -2;
        }
        return (int32_t) (scan_code_point(scanner, at) & 31);
    default: {
        static const char from[] = "bdefnrstv";
        static const char to[] = "\b\177\033\f\n\r \t\v";
        const char *found = c == '\0' ? NULL : strchr(from, c);
        if (found != NULL) {
            ++*at;
            return to[found - from];
        }
        return (int32_t) scan_code_point(scanner, at);
    }
    }
}

/* ---- writing ---- */

static bool is_printable(uint32_t c)
{
    return (c >= ' ' && c < 127) || (c >= 0xA0 && c < 0xD800) || (c > 0xDFFF && c < 0xFFFE) ||
           (c > 0xFFFF && c <= 0x10FFFF);
}

static void add_quoted_char(Text *text, uint32_t c, char quote)
{
    static const char from[] = "\b\177\033\f\n\r\t\v\\";
    static const char to[] = "bdefnrtv\\";
    const char *found = c < 128 && c != 0 ? strchr(from, (int) c) : NULL;
    if (c == (unsigned char) quote && quote != '\0') {
        text_addf(text, "\\%c", quote);
    } else if (found != NULL && *found != '\0') {
        text_addf(text, "\\%c", to[found - from]);
    } else if (c < ' ') {
        text_addf(text, "\\%03o", (unsigned) c);
    } else if (is_printable(c)) {
        text_add_code_point(text, c);
    } else {
        text_addf(text, "\\x{%X}", (unsigned) c);
    }
}

void text_add_quoted(Text *text, const uint32_t *characters, size_t count, char quote)
{
    if (quote != '\0') {
        text_add(text, &quote, 1);
    }
    for (size_t i = 0; i < count; i++) {
        add_quoted_char(text, characters[i], quote);
    }
    if (quote != '\0') {
        text_add(text, &quote, 1);
    }
}

TokenKind scan_fail_unterminated(Scanner *scanner, Location at, char quote,
                                 const CodePoints *points)
{
    enum { EXCERPT = 16 };
    size_t count = points->count < EXCERPT ? points->count : EXCERPT;
    Space *space = erl_unit_space(scanner->unit);
    Term string = TERM_NIL;
    for (size_t i = count; i-- > 0;) {
        string = make_cons(space, term_small(points->items[i]), string);
    }
    Term descriptor = make_tuple3(space, atom_of("string"), term_small(quote), string);
    Text text = {0};
    text_addf(&text, "unterminated %s starting with ", quote == '"' ? "string" : "atom");
    text_add_quoted(&text, points->items, count, quote);
    scanner->at = scanner->end;
    TokenKind kind = scan_fail(scanner, at, descriptor, text.bytes);
    text_finish(&text);
    return kind;
}

/* ---- quoted texts ---- */

/* Reads up to the closing quote into `points`; TOKEN_STRING when it was found. */
static TokenKind read_quoted(Scanner *scanner, const char *start, char quote, CodePoints *points)
{
    Location at = scan_location(scanner, start);
    const char *p = start + 1;
    for (;;) {
        if (*p == quote) {
            scanner->at = p + 1;
            return TOKEN_STRING;
        }
        if (*p == '\\') {
            Location escape_at = scan_location(scanner, p);
            p++;
            int32_t c = scan_escape(scanner, &p);
            if (c == -2) {
                return scan_fail_unterminated(scanner, at, quote, points);
            }
            if (c == -1) {
                scanner->at = p;
                return scan_fail_illegal(scanner, escape_at, "character");
            }
            code_points_add(points, (uint32_t) c);
        } else if (p == scanner->end) {
            return scan_fail_unterminated(scanner, at, quote, points);
        } else {
            code_points_add(points, scan_code_point(scanner, &p));
        }
    }
}

/* The common string: ASCII on one line, nothing escaped. NULL: it is another. */
static const char *plain_string_end(const char *start)
{
    const char *p = start;
    while ((unsigned char) *p < 0x80 && *p != '"' && *p != '\\' && *p != '\n' && *p != '\0') {
        p++;
    }
    return *p == '"' ? p : NULL;
}

TokenKind scan_string(Scanner *scanner, Token *token, const char *start)
{
    if (start[1] == '"' && start[2] == '"') {
        return scan_block(scanner, token, start, true);
    }
    const char *plain_end = plain_string_end(start + 1);
    if (plain_end != NULL) {
        token->count = (uint32_t) (plain_end - start - 1);
        uint32_t *characters = ARENA_ARRAY(&scanner->unit->arena, uint32_t, token->count);
        for (uint32_t i = 0; i < token->count; i++) {
            characters[i] = (unsigned char) start[1 + i];
        }
        token->characters = characters;
        scanner->at = plain_end + 1;
        return TOKEN_STRING;
    }
    CodePoints points;
    code_points_init(&points);
    TokenKind kind = read_quoted(scanner, start, '"', &points);
    if (kind == TOKEN_STRING) {
        token->count = points.count;
        token->characters =
            arena_copy(&scanner->unit->arena, points.items, points.count * sizeof(uint32_t));
    }
    code_points_finish(&points);
    return kind;
}

TokenKind scan_quoted_atom(Scanner *scanner, Token *token, const char *start)
{
    CodePoints points;
    code_points_init(&points);
    TokenKind kind = read_quoted(scanner, start, '\'', &points);
    if (kind == TOKEN_STRING) {
        uint8_t name[4 * (ATOM_MAX_CHARACTERS + 1)];
        size_t size_bytes = 0;
        for (uint32_t i = 0; i < points.count && i <= ATOM_MAX_CHARACTERS; i++) {
            size_bytes += utf8_encode(points.items[i], name + size_bytes);
        }
        kind = scan_atom_token(scanner, token, (const char *) name, size_bytes);
    }
    code_points_finish(&points);
    return kind;
}

TokenKind scan_char(Scanner *scanner, Token *token, const char *start)
{
    const char *p = start + 1;
    int32_t c;
    if (p == scanner->end) {
        c = -2;
    } else if (*p == '\\') {
        p++;
        c = scan_escape(scanner, &p);
    } else {
        c = (int32_t) scan_code_point(scanner, &p);
    }
    if (c == -2) {
        scanner->at = scanner->end;
        return scan_fail(scanner, token->at, atom_of("char"), "unterminated character");
    }
    scanner->at = p;
    if (c == -1) {
        return scan_fail_illegal(scanner, token->at, "character");
    }
    token->value = term_small(c);
    return TOKEN_CHAR;
}
