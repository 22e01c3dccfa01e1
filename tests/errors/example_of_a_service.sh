# status: 0
# stdout: counts: [{ticks,1}]
# stdout: stopping with [{ticks,
# stdout: status 0
# stdout: goes on at
cat >sys.config <<'END'
[{tally, [{file, "tally.store"}, {report_every_ms, 50}]}].
END
serve() {
    : >out # the shell may look before the program has begun
    "$MUSTER" run --app tally -pa "$HERE/../../examples/tally" --config sys.config >out 2>&1 &
    pid=$!
    waited=0
    until grep -q "counts: .*ticks" out || [ $waited -gt 400 ]; do
        sleep 0.05
        waited=$((waited + 1))
    done
    kill -TERM $pid
    wait $pid
    status=$?
    cat out
}
serve
echo "status $status"
serve
grep -q "counts: \[{ticks,1}\]" out || echo "goes on at" "$(grep -m 1 counts out)"
