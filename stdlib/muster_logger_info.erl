%% logger:i/0,1: its configuration as people read it.
-module(muster_logger_info).
-export([primary/1, handlers/1, proxy/1, modules/1]).

-spec primary(logger:primary_config()) -> iolist().
primary(#{level := Level, filter_default := Default, filters := Filters}) ->
    ["Primary configuration: \n",
     io_lib:format("    Level: ~p\n    Filter Default: ~p\n", [Level, Default]),
     "    Filters: \n", filters(Filters, 8)].

-spec handlers([logger:handler_config()]) -> iolist().
handlers([]) -> ["Handler configuration: \n    (none)\n"];
handlers(Handlers) -> ["Handler configuration: \n", [handler(Handler) || Handler <- Handlers]].

handler(#{id := Id, module := Module, level := Level, formatter := {Formatter, FormatterConfig},
          filter_default := Default, filters := Filters} = Handler) ->
    [io_lib:format("    Id: ~p\n        Module: ~p\n        Level:  ~p\n", [Id, Module, Level]),
     io_lib:format("        Formatter:\n            Module: ~p\n            Config:\n", [Formatter]),
     config(FormatterConfig, 16),
     io_lib:format("        Filter Default: ~p\n        Filters:\n", [Default]), filters(Filters, 12),
     [["        Handler Config:\n", config(Config, 12)]
      || {ok, Config} <- [maps:find(config, Handler)]],
     [["        Custom Config:\n", config(Custom, 12)]
      || Custom <- [maps:without([id, module, level, formatter, filter_default, filters, config], Handler)],
         Custom =/= #{}]].

-spec proxy(map()) -> iolist().
proxy(Config) -> ["Proxy configuration: \n", config(Config, 4)].

-spec modules([{module(), logger:level() | all | none}]) -> iolist().
modules(Modules) ->
    ["Level set per module: \n",
     case Modules of
         [] -> "    (none)\n";
         _ -> [io_lib:format("    Module: ~p\n        Level: ~p\n", [M, Level]) || {M, Level} <- Modules]
     end].

filters([], Indent) -> [blanks(Indent), "(none)\n"];
filters(Filters, Indent) ->
    [[io_lib:format("~sId: ~p\n", [blanks(Indent), Id]),
      io_lib:format("~s    Fun: ~p\n~s    Arg: ~p\n", [blanks(Indent), Fun, blanks(Indent), Arg])]
     || {Id, {Fun, Arg}} <- Filters].

config(Config, Indent) when is_map(Config), map_size(Config) > 0 ->
    [io_lib:format("~s~tp: ~tp\n", [blanks(Indent), Key, Value])
     || {Key, Value} <- lists:sort(maps:to_list(Config))];
config(Config, Indent) when is_map(Config) -> config([], Indent);
config(Other, Indent) -> io_lib:format("~s~tp\n", [blanks(Indent), Other]).

blanks(Count) -> lists:duplicate(Count, $\s).
