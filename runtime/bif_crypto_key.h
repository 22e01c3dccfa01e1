/* runtime/bif_crypto_key.h
 * Private to bif_crypto_key.c and bif_crypto_sign.c: keys as Erlang terms, and what OpenSSL makes
 * of them. All give NULL for what is no key of that kind. */
#ifndef MUSTER_RUNTIME_BIF_CRYPTO_KEY_H
#define MUSTER_RUNTIME_BIF_CRYPTO_KEY_H

#include "runtime/bif_crypto.h"

#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

/* [E, N, D] or [E, N, D, P1, P2, E1, E2, C], and [E, N]. */
RSA *rsa_private_of(Term key);
RSA *rsa_public_of(Term key);
/* [P, Q, G, X] and [P, Q, G, Y]. */
DSA *dsa_private_of(Term key);
DSA *dsa_public_of(Term key);
/* A curve's name or {Field, Coefficients, G, Order, Cofactor}. */
EC_GROUP *ec_group_of(Term curve);
/* [Key, Curve] */
EC_KEY *ec_private_of(Term key);
EC_KEY *ec_public_of(Term key);
/* Of ed25519, ed448, x25519, x448; NID_undef: none. */
int edwards_type(Term curve);
/* [Key, Curve] with the raw bytes of a signing key. */
EVP_PKEY *edwards_private_of(Term key);
EVP_PKEY *edwards_public_of(Term key);

#endif
