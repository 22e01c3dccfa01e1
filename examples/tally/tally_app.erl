%% A service: an application that runs until it is told to stop. Read tally.app first (what the application
%% is made of and which parameters it has), then this file, tally_sup, tally_counter, tally_reporter.
%%
%%     muster run --app tally -pa examples/tally --config examples/tally/sys.config
%%
%% starts it and stays. Ctrl-C or `kill PID` (SIGTERM) stops it in order: the supervisor ends its children,
%% the newest first, each within its shutdown time; then the machine ends with status 0. Start it again, and it
%% goes on counting where it was, after kill -9 too: the count lies in a store.
-module(tally_app).
-behaviour(application).
-export([start/2, stop/1]).

%% Called when the applications that this one needs have started. Answers the top supervisor: when that
%% ends, the application has.
start(_Type, _Args) -> tally_sup:start_link().

%% Called when all its processes have ended.
stop(_State) -> ok.
