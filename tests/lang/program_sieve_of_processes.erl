%% A whole program: each prime is a process that filters the numbers passing through.
-module(program_sieve_of_processes).
-export([main/0]).

main() ->
    Self = self(),
    First = spawn(fun() -> filter_start(Self) end),
    [First ! {number, N} || N <- lists:seq(2, 400)],
    First ! done,
    Primes = collect([]),
    io:format("~w~n~w~n", [length(Primes), Primes]).

filter_start(Boss) ->
    receive
        {number, P} -> Boss ! {prime, P}, filter(P, none, Boss);
        done -> Boss ! finished
    end.

filter(P, Next, Boss) ->
    receive
        {number, N} when N rem P =:= 0 -> filter(P, Next, Boss);
        {number, N} when Next =:= none ->
            Q = spawn(fun() -> filter_start(Boss) end),
            Q ! {number, N},
            filter(P, Q, Boss);
        {number, _} = M -> Next ! M, filter(P, Next, Boss);
        done when Next =:= none -> Boss ! finished;
        done -> Next ! done
    end.

collect(Ps) -> receive {prime, P} -> collect([P | Ps]); finished -> lists:sort(rest(Ps)) end.

rest(Ps) -> receive {prime, P} -> rest([P | Ps]) after 50 -> Ps end.
