-define(DEEP, deep).
-define(WHERE, "where").
helper(#point{x = X, y = Y}) -> X + Y.
