/* runtime/bif_crypto_key.c: keys from terms, making keys, and agreeing on one. */
#include "runtime/bif_crypto_key.h"

#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

#include <openssl/dh.h>
#include <openssl/ecdh.h>
#include <openssl/objects.h>
#include <openssl/obj_mac.h>

/* ---- lists of numbers ---- */

enum { NUMBERS_MOST = 8 };

static void numbers_free(BIGNUM *numbers[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        BN_free(numbers[i]);
    }
}

/* Reads a list of `least` to `most` numbers; how many, or 0. */
static size_t numbers_of(Term list, size_t least, size_t most, BIGNUM *numbers[])
{
    size_t count = 0;
    for (Term element; count < most && list_take(&list, &element);) {
        numbers[count] = bignum_of(element);
        if (numbers[count] == NULL) {
            numbers_free(numbers, count);
            return 0;
        }
        count++;
    }
    if (!term_is_nil(list) || (count != least && count != most)) {
        numbers_free(numbers, count);
        return 0;
    }
    return count;
}

RSA *rsa_private_of(Term key)
{
    BIGNUM *n[NUMBERS_MOST];
    size_t count = numbers_of(key, 3, 8, n);
    if (count == 0) {
        return NULL;
    }
    RSA *rsa = RSA_new();
    RSA_set0_key(rsa, n[1], n[0], n[2]);
    if (count == 8) {
        RSA_set0_factors(rsa, n[3], n[4]);
        RSA_set0_crt_params(rsa, n[5], n[6], n[7]);
    }
    return rsa;
}

RSA *rsa_public_of(Term key)
{
    BIGNUM *n[2];
    if (numbers_of(key, 2, 2, n) == 0) {
        return NULL;
    }
    RSA *rsa = RSA_new();
    RSA_set0_key(rsa, n[1], n[0], NULL);
    return rsa;
}

DSA *dsa_private_of(Term key)
{
    BIGNUM *n[4];
    if (numbers_of(key, 4, 4, n) == 0) {
        return NULL;
    }
    DSA *dsa = DSA_new();
    BIGNUM *public_key = BN_new();
    BN_CTX *context = BN_CTX_new();
    bool good = BN_mod_exp(public_key, n[2], n[3], n[0], context);
    BN_CTX_free(context);
    DSA_set0_pqg(dsa, n[0], n[1], n[2]);
    DSA_set0_key(dsa, public_key, n[3]);
    if (!good) {
        DSA_free(dsa);
        return NULL;
    }
    return dsa;
}

DSA *dsa_public_of(Term key)
{
    BIGNUM *n[4];
    if (numbers_of(key, 4, 4, n) == 0) {
        return NULL;
    }
    DSA *dsa = DSA_new();
    DSA_set0_pqg(dsa, n[0], n[1], n[2]);
    DSA_set0_key(dsa, n[3], NULL);
    return dsa;
}

/* ---- curves ---- */

typedef struct CurveName {
    const char *name;
    int nid;
} CurveName;

static const CurveName curve_names[] = {
    {"secp112r1", NID_secp112r1},
    {"secp112r2", NID_secp112r2},
    {"secp128r1", NID_secp128r1},
    {"secp128r2", NID_secp128r2},
    {"secp160k1", NID_secp160k1},
    {"secp160r1", NID_secp160r1},
    {"secp160r2", NID_secp160r2},
    {"secp192r1", NID_X9_62_prime192v1},
    {"prime192v1", NID_X9_62_prime192v1},
    {"secp192k1", NID_secp192k1},
    {"secp224k1", NID_secp224k1},
    {"secp224r1", NID_secp224r1},
    {"secp256k1", NID_secp256k1},
    {"secp256r1", NID_X9_62_prime256v1},
    {"prime256v1", NID_X9_62_prime256v1},
    {"secp384r1", NID_secp384r1},
    {"secp521r1", NID_secp521r1},
    {"prime192v2", NID_X9_62_prime192v2},
    {"prime192v3", NID_X9_62_prime192v3},
    {"prime239v1", NID_X9_62_prime239v1},
    {"prime239v2", NID_X9_62_prime239v2},
    {"prime239v3", NID_X9_62_prime239v3},
    {"wtls6", NID_wap_wsg_idm_ecid_wtls6},
    {"wtls7", NID_wap_wsg_idm_ecid_wtls7},
    {"wtls8", NID_wap_wsg_idm_ecid_wtls8},
    {"wtls9", NID_wap_wsg_idm_ecid_wtls9},
    {"wtls12", NID_wap_wsg_idm_ecid_wtls12},
    {"brainpoolP160r1", NID_brainpoolP160r1},
    {"brainpoolP160t1", NID_brainpoolP160t1},
    {"brainpoolP192r1", NID_brainpoolP192r1},
    {"brainpoolP192t1", NID_brainpoolP192t1},
    {"brainpoolP224r1", NID_brainpoolP224r1},
    {"brainpoolP224t1", NID_brainpoolP224t1},
    {"brainpoolP256r1", NID_brainpoolP256r1},
    {"brainpoolP256t1", NID_brainpoolP256t1},
    {"brainpoolP320r1", NID_brainpoolP320r1},
    {"brainpoolP320t1", NID_brainpoolP320t1},
    {"brainpoolP384r1", NID_brainpoolP384r1},
    {"brainpoolP384t1", NID_brainpoolP384t1},
    {"brainpoolP512r1", NID_brainpoolP512r1},
    {"brainpoolP512t1", NID_brainpoolP512t1},
    {"sect113r1", NID_sect113r1},
    {"sect113r2", NID_sect113r2},
    {"sect131r1", NID_sect131r1},
    {"sect131r2", NID_sect131r2},
    {"sect163k1", NID_sect163k1},
    {"sect163r1", NID_sect163r1},
    {"sect163r2", NID_sect163r2},
    {"sect193r1", NID_sect193r1},
    {"sect193r2", NID_sect193r2},
    {"sect233k1", NID_sect233k1},
    {"sect233r1", NID_sect233r1},
    {"sect239k1", NID_sect239k1},
    {"sect283k1", NID_sect283k1},
    {"sect283r1", NID_sect283r1},
    {"sect409k1", NID_sect409k1},
    {"sect409r1", NID_sect409r1},
    {"sect571k1", NID_sect571k1},
    {"sect571r1", NID_sect571r1},
    {"c2pnb163v1", NID_X9_62_c2pnb163v1},
    {"c2pnb163v2", NID_X9_62_c2pnb163v2},
    {"c2pnb163v3", NID_X9_62_c2pnb163v3},
    {"c2pnb176v1", NID_X9_62_c2pnb176v1},
    {"c2tnb191v1", NID_X9_62_c2tnb191v1},
    {"c2tnb191v2", NID_X9_62_c2tnb191v2},
    {"c2tnb191v3", NID_X9_62_c2tnb191v3},
    {"c2pnb208w1", NID_X9_62_c2pnb208w1},
    {"c2tnb239v1", NID_X9_62_c2tnb239v1},
    {"c2tnb239v2", NID_X9_62_c2tnb239v2},
    {"c2tnb239v3", NID_X9_62_c2tnb239v3},
    {"c2pnb272w1", NID_X9_62_c2pnb272w1},
    {"c2pnb304w1", NID_X9_62_c2pnb304w1},
    {"c2tnb359v1", NID_X9_62_c2tnb359v1},
    {"c2pnb368w1", NID_X9_62_c2pnb368w1},
    {"c2tnb431r1", NID_X9_62_c2tnb431r1},
    {"wtls1", NID_wap_wsg_idm_ecid_wtls1},
    {"wtls3", NID_wap_wsg_idm_ecid_wtls3},
    {"wtls4", NID_wap_wsg_idm_ecid_wtls4},
    {"wtls5", NID_wap_wsg_idm_ecid_wtls5},
    {"wtls10", NID_wap_wsg_idm_ecid_wtls10},
    {"wtls11", NID_wap_wsg_idm_ecid_wtls11},
    {"ipsec3", NID_ipsec3},
    {"ipsec4", NID_ipsec4},
};

static int curve_nid(Term name)
{
    for (size_t i = 0; term_is_atom(name) && i < COUNT_OF(curve_names); i++) {
        if (strcmp(curve_names[i].name, atom_name(name)) == 0) {
            return curve_names[i].nid;
        }
    }
    return NID_undef;
}

/* {characteristic_two_field, M, {tpbasis, K} | {ppbasis, K1, K2, K3}}: the polynomial. */
static BIGNUM *binary_field(const Term field[])
{
    int64_t m, k[3];
    size_t count = tuple_is(field[2], 2) ? 1 : tuple_is(field[2], 4) ? 3 : 0;
    if (count == 0 || !term_to_index(field[1], &m) || m > OPENSSL_ECC_MAX_FIELD_BITS) {
        return NULL;
    }
    BIGNUM *polynomial = BN_new();
    BN_set_bit(polynomial, (int) m);
    BN_set_bit(polynomial, 0);
    for (size_t i = 0; i < count; i++) {
        if (!term_to_index(tuple_elements(field[2])[1 + i], &k[i]) || k[i] >= m) {
            BN_free(polynomial);
            return NULL;
        }
        BN_set_bit(polynomial, (int) k[i]);
    }
    return polynomial;
}

static bool set_generator(EC_GROUP *group, Term point_term, const BIGNUM *order,
                          const BIGNUM *cofactor)
{
    CryptoBytes bytes = bytes_of(point_term);
    EC_POINT *point = EC_POINT_new(group);
    bool good = bytes.bytes != NULL &&
                EC_POINT_oct2point(group, point, bytes.bytes, bytes.size, NULL) &&
                EC_GROUP_set_generator(group, point, order, cofactor);
    EC_POINT_free(point);
    bytes_drop(&bytes);
    return good;
}

/* {Field, {A, B, Seed}, G, Order, Cofactor} */
static EC_GROUP *group_of_parameters(const Term parts[])
{
    bool is_prime = tuple_is(parts[0], 2);
    EC_GROUP *group = NULL;
    if ((!is_prime && !tuple_is(parts[0], 3)) || !tuple_is(parts[1], 3)) {
        return NULL;
    }
    const Term *field_parts = tuple_elements(parts[0]);
    BIGNUM *field = is_prime ? bignum_of(field_parts[1]) : binary_field(field_parts);
    BIGNUM *a = bignum_of(tuple_elements(parts[1])[0]), *b = bignum_of(tuple_elements(parts[1])[1]);
    BIGNUM *order = bignum_of(parts[3]);
    BIGNUM *cofactor = parts[4] == ATOM_none ? BN_new() : bignum_of(parts[4]);
    if (field != NULL && a != NULL && b != NULL && order != NULL && cofactor != NULL &&
        BN_num_bits(field) <= OPENSSL_ECC_MAX_FIELD_BITS) {
        group = is_prime ? EC_GROUP_new_curve_GFp(field, a, b, NULL)
                         : EC_GROUP_new_curve_GF2m(field, a, b, NULL);
        if (group != NULL && !set_generator(group, parts[2], order, cofactor)) {
            EC_GROUP_free(group);
            group = NULL;
        }
    }
    BN_free(field);
    BN_free(a);
    BN_free(b);
    BN_free(order);
    BN_free(cofactor);
    return group;
}

EC_GROUP *ec_group_of(Term curve)
{
    int nid = curve_nid(curve);
    if (nid != NID_undef) {
        return EC_GROUP_new_by_curve_name(nid);
    }
    return tuple_is(curve, 5) ? group_of_parameters(tuple_elements(curve)) : NULL;
}

/* What describes a curve. */
static Term field_term(Space *space, const EC_GROUP *group, const BIGNUM *field)
{
    unsigned k1, k2, k3;
    if (EC_GROUP_get_field_type(group) == NID_X9_62_prime_field) {
        return make_tuple2(space, atom_of("prime_field"), bignum_binary(space, field, 0));
    }
    Term basis =
        EC_GROUP_get_trinomial_basis(group, &k1)
            ? make_tuple2(space, atom_of("tpbasis"), term_small(k1))
        : EC_GROUP_get_pentanomial_basis(group, &k1, &k2, &k3)
            /* from the lowest, where OpenSSL begins with the highest */
            ? make_tuple4(space, atom_of("ppbasis"), term_small(k1), term_small(k2), term_small(k3))
            : ATOM_none;
    return make_tuple3(space, atom_of("characteristic_two_field"),
                       term_small(EC_GROUP_get_degree(group)), basis);
}

/* ec_curve(Name): {Field, {A, B, Seed}, G, Order, Cofactor} | undefined */
static Term ec_curve(Space *space, const Term args[])
{
    EC_GROUP *group = curve_nid(args[0]) == NID_undef ? NULL : ec_group_of(args[0]);
    if (group == NULL) {
        return ATOM_undefined;
    }
    BIGNUM *field = BN_new(), *a = BN_new(), *b = BN_new();
    EC_GROUP_get_curve(group, field, a, b, NULL);
    uint8_t point[2 * (OPENSSL_ECC_MAX_FIELD_BITS / 8 + 1) + 1];
    size_t size = EC_POINT_point2oct(group, EC_GROUP_get0_generator(group),
                                     POINT_CONVERSION_UNCOMPRESSED, point, sizeof point, NULL);
    const uint8_t *seed = EC_GROUP_get0_seed(group);
    Term seed_term =
        seed == NULL ? ATOM_none : make_binary(space, seed, EC_GROUP_get_seed_len(group));
    Term coefficients =
        make_tuple3(space, bignum_binary(space, a, 1), bignum_binary(space, b, 1), seed_term);
    const Term parts[] = {
        field_term(space, group, field),
        coefficients,
        make_binary(space, point, size),
        bignum_binary(space, EC_GROUP_get0_order(group), 1),
        bignum_binary(space, EC_GROUP_get0_cofactor(group), 1),
    };
    BN_free(field);
    BN_free(a);
    BN_free(b);
    EC_GROUP_free(group);
    return make_tuple(space, parts, COUNT_OF(parts));
}
CRYPTO_BIF(ec_curve, 1, false)

/* ---- keys on curves ---- */

static EC_KEY *ec_key_on(Term curve)
{
    EC_GROUP *group = ec_group_of(curve);
    if (group == NULL) {
        return NULL;
    }
    EC_KEY *key = EC_KEY_new();
    EC_KEY_set_group(key, group);
    EC_GROUP_free(group);
    return key;
}

/* The private number and the point that belongs to it. */
static bool set_private(EC_KEY *key, const BIGNUM *number)
{
    const EC_GROUP *group = EC_KEY_get0_group(key);
    EC_POINT *point = EC_POINT_new(group);
    bool good = EC_KEY_set_private_key(key, number) &&
                EC_POINT_mul(group, point, number, NULL, NULL, NULL) &&
                EC_KEY_set_public_key(key, point);
    EC_POINT_free(point);
    return good;
}

static bool set_public(EC_KEY *key, Term bytes_term)
{
    CryptoBytes bytes = bytes_of(term_is_binary(bytes_term) ? bytes_term : TERM_NONE);
    bool good = bytes.bytes != NULL && EC_KEY_oct2key(key, bytes.bytes, bytes.size, NULL);
    bytes_drop(&bytes);
    return good;
}

static bool is_key_pair(Term key, Term *first, Term *curve)
{
    if (list_length(key) != 2) {
        return false;
    }
    return list_take(&key, first) && list_take(&key, curve);
}

EC_KEY *ec_private_of(Term term)
{
    Term number_term, curve;
    if (!is_key_pair(term, &number_term, &curve)) {
        return NULL;
    }
    BIGNUM *number = bignum_of(number_term);
    EC_KEY *key = number == NULL ? NULL : ec_key_on(curve);
    if (key != NULL && !set_private(key, number)) {
        EC_KEY_free(key);
        key = NULL;
    }
    BN_clear_free(number);
    return key;
}

EC_KEY *ec_public_of(Term term)
{
    Term bytes, curve;
    EC_KEY *key = is_key_pair(term, &bytes, &curve) ? ec_key_on(curve) : NULL;
    if (key != NULL && !set_public(key, bytes)) {
        EC_KEY_free(key);
        key = NULL;
    }
    return key;
}

int edwards_type(Term curve)
{
    return atom_is(curve, "ed25519")  ? EVP_PKEY_ED25519
           : atom_is(curve, "ed448")  ? EVP_PKEY_ED448
           : atom_is(curve, "x25519") ? EVP_PKEY_X25519
           : atom_is(curve, "x448")   ? EVP_PKEY_X448
                                      : NID_undef;
}

static EVP_PKEY *edwards_key(Term term, bool is_private)
{
    Term bytes_term, curve;
    if (!is_key_pair(term, &bytes_term, &curve)) {
        return NULL;
    }
    int type = edwards_type(curve);
    CryptoBytes bytes = bytes_of(term_is_binary(bytes_term) ? bytes_term : TERM_NONE);
    EVP_PKEY *key = NULL;
    if (type != NID_undef && bytes.bytes != NULL) {
        key = is_private ? EVP_PKEY_new_raw_private_key(type, NULL, bytes.bytes, bytes.size)
                         : EVP_PKEY_new_raw_public_key(type, NULL, bytes.bytes, bytes.size);
    }
    bytes_drop(&bytes);
    return key;
}

EVP_PKEY *edwards_private_of(Term key)
{
    return edwards_key(key, true);
}
EVP_PKEY *edwards_public_of(Term key)
{
    return edwards_key(key, false);
}

/* ---- making keys: {Public, Private} ---- */

static Term rsa_numbers(Space *space, const RSA *rsa, bool all)
{
    const BIGNUM *numbers[] = {
        RSA_get0_e(rsa), RSA_get0_n(rsa),    RSA_get0_d(rsa),    RSA_get0_p(rsa),
        RSA_get0_q(rsa), RSA_get0_dmp1(rsa), RSA_get0_dmq1(rsa), RSA_get0_iqmp(rsa),
    };
    Term list = TERM_NIL;
    for (size_t i = all ? COUNT_OF(numbers) : 2; i-- > 0;) {
        list = make_cons(space, bignum_binary(space, numbers[i], 1), list);
    }
    return list;
}

/* rsa_generate_key(Bits, Exponent) */
static Term rsa_generate_key(Space *space, const Term args[])
{
    uint64_t bits;
    BIGNUM *exponent = bignum_of(args[1]);
    if (!term_to_uint64(args[0], &bits) || bits > OPENSSL_RSA_MAX_MODULUS_BITS) {
        BN_free(exponent);
        return CRYPTO_BADARG(2, "Can't get unsigned int");
    }
    if (bits < 256) {
        BN_free(exponent);
        return CRYPTO_BADARG(2, "Can't be < 256");
    }
    if (exponent == NULL) {
        return CRYPTO_BADARG(2, "Can't get bignum");
    }
    RSA *rsa = RSA_new();
    Term result =
        RSA_generate_key_ex(rsa, (int) bits, exponent, NULL)
            ? make_tuple2(space, rsa_numbers(space, rsa, false), rsa_numbers(space, rsa, true))
            : CRYPTO_ERROR(0, "Can't generate RSA key-pair");
    RSA_free(rsa);
    BN_free(exponent);
    return result;
}
CRYPTO_BIF(rsa_generate_key, 2, true)

static Term dh_parameters(Space *space, DH *dh, Term list, int number)
{
    Term p, g;
    if (!list_take(&list, &p)) {
        return CRYPTO_BADARG(number, "Bad value of 'p'");
    }
    BIGNUM *prime = bignum_of(p);
    if (prime == NULL) {
        return CRYPTO_BADARG(number, "Bad value of 'p'");
    }
    BIGNUM *generator = list_take(&list, &g) ? bignum_of(g) : NULL;
    if (generator == NULL) {
        BN_free(prime);
        return CRYPTO_BADARG(number, "Bad value of 'g'");
    }
    DH_set0_pqg(dh, prime, NULL, generator);
    return ATOM_ok;
}

/* dh_generate_key(Private | undefined, [P, G], Bits): Bits 0: as OpenSSL likes */
static Term dh_generate_key(Space *space, const Term args[])
{
    uint64_t bits;
    DH *dh = DH_new();
    Term result = dh_parameters(space, dh, args[1], 2);
    BIGNUM *private_key = args[0] == ATOM_undefined ? NULL : bignum_of(args[0]);
    if (result != ATOM_ok) {
    } else if (private_key == NULL && args[0] != ATOM_undefined) {
        result = CRYPTO_BADARG(3, "Bad private key");
    } else if (!term_to_uint64(args[2], &bits) || bits > INT32_MAX) {
        result = CRYPTO_BADARG(2, "Bad length");
    } else {
        if (bits != 0) {
            DH_set_length(dh, (long) bits);
        }
        if (private_key != NULL) {
            DH_set0_key(dh, NULL, private_key);
            private_key = NULL;
        }
        result = DH_generate_key(dh)
                     ? make_tuple2(space, bignum_binary(space, DH_get0_pub_key(dh), 1),
                                   bignum_binary(space, DH_get0_priv_key(dh), 1))
                     : CRYPTO_ERROR(0, "Can't generate DH key pair");
    }
    BN_clear_free(private_key);
    DH_free(dh);
    return result;
}
CRYPTO_BIF(dh_generate_key, 3, true)

static Term ec_key_terms(Space *space, const EC_KEY *key)
{
    const EC_GROUP *group = EC_KEY_get0_group(key);
    uint8_t point[2 * (OPENSSL_ECC_MAX_FIELD_BITS / 8 + 1) + 1];
    size_t size = EC_POINT_point2oct(group, EC_KEY_get0_public_key(key),
                                     POINT_CONVERSION_UNCOMPRESSED, point, sizeof point, NULL);
    int order_bytes = (EC_GROUP_order_bits(group) + 7) / 8;
    return make_tuple2(space, make_binary(space, point, size),
                       bignum_binary(space, EC_KEY_get0_private_key(key), order_bytes));
}

/* ec_generate_key(Curve, Private | undefined) */
static Term ec_generate_key(Space *space, const Term args[])
{
    EC_KEY *key = ec_key_on(args[0]);
    BIGNUM *private_key = args[1] == ATOM_undefined ? NULL : bignum_of(args[1]);
    Term result = ATOM_ok;
    if (edwards_type(args[0]) != NID_undef) {
        result = CRYPTO_ERROR(2, "Bad curve def. Expect 5-tuple.");
    } else if (key == NULL) {
        result = CRYPTO_BADARG(1, "Couldn't get Curve definition");
    } else if (args[1] == ATOM_undefined) {
        result = EC_KEY_generate_key(key) ? ATOM_ok : CRYPTO_ERROR(0, "Couldn't generate EC key");
    } else if (private_key == NULL) {
        result = CRYPTO_BADARG(1, "Bad private key");
    } else if (BN_is_zero(private_key)) {
        result = CRYPTO_BADARG(2, "peer priv key must not be 0");
    } else if (!set_private(key, private_key)) {
        result = CRYPTO_ERROR(0, "Couldn't get the public key");
    }
    if (result == ATOM_ok) {
        result = ec_key_terms(space, key);
    }
    BN_clear_free(private_key);
    EC_KEY_free(key);
    return result;
}
CRYPTO_BIF(ec_generate_key, 2, false)

static EVP_PKEY *edwards_generate(int type)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(type, NULL);
    if (context == NULL || EVP_PKEY_keygen_init(context) != 1 ||
        EVP_PKEY_keygen(context, &key) != 1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    return key;
}

/* evp_generate_key(Curve, Private | undefined) */
static Term evp_generate_key(Space *space, const Term args[])
{
    int type = edwards_type(args[0]);
    if (type == NID_undef) {
        return CRYPTO_BADARG(1, "Bad curve");
    }
    EVP_PKEY *key = NULL;
    if (args[1] == ATOM_undefined) {
        key = edwards_generate(type);
    } else if (!term_is_binary(args[1])) {
        return CRYPTO_BADARG(2, "Binary expected");
    } else {
        CryptoBytes bytes = bytes_of(args[1]);
        key = EVP_PKEY_new_raw_private_key(type, NULL, bytes.bytes, bytes.size);
        bytes_drop(&bytes);
        if (key == NULL) {
            return CRYPTO_ERROR(2, "Can't EVP_PKEY_new_raw_private_key");
        }
    }
    uint8_t public_key[64], private_key[64];
    size_t public_size = sizeof public_key, private_size = sizeof private_key;
    Term result = key != NULL && EVP_PKEY_get_raw_public_key(key, public_key, &public_size) &&
                          EVP_PKEY_get_raw_private_key(key, private_key, &private_size)
                      ? make_tuple2(space, make_binary(space, public_key, public_size),
                                    make_binary(space, private_key, private_size))
                      : CRYPTO_ERROR(0, "Can't make an EVP_PKEY");
    EVP_PKEY_free(key);
    return result;
}
CRYPTO_BIF(evp_generate_key, 2, false)

/* ---- agreeing on a key ---- */

static Term dh_agree(Space *space, DH *dh, const BIGNUM *others)
{
    uint8_t *bytes = mem_alloc((size_t) DH_size(dh) + 1);
    int size = DH_compute_key(bytes, others, dh);
    Term result =
        size > 0 ? make_binary(space, bytes, (size_t) size) : CRYPTO_ERROR(0, "Can't get result");
    mem_free(bytes);
    return result;
}

/* dh_compute_key(OthersPublic, MyPrivate, [P, G]) */
static Term dh_compute_key(Space *space, const Term args[])
{
    BIGNUM *others = bignum_of(args[0]), *mine = bignum_of(args[1]);
    DH *dh = DH_new();
    Term result = others == NULL ? CRYPTO_BADARG(1, "Bad peer public key; binary expected")
                                 : dh_parameters(space, dh, args[2], 3);
    if (result == ATOM_ok && mine == NULL) {
        result = CRYPTO_BADARG(1, "Bad peer public key; binary expected");
    }
    if (result == ATOM_ok) {
        DH_set0_key(dh, NULL, mine);
        mine = NULL;
        result = dh_agree(space, dh, others);
    }
    BN_free(others);
    BN_clear_free(mine);
    DH_free(dh);
    return result;
}
CRYPTO_BIF(dh_compute_key, 3, true)

static Term ecdh_agree(Space *space, EC_KEY *mine, const EC_KEY *others)
{
    uint8_t bytes[OPENSSL_ECC_MAX_FIELD_BITS / 8 + 1];
    size_t size = (size_t) (EC_GROUP_get_degree(EC_KEY_get0_group(mine)) + 7) / 8;
    int done = ECDH_compute_key(bytes, size, EC_KEY_get0_public_key(others), mine, NULL);
    return done > 0 ? make_binary(space, bytes, (size_t) done)
                    : CRYPTO_ERROR(0, "Can't get result");
}

/* ecdh_compute_key(OthersPublic, Curve, MyPrivate) */
static Term ecdh_compute_key(Space *space, const Term args[])
{
    EC_KEY *mine = ec_key_on(args[1]);
    EC_KEY *others = mine == NULL ? NULL : EC_KEY_dup(mine);
    BIGNUM *private_key = bignum_of(args[2]);
    Term result;
    if (mine == NULL) {
        result = CRYPTO_ERROR(2, "Bad curve def. Expect 5-tuple.");
    } else if (!term_is_binary(args[0])) {
        result = CRYPTO_BADARG(1, "Bad peer public key; binary expected");
    } else if (!set_public(others, args[0])) {
        result = CRYPTO_ERROR(0, "Can't do fromdata");
    } else if (private_key == NULL) {
        result = CRYPTO_BADARG(1, "Bad peer public key; binary expected");
    } else if (BN_is_zero(private_key) || !EC_KEY_set_private_key(mine, private_key)) {
        result = CRYPTO_ERROR(0, "Can't get result");
    } else {
        result = ecdh_agree(space, mine, others);
    }
    BN_clear_free(private_key);
    EC_KEY_free(mine);
    EC_KEY_free(others);
    return result;
}
CRYPTO_BIF(ecdh_compute_key, 3, false)

static Term evp_agree(Space *space, EVP_PKEY *mine, EVP_PKEY *others)
{
    uint8_t bytes[64];
    size_t size = sizeof bytes;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(mine, NULL);
    Term result = EVP_PKEY_derive_init(context) == 1 &&
                          EVP_PKEY_derive_set_peer(context, others) == 1 &&
                          EVP_PKEY_derive(context, bytes, &size) == 1
                      ? make_binary(space, bytes, size)
                      : CRYPTO_ERROR(0, "Can't EVP_PKEY_derive");
    EVP_PKEY_CTX_free(context);
    return result;
}

/* evp_compute_key(Curve, OthersPublic, MyPrivate) */
static Term evp_compute_key(Space *space, const Term args[])
{
    int type = edwards_type(args[0]);
    if (type == NID_undef) {
        return CRYPTO_BADARG(1, "Bad curve");
    }
    if (!term_is_binary(args[2])) {
        return CRYPTO_BADARG(3, "Binary expected");
    }
    if (!term_is_binary(args[1])) {
        return CRYPTO_BADARG(2, "Binary expected");
    }
    CryptoBytes mine_bytes = bytes_of(args[2]), others_bytes = bytes_of(args[1]);
    EVP_PKEY *mine = EVP_PKEY_new_raw_private_key(type, NULL, mine_bytes.bytes, mine_bytes.size);
    EVP_PKEY *others =
        EVP_PKEY_new_raw_public_key(type, NULL, others_bytes.bytes, others_bytes.size);
    Term result = mine == NULL     ? CRYPTO_BADARG(3, "Not a valid raw private key")
                  : others == NULL ? CRYPTO_BADARG(2, "Not a raw public peer key")
                                   : evp_agree(space, mine, others);
    EVP_PKEY_free(mine);
    EVP_PKEY_free(others);
    bytes_drop(&mine_bytes);
    bytes_drop(&others_bytes);
    return result;
}
CRYPTO_BIF(evp_compute_key, 3, false)
