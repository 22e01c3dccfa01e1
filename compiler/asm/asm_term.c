/* compiler/asm/asm_term.c
 * Terms in assembly text, as term_print writes them. What is open (lists, tuples, maps) lies on a
 * stack of its own, the values read so far on another: text of any depth is fine. */
#include "compiler/asm/token.h"

#include "compiler/bytecode/external_fun.h"
#include "runtime/term/arith.h"
#include "runtime/term/bits.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"

typedef enum OpenKind { OPEN_LIST, OPEN_TAIL, OPEN_TUPLE, OPEN_MAP } OpenKind;

typedef struct Open {
    OpenKind kind;
    size_t first_value;
} Open;

typedef struct TermReader {
    Lexer *lexer;
    Open *opens;
    size_t open_count, open_capacity;
    Term *values;
    size_t value_count, value_capacity;
} TermReader;

static void *grow(void *items, size_t count, size_t *capacity, size_t item_bytes)
{
    if (count < *capacity) {
        return items;
    }
    *capacity = *capacity < 16 ? 16 : *capacity * 2;
    return mem_realloc(items, *capacity * item_bytes);
}

static void push_open(TermReader *reader, OpenKind kind)
{
    reader->opens =
        grow(reader->opens, reader->open_count, &reader->open_capacity, sizeof *reader->opens);
    reader->opens[reader->open_count++] = (Open){kind, reader->value_count};
}

static void push_value(TermReader *reader, Term value)
{
    if (value == TERM_LIMIT) {
        lexer_error(reader->lexer, "no memory for the term");
        value = TERM_NIL;
    }
    reader->values =
        grow(reader->values, reader->value_count, &reader->value_capacity, sizeof(Term));
    reader->values[reader->value_count++] = value;
}

/* ---- binaries ---- */

typedef struct BitWriter {
    uint8_t *bytes;
    size_t bits, capacity;
} BitWriter;

/* The low `size` bits of `value`, at most 64. */
static void put_bits(BitWriter *out, uint64_t value, unsigned size)
{
    if ((out->bits + size + 7) / 8 > out->capacity) {
        out->capacity = out->capacity < 64 ? 64 : out->capacity * 2;
        out->bytes = mem_realloc(out->bytes, out->capacity);
    }
    for (unsigned i = size; i-- > 0; out->bits++) {
        uint8_t mask = (uint8_t) (0x80 >> (out->bits & 7));
        uint8_t *byte = &out->bytes[out->bits / 8];
        *byte = (uint8_t) (((value >> i) & 1) != 0 ? *byte | mask : *byte & ~mask);
    }
}

static void binary_segment(Lexer *lexer, BitWriter *out)
{
    if (lexer->kind == TOKEN_STRING) {
        for (Term rest = lexer->value; term_is_cons(rest); rest = cons_tail(rest)) {
            put_bits(out, (uint64_t) small_value(cons_head(rest)), 8);
        }
        lexer_next(lexer);
        return;
    }
    if (lexer->kind != TOKEN_NUMBER || !term_is_small(lexer->value)) {
        lexer_expected(lexer, "an integer or a string");
        return;
    }
    uint64_t value = (uint64_t) small_value(lexer->value);
    int64_t size = 8;
    lexer_next(lexer);
    if (lexer_accept(lexer, TOKEN_SYMBOL, ":")) {
        if (lexer->kind != TOKEN_NUMBER || !term_to_int64(lexer->value, &size) || size < 0 ||
            size > 64) {
            lexer_expected(lexer, "a size of 0 to 64 bits");
            return;
        }
        lexer_next(lexer);
    }
    put_bits(out, value, (unsigned) size);
}

/* After `<<`. */
static Term binary_term(Lexer *lexer)
{
    BitWriter out = {0};
    if (!lexer_is(lexer, TOKEN_SYMBOL, ">>")) {
        do {
            binary_segment(lexer, &out);
        } while (lexer_accept(lexer, TOKEN_SYMBOL, ","));
    }
    lexer_expect(lexer, TOKEN_SYMBOL, ">>");
    static const uint8_t nothing[1];
    Term binary =
        make_bitstring(lexer->space, (Bits){out.bytes == NULL ? nothing : out.bytes, 0, out.bits});
    mem_free(out.bytes);
    return binary;
}

/* ---- external funs ---- */

/* After `fun`. */
static Term external_fun_term(Lexer *lexer)
{
    Term module = lexer_atom(lexer);
    lexer_expect(lexer, TOKEN_SYMBOL, ":");
    Term function = lexer_atom(lexer);
    lexer_expect(lexer, TOKEN_SYMBOL, "/");
    int64_t arity = -1;
    if (lexer->kind != TOKEN_NUMBER || !term_to_int64(lexer->value, &arity) || arity < 0 ||
        arity > 255) {
        lexer_expected(lexer, "an arity of 0 to 255");
        return TERM_NIL;
    }
    lexer_next(lexer);
    Term fun = make_external_fun(lexer->space, module, function, (uint32_t) arity);
    if (fun == TERM_NONE) {
        lexer_error(lexer, "external funs cannot be made here");
        return TERM_NIL;
    }
    return fun;
}

/* ---- all ---- */

/* True: a value was pushed. False: something was opened, or there is an error. */
static bool begin_value(TermReader *reader)
{
    Lexer *lexer = reader->lexer;
    switch (lexer->kind) {
    case TOKEN_WORD:
        if (lexer_accept(lexer, TOKEN_WORD, "fun")) {
            push_value(reader, external_fun_term(lexer));
            return true;
        }
        /* fall through */
    case TOKEN_QUOTED:
        push_value(reader, lexer_atom(lexer));
        return true;
    case TOKEN_NUMBER:
    case TOKEN_STRING:
        push_value(reader, lexer->value);
        lexer_next(lexer);
        return true;
    case TOKEN_SYMBOL:
        if (lexer_accept(lexer, TOKEN_SYMBOL, "<<")) {
            push_value(reader, binary_term(lexer));
            return true;
        }
        if (lexer_accept(lexer, TOKEN_SYMBOL, "[")) {
            if (lexer_accept(lexer, TOKEN_SYMBOL, "]")) {
                push_value(reader, TERM_NIL);
                return true;
            }
            push_open(reader, OPEN_LIST);
            return false;
        }
        if (lexer_accept(lexer, TOKEN_SYMBOL, "{")) {
            if (lexer_accept(lexer, TOKEN_SYMBOL, "}")) {
                push_value(reader, make_tuple(lexer->space, &(Term){TERM_NIL}, 0));
                return true;
            }
            push_open(reader, OPEN_TUPLE);
            return false;
        }
        if (lexer_accept(lexer, TOKEN_SYMBOL, "#{")) {
            if (lexer_accept(lexer, TOKEN_SYMBOL, "}")) {
                push_value(reader, map_empty(lexer->space));
                return true;
            }
            push_open(reader, OPEN_MAP);
            return false;
        }
        break;
    default:
        break;
    }
    lexer_expected(lexer, "a term");
    return false;
}

/* Replaces the values of the innermost open compound by the compound. */
static void close_value(TermReader *reader)
{
    Open open = reader->opens[--reader->open_count];
    Space *space = reader->lexer->space;
    Term *values = reader->values + open.first_value;
    size_t count = reader->value_count - open.first_value;
    reader->value_count = open.first_value;
    switch (open.kind) {
    case OPEN_LIST:
        push_value(reader, make_list(space, values, count, TERM_NIL));
        break;
    case OPEN_TAIL:
        push_value(reader, make_list(space, values, count - 1, values[count - 1]));
        break;
    case OPEN_TUPLE:
        if (count >= (size_t) 1 << 24) {
            lexer_error(reader->lexer, "a tuple of too many elements");
            return;
        }
        push_value(reader, make_tuple(space, values, count));
        break;
    case OPEN_MAP:
        push_value(reader, map_from_pairs(space, values, count / 2));
        break;
    }
}

/* After a value inside of something: true when another value follows. */
static bool continue_value(TermReader *reader)
{
    Lexer *lexer = reader->lexer;
    Open *open = &reader->opens[reader->open_count - 1];
    const char *close = open->kind == OPEN_LIST || open->kind == OPEN_TAIL ? "]" : "}";
    if (open->kind == OPEN_MAP && ((reader->value_count - open->first_value) & 1) == 1) {
        return lexer_expect(lexer, TOKEN_SYMBOL, "=>");
    }
    if (open->kind != OPEN_TAIL && lexer_accept(lexer, TOKEN_SYMBOL, ",")) {
        return true;
    }
    if (open->kind == OPEN_LIST && lexer_accept(lexer, TOKEN_SYMBOL, "|")) {
        open->kind = OPEN_TAIL;
        return true;
    }
    if (!lexer_is(lexer, TOKEN_SYMBOL, close)) {
        lexer_expected(lexer, *close == ']' ? "`,`, `|` or `]`" : "`,` or `}`");
        return false;
    }
    close_value(reader);
    lexer_accept(lexer, TOKEN_SYMBOL, close);
    return false;
}

Term lexer_term(Lexer *lexer)
{
    TermReader reader = {.lexer = lexer};
    while (!lexer->has_error) {
        if (!begin_value(&reader)) {
            continue;
        }
        while (reader.open_count > 0 && !lexer->has_error && !continue_value(&reader)) {
        }
        if (reader.open_count == 0) {
            break;
        }
    }
    Term result = lexer->has_error ? TERM_NONE : reader.values[0];
    mem_free(reader.opens);
    mem_free(reader.values);
    return result;
}
