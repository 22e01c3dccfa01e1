/* runtime/bif_crypto_hash.c: digests and message authentication codes. */
#include "runtime/bif_crypto.h"

#include "runtime/bif_tables.h"
#include "runtime/term/world.h"

#include <openssl/cmac.h>
#include <openssl/core_names.h>
#include <openssl/hmac.h>
#include <openssl/md4.h>
#include <openssl/ripemd.h>

/* ---- which there are ---- */

typedef struct DigestName {
    const char *name;
    const EVP_MD *(*digest)(void);
    size_t old_size; /* not in the default provider: a copy of the method works without one, when
                        told the size of its context. 0: it is there */
} DigestName;

static const DigestName digest_names[] = {
    {"sha256", EVP_sha256, 0},
    {"sha", EVP_sha1, 0},
    {"md5", EVP_md5, 0},
    {"sha224", EVP_sha224, 0},
    {"sha384", EVP_sha384, 0},
    {"sha512", EVP_sha512, 0},
    {"sha512_224", EVP_sha512_224, 0},
    {"sha512_256", EVP_sha512_256, 0},
    {"sha3_224", EVP_sha3_224, 0},
    {"sha3_256", EVP_sha3_256, 0},
    {"sha3_384", EVP_sha3_384, 0},
    {"sha3_512", EVP_sha3_512, 0},
    {"shake128", EVP_shake128, 0},
    {"shake256", EVP_shake256, 0},
    {"blake2b", EVP_blake2b512, 0},
    {"blake2s", EVP_blake2s256, 0},
    {"sm3", EVP_sm3, 0},
    {"ripemd160", EVP_ripemd160, sizeof(RIPEMD160_CTX)},
    {"md4", EVP_md4, sizeof(MD4_CTX)},
};

/* Fetched once: else each use looks for the method under a lock. */
static const EVP_MD *digests[COUNT_OF(digest_names)];
static pthread_once_t digests_once = PTHREAD_ONCE_INIT;

static void find_digests(void)
{
    for (size_t i = 0; i < COUNT_OF(digest_names); i++) {
        const EVP_MD *digest = digest_names[i].digest();
        if (digest_names[i].old_size > 0) {
            EVP_MD *copy = EVP_MD_meth_dup(digest);
            EVP_MD_meth_set_app_datasize(copy, (int) digest_names[i].old_size);
            digests[i] = copy;
        } else {
            EVP_MD *fetched = EVP_MD_fetch(NULL, EVP_MD_get0_name(digest), NULL);
            digests[i] = fetched != NULL ? fetched : digest;
        }
    }
}

const EVP_MD *crypto_digest(Term name)
{
    for (size_t i = 0; term_is_atom(name) && i < COUNT_OF(digest_names); i++) {
        if (strcmp(digest_names[i].name, atom_name(name)) == 0) {
            pthread_once(&digests_once, find_digests);
            return digests[i];
        }
    }
    return NULL;
}

static bool is_shake(const EVP_MD *digest)
{
    return EVP_MD_flags(digest) & EVP_MD_FLAG_XOF;
}

/* hash_info(Name): {Size, BlockSize, Type} | undefined */
static Term hash_info(Space *space, const Term args[])
{
    const EVP_MD *digest = crypto_digest(args[0]);
    return digest == NULL ? ATOM_undefined
                          : make_tuple3(space, term_small(EVP_MD_size(digest)),
                                        term_small(EVP_MD_block_size(digest)),
                                        term_small(EVP_MD_type(digest)));
}
CRYPTO_BIF(hash_info, 1, false)

/* ---- digests at once ---- */

/* hash(Name, Binary) */
static Term hash(Space *space, const Term args[])
{
    const EVP_MD *digest = crypto_digest(args[0]);
    uint8_t result[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (digest == NULL || is_shake(digest)) {
        return CRYPTO_BADARG(1, "Bad digest type");
    }
    CryptoBytes data = bytes_of(args[1]);
    bool good =
        data.bytes != NULL && EVP_Digest(data.bytes, data.size, result, &size, digest, NULL);
    bytes_drop(&data);
    return good ? make_binary(space, result, size) : CRYPTO_ERROR(0, "Low-level call failed");
}
CRYPTO_BIF(hash, 2, false)

static Term finish_xof(Space *space, EVP_MD_CTX *context, size_t bits)
{
    uint8_t *bytes;
    if (bits % 8 != 0) {
        return CRYPTO_BADARG(3, "Bad length");
    }
    Term binary = make_binary_uninit(space, bits / 8, &bytes);
    if (binary == TERM_LIMIT) {
        return binary;
    }
    return EVP_DigestFinalXOF(context, bytes, bits / 8) ? binary
                                                        : CRYPTO_ERROR(0, "Can't finalize");
}

/* hash_xof(Name, Binary, Bits) */
static Term hash_xof(Space *space, const Term args[])
{
    const EVP_MD *digest = crypto_digest(args[0]);
    uint64_t bits;
    if (digest == NULL || !is_shake(digest)) {
        return CRYPTO_BADARG(1, "Bad digest type");
    }
    if (!term_to_uint64(args[2], &bits) || bits > (uint64_t) 8 * INT32_MAX) {
        return CRYPTO_BADARG(3, "Bad length");
    }
    CryptoBytes data = bytes_of(args[1]);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    Term result = data.bytes != NULL && EVP_DigestInit_ex(context, digest, NULL) &&
                          EVP_DigestUpdate(context, data.bytes, data.size)
                      ? finish_xof(space, context, bits)
                      : CRYPTO_ERROR(0, "Low-level call failed");
    EVP_MD_CTX_free(context);
    bytes_drop(&data);
    return result;
}
CRYPTO_BIF(hash_xof, 3, false)

/* ---- digests bit by bit: each update makes a new state ---- */

typedef struct HashState {
    Magic magic; /* first */
    EVP_MD_CTX *context;
} HashState;

static const char hash_state_type;

static void destroy_hash_state(Magic *magic)
{
    EVP_MD_CTX_free(((HashState *) magic)->context);
    mem_free(magic);
}

static Term make_hash_state(Space *space, EVP_MD_CTX *context)
{
    HashState *state = mem_alloc_zero(sizeof *state);
    state->magic = (Magic){1, destroy_hash_state, &hash_state_type};
    state->context = context;
    return make_magic_ref(space, &state->magic, world_unique_number());
}

static EVP_MD_CTX *hash_context(Term t)
{
    Magic *magic = magic_of(t, &hash_state_type);
    return magic == NULL ? NULL : ((HashState *) magic)->context;
}

static Term hash_init(Space *space, const Term args[])
{
    const EVP_MD *digest = crypto_digest(args[0]);
    if (digest == NULL) {
        return CRYPTO_BADARG(1, "Bad digest type");
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!EVP_DigestInit_ex(context, digest, NULL)) {
        EVP_MD_CTX_free(context);
        return CRYPTO_ERROR(0, "Unsupported digest type");
    }
    return make_hash_state(space, context);
}
CRYPTO_BIF(hash_init, 1, false)

static EVP_MD_CTX *copy_context(const EVP_MD_CTX *context)
{
    EVP_MD_CTX *copy = EVP_MD_CTX_new();
    CHECK(EVP_MD_CTX_copy_ex(copy, context));
    return copy;
}

static Term hash_update(Space *space, const Term args[])
{
    EVP_MD_CTX *context = hash_context(args[0]);
    if (context == NULL) {
        return CRYPTO_BADARG(1, "Bad state");
    }
    CryptoBytes data = bytes_of(args[1]);
    EVP_MD_CTX *next = copy_context(context);
    bool good = data.bytes != NULL && EVP_DigestUpdate(next, data.bytes, data.size);
    bytes_drop(&data);
    if (!good) {
        EVP_MD_CTX_free(next);
        return CRYPTO_ERROR(0, "Low-level call failed");
    }
    return make_hash_state(space, next);
}
CRYPTO_BIF(hash_update, 2, false)

static Term hash_final(Space *space, const Term args[])
{
    uint8_t result[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_MD_CTX *context = hash_context(args[0]);
    if (context == NULL) {
        return CRYPTO_BADARG(1, "Bad state");
    }
    EVP_MD_CTX *last = copy_context(context);
    bool good = EVP_DigestFinal_ex(last, result, &size);
    EVP_MD_CTX_free(last);
    return good ? make_binary(space, result, size) : CRYPTO_ERROR(0, "Low-level call failed");
}
CRYPTO_BIF(hash_final, 1, false)

/* hash_final_xof(State, Bits) */
static Term hash_final_xof(Space *space, const Term args[])
{
    uint64_t bits;
    EVP_MD_CTX *context = hash_context(args[0]);
    if (context == NULL || !is_shake(EVP_MD_CTX_md(context))) {
        return CRYPTO_BADARG(1, "Bad state");
    }
    if (!term_to_uint64(args[1], &bits) || bits > (uint64_t) 8 * INT32_MAX) {
        return CRYPTO_BADARG(2, "Bad length");
    }
    EVP_MD_CTX *last = copy_context(context);
    Term result = finish_xof(space, last, bits);
    EVP_MD_CTX_free(last);
    return result;
}
CRYPTO_BIF(hash_final_xof, 2, false)

/* ---- message authentication codes: a state is changed by what it is given ---- */

typedef struct Mac {
    Magic magic; /* first; only of states */
    pthread_mutex_t lock;
    HMAC_CTX *hmac; /* one of these */
    CMAC_CTX *cmac;
    EVP_MAC_CTX *poly1305;
} Mac;

static const char mac_type;

static void finish_mac(Mac *mac)
{
    HMAC_CTX_free(mac->hmac);
    CMAC_CTX_free(mac->cmac);
    EVP_MAC_CTX_free(mac->poly1305);
}

static void destroy_mac(Magic *magic)
{
    Mac *mac = (Mac *) magic;
    finish_mac(mac);
    pthread_mutex_destroy(&mac->lock);
    mem_free(mac);
}

static Term start_hmac(Space *space, Mac *mac, Term name, CryptoBytes key)
{
    const EVP_MD *digest = crypto_digest(name);
    if (digest == NULL || is_shake(digest)) {
        return CRYPTO_BADARG(2, "Bad digest algorithm for HMAC");
    }
    mac->hmac = HMAC_CTX_new();
    return HMAC_Init_ex(mac->hmac, key.bytes, (int) key.size, digest, NULL)
               ? ATOM_ok
               : CRYPTO_ERROR(0, "Can't initialize HMAC");
}

static Term start_cmac(Space *space, Mac *mac, Term name, CryptoBytes key)
{
    const EVP_CIPHER *cipher = term_is_atom(name) ? crypto_cipher(atom_name(name), key.size) : NULL;
    if (cipher == NULL) {
        bool exists = term_is_atom(name) && crypto_cipher_has_one_size(atom_name(name));
        return exists ? CRYPTO_BADARG(3, "Bad key size") : CRYPTO_BADARG(2, "Unknown cipher");
    }
    mac->cmac = CMAC_CTX_new();
    return CMAC_Init(mac->cmac, key.bytes, key.size, cipher, NULL)
               ? ATOM_ok
               : CRYPTO_ERROR(0, "Couldn't get mac");
}

static Term start_poly1305(Space *space, Mac *mac, CryptoBytes key)
{
    if (key.size != 32) {
        return CRYPTO_BADARG(3, "Bad key length");
    }
    EVP_MAC *method = EVP_MAC_fetch(NULL, "POLY1305", NULL);
    mac->poly1305 = EVP_MAC_CTX_new(method);
    EVP_MAC_free(method);
    return EVP_MAC_init(mac->poly1305, key.bytes, key.size, NULL)
               ? ATOM_ok
               : CRYPTO_ERROR(0, "Can't initialize POLY1305");
}

/* ok, or what is wrong. */
static Term start_mac(Space *space, Mac *mac, Term type, Term name, Term key_term)
{
    CryptoBytes key = bytes_of(key_term);
    Term result = key.bytes == NULL           ? CRYPTO_BADARG(3, "Bad key")
                  : atom_is(type, "hmac")     ? start_hmac(space, mac, name, key)
                  : atom_is(type, "cmac")     ? start_cmac(space, mac, name, key)
                  : atom_is(type, "poly1305") ? start_poly1305(space, mac, key)
                                              : CRYPTO_BADARG(1, "Unknown mac algorithm");
    bytes_drop(&key);
    return result;
}

static bool add_to_mac(Mac *mac, CryptoBytes data)
{
    return mac->hmac != NULL   ? HMAC_Update(mac->hmac, data.bytes, data.size)
           : mac->cmac != NULL ? CMAC_Update(mac->cmac, data.bytes, data.size)
                               : EVP_MAC_update(mac->poly1305, data.bytes, data.size);
}

static Term mac_result(Space *space, Mac *mac)
{
    uint8_t result[EVP_MAX_MD_SIZE];
    unsigned hmac_size = 0;
    size_t size = sizeof result;
    bool good;
    if (mac->hmac != NULL) {
        good = HMAC_Final(mac->hmac, result, &hmac_size);
        size = hmac_size;
    } else if (mac->cmac != NULL) {
        good = CMAC_Final(mac->cmac, result, &size);
    } else {
        good = EVP_MAC_final(mac->poly1305, result, &size, sizeof result);
    }
    return good ? make_binary(space, result, size) : CRYPTO_ERROR(0, "Can't finalize");
}

/* mac(Type, SubType, Key, Data) */
static Term mac(Space *space, const Term args[])
{
    Mac state = {0};
    CryptoBytes data = bytes_of(args[3]);
    Term result = data.bytes == NULL ? CRYPTO_BADARG(4, "Bad text")
                                     : start_mac(space, &state, args[0], args[1], args[2]);
    if (result == ATOM_ok) {
        result = add_to_mac(&state, data) ? mac_result(space, &state)
                                          : CRYPTO_ERROR(0, "Low-level call failed");
    }
    finish_mac(&state);
    bytes_drop(&data);
    return result;
}
CRYPTO_BIF(mac, 4, false)

/* mac_init(Type, SubType, Key) */
static Term mac_init(Space *space, const Term args[])
{
    Mac *state = mem_alloc_zero(sizeof *state);
    state->magic = (Magic){1, destroy_mac, &mac_type};
    pthread_mutex_init(&state->lock, NULL);
    Term result = start_mac(space, state, args[0], args[1], args[2]);
    if (result != ATOM_ok) {
        destroy_mac(&state->magic);
        return result;
    }
    return make_magic_ref(space, &state->magic, world_unique_number());
}
CRYPTO_BIF(mac_init, 3, false)

static Term mac_update(Space *space, const Term args[])
{
    Mac *state = (Mac *) magic_of(args[0], &mac_type);
    CryptoBytes data = bytes_of(args[1]);
    if (data.bytes == NULL) {
        return CRYPTO_BADARG(2, "Bad text");
    }
    if (state == NULL) {
        bytes_drop(&data);
        return CRYPTO_BADARG(1, "Bad ref");
    }
    pthread_mutex_lock(&state->lock);
    bool good = add_to_mac(state, data);
    pthread_mutex_unlock(&state->lock);
    bytes_drop(&data);
    return good ? args[0] : CRYPTO_ERROR(0, "Low-level call failed");
}
CRYPTO_BIF(mac_update, 2, false)

static Term mac_final(Space *space, const Term args[])
{
    Mac *state = (Mac *) magic_of(args[0], &mac_type);
    if (state == NULL) {
        return CRYPTO_BADARG(1, "Bad ref");
    }
    pthread_mutex_lock(&state->lock);
    Term result = mac_result(space, state);
    pthread_mutex_unlock(&state->lock);
    return result;
}
CRYPTO_BIF(mac_final, 1, false)
