/* tests/c/compiler/reference_test.c
 * docs/BYTECODE.md says what the opcode table says. With UPDATE_DOCS=1 in the environment the test
 * writes the file. It runs in the root of the sources. */
#include <stdio.h>
#include <stdlib.h>

#include "compiler/bytecode/reference.h"
#include "runtime/term/mem.h"
#include "tests/c/test.h"

static const char *const path = "docs/BYTECODE.md";

TEST(the_instruction_reference_is_current)
{
    Text text = {0};
    bytecode_reference(&text);
    if (getenv("UPDATE_DOCS") != NULL) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(text.bytes, 1, text.size_bytes, file), text.size_bytes);
        assert_int_equal(fclose(file), 0);
    }
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fail_msg("%s is missing: run UPDATE_DOCS=1 make check T=reference", path);
    }
    char *found = mem_alloc_zero(text.size_bytes + 2);
    size_t size = fread(found, 1, text.size_bytes + 1, file);
    fclose(file);
    if (size != text.size_bytes || memcmp(found, text.bytes, size) != 0) {
        fail_msg("%s is not what the table says: run UPDATE_DOCS=1 make check T=reference", path);
    }
    mem_free(found);
    text_finish(&text);
}
