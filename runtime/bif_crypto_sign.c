/* runtime/bif_crypto_sign.c: signatures, and encryption with RSA keys. */
#include "runtime/bif_crypto_key.h"

#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

#include <openssl/ecdsa.h>

/* ---- options of RSA ---- */

typedef struct RsaOptions {
    int padding, salt_length;
    bool has_salt_length;
    const EVP_MD *mgf1, *oaep, *signature;
    Term label; /* TERM_NONE: none */
} RsaOptions;

/* -1: there is none of that name. */
static int padding_of(Term name)
{
    static const struct {
        const char *name;
        int padding;
    } paddings[] = {
        {"rsa_pkcs1_padding", RSA_PKCS1_PADDING},
        {"rsa_pkcs1_pss_padding", RSA_PKCS1_PSS_PADDING},
        {"rsa_x931_padding", RSA_X931_PADDING},
        {"rsa_no_padding", RSA_NO_PADDING},
        {"rsa_pkcs1_oaep_padding", RSA_PKCS1_OAEP_PADDING},
    };
    for (size_t i = 0; i < COUNT_OF(paddings); i++) {
        if (atom_is(name, paddings[i].name)) {
            return paddings[i].padding;
        }
    }
    return -1;
}

static Term read_digest(Space *space, Term name, const EVP_MD **digest, int number)
{
    *digest = crypto_digest(name);
    return *digest != NULL ? ATOM_ok : CRYPTO_BADARG(number, "Bad digest type");
}

static Term read_sign_option(Space *space, RsaOptions *options, Term option, int number)
{
    int64_t value;
    if (!tuple_is(option, 2)) {
        return CRYPTO_BADARG(number, "Expects only two-tuples in the list");
    }
    Term name = tuple_elements(option)[0], what = tuple_elements(option)[1];
    if (atom_is(name, "rsa_mgf1_md")) {
        return read_digest(space, what, &options->mgf1, number);
    }
    if (atom_is(name, "rsa_padding")) {
        options->padding = padding_of(what);
        return options->padding >= 0 && options->padding != RSA_PKCS1_OAEP_PADDING
                   ? ATOM_ok
                   : CRYPTO_BADARG(number, "Bad value in option rsa_padding");
    }
    if (atom_is(name, "rsa_pss_saltlen")) {
        if (!term_to_int64(what, &value) || value < -2 || value > INT32_MAX) {
            return CRYPTO_BADARG(number, "Bad value in option rsa_pss_saltlen");
        }
        options->salt_length = (int) value;
        options->has_salt_length = true;
        return ATOM_ok;
    }
    return CRYPTO_BADARG(number, "Bad option");
}

static Term read_sign_options(Space *space, RsaOptions *options, Term list, int number, bool is_rsa)
{
    *options = (RsaOptions){.padding = RSA_PKCS1_PADDING, .label = TERM_NONE};
    if (!term_is_list(list)) {
        return CRYPTO_BADARG(number, "Expected a list");
    }
    if (term_is_cons(list) && !is_rsa) {
        return CRYPTO_BADARG(number, "Only RSA supports Options");
    }
    for (Term option; list_take(&list, &option);) {
        Term result = read_sign_option(space, options, option, number);
        if (result != ATOM_ok) {
            return result;
        }
    }
    return ATOM_ok;
}

/* ---- what is signed ---- */

typedef enum Algorithm { ALGORITHM_RSA, ALGORITHM_DSS, ALGORITHM_ECDSA, ALGORITHM_EDDSA } Algorithm;

typedef struct Signing {
    Algorithm algorithm;
    const EVP_MD *digest; /* NULL: none */
    RsaOptions options;
    uint8_t hash[EVP_MAX_MD_SIZE];
    CryptoBytes data; /* to be signed: the hash, or the text where there is no digest */
} Signing;

static bool read_algorithm(Term name, Algorithm *algorithm)
{
    static const char *const names[] = {"rsa", "dss", "ecdsa", "eddsa"};
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        if (atom_is(name, names[i])) {
            *algorithm = (Algorithm) i;
            return true;
        }
    }
    return false;
}

/* {digest, Binary}, already hashed. */
static Term read_hashed(Space *space, Signing *signing, Term data)
{
    if (!atom_is(tuple_elements(data)[0], "digest")) {
        return CRYPTO_BADARG(3, "Expected 'digest' as head");
    }
    Term bytes = tuple_elements(data)[1];
    if (!term_is_binary(bytes)) {
        return CRYPTO_BADARG(3, "Bad digest");
    }
    signing->data = bytes_of(bytes);
    return signing->digest == NULL || signing->data.size == (size_t) EVP_MD_size(signing->digest)
               ? ATOM_ok
               : CRYPTO_BADARG(3, "Bad binary size for the algorithm");
}

static Term read_text(Space *space, Signing *signing, Term data)
{
    unsigned size = 0;
    CryptoBytes text = bytes_of(data);
    if (text.bytes == NULL) {
        return CRYPTO_BADARG(3, "Expected a binary or a list");
    }
    if (signing->digest == NULL) {
        signing->data = text;
        return ATOM_ok;
    }
    bool good = EVP_Digest(text.bytes, text.size, signing->hash, &size, signing->digest, NULL);
    bytes_drop(&text);
    signing->data = (CryptoBytes){signing->hash, size, NULL};
    return good ? ATOM_ok : CRYPTO_ERROR(0, "Can't compute the digest");
}

/* (Algorithm, Digest, Data, …): ok, or what is wrong. */
static Term read_signing(Space *space, Signing *signing, const Term args[], Term options,
                         int options_number)
{
    *signing = (Signing){0};
    if (!read_algorithm(args[0], &signing->algorithm)) {
        return CRYPTO_BADARG(1, "Bad algorithm");
    }
    bool may_be_none = signing->algorithm == ALGORITHM_RSA;
    if (signing->algorithm != ALGORITHM_EDDSA && !(args[1] == ATOM_none && may_be_none)) {
        Term result = read_digest(space, args[1], &signing->digest, 2);
        if (result != ATOM_ok) {
            return result;
        }
    }
    Term result = tuple_is(args[2], 2) ? read_hashed(space, signing, args[2])
                                       : read_text(space, signing, args[2]);
    return result == ATOM_ok ? read_sign_options(space, &signing->options, options, options_number,
                                                 signing->algorithm == ALGORITHM_RSA)
                             : result;
}

/* ---- RSA ---- */

static EVP_PKEY *rsa_pkey(RSA *rsa)
{
    EVP_PKEY *key = rsa == NULL ? NULL : EVP_PKEY_new();
    if (key != NULL) {
        EVP_PKEY_assign_RSA(key, rsa);
    }
    return key;
}

/* ok, or what is wrong. */
static Term set_rsa_options(Space *space, EVP_PKEY_CTX *context, const Signing *signing)
{
    const RsaOptions *options = &signing->options;
    if (signing->digest != NULL && EVP_PKEY_CTX_set_signature_md(context, signing->digest) != 1) {
        return CRYPTO_ERROR(0, "Can't EVP_PKEY_CTX_set_signature_md");
    }
    if (EVP_PKEY_CTX_set_rsa_padding(context, options->padding) != 1) {
        return CRYPTO_ERROR(0, "Can't EVP_PKEY_CTX_set_rsa_padding");
    }
    if (options->padding == RSA_PKCS1_PSS_PADDING) {
        if (options->mgf1 != NULL && EVP_PKEY_CTX_set_rsa_mgf1_md(context, options->mgf1) != 1) {
            return CRYPTO_ERROR(0, "Can't EVP_PKEY_CTX_set_rsa_mgf1_md");
        }
        if (options->has_salt_length &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(context, options->salt_length) != 1) {
            return CRYPTO_ERROR(0, "Can't EVP_PKEY_CTX_set_rsa_pss_saltlen");
        }
    }
    return ATOM_ok;
}

/* Old digests: OpenSSL takes them only as the method that it knows. */
static bool is_old_digest(const EVP_MD *digest)
{
    return digest != NULL &&
           (EVP_MD_type(digest) == NID_md4 || EVP_MD_type(digest) == NID_ripemd160);
}

static Term rsa_sign_old(Space *space, const Signing *signing, RSA *rsa)
{
    uint8_t *bytes = mem_alloc((size_t) RSA_size(rsa));
    unsigned size = 0;
    Term result = RSA_sign(EVP_MD_type(signing->digest), signing->data.bytes,
                           (unsigned) signing->data.size, bytes, &size, rsa)
                      ? make_binary(space, bytes, size)
                      : CRYPTO_ERROR(0, "Can't EVP_PKEY_sign");
    mem_free(bytes);
    return result;
}

static Term rsa_sign(Space *space, const Signing *signing, Term key_term)
{
    RSA *rsa = rsa_private_of(key_term);
    if (rsa == NULL) {
        return CRYPTO_BADARG(4, "Couldn't get RSA private key");
    }
    EVP_PKEY *key = rsa_pkey(rsa);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    size_t size = 0;
    uint8_t *bytes = NULL;
    Term result = ATOM_ok;
    if (is_old_digest(signing->digest) && signing->options.padding == RSA_PKCS1_PADDING) {
        result = rsa_sign_old(space, signing, rsa);
    } else if (EVP_PKEY_sign_init(context) != 1) {
        result = CRYPTO_ERROR(0, "Can't EVP_PKEY_sign_init");
    } else {
        result = set_rsa_options(space, context, signing);
    }
    if (result == ATOM_ok) {
        if (EVP_PKEY_sign(context, NULL, &size, signing->data.bytes, signing->data.size) == 1) {
            bytes = mem_alloc(size + 1);
        }
        result = bytes != NULL && EVP_PKEY_sign(context, bytes, &size, signing->data.bytes,
                                                signing->data.size) == 1
                     ? make_binary(space, bytes, size)
                     : CRYPTO_ERROR(0, "Can't EVP_PKEY_sign");
    }
    mem_free(bytes);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return result;
}

static Term rsa_verify(Space *space, const Signing *signing, CryptoBytes signature, Term key_term)
{
    RSA *rsa = rsa_public_of(key_term);
    if (rsa == NULL) {
        return CRYPTO_BADARG(5, "Couldn't get RSA public key");
    }
    EVP_PKEY *key = rsa_pkey(rsa);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    Term result;
    if (is_old_digest(signing->digest) && signing->options.padding == RSA_PKCS1_PADDING) {
        result = term_bool(RSA_verify(EVP_MD_type(signing->digest), signing->data.bytes,
                                      (unsigned) signing->data.size, signature.bytes,
                                      (unsigned) signature.size, rsa) == 1);
    } else {
        result = EVP_PKEY_verify_init(context) == 1 ? set_rsa_options(space, context, signing)
                                                    : CRYPTO_ERROR(0, "Can't EVP_PKEY_verify_init");
        if (result == ATOM_ok) {
            result = term_bool(EVP_PKEY_verify(context, signature.bytes, signature.size,
                                               signing->data.bytes, signing->data.size) == 1);
        }
    }
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return result;
}

/* ---- the others ---- */

static Term dss_sign(Space *space, const Signing *signing, Term key_term)
{
    DSA *key = dsa_private_of(key_term);
    if (key == NULL) {
        return CRYPTO_BADARG(4, "Couldn't get DSA private key");
    }
    uint8_t bytes[512];
    unsigned size = 0;
    bool good = DSA_size(key) <= (int) sizeof bytes &&
                DSA_sign(0, signing->data.bytes, (int) signing->data.size, bytes, &size, key) == 1;
    DSA_free(key);
    return good ? make_binary(space, bytes, size) : CRYPTO_ERROR(0, "Can't EVP_PKEY_sign");
}

static Term dss_verify(Space *space, const Signing *signing, CryptoBytes signature, Term key_term)
{
    DSA *key = dsa_public_of(key_term);
    if (key == NULL) {
        return CRYPTO_BADARG(5, "Couldn't get DSA public key");
    }
    bool good = DSA_verify(0, signing->data.bytes, (int) signing->data.size, signature.bytes,
                           (int) signature.size, key) == 1;
    DSA_free(key);
    return term_bool(good);
}

static Term ecdsa_sign(Space *space, const Signing *signing, Term key_term)
{
    EC_KEY *key = ec_private_of(key_term);
    if (key == NULL) {
        return CRYPTO_BADARG(4, "Couldn't get ECDSA private key");
    }
    uint8_t bytes[512];
    unsigned size = 0;
    bool good =
        ECDSA_size(key) <= (int) sizeof bytes &&
        ECDSA_sign(0, signing->data.bytes, (int) signing->data.size, bytes, &size, key) == 1;
    EC_KEY_free(key);
    return good ? make_binary(space, bytes, size) : CRYPTO_ERROR(0, "Can't EVP_PKEY_sign");
}

static Term ecdsa_verify(Space *space, const Signing *signing, CryptoBytes signature, Term key_term)
{
    EC_KEY *key = ec_public_of(key_term);
    if (key == NULL) {
        return CRYPTO_BADARG(5, "Couldn't get ECDSA public key");
    }
    bool good = ECDSA_verify(0, signing->data.bytes, (int) signing->data.size, signature.bytes,
                             (int) signature.size, key) == 1;
    EC_KEY_free(key);
    return term_bool(good);
}

static Term eddsa_sign(Space *space, const Signing *signing, Term key_term)
{
    EVP_PKEY *key = edwards_private_of(key_term);
    if (key == NULL) {
        return CRYPTO_BADARG(4, "Couldn't get EDDSA private key");
    }
    uint8_t bytes[128];
    size_t size = sizeof bytes;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestSign(context, bytes, &size, signing->data.bytes, signing->data.size) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return good ? make_binary(space, bytes, size) : CRYPTO_ERROR(0, "Can't EVP_DigestSign");
}

static Term eddsa_verify(Space *space, const Signing *signing, CryptoBytes signature, Term key_term)
{
    EVP_PKEY *key = edwards_public_of(key_term);
    if (key == NULL) {
        return CRYPTO_BADARG(5, "Couldn't get EDDSA public key");
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(context, signature.bytes, signature.size, signing->data.bytes,
                                 signing->data.size) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return term_bool(good);
}

/* sign(Algorithm, Digest, Data, Key, Options) */
static Term sign(Space *space, const Term args[])
{
    static Term (*const signers[])(Space *, const Signing *, Term) = {rsa_sign, dss_sign,
                                                                      ecdsa_sign, eddsa_sign};
    Signing signing;
    Term result = read_signing(space, &signing, args, args[4], 5);
    if (result == ATOM_ok) {
        result = signers[signing.algorithm](space, &signing, args[3]);
    }
    bytes_drop(&signing.data);
    return result;
}

Term bif_crypto_sign(Process *p, const Term args[])
{
    return crypto_call(p, sign, args, 5, atom_is(args[0], "rsa") || atom_is(args[0], "dss"));
}

/* verify(Algorithm, Digest, Data, Signature, Key, Options) */
static Term verify(Space *space, const Term args[])
{
    static Term (*const verifiers[])(Space *, const Signing *, CryptoBytes,
                                     Term) = {rsa_verify, dss_verify, ecdsa_verify, eddsa_verify};
    Signing signing;
    Term result = read_signing(space, &signing, args, args[5], 6);
    if (result == ATOM_ok && !term_is_binary(args[3])) {
        result = CRYPTO_BADARG(4, "Expected a binary");
    }
    if (result == ATOM_ok) {
        CryptoBytes signature = bytes_of(args[3]);
        result = verifiers[signing.algorithm](space, &signing, signature, args[4]);
        bytes_drop(&signature);
    }
    bytes_drop(&signing.data);
    return result;
}
CRYPTO_BIF(verify, 6, false)

/* ---- encryption ---- */

static Term read_crypt_option(Space *space, RsaOptions *options, Term option)
{
    if (!tuple_is(option, 2)) {
        return CRYPTO_BADARG(4, "Expects only two-tuples in the list");
    }
    Term name = tuple_elements(option)[0], what = tuple_elements(option)[1];
    if (atom_is(name, "rsa_padding") || atom_is(name, "rsa_pad")) {
        options->padding = padding_of(what);
        return options->padding >= 0 && options->padding != RSA_PKCS1_PSS_PADDING
                   ? ATOM_ok
                   : CRYPTO_BADARG(4, "Bad padding type in option rsa_padding");
    }
    if (atom_is(name, "signature_md")) {
        return read_digest(space, what, &options->signature, 4);
    }
    if (atom_is(name, "rsa_mgf1_md")) {
        return read_digest(space, what, &options->mgf1, 4);
    }
    if (atom_is(name, "rsa_oaep_md")) {
        return read_digest(space, what, &options->oaep, 4);
    }
    if (atom_is(name, "rsa_oaep_label")) {
        options->label = what;
        return term_is_binary(what) ? ATOM_ok : CRYPTO_BADARG(4, "Bad oaep label");
    }
    return CRYPTO_BADARG(4, "Unknown option");
}

static Term read_crypt_options(Space *space, RsaOptions *options, Term list)
{
    *options = (RsaOptions){.padding = RSA_PKCS1_PADDING, .label = TERM_NONE};
    for (Term option; list_take(&list, &option);) {
        Term result = read_crypt_option(space, options, option);
        if (result != ATOM_ok) {
            return result;
        }
    }
    return term_is_nil(list) ? ATOM_ok : CRYPTO_BADARG(4, "Bad options");
}

static bool set_oaep(EVP_PKEY_CTX *context, const RsaOptions *options)
{
    if ((options->oaep != NULL && EVP_PKEY_CTX_set_rsa_oaep_md(context, options->oaep) != 1) ||
        (options->mgf1 != NULL && EVP_PKEY_CTX_set_rsa_mgf1_md(context, options->mgf1) != 1)) {
        return false;
    }
    if (options->label == TERM_NONE) {
        return true;
    }
    CryptoBytes label = bytes_of(options->label);
    void *copy = OPENSSL_memdup(label.bytes, label.size); /* the context's from now on */
    bool good =
        label.size == 0 || EVP_PKEY_CTX_set0_rsa_oaep_label(context, copy, (int) label.size) == 1;
    if (!good) {
        OPENSSL_free(copy);
    }
    bytes_drop(&label);
    return good;
}

typedef int Start(EVP_PKEY_CTX *context);
typedef int Crypt(EVP_PKEY_CTX *context, uint8_t *out, size_t *out_size, const uint8_t *in,
                  size_t in_size);

static Term crypt_with(Space *space, EVP_PKEY *key, const RsaOptions *options, CryptoBytes in,
                       Start *start, Crypt *crypt)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    size_t size = 0;
    uint8_t *out = NULL;
    Term result;
    if (start(context) != 1 || EVP_PKEY_CTX_set_rsa_padding(context, options->padding) != 1 ||
        (options->signature != NULL &&
         EVP_PKEY_CTX_set_signature_md(context, options->signature) != 1) ||
        (options->padding == RSA_PKCS1_OAEP_PADDING && !set_oaep(context, options))) {
        result = CRYPTO_ERROR(0, "Couldn't set the options");
    } else {
        if (crypt(context, NULL, &size, in.bytes, in.size) == 1) {
            out = mem_alloc(size + 1);
        }
        result = out != NULL && crypt(context, out, &size, in.bytes, in.size) == 1
                     ? make_binary(space, out, size)
                     : CRYPTO_ERROR(0, "Couldn't get the result");
    }
    mem_free(out);
    EVP_PKEY_CTX_free(context);
    return result;
}

/* pkey_crypt(Algorithm, In, Key, Options, IsPrivate, IsEncrypt) */
static Term pkey_crypt(Space *space, const Term args[])
{
    bool is_private = args[4] == ATOM_true, is_encrypt = args[5] == ATOM_true;
    RsaOptions options;
    if (!atom_is(args[0], "rsa")) {
        return CRYPTO_BADARG(1, "Bad algorithm");
    }
    if (!term_is_binary(args[1])) {
        return CRYPTO_BADARG(2, "Binary expected");
    }
    EVP_PKEY *key = rsa_pkey(is_private ? rsa_private_of(args[2]) : rsa_public_of(args[2]));
    if (key == NULL) {
        return is_private ? CRYPTO_BADARG(3, "Couldn't get RSA private key")
                          : CRYPTO_BADARG(3, "Couldn't get RSA public key");
    }
    Term result = read_crypt_options(space, &options, args[3]);
    if (result == ATOM_ok) {
        CryptoBytes in = bytes_of(args[1]);
        result =
            is_private == is_encrypt
                ? (is_private
                       ? crypt_with(space, key, &options, in, EVP_PKEY_sign_init, EVP_PKEY_sign)
                       : crypt_with(space, key, &options, in, EVP_PKEY_verify_recover_init,
                                    EVP_PKEY_verify_recover))
                : (is_encrypt ? crypt_with(space, key, &options, in, EVP_PKEY_encrypt_init,
                                           EVP_PKEY_encrypt)
                              : crypt_with(space, key, &options, in, EVP_PKEY_decrypt_init,
                                           EVP_PKEY_decrypt));
        bytes_drop(&in);
    }
    EVP_PKEY_free(key);
    return result;
}
CRYPTO_BIF(pkey_crypt, 6, true)
