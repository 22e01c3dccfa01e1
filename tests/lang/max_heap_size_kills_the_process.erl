%% A process over its max_heap_size is killed; others go on.
-module(max_heap_size_kills_the_process).
-export([main/0]).

main() ->
    [io:format("~w~n", [outcome(Opts)])
     || Opts <- [[{max_heap_size, #{size => 20000, kill => true, error_logger => false}}],
                 [{max_heap_size, #{size => 0, kill => true, error_logger => false}}],
                 [{max_heap_size, #{size => 20000, kill => false, error_logger => false}}]]],
    {P, M} = spawn_monitor(fun() -> process_flag(max_heap_size, #{size => 5000, kill => true, error_logger => false}), build(1000000, []) end),
    receive {'DOWN', M, _, P, R} -> io:format("~w~n", [R]) end,
    io:format("~w~n", [try spawn_opt(fun() -> ok end, [{max_heap_size, -1}]) catch C:E -> {C, E} end]).

outcome(Opts) ->
    Self = self(),
    {P, M} = spawn_opt(fun() -> L = build(200000, []), Self ! {done, length(L)} end, [monitor | Opts]),
    receive {'DOWN', M, _, P, R} -> {R, receive {done, N} -> N after 0 -> none end} end.

build(0, L) -> L;
build(N, L) -> build(N - 1, [{N, N} | L]).
