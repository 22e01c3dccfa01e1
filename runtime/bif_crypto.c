/* runtime/bif_crypto.c
 * How natives of crypto are called, random bytes, arithmetic, and what the library can do. */
#include "runtime/bif_crypto.h"

#include "runtime/bif_tables.h"
#include "runtime/job.h"
#include "runtime/term/copy.h"
#include "runtime/term/world.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>

/* ---- calling ---- */

/* Bytes of data from which on a call goes to the pool: about a millisecond of a slow digest. */
enum { HASH_LONG_BYTES = 256 * 1024, ARGUMENTS_MOST = 8 };

static int seeded_bytes(unsigned char *bytes, int count)
{
    world_random_bytes(bytes, (size_t) count);
    return 1;
}

static void set_up(void)
{
    /* No clean-up at exit: threads may still be using it. No configuration file: it could name
     * modules to be loaded. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    if (world.seeded) {
        static RAND_METHOD seeded;
        seeded.bytes = seeded.pseudorand = seeded_bytes;
        RAND_set_rand_method(&seeded);
    }
}

static pthread_once_t set_up_once = PTHREAD_ONCE_INIT;

typedef struct CryptoJob {
    Job job; /* first */
    CryptoFunction *function;
    ArenaSpace *arena;
    Term result;
    Term args[ARGUMENTS_MOST];
} CryptoJob;

static void job_work(Job *base)
{
    CryptoJob *job = (CryptoJob *) base;
    job->result = job->function(arena_space(job->arena), job->args);
    ERR_clear_error();
}

static Term job_answer(Job *base, Space *space)
{
    Term result = ((CryptoJob *) base)->result;
    return result == TERM_LIMIT ? TERM_LIMIT : term_copy(space, result);
}

static void job_finish(Job *base)
{
    arena_space_destroy(((CryptoJob *) base)->arena);
    mem_free(base);
}

static Term call_on_pool(Process *p, CryptoFunction *function, const Term args[], unsigned count)
{
    CryptoJob *job = mem_alloc_zero(sizeof *job);
    job->job.work = job_work;
    job->job.answer = job_answer;
    job->job.finish = job_finish;
    job->function = function;
    job->arena = arena_space_create();
    for (unsigned i = 0; i < count; i++) {
        job->args[i] = term_copy(arena_space(job->arena), args[i]);
        if (job->args[i] == TERM_LIMIT) {
            job_finish(&job->job);
            return bif_system_limit(p);
        }
    }
    return job_start(p, &job->job);
}

/* A guess that need not be right: iodata in lists is always copied anyway. */
static size_t data_bytes(Term t)
{
    return term_is_bitstring(t) ? bitstring_bits(t) / 8 : term_is_cons(t) ? 4096 : 0;
}

Term crypto_call(Process *p, CryptoFunction *function, const Term args[], unsigned count,
                 bool is_long)
{
    ASSERT(count <= ARGUMENTS_MOST);
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    pthread_once(&set_up_once, set_up);
    size_t bytes = 0;
    for (unsigned i = 0; i < count; i++) {
        bytes += data_bytes(args[i]);
    }
    if (is_long || bytes > HASH_LONG_BYTES) {
        return call_on_pool(p, function, args, count);
    }
    bif_charge(p, 10 + bytes / 64);
    Term result = function(bif_space(p), args);
    ERR_clear_error();
    return result == TERM_NONE    ? bif_badarg(p)
           : result == TERM_LIMIT ? bif_system_limit(p)
                                  : result;
}

Term crypto_error(Space *space, Term tag, int argument, const char *text, const char *file,
                  int line)
{
    Term place =
        make_tuple2(space, make_string_latin1(space, file, strlen(file)), term_small(line));
    Term reason = make_tuple3(space, tag, place, make_string_latin1(space, text, strlen(text)));
    return make_tuple3(space, ATOM_crypto_error, reason,
                       argument == 0 ? ATOM_undefined : term_small(argument));
}

/* ---- help for arguments ---- */

CryptoBytes bytes_of(Term iodata)
{
    CryptoBytes bytes = {NULL, 0, NULL};
    bytes.bytes = iodata_view(iodata, &bytes.size, &bytes.scratch);
    return bytes;
}

void bytes_drop(CryptoBytes *bytes)
{
    mem_free(bytes->scratch);
    bytes->scratch = NULL;
}

bool atom_is(Term t, const char *text)
{
    return term_is_atom(t) && strcmp(atom_name(t), text) == 0;
}

BIGNUM *bignum_of(Term t)
{
    if (term_is_small(t)) {
        int64_t value = small_value(t);
        BIGNUM *number = value < 0 ? NULL : BN_new();
        if (number != NULL) {
            BN_set_word(number, (BN_ULONG) value);
        }
        return number;
    }
    if (term_is_kind(t, KIND_big_pos)) {
        const Term *object = term_boxed_at(t);
        return BN_lebin2bn((const uint8_t *) (object + 1),
                           (int) (header_words(*object) * sizeof(Term)), NULL);
    }
    if (!term_is_binary(t)) {
        return NULL;
    }
    CryptoBytes bytes = bytes_of(t);
    BIGNUM *number = bytes.size > INT32_MAX ? NULL : BN_bin2bn(bytes.bytes, (int) bytes.size, NULL);
    bytes_drop(&bytes);
    return number;
}

Term bignum_binary(Space *space, const BIGNUM *number, int least)
{
    int size = BN_num_bytes(number);
    uint8_t *bytes;
    size = size < least ? least : size;
    Term binary = make_binary_uninit(space, (size_t) size, &bytes);
    if (binary != TERM_LIMIT) {
        BN_bn2binpad(number, bytes, size);
    }
    return binary;
}

/* ---- random ---- */

static Term strong_rand_bytes(Space *space, const Term args[])
{
    int64_t count;
    uint8_t *bytes;
    if (!term_to_index(args[0], &count)) {
        return TERM_NONE;
    }
    Term binary = make_binary_uninit(space, (size_t) count, &bytes);
    if (binary != TERM_LIMIT) {
        world_random_bytes(bytes, (size_t) count);
    }
    return binary;
}

Term bif_crypto_strong_rand_bytes(Process *p, const Term args[])
{
    int64_t count;
    bool is_long = term_to_index(args[0], &count) && count > LONG_BYTES;
    return crypto_call(p, strong_rand_bytes, args, 1, is_long);
}

/* rand_seed(Bytes): stirs them in; what is seeded stays as it is. */
static Term rand_seed(Space *space, const Term args[])
{
    CryptoBytes bytes = bytes_of(args[0]);
    if (bytes.bytes == NULL || bytes.size > INT32_MAX) {
        bytes_drop(&bytes);
        return TERM_NONE;
    }
    RAND_seed(bytes.bytes, (int) bytes.size);
    bytes_drop(&bytes);
    return ATOM_ok;
}
CRYPTO_BIF(rand_seed, 1, false)

/* rand_uniform(Range), a binary from 0 to Range - 1. */
static Term rand_uniform(Space *space, const Term args[])
{
    BIGNUM *range = bignum_of(args[0]);
    BIGNUM *number = BN_new();
    Term result = TERM_NONE;
    if (range != NULL && !BN_is_zero(range) && BN_rand_range(number, range)) {
        result = bignum_binary(space, number, 1);
    }
    BN_free(range);
    BN_free(number);
    return result;
}
CRYPTO_BIF(rand_uniform, 1, false)

/* ---- arithmetic and comparing ---- */

/* mod_pow(Base, Exponent, Modulus, Result): a binary of the number, and, where Result is 4, its
 * size before it in 4 bytes. */
static Term mod_pow(Space *space, const Term args[])
{
    BIGNUM *base = bignum_of(args[0]), *exponent = bignum_of(args[1]),
           *modulus = bignum_of(args[2]);
    BIGNUM *power = BN_new();
    BN_CTX *context = BN_CTX_new();
    Term result = TERM_NONE;
    if (base != NULL && exponent != NULL && modulus != NULL) {
        result = BN_mod_exp(power, base, exponent, modulus, context)
                     ? bignum_binary(space, power, 0)
                     : ATOM_error;
    }
    BN_free(base);
    BN_free(exponent);
    BN_free(modulus);
    BN_free(power);
    BN_CTX_free(context);
    return result;
}

Term bif_crypto_mod_pow(Process *p, const Term args[])
{
    return crypto_call(p, mod_pow, args, 3, term_is_big(args[2]) || data_bytes(args[2]) > 64);
}

static Term exor(Space *space, const Term args[])
{
    CryptoBytes a = bytes_of(args[0]), b = bytes_of(args[1]);
    Term result = TERM_NONE;
    if (a.bytes != NULL && b.bytes != NULL && a.size == b.size) {
        uint8_t *bytes;
        result = make_binary_uninit(space, a.size, &bytes);
        for (size_t i = 0; result != TERM_LIMIT && i < a.size; i++) {
            bytes[i] = a.bytes[i] ^ b.bytes[i];
        }
    }
    bytes_drop(&a);
    bytes_drop(&b);
    return result;
}
CRYPTO_BIF(exor, 2, false)

static Term hash_equals(Space *space, const Term args[])
{
    if (!term_is_binary(args[0]) || !term_is_binary(args[1])) {
        return TERM_NONE;
    }
    CryptoBytes a = bytes_of(args[0]), b = bytes_of(args[1]);
    Term result =
        a.size != b.size ? TERM_NONE : term_bool(CRYPTO_memcmp(a.bytes, b.bytes, a.size) == 0);
    bytes_drop(&a);
    bytes_drop(&b);
    return result;
}
CRYPTO_BIF(hash_equals, 2, false)

static bool is_sha(const EVP_MD *digest)
{
    int type = EVP_MD_type(digest);
    return type == NID_sha1 || type == NID_sha224 || type == NID_sha256 || type == NID_sha384 ||
           type == NID_sha512;
}

static Term pbkdf2(Space *space, const Term args[], const EVP_MD *digest, CryptoBytes password,
                   CryptoBytes salt)
{
    uint64_t iterations, size;
    uint8_t *bytes;
    if (digest == NULL) {
        return CRYPTO_BADARG(1, "Bad digest type");
    }
    if (!is_sha(digest)) {
        return CRYPTO_BADARG(1, "Not eligible digest type");
    }
    if (!term_is_binary(args[1])) {
        return CRYPTO_BADARG(2, "Not binary");
    }
    if (!term_is_binary(args[2])) {
        return CRYPTO_BADARG(3, "Not binary");
    }
    if (!term_to_uint64(args[3], &iterations)) {
        return CRYPTO_BADARG(4, "Not integer");
    }
    if (iterations == 0 || iterations > INT32_MAX) {
        return CRYPTO_BADARG(4, "Must be > 0");
    }
    if (!term_to_uint64(args[4], &size)) {
        return CRYPTO_BADARG(5, "Not integer");
    }
    if (size == 0 || size > INT32_MAX) {
        return CRYPTO_BADARG(5, "Must be > 0");
    }
    Term binary = make_binary_uninit(space, size, &bytes);
    if (binary == TERM_LIMIT) {
        return binary;
    }
    return PKCS5_PBKDF2_HMAC((const char *) password.bytes, (int) password.size, salt.bytes,
                             (int) salt.size, (int) iterations, digest, (int) size, bytes)
               ? binary
               : CRYPTO_ERROR(0, "PKCS5_PBKDF2_HMAC failed");
}

/* pbkdf2_hmac(Digest, Password, Salt, Iterations, Size) */
static Term pbkdf2_hmac(Space *space, const Term args[])
{
    CryptoBytes password = bytes_of(args[1]), salt = bytes_of(args[2]);
    Term result = pbkdf2(space, args, crypto_digest(args[0]), password, salt);
    bytes_drop(&password);
    bytes_drop(&salt);
    return result;
}
CRYPTO_BIF(pbkdf2_hmac, 5, true)

/* ---- the library ---- */

/* info_lib(): {Number, Text} */
static Term info_lib(Space *space, const Term args[])
{
    const char *text = OpenSSL_version(OPENSSL_VERSION);
    return make_tuple2(space, make_uint64(space, OpenSSL_version_num()),
                       make_binary(space, text, strlen(text)));
}
CRYPTO_BIF(info_lib, 0, false)
