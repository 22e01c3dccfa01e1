/* runtime/bif_zlib.c
 * The natives of module zlib: a stream of zlib's with a queue of input before it. Each call of
 * deflate or inflate takes at most a piece of the queue and gives at most a piece of output, so
 * that none takes long; stdlib/zlib.erl loops.
 *
 * A stream belongs to the process that made it, or to whom it was given; others may not use it. Its
 * lock guards against a holder that gives it away while it works. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/term/copy.h"
#include "runtime/term/world.h"

#include <pthread.h>
#include <zlib.h>

typedef enum StreamState { STREAM_NONE, STREAM_DEFLATE, STREAM_INFLATE, STREAM_CLOSED } StreamState;
enum { CHUNK_BYTES = 4000, CHUNK_LEAST = 17, CHUNK_MOST = (1 << 24) - 1 };
/* What inflate does with input behind the end of what was compressed. */
typedef enum AtEnd { END_ERROR, END_RESET, END_CUT } AtEnd;

typedef struct ZStream {
    Magic magic; /* first */
    pthread_mutex_t lock;
    Term owner; /* pid */
    StreamState state;
    z_stream z;
    AtEnd at_end;
    bool ended;
    bool broken;     /* it was given a wrong dictionary */
    bool counts_crc; /* of what is not compressed; raw streams only, as in OTP */
    uint32_t crc;
    uint8_t *queue; /* queue[start..end) waits */
    size_t start, end, capacity;
    uint32_t chunk_bytes; /* of inflateChunk */
    Message *stash;       /* of setStash_nif: a holder of the term, or NULL */
} ZStream;

static const char stream_type;

static void end_stream(ZStream *stream)
{
    if (stream->state == STREAM_DEFLATE) {
        deflateEnd(&stream->z);
    } else if (stream->state == STREAM_INFLATE) {
        inflateEnd(&stream->z);
    }
    stream->state = STREAM_NONE;
    stream->start = stream->end = 0;
}

static void drop_stash(ZStream *stream)
{
    if (stream->stash != NULL) {
        message_destroy(stream->stash);
        stream->stash = NULL;
    }
}

static void destroy(Magic *magic)
{
    ZStream *stream = (ZStream *) magic;
    end_stream(stream);
    drop_stash(stream);
    mem_free(stream->queue);
    pthread_mutex_destroy(&stream->lock);
    mem_free(stream);
}

static Term raise_atom(Process *p, const char *reason)
{
    return bif_error(p, atom_of(reason));
}

/* The caller's stream, locked; NULL: raised. */
static ZStream *take(Process *p, Term t)
{
    ZStream *stream = (ZStream *) magic_of(t, &stream_type);
    if (stream == NULL) {
        bif_badarg(p);
        return NULL;
    }
    pthread_mutex_lock(&stream->lock);
    if (stream->owner != p->pid) {
        pthread_mutex_unlock(&stream->lock);
        raise_atom(p, "not_on_controlling_process");
        return NULL;
    }
    return stream;
}

/* As take; it must be in that state. */
static ZStream *take_in(Process *p, Term t, StreamState state)
{
    ZStream *stream = take(p, t);
    if (stream != NULL && stream->state != state) {
        pthread_mutex_unlock(&stream->lock);
        raise_atom(p, "not_initialized");
        return NULL;
    }
    return stream;
}

static Term give(ZStream *stream, Term result)
{
    pthread_mutex_unlock(&stream->lock);
    return result;
}

static Term raise_zlib(Process *p, int code)
{
    return raise_atom(p, code == Z_DATA_ERROR      ? "data_error"
                         : code == Z_BUF_ERROR     ? "buf_error"
                         : code == Z_MEM_ERROR     ? "enomem"
                         : code == Z_VERSION_ERROR ? "version_error"
                                                   : "stream_error");
}

static Term ok_or_error(Process *p, int code)
{
    return code == Z_OK ? ATOM_ok : raise_zlib(p, code);
}

/* ---- making and ending ---- */

Term bif_zlib_open(Process *p, const Term args[])
{
    ZStream *stream = mem_alloc_zero(sizeof *stream);
    stream->magic = (Magic){1, destroy, &stream_type};
    pthread_mutex_init(&stream->lock, NULL);
    stream->owner = p->pid;
    stream->chunk_bytes = CHUNK_BYTES;
    return make_magic_ref(bif_space(p), &stream->magic, world_unique_number());
}

Term bif_zlib_close(Process *p, const Term args[])
{
    ZStream *stream = take(p, args[0]);
    if (stream == NULL) {
        return TERM_NONE;
    }
    if (stream->state == STREAM_CLOSED) {
        return give(stream, raise_atom(p, "not_initialized"));
    }
    end_stream(stream);
    stream->state = STREAM_CLOSED;
    return give(stream, ATOM_ok);
}

Term bif_zlib_set_controller(Process *p, const Term args[])
{
    ZStream *stream = take(p, args[0]);
    if (stream == NULL) {
        return TERM_NONE;
    }
    if (!term_is_local_pid(args[1])) {
        return give(stream, bif_badarg(p));
    }
    stream->owner = args[1];
    return give(stream, ATOM_ok);
}

/* Room for state outside the process: counted, so that collections come in time. */
static void start(ZStream *stream, StreamState state, int64_t window_bits)
{
    stream->state = state;
    stream->ended = stream->broken = false;
    stream->counts_crc = window_bits < 0;
    stream->crc = 0;
    stream->start = stream->end = 0;
}

/* deflateInit_nif(Z, Level, Method, WindowBits, MemLevel, Strategy) */
Term bif_zlib_deflate_init(Process *p, const Term args[])
{
    int64_t numbers[5];
    ZStream *stream = take(p, args[0]);
    if (stream == NULL) {
        return TERM_NONE;
    }
    for (int i = 0; i < 5; i++) {
        if (!term_to_int64(args[1 + i], &numbers[i])) {
            return give(stream, bif_badarg(p));
        }
    }
    if (stream->state != STREAM_NONE) {
        return give(stream, raise_atom(p, "already_initialized"));
    }
    memset(&stream->z, 0, sizeof stream->z);
    int code = deflateInit2(&stream->z, (int) numbers[0], (int) numbers[1], (int) numbers[2],
                            (int) numbers[3], (int) numbers[4]);
    if (code == Z_OK) {
        start(stream, STREAM_DEFLATE, numbers[2]);
    }
    return give(stream, ok_or_error(p, code));
}

/* inflateInit_nif(Z, WindowBits, AtEnd) */
Term bif_zlib_inflate_init(Process *p, const Term args[])
{
    int64_t bits, at_end;
    ZStream *stream = take(p, args[0]);
    if (stream == NULL) {
        return TERM_NONE;
    }
    if (!term_to_int64(args[1], &bits) || !term_to_int64(args[2], &at_end)) {
        return give(stream, bif_badarg(p));
    }
    if (stream->state != STREAM_NONE) {
        return give(stream, raise_atom(p, "already_initialized"));
    }
    memset(&stream->z, 0, sizeof stream->z);
    int code = inflateInit2(&stream->z, (int) bits);
    if (code == Z_OK) {
        start(stream, STREAM_INFLATE, bits);
        stream->at_end = (AtEnd) at_end;
    }
    return give(stream, ok_or_error(p, code));
}

Term bif_zlib_deflate_end(Process *p, const Term args[])
{
    ZStream *stream = take_in(p, args[0], STREAM_DEFLATE);
    if (stream == NULL) {
        return TERM_NONE;
    }
    bool complete = stream->start == stream->end && deflateEnd(&stream->z) == Z_OK;
    stream->state = stream->start == stream->end ? STREAM_NONE : stream->state;
    end_stream(stream);
    return give(stream, complete ? ATOM_ok : raise_atom(p, "data_error"));
}

Term bif_zlib_inflate_end(Process *p, const Term args[])
{
    ZStream *stream = take_in(p, args[0], STREAM_INFLATE);
    if (stream == NULL) {
        return TERM_NONE;
    }
    bool complete = stream->ended && (stream->start == stream->end || stream->at_end != END_ERROR);
    end_stream(stream);
    return give(stream, complete ? ATOM_ok : raise_atom(p, "data_error"));
}

Term bif_zlib_deflate_reset(Process *p, const Term args[])
{
    ZStream *stream = take_in(p, args[0], STREAM_DEFLATE);
    if (stream == NULL) {
        return TERM_NONE;
    }
    stream->start = stream->end = 0;
    stream->crc = 0;
    stream->ended = false;
    return give(stream, ok_or_error(p, deflateReset(&stream->z)));
}

Term bif_zlib_inflate_reset(Process *p, const Term args[])
{
    ZStream *stream = take_in(p, args[0], STREAM_INFLATE);
    if (stream == NULL) {
        return TERM_NONE;
    }
    stream->start = stream->end = 0;
    stream->crc = 0;
    stream->ended = false;
    return give(stream, ok_or_error(p, inflateReset(&stream->z)));
}

/* deflateParams_nif(Z, Level, Strategy) */
Term bif_zlib_deflate_params(Process *p, const Term args[])
{
    int64_t level, strategy;
    ZStream *stream = take_in(p, args[0], STREAM_DEFLATE);
    if (stream == NULL) {
        return TERM_NONE;
    }
    if (!term_to_int64(args[1], &level) || !term_to_int64(args[2], &strategy)) {
        return give(stream, bif_badarg(p));
    }
    uint8_t nowhere[1];
    stream->z.next_in = NULL;
    stream->z.avail_in = 0;
    stream->z.next_out = nowhere;
    stream->z.avail_out = 0;
    /* What was waiting was flushed before: nothing comes out. */
    int code = deflateParams(&stream->z, (int) level, (int) strategy);
    return give(stream, ok_or_error(p, code == Z_BUF_ERROR ? Z_OK : code));
}

/* ---- dictionaries ---- */

static Term set_dictionary(Process *p, const Term args[], StreamState state)
{
    size_t size;
    void *scratch;
    const uint8_t *bytes = iodata_view(args[1], &size, &scratch);
    if (bytes == NULL) {
        return bif_badarg(p);
    }
    ZStream *stream = take_in(p, args[0], state);
    if (stream == NULL) {
        mem_free(scratch);
        return TERM_NONE;
    }
    int code = state == STREAM_DEFLATE ? deflateSetDictionary(&stream->z, bytes, (uInt) size)
                                       : inflateSetDictionary(&stream->z, bytes, (uInt) size);
    /* Raw streams have no checksum; what they give is OTP's. */
    uLong adler = stream->counts_crc ? adler32(0, bytes, (uInt) size) : stream->z.adler;
    mem_free(scratch);
    if (code != Z_OK) {
        stream->broken = code == Z_DATA_ERROR;
        return give(stream, raise_zlib(p, code));
    }
    return give(stream, state == STREAM_DEFLATE ? make_uint64(bif_space(p), adler) : ATOM_ok);
}

Term bif_zlib_deflate_set_dictionary(Process *p, const Term args[])
{
    return set_dictionary(p, args, STREAM_DEFLATE);
}
Term bif_zlib_inflate_set_dictionary(Process *p, const Term args[])
{
    return set_dictionary(p, args, STREAM_INFLATE);
}

Term bif_zlib_inflate_get_dictionary(Process *p, const Term args[])
{
    enum { DICTIONARY_MOST = 32768 };
    ZStream *stream = take_in(p, args[0], STREAM_INFLATE);
    if (stream == NULL) {
        return TERM_NONE;
    }
    uInt size = 0;
    uint8_t *bytes = mem_alloc(DICTIONARY_MOST);
    int code = inflateGetDictionary(&stream->z, bytes, &size);
    Term result = code == Z_OK ? make_binary(bif_space(p), bytes, size) : raise_zlib(p, code);
    mem_free(bytes);
    return give(stream, result);
}

/* ---- data ---- */

/* enqueue_nif(Z, IoList) */
Term bif_zlib_enqueue(Process *p, const Term args[])
{
    ZStream *stream = take(p, args[0]);
    if (stream == NULL) {
        return TERM_NONE;
    }
    if (stream->state == STREAM_NONE || stream->state == STREAM_CLOSED) {
        return give(stream, raise_atom(p, "not_initialized"));
    }
    int64_t size = iodata_size(args[1]);
    if (size < 0) {
        return give(stream, bif_badarg(p));
    }
    size_t waiting = stream->end - stream->start;
    if (stream->capacity - stream->end < (size_t) size) {
        size_t capacity = waiting + (size_t) size;
        uint8_t *room = mem_try_alloc(capacity);
        if (room == NULL) {
            return give(stream, bif_system_limit(p));
        }
        if (waiting > 0) {
            memcpy(room, stream->queue + stream->start, waiting);
        }
        mem_free(stream->queue);
        stream->queue = room;
        stream->capacity = capacity;
        stream->start = 0;
        stream->end = waiting;
    }
    iodata_write(args[1], stream->queue + stream->end);
    stream->end += (size_t) size;
    bif_charge(p, 1 + (uint64_t) size / 256);
    return give(stream, ATOM_ok);
}

typedef struct Piece {
    int64_t in_most, out_most, flush;
    size_t taken, given;
    uint8_t *out;
    Term out_term;
} Piece;

/* Points zlib at the next piece of the queue and at room for output. False: raised. */
static bool prepare(Process *p, ZStream *stream, const Term args[], Piece *piece)
{
    if (!term_to_index(args[1], &piece->in_most) || !term_to_index(args[2], &piece->out_most) ||
        !term_to_index(args[3], &piece->flush) || piece->out_most > INT32_MAX ||
        piece->in_most > INT32_MAX || piece->flush > Z_FINISH) {
        bif_badarg(p);
        return false;
    }
    size_t waiting = stream->end - stream->start;
    piece->taken = waiting < (size_t) piece->in_most ? waiting : (size_t) piece->in_most;
    piece->out_term = make_binary_uninit(bif_space(p), (size_t) piece->out_most, &piece->out);
    if (piece->out_term == TERM_LIMIT) {
        bif_system_limit(p);
        return false;
    }
    stream->z.next_in = stream->queue + stream->start;
    stream->z.avail_in = (uInt) piece->taken;
    stream->z.next_out = piece->out;
    stream->z.avail_out = (uInt) piece->out_most;
    bif_charge(p, 100);
    return true;
}

/* What zlib took and gave. */
static void conclude(ZStream *stream, Piece *piece)
{
    const uint8_t *taken = stream->queue + stream->start;
    piece->taken -= stream->z.avail_in;
    piece->given = (size_t) piece->out_most - stream->z.avail_out;
    if (stream->counts_crc) {
        bool packs = stream->state == STREAM_DEFLATE;
        stream->crc = (uint32_t) crc32(stream->crc, packs ? taken : piece->out,
                                       (uInt) (packs ? piece->taken : piece->given));
    }
    stream->start += piece->taken;
    if (stream->start == stream->end) {
        stream->start = stream->end = 0;
    }
}

/* {continue | finished, [Binary]}; the list is empty when nothing came. */
static Term answer(Process *p, const Piece *piece, const char *how)
{
    Space *space = bif_space(p);
    Term list = TERM_NIL;
    if (piece->given > 0) {
        /* Little of it: the room is not kept for that. */
        Term part = piece->given < (size_t) piece->out_most / 2
                        ? make_binary(space, piece->out, piece->given)
                        : make_sub_bits(space, piece->out_term, 0, piece->given * 8);
        if (part == TERM_LIMIT) {
            return bif_system_limit(p);
        }
        list = make_cons(space, part, TERM_NIL);
    }
    return make_tuple2(space, atom_of(how), list);
}

/* deflate_nif(Z, InputPiece, OutputPiece, Flush) */
Term bif_zlib_deflate(Process *p, const Term args[])
{
    Piece piece;
    ZStream *stream = take_in(p, args[0], STREAM_DEFLATE);
    if (stream == NULL) {
        return TERM_NONE;
    }
    if (!prepare(p, stream, args, &piece)) {
        return give(stream, TERM_NONE);
    }
    if (stream->ended && piece.taken > 0) {
        return give(stream, raise_zlib(p, Z_STREAM_ERROR));
    }
    bool is_last = stream->end - stream->start == piece.taken;
    int code = Z_OK;
    if (piece.taken > 0 || piece.flush == Z_NO_FLUSH) { /* the latter for what is still inside */
        code = deflate(&stream->z, Z_NO_FLUSH);
    }
    if (code == Z_OK && is_last && stream->z.avail_in == 0 && piece.flush != Z_NO_FLUSH) {
        code = deflate(&stream->z, (int) piece.flush);
    }
    conclude(stream, &piece);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        return give(stream, raise_zlib(p, code));
    }
    stream->ended = code == Z_STREAM_END;
    bool more = stream->z.avail_out == 0 || stream->start != stream->end;
    return give(stream, answer(p, &piece, more && code != Z_STREAM_END ? "continue" : "finished"));
}

/* At the end of what was compressed, with more input: false when that is wrong. */
static bool pass_end(ZStream *stream)
{
    switch (stream->at_end) {
    case END_RESET:
        inflateReset(&stream->z);
        stream->ended = false;
        stream->crc = 0;
        return true;
    case END_CUT:
        stream->start = stream->end = 0;
        return true;
    case END_ERROR:
        break;
    }
    return false;
}

/* inflate_nif(Z, InputPiece, OutputPiece, Flush) */
Term bif_zlib_inflate(Process *p, const Term args[])
{
    Piece piece;
    ZStream *stream = take_in(p, args[0], STREAM_INFLATE);
    if (stream == NULL) {
        return TERM_NONE;
    }
    if (stream->broken || (stream->ended && stream->start != stream->end && !pass_end(stream))) {
        return give(stream, raise_zlib(p, Z_DATA_ERROR));
    }
    if (!prepare(p, stream, args, &piece)) {
        return give(stream, TERM_NONE);
    }
    if (stream->ended) {
        piece.given = 0;
        return give(stream, answer(p, &piece, "finished"));
    }
    int code = inflate(&stream->z, (int) piece.flush);
    conclude(stream, &piece);
    if (code == Z_NEED_DICT) {
        Term adler = make_uint64(bif_space(p), stream->z.adler);
        Term part = answer(p, &piece, "finished");
        return give(stream, part == TERM_NONE
                                ? part
                                : make_tuple3(bif_space(p), atom_of("need_dictionary"), adler,
                                              tuple_elements(part)[1]));
    }
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        return give(stream, raise_zlib(p, code));
    }
    stream->ended = code == Z_STREAM_END;
    if (stream->ended && stream->at_end == END_CUT) {
        stream->start = stream->end = 0;
    }
    bool more = stream->z.avail_out == 0 || stream->start != stream->end;
    return give(stream, answer(p, &piece, more ? "continue" : "finished"));
}

Term bif_zlib_crc32(Process *p, const Term args[])
{
    ZStream *stream = take(p, args[0]);
    if (stream == NULL) {
        return TERM_NONE;
    }
    bool runs = stream->state == STREAM_DEFLATE || stream->state == STREAM_INFLATE;
    return give(stream,
                runs ? make_uint64(bif_space(p), stream->crc) : raise_atom(p, "not_initialized"));
}

/* ---- the size of chunks ---- */

Term bif_zlib_get_buf_size(Process *p, const Term args[])
{
    ZStream *stream = take(p, args[0]);
    return stream == NULL ? TERM_NONE : give(stream, term_small(stream->chunk_bytes));
}

Term bif_zlib_set_buf_size(Process *p, const Term args[])
{
    int64_t size;
    ZStream *stream = take(p, args[0]);
    if (stream == NULL) {
        return TERM_NONE;
    }
    if (!term_to_int64(args[1], &size) || size < CHUNK_LEAST || size > CHUNK_MOST) {
        return give(stream, bif_badarg(p));
    }
    stream->chunk_bytes = (uint32_t) size;
    return give(stream, ATOM_ok);
}

/* ---- a term that waits with the stream ---- */

Term bif_zlib_get_stash(Process *p, const Term args[])
{
    ZStream *stream = take(p, args[0]);
    if (stream == NULL) {
        return TERM_NONE;
    }
    if (stream->stash == NULL) {
        return give(stream, atom_of("empty"));
    }
    Space *space = bif_space(p);
    Term copy = term_copy(space, stream->stash->value);
    return give(stream,
                copy == TERM_LIMIT ? bif_system_limit(p) : make_tuple2(space, ATOM_ok, copy));
}

Term bif_zlib_clear_stash(Process *p, const Term args[])
{
    ZStream *stream = take(p, args[0]);
    if (stream == NULL) {
        return TERM_NONE;
    }
    drop_stash(stream);
    return give(stream, ATOM_ok);
}

Term bif_zlib_set_stash(Process *p, const Term args[])
{
    ZStream *stream = take(p, args[0]);
    if (stream == NULL) {
        return TERM_NONE;
    }
    drop_stash(stream);
    stream->stash = message_of(args[1]);
    return give(stream, stream->stash != NULL ? ATOM_ok : bif_system_limit(p));
}
