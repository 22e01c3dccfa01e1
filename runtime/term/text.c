/* runtime/term/text.c
 * Growing text (declared in print.h). */
#include "runtime/term/print.h"

#include "runtime/term/bits.h"
#include "runtime/term/mem.h"

#include <stdarg.h>
#include <stdio.h>

/* Room for `size_bytes` more and a NUL. */
static char *text_reserve(Text *text, size_t size_bytes)
{
    size_t needed = text->size_bytes + size_bytes + 1;
    if (needed > text->capacity_bytes) {
        size_t capacity = text->capacity_bytes < 32 ? 64 : text->capacity_bytes * 2;
        text->capacity_bytes = capacity < needed ? needed : capacity;
        text->bytes = mem_realloc(text->bytes, text->capacity_bytes);
    }
    return text->bytes + text->size_bytes;
}

void text_add(Text *text, const char *bytes, size_t size_bytes)
{
    char *at = text_reserve(text, size_bytes);
    if (size_bytes > 0) {
        memcpy(at, bytes, size_bytes);
    }
    at[size_bytes] = 0;
    text->size_bytes += size_bytes;
}

void text_add_string(Text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

void text_addf(Text *text, const char *format, ...)
{
    va_list arguments;
    char buffer[128];
    va_start(arguments, format);
    int size = vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    CHECK(size >= 0);
    if ((size_t) size < sizeof buffer) {
        text_add(text, buffer, (size_t) size);
        return;
    }
    char *at = text_reserve(text, (size_t) size);
    va_start(arguments, format);
    vsnprintf(at, (size_t) size + 1, format, arguments);
    va_end(arguments);
    text->size_bytes += (size_t) size;
}

void text_add_code_point(Text *text, uint32_t code_point)
{
    if (LIKELY(code_point < 0x80 && text->size_bytes + 1 < text->capacity_bytes)) {
        text->bytes[text->size_bytes++] = (char) code_point;
        text->bytes[text->size_bytes] = 0;
        return;
    }
    uint8_t bytes[4];
    size_t size = utf8_encode(code_point, bytes);
    text_add(text, (const char *) bytes, size);
}

void text_finish(Text *text)
{
    mem_free(text->bytes);
    *text = (Text){0};
}
