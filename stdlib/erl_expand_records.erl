%% Records in forms become tuples: making, matching, reading and updating them, and the tests. Calls
%% of imported and built-in functions get their modules.
%%
%% New variables are named rec0, rec1 ...: no program can write such a name. The forms are those that
%% OTP makes, so that what is compiled from them is the same.
-module(erl_expand_records).
-export([module/2]).

-record(s, {
    records = #{} :: #{atom() => [{atom(), erl_parse:abstract_expr()}]},
    forms = [] :: [erl_parse:abstract_form()], % those that define records
    calls = #{} :: #{{atom(), arity()} => local | {imported, module()}},
    strict = true :: boolean(),
    next = 0 :: non_neg_integer(),
    read = [] :: [{erl_parse:abstract_expr(), atom()}],   % records read in a test, last first
    checked = [] :: [{erl_parse:abstract_expr(), atom()}] % and those of the tests before
}).

%% Options: no_strict_record_tests counts here; others of compile:forms/2 are accepted.
-spec module(Forms, [compile:option()]) -> Forms
          when Forms :: [erl_parse:abstract_form() | erl_parse:form_info()].
module(Forms0, Options0) ->
    Options = Options0 ++ lists:append([as_list(O) || {attribute, _, compile, O} <- Forms0]),
    Local = [{{Name, Arity}, local} || {function, _, Name, Arity, _} <- Forms0],
    Imports = [{Name, {imported, M}} || {attribute, _, import, {M, Names}} <- Forms0, Name <- Names],
    S = #s{calls = maps:from_list(Imports ++ Local),
           strict = not lists:member(no_strict_record_tests, Options)},
    {Forms, _} = lists:mapfoldl(fun form/2, S, Forms0),
    Forms.

as_list(List) when is_list(List) -> List;
as_list(Item) -> [Item].

form({attribute, _, record, {Name, Fields}} = Form, #s{records = Records} = S) ->
    {Form, S#s{records = Records#{Name => lists:map(fun field/1, Fields)},
               forms = [Form | S#s.forms]}};
form({function, Anno, Name, Arity, Clauses0}, S0) ->
    {Clauses, S} = clauses(Clauses0, S0),
    {{function, Anno, Name, Arity, Clauses}, S};
form(Form, S) -> {Form, S}.

field({typed_record_field, Field, _}) -> field(Field);
field({record_field, Anno, {atom, _, Name}}) -> {Name, {atom, Anno, undefined}};
field({record_field, _, {atom, _, Name}, Default}) -> {Name, Default}.

clauses(Clauses, S) -> lists:mapfoldl(fun clause/2, S, Clauses).

clause({clause, Anno, Head0, Guards0, Body0}, S0) ->
    {Head1, S1} = patterns(Head0, S0),
    {Guards1, S2} = lists:mapfoldl(fun guard/2, S1, Guards0),
    {Head, Guards} = tests_in_head(Head1, Guards1, S2),
    {Body, S} = exprs(Body0, S2),
    {{clause, Anno, Head, Guards, Body}, S}.

%%% Patterns

patterns(Patterns, S) -> lists:mapfoldl(fun pattern/2, S, Patterns).

pattern({record, Anno, Name, Fields}, S0) ->
    Others = first([V || {record_field, _, {var, _, '_'}, V} <- Fields], {var, Anno, '_'}),
    {Parts, S} = patterns([value_of(F, Fields, Others) || {F, _} <- fields(Name, S0)], S0),
    {{tuple, Anno, [{atom, Anno, Name} | Parts]}, S};
pattern({record_index, Anno, Name, {atom, _, Field}}, S) ->
    {{integer, Anno, index(Field, Name, S)}, S};
pattern({bin, Anno, Elements0}, S0) ->
    {Elements, S} = lists:mapfoldl(
                      fun({bin_element, A, Value0, Size0, Types}, Acc0) ->
                              {Size, Acc1} = case Size0 of
                                                 default -> {default, Acc0};
                                                 _ -> expr(Size0, Acc0)
                                             end,
                              {Value, Acc} = pattern(Value0, Acc1),
                              {{bin_element, A, Value, Size, Types}, Acc}
                      end, S0, Elements0),
    {{bin, Anno, Elements}, S};
pattern({map_field_exact, Anno, Key0, Value0}, S0) ->
    {Key, S1} = expr(Key0, S0),
    {Value, S} = pattern(Value0, S1),
    {{map_field_exact, Anno, Key, Value}, S};
pattern({match, Anno, Left0, Right0}, S0) ->
    {Left, S1} = pattern(Left0, S0),
    {Right, S} = pattern(Right0, S1),
    {{match, Anno, Left, Right}, S};
pattern({tuple, Anno, Elements0}, S0) ->
    {Elements, S} = patterns(Elements0, S0),
    {{tuple, Anno, Elements}, S};
pattern({cons, Anno, Head0, Tail0}, S0) ->
    {Head, S1} = pattern(Head0, S0),
    {Tail, S} = pattern(Tail0, S1),
    {{cons, Anno, Head, Tail}, S};
pattern({map, Anno, Fields0}, S0) ->
    {Fields, S} = patterns(Fields0, S0),
    {{map, Anno, Fields}, S};
pattern({op, Anno, Op, Left0, Right0}, S0) ->
    {Left, S1} = pattern(Left0, S0),
    {Right, S} = pattern(Right0, S1),
    {{op, Anno, Op, Left, Right}, S};
pattern(Other, S) -> {Other, S}.

%%% Guards

guard(Tests0, S0) ->
    {Tests, S} = lists:mapfoldl(fun guard_test/2, S0#s{checked = []}, Tests0),
    {Tests, S#s{checked = []}}.

%% Reading a field of what is no such record makes the test fail as a whole.
guard_test({call, Anno, {atom, A, Old}, Args}, S) when not is_map_key(Old, S#s.calls) ->
    case erl_internal:old_type_test(Old, length(Args)) andalso
        not is_map_key({Old, length(Args)}, S#s.calls) of
        true ->
            New = list_to_atom("is_" ++ atom_to_list(Old)),
            in_test({call, Anno, {atom, A, New}, Args}, S);
        false -> in_test({call, Anno, {atom, A, Old}, Args}, S)
    end;
guard_test({op, Anno, 'not', Operand0}, S0) ->
    {Operand, S} = guard_test(Operand0, S0),
    {{op, Anno, 'not', Operand}, S};
guard_test({op, Anno, Op, Left0, Right0}, S0)
  when Op =:= 'andalso'; Op =:= 'orelse'; Op =:= 'and'; Op =:= 'or' ->
    {Left, S1} = guard_test(Left0, S0),
    {Right, S} = guard_test(Right0, S1),
    {{op, Anno, Op, Left, Right}, S};
guard_test(Test, S) -> in_test(Test, S).

in_test(Test0, #s{strict = false} = S0) -> guard_expr(Test0, S0);
in_test(Test0, #s{checked = Checked} = S0) ->
    {Test, #s{read = Read} = S} = guard_expr(Test0, S0#s{read = []}),
    New = lists:reverse(Read),
    {conjunction(New, Test, S), S#s{read = [], checked = Checked ++ New}}.

conjunction([], Test, _) -> Test;
conjunction([{Record, Name} | More], Test, S) ->
    Anno = generated(element(2, Record)),
    Is = {op, Anno, 'orelse', is_record(Anno, Anno, Record, Name, S), {atom, Anno, fail}},
    Tests = case More of
                [] -> Is;
                [{Next, _} | _] ->
                    True = {atom, generated(element(2, Next)), true},
                    {op, Anno, 'and', conjunction(More, True, S), Is}
            end,
    {op, Anno, 'and', Tests, Test}.

generated(Anno) -> erl_anno:set_generated(true, Anno).

%% Anno: of the call; At: of its arguments.
is_record(Anno, At, Value, Name, S) ->
    Size = length(fields(Name, S)) + 1,
    remote(Anno, is_record, [Value, {atom, At, Name}, {integer, At, Size}]).

guard_expr({record_field, _, Record0, Name, {atom, _, Field}}, S0) ->
    {Record, S} = guard_expr(Record0, S0),
    Anno = element(2, Record),
    Read = remote(Anno, element, [{integer, Anno, index(Field, Name, S)}, Record]),
    {Read, note_read(Record, Name, S)};
guard_expr({call, Anno, {atom, _, is_record}, [Value, {atom, _, Name}]} = Call, S) ->
    case S of
        #s{calls = #{{is_record, 2} := _}} -> in_expr(Call, S, fun guard_expr/2);
        _ -> is_record_test(Anno, Value, Name, S)
    end;
guard_expr({call, Anno, {remote, _, {atom, _, erlang}, {atom, _, is_record}},
            [Value, {atom, _, Name}]}, S) ->
    is_record_test(Anno, Value, Name, S);
guard_expr({op, _, 'not', _} = Test0, #s{read = Read} = S0) -> % a test within a test
    {Test, S} = guard_test(Test0, S0#s{read = []}),
    {Test, S#s{read = Read}};
guard_expr(Expr, S) -> in_expr(Expr, S, fun guard_expr/2).

note_read(_, _, #s{strict = false} = S) -> S;
note_read(Record, Name, #s{read = Read, checked = Checked} = S) ->
    Plain = without_annos({Record, Name}),
    Is = fun(Known) -> without_annos(Known) =:= Plain end,
    case {lists:any(Is, Checked), lists:any(Is, Read)} of
        {true, _} -> S;
        {false, true} -> % told where it is read for the last time
            S#s{read = [case Is(Known) of true -> {Record, Name}; false -> Known end || Known <- Read]};
        {false, false} -> S#s{read = [{Record, Name} | Read]}
    end.

without_annos({Record, Name}) -> {erl_parse:map_anno(fun(_) -> 0 end, Record), Name}.

is_record_test(Anno, Value0, Name, S0) ->
    {Value, S} = guard_expr(Value0, S0),
    {is_record(generated(Anno), Anno, Value, Name, S), S}.

%%% Tests of the head's variables move into the head

%% What every alternative of the guard demands of a variable is written as a pattern; the test is
%% true then.
tests_in_head(Head, [], _) -> {Head, []};
tests_in_head(Head, Guards, S) ->
    Demanded = [lists:flatmap(fun demanded/1, Tests) || Tests <- Guards],
    Common = lists:uniq([D || D <- hd(Demanded), lists:all(fun(Ds) -> lists:member(D, Ds) end, Demanded)]),
    Chosen = maps:from_list([{Var, {Name, Size}} || {Var, Name, Size} <- Common]),
    {New, Done} = lists:mapfoldl(fun(P, Acc) -> demand_in(P, Chosen, Acc, S) end, [], Head),
    {New, [[fulfilled(Test, Done) || Test <- Tests] || Tests <- Guards]}.

demanded({call, _, {remote, _, {atom, _, erlang}, {atom, _, is_record}},
          [{var, _, Var}, {atom, _, Name}, {integer, _, Size}]}) when Size > 0 ->
    [{Var, Name, Size}];
demanded({op, _, 'orelse', Test, {atom, _, fail}}) -> demanded(Test);
demanded({op, _, And, Left, Right}) when And =:= 'and'; And =:= 'andalso' ->
    demanded(Left) ++ demanded(Right);
demanded(_) -> [].

fulfilled({call, Anno, {remote, _, {atom, _, erlang}, {atom, _, is_record}},
           [{var, _, Var}, {atom, _, Name}, {integer, _, Size}]} = Test, Done) ->
    case lists:member({Var, Name, Size}, Done) of
        true -> {atom, Anno, true};
        false -> Test
    end;
fulfilled({op, Anno, 'orelse', Test, {atom, _, fail} = Fail}, Done) ->
    {op, Anno, 'orelse', fulfilled(Test, Done), Fail};
fulfilled({op, Anno, And, Left, Right}, Done) when And =:= 'and'; And =:= 'andalso' ->
    {op, Anno, And, fulfilled(Left, Done), fulfilled(Right, Done)};
fulfilled(Test, _) -> Test.

%% At the first place where the variable is.
demand_in({var, Anno, Var} = Pattern, Chosen, Done, _) ->
    case Chosen of
        #{Var := {Name, Size}} ->
            case lists:keymember(Var, 1, Done) of
                true -> {Pattern, Done};
                false ->
                    Parts = lists:duplicate(Size - 1, {var, Anno, '_'}),
                    {{match, Anno, {tuple, Anno, [{atom, Anno, Name} | Parts]}, Pattern},
                     [{Var, Name, Size} | Done]}
            end;
        _ -> {Pattern, Done}
    end;
demand_in({match, Anno, Left0, Right0}, Chosen, Done0, S) ->
    {Left, Done1} = demand_in(Left0, Chosen, Done0, S),
    {Right, Done} = demand_in(Right0, Chosen, Done1, S),
    {{match, Anno, Left, Right}, Done};
demand_in({cons, Anno, Head0, Tail0}, Chosen, Done0, S) ->
    {Head, Done1} = demand_in(Head0, Chosen, Done0, S),
    {Tail, Done} = demand_in(Tail0, Chosen, Done1, S),
    {{cons, Anno, Head, Tail}, Done};
demand_in({tuple, Anno, Elements0}, Chosen, Done0, S) ->
    {Elements, Done} = lists:mapfoldl(fun(E, Acc) -> demand_in(E, Chosen, Acc, S) end, Done0,
                                      Elements0),
    {{tuple, Anno, Elements}, Done};
demand_in(Pattern, _, Done, _) -> {Pattern, Done}.

%%% Expressions

exprs(Exprs, S) -> lists:mapfoldl(fun expr/2, S, Exprs).

expr({record_field, _, Record0, Name, {atom, _, Field}}, S0) ->
    {{var, _, Value}, S1} = new_var(0, S0),
    {Record, S} = expr(Record0, S1),
    Anno = element(2, Record),
    New = generated(Anno),
    Var = {var, Anno, Value},
    Parts = [case F of Field -> Var; _ -> {var, Anno, '_'} end || {F, _} <- fields(Name, S)],
    {{'case', Anno, Record,
      [{clause, New, [{tuple, New, [{atom, Anno, Name} | Parts]}], [], [Var]},
       {clause, New, [Var], [], [bad_record(New, Var)]}]}, S};
expr({record, Anno, Record, Name, Fields}, S0) ->
    {Update, S} = update(Anno, Record, Name, Fields, S0),
    expr(Update, S);
expr({match, Anno, Pattern0, Value0}, S0) ->
    {Value, S1} = expr(Value0, S0),
    {Pattern, S} = pattern(Pattern0, S1),
    {{match, Anno, Pattern, Value}, S};
expr({maybe_match, Anno, Pattern0, Value0}, S0) ->
    {Value, S1} = expr(Value0, S0),
    {Pattern, S} = pattern(Pattern0, S1),
    {{maybe_match, Anno, Pattern, Value}, S};
expr({clause, _, _, _, _} = Clause, S) -> clause(Clause, S);
expr({Comprehension, Anno, Result0, Qualifiers0}, S0)
  when Comprehension =:= lc; Comprehension =:= bc; Comprehension =:= mc ->
    {Qualifiers, S1} = lists:mapfoldl(fun qualifier/2, S0, Qualifiers0),
    {Result, S} = expr(Result0, S1),
    {{Comprehension, Anno, Result, Qualifiers}, S};
expr({call, Anno, {atom, _, record_info}, [{atom, _, What}, {atom, _, Name}]}, S)
  when not is_map_key({record_info, 2}, S#s.calls) ->
    case What of
        fields -> {erl_parse:abstract([F || {F, _} <- fields(Name, S)], Anno), S};
        size -> {{integer, Anno, length(fields(Name, S)) + 1}, S}
    end;
expr({call, Anno, {atom, _, is_record}, [Value, {atom, _, Name}]}, S)
  when not is_map_key({is_record, 2}, S#s.calls) ->
    is_record_call(Anno, Value, Name, S);
expr({call, Anno, {remote, _, {atom, _, erlang}, {atom, _, is_record}},
      [Value, {atom, _, Name}]}, S) ->
    is_record_call(Anno, Value, Name, S);
expr(Expr, S) -> in_expr(Expr, S, fun expr/2).

is_record_call(Anno, Value0, Name, S0) ->
    {Value, S1} = expr(Value0, S0),
    {Var, S} = new_var(Anno, S1),
    {{block, Anno, [{match, Anno, Var, Value},
                    is_record(generated(Anno), Anno, Var, Name, S)]}, S}.

%% A filter that could be a guard is one.
qualifier({Generate, Anno, Pattern0, Value0}, S0)
  when Generate =:= generate; Generate =:= b_generate; Generate =:= m_generate ->
    {Value, S1} = expr(Value0, S0),
    {Pattern, S} = pattern(Pattern0, S1),
    {{Generate, Anno, Pattern, Value}, S};
qualifier(Filter, #s{forms = Forms, calls = Calls} = S0) ->
    case erl_lint:is_guard_test(Filter, Forms, fun(Name) -> is_map_key(Name, Calls) end) of
        true ->
            {Test, S} = guard_test(Filter, S0#s{checked = []}),
            {Test, S#s{checked = []}};
        false -> expr(Filter, S0)
    end.

%% What is the same in guards and elsewhere.
in_expr({record, Anno, Name, Fields}, S0, Expr) ->
    Others = [V || {record_field, _, {var, _, '_'}, V} <- Fields],
    Here = fun(_) -> Anno end,
    {Parts, S} = lists:mapfoldl(Expr, S0,
                                [value_of(F, Fields, first(Others, erl_parse:map_anno(Here, Default)))
                                 || {F, Default} <- fields(Name, S0)]),
    {{tuple, Anno, [{atom, Anno, Name} | Parts]}, S};
in_expr({record_index, Anno, Name, {atom, _, Field}}, S, _) ->
    {{integer, Anno, index(Field, Name, S)}, S};
in_expr({call, Anno, {atom, A, Name}, Args0}, S0, Expr) ->
    {Args, S} = lists:mapfoldl(Expr, S0, Args0),
    {{call, Anno, function(A, Name, length(Args), S), Args}, S};
in_expr({'fun', Anno, {function, Name, Arity}} = Fun, S0, _) ->
    case function(Anno, Name, Arity, S0) of
        {remote, _, {atom, _, erlang}, _} = Remote ->
            {Vars, S} = lists:mapfoldl(fun(_, Acc) -> new_var(Anno, Acc) end, S0,
                                       lists:seq(1, Arity)),
            Clause = {clause, Anno, Vars, [], [{call, Anno, Remote, Vars}]},
            {{'fun', Anno, {clauses, [Clause]}}, S};
        _ -> {Fun, S0}
    end;
in_expr({'fun', _, {function, M, F, A}} = Fun, S, _) when is_atom(M); is_atom(F); is_integer(A) ->
    {Fun, S};
in_expr({'fun', Anno, {function, M0, F0, A0}}, S0, Expr) ->
    {[M, F, A], S} = lists:mapfoldl(Expr, S0, [M0, F0, A0]),
    {{'fun', Anno, {function, M, F, A}}, S};
in_expr({'fun', Anno, {clauses, Clauses0}}, S0, _) ->
    {Clauses, S} = clauses(Clauses0, S0),
    {{'fun', Anno, {clauses, Clauses}}, S};
in_expr({'receive', Anno, Clauses0, Timeout0, Body0}, S0, _) ->
    {Timeout, S1} = expr(Timeout0, S0),
    {Body, S2} = exprs(Body0, S1),
    {Clauses, S} = clauses(Clauses0, S2),
    {{'receive', Anno, Clauses, Timeout, Body}, S};
in_expr({bin, Anno, Elements0}, S0, Expr) -> % from the last to the first
    {Elements, S} = lists:mapfoldr(Expr, S0, Elements0),
    {{bin, Anno, Elements}, S};
in_expr({bin_element, Anno, Value0, Size0, Types}, S0, Expr) ->
    {Value, S1} = Expr(Value0, S0),
    {Size, S} = case Size0 of default -> {default, S1}; _ -> Expr(Size0, S1) end,
    {{bin_element, Anno, Value, Size, Types}, S};
in_expr(Tuple, S0, Expr) when tuple_size(Tuple) > 2 ->
    [Kind, Anno | Parts0] = tuple_to_list(Tuple),
    {Parts, S} = lists:mapfoldl(fun(Part, S) -> part(Part, S, Expr) end, S0, Parts0),
    {list_to_tuple([Kind, Anno | Parts]), S};
in_expr(Other, S, _) -> {Other, S}.

%% Lists of expressions or clauses, and expressions.
part([First | _] = Part, S, Expr) when is_tuple(First), tuple_size(First) > 1 ->
    lists:mapfoldl(Expr, S, Part);
part(Part, S, Expr) when is_tuple(Part), is_atom(element(1, Part)), tuple_size(Part) > 1 ->
    Expr(Part, S);
part(Part, S, _) -> {Part, S}.

%% The function that a local name means.
function(Anno, Name, Arity, #s{calls = Calls}) ->
    case Calls of
        #{{Name, Arity} := local} -> {atom, Anno, Name};
        #{{Name, Arity} := {imported, Module}} ->
            {remote, Anno, {atom, Anno, Module}, {atom, Anno, Name}};
        _ ->
            case erl_internal:bif(Name, Arity) of
                true -> {remote, Anno, {atom, Anno, erlang}, {atom, Anno, Name}};
                false -> {atom, Anno, Name}
            end
    end.

%%% Updates

%% New values that are more than a variable or constant are evaluated first, then the record.
update(Anno, Record, Name, Fields, S0) ->
    Known = fields(Name, S0),
    {Values, S1} = lists:mapfoldl(
                     fun({record_field, A, {atom, _, F}, Value}, Acc0) ->
                             case is_simple(Value) of
                                 true -> {{F, A, Value, none}, Acc0};
                                 false ->
                                     {Var, Acc} = new_var(A, Acc0),
                                     {{F, A, Var, {match, A, Var, Value}}, Acc}
                             end
                     end, S0, Fields),
    At = element(2, Record),
    {Whole, S2} = new_var(At, S1),
    {Clause, CaseAnno, S} =
        case lists:sort([{index_in(F, Known), A, Value} || {F, A, Value, _} <- Values]) of
            [{_, First, _} | _] = Indices when length(Indices) * 2 =< length(Known) ->
                {by_setelement(First, Whole, Name, Known, Indices), First, S2};
            _ -> by_tuple(At, Anno, Name, Known, Values, S2)
        end,
    New = generated(CaseAnno),
    {{block, At,
      [Match || {_, _, _, Match} <- Values, Match =/= none] ++
          [{match, At, Whole, Record},
           {'case', CaseAnno, Whole,
            [Clause, {clause, New, [{var, New, '_'}], [], [bad_record(New, Whole)]}]}]}, S}.

by_setelement(Anno, Whole, Name, Known, Indices) ->
    Parts = [{var, Anno, '_'} || _ <- Known],
    Set = lists:foldr(fun({I, A, Value}, Acc) ->
                              remote(A, setelement, [{integer, A, I}, Acc, Value])
                      end, Whole, Indices),
    {clause, Anno, [{tuple, Anno, [{atom, Anno, Name} | Parts]}], [], [Set]}.

by_tuple(At, Anno, Name, Known, Values, S0) ->
    {Old, S} = lists:mapfoldl(fun(_, Acc) -> new_var(Anno, Acc) end, S0, Known),
    New = [case lists:keyfind(F, 1, Values) of
               {F, _, Value, _} -> Value;
               false -> Part
           end || {{F, _}, Part} <- lists:zip(Known, Old)],
    Tag = {atom, At, Name},
    {{clause, At, [{tuple, At, [Tag | Old]}], [], [{tuple, At, [Tag | New]}]}, At, S}.

is_simple({var, _, _}) -> true;
is_simple(Value) ->
    try erl_parse:normalise(Value) of
        _ -> true
    catch
        error:_ -> false
    end.

bad_record(Anno, Record) ->
    remote(Anno, error, [{tuple, Anno, [{atom, Anno, badrecord}, Record]}]).

remote(Anno, Name, Args) ->
    {call, Anno, {remote, Anno, {atom, Anno, erlang}, {atom, Anno, Name}}, Args}.

new_var(Anno, #s{next = Next} = S) ->
    {{var, Anno, list_to_atom("rec" ++ integer_to_list(Next))}, S#s{next = Next + 1}}.

fields(Name, #s{records = Records}) -> maps:get(Name, Records).

index(Field, Name, S) -> index_in(Field, fields(Name, S)).

index_in(Field, Known) -> index_in(Field, Known, 2).

index_in(Field, [{Field, _} | _], Index) -> Index;
index_in(Field, [_ | Known], Index) -> index_in(Field, Known, Index + 1).

value_of(Field, Given, Default) ->
    first([Value || {record_field, _, {atom, _, Name}, Value} <- Given, Name =:= Field], Default).

first([Value | _], _) -> Value;
first([], Default) -> Default.
