/* runtime/bif_string.c
 * Module string where it is simple: flat lists of plain characters, of which no two can be one
 * grapheme cluster, and ASCII. All else is answered `false`, and Erlang does it. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

#include <utf8proc.h>

enum { FIRST_MARK = 0x300, PATTERN_MOST = 256 };

static bool is_plain(Term t)
{
    return term_is_small(t) && small_value(t) >= 0 && small_value(t) < FIRST_MARK &&
           t != term_small('\r');
}

/* ---- searching ---- */

typedef struct Search {
    Term pattern[PATTERN_MOST];
    size_t length;
    bool strange; /* something that is not plain was met */
    size_t steps;
} Search;

/* False: not for us. */
static bool search_start(Search *search, Term pattern)
{
    *search = (Search){.length = 0};
    for (; term_is_cons(pattern); pattern = cons_tail(pattern)) {
        if (search->length == PATTERN_MOST || !is_plain(cons_head(pattern))) {
            return false;
        }
        search->pattern[search->length++] = cons_head(pattern);
    }
    return term_is_nil(pattern) && search->length > 0;
}

/* What comes after the pattern where the list begins with it; else TERM_NONE. */
static Term after_match(Search *search, Term list)
{
    for (size_t i = 0; i < search->length; i++, list = cons_tail(list)) {
        if (!term_is_cons(list) || cons_head(list) != search->pattern[i]) {
            return TERM_NONE;
        }
    }
    search->steps += search->length;
    if (term_is_cons(list) ? !is_plain(cons_head(list)) : !term_is_nil(list)) {
        search->strange = true;
        return TERM_NONE;
    }
    return list;
}

/* The rest of the list from the first match on, nil if there is none; `*after`: what follows it. */
static Term next_match(Search *search, Term list, Term *after)
{
    for (; term_is_cons(list); list = cons_tail(list), search->steps++) {
        if (!is_plain(cons_head(list))) {
            break;
        }
        if (cons_head(list) == search->pattern[0]) {
            *after = after_match(search, list);
            if (*after != TERM_NONE || search->strange) {
                return list;
            }
        }
    }
    search->strange = search->strange || !term_is_nil(list);
    return TERM_NIL;
}

static Term last_match(Search *search, Term list, Term *after)
{
    Term last = TERM_NIL, next_after;
    while (!term_is_nil(list = next_match(search, list, &next_after)) && !search->strange) {
        last = list;
        *after = next_after;
        list = cons_tail(list);
    }
    return last;
}

static bool is_too_long(const Search *search)
{
    return search->steps > LONG_STEPS && bif_may_leave();
}

/* muster_string:seek(Characters, Pattern, leading | trailing): the rest from there on | nomatch. */
Term bif_string_seek(Process *p, const Term args[])
{
    Search search;
    Term after;
    if (!search_start(&search, args[1]) || !term_is_list(args[0])) {
        return ATOM_false;
    }
    Term found = args[2] == ATOM_trailing ? last_match(&search, args[0], &after)
                                          : next_match(&search, args[0], &after);
    bif_charge(p, search.steps / 16);
    return search.strange ? ATOM_false : term_is_nil(found) ? ATOM_nomatch : found;
}

/* The characters of `list` before `end`, which is the rest of it from some place on. */
static Term up_to(Space *space, Term list, Term end)
{
    ListBuilder part;
    list_start(&part, space);
    for (; list != end; list = cons_tail(list)) {
        list_add(&part, cons_head(list));
    }
    return list_end(&part, TERM_NIL);
}

/* muster_string:parts(Characters, Pattern, leading | trailing | all): what is between the matches.
 */
Term bif_string_parts(Process *p, const Term args[])
{
    Search search;
    ListBuilder parts;
    Term list = args[0], after = TERM_NIL, found;
    if (!search_start(&search, args[1]) || !term_is_list(list)) {
        return ATOM_false;
    }
    list_start(&parts, bif_space(p));
    do {
        found = args[2] == ATOM_trailing ? last_match(&search, list, &after)
                                         : next_match(&search, list, &after);
        if (search.strange) {
            return ATOM_false;
        }
        if (is_too_long(&search)) {
            return bif_leave(p);
        }
        if (!term_is_nil(found)) {
            Term part = up_to(bif_space(p), list, found);
            if (part == TERM_LIMIT) {
                return bif_system_limit(p);
            }
            list_add(&parts, part);
            list = after;
        }
    } while (args[2] == ATOM_all && !term_is_nil(found));
    list_add(&parts, list);
    bif_charge(p, search.steps / 16);
    return bif_result(p, list_end(&parts, TERM_NIL));
}

/* ---- case ---- */

static uint8_t ascii_cased(uint8_t c, bool upper)
{
    uint8_t first = upper ? 'a' : 'A';
    return c >= first && c <= first + 25 ? c ^ 0x20 : c;
}

static Term cased_binary(Process *p, Term binary, bool upper)
{
    size_t size, i = 0;
    void *scratch;
    const uint8_t *bytes = binary_bytes(binary, &size, &scratch);
    while (i < size && bytes[i] < 0x80) {
        i++;
    }
    uint8_t *copy = i == size ? mem_try_alloc(size + 1) : NULL;
    if (copy == NULL) {
        mem_free(scratch);
        return ATOM_false;
    }
    for (i = 0; i < size; i++) {
        copy[i] = ascii_cased(bytes[i], upper);
    }
    Term result = make_binary(bif_space(p), copy, size);
    mem_free(copy);
    mem_free(scratch);
    bif_charge(p, size / 256);
    return bif_result(p, result);
}

/* What becomes one code point. -1: several, or not for us. */
static int64_t cased(int64_t c, Term how)
{
    if (c < 0x80) {
        return ascii_cased((uint8_t) c, how == ATOM_upper);
    }
    if (how == ATOM_lower) {
        return code_point_is_valid(c) && c != 0x130 ? utf8proc_tolower((int32_t) c) : -1;
    }
    bool becomes_several = c == 0xDF || c == 0x149 || c == 0x1F0 || c == 0x390 || c == 0x3B0 ||
                           c == 0x587 || c >= 0x1E96;
    return how == ATOM_upper && !becomes_several ? utf8proc_toupper((int32_t) c) : -1;
}

static Term cased_list(Process *p, Term list, Term how)
{
    size_t count = 0;
    for (Term at = list; at != TERM_NIL; at = cons_tail(at), count++) {
        if (!term_is_cons(at) || !term_is_small(cons_head(at)) || small_value(cons_head(at)) < 0 ||
            cased(small_value(cons_head(at)), how) < 0) {
            return ATOM_false;
        }
    }
    if (count > LONG_STEPS && bif_may_leave()) {
        return bif_leave(p);
    }
    Term *cell = space_try_alloc(bif_space(p), count * 2);
    if (cell == NULL) {
        return bif_system_limit(p);
    }
    Term result = count == 0 ? TERM_NIL : term_cons(cell);
    bif_charge(p, count / 16);
    for (; count-- > 0; list = cons_tail(list), cell += 2) {
        cell[0] = term_small(cased(small_value(cons_head(list)), how));
        cell[1] = count == 0 ? TERM_NIL : term_cons(cell + 2);
    }
    return result;
}

/* muster_string:cased(Characters, upper | lower | ascii_lower): binaries of ASCII alone. */
Term bif_string_cased(Process *p, const Term args[])
{
    return term_is_binary(args[0]) ? cased_binary(p, args[0], args[1] == ATOM_upper)
           : term_is_list(args[0]) ? cased_list(p, args[0], args[1])
                                   : ATOM_false;
}

/* ---- comparing ---- */

/* The codepoints of a flat list or of a binary. */
typedef struct Codepoints {
    Term list;
    const uint8_t *bytes;
    size_t size, at;
    void *scratch;
} Codepoints;

static bool codepoints_start(Codepoints *c, Term t)
{
    *c = (Codepoints){.list = TERM_NIL};
    if (term_is_binary(t)) {
        c->bytes = binary_bytes(t, &c->size, &c->scratch);
    } else {
        c->list = t;
    }
    return term_is_binary(t) || term_is_list(t);
}

enum { AT_END = -1, STRANGE = -2 };

static int64_t next_codepoint(Codepoints *c)
{
    if (c->at < c->size) {
        size_t used = 1;
        int32_t code = c->bytes[c->at];
        if (code >= 0x80) {
            code = utf8_decode(c->bytes + c->at, c->size - c->at, &used);
        }
        c->at += used;
        return code < 0 ? STRANGE : code;
    }
    if (!term_is_cons(c->list)) {
        return term_is_nil(c->list) ? AT_END : STRANGE;
    }
    Term head = cons_head(c->list);
    c->list = cons_tail(c->list);
    return term_is_small(head) && small_value(head) >= 0 ? small_value(head) : STRANGE;
}

/* muster_string:equal(A, B): true | false | unknown. */
Term bif_string_equal(Process *p, const Term args[])
{
    Codepoints a = {.scratch = NULL}, b = {.scratch = NULL};
    Term result = ATOM_unknown;
    size_t steps = 0;
    if (codepoints_start(&a, args[0]) && codepoints_start(&b, args[1])) {
        int64_t x, y;
        do {
            x = next_codepoint(&a);
            y = next_codepoint(&b);
            steps++;
        } while (x == y && x >= 0);
        result = x == STRANGE || y == STRANGE ? ATOM_unknown : term_bool(x == y);
    }
    mem_free(a.scratch);
    mem_free(b.scratch);
    bif_charge(p, steps / 16);
    return result;
}
