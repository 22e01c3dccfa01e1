/* runtime/bif_ets.c
 * Objects of ets tables: put in, looked up, changed, taken out, walked. Copies are made before a
 * table is locked where that is possible. */
#include "runtime/bif_tables.h"
#include "runtime/ets.h"
#include "runtime/term/copy.h"

/* ---- insert ---- */

static bool is_object(const EtsTable *table, Term t)
{
    return term_is_tuple(t) && tuple_arity(t) >= table->keypos;
}

static void destroy_nodes(EtsNode *node)
{
    while (node != NULL) {
        EtsNode *next = node->next;
        ets_node_destroy(node);
        node = next;
    }
}

/* Nodes for an object or a list of them, in order by `next`. TERM_NONE: badarg. */
static Term make_nodes(const EtsTable *table, Term objects, EtsNode **nodes)
{
    EtsNode **end = nodes;
    *nodes = NULL;
    Term one[2] = {objects, TERM_NIL};
    Term list = term_is_tuple(objects) ? TERM_NONE : objects;
    while (list == TERM_NONE || term_is_cons(list)) {
        Term object = list == TERM_NONE ? one[0] : cons_head(list);
        list = list == TERM_NONE ? TERM_NIL : cons_tail(list);
        EtsNode *node = is_object(table, object) ? ets_node_create(object) : NULL;
        if (node == NULL) {
            destroy_nodes(*nodes);
            return is_object(table, object) ? TERM_LIMIT : TERM_NONE;
        }
        *end = node;
        end = &node->next;
    }
    if (!term_is_nil(list)) {
        destroy_nodes(*nodes);
        return TERM_NONE;
    }
    return ATOM_true;
}

static bool lock_for_insert(Process *p, Term id, EtsTable *table, EtsNode *nodes, EtsHold *hold)
{
    bool is_one = nodes != NULL && nodes->next == NULL;
    *hold = (EtsHold){0};
    if (is_one) {
        return ets_lock_key(p, id, ETS_WRITE, ets_node_key(table, nodes), hold);
    }
    hold->table = ets_lock(p, id, ETS_WRITE);
    return hold->table != NULL;
}

enum { OBJECTS_A_RESIZE = 256 };

/* insert_new of one object: it is copied only if there is none with its key. */
static Term insert_one_new(Process *p, Term id, const EtsTable *table, Term object)
{
    EtsHold hold;
    if (!ets_lock_key(p, id, ETS_WRITE, ets_key_of(table, object), &hold)) {
        return ets_refused(p, id, ETS_WRITE);
    }
    Term result = ATOM_false;
    if (!is_object(hold.table, object)) { /* another table has got the name meanwhile */
        result = TERM_NONE;
    } else if (ets_find(hold.table, ets_key_of(hold.table, object)) == NULL) {
        EtsNode *node = ets_node_create(object);
        result = node == NULL ? TERM_LIMIT : ATOM_true;
        if (node != NULL) {
            ets_insert(hold.table, node);
        }
    }
    ets_unlock_key(&hold);
    bif_charge(p, 1);
    return bif_result(p, result);
}

static Term insert(Process *p, const Term args[], bool only_new)
{
    EtsTable *table = ets_lookup(args[0]);
    if (table == NULL) {
        return ets_refused(p, args[0], ETS_WRITE);
    }
    if (only_new && is_object(table, args[1])) {
        return insert_one_new(p, args[0], table, args[1]);
    }
    EtsNode *nodes;
    Term result = make_nodes(table, args[1], &nodes);
    if (result != ATOM_true) {
        return result == TERM_NONE ? ets_refused(p, args[0], ETS_WRITE) : bif_failed(p, result);
    }
    EtsHold hold;
    if (!lock_for_insert(p, args[0], table, nodes, &hold)) {
        destroy_nodes(nodes);
        return ets_refused(p, args[0], ETS_WRITE);
    }
    table = hold.table;
    for (EtsNode *node = nodes; only_new && node != NULL; node = node->next) {
        if (ets_find(table, ets_node_key(table, node)) != NULL) {
            ets_unlock_key(&hold);
            destroy_nodes(nodes);
            return ATOM_false;
        }
    }
    size_t count = 0;
    while (nodes != NULL) {
        EtsNode *next = nodes->next;
        ets_insert(table, nodes);
        nodes = next;
        if (++count % OBJECTS_A_RESIZE == 0 && hold.stripe == NULL && ets_is_striped(table)) {
            ets_hash_resize(table); /* or a long list would fill buckets without bound */
        }
    }
    ets_unlock_key(&hold);
    bif_charge(p, count);
    return ATOM_true;
}

LONG_BIF(bif_ets_insert, term_is_cons(args[1]) && bif_is_large(p, args[1]))
{
    return insert(p, args, false);
}
LONG_BIF(bif_ets_insert_new, term_is_cons(args[1]) && bif_is_large(p, args[1]))
{
    return insert(p, args, true);
}

/* ---- look up ---- */

/* Copies of the objects from `node` on, which have one key, oldest first. TERM_LIMIT. */
static Term copies(Process *p, const EtsTable *table, const EtsNode *node)
{
    Space *space = bif_space(p);
    Term list = TERM_NIL;
    for (; node != NULL; node = ets_find_next(table, node)) {
        Term object = ets_object_copy(space, node);
        if (object == TERM_LIMIT) {
            return TERM_LIMIT;
        }
        list = make_cons(space, object, list);
    }
    return list;
}

Term bif_ets_lookup(Process *p, const Term args[])
{
    EtsHold hold;
    if (!ets_lock_key(p, args[0], ETS_READ, args[1], &hold)) {
        return ets_refused(p, args[0], ETS_READ);
    }
    EtsTable *table = hold.table;
    Term list = copies(p, table, ets_find(table, args[1]));
    ets_unlock_key(&hold);
    return bif_result(p, list);
}

Term bif_ets_member(Process *p, const Term args[])
{
    EtsHold hold;
    if (!ets_lock_key(p, args[0], ETS_READ, args[1], &hold)) {
        return ets_refused(p, args[0], ETS_READ);
    }
    EtsTable *table = hold.table;
    Term result = term_bool(ets_find(table, args[1]) != NULL);
    ets_unlock_key(&hold);
    return result;
}

static Term element_copies(Process *p, const EtsTable *table, const EtsNode *node, int64_t at)
{
    Space *space = bif_space(p);
    bool single = table->type == ETS_SET || table->type == ETS_ORDERED_SET;
    Term list = TERM_NIL;
    for (; node != NULL; node = ets_find_next(table, node)) {
        if (at > (int64_t) tuple_arity(node->object)) {
            return TERM_NONE;
        }
        Term element = term_copy(space, tuple_elements(node->object)[at - 1]);
        if (single || element == TERM_LIMIT) {
            return element;
        }
        list = make_cons(space, element, list);
    }
    return list;
}

/* `otherwise`: TERM_NONE: badarg when there is no such key. */
static Term lookup_element(Process *p, const Term args[], Term otherwise)
{
    int64_t at;
    bool ok = term_to_int64(args[2], &at) && at >= 1;
    EtsHold hold;
    if (!ok || !ets_lock_key(p, args[0], ETS_READ, args[1], &hold)) {
        return ets_refused(p, args[0], ETS_READ);
    }
    EtsNode *node = ets_find(hold.table, args[1]);
    bool no_key = node == NULL && otherwise == TERM_NONE;
    Term result = node == NULL ? otherwise : element_copies(p, hold.table, node, at);
    ets_unlock_key(&hold);
    return no_key ? bif_error_info(p, ATOM_badarg, ATOM_badkey) : bif_result(p, result);
}

Term bif_ets_lookup_element3(Process *p, const Term args[])
{
    return lookup_element(p, args, TERM_NONE);
}
Term bif_ets_lookup_element4(Process *p, const Term args[])
{
    return lookup_element(p, args, args[3]);
}

/* ---- delete ---- */

static void remove_key(EtsTable *table, EtsNode *node)
{
    while (node != NULL) {
        EtsNode *next = ets_find_next(table, node);
        ets_remove(table, node);
        node = next;
    }
}

Term bif_ets_delete(Process *p, const Term args[])
{
    EtsHold hold;
    if (!ets_lock_key(p, args[0], ETS_WRITE, args[1], &hold)) {
        return ets_refused(p, args[0], ETS_WRITE);
    }
    EtsTable *table = hold.table;
    remove_key(table, ets_find(table, args[1]));
    ets_unlock_key(&hold);
    return ATOM_true;
}

Term bif_ets_take(Process *p, const Term args[])
{
    EtsHold hold;
    if (!ets_lock_key(p, args[0], ETS_WRITE, args[1], &hold)) {
        return ets_refused(p, args[0], ETS_WRITE);
    }
    EtsTable *table = hold.table;
    EtsNode *node = ets_find(table, args[1]);
    Term list = copies(p, table, node);
    if (list != TERM_LIMIT) {
        remove_key(table, node);
    }
    ets_unlock_key(&hold);
    return bif_result(p, list);
}

Term bif_ets_delete_object(Process *p, const Term args[])
{
    EtsTable *table = ets_lookup(args[0]);
    EtsHold hold;
    if (table == NULL || !is_object(table, args[1]) ||
        !ets_lock_key(p, args[0], ETS_WRITE, ets_key_of(table, args[1]), &hold)) {
        return ets_refused(p, args[0], ETS_WRITE);
    }
    EtsNode *node = ets_find(table, ets_key_of(table, args[1]));
    while (node != NULL) {
        EtsNode *next = ets_find_next(table, node);
        if (term_equal_exact(node->object, args[1])) {
            ets_remove(table, node);
        }
        node = next;
    }
    ets_unlock_key(&hold);
    return ATOM_true;
}

/* ---- walking by key ---- */

static Term place(Process *p, const EtsTable *table, const EtsNode *node, bool with_objects)
{
    if (node == NULL) {
        return ATOM_end_of_table;
    }
    Term key = term_copy(bif_space(p), ets_node_key(table, node));
    if (key == TERM_LIMIT || !with_objects) {
        return key;
    }
    /* The walk may be anywhere among equal keys: all of them are wanted. */
    Term objects = copies(p, table, ets_find(table, ets_node_key(table, node)));
    return objects == TERM_LIMIT ? TERM_LIMIT : make_tuple2(bif_space(p), key, objects);
}

static Term end_place(Process *p, const Term args[], bool backward, bool with_objects)
{
    EtsTable *table = ets_lock(p, args[0], ETS_READ);
    if (table == NULL) {
        return ets_refused(p, args[0], ETS_READ);
    }
    Term result = place(p, table, ets_first_node(table, backward), with_objects);
    ets_unlock(table);
    return bif_result(p, result);
}

Term bif_ets_first(Process *p, const Term args[])
{
    return end_place(p, args, false, false);
}
Term bif_ets_last(Process *p, const Term args[])
{
    return end_place(p, args, true, false);
}
Term bif_ets_first_lookup(Process *p, const Term args[])
{
    return end_place(p, args, false, true);
}
Term bif_ets_last_lookup(Process *p, const Term args[])
{
    return end_place(p, args, true, true);
}

/* The first node with another key, in a hash table. */
static EtsNode *after_key(const EtsTable *table, const EtsNode *node)
{
    EtsNode *next = ets_next_node(table, node, false);
    while (next != NULL && next->hash == node->hash &&
           term_equal_exact(ets_node_key(table, next), ets_node_key(table, node))) {
        next = ets_next_node(table, next, false);
    }
    return next;
}

static Term next_place(Process *p, const Term args[], bool backward, bool with_objects)
{
    EtsTable *table = ets_lock(p, args[0], ETS_READ);
    if (table == NULL) {
        return ets_refused(p, args[0], ETS_READ);
    }
    Term result = TERM_NONE;
    if (table->type == ETS_ORDERED_SET) {
        if (args[1] != ATOM_end_of_table) {
            result = place(p, table, ets_tree_next(table, args[1], backward), with_objects);
        }
    } else {
        EtsNode *node = ets_find_marked(table, args[1]);
        if (node != NULL) {
            result = place(p, table, after_key(table, node), with_objects);
        }
    }
    ets_unlock(table);
    return bif_result(p, result);
}

Term bif_ets_next(Process *p, const Term args[])
{
    return next_place(p, args, false, false);
}
Term bif_ets_prev(Process *p, const Term args[])
{
    return next_place(p, args, true, false);
}
Term bif_ets_next_lookup(Process *p, const Term args[])
{
    return next_place(p, args, false, true);
}
Term bif_ets_prev_lookup(Process *p, const Term args[])
{
    return next_place(p, args, true, true);
}

static Term slot_objects(Process *p, const EtsTable *table, size_t slot)
{
    Space *space = bif_space(p);
    EtsNode *node = table->segments[slot / ETS_SEGMENT][slot % ETS_SEGMENT];
    Term list = TERM_NIL;
    for (; node != NULL; node = node->next) {
        Term object = node->deleted ? TERM_NIL : ets_object_copy(space, node);
        if (object == TERM_LIMIT) {
            return TERM_LIMIT;
        }
        list = node->deleted ? list : make_cons(space, object, list);
    }
    return list;
}

static Term tree_slot(Process *p, const EtsTable *table, size_t slot)
{
    EtsNode *node = ets_first_node(table, false);
    for (size_t i = 0; node != NULL && i < slot; i++) {
        node = ets_next_node(table, node, false);
    }
    return copies(p, table, node);
}

Term bif_ets_slot(Process *p, const Term args[])
{
    int64_t slot;
    EtsTable *table = term_to_index(args[1], &slot) ? ets_lock(p, args[0], ETS_READ) : NULL;
    if (table == NULL) {
        return ets_refused(p, args[0], ETS_READ);
    }
    bool is_tree = table->type == ETS_ORDERED_SET;
    size_t slots = is_tree ? ets_counts(table).size : table->buckets;
    Term result = (size_t) slot > slots    ? TERM_NONE
                  : (size_t) slot == slots ? ATOM_end_of_table
                  : is_tree                ? tree_slot(p, table, (size_t) slot)
                                           : slot_objects(p, table, (size_t) slot);
    ets_unlock(table);
    return bif_result(p, result);
}

/* ---- update ---- */

enum { UPDATE_NEAR = 16 };

/* An object being changed: its elements, some of them new. */
typedef struct Update {
    EtsTable *table;
    EtsNode *node; /* NULL: the object is new */
    Term object;
    Term *elements; /* a copy, once something was changed: `near`, or malloc'd */
    Term cause;     /* why it fails, in an atom; TERM_NONE: that can be seen by the arguments */
    Term near[UPDATE_NEAR];
} Update;

static void update_forget(Update *u)
{
    if (u->elements != u->near) {
        mem_free(u->elements);
    }
    u->elements = NULL;
}

/* Where an element may be changed: not the key, and there. */
static bool update_place(Update *u, Term at_term, size_t *at)
{
    int64_t place;
    if (!term_to_int64(at_term, &place) || place < 1 || place > (int64_t) tuple_arity(u->object)) {
        u->cause = ATOM_position;
        return false;
    }
    if (place == (int64_t) u->table->keypos) {
        u->cause = ATOM_keypos;
        return false;
    }
    *at = (size_t) place - 1;
    return true;
}

static Term update_get(const Update *u, size_t at)
{
    return u->elements == NULL ? tuple_elements(u->object)[at] : u->elements[at];
}

static void update_set(Update *u, size_t at, Term value)
{
    if (u->elements == NULL) {
        size_t size = tuple_arity(u->object) * sizeof(Term);
        u->elements = size <= sizeof u->near ? u->near : mem_alloc(size);
        memcpy(u->elements, tuple_elements(u->object), size);
    }
    u->elements[at] = value;
}

/* Where no part of the object has to move, it is changed in place. */
static bool update_in_place(const Update *u)
{
    size_t arity = tuple_arity(u->object);
    Term *old = tuple_elements(u->node->object);
    for (size_t i = 0; i < arity; i++) {
        if (old[i] != u->elements[i] &&
            (term_is_pointer(old[i]) || term_is_pointer(u->elements[i]))) {
            return false;
        }
    }
    memcpy(old, u->elements, arity * sizeof(Term));
    return true;
}

/* Puts the object in the table. ATOM_true or TERM_LIMIT. */
static Term update_finish(Process *p, Update *u)
{
    Term object = u->object;
    if (u->node != NULL && u->elements != NULL && update_in_place(u)) {
        update_forget(u);
        return ATOM_true;
    }
    if (u->elements != NULL) {
        /* The temporary tuple lies in p's heap and refers to the node: it is copied at once. */
        object = make_tuple(bif_space(p), u->elements, tuple_arity(u->object));
        update_forget(u);
    } else if (u->node != NULL) {
        return ATOM_true;
    }
    EtsNode *node = ets_node_create(object);
    if (node == NULL) {
        return TERM_LIMIT;
    }
    if (u->node != NULL) {
        ets_replace(u->table, u->node, node);
    } else {
        ets_insert(u->table, node);
    }
    return ATOM_true;
}

/* Finds the object of args[1], or makes one of `otherwise` with that key. False: badarg. */
static bool update_start(Process *p, Update *u, EtsTable *table, Term key, Term otherwise)
{
    u->table = table;
    u->node = ets_find(table, key);
    u->elements = NULL;
    u->cause = TERM_NONE;
    if (table->type == ETS_BAG || table->type == ETS_DUPLICATE_BAG) {
        u->cause = ATOM_table_type;
        return false;
    }
    if (u->node != NULL) {
        u->object = u->node->object;
        return otherwise == TERM_NONE || is_object(table, otherwise);
    }
    if (otherwise == TERM_NONE) {
        u->cause = ATOM_badkey;
        return false;
    }
    if (!is_object(table, otherwise)) {
        return false;
    }
    u->object = otherwise;
    update_set(u, table->keypos - 1, key);
    return true;
}

/* One counter; the new value, or TERM_NONE: badarg, TERM_LIMIT. */
static Term count(Process *p, Update *u, Term at_term, const Term operands[], size_t operand_count)
{
    size_t at;
    if (!update_place(u, at_term, &at) || !term_is_integer(update_get(u, at))) {
        return TERM_NONE;
    }
    for (size_t i = 0; i < operand_count; i++) {
        if (!term_is_integer(operands[i])) {
            return TERM_NONE;
        }
    }
    Term value = arith_add(bif_space(p), update_get(u, at), operands[0]);
    if (value == TERM_NONE || value == TERM_LIMIT) {
        return value;
    }
    if (operand_count == 3) {
        int order = term_compare(value, operands[1]);
        if (integer_is_negative(operands[0]) ? order < 0 : order > 0) {
            value = operands[2];
        }
    }
    Term *word = u->node == NULL ? NULL : &tuple_elements(u->node->object)[at];
    if (word != NULL && u->elements == NULL && u->node->words > 0 &&
        terms_are_small(*word, value)) {
        *word = value; /* no part of it moves: in place */
    } else {
        update_set(u, at, value);
    }
    return value;
}

static Term count_by(Process *p, Update *u, Term operation)
{
    if (term_is_integer(operation)) {
        return count(p, u, term_small(u->table->keypos + 1), &operation, 1);
    }
    if (!tuple_is(operation, 2) && !tuple_is(operation, 4)) {
        return TERM_NONE;
    }
    const Term *elements = tuple_elements(operation);
    return count(p, u, elements[0], elements + 1, tuple_arity(operation) - 1);
}

/* Nothing may be changed when a later operation fails: a dry run on a copy goes first. */
static Term count_list(Process *p, Update *u, Term list)
{
    Space *space = bif_space(p);
    ListBuilder values;
    list_start(&values, space);
    if (term_is_cons(list) && tuple_arity(u->object) > 0) {
        update_set(u, 0, update_get(u, 0));
    }
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term operation = cons_head(list);
        Term value = term_is_tuple(operation) ? count_by(p, u, operation) : TERM_NONE;
        if (value == TERM_NONE || value == TERM_LIMIT) {
            return value;
        }
        list_add(&values, value);
    }
    return term_is_nil(list) ? list_end(&values, TERM_NIL) : TERM_NONE;
}

static Term update_counter(Process *p, const Term args[], Term otherwise)
{
    EtsHold hold;
    if (!ets_lock_key(p, args[0], ETS_WRITE, args[1], &hold)) {
        return ets_refused(p, args[0], ETS_WRITE);
    }
    EtsTable *table = hold.table;
    Update u;
    Term result = TERM_NONE;
    if (update_start(p, &u, table, args[1], otherwise)) {
        result = term_is_list(args[2]) ? count_list(p, &u, args[2]) : count_by(p, &u, args[2]);
    }
    if (result == TERM_NONE || result == TERM_LIMIT) {
        update_forget(&u);
    } else if (update_finish(p, &u) == TERM_LIMIT) {
        result = TERM_LIMIT;
    }
    ets_unlock_key(&hold);
    return result == TERM_NONE && u.cause != TERM_NONE ? bif_error_info(p, ATOM_badarg, u.cause)
                                                       : bif_result(p, result);
}

Term bif_ets_update_counter3(Process *p, const Term args[])
{
    return update_counter(p, args, TERM_NONE);
}
Term bif_ets_update_counter4(Process *p, const Term args[])
{
    return update_counter(p, args, args[3]);
}

static bool set_by(Update *u, Term pair)
{
    size_t at;
    if (!tuple_is(pair, 2) || !update_place(u, tuple_elements(pair)[0], &at)) {
        return false;
    }
    update_set(u, at, tuple_elements(pair)[1]);
    return true;
}

/* {Position, Value} or a list of them. */
static bool is_update(Term t)
{
    if (term_is_tuple(t)) {
        return tuple_is(t, 2) && term_is_integer(tuple_elements(t)[0]);
    }
    for (; term_is_cons(t); t = cons_tail(t)) {
        if (!tuple_is(cons_head(t), 2)) {
            return false;
        }
    }
    return term_is_nil(t);
}

static Term update_element(Process *p, const Term args[], Term otherwise)
{
    EtsHold hold;
    if (!ets_lock_key(p, args[0], ETS_WRITE, args[1], &hold)) {
        return ets_refused(p, args[0], ETS_WRITE);
    }
    EtsTable *table = hold.table;
    Update u;
    Term result = TERM_NONE;
    bool started = update_start(p, &u, table, args[1], otherwise);
    if (!started && u.cause == ATOM_badkey) {
        result = ATOM_false; /* whatever the update is */
    } else if (started && is_update(args[2])) {
        bool ok = true;
        if (term_is_tuple(args[2])) {
            ok = set_by(&u, args[2]);
        }
        for (Term list = args[2]; ok && term_is_cons(list); list = cons_tail(list)) {
            ok = set_by(&u, cons_head(list));
        }
        if (ok) {
            result = update_finish(p, &u);
        }
    }
    if (result == TERM_NONE) {
        update_forget(&u);
    }
    ets_unlock_key(&hold);
    return result == TERM_NONE && u.cause == ATOM_keypos
               ? bif_error_info(p, ATOM_badarg, ATOM_keypos)
               : bif_result(p, result);
}

Term bif_ets_update_element3(Process *p, const Term args[])
{
    return update_element(p, args, TERM_NONE);
}
Term bif_ets_update_element4(Process *p, const Term args[])
{
    return update_element(p, args, args[3]);
}
