/* compiler/erl/ast_from_abstract.c
 * Terms to nodes: what parse transforms return, what erl_parse and compile:forms are given.
 *
 * Nothing about the terms is taken for granted. What is not understood leaves by longjmp, with the
 * smallest term at fault; so does what is nested deeper than AST_HEIGHT_MAX. */
#include "compiler/erl/abstract.h"

#include <setjmp.h>

#include "runtime/term/arith.h"
#include "runtime/term/bits.h"
#include "runtime/term/copy.h"

/* clang-format off */
/* TAG(name): the first element of a tuple of the format. */
#define TAGS(TAG) \
    TAG(ann_type) TAG(atom) TAG(attribute) TAG(b_generate) TAG(b_generate_strict) TAG(bc) TAG(bin) \
    TAG(bin_element) TAG(block) TAG(call) TAG(case) TAG(catch) TAG(char) TAG(clause) TAG(clauses) \
    TAG(cons) TAG(else) TAG(eof) TAG(error) TAG(float) TAG(fun) TAG(function) TAG(generate) \
    TAG(generate_strict) TAG(if) TAG(integer) TAG(lc) TAG(m_generate) TAG(m_generate_strict) \
    TAG(map) TAG(map_field_assoc) TAG(map_field_exact) TAG(match) TAG(maybe) TAG(maybe_match) \
    TAG(mc) TAG(named_fun) TAG(nil) TAG(op) TAG(paren_type) TAG(receive) TAG(record) \
    TAG(record_field) TAG(record_index) TAG(remote) TAG(remote_type) TAG(string) TAG(try) \
    TAG(tuple) TAG(type) TAG(typed_record_field) TAG(user_type) TAG(var) TAG(warning) TAG(zip)
/* clang-format on */

typedef enum Tag {
#define TAG(name) TAG_##name,
    TAGS(TAG)
#undef TAG
        TAG_COUNT
} Tag;

typedef struct Reader {
    ErlUnit *unit;
    Diagnostics *diagnostics;
    Term tags[TAG_COUNT];
    Term operators[OPERATOR_COUNT];
    uint16_t file;
    uint32_t nest;
    uint32_t written_tails; /* [a | [b | [c]]], now being read */
    Term bad;
    jmp_buf failure;
} Reader;

static Node *read_node(Reader *reader, Term t);
static Node *read_type(Reader *reader, Term t);

/* ---- taking terms apart ---- */

NORETURN COLD static void fail(Reader *reader, Term bad)
{
    reader->bad = bad;
    longjmp(reader->failure, 1);
}

static size_t arity_of(Term t)
{
    return term_is_tuple(t) ? tuple_arity(t) : 0;
}

static Term element(Term t, size_t number)
{
    return tuple_elements(t)[number - 1];
}

static void need_arity(Reader *reader, Term t, size_t arity)
{
    if (arity_of(t) != arity) {
        fail(reader, t);
    }
}

static Term need_atom(Reader *reader, Term t)
{
    if (!term_is_atom(t)) {
        fail(reader, t);
    }
    return t;
}

static bool is_tag(const Reader *reader, Term t, Tag tag)
{
    return t == reader->tags[tag];
}

static Tag tag_of(const Reader *reader, Term t)
{
    Tag tag = 0;
    if (arity_of(t) < 2) {
        return TAG_COUNT;
    }
    while (tag < TAG_COUNT && !is_tag(reader, element(t, 1), tag)) {
        tag++;
    }
    return tag;
}

static bool is_named(Term t, const char *name)
{
    return term_is_atom(t) && strcmp(atom_name(t), name) == 0;
}

/* The length of a proper list. */
static uint32_t list_length(Reader *reader, Term list)
{
    uint32_t length = 0;
    Term at = list;
    for (; term_is_cons(at); at = cons_tail(at)) {
        if (length++ == UINT32_MAX - 1) {
            fail(reader, list);
        }
    }
    if (!term_is_nil(at)) {
        fail(reader, list);
    }
    return length;
}

static Term kept(Reader *reader, Term t)
{
    Term copy = term_is_pointer(t) ? term_copy(erl_unit_space(reader->unit), t) : t;
    if (copy == TERM_LIMIT) {
        fail(reader, TERM_NIL);
    }
    return copy;
}

static Node *checked(Reader *reader, Node *node, Term t)
{
    node_update_height(node);
    if (node->height > AST_HEIGHT_MAX) {
        fail(reader, t);
    }
    return node;
}

/* ---- positions ---- */

static uint32_t position_number(Term t)
{
    int64_t value = term_is_small(t) ? small_value(t) : 0;
    return value < 0 || value > UINT32_MAX ? 0 : (uint32_t) value;
}

/* Line or {Line, Column}; false: neither. */
static bool read_position(Term t, Location *at)
{
    if (term_is_small(t)) {
        at->line = position_number(t);
        return true;
    }
    if (arity_of(t) == 2 && term_is_small(element(t, 1)) && term_is_small(element(t, 2))) {
        at->line = position_number(element(t, 1));
        at->column = position_number(element(t, 2));
        return true;
    }
    return false;
}

static uint16_t file_named(Reader *reader, Term string)
{
    Text text = {0};
    for (; term_is_cons(string) && term_is_small(cons_head(string)); string = cons_tail(string)) {
        int64_t c = small_value(cons_head(string));
        text_add_code_point(&text, code_point_is_valid(c) && c != 0 ? (uint32_t) c : 0xFFFD);
    }
    uint16_t file = erl_unit_file(reader->unit, text.bytes == NULL ? "" : text.bytes);
    text_finish(&text);
    return file;
}

static void read_property(Reader *reader, Term property, Location *at)
{
    if (is_named(property, "generated")) {
        at->anno_flags |= ANNO_GENERATED;
    }
    if (arity_of(property) != 2) {
        return;
    }
    Term name = element(property, 1), value = element(property, 2);
    if (is_named(name, "location")) {
        read_position(value, at);
    } else if (is_named(name, "file")) {
        at->file = file_named(reader, value);
    } else if (value == ATOM_OF(true) && is_named(name, "generated")) {
        at->anno_flags |= ANNO_GENERATED;
    } else if (value == ATOM_OF(true) && is_named(name, "record")) {
        at->anno_flags |= ANNO_RECORD;
    }
}

static Location read_location(Reader *reader, Term anno)
{
    Location at = {0, 0, reader->file, 0};
    if (read_position(anno, &at)) {
        return at;
    }
    Term list = anno;
    for (; term_is_cons(list); list = cons_tail(list)) {
        read_property(reader, cons_head(list), &at);
    }
    if (!term_is_nil(list)) {
        fail(reader, anno);
    }
    return at;
}

/* ---- lists of nodes ---- */

typedef Node *(*NodeReader)(Reader *reader, Term t);

static NodeList read_list_by(Reader *reader, Term list, NodeReader read)
{
    NodeList nodes = {NULL, list_length(reader, list)};
    nodes.items = ARENA_ARRAY(&reader->unit->arena, Node *, nodes.count);
    for (uint32_t i = 0; i < nodes.count; i++, list = cons_tail(list)) {
        nodes.items[i] = read(reader, cons_head(list));
    }
    return nodes;
}

static NodeList read_nodes(Reader *reader, Term list)
{
    return read_list_by(reader, list, read_node);
}

/* At least one. */
static NodeList read_body(Reader *reader, Term list)
{
    if (!term_is_cons(list)) {
        fail(reader, list);
    }
    return read_nodes(reader, list);
}

static Clause *read_clause(Reader *reader, Term t)
{
    need_arity(reader, t, 5);
    if (!is_tag(reader, element(t, 1), TAG_clause)) {
        fail(reader, t);
    }
    Clause *clause = clause_create(reader->unit, read_location(reader, element(t, 2)));
    clause->patterns = read_nodes(reader, element(t, 3));
    Term guards = element(t, 4);
    clause->guard_count = list_length(reader, guards);
    clause->guards = ARENA_ARRAY(&reader->unit->arena, NodeList, clause->guard_count);
    for (uint32_t i = 0; i < clause->guard_count; i++, guards = cons_tail(guards)) {
        clause->guards[i] = read_body(reader, cons_head(guards));
    }
    clause->body = read_body(reader, element(t, 5));
    if (clause_update_height(clause) > AST_HEIGHT_MAX) {
        fail(reader, t);
    }
    return clause;
}

/* ANY_PATTERNS: as many as the first clause has. */
enum { ANY_PATTERNS = -1 };

static ClauseList read_clauses(Reader *reader, Term list, int64_t patterns)
{
    ClauseList clauses = {NULL, list_length(reader, list)};
    clauses.items = ARENA_ARRAY(&reader->unit->arena, Clause *, clauses.count);
    for (uint32_t i = 0; i < clauses.count; i++, list = cons_tail(list)) {
        clauses.items[i] = read_clause(reader, cons_head(list));
        patterns = patterns == ANY_PATTERNS ? clauses.items[0]->patterns.count : patterns;
        if (clauses.items[i]->patterns.count != patterns) {
            fail(reader, cons_head(list));
        }
    }
    return clauses;
}

static ClauseList read_some_clauses(Reader *reader, Term list, int64_t patterns)
{
    if (!term_is_cons(list)) {
        fail(reader, list);
    }
    return read_clauses(reader, list, patterns);
}

/* ---- values and structures ---- */

static void read_string(Reader *reader, Node *node, Term t)
{
    Term list = element(t, 3);
    uint32_t count = list_length(reader, list);
    uint32_t *characters = ARENA_ARRAY(&reader->unit->arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++, list = cons_tail(list)) {
        Term c = cons_head(list);
        if (!term_is_small(c) || small_value(c) < 0 || small_value(c) > 0x10FFFF) {
            fail(reader, t);
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
    for (Term at = t; tag_of(reader, at) == TAG_cons; at = element(at, 4)) {
        need_arity(reader, at, 4);
        room++;
    }
    NodeList *list = &node->list.elements;
    list->items = ARENA_ARRAY(&reader->unit->arena, Node *, room);
    while (tag_of(reader, t) == TAG_cons) {
        Node *head = first != NULL ? first : read_node(reader, element(t, 3));
        Location at = read_location(reader, element(t, 2));
        if (list->count > 0 && reader->written_tails < WRITTEN_TAILS_MAX &&
            !is_same_place(at, node_first_location(head))) {
            reader->written_tails++;
            node->list.tail = node_create(reader->unit, NODE_LIST, at);
            read_cons(reader, node->list.tail, t, head);
            checked(reader, node->list.tail, t);
            reader->written_tails--;
            return;
        }
        list->items[list->count++] = head;
        first = NULL;
        t = element(t, 4);
    }
    if (tag_of(reader, t) == TAG_nil) {
        Location end = read_location(reader, element(t, 2));
        node->list.end_line = end.line;
        node->list.end_column = end.column;
    } else {
        node->list.tail = read_node(reader, t);
    }
}

static void read_bit_types(Reader *reader, Node *node, Term list)
{
    uint32_t count = list_length(reader, list);
    node->bin_element.type_count = count;
    node->bin_element.types = ARENA_ARRAY(&reader->unit->arena, BitType, count);
    for (uint32_t i = 0; i < count; i++, list = cons_tail(list)) {
        Term type = cons_head(list);
        BitType *out = &node->bin_element.types[i];
        *out = (BitType){type, TERM_NONE};
        if (arity_of(type) == 2 && term_is_integer(element(type, 2))) {
            out->name = element(type, 1);
            out->value = kept(reader, element(type, 2));
        }
        need_atom(reader, out->name);
    }
}

static void read_bin_element(Reader *reader, Node *node, Term t)
{
    need_arity(reader, t, 5);
    node->bin_element.value = read_node(reader, element(t, 3));
    if (!is_named(element(t, 4), "default")) {
        node->bin_element.size = read_node(reader, element(t, 4));
    }
    if (!is_named(element(t, 5), "default")) {
        read_bit_types(reader, node, element(t, 5));
    }
}

static void read_map(Reader *reader, Node *node, Term t)
{
    if (arity_of(t) == 4) {
        node->map.map = read_node(reader, element(t, 3));
    } else {
        need_arity(reader, t, 3);
    }
    node->map.fields = read_nodes(reader, element(t, arity_of(t)));
    for (uint32_t i = 0; i < node->map.fields.count; i++) {
        NodeKind kind = node->map.fields.items[i]->kind;
        if (kind != NODE_MAP_FIELD_ASSOC && kind != NODE_MAP_FIELD_EXACT) {
            fail(reader, t);
        }
    }
}

static void read_record(Reader *reader, Node *node, Term t)
{
    size_t arity = arity_of(t);
    if (arity == 5) {
        node->record.expr = read_node(reader, element(t, 3));
    } else {
        need_arity(reader, t, 4);
    }
    node->record.name = need_atom(reader, element(t, arity - 1));
    node->record.fields = read_nodes(reader, element(t, arity));
    for (uint32_t i = 0; i < node->record.fields.count; i++) {
        if (node->record.fields.items[i]->kind != NODE_RECORD_FIELD) {
            fail(reader, t);
        }
    }
}

/* {record_field, A, Name, Value} in a record, or {record_field, A, Expr, Name, Field}. */
static void read_record_field(Reader *reader, Node *node, Term t)
{
    if (arity_of(t) == 5) {
        node->kind = NODE_RECORD_ACCESS;
        node->record_access.expr = read_node(reader, element(t, 3));
        node->record_access.name = need_atom(reader, element(t, 4));
        node->record_access.field = read_node(reader, element(t, 5));
        return;
    }
    need_arity(reader, t, 4);
    node->pair.left = read_node(reader, element(t, 3));
    node->pair.right = read_node(reader, element(t, 4));
}

static void read_record_index(Reader *reader, Node *node, Term t)
{
    need_arity(reader, t, 4);
    node->record_access.name = need_atom(reader, element(t, 3));
    node->record_access.field = read_node(reader, element(t, 4));
}

/* ---- expressions ---- */

static void read_pair(Reader *reader, Node *node, Term t)
{
    need_arity(reader, t, 4);
    node->pair.left = read_node(reader, element(t, 3));
    node->pair.right = read_node(reader, element(t, 4));
}

static void read_operation(Reader *reader, Node *node, Term t)
{
    bool is_unary = arity_of(t) == 4;
    if (!is_unary) {
        need_arity(reader, t, 5);
    }
    unsigned first = is_unary ? OP_FIRST_UNARY : 0;
    unsigned end = is_unary ? OPERATOR_COUNT : OP_FIRST_UNARY;
    unsigned op = first;
    while (op < end && reader->operators[op] != element(t, 3)) {
        op++;
    }
    if (op == end) {
        fail(reader, t);
    }
    node->op = (uint8_t) op;
    if (is_unary) {
        node->kind = NODE_UNARY;
        node->unary.operand = read_node(reader, element(t, 4));
    } else {
        node->kind = NODE_BINARY;
        node->pair.left = read_node(reader, element(t, 4));
        node->pair.right = read_node(reader, element(t, 5));
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
        node->value = kept(reader, t);
        return node;
    }
    return read_node(reader, t);
}

static void read_fun(Reader *reader, Node *node, Term t)
{
    need_arity(reader, t, 3);
    Term what = element(t, 3);
    Tag tag = tag_of(reader, what);
    if (tag == TAG_clauses) {
        node->clauses = read_some_clauses(reader, element(what, 2), ANY_PATTERNS);
    } else if (tag == TAG_function && arity_of(what) == 3) {
        node->kind = NODE_FUN_LOCAL;
        node->fun_ref.name = need_atom(reader, element(what, 2));
        if (!term_is_integer(element(what, 3))) {
            fail(reader, t);
        }
        node->fun_ref.arity = kept(reader, element(what, 3));
    } else if (tag == TAG_function && arity_of(what) == 4) {
        node->kind = NODE_FUN_REMOTE;
        node->fun_remote.module = read_fun_part(reader, node->at, element(what, 2));
        node->fun_remote.name = read_fun_part(reader, node->at, element(what, 3));
        node->fun_remote.arity = read_fun_part(reader, node->at, element(what, 4));
    } else {
        fail(reader, t);
    }
}

static uint32_t read_variable(Reader *reader, Term name)
{
    return erl_unit_variable(reader->unit, need_atom(reader, name));
}

static void read_receive(Reader *reader, Node *node, Term t)
{
    node->receive = ARENA_NEW(&reader->unit->arena, struct ReceiveParts);
    if (arity_of(t) == 3) {
        node->receive->clauses = read_some_clauses(reader, element(t, 3), 1);
        return;
    }
    need_arity(reader, t, 5);
    node->receive->clauses = read_clauses(reader, element(t, 3), 1);
    node->receive->timeout = read_node(reader, element(t, 4));
    node->receive->after_body = read_body(reader, element(t, 5));
}

/* Each pattern of a `catch` clause is a tuple of three. */
static ClauseList read_catch_clauses(Reader *reader, Term list)
{
    ClauseList clauses = read_clauses(reader, list, 1);
    for (uint32_t i = 0; i < clauses.count; i++) {
        const Node *pattern = clauses.items[i]->patterns.items[0];
        if (pattern->kind != NODE_TUPLE || pattern->nodes.count != 3) {
            fail(reader, list);
        }
    }
    return clauses;
}

static void read_try(Reader *reader, Node *node, Term t)
{
    need_arity(reader, t, 6);
    node->try_ = ARENA_NEW(&reader->unit->arena, struct TryParts);
    node->try_->body = read_body(reader, element(t, 3));
    node->try_->of_clauses = read_clauses(reader, element(t, 4), 1);
    node->try_->catch_clauses = read_catch_clauses(reader, element(t, 5));
    node->try_->after_body = read_nodes(reader, element(t, 6));
}

static void read_maybe(Reader *reader, Node *node, Term t)
{
    if (arity_of(t) == 4) {
        node->maybe.else_ = read_node(reader, element(t, 4));
        if (node->maybe.else_->kind != NODE_ELSE) {
            fail(reader, t);
        }
    } else {
        need_arity(reader, t, 3);
    }
    node->maybe.body = read_body(reader, element(t, 3));
}

static void read_comprehension(Reader *reader, Node *node, Term t)
{
    need_arity(reader, t, 4);
    node->comprehension.result = read_node(reader, element(t, 3));
    node->comprehension.qualifiers = read_nodes(reader, element(t, 4));
    if (node->kind == NODE_MAP_COMPREHENSION &&
        node->comprehension.result->kind != NODE_MAP_FIELD_ASSOC) {
        fail(reader, t);
    }
}

static Term need_value(Reader *reader, Term t, bool fine)
{
    need_arity(reader, t, 3);
    if (!fine) {
        fail(reader, t);
    }
    return kept(reader, element(t, 3));
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

static void read_into(Reader *reader, Node *node, Tag tag, Term t)
{
    Term third = arity_of(t) >= 3 ? element(t, 3) : TERM_NIL;
    switch (tag) {
    case TAG_atom:
        node->kind = NODE_ATOM;
        node->value = need_value(reader, t, term_is_atom(third));
        break;
    case TAG_integer:
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
        need_arity(reader, t, 3);
        node->kind = NODE_STRING;
        read_string(reader, node, t);
        break;
    case TAG_var:
        need_arity(reader, t, 3);
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
        need_arity(reader, t, 3);
        node->kind = (uint8_t) kind_of(tag);
        node->nodes = tag == TAG_block ? read_body(reader, third) : read_nodes(reader, third);
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
        need_arity(reader, t, 4);
        node->kind = NODE_CALL;
        node->call.function = read_node(reader, third);
        node->call.args = read_nodes(reader, element(t, 4));
        break;
    case TAG_catch:
        need_arity(reader, t, 3);
        node->kind = NODE_CATCH;
        node->unary.operand = read_node(reader, third);
        break;
    case TAG_if:
        need_arity(reader, t, 3);
        node->kind = NODE_IF;
        node->clauses = read_some_clauses(reader, third, 0);
        break;
    case TAG_else:
        need_arity(reader, t, 3);
        node->kind = NODE_ELSE;
        node->clauses = read_some_clauses(reader, third, 1);
        break;
    case TAG_case:
        need_arity(reader, t, 4);
        node->kind = NODE_CASE;
        node->of.expr = read_node(reader, third);
        node->of.clauses = read_some_clauses(reader, element(t, 4), 1);
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
        need_arity(reader, t, 4);
        node->kind = NODE_NAMED_FUN;
        node->named_fun.var = read_variable(reader, third);
        node->named_fun.clauses = read_some_clauses(reader, element(t, 4), ANY_PATTERNS);
        break;
    case TAG_lc:
    case TAG_bc:
    case TAG_mc:
        node->kind = (uint8_t) kind_of(tag);
        read_comprehension(reader, node, t);
        break;
    default:
        fail(reader, t);
    }
}

static Node *read_node(Reader *reader, Term t)
{
    Tag tag = tag_of(reader, t);
    if (tag == TAG_COUNT || ++reader->nest > AST_HEIGHT_MAX) {
        fail(reader, t);
    }
    Location at = read_location(reader, element(t, 2));
    Node *node = node_create(reader->unit, NODE_ATOM, at);
    read_into(reader, node, tag, t);
    reader->nest--;
    return checked(reader, node, t);
}

/* ---- types ---- */

static NodeList read_types(Reader *reader, Term list)
{
    return read_list_by(reader, list, read_type);
}

/* [Left, Right] */
static void read_type_pair(Reader *reader, Node *node, Term list)
{
    if (list_length(reader, list) != 2) {
        fail(reader, list);
    }
    node->pair.left = read_type(reader, cons_head(list));
    node->pair.right = read_type(reader, cons_head(cons_tail(list)));
}

/* [{atom, _, is_subtype}, [Var, Type]] */
static void read_constraint(Reader *reader, Node *node, Term list)
{
    if (list_length(reader, list) != 2) {
        fail(reader, list);
    }
    read_type_pair(reader, node, cons_head(cons_tail(list)));
}

static void read_type_into(Reader *reader, Node *node, Term t)
{
    Term name = need_atom(reader, element(t, 3));
    node->kind = NODE_TYPE_ANY_ARGS;
    node->type.name = name;
    if (arity_of(t) == 3) {
        return;
    }
    need_arity(reader, t, 4);
    Term args = element(t, 4);
    if (is_named(args, "any")) {
        return;
    }
    if (is_named(name, "bounded_fun")) {
        if (list_length(reader, args) != 2) {
            fail(reader, t);
        }
        node->kind = NODE_BOUNDED_FUN;
        Node *fun = read_type(reader, cons_head(args));
        NodeList constraints = read_types(reader, cons_head(cons_tail(args)));
        node->bounded_fun.fun = fun;
        node->bounded_fun.constraints = constraints;
    } else if (is_named(name, "constraint")) {
        node->kind = NODE_TYPE_CONSTRAINT;
        read_constraint(reader, node, args);
    } else {
        node->kind = NODE_TYPE;
        node->type.args = read_types(reader, args);
    }
}

static void read_remote_type(Reader *reader, Node *node, Term list)
{
    if (list_length(reader, list) != 3) {
        fail(reader, list);
    }
    node->remote_type.module = read_node(reader, cons_head(list));
    list = cons_tail(list);
    node->remote_type.name = read_node(reader, cons_head(list));
    node->remote_type.args = read_types(reader, cons_head(cons_tail(list)));
}

static Node *read_type(Reader *reader, Term t)
{
    Tag tag = tag_of(reader, t);
    if (tag == TAG_COUNT || arity_of(t) < 3 || ++reader->nest > AST_HEIGHT_MAX) {
        fail(reader, t);
    }
    Node *node = node_create(reader->unit, NODE_TYPE, read_location(reader, element(t, 2)));
    switch (tag) {
    case TAG_type:
        read_type_into(reader, node, t);
        break;
    case TAG_user_type:
        need_arity(reader, t, 4);
        node->kind = NODE_USER_TYPE;
        node->type.name = need_atom(reader, element(t, 3));
        node->type.args = read_types(reader, element(t, 4));
        break;
    case TAG_remote_type:
        node->kind = NODE_REMOTE_TYPE;
        read_remote_type(reader, node, element(t, 3));
        break;
    case TAG_ann_type:
        node->kind = NODE_ANN_TYPE;
        read_type_pair(reader, node, element(t, 3));
        break;
    case TAG_paren_type: /* of old forms: parentheses */
        if (list_length(reader, element(t, 3)) != 1) {
            fail(reader, t);
        }
        node = read_type(reader, cons_head(element(t, 3)));
        break;
    case TAG_atom:
    case TAG_integer:
    case TAG_char:
    case TAG_var:
    case TAG_op:
        node = read_node(reader, t);
        break;
    default:
        fail(reader, t);
    }
    reader->nest--;
    return checked(reader, node, t);
}

/* ---- forms ---- */

static void read_record_definition_field(Reader *reader, Term t, RecordField *field)
{
    Tag tag = tag_of(reader, t);
    if (tag == TAG_typed_record_field) {
        need_arity(reader, t, 3);
        field->type = read_type(reader, element(t, 3));
        t = element(t, 2);
        tag = tag_of(reader, t);
    }
    size_t arity = arity_of(t);
    if (tag != TAG_record_field || (arity != 3 && arity != 4)) {
        fail(reader, t);
    }
    field->at = read_location(reader, element(t, 2));
    Node *name = read_node(reader, element(t, 3));
    if (name->kind != NODE_ATOM) {
        fail(reader, t);
    }
    field->name = name->value;
    field->name_at = name->at;
    field->value = arity == 4 ? read_node(reader, element(t, 4)) : NULL;
}

static void read_record_form(Reader *reader, Form *form, Term value)
{
    need_arity(reader, value, 2);
    form->kind = FORM_RECORD;
    form->record.name = need_atom(reader, element(value, 1));
    Term list = element(value, 2);
    uint32_t count = list_length(reader, list);
    form->record.field_count = count;
    form->record.fields = arena_alloc_zero(&reader->unit->arena, count * sizeof(RecordField));
    for (uint32_t i = 0; i < count; i++, list = cons_tail(list)) {
        read_record_definition_field(reader, cons_head(list), &form->record.fields[i]);
    }
}

static void read_type_form(Reader *reader, Form *form, Term attribute, Term value)
{
    need_arity(reader, value, 3);
    form->kind = FORM_TYPE;
    form->type.attribute = attribute;
    form->type.name = need_atom(reader, element(value, 1));
    form->type.type = read_type(reader, element(value, 2));
    form->type.parameters = read_nodes(reader, element(value, 3));
}

static void read_spec_form(Reader *reader, Form *form, Term attribute, Term value)
{
    need_arity(reader, value, 2);
    Term head = element(value, 1);
    size_t arity = arity_of(head);
    if ((arity != 2 && arity != 3) || !term_is_small(element(head, arity)) ||
        small_value(element(head, arity)) < 0 || small_value(element(head, arity)) > UINT32_MAX) {
        fail(reader, value);
    }
    form->kind = FORM_SPEC;
    form->spec.attribute = attribute;
    form->spec.module = arity == 3 ? need_atom(reader, element(head, 1)) : TERM_NONE;
    form->spec.name = need_atom(reader, element(head, arity - 1));
    form->spec.arity = (uint32_t) small_value(element(head, arity));
    form->spec.types = read_types(reader, element(value, 2));
}

static void read_attribute(Reader *reader, Form *form, Term t)
{
    need_arity(reader, t, 4);
    Term name = need_atom(reader, element(t, 3)), value = element(t, 4);
    if (is_named(name, "record")) {
        read_record_form(reader, form, value);
    } else if (is_named(name, "type") || is_named(name, "opaque") || is_named(name, "nominal")) {
        read_type_form(reader, form, name, value);
    } else if (is_named(name, "spec") || is_named(name, "callback")) {
        read_spec_form(reader, form, name, value);
    } else {
        form->kind = FORM_ATTRIBUTE;
        form->attribute.name = name;
        form->attribute.value = kept(reader, value);
        if (is_named(name, "file") && arity_of(value) == 2) {
            reader->file = file_named(reader, element(value, 1));
            form->at.file = reader->file;
        } else if (is_named(name, "module")) {
            Term module = arity_of(value) == 2 ? element(value, 1) : value;
            reader->unit->module = need_atom(reader, module);
        }
    }
}

static void read_function(Reader *reader, Form *form, Term t)
{
    need_arity(reader, t, 5);
    Term arity = element(t, 4);
    if (!term_is_small(arity) || small_value(arity) < 0 || small_value(arity) > UINT32_MAX) {
        fail(reader, t);
    }
    form->kind = FORM_FUNCTION;
    form->function.name = need_atom(reader, element(t, 3));
    form->function.arity = (uint32_t) small_value(arity);
    form->function.clauses = read_some_clauses(reader, element(t, 5), small_value(arity));
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
    need_arity(reader, t, 2);
    Term info = kept(reader, element(t, 2));
    form->kind = severity == SEVERITY_ERROR ? FORM_ERROR : FORM_WARNING;
    form->error = info;
    form->at = (Location){0, 0, reader->file, 0};
    Term descriptor = info, module = TERM_NONE;
    if (arity_of(info) == 3 && term_is_atom(element(info, 2))) {
        read_position(element(info, 1), &form->at);
        module = element(info, 2);
        descriptor = element(info, 3);
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
    Tag tag = tag_of(reader, t);
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
        form->at = read_location(reader, element(t, 2));
        break;
    default:
        fail(reader, t);
    }
    if (tag == TAG_attribute) {
        read_attribute(reader, form, t);
    } else if (tag == TAG_function) {
        read_function(reader, form, t);
    } else {
        need_arity(reader, t, 2);
        form->kind = FORM_EOF;
    }
    return form;
}

/* ---- entries ---- */

static void reader_init(Reader *reader, ErlUnit *unit, Diagnostics *diagnostics)
{
    memset(reader, 0, sizeof *reader);
    reader->unit = unit;
    reader->diagnostics = diagnostics;
#define TAG(name) reader->tags[TAG_##name] = atom_of(#name);
    TAGS(TAG)
#undef TAG
    for (unsigned op = 0; op < OPERATOR_COUNT; op++) {
        reader->operators[op] = operator_atom(op);
    }
}

typedef struct ReaderCall {
    Reader *reader;
    Term term;
    Node *node;
    bool wants_forms, fine;
} ReaderCall;

static void read_forms(Reader *reader, Term forms)
{
    list_length(reader, forms);
    ErlUnit *unit = reader->unit;
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
        call->node = read_node(call->reader, call->term);
    }
    call->fine = true;
}

ErlUnit *forms_from_abstract(Term forms, Diagnostics *diagnostics, Term *bad)
{
    Reader reader;
    ErlUnit *unit = erl_unit_create();
    erl_unit_file(unit, ""); /* where no -file says otherwise */
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
