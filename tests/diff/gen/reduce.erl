%% reduce.erl: makes a differing case small, by itself.
%%
%%     reduce:main([Source, Case, Muster | Options])
%%
%% Source is a module that gen_expr wrote, Case the number of a case whose answers differ, Muster the
%% binary, Options what `muster run` gets besides. The module is cut down to that case; then, again
%% and again, something is taken away: an element of any list of the syntax tree (clauses, guards,
%% arguments, segments, statements, functions), or an expression in favour of one of its parts or of a
%% plain literal. A step is kept if erlc still compiles the module and the two answers still differ.
%% Nothing here knows the language's rules: the compiler refuses what makes no sense.
%%
%% Runs on erl; where the environment's ORACLE is "interpreter", what muster says with --no-jit is right, and this runs on
%% muster. Prints the small module and both answers.
-module(reduce).
-export([main/1]).

main([Source, Case, Muster | Options]) ->
    Dir = "/tmp/muster-reduce-" ++ os:getpid(),
    ok = filelib:ensure_dir(Dir ++ "/x"),
    put(dir, Dir),
    put('case', Case),
    put(run, command(Muster, Options)),
    put(oracle, case os:getenv("ORACLE") of "interpreter" -> command(Muster, ["--no-jit"]); _ -> erl end),
    {ok, Forms} = epp:parse_file(Source, []),
    Small = only(list_to_integer(Case), Forms),
    case differ(Small) of
        false ->
            io:format("case ~s of ~s does not differ~n", [Case, Source]);
        {_, _} ->
            Least = rounds(Small, size_of(Small)),
            {Expected, Got} = differ(Least),
            io:put_chars(text(Least)),
            io:format("~nright:  ~ts~nmuster: ~ts~n~ts", [Expected, Got, errors()])
    end,
    os:cmd("rm -rf " ++ Dir).

command(Muster, Options) -> lists:flatten(["timeout 20 ", Muster, " run ", [[O, " "] || O <- Options]]).

%% The module with one case. Functions it does not need go in the first round.
only(Case, Forms) ->
    Name = list_to_atom("c" ++ integer_to_list(Case)),
    Keep = fun({function, _, main, 0, _}) -> true;
              ({function, _, F, _, _}) ->
                   case atom_to_list(F) of
                       [$c | Digits] when Digits =/= [] -> F =:= Name;
                       _ -> true
                   end;
              ({eof, _}) -> false;
              ({attribute, _, file, _}) -> false;
              ({attribute, _, module, _}) -> false;
              (_) -> true
           end,
    [{attribute, 1, module, reduced} | [one_call(Case, F) || F <- Forms, Keep(F)]].

one_call(Case, {function, L, main, 0, [{clause, L2, [], [], Calls}]}) ->
    {function, L, main, 0, [{clause, L2, [], [], [C || {call, _, _, [{integer, _, I}, _]} = C <- Calls, I =:= Case]}]};
one_call(_, F) -> F.

rounds(Forms, Size) ->
    Smaller = pass(Forms, positions(Forms, [])),
    case size_of(Smaller) of
        Size -> Smaller;
        Less -> rounds(Smaller, Less)
    end.

%% Tries every change at every position, outermost first.
pass(Forms, []) -> Forms;
pass(Forms, [Path | Rest]) ->
    case open(Path, Forms) andalso at(Path, Forms) of
        false -> pass(Forms, Rest);
        none -> pass(Forms, Rest);
        {ok, Node} ->
            case first(changes(Node), Path, Forms) of
                none -> pass(Forms, Rest);
                Better ->
                    io:format(standard_error, "\r~w ", [size_of(Better)]),
                    pass(Better, [Path | Rest])
            end
    end.

%% The runner stays as it is; of main/0 only the arguments of the case may shrink.
open([], _) -> true;
open([I | Path], Forms) ->
    case I =< length(Forms) andalso lists:nth(I, Forms) of
        {function, _, main, 0, _} -> length(Path) >= 13;
        {function, _, Name, _, _} -> not lists:member(Name, [run, answer, flush]);
        _ -> true
    end.

first([], _, _) -> none;
first([Change | Rest], Path, Forms) ->
    Candidate = replace(Path, Change, Forms),
    case runs(Candidate) andalso size_of(Candidate) < size_of(Forms) andalso differ(Candidate) of
        false -> first(Rest, Path, Forms);
        _ -> Candidate
    end.

runs(Forms) -> lists:all(fun(Name) -> lists:keymember(Name, 3, Forms) end, [main, run, answer, flush]).

%% What might stand in a node's place: for a list, itself without a stretch; for an expression, its parts and
%% literals.
changes(L) when is_list(L) ->
    N = length(L),
    [lists:sublist(L, I) ++ lists:nthtail(I + Step, L) || Step <- [N, N div 2, N div 4, 1], Step > 0, I <- lists:seq(0, N - Step, Step)];
changes(T) when is_tuple(T) ->
    case is_expression(T) of
        true -> parts(T) ++ [{nil, 1}, {integer, 1, 0}, {atom, 1, a}];
        false -> []
    end;
changes(_) -> [].

parts(T) -> lists:flatmap(fun part/1, tl(tuple_to_list(T))).

part(T) when is_tuple(T) ->
    case is_expression(T) of
        true -> [T];
        false -> parts(T)
    end;
part(L) when is_list(L), L =/= [] -> lists:flatmap(fun part/1, L);
part(_) -> [].

is_expression(T) when tuple_size(T) >= 2 ->
    lists:member(element(1, T), [var, integer, float, atom, string, char, nil, cons, tuple, map, bin, op, call, 'case', 'if', 'try',
                                 'catch', block, 'fun', named_fun, lc, bc, record, record_field, match, 'receive', 'maybe', maybe_match, mc]);
is_expression(_) -> false.

%% Paths to all tuples and lists; [] is the whole.
positions(L, Path) when is_list(L), L =/= [] ->
    [lists:reverse(Path) | lists:append([positions(X, [I | Path]) || {I, X} <- number(L)])];
positions(T, Path) when is_tuple(T) ->
    [lists:reverse(Path) | lists:append([positions(X, [I | Path]) || {I, X} <- number(tuple_to_list(T))])];
positions(_, _) -> [].

number(L) -> lists:zip(lists:seq(1, length(L)), L).

at([], X) -> {ok, X};
at([I | Path], L) when is_list(L), I =< length(L) -> at(Path, lists:nth(I, L));
at([I | Path], T) when is_tuple(T), I =< tuple_size(T) -> at(Path, element(I, T));
at(_, _) -> none.

replace([], New, _) -> New;
replace([I | Path], New, L) when is_list(L) ->
    {Before, [X | After]} = lists:split(I - 1, L),
    Before ++ [replace(Path, New, X) | After];
replace([I | Path], New, T) -> setelement(I, T, replace(Path, New, element(I, T))).

size_of(T) when is_tuple(T) -> size_of(tuple_to_list(T));
size_of([X | R]) -> 1 + size_of(X) + size_of(R);
size_of(_) -> 1.

%% Both answers, if the module compiles and they are not the same.
differ(Forms) ->
    try text(Forms) of
        Text ->
            Base = get(dir) ++ "/reduced",
            ok = file:write_file(Base ++ ".erl", unicode:characters_to_binary(Text)),
            case expected(Base) of
                [D | _] = Expected when D >= $0, D =< $9 ->
                    Got = os:cmd("cd " ++ get(dir) ++ " && " ++ get(run) ++ "reduced.erl 2>error"),
                    Got =/= Expected andalso string:find(Expected, "#Fun") =:= nomatch andalso same_kind(Got) andalso
                        evaluated(Base ++ ".erl") =/= Got andalso {Expected, Got};
                _ -> false
            end
    catch _:_ -> false
    end.

%% The right answer; none if the module does not compile.
expected(Base) ->
    case get(oracle) of
        erl ->
            case compile:file(Base, [{outdir, get(dir)}, {warn_level, 0}]) of
                {ok, reduced} -> os:cmd("cd " ++ get(dir) ++ " && timeout 20 erl -enable-feature maybe_expr -noshell -eval 'reduced:main(), halt(0).' 2>/dev/null");
                _ -> none
            end;
        Interpreted -> os:cmd("cd " ++ get(dir) ++ " && " ++ Interpreted ++ "reduced.erl 2>/dev/null")
    end.

%% erl's compiler has bugs, too.
evaluated(Source) ->
    try erl = get(oracle), lists:flatten(evaluate:answer(Source, get('case'))) catch _:_ -> none end.

errors() -> os:cmd("grep -v Warning: " ++ get(dir) ++ "/error | grep '^[^%]' | head -5").

%% An answer stays an answer, and none at all (a module that does not load) stays none.
same_kind(Got) ->
    case get(kind) of
        undefined -> put(kind, Got =:= ""), true;
        Kind -> Kind =:= (Got =:= "")
    end.

text([Module | Forms]) -> [erl_pp:form(Module), "-feature(maybe_expr, enable).\n" | [[erl_pp:form(F), "\n"] || F <- Forms]].
