/* runtime/muster_internal.h
 * Shared by the files behind muster.h. */
#ifndef MUSTER_RUNTIME_MUSTER_INTERNAL_H
#define MUSTER_RUNTIME_MUSTER_INTERNAL_H

#include "runtime/bif.h"
#include "runtime/muster.h"

/* There are atoms and code: a machine was started, perhaps stopped since. */
extern bool muster_is_known;

struct MusterSpace {
    Space *space;
    ArenaSpace *arena; /* NULL: a process's heap, of a call */
};

#endif
