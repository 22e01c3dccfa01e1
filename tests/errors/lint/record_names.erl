-module(record_names).
-export([a/1, b/0, c/1]).
-record('Rec', {'Field', 'other field'}).
-record(if_, {'case'}).
a(R) -> R#'Rec'.'Field' + R#'Rec'.nosuch.
b() -> #'Rec'{'other field' = 1, 'no such' = 2}.
c(R) -> R#if_.'case', R#'If'.x.
