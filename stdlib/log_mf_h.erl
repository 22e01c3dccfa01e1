%% A handler for gen_event that writes the events that come through a filter to a ring of files in a directory:
%% 1, 2 …, each of at most so many bytes, and `index`, the number of the current one. An event is written as two
%% bytes of size and the external form of {Time, Event}.
-module(log_mf_h).
-behaviour(gen_event).
-export([init/3, init/4, init/1, handle_event/2, handle_info/2, handle_call/2, terminate/2, code_change/3]).

-record(log, {dir, max_bytes, max_files, filter, number, fd, size = 0}).

%% What gen_event:add_handler/3 is given.
-spec init(file:filename(), pos_integer(), 1..255) -> term().
init(Dir, MaxBytes, MaxFiles) -> init(Dir, MaxBytes, MaxFiles, fun(_) -> true end).

-spec init(file:filename(), pos_integer(), 1..255, fun((term()) -> boolean())) -> term().
init(Dir, MaxBytes, MaxFiles, Filter) -> {Dir, MaxBytes, MaxFiles, Filter}.

%% Goes on with the file after the one that was written last.
-spec init(term()) -> {ok, #log{}} | {error, term()}.
init({Dir, MaxBytes, MaxFiles, Filter}) when MaxFiles > 0, MaxFiles < 256 ->
    Last = case file:read_file(filename:join(Dir, "index")) of
               {ok, <<N>>} when N =< MaxFiles -> N;
               _ -> 0
           end,
    opened(#log{dir = Dir, max_bytes = MaxBytes, max_files = MaxFiles, filter = Filter, number = Last}).

opened(#log{dir = Dir, max_files = MaxFiles, number = Last} = Log) ->
    N = Last rem MaxFiles + 1,
    maybe
        {ok, Fd} ?= file:open(filename:join(Dir, integer_to_list(N)), [write, raw, binary]),
        ok ?= file:write_file(filename:join(Dir, "index"), <<N>>),
        {ok, Log#log{number = N, fd = Fd, size = 0}}
    end.

%% What others' group leader has sent is not ours.
-spec handle_event(term(), Log) -> {ok, Log} | remove_handler when Log :: #log{}.
handle_event({_, Leader, _}, Log) when node(Leader) =/= node() -> {ok, Log};
handle_event(Event, #log{filter = Filter} = Log) ->
    case Filter(Event) of
        true -> written(term_to_binary({erlang:localtime(), Event}), Log);
        _ -> {ok, Log}
    end.

written(Bytes, Log) when byte_size(Bytes) > 16#ffff -> {ok, Log};
written(Bytes, #log{fd = Fd, size = Size, max_bytes = MaxBytes} = Log)
  when Size =:= 0; Size + byte_size(Bytes) + 2 =< MaxBytes ->
    ok = file:write(Fd, [<<(byte_size(Bytes)):16>>, Bytes]),
    {ok, Log#log{size = Size + byte_size(Bytes) + 2}};
written(Bytes, #log{fd = Fd} = Log) ->
    ok = file:close(Fd),
    case opened(Log) of
        {ok, Next} -> written(Bytes, Next);
        {error, _} -> remove_handler
    end.

-spec handle_info(term(), Log) -> {ok, Log} | remove_handler when Log :: #log{}.
handle_info({emulator, _, _} = Event, Log) -> handle_event(Event, Log);
handle_info(_, Log) -> {ok, Log}.

-spec handle_call(term(), Log) -> {ok, term(), Log} when Log :: #log{}.
handle_call(_, Log) -> {ok, {error, bad_query}, Log}.

-spec terminate(term(), #log{}) -> term().
terminate(_, #log{fd = Fd}) -> file:close(Fd).

-spec code_change(term(), Log, term()) -> {ok, Log} when Log :: #log{}.
code_change(_, Log, _) -> {ok, Log}.
