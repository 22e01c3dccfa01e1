%% Primes below N by filtering lists, and below 4 N by trial division: rem, and many short loops.
-module(sieve).
-export([run/1, default/0]).

default() -> 600000.

run(N) ->
    Primes = sieve(lists:seq(2, N), N),
    {length(Primes), lists:last(Primes), trial(N * 4)}.

sieve([P | Rest], N) when P * P =< N -> [P | sieve([X || X <- Rest, X rem P =/= 0], N)];
sieve(Primes, _) -> Primes.

trial(N) -> count(3, N, 1).

count(I, N, Count) when I > N -> Count;
count(I, N, Count) ->
    case prime(I, 3) of
        true -> count(I + 2, N, Count + 1);
        false -> count(I + 2, N, Count)
    end.

prime(I, D) when D * D > I -> true;
prime(I, D) when I rem D =:= 0 -> false;
prime(I, D) -> prime(I, D + 2).
