/* runtime/term/atom.h
 * The atom table: names to small numbers, for the life of the machine. Reading a name takes no
 * lock; making one takes a short one. At most `atom_limit` atoms (1,048,576 unless told).
 * The atoms that C code names are listed once, in atoms.def, as ATOM(c_name, "text"), and are
 * constants: ATOM_ok. */
#ifndef MUSTER_TERM_ATOM_H
#define MUSTER_TERM_ATOM_H

#include "runtime/term/term.h"

enum {
#define ATOM(c_name, text) ATOM_INDEX_##c_name,
#include "runtime/term/atoms.def"
#undef ATOM
    ATOM_INDEX_COUNT
};
#define ATOM_OF(c_name) TERM_IMMEDIATE(IMM_ATOM, ATOM_INDEX_##c_name)
/* Each atom of atoms.def as a constant term. */
enum AtomTerm {
#define ATOM(c_name, text) ATOM_##c_name = (int) TERM_IMMEDIATE(IMM_ATOM, ATOM_INDEX_##c_name),
#include "runtime/term/atoms.def"
#undef ATOM
};

enum { ATOM_MAX_CHARACTERS = 255 };
extern uint32_t atom_limit;

void atoms_init(void);
/* The atom named by `size_bytes` of valid UTF-8. Any thread. TERM_LIMIT: the table is full, or the
 * name has more than 255 characters; TERM_NONE: the bytes are not UTF-8. */
Term atom_make(const char *name, size_t size_bytes);
/* As atom_make for a C string that is known to be fine. */
Term atom_of(const char *name);
/* TERM_NONE when there is no such atom yet. */
Term atom_find(const char *name, size_t size_bytes);
/* The name, UTF-8, NUL-terminated, lives for ever. */
const char *atom_name(Term atom);
size_t atom_name_bytes(Term atom);
/* Characters, when all are Latin-1; else -1. */
int atom_latin1_size(Term atom);
/* The hash of the name that erlang:phash/2 and phash2 build on. */
uint32_t atom_phash(Term atom);
/* The first bytes' order decides most comparisons of atoms; -1, 0, 1 as Erlang orders atoms (by
 * code points). */
int atom_compare(Term a, Term b);
uint32_t atom_count(void);

#endif
