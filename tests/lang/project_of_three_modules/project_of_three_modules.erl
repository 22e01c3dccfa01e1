%% Calls between modules, remote funs, and a record shared by a header.
-module(project_of_three_modules).
-export([main/0]).

-include("account.hrl").

main() ->
    B0 = bank:new(),
    B1 = bank:deposit(alice, 100, B0),
    B2 = bank:deposit(bob, 50, B1),
    {ok, B3} = bank:transfer(alice, bob, 30, B2),
    io:format("~w~n", [bank:transfer(alice, nobody, 30, B3)]),
    io:format("~w~n", [bank:transfer(alice, bob, 1000, B3)]),
    io:format("~w~n", [lists:sort(bank:balances(B3))]),
    F = fun audit:total/1,
    io:format("~w~n", [F(B3)]),
    M = audit,
    io:format("~w~n", [M:largest(B3)]),
    io:format("~w~n", [(hd(M:largest(B3)))#account.owner]),
    io:format("~w~n", [try audit:fail(1) catch error:R:St -> [{Mod, Fn} || {Mod, Fn, _, _} <- lists:sublist(St, 1)] ++ [R] end]).
