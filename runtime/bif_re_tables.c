/* runtime/bif_re_tables.c
 * What is a letter, and what is upper case, in patterns that are not Unicode: as in ISO 8859-1,
 * which is what OTP's patterns go by.
 *
 * PCRE2's own tables know ASCII. Each character from 128 on becomes the like of an ASCII one. The
 * layout of the tables is said in pcre2_maketables.c of PCRE2 10: 256 bytes of lower case, 256 of
 * the other case, ten classes as sets of 256 bits, 256 bytes of properties. */
#include "runtime/bif_re.h"

#include "runtime/term/base.h"

#include <pthread.h>
#include <string.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum {
    LOWER = 0,
    OTHER_CASE = 256,
    CLASSES = 512,
    CLASS_COUNT = 10,
    CLASS_BYTES = 32,
    PROPERTIES = CLASSES + CLASS_COUNT * CLASS_BYTES,
    TABLES_BYTES = PROPERTIES + 256
};

static uint8_t tables[TABLES_BYTES];

/* The ASCII character whose like `c` is. */
static uint8_t prototype(unsigned c)
{
    bool other = c == 0xD7 || c == 0xF7;
    if (c < 0xA0) {
        return 1; /* a control character */
    }
    if ((c >= 0xDF || c == 0xAA || c == 0xB5 || c == 0xBA) && !other) {
        return 'z';
    }
    return c >= 0xC0 && !other ? 'Z' : '!';
}

static void become(uint8_t c, uint8_t like)
{
    for (size_t class_ = 0; class_ < CLASS_COUNT; class_++) {
        uint8_t *set = tables + CLASSES + class_ * CLASS_BYTES;
        if (set[like / 8] & 1u << like % 8) {
            set[c / 8] |= (uint8_t) (1u << c % 8);
        }
    }
    tables[PROPERTIES + c] = tables[PROPERTIES + like];
    bool paired = c >= 0xC0 && c != 0xDF && c != 0xFF;
    if (like == 'Z') {
        tables[LOWER + c] = tables[OTHER_CASE + c] = (uint8_t) (c + 32);
    } else if (like == 'z' && paired) {
        tables[OTHER_CASE + c] = (uint8_t) (c - 32);
    }
}

static void make_tables(void)
{
    const uint8_t *ascii = pcre2_maketables(NULL);
    uint32_t length = 0;
    CHECK(pcre2_config(PCRE2_CONFIG_TABLES_LENGTH, &length) >= 0 && length == TABLES_BYTES);
    memcpy(tables, ascii, sizeof tables);
    pcre2_maketables_free(NULL, ascii);
    for (unsigned c = 128; c < 256; c++) {
        become((uint8_t) c, prototype(c));
    }
}

const uint8_t *regex_tables(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_tables);
    return tables;
}
