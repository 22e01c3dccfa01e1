/* tests/fuzz/bytecode_fuzz.c [SECONDS [SEED [FILE…]]]
 * Damages modules and reads them: random ones, and those in the files named. The checksum is made
 * right again, so that what is behind it is reached. Every module that is still read is written,
 * disassembled and assembled. Built with the sanitizers, nothing may be reported; each failure
 * comes again with the seed printed at the start. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <zlib.h>

#define main no_main /* of tests/c/test.h */
#include "tests/c/compiler/sample_module.h"
#undef main

#include "compiler/asm/assemble.h"
#include "compiler/bytecode/file_format.h"
#include "runtime/term/print.h"

typedef struct Input {
    uint8_t *bytes;
    size_t size;
} Input;

enum { INPUTS_MAX = 256, SAMPLES = 32, SIZE_MAX_BYTES = 1 << 20 };

static void make_checksum(uint8_t *bytes, size_t size)
{
    uint32_t length = (uint32_t) size;
    memcpy(bytes + 16, &length, 4);
    uint32_t crc = (uint32_t) crc32(0, bytes + FILE_CRC_FROM, (uInt) (size - FILE_CRC_FROM));
    memcpy(bytes + 12, &crc, 4);
}

/* One of the ways that find bugs: flip, set, copy, insert, remove, swap in an extreme number. */
static size_t damage(uint8_t *bytes, size_t size, size_t capacity, uint64_t *seed)
{
    static const uint8_t extremes[] = {0, 1, 0x7F, 0x80, 0xFF, 0xFE, 0x3F, 0x40};
    uint64_t pick = test_random(seed);
    size_t at = FILE_HEADER_BYTES + (pick >> 16) % (size - FILE_HEADER_BYTES);
    size_t left = size - at, length = 1 + (pick >> 8 & 15);
    switch (pick % 6) {
    case 0:
        bytes[at] ^= (uint8_t) (1 << (pick >> 8 & 7));
        return size;
    case 1:
        bytes[at] = extremes[pick >> 8 & 7];
        return size;
    case 2: { /* from elsewhere */
        size_t from = FILE_HEADER_BYTES + test_random(seed) % (size - FILE_HEADER_BYTES);
        length = length < left ? length : left;
        length = length < size - from ? length : size - from;
        memmove(bytes + at, bytes + from, length);
        return size;
    }
    case 3: /* insert */
        if (size + length > capacity) {
            return size;
        }
        memmove(bytes + at + length, bytes + at, left);
        return size + length;
    case 4: /* remove */
        length = length < left ? length : left;
        memmove(bytes + at, bytes + at + length, left - length);
        return size - length > FILE_HEADER_BYTES ? size - length : size;
    default:
        for (size_t i = 0; i < left && i < 10; i++) {
            bytes[at + i] = i == 9 ? 1 : 0xFF;
        }
        return size;
    }
}

static unsigned long long accepted, refused;

static void try_input(const uint8_t *bytes, size_t size)
{
    char error[256];
    Module *module = module_read(bytes, size, error, sizeof error);
    if (module == NULL) {
        CHECK(error[0] != '\0');
        refused++;
        return;
    }
    accepted++;
    Text text = {0};
    AssembleError why;
    module_disassemble(module, &text);
    module_destroy(assemble(text.bytes, text.size_bytes, &why));
    text_finish(&text);
    size_t again_size;
    mem_free(module_write(module, &again_size));
    module_destroy(module);
}

static size_t read_inputs(Input inputs[], int count, char *names[])
{
    size_t made = 0;
    for (; made < SAMPLES; made++) {
        Module *module = sample_module(made, 1 + (uint32_t) made % 6);
        inputs[made].bytes = module_write(module, &inputs[made].size);
        module_destroy(module);
    }
    for (int i = 0; i < count && made < INPUTS_MAX; i++) {
        FILE *file = fopen(names[i], "rb");
        if (file == NULL) {
            perror(names[i]);
            exit(2);
        }
        uint8_t *bytes = mem_alloc(SIZE_MAX_BYTES);
        size_t size = fread(bytes, 1, SIZE_MAX_BYTES, file);
        fclose(file);
        if (size > FILE_HEADER_BYTES) {
            inputs[made++] = (Input){bytes, size};
        } else {
            mem_free(bytes);
        }
    }
    return made;
}

int main(int argc, char *argv[])
{
    double seconds = argc > 1 ? atof(argv[1]) : 10;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    static Input inputs[INPUTS_MAX];
    sample_init();
    size_t count = read_inputs(inputs, argc > 3 ? argc - 3 : 0, argv + 3);
    printf("bytecode_fuzz: %zu inputs, seed %llu\n", count, (unsigned long long) seed);
    struct timespec now, start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        for (int round = 0; round < 100; round++) {
            const Input *input = &inputs[test_random(&seed) % count];
            size_t capacity = input->size + 64, size = input->size;
            uint8_t *copy = mem_alloc(capacity);
            memcpy(copy, input->bytes, size);
            for (uint64_t i = 1 + test_random(&seed) % 4; i > 0; i--) {
                size = damage(copy, size, capacity, &seed);
            }
            uint8_t *exact = mem_alloc(size); /* so that a byte too far is seen */
            memcpy(exact, copy, size);
            make_checksum(exact, size);
            try_input(exact, size);
            mem_free(exact);
            mem_free(copy);
        }
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((double) (now.tv_sec - start.tv_sec) + (double) (now.tv_nsec - start.tv_nsec) / 1e9 <
             seconds);
    printf("bytecode_fuzz: %llu read, %llu refused\n", accepted, refused);
    for (size_t i = 0; i < count; i++) {
        mem_free(inputs[i].bytes);
    }
    return 0;
}
