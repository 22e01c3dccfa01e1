/* runtime/bif_port.h
 * What the built-ins for processes share with those for ports. */
#ifndef MUSTER_RUNTIME_BIF_PORT_H
#define MUSTER_RUNTIME_BIF_PORT_H

#include "runtime/bif_process.h"

/* Port ! Message: `answer`, also when the port is closed. A busy port makes the caller wait, or
 * gives `nosuspend`. To be called again with the same arguments after TERM_TRAP. */
Term port_send_message(Process *p, Term to, Term message, Term answer, bool nosuspend);

#endif
