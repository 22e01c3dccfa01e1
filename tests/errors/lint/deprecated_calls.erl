-module(deprecated_calls).
-export([a/0]).
a() -> erlang:now(), random:uniform(), now(), gen_fsm:start(a, b, c), code:rehash(),
       erlang:get_stacktrace(), pg2:create(x), queue:lait(q).
