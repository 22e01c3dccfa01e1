-module(nowarn_bif_clash).
-compile(nowarn_bif_clash).
-compile({nowarn_bif_clash, [{length, 1}]}).
-export([a/1]).
a(X) -> length(X).
length(_) -> 1.
