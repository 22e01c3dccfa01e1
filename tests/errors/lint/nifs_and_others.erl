-module(nifs_and_others).
-export([a/0]).
-nifs([a/0, b/1]).
-dialyzer({nowarn_function, [a/0, nosuch/0]}).
-dialyzer({foo, a/0}).
-dialyzer(bar).
-author("me").
-vsn(1).
a() -> ok.
