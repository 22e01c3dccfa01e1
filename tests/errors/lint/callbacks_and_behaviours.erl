-module(callbacks_and_behaviours).
-behaviour(application).
-behaviour(gen_statem).
-callback one() -> ok.
-callback two(integer()) -> nosuch().
-optional_callbacks([two/1, three/0]).
-export([start/2, callback_mode/0]).
start(_, _) -> ok.
callback_mode() -> state_functions.
init(_) -> ok.
