%% A heap's limit is none or at least the size that it never falls below.
-module(limits_of_heaps_below_their_least_size).
-export([main/1]).

main(_) ->
    {min_heap_size, Least} = process_info(self(), min_heap_size),
    [io:format("~p~n", [outcome(fun() -> process_flag(max_heap_size, Limit(Least - 1)), too_small end)]) || Limit <- limits()],
    [io:format("~p~n", [outcome(fun() -> spawn_opt(fun() -> ok end, [{max_heap_size, Limit(1)}]), too_small end)]) || Limit <- limits()],
    [io:format("~p~n", [outcome(fun() -> spawn_opt(fun() -> ok end, [{min_heap_size, 100000}, {max_heap_size, Limit(5000)}]), too_small end)])
     || Limit <- limits()],
    {_, Fine} = spawn_opt(fun() -> exit(process_flag(max_heap_size, 0)) end, [monitor, {max_heap_size, 0}]),
    receive {'DOWN', Fine, _, _, #{size := Size}} -> io:format("~p~n", [Size]) end,
    {_, Large} = spawn_opt(fun() -> exit(process_flag(max_heap_size, #{size => 200000})) end, [monitor, {max_heap_size, 100000}]),
    receive {'DOWN', Large, _, _, #{size := Given}} -> io:format("~p~n", [Given]) end.

limits() -> [fun(Size) -> Size end, fun(Size) -> #{size => Size} end, fun(Size) -> #{size => Size, kill => false} end].

outcome(F) -> try F() catch error:Reason -> Reason end.
