/* runtime/packet.c: see packet.h: where packets end. What they are as terms is in packet_http.c. */
#include "runtime/packet.h"

#include "runtime/bif_data.h"

bool packet_kind(Term name, PacketKind *kind)
{
    static const char *const names[] = {
        [PACKET_RAW] = "raw",
        [PACKET_ASN1] = "asn1",
        [PACKET_SUNRM] = "sunrm",
        [PACKET_CDR] = "cdr",
        [PACKET_FCGI] = "fcgi",
        [PACKET_TPKT] = "tpkt",
        [PACKET_LINE] = "line",
        [PACKET_HTTP] = "http",
        [PACKET_HTTPH] = "httph",
        [PACKET_HTTP_BIN] = "http_bin",
        [PACKET_HTTPH_BIN] = "httph_bin",
        [PACKET_SSL_TLS] = "ssl_tls",
    };
    switch (name) {
    case (Term) 0 << 2:
        *kind = PACKET_RAW;
        return true;
    case (Term) 1 << 2:
        *kind = PACKET_1;
        return true;
    case (Term) 2 << 2:
        *kind = PACKET_2;
        return true;
    case (Term) 4 << 2:
        *kind = PACKET_4;
        return true;
    default:
        break;
    }
    for (unsigned i = 0; term_is_atom(name) && i < COUNT_OF(names); i++) {
        if (names[i] != NULL && strcmp(names[i], atom_name(name)) == 0) {
            *kind = (PacketKind) i;
            return true;
        }
    }
    return false;
}

static uint64_t big_endian(const uint8_t *bytes, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static uint64_t little_endian(const uint8_t *bytes, unsigned count)
{
    uint64_t value = 0;
    while (count-- > 0) {
        value = value << 8 | bytes[count];
    }
    return value;
}

/* A header of `header` bytes and then `payload`: the whole, within the limits. */
static int64_t whole(size_t header, uint64_t payload, const PacketOptions *options)
{
    bool is_long = payload > INT32_MAX - header ||
                   (options->packet_most != 0 && payload > options->packet_most);
    return is_long ? -1 : (int64_t) (header + payload);
}

/* A tag, whose number may take more bytes, then a length of up to four bytes. */
static int64_t asn1_size(const uint8_t *bytes, size_t size, const PacketOptions *options)
{
    size_t at = 1;
    if (size < 2) {
        return 0;
    }
    if ((bytes[0] & 0x1F) == 0x1F) {
        while (at < size && bytes[at] & 0x80) {
            at++;
        }
        at++;
    }
    if (at >= size) {
        return 0;
    }
    unsigned length_bytes = bytes[at] & 0x7F;
    if (!(bytes[at++] & 0x80)) {
        return whole(at, length_bytes, options);
    }
    if (size < at + length_bytes) {
        return 0;
    }
    return length_bytes > 4
               ? -1
               : whole(at + length_bytes, big_endian(bytes + at, length_bytes), options);
}

static int64_t cdr_size(const uint8_t *bytes, size_t size, const PacketOptions *options)
{
    enum { HEADER = 12 };
    if (size < HEADER) {
        return 0;
    }
    if (memcmp(bytes, "GIOP", 4) != 0) {
        return -1;
    }
    return whole(HEADER, bytes[6] & 1 ? little_endian(bytes + 8, 4) : big_endian(bytes + 8, 4),
                 options);
}

static int64_t fcgi_size(const uint8_t *bytes, size_t size, const PacketOptions *options)
{
    enum { HEADER = 8 };
    return size < HEADER   ? 0
           : bytes[0] != 1 ? -1
                           : whole(HEADER, big_endian(bytes + 4, 2) + bytes[6], options);
}

static int64_t tpkt_size(const uint8_t *bytes, size_t size, const PacketOptions *options)
{
    enum { HEADER = 4 };
    if (size < HEADER) {
        return 0;
    }
    uint64_t length = big_endian(bytes + 2, 2);
    return bytes[0] != 3 || length < HEADER ? -1 : whole(HEADER, length - HEADER, options);
}

/* A record of TLS, or the hello of SSL 2. */
static int64_t ssl_size(const uint8_t *bytes, size_t size, const PacketOptions *options)
{
    enum { HEADER = 5 };
    if (size < HEADER) {
        return 0;
    }
    if (packet_is_hello(bytes)) {
        uint64_t length = big_endian(bytes, 2) & 0x7FFF;
        return length < 3 ? -1 : whole(HEADER, length - 3, options);
    }
    return whole(HEADER, big_endian(bytes + 3, 2), options);
}

static int64_t line_size(const uint8_t *bytes, size_t size, const PacketOptions *options)
{
    const uint8_t *end = memchr(bytes, options->line_end, size);
    size_t length = end != NULL ? (size_t) (end - bytes) + 1 : 0;
    if (end == NULL) {
        if (options->packet_most != 0 && size > options->packet_most) {
            return -1;
        }
        if (options->line_most != 0 && size >= options->line_most) {
            return (int64_t) options->line_most;
        }
        return 0;
    }
    if (options->packet_most != 0 && length > options->packet_most) {
        return -1;
    }
    return (int64_t) (options->line_most != 0 && length > options->line_most ? options->line_most
                                                                             : length);
}

/* A first line, or a header that goes on where the next line begins with blanks. */
static int64_t http_size(const uint8_t *bytes, size_t size, bool is_header,
                         const PacketOptions *options)
{
    size_t most = options->packet_most != 0 ? options->packet_most : options->line_most;
    size_t at = 0;
    for (;;) {
        const uint8_t *end = memchr(bytes + at, '\n', size - at);
        if (end == NULL) {
            return most != 0 && size >= most ? -1 : 0;
        }
        at = (size_t) (end - bytes) + 1;
        if (most != 0 && at > most) {
            return -1;
        }
        bool is_empty = at == 1 || (at == 2 && bytes[0] == '\r');
        if (!is_header || is_empty) {
            return (int64_t) at;
        }
        if (at == size) {
            return 0; /* what follows tells */
        }
        if (bytes[at] != ' ' && bytes[at] != '\t') {
            return (int64_t) at;
        }
    }
}

static int64_t counted_size(const uint8_t *bytes, size_t size, unsigned header,
                            const PacketOptions *options)
{
    return size < header ? 0 : whole(header, big_endian(bytes, header), options);
}

int64_t packet_size(PacketKind kind, const uint8_t *bytes, size_t size,
                    const PacketOptions *options)
{
    switch (kind) {
    case PACKET_RAW:
        return (int64_t) size;
    case PACKET_1:
        return counted_size(bytes, size, 1, options);
    case PACKET_2:
        return counted_size(bytes, size, 2, options);
    case PACKET_4:
        return counted_size(bytes, size, 4, options);
    case PACKET_ASN1:
        return asn1_size(bytes, size, options);
    case PACKET_SUNRM:
        return size < 4 ? 0 : whole(4, big_endian(bytes, 4) & 0x7FFFFFFF, options);
    case PACKET_CDR:
        return cdr_size(bytes, size, options);
    case PACKET_FCGI:
        return fcgi_size(bytes, size, options);
    case PACKET_TPKT:
        return tpkt_size(bytes, size, options);
    case PACKET_LINE:
        return line_size(bytes, size, options);
    case PACKET_HTTP:
    case PACKET_HTTP_BIN:
        return http_size(bytes, size, false, options);
    case PACKET_HTTPH:
    case PACKET_HTTPH_BIN:
        return http_size(bytes, size, true, options);
    case PACKET_SSL_TLS:
        return ssl_size(bytes, size, options);
    }
    return -1;
}

size_t packet_header_size(PacketKind kind)
{
    return kind == PACKET_1 ? 1 : kind == PACKET_2 ? 2 : kind == PACKET_4 ? 4 : 0;
}

size_t packet_trailer_size(PacketKind kind, const uint8_t *bytes)
{
    return kind == PACKET_FCGI ? bytes[6] : 0; /* padding */
}
