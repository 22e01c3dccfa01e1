-module(fun_references).
-export([a/0, b/0, c/2]).
-import(lists, [reverse/1]).
a() -> {fun nosuch/1, fun reverse/1, fun length/1, fun b/0, fun lists:map/2, fun erlang:now/0}.
b() -> fun local/2.
local(_, _) -> ok.
c(M, F) -> {fun M:F/1, fun M:F/X}.
