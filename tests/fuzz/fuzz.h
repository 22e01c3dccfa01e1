/* tests/fuzz/fuzz.h
 * A fuzz target is a program of one function that takes any bytes. libFuzzer makes them (`make
 * fuzz`); replay.c reads them from files (`make check`): what was found once is tried ever after.
 *
 * A target must come to an end, and leave nothing behind; what it finds shows as a failed CHECK or
 * a sanitizer's report. */
#ifndef MUSTER_TESTS_FUZZ_H
#define MUSTER_TESTS_FUZZ_H

#include "runtime/term/base.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size_bytes);

/* The next number of a sequence that `state` begins. */
static inline uint64_t fuzz_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

#endif
