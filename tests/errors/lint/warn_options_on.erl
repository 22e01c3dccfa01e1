-module(warn_options_on).
-compile([warn_unused_import, warn_export_vars, warn_obsolete_guard]).
-import(lists, [map/2]).
-export([a/1]).
a(X) when list(X) -> case X of [] -> Y = 1; _ -> Y = 2 end, Y.
