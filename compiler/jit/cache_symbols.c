/* compiler/jit/cache_symbols.c
 * perf reads perf-PID.map in /tmp: a line for each function, START SIZE NAME.
 *
 * GDB reads a list of object files in the machine's memory, and stops at a function of ours to be
 * told of changes. Each block gets one: an ELF file with one function in its table of symbols, and
 * the frame description (.debug_frame) that leads from any of its instructions to the caller. */
#include "compiler/jit/cache_symbols.h"

#include "runtime/term/mem.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- perf ---- */

static FILE *perf_map;

bool perf_map_open(void)
{
    char path[64];
    int file;
    snprintf(path, sizeof path, "/tmp/perf-%ld.map", (long) getpid());
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        return false;
    }
    perf_map = fdopen(file, "w");
    return perf_map != NULL;
}

void perf_map_close(void)
{
    if (perf_map != NULL) {
        fclose(perf_map);
        perf_map = NULL;
    }
}

void perf_map_add(const void *start, size_t bytes, const char *name)
{
    if (perf_map != NULL) {
        fprintf(perf_map, "%lx %zx %s\n", (unsigned long) (uintptr_t) start, bytes, name);
        fflush(perf_map); /* the machine may end in any way */
    }
}

/* ---- frame descriptions ---- */

/* DWARF's numbers of registers. */
#if defined(__aarch64__)
enum { DWARF_SP = 28, DWARF_RETURN = 30 };
static const uint8_t dwarf_numbers[16] = {8, 0, 1, 2, 3, 4, 5, 9, 20, 21, 22, 23, 19, 24, 28, 16};
#define ELF_MACHINE EM_AARCH64
#else
enum { DWARF_SP = 7, DWARF_RETURN = 16 };
static const uint8_t dwarf_numbers[16] = {0, 5, 4, 1, 2, 8, 9, 10, 6, 12, 13, 14, 3, 15, 7, 11};
#define ELF_MACHINE EM_X86_64
#endif

enum {
    DW_CFA_advance_loc = 0x40,
    DW_CFA_offset = 0x80,
    DW_CFA_advance_loc4 = 0x04,
    DW_CFA_same_value = 0x08,
    DW_CFA_def_cfa = 0x0C,
    DW_CFA_def_cfa_expression = 0x0F,
    DW_CFA_val_offset = 0x14,
    DW_OP_deref = 0x06,
    DW_OP_plus_uconst = 0x23,
    DW_OP_breg0 = 0x70,
};

typedef struct Bytes {
    uint8_t *at;
    size_t count, capacity;
} Bytes;

static void put(Bytes *bytes, const void *data, size_t count)
{
    if (count == 0) {
        return;
    }
    if (bytes->capacity - bytes->count < count) {
        bytes->capacity = 2 * (bytes->capacity + count);
        bytes->at = mem_realloc(bytes->at, bytes->capacity);
    }
    memcpy(bytes->at + bytes->count, data, count);
    bytes->count += count;
}
static void put1(Bytes *bytes, uint8_t value)
{
    put(bytes, &value, 1);
}
static void put4(Bytes *bytes, uint32_t value)
{
    put(bytes, &value, 4);
}
static void put8(Bytes *bytes, uint64_t value)
{
    put(bytes, &value, 8);
}

static void put_unsigned(Bytes *bytes, uint64_t value)
{
    do {
        uint8_t part = value & 0x7F;
        value >>= 7;
        put1(bytes, value == 0 ? part : part | 0x80);
    } while (value != 0);
}

static void put_signed(Bytes *bytes, int64_t value)
{
    for (;;) {
        uint8_t part = value & 0x7F;
        value >>= 7;
        if ((value == 0 && (part & 0x40) == 0) || (value == -1 && (part & 0x40) != 0)) {
            put1(bytes, part);
            return;
        }
        put1(bytes, part | 0x80);
    }
}

static void pad_to(Bytes *bytes, size_t alignment)
{
    while (bytes->count % alignment != 0) {
        put1(bytes, 0);
    }
}

/* Fills in the length of an entry that began at `start`, with its 4 bytes. */
static void end_entry(Bytes *bytes, size_t start)
{
    uint32_t length;
    while ((bytes->count - start) % 8 != 4) {
        put1(bytes, 0); /* nothing */
    }
    length = (uint32_t) (bytes->count - start - 4);
    memcpy(bytes->at + start, &length, 4);
}

static void put_row(Bytes *bytes, const MachineStackRow *row)
{
    Bytes expression = {0};
    uint32_t distance = row->distance < 0 ? 0 : (uint32_t) row->distance;
    if (row->base != STACK_MEMORY) {
        put1(bytes, DW_CFA_def_cfa);
        put_unsigned(bytes, row->base == STACK_POINTER ? DWARF_SP : dwarf_numbers[row->reg]);
        put_unsigned(bytes, distance);
        return;
    }
    put1(&expression, DW_OP_breg0 + dwarf_numbers[row->reg]);
    put_signed(&expression, row->disp);
    put1(&expression, DW_OP_deref);
    put1(&expression, DW_OP_plus_uconst);
    put_unsigned(&expression, distance);
    put1(bytes, DW_CFA_def_cfa_expression);
    put_unsigned(bytes, expression.count);
    put(bytes, expression.at, expression.count);
    mem_free(expression.at);
}

uint8_t *gdb_rows(const MachineStackRow rows[], uint32_t row_count, size_t *size)
{
    Bytes made = {0}, *bytes = &made;
    uint32_t at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t by = rows[i].offset - at;
        if (by > 0 && by < 64) {
            put1(bytes, (uint8_t) (DW_CFA_advance_loc | by));
        } else if (by > 0) {
            put1(bytes, DW_CFA_advance_loc4);
            put4(bytes, by);
        }
        put_row(bytes, &rows[i]);
        at = rows[i].offset;
    }
    *size = made.count;
    return made.at;
}

/* .debug_frame: what holds everywhere, then the function's rows. */
static void put_frames(Bytes *bytes, const void *start, size_t size, const uint8_t *rows,
                       size_t row_bytes)
{
    size_t entry = bytes->count;
    put4(bytes, 0);
    put4(bytes, 0xFFFFFFFF);
    put1(bytes, 3); /* version */
    put1(bytes, 0); /* no augmentation */
    put_unsigned(bytes, 1);
    put_signed(bytes, -8);
    put_unsigned(bytes, DWARF_RETURN);
    put_row(bytes, &(MachineStackRow){.base = STACK_POINTER, .distance = 8});
    put1(bytes, DW_CFA_offset | DWARF_RETURN);
    put_unsigned(bytes, 1);
    if (DWARF_SP != 7) { /* not the processor's own */
        put1(bytes, DW_CFA_val_offset);
        put_unsigned(bytes, DWARF_SP);
        put_unsigned(bytes, 0);
        put1(bytes, DW_CFA_same_value);
        put_unsigned(bytes, 31);
    }
    end_entry(bytes, entry);
    entry = bytes->count;
    put4(bytes, 0);
    put4(bytes, 0); /* where the first entry begins */
    put8(bytes, (uint64_t) (uintptr_t) start);
    put8(bytes, size);
    put(bytes, rows, row_bytes);
    end_entry(bytes, entry);
}

/* ---- GDB ---- */

enum { SECTION_NONE, SECTION_TEXT, SECTION_FRAMES, SECTION_SYMBOLS, SECTION_STRINGS, SECTIONS };

struct jit_code_entry {
    struct jit_code_entry *next_entry;
    struct jit_code_entry *prev_entry;
    const char *symfile_addr;
    uint64_t symfile_size;
};
struct jit_descriptor {
    uint32_t version;
    uint32_t action_flag; /* 0 none, 1 registered, 2 about to be forgotten */
    struct jit_code_entry *relevant_entry;
    struct jit_code_entry *first_entry;
};
/* GDB knows these by name, and stops at the function. */
struct jit_descriptor __jit_debug_descriptor = {1, 0, NULL, NULL};
void __jit_debug_register_code(void);
__attribute__((noinline)) void __jit_debug_register_code(void)
{
    __asm__ volatile("" ::"r"(&__jit_debug_descriptor) : "memory");
}

static uint32_t put_string(Bytes *strings, const char *text)
{
    uint32_t at = (uint32_t) strings->count;
    put(strings, text, strlen(text) + 1);
    return at;
}

void *gdb_describe(const void *start, size_t bytes, const char *name, const uint8_t *rows,
                   size_t row_bytes)
{
    struct jit_code_entry *entry = mem_alloc_zero(sizeof *entry);
    Elf64_Shdr sections[SECTIONS] = {0};
    Elf64_Ehdr header = {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
        .e_type = ET_REL,
        .e_machine = ELF_MACHINE,
        .e_version = EV_CURRENT,
        .e_shoff = sizeof header,
        .e_ehsize = sizeof header,
        .e_shentsize = sizeof sections[0],
        .e_shnum = SECTIONS,
        .e_shstrndx = SECTION_STRINGS,
    };
    Elf64_Sym symbols[2] = {0};
    Bytes file = {0}, strings = {0};
    put_string(&strings, "");
    put(&file, &header, sizeof header);
    put(&file, sections, sizeof sections);

    sections[SECTION_TEXT] = (Elf64_Shdr){
        .sh_name = put_string(&strings, ".text"),
        .sh_type = SHT_NOBITS,
        .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
        .sh_addr = (uint64_t) (uintptr_t) start,
        .sh_size = bytes,
        .sh_addralign = 16,
    };
    sections[SECTION_FRAMES] = (Elf64_Shdr){
        .sh_name = put_string(&strings, ".debug_frame"),
        .sh_type = SHT_PROGBITS,
        .sh_offset = file.count,
        .sh_addralign = 8,
    };
    put_frames(&file, start, bytes, rows, row_bytes);
    sections[SECTION_FRAMES].sh_size = file.count - sections[SECTION_FRAMES].sh_offset;
    pad_to(&file, 8);
    symbols[1] = (Elf64_Sym){
        .st_name = put_string(&strings, name),
        .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
        .st_shndx = SECTION_TEXT,
        .st_size = bytes,
    };
    sections[SECTION_SYMBOLS] = (Elf64_Shdr){
        .sh_name = put_string(&strings, ".symtab"),
        .sh_type = SHT_SYMTAB,
        .sh_offset = file.count,
        .sh_size = sizeof symbols,
        .sh_link = SECTION_STRINGS,
        .sh_info = 1, /* the first that is not local */
        .sh_addralign = 8,
        .sh_entsize = sizeof symbols[0],
    };
    put(&file, symbols, sizeof symbols);
    sections[SECTION_STRINGS] = (Elf64_Shdr){
        .sh_name = put_string(&strings, ".strtab"),
        .sh_type = SHT_STRTAB,
        .sh_offset = file.count,
        .sh_size = strings.count,
        .sh_addralign = 1,
    };
    put(&file, strings.at, strings.count);
    memcpy(file.at + sizeof header, sections, sizeof sections);
    mem_free(strings.at);
    entry->symfile_addr = (const char *) file.at;
    entry->symfile_size = file.count;
    return entry;
}

void gdb_register(void *description)
{
    struct jit_code_entry *entry = description;
    entry->next_entry = __jit_debug_descriptor.first_entry;
    if (entry->next_entry != NULL) {
        entry->next_entry->prev_entry = entry;
    }
    __jit_debug_descriptor.first_entry = entry;
    __jit_debug_descriptor.relevant_entry = entry;
    __jit_debug_descriptor.action_flag = 1;
    __jit_debug_register_code();
}

void gdb_forget(void *description)
{
    struct jit_code_entry *entry = description;
    if (entry->prev_entry != NULL) {
        entry->prev_entry->next_entry = entry->next_entry;
    } else {
        __jit_debug_descriptor.first_entry = entry->next_entry;
    }
    if (entry->next_entry != NULL) {
        entry->next_entry->prev_entry = entry->prev_entry;
    }
    __jit_debug_descriptor.relevant_entry = entry;
    __jit_debug_descriptor.action_flag = 2;
    __jit_debug_register_code();
    mem_free((void *) entry->symfile_addr);
    mem_free(entry);
}
