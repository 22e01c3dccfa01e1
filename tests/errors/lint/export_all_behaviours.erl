-module(export_all_behaviours).
-behaviour(gen_server).
-behaviour(supervisor).
-compile(export_all).
-compile(export_all).
init(X) -> X.
