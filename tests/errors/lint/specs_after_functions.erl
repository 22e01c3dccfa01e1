-module(specs_after_functions).
-export([a/0]).
a() -> ok.
-spec a() -> ok.
-spec b() -> ok.
-type t() :: nosuch().
-spec c(t()) -> ok.
c(_) -> ok.
