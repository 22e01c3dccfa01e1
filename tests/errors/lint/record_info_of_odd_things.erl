-module(record_info_of_odd_things).
-export([f1/0, f2/0, f3/0]).
f1() -> record_info(42, record).
f2() -> record_info(shoe_size, record).
f3() -> fun record_info/2.
