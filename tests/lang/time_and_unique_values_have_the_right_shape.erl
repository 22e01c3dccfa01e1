%% Clocks, unit conversions, unique integers and references.
-module(time_and_unique_values_have_the_right_shape).
-export([main/0]).

main() ->
    T1 = erlang:monotonic_time(), T2 = erlang:monotonic_time(),
    io:format("~w~n", [T2 >= T1]),
    io:format("~w~n", [[is_integer(erlang:monotonic_time(U)) || U <- [second, millisecond, microsecond, nanosecond, native]]]),
    S = erlang:system_time(second),
    io:format("~w~n", [S > 1500000000]),
    {Mega, Sec, Micro} = os:timestamp(),
    io:format("~w~n", [abs(Mega * 1000000 + Sec - S) < 100 andalso Micro < 1000000]),
    {M2, S2, U2} = erlang:timestamp(),
    io:format("~w~n", [is_integer(M2) and is_integer(S2) and is_integer(U2)]),
    io:format("~w~n", [[erlang:convert_time_unit(1500, millisecond, U) || U <- [second, millisecond, microsecond, nanosecond]]]),
    io:format("~w~n", [erlang:convert_time_unit(-1500, millisecond, second)]),
    Us = [erlang:unique_integer() || _ <- lists:seq(1, 1000)],
    io:format("~w~n", [length(lists:usort(Us))]),
    Ms = [erlang:unique_integer([monotonic]) || _ <- lists:seq(1, 1000)],
    io:format("~w~n", [lists:sort(Ms) =:= Ms]),
    io:format("~w~n", [lists:all(fun(U) -> U > 0 end, [erlang:unique_integer([positive]) || _ <- lists:seq(1, 100)])]),
    Rs = [make_ref() || _ <- lists:seq(1, 1000)],
    io:format("~w~n", [length(lists:usort(Rs))]),
    {D, {H, Mi, Se}} = calendar_like(erlang:localtime()),
    io:format("~w ~w~n", [tuple_size(D), {H < 24, Mi < 60, Se < 61}]),
    {{Y, _, _}, _} = erlang:universaltime(),
    io:format("~w ~w ~w~n", [Y > 2020, tuple_size(date()), tuple_size(time())]),
    {Rt, _} = statistics(runtime), {W, _} = statistics(wall_clock),
    io:format("~w ~w~n", [is_integer(Rt), W >= 0]).

calendar_like({D, T}) -> {D, T}.
