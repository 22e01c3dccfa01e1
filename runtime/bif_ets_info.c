/* runtime/bif_ets_info.c
 * What a table of ets is, has and costs: ets:info/1,2. */
#include "runtime/bif_tables.h"
#include "runtime/bif_time.h"
#include "proc/process.h"
#include "proc/signal.h"
#include "runtime/ets.h"

#include <math.h>

static Term type_name(EtsType type)
{
    static const Term names[] = {ATOM_set, ATOM_bag, ATOM_duplicate_bag, ATOM_ordered_set};
    return names[type];
}

/* {Since, [{Pid, Times}]}, or false. */
static Term fixed_info(Process *p, const EtsTable *table, bool monotonic)
{
    Space *space = bif_space(p);
    if (!ets_is_fixed(table)) {
        return ATOM_false;
    }
    Term list = TERM_NIL;
    for (EtsFixer *fixer = table->fixers; fixer != NULL; fixer = fixer->next) {
        Term pair = make_tuple2(space, fixer->pid, make_uint64(space, fixer->count));
        list = make_cons(space, pair, list);
    }
    Term since = monotonic ? make_int64(space, table->fixed_at_ns)
                           : make_timestamp(space, table->fixed_at_ns + time_offset_ns());
    return make_tuple2(space, since, list);
}

/* {Address, Bytes, References} of each large binary in the table. */
static Term binary_info(Process *p, const EtsTable *table)
{
    Term list = TERM_NIL;
    for (EtsNode *node = ets_first_node(table, false); node != NULL;
         node = ets_next_node(table, node, false)) {
        list = off_heap_binaries(bif_space(p), node->off_heap, list);
    }
    return list;
}

/* How evenly the buckets are filled: {Buckets, Average, Deviation, ExpectedDeviation, Least, Most,
 * Deleted, Locks}. */
static Term stats_info(Process *p, const EtsTable *table)
{
    Space *space = bif_space(p);
    if (table->type == ETS_ORDERED_SET) {
        return ATOM_false;
    }
    size_t least = SIZE_MAX, most = 0;
    double sum = 0, squares = 0, buckets = (double) table->buckets;
    for (size_t i = 0; i < table->buckets; i++) {
        size_t length = 0;
        for (const EtsNode *node = table->segments[i / ETS_SEGMENT][i % ETS_SEGMENT]; node != NULL;
             node = node->next) {
            length++;
        }
        least = length < least ? length : least;
        most = length > most ? length : most;
        sum += (double) length;
        squares += (double) length * (double) length;
    }
    double average = sum / buckets, variance = squares / buckets - average * average;
    const Term elements[] = {
        make_uint64(space, table->buckets),
        make_float(space, average),
        make_float(space, sqrt(variance > 0 ? variance : 0)),
        make_float(space, sqrt(average * (1 - 1 / buckets))),
        make_uint64(space, least),
        make_uint64(space, most),
        make_uint64(space, ets_counts(table).ghosts),
        make_uint64(space, table->stripe_mask + 1),
    };
    return make_tuple(space, elements, COUNT_OF(elements));
}

static Term info_value(Process *p, EtsTable *table, Term item)
{
    Space *space = bif_space(p);
    if (item == ATOM_id) {
        return ets_ref(space, table);
    }
    if (item == ATOM_read_concurrency || item == ATOM_write_concurrency ||
        item == ATOM_decentralized_counters) {
        return term_bool(item == ATOM_read_concurrency    ? table->read_concurrency
                         : item == ATOM_write_concurrency ? table->write_concurrency
                                                          : table->decentralized_counters);
    }
    if (item == ATOM_compressed) {
        return term_bool(table->compressed);
    }
    if (item == ATOM_memory) {
        return make_uint64(space, ets_table_words(table));
    }
    if (item == ATOM_owner || item == ATOM_heir) {
        return item == ATOM_owner ? table->owner : table->heir;
    }
    if (item == ATOM_name) {
        return table->name;
    }
    if (item == ATOM_size) {
        return make_uint64(space, ets_counts(table).size);
    }
    if (item == ATOM_node) {
        return (Term) AO_load(&node_name);
    }
    if (item == ATOM_named_table) {
        return term_bool(table->named);
    }
    if (item == ATOM_type) {
        return type_name(table->type);
    }
    if (item == ATOM_keypos) {
        return term_small(table->keypos);
    }
    if (item == ATOM_protection) {
        return table->access == ETS_PUBLIC      ? ATOM_public
               : table->access == ETS_PROTECTED ? ATOM_protected
                                                : ATOM_private;
    }
    if (item == ATOM_fixed) {
        return term_bool(ets_is_fixed(table));
    }
    if (item == ATOM_safe_fixed || item == ATOM_safe_fixed_monotonic_time) {
        return fixed_info(p, table, item == ATOM_safe_fixed_monotonic_time);
    }
    return item == ATOM_binary  ? binary_info(p, table)
           : item == ATOM_stats ? stats_info(p, table)
                                : TERM_NONE;
}

Term bif_ets_info1(Process *p, const Term args[])
{
    static const Term items[] = {ATOM_id,
                                 ATOM_decentralized_counters,
                                 ATOM_read_concurrency,
                                 ATOM_write_concurrency,
                                 ATOM_compressed,
                                 ATOM_memory,
                                 ATOM_owner,
                                 ATOM_heir,
                                 ATOM_name,
                                 ATOM_size,
                                 ATOM_node,
                                 ATOM_named_table,
                                 ATOM_type,
                                 ATOM_keypos,
                                 ATOM_protection};
    EtsTable *table = ets_lock(p, args[0], ETS_INFO);
    if (table == NULL) {
        return ets_is_id(args[0]) ? ATOM_undefined : ets_refused(p, args[0], ETS_INFO);
    }
    Space *space = bif_space(p);
    Term list = TERM_NIL;
    for (size_t i = COUNT_OF(items); i-- > 0;) {
        Term value = info_value(p, table, items[i]);
        list = make_cons(space, make_tuple2(space, items[i], value), list);
    }
    ets_unlock(table);
    return list;
}

Term bif_ets_info2(Process *p, const Term args[])
{
    EtsTable *table = ets_lock(p, args[0], ETS_INFO);
    if (table == NULL) {
        return ets_is_id(args[0]) ? ATOM_undefined : ets_refused(p, args[0], ETS_INFO);
    }
    Term value = term_is_atom(args[1]) ? info_value(p, table, args[1]) : TERM_NONE;
    ets_unlock(table);
    return bif_result(p, value);
}
