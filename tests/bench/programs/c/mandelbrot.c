#include "bench.h"

static int64_t point(double cr, double ci)
{
    double zr = 0.0, zi = 0.0;
    for (int left = 50; left > 0; left--) {
        double r2 = zr * zr, i2 = zi * zi;
        if (r2 + i2 > 4.0) {
            return 0;
        }
        zi = 2.0 * zr * zi + ci;
        zr = r2 - i2 + cr;
    }
    return 1;
}

static Hash run(int64_t n, Hash h)
{
    int64_t count = 0;
    for (int64_t y = 0; y < n; y++) {
        double ci = 2.0 * (double) y / (double) n - 1.0;
        for (int64_t x = 0; x < n; x++) {
            count += point(2.0 * (double) x / (double) n - 1.5, ci);
        }
    }
    return hash_integer(count, h);
}

BENCH("mandelbrot", 900)
