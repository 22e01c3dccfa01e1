#!/bin/sh
# Compares the forms that Muster's parser reads with those of erl's epp: on all sources that are
# installed with Erlang, and on snippets, most of them wrong, whose errors must be the same as well.
# Positions are compared to the column. Also turns all forms to terms and back.
#
#   tests/diff/parse/run.sh PRINT_FORMS [WORK-FOLDER]
#
# PRINT_FORMS is print_forms.c of this folder, built.
set -u
here=$(dirname "$0")
print_forms=$1
work=${2:-$(mktemp -d)}
command -v escript >/dev/null || { echo "skipped: parse: no erl here"; exit 0; }
lib=$(erl -noshell -eval 'io:put_chars(code:lib_dir()), halt().')
status=0

# compare NAME LIST: the files named in LIST, and what they may differ in (a pattern of file names)
compare() {
    mkdir -p "$work/$1/erl" "$work/$1/muster"
    escript "$here/forms.escript" "$work/$1/erl" ../include "$2"
    # OTP 25 has no keyword `maybe` unless asked.
    "$print_forms" -no-maybe -R ../include -L "$lib" -o "$work/$1/muster" -list "$2"
    same=0 index=0 other=''
    while read -r file; do
        if cmp -s "$work/$1/erl/$index.forms" "$work/$1/muster/$index.forms" ||
            grep -q '^failed: ' "$work/$1/erl/$index.forms"; then
            same=$((same + 1))
        elif ! echo "$file" | grep -Eq "$3"; then
            other="$other $file($index)"
        fi
        index=$((index + 1))
    done < "$2"
    echo "parse: $1: $same of $index equal"
    if [ -n "$other" ]; then
        echo "parse: $1: not equal:$(echo "$other" | cut -d ' ' -f 1-12) (see $work/$1)"
        status=1
    fi
}

find "$lib" -path '*/src/*' -name '*.erl' | sort > "$work/sources.list"
if [ -s "$work/sources.list" ]; then
    # Two use ?FUNCTION_ARITY where OTP 25 miscounts arguments that start with empty brackets.
    compare sources "$work/sources.list" '/(ssl_handshake|tls_handshake_1_3)\.erl$'
    "$print_forms" -no-maybe -R ../include -L "$lib" -round -list "$work/sources.list" || status=1
else
    echo "skipped: parse: no sources under $lib"
fi

mkdir -p "$work/snippet_files"
for texts in "$here"/snippets/*.txt; do
    awk -v out="$work/snippet_files/$(basename "$texts" .txt)" '
        BEGIN { n = 0; file = sprintf("%s_%03d.erl", out, n); printf "" > file }
        /^----$/ { close(file); n++; file = sprintf("%s_%03d.erl", out, n); printf "" > file; next }
        { print > file }' "$texts"
done
find "$work/snippet_files" -name '*.erl' | sort > "$work/snippets.list"
# ?FEATURE_AVAILABLE is strange in OTP 25; fun m:f/1 as an attribute's value is not supported; of
# -define without an end the place is another.
compare snippets "$work/snippets.list" '/(preprocess_1_017|attributes_050|define_00[4-6])\.erl$'
exit $status
