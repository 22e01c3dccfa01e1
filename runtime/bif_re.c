/* runtime/bif_re.c
 * Regular expressions by PCRE2. Options, captures, replacing and splitting are done in
 * stdlib/re.erl; here patterns are compiled and subjects matched.
 *
 * A match is tried on the scheduler with a low limit of steps; what takes more is done again by a
 * job of the blocking pool, on a copy of the subject. Compiled patterns are kept in a small cache
 * and get native code at their second use. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "runtime/bif_re.h"

#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/job.h"
#include "runtime/term/world.h"

#include <pcre2.h>
#include <pthread.h>
#include <stdio.h>

/* ---- compiled patterns ---- */

typedef struct Regex {
    Magic magic; /* first */
    pcre2_code *code;
    uint32_t captures, options;
    bool unicode, crlf;
    volatile int uses; /* under cache_lock */
    bool jit;          /* tried, or not to be; under cache_lock */
} Regex;

static const char regex_type;

static void regex_destroy(Magic *magic)
{
    Regex *regex = (Regex *) magic;
    pcre2_code_free(regex->code);
    mem_free(regex);
}

typedef struct CacheSlot {
    uint8_t *pattern;
    size_t size;
    uint64_t flags;
    Regex *regex; /* retained */
} CacheSlot;

enum { CACHE_SLOTS = 256, CACHE_PATTERN_MOST = 1024 };
static CacheSlot cache[CACHE_SLOTS];
static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;

static CacheSlot *cache_slot(const uint8_t *pattern, size_t size, uint64_t flags)
{
    uint64_t hash = flags * 0x9E3779B97F4A7C15u ^ size;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ pattern[i]) * 0x100000001B3u;
    }
    return &cache[(hash ^ hash >> 32) % CACHE_SLOTS];
}

/* Retained; NULL: not there. */
static Regex *cache_get(const uint8_t *pattern, size_t size, uint64_t flags)
{
    pthread_mutex_lock(&cache_lock);
    CacheSlot *slot = cache_slot(pattern, size, flags);
    Regex *regex = slot->regex;
    if (regex != NULL && slot->size == size && slot->flags == flags &&
        memcmp(slot->pattern, pattern, size) == 0) {
        magic_retain(&regex->magic);
    } else {
        regex = NULL;
    }
    pthread_mutex_unlock(&cache_lock);
    return regex;
}

static void cache_put(const uint8_t *pattern, size_t size, uint64_t flags, Regex *regex)
{
    if (size > CACHE_PATTERN_MOST) {
        return;
    }
    uint8_t *copy = mem_alloc(size + 1);
    memcpy(copy, pattern, size);
    pthread_mutex_lock(&cache_lock);
    CacheSlot *slot = cache_slot(pattern, size, flags);
    CacheSlot old = *slot;
    magic_retain(&regex->magic);
    *slot = (CacheSlot){copy, size, flags, regex};
    pthread_mutex_unlock(&cache_lock);
    mem_free(old.pattern);
    if (old.regex != NULL) {
        magic_release(&old.regex->magic);
    }
}

/* Native code from the second use on. */
static void regex_used(Regex *regex)
{
    pthread_mutex_lock(&cache_lock);
    if (!regex->jit && ++regex->uses > 1) {
        regex->jit = true;
        pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
    }
    pthread_mutex_unlock(&cache_lock);
}

/* Bits of the options as re.erl gives them. */
enum {
    RE_UNICODE = 1 << 0,
    RE_ANCHORED = 1 << 1,
    RE_CASELESS = 1 << 2,
    RE_DOLLAR_ENDONLY = 1 << 3,
    RE_DOTALL = 1 << 4,
    RE_EXTENDED = 1 << 5,
    RE_FIRSTLINE = 1 << 6,
    RE_MULTILINE = 1 << 7,
    RE_NO_AUTO_CAPTURE = 1 << 8,
    RE_DUPNAMES = 1 << 9,
    RE_UNGREEDY = 1 << 10,
    RE_NO_START_OPTIMIZE = 1 << 11,
    RE_UCP = 1 << 12,
    RE_NEVER_UTF = 1 << 13,
    RE_BSR_ANYCRLF = 1 << 14,
    RE_BSR_UNICODE = 1 << 15,
    RE_NEWLINE_SHIFT = 16, /* three bits: 0 default, cr, lf, crlf, any, anycrlf */
};

static uint32_t compile_options(uint64_t flags)
{
    static const struct {
        uint64_t flag;
        uint32_t option;
    } options[] = {
        {RE_UNICODE, PCRE2_UTF},
        {RE_ANCHORED, PCRE2_ANCHORED},
        {RE_CASELESS, PCRE2_CASELESS},
        {RE_DOLLAR_ENDONLY, PCRE2_DOLLAR_ENDONLY},
        {RE_DOTALL, PCRE2_DOTALL},
        {RE_EXTENDED, PCRE2_EXTENDED},
        {RE_FIRSTLINE, PCRE2_FIRSTLINE},
        {RE_MULTILINE, PCRE2_MULTILINE},
        {RE_NO_AUTO_CAPTURE, PCRE2_NO_AUTO_CAPTURE},
        {RE_DUPNAMES, PCRE2_DUPNAMES},
        {RE_UNGREEDY, PCRE2_UNGREEDY},
        {RE_NO_START_OPTIMIZE, PCRE2_NO_START_OPTIMIZE},
        {RE_UCP, PCRE2_UCP},
        {RE_NEVER_UTF, PCRE2_NEVER_UTF},
    };
    uint32_t result = 0;
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        result |= flags & options[i].flag ? options[i].option : 0;
    }
    return result;
}

/* With UTF and without UCP PCRE2 leaves out of the set of first bytes those characters from 128 to
 * 255 that only our tables know as letters. */
static bool has_wrong_bitmap(const pcre2_code *code, const uint8_t *pattern, size_t size)
{
    uint32_t options = 0;
    const uint8_t *bitmap = NULL;
    pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
    pcre2_pattern_info(code, PCRE2_INFO_FIRSTBITMAP, &bitmap);
    return bitmap != NULL && (options & (PCRE2_UTF | PCRE2_UCP)) == PCRE2_UTF &&
           memmem(pattern, size, "\\w", 2) != NULL;
}

/* pcre2_compile, but a hyphen that follows a class in a class ([\\w-.]) is a hyphen, as it is for
 * PCRE: PCRE2 points to it and refuses. It is quoted then, until there is none left. */
static pcre2_code *compile_as_pcre(const uint8_t *pattern, size_t size, uint32_t options,
                                   int *error, size_t *error_at, pcre2_compile_context *context)
{
    pcre2_code *code = pcre2_compile(pattern, size, options, error, error_at, context);
    uint8_t *quoted = NULL;
    size_t quotes = 0;
    while (code == NULL && *error == PCRE2_ERROR_CLASS_INVALID_RANGE && *error_at < size + quotes &&
           (quoted == NULL ? pattern : quoted)[*error_at] == '-') {
        quoted = mem_realloc(quoted, size + quotes + 1);
        if (quotes == 0) {
            memcpy(quoted, pattern, size);
        }
        memmove(quoted + *error_at + 1, quoted + *error_at, size + quotes - *error_at);
        quoted[*error_at] = '\\';
        quotes++;
        code = pcre2_compile(quoted, size + quotes, options, error, error_at, context);
    }
    if (code == NULL) {
        *error_at -= quotes;
    }
    mem_free(quoted);
    return code;
}

static pcre2_code *compile(const uint8_t *pattern, size_t size, uint64_t flags, int *error,
                           size_t *error_at)
{
    static const uint32_t newlines[] = {0,
                                        PCRE2_NEWLINE_CR,
                                        PCRE2_NEWLINE_LF,
                                        PCRE2_NEWLINE_CRLF,
                                        PCRE2_NEWLINE_ANY,
                                        PCRE2_NEWLINE_ANYCRLF};
    uint32_t newline = (flags >> RE_NEWLINE_SHIFT) & 7;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    pcre2_set_character_tables(context, regex_tables());
    if (newline != 0 && newline < COUNT_OF(newlines)) {
        pcre2_set_newline(context, newlines[newline]);
    }
    if (flags & (RE_BSR_ANYCRLF | RE_BSR_UNICODE)) {
        pcre2_set_bsr(context, flags & RE_BSR_ANYCRLF ? PCRE2_BSR_ANYCRLF : PCRE2_BSR_UNICODE);
    }
    uint32_t options = compile_options(flags);
    pcre2_code *code = compile_as_pcre(pattern, size, options, error, error_at, context);
    if (code != NULL && has_wrong_bitmap(code, pattern, size)) {
        pcre2_code_free(code);
        code = compile_as_pcre(pattern, size, options | PCRE2_NO_START_OPTIMIZE, error, error_at,
                               context);
    }
    pcre2_compile_context_free(context);
    return code;
}

/* Whether its answers depend on our tables beyond ASCII in UTF mode, where PCRE2's native code
 * looks at them and its interpreter, as that of PCRE, does not everywhere. */
static bool asks_tables(const uint8_t *pattern, size_t size, uint64_t flags)
{
    static const char *const classes[] = {"\\w", "\\W", "\\b", "\\B", "[:"};
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        if (memmem(pattern, size, classes[i], 2) != NULL) {
            return (flags & RE_UNICODE) && !(flags & RE_UCP);
        }
    }
    return false;
}

static Regex *regex_create(pcre2_code *code, uint64_t flags)
{
    Regex *regex = mem_alloc_zero(sizeof *regex);
    uint32_t newline, options;
    regex->magic = (Magic){1, regex_destroy, &regex_type};
    regex->code = code;
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &regex->captures);
    pcre2_pattern_info(code, PCRE2_INFO_NEWLINE, &newline);
    pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
    regex->unicode = (options & PCRE2_UTF) != 0;
    regex->crlf = newline == PCRE2_NEWLINE_CRLF || newline == PCRE2_NEWLINE_ANY ||
                  newline == PCRE2_NEWLINE_ANYCRLF;
    return regex;
}

/* {ok, Ref, Captures, Unicode, Crlf} */
static Term compiled(Process *p, Regex *regex)
{
    Space *space = bif_space(p);
    const Term elements[] = {ATOM_ok, make_magic_ref(space, &regex->magic, world_unique_number()),
                             term_small(regex->captures), term_small(regex->unicode),
                             term_small(regex->crlf)};
    return make_tuple(space, elements, COUNT_OF(elements));
}

/* The words of PCRE, which programs may compare with. */
static const char *error_text(const char *text)
{
    static const struct {
        const char *ours, *theirs;
    } texts[] = {
        {"missing closing parenthesis", "missing )"},
        {"unmatched closing parenthesis", "unmatched parentheses"},
        {"quantifier does not follow a repeatable item", "nothing to repeat"},
        {"number too big in {} quantifier", "number too big in {} quantifier"},
        {"unrecognized character follows \\", "unrecognized character follows \\"},
        {"\\ at end of pattern", "\\ at end of pattern"},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (strcmp(texts[i].ours, text) == 0) {
            return texts[i].theirs;
        }
    }
    return text;
}

static Term compile_error(Process *p, int error, size_t at)
{
    Space *space = bif_space(p);
    char text[256];
    pcre2_get_error_message(error, (PCRE2_UCHAR *) text, sizeof text);
    const char *words = error_text(text);
    Term message = make_string_latin1(space, words, strlen(words));
    return make_tuple2(space, ATOM_error, make_tuple2(space, message, make_uint64(space, at)));
}

/* compile(Pattern, Flags): {ok, Ref, Captures, Unicode, Crlf} | {error, {Text, Position}} */
Term bif_re_compile(Process *p, const Term args[])
{
    uint64_t flags;
    if (!term_is_binary(args[0]) || !term_to_uint64(args[1], &flags)) {
        return bif_badarg(p);
    }
    size_t size, error_at;
    void *scratch;
    int error;
    const uint8_t *pattern = binary_bytes(args[0], &size, &scratch);
    Regex *regex = cache_get(pattern, size, flags);
    Term result;
    if (regex != NULL) {
        result = compiled(p, regex);
    } else {
        pcre2_code *code = compile(pattern, size, flags, &error, &error_at);
        if (code == NULL) {
            result = compile_error(p, error, error_at);
        } else {
            regex = regex_create(code, flags);
            regex->jit = asks_tables(pattern, size, flags);
            cache_put(pattern, size, flags, regex);
            result = compiled(p, regex);
        }
    }
    mem_free(scratch);
    bif_charge(p, 20 + size / 8);
    return result;
}

/* names(Ref): [{Name, Number}], in order of the names */
Term bif_re_names(Process *p, const Term args[])
{
    Regex *regex = (Regex *) magic_of(args[0], &regex_type);
    if (regex == NULL) {
        return bif_badarg(p);
    }
    Space *space = bif_space(p);
    uint32_t count, entry_size;
    PCRE2_SPTR table;
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &entry_size);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &table);
    Term list = TERM_NIL;
    while (count-- > 0) {
        const uint8_t *entry = table + (size_t) count * entry_size;
        Term name = make_binary(space, entry + 2, strlen((const char *) entry + 2));
        list =
            make_cons(space, make_tuple2(space, name, term_small(entry[0] << 8 | entry[1])), list);
    }
    return list;
}

/* ---- matching ---- */

enum {
    EXEC_NOTBOL = 1 << 0,
    EXEC_NOTEOL = 1 << 1,
    EXEC_NOTEMPTY = 1 << 2,
    EXEC_NOTEMPTY_ATSTART = 1 << 3,
    EXEC_ANCHORED = 1 << 4,
    EXEC_GLOBAL = 1 << 5,
};
enum { STEPS_AT_ONCE = 20000, STEPS_MOST = 10000000, SUBJECT_AT_ONCE = 256 * 1024 };

/* A match to be done, and what came of it. */
typedef struct Exec {
    Regex *regex; /* retained */
    const uint8_t *subject;
    size_t size, offset;
    uint32_t flags;
    uint32_t step_limit, depth_limit;
    /* results: for each match its number of groups, then start and length of each (-1, 0: unset) */
    int64_t *found;
    size_t found_count, found_capacity;
    int error; /* of PCRE; 0: none */
} Exec;

static void found_add(Exec *exec, int64_t value)
{
    if (exec->found_count == exec->found_capacity) {
        exec->found_capacity = exec->found_capacity * 2 + 32;
        exec->found = mem_realloc(exec->found, exec->found_capacity * sizeof *exec->found);
    }
    exec->found[exec->found_count++] = value;
}

static void found_match(Exec *exec, const size_t *vector, int groups)
{
    found_add(exec, groups);
    for (int i = 0; i < groups; i++) {
        bool unset = vector[i * 2] == PCRE2_UNSET;
        found_add(exec, unset ? -1 : (int64_t) vector[i * 2]);
        found_add(exec, unset ? 0 : (int64_t) (vector[i * 2 + 1] - vector[i * 2]));
    }
}

static uint32_t exec_options(uint32_t flags)
{
    return (flags & EXEC_NOTBOL ? PCRE2_NOTBOL : 0) | (flags & EXEC_NOTEOL ? PCRE2_NOTEOL : 0) |
           (flags & EXEC_NOTEMPTY ? PCRE2_NOTEMPTY : 0) |
           (flags & EXEC_NOTEMPTY_ATSTART ? PCRE2_NOTEMPTY_ATSTART : 0) |
           (flags & EXEC_ANCHORED ? PCRE2_ANCHORED : 0);
}

/* The place after the character at `at`. */
static size_t next_character(const Exec *exec, size_t at)
{
    if (exec->regex->crlf && at + 1 < exec->size && exec->subject[at] == '\r' &&
        exec->subject[at + 1] == '\n') {
        return at + 2;
    }
    at++;
    while (exec->regex->unicode && at < exec->size && (exec->subject[at] & 0xC0) == 0x80) {
        at++;
    }
    return at;
}

static void exec_run(Exec *exec)
{
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(exec->regex->code, NULL);
    pcre2_set_match_limit(context, exec->step_limit);
    pcre2_set_depth_limit(context, exec->depth_limit);
    const size_t *vector = pcre2_get_ovector_pointer(data);
    uint32_t options = exec_options(exec->flags), more = 0;
    size_t at = exec->offset;
    while (at <= exec->size) {
        int groups = pcre2_match(exec->regex->code, exec->subject, exec->size, at, options | more,
                                 data, context);
        if (groups == PCRE2_ERROR_NOMATCH) {
            if (more == 0 || at >= exec->size) {
                break;
            }
            /* An empty match was here and nothing else is: on by one character. */
            at = next_character(exec, at);
            more = 0;
            continue;
        }
        if (groups < 0) {
            exec->error = groups;
            break;
        }
        found_match(exec, vector, groups);
        if (!(exec->flags & EXEC_GLOBAL)) {
            break;
        }
        bool is_empty = vector[0] == vector[1];
        at = vector[1];
        more = is_empty ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0;
        options |= PCRE2_NO_UTF_CHECK;
    }
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
}

static Term groups_term(Space *space, const int64_t *found, int64_t groups)
{
    Term list = TERM_NIL;
    for (int64_t i = groups; i-- > 0;) {
        Term pair = make_tuple2(space, make_int64(space, found[i * 2]),
                                make_int64(space, found[i * 2 + 1]));
        list = make_cons(space, pair, list);
    }
    return list;
}

/* {match, [[{Start, Length}]]} | nomatch | {error, Reason} | bad_subject */
static Term exec_answer(const Exec *exec, Space *space)
{
    if (exec->error == PCRE2_ERROR_MATCHLIMIT || exec->error == PCRE2_ERROR_DEPTHLIMIT) {
        const char *name =
            exec->error == PCRE2_ERROR_MATCHLIMIT ? "match_limit" : "match_limit_recursion";
        return make_tuple2(space, ATOM_error, atom_of(name));
    }
    if (exec->error != 0) {
        return exec->error == PCRE2_ERROR_HEAPLIMIT || exec->error == PCRE2_ERROR_JIT_STACKLIMIT
                   ? make_tuple2(space, ATOM_error, atom_of("match_limit_recursion"))
                   : atom_of("bad_subject");
    }
    if (exec->found_count == 0) {
        return ATOM_nomatch;
    }
    ListBuilder list;
    list_start(&list, space);
    for (size_t at = 0; at < exec->found_count;) {
        int64_t groups = exec->found[at++];
        list_add(&list, groups_term(space, exec->found + at, groups));
        at += (size_t) groups * 2;
    }
    return make_tuple2(space, ATOM_match, list_end(&list, TERM_NIL));
}

/* ---- on the pool ---- */

typedef struct ExecJob {
    Job base; /* first */
    Exec exec;
    Message *subject; /* a copy of the term: large binaries are shared */
    void *scratch;
} ExecJob;

static void exec_job_work(Job *base)
{
    exec_run(&((ExecJob *) base)->exec);
}
static Term exec_job_answer(Job *base, Space *space)
{
    return exec_answer(&((ExecJob *) base)->exec, space);
}
static void exec_job_finish(Job *base)
{
    ExecJob *job = (ExecJob *) base;
    magic_release(&job->exec.regex->magic);
    mem_free(job->exec.found);
    mem_free(job->scratch);
    message_destroy(job->subject);
    mem_free(job);
}

static Term exec_start_job(Process *p, const Exec *exec, Term subject)
{
    Message *copy = message_of(subject);
    if (copy == NULL) {
        return bif_system_limit(p);
    }
    ExecJob *job = mem_alloc_zero(sizeof *job);
    job->base.work = exec_job_work;
    job->base.answer = exec_job_answer;
    job->base.answers_at_once = true;
    job->base.finish = exec_job_finish;
    job->exec = *exec;
    job->exec.found = NULL;
    job->exec.found_count = job->exec.found_capacity = 0;
    job->exec.error = 0;
    job->subject = copy;
    job->exec.subject = binary_bytes(copy->value, &job->exec.size, &job->scratch);
    magic_retain(&exec->regex->magic);
    return job_start(p, &job->base);
}

static uint32_t limit_of(Term t)
{
    uint64_t limit;
    return term_to_uint64(t, &limit) && limit < STEPS_MOST ? (uint32_t) limit : STEPS_MOST;
}

/* exec(Ref, Subject, Offset, Flags, StepLimit, DepthLimit) */
Term bif_re_exec(Process *p, const Term args[])
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    int64_t offset, flags;
    Exec exec = {.regex = (Regex *) magic_of(args[0], &regex_type)};
    if (exec.regex == NULL || !term_is_binary(args[1]) || !term_to_index(args[2], &offset) ||
        !term_to_index(args[3], &flags)) {
        return bif_badarg(p);
    }
    void *scratch;
    exec.subject = binary_bytes(args[1], &exec.size, &scratch);
    exec.offset = (size_t) offset;
    exec.flags = (uint32_t) flags;
    if (exec.offset > exec.size) {
        mem_free(scratch);
        return bif_badarg(p);
    }
    uint32_t step_limit = limit_of(args[4]);
    exec.depth_limit = limit_of(args[5]);
    regex_used(exec.regex);
    Term result;
    if (exec.size - exec.offset > SUBJECT_AT_ONCE) {
        exec.step_limit = step_limit;
        result = exec_start_job(p, &exec, args[1]);
    } else {
        exec.step_limit = step_limit < STEPS_AT_ONCE ? step_limit : STEPS_AT_ONCE;
        exec_run(&exec);
        bif_charge(p, 4 + (exec.size - exec.offset) / 64);
        bool again = exec.error == PCRE2_ERROR_MATCHLIMIT && step_limit > STEPS_AT_ONCE;
        exec.step_limit = step_limit;
        result = again ? exec_start_job(p, &exec, args[1]) : exec_answer(&exec, bif_space(p));
    }
    mem_free(exec.found);
    mem_free(scratch);
    return result;
}

Term bif_re_version(Process *p, const Term args[])
{
    char text[64];
    pcre2_config(PCRE2_CONFIG_VERSION, text);
    return make_binary(bif_space(p), text, strlen(text));
}
