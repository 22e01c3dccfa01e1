%% ets:fun2ms/1 and dbg:fun2ms/1: funs become match specifications, while a module is compiled or in
%% the shell.
%%
%% A fun's head becomes the pattern, its variables '$1', '$2', ...; its guards and body become terms
%% that are evaluated for each object. What else the fun can see is a constant to it: {const, Value}.
-module(ms_transform).
-export([parse_transform/2, transform_from_shell/3, format_error/1]).

-record(m, {
    dialect :: ets | dbg,
    records :: #{atom() => [{atom(), Default :: term()}]},
    where = head :: head | guard | body,
    names = #{} :: #{atom() => atom()},   % variables of the head: '$1' ..., '$_'
    env = none :: none | fun((atom()) -> term()) % in the shell: values of variables
}).

%%% Modules

-record(t, {
    file = "nofile" :: string(),
    records = #{} :: map(),
    bound = #{} :: map(),   % variables that were met in the clause so far
    used = #{} :: map(),    % records
    errors = [] :: [{string(), tuple()}],
    warnings = [] :: [{string(), tuple()}]
}).

-spec parse_transform(Forms, [compile:option()]) ->
          Forms | {warning, Forms, list()} | {error, list(), list()}
          when Forms :: [erl_parse:abstract_form() | erl_parse:form_info()].
parse_transform(Forms0, _) ->
    {Forms1, T} = lists:mapfoldl(fun form/2, #t{}, Forms0),
    Forms = keep_records(maps:keys(T#t.used), Forms1),
    case {by_file(T#t.errors), by_file(T#t.warnings)} of
        {[], []} -> Forms;
        {[], Warnings} -> {warning, Forms, Warnings};
        {Errors, Warnings} -> {error, Errors, Warnings}
    end.

by_file(Reversed) ->
    All = lists:reverse(Reversed),
    [{File, [Info || {F, Info} <- All, F =:= File]}
     || File <- lists:uniq([File || {File, _} <- All])].

form({attribute, _, file, {File, _}} = Form, T) -> {Form, T#t{file = File}};
form({attribute, _, record, {Name, Fields}} = Form, #t{records = Records} = T) ->
    {Form, T#t{records = Records#{Name => lists:map(fun field/1, Fields)}}};
form({function, Anno, Name, Arity, Clauses0}, T0) ->
    {Clauses, T} = lists:mapfoldl(fun(Clause, Acc) -> walk(Clause, Acc#t{bound = #{}}) end,
                                  T0, Clauses0),
    {{function, Anno, Name, Arity, Clauses}, T};
form(Form, T) -> {Form, T}.

field({typed_record_field, Field, _}) -> field(Field);
field({record_field, _, {atom, _, Name}}) -> {Name, undefined_atom()};
field({record_field, _, {atom, _, Name}, Default}) -> {Name, Default}.

undefined_atom() -> {atom, 0, undefined}.

%% Records that only became terms of match specifications are used, too.
keep_records([], Forms) -> Forms;
keep_records(Names, [{attribute, Anno, module, _} = Module | Forms]) ->
    [Module, {attribute, Anno, compile, {nowarn_unused_record, Names}} | Forms];
keep_records(Names, [Form | Forms]) -> [Form | keep_records(Names, Forms)];
keep_records(_, []) -> [].

walk({call, _, {remote, _, {atom, _, Dialect}, {atom, _, fun2ms}}, [_]} = Call, T)
  when Dialect =:= ets; Dialect =:= dbg ->
    translate(Call, T);
walk({var, _, Name} = Var, #t{bound = Bound} = T) -> {Var, T#t{bound = Bound#{Name => true}}};
walk(Tuple, T0) when is_tuple(Tuple) ->
    {List, T} = walk(tuple_to_list(Tuple), T0),
    {list_to_tuple(List), T};
walk([Head0 | Tail0], T0) ->
    {Head, T1} = walk(Head0, T0),
    {Tail, T} = walk(Tail0, T1),
    {[Head | Tail], T};
walk(Other, T) -> {Other, T}.

translate({call, Anno, {remote, _, {atom, _, Dialect}, _}, [Fun]} = Call, T) ->
    try
        Clauses = case Fun of
                      {'fun', _, {clauses, Cs}} -> Cs;
                      _ -> throw({bad, Anno, not_a_fun})
                  end,
        M = #m{dialect = Dialect, records = T#t.records},
        Specs = lists:append([clause(Clause, M) || Clause <- Clauses]),
        {list(Specs, Anno), shadowed(Clauses, note_records(Fun, T))}
    catch
        throw:{bad, At, What} ->
            {Call, T#t{errors = [{T#t.file, {erl_anno:location(At), ?MODULE, What}} | T#t.errors]}}
    end.

note_records({record, _, Name, Fields}, T) -> note_records(Fields, note_record(Name, T));
note_records({record, _, Expr, Name, Fields}, T) ->
    note_records([Expr | Fields], note_record(Name, T));
note_records({record_field, _, Expr, Name, _}, T) -> note_records(Expr, note_record(Name, T));
note_records({record_index, _, Name, _}, T) -> note_record(Name, T);
note_records({call, _, {atom, _, Test}, [Expr, {atom, _, Name}]}, T)
  when Test =:= is_record; Test =:= record ->
    note_records(Expr, note_record(Name, T));
note_records(Tuple, T) when is_tuple(Tuple) -> note_records(tuple_to_list(Tuple), T);
note_records([Head | Tail], T) -> note_records(Tail, note_records(Head, T));
note_records(_, T) -> T.

note_record(Name, #t{used = Used} = T) -> T#t{used = Used#{Name => true}}.

%% Variables of a head that are bound outside are others there.
shadowed(Clauses, T) ->
    lists:foldl(fun({clause, _, Head, _, _}, Acc) ->
                        lists:foldl(fun(Var, A) -> shadowed_one(Var, A) end, Acc, vars(Head, []))
                end, T, Clauses).

shadowed_one({Anno, Name}, #t{bound = Bound} = T) when is_map_key(Name, Bound), Name =/= '_' ->
    Warning = {erl_anno:location(Anno), ?MODULE, {shadowed, Name}},
    T#t{warnings = [{T#t.file, Warning} | T#t.warnings]};
shadowed_one(_, T) -> T.

vars({var, Anno, Name}, Vars) -> Vars ++ [{Anno, Name}];
vars(Tuple, Vars) when is_tuple(Tuple) -> vars(tuple_to_list(Tuple), Vars);
vars([Head | Tail], Vars) -> vars(Tail, vars(Head, Vars));
vars(_, Vars) -> Vars.

%%% The shell

%% Bindings: of the variables that the fun sees. The match specification is a term.
-spec transform_from_shell(ets | dbg, [erl_parse:abstract_clause()], erl_eval:binding_struct()) ->
          ets:match_spec() | {error, list(), list()}.
transform_from_shell(Dialect, Clauses, Bindings) ->
    Env = fun(Name) ->
                  case erl_eval:binding(Name, Bindings) of
                      {value, Value} -> Value;
                      unbound -> throw({bad, 0, {unbound, Name}})
                  end
          end,
    M = #m{dialect = Dialect, records = #{}, env = Env},
    try [erl_parse:normalise(Spec) || Clause <- Clauses, Spec <- clause(Clause, M)]
    catch
        throw:{bad, At, What} ->
            {error, [{"shell", [{erl_anno:location(erl_anno:new(line_of(At))), ?MODULE, What}]}], []}
    end.

line_of(0) -> 0;
line_of(Anno) -> erl_anno:line(Anno).

%%% Clauses

%% One specification for each alternative of the guard.
clause({clause, Anno, [Pattern0], Guards, Body0}, M0) ->
    {Pattern, Whole} = whole(Pattern0),
    is_head(Pattern, M0#m.dialect) orelse throw({bad, Anno, {bad_head, M0#m.dialect}}),
    Names0 = maps:from_list([{Name, '$_'} || Name <- Whole]),
    {Head, Names} = head(Pattern, M0, Names0),
    M = M0#m{names = Names},
    Alternatives = case Guards of [] -> [[]]; _ -> Guards end,
    Body = [term(E, M#m{where = body}) || E <- Body0],
    [{tuple, Anno, [Head, list([test(E, M#m{where = guard}) || E <- Tests], Anno),
                    list(Body, Anno)]}
     || Tests <- Alternatives];
clause({clause, Anno, _, _, _}, M) -> throw({bad, Anno, {bad_head, M#m.dialect}}).

whole({match, _, {var, _, Name}, Pattern}) -> {Pattern, [Name]};
whole({match, _, Pattern, {var, _, Name}}) -> {Pattern, [Name]};
whole(Pattern) -> {Pattern, []}.

is_head({var, _, _}, _) -> true;
is_head({tuple, _, _}, ets) -> true;
is_head({record, _, _, _}, ets) -> true;
is_head({cons, _, _, _}, dbg) -> true;
is_head({nil, _}, dbg) -> true;
is_head(_, _) -> false.

list(Terms, Anno) ->
    lists:foldr(fun(Term, Rest) -> {cons, Anno, Term, Rest} end, {nil, Anno}, Terms).

%%% Heads: {Pattern, Names}

head({var, Anno, '_'}, _, Names) -> {{atom, Anno, '_'}, Names};
head({var, Anno, Name}, _, Names) ->
    case Names of
        #{Name := Known} -> {{atom, Anno, Known}, Names};
        _ ->
            Number = 1 + length([N || N <- maps:values(Names), N =/= '$_']),
            New = list_to_atom("$" ++ integer_to_list(Number)),
            {{atom, Anno, New}, Names#{Name => New}}
    end;
head({match, Anno, _, _}, _, _) -> throw({bad, Anno, inner_match});
head({atom, Anno, Atom} = Pattern, _, Names) ->
    case is_numbered(atom_to_list(Atom)) of
        true -> throw({bad, Anno, {reserved_atom, Atom}});
        false -> {Pattern, Names}
    end;
head({record, Anno, Name, Fields}, M, Names0) ->
    Known = record_fields(Name, Anno, M#m{where = head}),
    check_fields(Fields, Anno, Name, Known, M),
    Others = case [V || {record_field, _, {var, _, '_'}, V} <- Fields] of
                 [Value | _] -> Value;
                 [] -> {var, Anno, '_'}
             end,
    Parts = [field_value(F, Fields, Others) || {F, _} <- Known],
    {Elements, Names} = heads(Parts, M, Names0),
    {{tuple, Anno, [{atom, Anno, Name} | Elements]}, Names};
head({op, _, '++', {string, Anno, Chars}, Tail}, M, Names) ->
    head(lists:foldr(fun(C, Rest) -> {cons, Anno, {char, Anno, C}, Rest} end, Tail, Chars), M, Names);
head({bin, _, _} = Bin, _, Names) ->
    case vars(Bin, []) of
        [] -> {Bin, Names};
        [{Anno, Name} | _] -> throw({bad, Anno, {bits_in_head, Name}})
    end;
head({map, Anno, Fields0}, M, Names0) ->
    {Fields, Names} = lists:mapfoldl(
                        fun({_, A, Key0, Value0}, Acc0) ->
                                {Key, Acc1} = head(Key0, M, Acc0),
                                {Value, Acc} = head(Value0, M, Acc1),
                                {{map_field_assoc, A, Key, Value}, Acc}
                        end, Names0, Fields0),
    {{map, Anno, Fields}, Names};
head({tuple, Anno, Elements0}, M, Names0) ->
    {Elements, Names} = heads(Elements0, M, Names0),
    {{tuple, Anno, Elements}, Names};
head({cons, Anno, First0, Rest0}, M, Names0) ->
    {First, Names1} = head(First0, M, Names0),
    {Rest, Names} = head(Rest0, M, Names1),
    {{cons, Anno, First, Rest}, Names};
head(Constant, _, Names) -> {Constant, Names}.

heads(Patterns, M, Names) ->
    lists:mapfoldl(fun(Pattern, Acc) -> head(Pattern, M, Acc) end, Names, Patterns).

is_numbered([$$ | [_ | _] = Digits]) -> lists:all(fun(C) -> C >= $0 andalso C =< $9 end, Digits);
is_numbered(_) -> false.

%%% Guards and bodies

%% float/1 is the old name of a test only where it is the whole of one.
test({call, Anno, {atom, _, float}, [Arg]}, M) -> tuple(Anno, is_float, [term(Arg, M)]);
test(E, M) -> term(E, M).

term({var, Anno, '_'}, _) -> {atom, Anno, '_'};
term({var, Anno, Name} = Var, #m{names = Names} = M) ->
    case Names of
        #{Name := Known} -> {atom, Anno, Known};
        _ -> {tuple, Anno, [{atom, Anno, const}, constant(Var, M)]}
    end;
term({atom, Anno, Atom} = Constant, _) ->
    case atom_to_list(Atom) of
        [$$ | _] -> {tuple, Anno, [{atom, Anno, const}, Constant]};
        _ -> Constant
    end;
term({tuple, Anno, Elements}, M) -> in_tuple(Anno, terms(Elements, M));
term({cons, Anno, Head, Tail}, M) -> {cons, Anno, term(Head, M), term(Tail, M)};
term({map, Anno, Fields}, M) ->
    {map, Anno, [{map_field_assoc, A, term(K, M), term(V, M)} || {_, A, K, V} <- Fields]};
term({map, Anno, _, _}, M) -> element_of_language(Anno, map, M);
term({bin, _, _} = Bin, M) ->
    case [Var || {_, Name} = Var <- vars(Bin, []), is_map_key(Name, M#m.names)] of
        [] -> constant(Bin, M);
        [{Anno, Name} | _] -> throw({bad, Anno, {bits, Name, M#m.where}})
    end;
term({record, Anno, Name, Fields}, M) ->
    Known = record_fields(Name, Anno, M),
    check_fields(Fields, Anno, Name, Known, M),
    Others = [V || {record_field, _, {var, _, '_'}, V} <- Fields],
    in_tuple(Anno, [{atom, Anno, Name} |
                    [term(field_value(F, Fields, first(Others, Default)), M)
                     || {F, Default} <- Known]]);
term({record, Anno, Expr, Name, Fields}, M) ->
    Known = record_fields(Name, Anno, M),
    check_fields(Fields, Anno, Name, Known, M),
    Value = term(Expr, M),
    in_tuple(Anno, [{atom, Anno, Name} |
                    [case field_value(F, Fields, none) of
                         none -> element(Anno, I, Value);
                         New -> term(New, M)
                     end || {I, {F, _}} <- lists:enumerate(2, Known)]]);
term({record_field, Anno, Expr, Name, {atom, _, Field}}, M) ->
    element(Anno, field_index(Field, Name, Anno, M), term(Expr, M));
term({record_index, Anno, Name, {atom, _, Field}}, M) ->
    {integer, Anno, field_index(Field, Name, Anno, M)};
term({op, Anno, Op, Operand} = E, M) ->
    folded(E, fun() -> tuple(Anno, Op, [term(Operand, M)]) end);
term({op, Anno, Op, Left, Right} = E, M) ->
    folded(E, fun() -> tuple(Anno, Op, terms([Left, Right], M)) end);
term({call, Anno, {remote, _, {atom, _, erlang}, {atom, A, Name}}, Args}, M) ->
    case is_operator(Name, length(Args)) of
        true -> tuple(Anno, Name, terms(Args, M));
        false -> call(Anno, {atom, A, Name}, Args, M)
    end;
term({call, Anno, {remote, _, {atom, _, Module}, {atom, _, Name}}, Args}, M) ->
    throw({bad, Anno, {remote_call, Module, Name, length(Args), M#m.where}});
term({call, Anno, {atom, _, _} = Name, Args}, M) -> call(Anno, Name, Args, M);
term({call, Anno, _, _}, M) -> element_of_language(Anno, call, M);
term({match, Anno, _, _}, M) -> throw({bad, Anno, {match, M#m.where}});
term(Expr, M) ->
    case is_constant(Expr) of
        true -> Expr;
        false -> element_of_language(element(2, Expr), element(1, Expr), M)
    end.

terms(Exprs, M) -> [term(Expr, M) || Expr <- Exprs].

%% Arithmetic on literals is done at once.
folded(E, Other) ->
    case erl_eval:partial_eval(E) of
        Constant when element(1, Constant) =/= op -> Constant;
        _ -> Other()
    end.

is_constant({Kind, _, _}) ->
    lists:member(Kind, [integer, float, char, string]);
is_constant({nil, _}) -> true;
is_constant(_) -> false.

%% What is known before the match specification is used.
constant(E, #m{env = none}) -> E;
constant(E, #m{env = Env}) ->
    Bindings = maps:from_list([{Name, Env(Name)} || {_, Name} <- vars(E, [])]),
    erl_parse:abstract(erl_eval:expr(E, Bindings, none, none, value)).

%% A tuple that is made; without the second pair of braces it would be a call.
in_tuple(Anno, Elements) -> {tuple, Anno, [{tuple, Anno, Elements}]}.

tuple(Anno, Name, Args) -> {tuple, Anno, [{atom, Anno, Name} | Args]}.

element(Anno, Index, Value) -> tuple(Anno, element, [{integer, Anno, Index}, Value]).

element_of_language(Anno, Kind, M) -> throw({bad, Anno, {language, kind(Kind), M#m.where}}).

kind(lc) -> "list comprehension";
kind(bc) -> "binary comprehension";
kind(mc) -> "map comprehension";
kind(block) -> "begin/end block";
kind(named_fun) -> "fun";
kind(Kind) -> atom_to_list(Kind).

call(Anno, {atom, _, Test}, [Value, {atom, A, Name}], M) when Test =:= is_record; Test =:= record ->
    Size = length(record_fields(Name, A, M)) + 1,
    tuple(Anno, is_record, [term(Value, M), {atom, Anno, Name}, {integer, Anno, Size}]);
call(Anno, {atom, _, object}, [], _) -> {atom, Anno, '$_'};
call(Anno, {atom, _, bindings}, [], _) -> {atom, Anno, '$*'};
call(Anno, {atom, _, Name}, Args, M) ->
    Arity = length(Args),
    case is_old_test(Name, Arity, M) of
        true -> tuple(Anno, list_to_atom("is_" ++ atom_to_list(Name)), terms(Args, M));
        false ->
            is_allowed(Name, Arity, M)
                orelse throw({bad, Anno, {local_call, Name, Arity, M#m.where}}),
            tuple(Anno, Name, terms(Args, M))
    end.

is_old_test(Name, 1, _) ->
    lists:member(Name, [integer, number, atom, list, tuple, pid, reference, port, binary,
                        function]);
is_old_test(_, _, _) -> false.

is_operator(Name, Arity) ->
    erl_internal:arith_op(Name, Arity) orelse erl_internal:bool_op(Name, Arity)
        orelse erl_internal:comp_op(Name, Arity).

is_allowed(Name, Arity, #m{dialect = Dialect, where = Where}) ->
    lists:member({Name, Arity}, functions()) orelse
        (Dialect =:= dbg andalso
         (lists:member({Name, Arity}, [{is_seq_trace, 0}, {get_tcw, 0}]) orelse
          (Where =:= body andalso lists:member({Name, Arity}, actions())))).

functions() ->
    [{is_atom, 1}, {is_float, 1}, {is_integer, 1}, {is_list, 1}, {is_number, 1}, {is_pid, 1},
     {is_port, 1}, {is_reference, 1}, {is_tuple, 1}, {is_binary, 1}, {is_bitstring, 1},
     {is_boolean, 1}, {is_function, 1}, {is_map, 1}, {is_map_key, 2},
     {abs, 1}, {ceil, 1}, {floor, 1}, {round, 1}, {trunc, 1}, {float, 1}, {max, 2}, {min, 2},
     {element, 2}, {hd, 1}, {tl, 1}, {length, 1}, {size, 1}, {bit_size, 1}, {byte_size, 1},
     {tuple_size, 1}, {map_size, 1}, {map_get, 2}, {binary_part, 2}, {binary_part, 3},
     {node, 0}, {node, 1}, {self, 0}].

actions() ->
    [{set_seq_token, 2}, {get_seq_token, 0}, {message, 1}, {return_trace, 0},
     {exception_trace, 0}, {process_dump, 0}, {enable_trace, 1}, {enable_trace, 2},
     {disable_trace, 1}, {disable_trace, 2}, {trace, 2}, {trace, 3}, {display, 1}, {caller, 0},
     {caller_line, 0}, {current_stacktrace, 0}, {current_stacktrace, 1}, {set_tcw, 1}, {silent, 1}].

%%% Records

record_fields(Name, Anno, #m{records = Records, where = Where}) ->
    case Records of
        #{Name := Fields} -> Fields;
        _ -> throw({bad, Anno, {unknown_record, Name, Where}})
    end.

check_fields(Fields, Anno, Name, Known, M) ->
    _ = [check_field(F, Anno, Name, Known, M) || F <- Fields],
    Given = [Field || {record_field, _, {atom, _, Field}, _} <- Fields],
    case Given -- lists:usort(Given) of
        [] -> ok;
        [Twice | _] -> throw({bad, Anno, {field_twice, Twice, Name, M#m.where}})
    end.

check_field({record_field, _, {atom, _, Field}, _}, Anno, Name, Known, M) ->
    lists:keymember(Field, 1, Known) orelse
        throw({bad, Anno, {unknown_field, Field, Name, M#m.where}});
check_field(_, _, _, _, _) -> true.

field_value(Field, Given, Default) ->
    first([Value || {record_field, _, {atom, _, Name}, Value} <- Given, Name =:= Field], Default).

first([Value | _], _) -> Value;
first([], Default) -> Default.

field_index(Field, Name, Anno, M) ->
    Known = record_fields(Name, Anno, M),
    case [I || {I, {F, _}} <- lists:enumerate(2, Known), F =:= Field] of
        [Index] -> Index;
        [] -> throw({bad, Anno, {unknown_field, Field, Name, M#m.where}})
    end.

%%% Messages

-spec format_error(term()) -> unicode:chardata().
format_error(not_a_fun) -> "Parameter of ets/dbg:fun2ms/1 is not a literal fun";
format_error({bad_head, ets}) -> "ets:fun2ms requires fun with single variable or tuple parameter";
format_error({bad_head, dbg}) -> "dbg:fun2ms requires fun with single variable or list parameter";
format_error(inner_match) ->
    "in fun head, only matching (=) on toplevel can be translated into match_spec";
format_error({reserved_atom, Atom}) ->
    io_lib:format("fun head contains atom ~w, which conflics with reserved atoms in match_spec heads",
                  [Atom]);
format_error({bits_in_head, Name}) ->
    io_lib:format("fun head contains bit syntax matching of variable ~w, which cannot be "
                  "translated into match_spec", [Name]);
format_error({bits, Name, Where}) ->
    io_lib:format("bit syntax construction with variable ~w (in ~w) cannot be translated into "
                  "match_spec", [Name, Where]);
format_error({language, Kind, Where}) ->
    io_lib:format("the language element ~s (in ~w) cannot be translated into match_spec",
                  [Kind, Where]);
format_error({match, body}) -> "fun with body matching ('=' in body) is illegal as match_spec";
format_error({match, guard}) ->
    "fun with guard matching ('=' in guard) is illegal as match_spec as well";
format_error({local_call, Name, Arity, Where}) ->
    io_lib:format("fun containing the local function call '~tw/~w' (called in ~w) cannot be "
                  "translated into match_spec", [Name, Arity, Where]);
format_error({remote_call, Module, Name, Arity, Where}) ->
    io_lib:format("fun containing the remote function call '~tw:~tw/~w' (called in ~w) cannot be "
                  "translated into match_spec", [Module, Name, Arity, Where]);
format_error({unknown_record, Name, Where}) ->
    io_lib:format("fun ~w contains unknown record type ~tw", [Where, Name]);
format_error({unknown_field, Field, Name, Where}) ->
    io_lib:format("fun ~w contains reference to unknown field ~tw in record type ~tw",
                  [Where, Field, Name]);
format_error({field_twice, Field, Name, Where}) ->
    io_lib:format("fun ~w contains field ~tw of record type ~tw more than once",
                  [Where, Field, Name]);
format_error({unbound, Name}) -> io_lib:format("variable ~s is unbound", [Name]);
format_error({shadowed, Name}) ->
    io_lib:format("variable '~s' shadowed in ms_transform fun head", [Name]);
format_error(Other) -> io_lib:format("~tp", [Other]).

