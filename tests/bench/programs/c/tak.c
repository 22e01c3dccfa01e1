#include "bench.h"

static int64_t tak(int64_t x, int64_t y, int64_t z)
{
    return y >= x ? z : tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

static Hash run(int64_t n, Hash h)
{
    return hash_integer(tak(3 * n, 2 * n, n), h);
}

BENCH("tak", 11)
