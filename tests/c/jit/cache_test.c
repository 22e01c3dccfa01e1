/* tests/c/jit/cache_test.c
 * The code cache: code runs from it, return points lead to what they stand for, memory grows and is
 * used again, nothing is writable and executable at once, and every refusal of the system is met.
 */
#include "compiler/jit/cache.h"

#include "tests/c/test.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

typedef uint64_t (*Function)(uint64_t a);

static void start(size_t limit)
{
    CacheOptions options = {.limit_bytes = limit};
    const char *why = "";
    if (!cache_create(&options, &why)) {
        printf("%s\n", why);
        fail();
    }
}

static uint64_t process_stack[64];

/* a -> a + number, with `points` calls whose return points a debugger may ask for, and `padding`
 * instructions. */
static void write_code(Machine *m, uint64_t number, uint32_t points, uint32_t padding)
{
    MachineLabel callee, out;
    machine_init(m);
    callee = m_label(m);
    out = m_label(m);
    m_enter_from_c(m, m_at(R1, 8)); /* R1: &process_stack[0] */
    m_move(m, R8, R1);
    m_load(m, WIDTH_64, R0, m_at(R1, 0));
    m_add_imm(m, R_SP, R1, 8 * 60);
    for (uint32_t i = 0; i < points; i++) {
        m_call(m, callee);
        m_return_point(m, i);
    }
    m_add_imm(m, R0, R0, (int64_t) number - points);
    m_jump(m, out);
    m_bind(m, callee);
    m_load(m, WIDTH_64, R2, m_at(R_SP, 0));
    m_store(m, WIDTH_64, R2, m_at(R8, 16)); /* the last return address */
    m_add_imm(m, R0, R0, 1);
    m_return(m);
    for (uint32_t i = 0; i < padding; i++) {
        m_const(m, R5, 0x123456789AB);
    }
    m_bind(m, out);
    m_leave_to_c(m, m_at(R8, 8));
}

static uint64_t call_on(const CacheBlock *block, uint64_t *stack, uint64_t a)
{
    Function function;
    memcpy(&function, &block->start, sizeof function);
    stack[0] = a;
    return function((uint64_t) (uintptr_t) stack);
}

static CacheBlock *add(uint64_t number, uint32_t points, uint32_t padding)
{
    static const char what[1000];
    const void *places[64];
    MachineOptions options = cache_machine_options();
    MachineCode code;
    Machine m;
    CacheBlock *block;
    char name[40];
    for (uint32_t i = 0; i < points; i++) {
        places[i] = &what[(number + i) % sizeof what];
    }
    write_code(&m, number, points, padding);
    machine_encode(&m, &options, &code);
    snprintf(name, sizeof name, "lists:f%u/2", (unsigned) number);
    block = cache_add(&code, name, (void *) what, places, points);
    machine_code_finish(&code);
    machine_finish(&m);
    return block;
}

/* Runs, and its last return point is what it should be. */
static void check_block_on(const CacheBlock *block, uint64_t number, uint64_t *stack)
{
    assert_true(call_on(block, stack, 1000) == 1000 + number);
    if (block->point_count > 0) {
        const char *what = block->owner;
        const void *address = (const void *) (uintptr_t) stack[2];
        assert_true(cache_contains(address));
        assert_ptr_equal(cache_point(address), &what[(number + block->point_count - 1) % 1000]);
        assert_ptr_equal(cache_find(address), block);
    }
}

static void check_block(const CacheBlock *block, uint64_t number)
{
    check_block_on(block, number, process_stack);
}

TEST(code_runs_and_its_return_points_lead_to_their_places)
{
    CacheBlock *first, *second;
    CacheStats stats;
    start(0);
    first = add(5, 3, 0);
    second = add(7, 10, 100);
    check_block(first, 5);
    check_block(second, 7);
    assert_null(cache_point(first->start));
    assert_null(cache_point(process_stack));
    assert_ptr_equal(cache_find(first->start), first);
    assert_ptr_equal(cache_find(first->start + first->bytes - 1), first);
    assert_null(cache_find(second->start + second->bytes));
    assert_string_equal(second->name, "lists:f7/2");
    cache_stats(&stats);
    assert_int_equal(stats.block_count, 2);
    assert_int_equal(stats.point_count, 13);
    assert_int_equal(stats.code_bytes, first->bytes + second->bytes);
    assert_true(stats.committed_bytes < (size_t) 1 << 20); /* small at first */
    assert_int_equal(stats.limit_bytes, CACHE_DEFAULT_BYTES);
    cache_destroy();
    assert_false(cache_contains(first));
}

/* Functions of C in the same program are near, so that calls are short. */
TEST(c_is_near)
{
    start(0);
    assert_true((int64_t) ((uintptr_t) cache_create - cache_start) < INT32_MAX);
    assert_true((int64_t) ((uintptr_t) cache_create - cache_start) > INT32_MIN);
    cache_destroy();
}

static void check_no_mapping_is_writable_and_executable(void)
{
    char line[512];
    FILE *maps = fopen("/proc/self/maps", "r");
    bool found = false;
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to;
        char rights[8];
        assert_int_equal(sscanf(line, "%lx-%lx %7s", &from, &to, rights), 3);
        assert_false(rights[1] == 'w' && rights[2] == 'x');
        if (from >= cache_start && from < cache_start + cache_bytes && rights[2] == 'x') {
            assert_true(rights[1] == '-');
            found = true;
        }
    }
    fclose(maps);
    assert_true(found);
}

TEST(nothing_is_writable_and_executable)
{
    start(0);
    add(1, 1, 0);
    check_no_mapping_is_writable_and_executable();
    cache_destroy();
}

#ifndef EMULATED /* qemu 7 does not see code change through the other mapping */
/* Adds and frees at random; what lives always runs. */
static void churn(uint32_t rounds, uint32_t padding_most)
{
    enum { MOST = 200 };
    CacheBlock *blocks[MOST] = {0};
    uint64_t numbers[MOST];
    uint64_t seed = 3;
    uint32_t refused = 0, added = 0;
    CacheStats stats;
    for (uint32_t round = 0; round < rounds; round++) {
        uint64_t chance = test_random(&seed);
        uint32_t which = chance % MOST;
        if (blocks[which] != NULL) {
            check_block(blocks[which], numbers[which]);
            cache_free(blocks[which]);
            blocks[which] = NULL;
        } else {
            numbers[which] = (chance >> 32) % 1000000;
            blocks[which] =
                add(numbers[which], (chance >> 8) % 20, (uint32_t) ((chance >> 16) % padding_most));
            if (blocks[which] == NULL) {
                refused++;
            } else {
                added++;
            }
        }
        for (uint32_t i = 0; i < MOST; i += 37) {
            if (blocks[i] != NULL) {
                check_block(blocks[i], numbers[i]);
            }
        }
    }
    for (uint32_t i = 0; i < MOST; i++) {
        for (uint32_t k = 0; k < i; k++) {
            assert_true(blocks[i] == NULL || blocks[k] == NULL ||
                        blocks[i]->start + blocks[i]->bytes <= blocks[k]->start ||
                        blocks[k]->start + blocks[k]->bytes <= blocks[i]->start);
        }
    }
    for (uint32_t i = 0; i < MOST; i++) {
        if (blocks[i] != NULL) {
            check_block(blocks[i], numbers[i]);
            cache_free(blocks[i]);
        }
    }
    cache_stats(&stats);
    assert_int_equal(stats.block_count, 0);
    assert_int_equal(stats.used_bytes, 0);
    assert_int_equal(stats.point_count, 0);
    assert_int_equal(stats.freed_blocks, added);
    assert_int_equal(stats.refused, refused);
}

TEST(memory_grows_and_is_used_again)
{
    start(0);
    churn(4000, 1000);
    cache_destroy();
}

TEST(a_full_cache_refuses_and_goes_on)
{
    CacheStats stats;
    start((size_t) 512 << 10);
    churn(4000, 3000);
    cache_stats(&stats);
    assert_true(stats.refused > 0);
    assert_true(stats.committed_bytes <= (size_t) 512 << 10);
    /* All of it is one piece again. */
    assert_non_null(add(1, 1, 40000));
    cache_destroy();
}

#endif

/* ---- what the system refuses ---- */

/* Runs `body` in a process of its own; it must end well. */
static void in_child(void (*body)(void))
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        body();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

#define REQUIRE(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            _exit(1); \
        } \
    } while (0)

static void works_by_switching(void)
{
    CacheOptions options = {0};
    const char *why;
    CacheStats stats;
    CacheBlock *a, *b;
    REQUIRE(cache_create(&options, &why));
    cache_stats(&stats);
    REQUIRE(!stats.mapped_twice);
    a = add(5, 3, 0);
    b = add(6, 3, 4000);
    REQUIRE(a != NULL && b != NULL);
    REQUIRE(call_on(a, process_stack, 1) == 6);
    REQUIRE(call_on(b, process_stack, 1) == 7);
    REQUIRE(cache_point((const void *) (uintptr_t) process_stack[2]) != NULL);
#ifndef EMULATED /* qemu writes a file to have something to read here */
    check_no_mapping_is_writable_and_executable();
#endif
    cache_free(a);
    a = add(9, 1, 0);
    REQUIRE(call_on(a, process_stack, 1) == 10 && call_on(b, process_stack, 1) == 7);
    cache_destroy();
}

static void with_no_files(void)
{
    struct rlimit none = {0, 0};
    CacheOptions options = {0};
    const char *why;
    CacheStats stats;
    CacheBlock *block;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &none) == 0);
    REQUIRE(cache_create(&options, &why));
    for (uint32_t i = 0; i < 200; i++) {
        block = add(i, 1, 3000);
        REQUIRE(block != NULL && call_on(block, process_stack, 1) == 1 + i);
    }
    cache_stats(&stats);
    REQUIRE(stats.refused == 0);
#ifndef EMULATED /* qemu makes no second view */
    REQUIRE(stats.mapped_twice);
#endif
    cache_destroy();
}

TEST(a_limit_of_file_sizes_is_none_of_the_cache)
{
    in_child(with_no_files);
}

/* Makes a system call fail: always, or when its third argument has PROT_EXEC. */
static void deny(uint32_t call, bool if_executable)
{
    struct sock_filter always[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_filter executable[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 32), /* args[2] */
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {if_executable ? COUNT_OF(executable) : COUNT_OF(always),
                                 if_executable ? executable : always};
    REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        fprintf(stderr, "no seccomp here: not tested\n");
        _exit(0);
    }
}

static void without_mremap(void)
{
    deny(SYS_mremap, false);
    works_by_switching();
}

TEST(without_mremap_pages_are_switched)
{
    in_child(without_mremap);
}

static void without_executable_memory(void)
{
    CacheOptions options = {0};
    const char *why = NULL;
    deny(SYS_mprotect, true);
    deny(SYS_mmap, true);
    REQUIRE(!cache_create(&options, &why));
    REQUIRE(strstr(why, "no executable memory") != NULL);
    REQUIRE(!cache_contains(process_stack) && cache_bytes == 0);
}

TEST(without_executable_memory_there_is_no_cache)
{
    in_child(without_executable_memory);
}

/* ---- threads ---- */

enum { ADDERS = 3, READERS = 3, EACH_ADDS = 150 };
static _Atomic(CacheBlock *) published[ADDERS];
static _Atomic(bool) over;

static void *adder(void *which)
{
    size_t at = (size_t) which;
    CacheBlock *mine[8] = {0};
    for (uint32_t i = 0; i < EACH_ADDS; i++) {
        if (mine[i % 8] != NULL) {
            cache_free(mine[i % 8]);
        }
        mine[i % 8] = add(i % 5, 2, i % 50);
        if (i == 5) { /* this one stays */
            published[at] = mine[i % 8];
            mine[i % 8] = NULL;
        }
    }
    return NULL;
}

static void *reader(void *unused)
{
    uint64_t *stack = calloc(64, 8);
    (void) unused;
    while (!over) {
        for (uint32_t i = 0; i < ADDERS; i++) {
            CacheBlock *block = published[i];
            if (block != NULL) {
                CHECK(call_on(block, stack, 1) == 1 + 5 % 5);
                CHECK(cache_point((const void *) (uintptr_t) stack[2]) != NULL);
                CHECK(cache_find((const void *) (uintptr_t) stack[2]) == block);
            }
        }
    }
    free(stack);
    return NULL;
}

TEST(many_threads_add_free_run_and_ask)
{
    pthread_t adders[ADDERS], readers[READERS];
    start(0);
    over = false;
    for (size_t i = 0; i < READERS; i++) {
        pthread_create(&readers[i], NULL, reader, NULL);
    }
    for (size_t i = 0; i < ADDERS; i++) {
        pthread_create(&adders[i], NULL, adder, (void *) i);
    }
    for (size_t i = 0; i < ADDERS; i++) {
        pthread_join(adders[i], NULL);
    }
    over = true;
    for (size_t i = 0; i < READERS; i++) {
        pthread_join(readers[i], NULL);
    }
    cache_destroy();
}

/* ---- perf and GDB ---- */

TEST(perf_is_told)
{
    CacheOptions options = {.perf_map = true};
    const char *why;
    char path[64], line[200], expected[200];
    CacheBlock *block;
    FILE *map;
    assert_true(cache_create(&options, &why));
    add(3, 0, 0);
    block = add(4, 2, 30);
    snprintf(path, sizeof path, "/tmp/perf-%ld.map", (long) getpid());
    map = fopen(path, "r");
    assert_non_null(map);
    assert_non_null(fgets(line, sizeof line, map));
    assert_non_null(fgets(line, sizeof line, map));
    snprintf(expected, sizeof expected, "%lx %x lists:f4/2\n",
             (unsigned long) (uintptr_t) block->start, block->bytes);
    assert_string_equal(line, expected);
    fclose(map);
    cache_destroy();
    unlink(path);
}

struct jit_code_entry {
    struct jit_code_entry *next, *previous;
    const char *file;
    uint64_t size;
};
extern struct {
    uint32_t version, action;
    struct jit_code_entry *relevant, *first;
} __jit_debug_descriptor;

static uint32_t gdb_count(void)
{
    uint32_t count = 0;
    struct jit_code_entry *before = NULL;
    for (struct jit_code_entry *e = __jit_debug_descriptor.first; e != NULL; e = e->next) {
        assert_ptr_equal(e->previous, before);
        assert_memory_equal(e->file, "\177ELF", 4);
        before = e;
        count++;
    }
    return count;
}

TEST(gdb_is_told)
{
    CacheBlock *a, *b;
    start(0);
    a = add(1, 2, 0);
    b = add(2, 2, 0);
    assert_int_equal(gdb_count(), 0); /* nobody asked */
    cache_tell_gdb();
    assert_int_equal(gdb_count(), 2);
    cache_tell_gdb();
    assert_int_equal(gdb_count(), 2);
    add(3, 2, 0);
    assert_int_equal(gdb_count(), 3);
    cache_free(b);
    assert_int_equal(gdb_count(), 2);
    cache_free(a);
    assert_int_equal(gdb_count(), 1);
    cache_destroy();
    assert_int_equal(gdb_count(), 0);
}
