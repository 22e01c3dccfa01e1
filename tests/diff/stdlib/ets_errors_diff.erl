%% What is said about calls of ets that fail: of tables that are not there, or not the caller's, or of
%% another type, of keys that are not in them, and of wrong arguments.
-module(ets_errors_diff).
-include("diff.hrl").

run() ->
    Self = self(),
    Other = spawn(fun() ->
        [ets:insert(ets:new(Access, [named_table, Access]), {a, 1}) || Access <- [private, protected, public]],
        Self ! ready,
        receive stop -> ok end
    end),
    receive ready -> ok end,
    [ets:new(Type, [named_table, Type]) || Type <- [set, ordered_set, bag]],
    ets:new(second, [named_table, {keypos, 2}]),
    Gone = ets:new(gone, []),
    ets:delete(Gone),
    [begin
         fill(),
         explained(Table, Function, Args)
     end || {Label, Table} <- [{T, T} || T <- [set, ordered_set, bag, second, private, protected, public, nowhere, 7, "x"]] ++
                              [{gone, Gone}, {reference, make_ref()}],
            {Function, Args} <- calls(Label, Table)],
    [explained(none, Function, Args) || {Function, Args} <- calls_without_table()],
    Other ! stop.

fill() ->
    [ets:insert(T, [{a, 1, x, {}}, {b, 2.5}, {c}]) || T <- [set, ordered_set, bag]],
    ets:insert(second, {1, a, 5}).

explained(Table, Function, Args) ->
    line([text(Function), text([if A =:= Table, not is_atom(A) -> table; true -> A end || A <- Args]), " -> ",
          text(explain(Function, Args))]).

explain(Function, Args) ->
    try apply(ets, Function, Args) of
        _ -> fine
    catch
        Class:Reason:Stack ->
            {ets, Name, _, Info} = hd(Stack),
            Where = maps:from_list(proplists:delete(file, proplists:delete(line, Info))),
            #{module := Module} = maps:get(error_info, Where, #{module => none}),
            {Class, Reason, Name, [{I, binary_to_atom(iolist_to_binary(Text))} || {I, Text} <- lists:sort(maps:to_list(Module:format_error(Reason, Stack)))]}
    end.

calls(Label, T) ->
    Specification = [{{'$1', '_'}, [], ['$1']}],
    Dead = spawn(fun() -> ok end),
    [timer:sleep(1) || _ <- lists:seq(1, 100), is_process_alive(Dead)],
    [{delete, [T, a]}, {delete_object, [T, x]}, {delete_object, [T, {}]}, {delete_object, [T, {a}]}, {first, [T]}, {last, [T]},
     {next, [T, nokey]}, {prev, [T, nokey]}, {give_away, [T, self(), x]}, {give_away, [T, x, x]}, {give_away, [T, Dead, x]},
     {insert, [T, {}]}, {insert, [T, x]}, {insert, [T, [{x} | y]]}, {insert, [T, [{a}, b]]}, {insert_new, [T, {a, w}]},
     {insert_new, [T, 5]}, {lookup, [T, a]}, {lookup_element, [T, a, 1]}, {lookup_element, [T, a, 9]},
     {lookup_element, [T, a, 0]}, {lookup_element, [T, a, x]}, {lookup_element, [T, nokey, 1]}, {match, [T, '_', 0]},
     {match, [T, '_', 1]}, {match_object, [T, '_', x]}, {match_object, [T, '_']}, {member, [T, a]}, {rename, [T, set]},
     {rename, [T, 9]}, {safe_fixtable, [T, 7]}, {select, [T, Specification]}, {select, [T, bad]}, {select, [T, [{x}]]},
     {select, [T, Specification, 0]}, {select, [T, bad, x]}, {select_count, [T, x]}, {select_replace, [T, Specification]},
     {select_replace, [T, x]}, {select_reverse, [T, x]}, {select_reverse, [T, Specification, -3]}, {setopts, [T, x]},
     {setopts, [T, [{protection, x}]]}, {setopts, [T, {heir, x, y}]}, {slot, [T, -1]}, {slot, [T, x]}, {slot, [T, 100000]},
     {take, [T, a]}, {update_counter, [T, nokey, 1]}, {update_counter, [T, b, {2, 1}]}, {update_counter, [T, nokey, {2, 1}, {nokey}]},
     {info, [T, foo]}, {update_element, [T, nokey, x]}, {update_element, [T, a, x]}, {update_element, [T, a, {0, x}]},
     {update_element, [T, a, [{2, 1}, {9, 1}]]}] ++
    [{update_counter, [T, a, Update]}
     || Update <- [x, {1, 1}, {3, 1}, {9, 1}, {0, 1}, {2, x}, [{2, 1}, {3, 1}], {2, 1, 5, x}], Label =/= second] ++
    [{rename, [T, T]} || is_atom(T)].

calls_without_table() ->
    [{match, [x]}, {match_object, [x]}, {select, [x]}, {select_reverse, [x]}, {match_spec_compile, [x]},
     {match_spec_compile, [[{x}]]}, {whereis, [7]}, {new, [7, []]}, {new, [set, [named_table]]},
     {new, [set, [named_table, nothing]]}, {new, [n, x]}, {new, [n, [set | x]]}] ++
    [{new, [n, [Option]]} || Option <- [named_tablex, {keypos, 0}, {heir, x, y}, {write_concurrency, x}]].
