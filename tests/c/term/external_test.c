/* tests/c/term/external_test.c
 * The external term format: bytes that erl wrote are read and written back the same; bytes that
 * nobody should write are refused, whatever they claim. */
#include "runtime/term/external.h"

#include "runtime/term/arith.h"
#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "runtime/term/compare.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "runtime/term/print.h"
#include "runtime/term/ref.h"
#include "tests/c/test.h"

#include <stdlib.h>

static ArenaSpace *arena;
static Space *space;
static Export test_export;
static FunEntry test_fun;

static Export *find_export(Term module, Term function, uint32_t arity, bool known_only)
{
    if (known_only && (test_export.module != module || test_export.function != function)) {
        return NULL;
    }
    test_export = (Export){module, function, arity};
    return &test_export;
}

static FunEntry *find_fun(const FunEntry *wanted)
{
    test_fun = *wanted;
    return &test_fun;
}

static void start(void)
{
    atoms_init();
    external_hooks = (ExternalHooks){find_export, find_fun};
    arena = arena_space_create();
    space = arena_space(arena);
}

static void stop(void)
{
    arena_space_destroy(arena);
}

typedef struct Case {
    const char *text; /* as printed */
    const char *bytes;
    size_t size;
    uint8_t minor_version;
} Case;
#define CASE(text, bytes) \
    { \
        text, bytes, sizeof(bytes) - 1, 1 \
    }
#define CASE_MINOR(version, text, bytes) \
    { \
        text, bytes, sizeof(bytes) - 1, version \
    }

/* Written by erl (OTP 25). */
static const Case written_by_erl[] = {
    CASE("0", "\x83\x61\x00"),
    CASE("255", "\x83\x61\xFF"),
    CASE("256", "\x83\x62\x00\x00\x01\x00"),
    CASE("-1", "\x83\x62\xFF\xFF\xFF\xFF"),
    CASE("2147483648", "\x83\x6E\x04\x00\x00\x00\x00\x80"),
    CASE("-2147483648", "\x83\x62\x80\x00\x00\x00"),
    CASE("-2147483649", "\x83\x6E\x04\x01\x01\x00\x00\x80"),
    CASE("18446744073709551616", "\x83\x6E\x09\x00\0\0\0\0\0\0\0\0\x01"),
    CASE("-18446744073709551616", "\x83\x6E\x09\x01\0\0\0\0\0\0\0\0\x01"),
    CASE("1.5", "\x83\x46\x3F\xF8\0\0\0\0\0\0"),
    CASE("-0.0", "\x83\x46\x80\0\0\0\0\0\0\0"),
    CASE_MINOR(0, "1.5",
               "\x83\x63"
               "1.50000000000000000000e+00\0\0\0\0\0"),
    CASE("a", "\x83\x64\x00\x01"
              "a"),
    CASE("\xC3\xA9", "\x83\x64\x00\x01\xE9"),
    CASE_MINOR(2, "\xC3\xA9", "\x83\x77\x02\xC3\xA9"),
    CASE("'\xCF\x89'", "\x83\x77\x02\xCF\x89"),
    CASE("''", "\x83\x64\x00\x00"),
    CASE("[]", "\x83\x6A"),
    CASE("[1,2,3]", "\x83\x6B\x00\x03\x01\x02\x03"),
    CASE("[a|b]", "\x83\x6C\0\0\0\x01\x64\0\x01"
                  "a\x64\0\x01"
                  "b"),
    CASE("[1,256]", "\x83\x6C\0\0\0\x02\x61\x01\x62\0\0\x01\0\x6A"),
    CASE("{}", "\x83\x68\x00"),
    CASE("{1,{}}", "\x83\x68\x02\x61\x01\x68\x00"),
    CASE("#{}", "\x83\x74\0\0\0\0"),
    CASE("#{a => 1,b => 2}", "\x83\x74\0\0\0\x02\x64\0\x01"
                             "a\x61\x01\x64\0\x01"
                             "b\x61\x02"),
    CASE("<<>>", "\x83\x6D\0\0\0\0"),
    CASE("<<1,2>>", "\x83\x6D\0\0\0\x02\x01\x02"),
    CASE("<<1:3>>", "\x83\x4D\0\0\0\x01\x03\x20"),
    CASE("<<255,1:7>>", "\x83\x4D\0\0\0\x02\x07\xFF\x02"),
    CASE("<0.5.6>", "\x83\x58\x64\0\x0Dnonode@nohost\0\0\0\x05\0\0\0\x06\0\0\0\0"),
    CASE("#Port<0.0>", "\x83\x59\x64\0\x0Dnonode@nohost\0\0\0\0\0\0\0\0"),
    CASE("#Ref<0.3.2.1>",
         "\x83\x5A\0\x03\x64\0\x0Dnonode@nohost\0\0\0\0\0\0\0\x01\0\0\0\x02\0\0\0\x03"),
    CASE("fun lists:map/2", "\x83\x71\x64\0\x05lists\x64\0\x03map\x61\x02"),
};

static void assert_prints(Term t, const char *expected)
{
    Text text = {0};
    term_print(&text, t, 0);
    assert_string_equal(text.bytes, expected);
    text_finish(&text);
}

static Term read_bytes(const void *bytes, size_t size, bool safe)
{
    size_t used = 0;
    Term t = external_to_term(space, bytes, size, safe, &used);
    if (t != TERM_NONE && t != TERM_LIMIT) {
        assert_true(used <= size);
    }
    return t;
}

static void assert_written(Term t, const ExternalOptions *options, const void *bytes, size_t size)
{
    uint8_t *out;
    size_t out_size;
    assert_true(external_write(t, options, &out, &out_size));
    assert_int_equal(out_size, size);
    assert_memory_equal(out, bytes, size);
    mem_free(out);
}

TEST(what_erl_writes_is_read_and_written_the_same)
{
    start();
    for (size_t i = 0; i < COUNT_OF(written_by_erl); i++) {
        const Case *c = &written_by_erl[i];
        Term t = read_bytes(c->bytes, c->size, false);
        assert_prints(t, c->text);
        ExternalOptions options = EXTERNAL_DEFAULTS;
        options.minor_version = c->minor_version;
        assert_written(t, &options, c->bytes, c->size);
        assert_int_equal(external_size(t, &options), c->size);
        Term binary = external_from_term(space, t, &options);
        assert_int_equal(bitstring_bits(binary), 8 * c->size);
        for (size_t size = 0; size < c->size; size++) { /* cut anywhere */
            assert_true(read_bytes(c->bytes, size, false) == TERM_NONE);
        }
    }
    stop();
}

static const struct {
    const char *bytes;
    size_t size;
    const char *text; /* NULL: refused */
} odd[] = {
#define ODD(bytes, text) \
    { \
        bytes, sizeof(bytes) - 1, text \
    }
    ODD("\x83\x6E\x01\x00\x05", "5"),
    ODD("\x83\x6E\x00\x00", "0"),
    ODD("\x83\x6E\x02\x01\x00\x00", "0"),
    ODD("\x83\x6E\x01\x02\x05", "-5"),
    ODD("\x83\x6F\0\0\0\x01\x00\x07", "7"),
    ODD("\x83\x6C\0\0\0\0\x6A", "[]"),
    ODD("\x83\x6C\0\0\0\0\x61\x01", "1"),
    ODD("\x83\x6C\0\0\0\x01\x61\x01\x61\x02", "[1|2]"),
    ODD("\x83\x6B\0\0", "[]"),
    ODD("\x83\x69\0\0\0\x01\x61\x01", "{1}"),
    ODD("\x83\x73\x01"
        "a",
        "a"),
    ODD("\x83\x76\0\x01"
        "b",
        "b"),
    ODD("\x83\x4D\0\0\0\x01\x08\xFF", "<<255>>"),
    ODD("\x83\x4D\0\0\0\0\0", "<<>>"),
    ODD("\x83\x61\x05\x01\x02", "5"), /* the rest is left */
    ODD("\x83\x74\0\0\0\x02\x61\x02\x61\x02\x61\x01\x61\x03", "#{1 => 3,2 => 2}"),
    ODD("\x83\x67\x64\0\x0Dnonode@nohost\0\0\0\x01\0\0\0\0\0", "<0.1.0>"),
    ODD("\x83\x50\0\0\0\x02\x78\x9C\x4B\x64\x05\0\0\xC9\0\x67", "5"),
    /* refused */
    ODD("", NULL),
    ODD("\x83", NULL),
    ODD("\x82\x61\x01", NULL),
    ODD("\x83\xC8", NULL),
    ODD("\x83\x46\x7F\xF0\0\0\0\0\0\0", NULL),                       /* infinity */
    ODD("\x83\x74\0\0\0\x02\x61\x01\x61\x02\x61\x01\x61\x03", NULL), /* a key twice */
    ODD("\x83\x4D\0\0\0\x01\x00\xFF", NULL),
    ODD("\x83\x4D\0\0\0\x01\x09\xFF", NULL),
    ODD("\x83\x4D\0\0\0\x00\x03", NULL),
    ODD("\x83\x77\x01\xFF", NULL),
    ODD("\x83\x71\x64\0\x01m\x61\x01\x61\x03", NULL),
    ODD("\x83\x68\x01\x83\x61\x01", NULL), /* the version only comes first */
    ODD("\x83\x50\0\0\0\x03\x78\x9C\x4B\x64\x05\0\0\xC9\0\x67", NULL), /* the size is wrong */
    ODD("\x83\x50\0\0\0\x01\x78\x9C\x4B\x64\x05\0\0\xC9\0\x67", NULL),
    ODD("\x83\x50\xFF\xFF\xFF\xFF\x78\x9C\x4B\x64\x05\0\0\xC9\0\x67", NULL),
    ODD("\x83\x6C\xFF\xFF\xFF\xFF\x6A", NULL), /* more than there is */
    ODD("\x83\x69\x7F\xFF\xFF\xFF\x6A", NULL),
    ODD("\x83\x74\x7F\xFF\xFF\xFF\x6A", NULL),
    ODD("\x83\x6D\xFF\xFF\xFF\xFF\x6A", NULL),
    ODD("\x83\x6F\xFF\xFF\xFF\xFF\x00\x6A", NULL),
    ODD("\x83\x58\x64\0\x0Dnonode@nohost\xFF\xFF\xFF\xFF\0\0\0\x06\0\0\0\0", NULL),
    ODD("\x83\x67\x64\0\x03"
        "a@b\0\0\0\x01\0\0\0\0\x04",
        NULL), /* an old creation has two bits */
    ODD("\x83\x5A\0\x06\x64\0\x03"
        "a@b\0\0\0\x05\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0\x01",
        NULL),
};

TEST(odd_bytes_are_read_as_erl_reads_them)
{
    start();
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        Term t = read_bytes(odd[i].bytes, odd[i].size, false);
        if (odd[i].text == NULL) {
            assert_true(t == TERM_NONE);
        } else {
            assert_prints(t, odd[i].text);
        }
    }
    stop();
}

TEST(used_says_how_many_bytes_a_term_took)
{
    start();
    size_t used = 0;
    assert_true(external_to_term(space, (const uint8_t *) "\x83\x61\x05\x01\x02", 5, false,
                                 &used) == term_small(5));
    assert_int_equal(used, 3);
    const char packed[] = "\x83\x50\0\0\0\x02\x78\x9C\x4B\x64\x05\0\0\xC9\0\x67tail";
    external_to_term(space, (const uint8_t *) packed, sizeof packed - 1, false, &used);
    assert_int_equal(used, sizeof packed - 1 - 4);
    stop();
}

TEST(safe_reading_makes_no_atoms_and_no_exports)
{
    start();
    const char unseen[] = "\x83\x64\0\x0Bunseen_atom";
    assert_true(read_bytes(unseen, sizeof unseen - 1, true) == TERM_NONE);
    assert_true(atom_find("unseen_atom", 11) == TERM_NONE);
    assert_true(read_bytes(unseen, sizeof unseen - 1, false) == atom_of("unseen_atom"));
    assert_true(read_bytes(unseen, sizeof unseen - 1, true) == atom_of("unseen_atom"));
    const char export[] = "\x83\x71\x64\0\x02ok\x64\0\x05"
                          "error\x61\x02";
    test_export = (Export){0};
    assert_true(read_bytes(export, sizeof export - 1, true) == TERM_NONE);
    assert_prints(read_bytes(export, sizeof export - 1, false), "fun ok:error/2");
    assert_prints(read_bytes(export, sizeof export - 1, true), "fun ok:error/2");
    stop();
}

TEST(funs_keep_their_captured_values)
{
    start();
    FunEntry entry = {
        .module = atom_of("m"), .arity = 1, .index = 2, .free_count = 2, .old_uniq = 77};
    memset(entry.uniq, 0xAB, sizeof entry.uniq);
    Term inner[] = {HEADER(KIND_fun, 3), (Term) &entry, term_small(1), ATOM_ok};
    Term outer[] = {HEADER(KIND_fun, 3), (Term) &entry, term_boxed(inner), TERM_NIL};
    ExternalOptions options = EXTERNAL_DEFAULTS;
    uint8_t *bytes;
    size_t size;
    assert_true(external_write(term_boxed(outer), &options, &bytes, &size));
    assert_int_equal(external_size(term_boxed(outer), &options), size);
    assert_int_equal(bytes[2] << 24 | bytes[3] << 16 | bytes[4] << 8 | bytes[5], size - 2);
    Term back = read_bytes(bytes, size, false);
    assert_true(term_is_kind(back, KIND_fun));
    assert_int_equal(fun_entry(back)->old_uniq, 77);
    assert_true(fun_captured(fun_captured(back)[0])[1] == ATOM_ok);
    for (size_t cut = 0; cut < size; cut++) {
        assert_true(read_bytes(bytes, cut, false) == TERM_NONE);
    }
    mem_free(bytes);
    external_hooks.find_fun = NULL;
    stop();
}

TEST(depth_is_no_danger)
{
    enum { DEPTH = 1000000 };
    start();
    Term t = TERM_NIL;
    for (int i = 0; i < DEPTH; i++) {
        t = i % 3 == 0   ? make_cons(space, t, TERM_NIL)
            : i % 3 == 1 ? make_tuple2(space, t, ATOM_ok)
                         : map_put(space, map_empty(space), ATOM_ok, t);
    }
    ExternalOptions options = EXTERNAL_DEFAULTS;
    uint8_t *bytes, *again;
    size_t size, again_size;
    assert_true(external_write(t, &options, &bytes, &size));
    Term back = read_bytes(bytes, size, false);
    assert_true(external_write(back, &options, &again, &again_size));
    assert_int_equal(size, again_size);
    assert_memory_equal(bytes, again, size);
    mem_free(bytes);
    mem_free(again);
    stop();
}

TEST(nested_claims_do_not_multiply)
{
    /* Each tuple claims nearly all the bytes that follow, and begins with another such tuple. */
    enum { SIZE = 1 << 20 };
    start();
    uint8_t *bytes = malloc(SIZE);
    bytes[0] = 0x83;
    for (size_t at = 1; at + 5 <= SIZE; at += 5) {
        uint32_t claim = (uint32_t) (SIZE - at - 5) * 9 / 10;
        bytes[at] = 0x69;
        for (int i = 0; i < 4; i++) {
            bytes[at + 1 + i] = (uint8_t) (claim >> (24 - 8 * i));
        }
    }
    assert_true(read_bytes(bytes, SIZE, false) == TERM_NONE);
    free(bytes);
    stop();
}

TEST(big_maps_are_written_in_key_order_when_asked_to)
{
    start();
    enum { COUNT = 1000 };
    Term map = map_empty(space);
    for (int i = COUNT; i > 0; i--) {
        map = map_put(space, map, term_small(i), term_small(-i));
    }
    ExternalOptions options = EXTERNAL_DEFAULTS;
    options.deterministic = true;
    uint8_t *bytes;
    size_t size;
    assert_true(external_write(map, &options, &bytes, &size));
    const uint8_t *at = bytes + 6;
    for (int i = 1; i <= COUNT; i++) {
        int key = at[0] == 0x61 ? at[1] : at[1] << 24 | at[2] << 16 | at[3] << 8 | at[4];
        assert_int_equal(key, i);
        at += (at[0] == 0x61 ? 2 : 5) + 5;
    }
    assert_true(at == bytes + size);
    assert_true(term_equal_exact(read_bytes(bytes, size, false), map));
    mem_free(bytes);
    options.deterministic = false;
    Term binary = external_from_term(space, map, &options);
    assert_true(
        term_equal_exact(read_bytes(bits_of(binary).bytes, bits_of(binary).size / 8, false), map));
    stop();
}

TEST(compression_is_kept_when_it_saves)
{
    start();
    ExternalOptions options = EXTERNAL_DEFAULTS;
    options.compression = 6;
    uint8_t *bytes;
    size_t size;
    char text[5000];
    memset(text, 'x', sizeof text);
    Term binary = make_binary(space, text, sizeof text);
    assert_true(external_write(binary, &options, &bytes, &size));
    assert_int_equal(bytes[1], 80);
    assert_true(size < 100);
    assert_true(term_equal_exact(read_bytes(bytes, size, false), binary));
    mem_free(bytes);
    assert_true(external_write(ATOM_ok, &options, &bytes, &size));
    assert_int_equal(bytes[1], 100);
    mem_free(bytes);
    stop();
}

/* Bytes changed at random: whatever comes of it, it is refused or it is a whole term. */
TEST(damaged_bytes_do_no_harm)
{
    uint64_t seed = 1;
    for (int round = 0; round < 200000; round++) {
        uint8_t bytes[128];
        size_t size = 0;
        if (round % 1000 == 0) {
            if (round > 0) {
                stop();
            }
            start();
        }
        bytes[size++] = 0x83;
        bytes[size++] = 0x68;
        bytes[size++] = (uint8_t) (test_random(&seed) % 4);
        while (size < 90) { /* several cases in a row, in a tuple */
            const Case *c = &written_by_erl[test_random(&seed) % COUNT_OF(written_by_erl)];
            if (size + c->size - 1 > sizeof bytes) {
                break;
            }
            memcpy(bytes + size, c->bytes + 1, c->size - 1);
            size += c->size - 1;
        }
        for (uint64_t i = test_random(&seed) % 6; i > 0; i--) {
            bytes[1 + test_random(&seed) % (size - 1)] =
                (uint8_t) (i % 2 ? test_random(&seed) : 60 + test_random(&seed) % 61);
        }
        uint8_t *exact = malloc(size); /* so that a sanitizer sees a read too far */
        memcpy(exact, bytes, size);
        Term t = read_bytes(exact, size, true);
        if (t != TERM_NONE && t != TERM_LIMIT) {
            ExternalOptions options = EXTERNAL_DEFAULTS;
            assert_true(external_size(t, &options) > 0);
            Term back = external_from_term(space, t, &options);
            Bits bits = bits_of(back);
            assert_true(term_equal_exact(t, read_bytes(bits.bytes, bits.size / 8, false)));
        }
        free(exact);
    }
    stop();
}
