%% What c:i/0 and its kin print: processes, names, documentation; and system_info's texts.
-module(muster_system_info).
-export([processes/1, names/0, doc/4, description/1]).

-include_lib("kernel/include/eep48.hrl").

-type kind() :: function | type | callback.

%% Two lines each, and what they are together.
-spec processes([pid()]) -> iolist().
processes(Pids) ->
    Rows = [Row || Pid <- Pids, Row <- process(Pid)],
    Sum = fun(N) -> integer_to_list(lists:sum([element(N, Row) || {_, Row} <- Rows])) end,
    [lines({"Pid", "Initial Call", "Heap", "Reds", "Msgs"}, {"Registered", "Current Function", "Stack"}),
     [Text || {Text, _} <- Rows],
     lines({"Total", "", Sum(1), Sum(2), Sum(3)}, {"", "", Sum(4)})].

process(Pid) ->
    Items = [initial_call, current_function, registered_name, heap_size, total_heap_size, stack_size, reductions,
             message_queue_len],
    case process_info(Pid, Items) of
        undefined -> [];
        Info ->
            #{heap_size := Heap, stack_size := Stack, reductions := Reds, message_queue_len := Msgs} = Map =
                maps:from_list(Info),
            Numbers = [integer_to_list(N) || N <- [Heap, Reds, Msgs, Stack]],
            [HeapText, RedsText, MsgsText, StackText] = Numbers,
            [{lines({pid_to_list(Pid), mfa(initial_call(Pid, Map)), HeapText, RedsText, MsgsText},
                    {name(Map), mfa(maps:get(current_function, Map)), StackText}),
              {Heap, Reds, Msgs, Stack}}]
    end.

%% As proc_lib knows it.
initial_call(Pid, #{initial_call := Call}) ->
    case Call of
        {proc_lib, init_p, _} -> proc_lib:translate_initial_call(Pid);
        _ -> Call
    end.

name(#{registered_name := []}) -> "";
name(#{registered_name := Name}) -> io_lib:format("~tw", [Name]).

mfa({M, F, A}) when is_integer(A) -> io_lib:format("~tw:~tw/~w", [M, F, A]);
mfa({M, F, A}) when is_list(A) -> mfa({M, F, length(A)});
mfa(Other) -> io_lib:format("~tw", [Other]).

lines({Pid, Call, Heap, Reds, Msgs}, {Name, Function, Stack}) ->
    [io_lib:format("~-21ts ~-33ts ~8ts ~8ts ~4ts~n", [Pid, Call, Heap, Reds, Msgs]),
     io_lib:format("~-21ts ~-33ts ~8ts~n", [Name, Function, Stack])].

%% The registered processes and ports.
-spec names() -> iolist().
names() ->
    Found = [{Name, whereis(Name)} || Name <- lists:sort(registered())],
    [io_lib:format("~n** Registered procs on node ~tw **~n", [node()]),
     row("Name", "Pid", "Initial Call", "Reds", "Msgs"),
     [named(Name, Pid) || {Name, Pid} <- Found, is_pid(Pid)],
     io_lib:format("~n** Registered ports on node ~tw **~n", [node()]),
     io_lib:format("~-21ts ~-15ts ~-40ts~n", ["Name", "Id", "Command"]),
     [io_lib:format("~-21tw ~-15w ~-40ts~n", [Name, Port, command(Port)]) || {Name, Port} <- Found, is_port(Port)]].

named(Name, Pid) ->
    case process_info(Pid, [initial_call, reductions, message_queue_len]) of
        undefined -> "";
        [{_, Call}, {_, Reds}, {_, Msgs}] ->
            row(io_lib:format("~tw", [Name]), pid_to_list(Pid), mfa(initial_call(Pid, #{initial_call => Call})),
                integer_to_list(Reds), integer_to_list(Msgs))
    end.

row(Name, Pid, Call, Reds, Msgs) ->
    io_lib:format("~-21ts ~-12ts ~-25ts ~12ts ~4ts~n", [Name, Pid, Call, Reds, Msgs]).

command(Port) ->
    case erlang:port_info(Port, name) of
        {name, Command} -> Command;
        undefined -> ""
    end.

%% The documentation of a module (Name: none), of all arities of a name, or of one.
-spec doc(module(), kind(), atom(), arity() | any) -> {ok, iolist()} | {error, term()}.
doc(Module, Kind, Name, Arity) ->
    case code:get_doc(Module) of
        {ok, #docs_v1{format = Format}} when Format =/= <<"text/markdown">>, Format =/= <<"text/plain">> ->
            {error, {unknown_format, Format}};
        {ok, #docs_v1{module_doc = Doc, docs = Docs}} when Name =:= none, Kind =:= function ->
            All = [["  ", Signature, "\n"] || {{function, _, _}, _, [Signature | _], D, _} <- Docs, D =/= hidden],
            {ok, [io_lib:format("\n\t~ts\n\n", [Module]), text(Doc), "\n\n", All]};
        {ok, #docs_v1{docs = Docs}} ->
            Found = [Entry || {{K, N, A}, _, _, _, _} = Entry <- Docs, K =:= Kind, N =:= Name orelse Name =:= none,
                              A =:= Arity orelse Arity =:= any],
            case Found of
                [] -> {error, list_to_atom(atom_to_list(Kind) ++ "_missing")};
                _ -> {ok, [["\n", signature(Signatures, Meta), "\n", text(Doc), "\n"]
                           || {_, _, Signatures, Doc, Meta} <- Found]}
            end;
        {error, _} = Error -> Error
    end.

%% The specification, where the documentation carries it.
signature(_, #{signature := Specs}) ->
    [["  ", string:replace(string:trim(erl_pp:attribute(Spec)), "\n", "\n  ", all), "\n"] || Spec <- Specs];
signature(Signatures, _) -> [["  ", S, "\n"] || S <- Signatures].

text(#{<<"en">> := Text}) -> Text;
text(_) -> "".

%% ---- erlang:system_info(dist | info | loaded | procs) ----

%% In the form that crash dumps of OTP have.
-spec description(dist | info | loaded | procs) -> binary().
description(dist) -> <<"=node:'nonode@nohost'\n=no_distribution\n">>;
description(loaded) ->
    Sizes = [{M, code_size(M)} || {M, _} <- code:all_loaded()],
    unicode:characters_to_binary(
      [io_lib:format("Current code: ~w~nOld code: 0~n", [erlang:memory(code)]),
       [io_lib:format("~tw ~w~n", [M, Size]) || {M, Size} <- Sizes]]);
description(procs) -> unicode:characters_to_binary([proc(Pid) || Pid <- processes()]);
description(info) ->
    Atoms = [{limit, erlang:system_info(atom_limit)}, {entries, erlang:system_info(atom_count)}],
    Parts = [{memory, erlang:memory()}, {"index_table:atom_tab", Atoms}],
    unicode:characters_to_binary([[io_lib:format("=~ts~n", [Name]), [io_lib:format("~w: ~w~n", [K, V]) || {K, V} <- Items]]
                                  || {Name, Items} <- Parts]).

code_size(Module) ->
    case code:get_object_code(Module) of
        {Module, Code, _} -> byte_size(Code);
        error -> 0
    end.

proc(Pid) ->
    Items = [status, registered_name, initial_call, current_function, parent, message_queue_len, links, reductions,
             heap_size, stack_size, total_heap_size],
    case process_info(Pid, Items) of
        undefined -> [];
        [{_, Status}, {_, Name}, {_, Initial}, {_, Current}, {_, Parent}, {_, Messages}, {_, Links}, {_, Reductions},
         {_, Heap}, {_, Stack}, {_, Total}] ->
            [io_lib:format("=proc:~w~nState: ~ts~n", [Pid, string:titlecase(atom_to_list(Status))]),
             [io_lib:format("Name: ~tw~n", [Name]) || Name =/= []],
             io_lib:format("Spawned as: ~ts~nCurrent call: ~ts~nSpawned by: ~w~n", [mfa(Initial), mfa(Current), Parent]),
             io_lib:format("Message queue length: ~w~nLink list: ~w~nReductions: ~w~n", [Messages, Links, Reductions]),
             io_lib:format("Stack+heap: ~w~nHeap used: ~w~nStack: ~w~n", [Total, Heap, Stack])]
    end.
