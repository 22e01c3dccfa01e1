%% Calls of funs of exported functions where they are hot: of this module, of the library, of built-ins, of
%% functions that are not there, with too many arguments, and mixed with other funs.
-module(funs_of_exported_functions_called_hot).
-export([main/0, add/2, fails/1]).

main() ->
    io:format("~p~n", [lists:foldl(fun ?MODULE:add/2, 0, lists:seq(1, 5000))]),
    io:format("~p~n", [length([Y || X <- lists:seq(1, 5000), is_integer(Y = call(fun erlang:abs/1, -X))])]),
    io:format("~p~n", [lists:sum([call(F, X) || X <- lists:seq(1, 3000), F <- [fun erlang:abs/1, fun(N) -> N + X end, fun lists:sum/1], is_integer(X) andalso F =/= fun lists:sum/1])]),
    io:format("~p~n", [lists:sort(counts([outcome(pick(X), X) || X <- lists:seq(1, 4000)]))]),
    io:format("~p~n", [queue:len(lists:foldl(fun queue:in/2, queue:new(), lists:seq(1, 3000)))]),
    io:format("~p~n", [tail(2000, fun ?MODULE:add/2, 0)]),
    io:format("~p~n", [element(1, element(2, catch call(fun ?MODULE:add/2, 1)))]).

add(X, Sum) -> X + Sum.
fails(X) -> error({fails, X rem 2}).

call(F, X) -> F(X).

tail(0, F, Sum) -> F(0, Sum);
tail(N, F, Sum) -> tail(N - 1, F, F(N, Sum)).

pick(X) ->
    case X rem 5 of
        0 -> fun erlang:abs/1;
        1 -> fun ?MODULE:fails/1;
        2 -> fun ?MODULE:nothing/1;
        3 -> fun ?MODULE:add/2;
        4 -> fun(Y) -> Y end
    end.

outcome(F, X) ->
    try call(F, X) of _ -> value
    catch error:{badarity, {G, _}} -> {badarity, G}; C:R -> {C, R}
    end.

counts(L) -> counts(L, #{}).
counts([], M) -> maps:to_list(M);
counts([X | T], M) -> counts(T, M#{X => maps:get(X, M, 0) + 1}).
