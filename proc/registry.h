/* proc/registry.h
 * Names of processes and ports: one word for each atom, in lazily backed address space.
 *
 *   field             written by                  read by   order
 *   entry of a name   registrar, owner at end     anyone    compare-and-swap full / load acquire
 *   p->registered_name  the same                  anyone    compare-and-swap full / load acquire
 *
 * A registration first claims p->registered_name, then the entry; a process that ends swaps its
 * own to REGISTRY_CLOSED, so that nobody can name it afterwards. */
#ifndef MUSTER_PROC_REGISTRY_H
#define MUSTER_PROC_REGISTRY_H

#include "proc/process.h"

enum { REGISTRY_CLOSED = 1 };

void registry_init(void); /* after atoms_init */
/* The pid or port that has this name; TERM_NONE: none. `name`: an atom. Lock-free. */
Term registry_find(Term name);

typedef enum RegisterResult {
    REGISTER_OK,
    REGISTER_TAKEN,      /* the name is in use */
    REGISTER_HAS_NAME,   /* the process has a name */
    REGISTER_NO_PROCESS, /* not alive */
    REGISTER_BAD_NAME,   /* the atom `undefined` */
} RegisterResult;        /* all but OK: badarg */
/* register(Name, PidOrPort); inside an epoch. */
RegisterResult registry_register(Term name, Term pid_or_port);
/* False: there is no such name: badarg. */
bool registry_unregister(Term name);
/* Names the process has: atom, or TERM_NONE. Any thread in an epoch. */
Term registry_name_of(const Process *p);
/* Fills `names` (room for `capacity`), in atom order; returns how many there are. */
size_t registry_list(Term names[], size_t capacity);
/* The process ends: gives up its name for good. */
void registry_close(Process *p);
/* A port ends (process side: registry_close). */
void registry_unregister_port(Term name, Term port);

#endif
