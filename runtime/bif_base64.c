/* runtime/bif_base64.c
 * The bulk of module base64: whole groups of three bytes and four characters. What is at an end, or
 * wrong, is left to Erlang. A call handles at most SLICE input bytes, so that a long one can be
 * interrupted between them. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

enum { SLICE_BYTES = 3 << 18 };
enum { VALUE_BAD = 64, VALUE_PAD, VALUE_BLANK };

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char urlsafe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void encode_groups(const uint8_t *in, size_t size, const char *alphabet, uint8_t *out)
{
    for (size_t i = 0; i + 3 <= size; i += 3, out += 4) {
        uint32_t group = (uint32_t) in[i] << 16 | (uint32_t) in[i + 1] << 8 | in[i + 2];
        out[0] = (uint8_t) alphabet[group >> 18];
        out[1] = (uint8_t) alphabet[group >> 12 & 63];
        out[2] = (uint8_t) alphabet[group >> 6 & 63];
        out[3] = (uint8_t) alphabet[group & 63];
    }
}

/* muster_base64:encode(Binary, standard | urlsafe): {Text, Rest}; Rest is shorter than three bytes,
 * or what comes after a slice. */
LONG_BIF(bif_base64_encode, bif_is_large(p, args[0]))
{
    if (!term_is_binary(args[0])) {
        return bif_badarg(p);
    }
    size_t size;
    void *scratch;
    const uint8_t *in = binary_bytes(args[0], &size, &scratch);
    size_t done = (size < SLICE_BYTES ? size : SLICE_BYTES) / 3 * 3;
    uint8_t *out;
    Term text = make_binary_uninit(bif_space(p), done / 3 * 4, &out);
    if (text == TERM_NONE || text == TERM_LIMIT) {
        mem_free(scratch);
        return bif_system_limit(p);
    }
    encode_groups(in, done, args[1] == ATOM_urlsafe ? urlsafe : standard, out);
    mem_free(scratch);
    bif_charge(p, done / 512);
    Term rest = make_sub_bits(bif_space(p), args[0], done * 8, (size - done) * 8);
    return make_tuple2(bif_space(p), text, rest);
}

static void fill_values(uint8_t values[256], const char *alphabet)
{
    memset(values, VALUE_BAD, 256);
    for (uint8_t i = 0; i < 64; i++) {
        values[(uint8_t) alphabet[i]] = i;
    }
    values['='] = VALUE_PAD;
    values[' '] = values['\t'] = values['\r'] = values['\n'] = VALUE_BLANK;
}

/* Decodes whole groups, passing over blanks and, if `skip`, over whatever is no character of the
 * alphabet. Answers how many bytes of the input the groups took. */
static size_t decode_groups(const uint8_t *in, size_t size, const uint8_t values[256], bool skip,
                            uint8_t *out, size_t *written)
{
    size_t taken = 0;
    uint32_t group = 0;
    unsigned count = 0;
    *written = 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t value = values[in[i]];
        if (value >= VALUE_BAD) {
            if (value == VALUE_BLANK || (skip && value == VALUE_BAD)) {
                continue;
            }
            break;
        }
        group = group << 6 | value;
        if (++count == 4) {
            out[(*written)++] = (uint8_t) (group >> 16);
            out[(*written)++] = (uint8_t) (group >> 8);
            out[(*written)++] = (uint8_t) group;
            count = 0;
            taken = i + 1;
        }
    }
    return taken;
}

/* muster_base64:decode(Text, standard | urlsafe, SkipBad): {Bytes, Rest}. */
LONG_BIF(bif_base64_decode, bif_is_large(p, args[0]))
{
    if (!term_is_binary(args[0])) {
        return bif_badarg(p);
    }
    uint8_t values[256];
    fill_values(values, args[1] == ATOM_urlsafe ? urlsafe : standard);
    size_t size;
    void *scratch;
    const uint8_t *in = binary_bytes(args[0], &size, &scratch);
    size_t slice = size < SLICE_BYTES ? size : SLICE_BYTES;
    size_t written;
    uint8_t *out = mem_try_alloc(slice / 4 * 3 + 1);
    if (out == NULL) {
        mem_free(scratch);
        return bif_system_limit(p);
    }
    size_t taken = decode_groups(in, slice, values, args[2] == ATOM_true, out, &written);
    mem_free(scratch);
    bif_charge(p, slice / 512);
    Term bytes = make_binary(bif_space(p), out, written);
    mem_free(out);
    if (bytes == TERM_LIMIT) {
        return bif_system_limit(p);
    }
    Term rest = make_sub_bits(bif_space(p), args[0], taken * 8, (size - taken) * 8);
    return make_tuple2(bif_space(p), bytes, rest);
}
