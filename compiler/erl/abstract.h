/* compiler/erl/abstract.h
 * The syntax tree as terms and back: Erlang's abstract format, for parse transforms, erl_parse and
 * compile:forms. Both ways run on a deep stack by themselves (ast_run_deep). */
#ifndef MUSTER_COMPILER_ERL_ABSTRACT_H
#define MUSTER_COMPILER_ERL_ABSTRACT_H

#include "compiler/erl/ast.h"
#include "compiler/erl/diagnostic.h"

typedef enum AbstractLocations {
    ABSTRACT_COLUMNS, /* {Line, Column} */
    ABSTRACT_LINES    /* Line, as the default of epp and of compile's parse transforms' ancestors */
} AbstractLocations;

/* All build in `space`; the atoms and big integers of the tree are copied there, so that the terms
 * outlive the unit. */
Term form_to_abstract(const ErlUnit *unit, Space *space, const Form *form,
                      AbstractLocations locations);
Term forms_to_abstract(const ErlUnit *unit, Space *space, AbstractLocations locations);
Term node_to_abstract(const ErlUnit *unit, Space *space, const Node *node,
                      AbstractLocations locations);

/* A list of forms into a unit of its own. NULL: the list is no list of forms; then `*bad` is the
 * part that is not understood. -file attributes among the forms set the files of positions, and
 * {error, _} and {warning, _} are added to the diagnostics. Lists with positions of their own in
 * each cons keep only those that the source form has. */
ErlUnit *forms_from_abstract(Term forms, Diagnostics *diagnostics, Term *bad);
/* One expression or pattern, into `unit`. NULL: it is none; `*bad` as above. */
Node *node_from_abstract(ErlUnit *unit, Term expr, Term *bad);

#endif
