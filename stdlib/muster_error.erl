%% Exceptions as text, in the words and the layout of the Erlang shell:
%%
%%   ** exception error: an error occurred when evaluating an arithmetic expression
%%        in operator  +/2
%%           called as 1 + a
%%        in call from m:f/1 (m.erl, line 3)
%%
%% What a function says about its own failure comes from format_error/2 of the module that its
%% error_info names (erl_erts_errors for built-ins).
-module(muster_error).
-export([format_exception/3, format_exception/4, format/6, hint/3, hint/1]).

-export_type([options/0]).

%% drop: frames for which this is true are not shown.
%% depth: as of ~P, -1: no limit; column: where the text begins, from 1; print: the text of a term that
%% begins in a column, in place of what depth says.
-type options() :: #{drop => fun((module(), atom(), arity()) -> boolean()),
                     depth => integer(), column => pos_integer(),
                     print => fun((term(), pos_integer()) -> iolist())}.

-type class() :: error | exit | throw.

-record(c, {column :: pos_integer(), pp :: fun((term(), pos_integer()) -> iolist())}).

-define(NAME_EDGE, 65).

%% As the shell prints it after its "** ", without a newline at the end.
-spec format_exception(class(), term(), list()) -> unicode:chardata().
format_exception(Class, Reason, Stack) ->
    format_exception(Class, Reason, Stack, #{column => 4}).

-spec format_exception(class(), term(), list(), options()) -> unicode:chardata().
format_exception(Class, Reason, Stack, Options) ->
    Depth = maps:get(depth, Options, 30),
    Column = maps:get(column, Options, 1),
    Drop = maps:get(drop, Options, fun is_own/3),
    Print = case Depth of
                _ when is_map_key(print, Options) -> maps:get(print, Options);
                -1 -> fun(Term, At) -> io_lib:format("~.*tp", [At, Term]) end;
                _ -> fun(Term, At) -> io_lib:format("~.*tP", [At, Term, Depth]) end
            end,
    format(Column, Class, Reason, Stack, Drop, Print).

%% The machine's own frames, and those of an expression of `muster eval`.
is_own(muster_main, _, _) -> true;
is_own(muster_eval, _, _) -> true;
is_own(_, _, _) -> false.

%% Drop says which frames are not shown; Print(Term, Column) writes a term that begins at that column.
-spec format(pos_integer(), class(), term(), list(),
             fun((module(), atom(), arity()) -> boolean()),
             fun((term(), pos_integer()) -> iolist())) -> unicode:chardata().
format(Column, Class, Reason, Stack0, Drop, Print) ->
    C = #c{column = Column, pp = Print},
    Stack = cut(Reason, Stack0, Drop),
    Head = ["exception ", atom_to_list(Class), ": "],
    At = Column + string:length(Head),
    case is_stack(Stack) of
        true ->
            Info = error_info(Class, Reason, Stack),
            {What, Rest} = explain(Class, Reason, Stack, Info, At, C),
            [Head, What | frames(Rest, Info, Rest =:= Stack, C)];
        false ->
            [Head, Print({Reason, Stack}, At)]
    end.

is_stack(Stack) ->
    lists:all(fun({M, F, A, I}) ->
                      is_atom(M) andalso is_atom(F) andalso is_list(I) andalso
                          (is_integer(A) orelse is_list(A));
                 (_) -> false
              end, Stack).

%% The frames that are shown. A fun of an expression keeps its call when no clause matched.
cut(function_clause, [{M, F, As, _} = Frame | Frames], Drop) when is_atom(M), is_list(As) ->
    First = case Drop(M, F, length(As)) of
                true -> {erl_eval, '-inside-an-interpreted-fun-', As, []};
                false -> Frame
            end,
    [First | cut(none, Frames, Drop)];
cut(_, Stack, Drop) ->
    lists:filter(fun({M, F, A, _}) when is_atom(M) -> not Drop(M, F, arity(A));
                    (_) -> true
                 end, Stack).

arity(A) when is_list(A) -> length(A);
arity(A) -> A.

%% ---- what happened ----

%% {Text, Frames that are left to show}.
explain(_, _, Stack, #{reason := Text}, _, _) ->
    {Text, Stack};
explain(error, Reason, Stack, _, At, C) ->
    error_text(Reason, Stack, At, C);
explain(_, Reason, Stack, _, At, C) ->
    {print(Reason, At, C), Stack}.

error_text(badarg, S, _, _) -> {"bad argument", S};
error_text({badarg, V}, S, At, C) -> {value("bad argument: ", V, At, C), S};
error_text(badarith, S, _, _) ->
    {"an error occurred when evaluating an arithmetic expression", S};
error_text({badarity, {Fun, As}}, S, _, _) when is_function(Fun), is_list(As) ->
    {[fun_text(Fun), " called with ", count(length(As))], S};
error_text({badfun, V}, S, At, C) -> {value("bad function ", V, At, C), S};
error_text({badmatch, V}, S, At, C) ->
    {value("no match of right hand side value ", V, At, C), S};
error_text({case_clause, V}, S, At, C) -> {value("no case clause matching ", V, At, C), S};
error_text({try_clause, V}, S, At, C) -> {value("no try clause matching ", V, At, C), S};
error_text(if_clause, S, _, _) ->
    {"no true branch found when evaluating an if expression", S};
error_text(function_clause, [{M, F, As, Info} | S], At, C) when is_list(As) ->
    Text = "no function clause matching ",
    {[call_after(Text, name(M, F, length(As)), As, At, C), location(Info)], S};
error_text(undef, [{M, F, A, _} | S], _, _) ->
    {["undefined function ", mfa(M, F, arity(A))], S};
error_text({shell_undef, F, A, _}, S, _, _) ->
    {["undefined shell command ", io_lib:format("~tw/~w", [F, A])], S};
error_text({badkey, V}, S, At, C) -> {value("bad key: ", V, At, C), S};
error_text({badmap, V}, S, At, C) -> {value("bad map: ", V, At, C), S};
error_text({bad_generator, V}, S, At, C) -> {value("bad generator ", V, At, C), S};
error_text({bad_filter, V}, S, At, C) -> {value("bad filter ", V, At, C), S};
error_text({unbound, V}, S, _, _) -> {io_lib:format("variable ~tw is unbound", [V]), S};
error_text(noproc, S, _, _) -> {"no such process or port", S};
error_text(notalive, S, _, _) -> {"the node cannot be part of a distributed system", S};
error_text(system_limit, S, _, _) -> {"a system limit has been reached", S};
error_text(timeout_value, S, _, _) -> {"bad receive timeout value", S};
error_text(Reason, S, At, C) -> {print(Reason, At, C), S}.

count(0) -> "no arguments";
count(1) -> "one argument";
count(2) -> "two arguments";
count(N) -> io_lib:format("~w arguments", [N]).

fun_text(Fun) ->
    {module, M} = erlang:fun_info(Fun, module),
    {name, F} = erlang:fun_info(Fun, name),
    {arity, A} = erlang:fun_info(Fun, arity),
    io_lib:format("~tw:~tw/~w", [M, F, A]).

print(Term, At, #c{pp = Print}) -> Print(Term, At).

%% Text and a term after it: on lines of its own when that saves some of at least three.
value(Text, Term, At, C) ->
    Near = print(Term, At + length(Text), C),
    case lines(Near) of
        N when N < 3 -> [Text, Near];
        N ->
            Far = print(Term, At, C),
            case lines(Far) < N of
                true -> [Text, newline(At), Far];
                false -> [Text, Near]
            end
    end.

lines(Printed) ->
    length([$\n || $\n <- unicode:characters_to_list(Printed)]) + 1.

newline(Column) -> [$\n | lists:duplicate(Column - 1, $\s)].

%% Calls keep together: on lines of their own as soon as that saves one, or when the name alone
%% comes close to the edge.
call_after(Text, Name, As, At, C) ->
    Start = At + length(Text),
    Near = call(Name, As, Start, C),
    Far = call(Name, As, At, C),
    case Start - 1 + string:length(Name) > ?NAME_EDGE orelse lines(Far) < lines(Near) of
        true -> [Text, newline(At), Far];
        false -> [Text, Near]
    end.

%% Name(A, B…) that begins at this column.
call(Name, [], _, _) -> [Name, "()"];
call(Name, As, At, C) ->
    Inside = At + string:length(Name) + 1,
    [Name, $(, arguments(As, Inside, C), $)].

arguments(As, Column, C) ->
    case lists:all(fun is_integer/1, As) of
        true -> lists:join($,, [print(A, Column, C) || A <- As]);
        false ->
            %% A list breaks its lines as arguments should; its brackets are cut off.
            Flat = unicode:characters_to_list(print(As, Column - 1, C)),
            lists:droplast(tl(Flat))
    end.

%% ---- where ----

frames(Frames, Info, IsFirst, C) ->
    frames(Frames, Info, IsFirst, true, C).

frames([], Info, true, true, C) -> notes(Info, C);
frames([], _, _, _, _) -> [];
frames([{M, F, A, Where} | Frames], Info, Told, IsFirst, C) ->
    Notes = case Told andalso IsFirst of
                true -> notes(Info, C);
                false -> []
            end,
    [frame(M, F, A, Where, IsFirst, C), Notes | frames(Frames, Info, Told, false, C)].

frame(M, F, As, _, IsFirst, C) when is_list(As) ->
    Arity = length(As),
    Kind = kind(M, F, Arity),
    [line(1, C), intro(IsFirst, Kind), name_arity(Kind, M, F, Arity),
     line(4, C), "called as ", called(Kind, M, F, As, C)];
frame(M, F, A, Where, IsFirst, C) ->
    Kind = kind(M, F, A),
    [line(1, C), intro(IsFirst, Kind), name_arity(Kind, M, F, A), location(Where)].

intro(true, operator) -> "in operator  ";
intro(true, function) -> "in function  ";
intro(false, _) -> "in call from ".

%% A new line, `By` columns in.
line(By, #c{column = Column}) -> newline(Column + By + 1).

kind(erlang, F, A) ->
    IsOperator = erl_internal:arith_op(F, A) orelse erl_internal:bool_op(F, A)
        orelse erl_internal:comp_op(F, A) orelse erl_internal:list_op(F, A)
        orelse erl_internal:send_op(F, A),
    case IsOperator of
        true -> operator;
        false -> function
    end;
kind(_, _, _) -> function.

name_arity(operator, _, F, A) -> io_lib:format("~s/~w", [atom_to_list(F), A]);
name_arity(function, M, F, A) -> mfa(M, F, A).

mfa(erlang, F, A) ->
    case erl_internal:bif(F, A) of
        true -> io_lib:format("~tw/~w", [F, A]);
        false -> io_lib:format("erlang:~tw/~w", [F, A])
    end;
mfa(M, F, A) -> io_lib:format("~tw:~tw/~w", [M, F, A]).

name(M, F, A) ->
    case M =:= erlang andalso erl_internal:bif(F, A) of
        true -> io_lib:format("~tw", [F]);
        false -> io_lib:format("~tw:~tw", [M, F])
    end.

called(operator, _, F, [A], C) ->
    [atom_to_list(F), $\s, print(A, called_at(C) + 1 + length(atom_to_list(F)), C)];
called(operator, _, F, [A, B], C) ->
    At = called_at(C),
    Op = atom_to_list(F),
    First = [print(A, At, C), $\s, Op, $\s],
    One = [First, print(B, At + string:length(First), C)],
    case lines(One) of
        1 -> One;
        _ -> [print(A, At, C), newline(At), Op, newline(At), print(B, At, C)]
    end;
called(function, M, F, As, C) ->
    call(name(M, F, length(As)), As, called_at(C), C).

called_at(#c{column = Column}) -> Column + 4 + length("called as ") + 1.

location(Where) ->
    case {lists:keyfind(file, 1, Where), lists:keyfind(line, 1, Where)} of
        {{file, File}, {line, Line}} -> io_lib:format(" (~ts, line ~w)", [File, Line]);
        _ -> " "
    end.

%% ---- what the function says ----

error_info(error, Reason, [{M, F, As, Where} | _] = Stack) when is_list(Where) ->
    case lists:keyfind(error_info, 1, Where) of
        {error_info, Map} when is_map(Map) ->
            Module = maps:get(module, Map, M),
            Function = maps:get(function, Map, format_error),
            try Module:Function(Reason, Stack) of
                Said when is_map(Said) -> with_arity(Said, As, F);
                _ -> #{}
            catch
                _:_ -> #{}
            end;
        _ -> #{}
    end;
error_info(_, _, _) -> #{}.

%% What is said of arguments counts only when they are shown.
with_arity(Said, As, _) when is_list(As) -> Said;
with_arity(Said, _, _) -> maps:filter(fun(Key, _) -> not is_integer(Key) end, Said).

notes(Info, C) ->
    Arguments = [{N, Text} || {N, Text} <- lists:sort(maps:to_list(Info)), is_integer(N)],
    [[[line(4, C), io_lib:format("*** argument ~w: ~ts", [N, Text])] || {N, Text} <- Arguments],
     case Info of
         #{general := Text} -> [line(4, C), "*** ", Text];
         _ -> []
     end].

%% ---- hints ----

%% What could be wrong with a call of what is not there: lines of text, or nothing.
-spec hint(class(), term(), list()) -> iolist().
hint(error, undef, [{Module, Function, Args, _} | _]) ->
    Arity = case is_list(Args) of true -> length(Args); false -> Args end,
    case erlang:module_loaded(Module) of
        true ->
            case [N || {Name, N} <- Module:module_info(exports), Name =:= Function, N =/= Arity] of
                [] -> io_lib:format("  module ~tp exports no function ~tp~n", [Module, Function]);
                Others ->
                    Names = [io_lib:format("~tp/~w", [Function, N]) || N <- lists:sort(Others)],
                    io_lib:format("  module ~tp exports ~ts~n", [Module, lists:join(", ", Names)])
            end;
        false ->
            Names = [atom_to_list(Module) ++ Ending || Ending <- [".mbc", ".erl"]],
            case lists:all(fun(Name) -> code:where_is_file(Name) =:= non_existing end, Names) of
                true ->
                    io_lib:format("  there is no module ~tp on the code path; -pa DIR adds to it~n",
                                  [Module]);
                false -> [] % it was said why it is of no use
            end
    end;
hint(_, _, _) -> [].

%% The same for the first such call that a reason tells of, however deep.
-spec hint(term()) -> iolist().
hint({undef, [{Module, Function, _, _} | _] = Stack}) when is_atom(Module), is_atom(Function) ->
    hint(error, undef, Stack);
hint(Reason) when is_tuple(Reason) -> hint(tuple_to_list(Reason));
hint([Reason | Reasons]) ->
    case hint(Reason) of
        [] -> hint(Reasons);
        Text -> Text
    end;
hint(_) -> [].
