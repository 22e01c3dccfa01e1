/* runtime/bif_ets_table.c
 * Whole ets tables: new, delete, rename, owners, options. */
#include "proc/signal.h"
#include "runtime/bif_tables.h"
#include "runtime/ets.h"
#include "runtime/term/copy.h"

/* ---- new ---- */

static bool heir_of(EtsTable *table, Term option)
{
    const Term *elements = tuple_elements(option);
    if (tuple_arity(option) == 2) {
        table->heir = elements[1];
        return elements[1] == ATOM_none;
    }
    if (!term_is_local_pid(elements[1])) {
        return false;
    }
    ArenaSpace *arena = arena_space_create();
    Term data = make_tuple(arena_space(arena), &elements[2], 1);
    table->heir = elements[1];
    table->heir_data = ets_node_create(data);
    arena_space_destroy(arena);
    return table->heir_data != NULL;
}

static bool concurrency_option(Term value, bool *out, bool may_be_auto)
{
    *out = value != ATOM_false;
    return value == ATOM_true || value == ATOM_false || (may_be_auto && value == atom_of("auto"));
}

static bool tuple_option(EtsTable *table, Term option)
{
    const Term *elements = tuple_elements(option);
    size_t arity = tuple_arity(option);
    if (arity >= 2 && elements[0] == ATOM_heir && arity <= 3) {
        return heir_of(table, option);
    }
    if (arity != 2 || !term_is_atom(elements[0])) {
        return false;
    }
    const char *name = atom_name(elements[0]);
    if (strcmp(name, "keypos") == 0) {
        int64_t keypos;
        bool ok = term_to_int64(elements[1], &keypos) && keypos >= 1 && keypos < INT32_MAX;
        table->keypos = ok ? (uint32_t) keypos : 0;
        return ok;
    }
    return strcmp(name, "read_concurrency") == 0
               ? concurrency_option(elements[1], &table->read_concurrency, false)
           : strcmp(name, "write_concurrency") == 0
               ? concurrency_option(elements[1], &table->write_concurrency, true)
           : strcmp(name, "decentralized_counters") == 0
               ? concurrency_option(elements[1], &table->decentralized_counters, false)
               : false;
}

static bool access_of(EtsTable *table, Term name)
{
    static const struct {
        const char *name;
        EtsAccess access;
    } kinds[] = {{"public", ETS_PUBLIC}, {"protected", ETS_PROTECTED}, {"private", ETS_PRIVATE}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (term_is_atom(name) && strcmp(atom_name(name), kinds[i].name) == 0) {
            table->access = kinds[i].access;
            return true;
        }
    }
    return false;
}

static bool option(EtsTable *table, Term option)
{
    if (term_is_tuple(option)) {
        return tuple_option(table, option);
    }
    const char *name = term_is_atom(option) ? atom_name(option) : "";
#define IS(text) (strcmp(name, text) == 0)
    if (IS("set") || IS("bag") || IS("duplicate_bag") || IS("ordered_set")) {
        table->type = IS("set")             ? ETS_SET
                      : IS("bag")           ? ETS_BAG
                      : IS("duplicate_bag") ? ETS_DUPLICATE_BAG
                                            : ETS_ORDERED_SET;
        return true;
    }
    if (access_of(table, option)) {
        return true;
    }
    table->named |= IS("named_table");
    table->compressed |= IS("compressed");
    return IS("named_table") || IS("compressed");
#undef IS
}

static void drop_heir_data(EtsTable *table)
{
    if (table->heir_data != NULL) {
        ets_node_destroy(table->heir_data);
        table->heir_data = NULL;
    }
}

Term bif_ets_new(Process *p, const Term args[])
{
    EtsTable wanted = {
        .name = args[0], .type = ETS_SET, .access = ETS_PROTECTED, .keypos = 1, .heir = ATOM_none};
    Term options = args[1];
    bool ok = term_is_atom(args[0]);
    for (; ok && term_is_cons(options); options = cons_tail(options)) {
        ok = option(&wanted, cons_head(options));
    }
    EtsTable *table = ok && term_is_nil(options) ? ets_create(p, &wanted) : NULL;
    if (table == NULL) {
        drop_heir_data(&wanted);
        return ok && term_is_nil(options) ? bif_error_info(p, ATOM_badarg, ATOM_already_exists)
                                          : bif_badarg(p);
    }
    return ets_id(bif_space(p), table);
}

/* ---- all ---- */

Term bif_ets_all(Process *p, const Term args[])
{
    size_t count;
    EtsTable **tables = ets_all(&count);
    Space *space = bif_space(p);
    Term list = TERM_NIL;
    for (size_t i = 0; i < count; i++) {
        if (!tables[i]->dead) {
            list = make_cons(space, ets_id(space, tables[i]), list);
        }
        magic_release(&tables[i]->magic);
    }
    mem_free(tables);
    return list;
}

Term bif_ets_whereis(Process *p, const Term args[])
{
    EtsTable *table = ets_lock(p, args[0], ETS_INFO);
    if (table == NULL) {
        return term_is_atom(args[0]) ? ATOM_undefined : bif_badarg(p);
    }
    Term ref = ets_ref(bif_space(p), table);
    ets_unlock(table);
    return ref;
}

/* ---- the rest ---- */

Term bif_ets_delete_table(Process *p, const Term args[])
{
    EtsTable *table = ets_lock(p, args[0], ETS_WRITE);
    if (table == NULL) {
        return ets_refused(p, args[0], ETS_WRITE);
    }
    ets_delete(table);
    return ATOM_true;
}

Term bif_ets_delete_all_objects(Process *p, const Term args[])
{
    EtsTable *table = ets_lock(p, args[0], ETS_WRITE);
    if (table == NULL) {
        return ets_refused(p, args[0], ETS_WRITE);
    }
    EtsNode *node = NULL;
    if (ets_is_fixed(table)) {
        EtsNode *next = ets_first_node(table, false);
        while (next != NULL) {
            EtsNode *gone = next;
            next = ets_next_node(table, gone, false);
            ets_remove(table, gone);
        }
    } else {
        node = ets_take_all(table);
        ets_contents_finish(table);
        table->segments = NULL;
        ets_contents_init(table);
    }
    ets_unlock(table);
    size_t count = 0;
    for (; node != NULL; count++) {
        EtsNode *next = node->next;
        ets_node_destroy(node);
        node = next;
    }
    bif_charge(p, count / 8);
    return ATOM_true;
}

Term bif_ets_rename(Process *p, const Term args[])
{
    EtsTable *table = term_is_atom(args[1]) ? ets_lock(p, args[0], ETS_WRITE) : NULL;
    if (table == NULL) {
        return ets_refused(p, args[0], ETS_WRITE);
    }
    bool ok = ets_rename(table, args[1]);
    Term id = ok ? ets_id(bif_space(p), table) : TERM_NONE;
    ets_unlock(table);
    return bif_result(p, id);
}

Term bif_ets_give_away(Process *p, const Term args[])
{
    bool ok = term_is_local_pid(args[1]) && process_exists(args[1]);
    EtsTable *table = ok ? ets_lock(p, args[0], ETS_OWN) : NULL;
    if (table == NULL) {
        return ets_refused(p, args[0], ETS_WRITE);
    }
    if (table->owner != p->pid) {
        ets_unlock(table);
        return ets_refused(p, args[0], ETS_WRITE);
    }
    if (args[1] == p->pid) {
        ets_unlock(table);
        return bif_error_info(p, ATOM_badarg, ATOM_owner);
    }
    Term id = ets_id(bif_space(p), table);
    ets_set_owner(table, args[1]);
    ets_unlock(table);
    process_send(p, args[1], make_tuple4(bif_space(p), ATOM_ets_transfer, id, p->pid, args[2]),
                 NULL);
    return ATOM_true;
}

Term bif_ets_setopts(Process *p, const Term args[])
{
    EtsTable *table = ets_lock(p, args[0], ETS_OWN);
    if (table == NULL) {
        return ets_refused(p, args[0], ETS_WRITE);
    }
    EtsTable wanted = {.heir = table->heir, .access = table->access};
    Term options = args[1], one[2];
    if (term_is_tuple(options)) {
        one[0] = options;
        one[1] = TERM_NIL;
        options = term_cons(one);
    }
    bool ok = true, changes_heir = false;
    for (; ok && term_is_cons(options); options = cons_tail(options)) {
        Term t = cons_head(options);
        size_t arity = term_is_tuple(t) ? tuple_arity(t) : 0;
        if (arity == 2 && tuple_elements(t)[0] == atom_of("protection")) {
            ok = access_of(&wanted, tuple_elements(t)[1]);
            continue;
        }
        ok = (arity == 2 || arity == 3) && tuple_elements(t)[0] == ATOM_heir;
        if (ok) {
            drop_heir_data(&wanted);
            ok = changes_heir = heir_of(&wanted, t);
        }
    }
    ok = ok && term_is_nil(options);
    if (ok) {
        table->access = wanted.access;
    }
    if (ok && changes_heir) {
        drop_heir_data(table);
        table->heir = wanted.heir;
        table->heir_data = wanted.heir_data;
    } else {
        drop_heir_data(&wanted);
    }
    ets_unlock(table);
    return ok ? ATOM_true : bif_badarg(p);
}

Term bif_ets_safe_fixtable(Process *p, const Term args[])
{
    bool fix = args[1] == ATOM_true;
    if (!fix && args[1] != ATOM_false) {
        return ets_refused(p, args[0], ETS_READ);
    }
    /* Whoever may read may fix: checked, then locked for writing. */
    EtsTable *table = ets_lock(p, args[0], ETS_READ);
    if (table == NULL) {
        return ets_refused(p, args[0], ETS_READ);
    }
    magic_retain(&table->magic);
    ets_unlock(table);
    rw_lock_write(&table->lock);
    bool dead = table->dead;
    if (!dead && fix) {
        ets_fix(table, p->pid);
    } else if (!dead) {
        ets_unfix(table, p->pid);
    }
    ets_unlock(table);
    magic_release(&table->magic);
    return dead ? bif_badarg(p) : ATOM_true;
}
