#include "bench.h"

#include <math.h>

static double a(int64_t i, int64_t j)
{
    return 1.0 / (double) ((i + j) * (i + j + 1) / 2 + i + 1);
}

static void times(int transposed, const double *u, double *v, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        double sum = 0.0;
        for (int64_t j = 0; j < n; j++) {
            sum += (transposed ? a(j, i) : a(i, j)) * u[j];
        }
        v[i] = sum;
    }
}

static Hash run(int64_t n, Hash h)
{
    double *u = malloc((size_t) n * sizeof *u), *v = malloc((size_t) n * sizeof *v);
    double *w = malloc((size_t) n * sizeof *w), uv = 0.0, vv = 0.0;
    for (int64_t i = 0; i < n; i++) {
        u[i] = 1.0;
    }
    for (int round = 0; round < 10; round++) {
        times(0, u, w, n);
        times(1, w, v, n);
        times(0, v, w, n);
        times(1, w, u, n);
    }
    for (int64_t i = 0; i < n; i++) {
        uv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    free(u);
    free(v);
    free(w);
    return hash_float(sqrt(uv / vv), h);
}

BENCH("spectral_norm", 550)
