#!/bin/sh
# tests/diff/gen/reduce.sh SEED CASE: cuts the case of module gen_SEED that differs down to a small module.
# MUSTER and MUSTER_OPTIONS as for run.sh.
here=$(cd "$(dirname "$0")" && pwd)
MUSTER=${MUSTER:-$here/../../../muster}
case $MUSTER in /*) ;; *) MUSTER=$PWD/$MUSTER ;; esac
[ $# -eq 2 ] || { echo "usage: reduce.sh SEED CASE" >&2; exit 2; }
command -v erlc >/dev/null || { echo "reduce.sh: no erl here"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
erlc -o "$work" "$here"/gen_*.erl "$here/evaluate.erl" "$here/reduce.erl" || exit 2
erl +pc unicode -noshell -pa "$work" -eval "gen_expr:main([\"$1\", \"200\"]), halt(0)." >"$work/gen_$1.erl" || exit 2
options=$(for o in $MUSTER_OPTIONS; do printf ', "%s"' "$o"; done)
erl -noshell -pa "$work" -eval "reduce:main([\"$work/gen_$1.erl\", \"$2\", \"$MUSTER\"$options]), halt(0)."
