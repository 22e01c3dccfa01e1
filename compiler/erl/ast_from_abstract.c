/* compiler/erl/ast_from_abstract.c
 * Expressions and patterns: terms to nodes. */
#include "compiler/erl/ast_reader.h"

/* ---- values and structures ---- */

static void read_string(Reader *reader, Node *node, Term t)
{
    Term list = reader_element(t, 3);
    uint32_t count = reader_list_length(reader, list);
    uint32_t *characters = ARENA_ARRAY(&reader->unit->arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++, list = cons_tail(list)) {
        Term c = cons_head(list);
        if (!term_is_small(c) || small_value(c) < 0 || small_value(c) > 0x10FFFF) {
            reader_fail(reader, t);
        }
        characters[i] = (uint32_t) small_value(c);
    }
    node->string.characters = characters;
    node->string.count = count;
}

static bool is_same_place(Location a, Location b)
{
    return a.line == b.line && a.column == b.column;
}

enum { WRITTEN_TAILS_MAX = 100 };

/* {cons, _, Head, {cons, _, Head, … Tail}}, without recursion along the tails. A cell that does not
 * stand where its head does was written as a list of its own, [a | [b]], and is kept so, unless
 * there are very many. `first` is the first head where it was read already. */
static void read_cons(Reader *reader, Node *node, Term t, Node *first)
{
    uint32_t room = 0;
    for (Term at = t; reader_tag(reader, at) == TAG_cons; at = reader_element(at, 4)) {
        reader_need_arity(reader, at, 4);
        room++;
    }
    NodeList *list = &node->list.elements;
    list->items = ARENA_ARRAY(&reader->unit->arena, Node *, room);
    while (reader_tag(reader, t) == TAG_cons) {
        Node *head = first != NULL ? first : reader_node(reader, reader_element(t, 3));
        Location at = reader_location(reader, reader_element(t, 2));
        if (list->count > 0 && reader->written_tails < WRITTEN_TAILS_MAX &&
            !is_same_place(at, node_first_location(head))) {
            reader->written_tails++;
            node->list.tail = node_create(reader->unit, NODE_LIST, at);
            read_cons(reader, node->list.tail, t, head);
            reader_checked(reader, node->list.tail, t);
            reader->written_tails--;
            return;
        }
        list->items[list->count++] = head;
        first = NULL;
        t = reader_element(t, 4);
    }
    if (reader_tag(reader, t) == TAG_nil) {
        Location end = reader_location(reader, reader_element(t, 2));
        node->list.end_line = end.line;
        node->list.end_column = end.column;
    } else {
        node->list.tail = reader_node(reader, t);
    }
}

static void read_bit_types(Reader *reader, Node *node, Term list)
{
    uint32_t count = reader_list_length(reader, list);
    node->bin_element.type_count = count;
    node->bin_element.types = ARENA_ARRAY(&reader->unit->arena, BitType, count);
    for (uint32_t i = 0; i < count; i++, list = cons_tail(list)) {
        Term type = cons_head(list);
        BitType *out = &node->bin_element.types[i];
        *out = (BitType){type, TERM_NONE};
        if (reader_arity(type) == 2 && term_is_integer(reader_element(type, 2))) {
            out->name = reader_element(type, 1);
            out->value = reader_keep(reader, reader_element(type, 2));
        }
        reader_need_atom(reader, out->name);
    }
}

static void read_bin_element(Reader *reader, Node *node, Term t)
{
    reader_need_arity(reader, t, 5);
    node->bin_element.value = reader_node(reader, reader_element(t, 3));
    if (!reader_is_named(reader_element(t, 4), "default")) {
        node->bin_element.size = reader_node(reader, reader_element(t, 4));
    }
    if (!reader_is_named(reader_element(t, 5), "default")) {
        read_bit_types(reader, node, reader_element(t, 5));
    }
}

static void read_map(Reader *reader, Node *node, Term t)
{
    if (reader_arity(t) == 4) {
        node->map.map = reader_node(reader, reader_element(t, 3));
    } else {
        reader_need_arity(reader, t, 3);
    }
    node->map.fields = reader_nodes(reader, reader_element(t, reader_arity(t)));
    for (uint32_t i = 0; i < node->map.fields.count; i++) {
        NodeKind kind = node->map.fields.items[i]->kind;
        if (kind != NODE_MAP_FIELD_ASSOC && kind != NODE_MAP_FIELD_EXACT) {
            reader_fail(reader, t);
        }
    }
}

static void read_record(Reader *reader, Node *node, Term t)
{
    size_t arity = reader_arity(t);
    if (arity == 5) {
        node->record.expr = reader_node(reader, reader_element(t, 3));
    } else {
        reader_need_arity(reader, t, 4);
    }
    node->record.name = reader_need_atom(reader, reader_element(t, arity - 1));
    node->record.fields = reader_nodes(reader, reader_element(t, arity));
    for (uint32_t i = 0; i < node->record.fields.count; i++) {
        if (node->record.fields.items[i]->kind != NODE_RECORD_FIELD) {
            reader_fail(reader, t);
        }
    }
}

/* {record_field, A, Name, Value} in a record, or {record_field, A, Expr, Name, Field}. */
static void read_record_field(Reader *reader, Node *node, Term t)
{
    if (reader_arity(t) == 5) {
        node->kind = NODE_RECORD_ACCESS;
        node->record_access.expr = reader_node(reader, reader_element(t, 3));
        node->record_access.name = reader_need_atom(reader, reader_element(t, 4));
        node->record_access.field = reader_node(reader, reader_element(t, 5));
        return;
    }
    reader_need_arity(reader, t, 4);
    node->pair.left = reader_node(reader, reader_element(t, 3));
    node->pair.right = reader_node(reader, reader_element(t, 4));
}

static void read_record_index(Reader *reader, Node *node, Term t)
{
    reader_need_arity(reader, t, 4);
    node->record_access.name = reader_need_atom(reader, reader_element(t, 3));
    node->record_access.field = reader_node(reader, reader_element(t, 4));
}

/* ---- expressions ---- */

static void read_pair(Reader *reader, Node *node, Term t)
{
    reader_need_arity(reader, t, 4);
    node->pair.left = reader_node(reader, reader_element(t, 3));
    node->pair.right = reader_node(reader, reader_element(t, 4));
}

static void read_operation(Reader *reader, Node *node, Term t)
{
    bool is_unary = reader_arity(t) == 4;
    if (!is_unary) {
        reader_need_arity(reader, t, 5);
    }
    unsigned first = is_unary ? OP_FIRST_UNARY : 0;
    unsigned end = is_unary ? OPERATOR_COUNT : OP_FIRST_UNARY;
    unsigned op = first;
    while (op < end && reader->operators[op] != reader_element(t, 3)) {
        op++;
    }
    if (op == end) {
        reader_fail(reader, t);
    }
    node->op = (uint8_t) op;
    if (is_unary) {
        node->kind = NODE_UNARY;
        node->unary.operand = reader_node(reader, reader_element(t, 4));
    } else {
        node->kind = NODE_BINARY;
        node->pair.left = reader_node(reader, reader_element(t, 4));
        node->pair.right = reader_node(reader, reader_element(t, 5));
    }
}

/* A part of fun M:F/A: a node, or in old forms the atom or integer itself. */
static Node *read_fun_part(Reader *reader, Location at, Term t)
{
    if (term_is_atom(t)) {
        return node_atom(reader->unit, at, t);
    }
    if (term_is_integer(t)) {
        Node *node = node_create(reader->unit, NODE_INTEGER, at);
        node->value = reader_keep(reader, t);
        return node;
    }
    return reader_node(reader, t);
}

static void read_fun(Reader *reader, Node *node, Term t)
{
    reader_need_arity(reader, t, 3);
    Term what = reader_element(t, 3);
    Tag tag = reader_tag(reader, what);
    if (tag == TAG_clauses) {
        node->clauses = reader_some_clauses(reader, reader_element(what, 2), ANY_PATTERNS);
    } else if (tag == TAG_function && reader_arity(what) == 3) {
        node->kind = NODE_FUN_LOCAL;
        node->fun_ref.name = reader_need_atom(reader, reader_element(what, 2));
        if (!term_is_integer(reader_element(what, 3))) {
            reader_fail(reader, t);
        }
        node->fun_ref.arity = reader_keep(reader, reader_element(what, 3));
    } else if (tag == TAG_function && reader_arity(what) == 4) {
        node->kind = NODE_FUN_REMOTE;
        node->fun_remote.module = read_fun_part(reader, node->at, reader_element(what, 2));
        node->fun_remote.name = read_fun_part(reader, node->at, reader_element(what, 3));
        node->fun_remote.arity = read_fun_part(reader, node->at, reader_element(what, 4));
    } else {
        reader_fail(reader, t);
    }
}

static uint32_t read_variable(Reader *reader, Term name)
{
    return erl_unit_variable(reader->unit, reader_need_atom(reader, name));
}

static void read_receive(Reader *reader, Node *node, Term t)
{
    node->receive = ARENA_NEW(&reader->unit->arena, struct ReceiveParts);
    if (reader_arity(t) == 3) {
        node->receive->clauses = reader_some_clauses(reader, reader_element(t, 3), 1);
        return;
    }
    reader_need_arity(reader, t, 5);
    node->receive->clauses = reader_clauses(reader, reader_element(t, 3), 1);
    node->receive->timeout = reader_node(reader, reader_element(t, 4));
    node->receive->after_body = reader_body(reader, reader_element(t, 5));
}

/* Each pattern of a `catch` clause is a tuple of three. */
static ClauseList read_catch_clauses(Reader *reader, Term list)
{
    ClauseList clauses = reader_clauses(reader, list, 1);
    for (uint32_t i = 0; i < clauses.count; i++) {
        const Node *pattern = clauses.items[i]->patterns.items[0];
        if (pattern->kind != NODE_TUPLE || pattern->nodes.count != 3) {
            reader_fail(reader, list);
        }
    }
    return clauses;
}

static void read_try(Reader *reader, Node *node, Term t)
{
    reader_need_arity(reader, t, 6);
    node->try_ = ARENA_NEW(&reader->unit->arena, struct TryParts);
    node->try_->body = reader_body(reader, reader_element(t, 3));
    node->try_->of_clauses = reader_clauses(reader, reader_element(t, 4), 1);
    node->try_->catch_clauses = read_catch_clauses(reader, reader_element(t, 5));
    node->try_->after_body = reader_nodes(reader, reader_element(t, 6));
}

static void read_maybe(Reader *reader, Node *node, Term t)
{
    if (reader_arity(t) == 4) {
        node->maybe.else_ = reader_node(reader, reader_element(t, 4));
        if (node->maybe.else_->kind != NODE_ELSE) {
            reader_fail(reader, t);
        }
    } else {
        reader_need_arity(reader, t, 3);
    }
    node->maybe.body = reader_body(reader, reader_element(t, 3));
}

static void read_comprehension(Reader *reader, Node *node, Term t)
{
    reader_need_arity(reader, t, 4);
    node->comprehension.result = reader_node(reader, reader_element(t, 3));
    node->comprehension.qualifiers = reader_nodes(reader, reader_element(t, 4));
    if (node->kind == NODE_MAP_COMPREHENSION &&
        node->comprehension.result->kind != NODE_MAP_FIELD_ASSOC) {
        reader_fail(reader, t);
    }
}

static Term need_value(Reader *reader, Term t, bool fine)
{
    reader_need_arity(reader, t, 3);
    if (!fine) {
        reader_fail(reader, t);
    }
    return reader_keep(reader, reader_element(t, 3));
}

/* Kinds of tags whose reading is the same but for the kind. */
static NodeKind kind_of(Tag tag)
{
    switch (tag) {
    case TAG_b_generate:
        return NODE_B_GENERATE;
    case TAG_b_generate_strict:
        return NODE_B_GENERATE_STRICT;
    case TAG_generate:
        return NODE_GENERATE;
    case TAG_generate_strict:
        return NODE_GENERATE_STRICT;
    case TAG_m_generate:
        return NODE_M_GENERATE;
    case TAG_m_generate_strict:
        return NODE_M_GENERATE_STRICT;
    case TAG_map_field_assoc:
        return NODE_MAP_FIELD_ASSOC;
    case TAG_map_field_exact:
        return NODE_MAP_FIELD_EXACT;
    case TAG_match:
        return NODE_MATCH;
    case TAG_maybe_match:
        return NODE_MAYBE_MATCH;
    case TAG_remote:
        return NODE_REMOTE;
    case TAG_bin:
        return NODE_BIN;
    case TAG_block:
        return NODE_BLOCK;
    case TAG_tuple:
        return NODE_TUPLE;
    case TAG_zip:
        return NODE_ZIP;
    case TAG_lc:
        return NODE_LIST_COMPREHENSION;
    case TAG_bc:
        return NODE_BIN_COMPREHENSION;
    default:
        return NODE_MAP_COMPREHENSION;
    }
}

/* {integer, Anno, Line} where a parse transform took a location for a line: it is {Line, Column},
 * and so is the value, as OTP's compiler has it. */
static void read_location_value(Reader *reader, Node *node, Term t)
{
    Term value = reader_element(t, 3);
    Location at;
    if (!reader_position(value, &at)) {
        reader_fail(reader, t);
    }
    Node **parts = ARENA_ARRAY(&reader->unit->arena, Node *, 2);
    for (uint32_t i = 0; i < 2; i++) {
        parts[i] = ARENA_NEW(&reader->unit->arena, Node);
        parts[i]->kind = NODE_INTEGER;
        parts[i]->at = node->at;
        parts[i]->value = reader_element(value, i + 1);
        parts[i] = reader_checked(reader, parts[i], t);
    }
    node->kind = NODE_TUPLE;
    node->nodes = (NodeList){parts, 2};
}

static void read_into(Reader *reader, Node *node, Tag tag, Term t)
{
    Term third = reader_arity(t) >= 3 ? reader_element(t, 3) : TERM_NIL;
    switch (tag) {
    case TAG_atom:
        node->kind = NODE_ATOM;
        node->value = need_value(reader, t, term_is_atom(third));
        break;
    case TAG_integer:
        if (term_is_tuple(third)) {
            read_location_value(reader, node, t);
            break;
        }
        node->kind = NODE_INTEGER;
        node->value = need_value(reader, t, term_is_integer(third));
        break;
    case TAG_char:
        node->kind = NODE_CHAR;
        node->value = need_value(reader, t,
                                 term_is_small(third) && small_value(third) >= 0 &&
                                     small_value(third) <= 0x10FFFF);
        break;
    case TAG_float:
        node->kind = NODE_FLOAT;
        node->float_value = float_value(need_value(reader, t, term_is_float(third)));
        break;
    case TAG_string:
        reader_need_arity(reader, t, 3);
        node->kind = NODE_STRING;
        read_string(reader, node, t);
        break;
    case TAG_var:
        reader_need_arity(reader, t, 3);
        node->kind = NODE_VAR;
        node->var = read_variable(reader, third);
        break;
    case TAG_nil:
        node->kind = NODE_LIST;
        node->list.end_line = node->at.line;
        node->list.end_column = node->at.column;
        break;
    case TAG_cons:
        node->kind = NODE_LIST;
        read_cons(reader, node, t, NULL);
        break;
    case TAG_bin:
    case TAG_block:
    case TAG_tuple:
    case TAG_zip:
        reader_need_arity(reader, t, 3);
        node->kind = (uint8_t) kind_of(tag);
        node->nodes = tag == TAG_block ? reader_body(reader, third) : reader_nodes(reader, third);
        break;
    case TAG_bin_element:
        node->kind = NODE_BIN_ELEMENT;
        read_bin_element(reader, node, t);
        break;
    case TAG_map:
        node->kind = NODE_MAP;
        read_map(reader, node, t);
        break;
    case TAG_record:
        node->kind = NODE_RECORD;
        read_record(reader, node, t);
        break;
    case TAG_record_field:
        node->kind = NODE_RECORD_FIELD;
        read_record_field(reader, node, t);
        break;
    case TAG_record_index:
        node->kind = NODE_RECORD_INDEX;
        read_record_index(reader, node, t);
        break;
    case TAG_b_generate:
    case TAG_b_generate_strict:
    case TAG_generate:
    case TAG_generate_strict:
    case TAG_m_generate:
    case TAG_m_generate_strict:
    case TAG_map_field_assoc:
    case TAG_map_field_exact:
    case TAG_match:
    case TAG_maybe_match:
    case TAG_remote:
        node->kind = (uint8_t) kind_of(tag);
        read_pair(reader, node, t);
        break;
    case TAG_op:
        read_operation(reader, node, t);
        break;
    case TAG_call:
        reader_need_arity(reader, t, 4);
        node->kind = NODE_CALL;
        node->call.function = reader_node(reader, third);
        node->call.args = reader_nodes(reader, reader_element(t, 4));
        break;
    case TAG_catch:
        reader_need_arity(reader, t, 3);
        node->kind = NODE_CATCH;
        node->unary.operand = reader_node(reader, third);
        break;
    case TAG_if:
        reader_need_arity(reader, t, 3);
        node->kind = NODE_IF;
        node->clauses = reader_some_clauses(reader, third, 0);
        break;
    case TAG_else:
        reader_need_arity(reader, t, 3);
        node->kind = NODE_ELSE;
        node->clauses = reader_some_clauses(reader, third, 1);
        break;
    case TAG_case:
        reader_need_arity(reader, t, 4);
        node->kind = NODE_CASE;
        node->of.expr = reader_node(reader, third);
        node->of.clauses = reader_some_clauses(reader, reader_element(t, 4), 1);
        break;
    case TAG_receive:
        node->kind = NODE_RECEIVE;
        read_receive(reader, node, t);
        break;
    case TAG_try:
        node->kind = NODE_TRY;
        read_try(reader, node, t);
        break;
    case TAG_maybe:
        node->kind = NODE_MAYBE;
        read_maybe(reader, node, t);
        break;
    case TAG_fun:
        node->kind = NODE_FUN;
        read_fun(reader, node, t);
        break;
    case TAG_named_fun:
        reader_need_arity(reader, t, 4);
        node->kind = NODE_NAMED_FUN;
        node->named_fun.var = read_variable(reader, third);
        node->named_fun.clauses = reader_some_clauses(reader, reader_element(t, 4), ANY_PATTERNS);
        break;
    case TAG_lc:
    case TAG_bc:
    case TAG_mc:
        node->kind = (uint8_t) kind_of(tag);
        read_comprehension(reader, node, t);
        break;
    default:
        reader_fail(reader, t);
    }
}

Node *reader_node(Reader *reader, Term t)
{
    Tag tag = reader_tag(reader, t);
    if (tag == TAG_COUNT || ++reader->nest > AST_HEIGHT_MAX) {
        reader_fail(reader, t);
    }
    Location at = reader_location(reader, reader_element(t, 2));
    Node *node = node_create(reader->unit, NODE_ATOM, at);
    read_into(reader, node, tag, t);
    reader->nest--;
    return reader_checked(reader, node, t);
}
