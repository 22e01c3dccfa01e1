%% Functions that ask for one kind after the other, and arithmetic, thousands of times: local pids
%% and ports are none of the kinds asked for.
-module(guards_tell_every_kind_apart_when_hot).
-export([main/0]).

main() ->
    Terms = terms(),
    First = [answers(T) || T <- Terms],
    io:format("~w~n", [First]),
    [First = [answers(T) || T <- Terms] || _ <- lists:seq(1, 3000)],
    io:format("the same 3000 times~n").

terms() ->
    [a, 1, 1 bsl 70, 1.5, 1.0e300, [], [x], {x}, #{}, #{x => y}, <<1>>, <<1:3>>, fun main/0,
     fun() -> x end, self(), hd(erlang:ports() ++ [self()]), make_ref()].

answers(T) -> {tuple_last(T), map_last(T), fun_last(T), bits_last(T), arity(T), sum(T), call(T)}.

tuple_last(T) when is_atom(T) -> atom;
tuple_last(T) when is_integer(T) -> integer;
tuple_last(T) when is_float(T) -> float;
tuple_last([]) -> nil;
tuple_last(T) when is_bitstring(T) -> bits;
tuple_last([_ | _]) -> cons;
tuple_last(T) when is_tuple(T) -> tuple;
tuple_last(T) when is_map(T) -> map;
tuple_last(T) when is_function(T) -> function;
tuple_last(_) -> other.

map_last(T) when is_atom(T); is_list(T); is_number(T); is_binary(T) -> simple;
map_last(T) when is_map(T) -> map;
map_last({_}) -> tuple;
map_last(_) -> other.

fun_last(T) when is_atom(T); is_list(T); is_number(T); is_bitstring(T); is_map(T) -> simple;
fun_last(T) when is_function(T, 0) -> function;
fun_last(_) -> other.

bits_last(T) when is_atom(T); is_list(T); is_number(T); is_map(T); is_tuple(T) -> simple;
bits_last(<<N, _/bits>>) -> N;
bits_last(T) when is_bitstring(T) -> bits;
bits_last(_) -> other.

arity(T) when is_atom(T); is_list(T); is_integer(T) -> simple;
arity({_, _}) -> two;
arity({_}) -> one;
arity(_) -> other.

sum(T) when is_atom(T); is_list(T); is_integer(T); is_map(T) -> simple;
sum(T) -> try T + 1.0 + T catch error:badarith -> badarith end.

call(T) when is_atom(T); is_list(T); is_number(T); is_function(T) -> simple;
call(T) -> try T() catch error:{badfun, T} -> badfun end.
