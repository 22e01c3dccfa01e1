#!/bin/sh
# tests/with_options.sh ARG…: stands for the binary $MUSTER_BINARY where a runner wants one, and gives it the options
# $MUSTER_OPTIONS besides.
case $1 in
run | eval | test | shell)
    command=$1
    shift
    # shellcheck disable=SC2086 # several options
    exec "$MUSTER_BINARY" "$command" $MUSTER_OPTIONS "$@"
    ;;
*) exec "$MUSTER_BINARY" "$@" ;;
esac
