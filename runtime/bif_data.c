/* runtime/bif_data.c
 * Walking iodata: a stack of pending tails instead of recursion. Sizes are found in a first walk,
 * so that the bytes go to where they will stay. */
#include "runtime/bif_data.h"

int64_t list_length(Term list)
{
    int64_t length = 0;
    while (term_is_cons(list)) {
        length++;
        list = cons_tail(list);
    }
    return term_is_nil(list) ? length : -1;
}

void deep_start(DeepWalk *walk, Term t)
{
    walk->at = t;
    walk->pending = walk->near;
    walk->count = 0;
    walk->capacity = DEEP_NEAR;
}

void deep_finish(DeepWalk *walk)
{
    if (walk->pending != walk->near) {
        mem_free(walk->pending);
        walk->pending = walk->near;
    }
}

static void deep_push(DeepWalk *walk, Term tail)
{
    if (walk->count == walk->capacity) {
        bool is_near = walk->pending == walk->near;
        walk->capacity *= 2;
        walk->pending = mem_realloc(is_near ? NULL : walk->pending, walk->capacity * sizeof(Term));
        if (is_near) {
            memcpy(walk->pending, walk->near, sizeof walk->near);
        }
    }
    walk->pending[walk->count++] = tail;
}

DeepItem deep_next(DeepWalk *walk, Term *item)
{
    for (;;) {
        while (term_is_cons(walk->at)) {
            Term head = cons_head(walk->at);
            Term tail = cons_tail(walk->at);
            if (term_is_cons(head)) {
                if (!term_is_nil(tail)) {
                    deep_push(walk, tail);
                }
                walk->at = head;
            } else {
                walk->at = tail;
                if (!term_is_nil(head)) {
                    *item = head;
                    return DEEP_LEAF;
                }
            }
        }
        Term tail = walk->at;
        if (walk->count > 0) {
            walk->at = walk->pending[--walk->count];
        } else {
            walk->at = TERM_NIL;
            if (term_is_nil(tail)) {
                return DEEP_END;
            }
        }
        if (!term_is_nil(tail)) {
            *item = tail;
            return DEEP_TAIL;
        }
    }
}

enum { IODATA_DEPTH = 32 };

static inline bool is_byte(Term t)
{
    return (t & ~term_small(255)) == 0;
}

/* As list_size, for a list of any depth. */
static int64_t deep_size(Term list, int64_t *steps)
{
    DeepWalk walk;
    DeepItem kind;
    Term item;
    int64_t size = 0;
    deep_start(&walk, list);
    while (size >= 0 && (kind = deep_next(&walk, &item)) != DEEP_END) {
        if (kind == DEEP_LEAF && is_byte(item)) {
            size++;
        } else if (term_is_binary(item)) {
            size += (int64_t) (bitstring_bits(item) / 8);
        } else {
            size = -1;
        }
        size = --*steps < 0 ? IODATA_IS_LONG : size;
    }
    deep_finish(&walk);
    return size;
}

/* Bytes of a list of iodata; -1: it is none; IODATA_IS_LONG: it has more than *steps cells. Lists
 * in it are taken by a call, down to a depth. */
static int64_t list_size(Term list, unsigned depth, int64_t *steps)
{
    int64_t size = 0, left = *steps;
    Term at = list;
    for (; term_is_cons(at) && left > 0; left--) {
        Term head = cons_head(at);
        at = cons_tail(at);
        if (is_byte(head)) {
            size++;
        } else if (term_is_cons(head)) {
            *steps = left;
            int64_t more = depth == 0 ? deep_size(head, steps) : list_size(head, depth - 1, steps);
            if (more < 0) {
                return more;
            }
            size += more;
            left = *steps;
        } else if (term_is_binary(head)) {
            size += (int64_t) (bitstring_bits(head) / 8);
        } else if (!term_is_nil(head)) {
            return -1;
        }
    }
    *steps = left;
    if (term_is_nil(at)) {
        return size;
    }
    if (term_is_cons(at)) {
        return IODATA_IS_LONG;
    }
    return term_is_binary(at) ? size + (int64_t) (bitstring_bits(at) / 8) : -1;
}

int64_t iodata_size_within(Term iodata, int64_t steps)
{
    if (term_is_binary(iodata)) {
        return (int64_t) (bitstring_bits(iodata) / 8);
    }
    return term_is_list(iodata) ? list_size(iodata, IODATA_DEPTH, &steps) : -1;
}

int64_t iodata_size(Term iodata)
{
    return iodata_size_within(iodata, INT64_MAX);
}

static uint8_t *write_binary(Term binary, uint8_t *out)
{
    const Term *object = term_boxed_at(binary);
    if (header_kind(object[0]) == KIND_heap_binary) {
        memcpy(out, object + 2, object[1]);
        return out + object[1];
    }
    Bits bits = bits_of(binary);
    if (bits.offset == 0) {
        memcpy(out, bits.bytes, bits.size / 8);
    } else {
        bits_copy(out, 0, bits.bytes, bits.offset, bits.size);
    }
    return out + bits.size / 8;
}

static uint8_t *write_deep(Term list, uint8_t *out)
{
    DeepWalk walk;
    Term item;
    deep_start(&walk, list);
    while (deep_next(&walk, &item) != DEEP_END) {
        if (term_is_small(item)) {
            *out++ = (uint8_t) small_value(item);
        } else {
            out = write_binary(item, out);
        }
    }
    deep_finish(&walk);
    return out;
}

/* Writes what list_size counted. */
static uint8_t *write_list(Term at, unsigned depth, uint8_t *out)
{
    for (; term_is_cons(at); at = cons_tail(at)) {
        Term head = cons_head(at);
        if (term_is_small(head)) {
            *out++ = (uint8_t) small_value(head);
        } else if (term_is_cons(head)) {
            out = depth == 0 ? write_deep(head, out) : write_list(head, depth - 1, out);
        } else if (!term_is_nil(head)) {
            out = write_binary(head, out);
        }
    }
    return term_is_nil(at) ? out : write_binary(at, out);
}

void iodata_write(Term iodata, uint8_t *out)
{
    write_list(iodata, IODATA_DEPTH, out);
}

Term iodata_to_binary_within(Space *space, Term iodata, int64_t steps)
{
    if (term_is_binary(iodata)) {
        return iodata;
    }
    int64_t size = iodata_size_within(iodata, steps);
    if (size < 0) {
        return size == IODATA_IS_LONG ? TERM_TRAP : TERM_NONE;
    }
    uint8_t *bytes;
    Term binary = make_binary_uninit(space, (size_t) size, &bytes);
    if (binary != TERM_LIMIT) {
        iodata_write(iodata, bytes);
    }
    return binary;
}

Term iodata_to_binary(Space *space, Term iodata)
{
    return iodata_to_binary_within(space, iodata, INT64_MAX);
}

const uint8_t *iodata_view(Term iodata, size_t *size_bytes, void **scratch)
{
    if (term_is_binary(iodata)) {
        return binary_bytes(iodata, size_bytes, scratch);
    }
    *scratch = NULL;
    int64_t size = term_is_list(iodata) ? iodata_size(iodata) : -1;
    if (size < 0) {
        return NULL;
    }
    *size_bytes = (size_t) size;
    uint8_t *bytes = mem_try_alloc((size_t) size + 1);
    if (bytes != NULL) {
        iodata_write(iodata, bytes);
    }
    *scratch = bytes;
    return bytes;
}

bool iodata_bytes(Term iodata, ByteBuffer *out)
{
    if (!term_is_list(iodata) && !term_is_binary(iodata)) {
        return false;
    }
    int64_t size = iodata_size(iodata);
    if (size < 0) {
        return false;
    }
    size_t needed = out->size_bytes + (size_t) size;
    if (needed > out->capacity_bytes) {
        size_t capacity = needed + needed / 2 + 16;
        uint8_t *bytes = mem_try_realloc(out->bytes, capacity);
        if (bytes == NULL) {
            return false;
        }
        out->bytes = bytes;
        out->capacity_bytes = capacity;
    }
    if (size > 0) { /* else there may be no bytes yet */
        iodata_write(iodata, out->bytes + out->size_bytes);
    }
    out->size_bytes = needed;
    return true;
}

static bool utf8_is_valid(const uint8_t *at, size_t size)
{
    while (size > 0) {
        size_t used;
        if (*at < 0x80) {
            used = 1;
        } else if (utf8_decode(at, size, &used) < 0) {
            return false;
        }
        at += used;
        size -= used;
    }
    return true;
}

/* Adds a binary's bytes: UTF-8 as it is, what is not UTF-8 as it is too (file names may be raw). */
static bool add_leaf_text(Text *text, Term item)
{
    int64_t c;
    if (term_to_int64(item, &c)) {
        if (!code_point_is_valid(c) || c == 0) {
            return false;
        }
        text_add_code_point(text, (uint32_t) c);
        return true;
    }
    if (!term_is_binary(item)) {
        return false;
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(item, &size, &scratch);
    bool ok = memchr(bytes, 0, size) == NULL && utf8_is_valid(bytes, size);
    if (ok) {
        text_add(text, (const char *) bytes, size);
    }
    mem_free(scratch);
    return ok;
}

char *term_to_utf8(Term t, size_t *size_bytes)
{
    Text text = {0};
    text_add(&text, "", 0);
    if (term_is_atom(t)) {
        text_add(&text, atom_name(t), atom_name_bytes(t));
    } else if (term_is_binary(t)) {
        size_t size;
        void *scratch;
        const uint8_t *bytes = binary_bytes(t, &size, &scratch);
        bool ok = memchr(bytes, 0, size) == NULL;
        if (ok) {
            text_add(&text, (const char *) bytes, size);
        }
        mem_free(scratch);
        if (!ok) {
            text_finish(&text);
            return NULL;
        }
    } else {
        DeepWalk walk;
        deep_start(&walk, t);
        Term item;
        DeepItem kind;
        bool ok = term_is_list(t);
        while (ok && (kind = deep_next(&walk, &item)) != DEEP_END) {
            ok = add_leaf_text(&text, item);
        }
        deep_finish(&walk);
        if (!ok) {
            text_finish(&text);
            return NULL;
        }
    }
    char *out = mem_alloc(text.size_bytes + 1);
    if (text.size_bytes > 0) {
        memcpy(out, text.bytes, text.size_bytes);
    }
    out[text.size_bytes] = 0;
    if (size_bytes != NULL) {
        *size_bytes = text.size_bytes;
    }
    text_finish(&text);
    return out;
}

char *latin1_list_text(Term list, size_t *size_bytes)
{
    int64_t length = list_length(list);
    char *text = length < 0 ? NULL : mem_try_alloc((size_t) length + 1);
    if (text == NULL) {
        return NULL;
    }
    char *out = text;
    for (; term_is_cons(list); list = cons_tail(list)) {
        if (!is_byte(cons_head(list))) {
            mem_free(text);
            return NULL;
        }
        *out++ = (char) small_value(cons_head(list));
    }
    *out = 0;
    *size_bytes = (size_t) length;
    return text;
}

CellRoom cells_room(Process *p)
{
    enum { WORDS_MOST = 2 * LONG_STEPS };
    Space *space = bif_space(p);
    int64_t words = space->limit - space->top;
    Term **top = &space->top;
    /* Where the block is full, what the heap has taken besides. */
    Fragment *fragment = p->heap.fragments;
    if (fragment != NULL && fragment->off_heap_bytes == FRAGMENT_OVERFLOW &&
        fragment->data + fragment->words - fragment->top > words) {
        words = fragment->data + fragment->words - fragment->top;
        top = &fragment->top;
    }
    words = words < 0 ? 0 : words > WORDS_MOST ? WORDS_MOST : words & ~(int64_t) 1;
    return (CellRoom){top, *top, *top + words};
}

Term off_heap_binaries(Space *space, const Term *object, Term list)
{
    for (; object != NULL; object = (const Term *) object[1]) {
        if (header_kind(*object) == KIND_refc_binary) {
            const Binary *binary = (const Binary *) object[2];
            uint64_t references = __atomic_load_n(&binary->references, __ATOMIC_RELAXED);
            Term entry = make_tuple3(space, make_uint64(space, (uintptr_t) binary),
                                     make_uint64(space, object[3]), make_uint64(space, references));
            list = make_cons(space, entry, list);
        }
    }
    return list;
}

Term bif_badmap(Process *p, Term map)
{
    return bif_error(p, make_tuple2(bif_space(p), ATOM_badmap, map));
}

Term bif_badkey(Process *p, Term key)
{
    return bif_error(p, make_tuple2(bif_space(p), ATOM_badkey, key));
}
