%% Writes what the machine reports of processes that end by an uncaught exception, as Erlang's
%% default logger does, to standard error. One process of the machine's own runs loop/0: reports
%% come out whole and in the order in which they were made (runtime/report.c).
-module(muster_report).
-export([loop/0, uncaught/3, header/4, local_time/1, universal_time/1]).

-spec loop() -> no_return().
loop() ->
    receive
        {uncaught, Pid, Reason, Time, Leader} ->
            %% Where logger was configured it may have other handlers.
            _ = try logger_config:exists() of
                    true -> logged(Pid, Reason, Time, Leader);
                    false -> written(Pid, Reason, Time)
                catch _:_ -> written(Pid, Reason, Time)
                end,
            muster_machine:report_written();
        _ ->
            ok
    end,
    ?MODULE:loop().

logged(Pid, Reason, Time, Leader) ->
    logger:log(error, "Error in process ~p with exit value:~n~p~n", [Pid, Reason],
               #{pid => Pid, gl => Leader, time => Time,
                 error_logger => #{emulator => true, tag => error}}).

written(Pid, Reason, Time) ->
    Text = try uncaught(Pid, Reason, Time)
           catch _:_ -> io_lib:format("Error in process ~w with exit value:~n~w~n~n",
                                      [Pid, Reason])
           end,
    muster_machine:write_error(unicode:characters_to_binary(Text)).

%% The text of a report; Time: microseconds of system time.
-spec uncaught(pid(), term(), integer()) -> unicode:chardata().
uncaught(Pid, Reason, Time) ->
    [header("ERROR REPORT", local_time(Time), Time, ""),
     io_lib:format("~nError in process ~p with exit value:~n~tp~n~n", [Pid, Reason])].

%% "=ERROR REPORT==== 1-Feb-2026::03:04:05.000006 ===", of a date and the time that it is of.
-spec header(string(), calendar:datetime(), integer(), string()) -> iolist().
header(Title, {{Year, Month, Day}, {Hour, Minute, Second}}, Time, Zone) ->
    Micro = ((Time rem 1000000) + 1000000) rem 1000000,
    io_lib:format("=~ts==== ~w-~s-~w::~2..0w:~2..0w:~2..0w.~6..0w~s ===",
                  [Title, Day, element(Month, months()), Year, Hour, Minute, Second, Micro, Zone]).

months() ->
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}.

%% Local date and time of microseconds since 1970.
-spec local_time(integer()) -> calendar:datetime().
local_time(Micros) -> erlang:universaltime_to_localtime(universal_time(Micros)).

-spec universal_time(integer()) -> calendar:datetime().
universal_time(Micros) ->
    Seconds = floor_div(Micros, 1000000),
    Days = floor_div(Seconds, 86400),
    InDay = Seconds - Days * 86400,
    {date_of(Days), {InDay div 3600, InDay div 60 rem 60, InDay rem 60}}.

floor_div(A, B) when A >= 0 -> A div B;
floor_div(A, B) -> -((B - 1 - A) div B).

%% The date of a day, counted from 1970-01-01. Years are counted from March, in eras of 400.
date_of(Days) ->
    Shifted = Days + 719468,
    Era = floor_div(Shifted, 146097),
    OfEra = Shifted - Era * 146097,
    YearOfEra = (OfEra - OfEra div 1460 + OfEra div 36524 - OfEra div 146096) div 365,
    OfYear = OfEra - (365 * YearOfEra + YearOfEra div 4 - YearOfEra div 100),
    FromMarch = (5 * OfYear + 2) div 153,
    Day = OfYear - (153 * FromMarch + 2) div 5 + 1,
    Month = if FromMarch < 10 -> FromMarch + 3; true -> FromMarch - 9 end,
    Year = YearOfEra + Era * 400 + if Month =< 2 -> 1; true -> 0 end,
    {Year, Month, Day}.
