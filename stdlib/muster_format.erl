%% Natives of io_lib for what is common; they answer false where Erlang has to do it: errors and all that
%% is long or unusual.
-module(muster_format).

-export([list/2, binary/2, write/2, fit/4, within/2]).

%% As io_lib:format/2.
-spec list(io:format(), [term()]) -> io_lib:chars() | false.
list(_, _) -> erlang:nif_error(undef).

%% The same as UTF-8.
-spec binary(io:format(), [term()]) -> unicode:unicode_binary() | false.
binary(_, _) -> erlang:nif_error(undef).

%% As ~w if Latin1, else as ~tw.
-spec write(term(), Latin1 :: boolean()) -> string() | false.
write(_, _) -> erlang:nif_error(undef).

%% A term as ~p on one line, if it takes at most Room characters; simple: it cannot be broken.
-spec fit(term(), Room :: integer(), Latin1 :: boolean(), Strings :: boolean()) ->
    {simple | whole, non_neg_integer(), string()} | false | unknown.
fit(_, _, _, _) -> erlang:nif_error(undef).

%% Whether nothing of a term is left out when it is shown to a depth; false, too, if that is not clear
%% at once.
-spec within(term(), Depth :: integer()) -> boolean().
within(_, _) -> erlang:nif_error(undef).
