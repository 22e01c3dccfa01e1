/* runtime/bif_re.h
 * Between the files of regular expressions. */
#ifndef MUSTER_RUNTIME_BIF_RE_H
#define MUSTER_RUNTIME_BIF_RE_H

#include <stdint.h>

/* Any thread. Character tables for pcre2_set_character_tables, of ISO 8859-1; they live for ever.
 */
const uint8_t *regex_tables(void);

#endif
