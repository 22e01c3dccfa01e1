/* compiler/erl/ast_reader.h
 * Reading the abstract format: what the files of it share. ast_reader.c takes terms apart,
 * ast_from_abstract.c reads expressions, ast_from_forms.c types and forms.
 *
 * Nothing about the terms is taken for granted. What is not understood leaves by longjmp, with the
 * smallest term at fault; so does what is nested deeper than AST_HEIGHT_MAX. */
#ifndef MUSTER_COMPILER_ERL_AST_READER_H
#define MUSTER_COMPILER_ERL_AST_READER_H

#include <setjmp.h>

#include "compiler/erl/abstract.h"

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

void reader_init(Reader *reader, ErlUnit *unit, Diagnostics *diagnostics);

/* ---- taking terms apart ---- */

NORETURN COLD void reader_fail(Reader *reader, Term bad);
size_t reader_arity(Term t);                /* 0 for what is no tuple */
Term reader_element(Term t, size_t number); /* from 1 */
void reader_need_arity(Reader *reader, Term t, size_t arity);
Term reader_need_atom(Reader *reader, Term t);
bool reader_is_tag(const Reader *reader, Term t, Tag tag);
Tag reader_tag(const Reader *reader, Term t); /* TAG_COUNT: none */
bool reader_is_named(Term t, const char *name);
uint32_t reader_list_length(Reader *reader, Term list); /* of a proper list */
Term reader_keep(Reader *reader, Term t);               /* copied into the unit */
/* The node with its height, which is not too much. */
Node *reader_checked(Reader *reader, Node *node, Term t);

/* ---- positions ---- */

bool reader_position(Term t, Location *at); /* Line or {Line, Column}; false: neither */
uint16_t reader_file(Reader *reader, Term string);
Location reader_location(Reader *reader, Term anno);

/* ---- lists of nodes ---- */

typedef Node *(*NodeReader)(Reader *reader, Term t);
NodeList reader_list(Reader *reader, Term list, NodeReader read);
NodeList reader_nodes(Reader *reader, Term list);
NodeList reader_body(Reader *reader, Term list); /* at least one */

/* ANY_PATTERNS: as many as the first clause has. */
enum { ANY_PATTERNS = -1 };
ClauseList reader_clauses(Reader *reader, Term list, int64_t patterns);
ClauseList reader_some_clauses(Reader *reader, Term list, int64_t patterns); /* at least one */

/* ---- grammar ---- */

Node *reader_node(Reader *reader, Term t);
Node *reader_type(Reader *reader, Term t);

#endif
