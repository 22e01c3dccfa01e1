%% zlib: all at once, streams in pieces of every size, ends, dictionaries, owners, and wrong arguments.
-module(zlib_diff).
-include("diff.hrl").
-compile(nowarn_deprecated_function).

run() ->
    whole(),
    streams(),
    pieces(),
    ends(),
    dictionaries(),
    owners(),
    settings(),
    wrong(),
    random().

texts() ->
    {Random, _} = rand:bytes_s(100000, rand:seed_s(exsss, 1)),
    [<<>>, <<"a">>, <<"hello hello hello hello">>, ["he", <<"llo">>, $!], binary:copy(<<"0123456789abcdef">>, 10000), Random].

%% Sizes instead of binaries, in the same shape.
sizes(B) when is_binary(B) -> byte_size(B);
sizes([H | T]) -> [sizes(H) | sizes(T)];
sizes(T) when is_tuple(T) -> list_to_tuple(sizes(tuple_to_list(T)));
sizes(X) -> X.

hash(X) -> erlang:phash2(iolist_to_binary(X)).

whole() ->
    [begin
         value({packed, hash(T)}, fun() -> {hash(zlib:compress(T)), hash(zlib:zip(T)), hash(zlib:gzip(T))} end),
         value({back, hash(T)}, fun() ->
             [hash(Unpack(Pack(T))) =:= hash(T) || {Pack, Unpack} <- [{fun zlib:compress/1, fun zlib:uncompress/1},
                                                                     {fun zlib:zip/1, fun zlib:unzip/1},
                                                                     {fun zlib:gzip/1, fun zlib:gunzip/1}]]
         end)
     end || T <- texts()],
    [call(zlib, F, [D]) || F <- [compress, uncompress, zip, unzip, gzip, gunzip],
                           D <- [<<>>, "abc", <<"garbage garbage">>, foo, [a], <<31, 139, 8, 0>>, <<1:3>>]],
    Packed = zlib:compress(<<"some text to be cut">>),
    [value({cut, N}, fun() -> zlib:uncompress(binary:part(Packed, 0, N)) end) || N <- lists:seq(0, byte_size(Packed))],
    [value({changed, N}, fun() ->
         <<Before:N/binary, C, After/binary>> = Packed,
         zlib:uncompress(<<Before/binary, (C bxor 255), After/binary>>)
     end) || N <- lists:seq(0, byte_size(Packed) - 1)],
    value(two, fun() -> {zlib:gunzip([zlib:gzip("a"), zlib:gzip("b")]), zlib:uncompress([zlib:compress("a"), zlib:compress("b")])} end),
    value(trailing, fun() -> zlib:gunzip([zlib:gzip("a"), "trailing"]) end).

with(Init, F) ->
    Z = zlib:open(),
    ok = Init(Z),
    Result = F(Z),
    _ = (catch zlib:close(Z)),
    Result.

deflating(F) -> with(fun zlib:deflateInit/1, F).
inflating(F) -> with(fun zlib:inflateInit/1, F).

streams() ->
    T = <<"hello hello hello hello">>,
    value(flushes, fun() -> deflating(fun(Z) -> [zlib:deflate(Z, T, F) || F <- [none, sync, none, full, finish]] end) end),
    value(deflate_end, fun() -> deflating(fun(Z) -> zlib:deflate(Z, T), zlib:deflateEnd(Z) end) end),
    value(deflate_done, fun() -> deflating(fun(Z) -> zlib:deflate(Z, T, finish), {attempt(fun() -> zlib:deflate(Z, T) end), zlib:deflateEnd(Z)} end) end),
    value(reset, fun() -> deflating(fun(Z) -> [hash(zlib:deflate(Z, T, full)), zlib:deflateReset(Z), zlib:deflate(Z, T, finish)] end) end),
    value(parameters, fun() -> deflating(fun(Z) -> [hash(zlib:deflate(Z, T)), zlib:deflateParams(Z, best_speed, filtered), hash(zlib:deflate(Z, T, finish))] end) end),
    value(inflate_end, fun() -> inflating(fun(Z) -> <<Part:5/binary, _/binary>> = zlib:compress(T), {zlib:inflate(Z, Part), attempt(fun() -> zlib:inflateEnd(Z) end)} end) end),
    value(inflate_reset, fun() -> inflating(fun(Z) -> P = zlib:compress(T), [zlib:inflate(Z, P), zlib:inflateReset(Z), zlib:inflate(Z, P), zlib:inflateEnd(Z)] end) end),
    [value({formats, Bits}, fun() ->
         P = with(fun(Z) -> zlib:deflateInit(Z, default, deflated, Bits, 8, default) end, fun(Z) -> zlib:deflate(Z, T, finish) end),
         {hash(P), with(fun(Z) -> zlib:inflateInit(Z, Bits) end, fun(Z) -> zlib:inflate(Z, P) end),
          attempt(fun() -> with(fun(Z) -> zlib:inflateInit(Z, 47) end, fun(Z) -> zlib:inflate(Z, P) end) end)}
     end) || Bits <- [9, 12, 15, -9, -15, 25, 31]],
    value(crc, fun() -> with(fun(Z) -> zlib:inflateInit(Z, -15) end, fun(Z) -> A = zlib:crc32(Z), zlib:inflate(Z, zlib:zip(T)), {A, zlib:crc32(Z) =:= erlang:crc32(T)} end) end),
    value(crc, fun() -> deflating(fun(Z) -> A = zlib:crc32(Z), zlib:deflate(Z, T), {A, zlib:crc32(Z)} end) end),
    value(checksums, fun() -> Z = zlib:open(), [zlib:crc32(Z, T), zlib:crc32(Z, 5, T), zlib:adler32(Z, T), zlib:adler32(Z, 5, T), zlib:crc32_combine(Z, 1, 2, 3), zlib:adler32_combine(Z, 1, 2, 3)] end).

pieces() ->
    [begin
         P = zlib:compress(T),
         value({inflate, hash(T)}, fun() -> inflating(fun(Z) -> sizes(zlib:inflate(Z, P)) end) end),
         value({deflate, hash(T)}, fun() -> deflating(fun(Z) -> [sizes(zlib:deflate(Z, T, F)) || F <- [none, sync, finish]] end) end),
         value({bytes, hash(T)}, fun() -> inflating(fun(Z) -> hash([zlib:inflate(Z, [X]) || <<X>> <= P]) =:= hash(T) end) end),
         value({safe, hash(T)}, fun() -> inflating(fun(Z) -> safe(Z, zlib:safeInflate(Z, P)) end) end),
         value({chunks, hash(T)}, fun() -> inflating(fun(Z) -> chunks(Z, zlib:inflateChunk(Z, P)) end) end),
         value({chunks, 1000, hash(T)}, fun() -> inflating(fun(Z) -> zlib:setBufSize(Z, 1000), chunks(Z, zlib:inflateChunk(Z, P)) end) end)
     end || T <- texts()].

safe(Z, {continue, Output}) -> [sizes(Output) | safe(Z, zlib:safeInflate(Z, []))];
safe(_, Result) -> sizes(Result).

chunks(Z, {more, Output}) -> [sizes(Output) | chunks(Z, zlib:inflateChunk(Z))];
chunks(_, Result) -> sizes(Result).

ends() ->
    [value({At, length(Parts)}, fun() ->
         with(fun(Z) -> zlib:inflateInit(Z, 15, At) end, fun(Z) ->
             [attempt(fun() -> zlib:inflate(Z, Parts) end), attempt(fun() -> zlib:inflate(Z, []) end),
              attempt(fun() -> zlib:inflate(Z, "x") end), attempt(fun() -> zlib:inflateEnd(Z) end)]
         end)
     end) || At <- [error, reset, cut, other], Parts <- [[zlib:compress("ab")], [zlib:compress("ab"), "trailing"],
                                                        [zlib:compress("ab"), zlib:compress("cd"), zlib:compress("ef")]]].

dictionaries() ->
    T = <<"hello hello hello">>,
    Packed = deflating(fun(Z) -> zlib:deflateSetDictionary(Z, <<"hello">>), iolist_to_binary(zlib:deflate(Z, T, finish)) end),
    value(checksum, fun() -> deflating(fun(Z) -> zlib:deflateSetDictionary(Z, <<"hello">>) end) end),
    value(packed, fun() -> Packed end),
    value(needed, fun() -> inflating(fun(Z) ->
        [attempt(fun() -> zlib:inflate(Z, Packed) end), zlib:inflateSetDictionary(Z, <<"hello">>), zlib:inflate(Z, []), zlib:inflateGetDictionary(Z)] end) end),
    value(told, fun() -> inflating(fun(Z) -> zlib:inflate(Z, Packed, [{exception_on_need_dict, false}]) end) end),
    value(safe, fun() -> inflating(fun(Z) -> [zlib:safeInflate(Z, Packed), zlib:inflateSetDictionary(Z, "hello"), zlib:safeInflate(Z, [])] end) end),
    value(chunk, fun() -> inflating(fun(Z) -> zlib:inflateChunk(Z, Packed) end) end),
    value(wrong, fun() -> inflating(fun(Z) ->
        [attempt(fun() -> zlib:inflate(Z, Packed) end), attempt(fun() -> zlib:inflateSetDictionary(Z, <<"jello">>) end), attempt(fun() -> zlib:inflate(Z, []) end)] end) end),
    value(raw, fun() ->
        Raw = with(fun(Z) -> zlib:deflateInit(Z, default, deflated, -15, 8, default) end,
                   fun(Z) -> {zlib:deflateSetDictionary(Z, <<"hello">>), iolist_to_binary(zlib:deflate(Z, T, finish))} end),
        {Raw, with(fun(Z) -> zlib:inflateInit(Z, -15) end, fun(Z) -> zlib:inflateSetDictionary(Z, "hello"), zlib:inflate(Z, element(2, Raw)) end)}
    end),
    value(late, fun() -> deflating(fun(Z) -> zlib:deflate(Z, binary:copy(T, 10000)), zlib:deflateSetDictionary(Z, <<"hello">>) end) end),
    value(none, fun() -> inflating(fun(Z) -> {zlib:inflateGetDictionary(Z), attempt(fun() -> zlib:inflateSetDictionary(Z, <<"x">>) end)} end) end).

owners() ->
    Me = self(),
    value(other, fun() -> Z = zlib:open(), spawn(fun() -> Me ! {said, attempt(fun() -> zlib:deflateInit(Z) end)} end), receive {said, X} -> X end end),
    value(given, fun() ->
        Z = zlib:open(),
        P = spawn(fun() -> receive go -> Me ! {said, attempt(fun() -> zlib:deflateInit(Z) end)} end end),
        R = zlib:set_controlling_process(Z, P),
        P ! go,
        {R, receive {said, X} -> X end, attempt(fun() -> zlib:close(Z) end)}
    end),
    value(wrong, fun() -> [attempt(fun() -> zlib:set_controlling_process(zlib:open(), P) end) || P <- [foo, self()]] end),
    value(closed, fun() ->
        Z = zlib:open(),
        [attempt(F) || F <- [fun() -> zlib:close(Z) end, fun() -> zlib:close(Z) end, fun() -> zlib:deflateInit(Z) end,
                             fun() -> zlib:deflate(Z, "x") end, fun() -> zlib:crc32(Z) end]]
    end).

settings() ->
    T = binary:copy(<<"0123456789abcdef">>, 10000),
    [value({level, L, M, S}, fun() ->
         with(fun(Z) -> zlib:deflateInit(Z, L, deflated, 15, M, S) end, fun(Z) -> P = zlib:deflate(Z, T, finish), {sizes(P), hash(P)} end)
     end) || L <- [none, default, best_speed, best_compression, 0, 1, 5, 9, 10, a], M <- [1, 5, 9, 0, 10],
             S <- [default, filtered, huffman_only, rle, fixed]],
    [value({bits, W}, fun() -> {attempt(fun() -> zlib:deflateInit(zlib:open(), default, deflated, W, 8, default) end),
                                attempt(fun() -> zlib:inflateInit(zlib:open(), W) end)} end)
     || W <- [0, 7, 8, 9, 15, 16, 24, 25, 31, 32, 47, 48, -7, -8, -9, -15, -16, a]],
    value(method, fun() -> zlib:deflateInit(zlib:open(), default, other, 15, 8, default) end),
    value(buffers, fun() -> Z = zlib:open(), [zlib:getBufSize(Z) | [{attempt(fun() -> zlib:setBufSize(Z, N) end), zlib:getBufSize(Z)} || N <- [100, 0, 16, 17, 1 bsl 24, a]]] end).

wrong() ->
    Streams = [{none, fun() -> zlib:open() end}, {deflate, fun() -> Z = zlib:open(), zlib:deflateInit(Z), Z end},
               {inflate, fun() -> Z = zlib:open(), zlib:inflateInit(Z), Z end}, {atom, fun() -> foo end}, {ref, fun() -> make_ref() end}],
    [value({F, Name, tl(Args)}, fun() -> apply(zlib, F, [Make() | tl(Args)]) end)
     || {Name, Make} <- Streams,
        {F, Args} <- [{close, [z]}, {deflateInit, [z]}, {deflateInit, [z, 3]}, {deflateEnd, [z]}, {deflateReset, [z]}, {deflateParams, [z, 1, default]},
                      {deflateParams, [z, a, default]}, {deflate, [z, "x"]}, {deflate, [z, a]}, {deflate, [z, [256]]}, {deflate, [z, "x", other]},
                      {inflateInit, [z]}, {inflateInit, [z, 15, other]}, {inflateEnd, [z]}, {inflateReset, [z]}, {inflate, [z, []]}, {inflate, [z, a]},
                      {inflate, [z, <<"garbage">>]}, {inflate, [z, [], [a]]}, {inflate, [z, [], a]}, {safeInflate, [z, []]}, {safeInflate, [z, a]},
                      {inflateChunk, [z]}, {inflateChunk, [z, a]}, {inflateSetDictionary, [z, "d"]}, {inflateSetDictionary, [z, a]},
                      {deflateSetDictionary, [z, "d"]}, {deflateSetDictionary, [z, a]}, {inflateGetDictionary, [z]}, {crc32, [z]}, {crc32, [z, "x"]},
                      {adler32, [z, a]}, {getBufSize, [z]}, {setBufSize, [z, 100]}]].

%% What random pieces give is what the whole gives.
random() ->
    times(100, fun() ->
        T = binary:copy(list_to_binary(some(pick(400), fun() -> pick({$a, $b, $c, pick(256)}) end)), 1 + pick(100)),
        {Level, Flush} = {pick({default, best_speed, 0, 9}), pick({none, sync, full})},
        Parts = parts(T),
        P = with(fun(Z) -> zlib:deflateInit(Z, Level) end, fun(Z) -> [[zlib:deflate(Z, X, Flush) || X <- Parts], zlib:deflate(Z, [], finish)] end),
        value({random, byte_size(T), Level, Flush, length(Parts)}, fun() ->
            {hash(P), hash(inflating(fun(Z) -> [zlib:inflate(Z, X) || X <- parts(iolist_to_binary(P))] end)) =:= hash(T)}
        end)
    end).

parts(<<>>) -> [];
parts(B) ->
    N = min(byte_size(B), 1 + pick(20000)),
    <<Part:N/binary, Rest/binary>> = B,
    [Part | parts(Rest)].
