#!/bin/sh
# Writes a C file with the files given as arguments: compiled modules (NAME.mbc) as the table
# `embedded_modules`, headers (…/APPLICATION/NAME.hrl) as `embedded_headers`, documentation (NAME.docs) as
# `embedded_docs` (runtime/library.h), each sorted by name. The bytes are taken in by the assembler (.incbin).
export LC_ALL=C
headers=""
modules=""
docs=""
for file in "$@"; do
    case $file in
    *.hrl) headers="$headers $file" ;;
    *.docs) docs="$docs $file" ;;
    *) modules="$modules $file" ;;
    esac
done
symbol_of() { echo "$1" | tr -c 'A-Za-z0-9_\n' _; }
header_name() { echo "$(basename "$(dirname "$1")")/$(basename "$1")"; }
embed() { # SYMBOL FILE
    printf '__asm__(".section .rodata\\n.balign 16\\n%s:\\n.incbin \\"%s\\"\\n%s_end:\\n.previous");\n' \
        "$1" "$2" "$1"
    printf 'extern const uint8_t %s[], %s_end[];\n' "$1" "$1"
}
row() { # NAME SYMBOL
    printf '    {"%s", %s, %s_end},\n' "$1" "$2" "$2"
}

echo '#include "runtime/library.h"'
for file in $modules; do
    embed "embedded_$(basename "$file" .mbc)" "$file"
done
for file in $headers; do
    embed "header_$(symbol_of "$(header_name "$file")")" "$file"
done
for file in $docs; do
    embed "docs_$(basename "$file" .docs)" "$file"
done
echo 'const EmbeddedFile embedded_modules[] = {'
for file in $modules; do
    name=$(basename "$file" .mbc)
    row "$name" "embedded_$name"
done
echo '    {NULL, NULL, NULL}};'
printf 'const size_t embedded_module_count = %s;\n' "$(echo "$modules" | wc -w)"
echo 'const EmbeddedFile embedded_headers[] = {'
for file in $headers; do
    name=$(header_name "$file")
    row "$name" "header_$(symbol_of "$name")"
done
echo '    {NULL, NULL, NULL}};'
printf 'const size_t embedded_header_count = %s;\n' "$(echo "$headers" | wc -w)"
echo 'const EmbeddedFile embedded_docs[] = {'
for file in $docs; do
    name=$(basename "$file" .docs)
    row "$name" "docs_$name"
done
echo '    {NULL, NULL, NULL}};'
printf 'const size_t embedded_docs_count = %s;\n' "$(echo "$docs" | wc -w)"
