%% What happens when a function is called that is not there: its module is looked for, once.
-module(error_handler).
-export([undefined_function/3, undefined_lambda/3, raise_undef_exception/3, breakpoint/3]).

-spec undefined_function(module(), atom(), [term()]) -> term().
undefined_function(Module, Function, Args) ->
    case ensure_loaded(Module) of
        true ->
            case erlang:function_exported(Module, Function, length(Args)) of
                true -> apply(Module, Function, Args);
                false -> default(Module, Function, Args)
            end;
        false -> default(Module, Function, Args)
    end.

%% A module may handle calls of functions it lacks.
default(Module, Function, Args) ->
    Handler = '$handle_undefined_function',
    case erlang:function_exported(Module, Handler, 2) of
        true -> Module:Handler(Function, Args);
        false -> raise_undef_exception(Module, Function, Args)
    end.

%% A fun whose code is not there: not loaded, or purged, or about to be.
-spec undefined_lambda(module(), fun(), [term()]) -> term().
undefined_lambda(Module, Fun, Args) ->
    case muster_machine:fun_state(Fun) of
        ready -> apply(Fun, Args);
        purging ->
            receive after 1 -> undefined_lambda(Module, Fun, Args) end;
        absent ->
            case erlang:module_loaded(Module) of
                true -> erlang:raise(error, {badfun, Fun}, stack());
                false ->
                    case ensure_loaded(Module) of
                        true -> undefined_lambda(Module, Fun, Args);
                        false -> erlang:raise(error, undef, [{Fun, Args, []} | stack()])
                    end
            end
    end.

-spec raise_undef_exception(module(), atom(), [term()]) -> no_return().
raise_undef_exception(Module, Function, Args) ->
    erlang:raise(error, undef, [{Module, Function, Args, []} | stack()]).

stack() ->
    try throw(here) catch throw:here:Stack -> drop_own(Stack) end.

drop_own([{?MODULE, _, _, _} | Stack]) -> drop_own(Stack);
drop_own(Stack) -> Stack.

-spec breakpoint(module(), atom(), [term()]) -> term().
breakpoint(Module, Function, Args) -> undefined_function(Module, Function, Args).

ensure_loaded(Module) -> muster_machine:ensure_loaded(Module) =:= true.
