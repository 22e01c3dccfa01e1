/* runtime/packet.h
 * Where packets end in a stream of bytes, for the kinds that erlang:decode_packet/3 and the options
 * of sockets name, and what they are as terms. */
#ifndef MUSTER_RUNTIME_PACKET_H
#define MUSTER_RUNTIME_PACKET_H

#include "runtime/term/space.h"

typedef enum PacketKind {
    PACKET_RAW,
    PACKET_1,
    PACKET_2,
    PACKET_4,
    PACKET_ASN1,
    PACKET_SUNRM,
    PACKET_CDR,
    PACKET_FCGI,
    PACKET_TPKT,
    PACKET_LINE,
    PACKET_HTTP,     /* a request or a response: its first line */
    PACKET_HTTPH,    /* a header line of one */
    PACKET_HTTP_BIN, /* the same with binaries instead of strings */
    PACKET_HTTPH_BIN,
    PACKET_SSL_TLS,
} PacketKind;

typedef struct PacketOptions {
    size_t packet_most; /* {packet_size, N}; 0: no limit */
    size_t line_most; /* {line_length, N}: longer lines are cut (other kinds: are wrong); 0: none */
    uint8_t line_end; /* {line_delimiter, C} */
} PacketOptions;

/* The kind of that name (an atom or integer); false: there is none. */
bool packet_kind(Term name, PacketKind *kind);
/* The size of the packet that begins the bytes, which may be more than there is. 0: not known yet.
 * -1: these bytes begin no packet, or too long a one. */
int64_t packet_size(PacketKind kind, const uint8_t *bytes, size_t size,
                    const PacketOptions *options);
/* How many bytes before what the packet contains are not given to the program. */
size_t packet_header_size(PacketKind kind);
/* The same of bytes behind it, of a whole packet. */
size_t packet_trailer_size(PacketKind kind, const uint8_t *bytes);
/* Whether a whole packet is more than bytes: see packet_term. */
static inline bool packet_is_term(PacketKind kind)
{
    return kind >= PACKET_HTTP;
}
/* The first five bytes of a record of SSL are those of the hello of SSL 2. */
static inline bool packet_is_hello(const uint8_t *bytes)
{
    return bytes[0] & 0x80 && bytes[2] == 1;
}
/* {http_request, …}, {http_header, …}, {ssl_tls, …} and so on, of a whole packet. */
Term packet_term(Space *space, PacketKind kind, const uint8_t *bytes, size_t size);

#endif
