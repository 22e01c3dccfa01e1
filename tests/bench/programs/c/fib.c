#include "bench.h"

static int64_t fib(int64_t n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static Hash run(int64_t n, Hash h)
{
    return hash_integer(fib(n), h);
}

BENCH("fib", 39)
