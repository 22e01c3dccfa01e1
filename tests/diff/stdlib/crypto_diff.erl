%% crypto: every digest, code and cipher over data of many lengths, keys and signatures back and forth, and wrong
%% arguments everywhere. Positions in the library's own source are not compared.
-module(crypto_diff).
-include("diff.hrl").

run() ->
    digests(),
    codes(),
    ciphers(),
    authenticated(),
    curves(),
    keys(),
    signatures(),
    encryption(),
    numbers(),
    wrong().

c(F, Args) ->
    line([atom_to_list(F), text(short(Args)), " -> ", text(c_outcome(F, Args))]).

v(Label, Fun) ->
    line([text(Label), " -> ", text(masked(attempt(Fun)))]).

short(Args) -> [case is_binary(A) andalso byte_size(A) > 80 of true -> erlang:phash2(A); false -> A end || A <- Args].

c_outcome(F, Args) ->
    case masked(outcome(crypto, F, Args)) of
        {ok, B} when is_binary(B), byte_size(B) > 200 -> {ok, {byte_size(B), erlang:phash2(B)}};
        Other -> Other
    end.

masked({error, {Tag, {_, _}, What}}) -> {error, {Tag, list_to_atom(What)}};
masked(Other) -> Other.

texts() -> [<<>>, <<"a">>, <<"abc">>, ["ab", <<"c">>, $d], binary:copy(<<"0123456789">>, 100),
            binary:copy(<<7>>, 300000)].

hashes() -> [md4, md5, sha, sha224, sha256, sha384, sha512, sha3_224, sha3_256, sha3_384, sha3_512, blake2b, blake2s,
             ripemd160].

digests() ->
    [c(hash, [H, T]) || H <- hashes() ++ [none, "sha"], T <- texts() ++ [a]],
    [c(hash_info, [H]) || H <- hashes() ++ [none, 1]],
    [v({updates, H}, fun() ->
         S0 = crypto:hash_init(H),
         S1 = crypto:hash_update(S0, "first"),
         S2 = crypto:hash_update(S1, [<<"second">>]),
         S3 = crypto:hash_update(S1, <<"third">>),
         [crypto:hash_final(S) || S <- [S0, S1, S2, S3, S2]]
     end) || H <- hashes()],
    [c(pbkdf2_hmac, [H, <<"password">>, <<"salt">>, I, L]) || H <- hashes(), I <- [1, 2, 1000], L <- [1, 20, 100]],
    [c(hash_equals, [A, B]) || A <- [<<"ab">>, <<"abc">>, a], B <- [<<"ab">>, <<"xy">>, <<>>]].

codes() ->
    Keys = [<<>>, <<"key">>, <<1:128>>, <<2:192>>, <<3:256>>, binary:copy(<<"k">>, 200)],
    [c(mac, [hmac, H, K, T]) || H <- hashes() ++ [none], K <- Keys, T <- texts() ++ [a]],
    [c(mac, [cmac, C, K, T]) || C <- [aes_128_cbc, aes_192_cbc, aes_256_cbc, aes_cbc, des_ede3_cbc, none], K <- Keys,
                                T <- texts()],
    [c(mac, [poly1305, K, T]) || K <- Keys, T <- texts()],
    [c(macN, [hmac, sha, <<"key">>, <<"text">>, N]) || N <- [0, 1, 20, 21, -1, a]],
    [v({updates, Args}, fun() ->
         S0 = apply(crypto, mac_init, Args),
         S1 = crypto:mac_update(S0, "first"),
         S2 = crypto:mac_update(S1, [<<"second">>]),
         crypto:mac_final(S2)
     end) || Args <- [[hmac, sha, <<"k">>], [hmac, sha3_256, <<>>], [cmac, aes_128_cbc, <<1:128>>], [poly1305, <<9:256>>]]].

ciphers() ->
    Names = lists:sort(proplists:get_value(ciphers, crypto:supports())) ++ [none, 1],
    [c(cipher_info, [C]) || C <- Names],
    [c(crypto_one_time, [C, K, Iv, T, O]) || C <- Names, {K, Iv} <- keys_for(C), T <- [<<>>, <<"abc">>, <<5:128>>, <<6:400>>],
                                            O <- options()],
    [c(crypto_one_time, [C, K, T, O]) || C <- [aes_128_ecb, rc4, des_ecb, aes_128_cbc], K <- [<<1:128>>, <<1:64>>],
                                         T <- [<<"abc">>, <<5:128>>], O <- [true, false, [{padding, zero}]]],
    [v({updates, C, K, O}, fun() ->
         S = crypto:crypto_init(C, K, Iv, O),
         {[crypto:crypto_update(S, T) || T <- [<<"abc">>, <<>>, <<5:200>>, <<6:128>>]], c_outcome(crypto_final, [S]),
          crypto:crypto_get_data(S)}
     end) || C <- [aes_128_cbc, aes_256_ctr, aes_128_ecb, des_cbc, chacha20], {K, Iv} <- keys_for(C), O <- options()].

options() ->
    [true, false] ++ [[{encrypt, E}, {padding, P}] || E <- [true, false], P <- [undefined, none, pkcs_padding, zero]].

keys_for(C) ->
    case catch crypto:cipher_info(C) of
        #{key_length := K, iv_length := I} ->
            [{<<1:(8 * K)>>, <<2:(8 * I)>>}, {binary:copy(<<"k">>, K), binary:copy(<<"i">>, I)}, {<<1:24>>, <<2:(8 * I)>>},
             {<<1:(8 * K)>>, <<2:24>>}] -- [{<<1:24>>, <<2:(8 * I)>>} || lists:member(C, [rc4, rc2_cbc])];
        _ -> [{<<1:128>>, <<2:128>>}]
    end.

authenticated() ->
    [begin
         c(crypto_one_time_aead, [C, K, Iv, T, A, N, true]),
         v({back, C, T, A, N}, fun() ->
             {Text, Tag} = crypto:crypto_one_time_aead(C, K, Iv, T, A, N, true),
             <<First, Rest/binary>> = Tag,
             {crypto:crypto_one_time_aead(C, K, Iv, Text, A, Tag, false),
              crypto:crypto_one_time_aead(C, K, Iv, Text, A, <<(First bxor 1), Rest/binary>>, false),
              crypto:crypto_one_time_aead(C, K, Iv, [Text, 1], A, Tag, false)}
         end)
     end || {C, K} <- [{aes_128_gcm, <<1:128>>}, {aes_256_gcm, <<2:256>>}, {aes_gcm, <<3:192>>}, {aes_128_ccm, <<4:128>>},
                       {chacha20_poly1305, <<5:256>>}],
            Iv <- [<<7:96>>], T <- [<<>>, <<"text">>, <<1:800>>], A <- [<<>>, <<"more">>], N <- [4, 12, 16]],
    [c(crypto_one_time_aead, [C, <<1:128>>, Iv, <<"t">>, <<"a">>, true])
     || C <- [aes_128_gcm, aes_128_ccm, aes_gcm, aes_128_cbc, none], Iv <- [<<1:96>>, <<1:128>>, <<1:56>>, <<1:8>>]].

curves() ->
    [v({curve, C}, fun() -> erlang:phash2(crypto:ec_curve(C)) end)
     || C <- lists:sort(crypto:ec_curves()), not lists:member(C, [ed25519, ed448, x25519, x448])],
    [begin
         v({public, C}, fun() -> {Pub, Priv} = crypto:generate_key(ecdh, C, <<3>>), {erlang:phash2(Pub), Priv} end),
         v({agree, C}, fun() ->
             {PubA, PrivA} = crypto:generate_key(ecdh, C),
             {PubB, PrivB} = crypto:generate_key(ecdh, C),
             {byte_size(PubA), byte_size(PrivA),
              crypto:compute_key(ecdh, PubA, PrivB, C) =:= crypto:compute_key(ecdh, PubB, PrivA, C)}
         end)
     end || C <- [secp256r1, secp384r1, secp521r1, secp256k1, brainpoolP256r1, sect163k1, x25519, x448]],
    [c(compute_key, [ecdh, element(1, crypto:generate_key(ecdh, C, K1)), K2, C])
     || C <- [secp256r1, secp521r1, brainpoolP512t1, sect233r1], K1 <- [<<1>>, <<77:128>>], K2 <- [<<5>>, <<99:100, 1:4>>, 7]],
    [c(generate_key, [T, C, K]) || {T, C, Size} <- [{eddh, x25519, 256}, {eddh, x448, 448}, {eddsa, ed25519, 256}, {eddsa, ed448, 456}],
                                   K <- [<<1:Size>>, <<255:Size>>, <<1>>]],
    v(own_curve, fun() ->
        Curve = crypto:ec_curve(secp256r1),
        crypto:generate_key(ecdh, Curve, <<9>>) =:= crypto:generate_key(ecdh, secp256r1, <<9>>)
    end).

%% The 1024-bit group of RFC 2409 and the groups of RFC 5054 share this prime's form.
prime() -> 16#FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF.

keys() ->
    P = prime(),
    Bin = <<P:1024>>,
    v(dh, fun() ->
        {PubA, PrivA} = crypto:generate_key(dh, [P, 2]),
        {PubB, PrivB} = crypto:generate_key(dh, [P, 2, 200]),
        {crypto:compute_key(dh, PubA, PrivB, [P, 2]) =:= crypto:compute_key(dh, PubB, PrivA, [P, 2]), byte_size(PrivB)}
    end),
    [c(compute_key, [dh, A, B, [P, 2]]) || A <- [3, 77, <<200>>], B <- [5, <<1, 2, 3>>]],
    [c(generate_key, [srp, {user, [<<2>>, Bin, V]}, X]) || V <- ['3', '6', '6a'], X <- [<<5>>, <<123456:64>>]],
    [c(generate_key, [srp, {host, [<<7>>, <<2>>, Bin, V]}, X]) || V <- ['3', '6', '6a'], X <- [<<5>>, <<123456:64>>]],
    [c(compute_key, [srp, <<99>>, {<<5>>, <<6>>}, {user, [<<8>>, Bin, <<2>>, V | S]}]) || V <- ['3', '6', '6a'], S <- [[], [<<9>>]]],
    [c(compute_key, [srp, <<99>>, {<<5>>, <<6>>}, {host, [<<8>>, Bin, V | S]}]) || V <- ['3', '6', '6a'], S <- [[], [<<9>>]]],
    v(rsa, fun() ->
        {Pub, Priv} = crypto:generate_key(rsa, {1024, 65537}),
        {length(Pub), length(Priv), [is_binary(X) || X <- Priv],
         crypto:privkey_to_pubkey(rsa, Priv) =:= [crypto:bytes_to_integer(X) || X <- Pub]}
    end),
    [c(privkey_to_pubkey, [A, K]) || A <- [rsa, dss], K <- [[<<3>>, <<4>>, <<5>>], [3, 4], [], a]].

signatures() ->
    {RsaPub, RsaPriv} = rsa(),
    Dss = dss(),
    Data = [<<"text">>, ["te", <<"xt">>], <<>>],
    [v({rsa, H, D, O}, fun() ->
         S = crypto:sign(rsa, H, D, RsaPriv, O),
         {byte_size(S), crypto:verify(rsa, H, D, S, RsaPub, O), crypto:verify(rsa, H, [D, "x"], S, RsaPub, O)}
     end) || H <- [md5, ripemd160, sha, sha224, sha256, sha384, sha512, sha3_256], D <- Data,
             O <- [[], [{rsa_padding, rsa_pkcs1_pss_padding}], [{rsa_padding, rsa_pkcs1_pss_padding}, {rsa_pss_saltlen, 10}]]],
    [c(sign, [rsa, H, D, RsaPriv]) || H <- [md5, sha, sha256, sha512], D <- Data],
    [v({ecdsa, C, H}, fun() ->
         {Pub, Priv} = crypto:generate_key(ecdh, C),
         S = crypto:sign(ecdsa, H, <<"text">>, [Priv, C]),
         {crypto:verify(ecdsa, H, <<"text">>, S, [Pub, C]), crypto:verify(ecdsa, H, <<"texx">>, S, [Pub, C]),
          crypto:verify(ecdsa, H, {digest, crypto:hash(H, <<"text">>)}, S, [Pub, C])}
     end) || C <- [secp256r1, secp384r1, secp521r1, secp256k1, brainpoolP384r1, sect283k1], H <- [sha, sha256, sha512]],
    [c(sign, [eddsa, none, D, [<<K:S>>, C]]) || D <- Data, K <- [1, 77], {C, S} <- [{ed25519, 256}, {ed448, 456}]],
    [v({eddsa, C}, fun() ->
         {Pub, Priv} = crypto:generate_key(eddsa, C),
         S = crypto:sign(eddsa, none, <<"text">>, [Priv, C]),
         [crypto:verify(eddsa, none, T, S, [Pub, C]) || T <- [<<"text">>, <<"other">>]]
     end) || C <- [ed25519, ed448]],
    v(dss, fun() ->
        [P, Q, G, X] = Dss,
        Y = crypto:bytes_to_integer(crypto:mod_pow(G, X, P)),
        S = crypto:sign(dss, sha, <<"text">>, Dss),
        [crypto:verify(dss, sha, T, S, [P, Q, G, Y]) || T <- [<<"text">>, <<"other">>]]
    end).

rsa() ->
    {[E, N], Priv} = crypto:generate_key(rsa, {1024, 65537}),
    case get(rsa_key) of
        undefined ->
            Fixed = fixed_rsa(),
            put(rsa_key, Fixed),
            _ = {E, N, Priv},
            Fixed;
        Key -> Key
    end.

%% A key made from two primes, so that signatures are the same everywhere.
fixed_rsa() ->
    P = 16#E6F4D7F1C1A8A2C4E2B1C9D3A5F7E8B9C1D2E3F4A5B6C7D8E9FAABBCCDDEEFF00112233445566778899AABBCCDDEEFF1,
    Q0 = next_prime(P bxor (1 bsl 100)),
    P0 = next_prime(P),
    E = 65537,
    D = inverse(E, (P0 - 1) * (Q0 - 1)),
    {[E, P0 * Q0], [E, P0 * Q0, D]}.

next_prime(N) when N rem 2 =:= 0 -> next_prime(N + 1);
next_prime(N) ->
    case is_prime(N) of
        true -> N;
        false -> next_prime(N + 2)
    end.

is_prime(N) ->
    lists:all(fun(B) -> crypto:mod_pow(B, N - 1, N) =:= <<1>> end, [2, 3, 5, 7]).

inverse(A, M) ->
    {1, X} = euclid(A, M),
    ((X rem M) + M) rem M.

euclid(A, 0) -> {A, 1};
euclid(A, B) ->
    {G, X} = euclid_pair(A, B, 1, 0),
    {G, X}.

euclid_pair(A, 0, X, _) -> {A, X};
euclid_pair(A, B, X0, X1) -> euclid_pair(B, A rem B, X1, X0 - (A div B) * X1).

%% A group of the 1024-bit MODP kind: Q of 160 bits divides P - 1.
dss() ->
    Q = next_prime(1 bsl 159 + 16#1234567),
    P = dss_prime(Q, (1 bsl 1023) div Q),
    G = dss_generator(P, Q, 2),
    [P, Q, G, 123456789].

dss_prime(Q, K) when K rem 2 =:= 1 -> dss_prime(Q, K + 1);
dss_prime(Q, K) ->
    N = K * Q + 1,
    case N >= 1 bsl 1023 andalso is_prime(N) of
        true -> N;
        false -> dss_prime(Q, K + 2)
    end.

dss_generator(P, Q, H) ->
    case crypto:bytes_to_integer(crypto:mod_pow(H, (P - 1) div Q, P)) of
        1 -> dss_generator(P, Q, H + 1);
        G -> G
    end.

encryption() ->
    {Pub, Priv} = rsa(),
    [v({encrypt, T, O}, fun() ->
         C = crypto:public_encrypt(rsa, T, Pub, O),
         {byte_size(C), crypto:private_decrypt(rsa, C, Priv, O)}
     end) || T <- [<<>>, <<"text">>, binary:copy(<<"x">>, 60)],
             O <- [rsa_pkcs1_padding, rsa_pkcs1_oaep_padding, [], [{rsa_padding, rsa_pkcs1_oaep_padding}, {rsa_oaep_md, sha256}],
                   [{rsa_padding, rsa_pkcs1_oaep_padding}, {rsa_oaep_label, <<"label">>}, {rsa_mgf1_md, sha224}]]],
    [v({sign, T}, fun() ->
         C = crypto:private_encrypt(rsa, T, Priv, rsa_pkcs1_padding),
         {C, crypto:public_decrypt(rsa, C, Pub, rsa_pkcs1_padding)}
     end) || T <- [<<"text">>, binary:copy(<<"x">>, 60)]].

numbers() ->
    Numbers = [0, 1, 2, 3, 255, 256, 65537, 1 bsl 64, (1 bsl 64) - 1, prime(), <<>>, <<1, 0>>],
    [c(mod_pow, [A, B, C]) || A <- Numbers, B <- Numbers, C <- Numbers, C =/= 0, C =/= <<>>],
    [c(exor, [A, B]) || A <- [<<>>, "abc", <<1, 2, 3>>, a], B <- [<<>>, <<"abc">>, ["x" | <<"yz">>]]],
    [c(bytes_to_integer, [A]) || A <- [<<>>, <<0>>, <<1, 0>>, <<255, 255>>, "ab", a]],
    [c(rand_uniform, [A, B]) || {A, B} <- [{0, 1}, {5, 6}, {-5, -4}, {<<5>>, <<6>>}, {5, 5}, {6, 5}, {a, 1}]],
    [v({strong, N}, fun() -> byte_size(crypto:strong_rand_bytes(N)) end) || N <- [0, 1, 100, 1000000, -1, a]],
    [v({seeds, A}, fun() -> #{type := T, bits := B} = element(1, crypto:rand_seed_alg_s(A)), {T, B} end)
     || A <- [crypto, crypto_cache]],
    [v({supports, K}, fun() -> lists:sort(proplists:get_value(K, crypto:supports()) -- [shake128, shake256]) end)
     || K <- [hashs, ciphers, public_keys, macs, curves, rsa_opts]].

%% Arguments at random from those that each function may be given, and from others.
wrong() ->
    {Pub, Priv} = rsa(),
    Any = [a, 1, -1, <<>>, <<"x">>, "list", [], [a | b], {a, b}, 1.5, <<1:3>>],
    Key = [<<1:128>>, <<2:256>>, <<1:64>>],
    Cipher = [aes_128_cbc, aes_128_gcm, rc4, chacha20_poly1305, aes_cbc],
    Options = [true, false, [], [{padding, zero}], [{padding, other}], [{encrypt, true}], [{other, 1}], [encrypt]],
    RsaOptions = [[], [{rsa_padding, rsa_pkcs1_padding}], [{rsa_padding, other}], [{rsa_mgf1_md, other}], [{other, 1}], [a]],
    Algorithm = [rsa, dss, ecdsa, eddsa],
    Keys = [Pub, Priv, [<<1>>, secp256r1], [<<1:256>>, ed25519], [<<1>>, other], [1, 2]],
    Table = [{hash, [[sha, md5], ["text"]]}, {hash_init, [[sha]]}, {hash_update, [[], ["text"]]}, {hash_final, [[]]},
             {mac, [[hmac, cmac], [sha, aes_128_cbc], Key, ["text"]]}, {mac, [[poly1305], Key, ["text"]]},
             {mac_init, [[hmac, cmac], [sha, aes_128_cbc], Key]}, {mac_update, [[], ["text"]]}, {mac_final, [[]]},
             {crypto_init, [Cipher, Key, Key, Options]}, {crypto_update, [[], ["text"]]}, {crypto_final, [[]]},
             {crypto_get_data, [[]]}, {crypto_one_time, [Cipher, Key, Key, ["text"], Options]},
             {crypto_one_time_aead, [Cipher, Key, [<<1:96>>], ["text"], ["aad"], [16, 8, <<1:128>>], [true, false]]},
             {pbkdf2_hmac, [[sha], [<<"p">>], [<<"s">>], [1, 0], [1, 0]]},
             {generate_key, [[ecdh, eddsa], [secp256r1, ed25519, x25519], [<<1:256>>, 5]]},
             {compute_key, [[ecdh], [<<9, 0:248>>, <<4, 1:512>>], [<<1:256>>], [x25519, secp256r1]]},
             {sign, [Algorithm, [sha], ["text", {digest, <<1>>}], Keys, RsaOptions]},
             {verify, [Algorithm, [sha], ["text"], [<<"signature">>], Keys, RsaOptions]},
             {ec_curve, [[secp256r1]]}, {hash_info, [[sha]]}, {exor, [["ab"], ["cd"]]}],
    [times(150, fun() -> wrong(F, Kinds, Any) end) || {F, Kinds} <- Table].

wrong(F, Kinds, Any) ->
    Args = [case pick(4) =/= 0 andalso Good =/= [] of true -> pick(Good); false -> pick(Any) end || Good <- Kinds],
    case empty_key(Args) orelse c_outcome(F, Args) of
        true -> ok;
        {ok, R} when is_reference(R); F =:= sign -> line([atom_to_list(F), text(short(Args)), " -> made"]);
        _ when F =:= generate_key; F =:= compute_key -> ok;
        _ -> c(F, Args)
    end.

%% OTP lets a cipher of any key length read beyond an empty key.
empty_key([rc4, K | _]) -> K =:= [] orelse K =:= <<>>;
empty_key(_) -> false.
