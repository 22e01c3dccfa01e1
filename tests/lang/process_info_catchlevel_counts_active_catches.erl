%% process_info(Pid, catchlevel): how many catches and tries the process is inside of.
-module(process_info_catchlevel_counts_active_catches).
-export([main/0]).

main() ->
    Base = level(),
    io:format("~p~n", [level() - Base]),
    io:format("~p~n", [(catch level()) - Base]),
    io:format("~p~n", [(catch id(catch id(level()))) - Base]),
    io:format("~p~n", [try id(level()) of L -> L - Base catch _:_ -> failed end]),
    io:format("~p~n", [try id(fail()) catch _:_ -> level() - Base end]),
    io:format("~p~n", [deep(10) - Base]).

deep(0) -> level();
deep(N) -> id(catch deep(N - 1)).

level() -> {catchlevel, N} = process_info(self(), catchlevel), N.
fail() -> error(x).
id(X) -> X.
