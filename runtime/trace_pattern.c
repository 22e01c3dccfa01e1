/* runtime/trace_pattern.c: see trace.h. Which functions are traced, and how.
 *
 * A trace point belongs to a function, whose header asks then, or to an export, which leads to the
 * point's stub then. It is made when first needed and stays, mostly idle; that of a function goes
 * when the function's module is no longer current. */
#include "runtime/trace.h"

#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"

#include <pthread.h>

struct TracePoint {
    TracePoint *next;   /* of the same bucket */
    const void *key;    /* the function or the export */
    Function *function; /* NULL: an export's */
    CodeExport *export; /* NULL: a function's */
    TracePattern call, meta;
    bool is_local, is_counting, is_paused, is_installed;
    Term meta_tracer;
    Measured *measured[MEASURES]; /* NULL: not measured */
    uint64_t count;               /* of calls */
    struct NativeCode *native;    /* the function's, kept meanwhile */
    BifFunction bif;              /* the export's, kept meanwhile; NULL: it is none */
    _Alignas(8) uint8_t stub[sizeof(CodeHeader) + 8];
};

enum { BUCKETS = 1024 };
static TracePoint *points[BUCKETS];
static TracePattern of_sent = {.is_on = true}, of_received = {.is_on = true};
static TracePattern of_loaded; /* functions of modules when they are loaded */
static bool loaded_is_local;
static pthread_mutex_t trace_lock = PTHREAD_MUTEX_INITIALIZER; /* of all of this */

static TracePoint **bucket_of(const void *key)
{
    return &points[((uintptr_t) key >> 4) * 0x9E3779B97F4A7C15 >> 54];
}

static TracePoint *point_of(const void *key)
{
    TracePoint *point = *bucket_of(key);
    while (point != NULL && point->key != key) {
        point = point->next;
    }
    return point;
}

static Code stub_of(TracePoint *point)
{
    return point->stub + sizeof(CodeHeader);
}

static TracePoint *point_make(Function *function, CodeExport *export)
{
    const void *key = function != NULL ? (const void *) function : export;
    TracePoint *point = point_of(key);
    if (point == NULL) {
        point = mem_alloc_zero(sizeof *point);
        point->key = key;
        point->function = function;
        point->export = export;
        point->next = *bucket_of(key);
        *bucket_of(key) = point;
    }
    return point;
}

/* ---- patterns ---- */

static void pattern_set(TracePattern *pattern, bool is_on, MatchSpec *spec)
{
    if (pattern->spec != NULL) {
        match_spec_release(pattern->spec);
    }
    if (spec != NULL) {
        match_spec_retain(spec);
    }
    *pattern = (TracePattern){is_on, spec};
}

static TracePattern pattern_retained(const TracePattern *pattern)
{
    if (pattern->spec != NULL) {
        match_spec_retain(pattern->spec);
    }
    return *pattern;
}

TracePattern trace_pattern_of(bool received)
{
    pthread_mutex_lock(&trace_lock);
    TracePattern pattern = pattern_retained(received ? &of_received : &of_sent);
    pthread_mutex_unlock(&trace_lock);
    return pattern;
}

/* ---- into and out of the way of calls ---- */

/* The built-in in place of a traced one. From loaded code the call goes through the point's stub;
 * the stub itself comes here again, in the end. */
static Term traced_built_in(Process *p, const Term args[])
{
    Code at = (Code) p->pc;
    bool is_call = instruction_at(at) == I_call_bif;
    const CodeExport *export =
        (const CodeExport *) field_u64(at, instruction_at(at) == I_stub_bif ? 8 : 16);
    pthread_mutex_lock(&trace_lock);
    TracePoint *point = point_of(export);
    BifFunction bif = point->is_installed ? point->bif : export->bif;
    bool is_traced = point->is_installed;
    pthread_mutex_unlock(&trace_lock);
    if (is_call && is_traced) {
        return bif_call_export(p, (Export *) &export->identity, args, export->identity.arity);
    }
    return bif(p, args);
}

static void export_install(TracePoint *point)
{
    CodeExport *export = point->export;
    code_header_init((CodeHeader *) point->stub, export->identity.arity + 4,
                     export->identity.arity);
    code_header_trace((CodeHeader *) point->stub);
    memcpy((uint8_t *) stub_of(point), &instruction_words[I_trace_return], 4); /* never run */
    point->bif = export->bif;
    if (export->bif != NULL) {
        __atomic_store_n(&export->bif, traced_built_in, __ATOMIC_RELAXED);
    }
    export->entry = stub_of(point);
}

/* Where the export leads without it. */
static Code entry_behind(const TracePoint *point)
{
    const CodeExport *export = point->export;
    const Function *function = export->function;
    return function != NULL && point->bif == NULL ? function->owner->code + function->code_offset
                                                  : export->stub + sizeof(CodeHeader);
}

static void export_remove(TracePoint *point)
{
    CodeExport *export = point->export;
    if (point->bif != NULL) {
        __atomic_store_n(&export->bif, point->bif, __ATOMIC_RELAXED);
    }
    if (export->entry == stub_of(point)) { /* else another version was loaded */
        export->entry = entry_behind(point);
    }
}

static void end_measuring(TracePoint *point)
{
    for (Measure what = 0; what < MEASURES; what++) {
        if (point->measured[what] != NULL) {
            measured_change(point->measured[what], MEASURE_OFF);
            point->measured[what] = NULL;
        }
    }
}

/* Is a version loaded, or deleted, since? Then nothing is traced. */
static void drop_if_replaced(TracePoint *point)
{
    if (point->is_installed && point->export != NULL && point->export->entry != stub_of(point)) {
        point->is_installed = false;
        pattern_set(&point->call, false, NULL);
        pattern_set(&point->meta, false, NULL);
        point->is_counting = false;
        end_measuring(point);
    }
}

static void point_settle(TracePoint *point)
{
    bool wanted = point->call.is_on || point->meta.is_on || point->is_counting ||
                  point->measured[MEASURE_TIME] != NULL || point->measured[MEASURE_MEMORY] != NULL;
    if (wanted == point->is_installed) {
        return;
    }
    point->is_installed = wanted;
    if (point->export != NULL) {
        (wanted ? export_install : export_remove)(point);
    } else if (wanted) {
        point->native = native_trace(point->function);
    } else {
        native_untrace(point->function, point->native);
        point->native = NULL;
    }
}

void trace_forget(const LoadedModule *module)
{
    if (!__atomic_load_n(&trace_is_on, __ATOMIC_RELAXED)) {
        return;
    }
    pthread_mutex_lock(&trace_lock);
    for (uint32_t i = 0; i < module->function_count; i++) {
        TracePoint **link = bucket_of(&module->functions[i]);
        while (*link != NULL && (*link)->key != &module->functions[i]) {
            link = &(*link)->next;
        }
        TracePoint *point = *link;
        if (point != NULL) {
            *link = point->next;
            pattern_set(&point->call, false, NULL);
            pattern_set(&point->meta, false, NULL);
            point->is_counting = false;
            end_measuring(point);
            point_settle(point);
            mem_free(point);
        }
    }
    pthread_mutex_unlock(&trace_lock);
}

/* ---- a call ---- */

static TraceCall where_of(TracePoint *point, Code at)
{
    const Function *function = point->function;
    if (function != NULL) {
        return (TraceCall){.entry = at,
                           .module = function->module,
                           .function = function->name,
                           .arity = function->arity};
    }
    const Export *identity = &point->export->identity;
    return (TraceCall){.entry = entry_behind(point),
                       .module = identity->module,
                       .function = identity->function,
                       .arity = identity->arity};
}

TraceNow trace_point_called(Code at)
{
    Function *function = code_header(at)->function;
    TraceNow now = {.where.entry = at};
    pthread_mutex_lock(&trace_lock);
    TracePoint *point = function != NULL
                            ? point_of(function)
                            : (TracePoint *) (at - sizeof(CodeHeader) - offsetof(TracePoint, stub));
    if (point != NULL) {
        now.where = where_of(point, at);
        now.call = pattern_retained(&point->call);
        now.meta = pattern_retained(&point->meta);
        now.meta_tracer = point->meta_tracer;
        now.is_local = point->is_local;
        memcpy(now.measured, point->measured, sizeof now.measured);
        point->count += point->is_counting && !point->is_paused;
    }
    pthread_mutex_unlock(&trace_lock);
    return now;
}

void trace_now_finish(TraceNow *now)
{
    pattern_set(&now->call, false, NULL);
    pattern_set(&now->meta, false, NULL);
}

/* ---- setting ---- */

typedef enum PointKind {
    POINT_GLOBAL,
    POINT_LOCAL,
    POINT_META,
    POINT_COUNT,
    POINT_TIME,
    POINT_MEMORY,
} PointKind;

typedef struct Setting {
    Term module, function, arity; /* '_': any of the latter two */
    PointKind kind;
    bool is_on;
    enum { COUNT_PLAIN, COUNT_RESTART, COUNT_PAUSE } counting;
    MatchSpec *spec;
    Term tracer;
    uint64_t matched;
} Setting;

static bool names(const Setting *setting, Term function, uint32_t arity)
{
    return (setting->function == ATOM_underscore || setting->function == function) &&
           (setting->arity == ATOM_underscore || setting->arity == term_small(arity));
}

static void set_count(const Setting *setting, TracePoint *point)
{
    if (setting->counting == COUNT_PLAIN) {
        point->is_counting = setting->is_on;
        point->is_paused = false;
    } else {
        point->is_paused = setting->counting == COUNT_PAUSE;
    }
    if (setting->counting != COUNT_PAUSE) {
        point->count = 0;
    }
}

static void set_measure(const Setting *setting, TracePoint *point, Measure what)
{
    Measured **measured = &point->measured[what];
    if (setting->counting == COUNT_PLAIN && setting->is_on && *measured == NULL) {
        TraceCall where = where_of(point, NULL);
        *measured = measured_of(what, where.module, where.function, where.arity);
    }
    if (*measured != NULL) {
        measured_change(*measured, setting->counting == COUNT_PAUSE     ? MEASURE_PAUSE
                                   : setting->counting == COUNT_RESTART ? MEASURE_RESTART
                                   : setting->is_on                     ? MEASURE_ON
                                                                        : MEASURE_OFF);
    }
    if (!setting->is_on) {
        *measured = NULL;
    }
}

static void set_point(const Setting *setting, TracePoint *point)
{
    drop_if_replaced(point);
    switch (setting->kind) {
    case POINT_GLOBAL:
    case POINT_LOCAL:
        pattern_set(&point->call, setting->is_on, setting->spec);
        point->is_local = setting->kind == POINT_LOCAL;
        break;
    case POINT_META:
        pattern_set(&point->meta, setting->is_on, setting->spec);
        point->meta_tracer = setting->tracer;
        break;
    case POINT_COUNT:
        set_count(setting, point);
        break;
    case POINT_TIME:
        set_measure(setting, point, MEASURE_TIME);
        break;
    case POINT_MEMORY:
        set_measure(setting, point, MEASURE_MEMORY);
        break;
    }
    point_settle(point);
}

/* Its calls are traced by the other kind of point now: a function's, or (`all`) the export's. */
static void end_other(TracePoint *point, bool all)
{
    if (point != NULL) {
        pattern_set(&point->call, false, NULL);
        if (all) {
            pattern_set(&point->meta, false, NULL);
            point->is_counting = false;
            end_measuring(point);
        }
        point_settle(point);
    }
}

static void set_export(Setting *setting, CodeExport *export)
{
    setting->matched++;
    if (setting->is_on || point_of(export) != NULL) {
        set_point(setting, point_make(NULL, export));
    }
}

static void set_function(Setting *setting, Function *function)
{
    CodeExport *export = function->is_exported
                             ? code_export_find(function->module, function->name, function->arity)
                             : NULL;
    if (!names(setting, function->name, function->arity) ||
        (export != NULL && export->bif != NULL)) { /* that was the built-in's turn */
        return;
    }
    if (setting->kind == POINT_GLOBAL) {
        if (setting->is_on) {
            end_other(point_of(function), true);
        }
        if (export != NULL) {
            set_export(setting, export);
        }
        return;
    }
    setting->matched++;
    if (setting->is_on || point_of(function) != NULL) {
        set_point(setting, point_make(function, NULL));
    }
    if (setting->is_on && export != NULL) {
        end_other(point_of(export), false);
    }
}

static void set_built_in(Term name, uint32_t arity, void *state)
{
    Setting *setting = state;
    CodeExport *export = code_export_find(setting->module, name, arity);
    /* apply/2,3 are the way to another function, whose call is what is told. */
    bool is_way = name == ATOM_apply && setting->module == ATOM_erlang;
    if (names(setting, name, arity) && export != NULL && export->bif != NULL && !is_way) {
        set_export(setting, export);
    }
}

static void set_module(LoadedModule *module, void *state)
{
    Setting *setting = state;
    for (uint32_t i = 0; i < module->function_count; i++) {
        set_function(setting, &module->functions[i]);
    }
}

static void set_any_module(LoadedModule *module, void *state)
{
    Setting *setting = state;
    setting->module = module->name;
    code_each_builtin(module->name, set_built_in, setting);
    set_module(module, setting);
}

void trace_loaded(LoadedModule *module)
{
    if (!__atomic_load_n(&trace_is_on, __ATOMIC_RELAXED)) {
        return;
    }
    pthread_mutex_lock(&trace_lock);
    if (of_loaded.is_on) {
        Setting setting = {.module = module->name,
                           .function = ATOM_underscore,
                           .arity = ATOM_underscore,
                           .kind = loaded_is_local ? POINT_LOCAL : POINT_GLOBAL,
                           .is_on = true,
                           .spec = of_loaded.spec};
        set_module(module, &setting);
    }
    pthread_mutex_unlock(&trace_lock);
}

static bool read_kind(Setting *setting, Term kind, Term specification)
{
    static const Term kinds[] = {ATOM_OF(global),     ATOM_OF(local),     ATOM_OF(meta),
                                 ATOM_OF(call_count), ATOM_OF(call_time), ATOM_OF(call_memory)};
    for (unsigned i = 0; i < COUNT_OF(kinds); i++) {
        if (kinds[i] == kind) {
            setting->kind = (PointKind) i;
            setting->is_on = specification != ATOM_false;
            setting->counting = specification == ATOM_restart ? COUNT_RESTART
                                : specification == ATOM_pause ? COUNT_PAUSE
                                                              : COUNT_PLAIN;
            return true;
        }
    }
    return false;
}

/* A list, or an atom. False: it is no specification. */
static bool read_specification(Term t, MatchSpec **spec)
{
    *spec = term_is_cons(t) ? match_spec_compile_trace(t) : NULL;
    return *spec != NULL || term_is_atom(t) || term_is_nil(t);
}

/* muster_trace:set_pattern(Module | '_', Function | '_', Arity | '_', Specification, Kind, Tracer):
 * how many functions; badarg: it is no match specification. Module and function `on_load`: those of
 * modules that will be loaded. */
Term bif_trace_set_pattern(Process *p, const Term args[])
{
    Setting setting = {.module = args[0], .function = args[1], .arity = args[2], .tracer = args[5]};
    if (!read_kind(&setting, args[4], args[3]) || !read_specification(args[3], &setting.spec)) {
        return bif_badarg(p);
    }
    __atomic_store_n(&trace_is_on, true, __ATOMIC_RELAXED);
    pthread_mutex_lock(&trace_lock);
    if (args[0] == ATOM_on_load && args[1] == ATOM_on_load) {
        pattern_set(&of_loaded, setting.is_on, setting.spec);
        loaded_is_local = setting.kind == POINT_LOCAL;
    } else if (args[0] == ATOM_underscore) {
        setting.module = ATOM_erlang;
        code_each_builtin(ATOM_erlang, set_built_in, &setting);
        code_each_module(set_any_module, &setting);
    } else {
        LoadedModule *module = code_module(args[0]);
        code_each_builtin(args[0], set_built_in, &setting);
        if (module != NULL) {
            set_module(module, &setting);
        }
    }
    pthread_mutex_unlock(&trace_lock);
    if (setting.spec != NULL) {
        match_spec_release(setting.spec);
    }
    return make_uint64(bif_space(p), setting.matched);
}

/* muster_trace:set_message_pattern(send | 'receive', Specification) */
Term bif_trace_set_message_pattern(Process *p, const Term args[])
{
    MatchSpec *spec;
    if (!read_specification(args[1], &spec)) {
        return bif_badarg(p);
    }
    pthread_mutex_lock(&trace_lock);
    pattern_set(args[0] == ATOM_receive ? &of_received : &of_sent, args[1] != ATOM_false, spec);
    pthread_mutex_unlock(&trace_lock);
    if (spec != NULL) {
        match_spec_release(spec);
    }
    return ATOM_true;
}

/* ---- asking ---- */

/* false: not traced; []: every call; or the specification. */
static Term pattern_term(Space *space, const TracePattern *pattern)
{
    return !pattern->is_on         ? ATOM_false
           : pattern->spec == NULL ? TERM_NIL
                                   : term_copy_flat(space, match_spec_term(pattern->spec));
}

/* muster_trace:message_pattern(send | 'receive') */
Term bif_trace_message_pattern(Process *p, const Term args[])
{
    TracePattern pattern = trace_pattern_of(args[0] == ATOM_receive);
    Term result =
        pattern.is_on && pattern.spec == NULL ? ATOM_true : pattern_term(bif_space(p), &pattern);
    pattern_set(&pattern, false, NULL);
    return result;
}

static Function *find_function(Term module_name, Term name, uint32_t arity)
{
    LoadedModule *module = code_module(module_name);
    for (uint32_t i = 0; module != NULL && i < module->function_count; i++) {
        if (module->functions[i].name == name && module->functions[i].arity == arity) {
            return &module->functions[i];
        }
    }
    return NULL;
}

/* What the points of one function say together. */
static Term measure_term(Space *space, const TracePoint *a, const TracePoint *b, Measure what)
{
    Measured *measured = a->measured[what] != NULL ? a->measured[what] : b->measured[what];
    return measured == NULL ? ATOM_false : measured_term(space, measured);
}

static Term points_term(Process *p, TracePoint *of_export, TracePoint *of_function)
{
    Space *space = bif_space(p);
    TracePoint none = {0};
    TracePoint *a = of_export != NULL ? of_export : &none;
    TracePoint *b = of_function != NULL ? of_function : &none;
    const TracePoint *call = a->call.is_on ? a : b, *meta = a->meta.is_on ? a : b;
    const TracePoint *counting = a->is_counting ? a : b;
    Term traced = !call->call.is_on ? ATOM_false : call->is_local ? ATOM_local : ATOM_global;
    const Term parts[] = {
        traced,
        pattern_term(space, &call->call),
        !meta->meta.is_on                         ? ATOM_false
        : process_find(meta->meta_tracer) == NULL ? TERM_NIL
                                                  : meta->meta_tracer,
        pattern_term(space, &meta->meta),
        counting->is_counting ? make_uint64(space, counting->count) : ATOM_false,
        measure_term(space, a, b, MEASURE_TIME),
        measure_term(space, a, b, MEASURE_MEMORY),
    };
    return make_tuple(space, parts, COUNT_OF(parts));
}

static Term on_load_term(Process *p)
{
    Space *space = bif_space(p);
    pthread_mutex_lock(&trace_lock);
    const Term parts[] = {!of_loaded.is_on  ? ATOM_false
                          : loaded_is_local ? ATOM_local
                                            : ATOM_global,
                          pattern_term(space, &of_loaded),
                          ATOM_false,
                          ATOM_false,
                          ATOM_false,
                          ATOM_false,
                          ATOM_false};
    pthread_mutex_unlock(&trace_lock);
    return make_tuple(space, parts, COUNT_OF(parts));
}

/* muster_trace:point(Module, Function, Arity): {Traced, Specification, MetaTracer,
 * MetaSpecification, Count, Time, Memory}; `undefined`: there is no such function. */
Term bif_trace_point(Process *p, const Term args[])
{
    uint64_t arity;
    if (!term_to_count(args[2], UINT8_MAX, &arity)) {
        return ATOM_undefined;
    }
    if (args[0] == ATOM_on_load && args[1] == ATOM_on_load) {
        return on_load_term(p);
    }
    CodeExport *export = code_export_find(args[0], args[1], (uint32_t) arity);
    Function *function = find_function(args[0], args[1], (uint32_t) arity);
    bool is_built_in = export != NULL && export->bif != NULL;
    if (function == NULL && !is_built_in) {
        return ATOM_undefined;
    }
    pthread_mutex_lock(&trace_lock);
    TracePoint *of_export = export != NULL ? point_of(export) : NULL;
    if (of_export != NULL) {
        drop_if_replaced(of_export);
    }
    Term result = points_term(p, of_export, function != NULL ? point_of(function) : NULL);
    pthread_mutex_unlock(&trace_lock);
    return result;
}
