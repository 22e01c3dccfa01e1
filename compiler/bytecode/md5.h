/* compiler/bytecode/md5.h
 * MD5 (RFC 1321) of the parts of a module. Our own: setting up libcrypto takes longer than all else
 * that compiling a small program does. */
#ifndef MUSTER_COMPILER_BYTECODE_MD5_H
#define MUSTER_COMPILER_BYTECODE_MD5_H

#include "runtime/term/base.h"

typedef struct Md5 {
    uint32_t state[4];
    uint64_t size_bytes;
    uint8_t block[64];
} Md5;

void md5_init(Md5 *md5);
void md5_add(Md5 *md5, const void *data, size_t size_bytes);
void md5_finish(Md5 *md5, uint8_t digest[16]);

#endif
