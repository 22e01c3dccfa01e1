%% What a test may be, as the manual's chapter on test representation says, read one at a time: terms
%% become items, which are single tests or groups of them.
%%
%% Reading is lazy, for generators run arbitrary code: but a group is looked into as far as its
%% second item. One that holds a single test is that test, with the group's title and timeout, unless
%% it has a process of its own; one that holds a single group is merged with it where they do not
%% contradict each other.
-module(eunit_data).
-export([tests/1, next/2]).
-export_type([tests/0, item/0, test/0, group/0, source/0, options/0]).

-type source() :: {module(), atom(), arity()}.
-type test() :: #{type := test, run := fun(() -> term()), source := source(),
                  line := non_neg_integer(), desc := binary() | undefined,
                  timeout := number() | undefined}.
%% context: see eunit_test:enter_context/4.
-type group() :: #{type := group, desc := binary() | undefined,
                   order := undefined | inorder | {inparallel, non_neg_integer()},
                   spawn := undefined | local | {remote, node()},
                   timeout := number() | undefined,
                   context := undefined | {fun(() -> term()), fun((term()) -> term()),
                                           fun((term()) -> term())},
                   tests := tests()}.
-type item() :: test() | group().
%% What is left to be read.
-opaque tests() :: [term()].
%% exact: a module's tests are without those of Module_tests.
-type options() :: #{exact := boolean(), _ => _}.

-spec tests(term()) -> tests().
tests(T) -> [T].

%% The next item and what is left. Throws {abort, Reason} where there is no test.
-spec next(tests(), options()) -> {item(), tests()} | none.
next([], _) -> none;
next([{'$item', Item} | Left], _) -> {Item, Left};
next([{'$tail', T} | Left], O) -> next_of(T, false, Left, O);
next([T | Left], O) -> next_of(T, is_text(T), Left, O).

next_of([], _, Left, O) -> next(Left, O);
next_of([H | T], false, Left, O) -> next([H, {'$tail', T} | Left], O);
next_of(T, _, Left, O) ->
    case parse(T) of
        {tests, More} -> next([More | Left], O);
        {beside, M} -> next([{module, N} || N <- tests_beside(M, O)] ++ Left, O);
        #{type := group} = Group -> {simplified(Group, O), Left};
        Test -> {Test, Left}
    end.

is_text([C | _] = T) when is_integer(C) -> is_characters(T);
is_text(_) -> false.

is_characters([C | T]) when is_integer(C), C >= 0, C =< 16#10ffff -> is_characters(T);
is_characters(T) -> T =:= [].

is_title(T) -> is_binary(T) orelse T =:= [] orelse is_text(T).

%% ---- groups ----

group(Tests) ->
    #{type => group, desc => undefined, order => undefined, spawn => undefined,
      timeout => undefined, context => undefined, tests => [Tests]}.

simplified(#{context := undefined, tests := Tests} = Group, O) ->
    case next(Tests, O) of
        none -> Group#{tests := []};
        {First, Left} ->
            case next(Left, O) of
                none -> only(Group, First);
                {Second, Rest} ->
                    Group#{tests := [{'$item', First}, {'$item', Second} | Rest]}
            end
    end;
simplified(Group, _) -> Group.

only(#{spawn := undefined} = Group, #{type := test} = Test) ->
    case are_compatible([desc, timeout], Group, Test) of
        true -> with([desc, timeout], Group, Test);
        false -> Group#{tests := [{'$item', Test}]}
    end;
only(Group, #{type := test} = Test) ->
    case are_compatible([timeout], Group, Test) of
        true -> Group#{tests := [{'$item', with([timeout], Group, Test)}], timeout := undefined};
        false -> Group#{tests := [{'$item', Test}]}
    end;
only(Group, #{type := group} = Inner) ->
    Keys = [desc, order, spawn, timeout],
    case are_compatible(Keys, Group, Inner) of
        true ->
            case with(Keys, Group, Inner) of
                #{context := undefined, tests := [{'$item', #{type := test} = Test}]} = Merged ->
                    only(Merged, Test);
                Merged -> Merged
            end;
        false -> Group#{tests := [{'$item', Inner}]}
    end.

are_compatible(Keys, Outer, Inner) ->
    lists:all(fun(Key) ->
                      maps:get(Key, Outer) =:= undefined orelse maps:get(Key, Inner) =:= undefined
              end, Keys).

with(Keys, Outer, Inner) ->
    lists:foldl(fun(Key, Item) ->
                        case maps:get(Key, Outer) of
                            undefined -> Item;
                            Value -> Item#{Key := Value}
                        end
                end, Inner, Keys).

%% ---- terms ----

parse({foreach, S, Fs}) when is_function(S, 0), is_list(Fs) ->
    parse({foreach, spawn, S, fun no_cleanup/1, Fs});
parse({foreach, S, C, Fs}) when is_function(S, 0), is_function(C, 1), is_list(Fs) ->
    parse({foreach, spawn, S, C, Fs});
parse({foreach, P, S, Fs}) when is_function(S, 0), is_list(Fs) ->
    parse({foreach, P, S, fun no_cleanup/1, Fs});
parse({foreach, P, S, C, [F | Fs]}) when is_function(S, 0), is_function(C, 1) ->
    %% What follows a fixture is a foreach of its own.
    {tests, [{setup, P, S, C, F} | {foreach, P, S, C, Fs}]};
parse({foreach, _, S, C, []}) when is_function(S, 0), is_function(C, 1) ->
    {tests, []};
parse({foreachx, S, Fs}) when is_function(S, 1), is_list(Fs) ->
    parse({foreachx, spawn, S, fun no_cleanup/2, Fs});
parse({foreachx, S, C, Fs}) when is_function(S, 1), is_function(C, 2), is_list(Fs) ->
    parse({foreachx, spawn, S, C, Fs});
parse({foreachx, P, S, Fs}) when is_function(S, 1), is_list(Fs) ->
    parse({foreachx, P, S, fun no_cleanup/2, Fs});
parse({foreachx, P, S, C, [{X, F} | Fs]})
  when is_function(S, 1), is_function(C, 2), is_function(F, 2) ->
    {tests, [{setup, P, fun() -> S(X) end, fun(R) -> C(X, R) end, fun(R) -> F(X, R) end}
             | {foreachx, P, S, C, Fs}]};
parse({foreachx, _, S, C, []}) when is_function(S, 1), is_function(C, 2) ->
    {tests, []};
parse({generator, F}) when is_function(F, 0) ->
    {module, M} = erlang:fun_info(F, module),
    {name, N} = erlang:fun_info(F, name),
    generated(F, {M, N, 0});
parse({generator, M, F}) when is_atom(M), is_atom(F) ->
    generated(eunit_test:function(M, F), {M, F, 0});
parse({inorder, T}) -> (group(T))#{order := inorder};
parse({inparallel, T}) -> parse({inparallel, 0, T});
parse({inparallel, N, T}) when is_integer(N), N >= 0 -> (group(T))#{order := {inparallel, N}};
parse({timeout, N, T}) when is_number(N), N >= 0 -> (group(T))#{timeout := N};
parse({spawn, T}) -> (group(T))#{spawn := local};
parse({spawn, N, T}) when is_atom(N) -> (group(T))#{spawn := {remote, N}};
parse({setup, S, I}) when is_function(S); is_list(S) -> parse({setup, spawn, S, I});
parse({setup, S, C, I}) when is_function(S), is_function(C) -> parse({setup, spawn, S, C, I});
parse({setup, P, L, I} = T) when is_list(L) ->
    {S, C} = try eunit_test:multi_setup(L)
             catch throw:bad_setup -> throw({abort, {bad_test, T}})
             end,
    parse({setup, P, S, C, I});
parse({setup, P, S, I}) when is_function(S) -> parse({setup, P, S, fun no_cleanup/1, I});
parse({setup, P, S, C, I} = T) when is_function(S, 0), is_function(C, 1) ->
    case P of
        local -> fixture(fun(Tests) -> Tests end, S, C, I);
        spawn -> fixture(fun(Tests) -> {spawn, Tests} end, S, C, I);
        {spawn, N} when is_atom(N) -> fixture(fun(Tests) -> {spawn, N, Tests} end, S, C, I);
        _ -> throw({abort, {bad_test, T}})
    end;
parse({node, N, T}) when is_atom(N) -> parse({node, N, "", T});
parse({node, N, As, T}) when is_atom(N) ->
    fixture(fun(Tests) -> {spawn, N, Tests} end,
            fun() -> eunit_test:start_node(N, As) end, fun eunit_test:stop_node/1, T);
parse({module, M}) when is_atom(M) -> module(M);
parse({'$beside', M}) -> {beside, M};
parse({application, A}) when is_atom(A) ->
    case code:where_is_file(atom_to_list(A) ++ ".app") of
        non_existing -> throw({abort, {application_not_found, A}});
        File ->
            case file:consult(File) of
                {ok, [{application, A, Info}]} -> parse({application, A, Info});
                _ -> throw({abort, {application_not_found, A}})
            end
    end;
parse({application, A, Info}) when is_atom(A) ->
    Title = "application '" ++ atom_to_list(A) ++ "'",
    (group(proplists:get_value(modules, Info, [])))#{desc := title(Title)};
parse({file, F}) when is_list(F) -> file(F);
parse({dir, D}) when is_list(D) -> directory(D);
parse({with, X, [F | Fs]}) when is_function(F, 1) ->
    {module, M} = erlang:fun_info(F, module),
    {name, N} = erlang:fun_info(F, name),
    {tests, [{'$item', test(fun() -> F(X) end, {M, N, 1}, 0)} | {with, X, Fs}]};
parse({with, _, []}) -> {tests, []};
parse({S, T}) when is_list(S); is_binary(S) ->
    case is_title(S) of
        true -> (group(T))#{desc := title(S)};
        false -> simple({S, T})
    end;
parse(T) when is_tuple(T), tuple_size(T) > 2 ->
    [S | Rest] = tuple_to_list(T),
    case is_title(S) of
        true -> (group(list_to_tuple(Rest)))#{desc := title(S)};
        false -> simple(T)
    end;
parse(M) when is_atom(M) -> module(M);
parse(T) ->
    case is_text(T) of
        true ->
            case filelib:is_dir(T) of
                true -> directory(T);
                false -> file(T)
            end;
        false -> simple(T)
    end.

simple({L, T}) when is_integer(L), L >= 0 -> (function(T))#{line := L};
simple(T) -> function(T).

function(F) when is_function(F, 0) ->
    {module, M} = erlang:fun_info(F, module),
    {name, N} = erlang:fun_info(F, name),
    test(F, {M, N, 0}, 0);
function({test, M, F}) when is_atom(M), is_atom(F) -> function({M, F});
function({M, F}) when is_atom(M), is_atom(F) ->
    test(eunit_test:function(M, F), {M, F, 0}, 0);
function(T) -> throw({abort, {bad_test, T}}).

test(Run, Source, Line) ->
    #{type => test, run => Run, source => Source, line => Line, desc => undefined,
      timeout => undefined}.

title(Text) ->
    case unicode:characters_to_binary(Text) of
        Binary when is_binary(Binary) -> Binary;
        _ -> iolist_to_binary(io_lib:format("~tp", [Text]))
    end.

no_cleanup(_) -> ok.
no_cleanup(_, _) -> ok.

generated(F, Source) ->
    case eunit_test:run_testfun(F) of
        {ok, T} ->
            case can_be_tests(T) of
                true -> {tests, T};
                false -> throw({abort, {bad_generator, {Source, T}}})
            end;
        {error, {_, _, _} = Exception} ->
            throw({abort, {generator_failed, {Source, Exception}}});
        {error, Reason} -> throw({abort, Reason})
    end.

%% Tells results that were not meant to be tests.
can_be_tests([H | _]) -> not is_integer(H);
can_be_tests(T) -> T =:= [] orelse is_tuple(T) orelse is_function(T) orelse is_map(T).

%% Setup in the process that gets there, and the tests where Where puts them.
fixture(Where, S, C, I) ->
    (group([]))#{context := {S, C, fun(R) -> Where(instantiated(I, R)) end}}.

instantiated(F, R) when is_function(F, 1) -> F(R);
instantiated({with, Fs}, R) when is_list(Fs) -> {with, R, Fs};
instantiated(T, _) -> T.

%% ---- modules and files ----

module(M) ->
    case code:ensure_loaded(M) of
        {module, M} ->
            Title = "module '" ++ atom_to_list(M) ++ "'",
            (group(module_tests(M) ++ [{'$beside', M}]))#{desc := title(Title)};
        {error, _} -> throw({abort, {module_not_found, M}})
    end.

module_tests(M) ->
    lists:filtermap(fun({F, 0}) ->
                            Name = atom_to_list(F),
                            case {lists:suffix("_test", Name), lists:suffix("_test_", Name)} of
                                {true, _} -> {true, {test, M, F}};
                                {_, true} -> {true, {generator, M, F}};
                                _ -> false
                            end;
                       (_) -> false
                    end, M:module_info(exports)).

%% Those of M_tests.
tests_beside(M, #{exact := Exact}) ->
    Name = atom_to_list(M),
    Beside = list_to_atom(Name ++ "_tests"),
    Has = not Exact andalso not lists:suffix("_tests", Name) andalso code:ensure_loaded(Beside),
    case Has of
        {module, Beside} -> [Beside];
        _ -> []
    end.

file(F) ->
    case is_code(F) of
        true ->
            code_group(["file \"", F, "\""], [filename:basename(filename:rootname(F))],
                       filename:dirname(F));
        false ->
            case file:consult(F) of
                {ok, Tests} -> (group(Tests))#{desc := title(["file \"", F, "\""])};
                {error, Reason} -> unreadable(Reason, F)
            end
    end.

directory(D) ->
    case file:list_dir(D) of
        {ok, Files} ->
            Modules = lists:usort([filename:rootname(F) || F <- Files, is_code(F)]),
            code_group(["directory \"", D, "\""], Modules, D);
        {error, Reason} -> unreadable(Reason, D)
    end.

%% Bytecode, and source, which is compiled when loaded.
is_code(F) -> lists:member(filename:extension(F), [".mbc", ".erl"]).

unreadable(Reason, F) ->
    Text = case Reason of
               {Line, Mod, Term} ->
                   [integer_to_list(Line), $:, $\s, lists:flatten(Mod:format_error(Term))];
               _ -> file:format_error(Reason)
           end,
    throw({abort, {file_read_error, {Reason, Text, F}}}).

%% Modules of a directory, which is on the code path for as long as they run.
code_group(Title, Names, Dir) ->
    Setup = fun() ->
                    _ = code:add_patha(Dir),
                    Modules = [list_to_atom(Name) || Name <- Names],
                    [{module, M} = code:ensure_loaded(M) || M <- Modules],
                    Modules
            end,
    Group = fixture(fun(Tests) -> Tests end, Setup, fun(_) -> code:del_path(Dir) end,
                    fun(Modules) -> [{spawn, M} || M <- Modules] end),
    Group#{desc := title(Title)}.
