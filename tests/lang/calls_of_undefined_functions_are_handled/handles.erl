-module(handles).
-export([there/1, '$handle_undefined_function'/2]).

there(X) -> {there, X}.

'$handle_undefined_function'(Function, Args) -> {handled, Function, Args}.
