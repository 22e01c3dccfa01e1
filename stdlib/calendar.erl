%% Dates and times of the Gregorian calendar, which is taken to hold from year 0 on.
-module(calendar).

-export([date_to_gregorian_days/1, date_to_gregorian_days/3, datetime_to_gregorian_seconds/1,
         day_of_the_week/1, day_of_the_week/3, gregorian_days_to_date/1,
         gregorian_seconds_to_datetime/1, is_leap_year/1, iso_week_number/0, iso_week_number/1,
         last_day_of_the_month/2, local_time/0, local_time_to_universal_time/1,
         local_time_to_universal_time/2, local_time_to_universal_time_dst/1, now_to_datetime/1,
         now_to_local_time/1, now_to_universal_time/1, rfc3339_to_system_time/1,
         rfc3339_to_system_time/2, seconds_to_daystime/1, seconds_to_time/1,
         system_time_to_local_time/2, system_time_to_universal_time/2, system_time_to_rfc3339/1,
         system_time_to_rfc3339/2, time_difference/2, time_to_seconds/1, universal_time/0,
         universal_time_to_local_time/1, valid_date/1, valid_date/3]).

-export_type([date/0, time/0, datetime/0, datetime1970/0, year/0, month/0, day/0, hour/0, minute/0,
              second/0, daynum/0, ldom/0, yearweeknum/0, weeknum/0]).

-type year() :: non_neg_integer().
-type month() :: 1..12.
-type day() :: 1..31.
-type hour() :: 0..23.
-type minute() :: 0..59.
-type second() :: 0..59.
-type daynum() :: 1..7.
-type ldom() :: 28 | 29 | 30 | 31.
-type weeknum() :: 1..53.
-type date() :: {year(), month(), day()}.
-type time() :: {hour(), minute(), second()}.
-type datetime() :: {date(), time()}.
-type datetime1970() :: {{1970..10000, month(), day()}, time()}.
-type yearweeknum() :: {year(), weeknum()}.
-type rfc3339_string() :: string() | binary().
-type rfc3339_time_unit() :: microsecond | millisecond | nanosecond | second | native.

-define(SECONDS_PER_DAY, 86400).
-define(DAYS_FROM_0_TO_1970, 719528).
-define(SECONDS_FROM_0_TO_1970, ?DAYS_FROM_0_TO_1970 * ?SECONDS_PER_DAY).
-define(LAST_OF_9999, 253402300799).

%%% Days

%% Days from the year 0 to a date.
-spec date_to_gregorian_days(date()) -> non_neg_integer().
date_to_gregorian_days({Year, Month, Day}) -> date_to_gregorian_days(Year, Month, Day).

-spec date_to_gregorian_days(year(), month(), day()) -> non_neg_integer().
date_to_gregorian_days(Year, Month, Day) when is_integer(Day), Day > 0 ->
    Last = last_day_of_the_month(Year, Month),
    if
        Day =< Last -> days_before_year(Year) + days_before_month(Month, is_leap_year(Year)) + Day - 1
    end.

days_before_year(0) -> 0;
days_before_year(Year) ->
    Y = Year - 1,
    Year * 365 + Y div 4 - Y div 100 + Y div 400 + 1.

days_before_month(Month, Leap) when Leap, Month > 2 -> element(Month, month_starts()) + 1;
days_before_month(Month, _) -> element(Month, month_starts()).

month_starts() -> {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334}.

%% The date of so many days from the year 0.
-spec gregorian_days_to_date(non_neg_integer()) -> date().
gregorian_days_to_date(Days) when Days >= 0 ->
    %% Days since the 1st of March of year 0, in cycles of 400 years: the odd day ends a year.
    D = Days - 60,
    Cycle = floor_div(D, 146097),
    InCycle = D - Cycle * 146097,
    YearOfCycle = (InCycle - InCycle div 1460 + InCycle div 36524 - InCycle div 146096) div 365,
    DayOfYear = InCycle - (365 * YearOfCycle + YearOfCycle div 4 - YearOfCycle div 100),
    M = (5 * DayOfYear + 2) div 153,
    Day = DayOfYear - (153 * M + 2) div 5 + 1,
    Month = case M < 10 of
        true -> M + 3;
        false -> M - 9
    end,
    Year = YearOfCycle + Cycle * 400,
    case Month =< 2 of
        true -> {Year + 1, Month, Day};
        false -> {Year, Month, Day}
    end.

floor_div(A, B) when A >= 0 -> A div B;
floor_div(A, B) -> -((B - 1 - A) div B).

%% Whether it is a leap year.
-spec is_leap_year(year()) -> boolean().
is_leap_year(Year) when is_integer(Year), Year >= 0 ->
    Year rem 4 =:= 0 andalso (Year rem 100 =/= 0 orelse Year rem 400 =:= 0).

%% How many days a month has.
-spec last_day_of_the_month(year(), month()) -> ldom().
last_day_of_the_month(Year, Month) when is_integer(Year), Year >= 0 -> last_day(Year, Month).

last_day(Year, 2) -> 28 + length([leap || is_leap_year(Year)]);
last_day(_, Month) when is_integer(Month), Month > 0, Month < 13 ->
    element(Month, {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}).

%% Whether there is such a date.
-spec valid_date(date()) -> boolean().
valid_date({Year, Month, Day}) -> valid_date(Year, Month, Day).

-spec valid_date(integer(), integer(), integer()) -> boolean().
valid_date(Year, Month, Day) when is_integer(Year), is_integer(Month), is_integer(Day) ->
    Year >= 0 andalso Month > 0 andalso Month < 13 andalso Day > 0
        andalso Day =< last_day_of_the_month(Year, Month).

%% 1 for Monday, to 7.
-spec day_of_the_week(date()) -> daynum().
day_of_the_week({Year, Month, Day}) -> day_of_the_week(Year, Month, Day).

-spec day_of_the_week(year(), month(), day()) -> daynum().
day_of_the_week(Year, Month, Day) ->
    (date_to_gregorian_days(Year, Month, Day) + 5) rem 7 + 1.

%% Year and week of a date, as ISO 8601 counts.
-spec iso_week_number() -> yearweeknum().
iso_week_number() ->
    {Date, _} = local_time(),
    iso_week_number(Date).

%% The week of a day is that of its Thursday.
-spec iso_week_number(date()) -> yearweeknum().
iso_week_number({Year, Month, Day}) ->
    Days = date_to_gregorian_days(Year, Month, Day),
    First = week_one(Year),
    if
        Days < First ->
            {Year - 1, (Days - week_one(Year - 1)) div 7 + 1};
        true ->
            case week_one(Year + 1) of
                Next when Days >= Next -> {Year + 1, 1};
                _ -> {Year, (Days - First) div 7 + 1}
            end
    end.

%% The Monday that week 1 begins with.
week_one(Year) ->
    Fourth = date_to_gregorian_days(Year, 1, 4),
    Fourth - (Fourth + 5) rem 7.

%%% Seconds

%% The seconds of a time of the day.
-spec time_to_seconds(time()) -> 0..86399.
time_to_seconds({H, M, S}) when is_integer(H), is_integer(M), is_integer(S) ->
    H * 3600 + M * 60 + S.

%% A time of the day.
-spec seconds_to_time(0..86399) -> time().
seconds_to_time(Seconds) when Seconds >= 0, Seconds < ?SECONDS_PER_DAY ->
    {Seconds div 3600, Seconds rem 3600 div 60, Seconds rem 60}.

%% Days and a time.
-spec seconds_to_daystime(integer()) -> {integer(), time()}.
seconds_to_daystime(Seconds) ->
    Days = floor_days(Seconds),
    {Days, seconds_to_time(Seconds - Days * ?SECONDS_PER_DAY)}.

floor_days(Seconds) when Seconds >= 0 -> Seconds div ?SECONDS_PER_DAY;
floor_days(Seconds) -> (Seconds + 1) div ?SECONDS_PER_DAY - 1.

%% Seconds from the year 0 to a date and time.
-spec datetime_to_gregorian_seconds(datetime()) -> non_neg_integer().
datetime_to_gregorian_seconds({Date, Time}) ->
    ?SECONDS_PER_DAY * date_to_gregorian_days(Date) + time_to_seconds(Time).

%% Date and time of so many seconds from the year 0.
-spec gregorian_seconds_to_datetime(non_neg_integer()) -> datetime().
gregorian_seconds_to_datetime(Seconds) when Seconds >= 0 ->
    {gregorian_days_to_date(Seconds div ?SECONDS_PER_DAY),
     seconds_to_time(Seconds rem ?SECONDS_PER_DAY)}.

%% Days and time from one date and time to another.
-spec time_difference(datetime(), datetime()) -> {integer(), time()}.
time_difference({{_, _, _}, {_, _, _}} = A, {{_, _, _}, {_, _, _}} = B) ->
    seconds_to_daystime(datetime_to_gregorian_seconds(B) - datetime_to_gregorian_seconds(A)).

%%% Clocks

%% Date and time, here.
-spec local_time() -> datetime().
local_time() -> erlang:localtime().

%% Date and time, UTC.
-spec universal_time() -> datetime().
universal_time() -> erlang:universaltime().

%% Date and time, UTC, as local ones.
-spec universal_time_to_local_time(datetime()) -> datetime().
universal_time_to_local_time(DateTime) -> erlang:universaltime_to_localtime(DateTime).

%% Local date and time as UTC.
-spec local_time_to_universal_time(datetime1970()) -> datetime1970().
local_time_to_universal_time(DateTime) -> erlang:localtime_to_universaltime(DateTime).

-spec local_time_to_universal_time(datetime1970(), true | false | undefined) -> datetime1970().
local_time_to_universal_time(DateTime, IsDst) ->
    erlang:localtime_to_universaltime(DateTime, IsDst).

%% None, one or two times: a local time may be skipped or come twice when clocks are changed.
-spec local_time_to_universal_time_dst(datetime1970()) -> [datetime1970()].
local_time_to_universal_time_dst(DateTime) ->
    Dst = erlang:localtime_to_universaltime(DateTime, true),
    Normal = erlang:localtime_to_universaltime(DateTime, false),
    [Time || Time <- lists:usort([Dst, Normal]),
             erlang:universaltime_to_localtime(Time) =:= DateTime].

%% The date and time, UTC, of a timestamp.
-spec now_to_datetime(erlang:timestamp()) -> datetime1970().
now_to_datetime({MegaSeconds, Seconds, _}) ->
    system_time_to_datetime(MegaSeconds * 1000000 + Seconds).

%% The date and time, UTC, of a timestamp.
-spec now_to_universal_time(erlang:timestamp()) -> datetime1970().
now_to_universal_time(Now) -> now_to_datetime(Now).

%% The local date and time of a timestamp.
-spec now_to_local_time(erlang:timestamp()) -> datetime1970().
now_to_local_time({MegaSeconds, Seconds, _}) ->
    erlang:universaltime_to_localtime(system_time_to_datetime(MegaSeconds * 1000000 + Seconds)).

system_time_to_datetime(Seconds) ->
    gregorian_seconds_to_datetime(Seconds + ?SECONDS_FROM_0_TO_1970).

%% A system time as local date and time.
-spec system_time_to_local_time(integer(), erlang:time_unit()) -> datetime().
system_time_to_local_time(Time, Unit) ->
    erlang:universaltime_to_localtime(system_time_to_universal_time(Time, Unit)).

%% A system time as date and time, UTC.
-spec system_time_to_universal_time(integer(), erlang:time_unit()) -> datetime().
system_time_to_universal_time(Time, Unit) ->
    system_time_to_datetime(erlang:convert_time_unit(Time, Unit, second)).

%%% RFC 3339

%% A system time as a text like 2018-02-01T16:17:58+01:00.
-spec system_time_to_rfc3339(integer()) -> string().
system_time_to_rfc3339(Time) -> system_time_to_rfc3339(Time, []).

-spec system_time_to_rfc3339(integer(), [{offset, string() | integer()}
                                         | {time_designator, byte()}
                                         | {unit, rfc3339_time_unit()}
                                         | {return, string | binary}]) -> string() | binary().
system_time_to_rfc3339(Time, Options) ->
    Unit = proplists:get_value(unit, Options, second),
    T = proplists:get_value(time_designator, Options, $T),
    Text = case Unit of
        native ->
            rfc3339(native_milliseconds(Time), millisecond, T,
                    [case Option of
                         {offset, N} when is_integer(N) -> {offset, native_milliseconds(N)};
                         _ -> Option
                     end || Option <- Options]);
        _ -> rfc3339(Time, Unit, T, Options)
    end,
    case proplists:get_value(return, Options, string) of
        string -> Text;
        binary -> list_to_binary(Text)
    end.

native_milliseconds(Time) -> erlang:convert_time_unit(Time, native, millisecond).

rfc3339(Time, Unit, T, Options) ->
    _ = erlang:convert_time_unit(Time, Unit, second),
    Factor = per_second(Unit),
    {Offset, OffsetSeconds} =
        case proplists:get_value(offset, Options, "") of
            "" -> local_offset(floor_div(Time, Factor));
            N when is_integer(N) -> {offset_text(N div Factor), N div Factor};
            String -> {String, offset_seconds(String)}
        end,
    Adjusted = Time + OffsetSeconds * Factor,
    Seconds = floor_div(Adjusted, Factor),
    {{Y, Mo, D}, {H, Mi, S}} = system_time_to_datetime(Seconds),
    true = Y =< 9999,
    lists:append([digits(Y, 4), "-", digits(Mo, 2), "-", digits(D, 2), [T], digits(H, 2), ":",
                  digits(Mi, 2), ":", digits(S, 2), fraction(Unit, Adjusted - Seconds * Factor),
                  Offset]).

per_second(Unit) -> erlang:convert_time_unit(1, second, Unit).

fraction(second, _) -> "";
fraction(millisecond, N) -> [$. | digits(N, 3)];
fraction(microsecond, N) -> [$. | digits(N, 6)];
fraction(nanosecond, N) -> [$. | digits(N, 9)].

digits(N, Width) ->
    Digits = integer_to_list(N),
    lists:duplicate(max(0, Width - length(Digits)), $0) ++ Digits.

local_offset(Seconds) ->
    Universal = system_time_to_universal_time(Seconds, second),
    Local = erlang:universaltime_to_localtime(Universal),
    Offset = datetime_to_gregorian_seconds(Local) - datetime_to_gregorian_seconds(Universal),
    {offset_text(Offset), Offset}.

offset_text(Seconds) ->
    Sign = if
        Seconds < 0 -> $-;
        true -> $+
    end,
    Minutes = abs(Seconds) div 60,
    [Sign | digits(Minutes div 60, 2)] ++ ":" ++ digits(Minutes rem 60, 2).

offset_seconds([Z]) when Z =:= $Z; Z =:= $z -> 0;
offset_seconds([Sign, H1, H2]) -> offset_seconds([Sign, H1, H2 | ":00"]);
offset_seconds(Text) ->
    [Sign, H1, H2, $:, M1, M2] = Text,
    Seconds = 3600 * list_to_integer([H1, H2]) + 60 * list_to_integer([M1, M2]),
    case Sign of
        $- -> -Seconds;
        $+ -> Seconds
    end.

%% The system time that a text like 2018-02-01T16:17:58+01:00 says.
-spec rfc3339_to_system_time(rfc3339_string()) -> integer().
rfc3339_to_system_time(Text) -> rfc3339_to_system_time(Text, []).

-spec rfc3339_to_system_time(rfc3339_string(), [{unit, rfc3339_time_unit()}]) -> integer().
rfc3339_to_system_time(Binary, Options) when is_binary(Binary) ->
    <<_:19/binary, _/binary>> = Binary,
    rfc3339_to_system_time(binary_to_list(Binary), Options);
rfc3339_to_system_time(Text, Options) ->
    Unit = proplists:get_value(unit, Options, second),
    [Y1, Y2, Y3, Y4, $-, Mo1, Mo2, $-, D1, D2, _, H1, H2, $:, Mi1, Mi2, $:, S1, S2 | Rest] = Text,
    Date = {list_to_integer([Y1, Y2, Y3, Y4]), list_to_integer([Mo1, Mo2]), list_to_integer([D1, D2])},
    Time = {list_to_integer([H1, H2]), list_to_integer([Mi1, Mi2]), list_to_integer([S1, S2])},
    {Fraction, Offset} = split_fraction(Rest),
    Seconds = datetime_to_gregorian_seconds({Date, Time}) - ?SECONDS_FROM_0_TO_1970
        - offset_seconds(Offset),
    %% What system_time_to_rfc3339/2 can write: four digits of a year.
    Seconds >= -?SECONDS_FROM_0_TO_1970 andalso Seconds =< ?LAST_OF_9999 orelse error({badarg, [Text, Options]}),
    case Unit of
        native ->
            erlang:convert_time_unit(scaled(Seconds, Fraction, 1000000000), nanosecond, native);
        _ -> scaled(Seconds, Fraction, per_second(Unit))
    end.

split_fraction([$. | Rest]) -> lists:splitwith(fun(C) -> C >= $0 andalso C =< $9 end, Rest);
split_fraction(Offset) -> {"", Offset}.

%% Rounded to the unit, but for seconds, which lose the fraction.
scaled(Seconds, "", Factor) -> Seconds * Factor;
scaled(Seconds, _, 1) -> Seconds;
scaled(Seconds, Fraction, Factor) ->
    Scale = pow10(length(Fraction), 1),
    Seconds * Factor + (2 * list_to_integer(Fraction) * Factor + Scale) div (2 * Scale).

pow10(0, P) -> P;
pow10(N, P) -> pow10(N - 1, P * 10).
