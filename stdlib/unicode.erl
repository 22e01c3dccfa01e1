%% Unicode character data. Conversions are native; normal forms come from unicode_util's tables.
-module(unicode).

-export([characters_to_list/1, characters_to_list/2, characters_to_binary/1,
         characters_to_binary/2, characters_to_binary/3, bin_is_7bit/1, bom_to_encoding/1,
         encoding_to_bom/1, characters_to_nfd_list/1, characters_to_nfd_binary/1,
         characters_to_nfkd_list/1, characters_to_nfkd_binary/1, characters_to_nfc_list/1,
         characters_to_nfc_binary/1, characters_to_nfkc_list/1, characters_to_nfkc_binary/1]).

-export_type([chardata/0, charlist/0, encoding/0, external_chardata/0, external_charlist/0,
              external_unicode_binary/0, latin1_binary/0, latin1_char/0, latin1_chardata/0,
              latin1_charlist/0, unicode_binary/0, endian/0]).

-type encoding() :: latin1 | unicode | utf8 | utf16 | {utf16, endian()} | utf32 | {utf32, endian()}.
-type endian() :: big | little.
-type unicode_binary() :: binary().
-type charlist() :: maybe_improper_list(char() | unicode_binary() | charlist(),
                                        unicode_binary() | nil()).
-type chardata() :: charlist() | unicode_binary().
-type external_unicode_binary() :: binary().
-type external_chardata() :: external_charlist() | external_unicode_binary().
-type external_charlist() ::
    maybe_improper_list(char() | external_unicode_binary() | external_charlist(),
                        external_unicode_binary() | nil()).
-type latin1_binary() :: binary().
-type latin1_char() :: byte().
-type latin1_chardata() :: latin1_charlist() | latin1_binary().
-type latin1_charlist() ::
    maybe_improper_list(latin1_char() | latin1_binary() | latin1_charlist(),
                        latin1_binary() | nil()).

%% In the frame of the function that calls it: what is wrong is told by erl_stdlib_errors.
-define(FAIL(Args), erlang:error(badarg, Args, [{error_info, #{module => erl_stdlib_errors}}])).

%%% Natives

%% Characters, in lists and binaries, as a list of code points.
-spec characters_to_list(latin1_chardata() | chardata() | external_chardata()) ->
    list() | {error, list(), term()} | {incomplete, list(), binary()}.
characters_to_list(_) -> erlang:nif_error(undef).

-spec characters_to_list(latin1_chardata() | chardata() | external_chardata(), encoding()) ->
    list() | {error, list(), term()} | {incomplete, list(), binary()}.
characters_to_list(_, _) -> erlang:nif_error(undef).

%% Characters, in lists and binaries, as a binary in an encoding.
-spec characters_to_binary(latin1_chardata() | chardata() | external_chardata()) ->
    binary() | {error, binary(), term()} | {incomplete, binary(), binary()}.
characters_to_binary(_) -> erlang:nif_error(undef).

-spec characters_to_binary(latin1_chardata() | chardata() | external_chardata(), encoding()) ->
    binary() | {error, binary(), term()} | {incomplete, binary(), binary()}.
characters_to_binary(_, _) -> erlang:nif_error(undef).

-spec characters_to_binary(latin1_chardata() | chardata() | external_chardata(), encoding(),
                           encoding()) ->
    binary() | {error, binary(), term()} | {incomplete, binary(), binary()}.
characters_to_binary(_, _, _) -> erlang:nif_error(undef).

%% Whether all bytes are ASCII.
-spec bin_is_7bit(binary()) -> boolean().
bin_is_7bit(_) -> erlang:nif_error(undef).

%%% Byte order marks

%% Longer ones first: that of UTF-16 may begin one of UTF-32.
-spec bom_to_encoding(binary()) -> {encoding(), non_neg_integer()}.
bom_to_encoding(<<0, 0, 16#FE, 16#FF, _/binary>>) -> {{utf32, big}, 4};
bom_to_encoding(<<16#FF, 16#FE, 0, 0, _/binary>>) -> {{utf32, little}, 4};
bom_to_encoding(<<16#EF, 16#BB, 16#BF, _/binary>>) -> {utf8, 3};
bom_to_encoding(<<16#FE, 16#FF, _/binary>>) -> {{utf16, big}, 2};
bom_to_encoding(<<16#FF, 16#FE, _/binary>>) -> {{utf16, little}, 2};
bom_to_encoding(Bin) when is_binary(Bin) -> {latin1, 0}.

%% U+FEFF in that encoding.
-spec encoding_to_bom(encoding()) -> binary().
encoding_to_bom(latin1) -> <<>>;
encoding_to_bom(Encoding) ->
    Marked = [unicode, utf8, utf16, {utf16, big}, {utf16, little}, utf32, {utf32, big}, {utf32, little}],
    case lists:member(Encoding, Marked) of
        true -> characters_to_binary([16#FEFF], unicode, Encoding);
        false -> erlang:error(function_clause, [Encoding])
    end.

%%% Normal forms

%% Normalised to NFD, a list.
-spec characters_to_nfd_list(chardata()) -> [char()] | {error, [char()], chardata()}.
characters_to_nfd_list(CD) ->
    case to_list(nfd, CD) of
        badarg -> ?FAIL([CD]);
        Result -> Result
    end.

%% Normalised to NFD, a binary.
-spec characters_to_nfd_binary(chardata()) ->
    unicode_binary() | {error, unicode_binary(), chardata()}.
characters_to_nfd_binary(CD) ->
    case to_binary(nfd, CD) of
        badarg -> ?FAIL([CD]);
        Result -> Result
    end.

%% Normalised to NFKD, a list.
-spec characters_to_nfkd_list(chardata()) -> [char()] | {error, [char()], chardata()}.
characters_to_nfkd_list(CD) ->
    case to_list(nfkd, CD) of
        badarg -> ?FAIL([CD]);
        Result -> Result
    end.

%% Normalised to NFKD, a binary.
-spec characters_to_nfkd_binary(chardata()) ->
    unicode_binary() | {error, unicode_binary(), chardata()}.
characters_to_nfkd_binary(CD) ->
    case to_binary(nfkd, CD) of
        badarg -> ?FAIL([CD]);
        Result -> Result
    end.

%% Normalised to NFC, a list.
-spec characters_to_nfc_list(chardata()) -> [char()] | {error, [char()], chardata()}.
characters_to_nfc_list(CD) ->
    case to_list(nfc, CD) of
        badarg -> ?FAIL([CD]);
        Result -> Result
    end.

%% Normalised to NFC, a binary.
-spec characters_to_nfc_binary(chardata()) ->
    unicode_binary() | {error, unicode_binary(), chardata()}.
characters_to_nfc_binary(CD) ->
    case to_binary(nfc, CD) of
        badarg -> ?FAIL([CD]);
        Result -> Result
    end.

%% Normalised to NFKC, a list.
-spec characters_to_nfkc_list(chardata()) -> [char()] | {error, [char()], chardata()}.
characters_to_nfkc_list(CD) ->
    case to_list(nfkc, CD) of
        badarg -> ?FAIL([CD]);
        Result -> Result
    end.

%% Normalised to NFKC, a binary.
-spec characters_to_nfkc_binary(chardata()) ->
    unicode_binary() | {error, unicode_binary(), chardata()}.
characters_to_nfkc_binary(CD) ->
    case to_binary(nfkc, CD) of
        badarg -> ?FAIL([CD]);
        Result -> Result
    end.

to_list(Form, CD) ->
    try characters_to_list(CD) of
        L when is_list(L) -> muster_unicode:normalize(Form, L);
        {_, L, Rest} -> {error, muster_unicode:normalize(Form, L), Rest}
    catch
        error:badarg -> badarg
    end.

to_binary(Form, CD) ->
    case to_list(Form, CD) of
        L when is_list(L) -> characters_to_binary(L);
        {error, L, Rest} -> {error, characters_to_binary(L), Rest};
        badarg -> badarg
    end.
