%% Smallest, largest and unusual floats through arithmetic, terms and binaries.
-module(float_extremes_survive).
-export([main/0]).

main() ->
    Fs = [5.0e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1.0e-200, 1.0e200, 4.9406564584124654e-324, -5.0e-324, 1.0e-320],
    [io:format("~w ~w ~w~n", [F, <<F/float>>, F * 2.0 / 2.0 =:= F orelse overflow]) || F <- Fs, F < 1.0e300],
    [begin <<G/float>> = <<F/float>>, true = G =:= F, {ok, F} = roundtrip(F) end || F <- Fs],
    io:format("~w~n", [[5.0e-324 / id(2), 1.0e-200 * id(1.0e-200), 1.7976931348623157e308 - id(1.0e292)]]),
    io:format("~w~n", [lists:sort(Fs)]),
    io:format("~w~n", [[F || F <- Fs, is_float(F), F > 0, trunc(F) =:= 0]]),
    io:format("~w~n", [length(integer_to_list(trunc(id(1.7976931348623157e308))))]),
    io:format("~w~n", [float(trunc(id(1.0e200))) =:= 1.0e200]).

roundtrip(F) ->
    Self = self(),
    spawn(fun() -> Self ! {f, F} end),
    receive {f, G} -> {ok, G} end.

id(X) -> X.
