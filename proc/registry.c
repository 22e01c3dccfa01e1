/* proc/registry.c: see registry.h. */
#include "proc/registry.h"

#include <sys/mman.h>

#include "runtime/term/mem.h"

static volatile AO_t *entries; /* by atom index: pid or port; 0: none */
static size_t entry_count;

/* For the list of all names: a bit for each block of so many entries, set before the first of them
 * is and never cleared. Most atoms are no names, and most blocks have none. */
enum { BLOCK_ENTRIES = 64, BLOCKS_A_WORD = 64 };
static volatile AO_t *used_blocks;

static void block_is_used(size_t entry)
{
    volatile AO_t *word = &used_blocks[entry / BLOCK_ENTRIES / BLOCKS_A_WORD];
    AO_t bit = (AO_t) 1 << entry / BLOCK_ENTRIES % BLOCKS_A_WORD;
    if (!(AO_load(word) & bit)) {
        /* Full, and before the swap that writes the entry: who knows of the name finds the bit. */
        AO_or_full(word, bit);
    }
}

void registry_init(void)
{
    if (entries != NULL) {
        munmap((void *) entries, entry_count * sizeof *entries);
        mem_free((void *) used_blocks);
    }
    entry_count = atom_limit;
    void *at = mmap(NULL, entry_count * sizeof *entries, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) {
        machine_stop("no address space for the table of names");
    }
    entries = at;
    size_t words = entry_count / BLOCK_ENTRIES / BLOCKS_A_WORD + 1;
    used_blocks = mem_alloc_zero(words * sizeof *used_blocks);
}

Term registry_find(Term name)
{
    ASSERT(atom_index(name) < entry_count);
    AO_t value = AO_load_acquire(&entries[atom_index(name)]);
    return value == 0 ? TERM_NONE : value;
}

RegisterResult registry_register(Term name, Term pid_or_port)
{
    if (name == ATOM_undefined) {
        return REGISTER_BAD_NAME;
    }
    volatile AO_t *entry = &entries[atom_index(name)];
    block_is_used(atom_index(name));
    if (!term_is_local_pid(pid_or_port)) {
        return AO_compare_and_swap_full(entry, 0, pid_or_port) ? REGISTER_OK : REGISTER_TAKEN;
    }
    Process *p = process_find(pid_or_port);
    if (p == NULL) {
        return REGISTER_NO_PROCESS;
    }
    if (AO_load_acquire(entry) != 0) {
        return REGISTER_TAKEN;
    }
    /* Full: claims the process. It cannot end with this name unnoticed: registry_close finds either
     * our claim, and then the entry, or leaves its mark for us to find. */
    if (!AO_compare_and_swap_full(&p->registered_name, 0, name)) {
        return AO_load(&p->registered_name) == REGISTRY_CLOSED ? REGISTER_NO_PROCESS
                                                               : REGISTER_HAS_NAME;
    }
    if (!AO_compare_and_swap_full(entry, 0, pid_or_port)) {
        AO_compare_and_swap_full(&p->registered_name, name, 0);
        return REGISTER_TAKEN;
    }
    if (AO_load_acquire(&p->registered_name) != name) {
        /* It ended between the two steps, and may have missed the entry. */
        AO_compare_and_swap_full(entry, pid_or_port, 0);
        return REGISTER_NO_PROCESS;
    }
    return REGISTER_OK;
}

bool registry_unregister(Term name)
{
    volatile AO_t *entry = &entries[atom_index(name)];
    AO_t value = AO_load_acquire(entry);
    if (value == 0 || !AO_compare_and_swap_full(entry, value, 0)) {
        return false;
    }
    Process *p = process_find(value);
    if (p != NULL) {
        AO_compare_and_swap_full(&p->registered_name, name, 0);
    }
    return true;
}

Term registry_name_of(const Process *p)
{
    AO_t name = AO_load_acquire(&((Process *) p)->registered_name);
    return name == 0 || name == REGISTRY_CLOSED ? TERM_NONE : name;
}

/* Appends those of one block; returns how many there are then, as far as there is room. */
static size_t list_block(size_t from, Term names[], size_t capacity, size_t count)
{
    for (size_t i = from; i < from + BLOCK_ENTRIES && i < entry_count; i++) {
        if (AO_load_acquire(&entries[i]) != 0) {
            if (count < capacity) {
                names[count] = term_atom((uint32_t) i);
            }
            count++;
        }
    }
    return count;
}

size_t registry_list(Term names[], size_t capacity)
{
    size_t count = 0;
    size_t blocks = (atom_count() + BLOCK_ENTRIES - 1) / BLOCK_ENTRIES;
    for (size_t at = 0; at < blocks; at += BLOCKS_A_WORD) {
        AO_t bits = AO_load_acquire(&used_blocks[at / BLOCKS_A_WORD]);
        for (; bits != 0; bits &= bits - 1) {
            size_t block = at + (size_t) __builtin_ctzll(bits);
            count = list_block(block * BLOCK_ENTRIES, names, capacity, count);
        }
    }
    return count;
}

void registry_close(Process *p)
{
    AO_t name = atomic_swap_full(&p->registered_name, REGISTRY_CLOSED);
    if (name != 0) {
        AO_compare_and_swap_full(&entries[atom_index(name)], p->pid, 0);
    }
}

void registry_unregister_port(Term name, Term port)
{
    AO_compare_and_swap_full(&entries[atom_index(name)], port, 0);
}
