%% Built-ins with every kind of argument: all samples for one argument, random ones for several.
-module(builtins_diff).
-include("diff.hrl").


run() ->
    Samples = samples(),
    put(seed, 12345),
    [several(F, Samples, case element(3, F) of 1 -> tuple_size(Samples); 2 -> 300; _ -> 400 end) || F <- functions()].

several(_, _, 0) -> ok;
several({M, F, A} = MFA, Samples, N) ->
    Args = case A of
        1 -> [element(N, Samples)];
        _ -> [element(next(tuple_size(Samples)), Samples) || _ <- lists:seq(1, A)]
    end,
    too_big(F, Args) orelse call(M, F, Args),
    several(MFA, Samples, N - 1).

next(N) -> Seed = (get(seed) * 1103515245 + 12345) band 16#7fffffff, put(seed, Seed), 1 + (Seed bsr 8) rem N.

too_big(F, Args) -> lists:member(F, ['bsl', make_tuple, copy, from_keys, posixtime_to_universaltime, encode_hex, decode_hex]) andalso lists:any(fun(X) -> is_list(X) andalso is_list(catch lists:nthtail(33, X)) orelse is_integer(X) andalso abs(X) > 100000 orelse is_bitstring(X) andalso not is_binary(X) end, Args).

samples() -> {0,1,-1,2,3,10,255,256,1 bsl 31,-(1 bsl 31),1 bsl 60,1 bsl 61,-(1 bsl 61),1 bsl 62, 1 bsl 64,-(1 bsl 64)-1,1 bsl 100,
  0.0,1.0,-1.5,2.5,0.1,1.0e100,1.0e-300,3.14159,1.0e22,123456.789,
  a,true,false,undefined,'',[],"abc",[1,2,3],[a,b],[3,1,2],[1|2],[[1],2],[{a,1},{b,2}],[{1,a},{2,b}],["ab",<<"c">>],[1,-1],[300],[255,0],"12","-7","1.5","1.0e10","zz",
  <<>>,<<"abc">>,<<1,2,3>>,<<255>>,<<"12">>,<<"1.5">>,<<1:3>>,<<5:11>>,<<"a,b,c">>,<<195,169>>,<<"abcabc">>,
  {},{a},{a,b},{1,2,3},{0,1},{1,2},{1,-1},{a,1,2.0},#{},#{a=>1},#{1=>2,b=>c},#{{x}=>y},
  utf8,latin1,unicode,little,big,[global],[{scope,{0,2}}],[trim],[trim_all,global],16,36,[short],[{decimals,2}],[{decimals,3},compact],[{scientific,3}],[safe],[used],[compressed],[{minor_version,0}],
  second,millisecond,8,64,100,-5, lists:seq(1,40), lists:duplicate(30,x), {{2020,2,29},{12,30,15}}, {{2021,2,29},{0,0,0}}, <<131,97,1>>,<<131,100,0,1,97>>,<<131,104,1,97>>, list_to_tuple(lists:seq(1,20))}.

functions() -> [{erlang,F,A} || {F,A} <- [{'+',2},{'-',2},{'*',2},{'/',2},{'div',2},{'rem',2},{'+',1},{'-',1},{'band',2},{'bor',2},{'bxor',2},{'bnot',1},{'bsr',2},{'==',2},{'=:=',2},{'<',2},{'=<',2},{'>',2},{'and',2},{'or',2},{'xor',2},{'not',1},{'++',2},{'--',2},{min,2},{max,2},{abs,1},{ceil,1},{floor,1},{round,1},{trunc,1},{float,1},{is_function,2},{is_record,3},{element,2},{hd,1},{tl,1},{length,1},{size,1},{byte_size,1},{bit_size,1},{tuple_size,1},{map_size,1},{map_get,2},{is_map_key,2},{binary_part,2},{binary_part,3},{setelement,3},{append_element,2},{insert_element,3},{delete_element,2},{tuple_to_list,1},{list_to_tuple,1},{make_tuple,2},{make_tuple,3},{atom_to_list,1},{atom_to_binary,1},{atom_to_binary,2},{list_to_existing_atom,1},{binary_to_existing_atom,2},{integer_to_list,1},{integer_to_list,2},{integer_to_binary,1},{integer_to_binary,2},{list_to_integer,1},{list_to_integer,2},{binary_to_integer,1},{binary_to_integer,2},{float_to_list,1},{float_to_list,2},{float_to_binary,2},{list_to_float,1},{binary_to_float,1},{list_to_binary,1},{iolist_to_binary,1},{iolist_size,1},{list_to_bitstring,1},{bitstring_to_list,1},{binary_to_list,1},{binary_to_list,3},{split_binary,2},{crc32,1},{crc32,2},{crc32_combine,3},{adler32,1},{adler32,2},{adler32_combine,3},{md5,1},{term_to_binary,1},{binary_to_term,1},{binary_to_term,2},{external_size,1},{phash2,1},{phash2,2},{fun_to_list,1},{list_to_pid,1},{list_to_ref,1},{posixtime_to_universaltime,1},{universaltime_to_posixtime,1},{universaltime_to_localtime,1},{localtime_to_universaltime,1},{localtime_to_universaltime,2},{convert_time_unit,3},{iolist_to_iovec,1},{is_tuple,1},{is_number,1}, {apply,3},{'bsl',2}]]
 ++ [{binary,F,A} || {F,A} <- [{at,2},{bin_to_list,1},{bin_to_list,2},{bin_to_list,3},{copy,1},{copy,2},{decode_unsigned,1},{decode_unsigned,2},{encode_unsigned,1},{encode_unsigned,2},{first,1},{last,1},{list_to_bin,1},{longest_common_prefix,1},{longest_common_suffix,1},{match,2},{match,3},{matches,2},{matches,3},{part,2},{part,3},{split,2},{split,3},{replace,3},{replace,4},{encode_hex,1},{decode_hex,1}]]
 ++ [{lists,F,A} || {F,A} <- [{reverse,2},{member,2},{keyfind,3},{keymember,3},{keysearch,3}]]
 ++ [{maps,F,A} || {F,A} <- [{find,2},{from_list,1},{from_keys,2},{get,2},{is_key,2},{merge,2},{put,3},{remove,2},{take,2},{update,3}]]
 ++ [{math,F,A} || {F,A} <- [{sqrt,1},{pow,2},{log,1},{log2,1},{log10,1},{exp,1},{sin,1},{atan2,2},{fmod,2},{floor,1},{ceil,1},{acos,1},{atanh,1},{erf,1}]]
 ++ [{unicode,F,A} || {F,A} <- [{characters_to_list,1},{characters_to_list,2},{characters_to_binary,1},{characters_to_binary,2},{characters_to_binary,3}]]
 ++ [{string,to_integer,1},{string,to_float,1}].
