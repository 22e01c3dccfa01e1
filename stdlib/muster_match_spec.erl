%% Trying match specifications: erlang:match_spec_test/3 and ets:test_ms/2, and what is wrong with one, in
%% words.
-module(muster_match_spec).
-export([test/3, run/3]).

-type dialect() :: table | trace.
-type result() :: {ok, term(), [return_trace | exception_trace], []} | {error, [{error, string()}]}.

%% {Result, Flags}. The machine's (runtime/bif_match_spec.c); badarg: it is no specification.
-spec run(term(), term(), dialect()) -> {term(), [atom()]}.
run(_, _, _) -> erlang:nif_error(undef).

-spec test(term(), term(), dialect()) -> result().
test(Object, Specification, Dialect) ->
    try run(Object, Specification, Dialect) of
        {Result, Flags} -> {ok, Result, Flags, []}
    catch
        error:badarg -> {error, [{error, Text} || Text <- wrong(Specification, Dialect)]}
    end.

wrong([_ | _] = Specification, Dialect) ->
    try length(Specification) of
        _ -> clauses(Specification, Dialect)
    catch
        error:badarg -> ["Match programs are not in a proper list."]
    end;
wrong(_, _) -> ["Match programs are not in a list."].

%% The errors of the first clause that has some.
clauses([{Head, Guards, Body} | Clauses], Dialect) ->
    Bound = variables(Head, []),
    case head(Head, Dialect) of
        [] ->
            case whole(Guards, Bound, {guard, Dialect}) ++ whole(Body, Bound, {body, Dialect}) of
                [] -> clauses(Clauses, Dialect);
                Texts -> Texts
            end;
        Texts -> Texts
    end;
clauses([], _) -> ["The match specification is malformed."];
clauses(_, _) -> ["Match program part is not a tuple of arity 3."].

head(Head, Dialect) ->
    case keys(Head) of
        [] -> whole_head(Head, Dialect);
        Texts -> Texts
    end.

whole_head(Head, trace) when is_atom(Head) ->
    case is_variable(Head) orelse Head =:= '_' of
        true -> [];
        false -> ["Match head is invalid in this context."]
    end;
whole_head(Head, trace) when is_list(Head) ->
    case is_proper(Head) of
        true -> [];
        false -> [text("Match expression part ~0p is not a proper list.", [Head])]
    end;
whole_head(Head, trace) when not is_tuple(Head) -> ["Match head is invalid in this context."];
whole_head(_, _) -> [].

%% Variables as keys of maps, anywhere in a head.
keys(Head) when is_map(Head) ->
    [case Key of '_' -> "Underscore"; _ -> "Variable" end ++ " found in map key."
     || Key <- maps:keys(Head), is_atom(Key), Key =:= '_' orelse is_variable(Key)]
        ++ keys(maps:values(Head));
keys(Head) when is_tuple(Head) -> keys(tuple_to_list(Head));
keys([First | Rest]) -> keys(First) ++ keys(Rest);
keys(_) -> [].

is_proper(List) ->
    try length(List) of _ -> true catch error:badarg -> false end.

%% All guards, or all of a body.
whole(Parts, _, {body, table}) when Parts =:= []; not is_list(Parts) ->
    ["Body clause does not return anything."];
whole(Parts, Bound, Where) when is_list(Parts) ->
    case is_proper(Parts) of
        true -> lists:flatmap(fun(Part) -> part(Part, Bound, Where) end, Parts);
        false -> ["Match expression is not a proper list."]
    end;
whole(_, _, _) -> ["Match expression is not a list."].

%% Arguments and elements, the last first.
parts(Parts, Bound, Where) ->
    lists:flatmap(fun(Part) -> part(Part, Bound, Where) end, lists:reverse(Parts)).

part(Atom, Bound, _) when is_atom(Atom) ->
    case is_variable(Atom) andalso not lists:member(Atom, Bound) of
        true -> [text("Variable ~ts is unbound.", [Atom])];
        false -> []
    end;
part({const, _}, _, _) -> [];
part({Tuple}, Bound, Where) when is_tuple(Tuple) -> parts(tuple_to_list(Tuple), Bound, Where);
part(Tuple, Bound, Where) when is_tuple(Tuple), tuple_size(Tuple) > 0 ->
    [Name | Args] = tuple_to_list(Tuple),
    case call(Name, length(Args), Where) of
        ok when Name =:= 'andalso'; Name =:= 'orelse' -> parts(lists:reverse(Args), Bound, Where);
        ok -> parts(Args, Bound, Where);
        Text -> [Text]
    end;
part([Head | Tail], Bound, Where) -> part(Head, Bound, Where) ++ part(Tail, Bound, Where);
part(Map, Bound, Where) when is_map(Map) -> parts(maps:values(Map), Bound, Where);
part({}, _, _) -> ["Empty tuple is no expression."];
part(_, _, _) -> [].

%% May it be called there?
call(Name, Arity, {Place, Dialect}) when is_atom(Name) ->
    case is_form(Name, Arity) orelse erl_internal:guard_bif(Name, Arity)
             orelse erl_internal:arith_op(Name, Arity) orelse erl_internal:bool_op(Name, Arity)
             orelse erl_internal:comp_op(Name, Arity) of
        true -> ok;
        false ->
            case {is_action(Name), Dialect, Place} of
                {true, table, _} -> text("Special form '~ts' used in wrong dialect.", [Name]);
                {true, trace, guard} when Name =:= is_seq_trace; Name =:= get_tcw -> ok;
                {true, trace, guard} -> text("Special form '~ts' called in guard context.", [Name]);
                {true, trace, body} -> ok;
                _ -> text("Function ~ts/~w does_not_exist.", [Name, Arity])
            end
    end;
call(Name, _, _) -> text("~tp is no function name.", [Name]).

is_form(Name, Arity) -> lists:member(Name, ['and', 'or', 'andalso', 'orelse']) andalso Arity > 0.

is_action(Name) ->
    lists:member(Name, [caller, caller_line, current_stacktrace, disable_trace, display, enable_trace,
                        exception_trace, get_seq_token, get_tcw, is_seq_trace, message, process_dump,
                        return_trace, set_seq_token, set_tcw, silent, trace]).

text(Format, Args) -> lists:flatten(io_lib:format(Format, Args)).

variables(T, Acc) when is_tuple(T) -> variables(tuple_to_list(T), Acc);
variables([H | T], Acc) -> variables(T, variables(H, Acc));
variables(M, Acc) when is_map(M) -> variables(maps:values(M), Acc);
variables(A, Acc) when is_atom(A) ->
    case is_variable(A) of
        true -> [A | Acc];
        false -> Acc
    end;
variables(_, Acc) -> Acc.

is_variable(Atom) ->
    case atom_to_list(Atom) of
        [$$ | [_ | _] = Digits] -> lists:all(fun(C) -> C >= $0 andalso C =< $9 end, Digits);
        _ -> false
    end.
