/* compiler/jit/cache_points.h
 * What native return addresses stand for, for who walks many frames; the rest is in cache.h. */
#ifndef MUSTER_JIT_CACHE_POINTS_H
#define MUSTER_JIT_CACHE_POINTS_H

#include "runtime/term/base.h"

extern _Atomic(const void *) *cache_points; /* by number; set once */
const void *cache_point(const void *return_address);

/* As cache_point, of an address that surely is a return point of native code. */
static inline const void *cache_point_at(const void *return_address)
{
#if defined(__x86_64__)
    uint32_t number; /* see machine_return_point */
    memcpy(&number, (const uint8_t *) return_address + 4, sizeof number);
    return __atomic_load_n((const void **) &cache_points[number], __ATOMIC_ACQUIRE);
#else
    return cache_point(return_address);
#endif
}

#endif
