-module(random_the_old_generator).
-export([main/0]).
-compile(nowarn_deprecated_function).
main() ->
  io:format("~w~n", [random:seed()]),
  io:format("~w~n", [[random:uniform(100) || _ <- lists:seq(1,5)]]),
  io:format("~w~n", [random:seed(1,2,3)]),
  io:format("~w~n", [[random:uniform() || _ <- lists:seq(1,3)]]),
  io:format("~w~n", [random:seed({5,6,7})]),
  io:format("~w~n", [[random:uniform(1000000) || _ <- lists:seq(1,3)]]),
  io:format("~w~n", [random:seed0()]),
  io:format("~w~n", [random:uniform_s(random:seed0())]),
  io:format("~w~n", [random:seed(0,-5,99999999)]).
