%% Compression. The natives (runtime/bif_zlib.c, hidden module muster_zlib) take and give data piece by piece; the loops
%% are here, so that nothing holds up a scheduler. Output that was made before a failure is kept in the stream, with a
%% mark, packed or plain, for the next call that has to do with it.
-module(zlib).

-export([open/0, close/1, set_controlling_process/2]).
-export([deflateInit/1, deflateInit/2, deflateInit/6, deflateSetDictionary/2, deflateReset/1,
         deflateParams/3, deflate/2, deflate/3, deflateEnd/1]).
-export([inflateInit/1, inflateInit/2, inflateInit/3, inflateSetDictionary/2,
         inflateGetDictionary/1, inflateReset/1, inflate/2, inflate/3, inflateEnd/1,
         inflateChunk/1, inflateChunk/2, safeInflate/2]).
-export([setBufSize/2, getBufSize/1, crc32/1, crc32/2, crc32/3, adler32/2, adler32/3,
         crc32_combine/4, adler32_combine/4]).
-export([compress/1, uncompress/1, zip/1, unzip/1, gzip/1, gunzip/1]).

-compile({no_auto_import, [crc32/1, crc32/2, crc32/3, adler32/2, adler32/3]}).

-type zstream() :: reference().
-type zflush() :: none | sync | full | finish.
-type zlevel() :: none | default | best_compression | best_speed | 0..9.
-type zstrategy() :: default | filtered | huffman_only | rle.
-type zwindowbits() :: -15..-8 | 8..47.
-export_type([zstream/0, zlevel/0, zwindowbits/0, zstrategy/0]).

%% How much is taken and given at once.
-define(IN, 8192).
-define(PACKED, 8192).
-define(PLAIN, 16384).

%% What words are to the native library, and the reason of the error when it is none of them.
-define(CODES, #{flush => {bad_flush_mode, #{none => 0, sync => 2, full => 3, finish => 4}},
                 level => {bad_compression_level, #{none => 0, best_speed => 1, best_compression => 9, default => -1}},
                 strategy => {bad_compression_strategy, #{default => 0, filtered => 1, huffman_only => 2, rle => 3}},
                 method => {bad_compression_method, #{deflated => 8}},
                 at_end => {bad_eos_behavior, #{error => 0, reset => 1, cut => 2}}}).

%%% Streams

-spec open() -> zstream().
open() -> muster_zlib:open().

-spec close(zstream()) -> ok.
close(Z) -> muster_zlib:close(Z).

-spec set_controlling_process(zstream(), pid()) -> ok.
set_controlling_process(Z, Pid) -> muster_zlib:hand_over(Z, Pid).

%%% Compressing

-spec deflateInit(zstream()) -> ok.
deflateInit(Z) -> deflateInit(Z, default).

-spec deflateInit(zstream(), zlevel()) -> ok.
deflateInit(Z, Level) -> deflateInit(Z, Level, deflated, 15, 8, default).

-spec deflateInit(zstream(), zlevel(), deflated, zwindowbits(), 1..9, zstrategy()) -> ok.
deflateInit(Z, Level, Method, WindowBits, MemLevel, Strategy) ->
    muster_zlib:pack_init(Z, level(Level), code(method, Method), window(WindowBits), memory(MemLevel),
                          code(strategy, Strategy)).

-spec deflateSetDictionary(zstream(), iodata()) -> non_neg_integer().
deflateSetDictionary(Z, Dictionary) -> muster_zlib:pack_dictionary(Z, Dictionary).

-spec deflateReset(zstream()) -> ok.
deflateReset(Z) -> muster_zlib:pack_reset(Z).

%% What is still inside comes out as it was meant to be, and is given by the next deflate.
-spec deflateParams(zstream(), zlevel(), zstrategy()) -> ok.
deflateParams(Z, Level, Strategy) ->
    {NewLevel, NewStrategy} = {level(Level), code(strategy, Strategy)},
    Before = deflate(Z, <<>>, sync),
    case muster_zlib:pack_params(Z, NewLevel, NewStrategy) of
        ok -> muster_zlib:keep(Z, {packed, Before});
        Other -> Other
    end.

-spec deflate(zstream(), iodata()) -> iolist().
deflate(Z, Data) -> deflate(Z, Data, none).

-spec deflate(zstream(), iodata(), zflush()) -> iolist().
deflate(Z, Data, Flush) ->
    Before = kept(Z, packed),
    feed(Z, Data),
    Code = code(flush, Flush),
    {all, Output} = pump(fun() -> muster_zlib:pack(Z, ?IN, ?PACKED, Code) end, Before),
    Output.

-spec deflateEnd(zstream()) -> ok.
deflateEnd(Z) -> muster_zlib:pack_end(Z).

%%% Decompressing

-spec inflateInit(zstream()) -> ok.
inflateInit(Z) -> inflateInit(Z, 15).

-spec inflateInit(zstream(), zwindowbits()) -> ok.
inflateInit(Z, WindowBits) -> inflateInit(Z, WindowBits, cut).

-spec inflateInit(zstream(), zwindowbits(), error | reset | cut) -> ok.
inflateInit(Z, WindowBits, AtEnd) ->
    muster_zlib:unpack_init(Z, window(WindowBits), code(at_end, AtEnd)).

-spec inflateSetDictionary(zstream(), iodata()) -> ok.
inflateSetDictionary(Z, Dictionary) -> muster_zlib:unpack_dictionary(Z, Dictionary).

-spec inflateGetDictionary(zstream()) -> binary().
inflateGetDictionary(Z) -> muster_zlib:dictionary(Z).

-spec inflateReset(zstream()) -> ok.
inflateReset(Z) -> muster_zlib:unpack_reset(Z).

-spec inflateEnd(zstream()) -> ok.
inflateEnd(Z) -> muster_zlib:unpack_end(Z).

-spec inflate(zstream(), iodata()) -> iolist().
inflate(Z, Data) -> inflate(Z, Data, []).

-spec inflate(zstream(), iodata(), [{exception_on_need_dict, boolean()}]) ->
          iolist() | {need_dictionary, non_neg_integer(), iolist()}.
inflate(Z, Data, Options) ->
    feed(Z, Data),
    case {pump(fun() -> unpack(Z, ?PLAIN) end, []), raises(Options)} of
        {{all, Output}, true} -> join(kept(Z, plain), Output);
        {{all, Output}, false} -> Output;
        {{dictionary, Adler, Output}, true} -> no_dictionary(Z, Adler, Output);
        {{dictionary, Adler, Output}, false} -> {need_dictionary, Adler, Output}
    end.

%% Whether a dictionary that is needed is an error.
raises([]) -> true;
raises([{exception_on_need_dict, Raises} | _]) -> Raises;
raises([_ | Options]) -> raises(Options).

unpack(Z, Size) -> muster_zlib:unpack(Z, ?IN, Size, code(flush, none)).

no_dictionary(Z, Adler, Output) ->
    ok = muster_zlib:keep(Z, {plain, Output}),
    error({need_dictionary, Adler}).

-spec safeInflate(zstream(), iodata()) ->
          {continue | finished, iolist()} | {need_dictionary, non_neg_integer(), iolist()}.
safeInflate(Z, Data) ->
    feed(Z, Data),
    unpack(Z, ?PLAIN).

-spec inflateChunk(zstream()) -> iolist() | {more, iolist()}.
inflateChunk(Z) -> inflateChunk(Z, []).

-spec inflateChunk(zstream(), iodata()) -> iolist() | {more, iolist()}.
inflateChunk(Z, Data) ->
    feed(Z, Data),
    case unpack(Z, muster_zlib:piece_size(Z)) of
        {need_dictionary, Adler, Output} -> no_dictionary(Z, Adler, Output);
        {continue, Output} -> {more, join(kept(Z, plain), Output)};
        {finished, Output} -> join(kept(Z, plain), Output)
    end.

%%% Old

-spec setBufSize(zstream(), non_neg_integer()) -> ok.
setBufSize(Z, Size) -> muster_zlib:set_piece_size(Z, Size).

-spec getBufSize(zstream()) -> non_neg_integer().
getBufSize(Z) -> muster_zlib:piece_size(Z).

-spec crc32(zstream()) -> non_neg_integer().
crc32(Z) -> muster_zlib:checksum(Z).

-spec crc32(zstream(), iodata()) -> non_neg_integer().
crc32(Z, Data) when is_reference(Z) -> erlang:crc32(Data);
crc32(_, _) -> error(badarg).

-spec crc32(zstream(), non_neg_integer(), iodata()) -> non_neg_integer().
crc32(Z, Crc, Data) when is_reference(Z) -> erlang:crc32(Crc, Data);
crc32(_, _, _) -> error(badarg).

-spec adler32(zstream(), iodata()) -> non_neg_integer().
adler32(Z, Data) when is_reference(Z) -> erlang:adler32(Data);
adler32(_, _) -> error(badarg).

-spec adler32(zstream(), non_neg_integer(), iodata()) -> non_neg_integer().
adler32(Z, Adler, Data) when is_reference(Z) -> erlang:adler32(Adler, Data);
adler32(_, _, _) -> error(badarg).

-spec crc32_combine(zstream(), non_neg_integer(), non_neg_integer(), non_neg_integer()) ->
          non_neg_integer().
crc32_combine(Z, A, B, Size) when is_reference(Z) -> erlang:crc32_combine(A, B, Size);
crc32_combine(_, _, _, _) -> error(badarg).

-spec adler32_combine(zstream(), non_neg_integer(), non_neg_integer(), non_neg_integer()) ->
          non_neg_integer().
adler32_combine(Z, A, B, Size) when is_reference(Z) -> erlang:adler32_combine(A, B, Size);
adler32_combine(_, _, _, _) -> error(badarg).

%%% All at once

-spec compress(iodata()) -> binary().
compress(Data) -> packed(Data, fun(Z) -> deflateInit(Z, default) end).

-spec zip(iodata()) -> binary().
zip(Data) -> packed(Data, fun(Z) -> deflateInit(Z, default, deflated, -15, 8, default) end).

-spec gzip(iodata()) -> binary().
gzip(Data) -> packed(Data, fun(Z) -> deflateInit(Z, default, deflated, 16 + 15, 8, default) end).

packed(Data, Init) ->
    Z = open(),
    try
        ok = Init(Z),
        Packed = deflate(Z, Data, finish),
        ok = deflateEnd(Z),
        iolist_to_binary(Packed)
    after
        close(Z)
    end.

-spec uncompress(iodata()) -> binary().
uncompress(Data) ->
    try iolist_size(Data) of
        Size when Size >= 8 -> unpacked(Data, fun(Z) -> inflateInit(Z, 15) end);
        _ -> error(data_error)
    catch
        error:badarg -> error(badarg)
    end.

-spec unzip(iodata()) -> binary().
unzip(Data) -> unpacked(Data, fun(Z) -> inflateInit(Z, -15) end).

-spec gunzip(iodata()) -> binary().
gunzip(Data) -> unpacked(Data, fun(Z) -> inflateInit(Z, 16 + 15, reset) end).

unpacked(Data, Init) ->
    Z = open(),
    try
        ok = Init(Z),
        Plain = inflate(Z, Data),
        ok = inflateEnd(Z),
        iolist_to_binary(Plain)
    after
        close(Z)
    end.

%%% Inside

feed(Z, Data) -> ok = muster_zlib:feed(Z, erlang:iolist_to_iovec(Data)).

%% Takes pieces until there are no more, behind what there was Before.
pump(Piece, Before) ->
    case Piece() of
        {continue, Output} -> pump(Piece, join(Before, Output));
        {finished, Output} -> {all, join(Before, Output)};
        {need_dictionary, Adler, Output} -> {dictionary, Adler, join(Before, Output)}
    end.

join([], Output) -> Output;
join(Before, []) -> Before;
join(Before, Output) -> [Before | Output].

%% What was kept under this mark, which is no longer.
kept(Z, Mark) ->
    case muster_zlib:kept(Z) of
        {ok, {Mark, Output}} ->
            ok = muster_zlib:forget(Z),
            Output;
        empty -> []
    end.

code(What, Word) ->
    {Error, Codes} = map_get(What, ?CODES),
    case Codes of
        #{Word := Code} -> Code;
        #{} -> error(Error)
    end.

level(Level) when is_integer(Level), Level >= 0, Level =< 9 -> Level;
level(Word) -> code(level, Word).

%% Negative: no header; over 15: with that of gzip, or either.
window(Bits) when is_integer(Bits), Bits >= 8, Bits =< 47; is_integer(Bits), Bits >= -15, Bits =< -8 -> Bits;
window(_) -> error(bad_windowbits).

memory(Level) when is_integer(Level), Level >= 1, Level =< 9 -> Level;
memory(_) -> error(bad_memlevel).
