%% Types, specs, opaque types, callbacks and wild attributes do not disturb.
-module(attributes_types_and_specs_are_accepted).
-export([main/0]).

-vsn("1.0").
-author(me).
-custom({any, [term], "here"}).
-compile([nowarn_unused_function, {nowarn_unused_type, [unused/0]}]).
-type colour() :: red | green | blue.
-type pair(A, B) :: {A, B}.
-opaque secret() :: #{key := integer(), name => string()}.
-type f() :: fun((integer(), atom()) -> ok) | fun() | fun((...) -> any()).
-type bits() :: <<_:3, _:_*8>>.
-type range() :: 1..10 | -1 | $a..$z.
-type unused() :: [integer(), ...] | nonempty_list(atom()) | tuple() | map() | none().
-export_type([colour/0, pair/2, secret/0, f/0, bits/0, range/0]).
-record(r, {a :: integer(), b = x :: atom() | undefined, c :: [pair(integer(), colour())]}).
-type rec() :: #r{} .
-callback init(Args :: term()) -> {ok, State :: term()}.
-optional_callbacks([init/1]).
-export([add/2, old/0]).
-deprecated([{old, 0}]).
-dialyzer({nowarn_function, add/2}).

-spec main() -> ok.
main() ->
    io:format("~w~n", [add(1, 2)]),
    io:format("~w~n", [#r{a = 1}]),
    io:format("~w~n", [proplists_get(custom, ?MODULE:module_info(attributes))]),
    io:format("~w~n", [proplists_get(vsn, ?MODULE:module_info(attributes))]),
    io:format("~w~n", [lists:sort(?MODULE:module_info(exports))]),
    io:format("~w~n", [?MODULE:module_info(module)]),
    ok.

-spec add(A, B) -> C when A :: integer(), B :: integer(), C :: integer();
         (float(), float()) -> float().
add(A, B) -> A + B.

-spec old() -> rec().
old() -> #r{}.

proplists_get(K, L) -> [V || {K2, V} <- L, K2 =:= K].
