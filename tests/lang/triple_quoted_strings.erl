%% Triple-quoted strings, as in OTP 27: indentation of the closing quotes is cut, no escapes.
-module(triple_quoted_strings).
-export([main/0]).

-define(TEXT, """
    from a macro
    """).

main() ->
    S = """
        First line
          indented "quoted" and ""two""
        a backslash \n stays

        after an empty line
        """,
    io:format("~s~n", [S]),
    io:format("~w~n", [length(S)]),
    io:format("~w~n", ["""
a
 b
"""]),
    io:format("~w~n", ["""
        """]),
    io:format("~w~n", ["""

        """]),
    io:format("~s~n", [""""
        three quotes """ inside of four
        """"]),
    io:format("~s|~s~n", [?TEXT, <<"""
        in a binary
        """>>]),
    io:format("~s~n", ["""
        joined
        """ " with another"]).
