/* compiler/jit/history.c: see history.h. */
#include "compiler/jit/history.h"

#include "compiler/jit/cache.h"
#include "compiler/jit/native_code.h"
#include "compiler/jit/ssa.h"
#include "runtime/term/atom.h"

uint32_t history_line(const Function *function, Code at)
{
    const CodeLine *line = function_line_at(function, at);
    return line != NULL ? line->line : function->line;
}

static void print_name(const Function *function, FILE *out)
{
    fprintf(out, "%s:%s/%u", atom_name(function->module), atom_name(function->name),
            function->arity);
}

static void print_kinds(uint32_t kinds, FILE *out)
{
    type_print((Type){.kinds = (uint16_t) kinds, .low = SMALL_MIN, .high = SMALL_MAX}, out);
}

/* ---- guesses ---- */

/* Whose instruction it is: the function's, or that of another that is part of its code. */
static const Function *function_at(const Function *function, Code at)
{
    const LoadedModule *module = function->owner;
    uint32_t offset = (uint32_t) (at - module->code);
    for (uint32_t i = 0; i < module->function_count; i++) {
        const Function *other = &module->functions[i];
        if (offset >= other->code_offset && offset < other->code_end) {
            return other;
        }
    }
    return function;
}

/* The same guess, of copies of one instruction. */
static bool is_same(const Guess *a, const Guess *b)
{
    return a->origin == b->origin && a->reason == b->reason && a->slot == b->slot &&
           a->expected == b->expected;
}

static void print_what(const Guess *guess, FILE *out)
{
    const char *name = instruction_names[instruction_at(guess->origin)];
    switch ((GuessReason) guess->reason) {
    case GUESS_LEFT:
    case GUESS_RIGHT:
        fprintf(out, ", %s: its %s operand", name, guess->reason == GUESS_LEFT ? "left" : "right");
        break;
    case GUESS_RESULT:
        fprintf(out, ", %s: its result is small", name);
        return;
    case GUESS_LOOP:
    case GUESS_ENTRY:
        fprintf(out, ", where %s: s%u", guess->reason == GUESS_LOOP ? "it loops" : "it begins",
                guess->slot);
        break;
    case GUESS_FUN:
        fprintf(out, ", %s: it is a fun that was seen", name);
        return;
    case GUESS_ALIGNED:
        fprintf(out, ", %s: a byte begins there", name);
        return;
    }
    if (guess->expected != 0) {
        fputs(" is ", out);
        print_kinds(guess->expected, out);
    } else {
        fputs(" is of a kind that was seen", out);
    }
}

/* With those in the list that are the same. */
static void print_guess(const Guess *guess, const Guess *list, FILE *out)
{
    const Function *where = function_at(guess->function, guess->origin);
    uint32_t count = 0, places = 0, kinds = 0;
    for (const Guess *at = list; at != NULL; at = at->next) {
        if (is_same(at, guess)) {
            places++;
            count += atomic_load_explicit(&at->count, memory_order_relaxed);
            kinds |= atomic_load_explicit(&at->kinds, memory_order_relaxed);
        }
    }
    fprintf(out, ";   line %u", history_line(where, guess->origin));
    if (where != guess->function) {
        fputs(", in ", out);
        print_name(where, out);
    }
    print_what(guess, out);
    if (places > 1) {
        fprintf(out, ", at %u places", places);
    }
    if (count > 0) {
        fprintf(out, "; wrong %u time%s", count, count == 1 ? "" : "s");
        if (guess->reason != GUESS_RESULT && guess->reason != GUESS_FUN) {
            fputs(", for ", out);
            print_kinds(kinds, out);
        }
    }
    fputc('\n', out);
}

static bool is_first_of_its_kind(const Guess *guess, const Guess *list)
{
    while (list != guess && !is_same(list, guess)) {
        list = list->next;
    }
    return list == guess;
}

static bool was_wrong(const Guess *guess, const Guess *list)
{
    for (const Guess *at = list; at != NULL; at = at->next) {
        if (is_same(at, guess) && atomic_load_explicit(&at->count, memory_order_relaxed) > 0) {
            return true;
        }
    }
    return false;
}

/* Those that were wrong, or all; by where they are. */
static void print_guesses(const Guess *list, bool wrong_alone, FILE *out)
{
    const Guess *last = NULL;
    for (;;) {
        const Guess *next = NULL;
        for (const Guess *at = list; at != NULL; at = at->next) {
            bool is_later = last == NULL || at->origin > last->origin ||
                            (at->origin == last->origin && at > last);
            bool is_sooner = next == NULL || at->origin < next->origin ||
                             (at->origin == next->origin && at < next);
            bool is_meant = !wrong_alone || was_wrong(at, list);
            if (is_later && is_sooner && is_meant && is_first_of_its_kind(at, list)) {
                next = at;
            }
        }
        if (next == NULL) {
            return;
        }
        print_guess(next, list, out);
        last = next;
    }
}

void history_print_guesses(const Guess *list, FILE *out)
{
    print_guesses(list, false, out);
}

/* ---- versions ---- */

static uint64_t failures(const NativeCode *native)
{
    uint64_t sum = 0;
    for (const Guess *at = native->guesses; at != NULL; at = at->next) {
        sum += atomic_load_explicit(&at->count, memory_order_relaxed);
    }
    return sum;
}

static void print_version(const NativeCode *native, uint32_t number, FILE *out)
{
    bool is_first = true;
    fprintf(out, "; %u. %s code, %u bytes", number, native->is_optimised ? "optimised" : "quick",
            native->block->bytes);
    for (uint32_t i = 0; i < native->inlined_count; i++) {
        bool seen = false;
        for (uint32_t j = 0; j < i; j++) {
            seen |= native->inlined[j] == native->inlined[i];
        }
        if (!seen) {
            fputs(is_first ? ", with " : ", ", out);
            print_name(native->inlined[i], out);
            is_first = false;
        }
    }
    if (failures(native) > 0) {
        fprintf(out, "; a guess was wrong, and it was left for the interpreter, %llu times",
                (unsigned long long) failures(native));
    } else if (native->guesses != NULL) {
        fputs("; no guess was wrong", out);
    }
    fputc('\n', out);
    print_guesses(native->guesses, true, out);
}

static void print_versions(const Function *function, FILE *out)
{
    uint32_t count = 0;
    for (const NativeCode *at = function->natives; at != NULL; at = at->older) {
        count++;
    }
    for (uint32_t number = 1; number <= count; number++) {
        const NativeCode *at = function->natives;
        for (uint32_t i = count; i > number; i--) {
            at = at->older;
        }
        print_version(at, number, out);
    }
    if (count == 0) {
        fputs("; interpreted: it was not entered often enough\n", out);
    } else if (function->native == NULL) {
        fputs("; interpreted now: it is traced, or its code was withdrawn\n", out);
    }
}

/* ---- profiles ---- */

static void print_profile(const Function *function, const Profile *profile, FILE *out)
{
    bool at_entry = profile->place == function->owner->code + function->code_offset;
    fprintf(out, "; seen where it %s, line %u:", at_entry ? "begins" : "loops",
            history_line(function, profile->place));
    for (uint32_t slot = 1; slot < PROFILE_SLOTS; slot++) {
        if (profile->slots[slot] != 0) {
            fprintf(out, " s%u ", slot);
            print_kinds(profile->nodes[profile->slots[slot]].kinds, out);
        }
    }
    fputc('\n', out);
}

void history_print(const Function *function, FILE *out)
{
    fputs("; ", out);
    print_name(function, out);
    fputc('\n', out);
    print_versions(function, out);
    for (const Profile *at = function->profiles; at != NULL; at = at->next) {
        print_profile(function, at, out);
    }
}
