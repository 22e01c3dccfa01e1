/* compiler/jit/map_keys.c: see map_keys.h. */
#include "compiler/jit/map_keys.h"

#include "runtime/term/compare.h"
#include "runtime/term/space.h"

Term map_keys_tuple(const Term given[], uint32_t count, uint32_t order[MAP_KEYS_MOST])
{
    Term keys[MAP_KEYS_MOST + 1];
    if (count > MAP_KEYS_MOST) {
        return TERM_NONE;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i;
        if (term_is_pointer(given[i])) {
            return TERM_NONE;
        }
        for (; at > 0 && term_compare_exact(given[i], keys[at]) <= 0; at--) {
            if (term_equal_exact(given[i], keys[at])) {
                return TERM_NONE;
            }
            keys[at + 1] = keys[at];
            order[at] = order[at - 1];
        }
        keys[at + 1] = given[i];
        order[at] = i;
    }
    keys[0] = HEADER(KIND_tuple, count);
    return literal_intern(term_boxed(keys));
}
