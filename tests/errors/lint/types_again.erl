-module(types_again).
-export([a/1, t/0]).
-export_type([map/0, product/0, u/0]).
-opaque map() :: dict().
-type u() :: atom().
-type u() :: nothing().
-spec a(_) -> ok.
-spec a(_) -> ok.
-spec types_again:a(_) -> ok.
-spec ?MODULE:a(_) -> ok.
-spec t() -> map().
a(_) -> {erlang, is_record}(t(), foo).
t() -> 1.
-compile({inline, [{f,3}, {a,1}, {f,a}, {1,foo}]}).
-compile({inline, {g,12}}).
