-module(names_beyond_latin1).
-export([t2/0, f/0]).
-import('мир', []).
t2() -> 'мир':'тут'().
-spec f() -> 'мир':t().
f() -> F = f, 'мир':F().
