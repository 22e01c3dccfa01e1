#!/bin/sh
# Checks which room includes which: runtime -> sched -> proc -> gc -> runtime/term, and
# runtime -> compiler -> runtime/term; compiler/jit alone of the compiler may know processes and heaps.
# Prints each include that goes the other way.
cd "$(dirname "$0")/.." || exit 2
allowed() { # room: the rooms it may include
    case $1 in
    runtime/term) echo 'runtime/term' ;;
    gc) echo 'gc runtime/term' ;;
    proc) echo 'proc gc runtime/term' ;;
    sched) echo 'sched proc gc runtime/term' ;;
    compiler) echo 'compiler runtime/term' ;;
    compiler/jit) echo 'compiler proc gc runtime/term' ;;
    runtime) echo 'runtime sched proc gc compiler runtime/term' ;;
    esac
}
wrong=0
for room in runtime/term gc proc sched compiler compiler/jit runtime; do
    case $room in
    compiler) files=$(find compiler -name '*.[ch]' | grep -v '^compiler/jit/') ;;
    *) files=$(ls $room/*.c $room/*.h 2>/dev/null) ;;
    esac
    for target in runtime/term gc proc sched compiler runtime; do
        case " $(allowed $room) " in *" $target "*) continue ;; esac
        case $target in
        compiler) pattern='#include "compiler/' ;;
        *) pattern="#include \"$target/[^/]*\"" ;;
        esac
        # shellcheck disable=SC2086
        if grep -n "$pattern" $files /dev/null; then wrong=1; fi
    done
done
[ $wrong = 0 ] || echo 'layers: the includes above go against the arrows' >&2
exit $wrong
