%% `muster run --app NAME`: an application and all it needs, started and kept running. SIGTERM and
%% SIGINT stop them in order, and the machine ends with 0; a second SIGINT ends it at once.
%%
%% The configuration is a sys.config: [{Application, [{Key, Value}]} or "another.config"].
-module(muster_app).
-export([main/2, read_config/1]).

-spec main(string(), string() | none) -> no_return().
main(Name, Config) ->
    _ = [true = muster_signal:set(Signal, handle) || Signal <- [sigterm, sigint]],
    case Config of
        none -> ok;
        _ ->
            case read_config(Config) of
                {ok, Pairs} -> configure(Pairs);
                {error, Text} -> fail("~ts", [Text])
            end
    end,
    case application:ensure_all_started(list_to_atom(Name), permanent) of
        {ok, _} -> receive after infinity -> ok end;
        {error, {Application, Reason}} ->
            tell("application ~tp did not start: ~ts", [Application, why(Reason)]),
            %% Of one that began to start the controller has more to say, and ends the machine itself.
            _ = application:which_applications(infinity),
            halt(1)
    end.

why({"no such file or directory", File}) ->
    ["there is no ", File, ", nor ", File, ".src, on the code path; -pa DIR adds to it"];
why({invalid_name, Name}) -> io_lib:format("its description is that of ~tp", [Name]);
why({Text, File} = Reason) ->
    case io_lib:char_list(Text) andalso io_lib:char_list(File) of
        true -> [File, ": ", Text];
        false -> io_lib:format("~0tp", [Reason])
    end;
why(Reason) -> io_lib:format("~0tp", [Reason]).

-spec fail(io:format(), [term()]) -> no_return().
fail(Format, Args) ->
    tell(Format, Args),
    halt(1).

tell(Format, Args) -> io:format(standard_error, "muster: " ++ Format ++ "\n", Args).

configure(Pairs) ->
    application_controller:set_config(Pairs),
    case logger:reconfigure() of
        ok -> ok;
        {error, Reason} -> fail("the configuration of logger: ~tp", [Reason])
    end.

%% All that it says, what it includes, too; of two values for one key the later one counts.
-spec read_config(file:name()) -> {ok, [{atom(), [{atom(), term()}]}]} | {error, string()}.
read_config(File) ->
    try {ok, read(File, filename:dirname(File), [])}
    catch throw:{bad, Text} -> {error, lists:flatten(Text)}
    end.

read(File, Dir, Within) ->
    _ = [throw({bad, [File, " includes itself"]}) || lists:member(File, Within)],
    case file:consult(File) of
        {ok, [Items]} when is_list(Items) ->
            lists:foldl(fun(Item, Config) -> merge(item(Item, File, Dir, Within), Config) end, [],
                        Items);
        {ok, _} -> throw({bad, [File, ": one list is needed"]});
        {error, Reason} -> throw({bad, [File, ": ", file:format_error(Reason)]})
    end.

item({Name, Pairs}, File, _, _) when is_atom(Name), is_list(Pairs) ->
    case [Bad || Bad <- Pairs, not is_pair(Bad)] of
        [] -> [{Name, Pairs}];
        [Bad | _] -> throw({bad, io_lib:format("~ts: no {Key, Value}: ~tp", [File, Bad])})
    end;
item(Included, File, Dir, Within) ->
    case io_lib:char_list(Included) of
        true -> read(found(Included, Dir), Dir, [File | Within]);
        false -> throw({bad, io_lib:format("~ts: no {Application, Parameters}: ~tp",
                                           [File, Included])})
    end.

is_pair({Key, _}) -> is_atom(Key);
is_pair(_) -> false.

%% Beside the first one, else in the current directory; .config may be left out.
found(Name, Dir) ->
    Candidates = [Path || Base <- [filename:join(Dir, Name), Name],
                          Path <- [Base, Base ++ ".config"]],
    case lists:filter(fun filelib:is_regular/1, Candidates) of
        [Path | _] -> Path;
        [] -> Name
    end.

merge(New, Config) ->
    lists:foldl(fun({Name, Pairs}, All) ->
                        Old = proplists:get_value(Name, All, []),
                        Merged = lists:foldl(fun({Key, _} = Pair, Into) ->
                                                     lists:keystore(Key, 1, Into, Pair)
                                             end, Old, Pairs),
                        lists:keystore(Name, 1, All, {Name, Merged})
                end, Config, New).
