%% All parts of try, and what each combination returns.
-module(try_of_catch_after).
-export([main/0]).

main() ->
    [io:format("~w -> ~w~n", [X, t(X)]) || X <- [ok, one, throw, error, exit, badmatch, no_clause]],
    io:format("~w~n", [try 1 after io:format("after ") end]),
    io:format("~w~n", [try (try throw(inner) after io:format("after inner ") end) catch inner -> caught end]),
    io:format("~w~n", [try throw(a) catch throw:a when true -> guarded end]),
    io:format("~w~n", [try throw({v, 5}) catch {v, N} when N > 10 -> big; {v, N} -> N end]),
    io:format("~w~n", [try try throw(x) catch error:_ -> wrong end catch throw:x -> passed_through end]),
    io:format("~w~n", [try error(e) catch _:_ -> any end]),
    io:format("~w~n", [try id(3) of N1 when N1 > 5 -> big; 3 -> three catch _ -> never end]).

t(X) ->
    try act(X) of
        ok -> fine;
        Other when Other =:= one -> {of_branch, Other}
    catch
        throw:T -> {thrown, T};
        error:E -> {errored, E};
        exit:E -> {exited, E}
    after
        io:format("[after ~w] ", [X])
    end
    .

act(ok) -> ok;
act(one) -> one;
act(throw) -> throw(t);
act(error) -> error(e);
act(exit) -> exit(x);
act(badmatch) -> {a, _} = id({b, c});
act(no_clause) -> try id(z) of y -> y catch throw:_ -> no end.

id(X) -> X.
