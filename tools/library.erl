%% muster run tools/library.erl FILE DOCUMENTED: the library beside OTP's, as a page. FILE has what OTP
%% exports, a term for each module, {Module, [{Function, Arity}]}; see tools/library.sh. DOCUMENTED has
%% what the manual of OTP 25 describes, a line for each module, `module: function/arity …`.
-module(library).
-export([main/1]).

main([File, DocumentedFile]) ->
    {ok, Otp} = file:consult(File),
    {ok, Lines} = file:read_file(DocumentedFile),
    put(documented, maps:from_list([documented(Line) || Line <- binary:split(Lines, <<"\n">>, [global, trim])])),
    Ours = [{M, ours(M, Theirs)} || {M, Theirs} <- Otp],
    Own = [{M, lists:sort(exports(M))} || M <- own(), not lists:keymember(M, 1, Otp)],
    io:put_chars(page(Otp, Ours, Own)).

documented(Line) ->
    [Module, Functions] = binary:split(Line, <<": ">>),
    {binary_to_atom(Module), [function_arity(F) || F <- binary:split(Functions, <<" ">>, [global])]}.

function_arity(Text) ->
    [Function, Arity] = binary:split(Text, <<"/">>),
    {binary_to_atom(Function), binary_to_integer(Arity)}.

%% A function that the manual does not describe is OTP's own affair: that it is missing is no gap.
is_documented(M, Function) ->
    case get(documented) of
        #{M := Functions} -> lists:member(Function, Functions);
        #{} -> true
    end.

%% Modules that OTP 25 does not have: of later releases, and Muster's own.
own() -> [argparse, dbg, json, eunit, eunit_listener, eunit_surefire, store, trace].

exports(M) ->
    case code:ensure_loaded(M) of
        {module, M} -> M:module_info(exports) -- [{module_info, 0}, {module_info, 1}];
        {error, _} -> []
    end.

%% Built-ins of modules that have no Erlang part are found one by one.
ours(M, Theirs) ->
    Exported = exports(M),
    Native = [{F, A} || {F, A} <- Theirs, not lists:member({F, A}, Exported),
                        erlang:is_builtin(M, F, A) orelse erlang:function_exported(M, F, A)],
    lists:usort(Exported ++ Native).

page(Otp, Ours, Own) ->
    {Here, Missing} = lists:partition(fun({_, Functions}) -> Functions =/= [] end, Ours),
    ["# The library\n\n"
     "Every module and function, beside OTP 25, the release that the tests compare with. Made by\n"
     "`make library`: do not edit. Missing are functions that OTP's manual describes; of those that it does not\n"
     "describe, OTP's own affair, the last column counts how many are not here. What a function does and takes:\n"
     "`muster eval 'c:h(lists, keyfind)'`, for types `c:ht`, for callbacks `c:hcb`.\n\n"
     "| module | functions here | of OTP's | missing | more (most are of OTP 26 and 27) | undocumented ones not here |\n"
     "|---|---|---|---|---|---|\n",
     [row(M, proplists:get_value(M, Otp), Functions) || {M, Functions} <- Here],
     "\nMuster's own, and modules of later releases:\n\n",
     [["- `", atom_to_list(M), "`: ", names(Functions), $\n] || {M, Functions} <- Own],
     "\nModules of kernel and stdlib that are not there: ",
     lists:join(", ", [[$`, atom_to_list(M), $`] || {M, _} <- Missing]), ".\n",
     [section(M, proplists:get_value(M, Otp), Functions) || {M, Functions} <- Here]].

row(M, Theirs, Ours) ->
    Common = [F || F <- Theirs, lists:member(F, Ours)],
    {Missing, Internal} = missing(M, Theirs, Ours),
    io_lib:format("| [~ts](#~ts) | ~w | ~w of ~w | ~w | ~w | ~w |~n",
                  [M, M, length(Ours), length(Common), length(Theirs), length(Missing),
                   length(Ours -- Theirs), length(Internal)]).

missing(M, Theirs, Ours) ->
    lists:partition(fun(Function) -> is_documented(M, Function) end, Theirs -- Ours).

section(M, Theirs, Ours) ->
    Common = [F || F <- Theirs, lists:member(F, Ours)],
    {Missing, Internal} = missing(M, Theirs, Ours),
    [io_lib:format("~n## ~ts~n~n", [M]),
     part("As in OTP", Common), part("Missing", Missing), part("More", Ours -- Theirs),
     part("Not here, nor in OTP's manual", Internal)].

part(_, []) -> "";
part(Title, Functions) -> [Title, ": ", names(Functions), "\n\n"].

names(Functions) ->
    lists:join(" ", [[$`, io_lib:format("~ts/~w", [F, A]), $`] || {F, A} <- Functions]).
