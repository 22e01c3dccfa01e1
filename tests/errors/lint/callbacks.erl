-module(callbacks).
-export([behaviour_info/1]).
-callback f(integer()) -> ok.
-callback f(integer()) -> ok.
-optional_callbacks([f/1, g/1]).
-optional_callbacks([f/1]).
-optional_callbacks(foo).
behaviour_info(callbacks) -> [].
