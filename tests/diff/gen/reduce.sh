#!/bin/sh
# tests/diff/gen/reduce.sh SEED CASE: cuts the case of module gen_SEED that differs down to a small module.
# MUSTER, MUSTER_OPTIONS and ORACLE as for run.sh.
here=$(cd "$(dirname "$0")" && pwd)
MUSTER=${MUSTER:-$here/../../../muster}
case $MUSTER in /*) ;; *) MUSTER=$PWD/$MUSTER ;; esac
[ $# -eq 2 ] || { echo "usage: reduce.sh SEED CASE" >&2; exit 2; }
command -v erlc >/dev/null || { echo "reduce.sh: no erl here"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
erlc -o "$work" "$here"/gen_*.erl "$here/evaluate.erl" "$here/reduce.erl" || exit 2
level=25
[ "${ORACLE:-erl}" = erl ] || level=27
erl +pc unicode -noshell -pa "$work" -eval "gen_expr:main([\"$1\", \"200\", \"$level\"]), halt(0)." >"$work/gen_$1.erl" || exit 2
# Options are words; variables among them are for all that runs.
options=
for word in $MUSTER_OPTIONS; do
    case $word in -*) options="$options $word" ;; *=*) export "${word?}" ;; *) options="$options $word" ;; esac
done
if [ "${ORACLE:-erl}" = erl ]; then
    # shellcheck disable=SC2086
    strings=$(for o in $options; do printf ', "%s"' "$o"; done)
    erl -enable-feature maybe_expr -noshell -pa "$work" -eval "reduce:main([\"$work/gen_$1.erl\", \"$2\", \"$MUSTER\"$strings]), halt(0)."
else
    # shellcheck disable=SC2086
    "$MUSTER" run --no-jit "$here/reduce.erl" "$work/gen_$1.erl" "$2" "$MUSTER" $options
fi
