#!/bin/sh
# tests/fuzz/fuzz.sh TARGET SECONDS: fuzzes with the programs that `make fuzz` built. See the Makefile.
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
target=$1
seconds=$2
found=$root/build/fuzz/found/$target
seeds=$root/build/fuzz/seeds/$target
grown=$root/build/fuzz/corpus/$target
mkdir -p "$found" "$grown"
program=$root/build/fuzz/tests/fuzz/$target
case $target in
scan) more="$root/tests/lang $root/tests/errors $root/examples"
      options="-dict=$here/scan.dict -max_len=4096 -timeout=20" ;;
load) more=$seeds
      options="-max_len=16384 -timeout=20"
      if [ ! -d "$seeds" ]; then # small modules, of which damage soon hits something
          mkdir -p "$seeds"
          find "$root/tests/lang" "$root/examples" -name '*.erl' -size -6k | while read -r file; do
              (cd "$(dirname "$file")" && "$root/muster" compile -o "$seeds" "$file") >/dev/null 2>&1
          done
      fi ;;
etf) more= options="-max_len=4096 -timeout=20" ;;
run) work=$(mktemp -d) || exit 2
     trap 'rm -rf "$work"' EXIT
     cd "$work" || exit 2
     find "$root/tests/lang" -maxdepth 1 -name '*.erl' -size -6k -print0 |
         ASAN_OPTIONS=detect_leaks=0 xargs -0 sh -c '"$@"; status=$?; cp crash-* "$0" 2>/dev/null; exit $status' \
             "$found" "$program" "$seconds" "${SEED:-$(date +%s)}"
     exit ;;
*) echo "fuzz.sh: there is no target $target (scan, load, etf, run)" >&2; exit 2 ;;
esac
# shellcheck disable=SC2086
ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1 "$program" -max_total_time="$seconds" \
    -artifact_prefix="$found/" -rss_limit_mb=3000 -malloc_limit_mb=100000 -print_final_stats=1 -verbosity=1 \
    $options "$grown" "$here/corpus/$target" $more
