/* runtime/bif_code.c
 * Built-ins about loaded code: what is there, loading, deleting and purging modules, funs of
 * exported functions. The policy (paths, who may be killed) is in stdlib/code.erl. */
#include "runtime/bif_on_load.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"

#include "runtime/code.h"
#include "runtime/term/bits.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"

#include <stdatomic.h>

/* ---- what is there ---- */

Term bif_module_loaded_1(Process *p, const Term args[])
{
    return term_is_atom(args[0]) ? term_bool(code_module(args[0]) != NULL) : bif_badarg(p);
}

typedef struct ModuleList {
    Space *space;
    Term list;
} ModuleList;

static void add_module(LoadedModule *module, void *state)
{
    ModuleList *all = state;
    if (!module->is_old) {
        all->list = make_cons(all->space, module->name, all->list);
    }
}

Term bif_loaded_0(Process *p, const Term args[])
{
    ModuleList all = {bif_space(p), TERM_NIL};
    code_each_module(add_module, &all);
    return all.list;
}

static CodeExport *export_named(const Term args[])
{
    uint64_t arity;
    return term_to_count(args[2], 255, &arity)
               ? code_export_find(args[0], args[1], (uint32_t) arity)
               : NULL;
}

static bool names_function(const Term args[])
{
    return term_is_atom(args[0]) && term_is_atom(args[1]) && term_is_integer(args[2]);
}

Term bif_function_exported_3(Process *p, const Term args[])
{
    if (!names_function(args)) {
        return bif_badarg(p);
    }
    if (args[0] == ATOM_erlang && code_module(ATOM_erlang) == NULL && code_autoload != NULL) {
        code_autoload(ATOM_erlang); /* what of it is not built in, is there from the start in OTP */
    }
    const CodeExport *export = export_named(args);
    return term_bool(export != NULL && code_export_is_defined(export));
}

Term bif_is_builtin_3(Process *p, const Term args[])
{
    if (!names_function(args)) {
        return bif_badarg(p);
    }
    const CodeExport *export = export_named(args);
    return term_bool(export != NULL && export->bif != NULL);
}

/* make_fun(M, F, A) */
Term bif_make_fun_3(Process *p, const Term args[])
{
    uint64_t arity;
    if (!names_function(args) || !term_to_count(args[2], 255, &arity)) {
        return bif_badarg(p);
    }
    Term *object = space_alloc(bif_space(p), 2);
    object[0] = HEADER(KIND_export, 1);
    object[1] = (Term) export_of(args[0], args[1], (uint32_t) arity);
    return term_boxed(object);
}

/* ---- module_info ---- */

typedef struct BuiltinList {
    Space *space;
    Term own; /* functions of the module's own code */
    Term list;
} BuiltinList;

static void add_builtin(Term name, uint32_t arity, void *state)
{
    BuiltinList *all = state;
    for (Term own = all->own; term_is_cons(own); own = cons_tail(own)) {
        const Term *pair = tuple_elements(cons_head(own));
        if (pair[0] == name && pair[1] == term_small(arity)) {
            return;
        }
    }
    all->list = make_cons(all->space, make_tuple2(all->space, name, term_small(arity)), all->list);
}

/* Those of module erlang are its built-ins, too: no other module has any that its code does not
 * mention. */
static Term with_builtins(Space *space, const LoadedModule *module, Term functions)
{
    BuiltinList all = {space, functions, functions};
    if (module->name == ATOM_erlang) {
        code_each_builtin(ATOM_erlang, add_builtin, &all);
    }
    return all.list;
}

/* TERM_NONE: no such item. */
static Term module_item(Space *space, const LoadedModule *module, Term key)
{
    switch (key) {
    case ATOM_module:
        return module->name;
    case ATOM_exports:
        return with_builtins(space, module, module->exports);
    case ATOM_attributes:
        return module->attributes;
    case ATOM_compile:
        return module->compile_info;
    case ATOM_md5:
        return make_binary(space, module->digest, sizeof module->digest);
    case ATOM_functions:
        return with_builtins(space, module, module->functions_list);
    case ATOM_native:
        return ATOM_false;
    case ATOM_nifs:
        return TERM_NIL;
    default:
        return TERM_NONE;
    }
}

Term bif_get_module_info_1(Process *p, const Term args[])
{
    static const Term keys[] = {ATOM_module, ATOM_exports, ATOM_attributes, ATOM_compile, ATOM_md5};
    const LoadedModule *module = term_is_atom(args[0]) ? code_module(args[0]) : NULL;
    if (module == NULL) {
        return bif_badarg(p);
    }
    Space *space = bif_space(p);
    Term list = TERM_NIL;
    for (size_t i = COUNT_OF(keys); i-- > 0;) {
        Term value = module_item(space, module, keys[i]);
        list = make_cons(space, make_tuple2(space, keys[i], value), list);
    }
    return list;
}

Term bif_get_module_info_2(Process *p, const Term args[])
{
    const LoadedModule *module = term_is_atom(args[0]) ? code_module(args[0]) : NULL;
    Term value = module == NULL ? TERM_NONE : module_item(bif_space(p), module, args[1]);
    return value == TERM_NONE ? bif_badarg(p) : value;
}

/* ---- loading and unloading ---- */

enum { ERROR_BYTES = 512 };

static Term load_error(Process *p, Term why)
{
    return make_tuple2(bif_space(p), ATOM_error, why);
}

static Term load_bytes(Process *p, Term name, const uint8_t *bytes, size_t size_bytes)
{
    char error[ERROR_BYTES];
    Module *module = module_read(bytes, size_bytes, error, sizeof error);
    if (module == NULL) {
        return load_error(p, ATOM_badfile);
    }
    Term result = ATOM_badfile;
    if (module->name == name) {
        bool loaded = code_load(module, error, sizeof error);
        bool too_many = !loaded && strcmp(error, "not_purged") == 0;
        result = loaded ? ATOM_true : too_many ? ATOM_not_purged : ATOM_badfile;
    }
    module_destroy(module);
    return result == ATOM_true ? make_tuple2(bif_space(p), ATOM_module, name)
                               : load_error(p, result);
}

Term bif_load_module_2(Process *p, const Term args[])
{
    if (!term_is_atom(args[0]) || !term_is_binary(args[1])) {
        return bif_badarg(p);
    }
    if (code_waiting(args[0]) != NULL) { /* one version after the other */
        return bif_call(p, atom_of("muster_on_load"), atom_of("load"), args, 2);
    }
    size_t size_bytes;
    void *scratch;
    const uint8_t *bytes = binary_bytes(args[1], &size_bytes, &scratch);
    Term result = load_bytes(p, args[0], bytes, size_bytes);
    mem_free(scratch);
    return code_waiting(args[0]) == NULL ? result : on_load_finish(p, args[0], result);
}

Term bif_delete_module_1(Process *p, const Term args[])
{
    if (!term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    if (code_module(args[0]) == NULL) {
        return ATOM_undefined;
    }
    return code_delete(args[0]) ? ATOM_true : bif_badarg(p);
}

Term bif_check_old_code_1(Process *p, const Term args[])
{
    return term_is_atom(args[0]) ? term_bool(code_old(args[0]) != NULL) : bif_badarg(p);
}

/* ---- check_process_code ---- */

/* argument: {Module, Id}; Id `[]`: who asks waits for the answer. */
static void check_call(Process *target, Message *request, Term argument)
{
    Term id = pair_value(argument);
    Term uses = term_bool(target != NULL && code_process_uses_old(target, pair_key(argument)));
    if (term_is_nil(id)) {
        request_answer(request, uses);
        return;
    }
    Message *message = message_create(4 + term_copy_words(id));
    if (message != NULL) {
        Term *tuple = message->top;
        message->top += 4;
        tuple[0] = HEADER(KIND_tuple, 3);
        tuple[1] = ATOM_check_process_code;
        tuple[2] = term_copy_to(id, &message->top, &message->off_heap, &message->off_heap_bytes);
        tuple[3] = uses;
        message->value = term_boxed(tuple);
        process_send_message(request_from(request), message);
    }
    message_destroy(request);
}

static bool read_check_options(Term options, Term *id)
{
    Term option;
    while (list_take(&options, &option)) {
        if (!term_is_pair(option)) {
            return false;
        }
        Term value = pair_value(option);
        if (pair_key(option) == ATOM_async) {
            *id = value;
        } else if (pair_key(option) != ATOM_allow_gc ||
                   (value != ATOM_true && value != ATOM_false)) {
            return false;
        }
    }
    return term_is_nil(options);
}

static Term check(Process *p, Term pid, Term module, Term options)
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    Term id = TERM_NIL;
    if (!term_is_local_pid(pid) || !term_is_atom(module) || !read_check_options(options, &id)) {
        return bif_badarg(p);
    }
    if (pid == p->pid && term_is_nil(id)) {
        return term_bool(code_process_uses_old(p, module));
    }
    uint64_t number;
    bool waits = term_is_nil(id);
    Term argument = make_tuple2(bif_space(p), module, id);
    bool sent = process_request(p, pid, check_call, argument, waits ? &number : NULL);
    if (!waits) {
        if (!sent) {
            Message *message =
                message_of(make_tuple3(bif_space(p), ATOM_check_process_code, id, ATOM_false));
            if (message != NULL) {
                process_send_message(p->pid, message);
            }
        }
        return ATOM_async;
    }
    if (!sent) {
        return ATOM_false;
    }
    reply_await(p, number);
    return reply_take(p);
}

Term bif_check_process_code_2(Process *p, const Term args[])
{
    return check(p, args[0], args[1], TERM_NIL);
}
Term bif_check_process_code_3(Process *p, const Term args[])
{
    return check(p, args[0], args[1], args[2]);
}

/* muster_machine:module_is_from(Module, Name): the code that is there now came from the file of
 * that name, a binary. */
Term bif_code_is_from_2(Process *p, const Term args[])
{
    LoadedModule *module = term_is_atom(args[0]) ? code_module(args[0]) : NULL;
    if (!term_is_binary(args[1])) {
        return bif_badarg(p);
    }
    if (module != NULL) {
        size_t size_bytes;
        void *scratch;
        const uint8_t *bytes = binary_bytes(args[1], &size_bytes, &scratch);
        char *name = mem_alloc(size_bytes + 1), *none = NULL;
        memcpy(name, bytes, size_bytes);
        name[size_bytes] = '\0';
        mem_free(scratch);
        if (!atomic_compare_exchange_strong(&module->told_file, &none, name)) {
            mem_free(name);
        }
    }
    return ATOM_ok;
}

/* muster_machine:module_file(Module): where a loaded module came from, a string; `undefined`: not
 * loaded; `preloaded`: nobody said. */
Term bif_code_file_1(Process *p, const Term args[])
{
    LoadedModule *module = term_is_atom(args[0]) ? code_module(args[0]) : NULL;
    if (module == NULL) {
        return ATOM_undefined;
    }
    const char *name = atomic_load(&module->told_file);
    return name == NULL ? ATOM_preloaded : make_string_utf8(bif_space(p), name, strlen(name));
}

/* muster_machine:ensure_loaded(Module): finds it in the embedded library or on the code path. */
Term bif_code_ensure_loaded_1(Process *p, const Term args[])
{
    if (!term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    CodeFound found = code_module(args[0]) != NULL ? CODE_LOADED
                      : code_autoload == NULL      ? CODE_NOT_FOUND
                                                   : code_autoload(args[0]);
    if (found == CODE_IS_SOURCE) {
        return bif_call(p, atom_of("muster_autoload"), atom_of("ensure_loaded"), args, 1);
    }
    bool loaded = found == CODE_LOADED;
    return code_waiting(args[0]) == NULL || code_module(args[0]) != NULL
               ? term_bool(loaded)
               : on_load_finish(p, args[0], ATOM_true);
}
