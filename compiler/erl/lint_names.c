/* compiler/erl/lint_names.c
 * Tables of things with a name and an arity. */
#include "compiler/erl/lint_internal.h"

static uint32_t hash(Term name, uint32_t arity)
{
    uint64_t h = (name ^ arity) * 0x9E3779B97F4A7C15u;
    return (uint32_t) (h >> 32);
}

static uint32_t slot_of(const NameTable *table, Term name, uint32_t arity)
{
    uint32_t mask = table->slot_count - 1;
    uint32_t slot = hash(name, arity) & mask;
    for (; table->slots[slot] != 0; slot = (slot + 1) & mask) {
        const Name *item = &table->items[table->slots[slot] - 1];
        if (item->name == name && item->arity == arity) {
            break;
        }
    }
    return slot;
}

Name *name_find(const NameTable *table, Term name, uint32_t arity)
{
    if (table->count == 0) {
        return NULL;
    }
    uint32_t at = table->slots[slot_of(table, name, arity)];
    return at == 0 ? NULL : &table->items[at - 1];
}

static void grow(NameTable *table)
{
    table->capacity = table->capacity == 0 ? 16 : table->capacity * 2;
    table->items = mem_realloc(table->items, table->capacity * sizeof *table->items);
    mem_free(table->slots);
    table->slot_count = table->capacity * 2;
    table->slots = mem_alloc_zero(table->slot_count * sizeof *table->slots);
    for (uint32_t i = 0; i < table->count; i++) {
        table->slots[slot_of(table, table->items[i].name, table->items[i].arity)] = i + 1;
    }
}

Name *name_add(NameTable *table, Term name, uint32_t arity, Location at)
{
    Name *found = name_find(table, name, arity);
    if (found != NULL) {
        return found;
    }
    if (table->count == table->capacity) {
        grow(table);
    }
    Name *added = &table->items[table->count];
    *added = (Name){.name = name, .arity = arity, .at = at, .module = TERM_NONE};
    table->slots[slot_of(table, name, arity)] = ++table->count;
    return added;
}

void name_table_finish(NameTable *table)
{
    mem_free(table->items);
    mem_free(table->slots);
}

bool lint_is_name_list(Term list)
{
    Term item, name;
    uint32_t arity;
    while (list_next(&list, &item)) {
        if (!name_arity_of(item, &name, &arity)) {
            return false;
        }
    }
    return term_is_nil(list);
}
