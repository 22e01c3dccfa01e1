-module(engine).
-export([run/2]).
-callback init() -> State :: term().
-callback step(Item :: term(), State :: term()) -> State :: term().
-callback done(State :: term()) -> term().
-optional_callbacks([done/1]).

run(Module, Items) ->
    State = lists:foldl(fun Module:step/2, Module:init(), Items),
    case erlang:function_exported(Module, done, 1) of
        true -> Module:done(State);
        false -> State
    end.
