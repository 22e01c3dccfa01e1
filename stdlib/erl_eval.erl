%% Evaluation of expressions in the abstract format. An evaluation takes bindings, as an ordered
%% list or a map, and gives a value and the bindings after it. The handlers say what calls of
%% local functions ({value, F} gets evaluated arguments, {eval, F} the expressions) and of all
%% others mean; without them a local call is undefined and other calls are made.
-module(erl_eval).

-export([expr/2, expr/3, expr/4, expr/5, exprs/2, exprs/3, exprs/4, expr_list/2, expr_list/3,
         expr_list/4]).
-export([new_bindings/0, bindings/1, binding/2, add_binding/3, del_binding/2]).
-export([match_clause/4, partial_eval/1, is_constant_expr/1, eval_str/1, fun_data/1]).

-export_type([bindings/0, binding_struct/0, local_function_handler/0,
              non_local_function_handler/0]).

-type name() :: term().
-type value() :: term().
-type bindings() :: [{name(), value()}].
-type binding_struct() :: orddict:orddict() | map().
-type expression() :: erl_parse:abstract_expr().
-type local_function_handler() :: {value, fun((atom(), [term()]) -> term())}
    | {eval, fun((atom(), [expression()], binding_struct()) ->
                 {value, value(), binding_struct()})} | none.
-type non_local_function_handler() :: {value, fun((term(), [term()]) -> term())
                                              | fun((erl_anno:anno(), term(), [term()]) -> term())}
    | none.
-type result() :: {value, value(), binding_struct()} | value().

%% outer: while the head of a fun or a generator is matched, the bindings around it. The variables
%% of the head hide those of the same name, but sizes and keys in it see them until they are bound.
-record(handlers, {local :: local_function_handler(), other :: non_local_function_handler(),
                   outer = none :: none | binding_struct()}).

%% The most arguments that a fun made here can have.
-define(MAX_ARITY, 20).

-define(IS_LITERAL(C),
        C =:= atom orelse C =:= integer orelse C =:= float orelse C =:= char orelse C =:= string
        orelse C =:= value).

%%% Entrances

-spec exprs([expression()], binding_struct()) -> result().
exprs(Es, Bs) ->
    check(Es, Bs),
    exprs(Es, Bs, none, none).

%% Without handlers, what the compiler would not take is an error before anything is evaluated.
check(Es, Bs) ->
    case erl_lint:exprs_opt(Es, bindings(Bs), []) of
        {ok, _} -> ok;
        {error, [{_, [{_, _, Why} | _]} | _], _} -> erlang:error(Why)
    end.

-spec exprs([expression()], binding_struct(), local_function_handler()) -> result().
exprs(Es, Bs, Local) -> exprs(Es, Bs, Local, none).

-spec exprs([expression()], binding_struct(), local_function_handler(),
            non_local_function_handler()) -> result().
exprs(Es, Bs, Local, Other) ->
    {V, Bs1} = body(Es, Bs, handlers(Local, Other)),
    {value, V, Bs1}.

-spec expr(expression(), binding_struct()) -> result().
expr(E, Bs) ->
    check([E], Bs),
    expr(E, Bs, none, none, none).

-spec expr(expression(), binding_struct(), local_function_handler()) -> result().
expr(E, Bs, Local) -> expr(E, Bs, Local, none, none).

-spec expr(expression(), binding_struct(), local_function_handler(),
           non_local_function_handler()) -> result().
expr(E, Bs, Local, Other) -> expr(E, Bs, Local, Other, none).

-spec expr(expression(), binding_struct(), local_function_handler(),
           non_local_function_handler(), none | value) -> result().
expr(E, Bs, Local, Other, Returns) when Returns =:= none; Returns =:= value ->
    {V, Bs1} = eval(E, Bs, handlers(Local, Other)),
    case Returns of
        value -> V;
        none -> {value, V, Bs1}
    end.

-spec expr_list([expression()], binding_struct()) -> {[value()], binding_struct()}.
expr_list(Es, Bs) -> expr_list(Es, Bs, none, none).

-spec expr_list([expression()], binding_struct(), local_function_handler()) ->
          {[value()], binding_struct()}.
expr_list(Es, Bs, Local) -> expr_list(Es, Bs, Local, none).

-spec expr_list([expression()], binding_struct(), local_function_handler(),
                non_local_function_handler()) -> {[value()], binding_struct()}.
expr_list(Es, Bs, Local, Other) -> list(Es, Bs, handlers(Local, Other)).

-spec eval_str(string()) -> {ok, string()} | {error, string()}.
eval_str(Text) ->
    case erl_scan:string(Text) of
        {ok, Tokens, _} ->
            case erl_parse:parse_exprs(Tokens) of
                {ok, Es} ->
                    try exprs(Es, new_bindings()) of
                        {value, V, _} -> {ok, lists:flatten(io_lib:format("~p", [V]))}
                    catch
                        _:Reason -> {error, lists:flatten(io_lib:format("~p", [Reason]))}
                    end;
                {error, {_, Module, Reason}} -> {error, lists:flatten(Module:format_error(Reason))}
            end;
        {error, {_, Module, Reason}, _} -> {error, lists:flatten(Module:format_error(Reason))}
    end.

handlers(Local, Other) -> #handlers{local = local_handler(Local), other = Other}.

%% Handlers with more arguments, and those named by module and function, are older than funs.
local_handler({value, F, More}) -> {value, fun(Name, Vs) -> apply(F, [Name, Vs | More]) end};
local_handler({eval, F, More}) ->
    {eval, fun(Name, Es, Bs) -> apply(F, [Name, Es, Bs | More]) end};
local_handler({M, F}) when is_atom(F), M =/= value, M =/= eval ->
    {value, fun(Name, Vs) -> M:F(Name, Vs) end};
local_handler({M, F, More}) when is_atom(F) ->
    {eval, fun(Name, Es, _) -> apply(M, F, [Name, Es | More]) end};
local_handler(Local) -> Local.

%%% Bindings

-spec new_bindings() -> binding_struct().
new_bindings() -> orddict:new().

-spec bindings(binding_struct()) -> bindings().
bindings(Bs) when is_map(Bs) -> maps:to_list(Bs);
bindings(Bs) when is_list(Bs) -> orddict:to_list(Bs).

-spec binding(name(), binding_struct()) -> {value, value()} | unbound.
binding(Name, Bs) when is_map(Bs) ->
    case Bs of
        #{Name := V} -> {value, V};
        #{} -> unbound
    end;
binding(Name, Bs) when is_list(Bs) ->
    case orddict:find(Name, Bs) of
        {ok, V} -> {value, V};
        error -> unbound
    end.

-spec add_binding(name(), value(), binding_struct()) -> binding_struct().
add_binding(Name, V, Bs) when is_map(Bs) -> Bs#{Name => V};
add_binding(Name, V, Bs) when is_list(Bs) -> orddict:store(Name, V, Bs).

-spec del_binding(name(), binding_struct()) -> binding_struct().
del_binding(Name, Bs) when is_map(Bs) -> maps:remove(Name, Bs);
del_binding(Name, Bs) when is_list(Bs) -> orddict:erase(Name, Bs).

%% What two evaluations from the same bindings have added must agree.
merge(New, Bs) ->
    lists:foldl(fun({Name, V}, Acc) ->
        case binding(Name, Acc) of
            {value, V} -> Acc;
            {value, Other} -> erlang:error({badmatch, Other});
            unbound -> add_binding(Name, V, Acc)
        end
    end, Bs, bindings(New)).

%%% Expressions: {Value, Bindings}

body([E], Bs, H) -> eval(E, Bs, H);
body([E | Es], Bs, H) ->
    {_, Bs1} = eval(E, Bs, H),
    body(Es, Bs1, H).

list(Es, Bs, H) ->
    {Vs, Bs1} = lists:foldl(fun(E, {Vs, Acc}) ->
        {V, Bs1} = eval(E, Bs, H),
        {[V | Vs], merge(Bs1, Acc)}
    end, {[], Bs}, Es),
    {lists:reverse(Vs), Bs1}.

eval({Category, _, V}, Bs, _) when ?IS_LITERAL(Category) -> {V, Bs};
eval({var, _, Name}, Bs, _) ->
    case binding(Name, Bs) of
        {value, V} -> {V, Bs};
        unbound -> erlang:error({unbound, Name})
    end;
eval({nil, _}, Bs, _) -> {[], Bs};
eval({cons, _, Head, Tail}, Bs, H) -> eval_cons([Head], Tail, Bs, H);
eval({tuple, _, Es}, Bs, H) ->
    {Vs, Bs1} = list(Es, Bs, H),
    {list_to_tuple(Vs), Bs1};
eval({map, _, Fields}, Bs, H) -> put_fields(Fields, #{}, Bs, Bs, H);
eval({map, _, E, Fields}, Bs, H) ->
    {Map, Bs1} = eval(E, Bs, H),
    put_fields(Fields, Map, Bs, Bs1, H);
eval({bin, _, Elements}, Bs, H) ->
    erl_eval_bits:build(Elements, Bs, fun(E, Acc) ->
        {V, Bs1} = eval(E, Bs, H),
        {V, merge(Bs1, Acc)}
    end);
eval({block, _, Es}, Bs, H) -> body(Es, Bs, H);
eval({match, _, Pattern, E}, Bs, H) ->
    {V, Bs1} = eval(E, Bs, H),
    case match(Pattern, V, Bs1, H) of
        {match, Bs2} -> {V, Bs2};
        nomatch -> erlang:error({badmatch, V})
    end;
eval({op, _, 'andalso', A, B}, Bs, H) ->
    case eval(A, Bs, H) of
        {true, Bs1} -> {element(1, eval(B, Bs1, H)), Bs1};
        {false, Bs1} -> {false, Bs1};
        {Other, _} -> erlang:error({badarg, Other})
    end;
eval({op, _, 'orelse', A, B}, Bs, H) ->
    case eval(A, Bs, H) of
        {true, Bs1} -> {true, Bs1};
        {false, Bs1} -> {element(1, eval(B, Bs1, H)), Bs1};
        {Other, _} -> erlang:error({badarg, Other})
    end;
eval({op, Anno, Op, A}, Bs, H) ->
    {V, Bs1} = eval(A, Bs, H),
    {call_other(Anno, {erlang, Op}, [V], H), Bs1};
eval({op, Anno, Op, A, B}, Bs, H) ->
    {Vs, Bs1} = list([A, B], Bs, H),
    {call_other(Anno, {erlang, Op}, Vs, H), Bs1};
eval({'catch', _, E}, Bs, H) ->
    try eval(E, Bs, H)
    catch
        throw:V -> {V, Bs};
        exit:Reason -> {{'EXIT', Reason}, Bs};
        error:Reason:Stack -> {{'EXIT', {Reason, Stack}}, Bs}
    end;
eval({'if', _, Clauses}, Bs, H) ->
    case choose(Clauses, [], Bs, H) of
        {Body, Bs1} -> body(Body, Bs1, H);
        nomatch -> erlang:error(if_clause)
    end;
eval({'case', _, E, Clauses}, Bs, H) ->
    {V, Bs1} = eval(E, Bs, H),
    in_clauses(Clauses, V, case_clause, Bs1, H);
eval({'try', _, Es, Clauses, Catches, After}, Bs, H) ->
    try try_body(Es, Clauses, Catches, Bs, H)
    after
        After =/= [] andalso body(After, Bs, H)
    end;
eval({'receive', _, Clauses}, Bs, H) -> receive_one(Clauses, infinity, [], Bs, H);
eval({'receive', _, Clauses, E, Body}, Bs, H) ->
    {Time, Bs1} = eval(E, Bs, H),
    receive_one(Clauses, Time, Body, Bs1, H);
eval({'maybe', _, Es}, Bs, H) ->
    case maybe_body(Es, Bs, H) of
        {done, V, _} -> {V, Bs};
        {failed, V} -> {V, Bs}
    end;
eval({'maybe', _, Es, {'else', _, Clauses}}, Bs, H) ->
    case maybe_body(Es, Bs, H) of
        {done, V, _} -> {V, Bs};
        {failed, V} ->
            {Result, _} = in_clauses(Clauses, V, else_clause, Bs, H),
            {Result, Bs}
    end;
eval({lc, _, E, Qualifiers}, Bs, H) ->
    Add = fun(Bs1, Acc) -> [element(1, eval(E, Bs1, H)) | Acc] end,
    {lists:reverse(qualified(Qualifiers, Add, [], Bs, H)), Bs};
eval({bc, _, E, Qualifiers}, Bs, H) ->
    Add = fun(Bs1, Acc) ->
        case eval(E, Bs1, H) of
            {Bits, _} when is_bitstring(Bits) -> [Bits | Acc];
            _ -> erlang:error(badarg)
        end
    end,
    {list_to_bitstring(lists:reverse(qualified(Qualifiers, Add, [], Bs, H))), Bs};
eval({mc, _, {map_field_assoc, _, K, V}, Qualifiers}, Bs, H) ->
    Add = fun(Bs1, Map) ->
        {[Key, Value], _} = list([K, V], Bs1, H),
        Map#{Key => Value}
    end,
    {qualified(Qualifiers, Add, #{}, Bs, H), Bs};
eval({'fun', _, {function, M, F, A}}, Bs, H) ->
    {[M1, F1, A1], Bs1} = list([as_expr(M), as_expr(F), as_expr(A)], Bs, H),
    {fun M1:F1/A1, Bs1};
eval({'fun', Anno, {function, Name, Arity}}, Bs, H) ->
    case H#handlers.local of
        none -> erlang:error(undef);
        _ ->
            Vars = [{var, Anno, {argument, N}} || N <- lists:seq(1, Arity)],
            Clause = {clause, Anno, Vars, [], [{call, Anno, {atom, Anno, Name}, Vars}]},
            {closure(Arity, {[Clause], none, new_bindings(), H}), Bs}
    end;
eval({'fun', Anno, {clauses, Clauses}}, Bs, H) ->
    [{clause, _, Patterns, _, _} | _] = Clauses,
    length(Patterns) > ?MAX_ARITY andalso erlang:error({argument_limit, {'fun', Anno, Clauses}}),
    {closure(length(Patterns), {Clauses, none, Bs, H}), Bs};
eval({named_fun, _, Name, Clauses} = Fun, Bs, H) ->
    [{clause, _, Patterns, _, _} | _] = Clauses,
    length(Patterns) > ?MAX_ARITY andalso erlang:error({argument_limit, Fun}),
    {closure(length(Patterns), {Clauses, Name, Bs, H}), Bs};
eval({call, Anno, {remote, _, M, F}, Arguments}, Bs, H) ->
    {[M1, F1 | Vs], Bs1} = list([M, F | Arguments], Bs, H),
    {call_other(Anno, {M1, F1}, Vs, H), Bs1};
eval({call, Anno, {atom, _, Name}, Arguments}, Bs, H) ->
    case erl_internal:bif(Name, length(Arguments)) of
        true ->
            {Vs, Bs1} = list(Arguments, Bs, H),
            {call_other(Anno, {erlang, Name}, Vs, H), Bs1};
        false -> call_local(Anno, Name, Arguments, Bs, H)
    end;
eval({call, Anno, F, Arguments}, Bs, H) ->
    {[F1 | Vs], Bs1} = list([F | Arguments], Bs, H),
    {call_other(Anno, F1, Vs, H), Bs1};
eval({remote, _, _, _}, _, _) -> erlang:error({badexpr, ':'});
eval(E, Bs, H) when element(1, E) =:= record; element(1, E) =:= record_field;
                    element(1, E) =:= record_index ->
    record(E, Bs, H);
eval(E, _, _) -> erlang:error({badexpr, E}).

eval_cons(Heads, {cons, _, Head, Tail}, Bs, H) -> eval_cons([Head | Heads], Tail, Bs, H);
eval_cons(Heads, Tail, Bs, H) ->
    {Vs, Bs1} = list(lists:reverse(Heads, [Tail]), Bs, H),
    {Elements, [Last]} = lists:split(length(Vs) - 1, Vs),
    {lists:append(Elements, Last), Bs1}.

as_expr(Name) when is_atom(Name) -> {atom, erl_anno:new(0), Name};
as_expr(Arity) when is_integer(Arity) -> {integer, erl_anno:new(0), Arity};
as_expr(E) -> E.

%% All keys and values are worked out before the map is looked at.
put_fields(Fields, Map, Bs, Acc, H) ->
    {Pairs, Bs1} = lists:mapfoldl(fun({Kind, _, K, V}, Acc1) ->
        {[Key, Value], Bs0} = list([K, V], Bs, H),
        {{Kind, Key, Value}, merge(Bs0, Acc1)}
    end, Acc, Fields),
    is_map(Map) orelse erlang:error({badmap, Map}),
    {lists:foldl(fun
        ({map_field_assoc, Key, Value}, M) -> M#{Key => Value};
        ({map_field_exact, Key, Value}, M) -> M#{Key := Value}
    end, Map, Pairs), Bs1}.

%% Records are expanded before; one that is left is not defined, once its expression has a value.
record({record, _, Name, _}, _, _) -> erlang:error({undef_record, Name});
record({record_index, _, Name, _}, _, _) -> erlang:error({undef_record, Name});
record({_, _, E, Name, _}, Bs, H) ->
    _ = eval(E, Bs, H),
    erlang:error({undef_record, Name}).

%%% Calls

call_local(_, Name, Arguments, Bs, #handlers{local = {value, F}} = H) ->
    {Vs, Bs1} = list(Arguments, Bs, H),
    {F(Name, Vs), Bs1};
call_local(Anno, Name, Arguments, Bs, #handlers{local = {eval, F}}) ->
    {value, V, Bs1} = case is_function(F, 4) of
        true -> F(Anno, Name, Arguments, Bs);
        false -> F(Name, Arguments, Bs)
    end,
    {V, Bs1};
call_local(_, Name, Arguments, Bs, H) ->
    {Vs, _} = list(Arguments, Bs, H),
    erlang:raise(error, undef, [{?MODULE, Name, Vs, []}]).

%% Funs made here go past the handler; what they call does not.
call_other(Anno, Function, Arguments, #handlers{other = {value, Handler}}) ->
    case fun_data(Function) of
        false when is_function(Handler, 2) -> Handler(Function, Arguments);
        false -> Handler(Anno, Function, Arguments);
        _ -> apply(Function, Arguments)
    end;
call_other(_, {M, F}, Arguments, _) -> apply(M, F, Arguments);
call_other(_, F, Arguments, _) when is_function(F) -> apply(F, Arguments);
call_other(_, Other, _, _) -> erlang:error({badfun, Other}).

%% A fun of each arity around what it needs; fun_data/1 looks for it in the fun's environment.
closure(Arity, Closure) ->
    case Arity of
        0 -> fun() -> apply_closure(Closure, []) end;
        1 -> fun(A1) -> apply_closure(Closure, [A1]) end;
        2 -> fun(A1, A2) -> apply_closure(Closure, [A1, A2]) end;
        3 -> fun(A1, A2, A3) -> apply_closure(Closure, [A1, A2, A3]) end;
        4 -> fun(A1, A2, A3, A4) -> apply_closure(Closure, [A1, A2, A3, A4]) end;
        5 -> fun(A1, A2, A3, A4, A5) -> apply_closure(Closure, [A1, A2, A3, A4, A5]) end;
        6 -> fun(A1, A2, A3, A4, A5, A6) -> apply_closure(Closure, [A1, A2, A3, A4, A5, A6]) end;
        7 ->
            fun(A1, A2, A3, A4, A5, A6, A7) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7])
            end;
        8 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8])
            end;
        9 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8, A9) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8, A9])
            end;
        10 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8, A9, A10])
            end;
        11 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11])
            end;
        12 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12])
            end;
        13 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12,
                                        A13])
            end;
        14 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12,
                                        A13, A14])
            end;
        15 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12,
                                        A13, A14, A15])
            end;
        16 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13,
                                        A14, A15, A16])
            end;
        17 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13,
                                        A14, A15, A16, A17])
            end;
        18 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13,
                                        A14, A15, A16, A17, A18])
            end;
        19 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13,
                                        A14, A15, A16, A17, A18, A19])
            end;
        20 ->
            fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18,
                A19, A20) ->
                apply_closure(Closure, [A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13,
                                        A14, A15, A16, A17, A18, A19, A20])
            end
    end.

apply_closure({Clauses, Name, Bs, H} = Closure, Arguments) ->
    Env = case Name of
        none -> Bs;
        _ -> add_binding(Name, closure(length(Arguments), Closure), Bs)
    end,
    case choose_fun(Clauses, Arguments, Env, H) of
        {Body, Bs1} -> element(1, body(Body, Bs1, H));
        nomatch ->
            Place = {?MODULE, '-inside-an-interpreted-fun-', Arguments, []},
            erlang:raise(error, function_clause, [Place])
    end.

%% Arguments shadow what has their names.
choose_fun([{clause, _, Patterns, Guard, Body} | Clauses], Arguments, Env, H) ->
    Env1 = without(Patterns, Env),
    case match_list(Patterns, Arguments, Env1, H#handlers{outer = Env}) of
        {match, Bs} ->
            case guard(Guard, Bs, H) of
                true -> {Body, Bs};
                false -> choose_fun(Clauses, Arguments, Env, H)
            end;
        nomatch -> choose_fun(Clauses, Arguments, Env, H)
    end;
choose_fun([], _, _, _) -> nomatch.

%% The clauses and bindings of a fun made here, and its name.
-spec fun_data(fun()) -> {fun_data, binding_struct(), [erl_parse:abstract_clause()]}
                             | {named_fun_data, binding_struct(), atom(),
                                [erl_parse:abstract_clause()]} | false.
fun_data(F) when is_function(F) ->
    case {erlang:fun_info(F, module), erlang:fun_info(F, env)} of
        {{module, ?MODULE}, {env, [{Clauses, none, Bs, _}]}} -> {fun_data, Bs, Clauses};
        {{module, ?MODULE}, {env, [{Clauses, Name, Bs, _}]}} -> {named_fun_data, Bs, Name, Clauses};
        _ -> false
    end;
fun_data(_) -> false.

%%% Clauses and what stands between try and end

-spec match_clause([erl_parse:abstract_clause()], [value()], binding_struct(),
                   local_function_handler()) -> {[expression()], binding_struct()} | nomatch.
match_clause(Clauses, Vs, Bs, Local) -> choose(Clauses, Vs, Bs, handlers(Local, none)).

choose([{clause, _, Patterns, Guard, Body} | Clauses], Vs, Bs, H) ->
    case match_list(Patterns, Vs, Bs, H) of
        {match, Bs1} ->
            case guard(Guard, Bs1, H) of
                true -> {Body, Bs1};
                false -> choose(Clauses, Vs, Bs, H)
            end;
        nomatch -> choose(Clauses, Vs, Bs, H)
    end;
choose([], _, _, _) -> nomatch.

in_clauses(Clauses, V, Reason, Bs, H) ->
    case choose(Clauses, [V], Bs, H) of
        {Body, Bs1} -> body(Body, Bs1, H);
        nomatch -> erlang:error({Reason, V})
    end.

try_body(Es, Clauses, Catches, Bs, H) ->
    try body(Es, Bs, H) of
        {V, Bs1} when Clauses =:= [] -> {V, Bs1};
        {V, Bs1} -> in_clauses(Clauses, V, try_clause, Bs1, H)
    catch
        Class:Reason:Stack when Catches =/= [] ->
            case choose(Catches, [{Class, Reason, Stack}], Bs, H) of
                {Body, Bs1} -> body(Body, Bs1, H);
                nomatch -> erlang:raise(Class, Reason, Stack)
            end
    end.

maybe_body([{maybe_match, _, Pattern, E} | Es], Bs, H) ->
    {V, Bs1} = eval(E, Bs, H),
    case match(Pattern, V, Bs1, H) of
        {match, Bs2} when Es =:= [] -> {done, V, Bs2};
        {match, Bs2} -> maybe_body(Es, Bs2, H);
        nomatch -> {failed, V}
    end;
maybe_body([E], Bs, H) ->
    {V, Bs1} = eval(E, Bs, H),
    {done, V, Bs1};
maybe_body([E | Es], Bs, H) ->
    {_, Bs1} = eval(E, Bs, H),
    maybe_body(Es, Bs1, H).

receive_one(Clauses, Time, Body, Bs, H) ->
    case erl_eval_tree:receive_by(fun(Message) -> choose(Clauses, [Message], Bs, H) end, Time) of
        {Chosen, Bs1} -> body(Chosen, Bs1, H);
        timeout -> body(Body, Bs, H)
    end.

%%% Comprehensions

qualified([{generate, _, Pattern, E} | Qs], Add, Acc, Bs, H) ->
    {V, _} = eval(E, Bs, H),
    each(V, V, Pattern, Bs, Qs, Add, Acc, H);
qualified([{b_generate, _, {bin, _, Elements}, E} | Qs], Add, Acc, Bs, H) ->
    case eval(E, Bs, H) of
        {Bin, _} when is_bitstring(Bin) ->
            each_segment(Bin, Elements, Bs, Qs, Add, Acc, H);
        {Other, _} -> erlang:error({bad_generator, Other})
    end;
qualified([{m_generate, _, {map_field_exact, _, K, V}, E} | Qs], Add, Acc, Bs, H) ->
    case eval(E, Bs, H) of
        {Map, _} when is_map(Map) ->
            Pattern = {tuple, erl_anno:new(0), [K, V]},
            Pairs = maps:to_list(Map),
            each(Pairs, Map, Pattern, Bs, Qs, Add, Acc, H);
        {Other, _} -> erlang:error({bad_generator, Other})
    end;
qualified([Test | Qs], Add, Acc, Bs, H) ->
    case is_test(Test) of
        true ->
            case guard([[Test]], Bs, H) of
                true -> qualified(Qs, Add, Acc, Bs, H);
                false -> Acc
            end;
        false ->
            case eval(Test, Bs, H) of
                {true, Bs1} -> qualified(Qs, Add, Acc, Bs1, H);
                {false, _} -> Acc;
                {Other, _} -> erlang:error({bad_filter, Other})
            end
    end;
qualified([], Add, Acc, Bs, _) -> Add(Bs, Acc).

each([V | Vs], All, Pattern, Bs, Qs, Add, Acc, H) ->
    Acc1 = case match(Pattern, V, without(Pattern, Bs), H#handlers{outer = Bs}) of
        {match, Bs1} -> qualified(Qs, Add, Acc, Bs1, H);
        nomatch -> Acc
    end,
    each(Vs, All, Pattern, Bs, Qs, Add, Acc1, H);
each([], _, _, _, _, _, Acc, _) -> Acc;
each(_, All, _, _, _, _, _, _) -> erlang:error({bad_generator, All}).

%% What matches in size and not in value is passed over; the end is where no more fits.
each_segment(Bin, Elements, Bs, Qs, Add, Acc, H) ->
    {Bs0, H0} = {without(Elements, Bs), H#handlers{outer = Bs}},
    case bin_match(Elements, Bin, Bs0, H0) of
        {match, Bs1, Rest} ->
            Acc1 = qualified(Qs, Add, Acc, Bs1, H),
            each_segment(Rest, Elements, Bs, Qs, Add, Acc1, H);
        nomatch ->
            case erl_eval_bits:match(Elements, Bin, Bs0, {fun any/3, sizes(Elements, H0)}) of
                {match, _, Rest} -> each_segment(Rest, Elements, Bs, Qs, Add, Acc, H);
                nomatch -> Acc
            end
    end.

%% Variables are bound to what is there, so that sizes can be told.
any({var, _, '_'}, _, Bs) -> {match, Bs};
any({var, _, Name}, V, Bs) -> {match, add_binding(Name, V, Bs)};
any(_, _, Bs) -> {match, Bs}.

without(Pattern, Bs) -> lists:foldl(fun del_binding/2, Bs, erl_eval_tree:variables(Pattern)).

%%% Guards

guard([], _, _) -> true;
guard(Guard, Bs, H) ->
    lists:any(fun(Tests) -> lists:all(fun(T) -> test(T, Bs, H) end, Tests) end, Guard).

test({call, Anno, {atom, _, Old}, [A]} = Test, Bs, H) ->
    Name = case erl_internal:type_test(Old, 1) of
        true -> new_test(Old);
        false -> Old
    end,
    case Name of
        Old -> holds(Test, Bs);
        _ -> test({call, Anno, {atom, Anno, Name}, [A]}, Bs, H)
    end;
test(Test, Bs, _) -> holds(Test, Bs).

holds(Test, Bs) ->
    is_test(Test) orelse erlang:error(guard_expr),
    try eval(Test, Bs, handlers(none, none)) of
        {V, _} -> V =:= true
    catch
        error:_ -> false
    end.

%% The names that type tests had long ago.
new_test(integer) -> is_integer;
new_test(float) -> is_float;
new_test(number) -> is_number;
new_test(atom) -> is_atom;
new_test(list) -> is_list;
new_test(tuple) -> is_tuple;
new_test(pid) -> is_pid;
new_test(reference) -> is_reference;
new_test(port) -> is_port;
new_test(binary) -> is_binary;
new_test(function) -> is_function;
new_test(Name) -> Name.

is_test({op, _, Op, A, B}) ->
    Op =/= '!' andalso Op =/= '++' andalso Op =/= '--' andalso is_test(A) andalso is_test(B);
is_test({op, _, _, A}) -> is_test(A);
is_test({call, _, {atom, _, F}, As}) ->
    (erl_internal:guard_bif(F, length(As)) orelse erl_internal:type_test(F, length(As)))
        andalso lists:all(fun is_test/1, As);
is_test({call, _, {remote, _, {atom, _, erlang}, {atom, _, F}}, As}) ->
    (erl_internal:guard_bif(F, length(As)) orelse is_operator(F, length(As)))
        andalso lists:all(fun is_test/1, As);
is_test({Category, _, _}) when ?IS_LITERAL(Category); Category =:= var -> true;
is_test({nil, _}) -> true;
is_test({cons, _, A, B}) -> is_test(A) andalso is_test(B);
is_test({tuple, _, Es}) -> lists:all(fun is_test/1, Es);
is_test({map, _, Fields}) -> lists:all(fun is_test_field/1, Fields);
is_test({map, _, E, Fields}) -> is_test(E) andalso lists:all(fun is_test_field/1, Fields);
is_test({bin, _, Elements}) ->
    lists:all(fun({bin_element, _, E, Size, _}) ->
        is_test(E) andalso (Size =:= default orelse is_test(Size))
    end, Elements);
is_test(_) -> false.

%% As a function of erlang: erlang:'=:='(A, B).
is_operator(F, Arity) ->
    erl_internal:arith_op(F, Arity) orelse erl_internal:bool_op(F, Arity)
        orelse erl_internal:comp_op(F, Arity).

is_test_field({_, _, K, V}) -> is_test(K) andalso is_test(V).

%%% Patterns

match_list([P | Ps], [V | Vs], Bs, H) ->
    case match(P, V, Bs, H) of
        {match, Bs1} -> match_list(Ps, Vs, Bs1, H);
        nomatch -> nomatch
    end;
match_list([], [], Bs, _) -> {match, Bs};
match_list(_, _, _, _) -> nomatch.

match({var, _, '_'}, _, Bs, _) -> {match, Bs};
match({var, _, Name}, V, Bs, _) ->
    case binding(Name, Bs) of
        {value, V} -> {match, Bs};
        {value, _} -> nomatch;
        unbound -> {match, add_binding(Name, V, Bs)}
    end;
match({Category, _, V}, V, Bs, _) when ?IS_LITERAL(Category) -> {match, Bs};
match({Category, _, _}, _, _, _) when ?IS_LITERAL(Category) -> nomatch;
match({nil, _}, [], Bs, _) -> {match, Bs};
match({cons, _, P, Ps}, [V | Vs], Bs, H) ->
    case match(P, V, Bs, H) of
        {match, Bs1} -> match(Ps, Vs, Bs1, H);
        nomatch -> nomatch
    end;
match({tuple, _, Ps}, V, Bs, H) when tuple_size(V) =:= length(Ps) ->
    match_list(Ps, tuple_to_list(V), Bs, H);
match({map, _, Fields}, V, Bs, H) when is_map(V) -> match_fields(Fields, V, Bs, H);
match({match, _, P1, P2}, V, Bs, H) ->
    case match(P1, V, Bs, H) of
        {match, Bs1} -> match(P2, V, Bs1, H);
        nomatch -> nomatch
    end;
match({bin, _, Elements}, V, Bs, H) when is_bitstring(V) ->
    case bin_match(Elements, V, Bs, H) of
        {match, Bs1, <<>>} -> {match, Bs1};
        _ -> nomatch
    end;
match({op, _, '++', {nil, _}, P}, V, Bs, H) -> match(P, V, Bs, H);
match({op, Anno, '++', {cons, _, P, Ps}, Rest}, V, Bs, H) ->
    match({cons, Anno, P, {op, Anno, '++', Ps, Rest}}, V, Bs, H);
match({op, Anno, '++', {string, _, Chars}, P}, V, Bs, H) ->
    Cons = lists:foldr(fun(C, T) -> {cons, Anno, {char, Anno, C}, T} end, P, Chars),
    match(Cons, V, Bs, H);
match({op, _, _, _} = E, V, Bs, H) -> match_constant(E, V, Bs, H);
match({op, _, _, _, _} = E, V, Bs, H) -> match_constant(E, V, Bs, H);
match(P, _, _, _) when element(1, P) =:= nil; element(1, P) =:= cons; element(1, P) =:= tuple;
                       element(1, P) =:= map; element(1, P) =:= bin ->
    nomatch;
match(P, _, _, _) -> erlang:error({illegal_pattern, P}).

match_constant(E, V, Bs, _) ->
    case erl_eval_tree:partial_eval(E) of
        {Category, _, V} when ?IS_LITERAL(Category) -> {match, Bs};
        {Category, _, _} when ?IS_LITERAL(Category) -> nomatch;
        _ -> erlang:error({illegal_pattern, E})
    end.

match_fields([{map_field_exact, _, K, P} | Fields], Map, Bs, H) ->
    Key = within(K, Bs, H),
    case Map of
        #{Key := V} ->
            case match(P, V, Bs, H) of
                {match, Bs1} -> match_fields(Fields, Map, Bs1, H);
                nomatch -> nomatch
            end;
        #{} -> nomatch
    end;
match_fields([], _, Bs, _) -> {match, Bs}.

bin_match(Elements, Bin, Bs, H) ->
    Match = fun(P, V, Bs1) -> match(P, V, Bs1, H) end,
    erl_eval_bits:match(Elements, Bin, Bs, {Match, sizes(Elements, H)}).

sizes(Elements, H) ->
    fun(E, Bs) ->
        is_test(E) orelse erlang:error({illegal_pattern, {bin, erl_anno:new(1), Elements}}),
        within(E, Bs, H)
    end.

%% The value of a size or key in a pattern.
within({integer, _, N}, _, _) -> N;
within(E, Bs, #handlers{outer = none} = H) -> element(1, eval(E, Bs, H));
within(E, Bs, #handlers{outer = Outer} = H) ->
    Seen = lists:foldl(fun({Name, V}, Acc) -> add_binding(Name, V, Acc) end, Outer, bindings(Bs)),
    element(1, eval(E, Seen, H#handlers{outer = none})).

%%% Constants

%% The expression with its constant parts evaluated.
-spec partial_eval(expression()) -> expression().
partial_eval(E) -> erl_eval_tree:partial_eval(E).

-spec is_constant_expr(expression()) -> boolean().
is_constant_expr(E) -> erl_eval_tree:is_constant(erl_eval_tree:partial_eval(E)).
