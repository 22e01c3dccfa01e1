%% What the compiler says of code that can be read but cannot do what it seems to: clauses that never
%% match, values that nobody uses, calls that must fail. In OTP its later passes say so.
-module(sys_core_fold).
-export([format_error/1]).

-spec format_error(term()) -> unicode:chardata().
format_error(Description) -> erl_lint:format_error(Description).
