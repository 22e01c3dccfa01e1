%% -moduledoc and -doc become the chunk that code:get_doc/1 reads (OTP 27).
-module(documentation_of_modules_is_kept).
-moduledoc "What the module is for.".
-moduledoc #{since => "1.0"}.
-export([main/0, plain/2, hidden/0, named/1]).
-export_type([t/1]).

-doc "Of a type.".
-type t(A) :: {A}.

-doc #{since => "1.1"}.
-doc """
Runs it.

More of it.
""".
main() ->
    {ok, {docs_v1, _, Language, Format, ModuleDoc, Meta, Docs}} = code:get_doc(?MODULE),
    io:format("~p ~p~n~p~n~p~n", [Language, Format, ModuleDoc, maps:get(since, Meta)]),
    [io:format("~p ~p ~p ~p~n", [What, Signature, Doc, M]) || {What, _, Signature, Doc, M} <- Docs],
    io:format("~p~n", [code:get_doc(no_such_module)]).

plain(First, _) -> First.

-doc hidden.
hidden() -> ok.

-doc "named(Argument)\n\nThe first line is its signature.".
-spec named(What :: t(atom())) -> ok.
named(_) -> ok.
