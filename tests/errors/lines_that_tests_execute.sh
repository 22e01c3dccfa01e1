# status: 0
# stdout: 3 passed, 0 failed
# stdout: 53 %  8/15       shop
# stdout: not reached: 6-8, 14-18, 27
# stdout: 100 %  2/2        inline
# stdout: 58 %  10/17      in all
mkdir src test
cat >src/shop.erl <<'END'
-module(shop).
-export([price/1, total/1, never/0, odd/1]).

price(apple) -> 3;
price(pear) ->
    4;
price(Other) ->
    error({unknown, Other}).

total(Items) ->
    lists:sum([price(I) || I <- Items]).

never() ->
    X = 1,
    case X of
        1 -> ok;
        2 ->
            maybe_not
    end.

odd(X) ->
    F = fun(Y) ->
            Y + 1
        end,
    try F(X) of
        2 -> two;
        N -> N
    catch
        error:_ ->
            bad
    after
        ok
    end.
END
cat >test/shop_tests.erl <<'END'
-module(shop_tests).
-include_lib("eunit/include/eunit.hrl").
total_test() -> ?assertEqual(6, shop:total([apple, apple])).
odd_test() -> ?assertEqual(two, shop:odd(1)), ?assertEqual(bad, shop:odd(a)).
END
cat >test/inline.erl <<'END'
-module(inline).
-include_lib("eunit/include/eunit.hrl").
twice(X) -> 2 * X.
twice_test() -> ?assertEqual(4, twice(2)).
END
"$MUSTER" test --cover test
