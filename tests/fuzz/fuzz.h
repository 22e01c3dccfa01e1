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

#endif
