-module(records_unused).
-export([a/0]).
-record(used, {x}).
-record(unused, {x}).
-record('odd name', {x}).
a() -> #used{}.
