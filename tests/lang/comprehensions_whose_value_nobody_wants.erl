%% Comprehensions as statements, in branches whose value nobody wants, in `after`: their elements are evaluated in
%% order, filters and errors are what they are elsewhere, and no stack grows.
-module(comprehensions_whose_value_nobody_wants).
-export([main/0]).

main() ->
    [say(X) || X <- [1, 2, 3]],
    _ = [say({X, Y}) || X <- [1, 2], X > 0, Y <- [a, b, X], Y =/= b],
    [[say({nested, X, Y}) || Y <- lists:seq(1, X)] || X <- [1, 2, 3]],
    case 1 of
        1 -> [say(in_case) || _ <- [x]];
        _ -> [say(no) || _ <- [x]]
    end,
    if true -> begin say(before), [say({in_if, X}) || <<X>> <= <<1, 2>>] end end,
    try [say(in_try) || _ <- [x]] catch _:_ -> [say(no) || _ <- [x]] after [say(in_after) || _ <- [x]] end,
    try [say(of_try) || _ <- [x]] of Value -> [say({of_value, Value}) || _ <- [x]] catch _:_ -> no end,
    self() ! go,
    receive go -> [say(in_receive) || _ <- [x]] after 0 -> [say(no) || _ <- [x]] end,
    receive go -> [say(no) || _ <- [x]] after 0 -> [say(in_timeout) || _ <- [x]] end,
    [begin W = X, say({bound, W}) end || X <- [1], Z <- [2], Z > X],
    Last = [say(X) || X <- [last]],
    say(Last),
    [{K, V} = say({K, V}) || {K, V} <- [{a, 1}, other, {b, 2}]],
    say(try bad_generator() catch C_generator:R_generator -> {C_generator, R_generator} end),
    say(try bad_filter() catch C_filter:R_filter -> {C_filter, R_filter} end),
    say(try bad_element() catch C_element:R_element -> {C_element, R_element} end),
    say(catch ([say(in_catch) || _ <- [x]])),
    [case X of 1 -> [say(one) || _ <- [x]]; _ -> [say({many, Y}) || Y <- [X, X]] end || X <- [1, 2]],
    [say(maybe_value) || X <- [1, 2], begin [say({filter, X}) || _ <- [x]], X > 1 end],
    long(),
    F = fun() -> [say(in_fun) || _ <- [x]] end,
    say(F()).

bad_generator() -> [say(X) || X <- [1 | tail]], ok.
bad_filter() -> [say(X) || X <- [1, 2], id(X)], ok.
bad_element() -> [element(X, {1}) || X <- [1, 2]], ok.

id(X) -> X.

%% A stack of this depth would be seen.
long() ->
    {_, Before} = process_info(self(), stack_size),
    put(most, 0),
    [begin
         {_, Now} = process_info(self(), stack_size),
         put(most, max(get(most), Now))
     end || _ <- lists:seq(1, 1000)],
    say(get(most) - Before < 100).

say(X) ->
    io:format("~p~n", [X]),
    X.
