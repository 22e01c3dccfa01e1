%% Values of binaries in abstract form, by the name under which syntax tools ask for them.
-module(eval_bits).

-export([expr_grp/3]).

-type bindings() :: erl_eval:binding_struct().

%% The binary of a list of bin_elements; the fun evaluates an expression.
-spec expr_grp([erl_parse:abstract_expr()], bindings(),
               fun((erl_parse:abstract_expr(), bindings()) -> {value, term(), bindings()})) ->
          {value, bitstring(), bindings()}.
expr_grp(Elements, Bindings, Eval) ->
    {Binary, New} = erl_eval_bits:build(Elements, Bindings, fun(Expr, Bs) ->
        {value, Value, Bs1} = Eval(Expr, Bs),
        {Value, Bs1}
    end),
    {value, Binary, New}.
