/* tests/fuzz/load.c
 * Any bytes as a module's file. Its checksum and size are made right first, so that what is behind
 * them is reached. What can be read is written, disassembled and assembled again, and offered to
 * the loader, whose verifier may refuse it. Nothing is run here: see run.c. */
#include "compiler/asm/assemble.h"
#include "compiler/bytecode/external_fun.h"
#include "compiler/bytecode/file_format.h"
#include "compiler/bytecode/module.h"
#include "runtime/code.h"
#include "runtime/interpret.h"
#include "runtime/term/mem.h"
#include "runtime/term/print.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/damage.h"

#include <zlib.h>

static Export *make_known(Term module, Term function, uint32_t arity)
{
    return &code_export(module, function, arity)->identity;
}

static void make_checksum(uint8_t *bytes, size_t size)
{
    uint32_t length = (uint32_t) size;
    memcpy(bytes, file_magic, FILE_MAGIC_BYTES);
    memcpy(bytes + FILE_MAGIC_BYTES, &(uint32_t){FILE_VERSION}, 4);
    memcpy(bytes + 16, &length, 4);
    uint32_t crc = (uint32_t) crc32(0, bytes + FILE_CRC_FROM, (uInt) (size - FILE_CRC_FROM));
    memcpy(bytes + 12, &crc, 4);
}

static void try_module(const Module *module)
{
    char error[256] = "";
    Text text = {0};
    AssembleError why;
    size_t size;
    module_disassemble(module, &text);
    module_destroy(assemble(text.bytes, text.size_bytes, &why));
    text_finish(&text);
    mem_free(module_write(module, &size));
    LoadedModule *loaded = code_translate(module, error, sizeof error);
    CHECK(loaded != NULL || error[0] != '\0');
    if (loaded != NULL) {
        code_drop(loaded);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    atom_limit = 1u << 26; /* names are made up by the million */
    atoms_init();
    interpret_init();
    stubs_init();
    code_init();
    external_fun_export = make_known;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size_bytes)
{
    char error[256] = "";
    if (size_bytes < FILE_HEADER_BYTES) {
        return 0;
    }
    uint8_t *copy = mem_alloc(size_bytes);
    memcpy(copy, bytes, size_bytes);
    make_checksum(copy, size_bytes);
    Module *module = module_read(copy, size_bytes, error, sizeof error);
    CHECK(module != NULL || error[0] != '\0');
    if (module != NULL) {
        try_module(module);
        module_destroy(module);
    }
    mem_free(copy);
    return 0;
}

/* libFuzzer's own changes hit the tables of a file; these hit its code, and leave the rest whole. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size_bytes, size_t capacity) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size_bytes, size_t capacity, unsigned seed)
{
    char error[256];
    Module *module = NULL;
    uint64_t state = seed;
    if (seed % 4 != 0 && size_bytes > FILE_HEADER_BYTES) {
        make_checksum(bytes, size_bytes);
        module = module_read(bytes, size_bytes, error, sizeof error);
    }
    if (module == NULL) {
        return LLVMFuzzerMutate(bytes, size_bytes, capacity);
    }
    size_t made_bytes;
    damage_module(module, &state);
    uint8_t *made = module_write(module, &made_bytes);
    module_destroy(module);
    if (made_bytes <= capacity) {
        memcpy(bytes, made, made_bytes);
        size_bytes = made_bytes;
    }
    mem_free(made);
    return size_bytes;
}
