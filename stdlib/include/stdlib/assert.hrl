%% Assertions: each is `ok`, or raises {Macro, [{module, M}, {line, L} | What]}. With a comment as the
%% last argument, {comment, Comment} is among what is told. NOASSERT makes all of them `ok`; NODEBUG
%% implies it unless DEBUG is there; ASSERT overrides it.
-ifndef(ASSERT_HRL).
-define(ASSERT_HRL, true).

-ifdef(NODEBUG).
-ifndef(DEBUG).
-ifndef(NOASSERT).
-define(NOASSERT, true).
-endif.
-endif.
-endif.
-ifdef(ASSERT).
-undef(NOASSERT).
-endif.

-ifdef(NOASSERT).

-define(assert(Expr), ok).
-define(assert(Expr, Comment), ok).
-define(assertNot(Expr), ok).
-define(assertNot(Expr, Comment), ok).
-define(assertMatch(Pattern, Expr), ok).
-define(assertMatch(Pattern, Expr, Comment), ok).
-define(assertNotMatch(Pattern, Expr), ok).
-define(assertNotMatch(Pattern, Expr, Comment), ok).
-define(assertEqual(Expected, Expr), ok).
-define(assertEqual(Expected, Expr, Comment), ok).
-define(assertNotEqual(Unexpected, Expr), ok).
-define(assertNotEqual(Unexpected, Expr, Comment), ok).
-define(assertException(Class, Term, Expr), ok).
-define(assertException(Class, Term, Expr, Comment), ok).
-define(assertNotException(Class, Term, Expr), ok).
-define(assertNotException(Class, Term, Expr, Comment), ok).

-else.

%% Told: what is told first, a list. Nothing is bound where an argument is evaluated, so that
%% assertions may stand inside assertions.
-define(ASSERT_fail(Macro, Told, What),
        erlang:error({Macro, [{module, ?MODULE}, {line, ?LINE} | Told ++ What]})).
-define(ASSERT_pattern(Class, Term), "{ " ??Class " , " ??Term " , [...] }").

-define(ASSERT_boolean(Expr, Wanted, Unwanted, Told),
        begin
        ((fun() ->
                  case (Expr) of
                      Wanted -> ok;
                      Assert_value -> % one clause: no warning where Expr is known to be a boolean
                          ?ASSERT_fail(assert, Told, [{expression, (??Expr)}, {expected, Wanted},
                                                      case Assert_value of
                                                          Unwanted -> {value, Unwanted};
                                                          _ -> {not_boolean, Assert_value}
                                                      end])
                  end
          end)())
        end).
-define(ASSERT_match(Pattern, Expr, Told),
        begin
        ((fun() ->
                  case (Expr) of
                      Pattern -> ok;
                      Assert_value ->
                          ?ASSERT_fail(assertMatch, Told, [{expression, (??Expr)},
                                                           {pattern, (??Pattern)},
                                                           {value, Assert_value}])
                  end
          end)())
        end).
-define(ASSERT_not_match(Pattern, Expr, Told),
        begin
        ((fun() ->
                  Assert_value = (Expr),
                  case Assert_value of
                      Pattern ->
                          ?ASSERT_fail(assertNotMatch, Told, [{expression, (??Expr)},
                                                              {pattern, (??Pattern)},
                                                              {value, Assert_value}]);
                      _ -> ok
                  end
          end)())
        end).
%% Variables bound in an argument stay inside.
-define(ASSERT_equal(Expected, Expr, Told),
        begin
        ((fun() ->
                  case [(Expected) | (Expr)] of
                      [Assert_value | Assert_value] -> ok;
                      [Assert_expected | Assert_value] ->
                          ?ASSERT_fail(assertEqual, Told, [{expression, (??Expr)},
                                                           {expected, Assert_expected},
                                                           {value, Assert_value}])
                  end
          end)())
        end).
-define(ASSERT_not_equal(Unexpected, Expr, Told),
        begin
        ((fun() ->
                  case [(Unexpected) | (Expr)] of
                      [Assert_value | Assert_value] ->
                          ?ASSERT_fail(assertNotEqual, Told, [{expression, (??Expr)},
                                                              {value, Assert_value}]);
                      _ -> ok
                  end
          end)())
        end).
-define(ASSERT_exception(Class, Term, Expr, Told),
        begin
        ((fun() ->
                  try (Expr) of
                      Assert_value ->
                          ?ASSERT_fail(assertException, Told,
                                       [{expression, (??Expr)},
                                        {pattern, ?ASSERT_pattern(Class, Term)},
                                        {unexpected_success, Assert_value}])
                  catch
                      Class:Term -> ok;
                      Assert_class:Assert_reason:Assert_stack ->
                          ?ASSERT_fail(assertException, Told,
                                       [{expression, (??Expr)},
                                        {pattern, ?ASSERT_pattern(Class, Term)},
                                        {unexpected_exception,
                                         {Assert_class, Assert_reason, Assert_stack}}])
                  end
          end)())
        end).
-define(ASSERT_not_exception(Class, Term, Expr, Told),
        begin
        ((fun() ->
                  try (Expr) of
                      _ -> ok
                  catch
                      Assert_class:Assert_reason:Assert_stack ->
                          case Assert_class of
                              Class ->
                                  case Assert_reason of
                                      Term ->
                                          ?ASSERT_fail(
                                             assertNotException, Told,
                                             [{expression, (??Expr)},
                                              {pattern, ?ASSERT_pattern(Class, Term)},
                                              {unexpected_exception,
                                               {Assert_class, Assert_reason, Assert_stack}}]);
                                      _ -> ok
                                  end;
                              _ -> ok
                          end
                  end
          end)())
        end).

-define(assert(Expr), ?ASSERT_boolean(Expr, true, false, [])).
-define(assert(Expr, Comment),
        ?ASSERT_boolean(Expr, true, false, [{comment, (Comment)}])).
-define(assertNot(Expr), ?ASSERT_boolean(Expr, false, true, [])).
-define(assertNot(Expr, Comment),
        ?ASSERT_boolean(Expr, false, true, [{comment, (Comment)}])).
-define(assertMatch(Pattern, Expr), ?ASSERT_match(Pattern, Expr, [])).
-define(assertMatch(Pattern, Expr, Comment),
        ?ASSERT_match(Pattern, Expr, [{comment, (Comment)}])).
-define(assertNotMatch(Pattern, Expr), ?ASSERT_not_match(Pattern, Expr, [])).
-define(assertNotMatch(Pattern, Expr, Comment),
        ?ASSERT_not_match(Pattern, Expr, [{comment, (Comment)}])).
-define(assertEqual(Expected, Expr), ?ASSERT_equal(Expected, Expr, [])).
-define(assertEqual(Expected, Expr, Comment),
        ?ASSERT_equal(Expected, Expr, [{comment, (Comment)}])).
-define(assertNotEqual(Unexpected, Expr), ?ASSERT_not_equal(Unexpected, Expr, [])).
-define(assertNotEqual(Unexpected, Expr, Comment),
        ?ASSERT_not_equal(Unexpected, Expr, [{comment, (Comment)}])).
-define(assertException(Class, Term, Expr), ?ASSERT_exception(Class, Term, Expr, [])).
-define(assertException(Class, Term, Expr, Comment),
        ?ASSERT_exception(Class, Term, Expr, [{comment, (Comment)}])).
-define(assertNotException(Class, Term, Expr), ?ASSERT_not_exception(Class, Term, Expr, [])).
-define(assertNotException(Class, Term, Expr, Comment),
        ?ASSERT_not_exception(Class, Term, Expr, [{comment, (Comment)}])).

-endif. % NOASSERT

-define(assertError(Term, Expr), ?assertException(error, Term, Expr)).
-define(assertError(Term, Expr, Comment), ?assertException(error, Term, Expr, Comment)).
-define(assertExit(Term, Expr), ?assertException(exit, Term, Expr)).
-define(assertExit(Term, Expr, Comment), ?assertException(exit, Term, Expr, Comment)).
-define(assertThrow(Term, Expr), ?assertException(throw, Term, Expr)).
-define(assertThrow(Term, Expr, Comment), ?assertException(throw, Term, Expr, Comment)).

-endif. % ASSERT_HRL
