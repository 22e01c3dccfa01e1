%% Which variables sizes in heads see, operators called by name in guards, filters that only look
%% like guards.
-module(guard_and_size_scopes).
-export([main/0]).
-compile({no_auto_import, [byte_size/1, is_reference/1]}).
-import(erlang, [byte_size/1]).
-record(bird, {a = a, b = id(42)}).

main() ->
    io:format("~p~n", [[X || X <- [1, {bird, a, 42}], #bird{a = a} == X]]),
    io:format("~p~n", [[E || E <- [1, 2, 3, 4, 6], is_reference(E)]]),
    F = fun(X) when byte_size(X) =:= 4 -> four; (X) -> byte_size(X) end,
    io:format("~p ~p~n", [F(<<"abcd">>), F(<<"ab">>)]),
    io:format("~p~n", [[named(X) || X <- [true, false, 0]]]),
    L = 8,
    Heads = [fun(<<L:L, B:L>>) -> B end,
             fun(A) -> (fun([<<L:L, B:L>>]) -> B end)([A]) end,
             fun(A) -> (fun([<<L:L, B:L>>, <<L:L, B:L>>]) -> B end)([A, A]) end,
             fun(A) ->
                     <<Size:L, _/bits>> = A,
                     Inner = fun([L], {#{one := <<L:L, B:L>>, two := <<L:L, B:L>>}, L}) -> B end,
                     Inner([Size], {#{one => A, two => A}, Size})
             end],
    io:format("~p~n", [[Head(<<16:8, 7:16>>) || Head <- Heads]]).

named(X) when erlang:'not'(erlang:'and'(bar, X)) -> no;
named(X) when erlang:'not'(erlang:'and'(false, X)), erlang:'=:='(X, true) -> yes;
named(X) when erlang:'+'(X, 1) == 1; erlang:'xor'(X, true) -> maybe_so.

is_reference(N) -> N rem 3 =:= 0.

id(X) -> X.
