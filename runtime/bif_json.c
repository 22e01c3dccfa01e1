/* runtime/bif_json.c
 * json:decode/1 for input that is right, in one pass. Values wait on a stack of their own until the
 * array or object that they belong to is closed, so depth costs memory and nothing else. Whatever
 * is wrong or unusual is answered `false`: Erlang reads it again and says what it is. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

enum { NUMBER_MOST = 512 };

typedef struct Open {
    size_t first; /* place of its first value */
    bool is_object;
} Open;

typedef struct Json {
    Space *space;
    const uint8_t *at, *end;
    Term *values; /* of an object: keys and values in turns */
    Open *open;
    size_t count, capacity, depth, depth_capacity;
    Text text; /* a string with escapes */
} Json;

static bool push_value(Json *json, Term value)
{
    if (value == TERM_NONE || value == TERM_LIMIT) {
        return false;
    }
    if (json->count == json->capacity) {
        size_t capacity = json->capacity == 0 ? 64 : json->capacity * 2;
        Term *values = mem_try_realloc(json->values, capacity * sizeof(Term));
        if (values == NULL) {
            return false;
        }
        json->values = values;
        json->capacity = capacity;
    }
    json->values[json->count++] = value;
    return true;
}

static bool push_open(Json *json, bool is_object)
{
    if (json->depth == json->depth_capacity) {
        size_t capacity = json->depth_capacity == 0 ? 16 : json->depth_capacity * 2;
        Open *open = mem_try_realloc(json->open, capacity * sizeof(Open));
        if (open == NULL) {
            return false;
        }
        json->open = open;
        json->depth_capacity = capacity;
    }
    json->open[json->depth++] = (Open){json->count, is_object};
    return true;
}

static void skip_blanks(Json *json)
{
    while (json->at < json->end &&
           (*json->at == ' ' || *json->at == '\n' || *json->at == '\t' || *json->at == '\r')) {
        json->at++;
    }
}

/* ---- strings ---- */

/* The end of a run of characters that stand for themselves. NULL: bytes that are no text. */
static const uint8_t *plain_end(const uint8_t *at, const uint8_t *end)
{
    size_t used;
    while (at < end && *at != '"' && *at != '\\') {
        used = 1;
        if (*at < 0x20 || (*at >= 0x80 && utf8_decode(at, (size_t) (end - at), &used) < 0)) {
            return NULL;
        }
        at += used;
    }
    return at;
}

/* Four hexadecimal digits; -1: they are not there. */
static int32_t hex4(const uint8_t *at, const uint8_t *end)
{
    int32_t value = 0;
    if (end - at < 4) {
        return -1;
    }
    for (int i = 0; i < 4; i++) {
        uint8_t c = at[i], low = c | 0x20;
        int digit = c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
        if (digit < 0) {
            return -1;
        }
        value = value << 4 | digit;
    }
    return value;
}

/* After `\u`: moves on. False: it is no character. */
static bool unicode_escape(Json *json)
{
    int32_t c = hex4(json->at, json->end);
    if (c < 0 || (c >= 0xDC00 && c < 0xE000)) {
        return false;
    }
    json->at += 4;
    if (c >= 0xD800 && c < 0xDC00) {
        bool is_pair = json->end - json->at >= 6 && json->at[0] == '\\' && json->at[1] == 'u';
        int32_t low = is_pair ? hex4(json->at + 2, json->end) : -1;
        if (low < 0xDC00 || low >= 0xE000) {
            return false;
        }
        json->at += 6;
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    text_add_code_point(&json->text, (uint32_t) c);
    return true;
}

/* After a backslash. */
static bool escape(Json *json)
{
    static const char names[] = "\"\\/bfnrt", stand_for[] = "\"\\/\b\f\n\r\t";
    if (json->at == json->end) {
        return false;
    }
    uint8_t name = *json->at++;
    const char *found = name == 0 ? NULL : strchr(names, name);
    if (found != NULL) {
        text_add(&json->text, stand_for + (found - names), 1);
    }
    return found != NULL || (name == 'u' && unicode_escape(json));
}

/* After the quotation mark that begins it. */
static Term string(Json *json)
{
    const uint8_t *end = plain_end(json->at, json->end);
    if (end != NULL && end < json->end && *end == '"') {
        Term plain = make_binary(json->space, json->at, (size_t) (end - json->at));
        json->at = end + 1;
        return plain;
    }
    json->text.size_bytes = 0;
    while (end != NULL && end < json->end) {
        text_add(&json->text, (const char *) json->at, (size_t) (end - json->at));
        json->at = end + 1;
        if (*end == '"') {
            return make_binary(json->space, json->text.bytes, json->text.size_bytes);
        }
        end = escape(json) ? plain_end(json->at, json->end) : NULL;
    }
    return TERM_NONE;
}

/* ---- numbers ---- */

static const uint8_t *digits_end(const uint8_t *at, const uint8_t *end)
{
    while (at < end && *at >= '0' && *at <= '9') {
        at++;
    }
    return at;
}

/* Erlang wants a fraction before an exponent. */
static Term parse_float(Json *json, const char *text, size_t size, size_t whole, bool has_fraction)
{
    double value;
    char copy[NUMBER_MOST + 4];
    if (!has_fraction) {
        memcpy(copy, text, whole);
        memcpy(copy + whole, ".0", 2);
        memcpy(copy + whole + 2, text + whole, size - whole);
        text = copy;
        size += 2;
    }
    return double_parse(text, size, &value) ? make_float(json->space, value) : TERM_NONE;
}

static Term number(Json *json)
{
    const uint8_t *start = json->at, *at = start + (*start == '-'), *end = json->end;
    const uint8_t *whole = digits_end(at, end);
    if (whole == at || (*at == '0' && whole - at > 1)) {
        return TERM_NONE;
    }
    at = whole;
    bool has_fraction = at < end && *at == '.', has_exponent;
    if (has_fraction) {
        at = digits_end(at + 1, end);
        if (at == whole + 1) {
            return TERM_NONE;
        }
    }
    has_exponent = at < end && (*at | 0x20) == 'e';
    if (has_exponent) {
        at++;
        at += at < end && (*at == '+' || *at == '-');
        const uint8_t *exponent = at;
        at = digits_end(at, end);
        if (at == exponent) {
            return TERM_NONE;
        }
    }
    size_t size = (size_t) (at - start);
    if (size > NUMBER_MOST) {
        return TERM_NONE;
    }
    json->at = at;
    return has_fraction || has_exponent
               ? parse_float(json, (const char *) start, size, (size_t) (whole - start),
                             has_fraction)
               : integer_parse(json->space, (const char *) start, size, 10);
}

/* ---- values ---- */

static Term word(Json *json, const char *text, Term value)
{
    size_t size = strlen(text);
    if ((size_t) (json->end - json->at) < size || memcmp(json->at, text, size) != 0) {
        return TERM_NONE;
    }
    json->at += size;
    return value;
}

/* Closes what was opened last: its values become one. The first of equal keys counts. */
static bool close(Json *json)
{
    Open open = json->open[--json->depth];
    Term *values = json->values + open.first;
    size_t count = json->count - open.first;
    json->count = open.first;
    if (!open.is_object) {
        return push_value(json, make_list(json->space, values, count, TERM_NIL));
    }
    for (size_t i = 0, j = count; i + 2 < j; i += 2) {
        j -= 2;
        Term key = values[i], value = values[i + 1];
        values[i] = values[j];
        values[i + 1] = values[j + 1];
        values[j] = key;
        values[j + 1] = value;
    }
    return push_value(json, map_from_pairs(json->space, values, count / 2));
}

/* A key and its colon, in an object. */
static bool key(Json *json)
{
    skip_blanks(json);
    if (json->at == json->end || *json->at != '"') {
        return false;
    }
    json->at++;
    if (!push_value(json, string(json))) {
        return false;
    }
    skip_blanks(json);
    return json->at < json->end && *json->at++ == ':';
}

/* A value that is not composed, or the beginning of one that is; `*complete`: which. */
static bool begin_value(Json *json, bool *complete)
{
    skip_blanks(json);
    if (json->at == json->end) {
        return false;
    }
    *complete = true;
    switch (*json->at) {
    case '"':
        json->at++;
        return push_value(json, string(json));
    case 't':
        return push_value(json, word(json, "true", ATOM_true));
    case 'f':
        return push_value(json, word(json, "false", ATOM_false));
    case 'n':
        return push_value(json, word(json, "null", ATOM_null));
    case '[':
    case '{': {
        bool is_object = *json->at++ == '{';
        if (!push_open(json, is_object)) {
            return false;
        }
        skip_blanks(json);
        if (json->at < json->end && *json->at == (is_object ? '}' : ']')) {
            json->at++;
            return close(json);
        }
        *complete = false;
        return !is_object || key(json);
    }
    default:
        return push_value(json, number(json));
    }
}

/* What comes after a value within something: another one, or its end. `*complete`: its end. */
static bool after_value(Json *json, bool *complete)
{
    bool is_object = json->open[json->depth - 1].is_object;
    skip_blanks(json);
    if (json->at == json->end) {
        return false;
    }
    uint8_t c = *json->at++;
    *complete = c == (is_object ? '}' : ']');
    return *complete ? close(json) : c == ',' && (!is_object || key(json));
}

static bool document(Json *json)
{
    bool complete, ok = begin_value(json, &complete);
    while (ok && (json->depth > 0 || !complete)) {
        ok = complete ? after_value(json, &complete) : begin_value(json, &complete);
    }
    skip_blanks(json);
    return ok && json->at == json->end;
}

/* muster_json:decode(Binary): [Value] | false. */
Term bif_json_decode(Process *p, const Term args[])
{
    size_t size;
    void *scratch;
    if (!term_is_binary(args[0])) {
        return ATOM_false;
    }
    const uint8_t *bytes = binary_bytes(args[0], &size, &scratch);
    Term result = ATOM_false;
    if (size > LONG_BYTES && bif_may_leave()) {
        result = bif_leave(p);
    } else {
        Json json = {.space = bif_space(p), .at = bytes, .end = bytes + size};
        if (document(&json)) {
            result = make_cons(bif_space(p), json.values[0], TERM_NIL);
        }
        mem_free(json.values);
        mem_free(json.open);
        text_finish(&json.text);
        bif_charge(p, size / 64);
    }
    mem_free(scratch);
    return result;
}

/* muster_json:is_plain(Binary): whether it is text in which nothing has to be escaped. */
Term bif_json_is_plain(Process *p, const Term args[])
{
    size_t size;
    void *scratch;
    if (!term_is_binary(args[0])) {
        return ATOM_false;
    }
    const uint8_t *bytes = binary_bytes(args[0], &size, &scratch);
    bool plain = plain_end(bytes, bytes + size) == bytes + size && memchr(bytes, 127, size) == NULL;
    mem_free(scratch);
    bif_charge(p, size / 256);
    return term_bool(plain);
}
