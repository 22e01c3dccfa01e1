/* runtime/profile.c: see profile.h. Stacks that were seen are counted in one hash table under a
 * lock, which is taken once a sample; functions are known by name, for modules may go. */
#include "runtime/profile.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "runtime/term/mem.h"
#include "runtime/term/print.h"
#include "runtime/term/world.h"

enum {
    PERIOD = 1999, /* reductions; a prime, so as not to go in step with loops */
    DEPTH_MOST = 96,
    ROWS_MOST = 40,
};

typedef struct Name {
    Term module, function;
    uint32_t arity;
} Name;

typedef struct Stack {
    struct Stack *next;
    uint64_t hash, samples, weight;
    uint32_t depth; /* names, the innermost function first */
    bool is_cut;
    Name names[];
} Stack;

/* Under the lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Stack **buckets;
static size_t bucket_count, stack_count;
static uint64_t sample_count, weight_sum;

/* Of each scheduler's thread. */
static _Thread_local int32_t due = PERIOD;
static _Thread_local uint64_t spent;

/* ---- taking samples ---- */

typedef struct Seen {
    Name names[DEPTH_MOST];
    uint32_t depth;
    bool is_cut;
} Seen;

static bool see(Function *function, Code at, void *state)
{
    Seen *seen = state;
    if (function == NULL) {
        return true;
    }
    if (seen->depth == DEPTH_MOST) {
        seen->is_cut = true;
        return false;
    }
    seen->names[seen->depth++] = (Name){function->module, function->name, function->arity};
    return true;
}

static bool same_name(const Name *a, const Name *b)
{
    return a->module == b->module && a->function == b->function && a->arity == b->arity;
}

static uint64_t hash_of(const Seen *seen)
{
    uint64_t hash = seen->depth;
    for (uint32_t i = 0; i < seen->depth; i++) {
        const Name *name = &seen->names[i];
        hash = (hash ^ name->module) * 0x9E3779B97F4A7C15u;
        hash = (hash ^ name->function ^ name->arity) * 0xBF58476D1CE4E5B9u;
        hash ^= hash >> 29;
    }
    return hash;
}

static void grow(void)
{
    size_t count = bucket_count == 0 ? 1024 : 2 * bucket_count;
    Stack **bigger = mem_alloc_zero(count * sizeof *bigger);
    for (size_t i = 0; i < bucket_count; i++) {
        for (Stack *stack = buckets[i], *next; stack != NULL; stack = next) {
            next = stack->next;
            stack->next = bigger[stack->hash & (count - 1)];
            bigger[stack->hash & (count - 1)] = stack;
        }
    }
    mem_free(buckets);
    buckets = bigger;
    bucket_count = count;
}

static bool is_stack(const Stack *stack, uint64_t hash, const Seen *seen)
{
    if (stack->hash != hash || stack->depth != seen->depth || stack->is_cut != seen->is_cut) {
        return false;
    }
    for (uint32_t i = 0; i < seen->depth; i++) {
        if (!same_name(&stack->names[i], &seen->names[i])) {
            return false;
        }
    }
    return true;
}

static Stack *find_or_add(const Seen *seen)
{
    uint64_t hash = hash_of(seen);
    if (stack_count >= bucket_count) {
        grow();
    }
    Stack **bucket = &buckets[hash & (bucket_count - 1)];
    for (Stack *stack = *bucket; stack != NULL; stack = stack->next) {
        if (is_stack(stack, hash, seen)) {
            return stack;
        }
    }
    Stack *stack = mem_alloc(sizeof *stack + seen->depth * sizeof stack->names[0]);
    *stack = (Stack){.next = *bucket, .hash = hash, .depth = seen->depth, .is_cut = seen->is_cut};
    memcpy(stack->names, seen->names, seen->depth * sizeof stack->names[0]);
    *bucket = stack;
    stack_count++;
    return stack;
}

static void sample(Process *p, uint64_t weight)
{
    Seen seen;
    seen.depth = 0;
    seen.is_cut = false;
    frames_each(p, see, &seen);
    if (seen.depth == 0) {
        return;
    }
    pthread_mutex_lock(&lock);
    Stack *stack = find_or_add(&seen);
    stack->samples++;
    stack->weight += weight;
    sample_count++;
    weight_sum += weight;
    pthread_mutex_unlock(&lock);
}

RunResult profile_run(Scheduler *scheduler, Process *p)
{
    int32_t left = p->reductions;
    for (;;) {
        int32_t piece = left < due ? left : due;
        uint64_t start = world_monotonic_ns();
        p->reductions = piece;
        RunResult result = interpret(scheduler, p);
        spent += world_monotonic_ns() - start;
        if (result == RUN_ELSEWHERE) { /* it is not ours any more */
            due = due > piece ? due - piece : 1;
            return result;
        }
        int32_t used = piece - p->reductions;
        due -= used;
        left -= used;
        p->reductions = left;
        if (due <= 0) {
            if (result != RUN_EXITED) {
                sample(p, world.kind == WORLD_REAL ? spent : (uint64_t) (PERIOD - due));
            }
            spent = 0;
            due = PERIOD;
        }
        if (result != RUN_YIELDED || left <= 0 || p->flags & PROCESS_STOP) {
            return result;
        }
    }
}

/* ---- telling ---- */

typedef struct Row {
    Name name;
    uint64_t samples, self, total;
} Row;

typedef struct Rows {
    Row *rows;
    size_t count, capacity; /* a power of two: open addressing until they are sorted */
} Rows;

static Row *row_of(Rows *rows, const Name *name)
{
    if (2 * rows->count >= rows->capacity) {
        Rows bigger = {.capacity = rows->capacity == 0 ? 256 : 2 * rows->capacity};
        bigger.rows = mem_alloc_zero(bigger.capacity * sizeof(Row));
        for (size_t i = 0; i < rows->capacity; i++) {
            if (rows->rows[i].total != 0) {
                *row_of(&bigger, &rows->rows[i].name) = rows->rows[i];
            }
        }
        mem_free(rows->rows);
        *rows = bigger;
    }
    size_t at = (size_t) ((name->module * 31 + name->function) * 31 + name->arity);
    for (at = at * 0x9E3779B97F4A7C15u >> 20;; at++) {
        Row *row = &rows->rows[at & (rows->capacity - 1)];
        if (row->name.module == 0) {
            row->name = *name;
            rows->count++;
            return row;
        }
        if (same_name(&row->name, name)) {
            return row;
        }
    }
}

/* A function that is in a stack more than once has its weight once. */
static void add_stack(Rows *rows, const Stack *stack)
{
    for (uint32_t i = 0; i < stack->depth; i++) {
        uint32_t before = 0;
        while (before < i && !same_name(&stack->names[before], &stack->names[i])) {
            before++;
        }
        if (before == i) {
            Row *row = row_of(rows, &stack->names[i]);
            row->total += stack->weight;
            row->self += i == 0 ? stack->weight : 0;
            row->samples += i == 0 ? stack->samples : 0;
        }
    }
}

static int by_self(const void *a, const void *b)
{
    const Row *x = a, *y = b;
    if (x->self != y->self) {
        return x->self < y->self ? 1 : -1;
    }
    if (x->total != y->total) {
        return x->total < y->total ? 1 : -1;
    }
    int order = strcmp(atom_name(x->name.module), atom_name(y->name.module));
    order = order != 0 ? order : strcmp(atom_name(x->name.function), atom_name(y->name.function));
    return order != 0 ? order : (int) x->name.arity - (int) y->name.arity;
}

static void add_name(Text *text, const Name *name)
{
    term_print(text, name->module, 0);
    text_add_string(text, ":");
    term_print(text, name->function, 0);
    text_addf(text, "/%u", name->arity);
}

void profile_print(FILE *file)
{
    Rows rows = {0};
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < bucket_count; i++) {
        for (const Stack *stack = buckets[i]; stack != NULL; stack = stack->next) {
            add_stack(&rows, stack);
        }
    }
    uint64_t samples = sample_count, sum = weight_sum;
    pthread_mutex_unlock(&lock);
    size_t count = 0;
    for (size_t i = 0; i < rows.capacity; i++) {
        if (rows.rows[i].total != 0) {
            rows.rows[count++] = rows.rows[i];
        }
    }
    qsort(rows.rows, count, sizeof(Row), by_self);
    Text text = {0};
    text_addf(&text, "profile: %llu samples, one each %d reductions", (unsigned long long) samples,
              PERIOD);
    if (world.kind == WORLD_REAL) {
        text_addf(&text, ", %.1f ms in processes", (double) sum / 1e6);
    }
    text_addf(&text, "\n  %7s %7s %9s  %s\n", "self %", "total %", "samples", "function");
    for (size_t i = 0; i < count && i < ROWS_MOST; i++) {
        const Row *row = &rows.rows[i];
        text_addf(&text, "  %7.2f %7.2f %9llu  ", 100.0 * (double) row->self / (double) sum,
                  100.0 * (double) row->total / (double) sum, (unsigned long long) row->samples);
        add_name(&text, &row->name);
        text_add_string(&text, "\n");
    }
    if (count > ROWS_MOST) {
        text_addf(&text, "  and %zu functions more\n", count - ROWS_MOST);
    }
    fwrite(text.bytes, 1, text.size_bytes, file);
    text_finish(&text);
    mem_free(rows.rows);
}

/* ---- stacks ---- */

static int by_names(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static char *line_of(const Stack *stack)
{
    Text text = {0};
    if (stack->is_cut) {
        text_add_string(&text, "...;");
    }
    for (uint32_t i = stack->depth; i-- > 0;) {
        add_name(&text, &stack->names[i]);
        text_add_string(&text, i > 0 ? ";" : " ");
    }
    text_addf(&text, "%llu\n", (unsigned long long) stack->weight);
    char *line = mem_copy_string(text.bytes);
    text_finish(&text);
    return line;
}

bool profile_write_stacks(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return false;
    }
    pthread_mutex_lock(&lock);
    char **lines = mem_alloc_zero((stack_count + 1) * sizeof *lines);
    size_t count = 0;
    for (size_t i = 0; i < bucket_count; i++) {
        for (const Stack *stack = buckets[i]; stack != NULL; stack = stack->next) {
            lines[count++] = line_of(stack);
        }
    }
    pthread_mutex_unlock(&lock);
    qsort(lines, count, sizeof *lines, by_names);
    for (size_t i = 0; i < count; i++) {
        fputs(lines[i], file);
        mem_free(lines[i]);
    }
    mem_free(lines);
    bool failed = ferror(file) != 0;
    return fclose(file) == 0 && !failed;
}
