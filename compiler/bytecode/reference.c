/* compiler/bytecode/reference.c
 * The instruction reference, as Markdown. What it says of single instructions comes from
 * opcode_info; the rest is written here. */
#include "compiler/bytecode/reference.h"

#include "compiler/bytecode/module.h"

/* A chapter goes on up to the first instruction of the next. */
static const struct {
    Opcode first;
    const char *title, *text;
} chapters[] = {
    {OP_load, "The stack", "A pushed value may stay and be read again: that is a local variable."},
    {OP_jump, "Jumps",
     "Only `loop`, and the instructions of `receive`, go back: they count a reduction, so nothing "
     "runs for ever without giving way."},
    {OP_test_integer, "Tests of a slot",
     "They go on if the slot holds such a value, else to the label. After a test the verifier "
     "knows what the slot holds: `get_head` needs a slot that is known to hold a cons."},
    {OP_test_eq_exact, "Comparisons", "Of the two topmost values: A below, B on top."},
    {OP_get_head, "Taking apart", ""},
    {OP_make_cons, "Building", ""},
    {OP_add, "Arithmetic and booleans",
     "Pops B, then A (or A alone). `guard` says where a failure goes; `-` means that it raises."},
    {OP_bif, "Calls",
     "Before the arguments of every call that returns here a `hole` is pushed; the result takes "
     "its "
     "place."},
    {OP_fail_value, "Exceptions",
     "A handler covers a range of code. When something in it raises, the stack is cut to the "
     "handler's depth, class, reason and trace are pushed, and its code runs."},
    {OP_receive_from, "Receive",
     "A loop over the mailbox: peek at a message, try the patterns, then take it or leave it and "
     "look at the next; when none is left, wait."},
    {OP_bs_start, "Binaries, taken apart",
     "`bs_start` pushes three slots: bits, position and end. The others name the first of them."},
    {OP_bs_build, "Binaries, built", ""},
};

static const struct {
    char kind;
    const char *name, *text;
} operand_kinds[] = {
    {'v', "slot", "`s0`, `s1`, …: a slot of the frame"},
    {'l', "label", "`L0`, `L1`, …: a place in the function"},
    {'g', "guard", "`L0` …: where a failure goes; `-`: it raises. Stored as 0, or label + 1"},
    {'n', "count", "a number: a count, an arity, a unit, flags (1 little, 2 signed, 4 native)"},
    {'f', "function", "`name/arity`: a function of this module"},
    {'i', "import", "`module:name/arity`: a function of any module"},
    {'F', "fun", "`#0`, …: an entry of the module's table of funs"},
    {'a', "atom", "an atom"},
    {'k', "literal", "`#0`, …: an entry of the module's table of literals"},
    {'s', "integer", "a small integer, stored in zigzag form"},
    {'A', "atoms", "`else L0 [ok -> L1, error -> L2]`: label for the rest; count; pairs"},
    {'I', "integers", "`else L0 [-1 -> L1, 7 -> L2]`: the same with small integers"},
    {'R', "arities", "`else L0 [2 -> L1, 3 -> L2]`: the same with arities"},
    {'S', "segments",
     "`[integer unit 8 flags sized+little, literal unit 1 flags 0 #0]`: count; each type "
     "(integer, float, bits, utf8, utf16, utf32, literal: 0 to 6), unit, flags, and the literal "
     "of a literal"},
};

static const char *const introduction =
    "# Bytecode\n"
    "\n"
    "<!-- Made from runtime/term/opcodes.def by compiler/bytecode/reference.c. Do not edit: run\n"
    "     UPDATE_DOCS=1 make check T=reference -->\n"
    "\n"
    "Every front end of Muster makes modules of this bytecode, and the loader takes nothing else.\n"
    "`muster disasm FILE` shows a module as text; the assembler reads that text back to the same\n"
    "module, byte for byte.\n"
    "\n"
    "## The machine\n"
    "\n"
    "A stack machine, whose stack is the frame of the function that runs. The parameters are "
    "slots\n"
    "0 to arity - 1, and each push makes the next slot. At every place in the code the depth is "
    "known,\n"
    "and for each slot what it holds: a value (and perhaps that it is a cons, a tuple of at least "
    "n\n"
    "elements, a map), nothing (a hole, or killed: it may not be read), part of a binary that is "
    "being\n"
    "matched, or the trace of an exception. The loader checks all of this before the code runs, "
    "once,\n"
    "and refuses what does not add up; so the interpreter and the native compiler need not check\n"
    "again.\n"
    "\n"
    "An instruction is a byte, its number below, and operands, each a LEB128 number in its "
    "shortest\n"
    "form.\n"
    "\n"
    "## Operands\n"
    "\n"
    "| operand | in text, and as stored |\n"
    "|---|---|\n";

static const char *const after_operands =
    "\n"
    "## Instructions\n"
    "\n"
    "*Stack* says how many slots are popped and then pushed; n is the count, and a segment of "
    "`bs_build`\n"
    "pops its value, and its size where it has one. An instruction may *call* other code (and so "
    "collect\n"
    "garbage), *allocate* (and so collect at the next safe point), *raise* an exception, *yield* "
    "to another\n"
    "process, *stop* (what follows it is reached only by a jump), *jump*.\n";

static const char *const closing =
    "\n"
    "## Files\n"
    "\n"
    "Numbers of a fixed size are little-endian, all others LEB128. A file is\n"
    "\n"
    "| bytes | |\n"
    "|---|---|\n"
    "| 8 | `AB` `Muster` `0A` |\n"
    "| 4 | version of the format: 1 |\n"
    "| 4 | CRC-32 of all that follows |\n"
    "| 4 | size of the whole file |\n"
    "| … | sections, each once and in this order: 4 bytes name, 4 bytes size, contents |\n"
    "\n"
    "| section | contents |\n"
    "|---|---|\n"
    "| `Head` | atom: the module's name; on_load function + 1 (0: none); digest, 16 bytes |\n"
    "| `Atom` | count; each size, UTF-8. None occurs twice |\n"
    "| `Lits` | count; each a term |\n"
    "| `Impo` | count; each module, function, arity. None occurs twice |\n"
    "| `Func` | count; each name, arity, flags (1: exported), size of code, labels (count; offset "
    "each), handlers (count; first label, end label, target label, depth each) |\n"
    "| `Funs` | count; each function, number of captured values |\n"
    "| `Attr` | a term: `module_info(attributes)` |\n"
    "| `Code` | the code of all functions, one after the other |\n"
    "| `File` | count; each a term: the name of a source file |\n"
    "| `Line` | for each function: its line, count; each entry offset (from the last), line (from "
    "the last, zigzag), file |\n"
    "| `Info` | atoms (as `Atom`), then a term: `module_info(compile)` |\n"
    "\n"
    "The digest is the MD5 of `Head` to `Code`: what decides what the module does.\n"
    "\n"
    "A term is a tag and what it says: 0 nil; 1 integer (zigzag); 2 big (sign, size, bytes, least\n"
    "significant first); 3 float (8 bytes of IEEE 754); 4 atom (its number); 5 string (size, "
    "bytes); 6 list\n"
    "(count, tail, elements); 7 tuple (count, elements); 8 map (count, keys and values, in the "
    "order of\n"
    "keys); 9 binary (size, bytes); 10 bitstring (bits, bytes); 11 external fun (module, function, "
    "arity).\n";

static void add_operands(Text *out, const char *operands)
{
    if (*operands == '\0') {
        text_add_string(out, " ");
    }
    for (; *operands != '\0'; operands++) {
        for (unsigned i = 0; i < COUNT_OF(operand_kinds); i++) {
            if (operand_kinds[i].kind == *operands) {
                text_addf(out, " %s", operand_kinds[i].name);
            }
        }
    }
}

static void add_stack(Text *out, const OpcodeInfo *info)
{
    static const char *const by_count[] = {"n", "n + 1", "n + 2", "2n", "2n + 1", "segments"};
    static_assert(POPS_SEGMENTS == -(int) COUNT_OF(by_count), "by -1 - pops");
    if (info->pops == 0 && info->pushes == 0) {
        return;
    }
    if (info->pops < 0) {
        text_addf(out, "%s → %d", by_count[-1 - info->pops], info->pushes);
    } else {
        text_addf(out, "%d → %d", info->pops, info->pushes);
    }
}

static void add_may(Text *out, uint8_t may)
{
    static const char *const names[] = {"call", "allocate", "raise", "yield", "stop", "jump"};
    const char *between = "";
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        if ((may >> i & 1) != 0) {
            text_addf(out, "%s%s", between, names[i]);
            between = ", ";
        }
    }
}

static void add_instruction(Text *out, Opcode op)
{
    const OpcodeInfo *info = &opcode_info[op];
    text_addf(out, "| %d | `%s` |", op, info->name);
    add_operands(out, info->operands);
    text_add_string(out, " | ");
    add_stack(out, info);
    text_add_string(out, " | ");
    add_may(out, info->may);
    text_addf(out, " | %s |\n", info->doc);
}

void bytecode_reference(Text *out)
{
    text_add_string(out, introduction);
    for (unsigned i = 0; i < COUNT_OF(operand_kinds); i++) {
        text_addf(out, "| %s | %s |\n", operand_kinds[i].name, operand_kinds[i].text);
    }
    text_add_string(out, after_operands);
    unsigned chapter = 0;
    for (Opcode op = 0; op < OP_COUNT; op++) {
        if (chapter < COUNT_OF(chapters) && chapters[chapter].first == op) {
            text_addf(out, "\n### %s\n\n", chapters[chapter].title);
            if (*chapters[chapter].text != '\0') {
                text_addf(out, "%s\n\n", chapters[chapter].text);
            }
            text_add_string(out, "| | instruction | operands | stack | may | |\n"
                                 "|---|---|---|---|---|---|\n");
            chapter++;
        }
        add_instruction(out, op);
    }
    CHECK(chapter == COUNT_OF(chapters));
    text_add_string(out, closing);
}
