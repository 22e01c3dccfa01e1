/* runtime/bif_unicode_tables.c
 * Module muster_unicode: cases, grapheme clusters and normal forms, from utf8proc's tables. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

#include <utf8proc.h>

static bool term_to_code_point(Term t, int32_t *out)
{
    if (!term_is_small(t) || small_value(t) < 0 || small_value(t) > 0x10FFFF) {
        return false;
    }
    *out = (int32_t) small_value(t);
    return true;
}

/* utf8proc's own simple folding is not to be had; the full one is it wherever it is one code point,
 * and the lower case where it is several, but for one letter. */
static int32_t fold(int32_t c)
{
    int32_t folded[8];
    enum { CAPITAL_I_WITH_DOT = 0x130 };
    if (c == CAPITAL_I_WITH_DOT) {
        return c;
    }
    utf8proc_ssize_t count =
        utf8proc_decompose_char(c, folded, COUNT_OF(folded), UTF8PROC_CASEFOLD, NULL);
    return count == 1 ? folded[0] : utf8proc_tolower(c);
}

#define MAP1(name, function) \
    Term name(Process *p, const Term args[]) \
    { \
        int32_t c; \
        return term_to_code_point(args[0], &c) ? term_small(function(c)) : bif_badarg(p); \
    }
MAP1(bif_unicode_upper, utf8proc_toupper)
MAP1(bif_unicode_lower, utf8proc_tolower)
MAP1(bif_unicode_title, utf8proc_totitle)
MAP1(bif_unicode_fold, fold)

Term bif_unicode_joined(Process *p, const Term args[])
{
    int32_t a, b;
    if (!term_to_code_point(args[0], &a) || !term_to_code_point(args[1], &b) ||
        !term_is_small(args[2])) {
        return bif_badarg(p);
    }
    utf8proc_int32_t state = (utf8proc_int32_t) small_value(args[2]);
    return utf8proc_grapheme_break_stateful(a, b, &state) ? ATOM_false : term_small(state);
}

/* ---- normal forms ---- */

static bool form_options(Term form, int *decompose, bool *compose)
{
    bool compatible = form == ATOM_nfkc || form == ATOM_nfkd;
    *compose = form == ATOM_nfc || form == ATOM_nfkc;
    *decompose = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | (compatible ? UTF8PROC_COMPAT : 0);
    return *compose || compatible || form == ATOM_nfd;
}

/* UTF-8 of a flat list of code points, in malloc'd memory; NULL: it is none. */
static uint8_t *code_points_utf8(Term list, size_t *size_bytes)
{
    int64_t length = list_length(list);
    uint8_t *bytes = length < 0 ? NULL : mem_try_alloc((size_t) length * 4 + 1);
    if (bytes == NULL) {
        return NULL;
    }
    uint8_t *out = bytes;
    for (; term_is_cons(list); list = cons_tail(list)) {
        int32_t c;
        if (!term_to_code_point(cons_head(list), &c) || !code_point_is_valid(c)) {
            mem_free(bytes);
            return NULL;
        }
        out += utf8_encode((uint32_t) c, out);
    }
    *size_bytes = (size_t) (out - bytes);
    return bytes;
}

/* Are they in the form already, as all text of low characters is? Those below the first that has a
 * decomposition; composing, below the first that combines with one before it. */
static bool is_normal(Term form, Term list)
{
    int64_t below = form == ATOM_nfc ? 0x300 : form == ATOM_nfd ? 0xC0 : 0xA0;
    while (term_is_cons(list) && term_is_small(cons_head(list)) &&
           small_value(cons_head(list)) >= 0 && small_value(cons_head(list)) < below) {
        list = cons_tail(list);
    }
    return term_is_nil(list);
}

LONG_BIF(bif_unicode_normalize, bif_is_large(p, args[0]) || bif_is_large(p, args[1]))
{
    int options;
    bool compose;
    size_t size;
    if (is_normal(args[0], args[1])) {
        return args[1];
    }
    uint8_t *text =
        form_options(args[0], &options, &compose) ? code_points_utf8(args[1], &size) : NULL;
    if (text == NULL) {
        return bif_badarg(p);
    }
    utf8proc_ssize_t count =
        utf8proc_decompose(text, (utf8proc_ssize_t) size, NULL, 0, (utf8proc_option_t) options);
    int32_t *points = count < 0 ? NULL : mem_try_alloc(((size_t) count + 1) * sizeof *points);
    if (points == NULL) {
        mem_free(text);
        return bif_system_limit(p);
    }
    count = utf8proc_decompose(text, (utf8proc_ssize_t) size, points, count,
                               (utf8proc_option_t) options);
    if (compose) {
        count = utf8proc_normalize_utf32(points, count, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    }
    ListBuilder list;
    list_start(&list, bif_space(p));
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        list_add(&list, term_small(points[i]));
    }
    mem_free(points);
    mem_free(text);
    bif_charge(p, size / 32);
    return bif_result(p, list_end(&list, TERM_NIL));
}
