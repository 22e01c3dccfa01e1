%% `muster test --cover`: which lines of modules are executed. A module is compiled with a call of hit/2 before each
%% expression of a body that is the first one on its line; the calls count in counters that are found under the module's name.
-module(muster_cover).
-export([parse_transform/2, load/1, load/2, sources/2, hit/2, counts/1, reset/1, report/0]).

-define(KEY(Module), {?MODULE, Module}).

%% The sources that are tested: those beside the tests, those in `src` beside a folder `test`, and those in folders of
%% the code path. Files that have nothing but tests are none.
-spec sources([file:filename()], [file:filename()]) -> [file:filename()].
sources(Tests, Path) ->
    Beside = lists:usort([filename:dirname(File) || File <- Tests]),
    Src = [filename:join(filename:dirname(Full), "src") || Dir <- Beside, Full <- [full(Dir)],
                                                           lists:member(filename:basename(Full), ["test", "tests"])],
    Dirs = Beside ++ Src ++ Path,
    Files = [filename:join(Dir, Name) || Dir <- Dirs, Name <- filelib:wildcard("*.erl", Dir)],
    lists:uniq(fun(File) -> filename:join(full(filename:dirname(File)), filename:basename(File)) end,
               [File || File <- Files, not is_only_tests(File)]).

full(".") -> element(2, file:get_cwd());
full(Dir) -> filename:absname(Dir).

is_only_tests(File) ->
    Name = filename:basename(File, ".erl"),
    lists:any(fun(Ending) -> lists:suffix(Ending, Name) end, ["_tests", "_test", "_SUITE"]).

%% Loads a module that counts.
-spec load(file:filename()) -> {ok, module()} | {error, term()}.
load(File) -> load(File, []).

-spec load(file:filename(), [compile:option()]) -> {ok, module()} | {error, term()}.
load(File, Options) ->
    case compile:file(File, [binary, return_errors, {parse_transform, ?MODULE} | Options]) of
        {ok, Module, Code} ->
            case code:load_binary(Module, filename:absname(File), Code) of
                {module, Module} -> {ok, Module};
                {error, _} = Error -> Error
            end;
        {error, _, _} ->
            compile:load(File) % says what is wrong with it
    end.

-spec hit(module(), pos_integer()) -> ok.
hit(Module, Index) ->
    {Counters, _} = persistent_term:get(?KEY(Module)),
    counters:add(Counters, Index, 1).

%% How often each line was executed.
-spec counts(module()) -> [{erl_anno:line(), non_neg_integer()}].
counts(Module) ->
    {Counters, Numbered} = persistent_term:get(?KEY(Module)),
    [{Line, counters:get(Counters, Index)} || {Line, Index} <- Numbered].

-spec reset(module()) -> ok.
reset(Module) ->
    {Counters, Numbered} = persistent_term:get(?KEY(Module)),
    lists:foreach(fun({_, Index}) -> counters:put(Counters, Index, 0) end, Numbered).

%% ---- instrumenting ----

%% File: the module's own. here: whether the form comes from it, not from a header. lines: the number of each line
%% that has a call.
-record(t, {module, file, here = true, lines = #{}}).

-spec parse_transform([erl_parse:abstract_form()], [compile:option()]) -> [erl_parse:abstract_form()].
parse_transform(Forms, _) ->
    [Module] = [M || {attribute, _, module, M} <- Forms],
    {New, #t{lines = Lines}} = lists:mapfoldl(fun form/2, #t{module = Module}, Forms),
    Numbered = lists:sort([{Line, Index} || {Line, Index} <- maps:to_list(Lines)]),
    persistent_term:put(?KEY(Module), {counters:new(max(1, map_size(Lines)), [write_concurrency]), Numbered}),
    New.

form({attribute, _, file, {File, _}} = Form, #t{file = undefined} = T) -> {Form, T#t{file = File}};
form({attribute, _, file, {File, _}} = Form, #t{file = Own} = T) -> {Form, T#t{here = File =:= Own}};
form({function, Anno, Name, Arity, Clauses} = Form, #t{here = true} = T) ->
    case erl_anno:generated(Anno) of
        true -> {Form, T};
        false ->
            {New, T1} = lists:mapfoldl(fun walk/2, T, Clauses),
            {{function, Anno, Name, Arity, New}, T1}
    end;
form(Form, T) -> {Form, T}.

%% Patterns and guards stay as they are.
walk({clause, Anno, Patterns, Guards, Body}, T) ->
    {New, T1} = body(Body, T),
    {{clause, Anno, Patterns, Guards, New}, T1};
walk({'fun', Anno, {clauses, Clauses}}, T) ->
    {New, T1} = walk(Clauses, T),
    {{'fun', Anno, {clauses, New}}, T1};
walk({named_fun, Anno, Name, Clauses}, T) ->
    {New, T1} = walk(Clauses, T),
    {{named_fun, Anno, Name, New}, T1};
walk({'receive', Anno, Clauses, After, Body}, T) ->
    {NewClauses, T1} = walk(Clauses, T),
    {NewAfter, T2} = walk(After, T1),
    {NewBody, T3} = body(Body, T2),
    {{'receive', Anno, NewClauses, NewAfter, NewBody}, T3};
walk({'try', Anno, Body, Clauses, Catches, After}, T) ->
    {NewBody, T1} = body(Body, T),
    {NewClauses, T2} = walk(Clauses, T1),
    {NewCatches, T3} = walk(Catches, T2),
    {NewAfter, T4} = body(After, T3),
    {{'try', Anno, NewBody, NewClauses, NewCatches, NewAfter}, T4};
walk({block, Anno, Body}, T) ->
    {New, T1} = body(Body, T),
    {{block, Anno, New}, T1};
walk({match, Anno, Pattern, Expr}, T) ->
    {New, T1} = walk(Expr, T),
    {{match, Anno, Pattern, New}, T1};
walk(Tuple, T) when is_tuple(Tuple) ->
    {List, T1} = walk(tuple_to_list(Tuple), T),
    {list_to_tuple(List), T1};
walk([Head | Tail], T) ->
    {NewHead, T1} = walk(Head, T),
    {NewTail, T2} = walk(Tail, T1),
    {[NewHead | NewTail], T2};
walk(Other, T) -> {Other, T}.

body(Exprs, T) ->
    {New, T1} = lists:mapfoldl(fun counted/2, T, Exprs),
    {lists:append(New), T1}.

counted(Expr, #t{module = Module, lines = Lines} = T) ->
    Anno = element(2, Expr),
    Line = erl_anno:line(Anno),
    case Lines of
        #{Line := _} ->
            {New, T1} = walk(Expr, T),
            {[New], T1};
        _ when is_integer(Line), Line > 0 ->
            Index = map_size(Lines) + 1,
            G = erl_anno:set_generated(true, Anno),
            Hit = {call, G, {remote, G, {atom, G, ?MODULE}, {atom, G, hit}}, [{atom, G, Module}, {integer, G, Index}]},
            {New, T1} = walk(Expr, T#t{lines = Lines#{Line => Index}}),
            {[Hit, New], T1};
        _ -> {[Expr], T}
    end.

%% ---- what was executed ----

%% Prints each module's share, and the lines that were not reached.
-spec report() -> ok.
report() ->
    Modules = lists:sort([{Module, [{Line, counters:get(Counters, Index) > 0} || {Line, Index} <- Lines]}
                          || {?KEY(Module), {Counters, Lines}} <- persistent_term:get()]),
    io:put_chars("\ncover:\n"),
    lists:foreach(fun({Module, Lines}) -> io:format("  ~s  ~tw~n~ts", [share(Lines), Module, missed(Lines)]) end, Modules),
    io:format("  ~s  in all~n", [share(lists:append([Lines || {_, Lines} <- Modules]))]).

share([]) -> "  -             ";
share(Lines) ->
    Hit = length([Line || {Line, true} <- Lines]),
    string:pad(io_lib:format("~3w %  ~w/~w", [100 * Hit div length(Lines), Hit, length(Lines)]), 16).

%% As ranges: of lines that have code, between which all were missed.
missed(Lines) ->
    case ranges(Lines) of
        [] -> "";
        Ranges -> ["                    not reached: ", lists:join(", ", [range(Range) || Range <- Ranges]), $\n]
    end.

range({Line, Line}) -> integer_to_list(Line);
range({First, Last}) -> [integer_to_list(First), $-, integer_to_list(Last)].

ranges([{_, true} | Lines]) -> ranges(Lines);
ranges([{First, false} | Lines]) -> ranges(First, First, Lines);
ranges([]) -> [].

ranges(First, _, [{Line, false} | Lines]) -> ranges(First, Line, Lines);
ranges(First, Last, Lines) -> [{First, Last} | ranges(Lines)].
