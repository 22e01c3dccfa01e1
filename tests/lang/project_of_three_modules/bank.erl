-module(bank).
-export([new/0, deposit/3, transfer/4, balances/1, accounts/1]).
-include("account.hrl").

new() -> #{}.

deposit(Who, Amount, Bank) ->
    Account = maps:get(Who, Bank, #account{owner = Who}),
    Bank#{Who => Account#account{balance = Account#account.balance + Amount}}.

transfer(From, To, Amount, Bank) ->
    case Bank of
        #{From := #account{balance = Has}, To := _} when Has >= Amount ->
            {ok, deposit(To, Amount, deposit(From, -Amount, Bank))};
        #{From := _, To := _} -> {error, insufficient};
        _ -> {error, no_account}
    end.

balances(Bank) -> [{Who, A#account.balance} || {Who, A} <- maps:to_list(Bank)].

accounts(Bank) -> maps:values(Bank).
