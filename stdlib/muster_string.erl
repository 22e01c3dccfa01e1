%% Natives of string for flat lists of plain characters (below 16#300, no CR) and ASCII; they answer
%% false or unknown where Erlang has to do it.
-module(muster_string).

-export([seek/3, parts/3, cased/2, equal/2]).

%% The rest of the list from the first or last occurrence on.
-spec seek(string(), Pattern :: string(), leading | trailing) -> string() | nomatch | false.
seek(_, _, _) -> erlang:nif_error(undef).

%% What is before, between and after the occurrences.
-spec parts(string(), Pattern :: string(), leading | trailing | all) -> [string()] | false.
parts(_, _, _) -> erlang:nif_error(undef).

%% ascii_lower: of ASCII, else false.
-spec cased(S, upper | lower | ascii_lower) -> S | false when S :: unicode:chardata().
cased(_, _) -> erlang:nif_error(undef).

%% Whether two have the same codepoints.
-spec equal(unicode:chardata(), unicode:chardata()) -> boolean() | unknown.
equal(_, _) -> erlang:nif_error(undef).
