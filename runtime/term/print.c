/* runtime/term/print.c
 * Terms as text. Containers that are begun wait on a stack of our own, two words each: what is left
 * to print, and what it is. The stack is the only thing that grows with the depth of a term; when
 * there is no memory for it the text ends in "...", as it does at its limit. */
#include "runtime/term/print.h"

#include "runtime/term/arith.h"
#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "runtime/term/code.h"
#include "runtime/term/external.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"

#include <stdio.h>

/* ---- atoms ---- */

/* Letters of Latin-1, as Erlang has them. */
static bool is_lower(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7);
}
static bool is_upper(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7);
}
static bool is_name_character(uint32_t c)
{
    return is_lower(c) || is_upper(c) || (c >= '0' && c <= '9') || c == '_' || c == '@';
}

/* `maybe` and `else` came later: they are words to io_lib, as in OTP 27, and not to the machine. */
static const char *const later_words[] = {"else", "maybe"};
static const char *const reserved_words[] = {
    "after", "and",  "andalso", "band",   "begin",   "bnot", "bor", "bsl",  "bsr",
    "bxor",  "case", "catch",   "cond",   "div",     "end",  "fun", "if",   "let",
    "not",   "of",   "or",      "orelse", "receive", "rem",  "try", "when", "xor",
};

static bool is_among(const char *const words[], size_t count, const char *name, size_t size_bytes)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(words[i]) == size_bytes && memcmp(words[i], name, size_bytes) == 0) {
            return true;
        }
    }
    return false;
}

/* The character at `*at`, which moves on; the bytes are UTF-8. */
static uint32_t next_character(const char *name, size_t size_bytes, size_t *at)
{
    size_t used = 1;
    int32_t c = (uint8_t) name[*at];
    if (c >= 0x80) {
        c = utf8_decode((const uint8_t *) name + *at, size_bytes - *at, &used);
        if (c < 0) { /* not a name that an atom can have */
            c = 0xFFFD;
            used = 1;
        }
    }
    *at += used;
    return (uint32_t) c;
}

bool atom_needs_quotes(const char *name, size_t size_bytes)
{
    size_t at = 0;
    if (size_bytes == 0 || !is_lower(next_character(name, size_bytes, &at))) {
        return true;
    }
    while (at < size_bytes) {
        if (!is_name_character(next_character(name, size_bytes, &at))) {
            return true;
        }
    }
    return is_among(reserved_words, COUNT_OF(reserved_words), name, size_bytes);
}

static void print_quoted_character(Text *text, uint32_t c, char quote)
{
    static const char escapes[] = "\bb\tt\nn\vv\ff\rr\033e\177d\\\\";
    if (c == (uint8_t) quote) {
        text_addf(text, "\\%c", quote);
        return;
    }
    for (const char *at = escapes; *at != 0; at += 2) {
        if ((uint8_t) *at == c) {
            text_addf(text, "\\%c", at[1]);
            return;
        }
    }
    if (c < 0x20 || (c >= 0x80 && c < 0xA0)) {
        text_addf(text, "\\%03o", c);
    } else {
        text_add_code_point(text, c);
    }
}

void atom_print(Text *text, Term atom)
{
    const char *name = atom_name(atom);
    size_t size_bytes = atom_name_bytes(atom), at = 0;
    if (!atom_needs_quotes(name, size_bytes)) {
        text_add(text, name, size_bytes);
        return;
    }
    text_add(text, "'", 1);
    while (at < size_bytes) {
        print_quoted_character(text, next_character(name, size_bytes, &at), '\'');
    }
    text_add(text, "'", 1);
}

/* As io_lib does it: Latin-1 escapes what it has not. */
static void print_atom_styled(Text *text, Term atom, const PrintStyle *style)
{
    const char *name = atom_name(atom);
    size_t size_bytes = atom_name_bytes(atom), at = 0;
    if (!atom_needs_quotes(name, size_bytes) &&
        !is_among(later_words, COUNT_OF(later_words), name, size_bytes)) {
        text_add(text, name, size_bytes);
        return;
    }
    text_add(text, "'", 1);
    while (at < size_bytes) {
        uint32_t c = next_character(name, size_bytes, &at);
        if (style->latin1 && c > 0xFF) {
            text_addf(text, "\\x{%X}", c);
        } else {
            print_quoted_character(text, c, '\'');
        }
    }
    text_add(text, "'", 1);
}

/* ---- leaves ---- */

static void print_integer(Text *text, Term integer)
{
    char buffer[24];
    if (term_is_small(integer)) {
        text_add(text, buffer, integer_write(integer, 10, buffer));
        return;
    }
    char *digits = mem_alloc(integer_text_bound(integer, 10));
    text_add(text, digits, integer_write(integer, 10, digits));
    mem_free(digits);
}

static void print_float(Text *text, Term t)
{
    char buffer[32];
    text_add(text, buffer, double_write_shortest(float_value(t), buffer));
}

static uint8_t bits_byte(Bits bits, size_t at)
{
    uint8_t byte = 0;
    size_t left = bits.size - at;
    bits_copy(&byte, 0, bits.bytes, bits.offset + at, left < 8 ? left : 8);
    return byte;
}

static void print_bitstring(Text *text, Term t, size_t end)
{
    Bits bits = bits_of(t);
    text_add(text, "<<", 2);
    for (size_t at = 0; at < bits.size && text->size_bytes < end; at += 8) {
        size_t left = bits.size - at;
        uint8_t byte = bits_byte(bits, at);
        if (at > 0) {
            text_add(text, ",", 1);
        }
        if (left >= 8) {
            text_addf(text, "%u", byte);
        } else {
            text_addf(text, "%u:%zu", byte >> (8 - left), left);
        }
    }
    text_add(text, ">>", 2);
}

static void print_ref(Text *text, uint32_t node, const uint32_t ids[], uint32_t count)
{
    text_addf(text, "#Ref<%u", node);
    while (count-- > 0) {
        text_addf(text, ".%u", ids[count]);
    }
    text_add(text, ">", 1);
}

/* Of another node, which is known by the number of its name. */
static void print_external(Text *text, Term t)
{
    uint32_t ids[EXTERNAL_IDS_MAX] = {0};
    uint32_t count = external_ids(t, ids);
    Term name = external_node(t);
    uint32_t node = name == external_node_name ? 0 : atom_index(name);
    switch (external_kind(t)) {
    case EXTERNAL_PID:
        text_addf(text, "<%u.%u.%u>", node, ids[0], ids[1]);
        break;
    case EXTERNAL_PORT:
        text_addf(text, "#Port<%u.%llu>", node,
                  (unsigned long long) (ids[0] | (uint64_t) ids[1] << 32));
        break;
    case EXTERNAL_REF:
        print_ref(text, node, ids, count);
        break;
    }
}

static void print_fun(Text *text, Term t)
{
    const FunEntry *entry = fun_entry(t);
    text_addf(text, "#Fun<");
    atom_print(text, entry->module);
    text_addf(text, ".%d.%d>", entry->old_index, entry->old_uniq);
}

static void print_export(Text *text, Term t)
{
    const Export *export = fun_export(t);
    text_add(text, "fun ", 4);
    atom_print(text, export->module);
    text_add(text, ":", 1);
    atom_print(text, export->function);
    text_addf(text, "/%u", export->arity);
}

static void print_immediate(Text *text, Term t)
{
    uint32_t ids[EXTERNAL_IDS_MAX];
    if (term_is_small(t)) {
        print_integer(text, t);
    } else if (term_is_immediate_float(t)) {
        print_float(text, t);
    } else if (term_is_atom(t)) {
        atom_print(text, t);
    } else if (term_is_nil(t)) {
        text_add(text, "[]", 2);
    } else if (term_is_local_pid(t)) {
        ids[0] = pid_id(t) & 0xFFFFFFF;
        ids[1] = (uint32_t) (pid_id(t) >> 28);
        text_addf(text, "<0.%u.%u>", ids[0], ids[1]);
    } else if (term_is_local_port(t)) {
        text_addf(text, "#Port<0.%llu>", (unsigned long long) port_id(t));
    } else { /* no Erlang value: only a debugger asks */
        text_addf(text, "#Special<%llx>", (unsigned long long) t);
    }
}

/* ---- containers ---- */

/* What a waiting container is. */
typedef enum FrameKind {
    LIST,      /* rest: the tail */
    TUPLE,     /* rest: the tuple */
    MAP_KEY,   /* rest: MapWalk *; the next thing printed was a value, or nothing yet */
    MAP_VALUE, /* rest: the value that belongs to the key just printed */
} FrameKind;

typedef struct Frame {
    uint64_t rest;
    uint32_t kind;
    uint32_t index; /* elements printed */
} Frame;

typedef struct Printer {
    Text *text;
    size_t end; /* stop when the text has this size */
    Frame *frames;
    size_t count, capacity;
    bool stopped;
    bool as_text; /* as erlang:display/1: text is shown as such, floats have six places */
    const PrintStyle *style; /* of io_lib; NULL: the machine's own */
} Printer;

static void push(Printer *printer, FrameKind kind, uint64_t rest)
{
    if (printer->count == printer->capacity) {
        size_t capacity = printer->capacity == 0 ? 32 : printer->capacity * 2;
        Frame *frames = mem_try_realloc(printer->frames, capacity * sizeof(Frame));
        if (frames == NULL) {
            printer->stopped = true;
            return;
        }
        printer->frames = frames;
        printer->capacity = capacity;
    }
    printer->frames[printer->count++] = (Frame){rest, kind, 0};
}

/* ---- as erlang:display/1 has them ---- */

static void print_text_character(Text *text, uint32_t c)
{
    if (c == '\n') {
        text_add(text, "\\n", 2);
    } else {
        if (c == '"') {
            text_add(text, "\\", 1);
        }
        text_add_code_point(text, c);
    }
}

/* A list of characters of Latin-1 that can be seen. */
static bool list_is_text(Term list)
{
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term t = cons_head(list);
        int64_t c = term_is_small(t) ? small_value(t) : 0;
        if (!(c >= ' ' && c <= '~') && !(c >= 0xA0 && c <= 0xFF) && c != '\t' && c != '\n' &&
            c != '\r') {
            return false;
        }
    }
    return term_is_nil(list);
}

static void print_list_text(Text *text, Term list)
{
    text_add(text, "\"", 1);
    for (; term_is_cons(list); list = cons_tail(list)) {
        print_text_character(text, (uint32_t) small_value(cons_head(list)));
    }
    text_add(text, "\"", 1);
}

/* False: it is not ASCII text. */
static bool print_binary_text(Text *text, Term t)
{
    Bits bits = bits_of(t);
    if (bits.size == 0 || !bits_are_bytes(bits)) {
        return false;
    }
    for (size_t at = 0; at < bits.size; at += 8) {
        uint8_t c = bits_byte(bits, at);
        if (c < ' ' || c > '~') {
            return false;
        }
    }
    text_add(text, "<<\"", 3);
    for (size_t at = 0; at < bits.size; at += 8) {
        print_text_character(text, bits_byte(bits, at));
    }
    text_add(text, "\">>", 3);
    return true;
}

static bool print_as_text(Text *text, Term t)
{
    if (term_is_cons(t) && list_is_text(t)) {
        print_list_text(text, t);
        return true;
    }
    if (term_is_float(t)) {
        text_addf(text, "%.6e", float_value(t));
        return true;
    }
    return term_is_bitstring(t) && print_binary_text(text, t);
}

/* ---- as io_lib has them ---- */

static bool is_readable(uint32_t c, bool unicode_range)
{
    return (c >= ' ' && c <= '~') || (c >= 8 && c <= 13) || c == 27 ||
           (c >= 0xA0 &&
            (c <= 0xFF || (unicode_range && code_point_is_valid(c) && c != 0xFFFE && c != 0xFFFF)));
}

static bool list_is_readable(Term list, const PrintStyle *style)
{
    bool unicode_range = style->unicode_range && !style->latin1;
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term t = cons_head(list);
        if (!term_is_small(t) || small_value(t) < 0 || small_value(t) > 0x10FFFF ||
            !is_readable((uint32_t) small_value(t), unicode_range)) {
            return false;
        }
    }
    return term_is_nil(list);
}

static void print_readable_list(Printer *printer, Term list)
{
    Text *text = printer->text;
    text_add(text, "\"", 1);
    for (; term_is_cons(list) && text->size_bytes <= printer->end; list = cons_tail(list)) {
        print_quoted_character(text, (uint32_t) small_value(cons_head(list)), '"');
    }
    text_add(text, "\"", 1);
}

/* How the bytes can be read: 0 not at all, 1 each byte a character, 2 as UTF-8. */
static int bytes_reading(const uint8_t *bytes, size_t size, const PrintStyle *style)
{
    size_t at = 0, used, count = 0;
    bool readable = true;
    for (; !style->latin1 && at < size; at += used, count++) {
        int32_t c = utf8_decode(bytes + at, size - at, &used);
        if (c < 0) {
            break;
        }
        readable = readable && is_readable((uint32_t) c, style->unicode_range);
    }
    if (!style->latin1 && at == size) {
        return !readable ? 0 : count == size ? 1 : 2;
    }
    for (at = 0; at < size; at++) {
        if (!is_readable(bytes[at], false)) {
            return 0;
        }
    }
    return 1;
}

/* False: it is to be written as numbers. */
static bool print_readable_binary(Printer *printer, Term t)
{
    Text *text = printer->text;
    size_t size, used;
    void *scratch;
    if (!term_is_binary(t) || bitstring_bits(t) == 0) {
        return false;
    }
    const uint8_t *bytes = binary_bytes(t, &size, &scratch);
    int reading = size > printer->end ? 0 : bytes_reading(bytes, size, printer->style);
    if (reading > 0) {
        text_add(text, "<<\"", 3);
        for (size_t at = 0; at < size && text->size_bytes <= printer->end; at += used) {
            used = 1;
            uint32_t c =
                reading == 1 ? bytes[at] : (uint32_t) utf8_decode(bytes + at, size - at, &used);
            print_quoted_character(text, c, '"');
        }
        text_add_string(text, reading == 1 ? "\">>" : "\"/utf8>>");
    }
    mem_free(scratch);
    return reading > 0;
}

/* False: as usual. */
static bool print_styled(Printer *printer, Term t)
{
    const PrintStyle *style = printer->style;
    if (term_is_atom(t)) {
        print_atom_styled(printer->text, t, style);
        return true;
    }
    if (term_is_integer(t) && !term_is_small(t) &&
        integer_text_bound(t, 10) > printer->end - printer->text->size_bytes) {
        printer->stopped = true; /* not even begun: it may have millions of digits */
        return true;
    }
    if (!style->strings) {
        return false;
    }
    if (term_is_cons(t) && list_is_readable(t, style)) {
        print_readable_list(printer, t);
        return true;
    }
    return term_is_bitstring(t) && print_readable_binary(printer, t);
}

/* ---- walking through containers ---- */

static void begin_map(Printer *printer, Term map)
{
    MapWalk *walk = mem_alloc(sizeof *walk);
    map_walk_start(walk, map);
    text_add(printer->text, "#{", 2);
    push(printer, MAP_KEY, (uint64_t) walk);
    if (printer->stopped) {
        mem_free(walk);
    }
}

static void begin_boxed(Printer *printer, Term t)
{
    Text *text = printer->text;
    uint32_t ids[EXTERNAL_IDS_MAX];
    Kind kind = boxed_kind(t);
    switch (kind) {
    case KIND_tuple:
        text_add(text, "{", 1);
        push(printer, TUPLE, t);
        break;
    case KIND_big_pos:
    case KIND_big_neg:
        print_integer(text, t);
        break;
    case KIND_float:
        print_float(text, t);
        break;
    case KIND_ref:
    case KIND_magic:
        print_ref(text, 0, ids, ref_to_ids(t, ids));
        break;
    case KIND_fun:
        print_fun(text, t);
        break;
    case KIND_export:
        print_export(text, t);
        break;
    case KIND_heap_binary:
    case KIND_refc_binary:
    case KIND_sub_binary:
        print_bitstring(text, t, printer->end);
        break;
    case KIND_map:
    case KIND_tree:
        begin_map(printer, t);
        break;
    case KIND_external:
        print_external(text, t);
        break;
    default: /* parts of values: only a debugger asks */
        text_addf(text, "#Object<%u,%zu words>", (unsigned) kind, header_words(*term_boxed_at(t)));
    }
}

/* Prints a leaf, or begins a container. */
static void begin(Printer *printer, Term t)
{
    if (printer->as_text && print_as_text(printer->text, t)) {
        return;
    }
    if (printer->style != NULL && print_styled(printer, t)) {
        return;
    }
    if (term_is_cons(t)) {
        text_add(printer->text, "[", 1);
        push(printer, LIST, t);
    } else if (term_is_boxed(t)) {
        begin_boxed(printer, t);
    } else {
        print_immediate(printer->text, t);
    }
}

/* The next part of a list: elements up to one that is a container. The frame may have moved after
 * `begin`. */
static void go_on_list(Printer *printer, Frame *frame)
{
    Term rest = frame->rest;
    if (term_is_cons(rest)) {
        if (frame->index++ > 0) {
            text_add(printer->text, ",", 1);
            frame->index = 1;
        }
        frame->rest = cons_tail(rest);
        begin(printer, cons_head(rest));
    } else if (term_is_nil(rest)) {
        text_add(printer->text, "]", 1);
        printer->count--;
    } else {
        text_add(printer->text, "|", 1);
        frame->rest = TERM_NIL;
        begin(printer, rest);
    }
}

static void go_on_tuple(Printer *printer, Frame *frame)
{
    Term tuple = frame->rest;
    if (frame->index == tuple_arity(tuple)) {
        text_add(printer->text, "}", 1);
        printer->count--;
        return;
    }
    if (frame->index > 0) {
        text_add(printer->text, ",", 1);
    }
    begin(printer, tuple_elements(tuple)[frame->index++]);
}

static void go_on_map(Printer *printer, Frame *frame)
{
    Term key, value;
    MapWalk *walk = (MapWalk *) frame->rest;
    if (!map_walk_next(walk, &key, &value)) {
        text_add(printer->text, "}", 1);
        mem_free(walk);
        printer->count--;
        return;
    }
    if (frame->index > 0) {
        text_add(printer->text, ",", 1);
    }
    frame->index = 1;
    push(printer, MAP_VALUE, value);
    if (!printer->stopped) {
        begin(printer, key);
    }
}

static void go_on(Printer *printer)
{
    Frame *frame = &printer->frames[printer->count - 1];
    switch ((FrameKind) frame->kind) {
    case LIST:
        go_on_list(printer, frame);
        break;
    case TUPLE:
        go_on_tuple(printer, frame);
        break;
    case MAP_KEY:
        go_on_map(printer, frame);
        break;
    case MAP_VALUE: {
        Term value = frame->rest;
        printer->count--;
        text_add_string(printer->text, printer->as_text ? "=>" : " => ");
        begin(printer, value);
        break;
    }
    }
}

static void finish(Printer *printer)
{
    while (printer->count > 0) {
        Frame *frame = &printer->frames[--printer->count];
        if (frame->kind == MAP_KEY) {
            mem_free((MapWalk *) frame->rest);
        }
    }
    mem_free(printer->frames);
}

static void print(Text *text, Term t, size_t limit_bytes, bool as_text)
{
    Printer printer = {.text = text, .end = SIZE_MAX, .as_text = as_text};
    if (limit_bytes > 0) {
        printer.end = text->size_bytes + limit_bytes;
    }
    begin(&printer, t);
    while (printer.count > 0 && !printer.stopped && text->size_bytes < printer.end) {
        go_on(&printer);
    }
    if (printer.count > 0 || printer.stopped || text->size_bytes > printer.end) {
        /* Cut off: the last leaf may have gone over the limit. */
        if (text->size_bytes > printer.end) {
            text->size_bytes = printer.end;
            while ((text->bytes[text->size_bytes] & 0xC0) == 0x80) {
                text->size_bytes--; /* not within a character */
            }
        }
        text_add(text, "...", 3);
    }
    finish(&printer);
}

bool term_print_styled(Text *text, Term t, const PrintStyle *style, size_t limit_bytes)
{
    Printer printer = {.text = text, .end = text->size_bytes + limit_bytes, .style = style};
    begin(&printer, t);
    while (printer.count > 0 && !printer.stopped && text->size_bytes <= printer.end) {
        go_on(&printer);
    }
    bool complete = printer.count == 0 && !printer.stopped && text->size_bytes <= printer.end;
    finish(&printer);
    return complete;
}

void term_print(Text *text, Term t, size_t limit_bytes)
{
    print(text, t, limit_bytes, false);
}

void term_print_display(Text *text, Term t)
{
    print(text, t, 0, true);
}

void term_dump(Term t)
{
    Text text = {0};
    term_print(&text, t, 0);
    text_add(&text, "\n", 1);
    fputs(text.bytes, stderr);
    text_finish(&text);
}
