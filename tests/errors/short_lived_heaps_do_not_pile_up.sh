# Processes that make large terms and end, hundreds of them: the memory they leave serves the next.
# status: 0
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() ->
    rounds(20),
    First = resident_mib(),
    rounds(150),
    case resident_mib() - First of
        More when More < 120 -> ok;
        More -> io:format("~p MiB more~n", [More]), halt(1)
    end.

rounds(Count) ->
    Text = binary:copy(<<"line of text, ">>, 20000),
    [wait([start(Work) || Work <- [fun() -> lists:seq(1, 100000) end,
                                   fun() -> binary:split(Text, <<",">>, [global]) end],
                          _ <- lists:seq(1, 4)])
     || _ <- lists:seq(1, Count)].

start(Work) ->
    element(2, spawn_monitor(fun() -> exit(length(Work())) end)).

wait(Monitors) ->
    [receive {'DOWN', Monitor, _, _, Length} when is_integer(Length) -> ok end || Monitor <- Monitors].

resident_mib() ->
    {ok, Status} = file:read_file("/proc/self/status"),
    {match, [KiB]} = re:run(Status, "VmRSS:\\s+(\\d+)", [{capture, all_but_first, binary}]),
    binary_to_integer(KiB) div 1024.
END
case $MUSTER in
*asan* | *tsan*) exit 0 ;; # their own allocators keep what was freed
esac
"$MUSTER" run main.erl
