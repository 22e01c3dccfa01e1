-module(behaviour_complete).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2]).
init(X) -> {ok, X}.
handle_call(_, From, S) -> {reply, ok, S}.
handle_cast(_, S) -> {noreply, S}.
handle_info(_, S) -> {noreply, S}.
