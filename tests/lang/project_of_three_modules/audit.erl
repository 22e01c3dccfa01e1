-module(audit).
-export([total/1, largest/1, fail/1]).
-include("account.hrl").
-import(bank, [accounts/1]).
-import(lists, [sum/1, foldl/3]).

total(Bank) -> sum([A#account.balance || A <- accounts(Bank)]).

largest(Bank) ->
    Max = foldl(fun(#account{balance = B}, M) -> max(B, M) end, 0, accounts(Bank)),
    [A || A = #account{balance = B} <- accounts(Bank), B =:= Max].

fail(X) -> {badly, X} = element(1, {X}), ok.
