%% fun f/1, fun m:f/1 with variables, apply in all forms, fun comparison.
-module(funs_local_and_external).
-export([main/0]).

-export([double/1, apply_me/2]).

main() ->
    F = fun double/1,
    G = fun ?MODULE:double/1,
    M = lists, N = reverse, A = 1,
    H = fun M:N/A,
    io:format("~w ~w ~w~n", [F(2), G(3), H([1, 2, 3])]),
    io:format("~w~n", [lists:map(F, [1, 2, 3])]),
    io:format("~w~n", [lists:map(fun erlang:abs/1, [-1, 2, -3])]),
    io:format("~w ~w ~w~n", [apply(F, [4]), apply(lists, sum, [[1, 2]]), apply(G, [5])]),
    io:format("~w ~w~n", [M:N("abc"), ?MODULE:apply_me(fun double/1, 8)]),
    Mod = ?MODULE, Fun = double,
    io:format("~w ~w ~w~n", [Mod:Fun(9), Mod:double(10), ?MODULE:Fun(11)]),
    io:format("~w ~w~n", [G =:= fun ?MODULE:double/1, fun lists:map/2 =:= fun lists:map/2]),
    io:format("~w ~w ~w~n", [is_function(F, 1), is_function(F, 2), is_function(H)]),
    io:format("~p~n", [fun lists:map/2]),
    io:format("~w~n", [[erlang:fun_info(H, I) || I <- [module, name, arity, type, env]]]),
    io:format("~w~n", [[erlang:fun_info(F, I) || I <- [module, arity, type]]]).

double(X) -> X * 2.

apply_me(F, X) -> F(X).
