-module(export_all_unused).
-compile(export_all).
-compile(nowarn_export_all).
-record(r, {x}).
-type t() :: ok.
-opaque o() :: ok.
a(X) -> b().
b() -> c().
