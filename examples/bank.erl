%% A bank on `store`: accounts that survive kill -9.
%%
%% Moving money is two writes, and no moment may show only one of them: not to others, not after a crash,
%% not after the power failed. That is what a transaction is for. In a transaction one reads, decides and
%% writes as if alone; at the end all of it is there, or, after store:abort/1 or an exception, nothing.
%%
%% Keys lie in order: so the accounts of {account, _} are a range of the table, and so is the journal, whose
%% keys are numbers that grow.
%%
%%     muster run examples/bank.erl [FILE]       run it again with the same FILE: the money is still there
%%     muster test examples/bank_tests.erl
-module(bank).
-export([main/1, open/1, close/1, deposit/3, withdraw/3, transfer/4, balance/2, accounts/1, journal/1,
         total/1]).

main(Args) ->
    File = case Args of
               [Name | _] -> Name;
               [] -> filename:join("/tmp", "bank-" ++ os:getpid() ++ ".store")
           end,
    {ok, Bank} = open(File),
    ok = deposit(Bank, ada, 100),
    ok = deposit(Bank, joe, 10),
    ok = transfer(Bank, ada, joe, 30),
    io:format("ada pays joe 1000: ~p~n", [transfer(Bank, ada, joe, 1000)]),
    io:format("accounts: ~p~ntotal: ~p~n", [accounts(Bank), total(Bank)]),
    io:format("entries in the journal: ~p~n", [length(journal(Bank))]),
    close(Bank),
    [file:delete(File ++ Ending) || Args =:= [], Ending <- ["", "-wal", "-shm"]],
    ok.

open(File) -> store:open(File).
close(Bank) -> store:close(Bank).

deposit(Bank, Name, Amount) when is_integer(Amount), Amount > 0 ->
    change(Bank, {deposit, Name, Amount}, fun() -> add(Bank, Name, Amount) end).

withdraw(Bank, Name, Amount) when is_integer(Amount), Amount > 0 ->
    change(Bank, {withdraw, Name, Amount}, fun() -> add(Bank, Name, -Amount) end).

transfer(Bank, From, To, Amount) when is_integer(Amount), Amount > 0 ->
    change(Bank, {transfer, From, To, Amount}, fun() ->
                                                       add(Bank, To, Amount),
                                                       add(Bank, From, -Amount)
                                               end).

balance(Bank, Name) -> store:get(Bank, {account, Name}, 0).

%% Atoms come after numbers and before lists: all {account, Atom} lie between these two.
accounts(Bank) ->
    [{Name, Amount} || {{account, Name}, Amount} <- store:range(Bank, {account, 0}, {account, []})].

journal(Bank) -> [What || {{journal, _}, What} <- store:range(Bank, {journal, 0}, {journal, a})].

total(Bank) -> lists:sum([Amount || {_, Amount} <- accounts(Bank)]).

%% ok, or {error, Reason}: then nothing was changed.
change(Bank, What, Fun) ->
    Result = store:transaction(Bank, fun() ->
                                             Fun(),
                                             N = store:get(Bank, entries, 0) + 1,
                                             store:put(Bank, entries, N),
                                             store:put(Bank, {journal, N}, What)
                                     end),
    case Result of
        {ok, ok} -> ok;
        {aborted, Reason} -> {error, Reason}
    end.

add(Bank, Name, Amount) ->
    case balance(Bank, Name) + Amount of
        Negative when Negative < 0 -> store:abort({not_enough, Name});
        New -> store:put(Bank, {account, Name}, New)
    end.
