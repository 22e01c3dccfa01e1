/* runtime/bif_identity.c
 * What identifies funs, references, pids and ports, as text and back; and numbers that are given
 * out once. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/term/copy.h"
#include "runtime/term/world.h"

#include <stdio.h>

/* ---- fun_info ---- */

static Term local_fun_info(Process *p, Term fun, Term item)
{
    Space *space = bif_space(p);
    FunEntry *entry = fun_entry(fun);
    switch (item) {
    case ATOM_pid:
        return p->pid;
    case ATOM_module:
        return entry->module;
    case ATOM_new_index:
        return term_small((int32_t) entry->index);
    case ATOM_new_uniq:
        return make_binary(space, entry->uniq, sizeof entry->uniq);
    case ATOM_index:
        return term_small(entry->old_index);
    case ATOM_uniq:
        return term_small(entry->old_uniq);
    case ATOM_name: {
        Term name = __atomic_load_n(&entry->function, __ATOMIC_RELAXED);
        return name != TERM_NONE ? name : TERM_NIL;
    }
    case ATOM_arity:
        return term_small(entry->arity);
    case ATOM_env:
        return make_list(space, fun_captured(fun), entry->free_count, TERM_NIL);
    case ATOM_type:
        return ATOM_local;
    default:
        return TERM_NONE;
    }
}

static Term external_fun_info(Term fun, Term item)
{
    Export *entry = fun_export(fun);
    switch (item) {
    case ATOM_module:
        return entry->module;
    case ATOM_name:
        return entry->function;
    case ATOM_arity:
        return term_small(entry->arity);
    case ATOM_env:
        return TERM_NIL;
    case ATOM_type:
        return ATOM_external;
    case ATOM_pid:
    case ATOM_new_index:
    case ATOM_new_uniq:
    case ATOM_index:
    case ATOM_uniq:
        return ATOM_undefined;
    default:
        return TERM_NONE;
    }
}

/* {Item, Value}, or TERM_NONE. */
static Term fun_info(Process *p, Term fun, Term item)
{
    Term value =
        boxed_kind(fun) == KIND_fun ? local_fun_info(p, fun, item) : external_fun_info(fun, item);
    return value == TERM_NONE ? TERM_NONE : make_tuple2(bif_space(p), item, value);
}

Term bif_fun_info2(Process *p, const Term args[])
{
    return bif_result(p, term_is_fun(args[0]) ? fun_info(p, args[0], args[1]) : TERM_NONE);
}

Term bif_fun_info1(Process *p, const Term args[])
{
    static const Term local_items[] = {ATOM_pid,   ATOM_module, ATOM_new_index, ATOM_new_uniq,
                                       ATOM_index, ATOM_uniq,   ATOM_name,      ATOM_arity,
                                       ATOM_env,   ATOM_type};
    static const Term external_items[] = {ATOM_module, ATOM_name, ATOM_arity, ATOM_env, ATOM_type};
    if (!term_is_fun(args[0])) {
        return bif_badarg(p);
    }
    bool local = boxed_kind(args[0]) == KIND_fun;
    const Term *items = local ? local_items : external_items;
    Term list = TERM_NIL;
    for (size_t i = local ? COUNT_OF(local_items) : COUNT_OF(external_items); i-- > 0;) {
        list = make_cons(bif_space(p), fun_info(p, args[0], items[i]), list);
    }
    return list;
}

/* ---- as text ---- */

static Term printed(Process *p, Term t)
{
    Text text = {0};
    term_print(&text, t, 0);
    Term list = make_string_utf8(bif_space(p), text.bytes, text.size_bytes);
    text_finish(&text);
    return list;
}

Term bif_fun_to_list(Process *p, const Term args[])
{
    return term_is_fun(args[0]) ? printed(p, args[0]) : bif_badarg(p);
}
Term bif_ref_to_list(Process *p, const Term args[])
{
    return term_is_reference(args[0]) ? printed(p, args[0]) : bif_badarg(p);
}
Term bif_pid_to_list(Process *p, const Term args[])
{
    return term_is_pid(args[0]) ? printed(p, args[0]) : bif_badarg(p);
}
Term bif_port_to_list(Process *p, const Term args[])
{
    return term_is_port(args[0]) ? printed(p, args[0]) : bif_badarg(p);
}

/* Reads decimal numbers separated by '.' between `before` and '>'; returns how many, 0 when the
 * text is not so. */
static size_t parse_numbers(Term list, const char *before, uint64_t numbers[], size_t most)
{
    size_t size;
    char *text = latin1_list_text(list, &size);
    if (text == NULL) {
        return 0;
    }
    size_t count = 0;
    const char *at = text;
    bool ok = strncmp(at, before, strlen(before)) == 0;
    at += ok ? strlen(before) : 0;
    while (ok && count < most && *at >= '0' && *at <= '9') {
        uint64_t number = 0;
        while (*at >= '0' && *at <= '9' && number <= UINT32_MAX) {
            number = number * 10 + (uint64_t) (*at++ - '0');
        }
        numbers[count++] = number;
        if (*at != '.') {
            break;
        }
        at++;
    }
    ok = ok && at == text + size - 1 && *at == '>';
    mem_free(text);
    return ok ? count : 0;
}

Term bif_list_to_pid(Process *p, const Term args[])
{
    uint64_t n[3];
    if (parse_numbers(args[0], "<", n, 3) != 3 || n[0] != 0 || n[1] >= (1u << 28) ||
        n[2] >= (1u << 30)) {
        return bif_badarg(p);
    }
    return term_pid(n[1] | n[2] << 28);
}

Term bif_list_to_port(Process *p, const Term args[])
{
    uint64_t n[2];
    if (parse_numbers(args[0], "#Port<", n, 2) != 2 || n[0] != 0) {
        return bif_badarg(p);
    }
    return term_port(n[1]);
}

Term bif_list_to_ref(Process *p, const Term args[])
{
    uint64_t n[1 + EXTERNAL_IDS_MAX];
    size_t count = parse_numbers(args[0], "#Ref<", n, COUNT_OF(n));
    if ((count != 4 && count != 6) || n[0] != 0) {
        return bif_badarg(p);
    }
    uint32_t ids[EXTERNAL_IDS_MAX];
    for (size_t i = 1; i < count; i++) {
        if (n[i] > UINT32_MAX) {
            return bif_badarg(p);
        }
        ids[count - 1 - i] = (uint32_t) n[i];
    }
    uint64_t number, extra;
    return ref_from_ids(ids, (uint32_t) count - 1, &number, &extra)
               ? make_ref_of(bif_space(p), number, extra)
               : bif_badarg(p);
}

/* ---- given out once ---- */

Term bif_make_ref(Process *p, const Term args[])
{
    Term ref = make_ref_of(bif_space(p), world_unique_number(), 0);
    mailbox_mark(p, ref); /* a receive that waits for it need not look at what came before */
    return ref;
}

/* Numbers that need not be positive start well below zero, so that they stay small for long. */
#define UNIQUE_START (-((int64_t) 1 << 59))

Term bif_unique_integer0(Process *p, const Term args[])
{
    return make_int64(bif_space(p), UNIQUE_START + (int64_t) world_unique_number());
}

Term bif_unique_integer1(Process *p, const Term args[])
{
    bool positive = false, monotonic = false;
    Term list = args[0];
    for (; term_is_cons(list); list = cons_tail(list)) {
        if (cons_head(list) == ATOM_positive) {
            positive = true;
        } else if (cons_head(list) == ATOM_monotonic) {
            monotonic = true;
        } else {
            return bif_badarg(p);
        }
    }
    if (!term_is_nil(list)) {
        return bif_badarg(p);
    }
    int64_t number = (int64_t) (monotonic ? world_monotonic_number() : world_unique_number());
    return make_int64(bif_space(p), positive ? number : UNIQUE_START + number);
}

/* ---- small things ---- */

Term bif_nif_error1(Process *p, const Term args[])
{
    return bif_error(p, args[0]);
}
Term bif_nif_error2(Process *p, const Term args[])
{
    return bif_error(p, args[0]);
}

Term bif_flat_size(Process *p, const Term args[])
{
    return make_uint64(bif_space(p), term_flat_words(args[0]));
}

Term bif_shared_size(Process *p, const Term args[])
{
    return make_uint64(bif_space(p), term_shared_words(args[0]));
}

Term bif_same(Process *p, const Term args[])
{
    return term_bool(args[0] == args[1]);
}

Term bif_bump_reductions(Process *p, const Term args[])
{
    int64_t count;
    if (!term_is_small(args[0]) || !term_to_int64(args[0], &count) || count < 0) {
        return bif_badarg(p);
    }
    bif_charge(p, (size_t) count);
    return ATOM_true;
}
