#!/bin/sh
# tests/bench/run.sh [compute|kernels|concurrency|services|library|latency|startup|memory|peak|compile|all] [PROGRAM...]
#
# Runs the benchmark programs on erl and on muster in turns (A B A B), takes the median of all runs
# and prints a table a set: each operation, both times, and the ratio erl / muster (above 1: muster
# is faster), then the geometric mean of the ratios. Where there is no erl, muster's column alone.
# kernels: the numeric programs of which there is one in C beside (programs/c), compiled with -O2; the
# ratio is muster / C.
#
#   MUSTER=./muster   the binary to measure        REPEATS=3      how many turns
#   MUSTER_OPTIONS=   more options for `muster run` SCHEDULERS=4   for both
#   ERL=erl           the other side; ERL=none leaves it out
#
# Results of programs are hashed by the harness and compared: "differs" means that the two did not
# compute the same thing.
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
programs=$here/programs
MUSTER=${MUSTER:-$root/muster}
REPEATS=${REPEATS:-3}
SCHEDULERS=${SCHEDULERS:-4}
ERL=${ERL:-erl}
TIMEOUT=${TIMEOUT:-300}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

have_erl=no
if [ "$ERL" != none ] && command -v "$ERL" >/dev/null && command -v erlc >/dev/null; then have_erl=yes; fi
have_muster=no
if [ -x "$MUSTER" ]; then have_muster=yes; else echo "bench: no $MUSTER here"; fi

compile() {
    [ $have_erl = no ] && return
    [ -d "$work/ebin" ] && return
    mkdir -p "$work/ebin"
    erlc -W0 -o "$work/ebin" "$programs"/*.erl "$programs"/*/*.erl || have_erl=no
}

# The two sides; each prints "program n microseconds hash" lines. $1: program, $2: schedulers.
on_erl() {
    timeout "$TIMEOUT" "$ERL" +S "$2:$2" +P 4000000 -noshell -pa "$work/ebin" \
        -eval "bench:main([\"$1\", \"default\", \"2\"]), halt(0)." </dev/null 2>>"$work/errors"
}
on_muster() {
    # shellcheck disable=SC2086
    timeout "$TIMEOUT" "$MUSTER" run --schedulers "$2" $MUSTER_OPTIONS -pa "$programs/compute" \
        -pa "$programs/concurrency" -pa "$programs/services" "$programs/bench.erl" "$1" default 2 </dev/null 2>>"$work/errors"
}

# $1: file of lines. Prints "median hash", or "failed -".
median() {
    awk '$3 ~ /^[0-9]+$/ { print $3, $4 }' "$1" | sort -n | awk '
        { t[NR] = $1; h = $2 }
        END { if (NR == 0) { print "failed -" }
              else if (NR % 2) { print t[(NR + 1) / 2], h }
              else { print int((t[NR / 2] + t[NR / 2 + 1]) / 2), h } }'
}

# A table from lines "operation erl muster hash hash" on standard input; times in microseconds.
table() {
    awk -v title="$1" '
        function ms(t) { return t ~ /^[0-9]+$/ ? sprintf("%.1f", t / 1000) : t }
        BEGIN { printf "%s\n  %-22s %12s %12s %8s\n", title, "operation", "erl ms", "muster ms", "ratio" }
        { ratio = "-"; note = ""
          if ($2 ~ /^[0-9]+$/ && $3 ~ /^[0-9]+$/) {
              if ($3 == 0) $3 = 1
              r = $2 / $3; ratio = sprintf("%.2f", r); sum += log(r); n++
              if ($4 != $5) note = "  differs" }
          printf "  %-22s %12s %12s %8s%s\n", $1, ms($2), ms($3), ratio, note }
        END { if (n) printf "  %-22s %12s %12s %8.2f  (geometric mean of %d)\n\n", "", "", "", exp(sum / n), n
              else printf "\n" }'
}

# $1: set, $2...: programs. Leaves lines for table() in $work/lines.
measure() {
    schedulers=$1; shift
    : >"$work/lines"
    for program; do
        : >"$work/a"; : >"$work/b"
        turn=0
        while [ $turn -lt "$REPEATS" ]; do
            [ $have_erl = yes ] && on_erl "$program" "$schedulers" >>"$work/a"
            [ $have_muster = yes ] && on_muster "$program" "$schedulers" >>"$work/b"
            turn=$((turn + 1))
        done
        set_a=$(median "$work/a"); set_b=$(median "$work/b")
        [ $have_erl = no ] && set_a="- -"
        [ $have_muster = no ] && set_b="- -"
        echo "$program ${set_a% *} ${set_b% *} ${set_a#* } ${set_b#* }" >>"$work/lines"
    done
}

names() { for file in "$programs/$1"/*.erl; do basename "$file" .erl; done; }

compute() {
    compile
    [ $# -gt 0 ] || set -- $(names compute)
    measure "$SCHEDULERS" "$@"
    table "compute: one process" <"$work/lines"
}

kernels() {
    if ! command -v "${CC:-cc}" >/dev/null; then echo "kernels: no C compiler"; return; fi
    [ $# -gt 0 ] || set -- $(for file in "$programs"/c/*.c; do basename "$file" .c; done)
    : >"$work/lines"
    for program; do
        "${CC:-cc}" -O2 -o "$work/c_$program" "$programs/c/$program.c" -lm || continue
        : >"$work/a"; : >"$work/b"
        turn=0
        while [ $turn -lt "$REPEATS" ]; do
            "$work/c_$program" 2 >>"$work/a"
            [ $have_muster = yes ] && on_muster "$program" 1 >>"$work/b"
            turn=$((turn + 1))
        done
        set_a=$(median "$work/a"); set_b=$(median "$work/b")
        [ $have_muster = no ] && set_b="- -"
        echo "$program ${set_a% *} ${set_b% *} ${set_a#* } ${set_b#* }" >>"$work/lines"
    done
    awk '
        function ms(t) { return t ~ /^[0-9]+$/ ? sprintf("%.1f", t / 1000) : t }
        BEGIN { printf "kernels: beside C -O2\n  %-22s %12s %12s %8s\n", "operation", "C ms", "muster ms", "times C" }
        { ratio = "-"; note = ""
          if ($2 ~ /^[0-9]+$/ && $3 ~ /^[0-9]+$/ && $2 > 0) {
              r = $3 / $2; ratio = sprintf("%.2f", r); sum += log(r); n++
              if ($4 != $5) note = "  differs" }
          printf "  %-22s %12s %12s %8s%s\n", $1, ms($2), ms($3), ratio, note }
        END { if (n) printf "  %-22s %12s %12s %8.2f  (geometric mean of %d)\n\n", "", "", "", exp(sum / n), n
              else printf "\n" }' <"$work/lines"
}

concurrency() {
    compile
    [ $# -gt 0 ] || set -- $(names concurrency)
    measure "$SCHEDULERS" "$@"
    cp "$work/lines" "$work/many"
    table "concurrency: $SCHEDULERS schedulers each" <"$work/many"
    measure 1 "$@"
    cp "$work/lines" "$work/one"
    table "concurrency: 1 scheduler each" <"$work/one"
    paste -d ' ' "$work/one" "$work/many" | awk -v s="$SCHEDULERS" '
        function gain(a, b) { return a ~ /^[0-9]+$/ && b ~ /^[0-9]+$/ && b > 0 ? sprintf("%.2f", a / b) : "-" }
        BEGIN { printf "concurrency: time with 1 scheduler / time with %d\n  %-22s %12s %12s\n", s, "operation", "erl", "muster" }
        { printf "  %-22s %12s %12s\n", $1, gain($2, $7), gain($3, $8) }
        END { printf "\n" }'
    awk '$1 == "numeric_1" { e1 = $2; m1 = $3 } $1 == "numeric_4" { e4 = $2; m4 = $3 }
         END { if (m1 != "" && m4 != "") printf "  four numeric processes take this many times the time of one: erl %s, muster %s\n\n",
                                            times(e4, e1), times(m4, m1) }
         function times(four, one) { return four > 0 && one > 0 ? sprintf("%.2f", four / one) : "-" }' "$work/many"
}

services() {
    compile
    [ $# -gt 0 ] || set -- $(names services | grep -v queued_memory)
    measure "$SCHEDULERS" "$@"
    table "services: behaviours and what stands beside them, $SCHEDULERS schedulers each" <"$work/lines"
    a=-; b=-
    [ $have_erl = yes ] && a=$("$ERL" -noshell -pa "$work/ebin" -eval 'queued_memory:main(["100000"]), halt().' 2>>"$work/errors")
    [ $have_muster = yes ] && b=$("$MUSTER" run -pa "$programs/services" "$programs/services/queued_memory.erl" 100000)
    printf 'services: a gen_server with 100000 messages in its queue\n  %-34s %12s %12s\n\n' "bytes" "$a" "$b"
}

# $1: a file of all runs. One line an operation: its name in one word, the fastest run, a hash.
fastest() {
    awk '{ hash = $NF; time = $(NF - 1); name = $1
           for (i = 2; i <= NF - 3; i++) name = name "_" $i
           if (!(name in best)) order[++n] = name
           if (!(name in best) || time + 0 < best[name]) best[name] = time
           hashes[name] = hash }
         END { for (i = 1; i <= n; i++) print order[i], best[order[i]], hashes[order[i]] }' "$1"
}

# Operations of the library on data and text, one process on one scheduler; [WORD]: those with it in
# their names.
library() {
    compile
    : >"$work/a"; : >"$work/b"
    turn=0
    while [ $turn -lt "$REPEATS" ]; do
        [ $have_erl = yes ] && timeout "$TIMEOUT" "$ERL" +S 1:1 -noshell -pa "$work/ebin" \
            -eval "data_ops:main([\"$1\"]), halt(0)." </dev/null >>"$work/a" 2>>"$work/errors"
        # shellcheck disable=SC2086
        [ $have_muster = yes ] && timeout "$TIMEOUT" "$MUSTER" run --schedulers 1 $MUSTER_OPTIONS \
            "$programs/library/data_ops.erl" "$1" </dev/null >>"$work/b" 2>>"$work/errors"
        turn=$((turn + 1))
    done
    fastest "$work/a" >"$work/fast_a"
    fastest "$work/b" | awk -v other="$work/fast_a" '
        BEGIN { while ((getline line < other) > 0) { split(line, f, " "); time[f[1]] = f[2]; hash[f[1]] = f[3] } }
        { print $1, ($1 in time ? time[$1] : "-"), $2, ($1 in hash ? hash[$1] : $3), $3 }' >"$work/lines"
    table "library: operations on data and text, the fastest of $REPEATS" <"$work/lines"
}

latency() {
    compile
    mkfifo "$work/fifo"
    exec 9<>"$work/fifo" # so that opening it for reading does not wait, but reading does
    printf 'latency of a 1 ms timer, in microseconds late: median, 99th percentile, maximum\n'
    printf '  %-10s %30s %30s\n' "meanwhile" "erl" "muster"
    for kind in quiet loop loops heap file; do
        a="-"; b="-"
        [ $have_erl = yes ] && a=$(timeout "$TIMEOUT" "$ERL" +S "$SCHEDULERS:$SCHEDULERS" -noshell -pa "$work/ebin" \
            -eval "timer_latency:main([\"$kind\", \"${SAMPLES:-2000}\", \"$work/fifo\"])." </dev/null 2>>"$work/errors" | cut -d ' ' -f 2-)
        # shellcheck disable=SC2086
        [ $have_muster = yes ] && b=$(timeout "$TIMEOUT" "$MUSTER" run --schedulers "$SCHEDULERS" $MUSTER_OPTIONS \
            "$programs/latency/timer_latency.erl" "$kind" "${SAMPLES:-2000}" "$work/fifo" </dev/null 2>>"$work/errors" | cut -d ' ' -f 2-)
        printf '  %-10s %30s %30s\n' "$kind" "${a:-failed}" "${b:-failed}"
    done
    exec 9>&-
    printf '\n'
}

now() { date +%s%N; }

# $@: a command. Prints the median of 21 runs, in microseconds.
time_of() {
    run=0
    while [ $run -lt 21 ]; do
        start=$(now); "$@" >/dev/null 2>&1 </dev/null; stop=$(now)
        echo $(((stop - start) / 1000))
        run=$((run + 1))
    done | sort -n | sed -n 11p
}

# $1: process id, $2: field. In KiB.
status_of() { awk -v f="$2:" '$1 == f { print $2 }' "/proc/$1/status" 2>/dev/null; }

startup() {
    printf 'start-up, cold process, median of 21\n  %-34s %12s %12s\n' "" "erl" "muster"
    a="-"; b="-"; ma="-"; mb="-"
    base=$(time_of true)
    [ $have_erl = yes ] && a=$(($(time_of "$ERL" -noshell -eval 'halt().') - base))
    [ $have_muster = yes ] && b=$(($(time_of "$MUSTER" eval ok) - base))
    printf '  %-34s %12s %12s\n' "evaluate and exit, microseconds" "$a" "$b"
    if [ $have_erl = yes ]; then
        "$ERL" -noshell -eval 'receive after 3000 -> ok end, halt().' </dev/null >/dev/null 2>&1 &
        pid=$!; sleep 1.5; ma=$(status_of $pid VmHWM); wait $pid
    fi
    if [ $have_muster = yes ]; then
        "$MUSTER" eval 'receive after 1500 -> ok end' </dev/null >/dev/null 2>&1 &
        pid=$!; sleep 0.7; mb=$(status_of $pid VmHWM); wait $pid
    fi
    printf '  %-34s %12s %12s\n' "largest resident size, KiB" "$ma" "$mb"
    [ $have_muster = yes ] && "$MUSTER" run "$programs/latency/library.erl" 2>>"$work/errors"
    echo
}

# Starts the command in the background, waits for its "ready" line, prints "microseconds KiB".
idle() {
    "$@" >"$work/ready" 2>>"$work/errors" </dev/null &
    pid=$!
    waited=0
    while ! grep -q '^ready' "$work/ready" && kill -0 $pid 2>/dev/null && [ $waited -lt 600 ]; do
        sleep 0.1; waited=$((waited + 1))
    done
    sleep 0.5
    echo "$(awk '/^ready/ { print $3 }' "$work/ready") $(status_of $pid VmRSS)"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
}

memory() {
    compile
    count=${IDLE:-1000000}
    printf 'memory: %s processes, each waiting in receive\n  %-34s %12s %12s\n' "$count" "" "erl" "muster"
    a="- -"; b="- -"
    [ $have_erl = yes ] && a=$(idle "$ERL" +S "$SCHEDULERS:$SCHEDULERS" +P 4000000 -noshell -pa "$work/ebin" \
        -eval "idle_million:main([\"$count\"]).")
    # shellcheck disable=SC2086
    [ $have_muster = yes ] && b=$(idle "$MUSTER" run --schedulers "$SCHEDULERS" $MUSTER_OPTIONS \
        "$programs/latency/idle_million.erl" "$count")
    printf '  %-34s %12s %12s\n' "started in, microseconds" "${a% *}" "${b% *}"
    printf '  %-34s %12s %12s\n' "resident, KiB" "${a#* }" "${b#* }"
    printf '%s %s\n' "${a#* }" "${b#* }" | awk -v n="$count" '
        { printf "  %-34s %12s %12s\n\n", "bytes a process", each($1, n), each($2, n) }
        function each(kib, n) { return kib > 0 ? int(kib * 1024 / n) : "-" }'
}

# Runs the command; prints the largest resident size that was seen, in KiB.
peak_of() {
    "$@" >/dev/null 2>>"$work/errors" </dev/null &
    pid=$!
    most=-
    while kill -0 $pid 2>/dev/null; do
        seen=$(status_of $pid VmHWM)
        most=${seen:-$most}
        sleep 0.02
    done
    wait $pid
    echo "$most"
}

peak() {
    compile
    [ $# -gt 0 ] || set -- $(names compute)
    for program; do
        a=-; b=-
        [ $have_erl = yes ] && a=$(peak_of "$ERL" +S "$SCHEDULERS:$SCHEDULERS" -noshell -pa "$work/ebin" \
            -eval "bench:main([\"$program\", \"default\", \"2\"]), halt(0).")
        # shellcheck disable=SC2086
        [ $have_muster = yes ] && b=$(peak_of "$MUSTER" run --schedulers "$SCHEDULERS" $MUSTER_OPTIONS \
            -pa "$programs/compute" -pa "$programs/concurrency" -pa "$programs/services" "$programs/bench.erl" "$program" default 2)
        echo "$program $a $b"
    done | awk '
        function mib(kib) { return kib ~ /^[0-9]+$/ ? sprintf("%.1f", kib / 1024) : kib }
        BEGIN { printf "peak: largest resident size\n  %-22s %12s %12s\n", "operation", "erl MiB", "muster MiB" }
        { printf "  %-22s %12s %12s\n", $1, mib($2), mib($3) }
        END { printf "\n" }'
}

# Muster's own library, as far as both compile it, again and again on one core; without the time it
# takes to start.
compile_speed() {
    one=""
    command -v taskset >/dev/null && one="taskset -c 0"
    mkdir -p "$work/out"
    files=""
    for file in "$root"/stdlib/lists.erl "$root"/stdlib/dict.erl "$root"/stdlib/gb_*.erl \
        "$root"/stdlib/io_lib*.erl "$root"/stdlib/sofs.erl "$root"/stdlib/digraph*.erl \
        "$root"/stdlib/array.erl "$root"/stdlib/string.erl "$root"/stdlib/proplists.erl \
        "$root"/stdlib/queue.erl "$root"/stdlib/gen_*.erl "$root"/stdlib/supervisor.erl; do
        if [ $have_erl = no ] || erlc -W0 -o "$work/out" "$file" >/dev/null 2>&1; then
            files="$files $file"
        fi
    done
    # shellcheck disable=SC2086
    lines=$(cat $files | wc -l)
    turn=0
    while [ $turn -lt "$REPEATS" ]; do
        # shellcheck disable=SC2086
        [ $have_erl = yes ] && $one "$ERL" +S 1:1 -noshell -eval "
            Files = string:lexemes(\"$files\", \" \"),
            Run = fun() -> [{ok, _, _} = compile:file(F, [binary]) || F <- Files] end,
            Run(), {Time, _} = timer:tc(Run), io:format(\"x 1 ~w -~n\", [Time]), halt()." \
            >>"$work/a" 2>>"$work/errors" </dev/null
        start=$(now); $one "$MUSTER" compile -o "$work/out" "$root/stdlib/queue.erl" 2>/dev/null; stop=$(now)
        empty=$((stop - start))
        start=$(now)
        # shellcheck disable=SC2086
        $one "$MUSTER" compile -o "$work/out" $files $files $files $files 2>/dev/null
        stop=$(now)
        echo "x 1 $(((stop - start - empty) / 4000)) -" >>"$work/b"
        turn=$((turn + 1))
    done
    a=-; b=-
    [ $have_erl = yes ] && a=$(median "$work/a" | cut -d ' ' -f 1)
    [ $have_muster = yes ] && b=$(median "$work/b" | cut -d ' ' -f 1)
    printf 'compile: %s lines on one core\n  %-34s %12s %12s\n' "$lines" "" "erlc" "muster"
    echo "$lines $a $b" | awk '
        function rate(n, t) { return t > 0 ? int(n * 1000000 / t) : "-" }
        { printf "  %-34s %12s %12s\n\n", "lines a second", rate($1, $2), rate($1, $3) }'
}

what=${1:-all}
[ $# -gt 0 ] && shift
case $what in
    compute | kernels | concurrency | services | library | latency | startup | memory | peak) $what "$@" ;;
    compile) compile_speed ;;
    all) compute; kernels; concurrency; services; library; latency; startup; memory; peak; compile_speed ;;
    *) echo "usage: tests/bench/run.sh [compute|kernels|concurrency|services|library|latency|startup|memory|peak|compile|all] [PROGRAM...]" >&2; exit 2 ;;
esac
if [ -s "$work/errors" ]; then echo "standard error of the programs:"; sort "$work/errors" | uniq -c | head -20; fi
exit 0
