-module(collector).
-behavior(engine).
-export([init/0, step/2, done/1]).

init() -> [].
step(X, S) -> [X | S].
done(S) -> {done, lists:reverse(S)}.
