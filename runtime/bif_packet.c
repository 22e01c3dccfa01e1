/* runtime/bif_packet.c: erlang:decode_packet/3. */
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/packet.h"

#include "runtime/term/bits.h"
#include "runtime/term/mem.h"

static bool read_options(Term list, PacketKind kind, PacketOptions *options)
{
    *options = (PacketOptions){.line_end = '\n'};
    for (Term option; list_take(&list, &option);) {
        uint64_t value;
        if (!term_is_pair(option) || !term_is_atom(pair_key(option)) ||
            !term_to_count(pair_value(option), UINT32_MAX, &value)) {
            return false;
        }
        const char *name = atom_name(pair_key(option));
        if (strcmp(name, "packet_size") == 0) {
            options->packet_most = value;
        } else if (strcmp(name, "line_length") == 0) {
            options->line_most = value;
        } else if (strcmp(name, "line_delimiter") == 0 && kind == PACKET_LINE &&
                   value <= UINT8_MAX) {
            options->line_end = (uint8_t) value;
        } else {
            return false;
        }
    }
    return term_is_nil(list);
}

/* {ok, Packet, Rest} of a whole packet of `total` bytes; bits behind the last byte are of the rest.
 */
static Term decoded(Space *space, PacketKind kind, Term binary, const uint8_t *bytes, size_t total)
{
    size_t header = packet_header_size(kind), trailer = packet_trailer_size(kind, bytes);
    Term packet = packet_is_term(kind)
                      ? packet_term(space, kind, bytes, total)
                      : make_sub_bits(space, binary, header * 8, (total - header - trailer) * 8);
    Term rest = make_sub_bits(space, binary, total * 8, bitstring_bits(binary) - total * 8);
    return packet == TERM_LIMIT ? packet : make_tuple3(space, ATOM_ok, packet, rest);
}

Term bif_decode_packet_3(Process *p, const Term args[])
{
    PacketKind kind;
    PacketOptions options;
    if (!packet_kind(args[0], &kind) || !term_is_bitstring(args[1]) ||
        !read_options(args[2], kind, &options)) {
        return bif_badarg(p);
    }
    Space *space = bif_space(p);
    Term binary = make_sub_bits(space, args[1], 0, bitstring_bits(args[1]) & ~(size_t) 7);
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(binary, &size, &scratch);
    int64_t total = packet_size(kind, bytes, size, &options);
    Term result = total < 0                 ? make_tuple2(space, ATOM_error, atom_of("invalid"))
                  : total == 0              ? make_tuple2(space, atom_of("more"), ATOM_undefined)
                  : (uint64_t) total > size ? make_tuple2(space, atom_of("more"), term_small(total))
                                            : decoded(space, kind, args[1], bytes, (size_t) total);
    mem_free(scratch);
    bif_charge(p, 1 + size / 256);
    return result == TERM_LIMIT ? bif_error(p, ATOM_system_limit) : result;
}
