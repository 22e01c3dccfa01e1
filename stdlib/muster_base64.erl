%% Natives of base64: whole groups of three bytes and four characters.
-module(muster_base64).

-export([encode/2, decode/3]).

%% What is encoded, and the bytes that are left: fewer than three, or those after a long slice.
-spec encode(binary(), standard | urlsafe) -> {binary(), binary()}.
encode(_, _) -> erlang:nif_error(undef).

%% What is decoded, and the text that is left. SkipBad: characters not of the alphabet do not count.
-spec decode(binary(), standard | urlsafe, boolean()) -> {binary(), binary()}.
decode(_, _, _) -> erlang:nif_error(undef).
