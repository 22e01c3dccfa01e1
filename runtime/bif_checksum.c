/* runtime/bif_checksum.c
 * crc32, adler32 and md5 of iodata. */
#define OPENSSL_API_COMPAT 0x10100000L /* MD5 as plain data, so that its state can be a binary */

#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

#include <openssl/md5.h>
#include <zlib.h>

typedef uLong (*Checksum)(uLong start, const Bytef *bytes, z_size_t size);

static Term checksum(Process *p, Checksum function, uint64_t start, Term iodata)
{
    size_t size;
    void *scratch;
    const uint8_t *bytes = iodata_view(iodata, &size, &scratch);
    if (bytes == NULL) {
        return bif_badarg(p);
    }
    uLong sum = size == 0 ? start : function((uLong) start, bytes, size);
    mem_free(scratch);
    bif_charge(p, size / 1024);
    return term_small((int64_t) (uint32_t) sum);
}

static bool term_to_uint32(Term t, uint64_t *out)
{
    return term_to_uint64(t, out) && *out <= UINT32_MAX;
}

static Term checksum_onwards(Process *p, Checksum function, const Term args[])
{
    uint64_t start;
    return term_to_uint32(args[0], &start) ? checksum(p, function, start, args[1]) : bif_badarg(p);
}

LONG_BIF(bif_crc32, bif_is_large(p, args[0]))
{
    return checksum(p, crc32_z, 0, args[0]);
}
LONG_BIF(bif_crc32_2, bif_is_large(p, args[1]))
{
    return checksum_onwards(p, crc32_z, args);
}
LONG_BIF(bif_adler32, bif_is_large(p, args[0]))
{
    return checksum(p, adler32_z, 1, args[0]);
}
LONG_BIF(bif_adler32_2, bif_is_large(p, args[1]))
{
    return checksum_onwards(p, adler32_z, args);
}

static Term combine(Process *p, uLong (*function)(uLong, uLong, z_off_t), const Term args[])
{
    uint64_t first, second, size;
    if (!term_to_uint32(args[0], &first) || !term_to_uint32(args[1], &second) ||
        !term_to_uint64(args[2], &size) || size > INT64_MAX) {
        return bif_badarg(p);
    }
    return term_small((int64_t) (uint32_t) function(first, second, (z_off_t) size));
}

Term bif_crc32_combine(Process *p, const Term args[])
{
    return combine(p, crc32_combine, args);
}
Term bif_adler32_combine(Process *p, const Term args[])
{
    return combine(p, adler32_combine, args);
}

/* ---- md5 ---- */

LONG_BIF(bif_md5, bif_is_large(p, args[0]))
{
    size_t size;
    void *scratch;
    const uint8_t *bytes = iodata_view(args[0], &size, &scratch);
    if (bytes == NULL) {
        return bif_badarg(p);
    }
    uint8_t digest[MD5_DIGEST_LENGTH];
    MD5(bytes, size, digest);
    mem_free(scratch);
    bif_charge(p, size / 256);
    return make_binary(bif_space(p), digest, sizeof digest);
}

Term bif_md5_init(Process *p, const Term args[])
{
    MD5_CTX state;
    memset(&state, 0, sizeof state);
    MD5_Init(&state);
    return make_binary(bif_space(p), &state, sizeof state);
}

/* A state that a program hands over may be anything; only `num` could do harm. */
static bool md5_state_of(Term t, MD5_CTX *out)
{
    if (!term_is_binary(t) || bitstring_bits(t) != sizeof *out * 8) {
        return false;
    }
    size_t size;
    void *scratch;
    memcpy(out, binary_bytes(t, &size, &scratch), sizeof *out);
    mem_free(scratch);
    return out->num < MD5_CBLOCK;
}

LONG_BIF(bif_md5_update, bif_is_large(p, args[1]))
{
    MD5_CTX state;
    size_t size;
    void *scratch;
    const uint8_t *bytes =
        md5_state_of(args[0], &state) ? iodata_view(args[1], &size, &scratch) : NULL;
    if (bytes == NULL) {
        return bif_badarg(p);
    }
    MD5_Update(&state, bytes, size);
    mem_free(scratch);
    bif_charge(p, size / 256);
    return make_binary(bif_space(p), &state, sizeof state);
}

Term bif_md5_final(Process *p, const Term args[])
{
    MD5_CTX state;
    if (!md5_state_of(args[0], &state)) {
        return bif_badarg(p);
    }
    uint8_t digest[MD5_DIGEST_LENGTH];
    MD5_Final(digest, &state);
    return make_binary(bif_space(p), digest, sizeof digest);
}
