/* runtime/term/atom.c
 * The table has two parts. Entries, by atom index, lie in chunks that never move, so that a name,
 * once handed out, stays where it is. A hash table of open addressing maps names to indices; when
 * it is three quarters full, a copy twice as large replaces it. Readers may still be in an old one,
 * so old ones stay: they are no larger in all than the present one. Nothing is ever removed.
 *
 *   data            written by       read by    order
 *   entry, name     maker (locked)   anybody    published by the slot that names the index
 *   slot            maker (locked)   anybody    store release / load acquire
 *   hash_table      maker (locked)   anybody    store release / load acquire
 *   count           maker (locked)   anybody    store release / load acquire
 *   phash           anybody          anybody    relaxed: all compute the same
 *
 * A reader that does not find a name in a table that was just replaced finds out under the lock. */
#include "runtime/term/atom.h"

#include "runtime/term/bits.h"
#include "runtime/term/mem.h"

#include <atomic_ops.h>
#include <pthread.h>

typedef struct Entry {
    const char *name;
    uint64_t prefix; /* the first eight bytes, most significant first, zero-padded */
    uint32_t hash;
    uint16_t size_bytes;
    uint8_t latin1_size; /* characters, of a name that is Latin-1; else 0 */
    unsigned int phash;  /* 0: not asked for yet */
} Entry;

typedef struct HashTable {
    struct HashTable *replaced; /* the smaller one before: readers may still be in it */
    uint32_t mask;              /* size - 1 */
    unsigned int slots[];       /* atom index + 1; 0: free */
} HashTable;

enum { CHUNK_SHIFT = 10, CHUNK_ENTRIES = 1 << CHUNK_SHIFT };
enum { ATOM_LIMIT_MAX = 1 << 26 };
/* 255 characters of at most 4 bytes. */
enum { NAME_MAX_BYTES = ATOM_MAX_CHARACTERS * 4 };
enum { NAME_BLOCK_BYTES = 32 * 1024 };
#ifdef MUSTER_SMALL_TABLES
enum { FIRST_TABLE_SIZE = 64 };
#else
enum { FIRST_TABLE_SIZE = 4096 };
#endif

uint32_t atom_limit = 1048576;

static AO_t chunks[ATOM_LIMIT_MAX / CHUNK_ENTRIES]; /* Entry *; untouched pages cost nothing */
static AO_t hash_table;                             /* HashTable * */
static unsigned int entry_count;
static pthread_mutex_t maker_lock = PTHREAD_MUTEX_INITIALIZER;
static char *name_at, *name_end; /* room for names; under maker_lock */

static const char *const known_names[] = {
#define ATOM(c_name, text) text,
#include "runtime/term/atoms.def"
#undef ATOM
};
static const uint16_t known_sizes[] = {
#define ATOM(c_name, text) sizeof(text) - 1,
#include "runtime/term/atoms.def"
#undef ATOM
};

static uint64_t load_bytes(const char *at, size_t size_bytes)
{
    uint64_t word = 0;
    memcpy(&word, at, size_bytes);
    return word;
}

/* Multiply and fold, eight bytes a step. */
static uint32_t hash_name(const char *name, size_t size_bytes)
{
    const uint64_t factor = 0x9E3779B97F4A7C15u;
    uint64_t hash = size_bytes * factor;
    while (size_bytes > 0) {
        size_t step = size_bytes < 8 ? size_bytes : 8;
        __uint128_t product = (__uint128_t) (hash ^ load_bytes(name, step)) * factor;
        hash = (uint64_t) product ^ (uint64_t) (product >> 64);
        name += step;
        size_bytes -= step;
    }
    hash *= factor;
    return (uint32_t) (hash >> 32);
}

static inline const Entry *entry_of(uint32_t index)
{
    const Entry *chunk = (const Entry *) AO_load_acquire(&chunks[index >> CHUNK_SHIFT]);
    return &chunk[index & (CHUNK_ENTRIES - 1)];
}

static inline const Entry *entry_of_atom(Term atom)
{
    uint32_t index = atom_index(atom);
    ASSERT(index < atom_count());
    return entry_of(index);
}

/* The index of the name, or -1; `*slot`: where it would go. */
static int64_t table_find(const HashTable *table, const char *name, size_t size_bytes,
                          uint32_t hash, uint32_t *slot)
{
    for (uint32_t at = hash & table->mask;; at = (at + 1) & table->mask) {
        /* Acquire, for table_insert: the entry that the index leads to must be seen filled. */
        uint32_t index = AO_int_load_acquire(&table->slots[at]);
        if (index == 0) {
            *slot = at;
            return -1;
        }
        const Entry *entry = entry_of(index - 1);
        if (entry->hash == hash && entry->size_bytes == size_bytes &&
            memcmp(entry->name, name, size_bytes) == 0) {
            return index - 1;
        }
    }
}

static HashTable *table_create(size_t size)
{
    HashTable *table = mem_alloc_zero(sizeof *table + size * sizeof table->slots[0]);
    table->mask = (uint32_t) size - 1;
    return table;
}

/* Under the lock. */
static HashTable *table_grow(HashTable *old)
{
    HashTable *table = table_create(((size_t) old->mask + 1) * 2);
    table->replaced = old;
    for (size_t i = 0; i <= old->mask; i++) {
        uint32_t index = old->slots[i];
        if (index != 0) {
            uint32_t at = entry_of(index - 1)->hash & table->mask;
            while (table->slots[at] != 0) {
                at = (at + 1) & table->mask;
            }
            table->slots[at] = index;
        }
    }
    /* Release, for atom_find: who sees the table sees its slots. */
    AO_store_release(&hash_table, (AO_t) table);
    return table;
}

/* Under the lock. */
static const char *keep_name(const char *name, size_t size_bytes)
{
    if ((size_t) (name_end - name_at) < size_bytes + 1) {
        name_at = mem_alloc(NAME_BLOCK_BYTES);
        name_end = name_at + NAME_BLOCK_BYTES;
    }
    char *kept = name_at;
    memcpy(kept, name, size_bytes);
    kept[size_bytes] = 0;
    name_at += size_bytes + 1;
    return kept;
}

/* Characters of a name of no other than Latin-1; 0: there are others. */
static uint8_t latin1_size(const char *name, size_t size_bytes)
{
    size_t wide = 0, other = 0;
    for (size_t i = 0; i < size_bytes; i++) {
        uint8_t byte = (uint8_t) name[i];
        wide += byte >= 0xC0;
        other += byte > 0xC3;
    }
    return other != 0 ? 0 : (uint8_t) (size_bytes - wide);
}

/* Under the lock; the name is in no table and there is room. `name` lives for ever. */
static uint32_t add_entry(const char *name, size_t size_bytes, uint32_t hash)
{
    uint32_t index = entry_count;
    if (chunks[index >> CHUNK_SHIFT] == 0) {
        AO_store_release(&chunks[index >> CHUNK_SHIFT],
                         (AO_t) mem_alloc_zero(CHUNK_ENTRIES * sizeof(Entry)));
    }
    Entry *entry = (Entry *) entry_of(index);
    *entry = (Entry){
        .name = name,
        .prefix = __builtin_bswap64(load_bytes(name, size_bytes < 8 ? size_bytes : 8)),
        .hash = hash,
        .size_bytes = (uint16_t) size_bytes,
        .latin1_size = latin1_size(name, size_bytes),
    };
    HashTable *table = (HashTable *) hash_table;
    if (index + 1 > (table->mask / 4 + 1) * 3) {
        table = table_grow(table);
    }
    uint32_t slot;
    CHECK(table_find(table, name, size_bytes, hash, &slot) < 0);
    /* Release, for table_find: who sees the index sees the entry. */
    AO_int_store_release(&table->slots[slot], index + 1);
    AO_int_store_release(&entry_count, index + 1);
    return index;
}

static void known_init(void)
{
    AO_store_release(&hash_table, (AO_t) table_create(FIRST_TABLE_SIZE));
    for (uint32_t i = 0; i < ATOM_INDEX_COUNT; i++) {
        const char *name = known_names[i];
        uint32_t slot, hash = hash_name(name, known_sizes[i]);
        /* A name that stands twice in atoms.def would be two atoms. */
        if (table_find((HashTable *) hash_table, name, known_sizes[i], hash, &slot) >= 0) {
            machine_stop("atoms.def lists '%s' twice", name);
        }
        add_entry(name, known_sizes[i], hash);
    }
}

void atoms_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, known_init);
}

/* Characters of UTF-8 text, or -1 when it is not valid. */
static int count_characters(const char *name, size_t size_bytes)
{
    size_t at = 0;
    int count = 0;
    while (at < size_bytes) {
        size_t used = 1;
        if ((name[at] & 0x80) != 0 &&
            utf8_decode((const uint8_t *) name + at, size_bytes - at, &used) < 0) {
            return -1;
        }
        at += used;
        count++;
    }
    return count;
}

static Term make_locked(const char *name, size_t size_bytes, uint32_t hash)
{
    uint32_t slot;
    int64_t index = table_find((HashTable *) hash_table, name, size_bytes, hash, &slot);
    if (index >= 0) {
        return term_atom((uint32_t) index);
    }
    if (entry_count >= atom_limit || entry_count >= ATOM_LIMIT_MAX) {
        return TERM_LIMIT;
    }
    return term_atom(add_entry(keep_name(name, size_bytes), size_bytes, hash));
}

static Term find_hashed(const char *name, size_t size_bytes, uint32_t hash)
{
    /* Acquire, for table_grow. */
    const HashTable *table = (const HashTable *) AO_load_acquire(&hash_table);
    uint32_t slot;
    int64_t index = table_find(table, name, size_bytes, hash, &slot);
    return index < 0 ? TERM_NONE : term_atom((uint32_t) index);
}

Term atom_find(const char *name, size_t size_bytes)
{
    if (size_bytes > NAME_MAX_BYTES) {
        return TERM_NONE;
    }
    return find_hashed(name, size_bytes, hash_name(name, size_bytes));
}

Term atom_make(const char *name, size_t size_bytes)
{
    if (size_bytes > NAME_MAX_BYTES) {
        return count_characters(name, size_bytes) < 0 ? TERM_NONE : TERM_LIMIT;
    }
    uint32_t hash = hash_name(name, size_bytes);
    Term atom = find_hashed(name, size_bytes, hash);
    if (LIKELY(atom != TERM_NONE)) {
        return atom;
    }
    int characters = count_characters(name, size_bytes);
    if (characters < 0) {
        return TERM_NONE;
    }
    if (characters > ATOM_MAX_CHARACTERS) {
        return TERM_LIMIT;
    }
    pthread_mutex_lock(&maker_lock);
    atom = make_locked(name, size_bytes, hash);
    pthread_mutex_unlock(&maker_lock);
    return atom;
}

Term atom_of(const char *name)
{
    Term atom = atom_make(name, strlen(name));
    if (!term_is_atom(atom)) {
        machine_stop("no room for the atom '%s'", name);
    }
    return atom;
}

int atom_latin1_size(Term atom)
{
    const Entry *entry = entry_of_atom(atom);
    return entry->latin1_size != 0 || entry->size_bytes == 0 ? entry->latin1_size : -1;
}

/* By Weinberger. Latin-1 characters count as one byte. */
static uint32_t weinberger(const uint8_t *at, const uint8_t *end)
{
    uint32_t hash = 0;
    while (at < end) {
        uint8_t byte = *at++;
        if ((byte & 0xFE) == 0xC2 && at < end && (*at & 0xC0) == 0x80) {
            byte = (uint8_t) (byte << 6 | (*at++ & 0x3F));
        }
        hash = (hash << 4) + byte;
        uint32_t high = hash & 0xF0000000;
        hash = (hash ^ high >> 24) & ~high;
    }
    return hash;
}

uint32_t atom_phash(Term atom)
{
    Entry *entry = (Entry *) entry_of_atom(atom);
    unsigned int hash = AO_int_load(&entry->phash);
    if (UNLIKELY(hash == 0)) {
        const uint8_t *name = (const uint8_t *) entry->name;
        hash = weinberger(name, name + entry->size_bytes);
        AO_int_store(&entry->phash, hash);
    }
    return hash;
}

const char *atom_name(Term atom)
{
    return entry_of_atom(atom)->name;
}

size_t atom_name_bytes(Term atom)
{
    return entry_of_atom(atom)->size_bytes;
}

int atom_compare(Term a, Term b)
{
    if (a == b) {
        return 0;
    }
    const Entry *left = entry_of_atom(a), *right = entry_of_atom(b);
    if (left->prefix != right->prefix) {
        return left->prefix < right->prefix ? -1 : 1;
    }
    size_t left_size = left->size_bytes, right_size = right->size_bytes;
    /* The order of UTF-8 bytes is that of the code points. */
    int order = memcmp(left->name, right->name, left_size < right_size ? left_size : right_size);
    if (order == 0) {
        order = left_size < right_size ? -1 : 1;
    }
    return order < 0 ? -1 : 1;
}

uint32_t atom_count(void)
{
    return AO_int_load_acquire(&entry_count);
}
