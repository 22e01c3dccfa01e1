%% data_ops.erl: times operations of the library on data and text.
%%
%%     muster run tests/bench/programs/library/data_ops.erl [WORD]
%%
%% Prints a line for each operation (those whose name contains WORD): its name, a repetition count,
%% microseconds (the fastest of five turns), and a hash of its result. It runs for a while before it is
%% timed.
-module(data_ops).
-export([main/1]).

main([]) -> main([""]);
main([Word]) ->
    [measure(Name, Times, F) || {Name, Times, F} <- operations(), string:find(Name, Word) =/= nomatch],
    ok.

measure(Name, Times, F) ->
    Self = self(),
    {Pid, Ref} = spawn_monitor(fun() -> Self ! {timed, self(), timed(Times, F)} end),
    receive
        {timed, Pid, {Microseconds, Hash}} ->
            io:format("~s ~w ~w ~w~n", [Name, Times, Microseconds, Hash]);
        {'DOWN', Ref, process, Pid, Reason} ->
            io:format("~s ~w failed ~0p~n", [Name, Times, Reason])
    end.

%% The fastest of five turns.
timed(Times, F) ->
    warm_up(F, erlang:monotonic_time(millisecond) + 30),
    garbage_collect(),
    {lists:min([turn(Times, F) || _ <- lists:seq(1, 5)]), erlang:phash2(F())}.

warm_up(F, Until) ->
    F(),
    case erlang:monotonic_time(millisecond) < Until of
        true -> warm_up(F, Until);
        false -> ok
    end.

turn(Times, F) ->
    Start = erlang:monotonic_time(microsecond),
    repeat(Times, F),
    erlang:monotonic_time(microsecond) - Start.

repeat(1, F) -> F();
repeat(N, F) -> F(), repeat(N - 1, F).

%% The same pseudo-random numbers everywhere.
numbers(N, Most) -> numbers(N, Most, 12345, []).

numbers(0, _, _, Out) -> Out;
numbers(N, Most, X, Out) ->
    Y = (X * 1103515245 + 12345) band 16#7FFFFFFF,
    numbers(N - 1, Most, Y, [(Y bsr 8) rem Most | Out]).

operations() ->
    lists_operations() ++ collection_operations() ++ text_operations() ++ other_operations().

lists_operations() ->
    Ints = numbers(20000, 1000000),
    Sorted = lists:usort(Ints),
    Floats = [I / 7 || I <- Ints],
    Atoms = [list_to_atom("a" ++ integer_to_list(I)) || I <- numbers(5000, 800)],
    Strings = [integer_to_list(I) || I <- lists:sublist(Ints, 5000)],
    Pairs = [{I, I} || I <- Ints],
    Seq = lists:seq(1, 20000),
    Deep = [[I, [I, [I]], I] || I <- lists:seq(1, 5000)],
    Other = [I + 1 || I <- Sorted],
    [{"lists:sort ints", 10, fun() -> lists:sort(Ints) end},
     {"lists:sort sorted", 50, fun() -> lists:sort(Sorted) end},
     {"lists:sort floats", 10, fun() -> lists:sort(Floats) end},
     {"lists:sort strings", 20, fun() -> lists:sort(Strings) end},
     {"lists:sort/2", 5, fun() -> lists:sort(fun(A, B) -> A >= B end, Ints) end},
     {"lists:usort", 10, fun() -> lists:usort(Ints) end},
     {"lists:keysort", 10, fun() -> lists:keysort(1, Pairs) end},
     {"lists:ukeysort", 10, fun() -> lists:ukeysort(1, Pairs) end},
     {"lists:merge", 50, fun() -> lists:merge(Sorted, Other) end},
     {"lists:umerge", 50, fun() -> lists:umerge(Sorted, Other) end},
     {"lists:map", 100, fun() -> lists:map(fun(X) -> X + 1 end, Seq) end},
     {"lists:filter", 100, fun() -> lists:filter(fun(X) -> X rem 3 =:= 0 end, Seq) end},
     {"lists:foldl", 100, fun() -> lists:foldl(fun(X, S) -> X + S end, 0, Seq) end},
     {"lists:mapfoldl", 50, fun() -> lists:mapfoldl(fun(X, S) -> {X, X + S} end, 0, Seq) end},
     {"lists:partition", 50, fun() -> lists:partition(fun(X) -> X rem 2 =:= 0 end, Seq) end},
     {"lists:zip", 100, fun() -> lists:zip(Seq, Seq) end},
     {"lists:unzip", 100, fun() -> lists:unzip(Pairs) end},
     {"lists:flatten", 50, fun() -> lists:flatten(Deep) end},
     {"lists:flatlength", 100, fun() -> lists:flatlength(Deep) end},
     {"lists:append/1", 100, fun() -> lists:append(Strings) end},
     {"lists:reverse", 200, fun() -> lists:reverse(Seq) end},
     {"lists:nth", 500, fun() -> lists:nth(15000, Seq) end},
     {"lists:nthtail", 500, fun() -> lists:nthtail(15000, Seq) end},
     {"lists:last", 500, fun() -> lists:last(Seq) end},
     {"lists:sum", 300, fun() -> lists:sum(Seq) end},
     {"lists:max", 300, fun() -> lists:max(Ints) end},
     {"lists:member", 500, fun() -> lists:member(15000, Seq) end},
     {"lists:keyfind", 300, fun() -> lists:keyfind(x, 1, Pairs) end},
     {"lists:keydelete", 100, fun() -> lists:keydelete(x, 1, Pairs) end},
     {"lists:keyreplace", 100, fun() -> lists:keyreplace(hd(Ints), 1, lists:reverse(Pairs), {1, 1}) end},
     {"lists:keystore", 100, fun() -> lists:keystore(x, 1, Pairs, {x, 1}) end},
     {"lists:delete", 200, fun() -> lists:delete(x, Seq) end},
     {"lists:seq", 200, fun() -> lists:seq(1, 20000) end},
     {"lists:duplicate", 200, fun() -> lists:duplicate(20000, x) end},
     {"lists:sublist", 200, fun() -> lists:sublist(Seq, 15000) end},
     {"lists:split", 200, fun() -> lists:split(15000, Seq) end},
     {"lists:join", 200, fun() -> lists:join($,, Seq) end},
     {"lists:enumerate", 200, fun() -> lists:enumerate(Seq) end},
     {"lists:uniq", 10, fun() -> lists:uniq(Atoms) end},
     {"lists:usort atoms", 10, fun() -> lists:usort(Atoms) end},
     {"lists:takewhile", 100, fun() -> lists:takewhile(fun(X) -> X < 15000 end, Seq) end},
     {"lists:all", 100, fun() -> lists:all(fun(X) -> X > 0 end, Seq) end},
     {"lists:prefix", 200, fun() -> lists:prefix(Seq, Seq) end},
     {"lists:concat", 50, fun() -> lists:concat([a, 1, "b", 2.5, c]) end},
     {"lists:subtract", 50, fun() -> Ints -- Other end}].

collection_operations() ->
    Keys = numbers(10000, 1000000),
    Pairs = [{K, K} || K <- Keys],
    Few = lists:seq(1, 20),
    Map = maps:from_list(Pairs),
    Small = maps:from_list([{K, K} || K <- Few]),
    Tree = lists:foldl(fun({K, V}, T) -> gb_trees:enter(K, V, T) end, gb_trees:empty(), Pairs),
    GbSet = gb_sets:from_list(Keys),
    Odd = gb_sets:from_list([K || K <- Keys, K rem 2 =:= 1]),
    Dict = dict:from_list(Pairs),
    Set = sets:from_list(Keys),
    Set2 = sets:from_list(Keys, [{version, 2}]),
    OddSet2 = sets:from_list([K || K <- Keys, K rem 2 =:= 1], [{version, 2}]),
    Ordset = ordsets:from_list(Keys),
    OddOrdset = ordsets:from_list([K || K <- Keys, K rem 2 =:= 1]),
    Orddict = orddict:from_list([{K, K} || K <- lists:seq(1, 200)]),
    Array = array:from_list(lists:seq(1, 10000)),
    Queue = queue:from_list(Keys),
    Props = [{K, K} || K <- lists:seq(1, 100)] ++ [x, y],
    Each = fun(F) -> fun() -> lists:foreach(F, Keys) end end,
    [{"maps:map", 20, fun() -> maps:size(maps:map(fun(_, V) -> V + 1 end, Map)) end},
     {"maps:map small", 5000, fun() -> maps:map(fun(_, V) -> V + 1 end, Small) end},
     {"maps:filter", 20, fun() -> maps:size(maps:filter(fun(K, _) -> K rem 2 =:= 0 end, Map)) end},
     {"maps:fold", 50, fun() -> maps:fold(fun(_, V, S) -> S + V end, 0, Map) end},
     {"maps:fold small", 5000, fun() -> maps:fold(fun(_, V, S) -> S + V end, 0, Small) end},
     {"maps:to_list small", 10000, fun() -> maps:to_list(Small) end},
     {"maps:from_list", 20, fun() -> maps:size(maps:from_list(Pairs)) end},
     {"maps:update_with", 5, Each(fun(K) -> maps:update_with(K, fun(V) -> V + 1 end, Map) end)},
     {"maps:with", 20, fun() -> maps:size(maps:with(Keys, Map)) end},
     {"maps:without", 20, fun() -> maps:size(maps:without(Few, Map)) end},
     {"maps:merge_with", 20, fun() -> maps:size(maps:merge_with(fun(_, A, B) -> A + B end, Map, Small)) end},
     {"maps:groups_from_list", 10, fun() -> maps:size(maps:groups_from_list(fun(K) -> K rem 100 end, Keys)) end},
     {"maps:iterator", 20, fun() -> iterate(maps:next(maps:iterator(Map)), 0) end},
     {"gb_trees:enter", 2, fun() -> lists:foldl(fun({K, V}, T) -> gb_trees:enter(K, V, T) end, gb_trees:empty(), Pairs) end},
     {"gb_trees:lookup", 10, Each(fun(K) -> gb_trees:lookup(K, Tree) end)},
     {"gb_trees:update", 5, Each(fun(K) -> gb_trees:update(K, x, Tree) end)},
     {"gb_trees:delete", 2, fun() -> lists:foldl(fun gb_trees:delete_any/2, Tree, Keys) end},
     {"gb_trees:take_smallest", 2, fun() -> drain(Tree) end},
     {"gb_trees:iterator", 10, fun() -> visit(gb_trees:next(gb_trees:iterator(Tree)), 0) end},
     {"gb_trees:to_list", 20, fun() -> gb_trees:to_list(Tree) end},
     {"gb_sets:add", 2, fun() -> lists:foldl(fun gb_sets:add/2, gb_sets:new(), Keys) end},
     {"gb_sets:is_element", 10, Each(fun(K) -> gb_sets:is_element(K, Odd) end)},
     {"gb_sets:union", 10, fun() -> gb_sets:to_list(gb_sets:union(GbSet, Odd)) end},
     {"gb_sets:difference", 10, fun() -> gb_sets:to_list(gb_sets:difference(GbSet, Odd)) end},
     {"dict:store", 2, fun() -> dict:size(lists:foldl(fun({K, V}, D) -> dict:store(K, V, D) end, dict:new(), Pairs)) end},
     {"dict:fetch", 10, Each(fun(K) -> dict:fetch(K, Dict) end)},
     {"dict:update_counter", 2, fun() -> dict:size(lists:foldl(fun(K, D) -> dict:update_counter(K, 1, D) end, dict:new(), Keys)) end},
     {"dict:fold", 20, fun() -> dict:fold(fun(_, V, S) -> S + V end, 0, Dict) end},
     {"sets:add_element", 2, fun() -> sets:size(lists:foldl(fun sets:add_element/2, sets:new(), Keys)) end},
     {"sets:is_element", 10, Each(fun(K) -> sets:is_element(K, Set) end)},
     {"sets v2:add_element", 5, fun() -> sets:size(lists:foldl(fun sets:add_element/2, sets:new([{version, 2}]), Keys)) end},
     {"sets v2:union", 10, fun() -> sets:size(sets:union(Set2, OddSet2)) end},
     {"sets v2:subtract", 10, fun() -> sets:size(sets:subtract(Set2, OddSet2)) end},
     {"sets v2:intersection", 10, fun() -> sets:size(sets:intersection(Set2, OddSet2)) end},
     {"ordsets:union", 50, fun() -> ordsets:union(Ordset, OddOrdset) end},
     {"ordsets:subtract", 50, fun() -> ordsets:subtract(Ordset, OddOrdset) end},
     {"ordsets:intersection", 50, fun() -> ordsets:intersection(Ordset, OddOrdset) end},
     {"ordsets:add_element", 200, fun() -> ordsets:add_element(500000, Ordset) end},
     {"orddict:store", 500, fun() -> orddict:store(100, x, Orddict) end},
     {"orddict:fetch", 2000, fun() -> orddict:fetch(150, Orddict) end},
     {"orddict:update", 500, fun() -> orddict:update(150, fun(V) -> V + 1 end, 0, Orddict) end},
     {"array:set", 5, fun() -> array:size(lists:foldl(fun(I, A) -> array:set(I, x, A) end, Array, lists:seq(0, 9999))) end},
     {"array:get", 10, fun() -> lists:foldl(fun(I, S) -> S + array:get(I, Array) end, 0, lists:seq(0, 9999)) end},
     {"array:foldl", 50, fun() -> array:foldl(fun(_, V, S) -> S + V end, 0, Array) end},
     {"array:from_list", 50, fun() -> array:size(array:from_list(Keys)) end},
     {"queue:in", 20, fun() -> queue:len(lists:foldl(fun queue:in/2, queue:new(), Keys)) end},
     {"queue:out", 20, fun() -> drain_queue(queue:out(Queue), 0) end},
     {"proplists:get_value", 5000, fun() -> proplists:get_value(90, Props) end},
     {"proplists:get_bool", 5000, fun() -> proplists:get_bool(y, Props) end},
     {"proplists:delete", 2000, fun() -> proplists:delete(90, Props) end}].

iterate(none, S) -> S;
iterate({_, V, I}, S) -> iterate(maps:next(I), S + V).

visit(none, S) -> S;
visit({_, V, I}, S) -> visit(gb_trees:next(I), S + V).

drain(T) ->
    case gb_trees:is_empty(T) of
        true -> ok;
        false -> {_, _, T1} = gb_trees:take_smallest(T), drain(T1)
    end.

drain_queue({empty, _}, N) -> N;
drain_queue({{value, V}, Q}, N) -> drain_queue(queue:out(Q), N + V).

text_operations() ->
    Line = lists:append(lists:duplicate(200, "the quick brown fox, jumps over the lazy dog; ")),
    Bin = unicode:characters_to_binary(Line),
    Wide = lists:append(lists:duplicate(200, "Gr" ++ [252, 223] ++ "e aus K" ++ [246] ++ "ln " ++ [8364, 945, 946] ++ " e" ++ [769] ++ "t")),
    WideBin = unicode:characters_to_binary(Wide),
    Terms = [{item, I, #{name => <<"n">>, tags => [a, "text", 1.5]}} || I <- lists:seq(1, 200)],
    Floats = [X / 977 || X <- numbers(2000, 1000000)],
    Ints = numbers(2000, 1000000000),
    [{"string:length", 50, fun() -> string:length(Line) end},
     {"string:length wide", 20, fun() -> string:length(Wide) end},
     {"string:length binary", 50, fun() -> string:length(Bin) end},
     {"string:split all", 50, fun() -> string:split(Line, ", ", all) end},
     {"string:split binary", 50, fun() -> string:split(Bin, <<", ">>, all) end},
     {"string:lexemes", 50, fun() -> string:lexemes(Line, " ,;") end},
     {"string:lexemes binary", 50, fun() -> string:lexemes(Bin, " ,;") end},
     {"string:tokens", 50, fun() -> string:tokens(Line, " ,;") end},
     {"string:trim", 500, fun() -> string:trim("   " ++ lists:sublist(Line, 100) ++ "  \n") end},
     {"string:trim binary", 500, fun() -> string:trim(<<"   some words in the middle  \n">>) end},
     {"string:uppercase", 50, fun() -> string:uppercase(Line) end},
     {"string:uppercase binary", 50, fun() -> string:uppercase(Bin) end},
     {"string:lowercase wide", 20, fun() -> string:lowercase(Wide) end},
     {"string:casefold", 50, fun() -> string:casefold(Line) end},
     {"string:to_upper", 100, fun() -> string:to_upper(Line) end},
     {"string:find", 100, fun() -> string:find(Line, "zebra") end},
     {"string:find binary", 100, fun() -> string:find(Bin, <<"zebra">>) end},
     {"string:replace all", 20, fun() -> string:replace(Line, "fox", "cat", all) end},
     {"string:slice", 100, fun() -> string:slice(Line, 5000, 100) end},
     {"string:reverse", 50, fun() -> string:reverse(Line) end},
     {"string:equal", 100, fun() -> string:equal(Line, Bin) end},
     {"string:pad", 1000, fun() -> string:pad("abc", 40, both, $*) end},
     {"string:to_graphemes", 20, fun() -> string:to_graphemes(Wide) end},
     {"string:prefix", 2000, fun() -> string:prefix(Line, "the quick brown") end},
     {"string:to_integer", 5000, fun() -> string:to_integer("12345678 rest") end},
     {"string:to_float", 5000, fun() -> string:to_float("1234.5678e3 rest") end},
     {"string:join", 500, fun() -> string:join(["one", "two", "three", "four"], ", ") end},
     {"string:str", 100, fun() -> string:str(Line, "zebra") end},
     {"unicode:to_binary", 100, fun() -> unicode:characters_to_binary(Wide) end},
     {"unicode:to_list", 100, fun() -> unicode:characters_to_list(WideBin) end},
     {"unicode:to_nfd", 20, fun() -> unicode:characters_to_nfd_binary(Wide) end},
     {"unicode:to_nfc list", 20, fun() -> unicode:characters_to_nfc_list(Wide) end},
     {"io_lib:format ~w", 500, fun() -> lists:flatten(io_lib:format("~w ~w~n", [{a, 1, "x"}, 12])) end},
     {"io_lib:format ~s~p", 500, fun() -> lists:flatten(io_lib:format("~s: ~p (~b)~n", ["name", {ok, [1, 2]}, 17])) end},
     {"io_lib:format ~f", 500, fun() -> io_lib:format("~.2f ~10.3e ~g", [3.14159, 2.5e10, 1.5]) end},
     {"io_lib:format ~ts", 500, fun() -> lists:flatten(io_lib:format("~ts|~20ts|~-20ts|", [<<"n", 195, 164>>, "abc", "def"])) end},
     {"~p of 200 terms", 5, fun() -> iolist_size(io_lib:format("~p", [Terms])) end},
     {"~0p of 200 terms", 5, fun() -> iolist_size(io_lib:format("~0p", [Terms])) end},
     {"~P of 200 terms", 5, fun() -> iolist_size(io_lib:format("~P", [Terms, 50])) end},
     {"~w of 200 terms", 5, fun() -> iolist_size(io_lib:format("~w", [Terms])) end},
     {"~p of a string", 50, fun() -> iolist_size(io_lib:format("~p", [Line])) end},
     {"io_lib:fread", 500, fun() -> io_lib:fread("~d ~f ~s", "12 1.5 word") end},
     {"float_to_list short", 5, fun() -> [float_to_list(F, [short]) || F <- Floats] end},
     {"float_to_binary decimals", 5, fun() -> [float_to_binary(F, [{decimals, 4}]) || F <- Floats] end},
     {"list_to_float", 5, fun() -> [list_to_float(S) || S <- [float_to_list(F) || F <- Floats]] end},
     {"integer_to_list", 10, fun() -> [integer_to_list(I) || I <- Ints] end},
     {"integer_to_binary 16", 10, fun() -> [integer_to_binary(I, 16) || I <- Ints] end},
     {"list_to_integer", 10, fun() -> [list_to_integer(S) || S <- [integer_to_list(I) || I <- Ints]] end}].

other_operations() ->
    Bytes = list_to_binary([I band 255 || I <- numbers(30000, 1000000)]),
    Encoded = base64:encode(Bytes),
    Text = list_to_binary(lists:duplicate(300, "key=value, other = 12; third=\"x\"\n")),
    {ok, Re} = re:compile("(\\w+)\\s*=\\s*(\\d+)"),
    Url = "https://user@example.org:8042/over/there?name=ferret&x=%C3%A4#nose",
    Graph = graph(200),
    Rand = rand:seed_s(exsss, 42),
    [{"base64:encode", 50, fun() -> base64:encode(Bytes) end},
     {"base64:decode", 50, fun() -> base64:decode(Encoded) end},
     {"re:run all", 10, fun() -> re:run(Text, Re, [global, {capture, all, binary}]) end},
     {"re:run one", 2000, fun() -> re:run("some words a=1 and so on", Re, [{capture, all, list}]) end},
     {"re:replace", 10, fun() -> iolist_to_binary(re:replace(Text, Re, "\\2=\\1", [global])) end},
     {"re:split", 10, fun() -> re:split(Text, "\n") end},
     {"rand:uniform", 5, fun() -> element(1, uniforms(10000, Rand, 0)) end},
     {"rand:uniform/1", 5, fun() -> element(1, ranged(10000, Rand, 0)) end},
     {"rand:normal", 5, fun() -> element(1, normals(10000, Rand, 0)) end},
     {"uri_string:parse", 500, fun() -> uri_string:parse(Url) end},
     {"uri_string:normalize", 200, fun() -> uri_string:normalize(Url) end},
     {"uri_string:dissect_query", 500, fun() -> uri_string:dissect_query("a=1&b=2+3&c=%20x") end},
     {"uri_string:quote", 500, fun() -> uri_string:quote("some text / with ? reserved & characters") end},
     {"binary:split global", 50, fun() -> binary:split(Text, <<"\n">>, [global]) end},
     {"binary:matches", 50, fun() -> binary:matches(Text, [<<"key">>, <<"third">>]) end},
     {"binary:replace", 50, fun() -> binary:replace(Text, <<"value">>, <<"v">>, [global]) end},
     {"calendar:rfc3339", 500, fun() -> calendar:rfc3339_to_system_time("2024-05-06T07:08:09.123456+02:00", [{unit, microsecond}]) end},
     {"calendar:universal_time", 1000, fun() -> calendar:system_time_to_universal_time(1700000000, second) end},
     {"calendar:day_of_the_week", 1000, fun() -> calendar:day_of_the_week(2024, 5, 6) end},
     {"digraph_utils:topsort", 5, fun() -> length(digraph_utils:topsort(graph_of(Graph))) end},
     {"sofs:relation", 20, fun() -> sofs:to_external(sofs:relation_to_family(sofs:relation([{I rem 50, I} || I <- lists:seq(1, 1000)]))) end},
     {"unicode_util:gc", 500, fun() -> unicode_util:gc("abc") end}].

uniforms(0, S, Sum) -> {Sum, S};
uniforms(N, S0, Sum) -> {X, S} = rand:uniform_s(S0), uniforms(N - 1, S, Sum + X).

ranged(0, S, Sum) -> {Sum, S};
ranged(N, S0, Sum) -> {X, S} = rand:uniform_s(1000, S0), ranged(N - 1, S, Sum + X).

normals(0, S, Sum) -> {Sum, S};
normals(N, S0, Sum) -> {X, S} = rand:normal_s(S0), normals(N - 1, S, Sum + X).

graph(N) -> [{I, J} || I <- lists:seq(1, N), J <- [I + 1, I + 7, I * 2], J =< N].

graph_of(Edges) ->
    G = digraph:new(),
    [begin digraph:add_vertex(G, A), digraph:add_vertex(G, B), digraph:add_edge(G, A, B) end || {A, B} <- Edges],
    G.
