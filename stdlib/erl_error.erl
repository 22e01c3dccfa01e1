%% Exceptions as text, as the shell prints them.
-module(erl_error).
-export([format_exception/3, format_exception/4]).
-export_type([format_options/0, column/0, format_fun/0, stack_trim_fun/0]).

-type column() :: pos_integer().
-type format_fun() :: fun((term(), column()) -> iolist()).
-type stack_trim_fun() :: fun((module(), atom(), arity()) -> boolean()).
-type format_options() :: #{column => column(), format_fun => format_fun(),
                            stack_trim_fun => stack_trim_fun()}.

-spec format_exception(error | exit | throw, term(), erlang:stacktrace()) -> unicode:chardata().
format_exception(Class, Reason, Stack) -> format_exception(Class, Reason, Stack, #{}).

-spec format_exception(error | exit | throw, term(), erlang:stacktrace(), format_options()) ->
          unicode:chardata().
format_exception(Class, Reason, Stack, Options) ->
    Column = maps:get(column, Options, 1),
    Print = maps:get(format_fun, Options,
                     fun(Term, At) -> io_lib:format("~.*tP", [At, Term, 30]) end),
    Drop = maps:get(stack_trim_fun, Options, fun(_, _, _) -> false end),
    muster_error:format(Column, Class, Reason, Stack, Drop, Print).
