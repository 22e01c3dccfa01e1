%% Compression. The natives (runtime/bif_zlib.c) take and give data piece by piece; the loops are
%% here, so that nothing holds up a scheduler. A native is called by its full name: it is no function of
%% this file.
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
-define(DEFLATE_IN, 8 bsl 10).
-define(DEFLATE_OUT, 8 bsl 10).
-define(INFLATE_IN, 8 bsl 10).
-define(INFLATE_OUT, 16 bsl 10).

%%% Streams

-spec open() -> zstream().
open() -> ?MODULE:open_nif().

-spec close(zstream()) -> ok.
close(Z) -> ?MODULE:close_nif(Z).

-spec set_controlling_process(zstream(), pid()) -> ok.
set_controlling_process(Z, Pid) -> ?MODULE:set_controller_nif(Z, Pid).

%%% Compressing

-spec deflateInit(zstream()) -> ok.
deflateInit(Z) -> deflateInit(Z, default).

-spec deflateInit(zstream(), zlevel()) -> ok.
deflateInit(Z, Level) -> deflateInit(Z, Level, deflated, 15, 8, default).

-spec deflateInit(zstream(), zlevel(), deflated, zwindowbits(), 1..9, zstrategy()) -> ok.
deflateInit(Z, Level, Method, WindowBits, MemLevel, Strategy) ->
    ?MODULE:deflateInit_nif(Z, arg_level(Level), arg_method(Method), arg_bitsz(WindowBits),
                    arg_mem(MemLevel), arg_strategy(Strategy)).

-spec deflateSetDictionary(zstream(), iodata()) -> non_neg_integer().
deflateSetDictionary(Z, Dictionary) -> ?MODULE:deflateSetDictionary_nif(Z, Dictionary).

-spec deflateReset(zstream()) -> ok.
deflateReset(Z) -> ?MODULE:deflateReset_nif(Z).

%% What is still inside comes out as it was meant to be, and is given by the next deflate.
-spec deflateParams(zstream(), zlevel(), zstrategy()) -> ok.
deflateParams(Z, Level0, Strategy0) ->
    Level = arg_level(Level0),
    Strategy = arg_strategy(Strategy0),
    Progress = deflate(Z, <<>>, sync),
    case ?MODULE:deflateParams_nif(Z, Level, Strategy) of
        ok -> save_progress(Z, deflate, Progress);
        Other -> Other
    end.

-spec deflate(zstream(), iodata()) -> iolist().
deflate(Z, Data) -> deflate(Z, Data, none).

-spec deflate(zstream(), iodata(), zflush()) -> iolist().
deflate(Z, Data, Flush) ->
    Progress = restore_progress(Z, deflate),
    ok = enqueue_input(Z, Data),
    append(Progress, dequeue_all_chunks(Z, deflate_opts(Flush))).

deflate_opts(Flush) ->
    F = arg_flush(Flush),
    fun(Z) -> ?MODULE:deflate_nif(Z, ?DEFLATE_IN, ?DEFLATE_OUT, F) end.

-spec deflateEnd(zstream()) -> ok.
deflateEnd(Z) -> ?MODULE:deflateEnd_nif(Z).

%%% Decompressing

-spec inflateInit(zstream()) -> ok.
inflateInit(Z) -> inflateInit(Z, 15).

-spec inflateInit(zstream(), zwindowbits()) -> ok.
inflateInit(Z, WindowBits) -> inflateInit(Z, WindowBits, cut).

-spec inflateInit(zstream(), zwindowbits(), error | reset | cut) -> ok.
inflateInit(Z, WindowBits, AtEnd) ->
    ?MODULE:inflateInit_nif(Z, arg_bitsz(WindowBits), arg_eos_behavior(AtEnd)).

-spec inflateSetDictionary(zstream(), iodata()) -> ok.
inflateSetDictionary(Z, Dictionary) -> ?MODULE:inflateSetDictionary_nif(Z, Dictionary).

-spec inflateGetDictionary(zstream()) -> binary().
inflateGetDictionary(Z) -> ?MODULE:inflateGetDictionary_nif(Z).

-spec inflateReset(zstream()) -> ok.
inflateReset(Z) -> ?MODULE:inflateReset_nif(Z).

-spec inflateEnd(zstream()) -> ok.
inflateEnd(Z) -> ?MODULE:inflateEnd_nif(Z).

-spec inflate(zstream(), iodata()) -> iolist().
inflate(Z, Data) -> inflate(Z, Data, []).

-spec inflate(zstream(), iodata(), [{exception_on_need_dict, boolean()}]) ->
          iolist() | {need_dictionary, non_neg_integer(), iolist()}.
inflate(Z, Data, Options) ->
    ok = enqueue_input(Z, Data),
    Result = dequeue_all_chunks(Z, inflate_opts()),
    case proplist_get_value(Options, exception_on_need_dict, true) of
        true -> exception_on_need_dict(Z, Result);
        false -> Result
    end.

inflate_opts() ->
    fun(Z) -> ?MODULE:inflate_nif(Z, ?INFLATE_IN, ?INFLATE_OUT, arg_flush(none)) end.

-spec safeInflate(zstream(), iodata()) ->
          {continue | finished, iolist()} | {need_dictionary, non_neg_integer(), iolist()}.
safeInflate(Z, Data) ->
    ok = enqueue_input(Z, Data),
    (inflate_opts())(Z).

-spec inflateChunk(zstream()) -> iolist() | {more, iolist()}.
inflateChunk(Z) -> inflateChunk(Z, []).

-spec inflateChunk(zstream(), iodata()) -> iolist() | {more, iolist()}.
inflateChunk(Z, Data) ->
    ok = enqueue_input(Z, Data),
    Size = ?MODULE:getBufSize(Z),
    Inflate = fun(_) -> ?MODULE:inflate_nif(Z, ?INFLATE_IN, Size, arg_flush(none)) end,
    case exception_on_need_dict(Z, Inflate(Z)) of
        {continue, Output} -> {more, Output};
        {finished, Output} -> Output
    end.

%%% Old

-spec setBufSize(zstream(), non_neg_integer()) -> ok.
setBufSize(_, _) -> erlang:nif_error(undef).

-spec getBufSize(zstream()) -> non_neg_integer().
getBufSize(_) -> erlang:nif_error(undef).

-spec crc32(zstream()) -> non_neg_integer().
crc32(Z) -> ?MODULE:crc32_nif(Z).

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

enqueue_input(Z, Data) -> ?MODULE:enqueue_nif(Z, erlang:iolist_to_iovec(Data)).

dequeue_all_chunks(Z, Next) -> dequeue_all_chunks_1(Z, Next, []).

dequeue_all_chunks_1(Z, Next, Before) ->
    case Next(Z) of
        {continue, Output} -> dequeue_all_chunks_1(Z, Next, append(Before, Output));
        {need_dictionary, Adler, Output} -> {need_dictionary, Adler, append(Before, Output)};
        {finished, Output} -> append(Before, Output)
    end.

append([], Output) -> Output;
append(Before, []) -> Before;
append(Before, Output) -> [Before | Output].

%% Output that was made before a failure waits for the next call.
save_progress(Z, Kind, Output) -> ?MODULE:setStash_nif(Z, {Kind, Output}).

restore_progress(Z, Kind) ->
    case ?MODULE:getStash_nif(Z) of
        {ok, {Kind, Output}} ->
            ok = ?MODULE:clearStash_nif(Z),
            Output;
        empty -> []
    end.

exception_on_need_dict(Z, {need_dictionary, Adler, Output}) ->
    ok = save_progress(Z, inflate, Output),
    error({need_dictionary, Adler});
exception_on_need_dict(Z, Output) when is_list(Output); is_binary(Output) ->
    append(restore_progress(Z, inflate), Output);
exception_on_need_dict(Z, {Mark, Output}) ->
    {Mark, append(restore_progress(Z, inflate), Output)}.

proplist_get_value([], _, Default) -> Default;
proplist_get_value([{Name, Value} | _], Name, _) -> Value;
proplist_get_value([_ | Rest], Name, Default) -> proplist_get_value(Rest, Name, Default).

arg_flush(none) -> 0;
arg_flush(sync) -> 2;
arg_flush(full) -> 3;
arg_flush(finish) -> 4;
arg_flush(_) -> error(bad_flush_mode).

arg_level(none) -> 0;
arg_level(best_speed) -> 1;
arg_level(best_compression) -> 9;
arg_level(default) -> -1;
arg_level(Level) when is_integer(Level), Level >= 0, Level =< 9 -> Level;
arg_level(_) -> error(bad_compression_level).

arg_strategy(default) -> 0;
arg_strategy(filtered) -> 1;
arg_strategy(huffman_only) -> 2;
arg_strategy(rle) -> 3;
arg_strategy(_) -> error(bad_compression_strategy).

arg_method(deflated) -> 8;
arg_method(_) -> error(bad_compression_method).

arg_eos_behavior(error) -> 0;
arg_eos_behavior(reset) -> 1;
arg_eos_behavior(cut) -> 2;
arg_eos_behavior(_) -> error(bad_eos_behavior).

arg_bitsz(Bits) when is_integer(Bits), Bits >= 8, Bits =< 47 -> Bits;
arg_bitsz(Bits) when is_integer(Bits), Bits >= -15, Bits =< -8 -> Bits;
arg_bitsz(_) -> error(bad_windowbits).

arg_mem(Level) when is_integer(Level), Level >= 1, Level =< 9 -> Level;
arg_mem(_) -> error(bad_memlevel).
