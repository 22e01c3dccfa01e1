/* runtime/bif_crypto_cipher.c: ciphers, with and without authentication. */
#include "runtime/bif_crypto.h"

#include "runtime/bif_tables.h"
#include "runtime/term/world.h"

#include <openssl/objects.h>
#include <stdio.h>

/* ---- which there are ---- */

typedef enum CipherUse { CIPHER_PLAIN, CIPHER_AEAD } CipherUse;

struct CryptoCipher {
    const char *name;
    const EVP_CIPHER *(*cipher)(void);
    uint16_t key_bytes; /* 0: any length */
    bool is_old;        /* not in the default provider: a copy of the method works without one */
    CipherUse use;
};

/* Names without a key's length stand for those of all lengths: NAMES gives both. */
#define SIZES(mode, function) \
    {"aes_128_" mode, EVP_aes_128_##function, 16, false, CIPHER_PLAIN}, \
        {"aes_192_" mode, EVP_aes_192_##function, 24, false, CIPHER_PLAIN}, \
    { \
        "aes_256_" mode, EVP_aes_256_##function, 32, false, CIPHER_PLAIN \
    }
#define SIZES_AND_ALIASES(mode, function, use) \
    {"aes_128_" mode, EVP_aes_128_##function, 16, false, use}, \
        {"aes_192_" mode, EVP_aes_192_##function, 24, false, use}, \
        {"aes_256_" mode, EVP_aes_256_##function, 32, false, use}, \
        {"aes_" mode, EVP_aes_128_##function, 16, false, use}, \
        {"aes_" mode, EVP_aes_192_##function, 24, false, use}, \
    { \
        "aes_" mode, EVP_aes_256_##function, 32, false, use \
    }

static const CryptoCipher ciphers[] = {
    SIZES_AND_ALIASES("cbc", cbc, CIPHER_PLAIN),
    SIZES_AND_ALIASES("ctr", ctr, CIPHER_PLAIN),
    SIZES_AND_ALIASES("ecb", ecb, CIPHER_PLAIN),
    SIZES_AND_ALIASES("gcm", gcm, CIPHER_AEAD),
    SIZES_AND_ALIASES("ccm", ccm, CIPHER_AEAD),
    SIZES_AND_ALIASES("cfb8", cfb8, CIPHER_PLAIN),
    SIZES_AND_ALIASES("cfb128", cfb128, CIPHER_PLAIN),
    SIZES("ofb", ofb),
    {"chacha20_poly1305", EVP_chacha20_poly1305, 0, false, CIPHER_AEAD},
    {"chacha20", EVP_chacha20, 32, false, CIPHER_PLAIN},
    {"des_ede3_cbc", EVP_des_ede3_cbc, 0, false, CIPHER_PLAIN},
    {"des_ede3_cfb", EVP_des_ede3_cfb64, 0, false, CIPHER_PLAIN},
    {"des_cbc", EVP_des_cbc, 0, true, CIPHER_PLAIN},
    {"des_cfb", EVP_des_cfb64, 0, true, CIPHER_PLAIN},
    {"des_ecb", EVP_des_ecb, 0, true, CIPHER_PLAIN},
    {"blowfish_cbc", EVP_bf_cbc, 0, true, CIPHER_PLAIN},
    {"blowfish_cfb64", EVP_bf_cfb64, 0, true, CIPHER_PLAIN},
    {"blowfish_ofb64", EVP_bf_ofb, 0, true, CIPHER_PLAIN},
    {"blowfish_ecb", EVP_bf_ecb, 0, true, CIPHER_PLAIN},
    {"rc2_cbc", EVP_rc2_cbc, 0, true, CIPHER_PLAIN},
    {"rc4", EVP_rc4, 0, true, CIPHER_PLAIN},
};

static const EVP_CIPHER *old_ciphers[COUNT_OF(ciphers)];
static pthread_once_t old_once = PTHREAD_ONCE_INIT;

static void copy_old_ciphers(void)
{
    for (size_t i = 0; i < COUNT_OF(ciphers); i++) {
        if (ciphers[i].is_old) {
            old_ciphers[i] = EVP_CIPHER_meth_dup(ciphers[i].cipher());
        }
    }
}

static const EVP_CIPHER *method_of(const CryptoCipher *cipher)
{
    if (!cipher->is_old) {
        return cipher->cipher();
    }
    pthread_once(&old_once, copy_old_ciphers);
    return old_ciphers[cipher - ciphers];
}

/* The first of that name whose key has that length; a length of SIZE_MAX: any. */
static const CryptoCipher *find_cipher(const char *name, size_t key_bytes)
{
    for (size_t i = 0; i < COUNT_OF(ciphers); i++) {
        if (strcmp(ciphers[i].name, name) == 0 &&
            (ciphers[i].key_bytes == 0 || key_bytes == SIZE_MAX ||
             ciphers[i].key_bytes == key_bytes)) {
            return &ciphers[i];
        }
    }
    return NULL;
}

const EVP_CIPHER *crypto_cipher(const char *name, size_t key_bytes)
{
    const CryptoCipher *cipher = find_cipher(name, key_bytes);
    return cipher == NULL ? NULL : method_of(cipher);
}

bool crypto_cipher_has_one_size(const char *name)
{
    const CryptoCipher *first = find_cipher(name, SIZE_MAX);
    return first != NULL &&
           (first + 1 == ciphers + COUNT_OF(ciphers) || strcmp(first[1].name, name) != 0);
}

static const CryptoCipher *cipher_named(Term name, size_t key_bytes)
{
    return term_is_atom(name) ? find_cipher(atom_name(name), key_bytes) : NULL;
}

static const char *mode_name(const EVP_CIPHER *cipher)
{
    switch (EVP_CIPHER_mode(cipher)) {
    case EVP_CIPH_ECB_MODE:
        return "ecb_mode";
    case EVP_CIPH_CBC_MODE:
        return "cbc_mode";
    case EVP_CIPH_CFB_MODE:
        return "cfb_mode";
    case EVP_CIPH_OFB_MODE:
        return "ofb_mode";
    case EVP_CIPH_CTR_MODE:
        return "ctr_mode";
    case EVP_CIPH_GCM_MODE:
        return "gcm_mode";
    case EVP_CIPH_CCM_MODE:
        return "ccm_mode";
    default:
        return "stream_cipher";
    }
}

/* cipher_info(Name): {Type, KeyLength, IvLength, BlockSize, Mode, IsAead} | undefined */
static Term cipher_info(Space *space, const Term args[])
{
    const CryptoCipher *named = cipher_named(args[0], SIZE_MAX);
    if (named == NULL) {
        return ATOM_undefined;
    }
    const EVP_CIPHER *cipher = method_of(named);
    int type = EVP_CIPHER_type(cipher);
    const Term parts[] = {
        type == NID_undef ? ATOM_undefined : term_small(type),
        term_small(EVP_CIPHER_key_length(cipher)),
        term_small(EVP_CIPHER_iv_length(cipher)),
        term_small(EVP_CIPHER_block_size(cipher)),
        atom_of(mode_name(cipher)),
        term_bool(named->use == CIPHER_AEAD),
    };
    return make_tuple(space, parts, COUNT_OF(parts));
}
CRYPTO_BIF(cipher_info, 1, false)

/* ---- states ---- */

typedef enum Padding {
    PADDING_UNDEFINED, /* what is left over is dropped */
    PADDING_NONE,      /* nothing may be left over */
    PADDING_PKCS,
    PADDING_ZERO,
    PADDING_RANDOM,
} Padding;

typedef struct CipherState {
    Magic magic; /* first; only of states that are terms */
    pthread_mutex_t lock;
    EVP_CIPHER_CTX *context;
    bool encrypt;
    Padding padding;
    Term padding_name;
    int64_t size;         /* bytes given so far */
    int64_t padding_size; /* -1: not known yet */
} CipherState;

static const char cipher_state_type;

static void finish_state(CipherState *state)
{
    EVP_CIPHER_CTX_free(state->context);
}

static void destroy_state(Magic *magic)
{
    CipherState *state = (CipherState *) magic;
    finish_state(state);
    pthread_mutex_destroy(&state->lock);
    mem_free(state);
}

static bool read_padding(CipherState *state, Term name)
{
    static const char *const names[] = {
        [PADDING_UNDEFINED] = "undefined", [PADDING_NONE] = "none",
        [PADDING_PKCS] = "pkcs_padding",   [PADDING_ZERO] = "zero",
        [PADDING_RANDOM] = "random",
    };
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        if (atom_is(name, names[i])) {
            state->padding = (Padding) i;
            state->padding_name = name;
            return true;
        }
    }
    return false;
}

/* One option; ok, or what is wrong. */
static Term read_option(Space *space, CipherState *state, Term option, int number)
{
    if (!tuple_is(option, 2) || !term_is_atom(tuple_elements(option)[0])) {
        return CRYPTO_BADARG(number, "Options must be a property list!");
    }
    Term name = tuple_elements(option)[0], value = tuple_elements(option)[1];
    if (atom_is(name, "encrypt")) {
        state->encrypt = value != ATOM_false;
        return value == ATOM_true || value == ATOM_false || value == ATOM_undefined
                   ? ATOM_ok
                   : CRYPTO_BADARG(number, "The 'encrypt' option must be a boolean!");
    }
    if (atom_is(name, "padding")) {
        return read_padding(state, value) ? ATOM_ok
                                          : CRYPTO_BADARG(number, "Bad 'padding' option value");
    }
    char text[300];
    snprintf(text, sizeof text, "Bad tag in option: %s", atom_name(name));
    return CRYPTO_BADARG(number, text);
}

/* A boolean, undefined or a list. */
static Term read_options(Space *space, CipherState *state, Term options, int number)
{
    state->encrypt = true;
    state->padding_name = ATOM_undefined;
    if (options == ATOM_true || options == ATOM_false || options == ATOM_undefined) {
        state->encrypt = options != ATOM_false;
        return ATOM_ok;
    }
    if (list_length(options) < 0) {
        return CRYPTO_BADARG(number, "Options are not a boolean or a proper list");
    }
    for (; term_is_cons(options); options = cons_tail(options)) {
        Term result = read_option(space, state, cons_head(options), number);
        if (result != ATOM_ok) {
            return result;
        }
    }
    return ATOM_ok;
}

static Term start_cipher(Space *space, CipherState *state, const CryptoCipher *named,
                         CryptoBytes key, CryptoBytes iv)
{
    const EVP_CIPHER *cipher = method_of(named);
    int iv_size = EVP_CIPHER_iv_length(cipher);
    if (iv_size > 0 && iv.bytes == NULL) {
        return CRYPTO_BADARG(3, "Bad iv type");
    }
    if (iv_size > 0 && (size_t) iv_size != iv.size) {
        return CRYPTO_BADARG(3, "Bad iv size");
    }
    state->context = EVP_CIPHER_CTX_new();
    if (!EVP_CipherInit_ex(state->context, cipher, NULL, NULL, NULL, state->encrypt)) {
        return CRYPTO_ERROR(0, "Can't initialize context, step 1");
    }
    if (named->key_bytes == 0 && !EVP_CIPHER_CTX_set_key_length(state->context, (int) key.size)) {
        return CRYPTO_ERROR(0, "Can't initialize context, key_length");
    }
    if (!EVP_CipherInit_ex(state->context, NULL, NULL, key.bytes, iv_size > 0 ? iv.bytes : NULL,
                           state->encrypt)) {
        return CRYPTO_ERROR(0, "Can't initialize key and/or iv");
    }
    EVP_CIPHER_CTX_set_padding(state->context, state->padding == PADDING_PKCS);
    state->padding_size = -1;
    return ATOM_ok;
}

/* Of (Cipher, Key, Iv, Options), the last being argument `number`: ok, or what is wrong. */
static Term init_state(Space *space, CipherState *state, Term name, Term key_term, Term iv_term,
                       Term options, int number)
{
    if (number == 4 && !term_is_atom(name)) {
        return CRYPTO_BADARG(1, "Expected cipher name atom");
    }
    Term result = read_options(space, state, options, number);
    if (result != ATOM_ok) {
        return result;
    }
    CryptoBytes key = bytes_of(key_term), iv = bytes_of(iv_term);
    const CryptoCipher *named = cipher_named(name, key.size);
    bool is_family = term_is_atom(name) && cipher_named(name, SIZE_MAX) != NULL &&
                     !crypto_cipher_has_one_size(atom_name(name));
    if (key.bytes == NULL) {
        result = is_family ? TERM_NONE : CRYPTO_BADARG(2, "Bad key");
    } else if (!term_is_atom(name)) {
        result = CRYPTO_BADARG(1, "Cipher id is not an atom");
    } else if (named == NULL) {
        result = crypto_cipher_has_one_size(atom_name(name)) ? CRYPTO_BADARG(2, "Bad key size")
                                                             : CRYPTO_BADARG(1, "Unknown cipher");
    } else if (named->use == CIPHER_AEAD) {
        result = CRYPTO_BADARG(1, "Missing arguments for this cipher");
    } else {
        result = start_cipher(space, state, named, key, iv);
    }
    bytes_drop(&key);
    bytes_drop(&iv);
    return result;
}

/* What comes out for `data`; out has room for a block more. -1: OpenSSL refused. */
static int64_t update(CipherState *state, CryptoBytes data, uint8_t *out)
{
    enum { PIECE = 1 << 30 };
    int64_t done = 0;
    for (size_t at = 0; at < data.size; at += PIECE) {
        int written, piece = data.size - at < PIECE ? (int) (data.size - at) : PIECE;
        if (!EVP_CipherUpdate(state->context, out + done, &written, data.bytes + at, piece)) {
            return -1;
        }
        done += written;
    }
    state->size += (int64_t) data.size;
    return done;
}

static int pad(CipherState *state, uint8_t *out, int count)
{
    uint8_t padding[EVP_MAX_BLOCK_LENGTH] = {0};
    int written;
    if (state->padding == PADDING_RANDOM) {
        world_random_bytes(padding, (size_t) count);
    }
    return EVP_CipherUpdate(state->context, out, &written, padding, count) ? written : -1;
}

/* The last bytes: how many, of at most a block. Negative: -1 it cannot be done, -2 a block that may
 * not be padded is not full. */
static int finish(CipherState *state, uint8_t *out)
{
    int block = EVP_CIPHER_CTX_block_size(state->context);
    int left = (int) (state->size % block), written = 0;
    if (state->encrypt) {
        state->padding_size = state->padding == PADDING_PKCS ? block - left
                              : left == 0                    ? 0
                                                             : block - left;
        switch (state->padding) {
        case PADDING_NONE:
            return left == 0 ? 0 : -2;
        case PADDING_ZERO:
        case PADDING_RANDOM:
            return left == 0 ? 0 : pad(state, out, block - left);
        case PADDING_UNDEFINED:
            return 0;
        case PADDING_PKCS:
            break;
        }
    } else if (state->padding == PADDING_UNDEFINED) {
        return 0;
    }
    return EVP_CipherFinal_ex(state->context, out, &written) ? written : -1;
}

static Term finish_error(Space *space, int result)
{
    return result == -2 ? CRYPTO_ERROR(0, "Padding 'none' but unfilled last block")
                        : CRYPTO_ERROR(0, "Can't finalize");
}

static Term one_time(Space *space, CipherState *state, CryptoBytes data)
{
    uint8_t *out;
    Term room = make_binary_uninit(space, data.size + 2 * EVP_MAX_BLOCK_LENGTH, &out);
    if (room == TERM_LIMIT) {
        return room;
    }
    int64_t size = update(state, data, out);
    int last = size < 0 ? -1 : finish(state, out + size);
    return last < 0 ? finish_error(space, last)
                    : make_sub_bits(space, room, 0, (size_t) (size + last) * 8);
}

/* crypto_one_time(Cipher, Key, Iv, Data, Options) */
static Term crypto_one_time(Space *space, const Term args[])
{
    CipherState state = {0};
    CryptoBytes data = bytes_of(args[3]);
    Term result = data.bytes == NULL
                      ? CRYPTO_BADARG(4, "expected binary as data")
                      : init_state(space, &state, args[0], args[1], args[2], args[4], 5);
    if (result == ATOM_ok) {
        result = one_time(space, &state, data);
    }
    finish_state(&state);
    bytes_drop(&data);
    return result;
}
CRYPTO_BIF(crypto_one_time, 5, false)

/* crypto_init(Cipher, Key, Iv, Options) */
static Term crypto_init(Space *space, const Term args[])
{
    CipherState *state = mem_alloc_zero(sizeof *state);
    state->magic = (Magic){1, destroy_state, &cipher_state_type};
    pthread_mutex_init(&state->lock, NULL);
    Term result = init_state(space, state, args[0], args[1], args[2], args[3], 4);
    if (result != ATOM_ok) {
        destroy_state(&state->magic);
        return result;
    }
    return make_magic_ref(space, &state->magic, world_unique_number());
}
CRYPTO_BIF(crypto_init, 4, false)

static Term crypto_update(Space *space, const Term args[])
{
    CipherState *state = (CipherState *) magic_of(args[0], &cipher_state_type);
    CryptoBytes data = bytes_of(args[1]);
    if (data.bytes == NULL) {
        return CRYPTO_BADARG(2, "expected binary");
    }
    if (state == NULL) {
        bytes_drop(&data);
        return CRYPTO_BADARG(1, "Bad State");
    }
    uint8_t *out;
    Term room = make_binary_uninit(space, data.size + EVP_MAX_BLOCK_LENGTH, &out);
    if (room != TERM_LIMIT) {
        pthread_mutex_lock(&state->lock);
        int64_t size = update(state, data, out);
        pthread_mutex_unlock(&state->lock);
        room = size < 0 ? CRYPTO_ERROR(0, "Can't update")
                        : make_sub_bits(space, room, 0, (size_t) size * 8);
    }
    bytes_drop(&data);
    return room;
}
CRYPTO_BIF(crypto_update, 2, false)

static Term crypto_final(Space *space, const Term args[])
{
    CipherState *state = (CipherState *) magic_of(args[0], &cipher_state_type);
    uint8_t out[2 * EVP_MAX_BLOCK_LENGTH];
    if (state == NULL) {
        return CRYPTO_BADARG(1, "Bad State");
    }
    pthread_mutex_lock(&state->lock);
    int size = finish(state, out);
    pthread_mutex_unlock(&state->lock);
    return size < 0 ? finish_error(space, size) : make_binary(space, out, (size_t) size);
}
CRYPTO_BIF(crypto_final, 1, false)

/* crypto_get_data(State): {Encrypt, PaddingSize, PaddingType, Size} */
static Term crypto_get_data(Space *space, const Term args[])
{
    CipherState *state = (CipherState *) magic_of(args[0], &cipher_state_type);
    if (state == NULL) {
        return CRYPTO_BADARG(1, "Bad State");
    }
    pthread_mutex_lock(&state->lock);
    Term result =
        make_tuple4(space, term_bool(state->encrypt), make_int64(space, state->padding_size),
                    state->padding_name, make_int64(space, state->size));
    pthread_mutex_unlock(&state->lock);
    return result;
}
CRYPTO_BIF(crypto_get_data, 1, false)

/* ---- with authentication ---- */

typedef struct Aead {
    EVP_CIPHER_CTX *context;
    const CryptoCipher *named;
    CryptoBytes key, iv, text, aad, tag;
    int64_t tag_size;
    bool encrypt;
} Aead;

/* CCM wants to know the length of the text before all else. */
static bool aead_text(Aead *aead, uint8_t *out, int *size)
{
    int written;
    if (EVP_CIPHER_mode(method_of(aead->named)) == EVP_CIPH_CCM_MODE &&
        !EVP_CipherUpdate(aead->context, NULL, &written, NULL, (int) aead->text.size)) {
        return false;
    }
    if (aead->aad.size > 0 &&
        !EVP_CipherUpdate(aead->context, NULL, &written, aead->aad.bytes, (int) aead->aad.size)) {
        return false;
    }
    *size = 0;
    return EVP_CipherUpdate(aead->context, out, size, aead->text.bytes, (int) aead->text.size);
}

static Term aead_encrypt(Space *space, Aead *aead, Term out_term, uint8_t *out)
{
    int size, last;
    if (!aead_text(aead, out, &size) || !EVP_CipherFinal_ex(aead->context, out + size, &last)) {
        return CRYPTO_ERROR(0, "Can't encrypt");
    }
    uint8_t tag[EVP_MAX_MD_SIZE];
    if (aead->tag_size > (int64_t) sizeof tag ||
        !EVP_CIPHER_CTX_ctrl(aead->context, EVP_CTRL_AEAD_GET_TAG, (int) aead->tag_size, tag)) {
        return CRYPTO_ERROR(0, "Can't get Tag");
    }
    return make_tuple2(space, out_term, make_binary(space, tag, (size_t) aead->tag_size));
}

static Term aead_decrypt(Aead *aead, Term out_term, uint8_t *out)
{
    int size, last;
    bool is_ccm = EVP_CIPHER_mode(method_of(aead->named)) == EVP_CIPH_CCM_MODE;
    if (!is_ccm && !EVP_CIPHER_CTX_ctrl(aead->context, EVP_CTRL_AEAD_SET_TAG, (int) aead->tag.size,
                                        (void *) aead->tag.bytes)) {
        return ATOM_error;
    }
    bool good = aead_text(aead, out, &size);
    if (good && !is_ccm) {
        good = EVP_CipherFinal_ex(aead->context, out + size, &last);
    }
    return good ? out_term : ATOM_error;
}

static Term aead_run(Space *space, Aead *aead)
{
    const EVP_CIPHER *cipher = method_of(aead->named);
    bool is_ccm = EVP_CIPHER_mode(cipher) == EVP_CIPH_CCM_MODE;
    aead->context = EVP_CIPHER_CTX_new();
    if (!EVP_CipherInit_ex(aead->context, cipher, NULL, NULL, NULL, aead->encrypt)) {
        return CRYPTO_ERROR(0, "CipherInit failed");
    }
    if (aead->iv.size > INT32_MAX ||
        !EVP_CIPHER_CTX_ctrl(aead->context, EVP_CTRL_AEAD_SET_IVLEN, (int) aead->iv.size, NULL)) {
        return CRYPTO_BADARG(3, "Bad IV length");
    }
    if (is_ccm && !EVP_CIPHER_CTX_ctrl(aead->context, EVP_CTRL_AEAD_SET_TAG, (int) aead->tag_size,
                                       (void *) aead->tag.bytes)) {
        return CRYPTO_BADARG(6, "Can't set tag");
    }
    if (!EVP_CipherInit_ex(aead->context, NULL, NULL, aead->key.bytes, aead->iv.bytes,
                           aead->encrypt)) {
        return CRYPTO_ERROR(0, "CipherInit failed");
    }
    uint8_t *out;
    Term out_term = make_binary_uninit(space, aead->text.size, &out);
    return out_term == TERM_LIMIT ? out_term
           : aead->encrypt        ? aead_encrypt(space, aead, out_term, out)
                                  : aead_decrypt(aead, out_term, out);
}

/* The cipher, and a tag of the right kind: ok, or what is wrong. */
static Term aead_check(Space *space, Aead *aead, const Term args[])
{
    if (aead->encrypt && (!term_to_index(args[5], &aead->tag_size) || aead->tag_size > INT32_MAX)) {
        return CRYPTO_BADARG(6, "Bad Tag length");
    }
    if (!aead->encrypt) {
        aead->tag = bytes_of(args[5]);
        aead->tag_size = (int64_t) aead->tag.size;
        if (aead->tag.bytes == NULL) {
            return CRYPTO_BADARG(6, "non-binary Tag");
        }
    }
    aead->named = cipher_named(args[0], aead->key.size);
    if (aead->named == NULL) {
        return CRYPTO_BADARG(1, "Unknown cipher or invalid key size");
    }
    if (aead->named->use != CIPHER_AEAD) {
        return CRYPTO_BADARG(1, "Not aead cipher");
    }
    if (aead->text.size > INT32_MAX || aead->aad.size > INT32_MAX) {
        return CRYPTO_BADARG(4, "too long");
    }
    return ATOM_ok;
}

/* crypto_one_time_aead(Cipher, Key, Iv, Text, Aad, TagOrLength, Encrypt) */
static Term crypto_one_time_aead(Space *space, const Term args[])
{
    /* To tell which of a family it is, its key is looked at before all else. */
    bool is_family =
        cipher_named(args[0], SIZE_MAX) != NULL && !crypto_cipher_has_one_size(atom_name(args[0]));
    if (is_family && iodata_size(args[1]) < 0) {
        return TERM_NONE;
    }
    if (args[6] != ATOM_true && args[6] != ATOM_false) {
        return CRYPTO_BADARG(7, "Bad enc flag");
    }
    if (!term_is_atom(args[0])) {
        return CRYPTO_BADARG(1, "non-atom cipher type");
    }
    Aead aead = {.encrypt = args[6] == ATOM_true,
                 .key = bytes_of(args[1]),
                 .iv = bytes_of(args[2]),
                 .text = bytes_of(args[3]),
                 .aad = bytes_of(args[4])};
    Term result = aead.key.bytes == NULL    ? CRYPTO_BADARG(2, "non-binary key")
                  : aead.iv.bytes == NULL   ? CRYPTO_BADARG(3, "non-binary iv")
                  : aead.text.bytes == NULL ? CRYPTO_BADARG(4, "non-binary text")
                  : aead.aad.bytes == NULL  ? CRYPTO_BADARG(5, "non-binary AAD")
                                            : aead_check(space, &aead, args);
    if (result == ATOM_ok) {
        result = aead_run(space, &aead);
    }
    EVP_CIPHER_CTX_free(aead.context);
    bytes_drop(&aead.key);
    bytes_drop(&aead.iv);
    bytes_drop(&aead.text);
    bytes_drop(&aead.aad);
    bytes_drop(&aead.tag);
    return result;
}
CRYPTO_BIF(crypto_one_time_aead, 7, false)
