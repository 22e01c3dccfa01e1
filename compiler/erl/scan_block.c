/* compiler/erl/scan_block.c
 * Triple-quoted strings and sigils (OTP 27).
 *
 * A triple-quoted string starts with three or more quotes and nothing but white space on their
 * line; it ends at the first line that has white space and as many quotes. The white space before
 * the closing quotes is the indentation, which every line that is not empty must start with and
 * which is taken off. The last line break is not part of the text. */
#include "compiler/erl/scan_internal.h"

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* ---- triple-quoted strings ---- */

typedef struct Block {
    const char *start; /* the first quote */
    size_t quote_count;
    const char *first_line; /* behind the opening line's break */
    const char *last_line;  /* the line with the closing quotes */
    const char *indent_end; /* the closing quotes */
} Block;

static const char *line_end(const Scanner *scanner, const char *at)
{
    const char *newline = memchr(at, '\n', (size_t) (scanner->end - at));
    return newline != NULL ? newline : scanner->end;
}

static size_t count_quotes(const char *at)
{
    size_t count = 0;
    while (at[count] == '"') {
        count++;
    }
    return count;
}

/* Finds the closing quotes. False: there are none. */
static bool block_find_end(const Scanner *scanner, Block *block)
{
    const char *line = block->first_line;
    for (;;) {
        const char *p = line;
        while (is_blank(*p)) {
            p++;
        }
        if (count_quotes(p) >= block->quote_count) {
            block->last_line = line;
            block->indent_end = p;
            return true;
        }
        p = line_end(scanner, p);
        if (p == scanner->end) {
            return false;
        }
        line = p + 1;
    }
}

/* Moves `*line` past the indentation. False: it has another. */
static bool strip_indent(const Block *block, const char **line, const char *end)
{
    size_t indent = (size_t) (block->indent_end - block->last_line);
    if (*line == end || (**line == '\r' && *line + 1 == end)) {
        return true;
    }
    if ((size_t) (end - *line) < indent || memcmp(*line, block->last_line, indent) != 0) {
        return false;
    }
    *line += indent;
    return true;
}

/* Adds the text of a line, from `at` to `end`. False: a bad escape, scanner->error_* is set. */
static bool add_line(Scanner *scanner, const char *at, const char *end, bool verbatim,
                     CodePoints *points)
{
    while (at < end) {
        if (*at == '\\' && !verbatim && at + 1 < end) { /* before a line break it means nothing */
            Location escape_at = scan_location(scanner, at);
            at++;
            int32_t c = scan_escape(scanner, &at);
            if (c < 0 || at > end) {
                scanner->at = at;
                scan_fail_illegal(scanner, escape_at, "character");
                return false;
            }
            code_points_add(points, (uint32_t) c);
        } else if (*at == '\\' && !verbatim) {
            at++;
        } else {
            code_points_add(points, scan_code_point(scanner, &at));
        }
    }
    return true;
}

static TokenKind fail_named(Scanner *scanner, Location at, const char *name, const char *text)
{
    return scan_fail(scanner, at, atom_of(name), text);
}

/* All lines, each but the last with its break. */
static TokenKind add_lines(Scanner *scanner, const Block *block, bool verbatim, CodePoints *points)
{
    const char *line = block->first_line;
    while (line < block->last_line) {
        scan_newline(scanner, line);
        const char *end = line_end(scanner, line);
        const char *next = end + 1;
        const char *text = line;
        if (!strip_indent(block, &text, end)) {
            scanner->at = block->indent_end + block->quote_count;
            TokenKind kind = fail_named(scanner, scan_location(scanner, line), "indentation",
                                        "bad indentation in triple-quoted string");
            for (; next < block->last_line; next = line_end(scanner, next) + 1) {
                scanner->line++;
            }
            scan_newline(scanner, block->last_line);
            return kind;
        }
        bool is_last = next == block->last_line;
        if (is_last && end > text && end[-1] == '\r') {
            end--;
        }
        if (!add_line(scanner, text, end, verbatim, points)) {
            return TOKEN_ERROR;
        }
        if (!is_last) {
            code_points_add(points, '\n');
        }
        line = next;
    }
    scan_newline(scanner, block->last_line);
    return TOKEN_STRING;
}

/* Nothing ends it: the error shows how it starts. */
static TokenKind fail_block_unterminated(Scanner *scanner, Location at, const char *text)
{
    CodePoints points;
    code_points_init(&points);
    while (text < scanner->end && points.count < 16) {
        code_points_add(&points, scan_code_point(scanner, &text));
    }
    TokenKind kind = scan_fail_unterminated(scanner, at, '"', &points);
    /* The end of the text, for what comes after. */
    for (; text < scanner->end; text++) {
        if (*text == '\n') {
            scan_newline(scanner, text + 1);
        }
    }
    code_points_finish(&points);
    return kind;
}

TokenKind scan_block(Scanner *scanner, Token *token, const char *start, bool verbatim)
{
    Location at = scan_location(scanner, start);
    Block block = {.start = start, .quote_count = count_quotes(start)};
    const char *p = start + block.quote_count;
    while (is_blank(*p) || *p == '\r') {
        p++;
    }
    if (p == scanner->end) {
        return fail_block_unterminated(scanner, at, p);
    }
    if (*p != '\n') {
        Location text_at = scan_location(scanner, p);
        scanner->at = p;
        return fail_named(scanner, text_at, "white_space",
                          "not white space after start of triple-quoted string");
    }
    block.first_line = p + 1;
    if (!block_find_end(scanner, &block)) {
        return fail_block_unterminated(scanner, at, block.first_line - 1);
    }
    CodePoints points;
    code_points_init(&points);
    TokenKind kind = add_lines(scanner, &block, verbatim, &points);
    if (kind == TOKEN_STRING) {
        scanner->at = block.indent_end + block.quote_count;
        token->count = points.count;
        token->characters =
            arena_copy(&scanner->unit->arena, points.items, points.count * sizeof(uint32_t));
    }
    code_points_finish(&points);
    return kind;
}

/* ---- sigils ---- */

/* The delimiter that ends what `open` starts; 0: it starts nothing. */
static char closing_delimiter(char open)
{
    static const char opens[] = "([{<";
    static const char closes[] = ")]}>";
    const char *found = open != '\0' ? strchr(opens, open) : NULL;
    if (found != NULL) {
        return closes[found - opens];
    }
    return open != '\0' && strchr("/|\"'`#", open) != NULL ? open : '\0';
}

/* Of a prefix or suffix, which may be any name. */
static bool is_name_byte(char c)
{
    uint8_t class = scan_classes[(unsigned char) c];
    return class == CLASS_LOWER || class == CLASS_UPPER || class == CLASS_DIGIT || c == '@';
}

/* From behind the opening delimiter to the closing one. */
static TokenKind read_delimited(Scanner *scanner, Location at, const char *p, char close,
                                bool verbatim, CodePoints *points)
{
    for (;;) {
        if (p == scanner->end) {
            return scan_fail_unterminated(scanner, at, '"', points);
        }
        if (*p == close) {
            scanner->at = p + 1;
            return TOKEN_SIGIL;
        }
        if (*p == '\\' && !verbatim) {
            Location escape_at = scan_location(scanner, p);
            p++;
            int32_t c = scan_escape(scanner, &p);
            if (c < 0) {
                scanner->at = p;
                return c == -2 ? scan_fail_unterminated(scanner, at, '"', points)
                               : scan_fail_illegal(scanner, escape_at, "character");
            }
            code_points_add(points, (uint32_t) c);
        } else {
            code_points_add(points, scan_code_point(scanner, &p));
        }
    }
}

TokenKind scan_sigil(Scanner *scanner, Token *token, const char *start)
{
    const char *p = start + 1;
    uint8_t sigil = 0;
    while (is_name_byte(*p)) {
        sigil = p == start + 1 ? (uint8_t) *p : 255;
        p++;
    }
    char close = closing_delimiter(*p);
    scanner->at = p;
    if (close == '\0') {
        return scan_fail_illegal(scanner, scanner_location(scanner), "string");
    }
    if (sigil != 0 && (sigil == 255 || strchr("bBsS", sigil) == NULL)) {
        return fail_named(scanner, token->at, "sigil_prefix", "illegal sigil prefix");
    }
    bool is_block = *p == '"' && p[1] == '"' && p[2] == '"';
    bool verbatim = sigil == 'B' || sigil == 'S' || (sigil == 0 && is_block);
    TokenKind kind;
    if (is_block) {
        kind = scan_block(scanner, token, p, verbatim);
        kind = kind == TOKEN_STRING ? TOKEN_SIGIL : kind;
    } else {
        CodePoints points;
        code_points_init(&points);
        kind = read_delimited(scanner, token->at, p + 1, close, verbatim, &points);
        token->count = points.count;
        token->characters =
            arena_copy(&scanner->unit->arena, points.items, points.count * sizeof(uint32_t));
        code_points_finish(&points);
    }
    if (kind == TOKEN_SIGIL && *scanner->at == '"') {
        return scan_fail_adjacent(scanner);
    }
    if (kind == TOKEN_SIGIL && is_name_byte(*scanner->at)) {
        return fail_named(scanner, scanner_location(scanner), "sigil_suffix",
                          "illegal sigil suffix");
    }
    token->sigil = sigil;
    return kind;
}
