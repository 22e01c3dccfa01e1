/* tests/fuzz/replay.c [FILE…]
 * Tries a fuzz target with each file, or with all of its corpus, and says so as the unit tests do. A
 * crash ends it: then the last name printed is the file's. */
#include "tests/fuzz/fuzz.h"

#include "runtime/term/mem.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static bool replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return false;
    }
    fseek(file, 0, SEEK_END);
    size_t size = (size_t) ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(size + (size == 0)); /* exactly: a byte too far is seen */
    size_t got = fread(bytes, 1, size, file);
    fclose(file);
    printf("[ RUN      ] %s\n", path);
    fflush(stdout);
    CHECK(got == size);
    LLVMFuzzerTestOneInput(bytes, size);
    printf("[       OK ] %s\n", path);
    free(bytes);
    return true;
}

static bool replay_corpus(void)
{
    struct dirent **names;
    int count = scandir(FUZZ_CORPUS, &names, NULL, alphasort);
    bool is_fine = count > 0;
    for (int i = 0; i < count; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", FUZZ_CORPUS, names[i]->d_name);
        is_fine &= names[i]->d_name[0] == '.' || replay(path);
        free(names[i]);
    }
    free(names);
    return is_fine;
}

int main(int argc, char **argv)
{
    LLVMFuzzerInitialize(&argc, &argv);
    bool is_fine = argc > 1 || replay_corpus();
    for (int i = 1; i < argc; i++) {
        is_fine &= replay(argv[i]);
    }
    return is_fine ? 0 : 1;
}
