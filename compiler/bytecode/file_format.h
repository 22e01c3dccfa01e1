/* compiler/bytecode/file_format.h
 * The portable file of a module. All numbers of a fixed size are little-endian, all others LEB128.
 *
 *   8 bytes  AB 'Muster' 0A
 *   4 bytes  version      4 bytes  CRC-32 of all that follows      4 bytes  size of the whole file
 *   sections, each once and in this order: 4 bytes name, 4 bytes size, contents
 *     Head   number of the module's name, on_load function + 1 (0: none), digest (16 bytes)
 *     Atom   count; each: size, UTF-8
 *     Lits   count; each a term (module_terms.c)
 *     Impo   count; each: module, function, arity
 *     Func   count; each: name, arity, flags (1: exported), size of its code, labels (count, offset
 *            each), handlers (count; start, end and target label, depth)
 *     Funs   count; each: function, captured values
 *     Attr   a term
 *     Code   code of all functions, one after the other
 *     File   count; each a term: a list of characters
 *     Line   for each function: its line, count; each: offset and line as difference, file
 *     Info   an atom table of its own, then a term: module_info(compile)
 *     More   may be missing: bytes that are nothing to the machine (documentation, debug
 * information)
 *
 * The digest covers Atom to Code: what decides how the module behaves; where its source lay and
 * who compiled it does not. The order of the sections lets one pass build the module. The same
 * module always gives the same bytes, and no entry of a table of names occurs twice: so the
 * assembly text, which calls things by name, says the same as the file. */
#ifndef MUSTER_COMPILER_BYTECODE_FILE_FORMAT_H
#define MUSTER_COMPILER_BYTECODE_FILE_FORMAT_H

#include "runtime/term/base.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied as they are");

enum { FILE_MAGIC_BYTES = 8, FILE_VERSION = 1, FILE_HEADER_BYTES = 20, FILE_CRC_FROM = 16 };
extern const uint8_t file_magic[FILE_MAGIC_BYTES];

typedef enum Section {
    SECTION_HEAD,
    SECTION_ATOM,
    SECTION_LITS,
    SECTION_IMPO,
    SECTION_FUNC,
    SECTION_FUNS,
    SECTION_ATTR,
    SECTION_CODE,
    SECTION_FILE,
    SECTION_LINE,
    SECTION_INFO,
    SECTION_COUNT
} Section;
extern const char section_names[SECTION_COUNT][5];
extern const char more_section_name[5];

#endif
