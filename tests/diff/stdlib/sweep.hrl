%% Sweeps: functions called with arguments drawn from samples of the types they take, and with each
%% argument in turn replaced by samples of wrong ones. A table row {Function, Types} gives the types.
%%
%% A line ends with the outcome; that of an exception has, after the last ` @`, the frame on top of
%% the stack trace and what its error_info says of the arguments. A frame of a function that is not
%% exported is the library's own affair, and so is one of the function called with other arguments: a
%% turn of its loop. It prints as `@hidden`, and what erl hides is not compared.

-include("diff.hrl").

-define(PICKS, 24).

sweep(Module, Table) ->
    [row(Module, Row) || Row <- Table],
    ok.

row(Module, {Function, Types}) -> row(Module, {Function, Types, ?PICKS});
row(Module, {Function, [], _}) -> probe(Module, Function, []);
row(Module, {Function, Types, Picks}) ->
    Pools = [samples(Type) || Type <- Types],
    All = lists:foldl(fun(Pool, N) -> N * length(Pool) end, 1, Pools),
    case All =< Picks * 2 of
        true -> [probe(Module, Function, Args) || Args <- product(Pools)];
        false -> times(Picks, fun() -> probe(Module, Function, [pick(Pool) || Pool <- Pools]) end)
    end,
    [probe(Module, Function, [case J of I -> Wrong; _ -> pick(Pool) end || {J, Pool} <- index(Pools)])
     || {I, Type} <- index(Types), not lists:member(Type, [term, big]), Wrong <- wrong(Type)],
    ok.

index(List) -> lists:zip(lists:seq(1, length(List)), List).

product([]) -> [[]];
product([Pool | Pools]) -> [[X | Rest] || X <- Pool, Rest <- product(Pools)].

probe(Module, Function, Args) ->
    Outcome = try {ok, shown(apply(module(Module), Function, Args))}
    catch
        Class:Reason:Trace -> {Class, shown(Reason), top(Module, turns_hidden(Function, Args, Trace), Reason)}
    end,
    line([atom_to_list(Module), $:, atom_to_list(Function), written(shown(Args)), " -> " | case Outcome of
        {ok, Value} -> written(Value);
        {Class1, Reason1, Frame} -> [atom_to_list(Class1), $\s, written(Reason1), " @", Frame]
    end]).

turns_hidden(F, Args, [{M, F, A, Info} | Trace]) when is_list(A), A =/= Args, length(A) =:= length(Args) ->
    [{M, 'a turn', A, Info} | Trace];
turns_hidden(_, _, Trace) ->
    Trace.

%% By which operation calendar and rand notice what is wrong is their own affair, and where sofs does.
top(sofs, _, _) -> "hidden";
top(Module, [{erlang, _, _, _} | _], _) when Module =:= calendar; Module =:= rand -> "hidden";
top(_, [{M, F, A, Info} | _] = Trace, Reason) ->
    Arity = case A of _ when is_list(A) -> length(A); _ -> A end,
    case erlang:function_exported(M, F, Arity) andalso M =/= ?MODULE of
        true -> [written({M, F, shown(A)}), explained(Info, M, Reason, Trace)];
        false -> "hidden"
    end;
top(_, _, _) -> "none".

explained(Info, Module, Reason, Trace) ->
    case proplists:get_value(error_info, Info) of
        undefined -> "";
        #{} = Map ->
            Format = maps:get(module, Map, Module),
            Text = try Format:(maps:get(function, Map, format_error))(Reason, Trace)
            catch _:_ -> failed
            end,
            case Text of
                #{} -> [io_lib:format(" ~w: ~ts", [K, [case C of $\n -> $;; _ -> C end || C <- unicode:characters_to_list(V)]]) || {K, V} <- lists:sort(maps:to_list(Text))];
                failed -> " @hidden" % erl's own mistake, in a few cases
            end
    end.

%% Structures that are opaque show what they hold.
shown(F) when is_function(F) -> {'fun', arity(F)};
shown([H | T]) -> [shown(H) | shown(T)];
shown(T) when is_tuple(T), tuple_size(T) > 0 ->
    case shown_opaque(T) of
        none -> list_to_tuple([shown(X) || X <- tuple_to_list(T)]);
        Shown -> Shown
    end;
shown(#{type := Type, next := Next}) when is_function(Next) -> {'#handler', Type}; % of rand
shown(M) when is_map(M) -> {'#map', [{shown(K), shown(V)} || {K, V} <- lists:sort(maps:to_list(M))]};
shown(X) -> plain(X).

arity(F) -> {arity, N} = erlang:fun_info(F, arity), N.

shown_opaque(T) when element(1, T) =:= dict, tuple_size(T) > 1 -> {'#dict', try dict:to_list(T) catch _:_ -> bad end};
shown_opaque(T) when element(1, T) =:= set, tuple_size(T) > 1 -> {'#set', try sets:to_list(T) catch _:_ -> bad end};
shown_opaque(T) when element(1, T) =:= array -> {'#array', try {array:to_list(T), array:default(T), array:is_fix(T)} catch _:_ -> bad end};
shown_opaque({N, Tree}) when is_integer(N), N >= 0, Tree =:= nil orelse tuple_size(Tree) =:= 3 -> {'#gb_set', try gb_sets:to_list({N, Tree}) catch _:_ -> {N, Tree} end};
shown_opaque({N, Tree}) when is_integer(N), N > 0, tuple_size(Tree) =:= 4 -> {'#gb_tree', try gb_trees:to_list({N, Tree}) catch _:_ -> {N, Tree} end};
shown_opaque(_) -> none.

%%% Samples

%% What is merged is sorted, or else no list at all.
wrong(Type) when Type =:= sorted; Type =:= distinct; Type =:= sorted_tuples; Type =:= distinct_tuples ->
    odd() -- ["ab", [a | b], [x, y]];
%% Of a fixed type, no wrong ones are tried.
wrong({fixed, _}) -> [];
wrong(set) -> odd() -- [[a | b], [x, y]];
wrong(Type) when Type =:= uri; Type =:= quotable; Type =:= quoted; Type =:= name; Type =:= query -> odd() -- [[a | b], [x, y], #{}, #{k => v}, a, fun() -> ok end, fun(X) -> X end, fun(X, Y) -> X =< Y end];
wrong(uri_map) -> odd() -- [[a | b], [x, y], #{k => v}];
wrong(orddict) -> odd() -- [[x, y], "ab"];
wrong(set2) -> odd() -- [#{k => v}];
wrong(key) -> [X || X <- odd(), not is_function(X)]; % hashes of funs are their own
%% {a, 1} could be a tree.
wrong(Type) when Type =:= gb_set; Type =:= gb_nonempty; Type =:= tree -> odd() -- [{a, 1}];
wrong(_) -> odd().

odd() -> [a, 0, -1, 2.5, [], [a | b], [x, y], "ab", <<"xy">>, <<1:3>>, {}, {a, 1}, #{}, #{k => v}, fun() -> ok end, fun(X) -> X end, fun(X, Y) -> X =< Y end].

samples({one, List}) -> List;
samples({fixed, Type}) -> samples(Type);
samples(term) -> [a, b, 1, 1.0, 0, -5, 2.5, [], [a], "abc", <<>>, <<"bin">>, {}, {a, 1}, {b, 2, c}, #{}, #{a => 1}, 1 bsl 64, [1 | 2], 'A b', [[]]];
samples(key) -> [a, b, c, 1, 2, 1.0, 3, "k", {x, 1}, z, <<"b">>];
samples(atom) -> [a, b, true, false, 'x y', '', undefined];
samples(bool) -> [true, false];
samples(int) -> [0, 1, 2, -1, 7, 100, 255, -300, 1 bsl 30, 1 bsl 59, -(1 bsl 59), (1 bsl 60) - 1, 1 bsl 64, -(1 bsl 70)];
samples(count) -> [0, 1, 2, 3, 5, 8];
samples(place) -> [1, 2, 3, 1, 4, 9, 0];
samples(number) -> [0, 1, -1, 2, 10, 0.0, 1.0, -1.5, 0.1, 1.0e10, 1.0e-10, 3.7, -2.5, 1 bsl 40, 1.0e300, 12345.678];
samples(list) -> [[], [a], [1, 2, 3], [3, 1, 2, 1, 3], [1, 1.0, 2, 2.0, 1], "hello", [a, b, a, c], [[1], [2, 3], []], [{a, 1}, {b, 2}], [c, b, a], [z, 1, "x", {q}, <<>>]];
samples(nonempty) -> tl(samples(list));
samples(sorted) -> [[], [a], [1, 2, 3], [1, 1.0, 2, 2], [a, b, c], "abcz", [1, 3, 5, 7], [2, 2, 2]];
samples(distinct) -> [[], [a], [1, 2, 3], [1, 2.0, 3], [a, b, c], "abcz", [1, 3, 5, 7], [2]];
samples(reverse_distinct) -> [lists:reverse(L) || L <- samples(distinct)];
samples(reverse_sorted) -> [lists:reverse(L) || L <- samples(sorted)];
samples(ints) -> [[], [1], [1, 2, 3], [5, -4, 3, 0], [10, 10, 10], [1 bsl 62, 1], [1.5, 2]];
samples(deep) -> [[], [1, [2, [3, []]], []], [[[[a]]]], [1, 2], ["ab", ["cd"], 5], [[], [[]]]];
samples(list_of_lists) -> [[], [[]], [[1], [2, 3]], ["ab", "cd", ""], [[a], [a, b], [c]]];
samples(sorted_lists) -> [[], [[]], [[1, 2], [2, 3]], [[a], [a, b], [c]], [[1, 4, 7], [2, 5], [3, 6, 9]]];
samples(tuples) -> [[], [{a, 1}], [{b, 2}, {a, 1}, {c, 3}, {a, 4}], [{1, x}, {1.0, y}, {2, z}], [{a, 1, x}, {b, 2, y}], [{a}, {b, 1}], [x, {a, 1}, y, {b, 2}]];
samples(sorted_tuples) -> [[], [{a, 1}], [{a, 1}, {b, 2}, {c, 3}], [{1, x}, {1.0, y}, {2, z}], [{a, 1}, {a, 2}, {b, 1}]];
samples(distinct_tuples) -> [[], [{a, 1}], [{a, 1}, {b, 2}, {c, 3}], [{1, x}, {2, y}, {3, z}], [{b, 2}, {d, 4}]];
samples(reverse_tuples) -> [lists:reverse(L) || L <- samples(distinct_tuples)];
samples(tuple) -> [{a, 1}, {b, 7}, {z, 26}, {a}, {}, {1, 2, 3}];
samples(triples) -> [[], [{1, a, x}], [{1, a, x}, {2, b, y}, {3, c, z}]];
samples(pairs) -> [[], [{a, 1}], [{b, 2}, {a, 1}, {c, 3}, {a, 4}], [{1, x}, {1.0, y}, {2, z}], [{K, K * K} || K <- lists:seq(1, 20)]];
samples(pred) -> [fun(X) -> X > 2 end, fun is_atom/1, fun(_) -> true end, fun(_) -> false end, fun(X) -> X =:= a orelse X =:= 1 end, fun(_) -> maybe_ end];
samples(fun1) -> [fun(X) -> {X} end, fun(X) -> X end, fun(X) -> [X, X] end, fun(X) -> X + 1 end, fun(_) -> throw(out) end];
samples(map_pred) -> [fun(_, _) -> true end, fun(_, _) -> false end, fun(K, V) -> K > V end, fun(K, _) -> is_atom(K) end, fun(_, _) -> x end];
samples(map_fun) -> [fun(K, V) -> {K, V} end, fun(_, V) -> V end, fun(K, V) -> K + V end];
samples(filtermap1) -> [fun(_) -> true end, fun(_) -> false end, fun(X) -> {true, {X}} end, fun(X) -> X > 2 end, fun(X) -> X end];
samples(filtermap2) -> [fun(_, _) -> true end, fun(_, _) -> false end, fun(K, V) -> {true, {K, V}} end, fun(K, V) -> K > V end, fun(K, _) -> K end];
samples(fold2) -> [fun(X, Acc) -> [X | Acc] end, fun(_, Acc) -> Acc end, fun(X, Acc) -> X + Acc end];
samples(fold3) -> [fun(K, V, Acc) -> [{K, V} | Acc] end, fun(_, _, Acc) -> Acc end, fun(_, V, Acc) -> V + Acc end];
samples(mapfold) -> [fun(X, Acc) -> {{X}, [X | Acc]} end, fun(X, Acc) -> {X, Acc} end, fun(_, _) -> x end];
samples(ascending) -> [fun(A, B) -> A =< B end, fun erlang:'=<'/2];
samples(combine) -> [fun(_, A, B) -> {A, B} end, fun(_, A, _) -> A end, fun(_, A, B) -> A + B end];
samples(combine2) -> [fun(A, B) -> {A, B} end, fun(A, _) -> A end, fun(A, B) -> A + B end];
samples(combine3) -> [fun(A, B, C) -> {A, B, C} end, fun(A, _, _) -> A end];
samples(order) -> [fun(A, B) -> A =< B end, fun(A, B) -> A >= B end, fun(_, _) -> true end, fun(_, _) -> false end, fun(A, B) -> A < B end];
samples(map) -> [#{}, #{a => 1}, #{a => 1, b => 2, c => 3}, #{1 => x, 1.0 => y}, #{"k" => v, {x, 1} => [], z => z}, maps:from_list([{K, K} || K <- lists:seq(1, 32)])];
samples(bytes) -> [<<>>, <<"a">>, <<"abc">>, <<"hello world">>, <<0, 255, 1, 254>>, <<"åäö"/utf8>>, binary:copy(<<"ab">>, 50)];
samples(chardata) -> ["", "abc", "hello world", <<>>, <<"abc">>, <<"hello">>, "åäö", <<"åäö"/utf8>>, [$a, $e, 769, $x], [16#1F468, 16#200D, 16#1F469, $a],
    "ABC def", <<"  x  ">>, "\ta\r\nb\n", [16#3b1, 16#3a3, 16#130], <<"ß"/utf8>>];
samples(string) -> ["", "abc", "hello world", "  ab  cd ", "a.b,c", "ABC", "aaa", "x"];
samples(Type) -> samples_of(Type).
