/* compiler/core/live.h
 * Which use of a variable is its last, so that a slot that is not read again can be told to the
 * collector before a call that may take long. Sets Core.is_last_use and the CoreDeaths. Recurses
 * over the core, as the generator does. */
#ifndef MUSTER_COMPILER_CORE_LIVE_H
#define MUSTER_COMPILER_CORE_LIVE_H

#include "compiler/core/core.h"

typedef struct Live Live;
Live *live_create(CoreModule *module);
void live_destroy(Live *live);
void live_function(Live *live, CoreFunction *function);

#endif
