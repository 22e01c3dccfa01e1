%% The Unicode tables, which are native: each function here is overridden by one of the runtime.
%% What stands here is their contract, and serves the Latin-1 range alone where a native is missing.
-module(muster_unicode).

-export([upper/1, lower/1, title/1, fold/1, joined/3, normalize/2]).

-export_type([form/0]).

-type form() :: nfc | nfd | nfkc | nfkd.

%% The simple mappings: one codepoint to one codepoint.
-spec upper(char()) -> char().
upper(C) when C >= $a, C =< $z; C >= 16#E0, C =< 16#FE, C =/= 16#F7 -> C - 32;
upper(16#FF) -> 16#178;
upper(16#B5) -> 16#39C;
upper(C) -> C.

-spec lower(char()) -> char().
lower(C) when C >= $A, C =< $Z; C >= 16#C0, C =< 16#DE, C =/= 16#D7 -> C + 32;
lower(C) -> C.

-spec title(char()) -> char().
title(C) -> upper(C).

%% The simple case folding.
-spec fold(char()) -> char().
fold(16#B5) -> 16#3BC;
fold(C) -> lower(C).

%% Whether B belongs to the same grapheme cluster as A, the codepoint before it. State is 0 before
%% the first two codepoints of a cluster, then what the last call returned; false: a cluster ends.
-spec joined(char(), char(), term()) -> false | term().
joined($\r, $\n, _) -> 1;
joined(_, B, _) when B >= 16#300, B =< 16#36F; B =:= 16#200D; B >= 16#FE00, B =< 16#FE0F -> 1;
joined(_, _, _) -> false.

%% A list of codepoints in one of the normalisation forms.
-spec normalize(form(), [char()]) -> [char()].
normalize(_, Codepoints) -> Codepoints.
