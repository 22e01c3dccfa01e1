-module(inlined_natives). -export([t/0,u/0]). -compile(inline).
t() -> erlang:load_nif([], []).
u() -> (erlang:load_nif([], [])),
   erlang:load_nif([], [1]).
