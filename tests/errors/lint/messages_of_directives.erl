-module(messages_of_directives).
-define(TEXT, "two").
-warning("one " ?TEXT " three").
-warning({?MODULE, ?LINE, a}).
-error("in " ?MODULE_STRING).
-error(a b).
-file("messages_of_" "directives.erl", 70).
-export([f/0]).
f() -> g().
