/* tests/bench/programs/c/bench.h
 * The numeric kernels of the compute set in C: the same algorithm and the same N as in the Erlang
 * program of that name. A program defines `run`, which hashes its result as bench.erl does, and
 * ends in BENCH(name, N). One line a run: program, N, microseconds, hash. */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int64_t Hash;

static inline Hash hash_integer(int64_t i, Hash h)
{
    return (Hash) (((__int128) h * 31 + i) % 1000000007);
}
static inline Hash hash_float(double d, Hash h)
{
    uint64_t bits;
    memcpy(&bits, &d, 8);
    return (Hash) (((__int128) h * 31 + bits) % 1000000007);
}
/* A pair is hashed as the list of its elements, from one more. */
static inline Hash hash_end(Hash h)
{
    return (h * 31 + 1) % 1000000007;
}

static Hash run(int64_t n, Hash h);

#define BENCH(name, n) \
    int main(int count, char **words) \
    { \
        int repeats = count > 1 ? atoi(words[1]) : 1; \
        volatile int64_t size = (n); /* not known when it is compiled */ \
        while (repeats-- > 0) { \
            struct timespec a, b; \
            Hash h; \
            clock_gettime(CLOCK_MONOTONIC, &a); \
            h = run(size, 17); \
            clock_gettime(CLOCK_MONOTONIC, &b); \
            printf("%s %lld %lld %lld\n", name, (long long) size, \
                   (long long) ((b.tv_sec - a.tv_sec) * 1000000 + (b.tv_nsec - a.tv_nsec) / 1000), \
                   (long long) h); \
        } \
        return 0; \
    }

#endif
