#include "bench.h"

static int64_t chain(int64_t n)
{
    int64_t length = 1;
    while (n != 1) {
        n = (n & 1) == 0 ? n >> 1 : 3 * n + 1;
        length++;
    }
    return length;
}

static Hash run(int64_t n, Hash h)
{
    int64_t best = 0, length = 0;
    for (int64_t i = 1; i < n; i++) {
        int64_t here = chain(i);
        if (here > length) {
            best = i;
            length = here;
        }
    }
    return hash_end(hash_integer(length, hash_integer(best, h + 1)));
}

BENCH("collatz", 1300000)
