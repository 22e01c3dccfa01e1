#!/bin/sh
# tests/errors/lint/record.sh [NAME…]: writes NAME.expected for each NAME.erl here: what erlc says, each
# error and warning in a line, sorted by place. Without names: all.
cd "$(dirname "$0")" || exit 2
command -v erlc >/dev/null || { echo "record.sh: no erlc here, nothing done"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- *.erl
for name; do
    name=${name%.erl}
    erlc -o "$work" "$name.erl" | iconv -f latin1 -t utf8 | grep -a "^$name\.erl:" | LC_ALL=C sort -t: -k2,2n -k3,3n -s >"$name.expected"
done
