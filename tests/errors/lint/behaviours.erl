-module(behaviours).
-behaviour(gen_server).
-behaviour(nosuch_behaviour).
-behavior(supervisor).
-export([init/1, handle_call/3]).
init(_) -> ok.
handle_call(_, _, _) -> ok.
