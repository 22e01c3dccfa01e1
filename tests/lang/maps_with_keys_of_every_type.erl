%% Numbers, atoms, lists, tuples, maps, binaries, pids, references and funs as keys.
-module(maps_with_keys_of_every_type).
-export([main/0]).

main() ->
    Pid = self(), Ref = make_ref(), Fun = fun lists:map/2,
    Keys = [1, 1.0, 2, -1, 1 bsl 70, -(1 bsl 70), 0.5, a, 'A', "a", [], [a | b], {}, {1}, {1.0}, #{}, #{1 => 2}, <<>>, <<"a">>, <<1:1>>, Pid, Ref, Fun, [1], [1.0], true],
    M = maps:from_list(lists:zip(Keys, lists:seq(1, length(Keys)))),
    io:format("~w~n", [map_size(M) =:= length(Keys)]),
    io:format("~w~n", [[maps:get(K, M) || K <- Keys] =:= lists:seq(1, length(Keys))]),
    Big = maps:merge(M, maps:from_list([{{pad, I}, I} || I <- lists:seq(1, 100)])),
    io:format("~w~n", [[maps:get(K, Big) || K <- Keys] =:= lists:seq(1, length(Keys))]),
    io:format("~w~n", [[is_map_key(K, Big) || K <- [2.0, "b", {2}, #{1 => 2.0}, <<0:1>>, (1 bsl 70) + 1, {pad, 1.0}]]]),
    Less = lists:foldl(fun maps:remove/2, Big, Keys),
    io:format("~w~n", [map_size(Less)]),
    Nan = Big#{[1] := updated, #{} := {new}},
    io:format("~w ~w ~w~n", [maps:get([1], Nan), maps:get(#{}, Nan), maps:get([1.0], Nan) =:= maps:get([1.0], M)]).
