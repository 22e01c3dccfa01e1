/* runtime/stats.h
 * --stats: what the machine did and what it used, as tables. */
#ifndef MUSTER_RUNTIME_STATS_H
#define MUSTER_RUNTIME_STATS_H

#include <stdio.h>

/* When the schedulers have ended. */
void stats_print(FILE *file);

#endif
