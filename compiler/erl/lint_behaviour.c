/* compiler/erl/lint_behaviour.c
 * Behaviours: are the functions there that they call? */
#include "compiler/erl/lint_internal.h"

typedef struct Callback {
    Term name;
    uint32_t arity;
    bool is_optional;
} Callback;

typedef struct Behaviour {
    Callback *callbacks;
    uint32_t count;
    bool is_known;
} Behaviour;

/* OTP's own: required/arity, optional in parentheses. */
static const struct {
    const char *module, *callbacks;
} known[] = {
    {"application", "start/2 stop/1"},
    {"eunit_listener", "init/1 handle_begin/3 handle_end/3 handle_cancel/3 terminate/2"},
    {"gen_event", "init/1 handle_event/2 handle_call/2 (handle_info/2) (terminate/2) "
                  "(code_change/3) (format_status/2) (format_status/1)"},
    {"gen_fsm", "init/1 handle_event/3 handle_sync_event/4 (handle_info/3) (terminate/3) "
                "(code_change/4) (format_status/2)"},
    {"gen_server", "init/1 handle_call/3 handle_cast/2 (handle_info/2) (handle_continue/2) "
                   "(terminate/2) (code_change/3) (format_status/2) (format_status/1)"},
    {"gen_statem", "init/1 callback_mode/0 (state_name/3) (handle_event/4) (terminate/3) "
                   "(code_change/4) (format_status/2) (format_status/1)"},
    {"supervisor", "init/1"},
    {"supervisor_bridge", "init/1 terminate/2"},
};

static Behaviour parse_known(Linter *linter, const char *text)
{
    Behaviour behaviour = {ARENA_ARRAY(&linter->arena, Callback, 16), 0, true};
    while (*text != '\0') {
        Callback *callback = &behaviour.callbacks[behaviour.count++];
        callback->is_optional = *text == '(';
        text += callback->is_optional;
        const char *slash = strchr(text, '/');
        callback->name = atom_make(text, (size_t) (slash - text));
        callback->arity = (uint32_t) (slash[1] - '0');
        text = slash + 2;
        text += strspn(text, ") ");
    }
    return behaviour;
}

static bool list_has(Term list, Term name, uint32_t arity)
{
    Term item, item_name;
    uint32_t item_arity;
    while (list_next(&list, &item)) {
        if (name_arity_of(item, &item_name, &item_arity) && item_name == name &&
            item_arity == arity) {
            return true;
        }
    }
    return false;
}

/* The row of `known`; -1: none. */
static int known_row(Term module)
{
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (atom_is(module, known[i].module)) {
            return (int) i;
        }
    }
    return -1;
}

bool lint_knows_behaviour(Term module)
{
    return known_row(module) >= 0;
}

static Behaviour find_behaviour(Linter *linter, Location at, Term module)
{
    int row = known_row(module);
    if (row >= 0) {
        return parse_known(linter, known[row].callbacks);
    }
    Behaviour behaviour = {0};
    if (linter->options == NULL || linter->options->behaviour_info == NULL) {
        return behaviour;
    }
    Term optional = TERM_NIL;
    Term all = linter->options->behaviour_info(linter->options->context, module, &optional);
    if (all == TERM_NONE) {
        return behaviour;
    }
    behaviour.is_known = true;
    if (!lint_is_name_list(all)) {
        if (all == ATOM_undefined) {
            lint_warn_always(linter, at, undefined_behaviour_callbacks, module);
        } else {
            lint_warn_always(linter, at, ill_defined_behaviour_callbacks, module);
        }
        return behaviour;
    }
    if (!lint_is_name_list(optional) && optional != ATOM_undefined) {
        lint_warn_always(linter, at, ill_defined_optional_callbacks, module);
        optional = TERM_NIL;
    }
    uint32_t count = 0;
    Term rest = all, item;
    while (list_next(&rest, &item)) {
        count++;
    }
    behaviour.callbacks = ARENA_ARRAY(&linter->arena, Callback, count);
    for (rest = all; list_next(&rest, &item);) {
        Callback *callback = &behaviour.callbacks[behaviour.count];
        if (name_arity_of(item, &callback->name, &callback->arity)) {
            callback->is_optional = list_has(optional, callback->name, callback->arity);
            behaviour.count++;
        }
    }
    return behaviour;
}

/* Does the behaviour call that function, which the module has or has not? */
static bool calls(const Behaviour *behaviour, Term name, uint32_t arity, bool is_there)
{
    for (uint32_t i = 0; i < behaviour->count; i++) {
        const Callback *callback = &behaviour->callbacks[i];
        if (callback->name == name && callback->arity == arity &&
            (is_there || !callback->is_optional)) {
            return true;
        }
    }
    return false;
}

static void check_behaviour(Linter *linter, const Behaviour all[], uint32_t index)
{
    const BehaviourUse *use = &linter->behaviours[index];
    const Behaviour *behaviour = &all[index];
    if (!behaviour->is_known) {
        lint_warn_always(linter, use->at, undefined_behaviour, use->module);
        return;
    }
    for (uint32_t i = 0; i < behaviour->count; i++) {
        const Callback *callback = &behaviour->callbacks[i];
        const Name *function = name_find(&linter->functions, callback->name, callback->arity);
        bool is_there =
            function != NULL && (linter->exports_all || (function->flags & NAME_EXPORTED) != 0);
        if (!is_there && callback->is_optional) {
            continue;
        }
        if (!is_there) {
            lint_warn_always(linter, use->at, undefined_behaviour_func, callback->name,
                             lint_count(callback->arity), use->module);
        }
        for (uint32_t k = 0; k < index; k++) {
            if (calls(&all[k], callback->name, callback->arity, is_there)) {
                lint_warn_always(linter, use->at, conflicting_behaviours, callback->name,
                                 lint_count(callback->arity), use->module,
                                 lint_place(linter, linter->behaviours[k].at),
                                 linter->behaviours[k].module);
                break;
            }
        }
    }
}

void lint_behaviours_at_end(Linter *linter)
{
    Behaviour *all = ARENA_ARRAY(&linter->arena, Behaviour, linter->behaviour_count);
    for (uint32_t i = 0; i < linter->behaviour_count; i++) {
        all[i] = find_behaviour(linter, linter->behaviours[i].at, linter->behaviours[i].module);
        check_behaviour(linter, all, i);
    }
}
