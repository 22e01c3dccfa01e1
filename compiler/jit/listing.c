/* compiler/jit/listing.c: see listing.h. */
#include "compiler/jit/listing.h"

#include <capstone/capstone.h>
#include <dlfcn.h>
#include <stdlib.h>

#include "compiler/jit/history.h"
#include "compiler/jit/thread.h"
#include "runtime/term/atom.h"
#include "runtime/term/mem.h"
#include "runtime/term/print.h"

/* ---- slot code ---- */

static void print_term(Term t, FILE *out)
{
    Text text = {0};
    term_print(&text, t, 60);
    fwrite(text.bytes, 1, text.size_bytes, out);
    text_finish(&text);
}

static void print_export(const Export *export, FILE *out)
{
    fprintf(out, " %s:%s/%u", atom_name(export->module), atom_name(export->function),
            export->arity);
}

typedef struct Place {
    const Function *function;
    Code at;
    uint32_t offset; /* from the function's start */
} Place;

static void print_label(const Place *place, uint32_t field, FILE *out)
{
    fprintf(out, " ->%u", place->offset + (uint32_t) field_s32(place->at, field));
}

static void print_nary(const Place *place, FILE *out)
{
    Code at = place->at;
    fprintf(out, " s%d <-", -field_s16(at, 4));
    for (uint32_t i = 0, count = field_u16(at, 6); i < count; i++) {
        int32_t operand = field_s16(at, 24 + 2 * i);
        if (operand < 0) {
            fprintf(out, " s%d", -operand);
        } else {
            fputc(' ', out);
            print_term(field_u64(at, 4 * (uint32_t) operand), out);
        }
    }
}

static void print_table(const Place *place, char letter, FILE *out)
{
    Code at = place->at;
    uint32_t count = field_u32(at, 16);
    fprintf(out, " s%d", -field_s16(at, 4));
    for (uint32_t i = 0; i < count; i++) {
        fputc(' ', out);
        if (letter == 'R') {
            fprintf(out, "%u", field_u32(at, 20 + 8 * i));
        } else {
            print_term(letter == 'T' ? field_imm(at, 20) + 4 * i : field_imm(at, 20 + 8 * i), out);
        }
        print_label(place, letter == 'T' ? 24 + 4 * i : 24 + 8 * i, out);
    }
    fputs(" else", out);
    print_label(place, 12, out);
}

static void print_field(const Place *place, Instruction i, char letter, uint32_t o, FILE *out)
{
    Code at = place->at;
    switch (letter) {
    case 'd':
    case 'D':
        fprintf(out, " s%d <-", -field_s16(at, o));
        break;
    case 's':
    case 'c':
        fprintf(out, " s%d", -field_s16(at, o));
        break;
    case 'l':
        print_label(place, o, out);
        break;
    case 'g':
        if (field_s32(at, o) != 0) {
            print_label(place, o, out);
        }
        break;
    case 'i':
        fputc(' ', out);
        print_term(field_imm(at, o), out);
        break;
    case 't':
        fputc(' ', out);
        print_term(field_u64(at, o), out);
        break;
    case 'n':
    case 'k':
    case 'u':
        fprintf(out, " %u", field_u16(at, o));
        break;
    case 'N':
        fprintf(out, " %u", field_u32(at, o));
        break;
    case 'x':
        print_export((const Export *) field_u64(at, o), out);
        break;
    case 'f': {
        const Function *other = code_header(at + field_s32(at, o))->function;
        fprintf(out, " %s/%u", atom_name(other->name), other->arity);
        break;
    }
    case 'I':
        if (i != I_call_bif) {
            fprintf(out, " in s%u", frame_info(at + instruction_bytes[i])->slots);
        }
        break;
    case '*':
        print_nary(place, out);
        if (i != I_call_bif && field_s32(at, 12) != 0) {
            print_label(place, 12, out);
        }
        break;
    case 'W':
    case 'R':
    case 'T':
        print_table(place, letter, out);
        break;
    default:
        break;
    }
}

void listing_slot_code(const Function *function, uint32_t offset, FILE *out)
{
    Code at = function->owner->code + offset;
    Place place = {function, at, offset - function->code_offset};
    Instruction i = instruction_at(at);
    fprintf(out, "%5u  %s", place.offset, instruction_names[i]);
    for (const char *field = instruction_fields[i]; *field != 0;) {
        char letter = *field++;
        uint32_t o = 0;
        while (*field >= '0' && *field <= '9') {
            o = o * 10 + (uint32_t) (*field++ - '0');
        }
        field += *field == ' ';
        print_field(&place, i, letter, o, out);
    }
}

/* ---- machine code ---- */

/* Capstone, when it is there. */
typedef struct Disassembler {
    void *library;
    csh handle;
    cs_err (*close)(csh *handle);
    size_t (*disassemble)(csh handle, const uint8_t *code, size_t size, uint64_t address,
                          size_t count, cs_insn **instructions);
    void (*free)(cs_insn *instructions, size_t count);
} Disassembler;

static bool disassembler_open(Disassembler *d)
{
    cs_err (*open)(cs_arch arch, cs_mode mode, csh * handle);
    *d = (Disassembler){.library = dlopen("libcapstone.so.4", RTLD_NOW)};
    if (d->library == NULL) {
        d->library = dlopen("libcapstone.so", RTLD_NOW);
    }
    if (d->library == NULL) {
        return false;
    }
    /* dlsym's answer is an object pointer: taken over by its bytes. */
    *(void **) &open = dlsym(d->library, "cs_open");
    *(void **) &d->close = dlsym(d->library, "cs_close");
    *(void **) &d->disassemble = dlsym(d->library, "cs_disasm");
    *(void **) &d->free = dlsym(d->library, "cs_free");
    return open != NULL && d->close != NULL && d->disassemble != NULL && d->free != NULL &&
#if defined(__aarch64__)
           open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &d->handle) == CS_ERR_OK;
#else
           open(CS_ARCH_X86, CS_MODE_64, &d->handle) == CS_ERR_OK;
#endif
}

static void print_bytes(const uint8_t *bytes, size_t size, uint32_t offset, FILE *out)
{
    for (size_t i = 0; i < size; i += 16) {
        fprintf(out, "        %6zx ", offset + i);
        for (size_t j = i; j < size && j < i + 16; j++) {
            fprintf(out, " %02x", bytes[j]);
        }
        fputc('\n', out);
    }
}

static void print_machine_code(Disassembler *d, bool has, const MachineCode *code, uint32_t from,
                               uint32_t to, FILE *out)
{
    cs_insn *instructions = NULL;
    size_t count;
    if (from >= to) {
        return;
    }
    if (!has) {
        print_bytes(code->bytes + from, to - from, from, out);
        return;
    }
    count = d->disassemble(d->handle, code->bytes + from, to - from, from, 0, &instructions);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "        %6llx  %-8s %s\n", (unsigned long long) instructions[i].address,
                instructions[i].mnemonic, instructions[i].op_str);
    }
    if (count > 0) {
        uint32_t end = (uint32_t) (instructions[count - 1].address + instructions[count - 1].size);
        d->free(instructions, count);
        print_bytes(code->bytes + end, to - end, end, out); /* a table of jumps, say */
    } else {
        print_bytes(code->bytes + from, to - from, from, out);
    }
}

/* ---- source ---- */

typedef struct Source {
    Term file;
    char *text;
    size_t bytes;
    uint32_t shown; /* line */
} Source;

static void read_source(Source *source, Term file)
{
    Text name = {0};
    FILE *in;
    source->file = file;
    mem_free(source->text);
    source->text = NULL;
    source->bytes = 0;
    for (Term at = file; term_is_cons(at) && term_is_small(cons_head(at)); at = cons_tail(at)) {
        text_add_code_point(&name, (uint32_t) small_value(cons_head(at)));
    }
    text_add(&name, "", 1);
    in = fopen(name.bytes, "rb");
    if (in != NULL) {
        size_t most = (size_t) 16 << 20;
        source->text = mem_try_alloc(most);
        source->bytes = source->text != NULL ? fread(source->text, 1, most, in) : 0;
        fclose(in);
    }
    text_finish(&name);
}

static void print_source_line(Source *source, const Function *function, uint32_t offset, FILE *out)
{
    const CodeLine *line = function_line_at(function, function->owner->code + offset);
    const char *at, *end;
    if (line == NULL || line->line == 0 || line->line == source->shown) {
        return;
    }
    source->shown = line->line;
    if (line->file < function->owner->file_count &&
        function->owner->files[line->file] != source->file) {
        read_source(source, function->owner->files[line->file]);
    }
    at = source->text;
    for (uint32_t n = 1; at != NULL && n < line->line; n++) {
        at = memchr(at, '\n', source->bytes - (size_t) (at - source->text));
        at = at != NULL ? at + 1 : NULL;
    }
    end = at != NULL ? memchr(at, '\n', source->bytes - (size_t) (at - source->text)) : NULL;
    fprintf(out, "; line %u: %.*s\n", line->line, end != NULL ? (int) (end - at) : 0,
            end != NULL ? at : "");
}

/* ---- a function ---- */

static void print_ir(const Machine *m, uint32_t from, uint32_t to, FILE *out)
{
    for (uint32_t i = from; i < to; i++) {
        if (m->code[i].op != M_MARK) {
            fputs("            | ", out);
            machine_dump_one(&m->code[i], out);
            fputc('\n', out);
        }
    }
}

/* `decisions`: lines of text; NULL: none. */
static void print_code(const Function *function, const QuickResult *given, const char *tier,
                       const char *decisions, bool ir, FILE *out)
{
    QuickResult result = *given;
    MachineCode code;
    MachineOptions options = {.target = TARGET_HERE, .features = machine_features_here()};
    Disassembler disassembler;
    Source source = {.file = TERM_NONE};
    bool has = disassembler_open(&disassembler);
    uint32_t from = 0;
    machine_encode(&result.machine, &options, &code);
    fprintf(out, "%s:%s/%u  %s: %u bytes of slot code, %zu of native code\n",
            atom_name(function->module), atom_name(function->name), function->arity, tier,
            function->code_end - function->code_offset, code.size);
    if (decisions != NULL) {
        fputs(decisions, out);
    }
    if (given->guesses != NULL) {
        fputs("; guessed, and checked:\n", out);
        history_print_guesses(given->guesses, out);
    }
    for (uint32_t i = 0; i <= result.machine.count; i++) {
        bool end = i == result.machine.count;
        if (!end && result.machine.code[i].op != M_MARK) {
            continue;
        }
        if (ir) {
            print_ir(&result.machine, from, i, out);
        }
        print_machine_code(&disassembler, has, &code, code.instruction_offsets[from],
                           code.instruction_offsets[i], out);
        if (!end && result.machine.code[i].constant < 0) {
            fputs("; out of line\n", out);
        } else if (!end) {
            print_source_line(&source, function, (uint32_t) result.machine.code[i].constant, out);
            listing_slot_code(function, (uint32_t) result.machine.code[i].constant, out);
            fputc('\n', out);
        }
        from = i;
    }
    fputc('\n', out);
    mem_free(source.text);
    machine_code_finish(&code);
    if (has) {
        disassembler.close(&disassembler.handle);
    }
    if (disassembler.library != NULL) {
        dlclose(disassembler.library);
    }
}

bool listing_function(const Function *function, const NativeRuntime *runtime, bool ir, FILE *out)
{
    OptimiserInput input;
    QuickResult result;
    const char *refused;
    char *decisions = NULL;
    size_t size;
    if (function->natives != NULL) {
        history_print(function, out);
    }
    if (!quick_compile(function, runtime, &result)) {
        return false;
    }
    print_code(function, &result, "quick", NULL, ir, out);
    quick_result_finish(&result);
    jit_input(function, &input);
    input.trace = ir ? out : NULL;
    input.decisions = open_memstream(&decisions, &size);
    refused = optimise_compile(&input, runtime, &result, &(bool){false});
    fclose(input.decisions);
    if (refused != NULL) {
        fprintf(out, "not optimised: %s\n", refused);
    } else {
        print_code(function, &result, "optimised", decisions, ir, out);
        guess_destroy_all(result.guesses);
        mem_free(result.inlined);
        quick_result_finish(&result);
    }
    free(decisions);
    return true;
}
