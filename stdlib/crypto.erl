%% Cryptography, on OpenSSL's libcrypto (runtime/bif_crypto*.c). A native answers {crypto_error,
%% Reason, Argument} for what is wrong; that is raised here, with the number of the argument in the
%% stack trace, from which format_error/2 makes a text.
-module(crypto).

-export([start/0, stop/0, info/0, info_lib/0, info_fips/0, enable_fips_mode/1, version/0,
         supports/0, supports/1, format_error/2]).
-export([hash/2, hash_xof/3, hash_init/1, hash_update/2, hash_final/1, hash_final_xof/2,
         hash_info/1, hash_equals/2]).
-export([mac/3, mac/4, macN/4, macN/5, mac_init/2, mac_init/3, mac_update/2, mac_final/1,
         mac_finalN/2, pbkdf2_hmac/5]).
-export([cipher_info/1, crypto_init/3, crypto_init/4, crypto_update/2, crypto_final/1,
         crypto_get_data/1, crypto_one_time/4, crypto_one_time/5, crypto_one_time_aead/6,
         crypto_one_time_aead/7, crypto_dyn_iv_init/3, crypto_dyn_iv_update/3]).
-export([strong_rand_bytes/1, rand_uniform/2, rand_seed/0, rand_seed/1, rand_seed_s/0,
         rand_seed_alg/1, rand_seed_alg/2, rand_seed_alg_s/1, rand_seed_alg_s/2,
         rand_plugin_next/1, rand_plugin_uniform/1, rand_plugin_uniform/2,
         rand_cache_plugin_next/1]).
-export([generate_key/2, generate_key/3, compute_key/4, privkey_to_pubkey/2, ec_curve/1,
         ec_curves/0]).
-export([sign/4, sign/5, verify/5, verify/6, public_encrypt/4, private_decrypt/4,
         private_encrypt/4, public_decrypt/4]).
-export([exor/2, mod_pow/3, bytes_to_integer/1]).
-export([engine_list/0, engine_load/3, engine_load/4, engine_unload/1, engine_by_id/1,
         engine_get_all_methods/0, ensure_engine_loaded/2]).

-type hash_algorithm() :: atom().
-type hash_state() :: reference().
-type mac_state() :: reference().
-type crypto_state() :: reference().
-type cipher() :: atom().
-type crypto_opts() :: boolean() | [{encrypt, boolean()} | {padding, atom()}].
-type key_integer() :: integer() | binary().
-export_type([hash_algorithm/0, hash_state/0, mac_state/0, crypto_state/0, cipher/0,
              crypto_opts/0, key_integer/0]).

%% Raises what a native calls wrong, as if from the function that called it.
-define(native(Call, Args), ?native(Call, Args, fun(N) -> N end)).
-define(native(Call, Args, Number),
        case Call of
            {crypto_error, Reason__, N__} ->
                error(Reason__, Args,
                      [{error_info, #{erl_function_arg_num => (Number)(N__)}}]);
            Value__ -> Value__
        end).

-spec format_error({atom(), {string(), integer()}, string()}, [tuple()]) -> map().
format_error({badarg, {File, Line}, Text}, [{_, _, _, Info} | _]) ->
    Place = io_lib:format("(Found in the internal file ~s at line ~p)", [File, Line]),
    case proplists:get_value(error_info, Info, #{}) of
        #{erl_function_arg_num := N} when is_integer(N) -> #{N => Text, general => Place};
        _ -> #{general => [Text, " ", Place]}
    end.

%%% The library

-define(VERSION, "5.5").

-spec start() -> ok | {error, term()}.
start() -> application:start(crypto).

-spec stop() -> ok | {error, term()}.
stop() -> application:stop(crypto).

-spec version() -> string().
version() -> ?VERSION.

-spec info_lib() -> [{binary(), integer(), binary()}].
info_lib() ->
    {Number, Text} = muster_crypto:info_lib(),
    [{<<"OpenSSL">>, Number, Text}].

-spec info() -> map().
info() ->
    [{_, _, Text}] = info_lib(),
    #{compile_type => normal, link_type => static, otp_crypto_version => ?VERSION,
      cryptolib_version_compiled => binary_to_list(Text),
      cryptolib_version_linked => binary_to_list(Text), fips_provider_available => false}.

-spec info_fips() -> not_supported.
info_fips() -> not_supported.

-spec enable_fips_mode(boolean()) -> boolean().
enable_fips_mode(false) -> true;
enable_fips_mode(true) -> false;
enable_fips_mode(Other) -> error(badarg, [Other]).

-spec supports() -> [{atom(), [atom()]}].
supports() -> [{Kind, supports(Kind)} || Kind <- [hashs, ciphers, public_keys, macs, curves, rsa_opts]].

-spec supports(atom()) -> [atom()].
supports(hashs) ->
    [blake2s, blake2b, shake256, shake128, sha3_512, sha3_384, sha3_256, sha3_224, sha512, sha384,
     sha256, sha224, sha, ripemd160, md5, md4];
supports(ciphers) ->
    [chacha20, aes_256_ofb, aes_192_ofb, aes_128_ofb, blowfish_ecb, blowfish_ofb64, blowfish_cfb64,
     blowfish_cbc, des_ede3_cfb, des_ecb, des_cfb, des_cbc, rc4, rc2_cbc, aes_128_cbc, aes_192_cbc,
     aes_256_cbc, aes_128_cfb128, aes_192_cfb128, aes_256_cfb128, aes_128_cfb8, aes_192_cfb8,
     aes_256_cfb8, aes_128_ecb, aes_192_ecb, aes_256_ecb, chacha20_poly1305, aes_256_gcm,
     aes_256_ccm, aes_192_gcm, aes_192_ccm, aes_128_gcm, aes_128_ccm, aes_256_ctr, aes_192_ctr,
     aes_128_ctr, des_ede3_cbc, aes_cbc, aes_ccm, aes_cfb128, aes_cfb8, aes_ctr, aes_ecb, aes_gcm];
supports(public_keys) -> [rsa, dss, dh, ec_gf2m, ecdsa, ecdh, eddsa, eddh, srp];
supports(macs) -> [cmac, hmac, poly1305];
supports(curves) ->
    [secp160k1, secp160r1, secp160r2, secp192k1, secp224k1, secp224r1, secp256k1, secp384r1,
     secp521r1, secp192r1, prime192v1, prime192v2, prime192v3, prime239v1, prime239v2, prime239v3,
     secp256r1, prime256v1, wtls7, wtls9, wtls12, brainpoolP160r1, brainpoolP160t1, brainpoolP192r1,
     brainpoolP192t1, brainpoolP224r1, brainpoolP224t1, brainpoolP256r1, brainpoolP256t1,
     brainpoolP320r1, brainpoolP320t1, brainpoolP384r1, brainpoolP384t1, brainpoolP512r1,
     brainpoolP512t1, sect163k1, sect163r1, sect163r2, sect193r1, sect193r2, sect233k1, sect233r1,
     sect239k1, sect283k1, sect283r1, sect409k1, sect409r1, sect571k1, sect571r1, c2pnb163v1,
     c2pnb163v2, c2pnb163v3, c2pnb176v1, c2tnb191v1, c2tnb191v2, c2tnb191v3, c2pnb208w1,
     c2tnb239v1, c2tnb239v2, c2tnb239v3, c2pnb272w1, c2pnb304w1, c2tnb359v1, c2pnb368w1,
     c2tnb431r1, wtls3, wtls5, wtls10, wtls11, secp112r1, secp112r2, secp128r1, secp128r2, wtls6,
     wtls8, sect113r1, sect113r2, sect131r1, sect131r2, wtls1, wtls4, ipsec3, ipsec4, ed25519,
     ed448, x25519, x448];
supports(rsa_opts) ->
    [rsa_pkcs1_pss_padding, rsa_pss_saltlen, rsa_mgf1_md, rsa_pkcs1_oaep_padding, rsa_oaep_label,
     rsa_oaep_md, signature_md, rsa_pkcs1_padding, rsa_x931_padding, rsa_no_padding].

%%% Digests

-spec hash(hash_algorithm(), iodata()) -> binary().
hash(Type, Data) -> ?native(muster_crypto:hash(Type, iolist_to_binary(Data)), [Type, Data]).

-spec hash_xof(hash_algorithm(), iodata(), non_neg_integer()) -> binary().
hash_xof(Type, Data, Length) ->
    ?native(muster_crypto:hash_xof(Type, iolist_to_binary(Data), Length), [Type, Data, Length]).

-spec hash_init(hash_algorithm()) -> hash_state().
hash_init(Type) -> ?native(muster_crypto:hash_init(Type), [Type]).

-spec hash_update(hash_state(), iodata()) -> hash_state().
hash_update(State, Data) ->
    ?native(muster_crypto:hash_update(State, iolist_to_binary(Data)), [State, Data]).

-spec hash_final(hash_state()) -> binary().
hash_final(State) -> ?native(muster_crypto:hash_final(State), [State]).

-spec hash_final_xof(hash_state(), non_neg_integer()) -> binary().
hash_final_xof(State, Length) ->
    ?native(muster_crypto:hash_final_xof(State, Length), [State, Length]).

-spec hash_info(hash_algorithm()) -> map().
hash_info(Type) ->
    case lists:member(Type, supports(hashs)) andalso muster_crypto:hash_info(Type) of
        {Size, BlockSize, Id} -> #{size => Size, block_size => BlockSize, type => Id};
        _ -> error(badarg, [Type])
    end.

-spec hash_equals(binary(), binary()) -> boolean().
hash_equals(A, B) -> muster_crypto:hash_equals(A, B).

%%% Message authentication codes

-spec mac(poly1305, iodata(), iodata()) -> binary().
mac(poly1305, Key, Data) -> mac(poly1305, undefined, Key, Data).

-spec mac(hmac | cmac | poly1305, atom(), iodata(), iodata()) -> binary().
mac(Type, SubType, Key, Data) ->
    ?native(muster_crypto:mac(Type, SubType, iolist_to_binary(Key), Data),
            [Type, SubType, Key, Data]).

-spec macN(poly1305, iodata(), iodata(), pos_integer()) -> binary().
macN(Type, Key, Data, Length) -> macN(Type, undefined, Key, Data, Length).

-spec macN(hmac | cmac | poly1305, atom(), iodata(), iodata(), pos_integer()) -> binary().
macN(Type, SubType, Key, Data, Length) ->
    erlang:binary_part(mac(Type, SubType, Key, Data), 0, Length).

-spec mac_init(poly1305, iodata()) -> mac_state().
mac_init(poly1305, Key) -> mac_init(poly1305, undefined, Key).

-spec mac_init(hmac | cmac | poly1305, atom(), iodata()) -> mac_state().
mac_init(Type, SubType, Key) ->
    ?native(muster_crypto:mac_init(Type, SubType, iolist_to_binary(Key)), [Type, SubType, Key]).

-spec mac_update(mac_state(), iodata()) -> mac_state().
mac_update(State, Data) -> ?native(muster_crypto:mac_update(State, Data), [State, Data]).

-spec mac_final(mac_state()) -> binary().
mac_final(State) -> ?native(muster_crypto:mac_final(State), [State]).

-spec mac_finalN(mac_state(), pos_integer()) -> binary().
mac_finalN(State, Length) -> erlang:binary_part(mac_final(State), 0, Length).

-spec pbkdf2_hmac(hash_algorithm(), binary(), binary(), pos_integer(), pos_integer()) -> binary().
pbkdf2_hmac(Type, Password, Salt, Iterations, Length) ->
    ?native(muster_crypto:pbkdf2_hmac(Type, Password, Salt, Iterations, Length),
            [Type, Password, Salt, Iterations, Length]).

%%% Ciphers

-spec cipher_info(cipher()) -> map().
cipher_info(Type) ->
    case muster_crypto:cipher_info(Type) of
        {Id, Key, Iv, Block, Mode, IsAead} ->
            #{type => Id, key_length => Key, iv_length => Iv, block_size => Block, mode => Mode,
              prop_aead => IsAead};
        undefined -> error(badarg, [Type])
    end.

-spec crypto_init(cipher(), iodata(), crypto_opts()) -> crypto_state().
crypto_init(Cipher, Key, Options) ->
    ?native(muster_crypto:crypto_init(Cipher, Key, <<>>, Options), [Cipher, Key, <<>>, Options],
            fun(3) -> undefined; (4) -> 3; (N) -> N end).

-spec crypto_init(cipher(), iodata(), iodata(), crypto_opts()) -> crypto_state().
crypto_init(Cipher, Key, Iv, Options) ->
    ?native(muster_crypto:crypto_init(Cipher, Key, Iv, Options), [Cipher, Key, Iv, Options]).

-spec crypto_update(crypto_state(), iodata()) -> binary().
crypto_update(State, Data) -> ?native(muster_crypto:crypto_update(State, Data), [State, Data]).

-spec crypto_final(crypto_state()) -> binary().
crypto_final(State) -> ?native(muster_crypto:crypto_final(State), [State]).

-spec crypto_get_data(crypto_state()) -> map().
crypto_get_data(State) ->
    {Encrypt, PaddingSize, PaddingType, Size} =
        ?native(muster_crypto:crypto_get_data(State), [State]),
    #{encrypt => Encrypt, padding_size => PaddingSize, padding_type => PaddingType, size => Size}.

-spec crypto_one_time(cipher(), iodata(), iodata(), crypto_opts()) -> binary().
crypto_one_time(Cipher, Key, Data, Options) ->
    ?native(muster_crypto:crypto_one_time(Cipher, Key, <<>>, Data, Options),
            [Cipher, Key, Data, Options],
            fun(3) -> undefined; (N) when is_integer(N), N > 3 -> N - 1; (N) -> N end).

-spec crypto_one_time(cipher(), iodata(), iodata(), iodata(), crypto_opts()) -> binary().
crypto_one_time(Cipher, Key, Iv, Data, Options) ->
    ?native(muster_crypto:crypto_one_time(Cipher, Key, Iv, Data, Options),
            [Cipher, Key, Iv, Data, Options]).

-spec crypto_one_time_aead(cipher(), iodata(), iodata(), iodata(), iodata(), boolean()) ->
          {binary(), binary()}.
crypto_one_time_aead(Cipher, Key, Iv, Text, Aad, Encrypt) ->
    crypto_one_time_aead(Cipher, Key, Iv, Text, Aad, aead_tag_len(Cipher), Encrypt).

-spec crypto_one_time_aead(cipher(), iodata(), iodata(), iodata(), iodata(),
                           pos_integer() | binary(), boolean()) ->
          {binary(), binary()} | binary() | error.
crypto_one_time_aead(Cipher, Key, Iv, Text, Aad, TagOrLength, Encrypt) ->
    ?native(muster_crypto:crypto_one_time_aead(Cipher, Key, Iv, Text, Aad, TagOrLength, Encrypt),
            [Cipher, Key, Iv, Text, Aad, TagOrLength, Encrypt]).

aead_tag_len(chacha20_poly1305) -> 16;
aead_tag_len(Cipher) when Cipher =:= aes_ccm; Cipher =:= aes_128_ccm; Cipher =:= aes_192_ccm;
                          Cipher =:= aes_256_ccm -> 12;
aead_tag_len(Cipher) when Cipher =:= aes_gcm; Cipher =:= aes_128_gcm; Cipher =:= aes_192_gcm;
                          Cipher =:= aes_256_gcm -> 16;
aead_tag_len(_) -> error({badarg, "Not an AEAD cipher"}).

-define(NO_DYNAMIC_IV, "Dynamic IV is not supported for libcrypto versions >= 3.0").

-spec crypto_dyn_iv_init(cipher(), iodata(), crypto_opts()) -> no_return().
crypto_dyn_iv_init(Cipher, Key, Options) -> 
    error({notsup, {"crypto.erl", ?LINE}, ?NO_DYNAMIC_IV}, [Cipher, Key, Options],
          [{error_info, #{erl_function_arg_num => undefined}}]).

-spec crypto_dyn_iv_update(crypto_state(), iodata(), iodata()) -> no_return().
crypto_dyn_iv_update(State, Data, Iv) -> 
    error({notsup, {"crypto.erl", ?LINE}, ?NO_DYNAMIC_IV}, [State, Data, Iv],
          [{error_info, #{erl_function_arg_num => undefined}}]).

%%% Random

-spec strong_rand_bytes(non_neg_integer()) -> binary().
strong_rand_bytes(Count) -> muster_crypto:strong_rand_bytes(Count).

-spec rand_uniform(key_integer(), key_integer()) -> integer() | binary().
rand_uniform(<<FromSize:32, From:FromSize/binary>>, <<ToSize:32, To:ToSize/binary>>) ->
    Number = integer_bytes(rand_uniform(bytes_to_integer(From), bytes_to_integer(To))),
    <<(byte_size(Number)):32, Number/binary>>;
rand_uniform(From, To) when is_binary(From), is_binary(To) -> error(badarg, [From, To]);
rand_uniform(From, To) when is_integer(From), is_integer(To), From < To ->
    From + uniform_below(To - From);
rand_uniform(From, To) when is_integer(From), is_integer(To) -> error(badarg, [From, To]).

uniform_below(Range) -> bytes_to_integer(muster_crypto:rand_uniform(Range)).

-spec rand_seed(iodata()) -> ok.
rand_seed(Seed) ->
    ok = muster_crypto:rand_seed(iolist_to_binary(Seed)).

-spec rand_seed() -> rand:state().
rand_seed() -> rand:seed(rand_seed_s()).

-spec rand_seed_s() -> rand:state().
rand_seed_s() -> rand_seed_alg_s(crypto).

-spec rand_seed_alg(atom()) -> rand:state().
rand_seed_alg(Algorithm) -> rand:seed(rand_seed_alg_s(Algorithm)).

-spec rand_seed_alg(atom(), term()) -> rand:state().
rand_seed_alg(Algorithm, Seed) -> rand:seed(rand_seed_alg_s(Algorithm, Seed)).

-define(CACHE_BITS, 56).
-define(CACHE_NUMBERS, 128).

-spec rand_seed_alg_s(atom()) -> rand:state().
rand_seed_alg_s(crypto) ->
    {#{type => crypto, bits => 64, next => fun ?MODULE:rand_plugin_next/1,
       uniform => fun ?MODULE:rand_plugin_uniform/1,
       uniform_n => fun ?MODULE:rand_plugin_uniform/2}, no_seed};
rand_seed_alg_s(crypto_cache) ->
    {#{type => crypto_cache, bits => ?CACHE_BITS, next => fun ?MODULE:rand_cache_plugin_next/1},
     {?CACHE_BITS, <<>>}}.

-spec rand_seed_alg_s(atom(), term()) -> rand:state().
rand_seed_alg_s(Algorithm, _Seed) when Algorithm =:= crypto; Algorithm =:= crypto_cache ->
    rand_seed_alg_s(Algorithm).

-spec rand_plugin_next(term()) -> {non_neg_integer(), term()}.
rand_plugin_next(State) -> {bytes_to_integer(strong_rand_bytes(8)), State}.

-spec rand_plugin_uniform(term()) -> {float(), term()}.
rand_plugin_uniform(State) ->
    <<Bits:53, _:3>> = strong_rand_bytes(7),
    {Bits * math:pow(2, -53), State}.

-spec rand_plugin_uniform(pos_integer(), term()) -> {pos_integer(), term()}.
rand_plugin_uniform(Max, State) -> {uniform_below(Max) + 1, State}.

-spec rand_cache_plugin_next({pos_integer(), binary()}) ->
          {non_neg_integer(), {pos_integer(), binary()}}.
rand_cache_plugin_next({Bits, <<>>}) ->
    rand_cache_plugin_next({Bits, strong_rand_bytes(Bits div 8 * ?CACHE_NUMBERS)});
rand_cache_plugin_next({Bits, Cache}) ->
    <<Number:Bits, Rest/binary>> = Cache,
    {Number, {Bits, Rest}}.

%%% Keys

-spec generate_key(atom(), term()) -> {term(), term()}.
generate_key(Type, Parameters) -> generate_key(Type, Parameters, undefined).

-spec generate_key(atom(), term(), term()) -> {term(), term()}.
generate_key(dh, Parameters, Private) ->
    {Group, Bits} =
        case Parameters of
            [_, _] -> {Parameters, 0};
            [P, G, Length] -> {[P, G], Length}
        end,
    ?native(muster_crypto:dh_generate_key(Private, Group, Bits), [dh, Parameters, Private]);
generate_key(rsa, {Bits, Exponent} = Parameters, undefined) ->
    ?native(muster_crypto:rsa_generate_key(Bits, Exponent), [rsa, Parameters, undefined]);
generate_key(srp, {host, [Verifier, Generator, Prime, Version]}, Private)
  when is_binary(Verifier), is_binary(Generator), is_binary(Prime), is_atom(Version) ->
    srp_host_key(Verifier, Generator, Prime, Version, srp_private(Private));
generate_key(srp, {user, [Generator, Prime, Version]}, Private)
  when is_binary(Generator), is_binary(Prime), is_atom(Version) ->
    Secret = srp_private(Private),
    {mod_pow(Generator, Secret, Prime), Secret};
generate_key(eddh, Curve, Private) when Curve =:= x448; Curve =:= x25519 ->
    generate_key(ecdh, Curve, Private);
generate_key(ecdh, Curve, Private) when Curve =:= x448; Curve =:= x25519 ->
    evp_key(ecdh, Curve, Private);
generate_key(eddsa, Curve, Private) when Curve =:= ed448; Curve =:= ed25519 ->
    evp_key(eddsa, Curve, Private);
generate_key(ecdh, Curve, Private) ->
    ?native(muster_crypto:ec_generate_key(Curve, Private), [Curve, Private]).

evp_key(Type, Curve, Private0) ->
    Private =
        case is_integer(Private0) of
            true -> integer_bytes(Private0);
            false -> Private0
        end,
    case muster_crypto:evp_generate_key(Curve, Private) of
        {crypto_error, Reason, N} ->
            erlang:raise(error, Reason,
                         [{?MODULE, generate_key, [Type, Curve, Private0],
                           [{error_info, #{erl_function_arg_num => N}}]}]);
        Keys -> Keys
    end.

-spec compute_key(atom(), term(), term(), term()) -> binary().
compute_key(dh, Others, Mine, Parameters) ->
    ?native(muster_crypto:dh_compute_key(Others, Mine, Parameters), [dh, Others, Mine, Parameters]);
compute_key(srp, HostPublic, {UserPublic, UserPrivate},
            {user, [Derived, Prime, Generator, Version | Scrambler0]} = Parameters)
  when is_binary(Prime), is_binary(Generator), is_atom(Version), is_list(Scrambler0) ->
    Args = [srp, HostPublic, {UserPublic, UserPrivate}, Parameters],
    Public = number_bytes(HostPublic),
    srp_user_secret(Public, number_bytes(UserPublic), bytes_to_integer(number_bytes(UserPrivate)),
                    bytes_to_integer(number_bytes(Derived)), Prime, Generator, Version, Scrambler0,
                    Args);
compute_key(srp, UserPublic, {HostPublic, HostPrivate},
            {host, [Verifier, Prime, Version | Scrambler0]} = Parameters)
  when is_binary(Verifier), is_binary(Prime), is_atom(Version), is_list(Scrambler0) ->
    Args = [srp, UserPublic, {HostPublic, HostPrivate}, Parameters],
    srp_host_secret(number_bytes(UserPublic), number_bytes(HostPublic), number_bytes(HostPrivate),
                    Verifier, Prime, Version, Scrambler0, Args);
compute_key(eddh, Others, Mine, Curve) when Curve =:= x448; Curve =:= x25519 ->
    compute_key(ecdh, Others, Mine, Curve);
compute_key(ecdh, Others, Mine, Curve) when Curve =:= x448; Curve =:= x25519 ->
    ?native(muster_crypto:evp_compute_key(Curve, key_bytes(Others), key_bytes(Mine)),
            [ecdh, Others, Mine, Curve]);
compute_key(ecdh, Others, Mine, Curve) ->
    ?native(muster_crypto:ecdh_compute_key(key_bytes(Others), Curve, Mine),
            [ecdh, Others, Mine, Curve]).

key_bytes(Number) when is_integer(Number) -> integer_bytes(Number);
key_bytes(Other) -> Other.

-spec privkey_to_pubkey(atom(), list()) -> list() | {error, not_found}.
privkey_to_pubkey(rsa, [Exponent, Modulus, _ | _]) -> [number(Exponent), number(Modulus)];
privkey_to_pubkey(Algorithm, _) when Algorithm =:= rsa; Algorithm =:= dss ->
    {error, not_found}.

-spec ec_curves() -> [atom()].
ec_curves() -> supports(curves).

-spec ec_curve(atom()) -> tuple().
ec_curve(Name) ->
    case muster_crypto:ec_curve(Name) of
        undefined -> error(function_clause, [Name]);
        Curve -> Curve
    end.

%%% Secure remote passwords: RFC 5054, and its predecessors by the names of their versions.

srp_private(undefined) -> strong_rand_bytes(32);
srp_private(Private) -> number_bytes(Private).

srp_length(Prime, Bytes) ->
    Missing = byte_size(Prime) - byte_size(Bytes),
    case Missing > 0 of
        true -> <<0:Missing/unit:8, Bytes/binary>>;
        false -> Bytes
    end.

%% k of the versions.
srp_multiplier('6a', Generator, Prime) ->
    bytes_to_integer(hash(sha, [Prime, srp_length(Prime, Generator)]));
srp_multiplier('6', _, _) -> 3;
srp_multiplier('3', _, _) -> 1.

%% u of the versions.
srp_scrambler(_, _, _, _, [Scrambler]) -> bytes_to_integer(number_bytes(Scrambler));
srp_scrambler('3', _, Host, _, []) ->
    <<Scrambler:32, _/binary>> = hash(sha, Host),
    Scrambler;
srp_scrambler(_, User, Host, Prime, []) ->
    bytes_to_integer(hash(sha, [srp_length(Prime, User), srp_length(Prime, Host)])).

srp_host_key(Verifier, Generator, Prime, Version, Private) ->
    Multiplier = srp_multiplier(Version, Generator, Prime),
    P = bytes_to_integer(Prime),
    Power = bytes_to_integer(mod_pow(Generator, Private, Prime)),
    {integer_bytes((Multiplier * bytes_to_integer(Verifier) + Power) rem P), Private}.

srp_user_secret(Host, User, Private, Derived, Prime, Generator, Version, Scrambler0, _Args) ->
    P = bytes_to_integer(Prime),
    Scrambler = srp_scrambler(Version, User, Host, Prime, Scrambler0),
    Multiplier = srp_multiplier(Version, Generator, Prime),
    Power = bytes_to_integer(mod_pow(Generator, Derived, Prime)),
    Base = modulo(bytes_to_integer(Host) - Multiplier * Power, P),
    mod_pow(Base, Private + Scrambler * Derived, P).

srp_host_secret(User, Host, Private, Verifier, Prime, Version, Scrambler0, _Args) ->
    P = bytes_to_integer(Prime),
    Scrambler = srp_scrambler(Version, User, Host, Prime, Scrambler0),
    Power = bytes_to_integer(mod_pow(Verifier, Scrambler, Prime)),
    mod_pow(bytes_to_integer(User) * Power rem P, Private, Prime).

modulo(A, P) ->
    case A rem P of
        R when R < 0 -> R + P;
        R -> R
    end.

%%% Signatures

-spec sign(atom(), atom(), iodata() | {digest, binary()}, term()) -> binary().
sign(Algorithm, Type, Data, Key) -> sign(Algorithm, Type, Data, Key, []).

-spec sign(atom(), atom(), iodata() | {digest, binary()}, term(), list()) -> binary().
sign(Algorithm, Type, Data, Key, Options) ->
    no_engine(Key),
    ok = check_curve(Algorithm, Key),
    ?native(muster_crypto:sign(Algorithm, Type, Data, Key, Options),
            [Algorithm, Type, Data, Key, Options]).

-spec verify(atom(), atom(), iodata() | {digest, binary()}, binary(), term()) -> boolean().
verify(Algorithm, Type, Data, Signature, Key) -> verify(Algorithm, Type, Data, Signature, Key, []).

-spec verify(atom(), atom(), iodata() | {digest, binary()}, binary(), term(), list()) -> boolean().
verify(Algorithm, Type, Data, Signature, Key, Options) ->
    no_engine(Key),
    ok = check_curve(Algorithm, Key),
    ?native(muster_crypto:verify(Algorithm, Type, Data, Signature, Key, Options),
            [Algorithm, Type, Data, Signature, Key, Options]).

%% A map would say which key of which engine it is.
no_engine(#{engine := _} = Key) -> error({bad_key_id, Key});
no_engine(#{} = Key) -> error({bad_engine_map, Key});
no_engine(_) -> ok.

%% A curve is a name or its parameters.
check_curve(ecdsa, [_, Curve]) when not is_atom(Curve), not is_tuple(Curve) ->
    error(function_clause, [Curve]);
check_curve(_, _) -> ok.

-spec public_encrypt(rsa, binary(), list(), atom() | list()) -> binary().
public_encrypt(Algorithm, In, Key, Options) -> pkey_crypt(Algorithm, In, Key, Options, false, true).

-spec private_decrypt(rsa, binary(), list(), atom() | list()) -> binary().
private_decrypt(Algorithm, In, Key, Options) -> pkey_crypt(Algorithm, In, Key, Options, true, false).

-spec private_encrypt(rsa, binary(), list(), atom() | list()) -> binary().
private_encrypt(Algorithm, In, Key, Options) -> pkey_crypt(Algorithm, In, Key, Options, true, true).

-spec public_decrypt(rsa, binary(), list(), atom() | list()) -> binary().
public_decrypt(Algorithm, In, Key, Options) -> pkey_crypt(Algorithm, In, Key, Options, false, false).

pkey_crypt(Algorithm, In, Key, Padding, Private, Encrypt) when is_atom(Padding) ->
    pkey_crypt(Algorithm, In, Key, [{rsa_padding, Padding}], Private, Encrypt);
pkey_crypt(Algorithm, In, Key, Options, Private, Encrypt) ->
    no_engine(Key),
    ?native(muster_crypto:pkey_crypt(Algorithm, In, Key, Options, Private, Encrypt),
            [Algorithm, In, Key, Options, Private, Encrypt]).

%%% Numbers and bytes

-spec exor(iodata(), iodata()) -> binary().
exor(A, B) -> muster_crypto:exor(iolist_to_binary(A), iolist_to_binary(B)).

-spec mod_pow(key_integer(), key_integer(), key_integer()) -> binary() | error.
mod_pow(Base, Exponent, Modulus) ->
    lists:all(fun(Number) -> is_integer(Number) orelse is_binary(Number) end, [Base, Exponent, Modulus])
        orelse error(badarg, [Base, Exponent, Modulus]),
    case muster_crypto:mod_pow(number_bytes(Base), number_bytes(Exponent), number_bytes(Modulus)) of
        <<0>> -> error;
        Power -> Power
    end.

-spec bytes_to_integer(binary()) -> non_neg_integer().
bytes_to_integer(Bytes) when is_binary(Bytes) -> binary:decode_unsigned(Bytes).

number(Number) when is_integer(Number) -> Number;
number(Bytes) -> bytes_to_integer(Bytes).

number_bytes(Number) when is_integer(Number) -> integer_bytes(Number);
number_bytes(Bytes) -> iolist_to_binary(Bytes).

%% Negative numbers as two's complement, of as many bytes as that takes.
integer_bytes(0) -> <<0>>;
integer_bytes(Number) when Number > 0 -> binary:encode_unsigned(Number);
integer_bytes(Number) -> negative_bytes(Number, 1).

negative_bytes(Number, Size) when -Number =< 1 bsl (8 * Size - 1) -> <<Number:Size/unit:8>>;
negative_bytes(Number, Size) -> negative_bytes(Number, Size + 1).

%%% Engines: there are none

-spec engine_list() -> no_return().
engine_list() -> error(notsup).

-spec engine_get_all_methods() -> no_return().
engine_get_all_methods() -> error(notsup).

-spec engine_load(binary(), list(), list()) -> no_return().
engine_load(_, _, _) -> error(notsup).

-spec engine_load(binary(), list(), list(), list()) -> no_return().
engine_load(_, _, _, _) -> error(notsup).

-spec engine_unload(term()) -> no_return().
engine_unload(_) -> error(notsup).

-spec engine_by_id(binary()) -> no_return().
engine_by_id(_) -> error(notsup).

-spec ensure_engine_loaded(binary(), binary()) -> no_return().
ensure_engine_loaded(_, _) -> error(notsup).
