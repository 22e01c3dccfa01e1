%% Tests beside the code: include this, write functions name_test() and generators name_test_(), and
%% run Module:test() or `muster test FILE`. They are exported by themselves, unless EUNIT_NOAUTO is
%% defined before the include.
%%
%% NOTEST, defined before the include, takes all tests out of the module; TEST, defined as well, has
%% precedence. Where tests are on, TEST and EUNIT are defined.
-ifndef(EUNIT_HRL).
-define(EUNIT_HRL, true).

-ifdef(TEST).
-undef(NOTEST).
-endif.
-ifdef(DEBUG).
-undef(NODEBUG).
-endif.

-ifndef(NOTEST).
-ifndef(TEST).
-define(TEST, true).
-endif.
-ifndef(EUNIT).
-define(EUNIT, true).
-endif.
-ifndef(ASSERT).
-define(ASSERT, true).
-endif.
-else.
-undef(EUNIT).
-endif.

-include_lib("stdlib/include/assert.hrl").

-ifndef(EUNIT_NOAUTO).
-ifndef(NOTEST).
-compile({parse_transform, eunit_autoexport}).
-else.
-compile({parse_transform, eunit_striptests}).
-endif.
-endif.

%% ---- help for writing tests ----

%% The value of Z with X, a variable, bound to Y.
-ifndef(LET).
-define(LET(X, Y, Z), ((fun(X) -> (Z) end)(Y))).
-endif.

-ifndef(IF).
-define(IF(B, T, F), (case (B) of true -> (T); false -> (F) end)).
-endif.

%% Whether E matches the pattern G, which may have a guard.
-ifndef(MATCHES).
-define(MATCHES(G, E), (case (E) of G -> true; _ -> false end)).
-endif.

%% Whether this runs as a test of eunit, and what it has written so far.
-ifndef(UNDER_EUNIT).
-define(UNDER_EUNIT, (eunit_lib:under_eunit())).
-endif.
-ifndef(capturedOutput).
-define(capturedOutput, (eunit_lib:captured_output())).
-endif.

%% ---- simple tests: {Line, Fun} ----

-define(_test(Expr), {?LINE, fun() -> (Expr) end}).
-define(_assert(BoolExpr), ?_test(?assert(BoolExpr))).
-define(_assert(BoolExpr, Comment), ?_test(?assert(BoolExpr, Comment))).
-define(_assertNot(BoolExpr), ?_test(?assertNot(BoolExpr))).
-define(_assertNot(BoolExpr, Comment), ?_test(?assertNot(BoolExpr, Comment))).
-define(_assertMatch(Guard, Expr), ?_test(?assertMatch(Guard, Expr))).
-define(_assertMatch(Guard, Expr, Comment), ?_test(?assertMatch(Guard, Expr, Comment))).
-define(_assertNotMatch(Guard, Expr), ?_test(?assertNotMatch(Guard, Expr))).
-define(_assertNotMatch(Guard, Expr, Comment), ?_test(?assertNotMatch(Guard, Expr, Comment))).
-define(_assertEqual(Expect, Expr), ?_test(?assertEqual(Expect, Expr))).
-define(_assertEqual(Expect, Expr, Comment), ?_test(?assertEqual(Expect, Expr, Comment))).
-define(_assertNotEqual(Unexpected, Expr), ?_test(?assertNotEqual(Unexpected, Expr))).
-define(_assertNotEqual(Unexpected, Expr, Comment),
        ?_test(?assertNotEqual(Unexpected, Expr, Comment))).
-define(_assertException(Class, Term, Expr), ?_test(?assertException(Class, Term, Expr))).
-define(_assertException(Class, Term, Expr, Comment),
        ?_test(?assertException(Class, Term, Expr, Comment))).
-define(_assertNotException(Class, Term, Expr), ?_test(?assertNotException(Class, Term, Expr))).
-define(_assertNotException(Class, Term, Expr, Comment),
        ?_test(?assertNotException(Class, Term, Expr, Comment))).
-define(_assertError(Term, Expr), ?_assertException(error, Term, Expr)).
-define(_assertError(Term, Expr, Comment), ?_assertException(error, Term, Expr, Comment)).
-define(_assertExit(Term, Expr), ?_assertException(exit, Term, Expr)).
-define(_assertExit(Term, Expr, Comment), ?_assertException(exit, Term, Expr, Comment)).
-define(_assertThrow(Term, Expr), ?_assertException(throw, Term, Expr)).
-define(_assertThrow(Term, Expr, Comment), ?_assertException(throw, Term, Expr, Comment)).

%% ---- commands of the operating system ----
%% cmd and cmdStatus give the output; the assertions give ok.

-define(cmd_(Error, N, Cmd),
        ((fun() ->
                  case eunit_lib:command(Cmd) of
                      {(N), Output__} -> Output__;
                      {Status__, _} ->
                          erlang:error({Error, [{module, ?MODULE}, {line, ?LINE},
                                                {command, (Cmd)}, {expected_status, (N)},
                                                {status, Status__}]})
                  end
          end)())).
-define(cmdStatus(N, Cmd), ?cmd_(command_failed, N, Cmd)).
-define(cmd(Cmd), ?cmdStatus(0, Cmd)).
-define(_cmdStatus(N, Cmd), ?_test(?cmdStatus(N, Cmd))).
-define(_cmd_(Cmd), ?_cmdStatus(0, Cmd)).
-define(_cmd(Cmd), ?_test(?cmd(Cmd))).

-ifdef(NOASSERT).
-define(assertCmdStatus(N, Cmd), ok).
-define(assertCmdOutput(T, Cmd), ok).
-else.
-define(assertCmdStatus(N, Cmd),
        begin
            _ = ?cmd_(assertCmd_failed, N, Cmd),
            ok
        end).
-define(assertCmdOutput(T, Cmd),
        ((fun() ->
                  case [(T) | element(2, eunit_lib:command(Cmd))] of
                      [Output__ | Output__] -> ok;
                      [Expect__ | Output__] ->
                          erlang:error({assertCmdOutput_failed,
                                        [{module, ?MODULE}, {line, ?LINE}, {command, (Cmd)},
                                         {expected_output, Expect__}, {output, Output__}]})
                  end
          end)())).
-endif.
-define(assertCmd(Cmd), ?assertCmdStatus(0, Cmd)).
-define(_assertCmdStatus(N, Cmd), ?_test(?assertCmdStatus(N, Cmd))).
-define(_assertCmdOutput(T, Cmd), ?_test(?assertCmdOutput(T, Cmd))).
-define(_assertCmd(Cmd), ?_test(?assertCmd(Cmd))).

%% ---- looking into things ----
%% They write to the terminal, also from within a test, and have the value of what they show. With
%% NODEBUG they write nothing.

-ifndef(EUNIT_DEBUG_VAL_DEPTH).
-define(EUNIT_DEBUG_VAL_DEPTH, 15).
-endif.

-ifdef(NODEBUG).
-define(debugHere, ok).
-define(debugMsg(S), ok).
-define(debugFmt(S, As), ok).
-define(debugVal(E), (E)).
-define(debugVal(E, D), (E)).
-define(debugValAll(E), (E)).
-define(debugTime(S, E), (E)).
-else.
-define(debugMsg(S), eunit_lib:debug(?FILE, ?LINE, S)).
-define(debugHere, ?debugMsg("<-")).
-define(debugFmt(S, As), ?debugMsg(io_lib:format((S), (As)))).
-define(debugVal(E, D), eunit_lib:debug_value(?FILE, ?LINE, (??E), (E), (D))).
-define(debugVal(E), ?debugVal(E, ?EUNIT_DEBUG_VAL_DEPTH)).
-define(debugValAll(E), ?debugVal(E, -1)).
-define(debugTime(S, E), eunit_lib:debug_time(?FILE, ?LINE, (S), fun() -> (E) end)).
-endif.

-endif.
