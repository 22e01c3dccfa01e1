/* compiler/jit/map_keys.h
 * The keys of maps that native code makes: where all are known, the tuple of them is made once,
 * when the code is. */
#ifndef MUSTER_JIT_MAP_KEYS_H
#define MUSTER_JIT_MAP_KEYS_H

#include "runtime/term/term.h"

enum { MAP_KEYS_MOST = 24 };

/* The tuple of the keys, sorted as maps have them, for good: *order says which of those given comes
 * there. TERM_NONE: there are too many, two are the same, or one is no word (keys that are literals
 * of the module would go with it). */
Term map_keys_tuple(const Term given[], uint32_t count, uint32_t order[MAP_KEYS_MOST]);

#endif
