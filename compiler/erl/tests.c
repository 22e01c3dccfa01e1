/* compiler/erl/tests.c
 * Names end in _test or _test_, or in _exported_ (what tests call by name), arity 0. */
#include "compiler/erl/tests.h"

#include <string.h>

typedef enum Request { REQUEST_NONE, REQUEST_EXPORT, REQUEST_STRIP } Request;

static Request request_of(Term option)
{
    if (!term_is_tuple(option) || tuple_arity(option) != 2 ||
        tuple_elements(option)[0] != atom_of("parse_transform")) {
        return REQUEST_NONE;
    }
    Term transform = tuple_elements(option)[1];
    return transform == atom_of("eunit_autoexport")   ? REQUEST_EXPORT
           : transform == atom_of("eunit_striptests") ? REQUEST_STRIP
                                                      : REQUEST_NONE;
}

/* The request in the value of a -compile attribute, which is replaced by one without it. */
static Request take_request(ErlUnit *unit, Term *options)
{
    Request request = request_of(*options);
    if (request != REQUEST_NONE) {
        *options = TERM_NIL;
        return request;
    }
    Term kept = TERM_NIL;
    for (Term rest = *options; term_is_cons(rest); rest = cons_tail(rest)) {
        Request one = request_of(cons_head(rest));
        if (one != REQUEST_NONE) {
            request = one;
        } else {
            kept = make_cons(erl_unit_space(unit), cons_head(rest), kept);
        }
    }
    if (request != REQUEST_NONE) {
        Term ordered = TERM_NIL;
        for (; term_is_cons(kept); kept = cons_tail(kept)) {
            ordered = make_cons(erl_unit_space(unit), cons_head(kept), ordered);
        }
        *options = ordered;
    }
    return request;
}

static Request take_requests(ErlUnit *unit)
{
    Request request = REQUEST_NONE;
    for (uint32_t i = 0; i < unit->form_count; i++) {
        Form *form = unit->forms[i];
        if (form->kind == FORM_ATTRIBUTE && form->attribute.name == atom_of("compile")) {
            Request one = take_request(unit, &form->attribute.value);
            request = one != REQUEST_NONE ? one : request;
        }
    }
    return request;
}

static bool ends_in(Term atom, const char *ending)
{
    const char *name = atom_name(atom);
    size_t size = strlen(name), ending_size = strlen(ending);
    return size >= ending_size && strcmp(name + size - ending_size, ending) == 0;
}

static bool is_function(const Form *form)
{
    return form->kind == FORM_FUNCTION && form->function.arity == 0;
}

static bool is_test(const Form *form)
{
    return is_function(form) &&
           (ends_in(form->function.name, "_test") || ends_in(form->function.name, "_test_") ||
            ends_in(form->function.name, "_exported_"));
}

/* ---- taking them out ---- */

static void strip(ErlUnit *unit)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < unit->form_count; i++) {
        if (!is_test(unit->forms[i])) {
            unit->forms[count++] = unit->forms[i];
        }
    }
    unit->form_count = count;
}

/* ---- exporting them ---- */

/* Before the first function, or what else stands at that place: attributes come before functions.
 */
static void insert_form(ErlUnit *unit, uint32_t at, Form *form)
{
    erl_unit_add_form(unit, form);
    memmove(unit->forms + at + 1, unit->forms + at,
            (unit->form_count - 1 - at) * sizeof *unit->forms);
    unit->forms[at] = form;
}

static Form *create_export(ErlUnit *unit, Location at, Term functions)
{
    Form *form = ARENA_NEW(&unit->arena, Form);
    form->kind = FORM_ATTRIBUTE;
    form->at = at;
    form->attribute.name = atom_of("export");
    form->attribute.value = functions;
    return form;
}

/* test() -> eunit:test(?MODULE). */
static Form *create_test(ErlUnit *unit, Location at)
{
    Node *module = node_atom(unit, at, unit->module);
    Node *call = node_remote_call(unit, at, atom_of("eunit"), atom_of("test"),
                                  node_list_of(unit, &module, 1));
    Clause *clause = clause_create(unit, at);
    clause->body = node_list_of(unit, &call, 1);
    clause_update_height(clause);
    Form *form = ARENA_NEW(&unit->arena, Form);
    form->kind = FORM_FUNCTION;
    form->at = at;
    form->function.name = atom_of("test");
    form->function.clauses.items = arena_copy(&unit->arena, &clause, sizeof clause);
    form->function.clauses.count = 1;
    return form;
}

static void export(ErlUnit *unit)
{
    Space *space = erl_unit_space(unit);
    Term functions = TERM_NIL;
    uint32_t first = unit->form_count > 0 ? unit->form_count - 1 : 0;
    bool has_test = false;
    for (uint32_t i = unit->form_count; i-- > 0;) {
        const Form *form = unit->forms[i];
        if (form->kind == FORM_FUNCTION) {
            first = i;
        }
        bool is_the_test = is_function(form) && form->function.name == atom_of("test");
        has_test |= is_the_test;
        if (is_the_test || is_test(form)) {
            Term function = make_tuple2(space, form->function.name, term_small(0));
            functions = make_cons(space, function, functions);
        }
    }
    if (unit->form_count == 0 || !term_is_atom(unit->module)) {
        return;
    }
    /* Its own text is nowhere: it counts as generated. */
    Location at = unit->forms[first]->at;
    at.anno_flags |= ANNO_GENERATED;
    if (!has_test) {
        insert_form(unit, first, create_test(unit, at));
        Term test = make_tuple2(space, atom_of("test"), term_small(0));
        functions = make_cons(space, test, functions);
    }
    insert_form(unit, first, create_export(unit, at, functions));
}

void erl_transform_tests(ErlUnit *unit)
{
    switch (take_requests(unit)) {
    case REQUEST_NONE:
        break;
    case REQUEST_EXPORT:
        export(unit);
        break;
    case REQUEST_STRIP:
        strip(unit);
        break;
    }
}
