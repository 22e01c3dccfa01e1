-module(utf8_names).
-export([a/0, 'größe'/1]).
a() -> Größe.
'größe'(Länge) -> 'straße'().
