/* compiler/erl/ast_to_abstract.c
 * Nodes to terms, kind by kind as the abstract format has them. */
#include "compiler/erl/abstract.h"

#include "runtime/term/copy.h"

typedef struct Writer {
    const ErlUnit *unit;
    Space *space;
    bool columns;
} Writer;

static Term from_node(Writer *writer, const Node *node);
static Term from_nodes(Writer *writer, NodeList list);
static Term from_clauses(Writer *writer, ClauseList list);

/* ---- pieces ---- */

static Term tag(const char *name)
{
    return atom_of(name);
}

static Term tuple5(Writer *writer, Term a, Term b, Term c, Term d, Term e)
{
    Term elements[] = {a, b, c, d, e};
    return make_tuple(writer->space, elements, 5);
}

/* An annotation: a position, or a list of properties where there are others. */
static Term from_location(Writer *writer, Location at)
{
    Space *space = writer->space;
    Term place = writer->columns && at.column != 0
                     ? make_tuple2(space, term_small(at.line), term_small(at.column))
                     : term_small(at.line);
    if (at.anno_flags == 0) {
        return place;
    }
    Term list = make_cons(space, make_tuple2(space, tag("location"), place), TERM_NIL);
    if (at.anno_flags & ANNO_RECORD) {
        list = make_cons(space, make_tuple2(space, tag("record"), ATOM_OF(true)), list);
    }
    if (at.anno_flags & ANNO_GENERATED) {
        list = make_cons(space, make_tuple2(space, tag("generated"), ATOM_OF(true)), list);
    }
    return list;
}

static Term copied(Writer *writer, Term t)
{
    return term_is_pointer(t) ? term_copy_flat(writer->space, t) : t;
}

static Term from_string(Writer *writer, const uint32_t *characters, uint32_t count)
{
    Term list = TERM_NIL;
    for (uint32_t i = count; i-- > 0;) {
        list = make_cons(writer->space, term_small(characters[i]), list);
    }
    return list;
}

static Term from_nodes(Writer *writer, NodeList list)
{
    Term terms = TERM_NIL;
    for (uint32_t i = list.count; i-- > 0;) {
        terms = make_cons(writer->space, from_node(writer, list.items[i]), terms);
    }
    return terms;
}

static Term from_clause(Writer *writer, const Clause *clause)
{
    Term guards = TERM_NIL;
    for (uint32_t i = clause->guard_count; i-- > 0;) {
        guards = make_cons(writer->space, from_nodes(writer, clause->guards[i]), guards);
    }
    return tuple5(writer, tag("clause"), from_location(writer, clause->at),
                  from_nodes(writer, clause->patterns), guards, from_nodes(writer, clause->body));
}

static Term from_clauses(Writer *writer, ClauseList list)
{
    Term terms = TERM_NIL;
    for (uint32_t i = list.count; i-- > 0;) {
        terms = make_cons(writer->space, from_clause(writer, list.items[i]), terms);
    }
    return terms;
}

/* ---- values and structures ---- */

static Term from_list(Writer *writer, const Node *node, Term at)
{
    Space *space = writer->space;
    NodeList elements = node->list.elements;
    Location end = {node->list.end_line, node->list.end_column, node->at.file, node->at.anno_flags};
    Term list;
    if (node->list.tail != NULL) {
        list = from_node(writer, node->list.tail);
    } else {
        list =
            make_tuple2(space, tag("nil"), elements.count == 0 ? at : from_location(writer, end));
    }
    for (uint32_t i = elements.count; i-- > 0;) {
        Term cell_at = i == 0 ? at : from_location(writer, node_first_location(elements.items[i]));
        list = make_tuple4(space, tag("cons"), cell_at, from_node(writer, elements.items[i]), list);
    }
    return list;
}

static Term from_bin_element(Writer *writer, const Node *node, Term at)
{
    Space *space = writer->space;
    Term size =
        node->bin_element.size == NULL ? tag("default") : from_node(writer, node->bin_element.size);
    Term types = node->bin_element.type_count == 0 ? tag("default") : TERM_NIL;
    for (uint32_t i = node->bin_element.type_count; i-- > 0;) {
        const BitType *type = &node->bin_element.types[i];
        Term term = type->value == TERM_NONE
                        ? type->name
                        : make_tuple2(space, type->name, copied(writer, type->value));
        types = make_cons(space, term, types);
    }
    Term value = from_node(writer, node->bin_element.value);
    return tuple5(writer, tag("bin_element"), at, value, size, types);
}

static Term from_map(Writer *writer, const Node *node, Term at)
{
    Term fields = from_nodes(writer, node->map.fields);
    if (node->map.map == NULL) {
        return make_tuple3(writer->space, tag("map"), at, fields);
    }
    Term map = from_node(writer, node->map.map);
    return make_tuple4(writer->space, tag("map"), at, map, fields);
}

static Term from_record(Writer *writer, const Node *node, Term at)
{
    Term fields = from_nodes(writer, node->record.fields);
    if (node->record.expr == NULL) {
        return make_tuple4(writer->space, tag("record"), at, node->record.name, fields);
    }
    Term expr = from_node(writer, node->record.expr);
    return tuple5(writer, tag("record"), at, expr, node->record.name, fields);
}

static Term from_record_access(Writer *writer, const Node *node, Term at)
{
    Term field = from_node(writer, node->record_access.field);
    Term name = node->record_access.name;
    if (node->record_access.expr == NULL) {
        return make_tuple4(writer->space, tag("record_index"), at, name, field);
    }
    Term expr = from_node(writer, node->record_access.expr);
    return tuple5(writer, tag("record_field"), at, expr, name, field);
}

/* ---- expressions ---- */

static Term from_operation(Writer *writer, const Node *node, Term at)
{
    Term op = operator_atom(node->op);
    if (node->kind == NODE_UNARY) {
        Term operand = from_node(writer, node->unary.operand);
        return make_tuple4(writer->space, tag("op"), at, op, operand);
    }
    Term left = from_node(writer, node->pair.left);
    return tuple5(writer, tag("op"), at, op, left, from_node(writer, node->pair.right));
}

static Term from_fun(Writer *writer, const Node *node, Term at)
{
    Space *space = writer->space;
    Term what;
    if (node->kind == NODE_FUN) {
        what = make_tuple2(space, tag("clauses"), from_clauses(writer, node->clauses));
    } else if (node->kind == NODE_FUN_LOCAL) {
        what = make_tuple3(space, tag("function"), node->fun_ref.name,
                           copied(writer, node->fun_ref.arity));
    } else {
        Term module = from_node(writer, node->fun_remote.module);
        Term name = from_node(writer, node->fun_remote.name);
        what = make_tuple4(space, tag("function"), module, name,
                           from_node(writer, node->fun_remote.arity));
    }
    return make_tuple3(space, tag("fun"), at, what);
}

static Term from_receive(Writer *writer, const Node *node, Term at)
{
    const struct ReceiveParts *parts = node->receive;
    Term clauses = from_clauses(writer, parts->clauses);
    if (parts->timeout == NULL) {
        return make_tuple3(writer->space, tag("receive"), at, clauses);
    }
    Term timeout = from_node(writer, parts->timeout);
    return tuple5(writer, tag("receive"), at, clauses, timeout,
                  from_nodes(writer, parts->after_body));
}

static Term from_try(Writer *writer, const Node *node, Term at)
{
    const struct TryParts *parts = node->try_;
    Term elements[] = {
        tag("try"),
        at,
        from_nodes(writer, parts->body),
        from_clauses(writer, parts->of_clauses),
        from_clauses(writer, parts->catch_clauses),
        from_nodes(writer, parts->after_body),
    };
    return make_tuple(writer->space, elements, COUNT_OF(elements));
}

static Term from_maybe(Writer *writer, const Node *node, Term at)
{
    Term body = from_nodes(writer, node->maybe.body);
    if (node->maybe.else_ == NULL) {
        return make_tuple3(writer->space, tag("maybe"), at, body);
    }
    Term else_ = from_node(writer, node->maybe.else_);
    return make_tuple4(writer->space, tag("maybe"), at, body, else_);
}

static Term from_comprehension(Writer *writer, const Node *node, Term at)
{
    const char *name = node->kind == NODE_LIST_COMPREHENSION  ? "lc"
                       : node->kind == NODE_BIN_COMPREHENSION ? "bc"
                                                              : "mc";
    Term result = from_node(writer, node->comprehension.result);
    Term qualifiers = from_nodes(writer, node->comprehension.qualifiers);
    return make_tuple4(writer->space, tag(name), at, result, qualifiers);
}

/* ---- types ---- */

static Term from_type(Writer *writer, const Node *node, Term at)
{
    Space *space = writer->space;
    Term name = node->type.name;
    if (node->kind == NODE_TYPE_ANY_ARGS) {
        return strcmp(atom_name(name), "any") == 0
                   ? make_tuple3(space, tag("type"), at, name)
                   : make_tuple4(space, tag("type"), at, name, tag("any"));
    }
    Term kind = tag(node->kind == NODE_USER_TYPE ? "user_type" : "type");
    return make_tuple4(space, kind, at, name, from_nodes(writer, node->type.args));
}

static Term from_remote_type(Writer *writer, const Node *node, Term at)
{
    Term parts[] = {from_node(writer, node->remote_type.module),
                    from_node(writer, node->remote_type.name),
                    from_nodes(writer, node->remote_type.args)};
    return make_tuple3(writer->space, tag("remote_type"), at,
                       make_list(writer->space, parts, 3, TERM_NIL));
}

static Term from_constraint(Writer *writer, const Node *node, Term at)
{
    Space *space = writer->space;
    Term pair[] = {from_node(writer, node->pair.left), from_node(writer, node->pair.right)};
    Term parts[] = {make_tuple3(space, tag("atom"), at, tag("is_subtype")),
                    make_list(space, pair, 2, TERM_NIL)};
    return make_tuple4(space, tag("type"), at, tag("constraint"),
                       make_list(space, parts, 2, TERM_NIL));
}

static Term from_bounded_fun(Writer *writer, const Node *node, Term at)
{
    Term parts[] = {from_node(writer, node->bounded_fun.fun),
                    from_nodes(writer, node->bounded_fun.constraints)};
    return make_tuple4(writer->space, tag("type"), at, tag("bounded_fun"),
                       make_list(writer->space, parts, 2, TERM_NIL));
}

/* ---- any node ---- */

/* The tags of kinds that are {Tag, Anno, Left, Right}. */
static const char *pair_tag(NodeKind kind)
{
    switch (kind) {
    case NODE_MAP_FIELD_ASSOC:
        return "map_field_assoc";
    case NODE_MAP_FIELD_EXACT:
        return "map_field_exact";
    case NODE_RECORD_FIELD:
        return "record_field";
    case NODE_MATCH:
        return "match";
    case NODE_MAYBE_MATCH:
        return "maybe_match";
    case NODE_REMOTE:
        return "remote";
    case NODE_GENERATE:
        return "generate";
    case NODE_B_GENERATE:
        return "b_generate";
    case NODE_M_GENERATE:
        return "m_generate";
    case NODE_GENERATE_STRICT:
        return "generate_strict";
    case NODE_B_GENERATE_STRICT:
        return "b_generate_strict";
    case NODE_M_GENERATE_STRICT:
        return "m_generate_strict";
    default:
        return NULL;
    }
}

static Term from_node(Writer *writer, const Node *node)
{
    Space *space = writer->space;
    Term at = from_location(writer, node->at);
    switch ((NodeKind) node->kind) {
    case NODE_ATOM:
        return make_tuple3(space, tag("atom"), at, node->value);
    case NODE_INTEGER:
        return make_tuple3(space, tag("integer"), at, copied(writer, node->value));
    case NODE_CHAR:
        return make_tuple3(space, tag("char"), at, node->value);
    case NODE_FLOAT:
        return make_tuple3(space, tag("float"), at, make_float(space, node->float_value));
    case NODE_STRING: {
        Term text = from_string(writer, node->string.characters, node->string.count);
        return make_tuple3(space, tag("string"), at, text);
    }
    case NODE_VAR:
        return make_tuple3(space, tag("var"), at, erl_unit_variable_name(writer->unit, node->var));
    case NODE_LIST:
        return from_list(writer, node, at);
    case NODE_TUPLE:
        return make_tuple3(space, tag("tuple"), at, from_nodes(writer, node->nodes));
    case NODE_BIN:
        return make_tuple3(space, tag("bin"), at, from_nodes(writer, node->nodes));
    case NODE_BLOCK:
        return make_tuple3(space, tag("block"), at, from_nodes(writer, node->nodes));
    case NODE_ZIP:
        return make_tuple3(space, tag("zip"), at, from_nodes(writer, node->nodes));
    case NODE_BIN_ELEMENT:
        return from_bin_element(writer, node, at);
    case NODE_MAP:
        return from_map(writer, node, at);
    case NODE_RECORD:
        return from_record(writer, node, at);
    case NODE_RECORD_INDEX:
    case NODE_RECORD_ACCESS:
        return from_record_access(writer, node, at);
    case NODE_MAP_FIELD_ASSOC:
    case NODE_MAP_FIELD_EXACT:
    case NODE_RECORD_FIELD:
    case NODE_MATCH:
    case NODE_MAYBE_MATCH:
    case NODE_REMOTE:
    case NODE_GENERATE:
    case NODE_B_GENERATE:
    case NODE_M_GENERATE:
    case NODE_GENERATE_STRICT:
    case NODE_B_GENERATE_STRICT:
    case NODE_M_GENERATE_STRICT: {
        Term left = from_node(writer, node->pair.left);
        return make_tuple4(space, tag(pair_tag(node->kind)), at, left,
                           from_node(writer, node->pair.right));
    }
    case NODE_UNARY:
    case NODE_BINARY:
        return from_operation(writer, node, at);
    case NODE_CALL: {
        Term function = from_node(writer, node->call.function);
        return make_tuple4(space, tag("call"), at, function, from_nodes(writer, node->call.args));
    }
    case NODE_CATCH:
        return make_tuple3(space, tag("catch"), at, from_node(writer, node->unary.operand));
    case NODE_IF:
        return make_tuple3(space, tag("if"), at, from_clauses(writer, node->clauses));
    case NODE_ELSE:
        return make_tuple3(space, tag("else"), at, from_clauses(writer, node->clauses));
    case NODE_CASE: {
        Term expr = from_node(writer, node->of.expr);
        return make_tuple4(space, tag("case"), at, expr, from_clauses(writer, node->of.clauses));
    }
    case NODE_RECEIVE:
        return from_receive(writer, node, at);
    case NODE_TRY:
        return from_try(writer, node, at);
    case NODE_MAYBE:
        return from_maybe(writer, node, at);
    case NODE_FUN:
    case NODE_FUN_LOCAL:
    case NODE_FUN_REMOTE:
        return from_fun(writer, node, at);
    case NODE_NAMED_FUN:
        return make_tuple4(space, tag("named_fun"), at,
                           erl_unit_variable_name(writer->unit, node->named_fun.var),
                           from_clauses(writer, node->named_fun.clauses));
    case NODE_LIST_COMPREHENSION:
    case NODE_BIN_COMPREHENSION:
    case NODE_MAP_COMPREHENSION:
        return from_comprehension(writer, node, at);
    case NODE_TYPE:
    case NODE_TYPE_ANY_ARGS:
    case NODE_USER_TYPE:
        return from_type(writer, node, at);
    case NODE_REMOTE_TYPE:
        return from_remote_type(writer, node, at);
    case NODE_ANN_TYPE: {
        Term pair[] = {from_node(writer, node->pair.left), from_node(writer, node->pair.right)};
        return make_tuple3(space, tag("ann_type"), at, make_list(space, pair, 2, TERM_NIL));
    }
    case NODE_TYPE_CONSTRAINT:
        return from_constraint(writer, node, at);
    case NODE_BOUNDED_FUN:
        return from_bounded_fun(writer, node, at);
    case NODE_KIND_COUNT:
        break;
    }
    CHECK(!"a node of unknown kind");
}

/* ---- forms ---- */

static Term from_record_field(Writer *writer, const RecordField *field)
{
    Space *space = writer->space;
    Term at = from_location(writer, field->at);
    Term name = make_tuple3(space, tag("atom"), from_location(writer, field->name_at), field->name);
    Term plain = field->value == NULL ? make_tuple3(space, tag("record_field"), at, name)
                                      : make_tuple4(space, tag("record_field"), at, name,
                                                    from_node(writer, field->value));
    if (field->type == NULL) {
        return plain;
    }
    return make_tuple3(space, tag("typed_record_field"), plain, from_node(writer, field->type));
}

static Term from_record_form(Writer *writer, const Form *form)
{
    Term fields = TERM_NIL;
    for (uint32_t i = form->record.field_count; i-- > 0;) {
        Term field = from_record_field(writer, &form->record.fields[i]);
        fields = make_cons(writer->space, field, fields);
    }
    return make_tuple2(writer->space, form->record.name, fields);
}

static Term from_spec(Writer *writer, const Form *form)
{
    Space *space = writer->space;
    Term arity = term_small(form->spec.arity);
    Term head = form->spec.module == TERM_NONE
                    ? make_tuple2(space, form->spec.name, arity)
                    : make_tuple3(space, form->spec.module, form->spec.name, arity);
    return make_tuple2(space, head, from_nodes(writer, form->spec.types));
}

static Term from_form(Writer *writer, const Form *form)
{
    Space *space = writer->space;
    Term at = from_location(writer, form->at);
    switch (form->kind) {
    case FORM_ATTRIBUTE:
        return make_tuple4(space, tag("attribute"), at, form->attribute.name,
                           copied(writer, form->attribute.value));
    case FORM_RECORD:
        return make_tuple4(space, tag("attribute"), at, tag("record"),
                           from_record_form(writer, form));
    case FORM_TYPE: {
        Term type = from_node(writer, form->type.type);
        Term value =
            make_tuple3(space, form->type.name, type, from_nodes(writer, form->type.parameters));
        return make_tuple4(space, tag("attribute"), at, form->type.attribute, value);
    }
    case FORM_SPEC:
        return make_tuple4(space, tag("attribute"), at, form->spec.attribute,
                           from_spec(writer, form));
    case FORM_FUNCTION:
        return tuple5(writer, tag("function"), at, form->function.name,
                      term_small(form->function.arity),
                      from_clauses(writer, form->function.clauses));
    case FORM_ERROR:
        return make_tuple2(space, tag("error"), copied(writer, form->error));
    case FORM_WARNING:
        return make_tuple2(space, tag("warning"), copied(writer, form->error));
    case FORM_EOF:
        return make_tuple2(space, tag("eof"), at);
    }
    CHECK(!"a form of unknown kind");
}

/* ---- entries ---- */

typedef struct WriterCall {
    Writer writer;
    const Form *form; /* one form … */
    const Node *node; /* … or one node, or else all forms of the unit */
    Term result;
} WriterCall;

static void write_terms(void *argument)
{
    WriterCall *call = argument;
    const ErlUnit *unit = call->writer.unit;
    if (call->form != NULL) {
        call->result = from_form(&call->writer, call->form);
    } else if (call->node != NULL) {
        call->result = from_node(&call->writer, call->node);
    } else {
        call->result = TERM_NIL;
        for (uint32_t i = unit->form_count; i-- > 0;) {
            Term form = from_form(&call->writer, unit->forms[i]);
            call->result = make_cons(call->writer.space, form, call->result);
        }
    }
}

static Term run_writer(WriterCall call)
{
    ast_run_deep(write_terms, &call);
    return call.result;
}

Term form_to_abstract(const ErlUnit *unit, Space *space, const Form *form,
                      AbstractLocations locations)
{
    return run_writer(
        (WriterCall){.writer = {unit, space, locations == ABSTRACT_COLUMNS}, .form = form});
}

Term forms_to_abstract(const ErlUnit *unit, Space *space, AbstractLocations locations)
{
    return run_writer((WriterCall){.writer = {unit, space, locations == ABSTRACT_COLUMNS}});
}

Term node_to_abstract(const ErlUnit *unit, Space *space, const Node *node,
                      AbstractLocations locations)
{
    return run_writer(
        (WriterCall){.writer = {unit, space, locations == ABSTRACT_COLUMNS}, .node = node});
}
