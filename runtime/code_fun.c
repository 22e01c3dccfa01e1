/* runtime/code_fun.c
 * Funs, by module, index and digest. There is one entry for each, for the life of the machine:
 * terms point to them. So a fun of a module that was loaded again unchanged is the fun it was
 * before, and works although the version that made it was purged.
 *
 *   buckets        under funs_lock: store release / load acquire; entries stay
 *   entry, owner   under funs_lock / entry: any thread */
#include "runtime/code.h"

#include <pthread.h>

#include "runtime/code_internal.h"
#include "runtime/native.h"
#include "runtime/term/mem.h"

enum { FUN_BUCKETS = 1 << 12 };
static CodeFun *buckets[FUN_BUCKETS];
static pthread_mutex_t funs_lock = PTHREAD_MUTEX_INITIALIZER;

static CodeFun **bucket_of(const FunEntry *wanted)
{
    uint64_t digest;
    memcpy(&digest, wanted->uniq, sizeof digest);
    digest = (digest + wanted->index + atom_index(wanted->module)) * 0x9E3779B97F4A7C15u;
    return &buckets[digest >> 52 & (FUN_BUCKETS - 1)];
}

static bool is_wanted(const FunEntry *entry, const FunEntry *wanted)
{
    return entry->module == wanted->module && entry->index == wanted->index &&
           entry->arity == wanted->arity && entry->free_count == wanted->free_count &&
           memcmp(entry->uniq, wanted->uniq, sizeof entry->uniq) == 0;
}

static CodeFun *find(const FunEntry *wanted)
{
    CodeFun *at = __atomic_load_n(bucket_of(wanted), __ATOMIC_ACQUIRE);
    while (at != NULL && !is_wanted(&at->identity, wanted)) {
        at = at->next;
    }
    return at;
}

static Code make_stub(CodeFun *fun)
{
    uint32_t arity = fun->identity.arity + fun->identity.free_count;
    uint8_t *at = fun->stub + sizeof(CodeHeader);
    code_header_init(code_header(at), arity + 4, arity);
    memcpy(at, &instruction_words[I_stub_no_fun], 4);
    memcpy(at + 8, &fun, sizeof fun);
    return at;
}

CodeFun *code_fun(const FunEntry *wanted)
{
    CodeFun *fun = find(wanted);
    if (fun == NULL) {
        pthread_mutex_lock(&funs_lock);
        fun = find(wanted);
        if (fun == NULL) {
            CodeFun **bucket = bucket_of(wanted);
            fun = mem_alloc_zero(sizeof *fun);
            fun->identity = *wanted;
            fun->entry = make_stub(fun);
            fun->next = *bucket;
            __atomic_store_n(bucket, fun, __ATOMIC_RELEASE);
        }
        pthread_mutex_unlock(&funs_lock);
    }
    return fun;
}

FunEntry *code_find_fun(const FunEntry *wanted)
{
    return &code_fun(wanted)->identity;
}

/* Where a fun of the function begins: `fun f/1` of one that a built-in stands for is the built-in.
 */
static Code entry_of(const LoadedModule *module, const Function *function)
{
    const CodeExport *export = function->is_exported
                                   ? code_export_find(module->name, function->name, function->arity)
                                   : NULL;
    return code_export_is_direct(export) ? export->entry : module->code + function->code_offset;
}

void code_funs_attach(LoadedModule *module, bool again)
{
    pthread_mutex_lock(&funs_lock);
    for (uint32_t i = 0; i < module->fun_count; i++) {
        CodeFun *fun = module->funs[i];
        const Function *function = &module->functions[module->fun_functions[i]];
        if (!again || fun->owner == NULL) {
            __atomic_store_n(&fun->identity.function, function->name, __ATOMIC_RELAXED);
            fun->owner = module;
            fun->entry = entry_of(module, function);
        }
    }
    pthread_mutex_unlock(&funs_lock);
}

void code_funs_detach(LoadedModule *module)
{
    pthread_mutex_lock(&funs_lock);
    for (uint32_t i = 0; i < module->fun_count; i++) {
        CodeFun *fun = module->funs[i];
        if (fun->owner == module) {
            __atomic_store_n(&fun->identity.function, TERM_NONE, __ATOMIC_RELAXED);
            fun->owner = NULL;
            fun->entry = fun->stub + sizeof(CodeHeader);
        }
    }
    pthread_mutex_unlock(&funs_lock);
}

bool code_fun_is_there(const FunEntry *entry)
{
    const CodeFun *fun = (const CodeFun *) entry;
    return fun->entry != fun->stub + sizeof(CodeHeader);
}
