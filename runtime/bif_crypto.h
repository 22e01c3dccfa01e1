/* runtime/bif_crypto.h
 * Private to bif_crypto*.c: the natives of module crypto, on OpenSSL's libcrypto, which is set up
 * when the first of them is called.
 *
 * A native is a CryptoFunction: it looks at terms and builds a term, wherever it runs. One that
 * takes long, or has much data, runs on the blocking pool, with copies of its arguments (large
 * binaries are shared). What is wrong is an answer, {crypto_error, {Tag, {File, Line}, Text}, N}
 * with N the number of the argument or undefined; stdlib/crypto.erl raises it. */
#ifndef MUSTER_RUNTIME_BIF_CRYPTO_H
#define MUSTER_RUNTIME_BIF_CRYPTO_H

/* The interfaces of before OpenSSL 3: they also work with what the `legacy` provider, which is no
 * part of the library, took away. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "runtime/bif_data.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <pthread.h>

typedef Term CryptoFunction(Space *space, const Term args[]);

/* The body of a built-in: calls `function` here or on the pool. */
Term crypto_call(Process *p, CryptoFunction *function, const Term args[], unsigned count,
                 bool is_long);
/* Defines bif_crypto_NAME for a CryptoFunction NAME. */
#define CRYPTO_BIF(name, count, is_long) \
    Term bif_crypto_##name(Process *p, const Term args[]) \
    { \
        return crypto_call(p, name, args, count, is_long); \
    }

Term crypto_error(Space *space, Term tag, int argument, const char *text, const char *file,
                  int line);
/* The caller's argument `number` (from 1) is wrong; 0: no single one is. */
#define CRYPTO_BADARG(number, text) \
    crypto_error(space, ATOM_badarg, number, text, strrchr(__FILE__, '/') + 1, __LINE__)
/* OpenSSL refused. */
#define CRYPTO_ERROR(number, text) \
    crypto_error(space, ATOM_error, number, text, strrchr(__FILE__, '/') + 1, __LINE__)
#define CRYPTO_NOTSUP(number, text) \
    crypto_error(space, ATOM_notsup, number, text, strrchr(__FILE__, '/') + 1, __LINE__)

/* A name of a digest; NULL: there is no such. */
const EVP_MD *crypto_digest(Term name);
/* The cipher of that name, where names without a key's length (aes_cbc) need it; NULL: there is
 * none. */
typedef struct CryptoCipher CryptoCipher;
const EVP_CIPHER *crypto_cipher(const char *name, size_t key_bytes);
/* There is such a cipher, and it is not a family of them. */
bool crypto_cipher_has_one_size(const char *name);

/* Bytes of a binary or other iodata, until bytes_drop. bytes NULL: it is none. */
typedef struct CryptoBytes {
    const uint8_t *bytes;
    size_t size;
    void *scratch;
} CryptoBytes;
CryptoBytes bytes_of(Term iodata);
void bytes_drop(CryptoBytes *bytes);
/* An integer, or a binary that is one, most significant byte first. NULL: neither, or negative. */
BIGNUM *bignum_of(Term t);
/* As a binary of at least `least` bytes. */
Term bignum_binary(Space *space, const BIGNUM *number, int least);
bool atom_is(Term t, const char *text);

#endif
