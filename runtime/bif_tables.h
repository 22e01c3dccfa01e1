/* runtime/bif_tables.h
 * Declares every built-in that the tables name. */
#ifndef MUSTER_RUNTIME_BIF_TABLES_H
#define MUSTER_RUNTIME_BIF_TABLES_H

#include "runtime/bif.h"

#define BIF(module, name, arity, c_function, flags) Term c_function(Process *p, const Term args[]);
#include "runtime/bif_tables.def"
#undef BIF

#endif
