/* compiler/erl/scan.c
 * Dispatch on the first byte; names, symbols, white space and comments.
 *
 * A name is hashed while it is read and looked up in the unit's lexicon, where it is found after
 * its first occurrence with its atom, its keyword and its variable id: the shared atom table is
 * asked once a name and unit. */
#include "compiler/erl/scan_internal.h"

const char *const token_texts[TOKEN_KIND_COUNT] = {
#define SYMBOL(name, text) [TOKEN_##name] = text,
    TOKEN_SYMBOLS(SYMBOL) TOKEN_KEYWORDS(SYMBOL)
#undef SYMBOL
};

/* clang-format off */
#define W CLASS_WHITE
#define N CLASS_NEWLINE
#define L CLASS_LOWER
#define U CLASS_UPPER
#define D CLASS_DIGIT
#define S CLASS_SYMBOL
#define H CLASS_HIGH
const uint8_t scan_classes[256] = {
    W, W, W, W, W, W, W, W, W, W, N, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
    W, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, D, D, D, D, D, D, D, D, D, D, S, S, S, S, S, S,
    S, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, S, S, S, S, U,
    S, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, S, S, S, S, S,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H};
/* Letters, digits, _ and @. */
static const uint8_t name_bytes[256] = {
    ['0' ... '9'] = 1, ['A' ... 'Z'] = 1, ['a' ... 'z'] = 1, ['_'] = 1, ['@'] = 1};
/* clang-format on */

/* ---- the lexicon ---- */

struct LexiconEntry {
    uint32_t hash;
    uint32_t size_bytes;
    const char *name; /* NULL: free */
    Term atom;        /* TERM_NONE: cannot be one */
    uint32_t var;     /* id + 1; 0: not used as a variable yet */
    uint8_t keyword;  /* TokenKind, or 0 */
};

static inline uint32_t hash_step(uint32_t hash, unsigned char byte)
{
    return (hash ^ byte) * 16777619u;
}
enum { HASH_START = (int) 2166136261u };

static struct LexiconEntry *lexicon_find(Lexicon *lexicon, uint32_t hash, const char *name,
                                         size_t size_bytes)
{
    uint32_t mask = lexicon->entry_count - 1;
    uint32_t at = (hash ^ hash >> 15) & mask;
    for (;;) {
        struct LexiconEntry *entry = &lexicon->entries[at];
        if (entry->name == NULL || (entry->hash == hash && entry->size_bytes == size_bytes &&
                                    memcmp(entry->name, name, size_bytes) == 0)) {
            return entry;
        }
        at = (at + 1) & mask;
    }
}

static void lexicon_grow(Lexicon *lexicon)
{
    struct LexiconEntry *old = lexicon->entries;
    uint32_t old_count = lexicon->entry_count;
    lexicon->entry_count = old_count * 2;
    lexicon->entries = mem_alloc_zero(lexicon->entry_count * sizeof *old);
    for (uint32_t i = 0; i < old_count; i++) {
        if (old[i].name != NULL) {
            *lexicon_find(lexicon, old[i].hash, old[i].name, old[i].size_bytes) = old[i];
        }
    }
    mem_free(old);
}

static struct LexiconEntry *lexicon_add(Lexicon *lexicon, struct LexiconEntry *entry, uint32_t hash,
                                        const char *name, size_t size_bytes)
{
    if (++lexicon->used * 2 > lexicon->entry_count) {
        lexicon_grow(lexicon);
        entry = lexicon_find(lexicon, hash, name, size_bytes);
    }
    *entry = (struct LexiconEntry){
        .hash = hash,
        .size_bytes = (uint32_t) size_bytes,
        .name = arena_copy_text(&lexicon->arena, name, size_bytes),
        .atom = atom_make(name, size_bytes),
    };
    return entry;
}

static void lexicon_add_keyword(Lexicon *lexicon, const char *name, TokenKind kind)
{
    uint32_t hash = (uint32_t) HASH_START;
    for (const char *at = name; *at != '\0'; at++) {
        hash = hash_step(hash, (unsigned char) *at);
    }
    struct LexiconEntry *entry = lexicon_find(lexicon, hash, name, strlen(name));
    lexicon_add(lexicon, entry, hash, name, strlen(name))->keyword = (uint8_t) kind;
}

void lexicon_init(Lexicon *lexicon)
{
    *lexicon = (Lexicon){.entry_count = 256};
    arena_init(&lexicon->arena);
    lexicon->entries = mem_alloc_zero(lexicon->entry_count * sizeof *lexicon->entries);
#define KEYWORD(name, text) lexicon_add_keyword(lexicon, text, TOKEN_##name);
    TOKEN_KEYWORDS(KEYWORD)
#undef KEYWORD
}

void lexicon_finish(Lexicon *lexicon)
{
    mem_free(lexicon->entries);
    arena_finish(&lexicon->arena);
}

/* ---- errors ---- */

TokenKind scan_fail(Scanner *scanner, Location at, Term descriptor, const char *text)
{
    scanner->error_at = at;
    scanner->error_descriptor = descriptor;
    scanner->error_text = arena_copy_text(&scanner->unit->arena, text, strlen(text));
    return TOKEN_ERROR;
}

TokenKind scan_fail_illegal(Scanner *scanner, Location at, const char *what)
{
    char text[64] = "illegal ";
    strncat(text, what, sizeof text - strlen(text) - 1);
    Term descriptor = make_tuple2(erl_unit_space(scanner->unit), atom_of("illegal"), atom_of(what));
    return scan_fail(scanner, at, descriptor, text);
}

TokenKind scan_fail_adjacent(Scanner *scanner)
{
    return scan_fail(scanner, scanner_location(scanner), atom_of("string_concat"),
                     "adjacent string literals without intervening white space");
}

/* ---- names ---- */

/* Letters beyond ASCII that names may have: U+00C0 to U+00FF but × and ÷; in UTF-8 0xC3 and a
 * second byte. */
static inline bool is_high_name_char(const char *at)
{
    unsigned char second = (unsigned char) at[1];
    return (unsigned char) at[0] == 0xC3 && second != 0x97 && second != 0xB7;
}
static inline bool is_high_upper(const char *at)
{
    return (unsigned char) at[1] < 0x9F;
}

/* Reads over a name; returns its hash. */
static inline uint32_t name_end(Scanner *scanner, const char **end)
{
    const char *at = *end;
    uint32_t hash = (uint32_t) HASH_START;
    for (;;) {
        unsigned char byte = (unsigned char) *at;
        if (LIKELY(name_bytes[byte])) {
            hash = hash_step(hash, byte);
            at++;
        } else if (byte >= 0x80 && is_high_name_char(at)) {
            hash = hash_step(hash_step(hash, byte), (unsigned char) at[1]);
            at += 2;
            scanner->extra++;
        } else {
            break;
        }
    }
    *end = at;
    return hash;
}

static struct LexiconEntry *scan_name(Scanner *scanner, const char *start)
{
    const char *end = start;
    uint32_t hash = name_end(scanner, &end);
    size_t size_bytes = (size_t) (end - start);
    scanner->at = end;
    struct LexiconEntry *entry = lexicon_find(scanner->lexicon, hash, start, size_bytes);
    if (UNLIKELY(entry->name == NULL)) {
        entry = lexicon_add(scanner->lexicon, entry, hash, start, size_bytes);
    }
    return entry;
}

static TokenKind scan_lower(Scanner *scanner, Token *token, const char *start)
{
    struct LexiconEntry *entry = scan_name(scanner, start);
    token->value = entry->atom;
    TokenKind kind = entry->keyword;
    if (kind != 0) {
        bool off = (kind == TOKEN_MAYBE || kind == TOKEN_ELSE) && !scanner->unit->feature_maybe;
        return off ? TOKEN_ATOM : kind;
    }
    return LIKELY(term_is_atom(entry->atom)) ? TOKEN_ATOM
                                             : scan_fail_illegal(scanner, token->at, "atom");
}

static TokenKind scan_upper(Scanner *scanner, Token *token, const char *start)
{
    struct LexiconEntry *entry = scan_name(scanner, start);
    token->value = entry->atom;
    if (entry->var == 0) {
        if (!term_is_atom(entry->atom)) {
            return scan_fail_illegal(scanner, token->at, "var");
        }
        entry->var = erl_unit_variable(scanner->unit, entry->atom) + 1;
    }
    token->var = entry->var - 1;
    return TOKEN_VAR;
}

TokenKind scan_atom_token(Scanner *scanner, Token *token, const char *name, size_t size_bytes)
{
    token->value = atom_make(name, size_bytes);
    return term_is_atom(token->value) ? TOKEN_ATOM : scan_fail_illegal(scanner, token->at, "atom");
}

/* ---- characters beyond ASCII ---- */

/* False: white space was passed over. */
static bool scan_high(Scanner *scanner, Token *token, const char *start, TokenKind *kind)
{
    if (is_high_name_char(start)) {
        *kind = is_high_upper(start) ? scan_upper(scanner, token, start)
                                     : scan_lower(scanner, token, start);
        return true;
    }
    const char *at = start;
    uint32_t c = scan_code_point(scanner, &at);
    scanner->at = at;
    if (c >= 0x80 && c <= 0xA0) {
        return false;
    }
    if (c > 0xFF) {
        *kind = scan_fail_illegal(scanner, token->at, "character");
    } else {
        token->value = term_small(c);
        *kind = TOKEN_OTHER;
    }
    return true;
}

/* ---- symbols ---- */

/* `a` unless the next byte is one of those that make a longer symbol. */
static inline TokenKind longer(Scanner *scanner, const char *start, char second, TokenKind yes,
                               TokenKind no)
{
    if (start[1] == second) {
        scanner->at = start + 2;
        return yes;
    }
    return no;
}

static TokenKind scan_equals(Scanner *scanner, const char *start)
{
    if ((start[1] == ':' || start[1] == '/') && start[2] == '=') {
        scanner->at = start + 3;
        return start[1] == ':' ? TOKEN_EXACT_EQ : TOKEN_EXACT_NE;
    }
    switch (start[1]) {
    case '=':
        scanner->at = start + 2;
        return TOKEN_EQ;
    case '<':
        scanner->at = start + 2;
        return TOKEN_LE;
    case '>':
        scanner->at = start + 2;
        return TOKEN_ASSOC;
    default:
        return TOKEN_MATCH;
    }
}

static TokenKind scan_less(Scanner *scanner, const char *start)
{
    switch (start[1]) {
    case '<':
        scanner->at = start + 2;
        return TOKEN_LBIN;
    case '-':
        scanner->at = start + 2;
        return TOKEN_GENERATOR;
    case '=':
        scanner->at = start + 2;
        return TOKEN_BIN_GENERATOR;
    default:
        return TOKEN_LT;
    }
}

static TokenKind scan_period(Scanner *scanner, const char *start)
{
    if (start[1] == '.') {
        scanner->at = start + (start[2] == '.' ? 3 : 2);
        return start[2] == '.' ? TOKEN_ELLIPSIS : TOKEN_PERIODS;
    }
    unsigned char next = (unsigned char) start[1];
    if (next == '%') {
        return TOKEN_DOT;
    }
    if (scan_classes[next] <= CLASS_NEWLINE) {
        /* The white space belongs to the full stop, as it does in OTP's positions. */
        scanner->at = start + (start + 1 == scanner->end ? 1 : 2);
        if (next == '\n') {
            scan_newline(scanner, scanner->at);
        }
        return TOKEN_DOT;
    }
    /* U+0080 to U+00A0 are white space. */
    return next == 0xC2 && (unsigned char) start[2] <= 0xA0 ? TOKEN_DOT : TOKEN_PERIOD;
}

static TokenKind scan_symbol(Scanner *scanner, Token *token, const char *start)
{
    scanner->at = start + 1;
    switch (*start) {
    case '(':
        return TOKEN_LPAREN;
    case ')':
        return TOKEN_RPAREN;
    case '[':
        return TOKEN_LBRACKET;
    case ']':
        return TOKEN_RBRACKET;
    case '{':
        return TOKEN_LBRACE;
    case '}':
        return TOKEN_RBRACE;
    case ',':
        return TOKEN_COMMA;
    case ';':
        return TOKEN_SEMICOLON;
    case '#':
        return TOKEN_HASH;
    case '!':
        return TOKEN_BANG;
    case '*':
        return TOKEN_STAR;
    case '"': {
        TokenKind kind = scan_string(scanner, token, start);
        return kind == TOKEN_STRING && *scanner->at == '"' ? scan_fail_adjacent(scanner) : kind;
    }
    case '\'':
        return scan_quoted_atom(scanner, token, start);
    case '$':
        return scan_char(scanner, token, start);
    case '~':
        return scan_sigil(scanner, token, start);
    case '.':
        return scan_period(scanner, start);
    case '=':
        return scan_equals(scanner, start);
    case '<':
        return scan_less(scanner, start);
    case '>':
        return start[1] == '=' ? longer(scanner, start, '=', TOKEN_GE, TOKEN_GT)
                               : longer(scanner, start, '>', TOKEN_RBIN, TOKEN_GT);
    case '-':
        return start[1] == '>' ? longer(scanner, start, '>', TOKEN_ARROW, TOKEN_MINUS)
                               : longer(scanner, start, '-', TOKEN_MINUS_MINUS, TOKEN_MINUS);
    case ':':
        return start[1] == '=' ? longer(scanner, start, '=', TOKEN_EXACT, TOKEN_COLON)
                               : longer(scanner, start, ':', TOKEN_COLONS, TOKEN_COLON);
    case '+':
        return longer(scanner, start, '+', TOKEN_PLUS_PLUS, TOKEN_PLUS);
    case '/':
        return longer(scanner, start, '=', TOKEN_NE, TOKEN_SLASH);
    case '|':
        return longer(scanner, start, '|', TOKEN_BARS, TOKEN_BAR);
    case '?':
        return longer(scanner, start, '=', TOKEN_MAYBE_MATCH, TOKEN_QUESTION);
    default:
        token->value = term_small((unsigned char) *start);
        return TOKEN_OTHER;
    }
}

static const char *skip_comment(Scanner *scanner, const char *at)
{
    const char *newline = memchr(at, '\n', (size_t) (scanner->end - at));
    if (LIKELY(newline != NULL)) {
        return newline;
    }
    for (; at < scanner->end; at++) { /* the end of the text has a column */
        scanner->extra += ((unsigned char) *at & 0xC0) == 0x80;
    }
    return at;
}

/* ---- entry ---- */

void scanner_init(Scanner *scanner, ErlUnit *unit, Lexicon *lexicon, uint16_t file,
                  const char *text, size_t size_bytes)
{
    *scanner = (Scanner){
        .at = text,
        .end = text + size_bytes,
        .line_start = text,
        .line = 1,
        .file = file,
        .unit = unit,
        .lexicon = lexicon,
    };
    ASSERT(text[size_bytes] == '\0');
}

Location scanner_location(const Scanner *scanner)
{
    return scan_location(scanner, scanner->at);
}

TokenKind scan_token(Scanner *scanner, Token *token)
{
    const char *at = scanner->at;
    TokenKind kind;
    token->sigil = 0;
    token->unused = 0;
    for (;;) {
        switch ((enum CharClass) scan_classes[(unsigned char) *at]) {
        case CLASS_WHITE:
            if (UNLIKELY(at == scanner->end)) {
                token->at = scan_location(scanner, at);
                scanner->at = at;
                kind = TOKEN_EOF;
                goto done;
            }
            at++;
            continue;
        case CLASS_NEWLINE:
            at++;
            scan_newline(scanner, at);
            continue;
        case CLASS_LOWER:
            token->at = scan_location(scanner, at);
            kind = scan_lower(scanner, token, at);
            goto done;
        case CLASS_UPPER:
            token->at = scan_location(scanner, at);
            kind = scan_upper(scanner, token, at);
            goto done;
        case CLASS_DIGIT:
            token->at = scan_location(scanner, at);
            kind = scan_number(scanner, token, at);
            goto done;
        case CLASS_SYMBOL:
            if (*at == '%') {
                at = skip_comment(scanner, at);
                continue;
            }
            token->at = scan_location(scanner, at);
            kind = scan_symbol(scanner, token, at);
            goto done;
        case CLASS_HIGH:
            token->at = scan_location(scanner, at);
            if (scan_high(scanner, token, at, &kind)) {
                goto done;
            }
            at = scanner->at;
            continue;
        }
    }
done:
    token->kind = (uint8_t) kind;
    return kind;
}

/* ---- token lists ---- */

void token_list_grow(TokenList *list, size_t extra)
{
    size_t wanted = (size_t) list->count + extra;
    size_t capacity = list->capacity == 0 ? 256 : (size_t) list->capacity * 2;
    while (capacity < wanted) {
        capacity *= 2;
    }
    if (capacity > UINT32_MAX) {
        machine_stop("a form of more than 4,294,967,295 tokens");
    }
    list->items = mem_realloc(list->items, capacity * sizeof *list->items);
    list->capacity = (uint32_t) capacity;
}

void token_list_finish(TokenList *list)
{
    mem_free(list->items);
    *list = (TokenList){0};
}
