/* runtime/store_key.h
 * Terms as bytes whose order, byte by byte, is the order of the terms: what `store` keeps its keys
 * as. Terms that are not =:= have different bytes; of those that compare equal the integer comes
 * first. */
#ifndef MUSTER_RUNTIME_STORE_KEY_H
#define MUSTER_RUNTIME_STORE_KEY_H

#include "runtime/bif.h"

/* Appends the bytes of `t`. False: it holds what means nothing outside this machine (a pid, port,
 * reference or fun), or there is no memory. Any thread; no recursion. */
bool store_key_encode(Term t, ByteBuffer *out);

#endif
