/* compiler/erl/parse_form.c
 * Forms: functions and attributes.
 *
 * An attribute's arguments are parsed as expressions and then understood by the attribute's name:
 * -export wants names with arities, -record fields, -type a head and a type; any other takes one
 * literal. What is refused is refused in erl_parse's words and at its place. */
#include "compiler/erl/parse_internal.h"

static bool atom_is(Term atom, const char *name)
{
    return strcmp(atom_name(atom), name) == 0;
}

/* ---- functions ---- */

static void parse_function(Parser *parser, Form *form)
{
    uint32_t base = parser->pending_count;
    const Token *first = parser->at;
    const Clause *mismatch = NULL;
    do {
        const Token *name = parse_expect(parser, TOKEN_ATOM);
        Clause *clause = clause_create(parser->unit, name->at);
        clause->patterns = parse_pattern_arguments(parser);
        if (name == first) {
            form->function.arity = clause->patterns.count;
        }
        bool same = name->value == first->value && clause->patterns.count == form->function.arity;
        parse_clause_rest(parser, clause);
        mismatch = same || mismatch != NULL ? mismatch : clause;
        parse_push(parser, clause);
    } while (parse_accept(parser, TOKEN_SEMICOLON));
    if (mismatch != NULL) {
        parse_fail(parser, mismatch->at, "head mismatch");
    }
    parse_expect(parser, TOKEN_DOT);
    form->kind = FORM_FUNCTION;
    form->at = first->at;
    form->function.name = first->value;
    form->function.clauses = parse_pop_clauses(parser, base);
}

/* ---- names with arities ---- */

/* {f,1} of f/1, or fails. */
static Term farity_term(Parser *parser, const Node *node, Location cell_at)
{
    if (node->kind != NODE_BINARY || node->op != OP_DIVIDE) {
        parse_fail(parser, cell_at, "bad Name/Arity");
    }
    const Node *name = node->pair.left, *arity = node->pair.right;
    if (name->kind != NODE_ATOM) {
        parse_fail(parser, parse_first_location(parser, name), "bad function name");
    }
    if (arity->kind != NODE_INTEGER) {
        parse_fail(parser, parse_first_location(parser, arity), "bad function arity");
    }
    return make_tuple2(erl_unit_space(parser->unit), name->value, arity->value);
}

static Term farity_list(Parser *parser, const Node *node)
{
    if (node->kind != NODE_LIST) {
        parse_fail(parser, parse_first_location(parser, node), "bad Name/Arity");
    }
    uint32_t count = node->list.elements.count;
    Term *terms = ARENA_ARRAY(&parser->unit->arena, Term, count);
    for (uint32_t i = 0; i < count; i++) {
        const Node *element = node->list.elements.items[i];
        Location cell_at = i == 0 ? node->at : parse_first_location(parser, element);
        terms[i] = farity_term(parser, element, cell_at);
    }
    if (node->list.tail != NULL &&
        (node->list.tail->kind != NODE_LIST || node->list.tail->list.elements.count != 0)) {
        parse_fail(parser, parse_first_location(parser, node->list.tail), "bad Name/Arity");
    }
    return make_list(erl_unit_space(parser->unit), terms, count, TERM_NIL);
}

/* ---- attributes by name ---- */

/* The arguments as parsed. */
typedef struct Attribute {
    const Token *name;
    NodeList args;
    Node *type;          /* after :: */
    RecordField *fields; /* the second argument of -record, where it is a tuple */
    uint32_t field_count;
    Location fields_at;
    bool has_fields;
} Attribute;

static Location argument_at(const Parser *parser, const Attribute *attribute, uint32_t index)
{
    return parse_first_location(parser, attribute->args.items[index]);
}

static void set_value(const Attribute *attribute, Form *form, Term value)
{
    form->kind = FORM_ATTRIBUTE;
    form->attribute.name = attribute->name->value;
    form->attribute.value = value;
}

static void build_module(Parser *parser, const Attribute *attribute, Form *form)
{
    const Node *name = attribute->args.items[0];
    uint32_t count = attribute->args.count;
    if (name->kind != NODE_ATOM || count > 2) {
        parse_fail_about(parser, argument_at(parser, attribute, 0), "bad ", "module",
                         " declaration");
    }
    if (count == 1) {
        set_value(attribute, form, name->value);
        return;
    }
    const Node *list = attribute->args.items[1];
    bool fine = list->kind == NODE_LIST && list->list.tail == NULL;
    uint32_t parameters = fine ? list->list.elements.count : 0;
    Term *terms = ARENA_ARRAY(&parser->unit->arena, Term, parameters);
    for (uint32_t i = 0; i < parameters; i++) {
        const Node *var = list->list.elements.items[i];
        fine = fine && var->kind == NODE_VAR;
        terms[i] = var->kind == NODE_VAR ? erl_unit_variable_name(parser->unit, var->var) : 0;
    }
    if (!fine) {
        parse_fail(parser, argument_at(parser, attribute, 1), "bad variable list");
    }
    Space *space = erl_unit_space(parser->unit);
    set_value(attribute, form,
              make_tuple2(space, name->value, make_list(space, terms, parameters, TERM_NIL)));
}

static void build_export(Parser *parser, const Attribute *attribute, Form *form)
{
    if (attribute->args.count != 1) {
        parse_fail_about(parser, argument_at(parser, attribute, 1), "bad ", "export",
                         " declaration");
    }
    set_value(attribute, form, farity_list(parser, attribute->args.items[0]));
}

static void build_import(Parser *parser, const Attribute *attribute, Form *form)
{
    const Node *module = attribute->args.items[0];
    if (attribute->args.count != 2 || module->kind != NODE_ATOM) {
        uint32_t place = attribute->args.count > 1 ? 1 : 0;
        parse_fail_about(parser, argument_at(parser, attribute, place), "bad ", "import",
                         " declaration");
    }
    Term names = farity_list(parser, attribute->args.items[1]);
    set_value(attribute, form, make_tuple2(erl_unit_space(parser->unit), module->value, names));
}

static void build_file(Parser *parser, const Attribute *attribute, Form *form)
{
    const Node *name = attribute->args.items[0];
    const Node *line = attribute->args.count == 2 ? attribute->args.items[1] : NULL;
    if (line == NULL || line->kind != NODE_INTEGER || name->kind != NODE_STRING) {
        parse_fail_about(parser, argument_at(parser, attribute, 0), "bad ", "file", " declaration");
    }
    Term text = parse_term_of(parser->unit, name, 0);
    set_value(attribute, form, make_tuple2(erl_unit_space(parser->unit), text, line->value));
}

static void build_any(Parser *parser, const Attribute *attribute, Form *form)
{
    if (attribute->args.count != 1) {
        parse_fail(parser, argument_at(parser, attribute, 1), "bad attribute");
    }
    Term value = parse_term_of(parser->unit, attribute->args.items[0], TERM_FARITY);
    if (value == TERM_NONE) {
        parse_fail(parser, argument_at(parser, attribute, 0), "bad attribute");
    }
    set_value(attribute, form, value);
}

/* ---- records ---- */

static void build_record_field(Parser *parser, Node *node, RecordField *field)
{
    Node *name = node->kind == NODE_MATCH ? node->pair.left : node;
    if (name->kind != NODE_ATOM) {
        parse_fail(parser, parse_first_location(parser, node), "bad record field");
    }
    field->at = node->at;
    field->name_at = name->at;
    field->name = name->value;
    field->value = node->kind == NODE_MATCH ? node->pair.right : NULL;
}

static void check_record_name(Parser *parser, const Node *name)
{
    if (name->kind != NODE_ATOM) {
        parse_fail_about(parser, parse_first_location(parser, name), "bad ", "record",
                         " declaration");
    }
}

/* {a, b = 1, c :: type()} */
static void parse_record_fields(Parser *parser, Attribute *attribute)
{
    uint32_t base = parser->pending_count;
    attribute->has_fields = true;
    attribute->fields_at = parse_expect(parser, TOKEN_LBRACE)->at;
    if (!parse_is(parser, TOKEN_RBRACE)) {
        do {
            parse_push(parser, parse_expr(parser));
            parse_push(parser, parse_accept(parser, TOKEN_COLONS) ? parse_top_type(parser) : NULL);
        } while (parse_accept(parser, TOKEN_COMMA));
    }
    parse_expect(parser, TOKEN_RBRACE);
    attribute->field_count = (parser->pending_count - base) / 2;
    attribute->fields =
        arena_alloc_zero(&parser->unit->arena, attribute->field_count * sizeof(RecordField));
    for (uint32_t i = 0; i < attribute->field_count; i++) {
        build_record_field(parser, parser->pending[base + 2 * i], &attribute->fields[i]);
        attribute->fields[i].type = parser->pending[base + 2 * i + 1];
    }
    parser->pending_count = base;
}

/* A tuple that was parsed as an expression: `-record(r, ({a}))`. */
static bool fields_of_tuple(Parser *parser, Attribute *attribute)
{
    if (attribute->has_fields) {
        return attribute->args.count == 1;
    }
    if (attribute->args.count != 2 || attribute->args.items[1]->kind != NODE_TUPLE) {
        return false;
    }
    NodeList nodes = attribute->args.items[1]->nodes;
    attribute->field_count = nodes.count;
    attribute->fields = arena_alloc_zero(&parser->unit->arena, nodes.count * sizeof(RecordField));
    for (uint32_t i = 0; i < nodes.count; i++) {
        build_record_field(parser, nodes.items[i], &attribute->fields[i]);
    }
    return true;
}

static void build_record(Parser *parser, Attribute *attribute, Form *form)
{
    const Node *name = attribute->args.items[0];
    check_record_name(parser, name);
    if (attribute->args.count > 2 || (attribute->args.count == 1 && !attribute->has_fields)) {
        parse_fail_about(parser, argument_at(parser, attribute, 0), "bad ", "record",
                         " declaration");
    }
    if (!fields_of_tuple(parser, attribute)) {
        if (attribute->has_fields) {
            parse_fail_about(parser, argument_at(parser, attribute, 0), "bad ", "record",
                             " declaration");
        }
        parse_fail(parser, argument_at(parser, attribute, attribute->args.count - 1),
                   "bad record declaration");
    }
    form->kind = FORM_RECORD;
    form->record.name = name->value;
    form->record.fields = attribute->fields;
    form->record.field_count = attribute->field_count;
}

/* ---- types ---- */

static void build_type(Parser *parser, const Attribute *attribute, Form *form)
{
    const Node *head = attribute->args.items[0];
    Term name = attribute->name->value;
    if (!atom_is(name, "type") && !atom_is(name, "opaque") && !atom_is(name, "nominal")) {
        parse_fail(parser, attribute->name->at, "bad attribute");
    }
    if (head->kind != NODE_CALL || head->call.function->kind != NODE_ATOM) {
        parse_fail_about(parser, attribute->name->at, "bad ", "type", " declaration");
    }
    for (uint32_t i = 0; i < head->call.args.count; i++) {
        const Node *parameter = head->call.args.items[i];
        if (parameter->kind != NODE_VAR || parameter->var == VAR_ANONYMOUS) {
            parse_fail(parser, parse_first_location(parser, parameter), "bad type variable");
        }
    }
    form->kind = FORM_TYPE;
    form->type.attribute = name;
    form->type.name = head->call.function->value;
    form->type.type = attribute->type;
    form->type.parameters = head->call.args;
}

/* ---- attributes ---- */

static void parse_attribute_arguments(Parser *parser, Attribute *attribute)
{
    uint32_t base = parser->pending_count;
    bool is_record = atom_is(attribute->name->value, "record");
    parse_push(parser, parse_expr(parser));
    if (parse_accept(parser, TOKEN_COLONS)) {
        attribute->type = parse_top_type(parser);
    }
    while (attribute->type == NULL && parse_accept(parser, TOKEN_COMMA)) {
        if (is_record && parser->pending_count == base + 1 && !attribute->has_fields &&
            parse_is(parser, TOKEN_LBRACE)) {
            check_record_name(parser, parser->pending[base]);
            parse_record_fields(parser, attribute);
        } else {
            parse_push(parser, parse_expr(parser));
        }
    }
    attribute->args = parse_pop_nodes(parser, base);
}

/* -name(Arg, …) or -name Arg, …; the former also where an expression in parentheses goes on. */
static void parse_attribute(Parser *parser, Attribute *attribute)
{
    const Token *start = parser->at;
    if (parse_accept(parser, TOKEN_LPAREN)) {
        parse_attribute_arguments(parser, attribute);
        parse_expect(parser, TOKEN_RPAREN);
        if (parse_is(parser, TOKEN_DOT) || attribute->type != NULL || attribute->has_fields ||
            attribute->args.count != 1) {
            return;
        }
        parser->at = start;
    }
    parse_attribute_arguments(parser, attribute);
}

static void build_attribute(Parser *parser, Attribute *attribute, Form *form)
{
    static const struct {
        const char *name;
        void (*build)(Parser *parser, const Attribute *attribute, Form *form);
    } builders[] = {
        {"module", build_module},
        {"export", build_export},
        {"import", build_import},
        {"file", build_file},
    };
    if (attribute->type != NULL) {
        build_type(parser, attribute, form);
        return;
    }
    if (atom_is(attribute->name->value, "record")) {
        build_record(parser, attribute, form);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(builders); i++) {
        if (atom_is(attribute->name->value, builders[i].name)) {
            builders[i].build(parser, attribute, form);
            return;
        }
    }
    build_any(parser, attribute, form);
}

static void parse_attribute_form(Parser *parser, Form *form)
{
    parse_next(parser);
    const Token *name = parse_expect(parser, TOKEN_ATOM);
    form->at = name->at;
    if (atom_is(name->value, "spec") || atom_is(name->value, "callback")) {
        parse_spec(parser, name, form);
        parse_expect(parser, TOKEN_DOT);
        return;
    }
    Attribute attribute = {.name = name};
    parse_attribute(parser, &attribute);
    build_attribute(parser, &attribute, form); /* OTP complains of the value first */
    parse_expect(parser, TOKEN_DOT);
}

/* ---- entries ---- */

Form *parser_form(Parser *parser, const Token *tokens)
{
    parser->at = tokens;
    parser->nest = 0;
    parser->pending_count = 0;
    if (setjmp(parser->failure) != 0) {
        return NULL;
    }
    Form *form = ARENA_NEW(&parser->unit->arena, Form);
    if (parse_is(parser, TOKEN_MINUS)) {
        parse_attribute_form(parser, form);
    } else {
        parse_function(parser, form);
    }
    return form;
}

bool parser_expressions(Parser *parser, const Token *tokens, NodeList *out)
{
    parser->at = tokens;
    parser->nest = 0;
    parser->pending_count = 0;
    if (setjmp(parser->failure) != 0) {
        return false;
    }
    *out = parse_exprs(parser);
    if (!parse_accept(parser, TOKEN_DOT)) {
        parse_expect(parser, TOKEN_EOF);
    }
    return true;
}
