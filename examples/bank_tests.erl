%% Tests of bank.erl: each has a file of its own.
-module(bank_tests).
-include_lib("eunit/include/eunit.hrl").

file() ->
    Number = integer_to_list(erlang:unique_integer([positive])),
    filename:join("/tmp", "bank_tests_" ++ os:getpid() ++ "_" ++ Number ++ ".store").

with_bank(Test) ->
    File = file(),
    {ok, Bank} = bank:open(File),
    try Test(Bank, File)
    after
        catch bank:close(Bank),
        [file:delete(File ++ Ending) || Ending <- ["", "-wal", "-shm"]]
    end.

money_moves_test() ->
    with_bank(fun(Bank, _) ->
        ok = bank:deposit(Bank, ada, 100),
        ok = bank:transfer(Bank, ada, joe, 30),
        ok = bank:withdraw(Bank, joe, 5),
        ?assertEqual([{ada, 70}, {joe, 25}], bank:accounts(Bank)),
        ?assertEqual([{deposit, ada, 100}, {transfer, ada, joe, 30}, {withdraw, joe, 5}],
                     bank:journal(Bank))
    end).

nobody_gets_what_is_not_there_test() ->
    with_bank(fun(Bank, _) ->
        ok = bank:deposit(Bank, ada, 10),
        ?assertEqual({error, {not_enough, ada}}, bank:transfer(Bank, ada, joe, 11)),
        ?assertEqual({error, {not_enough, eve}}, bank:withdraw(Bank, eve, 1)),
        ?assertEqual([{ada, 10}], bank:accounts(Bank)),
        ?assertEqual(1, length(bank:journal(Bank)))
    end).

it_is_there_the_next_day_test() ->
    with_bank(fun(Bank, File) ->
        ok = bank:deposit(Bank, ada, 10),
        ok = bank:close(Bank),
        {ok, Again} = bank:open(File),
        ?assertEqual(10, bank:balance(Again, ada)),
        bank:close(Again)
    end).

%% A hundred times the disk is waited for: with a slow one that takes longer than tests may by default.
many_at_once_lose_nothing_test_() -> {timeout, 60, fun many_at_once_lose_nothing/0}.
many_at_once_lose_nothing() ->
    with_bank(fun(Bank, _) ->
        Names = [a, b, c, d],
        [ok = bank:deposit(Bank, Name, 100) || Name <- Names],
        Work = fun() ->
                       [bank:transfer(Bank, lists:nth(rand:uniform(4), Names),
                                      lists:nth(rand:uniform(4), Names), rand:uniform(50))
                        || _ <- lists:seq(1, 25)]
               end,
        Ends = [spawn_monitor(Work) || _ <- lists:seq(1, 4)],
        [receive {'DOWN', Ref, _, _, normal} -> ok end || {_, Ref} <- Ends],
        ?assertEqual(400, bank:total(Bank))
    end).
