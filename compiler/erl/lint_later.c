/* compiler/erl/lint_later.c */
#include "compiler/erl/lint_internal.h"

void lint_later_passes(Linter *linter)
{
    (void) linter;
}
