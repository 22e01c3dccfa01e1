# --stats prints what ran on each scheduler, collections and memory.
# status: 0
# stdout: done
# stdout: spawned 1000
# stdout: messages 2000
# stdout: two schedulers and their sum
# stdout: one scheduler
# stdout: collections
cat >crowd.erl <<'END'
-module(crowd).
-export([main/0]).
main() ->
    Self = self(),
    Pids = [spawn(fun() -> receive {ask, N} -> Self ! {self(), N} end end) || _ <- lists:seq(1, 1000)],
    [P ! {ask, 1} || P <- Pids],
    1000 = lists:sum([receive {P, N} -> N end || P <- Pids]),
    garbage_collect(),
    io:format("done~n").
END
"$MUSTER" run --schedulers 2 --stats crowd.erl 2>two || exit 1
grep -q '^stats: .* 2 schedulers, ' two || exit 2
# The columns by their names; the first process and those of the library come on top.
awk '$1 == "scheduler" { for (i = 1; i <= NF; i++) at[$i] = i }
     $1 == "all" && NF > 6 { # "busy ms" is two words in the head
         spawned = $(at["spawned"]); messages = $(at["messages"])
         if (spawned >= 1000 && spawned < 1100) print "spawned 1000"
         if (messages >= 2000 && messages < 2500) print "messages 2000" }' two
[ "$(grep -c -e '^  [12]  *[0-9]' -e '^  all  *[0-9]' two)" -ge 3 ] && echo 'two schedulers and their sum'
"$MUSTER" run --no-smp --stats crowd.erl 2>one >/dev/null || exit 3
grep -q '^stats: .* 1 scheduler, ' one && echo 'one scheduler'
grep -q '^  collections: [0-9]* minor, [1-9][0-9]* major; ' one && echo 'collections'
grep -q -e '^  memory .*resident KiB' -e "^  memory: this build's allocator tells nothing" one || exit 4
exit 0
