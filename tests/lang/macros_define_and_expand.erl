%% Macros with and without arguments, overloaded, stringified and predefined.
-module(macros_define_and_expand).
-export([main/0]).

-define(PI, 3).
-define(SQUARE(X), ((X) * (X))).
-define(ADD(A, B), A + B).
-define(LIST(X, Y), [X, Y, ??X, ??Y]).
-define(OVER, none).
-define(OVER(X), {one, X}).
-define(OVER(X, Y), {two, X, Y}).
-define(EMPTY(), nothing).
-define(NESTED(X), ?SQUARE(?ADD(X, 1))).
-define(BODY(X), case X of true -> yes; false -> no end).
-define(COMMAS(X), X).

main() ->
    io:format("~w ~w ~w~n", [?PI, ?SQUARE(3 + 1), ?ADD(1, 2) * 2]),
    io:format("~p~n", [?LIST(1 + 2, foo(a, "b"))]),
    io:format("~w ~w ~w~n", [?OVER, ?OVER(1), ?OVER(1, 2)]),
    io:format("~w ~w~n", [?EMPTY(), ?NESTED(2)]),
    io:format("~w ~w~n", [?BODY(true), ?BODY(false)]),
    io:format("~w ~w ~w~n", [?COMMAS({a, b}), ?COMMAS([1, 2]), ?COMMAS(fun(X, Y) -> X + Y end)(1, 2)]),
    io:format("~w ~p ~w~n", [?MODULE, ?MODULE_STRING, ?LINE]),
    io:format("~w/~w~n", [?FUNCTION_NAME, ?FUNCTION_ARITY]),
    other(1, 2),
    io:format("~w~n", [is_list(?FILE)]),
    io:format("~w~n", [?MACHINE]),
    io:format("~w~n", [is_integer(?OTP_RELEASE)]).

foo(A, B) -> {A, B}.

other(_, _) -> io:format("~w/~w~n", [?FUNCTION_NAME, ?FUNCTION_ARITY]).
