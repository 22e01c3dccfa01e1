%% The checks of the compiler, for forms. They are the machine's own (muster_compiler); what is here
%% asks them and answers small questions about forms.
-module(erl_lint).
-export([module/1, module/2, module/3, format_error/1, exprs/2, exprs_opt/3, used_vars/2,
         is_guard_test/1, is_guard_test/2, is_guard_test/3, is_guard_expr/1, is_pattern_expr/1,
         bool_option/4, value_option/3, value_option/7]).

-export_type([error_info/0, error_description/0]).

-type error_description() :: term().
-type error_info() :: {erl_anno:location() | none, module(), error_description()}.
-type messages() :: [{file:filename(), [error_info()]}].
-type forms() :: [erl_parse:abstract_form() | erl_parse:form_info()].

-spec module(forms()) -> {ok, messages()} | {error, messages(), messages()}.
module(Forms) -> module(Forms, "nofile", []).

-spec module(forms(), atom() | string()) -> {ok, messages()} | {error, messages(), messages()}.
module(Forms, File) -> module(Forms, File, []).

-spec module(forms(), atom() | string(), [compile:option()]) ->
          {ok, messages()} | {error, messages(), messages()}.
module(Forms, File, Options) ->
    {Errors, Warnings} = check(with_file(Forms, File), Options),
    case Errors of
        [] -> {ok, Warnings};
        _ -> {error, Errors, Warnings}
    end.

%% The name stands for the file until a -file attribute says another.
with_file(Forms, File) when is_atom(File) -> with_file(Forms, atom_to_list(File));
with_file(Forms, File) -> [{attribute, 1, file, {File, 1}} | Forms].

check(Forms, Options) ->
    Settings = #{stop => check, options => Options, behaviours => compile_behaviours(Forms)},
    case muster_compiler:run({forms, Forms}, Settings) of
        {_, _, _, Messages} ->
            {groups([{File, Info} || {error, File, Info} <- Messages]),
             sorted([{File, Info} || {warning, File, Info} <- Messages])};
        {bad, Part} -> error({bad_form, Part})
    end.

sorted(Pairs) -> [{File, lists:sort(Infos)} || {File, Infos} <- groups(Pairs)].

groups(Pairs) ->
    [{File, [Info || {F, Info} <- Pairs, F =:= File]}
     || File <- lists:usort([File || {File, _} <- Pairs])].

compile_behaviours(Forms) ->
    [{Module, Callbacks, Optional}
     || {attribute, _, Name, Module} <- Forms, Name =:= behaviour orelse Name =:= behavior,
        is_atom(Module),
        Callbacks <- behaviour_info(Module, callbacks),
        Optional <- [hd(behaviour_info(Module, optional_callbacks) ++ [[]])]].

%% What it answers, right or wrong, in a list; nothing where it cannot be asked.
behaviour_info(Module, What) ->
    try [Module:behaviour_info(What)] catch _:_ -> [] end.

%% Expressions as the shell has them: bindings are of variables that are there.
-spec exprs([erl_parse:abstract_expr()], [{atom(), term()}]) ->
          {ok, [error_info()]} | {error, messages(), messages()}.
exprs(Exprs, Bindings) -> exprs_opt(Exprs, Bindings, []).

-spec exprs_opt([erl_parse:abstract_expr()], [{atom(), term()}], [compile:option()]) ->
          {ok, [error_info()]} | {error, messages(), messages()}.
exprs_opt(Exprs, Bindings, Options) ->
    {All, Warnings} = check(as_module(Exprs, [Name || {Name, _} <- Bindings, is_atom(Name)]),
                            [nowarn_unused_vars | Options]),
    %% Who evaluates them may know more functions.
    Errors = [{File, Left} || {File, Infos} <- All,
                              Left <- [[I || {_, _, Why} = I <- Infos, not is_undefined(Why)]],
                              Left =/= []],
    case Errors of
        [] -> {ok, Warnings};
        _ -> {error, Errors, Warnings}
    end.

is_undefined({undefined_function, _}) -> true;
is_undefined(_) -> false.

-define(WRAPPER, '-exprs-').

as_module(Exprs, Names) ->
    Anno = case Exprs of [Expr | _] -> element(2, Expr); [] -> 0 end,
    Arguments = [{var, Anno, Name} || Name <- Names],
    Body = case Exprs of [] -> [{atom, Anno, ok}]; _ -> Exprs end,
    [{attribute, Anno, file, {"nofile", 1}}, {attribute, Anno, module, ?WRAPPER},
     {attribute, Anno, export, [{?WRAPPER, length(Names)}]},
     {function, Anno, ?WRAPPER, length(Names), [{clause, Anno, Arguments, [], Body}]}].

%% The variables of Bindings that an expression uses.
-spec used_vars([erl_parse:abstract_expr()], [{atom(), term()}]) -> {ok, [{atom(), term()}]}.
used_vars(Exprs, Bindings) ->
    Used = erl_eval_tree:variables(Exprs),
    {ok, [Binding || {Name, _} = Binding <- Bindings, lists:member(Name, Used)]}.

%%% Guards

-spec is_guard_test(erl_parse:abstract_expr()) -> boolean().
is_guard_test(Expr) -> is_guard_test(Expr, []).

%% Forms may define records.
-spec is_guard_test(erl_parse:abstract_expr(), forms()) -> boolean().
is_guard_test(Expr, Forms) -> is_guard_test(Expr, Forms, fun(_) -> false end).

%% IsOverridden says of {Name, Arity} whether it is another function than the built-in one.
-spec is_guard_test(erl_parse:abstract_expr(), forms(), fun(({atom(), arity()}) -> boolean())) ->
          boolean().
is_guard_test(Expr, Forms, IsOverridden) ->
    Records = #{Name => true || {attribute, _, record, {Name, _}} <- Forms},
    is_test(Expr, {Records, IsOverridden}).

is_test({call, Anno, {remote, _, {atom, _, erlang}, {atom, _, _} = Name}, Args}, {Records, _}) ->
    is_test({call, Anno, Name, Args}, {Records, fun(_) -> false end});
is_test({call, _, {atom, _, record}, [Value, {atom, _, _}]}, State) -> is_guard(Value, State);
is_test({call, _, {atom, _, is_record}, [Value, {atom, _, _}]}, {_, Is} = State) ->
    not Is({is_record, 2}) andalso is_guard(Value, State);
is_test({call, _, {atom, _, is_record}, [Value, {atom, _, _}, {integer, _, _}]}, State) ->
    is_guard(Value, State);
is_test({call, _, {atom, _, Name}, Args} = Expr, {_, Is} = State) ->
    Arity = length(Args),
    case erl_internal:old_type_test(Name, Arity) andalso not Is({Name, Arity}) of
        true -> all_guards(Args, State);
        false -> is_guard(Expr, State)
    end;
is_test(Expr, State) -> is_guard(Expr, State).

%% As of OTP, this knows of no records and no functions that override others.
-spec is_guard_expr(erl_parse:abstract_expr()) -> boolean().
is_guard_expr(Expr) -> is_guard(Expr, {#{}, fun(_) -> false end}).

is_guard({var, _, _}, _) -> true;
is_guard({char, _, _}, _) -> true;
is_guard({integer, _, _}, _) -> true;
is_guard({float, _, _}, _) -> true;
is_guard({atom, _, _}, _) -> true;
is_guard({string, _, _}, _) -> true;
is_guard({nil, _}, _) -> true;
is_guard({cons, _, Head, Tail}, S) -> is_guard(Head, S) andalso is_guard(Tail, S);
is_guard({tuple, _, Elements}, S) -> all_guards(Elements, S);
is_guard({map, _, Fields}, S) -> all_fields(Fields, S);
is_guard({map, _, Map, Fields}, S) -> is_guard(Map, S) andalso all_fields(Fields, S);
is_guard({record_index, _, _, Field}, S) -> is_guard(Field, S);
is_guard({record_field, _, Record, _, Field}, S) -> is_guard(Record, S) andalso is_guard(Field, S);
is_guard({record, _, Name, Inits}, {Records, _} = S) ->
    is_map_key(Name, Records) andalso
        lists:all(fun({record_field, _, _, Value}) -> is_guard(Value, S) end, Inits);
is_guard({bin, _, Segments}, S) ->
    lists:all(fun({bin_element, _, Value, Size, _}) ->
                      is_guard(Value, S) andalso (Size =:= default orelse is_guard(Size, S))
              end, Segments);
is_guard({call, _, {atom, _, Name}, Args}, {_, Is} = S) ->
    Arity = length(Args),
    not Is({Name, Arity}) andalso
        (erl_internal:guard_bif(Name, Arity) orelse erl_internal:new_type_test(Name, Arity)) andalso
        all_guards(Args, S);
is_guard({call, _, {remote, _, {atom, _, erlang}, {atom, _, Name}}, Args}, S) ->
    Arity = length(Args),
    (erl_internal:guard_bif(Name, Arity) orelse erl_internal:new_type_test(Name, Arity) orelse
     is_guard_operator(Name, Arity)) andalso all_guards(Args, S);
is_guard({op, _, Op, Operand}, S) -> is_guard_operator(Op, 1) andalso is_guard(Operand, S);
is_guard({op, _, Op, Left, Right}, S) when Op =:= 'andalso'; Op =:= 'orelse' ->
    is_guard(Left, S) andalso is_guard(Right, S);
is_guard({op, _, Op, Left, Right}, S) ->
    is_guard_operator(Op, 2) andalso is_guard(Left, S) andalso is_guard(Right, S);
is_guard(_, _) -> false.

is_guard_operator(Op, Arity) ->
    erl_internal:arith_op(Op, Arity) orelse erl_internal:bool_op(Op, Arity) orelse
        erl_internal:comp_op(Op, Arity).

all_guards(Exprs, S) -> lists:all(fun(Expr) -> is_guard(Expr, S) end, Exprs).

all_fields(Fields, S) ->
    lists:all(fun({_, _, Key, Value}) -> is_guard(Key, S) andalso is_guard(Value, S) end, Fields).

%% Arithmetic on literals, which may stand in patterns.
-spec is_pattern_expr(erl_parse:abstract_expr()) -> boolean().
is_pattern_expr({char, _, _}) -> true;
is_pattern_expr({integer, _, _}) -> true;
is_pattern_expr({float, _, _}) -> true;
is_pattern_expr({atom, _, _}) -> true;
is_pattern_expr({tuple, _, Elements}) -> lists:all(fun is_pattern_expr/1, Elements);
is_pattern_expr({nil, _}) -> true;
is_pattern_expr({cons, _, Head, Tail}) -> is_pattern_expr(Head) andalso is_pattern_expr(Tail);
is_pattern_expr({op, _, Op, Operand}) -> erl_internal:arith_op(Op, 1) andalso is_pattern_expr(Operand);
is_pattern_expr({op, _, Op, Left, Right}) ->
    erl_internal:arith_op(Op, 2) andalso is_pattern_expr(Left) andalso is_pattern_expr(Right);
is_pattern_expr(_) -> false.

%%% Options

%% The last of On and Off among the options decides.
-spec bool_option(atom(), atom(), boolean(), [term()]) -> boolean().
bool_option(On, Off, Default, Options) ->
    lists:foldl(fun(Option, _) when Option =:= On -> true;
                   (Option, _) when Option =:= Off -> false;
                   (_, Value) -> Value
                end, Default, Options).

-spec value_option(atom(), term(), [term()]) -> term().
value_option(Flag, Default, Options) ->
    lists:foldl(fun({Option, Value}, _) when Option =:= Flag -> Value;
                   (_, Value) -> Value
                end, Default, Options).

-spec value_option(atom(), term(), atom(), term(), atom(), term(), [term()]) -> term().
value_option(Flag, Default, On, OnValue, Off, OffValue, Options) ->
    lists:foldl(fun({Option, Value}, _) when Option =:= Flag -> Value;
                   (Option, _) when Option =:= On -> OnValue;
                   (Option, _) when Option =:= Off -> OffValue;
                   (_, Value) -> Value
                end, Default, Options).

%%% Messages

-spec format_error(error_description()) -> unicode:chardata().
format_error({format_error, {Format, Arguments}}) -> io_lib:format(Format, Arguments);
format_error(Description) ->
    case muster_compiler:message_text(Description) of
        undefined -> io_lib:format("~tp", [Description]);
        Text -> unicode:characters_to_list(Text)
    end.
