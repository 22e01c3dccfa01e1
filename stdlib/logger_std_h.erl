%% A handler that writes to standard output, standard error or a file. Each event is written whole,
%% by the process that logs it.
-module(logger_std_h).
-export([log/2, adding_handler/1, changing_config/3, removing_handler/1, filesync/1]).

-spec adding_handler(logger:handler_config()) -> {ok, logger:handler_config()} | {error, term()}.
adding_handler(#{config := #{type := Type}} = Handler) ->
    case Type of
        standard_io -> {ok, Handler};
        standard_error -> {ok, Handler};
        file -> {ok, Handler};
        {file, File} -> {ok, with_file(File, Handler)};
        {file, File, _} -> {ok, with_file(File, Handler)};
        {device, _} -> {ok, Handler};
        _ -> {error, {invalid_config, ?MODULE, #{type => Type}}}
    end;
adding_handler(#{config := #{file := File} = Config} = Handler) ->
    {ok, with_file(File, Handler#{config := Config#{type => file}})};
adding_handler(Handler) -> {ok, Handler#{config => #{type => standard_io}}}.

with_file(File, #{config := Config} = Handler) ->
    Handler#{config := Config#{type => file, file => File}}.

-spec changing_config(set | update, logger:handler_config(), logger:handler_config()) ->
          {ok, logger:handler_config()} | {error, term()}.
changing_config(_, #{config := #{type := Type}}, #{config := #{type := Other}})
  when Type =/= Other ->
    {error, {illegal_config_change, ?MODULE, #{type => Type}, #{type => Other}}};
changing_config(_, Old, New) -> {ok, maps:merge(maps:with([config], Old), New)}.

-spec removing_handler(logger:handler_config()) -> ok.
removing_handler(_) -> ok.

-spec filesync(logger:handler_id()) -> ok.
filesync(_) -> ok.

-spec log(logger:log_event(), logger:handler_config()) -> ok.
log(Event, #{formatter := {Formatter, FormatterConfig}, config := Config}) ->
    Text = unicode:characters_to_binary(Formatter:format(Event, FormatterConfig)),
    case Config of
        #{type := standard_error} -> muster_machine:write_error(Text);
        #{type := file, file := File} -> file:write_file(File, Text, [append]);
        #{type := {device, Device}} -> io:put_chars(Device, Text);
        _ -> io:put_chars(user, Text)
    end,
    ok.
