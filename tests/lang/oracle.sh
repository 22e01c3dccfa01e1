#!/bin/sh
# tests/lang/oracle.sh [-c] [NAME...]: what does erl print for these programs?
#
# Compiles each program with erlc, runs it on erl, and writes its standard output to NAME.out beside
# it; with -c it writes nothing and reports the programs whose NAME.out differs. Without names: all
# programs but those in beyond_otp25.list, whose answers come from the manual. A folder that holds a
# program of its own name is a project of several modules.
here=$(cd "$(dirname "$0")" && pwd)
check=no
if [ "$1" = "-c" ]; then check=yes; shift; fi
command -v erlc >/dev/null || { echo "oracle.sh: no erlc here, nothing done"; exit 0; }

beyond() { grep -qx "$1" "$here/beyond_otp25.list" 2>/dev/null; }

if [ $# -eq 0 ]; then
    for file in "$here"/*.erl "$here"/*/*.erl; do
        [ -f "$file" ] || continue
        name=$(basename "$file" .erl)
        case $(dirname "$file") in
            "$here" | */"$name") beyond "$name" || set -- "$@" "$name" ;;
        esac
    done
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quiet='logger:set_primary_config(level, none)'
bad=0
for name; do
    name=${name%.erl}
    if [ -f "$here/$name/$name.erl" ]; then base="$here/$name/$name"; sources="$here/$name/*.erl"
    else base="$here/$name"; sources="$base.erl"; fi
    mkdir -p "$work/$name"
    # shellcheck disable=SC2086
    if ! erlc -W0 -I "$(dirname "$base")" -pa "$work/$name" -o "$work/$name" $sources; then
        echo "$name: does not compile"; bad=$((bad + 1)); continue
    fi
    call="$name:main()"
    if grep -q '^main(Args)' "$base.erl"; then call="$name:main([])"; fi
    if ! grep -q '^main(' "$base.erl"; then call="$name:start()"; fi
    (cd "$(dirname "$base")" && timeout 60 erl $ORACLE_FLAGS -enable-feature all -noshell -pa "$work/$name" \
        -eval "$quiet, {_, M} = spawn_monitor(fun() -> $call end), receive {'DOWN', M, _, _, normal} -> halt(0); {'DOWN', M, _, _, R} -> io:format(standard_error, \"~p~n\", [R]), halt(1) end." \
        >"$work/out" </dev/null)
    status=$?
    if [ $status -ne 0 ]; then echo "$name: exit status $status"; bad=$((bad + 1)); fi
    if [ $check = no ]; then cp "$work/out" "$base.out"
    elif ! cmp -s "$work/out" "$base.out"; then
        echo "$name: differs"; bad=$((bad + 1)); diff "$base.out" "$work/out" | head -5
    fi
done
echo "$# programs, $bad wrong"
[ $bad -eq 0 ]
