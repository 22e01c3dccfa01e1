%% A whole program: accounts are processes; transfers in two phases; the total never changes.
-module(program_bank_with_transactions).
-export([main/0]).

main() ->
    Accounts = [spawn(fun() -> account(1000) end) || _ <- lists:seq(1, 10)],
    Self = self(),
    Tellers = [spawn(fun() -> teller(T * 7919, 200, Accounts), Self ! {done, T} end) || T <- lists:seq(1, 8)],
    [receive {done, T} -> ok end || T <- lists:seq(1, length(Tellers))],
    Balances = [ask(A, balance) || A <- Accounts],
    io:format("~w ~w~n", [lists:sum(Balances), lists:all(fun(B) -> B >= 0 end, Balances)]).

teller(_, 0, _) -> ok;
teller(Seed, N, As) ->
    S2 = (Seed * 48271) rem 2147483647, S3 = (S2 * 48271) rem 2147483647,
    From = lists:nth(S2 rem 10 + 1, As), To = lists:nth(S3 rem 10 + 1, As), Amount = S3 rem 300,
    case From =/= To andalso ask(From, {withdraw, Amount}) of
        ok -> ok = ask(To, {deposit, Amount});
        {error, insufficient} -> skip;
        false -> same
    end,
    teller(S3, N - 1, As).

ask(Pid, What) -> Ref = make_ref(), Pid ! {self(), Ref, What}, receive {Ref, R} -> R end.

account(Balance) ->
    receive
        {From, Ref, balance} -> From ! {Ref, Balance}, account(Balance);
        {From, Ref, {deposit, N}} -> From ! {Ref, ok}, account(Balance + N);
        {From, Ref, {withdraw, N}} when N =< Balance -> From ! {Ref, ok}, account(Balance - N);
        {From, Ref, {withdraw, _}} -> From ! {Ref, {error, insufficient}}, account(Balance)
    end.
