/* compiler/erl/ast_reader.c
 * Terms of the abstract format, taken apart; positions; lists and clauses. */
#include "compiler/erl/ast_reader.h"

#include "runtime/term/bits.h"
#include "runtime/term/copy.h"

void reader_init(Reader *reader, ErlUnit *unit, Diagnostics *diagnostics)
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

/* ---- taking terms apart ---- */

NORETURN COLD void reader_fail(Reader *reader, Term bad)
{
    reader->bad = bad;
    longjmp(reader->failure, 1);
}

size_t reader_arity(Term t)
{
    return term_is_tuple(t) ? tuple_arity(t) : 0;
}

Term reader_element(Term t, size_t number)
{
    return tuple_elements(t)[number - 1];
}

void reader_need_arity(Reader *reader, Term t, size_t arity)
{
    if (reader_arity(t) != arity) {
        reader_fail(reader, t);
    }
}

Term reader_need_atom(Reader *reader, Term t)
{
    if (!term_is_atom(t)) {
        reader_fail(reader, t);
    }
    return t;
}

bool reader_is_tag(const Reader *reader, Term t, Tag tag)
{
    return t == reader->tags[tag];
}

Tag reader_tag(const Reader *reader, Term t)
{
    Tag tag = 0;
    if (reader_arity(t) < 2) {
        return TAG_COUNT;
    }
    while (tag < TAG_COUNT && !reader_is_tag(reader, reader_element(t, 1), tag)) {
        tag++;
    }
    return tag;
}

bool reader_is_named(Term t, const char *name)
{
    return term_is_atom(t) && strcmp(atom_name(t), name) == 0;
}

/* The length of a proper list. */
uint32_t reader_list_length(Reader *reader, Term list)
{
    uint32_t length = 0;
    Term at = list;
    for (; term_is_cons(at); at = cons_tail(at)) {
        if (length++ == UINT32_MAX - 1) {
            reader_fail(reader, list);
        }
    }
    if (!term_is_nil(at)) {
        reader_fail(reader, list);
    }
    return length;
}

Term reader_keep(Reader *reader, Term t)
{
    Term copy = term_is_pointer(t) ? term_copy_flat(erl_unit_space(reader->unit), t) : t;
    if (copy == TERM_LIMIT) {
        reader_fail(reader, TERM_NIL);
    }
    return copy;
}

Node *reader_checked(Reader *reader, Node *node, Term t)
{
    node_update_height(node);
    if (node->height > AST_HEIGHT_MAX) {
        reader_fail(reader, t);
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
bool reader_position(Term t, Location *at)
{
    if (term_is_small(t)) {
        at->line = position_number(t);
        return true;
    }
    if (reader_arity(t) == 2 && term_is_small(reader_element(t, 1)) &&
        term_is_small(reader_element(t, 2))) {
        at->line = position_number(reader_element(t, 1));
        at->column = position_number(reader_element(t, 2));
        return true;
    }
    return false;
}

uint16_t reader_file(Reader *reader, Term string)
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
    if (reader_is_named(property, "generated")) {
        at->anno_flags |= ANNO_GENERATED;
    }
    if (reader_arity(property) != 2) {
        return;
    }
    Term name = reader_element(property, 1), value = reader_element(property, 2);
    if (reader_is_named(name, "location")) {
        reader_position(value, at);
    } else if (reader_is_named(name, "file")) {
        at->file = reader_file(reader, value);
    } else if (value == ATOM_OF(true) && reader_is_named(name, "generated")) {
        at->anno_flags |= ANNO_GENERATED;
    } else if (value == ATOM_OF(true) && reader_is_named(name, "record")) {
        at->anno_flags |= ANNO_RECORD;
    }
}

Location reader_location(Reader *reader, Term anno)
{
    Location at = {0, 0, reader->file, 0};
    if (reader_position(anno, &at)) {
        return at;
    }
    Term list = anno;
    for (; term_is_cons(list); list = cons_tail(list)) {
        read_property(reader, cons_head(list), &at);
    }
    if (!term_is_nil(list)) {
        reader_fail(reader, anno);
    }
    return at;
}

/* ---- lists of nodes ---- */

NodeList reader_list(Reader *reader, Term list, NodeReader read)
{
    NodeList nodes = {NULL, reader_list_length(reader, list)};
    nodes.items = ARENA_ARRAY(&reader->unit->arena, Node *, nodes.count);
    for (uint32_t i = 0; i < nodes.count; i++, list = cons_tail(list)) {
        nodes.items[i] = read(reader, cons_head(list));
    }
    return nodes;
}

NodeList reader_nodes(Reader *reader, Term list)
{
    return reader_list(reader, list, reader_node);
}

/* At least one. */
NodeList reader_body(Reader *reader, Term list)
{
    if (!term_is_cons(list)) {
        reader_fail(reader, list);
    }
    return reader_nodes(reader, list);
}

static Clause *read_clause(Reader *reader, Term t)
{
    reader_need_arity(reader, t, 5);
    if (!reader_is_tag(reader, reader_element(t, 1), TAG_clause)) {
        reader_fail(reader, t);
    }
    Clause *clause = clause_create(reader->unit, reader_location(reader, reader_element(t, 2)));
    clause->patterns = reader_nodes(reader, reader_element(t, 3));
    Term guards = reader_element(t, 4);
    clause->guard_count = reader_list_length(reader, guards);
    clause->guards = ARENA_ARRAY(&reader->unit->arena, NodeList, clause->guard_count);
    for (uint32_t i = 0; i < clause->guard_count; i++, guards = cons_tail(guards)) {
        clause->guards[i] = reader_body(reader, cons_head(guards));
    }
    clause->body = reader_body(reader, reader_element(t, 5));
    if (clause_update_height(clause) > AST_HEIGHT_MAX) {
        reader_fail(reader, t);
    }
    return clause;
}

ClauseList reader_clauses(Reader *reader, Term list, int64_t patterns)
{
    ClauseList clauses = {NULL, reader_list_length(reader, list)};
    clauses.items = ARENA_ARRAY(&reader->unit->arena, Clause *, clauses.count);
    for (uint32_t i = 0; i < clauses.count; i++, list = cons_tail(list)) {
        clauses.items[i] = read_clause(reader, cons_head(list));
        patterns = patterns == ANY_PATTERNS ? clauses.items[0]->patterns.count : patterns;
        if (clauses.items[i]->patterns.count != patterns) {
            reader_fail(reader, cons_head(list));
        }
    }
    return clauses;
}

ClauseList reader_some_clauses(Reader *reader, Term list, int64_t patterns)
{
    if (!term_is_cons(list)) {
        reader_fail(reader, list);
    }
    return reader_clauses(reader, list, patterns);
}
