-module(guards_obsolete_and_overridden).
-export([t/1, is_port/1]).
is_port(_) -> false.
t(P) when port(P) -> ok.
