/* compiler/bytecode/emit.c
 * Writes the code of one function after the other into a module. Labels, handlers and lines are
 * collected in growing arrays that are used again for the next function, and copied into the module
 * when a function ends. */
#include "compiler/bytecode/module_internal.h"

typedef struct EmitLabel {
    uint32_t offset; /* UINT32_MAX: not placed yet */
    bool is_used;
} EmitLabel;

struct Emitter {
    Module *module;
    uint32_t function; /* UINT32_MAX: none begun */
    uint32_t code_start;
    EmitLabel *labels;
    uint32_t label_count, label_capacity;
    ModuleHandler *handlers;
    uint32_t handler_count, handler_capacity;
    ModuleLine *lines;
    uint32_t line_count, line_capacity;
};

Emitter *emitter_create(Module *module)
{
    Emitter *emitter = mem_alloc_zero(sizeof *emitter);
    emitter->module = module;
    emitter->function = UINT32_MAX;
    return emitter;
}

void emitter_destroy(Emitter *emitter)
{
    if (emitter == NULL) {
        return;
    }
    mem_free(emitter->labels);
    mem_free(emitter->handlers);
    mem_free(emitter->lines);
    mem_free(emitter);
}

static void *grow(void *items, uint32_t count, uint32_t *capacity, size_t item_bytes)
{
    if (count < *capacity) {
        return items;
    }
    *capacity = *capacity < 16 ? 16 : *capacity * 2;
    return mem_realloc(items, *capacity * item_bytes);
}
#define GROW(emitter, items, count, capacity) \
    ((emitter)->items = \
         grow((emitter)->items, (emitter)->count, &(emitter)->capacity, sizeof *(emitter)->items))

/* ---- bytes ---- */

enum { LEB128_MAX_BYTES = 10 };

/* The caller has made room. */
static inline void put_unsigned(Module *module, uint64_t value)
{
    uint8_t *at = module->code + module->code_size;
    for (; value >= 0x80; value >>= 7) {
        *at++ = (uint8_t) (value | 0x80);
    }
    *at++ = (uint8_t) value;
    module->code_size = (uint32_t) (at - module->code);
}

static inline void put_signed(Module *module, int64_t value)
{
    put_unsigned(module, ((uint64_t) value << 1) ^ (uint64_t) (value >> 63));
}

static uint32_t offset_now(const Emitter *emitter)
{
    return emitter->module->code_size - emitter->code_start;
}

/* ---- a function ---- */

void emit_begin(Emitter *emitter, uint32_t function)
{
    CHECK(emitter->function == UINT32_MAX);
    CHECK(function < emitter->module->function_count);
    CHECK(emitter->module->functions[function].code_size == 0);
    emitter->function = function;
    emitter->code_start = emitter->module->code_size;
    emitter->label_count = emitter->handler_count = emitter->line_count = 0;
}

static void *pool_copy(Module *module, const void *items, size_t size_bytes)
{
    return size_bytes == 0 ? NULL
                           : memcpy(module_pool_alloc(module, size_bytes), items, size_bytes);
}

void emit_end(Emitter *emitter)
{
    CHECK(emitter->function != UINT32_MAX);
    Module *module = emitter->module;
    ModuleFunction *function = &module->functions[emitter->function];
    function->code_start = emitter->code_start;
    function->code_size = offset_now(emitter);
    function->label_count = emitter->label_count;
    function->labels = emitter->label_count == 0
                           ? NULL
                           : module_pool_alloc(module, emitter->label_count * sizeof(uint32_t));
    for (uint32_t i = 0; i < emitter->label_count; i++) {
        EmitLabel label = emitter->labels[i];
        CHECK(label.offset != UINT32_MAX || !label.is_used);
        function->labels[i] = label.offset == UINT32_MAX ? function->code_size : label.offset;
    }
    if (emitter->line_count > 0 &&
        emitter->lines[emitter->line_count - 1].offset == function->code_size) {
        emitter->line_count--; /* no code came from it */
    }
    function->handler_count = emitter->handler_count;
    function->handlers =
        pool_copy(module, emitter->handlers, emitter->handler_count * sizeof(ModuleHandler));
    function->line_count = emitter->line_count;
    function->lines = pool_copy(module, emitter->lines, emitter->line_count * sizeof(ModuleLine));
    emitter->function = UINT32_MAX;
}

uint32_t emit_new_label(Emitter *emitter)
{
    GROW(emitter, labels, label_count, label_capacity);
    emitter->labels[emitter->label_count] = (EmitLabel){UINT32_MAX, false};
    return emitter->label_count++;
}

void emit_label(Emitter *emitter, uint32_t label)
{
    CHECK(label < emitter->label_count);
    CHECK(emitter->labels[label].offset == UINT32_MAX);
    emitter->labels[label].offset = offset_now(emitter);
}

static void use_label(Emitter *emitter, uint64_t label)
{
    CHECK(label < emitter->label_count);
    emitter->labels[label].is_used = true;
}

void emit_line(Emitter *emitter, uint32_t file, uint32_t line)
{
    uint32_t offset = offset_now(emitter);
    if (emitter->line_count > 0 && emitter->lines[emitter->line_count - 1].offset == offset) {
        emitter->line_count--; /* no code came from that one */
    }
    if (emitter->line_count > 0) {
        const ModuleLine *last = &emitter->lines[emitter->line_count - 1];
        if (last->file == file && last->line == line) {
            return;
        }
    }
    GROW(emitter, lines, line_count, line_capacity);
    emitter->lines[emitter->line_count++] = (ModuleLine){offset, file, line};
}

void emit_handler(Emitter *emitter, ModuleHandler handler)
{
    use_label(emitter, handler.start_label);
    use_label(emitter, handler.end_label);
    use_label(emitter, handler.target_label);
    GROW(emitter, handlers, handler_count, handler_capacity);
    emitter->handlers[emitter->handler_count++] = handler;
}

/* ---- instructions ---- */

void emit_raw(Emitter *emitter, const uint8_t *bytes, size_t size_bytes)
{
    CHECK(emitter->function != UINT32_MAX);
    Module *module = emitter->module;
    module_code_reserve(module, size_bytes);
    memcpy(module->code + module->code_size, bytes, size_bytes);
    module->code_size += (uint32_t) size_bytes;
}

void emit_operands(Emitter *emitter, Opcode op, const uint64_t operands[], unsigned count)
{
    CHECK(emitter->function != UINT32_MAX);
    const char *kinds = opcode_info[op].operands;
    Module *module = emitter->module;
    module_code_reserve(module, 1 + count * LEB128_MAX_BYTES);
    module->code[module->code_size++] = (uint8_t) op;
    for (unsigned i = 0; i < count; i++) {
        switch (kinds[i]) {
        case 'l':
            use_label(emitter, operands[i]);
            put_unsigned(module, operands[i]);
            break;
        case 'g':
            if (operands[i] != 0) {
                use_label(emitter, operands[i] - 1);
            }
            put_unsigned(module, operands[i]);
            break;
        case 's':
            put_signed(module, (int64_t) operands[i]);
            break;
        default:
            CHECK(kinds[i] != '\0' && strchr("AIRS", kinds[i]) == NULL);
            put_unsigned(module, operands[i]);
        }
    }
    CHECK(kinds[count] == '\0');
}

void emit0(Emitter *emitter, Opcode op)
{
    emit_operands(emitter, op, NULL, 0);
}

void emit1(Emitter *emitter, Opcode op, uint64_t a)
{
    emit_operands(emitter, op, (uint64_t[]){a}, 1);
}

void emit2(Emitter *emitter, Opcode op, uint64_t a, uint64_t b)
{
    emit_operands(emitter, op, (uint64_t[]){a, b}, 2);
}

void emit3(Emitter *emitter, Opcode op, uint64_t a, uint64_t b, uint64_t c)
{
    emit_operands(emitter, op, (uint64_t[]){a, b, c}, 3);
}

void emit4(Emitter *emitter, Opcode op, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    emit_operands(emitter, op, (uint64_t[]){a, b, c, d}, 4);
}

void emit_switch(Emitter *emitter, Opcode op, uint32_t slot, uint32_t default_label,
                 const int64_t keys[], const uint32_t labels[], uint32_t count)
{
    CHECK(op == OP_switch_atom || op == OP_switch_int || op == OP_switch_arity);
    Module *module = emitter->module;
    module_code_reserve(module, 1 + (3 + 2 * (size_t) count) * LEB128_MAX_BYTES);
    module->code[module->code_size++] = (uint8_t) op;
    put_unsigned(module, slot);
    use_label(emitter, default_label);
    put_unsigned(module, default_label);
    put_unsigned(module, count);
    for (uint32_t i = 0; i < count; i++) {
        if (op == OP_switch_int) {
            put_signed(module, keys[i]);
        } else {
            put_unsigned(module, (uint64_t) keys[i]);
        }
        use_label(emitter, labels[i]);
        put_unsigned(module, labels[i]);
    }
}

void emit_bs_build(Emitter *emitter, const Segment segments[], uint32_t count, uint32_t guard)
{
    Module *module = emitter->module;
    module_code_reserve(module, 1 + (2 + 4 * (size_t) count) * LEB128_MAX_BYTES);
    module->code[module->code_size++] = OP_bs_build;
    put_unsigned(module, count);
    for (uint32_t i = 0; i < count; i++) {
        const Segment *segment = &segments[i];
        put_unsigned(module, segment->type);
        put_unsigned(module, segment->unit);
        put_unsigned(module, segment->flags);
        if (segment->type == SEGMENT_LITERAL) {
            put_unsigned(module, segment->literal);
        }
    }
    if (guard != 0) {
        use_label(emitter, guard - 1);
    }
    put_unsigned(module, guard);
}
