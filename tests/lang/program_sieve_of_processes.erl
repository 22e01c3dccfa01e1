%% A whole program: each prime is a process that filters the numbers passing through.
-module(program_sieve_of_processes).
-export([main/0]).

main() ->
    Self = self(),
    First = spawn(fun() -> filter_start(Self, 0) end),
    [First ! {number, N} || N <- lists:seq(2, 400)],
    First ! done,
    Primes = collect(),
    io:format("~w~n~w~n", [length(Primes), Primes]).

%% Before: how many filters there are before this one.
filter_start(Boss, Before) ->
    receive
        {number, P} -> Boss ! {prime, P}, filter(P, none, Boss, Before + 1)
    end.

filter(P, Next, Boss, Count) ->
    receive
        {number, N} when N rem P =:= 0 -> filter(P, Next, Boss, Count);
        {number, N} when Next =:= none ->
            Q = spawn(fun() -> filter_start(Boss, Count) end),
            Q ! {number, N},
            filter(P, Q, Boss, Count);
        {number, _} = M -> Next ! M, filter(P, Next, Boss, Count);
        done when Next =:= none -> Boss ! {finished, Count};
        done -> Next ! done
    end.

%% The order between messages of several processes is not given.
collect() ->
    receive {finished, Count} -> lists:sort([receive {prime, P} -> P end || _ <- lists:seq(1, Count)]) end.
