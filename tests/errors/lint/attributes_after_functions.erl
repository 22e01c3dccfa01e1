-module(attributes_after_functions).
-export([a/0]).
a() -> ok.
-export([b/0]).
-record(r, {x}).
-compile(export_all).
-foo(bar).
-import(lists, [map/2]).
b() -> #r{}.
