/* compiler/erl/tests.h
 * What eunit.hrl asks the compiler for by -compile({parse_transform, eunit_autoexport}): functions
 * named like tests are exported, and test/0 is there to run them. With eunit_striptests they are
 * taken out instead. Done here, as every test module needs it: no Erlang code has to run for it. */
#ifndef MUSTER_COMPILER_ERL_TESTS_H
#define MUSTER_COMPILER_ERL_TESTS_H

#include "compiler/erl/ast.h"

/* Does it and removes the request, so that a second call does nothing. */
void erl_transform_tests(ErlUnit *unit);

#endif
