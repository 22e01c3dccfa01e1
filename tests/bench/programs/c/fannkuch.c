#include "bench.h"

/* Permutations in the order of the Erlang program: of what is left each in turn comes in front. */
typedef struct State {
    int8_t perm[16];
    int64_t size, max, sum;
} State;

static int64_t flips(const State *s)
{
    int8_t p[16];
    int64_t count = 0;
    memcpy(p, s->perm, sizeof p);
    while (p[0] != 1) {
        for (int8_t *low = p, *high = p + p[0] - 1; low < high; low++, high--) {
            int8_t kept = *low;
            *low = *high;
            *high = kept;
        }
        count++;
    }
    return count;
}

/* perm[place …] is done; `left` has the others. */
static void permutations(State *s, const int8_t *left, int64_t place)
{
    if (place == 0) {
        int64_t f = flips(s);
        s->max = f > s->max ? f : s->max;
        s->sum += f;
        return;
    }
    for (int64_t i = 0; i < place; i++) {
        int8_t rest[16];
        memcpy(rest, left, (size_t) i);
        memcpy(rest + i, left + i + 1, (size_t) (place - i - 1));
        s->perm[place - 1] = left[i];
        permutations(s, rest, place - 1);
    }
}

static Hash run(int64_t n, Hash h)
{
    State s = {.size = n};
    int8_t all[16];
    for (int8_t i = 0; i < n; i++) {
        all[i] = (int8_t) (i + 1);
    }
    permutations(&s, all, n);
    return hash_end(hash_integer(s.sum, hash_integer(s.max, h + 1)));
}

BENCH("fannkuch", 10)
