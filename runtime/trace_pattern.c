/* runtime/trace_pattern.c: see trace.h. Which functions are traced, and how.
 *
 * A trace point belongs to a function, whose header asks then, or to an export, which leads to the
 * point's stub then. It is made when first needed and stays, mostly idle; that of a function goes
 * when the function's module is no longer current. It has a watch for each session that wants
 * something of it. */
#include "runtime/trace.h"

#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"

struct TracePoint {
    TracePoint *next;   /* of the same bucket */
    const void *key;    /* the function or the export */
    Function *function; /* NULL: an export's */
    CodeExport *export; /* NULL: a function's */
    TraceWatch *watches;
    bool is_installed;
    struct NativeCode *native; /* the function's, kept meanwhile */
    BifFunction bif;           /* the export's, kept meanwhile; NULL: it is none */
    _Alignas(8) uint8_t stub[sizeof(CodeHeader) + 8];
};

enum { BUCKETS = 1024 };
static TracePoint *points[BUCKETS]; /* under trace_lock, and all that they have */

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

/* ---- watches ---- */

static TraceWatch *watch_of(const TracePoint *point, const TraceSession *session)
{
    TraceWatch *at = point == NULL ? NULL : point->watches;
    while (at != NULL && at->session != session) {
        at = at->next;
    }
    return at;
}

static TraceWatch *watch_make(TracePoint *point, TraceSession *session)
{
    TraceWatch *watch = watch_of(point, session);
    if (watch == NULL) {
        watch = mem_alloc_zero(sizeof *watch);
        watch->session = session;
        trace_session_retain(session);
        watch->next = point->watches;
        point->watches = watch;
    }
    return watch;
}

static bool is_watching(const TraceWatch *watch)
{
    return watch->call.is_on || watch->meta.is_on || watch->is_counting ||
           watch->measured[MEASURE_TIME] != NULL || watch->measured[MEASURE_MEMORY] != NULL;
}

static void end_measuring(TraceWatch *watch)
{
    for (Measure what = 0; what < MEASURES; what++) {
        if (watch->measured[what] != NULL) {
            measured_change(watch->measured[what], MEASURE_OFF);
            watch->measured[what] = NULL;
        }
    }
}

static void watch_end(TraceWatch *watch)
{
    trace_pattern_set(&watch->call, false, NULL);
    trace_pattern_set(&watch->meta, false, NULL);
    watch->is_counting = false;
    end_measuring(watch);
}

/* Frees those that watch nothing any more. */
static void drop_idle(TracePoint *point)
{
    for (TraceWatch **link = &point->watches; *link != NULL;) {
        TraceWatch *watch = *link;
        if (is_watching(watch)) {
            link = &watch->next;
        } else {
            *link = watch->next;
            trace_session_release(watch->session);
            mem_free(watch);
        }
    }
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

static void end_all(TracePoint *point)
{
    for (TraceWatch *at = point->watches; at != NULL; at = at->next) {
        watch_end(at);
    }
}

/* Is a version loaded, or deleted, since? Then nothing is traced. */
static void drop_if_replaced(TracePoint *point)
{
    if (point->is_installed && point->export != NULL && point->export->entry != stub_of(point)) {
        point->is_installed = false;
        end_all(point);
        drop_idle(point);
    }
}

static void point_settle(TracePoint *point)
{
    drop_idle(point);
    bool wanted = point->watches != NULL;
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

void trace_points_end(TraceSession *session)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        for (TracePoint *at = points[i]; at != NULL; at = at->next) {
            TraceWatch *watch = watch_of(at, session);
            if (watch != NULL) {
                drop_if_replaced(at);
            }
            watch = watch_of(at, session);
            if (watch != NULL) {
                watch_end(watch);
                point_settle(at);
            }
        }
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
            end_all(point);
            point_settle(point);
            mem_free(point);
        }
    }
    pthread_mutex_unlock(&trace_lock);
}

/* ---- a call ---- */

/* Whose point it is, and where a call of it goes on. */
static void read_where(const TracePoint *point, Code at, TraceNow *now)
{
    const Function *function = point->function;
    if (function != NULL) {
        now->entry = at;
        now->module = function->module;
        now->function = function->name;
        now->arity = function->arity;
        return;
    }
    const Export *identity = &point->export->identity;
    now->entry = entry_behind(point);
    now->module = identity->module;
    now->function = identity->function;
    now->arity = identity->arity;
}

static void copy_watches(const TracePoint *point, TraceNow *now)
{
    size_t count = 0;
    for (const TraceWatch *at = point->watches; at != NULL; at = at->next) {
        count++;
    }
    if (count > COUNT_OF(now->few)) {
        now->watches = mem_alloc(count * sizeof *now->watches);
    }
    for (TraceWatch *at = point->watches; at != NULL; at = at->next) {
        TraceWatch *copy = &now->watches[now->count++];
        at->count += at->is_counting && !at->is_paused;
        *copy = *at;
        copy->call = trace_pattern_copy(&at->call);
        copy->meta = trace_pattern_copy(&at->meta);
        trace_session_retain(at->session);
    }
}

void trace_point_called(Code at, TraceNow *now)
{
    Function *function = code_header(at)->function;
    now->entry = at;
    now->watches = now->few;
    now->count = 0;
    pthread_mutex_lock(&trace_lock);
    TracePoint *point = function != NULL
                            ? point_of(function)
                            : (TracePoint *) (at - sizeof(CodeHeader) - offsetof(TracePoint, stub));
    if (point != NULL) {
        read_where(point, at, now);
        copy_watches(point, now);
    }
    pthread_mutex_unlock(&trace_lock);
}

void trace_now_finish(TraceNow *now)
{
    for (size_t i = 0; i < now->count; i++) {
        trace_pattern_set(&now->watches[i].call, false, NULL);
        trace_pattern_set(&now->watches[i].meta, false, NULL);
        trace_session_release(now->watches[i].session);
    }
    if (now->watches != now->few) {
        mem_free(now->watches);
    }
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
    TraceSession *session;
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

static void set_count(const Setting *setting, TraceWatch *watch)
{
    if (setting->counting == COUNT_PLAIN) {
        watch->is_counting = setting->is_on;
        watch->is_paused = false;
    } else {
        watch->is_paused = setting->counting == COUNT_PAUSE;
    }
    if (setting->counting != COUNT_PAUSE) {
        watch->count = 0;
    }
}

static void set_measure(const Setting *setting, const TracePoint *point, TraceWatch *watch,
                        Measure what)
{
    Measured **measured = &watch->measured[what];
    if (setting->counting == COUNT_PLAIN && setting->is_on && *measured == NULL) {
        TraceNow where;
        read_where(point, NULL, &where);
        *measured = measured_of(&setting->session->measured, what, where.module, where.function,
                                where.arity);
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
    TraceWatch *watch = watch_make(point, setting->session);
    switch (setting->kind) {
    case POINT_GLOBAL:
    case POINT_LOCAL:
        trace_pattern_set(&watch->call, setting->is_on, setting->spec);
        watch->is_local = setting->kind == POINT_LOCAL;
        break;
    case POINT_META:
        trace_pattern_set(&watch->meta, setting->is_on, setting->spec);
        watch->meta_tracer = setting->tracer;
        break;
    case POINT_COUNT:
        set_count(setting, watch);
        break;
    case POINT_TIME:
        set_measure(setting, point, watch, MEASURE_TIME);
        break;
    case POINT_MEMORY:
        set_measure(setting, point, watch, MEASURE_MEMORY);
        break;
    }
    point_settle(point);
}

/* Its calls are traced by the other kind of point now: a function's, or (`all`) the export's. */
static void end_other(const Setting *setting, TracePoint *point, bool all)
{
    TraceWatch *watch = watch_of(point, setting->session);
    if (watch != NULL) {
        if (all) {
            watch_end(watch);
        } else {
            trace_pattern_set(&watch->call, false, NULL);
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
            end_other(setting, point_of(function), true);
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
        end_other(setting, point_of(export), false);
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
    for (TraceSession *at = trace_sessions(); at != NULL; at = at->next) {
        Setting setting = {.session = at,
                           .module = module->name,
                           .function = ATOM_underscore,
                           .arity = ATOM_underscore,
                           .kind = at->loaded_is_local ? POINT_LOCAL : POINT_GLOBAL,
                           .is_on = true,
                           .spec = at->loaded.spec};
        if (at->loaded.is_on) {
            set_module(module, &setting);
        }
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

/* Under trace_lock. */
static void set_all(Setting *setting)
{
    TraceSession *session = setting->session;
    if (setting->module == ATOM_on_load && setting->function == ATOM_on_load) {
        trace_pattern_set(&session->loaded, setting->is_on, setting->spec);
        session->loaded_is_local = setting->kind == POINT_LOCAL;
    } else if (setting->module == ATOM_underscore) {
        setting->module = ATOM_erlang;
        code_each_builtin(ATOM_erlang, set_built_in, setting);
        code_each_module(set_any_module, setting);
    } else {
        LoadedModule *module = code_module(setting->module);
        code_each_builtin(setting->module, set_built_in, setting);
        if (module != NULL) {
            set_module(module, setting);
        }
    }
}

void trace_watch_all(TraceSession *session)
{
    Setting setting = {.session = session,
                       .module = ATOM_underscore,
                       .function = ATOM_underscore,
                       .arity = ATOM_underscore,
                       .kind = POINT_GLOBAL,
                       .is_on = true};
    __atomic_store_n(&trace_is_on, true, __ATOMIC_RELAXED);
    trace_pattern_set(&session->loaded, true, NULL);
    set_all(&setting);
}

/* muster_trace:set_pattern(Session, Module | '_', Function | '_', Arity | '_', Specification, Kind,
 * Tracer): how many functions; badarg: it is no match specification. Module and function `on_load`:
 * those of modules that will be loaded. */
Term bif_trace_set_pattern(Process *p, const Term args[])
{
    Setting setting = {.session = trace_session_of(args[0]),
                       .module = args[1],
                       .function = args[2],
                       .arity = args[3],
                       .tracer = args[6]};
    if (setting.session == NULL) {
        return bif_badarg(p);
    }
    bool good = read_kind(&setting, args[5], args[4]) && read_specification(args[4], &setting.spec);
    if (good) {
        __atomic_store_n(&trace_is_on, true, __ATOMIC_RELAXED);
        pthread_mutex_lock(&trace_lock);
        if (!trace_session_is_over(setting.session)) { /* nothing would end it again */
            set_all(&setting);
        }
        pthread_mutex_unlock(&trace_lock);
    }
    if (setting.spec != NULL) {
        match_spec_release(setting.spec);
    }
    trace_session_release(setting.session);
    return good ? make_uint64(bif_space(p), setting.matched) : bif_badarg(p);
}

/* muster_trace:set_message_pattern(Session, send | 'receive', Specification) */
Term bif_trace_set_message_pattern(Process *p, const Term args[])
{
    MatchSpec *spec;
    TraceSession *session = trace_session_of(args[0]);
    if (session == NULL) {
        return bif_badarg(p);
    }
    bool good = read_specification(args[2], &spec);
    if (good) {
        pthread_mutex_lock(&trace_lock);
        trace_pattern_set(args[1] == ATOM_receive ? &session->received : &session->sent,
                          args[2] != ATOM_false, spec);
        pthread_mutex_unlock(&trace_lock);
    }
    if (spec != NULL) {
        match_spec_release(spec);
    }
    trace_session_release(session);
    return good ? ATOM_true : bif_badarg(p);
}

/* ---- asking ---- */

/* false: not traced; []: every call; or the specification. */
static Term pattern_term(Space *space, const TracePattern *pattern)
{
    return !pattern->is_on         ? ATOM_false
           : pattern->spec == NULL ? TERM_NIL
                                   : term_copy_flat(space, match_spec_term(pattern->spec));
}

/* muster_trace:message_pattern(Session, send | 'receive') */
Term bif_trace_message_pattern(Process *p, const Term args[])
{
    TraceSession *session = trace_session_of(args[0]);
    if (session == NULL) {
        return bif_badarg(p);
    }
    pthread_mutex_lock(&trace_lock);
    const TracePattern *pattern = args[1] == ATOM_receive ? &session->received : &session->sent;
    Term result =
        pattern->is_on && pattern->spec == NULL ? ATOM_true : pattern_term(bif_space(p), pattern);
    pthread_mutex_unlock(&trace_lock);
    trace_session_release(session);
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

/* What the watches of one function's points say together. */
static Term measure_term(Space *space, const TraceWatch *a, const TraceWatch *b, Measure what)
{
    Measured *measured = a->measured[what] != NULL ? a->measured[what] : b->measured[what];
    return measured == NULL ? ATOM_false : measured_term(space, measured);
}

static Term watches_term(Process *p, const TraceWatch *of_export, const TraceWatch *of_function)
{
    Space *space = bif_space(p);
    const TraceWatch none = {0};
    const TraceWatch *a = of_export != NULL ? of_export : &none;
    const TraceWatch *b = of_function != NULL ? of_function : &none;
    const TraceWatch *call = a->call.is_on ? a : b, *meta = a->meta.is_on ? a : b;
    const TraceWatch *counting = a->is_counting ? a : b;
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

/* Under trace_lock. */
static Term on_load_term(Process *p, const TraceSession *session)
{
    Space *space = bif_space(p);
    const Term parts[] = {!session->loaded.is_on     ? ATOM_false
                          : session->loaded_is_local ? ATOM_local
                                                     : ATOM_global,
                          pattern_term(space, &session->loaded),
                          ATOM_false,
                          ATOM_false,
                          ATOM_false,
                          ATOM_false,
                          ATOM_false};
    return make_tuple(space, parts, COUNT_OF(parts));
}

/* Under trace_lock. */
static Term function_term(Process *p, const TraceSession *session, Term module, Term name,
                          uint32_t arity)
{
    CodeExport *export = code_export_find(module, name, arity);
    Function *function = find_function(module, name, arity);
    bool is_built_in = export != NULL && export->bif != NULL;
    if (function == NULL && !is_built_in) {
        return ATOM_undefined;
    }
    TracePoint *of_export = export != NULL ? point_of(export) : NULL;
    if (of_export != NULL) {
        drop_if_replaced(of_export);
    }
    return watches_term(p, watch_of(of_export, session),
                        watch_of(function != NULL ? point_of(function) : NULL, session));
}

/* muster_trace:point(Session, Module, Function, Arity): {Traced, Specification, MetaTracer,
 * MetaSpecification, Count, Time, Memory}; `undefined`: there is no such function. */
Term bif_trace_point(Process *p, const Term args[])
{
    uint64_t arity;
    if (!term_to_count(args[3], UINT8_MAX, &arity)) {
        return ATOM_undefined;
    }
    TraceSession *session = trace_session_of(args[0]);
    if (session == NULL) {
        return bif_badarg(p);
    }
    pthread_mutex_lock(&trace_lock);
    Term result = args[1] == ATOM_on_load && args[2] == ATOM_on_load
                      ? on_load_term(p, session)
                      : function_term(p, session, args[1], args[2], (uint32_t) arity);
    pthread_mutex_unlock(&trace_lock);
    trace_session_release(session);
    return result;
}
