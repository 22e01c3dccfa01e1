/* runtime/term/copy.h
 * Deep copies: messages, spawn arguments, tables, literals. Literals are shared, not copied;
 * off-heap binaries are retained, not copied. Sharing inside a term is not preserved (as in OTP).
 * Nothing recurses on the C stack. */
#ifndef MUSTER_TERM_COPY_H
#define MUSTER_TERM_COPY_H

#include "runtime/term/space.h"

/* Words a copy of `t` takes; 0 for immediates and literals. */
size_t term_copy_words(Term t);
/* Copies `t` to `*top`, which has room for term_copy_words(t), and advances it; off-heap objects of
 * the copy are linked into `*off_heap`, their weight added to `*off_heap_bytes`. */
Term term_copy_to(Term t, Term **top, Term **off_heap, size_t *off_heap_bytes);
/* Is a copy of `t` more than `most` words? If not, *words is its size. Costs no more than `most`
 * words do. */
bool term_copy_is_over(Term t, size_t most, size_t *words);
/* As term_copy_to, without measuring before: TERM_NONE when it does not fit below `end`; then
 * nothing is held and *top and the others are as before. `t` is no immediate and no literal;
 * *off_heap is empty. */
Term term_copy_within(Term t, Term **top, const Term *end, Term **off_heap, size_t *off_heap_bytes);
/* Copies `t` into `space`. TERM_LIMIT when there is no room. */
Term term_copy(Space *space, Term t);
/* The same without sharing literals, for terms that are kept outside of processes: see literal.h.
 * Words: also erts_debug:flat_size. */
size_t term_flat_words(Term t);
Term term_copy_flat_to(Term t, Term **top, Term **off_heap, size_t *off_heap_bytes);
Term term_copy_flat(Space *space, Term t);
/* A copy of a term that lies, with all that it points to and nothing else, in the `words` words at
 * `block`, as term_copy_flat_to leaves it: word by word. TERM_LIMIT. */
Term term_copy_block(Space *space, Term t, const Term *block, size_t words);

/* Words of what `t` leads to, each object once, literals too. Takes memory for the time it runs. */
size_t term_shared_words(Term t);

#endif
