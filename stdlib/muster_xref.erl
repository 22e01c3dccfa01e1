%% What c:xm/1 tells of a module: calls of functions that are not there, of deprecated ones, and local functions
%% that nothing leads to. It is read from the forms, those of the debug information or of the source.
-module(muster_xref).
-export([module/1]).

-type call() :: {Caller :: mfa(), Callee :: mfa()}.
-type answer() :: [{deprecated | undefined, [call()]} | {unused, [mfa()]}].

%% A module, or a file without its ending.
-spec module(module() | file:name()) -> answer() | {error, module(), term()}.
module(Item) when is_atom(Item) ->
    case code:get_object_code(Item) of
        {Item, Code, File} -> of_code(Code, File);
        error -> {error, ?MODULE, {no_such_module, Item}}
    end;
module(Item) ->
    case io_lib:printable_unicode_list(Item) of
        true -> of_file(filename:rootname(Item, ".erl"));
        false -> {error, ?MODULE, {invalid_filename, Item}}
    end.

of_file(Base) ->
    Codes = [{Code, File} || Extension <- [".mbc", ".beam"], File <- [Base ++ Extension],
                             {ok, <<16#AB, "Muster\n", _/binary>> = Code} <- [file:read_file(File)]],
    case Codes of
        [{Code, File} | _] -> of_code(Code, File);
        [] -> of_source(Base ++ ".erl")
    end.

of_code(Code, File) ->
    case beam_lib:chunks(Code, [abstract_code]) of
        {ok, {_, [{abstract_code, {_, Forms}}]}} -> answer(Forms);
        _ ->
            {ok, {_, [{compile_info, Info}]}} = beam_lib:chunks(Code, [compile_info]),
            Sources = [File || filename:extension(File) =:= ".erl"] ++ [Source || {source, Source} <- Info],
            case lists:filter(fun filelib:is_regular/1, Sources) of
                [Source | _] -> of_source(Source);
                [] -> {error, ?MODULE, {no_debug_info, File}}
            end
    end.

of_source(File) ->
    case epp:parse_file(File, [{includes, [filename:dirname(File)]}]) of
        {ok, Forms} -> answer(Forms);
        {error, Reason} -> {error, ?MODULE, {file_error, File, Reason}}
    end.

-record(s, {module :: module(), local :: #{{atom(), arity()} => []}, imported :: #{{atom(), arity()} => module()}}).

answer(Forms0) ->
    Forms = erl_expand_records:module(Forms0, []),
    [Module] = [M || {attribute, _, module, M} <- Forms],
    S = #s{module = Module, local = #{{F, A} => [] || {function, _, F, A, _} <- Forms},
           imported = #{Name => M || {attribute, _, import, {M, Names}} <- Forms, Name <- Names}},
    Calls = lists:usort([{{Module, F, A}, Callee} || {function, _, F, A, Clauses} <- Forms,
                                                     Callee <- callees(Clauses, S)]),
    Exported = exported(Forms, S),
    Deprecated = deprecated(Forms0),
    [{deprecated, [Call || {_, Callee} = Call <- Calls, is_deprecated(Callee, Forms, Deprecated, S)]},
     {undefined, [Call || {_, Callee} = Call <- Calls, not is_there(Callee, Exported, S)]},
     {unused, unused(Calls, Exported, Forms, S)}].

exported(Forms, #s{local = Local}) ->
    All = [export_all || {attribute, _, compile, Options} <- Forms, lists:member(export_all, lists:flatten([Options]))],
    case All of
        [] -> lists:append([Names || {attribute, _, export, Names} <- Forms]);
        _ -> maps:keys(Local)
    end.

%% What the compiler warns of, and what modules say themselves.
deprecated(Forms) ->
    Warnings = case erl_lint:module(Forms) of
                   {ok, Found} -> Found;
                   {error, _, Found} -> Found
               end,
    [element(2, What) || {_, Items} <- Warnings, {_, erl_lint, What} <- Items, is_tuple(What),
                         element(1, What) =:= deprecated].

is_deprecated({Module, F, A} = Callee, Forms, Warned, #s{module = Module}) ->
    lists:member(Callee, Warned) orelse
        is_said([D || {attribute, _, deprecated, D} <- Forms], F, A);
is_deprecated({M, F, A} = Callee, _, Warned, _) ->
    lists:member(Callee, Warned) orelse
        code:ensure_loaded(M) =:= {module, M} andalso
        is_said([D || {deprecated, D} <- M:module_info(attributes)], F, A).

is_said(Said, F, A) ->
    lists:any(fun(module) -> true;
                 (D) when is_tuple(D), tuple_size(D) > 1 ->
                      lists:member(element(1, D), [F, '_']) andalso lists:member(element(2, D), [A, '_']);
                 (_) -> false
              end, lists:flatten(Said)).

%% ---- calls ----

callees({call, _, Called, Args}, S) -> called(Called, Args, S) ++ callees(Args, S) ++ inner(Called, S);
callees({'fun', _, {function, F, A}}, S) -> local(F, A, S);
callees({'fun', _, {function, {atom, _, M}, {atom, _, F}, {integer, _, A}}}, _) -> [{M, F, A}];
callees(Form, S) when is_tuple(Form) -> callees(tuple_to_list(Form), S);
callees([Form | Forms], S) -> callees(Form, S) ++ callees(Forms, S);
callees(_, _) -> [].

inner({atom, _, _}, _) -> [];
inner({remote, _, M, F}, S) -> callees([M, F], S);
inner(Fun, S) -> callees(Fun, S).

called({remote, _, {atom, _, M}, {atom, _, F}}, Args, _) -> [{M, F, length(Args)} | applied(M, F, Args)];
called({atom, _, F}, Args, S) ->
    Names = local(F, length(Args), S),
    Names ++ lists:append([applied(M, N, Args) || {M, N, _} <- Names]);
called(_, _, _) -> [].

local(F, A, #s{module = Module, local = Local, imported = Imported}) ->
    case {Local, Imported} of
        {#{{F, A} := _}, _} -> [{Module, F, A}];
        {_, #{{F, A} := M}} -> [{M, F, A}];
        _ -> [{erlang, F, A}]
    end.

%% apply(m, f, [A, B]), and processes that begin so.
applied(erlang, F, Args) ->
    Starts = [apply, spawn, spawn_link, spawn_monitor, spawn_opt],
    case lists:member(F, Starts) andalso Args of
        [{atom, _, M}, {atom, _, Function}, List | _] -> [{M, Function, N} || N <- known_length(List, 0)];
        _ -> []
    end;
applied(_, _, _) -> [].

known_length({cons, _, _, Tail}, N) -> known_length(Tail, N + 1);
known_length({nil, _}, N) -> [N];
known_length(_, _) -> [].

%% ---- what is there, and what is used ----

is_there({Module, F, A}, Exported, #s{module = Module, local = Local}) ->
    lists:member({F, A}, Exported) orelse is_map_key({F, A}, Local) orelse F =:= module_info andalso A < 2;
is_there({M, F, A}, _, _) ->
    _ = code:ensure_loaded(M),
    erlang:function_exported(M, F, A) orelse erlang:is_builtin(M, F, A).

unused(Calls, Exported, Forms, #s{module = Module, local = Local}) ->
    OnLoad = [Name || {attribute, _, on_load, Name} <- Forms],
    Used = reached([{Module, F, A} || {F, A} <- Exported ++ OnLoad], maps:groups_from_list(
                      fun({Caller, _}) -> Caller end, fun({_, Callee}) -> Callee end, Calls), #{}),
    lists:sort([{Module, F, A} || {F, A} <- maps:keys(Local), not is_map_key({Module, F, A}, Used)]).

reached([Name | Names], Calls, Seen) when not is_map_key(Name, Seen) ->
    reached(maps:get(Name, Calls, []) ++ Names, Calls, Seen#{Name => []});
reached([_ | Names], Calls, Seen) -> reached(Names, Calls, Seen);
reached([], _, Seen) -> Seen.
