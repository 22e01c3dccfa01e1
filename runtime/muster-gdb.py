"""runtime/muster-gdb.py: Muster in GDB. Needs a build with types (make MODE=debug, asan, tsan).

    (gdb) source runtime/muster-gdb.py
    (gdb) print t                   a Term, in Erlang's words
    (gdb) print p->mailbox.first->value
    (gdb) info processes            pid, name, initial call, state, words, messages

Reads memory only, runs nothing: it works on core files. What is deeper than DEPTH or longer than
WIDTH is shown as "...", so that a broken term cannot hang the debugger.
"""

import struct

import gdb

DEPTH = 12
WIDTH = 100

TAG_CONS, TAG_BOXED, TAG_IMMEDIATE = 1, 3, 7
IMM_ATOM, IMM_PID, IMM_PORT, IMM_SPECIAL, IMM_HEADER = range(5)
SPECIALS = ["[]", "TERM_NONE", "TERM_LIMIT", "TERM_TRAP"]
MASK = (1 << 64) - 1


def word(address):
    """The word at an address; gdb.MemoryError where there is none."""
    return struct.unpack("<Q", read(address, 8))[0]


def read(address, size):
    return bytes(gdb.selected_inferior().read_memory(address, size))


def value_of(expression):
    return gdb.parse_and_eval(expression)


def kinds():
    """Names of the kinds of boxed objects, by number, from the program itself."""
    if not kinds.names:
        for field in gdb.lookup_type("Kind").fields():
            kinds.names[int(field.enumval)] = field.name.replace("KIND_", "", 1)
    return kinds.names


kinds.names = {}


def atom_text(index):
    entries = int(value_of("'runtime/term/atom.c'::chunks[%d]" % (index >> 10)))
    if entries == 0:
        return "<atom %d>" % index
    entry_type = gdb.lookup_type("Entry", gdb.block_for_pc(
        int(value_of("(unsigned long) &atom_name"))))
    entry = gdb.Value(entries).cast(entry_type.pointer())[index & 1023]
    name = entry["name"].string("utf-8", "replace")
    plain = name[:1].islower() and all(c.isalnum() or c in "_@" for c in name)
    return name if plain else "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"


def float_text(bits):
    return repr(struct.unpack("<d", struct.pack("<Q", bits & MASK))[0])


def identifier_text(before, number):
    return "%s%d.%d>" % (before, number & 0xFFFFFFF, number >> 28)


def term_text(t, depth=DEPTH):
    try:
        return any_text(t, depth)
    except gdb.MemoryError:
        return "<no memory at %#x>" % t


def any_text(t, depth):
    tag = t & 7
    if tag & 3 == 0:
        return str((t - (1 << 64) if t >> 63 else t) >> 2)
    if tag in (2, 5, 6):
        return float_text(((t >> 4) | (t << 60)) - (1 << 61))
    if tag == TAG_IMMEDIATE:
        which, data = (t >> 3) & 7, t >> 6
        if which == IMM_ATOM:
            return atom_text(data)
        if which == IMM_PID:
            return identifier_text("<0.", data)
        if which == IMM_PORT:
            return identifier_text("#Port<0.", data)
        if which == IMM_SPECIAL and data < len(SPECIALS):
            return SPECIALS[data]
        return "<immediate %#x>" % t
    if depth == 0:
        return "..."
    return list_text(t, depth) if tag == TAG_CONS else boxed_text(t - TAG_BOXED, depth)


def list_text(t, depth):
    values = []
    while t & 7 == TAG_CONS and len(values) <= WIDTH:
        values.append(word(t - TAG_CONS))
        t = word(t - TAG_CONS + 8)
    is_text = values and t == 3 << 3 | 7 and all(
        v & 3 == 0 and (32 <= v >> 2 < 127 or v >> 2 == 10) for v in values)
    if is_text:
        return '"' + "".join(chr(v >> 2) for v in values).replace("\n", "\\n") + '"'
    text = ",".join(term_text(v, depth - 1) for v in values[:WIDTH])
    if len(values) > WIDTH:
        return "[" + text + ",...]"
    return "[" + text + ("]" if t == 3 << 3 | 7 else "|" + term_text(t, depth - 1) + "]")


def words_text(address, count, depth):
    texts = [term_text(word(address + 8 * i), depth - 1) for i in range(min(count, WIDTH))]
    return ",".join(texts) + (",..." if count > WIDTH else "")


def bytes_text(address, size):
    data = read(address, min(size, WIDTH))
    more = "..." if size > WIDTH else ""
    if data and all(32 <= b < 127 for b in data):
        return '<<"' + data.decode() + more + '">>'
    return "<<" + ",".join(str(b) for b in data) + more + ">>"


def boxed_text(at, depth):
    header = word(at)
    if header & 63 == 3 << 3 | 7 or header & 7 == TAG_BOXED:
        return "<moved to %#x>" % header
    if header & 63 != IMM_HEADER << 3 | 7:
        return "<no header at %#x>" % at
    kind = kinds().get((header >> 6) & 0x3FF, "?")
    size = header >> 16
    if kind == "tuple":
        return "{" + words_text(at + 8, size, depth) + "}"
    if kind in ("big_pos", "big_neg"):
        number = int.from_bytes(read(at + 8, 8 * size), "little")
        return str(number if kind == "big_pos" else -number)
    if kind == "float":
        return float_text(word(at + 8))
    if kind == "heap_binary":
        return bytes_text(at + 16, word(at + 8))
    if kind == "refc_binary":
        return bytes_text(word(at + 16) + 24, word(at + 24))
    if kind == "sub_binary":
        return "<%d bits from %d of %s>" % (word(at + 16), word(at + 8),
                                           term_text(word(at + 24), depth - 1))
    if kind == "map":
        return "#{" + map_text(at, size, depth) + "}"
    if kind == "tree":
        return "#{" + tree_text(word(at + 16) - TAG_BOXED, depth) + "}"
    if kind == "export":
        return "fun " + mfa_text(gdb.Value(word(at + 8)), "Export")
    if kind == "fun":
        return "#Fun<" + mfa_text(gdb.Value(word(at + 8)), "FunEntry") + ">"
    if kind == "ref":
        return "#Ref<%d>" % word(at + 8)
    return "<%s of %d words at %#x>" % (kind, size, at)


def map_text(at, size, depth):
    keys = word(at + 8) - TAG_BOXED
    pairs = ["%s => %s" % (term_text(word(keys + 8 * (i + 1)), depth - 1),
                           term_text(word(at + 16 + 8 * i), depth - 1)) for i in range(size - 1)]
    return ",".join(pairs)


def tree_text(root, depth):
    """The associations below a node of a large map (CHAMP), at most WIDTH of them."""
    pairs, nodes = [], [root]
    while nodes and len(pairs) <= WIDTH:
        at = nodes.pop()
        size = word(at) >> 16
        bitmaps = 0
        start = at + 8
        pair_count = size // 2
        if kinds().get((word(at) >> 6) & 0x3FF) == "tree_node":
            bitmaps = word(at + 8)
            start = at + 16
            pair_count = bin(bitmaps & 0xFFFFFFFF).count("1")
        pairs += [(word(start + 16 * i), word(start + 16 * i + 8)) for i in range(pair_count)]
        node_count = bin(bitmaps >> 32).count("1")
        nodes += [word(start + 16 * pair_count + 8 * i) - TAG_BOXED for i in range(node_count)]
    text = ",".join("%s => %s" % (term_text(key, depth - 1), term_text(value, depth - 1))
                    for key, value in pairs[:WIDTH])
    return text + (",..." if len(pairs) > WIDTH else "")


def mfa_text(address, type_name):
    entry = address.cast(gdb.lookup_type(type_name).pointer())
    return "%s:%s/%d" % (term_text(int(entry["module"])), term_text(int(entry["function"])),
                         int(entry["arity"]))


class TermPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return term_text(int(self.value) & MASK)


def lookup(value):
    kind = value.type.unqualified()
    return TermPrinter(value) if kind.name in ("Term", "MusterTerm") else None


FLAGS = [(1, "exiting"), (2, "suspended"), (1 << 8, "waiting"), (1 << 9, "system"),
         (1 << 10, "hibernated")]


def process_text(p):
    flags = int(p["flags"])
    heap = p["heap"]
    name = int(p["registered_name"])
    return "%-12s %-18s %-32s %-20s %8d words  %d messages  (Process *) %#x" % (
        term_text(int(p["pid"])),
        term_text(name) if name > 1 else "-",
        "%s:%s/%d" % (atom_text(int(p["initial_module"])), atom_text(int(p["initial_function"])),
                      int(p["initial_arity"])),
        " ".join(text for bit, text in FLAGS if flags & bit) or "runnable",
        (int(heap["block_end"]) - int(heap["block"]) + int(heap["old_end"]) -
         int(heap["old_block"])) // 8,
        int(p["mailbox"]["count"]), int(p.address))


class InfoProcesses(gdb.Command):
    """Lists the processes of the machine."""

    def __init__(self):
        super().__init__("info processes", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        table = value_of("'proc/table.c'::slots")
        process = gdb.lookup_type("Process").pointer()
        count = 0
        if int(table) == 0:
            print("the machine has not started")
            return
        for index in range(int(value_of("'proc/table.c'::fresh_slot"))):
            slot = int(table[index])
            if slot == 0 or slot & 1:
                continue
            print(process_text(gdb.Value(slot & ~15).cast(process).dereference()))
            count += 1
        print("%d processes" % count)


gdb.pretty_printers.append(lookup)
InfoProcesses()
