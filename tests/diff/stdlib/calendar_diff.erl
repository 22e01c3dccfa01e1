%% calendar against OTP's; local time is left out but where the zone cannot matter.
-module(calendar_diff).
-include("diff.hrl").

run() ->
    Dates = [{0, 1, 1}, {1970, 1, 1}, {2000, 2, 29}, {1900, 2, 29}, {1999, 12, 31}, {2024, 2, 29}, {2023, 13, 1}, {2023, 0, 1}, {2023, 4, 31}, {-1, 1, 1}, {a, 1, 1}, {9999, 12, 31}, x],
    [call(calendar, F, [D]) || F <- [date_to_gregorian_days, day_of_the_week, iso_week_number, valid_date], D <- Dates],
    [call(calendar, gregorian_days_to_date, [N]) || N <- lists:seq(0, 1500) ++ lists:seq(146000, 146200) ++ lists:seq(738000, 739500) ++ [-1, a, 3652424]],
    [call(calendar, is_leap_year, [Y]) || Y <- [0, 4, 100, 400, 1900, 2000, 2023, -4, a]],
    [call(calendar, last_day_of_the_month, [Y, M]) || Y <- [1900, 2000, 2023, -1], M <- [0, 1, 2, 4, 12, 13, a]],
    [call(calendar, F, [S]) || F <- [seconds_to_time, seconds_to_daystime, gregorian_seconds_to_datetime], S <- [0, 1, 59, 60, 3600, 86399, 86400, -1, -86400, -86401, 63000000000, a, 1.5]],
    [call(calendar, F, [T]) || F <- [time_to_seconds], T <- [{0, 0, 0}, {23, 59, 59}, {24, 0, 0}, a, {1, 2}]],
    [call(calendar, datetime_to_gregorian_seconds, [T]) || T <- [{{1970, 1, 1}, {0, 0, 0}}, {{2024, 2, 30}, {0, 0, 0}}, a]],
    call(calendar, time_difference, [{{2020, 1, 1}, {0, 0, 0}}, {{2019, 12, 30}, {12, 0, 1}}]),
    [call(calendar, F, [{1600, 123456, 789}]) || F <- [now_to_datetime, now_to_universal_time]],
    [call(calendar, system_time_to_universal_time, [N, U]) || N <- [0, 1, -1, 1700000000123], U <- [second, millisecond, microsecond, nanosecond]],
    [call(calendar, system_time_to_rfc3339, [N, [{offset, O}, {unit, U}]])
        || N <- [0, 17000000000, 170000000000], O <- ["Z", "+02:00", "-11:30", 0, 3600], U <- [second, millisecond, microsecond, nanosecond]],
    call(calendar, system_time_to_rfc3339, [5, [{offset, "Z"}, {time_designator, $\s}]]),
    [call(calendar, system_time_to_rfc3339, [N, [{offset, O}, {unit, native}]])
     || N <- [0, 1000000000, 86400000000123], O <- [0, 120000000000, -3600000000000]],
    [call(calendar, rfc3339_to_system_time, [S, []])
     || S <- ["9999-12-31T23:59:59Z", "9999-12-31T23:59:60Z", "0000-01-01T00:00:00+23:59", "2022-06-25 11:04:00+02"]],
    [call(calendar, rfc3339_to_system_time, [S, [{unit, U}]])
        || S <- ["1970-01-01T00:00:00Z", "2018-02-01T16:17:58+01:00", "2018-02-01 15:18:02.088Z", "2018-04-23T14:56:28.163-11:30", "1985-04-12T23:20:50.52Z",
                 "2018-13-01T00:00:00Z", "x"], U <- [second, millisecond, microsecond, nanosecond]],
    times(300, fun() -> D = calendar:gregorian_days_to_date(pick(800000)), [call(calendar, F, [D]) || F <- [date_to_gregorian_days, day_of_the_week, iso_week_number]] end).
