/* tests/fuzz/words.h
 * Changes to a source text that move whole words, brackets with what is between them, and forms:
 * texts that the parser takes, and that are new to what is behind it. */
#ifndef MUSTER_TESTS_WORDS_H
#define MUSTER_TESTS_WORDS_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { WORDS_MAX = 4096 };

typedef struct Words {
    const char *text;
    uint32_t starts[WORDS_MAX + 1]; /* one more: the end */
    uint32_t count;
} Words;

static inline bool words_is_letter(char c)
{
    return isalnum((unsigned char) c) || c == '_' || c == '@' || (c & 0x80) != 0;
}

static inline uint32_t word_end(const char *text, uint32_t at, uint32_t size)
{
    char first = text[at++];
    if (words_is_letter(first)) {
        while (at < size && words_is_letter(text[at])) {
            at++;
        }
    } else if (isspace((unsigned char) first)) {
        while (at < size && isspace((unsigned char) text[at])) {
            at++;
        }
    } else if (first == '"' || first == '\'') {
        while (at < size && text[at] != first && text[at] != '\n') {
            at += text[at] == '\\' && at + 1 < size ? 2 : 1;
        }
        at += at < size;
    } else if (strchr("-+=<>|:/?#", first) != NULL) {
        while (at < size && text[at] != '\0' && strchr("-+=<>|:/", text[at]) != NULL) {
            at++;
        }
    }
    return at;
}

static inline void words_find(Words *words, const char *text, uint32_t size)
{
    words->text = text;
    words->count = 0;
    uint32_t at = 0;
    while (at < size && words->count < WORDS_MAX) {
        words->starts[words->count++] = at;
        at = word_end(text, at, size);
    }
    words->starts[words->count] = at;
}

static inline char words_first(const Words *words, uint32_t index)
{
    return words->text[words->starts[index]];
}

/* The word behind the bracket that belongs to this one; the next word where there is none. */
static inline uint32_t words_behind_bracket(const Words *words, uint32_t index)
{
    int depth = 0;
    for (uint32_t i = index; i < words->count; i++) {
        char c = words_first(words, i);
        depth += c != '\0' && strchr("([{", c) != NULL;
        depth -= c != '\0' && strchr(")]}", c) != NULL;
        if (depth == 0) {
            return i + 1;
        }
    }
    return index + 1;
}

/* From the dot before to the dot behind. */
static inline void words_form(const Words *words, uint32_t index, uint32_t *from, uint32_t *to)
{
    for (*from = index; *from > 0 && words_first(words, *from - 1) != '.'; --*from) {
    }
    for (*to = index; *to < words->count && words_first(words, *to) != '.'; ++*to) {
    }
    *to += *to < words->count;
}

/* A few words, a bracket with its content, or a form. */
static inline void words_pick(const Words *words, uint64_t *seed, uint32_t *from, uint32_t *to)
{
    uint64_t pick = fuzz_random(seed);
    *from = (uint32_t) ((pick >> 32) % words->count);
    switch (pick % 8) {
    case 0:
        words_form(words, *from, from, to);
        break;
    case 1:
    case 2:
        *to = *from + 1 + (uint32_t) (pick >> 8) % 6;
        break;
    case 3:
    case 4:
        *to = *from + 1;
        break;
    default:
        for (uint32_t i = *from; i < words->count; i++) {
            if (words_first(words, i) != '\0' && strchr("([{", words_first(words, i)) != NULL) {
                *from = i;
                break;
            }
        }
        *to = words_behind_bracket(words, *from);
    }
    *to = *to > words->count ? words->count : *to;
}

/* What is picked takes the place of what else is picked, or goes before it, or vanishes. Returns the
 * new size; the text lies in `out`, which has room for `capacity` bytes. 0: nothing was done. */
static inline size_t words_change(const char *text, size_t size, char *out, size_t capacity,
                                  uint64_t *seed)
{
    static Words words;
    words_find(&words, text, (uint32_t) size);
    if (words.count < 2) {
        return 0;
    }
    uint32_t from, to, place, place_end;
    words_pick(&words, seed, &from, &to);
    words_pick(&words, seed, &place, &place_end);
    uint64_t pick = fuzz_random(seed);
    if (pick % 6 == 0) {
        to = from;
    } else if (pick % 6 == 1) {
        place_end = place;
    }
    size_t head = words.starts[place], middle = words.starts[to] - words.starts[from],
           tail = size - words.starts[place_end];
    if (head + middle + tail > capacity) {
        return 0;
    }
    memcpy(out, text, head);
    memcpy(out + head, text + words.starts[from], middle);
    memcpy(out + head + middle, text + words.starts[place_end], tail);
    return head + middle + tail;
}

#endif
