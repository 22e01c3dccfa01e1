/* tests/c/term/bits_test.c
 * Binaries and bitstrings against arrays with one bit in each element. */
#include "runtime/term/bits.h"

#include "runtime/term/compare.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"
#include "tests/c/term/random_term.h"

#include <pthread.h>

static ArenaSpace *arena;
static Space *space;

static void start(void)
{
    atoms_init();
    arena = arena_space_create();
    space = arena_space(arena);
}

static void stop(void)
{
    arena_space_destroy(arena);
}

static int bit_at(const uint8_t *bytes, size_t index)
{
    return bytes[index / 8] >> (7 - index % 8) & 1;
}

static void assert_bits(Term t, const uint8_t model[], size_t size)
{
    Bits bits = bits_of(t);
    assert_int_equal(bits.size, size);
    assert_int_equal(bitstring_bits(t), size);
    assert_true(bits.offset < 8);
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(bit_at(bits.bytes, bits.offset + i), model[i]);
    }
}

TEST(bits_are_copied_and_nothing_else)
{
    uint64_t seed = 1;
    for (int round = 0; round < 30000; round++) {
        uint8_t from[40], to[40], before[40];
        for (size_t i = 0; i < sizeof from; i++) {
            from[i] = (uint8_t) test_random(&seed);
            to[i] = before[i] = (uint8_t) test_random(&seed);
        }
        size_t size = random_below(&seed, 200);
        size_t from_offset = random_below(&seed, 320 - size + 1);
        size_t to_offset = random_below(&seed, 320 - size + 1);
        bits_copy(to, to_offset, from, from_offset, size);
        for (size_t i = 0; i < 320; i++) {
            int want = i >= to_offset && i < to_offset + size
                           ? bit_at(from, from_offset + i - to_offset)
                           : bit_at(before, i);
            assert_int_equal(bit_at(to, i), want);
        }
    }
}

/* Sanitizers see a read or write beyond: the blocks end where the bits end. */
TEST(copies_and_comparisons_stay_within_their_bytes)
{
    start();
    for (size_t offset = 0; offset < 8; offset++) {
        for (size_t size = 0; size < 150; size++) {
            size_t bytes = (offset + size + 7) / 8, to_bytes = (size + 7) / 8;
            uint8_t *from = malloc(bytes), *to = malloc(to_bytes);
            memset(from, 0xA5, bytes);
            memset(to, 0, to_bytes);
            bits_copy(to, 0, from, offset, size);
            assert_int_equal(bits_compare((Bits){from, offset, size}, (Bits){to, 0, size}), 0);
            bits_copy(from, offset, to, 0, size);
            if (size > 0 && size <= 64) {
                (void) bits_get_integer(space, from, offset, size, 0);
                bits_put_integer(from, offset, size, term_small(-1), BITS_LITTLE);
            }
            free(from);
            free(to);
        }
    }
    stop();
}

TEST(bits_compare_as_if_one_by_one)
{
    uint64_t seed = 2;
    for (int round = 0; round < 30000; round++) {
        uint8_t a[30], b[30];
        size_t a_offset = random_below(&seed, 9), b_offset = random_below(&seed, 9);
        size_t a_size = random_below(&seed, 200), b_size = random_below(&seed, 200);
        for (size_t i = 0; i < sizeof a; i++) {
            a[i] = (uint8_t) test_random(&seed);
            b[i] = 0;
        }
        bits_copy(b, b_offset, a, a_offset, 230);
        if (random_below(&seed, 2) == 0) {
            b[random_below(&seed, 30)] ^= (uint8_t) (1 << random_below(&seed, 8));
        }
        int want = (a_size > b_size) - (a_size < b_size);
        for (size_t i = 0; i < a_size && i < b_size; i++) {
            int x = bit_at(a, a_offset + i), y = bit_at(b, b_offset + i);
            if (x != y) {
                want = x - y;
                break;
            }
        }
        int got = bits_compare((Bits){a, a_offset, a_size}, (Bits){b, b_offset, b_size});
        assert_int_equal((got > 0) - (got < 0), want);
    }
}

TEST(binaries_of_all_sizes_hold_their_bytes)
{
    start();
    uint8_t bytes[300];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t) (i * 31);
    }
    for (size_t size = 0; size <= sizeof bytes; size++) {
        Term t = make_binary(space, bytes, size);
        size_t got;
        void *scratch;
        assert_int_equal(boxed_kind(t),
                         size <= BINARY_HEAP_MAX ? KIND_heap_binary : KIND_refc_binary);
        assert_true(term_is_binary(t));
        assert_memory_equal(binary_bytes(t, &got, &scratch), bytes, size);
        assert_int_equal(got, size);
        assert_null(scratch);
    }
    stop();
}

TEST(parts_of_parts_are_the_right_bits)
{
    start();
    uint64_t seed = 3;
    for (int round = 0; round < 300; round++) {
        uint8_t bytes[200], model[1600];
        size_t size = random_below(&seed, 1600);
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t) test_random(&seed);
        }
        for (size_t i = 0; i < size; i++) {
            model[i] = (uint8_t) bit_at(bytes, i);
        }
        Term t = make_bitstring(space, (Bits){bytes, 0, size});
        assert_bits(t, model, size);
        size_t start_bit = 0;
        for (int i = 0; i < 5; i++) {
            size_t offset = random_below(&seed, size + 1),
                   part = random_below(&seed, size - offset + 1);
            Term sub = make_sub_bits(space, t, offset, part);
            assert_bits(sub, model + start_bit + offset, part);
            if (part % 8 == 0) {
                size_t got;
                void *scratch;
                const uint8_t *at = binary_bytes(sub, &got, &scratch);
                for (size_t k = 0; k < part; k++) {
                    assert_int_equal(bit_at(at, k), model[start_bit + offset + k]);
                }
                mem_free(scratch);
            }
            if (boxed_kind(sub) == KIND_sub_binary) {
                Kind parent = boxed_kind(term_boxed_at(sub)[3]);
                assert_true(parent == KIND_heap_binary || parent == KIND_refc_binary);
            }
            t = sub;
            start_bit += offset;
            size = part;
        }
    }
    stop();
}

/* ---- appending ---- */

static Term append(Term t, const uint8_t *bytes, size_t size_bits)
{
    uint8_t *to;
    size_t offset;
    Term longer = bitstring_extend(space, t, size_bits, &to, &offset);
    assert_true(longer != TERM_LIMIT);
    bits_copy(to, offset, bytes, 0, size_bits);
    return longer;
}

TEST(appending_again_and_again_is_linear_and_right)
{
    start();
    enum { ROUNDS = 20000 };
    static uint8_t model[ROUNDS * 24];
    uint64_t seed = 4;
    size_t size = 0;
    Term t = make_binary(space, "", 0);
    for (int i = 0; i < ROUNDS; i++) {
        uint8_t bytes[3];
        size_t bits = i % 100 < 50 ? 8 * random_below(&seed, 4) : random_below(&seed, 25);
        for (size_t k = 0; k < 3; k++) {
            bytes[k] = (uint8_t) test_random(&seed);
        }
        t = append(t, bytes, bits);
        for (size_t k = 0; k < bits; k++) {
            model[size + k] = (uint8_t) bit_at(bytes, k);
        }
        size += bits;
    }
    assert_bits(t, model, size);
    /* Doubling: what was allocated in all is a small multiple of the result. */
    assert_true(space->off_heap_bytes < 8 * size / 8 + 1000);
    stop();
}

TEST(two_continuations_of_one_binary_do_not_meet)
{
    start();
    uint8_t bytes[100] = {0};
    Term t = append(make_binary(space, bytes, 100), (const uint8_t *) "x", 8);
    Term a = append(t, (const uint8_t *) "a", 8), b = append(t, (const uint8_t *) "b", 8);
    Term aa = append(a, (const uint8_t *) "c", 8);
    assert_int_equal(bits_of(t).size, 101 * 8);
    assert_int_equal(bits_of(a).bytes[101], 'a');
    assert_int_equal(bits_of(b).bytes[101], 'b');
    assert_int_equal(bits_of(aa).bytes[102], 'c');
    assert_true(bits_of(t).bytes == bits_of(a).bytes); /* in place */
    assert_true(bits_of(t).bytes != bits_of(b).bytes); /* the place was taken */
    stop();
}

TEST(a_byte_is_not_shared_with_another_process)
{
    start();
    uint8_t bytes[100] = {0};
    Term t = append(make_binary(space, bytes, 100), (const uint8_t *) "\x80", 1);
    ArenaSpace *other = arena_space_create();
    Term copy = term_copy(arena_space(other), t);
    Term longer = append(t, (const uint8_t *) "\x80", 1);
    assert_true(bits_of(longer).bytes != bits_of(copy).bytes);
    arena_space_destroy(other);
    Term alone = append(longer, (const uint8_t *) "\x80", 1);
    assert_true(bits_of(longer).bytes == bits_of(alone).bytes);
    stop();
}

enum { THREADS = 4 };
static Term shared_by_threads;

/* Each thread copies the binary, as messages do, appends to the copy and lets go of it. */
static void *append_in_thread(void *arg)
{
    uint8_t own = (uint8_t) (uintptr_t) arg;
    size_t wrong = 0;
    for (int round = 0; round < 500; round++) {
        ArenaSpace *mine = arena_space_create();
        Term t = term_copy(arena_space(mine), shared_by_threads);
        for (int i = 0; i < 20; i++) {
            uint8_t *to;
            size_t offset, size = i % 3 == 2 ? 5 : 8;
            t = bitstring_extend(arena_space(mine), t, size, &to, &offset);
            bits_copy(to, offset, &own, 0, size);
        }
        Bits bits = bits_of(t);
        wrong += bits.bytes[0] != 'x' || bits.bytes[100] != own || bits.bytes[101] != own;
        arena_space_destroy(mine);
    }
    return (void *) wrong;
}

TEST(threads_append_to_one_binary_without_meeting)
{
    start();
    pthread_t threads[THREADS];
    uint8_t bytes[100];
    memset(bytes, 'x', sizeof bytes);
    Term t = append(make_binary(space, bytes, 99), (const uint8_t *) "x", 8);
    shared_by_threads = t;
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(
            pthread_create(&threads[i], NULL, append_in_thread, (void *) (uintptr_t) (i + 1)), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *wrong;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    const Term *handle = term_boxed_at(term_boxed_at(t)[3]);
    assert_int_equal(((const Binary *) handle[2])->references, 1);
    stop();
}

/* ---- fields ---- */

/* A field's integer as the manual has it, bit by bit. */
static Term model_integer(const uint8_t *bytes, size_t offset, size_t size, unsigned flags)
{
    uint8_t order[4096]; /* most significant first */
    size_t count = 0, whole = size / 8, rest = size % 8;
    if ((flags & BITS_LITTLE) != 0) {
        for (size_t k = 0; k < rest; k++) {
            order[count++] = (uint8_t) bit_at(bytes, offset + whole * 8 + k);
        }
        for (size_t i = whole; i-- > 0;) {
            for (size_t k = 0; k < 8; k++) {
                order[count++] = (uint8_t) bit_at(bytes, offset + i * 8 + k);
            }
        }
    } else {
        for (size_t i = 0; i < size; i++) {
            order[count++] = (uint8_t) bit_at(bytes, offset + i);
        }
    }
    Term value = term_small(0);
    for (size_t i = 0; i < count; i++) {
        Term bit = term_small(order[i]);
        if (i == 0 && (flags & BITS_SIGNED) != 0) {
            bit = term_small(-order[i]);
        }
        value = arith_add(space, arith_add(space, value, value), bit);
    }
    return value;
}

TEST(integers_are_read_and_written_at_any_place_in_any_way)
{
    start();
    uint64_t seed = 5;
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[80], out[80], before[80];
        size_t size = random_below(&seed, round % 4 == 0 ? 500 : 80);
        size_t offset = random_below(&seed, 60);
        unsigned flags = (unsigned) random_below(&seed, 4);
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = random_below(&seed, 8) == 0 ? 0xFF : (uint8_t) test_random(&seed);
            out[i] = before[i] = (uint8_t) test_random(&seed);
        }
        Term want = model_integer(bytes, offset, size, flags);
        Term got = bits_get_integer(space, bytes, offset, size, flags);
        assert_true(term_equal_exact(want, got));
        bits_put_integer(out, offset, size, got, flags);
        for (size_t i = 0; i < sizeof out * 8; i++) {
            bool inside = i >= offset && i < offset + size;
            assert_int_equal(bit_at(out, i), bit_at(inside ? bytes : before, i));
        }
    }
    stop();
}

TEST(an_integer_is_cut_and_extended_to_its_field)
{
    start();
    uint64_t seed = 6;
    for (int round = 0; round < 5000; round++) {
        uint8_t out[80] = {0};
        size_t size = 1 + random_below(&seed, 500), offset = random_below(&seed, 60);
        unsigned flags = (unsigned) random_below(&seed, 2); /* little or big */
        Term number = random_number(space, &seed);
        if (!term_is_integer(number)) {
            continue;
        }
        bits_put_integer(out, offset, size, number, flags);
        Term got = bits_get_integer(space, out, offset, size, flags);
        Term mask = arith_subtract(
            space, arith_shift_left(space, term_small(1), term_small((int64_t) size)),
            term_small(1));
        assert_true(term_equal_exact(got, arith_band(space, number, mask)));
    }
    stop();
}

static void assert_float(double value, size_t size, bool fits)
{
    uint8_t bytes[16] = {0};
    for (size_t offset = 0; offset < 9; offset++) {
        for (unsigned flags = 0; flags < 2; flags++) {
            Term number = make_float(space, value);
            assert_int_equal(bits_put_float(bytes, offset, size, number, flags), fits);
            if (fits) {
                Term got = bits_get_float(space, bytes, offset, size, flags);
                assert_true(term_equal_exact(got, number));
            }
        }
    }
}

TEST(floats_go_there_and_back)
{
    start();
    static const double all[] = {
        0.0, -0.0, 1.0, -2.5, 0.000060975551605224609375, 65504.0, 5.9604644775390625e-8};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        assert_float(all[i], 16, true);
        assert_float(all[i], 32, true);
        assert_float(all[i], 64, true);
    }
    assert_float(1e300, 64, true);
    assert_float(1e-310, 64, true);
    assert_float(1e300, 32, false);
    assert_float(65520.0, 16, false);
    uint8_t bytes[8] = {0x7F, 0xF0, 0, 0, 0, 0, 0, 0};
    assert_true(bits_get_float(space, bytes, 0, 64, 0) == TERM_NONE);
    bytes[7] = 1;
    assert_true(bits_get_float(space, bytes, 0, 64, 0) == TERM_NONE);
    uint8_t single[4] = {0x7F, 0x80, 0, 0}, half[2] = {0x7C, 0};
    assert_true(bits_get_float(space, single, 0, 32, 0) == TERM_NONE);
    assert_true(bits_get_float(space, half, 0, 16, 0) == TERM_NONE);
    assert_false(bits_put_float(bytes, 0, 64, ATOM_ok, 0));
    assert_true(bits_put_float(bytes, 0, 64, term_small(3), 0));
    assert_true(bits_get_float(space, bytes, 0, 64, 0) == make_float(space, 3.0));
    stop();
}

TEST(all_halves_go_there_and_back)
{
    start();
    for (unsigned half = 0; half < 0x10000; half++) {
        uint8_t bytes[2] = {(uint8_t) (half >> 8), (uint8_t) half}, out[2];
        Term value = bits_get_float(space, bytes, 0, 16, 0);
        assert_int_equal(value == TERM_NONE, (half >> 10 & 31) == 31);
        if (value != TERM_NONE) {
            assert_true(bits_put_float(out, 0, 16, value, 0));
            assert_memory_equal(bytes, out, 2);
        }
    }
    stop();
}

/* ---- Unicode ---- */

TEST(all_code_points_go_through_utf8)
{
    for (int64_t c = 0; c <= 0x110000; c++) {
        uint8_t out[4];
        size_t used;
        if (code_point_is_valid(c)) {
            size_t size = utf8_encode((uint32_t) c, out);
            assert_int_equal(utf8_decode(out, size, &used), c);
            assert_int_equal(used, size);
            for (size_t i = 0; i < size; i++) {
                assert_int_equal(utf8_decode(out, i, &used), -2);
            }
        }
    }
}

TEST(what_is_not_utf8_is_refused)
{
    static const char *const bad[] = {"\x80",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xE0\x9F\xBF",
                                      "\xED\xA0\x80",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF4\x90\x80\x80",
                                      "\xF8\x88\x80\x80\x80",
                                      "\xFF",
                                      "\xC3("};
    size_t used;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(utf8_decode((const uint8_t *) bad[i], strlen(bad[i]), &used), -1);
    }
    assert_true(bits_get_utf8((Bits){(const uint8_t *) "\xC3", 0, 8}, &used) < 0);
    assert_true(bits_get_utf8((Bits){(const uint8_t *) "", 0, 0}, &used) < 0);
}

TEST(code_points_are_read_at_any_bit)
{
    start();
    for (size_t offset = 0; offset < 8; offset++) {
        uint8_t bytes[16] = {0};
        size_t used;
        bits_copy(bytes, offset, (const uint8_t *) "\xF0\x9F\x98\x80", 0, 32);
        assert_int_equal(bits_get_utf8((Bits){bytes, offset, 40}, &used), 0x1F600);
        assert_int_equal(used, 32);
        bits_copy(bytes, offset, (const uint8_t *) "\xD8\x3D\xDE\x00", 0, 32);
        assert_int_equal(bits_get_utf16((Bits){bytes, offset, 32}, &used, 0), 0x1F600);
        assert_int_equal(used, 32);
        assert_true(bits_get_utf16((Bits){bytes, offset, 31}, &used, 0) < 0);
        bits_copy(bytes, offset, (const uint8_t *) "\x3D\xD8\x00\xDE", 0, 32);
        assert_int_equal(bits_get_utf16((Bits){bytes, offset, 32}, &used, BITS_LITTLE), 0x1F600);
        assert_true(bits_get_utf16((Bits){bytes, offset + 16, 16}, &used, BITS_LITTLE) < 0);
        bits_copy(bytes, offset, (const uint8_t *) "\x00\x01\xF6\x00", 0, 32);
        assert_int_equal(bits_get_utf32((Bits){bytes, offset, 32}, &used, 0), 0x1F600);
        bits_copy(bytes, offset, (const uint8_t *) "\x00\xF6\x01\x00", 0, 32);
        assert_int_equal(bits_get_utf32((Bits){bytes, offset, 32}, &used, BITS_LITTLE), 0x1F600);
        bits_copy(bytes, offset, (const uint8_t *) "\x00\x00\xD8\x00", 0, 32);
        assert_true(bits_get_utf32((Bits){bytes, offset, 32}, &used, 0) < 0);
    }
    stop();
}
