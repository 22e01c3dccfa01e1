%% Without main/1 and main/0, start/0 is called.
-module(start_is_called_where_there_is_no_main).
-export([start/0]).

start() -> io:format("started~n").
