%% Writes what the machine reports of processes that end by an uncaught exception, as Erlang's
%% default logger does, to standard error. One process of the machine's own runs loop/0: reports
%% come out whole and in the order in which they were made (runtime/report.c).
-module(muster_report).
-export([loop/0, header/4, local_time/1, universal_time/1]).

-spec loop() -> no_return().
loop() ->
    receive
        {uncaught, Pid, Reason, Time, Leader} ->
            tell("Error in process ~p with exit value:~n~tp~n", [Pid, Reason], Pid, Time, Leader);
        {max_heap, Pid, [Max, Total, Kills, Messages, Figures], Time, Leader} ->
            tell("     Process:            ~p ~n"
                 "     Context:            maximum heap size reached~n"
                 "     Max Heap Size:      ~p~n"
                 "     Total Heap Size:    ~p~n"
                 "     Kill:               ~p~n"
                 "     Error Logger:       true~n"
                 "     Message Queue Len:  ~p~n"
                 "     GC Info:            ~p~n", [Pid, Max, Total, Kills, Messages, Figures], Pid, Time, Leader);
        _ ->
            ok
    end,
    ?MODULE:loop().

tell(Format, Args, Pid, Time, Leader) ->
    _ = try erlang:system_info(system_logger) of
            logger -> told(Format, Args, Pid, Time, Leader);
            undefined -> ok;
            To -> To ! {log, error, Format, Args, metadata(Pid, Time, Leader)}
        catch _:_ -> written(Format, Args, Time)
        end,
    muster_machine:report_written().

told(Format, Args, Pid, Time, Leader) ->
    %% Where logger was configured it may have other handlers.
    try logger_config:exists() of
        true -> logger:log(error, Format, Args, metadata(Pid, Time, Leader));
        false -> written(Format, Args, Time)
    catch _:_ -> written(Format, Args, Time)
    end.

metadata(Pid, Time, Leader) ->
    #{pid => Pid, gl => Leader, time => Time, error_logger => #{emulator => true, tag => error}}.

written(Format, Args, Time) ->
    Text = try text(Format, Args, Time)
           catch _:_ -> io_lib:format("~s~n~w~n~n", [Format, Args])
           end,
    muster_machine:write_error(unicode:characters_to_binary(Text)).

text(Format, Args, Time) ->
    [header("ERROR REPORT", local_time(Time), Time, ""), $\n, io_lib:format(Format, Args), $\n].

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
