%% A rate limiter: at most so many requests in so much time, for each client.
%%
%% Every client has a bucket of tokens. A request takes one; tokens come back steadily, up to the size of
%% the bucket. No timer runs for that: how many there are follows from when one last looked, so that an idle
%% client costs nothing. Time is asked from erlang:monotonic_time, which never goes back, and is passed in
%% by tests, so that they need not wait.
%%
%%     muster run examples/rate_limiter.erl
%%     muster test examples/rate_limiter_tests.erl
-module(rate_limiter).
-behaviour(gen_server).
-export([main/0, start_link/1, allow/2]).
-export([new/1, take/3]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

main() ->
    {ok, Limiter} = start_link(#{tokens => 3, per_second => 10}),
    Ask = fun() -> io:format("~p ", [allow(Limiter, ada)]) end,
    [Ask() || _ <- lists:seq(1, 5)],
    timer:sleep(250),
    io:format("~na quarter of a second later: "),
    [Ask() || _ <- lists:seq(1, 5)],
    io:nl().

%% ---- the limiter as a process ----

-define(SWEEP_MS, 60000).

start_link(Options) -> gen_server:start_link(?MODULE, Options, []).

%% true, or {wait, Milliseconds} until it would be.
allow(Limiter, Client) -> gen_server:call(Limiter, {allow, Client}).

init(Options) ->
    erlang:send_after(?SWEEP_MS, self(), sweep),
    {ok, {Options, #{}}}.

handle_call({allow, Client}, _From, {Options, Buckets}) ->
    Now = erlang:monotonic_time(millisecond),
    Bucket = maps:get(Client, Buckets, new(Options)),
    {Answer, Left} = take(Bucket, Now, Options),
    {reply, Answer, {Options, Buckets#{Client => Left}}}.

handle_cast(_, State) -> {noreply, State}.

%% A bucket that is full again need not be kept.
handle_info(sweep, {#{tokens := Most} = Options, Buckets}) ->
    erlang:send_after(?SWEEP_MS, self(), sweep),
    Now = erlang:monotonic_time(millisecond),
    Kept = maps:filter(fun(_, Bucket) -> tokens(Bucket, Now, Options) < Most end, Buckets),
    {noreply, {Options, Kept}}.

%% ---- the arithmetic, without any process ----
%% A bucket is {Tokens, When}: how many there were then.

new(#{tokens := Most}) -> {Most, never}.

take(Bucket, Now, #{per_second := Rate} = Options) ->
    case tokens(Bucket, Now, Options) of
        Tokens when Tokens >= 1 -> {true, {Tokens - 1, Now}};
        Tokens -> {{wait, ceil((1 - Tokens) * 1000 / Rate)}, {Tokens, Now}}
    end.

tokens({Tokens, never}, _, _) -> Tokens;
tokens({Tokens, Then}, Now, #{tokens := Most, per_second := Rate}) ->
    min(Most, Tokens + (Now - Then) * Rate / 1000).
