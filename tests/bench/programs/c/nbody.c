#include "bench.h"

#include <math.h>

#define DT 0.01
#define SOLAR 39.47841760435743
#define DAYS 365.24
enum { BODIES = 5 };

typedef struct Body {
    double x, y, z, vx, vy, vz, mass;
} Body;

static const Body start[BODIES] = {
    {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, SOLAR},
    {4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
     0.00166007664274403694 * DAYS, 0.00769901118419740425 * DAYS, -0.0000690460016972063023 * DAYS,
     0.000954791938424326609 * SOLAR},
    {8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411 * DAYS,
     0.00499852801234917238 * DAYS, 0.0000230417297573763929 * DAYS,
     0.000285885980666130812 * SOLAR},
    {12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
     0.00296460137564761618 * DAYS, 0.00237847173959480950 * DAYS, -0.0000296589568540237556 * DAYS,
     0.0000436624404335156298 * SOLAR},
    {15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322 * DAYS,
     0.00162824170038242295 * DAYS, -0.0000951592254519715870 * DAYS,
     0.0000515138902046611451 * SOLAR}};

static void advance(Body *b)
{
    for (int i = 0; i < BODIES; i++) {
        for (int j = i + 1; j < BODIES; j++) {
            double dx = b[i].x - b[j].x, dy = b[i].y - b[j].y, dz = b[i].z - b[j].z;
            double d2 = dx * dx + dy * dy + dz * dz, mag = DT / (d2 * sqrt(d2));
            double a = b[j].mass * mag, c = b[i].mass * mag;
            b[i].vx -= dx * a;
            b[i].vy -= dy * a;
            b[i].vz -= dz * a;
            b[j].vx += dx * c;
            b[j].vy += dy * c;
            b[j].vz += dz * c;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        b[i].x += DT * b[i].vx;
        b[i].y += DT * b[i].vy;
        b[i].z += DT * b[i].vz;
    }
}

static double energy(const Body *b)
{
    double e = 0.0;
    for (int i = 0; i < BODIES; i++) {
        e += 0.5 * b[i].mass * (b[i].vx * b[i].vx + b[i].vy * b[i].vy + b[i].vz * b[i].vz);
        for (int j = i + 1; j < BODIES; j++) {
            double dx = b[i].x - b[j].x, dy = b[i].y - b[j].y, dz = b[i].z - b[j].z;
            e -= b[i].mass * b[j].mass / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return e;
}

static Hash run(int64_t n, Hash h)
{
    Body b[BODIES];
    double px = 0.0, py = 0.0, pz = 0.0;
    memcpy(b, start, sizeof b);
    for (int i = 0; i < BODIES; i++) {
        px += b[i].vx * b[i].mass;
        py += b[i].vy * b[i].mass;
        pz += b[i].vz * b[i].mass;
    }
    b[0].vx = -px / SOLAR;
    b[0].vy = -py / SOLAR;
    b[0].vz = -pz / SOLAR;
    while (n-- > 0) {
        advance(b);
    }
    return hash_float(energy(b), h);
}

BENCH("nbody", 350000)
