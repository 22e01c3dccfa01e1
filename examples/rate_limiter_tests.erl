%% Tests of rate_limiter.erl: most need no process and no time.
-module(rate_limiter_tests).
-include_lib("eunit/include/eunit.hrl").

options() -> #{tokens => 2, per_second => 10}.

%% The answers to requests at these times.
answers(Times) ->
    {Answers, _} = lists:mapfoldl(fun(Time, Bucket) -> rate_limiter:take(Bucket, Time, options()) end,
                                  rate_limiter:new(options()), Times),
    Answers.

bursts_test_() ->
    [?_assertEqual([true, true, {wait, 100}], answers([0, 0, 0])),
     ?_assertEqual([true, true, {wait, 50}], answers([0, 0, 50])),
     ?_assertEqual([true, true, true], answers([0, 0, 100])),
     {"never more than the bucket holds",
      ?_assertEqual([true, true, true, true, {wait, 100}], answers([0, 0, 9000, 9000, 9000]))},
     {"at the steady rate all are allowed",
      ?_assertEqual([true], lists:usort(answers(lists:seq(0, 10000, 100))))}].

clients_have_buckets_of_their_own_test() ->
    {ok, L} = rate_limiter:start_link(#{tokens => 1, per_second => 0.001}),
    ?assertEqual(true, rate_limiter:allow(L, ada)),
    ?assertMatch({wait, _}, rate_limiter:allow(L, ada)),
    ?assertEqual(true, rate_limiter:allow(L, joe)).
