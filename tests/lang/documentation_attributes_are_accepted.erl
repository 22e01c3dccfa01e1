%% -moduledoc and -doc, as in OTP 27.
-module(documentation_attributes_are_accepted).
-moduledoc """
This module is documented.
It has two lines.
""".
-moduledoc #{since => "1.0"}.
-export([main/0, old/0]).
-export_type([t/0]).

-doc "A type.".
-type t() :: integer().

-doc """
Runs.
""".
-doc #{since => "1.0", equiv => old/0}.
-spec main() -> ok.
main() ->
    io:format("~w~n", [old()]).

-doc hidden.
old() -> documented.
