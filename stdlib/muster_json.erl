%% Natives of json.
-module(muster_json).

-export([decode/1, is_plain/1]).

%% The value in a list; false: the input is wrong or unusual.
-spec decode(binary()) -> [json:decode_value()] | false.
decode(_) -> erlang:nif_error(undef).

%% Whether a text needs no escapes.
-spec is_plain(binary()) -> boolean().
is_plain(_) -> erlang:nif_error(undef).
