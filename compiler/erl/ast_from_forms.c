/* compiler/erl/ast_from_forms.c
 * Types and forms: what parse transforms return and compile:forms is given. */
#include "compiler/erl/ast_reader.h"

#include "runtime/term/bits.h"

/* ---- types ---- */

static NodeList read_types(Reader *reader, Term list)
{
    return reader_list(reader, list, reader_type);
}

/* [Left, Right] */
static void read_type_pair(Reader *reader, Node *node, Term list)
{
    if (reader_list_length(reader, list) != 2) {
        reader_fail(reader, list);
    }
    node->pair.left = reader_type(reader, cons_head(list));
    node->pair.right = reader_type(reader, cons_head(cons_tail(list)));
}

/* [{atom, _, is_subtype}, [Var, Type]] */
static void read_constraint(Reader *reader, Node *node, Term list)
{
    if (reader_list_length(reader, list) != 2) {
        reader_fail(reader, list);
    }
    read_type_pair(reader, node, cons_head(cons_tail(list)));
}

static void read_type_into(Reader *reader, Node *node, Term t)
{
    Term name = reader_need_atom(reader, reader_element(t, 3));
    node->kind = NODE_TYPE_ANY_ARGS;
    node->type.name = name;
    if (reader_arity(t) == 3) {
        return;
    }
    reader_need_arity(reader, t, 4);
    Term args = reader_element(t, 4);
    if (reader_is_named(args, "any")) {
        return;
    }
    if (reader_is_named(name, "bounded_fun")) {
        if (reader_list_length(reader, args) != 2) {
            reader_fail(reader, t);
        }
        node->kind = NODE_BOUNDED_FUN;
        Node *fun = reader_type(reader, cons_head(args));
        NodeList constraints = read_types(reader, cons_head(cons_tail(args)));
        node->bounded_fun.fun = fun;
        node->bounded_fun.constraints = constraints;
    } else if (reader_is_named(name, "constraint")) {
        node->kind = NODE_TYPE_CONSTRAINT;
        read_constraint(reader, node, args);
    } else {
        node->kind = NODE_TYPE;
        node->type.args = read_types(reader, args);
    }
}

static void read_remote_type(Reader *reader, Node *node, Term list)
{
    if (reader_list_length(reader, list) != 3) {
        reader_fail(reader, list);
    }
    node->remote_type.module = reader_node(reader, cons_head(list));
    list = cons_tail(list);
    node->remote_type.name = reader_node(reader, cons_head(list));
    node->remote_type.args = read_types(reader, cons_head(cons_tail(list)));
}

Node *reader_type(Reader *reader, Term t)
{
    Tag tag = reader_tag(reader, t);
    if (tag == TAG_COUNT || reader_arity(t) < 3 || ++reader->nest > AST_HEIGHT_MAX) {
        reader_fail(reader, t);
    }
    Node *node =
        node_create(reader->unit, NODE_TYPE, reader_location(reader, reader_element(t, 2)));
    switch (tag) {
    case TAG_type:
        read_type_into(reader, node, t);
        break;
    case TAG_user_type:
        reader_need_arity(reader, t, 4);
        node->kind = NODE_USER_TYPE;
        node->type.name = reader_need_atom(reader, reader_element(t, 3));
        node->type.args = read_types(reader, reader_element(t, 4));
        break;
    case TAG_remote_type:
        node->kind = NODE_REMOTE_TYPE;
        read_remote_type(reader, node, reader_element(t, 3));
        break;
    case TAG_ann_type:
        node->kind = NODE_ANN_TYPE;
        read_type_pair(reader, node, reader_element(t, 3));
        break;
    case TAG_paren_type: /* of old forms: parentheses */
        if (reader_list_length(reader, reader_element(t, 3)) != 1) {
            reader_fail(reader, t);
        }
        node = reader_type(reader, cons_head(reader_element(t, 3)));
        break;
    case TAG_atom:
    case TAG_integer:
    case TAG_char:
    case TAG_var:
    case TAG_op:
        node = reader_node(reader, t);
        break;
    default:
        reader_fail(reader, t);
    }
    reader->nest--;
    return reader_checked(reader, node, t);
}

/* ---- forms ---- */

static void read_record_definition_field(Reader *reader, Term t, RecordField *field)
{
    Tag tag = reader_tag(reader, t);
    if (tag == TAG_typed_record_field) {
        reader_need_arity(reader, t, 3);
        field->type = reader_type(reader, reader_element(t, 3));
        t = reader_element(t, 2);
        tag = reader_tag(reader, t);
    }
    size_t arity = reader_arity(t);
    if (tag != TAG_record_field || (arity != 3 && arity != 4)) {
        reader_fail(reader, t);
    }
    field->at = reader_location(reader, reader_element(t, 2));
    Node *name = reader_node(reader, reader_element(t, 3));
    if (name->kind != NODE_ATOM) {
        reader_fail(reader, t);
    }
    field->name = name->value;
    field->name_at = name->at;
    field->value = arity == 4 ? reader_node(reader, reader_element(t, 4)) : NULL;
}

static void read_record_form(Reader *reader, Form *form, Term value)
{
    reader_need_arity(reader, value, 2);
    form->kind = FORM_RECORD;
    form->record.name = reader_need_atom(reader, reader_element(value, 1));
    Term list = reader_element(value, 2);
    uint32_t count = reader_list_length(reader, list);
    form->record.field_count = count;
    form->record.fields = arena_alloc_zero(&reader->unit->arena, count * sizeof(RecordField));
    for (uint32_t i = 0; i < count; i++, list = cons_tail(list)) {
        read_record_definition_field(reader, cons_head(list), &form->record.fields[i]);
    }
}

static void read_type_form(Reader *reader, Form *form, Term attribute, Term value)
{
    reader_need_arity(reader, value, 3);
    form->kind = FORM_TYPE;
    form->type.attribute = attribute;
    form->type.name = reader_need_atom(reader, reader_element(value, 1));
    form->type.type = reader_type(reader, reader_element(value, 2));
    form->type.parameters = reader_nodes(reader, reader_element(value, 3));
}

static void read_spec_form(Reader *reader, Form *form, Term attribute, Term value)
{
    reader_need_arity(reader, value, 2);
    Term head = reader_element(value, 1);
    size_t arity = reader_arity(head);
    if ((arity != 2 && arity != 3) || !term_is_small(reader_element(head, arity)) ||
        small_value(reader_element(head, arity)) < 0 ||
        small_value(reader_element(head, arity)) > UINT32_MAX) {
        reader_fail(reader, value);
    }
    form->kind = FORM_SPEC;
    form->spec.attribute = attribute;
    form->spec.module = arity == 3 ? reader_need_atom(reader, reader_element(head, 1)) : TERM_NONE;
    form->spec.name = reader_need_atom(reader, reader_element(head, arity - 1));
    form->spec.arity = (uint32_t) small_value(reader_element(head, arity));
    form->spec.types = read_types(reader, reader_element(value, 2));
}

static void read_attribute(Reader *reader, Form *form, Term t)
{
    reader_need_arity(reader, t, 4);
    Term name = reader_need_atom(reader, reader_element(t, 3)), value = reader_element(t, 4);
    if (reader_is_named(name, "record")) {
        read_record_form(reader, form, value);
    } else if (reader_is_named(name, "type") || reader_is_named(name, "opaque") ||
               reader_is_named(name, "nominal")) {
        read_type_form(reader, form, name, value);
    } else if (reader_is_named(name, "spec") || reader_is_named(name, "callback")) {
        read_spec_form(reader, form, name, value);
    } else {
        form->kind = FORM_ATTRIBUTE;
        form->attribute.name = name;
        form->attribute.value = reader_keep(reader, value);
        if (reader_is_named(name, "file") && reader_arity(value) == 2) {
            reader->file = reader_file(reader, reader_element(value, 1));
            form->at.file = reader->file;
        } else if (reader_is_named(name, "module")) {
            Term module = reader_arity(value) == 2 ? reader_element(value, 1) : value;
            reader->unit->module = reader_need_atom(reader, module);
        }
    }
}

static void read_function(Reader *reader, Form *form, Term t)
{
    reader_need_arity(reader, t, 5);
    Term arity = reader_element(t, 4);
    if (!term_is_small(arity) || small_value(arity) < 0 || small_value(arity) > UINT32_MAX) {
        reader_fail(reader, t);
    }
    form->kind = FORM_FUNCTION;
    form->function.name = reader_need_atom(reader, reader_element(t, 3));
    form->function.arity = (uint32_t) small_value(arity);
    form->function.clauses = reader_some_clauses(reader, reader_element(t, 5), small_value(arity));
}

/* Adds what a descriptor says: its text where it is one, else the term. */
static void descriptor_text(Text *text, Term descriptor)
{
    Term at = descriptor;
    while (term_is_cons(at) && term_is_small(cons_head(at)) && small_value(cons_head(at)) >= ' ' &&
           code_point_is_valid(small_value(cons_head(at)))) {
        at = cons_tail(at);
    }
    if (!term_is_cons(descriptor) || !term_is_nil(at)) {
        term_print(text, descriptor, 2000);
        return;
    }
    for (at = descriptor; term_is_cons(at); at = cons_tail(at)) {
        text_add_code_point(text, (uint32_t) small_value(cons_head(at)));
    }
}

/* {error, {Location, Module, Descriptor}} */
static void read_report(Reader *reader, Form *form, Term t, Severity severity)
{
    reader_need_arity(reader, t, 2);
    Term info = reader_keep(reader, reader_element(t, 2));
    form->kind = severity == SEVERITY_ERROR ? FORM_ERROR : FORM_WARNING;
    form->error = info;
    form->at = (Location){0, 0, reader->file, 0};
    Term descriptor = info, module = TERM_NONE;
    if (reader_arity(info) == 3 && term_is_atom(reader_element(info, 2))) {
        reader_position(reader_element(info, 1), &form->at);
        module = reader_element(info, 2);
        descriptor = reader_element(info, 3);
    }
    Text text = {0};
    descriptor_text(&text, descriptor);
    Diagnostic *diagnostic = diagnostic_at(reader->diagnostics, severity, reader->unit, form->at,
                                           "%s", text.bytes == NULL ? "" : text.bytes);
    text_finish(&text);
    diagnostic->is_from_reading = true;
    diagnostic->module = module;
    diagnostic->descriptor = module == TERM_NONE ? TERM_NONE : descriptor;
}

static Form *read_form(Reader *reader, Term t)
{
    Form *form = ARENA_NEW(&reader->unit->arena, Form);
    Tag tag = reader_tag(reader, t);
    switch (tag) {
    case TAG_error:
        read_report(reader, form, t, SEVERITY_ERROR);
        return form;
    case TAG_warning:
        read_report(reader, form, t, SEVERITY_WARNING);
        return form;
    case TAG_attribute:
    case TAG_function:
    case TAG_eof:
        form->at = reader_location(reader, reader_element(t, 2));
        break;
    default:
        reader_fail(reader, t);
    }
    if (tag == TAG_attribute) {
        read_attribute(reader, form, t);
    } else if (tag == TAG_function) {
        read_function(reader, form, t);
    } else {
        reader_need_arity(reader, t, 2);
        form->kind = FORM_EOF;
    }
    return form;
}

/* ---- entries ---- */

typedef struct ReaderCall {
    Reader *reader;
    Term term;
    Node *node;
    bool wants_forms, fine;
} ReaderCall;

/* Does it begin with -file? That one is the main file. */
static bool names_file(const Reader *reader, Term form)
{
    return reader_arity(form) == 4 &&
           reader_is_tag(reader, reader_element(form, 1), TAG_attribute) &&
           reader_is_named(reader_element(form, 3), "file") &&
           reader_arity(reader_element(form, 4)) == 2;
}

static void read_forms(Reader *reader, Term forms)
{
    ErlUnit *unit = reader->unit;
    if (reader_list_length(reader, forms) == 0 || !names_file(reader, cons_head(forms))) {
        erl_unit_file(unit, ""); /* until a -file says otherwise */
    }
    for (; term_is_cons(forms); forms = cons_tail(forms)) {
        erl_unit_add_form(unit, read_form(reader, cons_head(forms)));
    }
    if (unit->form_count == 0 || unit->forms[unit->form_count - 1]->kind != FORM_EOF) {
        Form *end = ARENA_NEW(&unit->arena, Form);
        end->kind = FORM_EOF;
        erl_unit_add_form(unit, end);
    }
}

static void run_reader(void *argument)
{
    ReaderCall *call = argument;
    if (setjmp(call->reader->failure) != 0) {
        return;
    }
    if (call->wants_forms) {
        read_forms(call->reader, call->term);
    } else {
        call->node = reader_node(call->reader, call->term);
    }
    call->fine = true;
}

ErlUnit *forms_from_abstract(Term forms, Diagnostics *diagnostics, Term *bad)
{
    Reader reader;
    ErlUnit *unit = erl_unit_create();
    reader_init(&reader, unit, diagnostics);
    ReaderCall call = {.reader = &reader, .term = forms, .wants_forms = true};
    ast_run_deep(run_reader, &call);
    if (call.fine) {
        return unit;
    }
    *bad = reader.bad;
    erl_unit_destroy(unit);
    return NULL;
}

Node *node_from_abstract(ErlUnit *unit, Term expr, Term *bad)
{
    Reader reader;
    if (unit->file_count == 0) {
        erl_unit_file(unit, "");
    }
    reader_init(&reader, unit, NULL);
    ReaderCall call = {.reader = &reader, .term = expr};
    ast_run_deep(run_reader, &call);
    if (!call.fine) {
        *bad = reader.bad;
    }
    return call.node;
}
