%% Every kind of term through the external format and back.
-module(term_to_binary_round_trips).
-export([main/0]).

main() ->
    Terms = [0, 1, 255, 256, -1, 1 bsl 31, (1 bsl 31) - 1, -(1 bsl 31), 1 bsl 60, 1 bsl 64, -(1 bsl 500), 1 bsl 2100, 0.5, -1.5e300, a, 'hello world', list_to_atom(lists:duplicate(255, $x)), [], "string",
             lists:duplicate(70000, 1), [a | b], [1, 300, a], {}, {a, {b}}, erlang:make_tuple(300, z), #{}, #{a => 1, 2 => "b"}, maps:from_list([{I, I} || I <- lists:seq(1, 200)]),
             <<>>, <<"bin">>, <<5:3>>, <<1, 2, 7:7>>, fun lists:map/2, [[[[]]]], {'atom \x{3b1}'}, self(), make_ref()],
    Bad = [T || T <- Terms, binary_to_term(term_to_binary(T)) =/= T],
    io:format("~w terms, different: ~w~n", [length(Terms), Bad]),
    Bad2 = [T || T <- Terms, binary_to_term(term_to_binary(T, [compressed])) =/= T],
    io:format("~w~n", [Bad2]),
    [io:format("~w ~w~n", [T, term_to_binary(T)]) || T <- [1, 256, -1, 1.5, [], "ab", [2.0], {3, 4}, #{5 => 6}, <<"b">>, <<1:1>>, 1 bsl 70, -(1 bsl 33)]],
    io:format("~w~n", [binary_to_term(<<131, 97, 5, "trailing">>, [used])]),
    F = fun(X) -> X + 1 end,
    G = binary_to_term(term_to_binary(F)),
    io:format("~w~n", [G(1)]),
    io:format("~w~n", [[try binary_to_term(B) catch C:E -> {C, E} end || B <- [<<>>, <<131>>, <<130, 97, 1>>, <<131, 97>>, <<131, 104, 5, 97, 1>>, <<131, 255>>, <<131, 109, 255, 255, 255, 255>>, <<131, 108, 0, 0, 0, 9>>]]]),
    io:format("~w~n", [try binary_to_term(<<131, 119, 30, "atom_that_never_was_seen_12345">>, [safe]) catch C2:E2 -> {C2, E2} end]),
    io:format("~w~n", [erlang:external_size(a) > 0]).
