-module(attributes_of_users).
-author("me").
-vsn("1.0").
-my_attribute({a, [b, "c", 1.5]}).
-export([a/0]).
a() -> ok.
-my_attribute(late).
-vsn(2).
