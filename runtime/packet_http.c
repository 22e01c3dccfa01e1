/* runtime/packet_http.c
 * Packets that are given as terms: lines of HTTP, records of TLS. Lines are taken apart as OTP does
 * it, which is generous: {http_error, Line} is for what makes no sense at all. */
#include "runtime/packet.h"

#include "runtime/bif_data.h"

typedef struct Part {
    const uint8_t *bytes;
    size_t size;
} Part;

typedef struct Line {
    Space *space;
    bool as_binary;
    Part whole; /* with its end */
    Part rest;  /* what has not been looked at, without the end of the line */
} Line;

static Term text_of(const Line *line, Part part)
{
    return line->as_binary ? make_binary(line->space, part.bytes, part.size)
                           : make_string_latin1(line->space, (const char *) part.bytes, part.size);
}

static Term error_of(const Line *line)
{
    return make_tuple2(line->space, atom_of("http_error"), text_of(line, line->whole));
}

/* ---- characters ---- */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}
static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}
/* May not be in the name of a method or a header. */
static bool is_special(uint8_t c)
{
    return c <= ' ' || c >= 128 || strchr("\"(),/:;<=>?@[\\]{}", c) != NULL;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}
static uint8_t upper(uint8_t c)
{
    return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c;
}

static void skip(Part *part, size_t count)
{
    part->bytes += count;
    part->size -= count;
}

static void skip_blanks(Part *part)
{
    while (part->size > 0 && is_blank(part->bytes[0])) {
        skip(part, 1);
    }
}

/* Takes the bytes up to the first for which `ends` holds. */
static Part take_until(Part *part, bool (*ends)(uint8_t c))
{
    Part taken = {part->bytes, 0};
    while (taken.size < part->size && !ends(part->bytes[taken.size])) {
        taken.size++;
    }
    skip(part, taken.size);
    return taken;
}

static bool part_is(Part part, const char *text)
{
    return part.size == strlen(text) && memcmp(part.bytes, text, part.size) == 0;
}

static bool starts_with(Part part, const char *text)
{
    return part.size >= strlen(text) && memcmp(part.bytes, text, strlen(text)) == 0;
}

static bool starts_with_any_case(Part part, const char *text)
{
    size_t size = strlen(text);
    for (size_t i = 0; i < size; i++) {
        if (i >= part.size || lower(part.bytes[i]) != (uint8_t) text[i]) {
            return false;
        }
    }
    return true;
}

/* The number at the beginning; false: there is none. It wraps as 32 bits do. */
static bool take_number(Part *part, uint32_t *number)
{
    bool has_digits = part->size > 0 && is_digit(part->bytes[0]);
    *number = 0;
    while (part->size > 0 && is_digit(part->bytes[0])) {
        *number = *number * 10 + (part->bytes[0] - '0');
        skip(part, 1);
    }
    return has_digits;
}

/* HTTP/1.1: {1, 1}; TERM_NONE: it is not that. */
static Term take_version(const Line *line, Part *part)
{
    uint32_t major, minor;
    if (!starts_with(*part, "HTTP/")) {
        return TERM_NONE;
    }
    skip(part, 5);
    if (!take_number(part, &major) || part->size == 0 || part->bytes[0] != '.') {
        return TERM_NONE;
    }
    skip(part, 1);
    if (!take_number(part, &minor)) {
        return TERM_NONE;
    }
    return make_tuple2(line->space, term_small((int32_t) major), term_small((int32_t) minor));
}

/* ---- first lines ---- */

static Term response(Line *line)
{
    uint32_t status = 0;
    Term version = take_version(line, &line->rest);
    if (version == TERM_NONE || line->rest.size == 0 || !is_blank(line->rest.bytes[0])) {
        return error_of(line);
    }
    skip_blanks(&line->rest);
    if (line->rest.size > 0 && (!take_number(&line->rest, &status) ||
                                (line->rest.size > 0 && !is_blank(line->rest.bytes[0])))) {
        return error_of(line);
    }
    skip_blanks(&line->rest);
    return make_tuple4(line->space, atom_of("http_response"), version, term_small((int32_t) status),
                       text_of(line, line->rest));
}

static Term method_of(const Line *line, Part method)
{
    static const char *const methods[] = {"OPTIONS", "GET",    "HEAD", "POST",
                                          "PUT",     "DELETE", "TRACE"};
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        if (part_is(method, methods[i])) {
            return atom_of(methods[i]);
        }
    }
    return text_of(line, method);
}

static bool ends_host(uint8_t c)
{
    return c == ':' || c == '/';
}
static bool is_slash(uint8_t c)
{
    return c == '/';
}
static bool is_colon(uint8_t c)
{
    return c == ':';
}

/* What follows http:// or https:// */
static Term absolute_uri(const Line *line, const char *scheme, Part uri)
{
    Part host = take_until(&uri, ends_host);
    Term port = ATOM_undefined;
    if (uri.size > 0 && uri.bytes[0] == ':') {
        uint32_t number;
        skip(&uri, 1);
        Part text = take_until(&uri, is_slash);
        if (take_number(&text, &number) && text.size == 0 && number > 0) {
            port = term_small((int32_t) number);
        }
    }
    if (uri.size == 0) {
        uri = (Part){(const uint8_t *) "/", 1};
    }
    const Term parts[] = {atom_of("absoluteURI"), atom_of(scheme), text_of(line, host), port,
                          text_of(line, uri)};
    return make_tuple(line->space, parts, COUNT_OF(parts));
}

static Term uri_of(const Line *line, Part uri)
{
    if (part_is(uri, "*")) {
        return atom_of("*");
    }
    if (uri.size <= 1 || uri.bytes[0] == '/') {
        return make_tuple2(line->space, atom_of("abs_path"), text_of(line, uri));
    }
    if (starts_with_any_case(uri, "http://")) {
        skip(&uri, 7);
        return absolute_uri(line, "http", uri);
    }
    if (starts_with_any_case(uri, "https://")) {
        skip(&uri, 8);
        return absolute_uri(line, "https", uri);
    }
    Part scheme = take_until(&uri, is_colon);
    if (uri.size == 0) {
        return text_of(line, scheme);
    }
    skip(&uri, 1);
    return make_tuple3(line->space, atom_of("scheme"), text_of(line, scheme), text_of(line, uri));
}

static Term request(Line *line)
{
    Part method = take_until(&line->rest, is_special);
    if (method.size == 0 || line->rest.size == 0 || !is_blank(line->rest.bytes[0])) {
        return error_of(line);
    }
    skip_blanks(&line->rest);
    Part uri = take_until(&line->rest, is_blank);
    if (uri.size == 0) {
        return error_of(line);
    }
    skip_blanks(&line->rest);
    Term version = line->rest.size == 0 ? make_tuple2(line->space, term_small(0), term_small(9))
                                        : take_version(line, &line->rest);
    return version == TERM_NONE ? error_of(line)
                                : make_tuple4(line->space, atom_of("http_request"),
                                              method_of(line, method), uri_of(line, uri), version);
}

/* ---- headers ---- */

enum { NAME_MOST = 50 }; /* longer ones are left as they are */

static const char *const header_names[] = {
    "Cache-Control",
    "Connection",
    "Date",
    "Pragma",
    "Transfer-Encoding",
    "Upgrade",
    "Via",
    "Accept",
    "Accept-Charset",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "From",
    "Host",
    "If-Modified-Since",
    "If-Match",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Max-Forwards",
    "Proxy-Authorization",
    "Range",
    "Referer",
    "User-Agent",
    "Age",
    "Location",
    "Proxy-Authenticate",
    "Public",
    "Retry-After",
    "Server",
    "Vary",
    "Warning",
    "Www-Authenticate",
    "Allow",
    "Content-Base",
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-Location",
    "Content-Md5",
    "Content-Range",
    "Content-Type",
    "Etag",
    "Expires",
    "Last-Modified",
    "Accept-Ranges",
    "Set-Cookie",
    "Set-Cookie2",
    "X-Forwarded-For",
    "Cookie",
    "Keep-Alive",
    "Proxy-Connection",
};

/* Each word begins with a capital. */
static Part capitalised(Part name, uint8_t out[NAME_MOST])
{
    bool up = true;
    if (name.size > NAME_MOST) {
        return name;
    }
    for (size_t i = 0; i < name.size; i++) {
        out[i] = up ? upper(name.bytes[i]) : lower(name.bytes[i]);
        up = !up && out[i] == '-';
    }
    return (Part){out, name.size};
}

static Term header(Line *line)
{
    uint8_t room[NAME_MOST];
    Part name = take_until(&line->rest, is_special);
    if (line->rest.size == 0 || line->rest.bytes[0] != ':') {
        return error_of(line);
    }
    skip(&line->rest, 1);
    skip_blanks(&line->rest);
    Part known = capitalised(name, room);
    Term field = TERM_NONE;
    int64_t number = 0;
    for (size_t i = 0; i < COUNT_OF(header_names) && field == TERM_NONE; i++) {
        if (part_is(known, header_names[i])) {
            field = atom_of(header_names[i]);
            number = (int64_t) i + 1;
        }
    }
    const Term parts[] = {
        atom_of("http_header"),
        term_small(number),
        field != TERM_NONE ? field : text_of(line, known),
        text_of(line, name),
        text_of(line, line->rest),
    };
    return make_tuple(line->space, parts, COUNT_OF(parts));
}

/* ---- records of TLS ---- */

/* {ssl_tls, [], Type, {Major, Minor}, Data} */
static Term ssl_record(Space *space, const uint8_t *bytes, size_t size)
{
    enum { HEADER = 5, CLIENT_HELLO = 1, HANDSHAKE = 22 };
    Term version, data, type = term_small(bytes[0]);
    if (packet_is_hello(bytes)) {
        /* As a handshake of TLS: type, length, version and the rest. */
        uint8_t *out;
        size_t length = size - 3;
        type = term_small(HANDSHAKE);
        version = make_tuple2(space, term_small(bytes[3]), term_small(bytes[4]));
        data = make_binary_uninit(space, 4 + length, &out);
        if (data != TERM_LIMIT) {
            out[0] = CLIENT_HELLO;
            out[1] = (uint8_t) (length >> 16);
            out[2] = (uint8_t) (length >> 8);
            out[3] = (uint8_t) length;
            memcpy(out + 4, bytes + 3, length);
        }
    } else {
        version = make_tuple2(space, term_small(bytes[1]), term_small(bytes[2]));
        data = make_binary(space, bytes + HEADER, size - HEADER);
    }
    const Term parts[] = {atom_of("ssl_tls"), TERM_NIL, type, version, data};
    return data == TERM_LIMIT ? data : make_tuple(space, parts, COUNT_OF(parts));
}

Term packet_term(Space *space, PacketKind kind, const uint8_t *bytes, size_t size)
{
    if (kind == PACKET_SSL_TLS) {
        return ssl_record(space, bytes, size);
    }
    Line line = {
        space, kind == PACKET_HTTP_BIN || kind == PACKET_HTTPH_BIN, {bytes, size}, {bytes, size}};
    if (line.rest.size > 0 && bytes[line.rest.size - 1] == '\n') {
        line.rest.size--;
        if (line.rest.size > 0 && bytes[line.rest.size - 1] == '\r') {
            line.rest.size--;
        }
    }
    if (kind == PACKET_HTTP || kind == PACKET_HTTP_BIN) {
        return starts_with(line.rest, "HTTP/") ? response(&line) : request(&line);
    }
    return line.rest.size == 0 ? atom_of("http_eoh") : header(&line);
}
