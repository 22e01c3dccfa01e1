%% For tests that erl and muster both pass. Every assertion that holds is counted, so that the run can
%% say how many there were.
-include_lib("eunit/include/eunit.hrl").

-define(eq(Expected, Expr), begin ?assertEqual(Expected, Expr), otp_check:count() end).
-define(ok(Expr), begin ?assert(Expr), otp_check:count() end).
-define(like(Pattern, Expr), begin ?assertMatch(Pattern, Expr), otp_check:count() end).
-define(raises(Class, Pattern, Expr),
        begin ?assertException(Class, Pattern, Expr), otp_check:count() end).
