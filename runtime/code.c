/* runtime/code.c
 * The tables of loaded code: exports by M:F/A, modules by name, and instructions by address.
 *
 *   structure       written                        read
 *   export buckets  under code_lock, release       any thread, acquire; entries are never removed
 *   entry           under code_lock, release       any thread (plain loads of an aligned word)
 *   ranges          a new array under code_lock,   any thread, acquire; old arrays stay, so that a
 *                   published with release         reader may finish in one
 *   modules         under code_lock                under code_lock, or by acquire of the bucket */
#include "runtime/code.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "proc/thread.h"
#include "runtime/bif_tables.h"
#include "runtime/code_internal.h"
#include "runtime/interpret.h"
#include "runtime/native.h"
#include "runtime/term/mem.h"
#include "runtime/trace.h"
#include "runtime/translate.h"

enum { EXPORT_BUCKETS = 1 << 14, MODULE_BUCKETS = 1 << 10 };

static CodeExport *exports[EXPORT_BUCKETS];
static LoadedModule *modules[MODULE_BUCKETS];
pthread_mutex_t code_lock = PTHREAD_MUTEX_INITIALIZER;
CodeFound (*code_autoload)(Term module);

typedef struct Ranges {
    uint32_t count;
    struct Range {
        Code start, end;
        LoadedModule *module;
    } of[];
} Ranges;
static Ranges *ranges;
static uint32_t range_removals; /* see code_function_at */

/* ---- exports ---- */

static uint32_t export_bucket(Term module, Term function, uint32_t arity)
{
    uint64_t hash = (uint64_t) atom_index(module) * 0x9E3779B97F4A7C15u;
    hash ^= (uint64_t) atom_index(function) * 0xC2B2AE3D27D4EB4Fu + arity * 0x165667B19E3779F9u;
    hash ^= hash >> 29;
    hash *= 0xBF58476D1CE4E5B9u;
    return (uint32_t) (hash >> 40) & (EXPORT_BUCKETS - 1);
}

CodeExport *code_export_find(Term module, Term function, uint32_t arity)
{
    CodeExport *at =
        __atomic_load_n(&exports[export_bucket(module, function, arity)], __ATOMIC_ACQUIRE);
    while (at != NULL && (at->identity.module != module || at->identity.function != function ||
                          at->identity.arity != arity)) {
        at = at->next;
    }
    return at;
}

static Code make_stub(CodeExport *export, Instruction kind)
{
    uint8_t *at = export->stub + sizeof(CodeHeader);
    code_header_init(code_header(at), export->identity.arity + 4, export->identity.arity);
    memcpy(at, &instruction_words[kind], 4);
    memcpy(at + 8, &export, sizeof export);
    return at;
}

static CodeExport *make_export(Term module, Term function, uint32_t arity)
{
    static uint8_t *chunk, *chunk_end; /* under code_lock */
    uint32_t bucket = export_bucket(module, function, arity);
    CodeExport *export;
    if (chunk == NULL || chunk + sizeof *export > chunk_end) {
        chunk = mem_alloc_zero(256 * sizeof *export);
        chunk_end = chunk + 256 * sizeof *export;
    }
    export = (CodeExport *) chunk;
    chunk += sizeof *export;
    export->identity = (Export){module, function, arity};
    export->entry = make_stub(export, I_stub_undefined);
    export->next = exports[bucket];
    __atomic_store_n(&exports[bucket], export, __ATOMIC_RELEASE);
    return export;
}

CodeExport *code_export(Term module, Term function, uint32_t arity)
{
    CodeExport *export = code_export_find(module, function, arity);
    if (export == NULL) {
        pthread_mutex_lock(&code_lock);
        export = code_export_find(module, function, arity);
        if (export == NULL) {
            export = make_export(module, function, arity);
        }
        pthread_mutex_unlock(&code_lock);
    }
    return export;
}

static const struct {
    const char *module, *name;
    uint32_t arity;
    BifFunction function;
    uint8_t flags;
} rows[] = {
#define BIF(module, name, arity, c_function, flags) {module, name, arity, c_function, flags},
#include "runtime/bif_tables.def"
#undef BIF
};

void code_each_builtin(Term module, void (*visit)(Term name, uint32_t arity, void *state),
                       void *state)
{
    const char *name = atom_name(module);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (strcmp(rows[i].module, name) == 0) {
            visit(atom_of(rows[i].name), rows[i].arity, state);
        }
    }
}

void code_init(void)
{
    const char *last = NULL;
    Term module = TERM_NONE;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CodeExport *export;
        if (last == NULL || strcmp(last, rows[i].module) != 0) {
            last = rows[i].module;
            module = atom_of(last);
        }
        export = code_export(module, atom_of(rows[i].name), rows[i].arity);
        export->bif = rows[i].function;
        export->bif_flags = rows[i].flags;
        export->entry = make_stub(export, I_stub_bif);
        if ((rows[i].flags & (BIF_PURE | BIF_GUARD)) != 0) {
            code_header_built_in(code_header(export->entry));
        }
    }
}

bool code_define_host(Term module, Term function, uint32_t arity, BifFunction bif, const void *host)
{
    CodeExport *export = code_export(module, function, arity);
    bool defined;
    pthread_mutex_lock(&code_lock);
    defined = export->bif == NULL;
    if (defined) {
        export->host = host;
        export->bif_flags = BIF_HOST;
        export->bif = bif;
        export->entry = make_stub(export, I_stub_bif);
    }
    pthread_mutex_unlock(&code_lock);
    return defined;
}

/* ---- modules ---- */

LoadedModule **code_module_slot(Term name)
{
    return &modules[(atom_index(name) * 0x9E3779B1u >> 12) & (MODULE_BUCKETS - 1)];
}

LoadedModule *code_module(Term name)
{
    LoadedModule *at = __atomic_load_n(code_module_slot(name), __ATOMIC_ACQUIRE);
    while (at != NULL && (at->name != name || at->is_old || at->is_waiting)) {
        at = __atomic_load_n(&at->next, __ATOMIC_ACQUIRE);
    }
    return at;
}

/* A version nobody calls yet is newer than the current one and lies before it. */
LoadedModule *code_waiting(Term name)
{
    LoadedModule *at = __atomic_load_n(code_module_slot(name), __ATOMIC_ACQUIRE);
    while (at != NULL && (at->name != name || !at->is_waiting)) {
        at = __atomic_load_n(&at->next, __ATOMIC_ACQUIRE);
    }
    return at;
}

LoadedModule *code_old(Term name)
{
    LoadedModule *at = __atomic_load_n(code_module_slot(name), __ATOMIC_ACQUIRE);
    while (at != NULL && (at->name != name || !at->is_old || at->is_refused)) {
        at = __atomic_load_n(&at->next, __ATOMIC_ACQUIRE);
    }
    return at;
}

bool code_module_exports(Term name, Term function, uint32_t arity)
{
    const LoadedModule *module = code_waiting(name);
    if (module == NULL) {
        module = code_module(name);
    }
    for (uint32_t i = 0; module != NULL && i < module->function_count; i++) {
        const Function *f = &module->functions[i];
        if (f->is_exported && f->name == function && f->arity == arity) {
            return true;
        }
    }
    return false;
}

void code_each_module(void (*visit)(LoadedModule *module, void *state), void *state)
{
    for (uint32_t i = 0; i < MODULE_BUCKETS; i++) {
        for (LoadedModule *at = __atomic_load_n(&modules[i], __ATOMIC_ACQUIRE); at != NULL;
             at = __atomic_load_n(&at->next, __ATOMIC_ACQUIRE)) {
            if (!at->is_old && !at->is_waiting) {
                visit(at, state);
            }
        }
    }
}

static size_t module_bytes(const LoadedModule *module)
{
    size_t bytes =
        sizeof *module + module->code_bytes + module->function_count * sizeof *module->functions +
        module->fun_count * (sizeof *module->funs + sizeof *module->fun_functions) +
        module->map_count * sizeof *module->map_starts + module->literals->words * sizeof(Term);
    for (uint32_t i = 0; i < module->function_count; i++) {
        const Function *f = &module->functions[i];
        bytes += f->line_count * sizeof *f->lines + f->safepoint_count * sizeof *f->safepoints +
                 f->handler_count * sizeof *f->handlers;
    }
    return bytes;
}

size_t code_memory_bytes(void)
{
    size_t bytes = 0;
    pthread_mutex_lock(&code_lock);
    for (uint32_t i = 0; i < MODULE_BUCKETS; i++) {
        for (const LoadedModule *at = modules[i]; at != NULL; at = at->next) {
            bytes += module_bytes(at);
        }
    }
    pthread_mutex_unlock(&code_lock);
    return bytes;
}

static void free_ranges(void *old)
{
    mem_free(old);
}

/* Readers may be in the former array still. Threads that know no epochs have none: they may not
 * read. */
static void publish_ranges(Ranges *now)
{
    Ranges *before = ranges;
    __atomic_store_n(&ranges, now, __ATOMIC_RELEASE);
    if (before != NULL) {
        bool entered = thread_enter();
        thread_retire(before, free_ranges);
        thread_leave(entered);
    }
}

void code_add_range(LoadedModule *module)
{
    uint32_t count = ranges != NULL ? ranges->count : 0, to = 0;
    Ranges *wider = mem_alloc(sizeof *wider + (count + 1) * sizeof wider->of[0]);
    struct Range range = {module->code, module->code + module->code_bytes, module};
    bool placed = false;
    for (uint32_t i = 0; i < count; i++) {
        if (!placed && ranges->of[i].start > range.start) {
            wider->of[to++] = range;
            placed = true;
        }
        wider->of[to++] = ranges->of[i];
    }
    if (!placed) {
        wider->of[to++] = range;
    }
    wider->count = to;
    publish_ranges(wider);
}

void code_remove_range(LoadedModule *module)
{
    Ranges *narrower = mem_alloc(sizeof *narrower + ranges->count * sizeof narrower->of[0]);
    narrower->count = 0;
    for (uint32_t i = 0; i < ranges->count; i++) {
        if (ranges->of[i].module != module) {
            narrower->of[narrower->count++] = ranges->of[i];
        }
    }
    __atomic_fetch_add(&range_removals, 1, __ATOMIC_RELEASE);
    publish_ranges(narrower);
    /* Again: who looked between found the code that goes, in the array that goes, and keeps it. */
    __atomic_fetch_add(&range_removals, 1, __ATOMIC_RELEASE);
}

static Function *find_function(Code at)
{
    const Ranges *in = __atomic_load_n(&ranges, __ATOMIC_ACQUIRE);
    uint32_t low = 0, high = in != NULL ? in->count : 0;
    LoadedModule *module;
    uint32_t offset;
    while (low < high) { /* the first that starts behind `at` */
        uint32_t middle = (low + high) / 2;
        if (in->of[middle].start <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0 || at >= in->of[low - 1].end) {
        return NULL;
    }
    module = in->of[low - 1].module;
    offset = (uint32_t) (at - module->code);
    low = 0;
    high = module->function_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (module->functions[middle].code_offset <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 || offset > module->functions[low - 1].code_end ? NULL
                                                                    : &module->functions[low - 1];
}

Function *code_function_at(Code at)
{
    /* Collections, exceptions and processes that go on ask for the same places again and again.
     * What is remembered is forgotten when any code was taken out: that is known to every thread
     * before the code is freed, for it passes a quiescent point in between. */
    enum { PLACES = 64 };
    static _Thread_local struct Place {
        Code at;
        Function *function;
    } places[PLACES] __attribute__((tls_model("initial-exec")));
    static _Thread_local uint32_t seen __attribute__((tls_model("initial-exec")));
    uint32_t removals = __atomic_load_n(&range_removals, __ATOMIC_ACQUIRE);
    struct Place *place = &places[((uintptr_t) at >> 2) % PLACES];
    if (UNLIKELY(seen != removals)) {
        memset(places, 0, sizeof places);
        seen = removals;
    }
    if (place->at != at) {
        Function *function = find_function(at);
        if (function == NULL) {
            return NULL; /* code may come to lie there */
        }
        *place = (struct Place){at, function};
    }
    return place->function;
}

uint32_t code_line_at(const Function *function, Code at, Term *file)
{
    const CodeLine *line = function_line_at(function, at);
    if (line == NULL) {
        return 0;
    }
    *file =
        line->file < function->owner->file_count ? function->owner->files[line->file] : TERM_NIL;
    return line->line;
}

const Safepoint *code_safepoint_at(const Function *function, Code at)
{
    uint32_t offset = (uint32_t) (at - function->owner->code), low = 0,
             high = function->safepoint_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (function->safepoints[middle].offset < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < function->safepoint_count && function->safepoints[low].offset == offset
               ? &function->safepoints[low]
               : NULL;
}

/* ---- loading ---- */

typedef struct CodeSide {
    struct CodeSide *next;
    _Alignas(8) uint8_t bytes[];
} CodeSide;

void *code_alloc_side(LoadedModule *module, size_t bytes)
{
    CodeSide *side = mem_alloc(sizeof *side + bytes);
    side->next = module->side;
    module->side = side;
    return side->bytes;
}

void code_free(LoadedModule *loaded)
{
    while (loaded->side != NULL) {
        CodeSide *next = loaded->side->next;
        mem_free(loaded->side);
        loaded->side = next;
    }
    mem_free(atomic_load(&loaded->told_file));
    mem_free(loaded->tables);
    mem_free(loaded->maps);
    mem_free(loaded->map_starts);
    mem_free(loaded->functions);
    mem_free(loaded->funs);
    mem_free(loaded->fun_functions);
    mem_free(loaded->files);
    mem_free(loaded->code);
    literal_area_destroy(loaded->literals);
    mem_free(loaded);
}

void code_drop(LoadedModule *loaded)
{
    code_free(loaded);
}

static bool check_module(const Module *module, char *error, size_t error_bytes)
{
    for (uint32_t i = 0; i < module->fun_count; i++) {
        const ModuleFun *fun = &module->funs[i];
        if (fun->function >= module->function_count ||
            fun->free_count > module->functions[fun->function].arity) {
            snprintf(error, error_bytes, "fun %u has no such function", i);
            return false;
        }
    }
    for (uint32_t i = 0; i < module->import_count; i++) {
        if (module->imports[i].arity > 255) {
            snprintf(error, error_bytes, "import %u has too many arguments", i);
            return false;
        }
    }
    for (uint32_t i = 0; i < module->function_count; i++) {
        if (module->functions[i].is_exported && module->functions[i].arity > 255) {
            snprintf(error, error_bytes, "export %u has too many arguments", i);
            return false;
        }
    }
    return true;
}

/* module_info(exports) and (functions). */
static void make_function_lists(LoadedModule *loaded, const Module *module, Space *space)
{
    Term exported = TERM_NIL, all = TERM_NIL;
    for (uint32_t i = module->function_count; i-- > 0;) {
        const ModuleFunction *f = &module->functions[i];
        Term pair = make_tuple2(space, f->name, term_small(f->arity));
        all = make_cons(space, pair, all);
        if (f->is_exported) {
            exported = make_cons(space, pair, exported);
        }
    }
    loaded->exports = exported;
    loaded->functions_list = all;
}

/* All literals of the module into one area. False: no memory. */
static bool make_literals(LoadedModule *loaded, const Module *module, Term literals[])
{
    ArenaSpace *arena = arena_space_create();
    size_t count = 0, most = module->literal_count + module->file_count + 4;
    Term **all = mem_alloc(most * sizeof *all);
    make_function_lists(loaded, module, arena_space(arena));
    loaded->attributes = module->attributes;
    loaded->compile_info = module->compile_info;
    all[count++] = &loaded->exports;
    all[count++] = &loaded->functions_list;
    all[count++] = &loaded->attributes;
    all[count++] = &loaded->compile_info;
    for (uint32_t i = 0; i < module->literal_count; i++) {
        literals[i] = module->literals[i];
        all[count++] = &literals[i];
    }
    loaded->file_count = module->file_count;
    loaded->files = mem_alloc((module->file_count + 1) * sizeof(Term));
    for (uint32_t i = 0; i < module->file_count; i++) {
        loaded->files[i] = module->files[i];
        all[count++] = &loaded->files[i];
    }
    loaded->literals = literal_area_create(all, count);
    mem_free(all);
    arena_space_destroy(arena);
    return loaded->literals != NULL;
}

LoadedModule *code_translate(const Module *module, char *error, size_t error_bytes)
{
    LoadedModule *loaded;
    Translator t = {.module = module, .error = error, .error_bytes = error_bytes};
    bool fine;
    if (!check_module(module, error, error_bytes)) {
        return NULL;
    }
    loaded = mem_alloc_zero(sizeof *loaded);
    loaded->name = module->name;
    loaded->function_count = module->function_count;
    loaded->functions = mem_alloc_zero((module->function_count + 1) * sizeof *loaded->functions);
    loaded->fun_count = module->fun_count;
    loaded->funs = mem_alloc_zero((module->fun_count + 1) * sizeof *loaded->funs);
    loaded->fun_functions = mem_alloc_zero((module->fun_count + 1) * sizeof *loaded->fun_functions);
    loaded->on_load_function = module->on_load_function;
    memcpy(loaded->digest, module->digest, sizeof loaded->digest);
    for (uint32_t i = 0; i < module->fun_count; i++) {
        const ModuleFunction *function = &module->functions[module->funs[i].function];
        FunEntry wanted = {.module = module->name,
                           .function = TERM_NONE,
                           .arity = function->arity - module->funs[i].free_count,
                           .index = i,
                           .free_count = module->funs[i].free_count,
                           .old_index = (int32_t) i};
        uint32_t old_uniq;
        memcpy(wanted.uniq, module->digest, sizeof wanted.uniq);
        memcpy(&old_uniq, module->digest, 4);
        wanted.old_uniq = (int32_t) (old_uniq & 0x7FFFFFF);
        loaded->funs[i] = code_fun(&wanted);
        loaded->fun_functions[i] = module->funs[i].function;
        loaded->functions[module->funs[i].function].free_count = wanted.free_count;
    }
    t.loaded = loaded;
    t.imports = mem_alloc((module->import_count + 1) * sizeof(CodeExport *));
    for (uint32_t i = 0; i < module->import_count; i++) {
        const ModuleImport *import = &module->imports[i];
        t.imports[i] = code_export(import->module, import->function, import->arity);
    }
    t.overrides = mem_alloc_zero((module->function_count + 1) * sizeof(CodeExport *));
    for (uint32_t i = 0; i < module->function_count; i++) {
        const ModuleFunction *f = &module->functions[i];
        CodeExport *export =
            f->is_exported ? code_export_find(module->name, f->name, f->arity) : NULL;
        t.overrides[i] = code_export_is_direct(export) ? export : NULL;
    }
    t.literals = mem_alloc((module->literal_count + 1) * sizeof(Term));
    fine = make_literals(loaded, module, t.literals);
    if (!fine) {
        snprintf(error, error_bytes, "no memory for literals");
    }
    fine = fine && translate_module(&t);
    loaded->code = t.code;
    loaded->code_bytes = t.code_bytes;
    loaded->maps = t.maps;
    loaded->map_starts = t.map_starts;
    loaded->map_count = t.map_count;
    mem_free(t.imports);
    mem_free(t.overrides);
    mem_free(t.literals);
    if (!fine) {
        code_drop(loaded);
        return NULL;
    }
    return loaded;
}

/* Exports of `old` that the version after it lacks are undefined from now on. */
static void undefine(LoadedModule *old)
{
    for (uint32_t i = 0; i < old->function_count; i++) {
        CodeExport *export =
            code_export_find(old->name, old->functions[i].name, old->functions[i].arity);
        if (export != NULL && export->function == &old->functions[i]) {
            export->function = NULL;
            if (export->bif == NULL) {
                export->entry = make_stub(export, I_stub_undefined);
            }
        }
    }
}

/* Calls go to `loaded` from now on. Under code_lock. */
static void publish(LoadedModule *loaded, LoadedModule *current)
{
    for (uint32_t i = 0; i < loaded->function_count; i++) {
        const Function *f = &loaded->functions[i];
        CodeExport *export;
        if (!f->is_exported) {
            continue;
        }
        export = code_export_find(f->module, f->name, f->arity);
        export->function = &loaded->functions[i];
        if (export->bif == NULL) {
            export->entry = loaded->code + f->code_offset;
        }
    }
    loaded->is_waiting = false;
    trace_loaded(loaded);
    if (current != NULL) {
        current->is_old = true;
        undefine(current);
        trace_forget(current);
    }
}

bool code_load(const Module *module, char *error, size_t error_bytes)
{
    LoadedModule *loaded = code_translate(module, error, error_bytes);
    LoadedModule **slot, *current;
    if (loaded == NULL) {
        return false;
    }
    /* Functions' exports first, outside the lock that code_export takes. */
    for (uint32_t i = 0; i < module->function_count; i++) {
        if (module->functions[i].is_exported) {
            code_export(module->name, module->functions[i].name, module->functions[i].arity);
            loaded->functions[i].is_exported = true;
        }
    }
    loaded->is_waiting = true;
    loaded->on_load_runner = TERM_NONE;
    pthread_mutex_lock(&code_lock);
    slot = code_module_slot(module->name);
    current = code_module(module->name);
    if (current != NULL && code_old(module->name) != NULL) {
        pthread_mutex_unlock(&code_lock);
        code_drop(loaded);
        snprintf(error, error_bytes, "not_purged");
        return false;
    }
    if (code_waiting(module->name) != NULL) {
        pthread_mutex_unlock(&code_lock);
        code_drop(loaded);
        snprintf(error, error_bytes, "the on_load function of a version before still runs");
        return false;
    }
    code_add_range(loaded);
    code_funs_attach(loaded, false);
    loaded->next = *slot;
    __atomic_store_n(slot, loaded, __ATOMIC_RELEASE);
    if (module->on_load_function < 0) {
        publish(loaded, current);
    }
    pthread_mutex_unlock(&code_lock);
    return true;
}

bool code_claim_on_load(Term name, Term pid)
{
    LoadedModule *module;
    bool claimed;
    pthread_mutex_lock(&code_lock);
    module = code_waiting(name);
    claimed = module != NULL && module->on_load_runner == TERM_NONE;
    if (claimed) {
        module->on_load_runner = pid;
    }
    pthread_mutex_unlock(&code_lock);
    return claimed;
}

Term code_on_load_runner(Term name)
{
    LoadedModule *module;
    Term runner;
    pthread_mutex_lock(&code_lock);
    module = code_waiting(name);
    runner = module != NULL ? module->on_load_runner : TERM_NONE;
    pthread_mutex_unlock(&code_lock);
    return runner;
}

bool code_settle_on_load(Term name, Term runner, bool accepted)
{
    LoadedModule *module, *current;
    bool settled = false;
    pthread_mutex_lock(&code_lock);
    module = code_waiting(name);
    if (module != NULL && module->on_load_runner == runner) {
        current = code_module(name);
        settled = !accepted || current == NULL || code_old(name) == NULL;
        if (accepted && settled) {
            publish(module, current);
        } else {
            module->is_refused = true;
            module->is_old = true;
            module->is_waiting = false;
        }
    }
    pthread_mutex_unlock(&code_lock);
    return settled;
}

bool code_delete(Term name)
{
    LoadedModule *current;
    bool fine = true;
    pthread_mutex_lock(&code_lock);
    current = code_module(name);
    if (current != NULL) {
        if (code_old(name) != NULL) {
            fine = false;
        } else {
            undefine(current);
            current->is_old = true;
            trace_forget(current);
        }
    }
    pthread_mutex_unlock(&code_lock);
    return fine;
}

typedef struct UsesOld {
    Term name;
    const LoadedModule *purged; /* NULL: any version that is old */
    bool uses;
} UsesOld;

static bool visit_uses_old(Function *function, Code at, void *state)
{
    UsesOld *uses = state;
    (void) at;
    if (function != NULL && function->module == uses->name && function->owner->is_old) {
        uses->uses = uses->purged == NULL || uses->purged == function->owner;
    }
    return !uses->uses;
}

bool code_process_uses_old(Process *p, Term name)
{
    UsesOld uses = {name, code_purged(name), false};
    frames_each(p, visit_uses_old, &uses);
    return uses.uses;
}
