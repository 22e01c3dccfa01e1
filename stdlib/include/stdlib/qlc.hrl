%% qlc:q/1,2 take list comprehensions as queries in modules that include this.
-compile({parse_transform, qlc}).
