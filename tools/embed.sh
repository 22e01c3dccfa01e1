#!/bin/sh
# Writes a C file with the compiled modules given as arguments: the table `embedded_modules`
# (runtime/library.h), sorted by name. The bytes are taken in by the assembler (.incbin).
export LC_ALL=C
echo '#include "runtime/library.h"'
for file in "$@"; do
    name=$(basename "$file" .mbc)
    printf '__asm__(".section .rodata\\n.balign 16\\nembedded_%s:\\n.incbin \\"%s\\"\\nembedded_%s_end:\\n.previous");\n' \
        "$name" "$file" "$name"
    printf 'extern const uint8_t embedded_%s[], embedded_%s_end[];\n' "$name" "$name"
done
echo 'const EmbeddedModule embedded_modules[] = {'
for file in "$@"; do
    name=$(basename "$file" .mbc)
    printf '    {"%s", embedded_%s, embedded_%s_end},\n' "$name" "$name" "$name"
done
echo '    {NULL, NULL, NULL}};'
printf 'const size_t embedded_module_count = %s;\n' "$#"
