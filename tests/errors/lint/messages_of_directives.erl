-module(messages_of_directives).
-define(TEXT, "two").
-warning("one " ?TEXT " three").
-warning({?MODULE, ?LINE, a}).
-error("in " ?MODULE_STRING).
-error(a b).
-file("other" ".erl", 3).
-export([f/0]).
f() -> g().
