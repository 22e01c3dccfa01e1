%% math, rand and calendar: every function with typical, boundary and wrong arguments.
-module(sweep_numbers_diff).
-include("sweep.hrl").

samples_of(date) -> [{2024, 2, 29}, {2023, 2, 29}, {1970, 1, 1}, {0, 1, 1}, {2000, 12, 31}, {1900, 2, 28}, {9999, 12, 31}, {2024, 13, 1}, {2024, 0, 1}, {-1, 1, 1}, {2015, 12, 31}, {2016, 1, 3}, {2020, 12, 28}];
samples_of(time) -> [{0, 0, 0}, {23, 59, 59}, {12, 30, 15}, {24, 0, 0}, {0, 60, 0}, {0, 0, 60}, {-1, 0, 0}];
samples_of(datetime) -> [{{2024, 2, 29}, {23, 59, 59}}, {{1970, 1, 1}, {0, 0, 0}}, {{2000, 6, 15}, {12, 0, 1}}, {{0, 1, 1}, {0, 0, 0}}, {{2024, 13, 1}, {0, 0, 0}}, {{1969, 12, 31}, {23, 59, 59}}, {x, y}];
samples_of(year) -> [2024, 2023, 1900, 2000, 0, 1, 4, 400, 9999, -4];
samples_of(month) -> [1, 2, 3, 4, 6, 11, 12, 0, 13];
samples_of(day) -> [1, 28, 29, 30, 31, 0, 32];
samples_of(seconds) -> [0, 1, 86399, 86400, 1700000000, -1, 1 bsl 31, 62167219200, 63900000000, 253402300799, -86401];
%% Fractions of times before 1970 are wrong in OTP 25.
samples_of(naturals) -> [N || N <- samples_of(seconds), N >= 0];
samples_of(days) -> [0, 1, 365, 366, 730000, 719528, -1, 3652424];
samples_of(now) -> [{0, 0, 0}, {1700, 123456, 789}, {1, 2, 3}];
samples_of(unit) -> [second, millisecond, microsecond, nanosecond, native, x];
samples_of(rfc3339) -> ["1985-04-12T23:20:50.52Z", "1996-12-19T16:39:57-08:00", "1990-12-31T23:59:59Z", "2018-02-01T15:18:02.088Z", "1970-01-01T00:00:00Z", "1970-01-01t00:00:00z", "2000-01-01 00:00:00+05:30",
    "2018-13-01T00:00:00Z", "2018-02-30T00:00:00Z", "2018-02-01T15:18:02", "x", "", "2018-02-01T25:00:00Z", "1987-01-01T12:00:27.87+00:20", "2018-02-01T15:18:02.123456789Z", "0000-01-01T00:00:00Z"];
samples_of(rfc_options) -> [[], [{unit, millisecond}], [{unit, microsecond}], [{unit, nanosecond}], [{unit, second}], [{unit, x}], [{offset, "Z"}], [{offset, "+02:00"}, {unit, millisecond}], [{offset, -3600}], [{time_designator, $\s}, {offset, "-00:30"}], [x]];
samples_of(algorithm) -> [exsss, exro928ss, exrop, exs1024s, exsp, exs64, exsplus, exs1024, dummy, default];
samples_of(seed) -> [1, 42, 0, -1, 1 bsl 64, {1, 2, 3}, {123456, -7, 1 bsl 40}, {0, 0, 0}, [1], [1, 2], [17, 18], []];
samples_of(range) -> [1, 2, 6, 10, 255, 1 bsl 20, (1 bsl 58) - 1, 1 bsl 58, (1 bsl 58) + 1, 1 bsl 64, 1 bsl 100, 3 bsl 70];
samples_of(states) -> [rand:seed_s(A, S) || A <- samples_of(algorithm), S <- [1, {1, 2, 3}]].

run() ->
    sweep(math, [{F, [number], 40} || F <- [acos, acosh, asin, asinh, atan, atanh, ceil, cos, cosh, erf, erfc, exp, floor, log, log10, log2, sin, sinh, sqrt, tan, tanh]]
        ++ [{F, [int], 40} || F <- [ceil, floor, sqrt, exp, log, log2, sin]] ++ [{F, [number, number], 60} || F <- [atan2, fmod, pow]] ++ [{pi, []}]),
    sweep(calendar, [
        {date_to_gregorian_days, [date]}, {date_to_gregorian_days, [year, month, day], 80}, {datetime_to_gregorian_seconds, [datetime]}, {day_of_the_week, [date]},
        {day_of_the_week, [year, month, day], 80}, {gregorian_days_to_date, [days]}, {gregorian_seconds_to_datetime, [seconds]}, {is_leap_year, [year]}, {iso_week_number, [date]},
        {last_day_of_the_month, [year, month], 60}, {local_time_to_universal_time_dst, [datetime]}, {local_time_to_universal_time, [datetime]}, {now_to_datetime, [now]},
        {now_to_local_time, [now]}, {now_to_universal_time, [now]}, {rfc3339_to_system_time, [rfc3339], 40}, {rfc3339_to_system_time, [rfc3339, rfc_options], 200}, {seconds_to_daystime, [seconds]},
        {seconds_to_time, [seconds]}, {system_time_to_local_time, [seconds, unit]}, {system_time_to_rfc3339, [seconds]}, {system_time_to_rfc3339, [{fixed, naturals}, rfc_options], 150},
        {system_time_to_universal_time, [seconds, unit], 60}, {time_difference, [datetime, datetime]}, {time_to_seconds, [time]}, {universal_time_to_local_time, [datetime]},
        {valid_date, [date]}, {valid_date, [year, month, day], 80}]),
    sweep(rand, [
        {seed_s, [algorithm, seed], 130}, {uniform_s, [states], 30}, {uniform_s, [range, states], 200}, {uniform_real_s, [states], 30}, {normal_s, [states], 30},
        {normal_s, [{fixed, number}, number, states], 60}, {bytes_s, [count, states], 60}, {jump, [states], 40}, {export_seed_s, [states]}, {exro928_seed, [seed]}, {mwc59_seed, [{one, [1, 0, 1 bsl 40]}]},
        {mwc59, [{one, [1, 12345678, 1 bsl 57]}]}, {mwc59_value, [{one, [1, 12345678, 1 bsl 57]}]}, {mwc59_value32, [{one, [1, 12345678, 1 bsl 57]}]}, {mwc59_float, [{one, [1, 12345678, 1 bsl 57]}]},
        {splitmix64_next, [{one, [0, 1, 1 bsl 63]}]}, {exsp_next, [{one, [[1 | 2], [12345 | 67890]]}]}, {exsp_jump, [{one, [[1 | 2], [12345 | 67890]]}]}]),
    sequences().

%% Long sequences, of which a sum is shown.
sequences() ->
    [value({sequence, A, S, F}, fun() -> sequence(A, S, F, 2000) end)
     || A <- samples_of(algorithm), S <- [1, {3, 1, 4}, -77], F <- [uniform, small, large, real, normal, bytes, jump]].

sequence(A, S, F, N) -> {Sum, _} = lists:foldl(fun(_, {Sum, State}) -> draw(F, Sum, State) end, {0, rand:seed_s(A, S)}, lists:seq(1, case F of jump -> 3; _ -> N end)), Sum.

draw(uniform, Sum, S0) -> {X, S} = rand:uniform_s(S0), {erlang:phash2({Sum, X}), S};
draw(small, Sum, S0) -> {X, S} = rand:uniform_s(1000, S0), {erlang:phash2({Sum, X}), S};
draw(large, Sum, S0) -> {X, S} = rand:uniform_s(1 bsl 90 + 7, S0), {erlang:phash2({Sum, X}), S};
draw(real, Sum, S0) -> {X, S} = rand:uniform_real_s(S0), {erlang:phash2({Sum, X}), S};
draw(normal, Sum, S0) -> {X, S} = rand:normal_s(S0), {erlang:phash2({Sum, X}), S};
draw(bytes, Sum, S0) -> {X, S} = rand:bytes_s(19, S0), {erlang:phash2({Sum, X}), S};
draw(jump, Sum, S0) ->
    try rand:jump(S0) of
        S1 -> {X, S} = rand:uniform_s(1 bsl 32, S1), {erlang:phash2({Sum, X}), S}
    catch error:not_implemented -> {none, S0}
    end.
