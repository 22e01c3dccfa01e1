#!/bin/sh
# tests/tiers.sh [WORD]: the tests that are Erlang programs, in every way that Muster runs them: WORD as for run.sh.
#
#   MUSTER   the binary: ./muster
#   TIERS    the ways, separated by colons: options, and VARIABLE=VALUE among them
#   PARTS    which parts of the tests: "lang otp store stdlib"
here=$(cd "$(dirname "$0")" && pwd)
MUSTER=${MUSTER:-$here/../muster}
case $MUSTER in /*) ;; *) MUSTER=$PWD/$MUSTER ;; esac
all="--no-jit:--jit-threshold 1:--jit=quick --jit-threshold 1:--jit=optimised --jit-threshold 1:--jit-threshold 7"
all="$all:MUSTER_DEBUG=exit_stress,check_code --jit-threshold 1"
all="$all:MUSTER_DEBUG=exit_stress,check_code --jit=optimised --jit-threshold 1"
all="$all:MUSTER_DEBUG=gc_stress --jit=optimised --jit-threshold 1"
TIERS=${TIERS:-$all}
MUSTER_BINARY=$MUSTER
MUSTER=$here/with_options.sh
MODES=
PARTS=${PARTS:-lang otp store stdlib}
export MUSTER_BINARY MUSTER MODES PARTS
bad=
rest=$TIERS:
while [ -n "$rest" ]; do
    tier=${rest%%:*}
    rest=${rest#*:}
    variables=
    MUSTER_OPTIONS=
    for word in $tier; do
        case $word in
        -*) MUSTER_OPTIONS="$MUSTER_OPTIONS $word" ;;
        *=*) variables="$variables $word" ;;
        *) MUSTER_OPTIONS="$MUSTER_OPTIONS $word" ;;
        esac
    done
    export MUSTER_OPTIONS
    slow=
    # What collects at every chance gets more time, and not the programs with a million of something.
    case $tier in *gc_stress*) slow="TIMEOUT=600 SKIP=$here/lang/heavy.list" ;; *_stress*) slow="TIMEOUT=300" ;; esac
    echo "== $tier"
    # shellcheck disable=SC2086
    env $variables $slow sh "$here/run.sh" "$1" </dev/null || bad="$bad [$tier]"
done
[ -z "$bad" ] || { echo "failed:$bad"; exit 1; }
