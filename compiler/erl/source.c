/* compiler/erl/source.c
 * Reading files, finding their encoding, checking it. */
#include "compiler/erl/source.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/term/bits.h"

/* ---- encodings ---- */

typedef enum Encoding { ENCODING_UNKNOWN, ENCODING_UTF8, ENCODING_LATIN1 } Encoding;

/* "coding", then : or =, then a name. */
static Encoding encoding_in_line(const char *line, const char *end)
{
    const char *at = memmem(line, (size_t) (end - line), "coding", 6);
    if (at == NULL) {
        return ENCODING_UNKNOWN;
    }
    at += 6;
    while (at < end && isspace((unsigned char) *at)) {
        at++;
    }
    if (at == end || (*at != ':' && *at != '=')) {
        return ENCODING_UNKNOWN;
    }
    at++;
    while (at < end && isspace((unsigned char) *at)) {
        at++;
    }
    const char *name_end = at;
    while (name_end < end && (isalnum((unsigned char) *name_end) || *name_end == '-')) {
        name_end++;
    }
    size_t size = (size_t) (name_end - at);
    if (size == 5 && strncasecmp(at, "utf-8", 5) == 0) {
        return ENCODING_UTF8;
    }
    return size == 7 && strncasecmp(at, "latin-1", 7) == 0 ? ENCODING_LATIN1 : ENCODING_UNKNOWN;
}

/* Only comments among the first two lines count. */
static Encoding encoding_in_text(const char *text, size_t size_bytes)
{
    const char *end = text + size_bytes;
    for (int line = 0; line < 2 && text < end; line++) {
        const char *line_end = memchr(text, '\n', (size_t) (end - text));
        line_end = line_end == NULL ? end : line_end;
        const char *comment = memchr(text, '%', (size_t) (line_end - text));
        Encoding found = comment == NULL ? ENCODING_UNKNOWN : encoding_in_line(comment, line_end);
        if (found != ENCODING_UNKNOWN) {
            return found;
        }
        text = line_end == end ? end : line_end + 1;
    }
    return ENCODING_UNKNOWN;
}

static void from_latin1(Source *source, const char *bytes, size_t size_bytes)
{
    source->text = mem_alloc(size_bytes * 2 + 1);
    char *out = source->text;
    for (size_t i = 0; i < size_bytes; i++) {
        out += utf8_encode((unsigned char) bytes[i], (uint8_t *) out);
    }
    *out = '\0';
    source->size_bytes = (size_t) (out - source->text);
}

/* How many bytes from the start are valid UTF-8. */
static size_t valid_bytes(const char *bytes, size_t size_bytes)
{
    size_t at = 0;
    while (at < size_bytes) {
        uint64_t word;
        if (at + 8 <= size_bytes) {
            memcpy(&word, bytes + at, 8);
            if ((word & 0x8080808080808080u) == 0) {
                at += 8;
                continue;
            }
        }
        if ((unsigned char) bytes[at] < 0x80) {
            at++;
            continue;
        }
        size_t used;
        if (utf8_decode((const uint8_t *) bytes + at, size_bytes - at, &used) < 0) {
            break;
        }
        at += used;
    }
    return at;
}

void source_from_bytes(Source *source, const char *bytes, size_t size_bytes, bool latin1)
{
    *source = (Source){0};
    if (size_bytes >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        size_bytes -= 3;
        latin1 = false;
    }
    Encoding encoding = encoding_in_text(bytes, size_bytes);
    if (encoding == ENCODING_LATIN1 || (encoding == ENCODING_UNKNOWN && latin1)) {
        from_latin1(source, bytes, size_bytes);
        return;
    }
    source->size_bytes = valid_bytes(bytes, size_bytes);
    source->is_cut = source->size_bytes < size_bytes;
    source->text = mem_alloc(source->size_bytes + 1);
    memcpy(source->text, bytes, source->size_bytes);
    source->text[source->size_bytes] = '\0';
}

void source_finish(Source *source)
{
    mem_free(source->text);
    *source = (Source){0};
}

/* ---- files ---- */

/* Reads to the end of the file, whatever its size was said to be. */
static char *read_all(int file, size_t hint, size_t *size_bytes)
{
    size_t capacity = hint + 64, used = 0;
    char *bytes = mem_try_alloc(capacity);
    while (bytes != NULL) {
        ssize_t got = read(file, bytes + used, capacity - used - 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            int error = errno;
            mem_free(bytes);
            errno = error;
            return NULL;
        }
        if (got == 0) {
            bytes[used] = '\0';
            *size_bytes = used;
            return bytes;
        }
        used += (size_t) got;
        if (capacity - used < 2) {
            char *more = mem_try_realloc(bytes, capacity * 2);
            if (more == NULL) {
                mem_free(bytes);
            }
            bytes = more;
            capacity *= 2;
        }
    }
    errno = ENOMEM;
    return NULL;
}

char *source_read_file(const char *path, size_t *size_bytes)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return NULL;
    }
    struct stat info;
    char *bytes = NULL;
    if (fstat(file, &info) == 0 && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
    } else {
        bytes = read_all(file, S_ISREG(info.st_mode) ? (size_t) info.st_size : 4096, size_bytes);
    }
    int error = errno;
    close(file);
    errno = error;
    return bytes;
}

static const char *error_text(int error)
{
    switch (error) {
    case EISDIR:
        return "illegal operation on a directory";
    case ENOENT:
        return "no such file or directory";
    case EACCES:
        return "permission denied";
    case ENOTDIR:
        return "not a directory";
    case ENOMEM:
        return "not enough memory";
    case ELOOP:
        return "too many levels of symbolic links";
    case ENAMETOOLONG:
        return "file name too long";
    default:
        return "I/O error";
    }
}

const char *source_from_file(Source *source, const char *path, bool latin1)
{
    size_t size_bytes;
    char *bytes = source_read_file(path, &size_bytes);
    if (bytes == NULL) {
        return error_text(errno);
    }
    source_from_bytes(source, bytes, size_bytes, latin1);
    mem_free(bytes);
    return NULL;
}
