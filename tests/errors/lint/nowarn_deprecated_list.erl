-module(nowarn_deprecated_list).
-compile({nowarn_deprecated_function, [{erlang, now, 0}]}).
-export([a/0]).
a() -> erlang:now(), random:uniform().
