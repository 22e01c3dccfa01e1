/* runtime/bif_on_load.h
 * Built-ins that load code leave a module with an on_load function waiting (code_waiting); they
 * answer what on_load_finish returns. */
#ifndef MUSTER_RUNTIME_BIF_ON_LOAD_H
#define MUSTER_RUNTIME_BIF_ON_LOAD_H

#include "runtime/bif.h"

/* Has the on_load function of `module` run; the built-in answers `loaded`, or
 * {error, on_load_failure} when it was refused. Returns TERM_TRAP. */
Term on_load_finish(Process *p, Term module, Term loaded);

#endif
