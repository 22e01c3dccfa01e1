-module(module_info_defined).
-export([module_info/0, module_info/1, a/0]).
module_info() -> ok.
module_info(X) -> X.
a() -> module_info(), module_info(exports), module_info(1, 2).
