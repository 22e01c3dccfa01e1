%% -include_lib of what other applications' headers define, without an installation to read them from.
-module(headers_of_applications_are_there).
-include_lib("kernel/include/logger.hrl").
-include_lib("stdlib/include/assert.hrl").
-include_lib("kernel/include/file.hrl").
-include_lib("kernel/include/inet.hrl").
-include_lib("kernel/include/eep48.hrl").
-include_lib("stdlib/include/erl_bits.hrl").
-include_lib("stdlib/include/erl_compile.hrl").
-include_lib("stdlib/include/zip.hrl").
-export([main/0]).

main() ->
    io:format("~p~n", [[record_info(size, file_info), record_info(size, file_descriptor),
                        record_info(fields, hostent), record_info(fields, docs_v1),
                        record_info(fields, docs_v1_entry), record_info(fields, bittype),
                        record_info(fields, options), record_info(fields, zip_file),
                        record_info(fields, zip_comment)]]),
    io:format("~p~n", [{#hostent{}, #options{}, #zip_comment{}}]),
    io:format("~p ~p~n", [?NATIVE_FORMAT, ?CURR_DOC_VERSION]),
    {ok, #file_info{type = Type}} = file:read_file_info("/"),
    io:format("~p~n", [Type]),
    logger:set_primary_config(level, error),
    ok = ?LOG_INFO("nobody sees ~p", [this]),
    ok = ?LOG_DEBUG(throw(not_evaluated)),
    ok = ?LOG(notice, "~p", [x], #{key => value}),
    assertions().

-define(T(Expr), told(fun() -> Expr end)).

told(Fun) ->
    try Fun() of
        Value -> io:format("~p~n", [Value])
    catch
        error:{Macro, Info} -> io:format("~p ~p~n", [Macro, [without_stack(I) || I <- Info]])
    end.

without_stack({unexpected_exception, {Class, Reason, _}}) -> {unexpected_exception, Class, Reason};
without_stack(Other) -> Other.

id(X) -> X.

assertions() ->
    ?T(?assert(id(true))),
    ?T(?assert(id(false))),
    ?T(?assert(id(foo), "with a comment")),
    ?T(?assertNot(id(true))),
    ?T(?assertNot(id(17), ["a ", <<"deep">>, " one"])),
    ?T(?assertMatch({X, _} when X > 3, id({4, 1}))),
    ?T(?assertMatch({X, _} when X > 3, id({1, 2}))),
    ?T(?assertNotMatch({a, _}, id({a, 1}))),
    ?T(?assertNotMatch({a, _}, id({b, 1}))),
    ?T(?assertEqual(1, id(1.0))),
    ?T(?assertEqual(id({1, [2]}), id({1, [2]}))),
    ?T(?assertNotEqual(1, id(1), "not")),
    ?T(?assertError(badarith, 1 / id(0))),
    ?T(?assertError(foo, id(1))),
    ?T(?assertExit(foo, exit(id(bar)))),
    ?T(?assertThrow({id, _}, throw({id, 1}))),
    ?T(?assertThrow(foo, error(id(bar)))),
    ?T(?assertException(_, {_, x}, throw({id, y}))),
    ?T(?assertNotException(error, foo, error(id(foo)))),
    ?T(?assertNotException(error, foo, error(id(bar)))).
