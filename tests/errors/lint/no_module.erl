-export([a/0]).
a() -> ok.
