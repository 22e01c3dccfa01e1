%% Features of the language that can be switched. There is one, maybe_expr, which is on from OTP 27.
-module(erl_features).
-export([all/0, configurable/0, enabled/0, keywords/0, keywords/1, info/1, short/1, long/1, used/1,
         keyword_fun/2, keyword_fun/4, load_allowed/1, format_error/1, format_error/2]).

-export_type([feature/0]).

-type feature() :: atom().
-type error() :: {?MODULE, {invalid_features | incorrect_features, [atom()]}}.
-type reserved() :: fun((atom()) -> boolean()).

-define(FEATURE, maybe_expr).

-spec all() -> [feature()].
all() -> [?FEATURE].

-spec configurable() -> [feature()].
configurable() -> [?FEATURE].

-spec enabled() -> [feature()].
enabled() -> [?FEATURE].

%% Of those that are on.
-spec keywords() -> [atom()].
keywords() -> keywords(?FEATURE).

-spec keywords(feature()) -> [atom()].
keywords(?FEATURE) -> ['maybe', 'else'];
keywords(Feature) -> unknown([Feature]).

-spec info(feature()) -> #{atom() => term()}.
info(?FEATURE) ->
    #{description => "Implementation of the maybe expression proposed in EEP49 -- Value based "
                     "error handling.",
      short => "Value based error handling (EEP49)",
      type => extension,
      keywords => ['maybe', 'else'],
      status => approved,
      experimental => 25,
      approved => 27};
info(Feature) -> unknown([Feature]).

unknown(Args) ->
    Info = #{cause => #{1 => "unknown feature"}, module => ?MODULE},
    erlang:error(invalid_feature, Args, [{error_info, Info}]).

-spec short(feature()) -> iolist().
short(Feature) ->
    #{short := Short, status := Status} = Info = info(Feature),
    io_lib:format("~-40s ~-12s (~p)", [Short, Status, maps:get(Status, Info)]).

-spec long(feature()) -> iolist().
long(Feature) ->
    #{short := Short, type := Type, status := Status, keywords := Keywords,
      description := Description} = Info = info(Feature),
    [io_lib:format("~s - ~s~n", [Feature, Short]),
     io_lib:format("  ~-10s ~s~n", ["Type", Type]),
     io_lib:format("  ~-10s ~s (~p)~n", ["Status", Status, maps:get(Status, Info)]),
     io_lib:format("  ~-10s ~p~n", ["Keywords", Keywords]),
     io_lib:format("~n~s~n", [Description])].

%% Those that a module was compiled with: nobody keeps them.
-spec used(module() | file:filename()) -> [feature()].
used(_) -> [].

-spec load_allowed(binary()) -> ok.
load_allowed(_) -> ok.

%% The words that are reserved under {feature, Name, enable | disable} among the options.
-spec keyword_fun([term()], reserved()) -> {ok, {[feature()], reserved()}} | {error, error()}.
keyword_fun(Options, Reserved) ->
    Switches = [{Feature, Switch} || {feature, Feature, Switch} <- Options],
    case [Feature || {Feature, _} <- Switches, Feature =/= all, Feature =/= ?FEATURE] of
        [] -> {ok, switched(lists:foldl(fun switch/2, enabled(), Switches), Reserved)};
        Unknown -> {error, {?MODULE, {invalid_features, Unknown}}}
    end.

switch({_, enable}, _) -> [?FEATURE];
switch({_, disable}, _) -> [].

%% One more switch, after those that made On and Reserved.
-spec keyword_fun(enable | disable, feature(), [feature()], reserved()) ->
          {ok, {[feature()], reserved()}} | {error, error()}.
keyword_fun(Switch, ?FEATURE, On, Reserved) ->
    {ok, switched(switch({?FEATURE, Switch}, On), Reserved)};
keyword_fun(_, Feature, _, _) -> {error, {?MODULE, {invalid_features, [Feature]}}}.

switched(On, Reserved) ->
    Keywords = keywords(),
    {On, fun(Word) ->
                 case lists:member(Word, Keywords) of
                     true -> On =/= [];
                     false -> Reserved(Word)
                 end
         end}.

-spec format_error(term()) -> string().
format_error({invalid_features, Features}) ->
    about(Features, "does not exist.", "do not exist.");
format_error({incorrect_features, Features}) ->
    about(Features, "does not exist or is not configurable.",
          "do not exist or are not configurable.").

about([Feature], One, _) -> lists:flatten(io_lib:format("the feature '~ts' ~s", [Feature, One]));
about(Features, _, More) ->
    {Most, [Last]} = lists:split(length(Features) - 1, Features),
    Names = [lists:join(", ", [["'", atom_to_list(F), "'"] || F <- Most]), " and '",
             atom_to_list(Last), "'"],
    lists:flatten(io_lib:format("the features ~ts ~s", [Names, More])).

-spec format_error(term(), list()) -> #{pos_integer() => unicode:chardata()}.
format_error(_, [{_, _, _, Info} | _]) ->
    maps:get(cause, proplists:get_value(error_info, Info, #{}), #{}).
