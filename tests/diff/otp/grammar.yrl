Nonterminals expr stmt uminus.
Terminals integer float ident '+' '-' '*' '/' '(' ')' '=' string.
Rootsymbol stmt.
Right 10 '='.
Left 20 '+' '-'.
Left 30 '*' '/'.
Unary 40 uminus.
stmt -> ident '=' expr : {set, v('$1'), '$3'}.
stmt -> expr : '$1'.
expr -> expr '+' expr : {'+', '$1', '$3'}.
expr -> expr '-' expr : {'-', '$1', '$3'}.
expr -> expr '*' expr : {'*', '$1', '$3'}.
expr -> expr '/' expr : {'/', '$1', '$3'}.
expr -> uminus : '$1'.
uminus -> '-' expr : {neg, '$2'}.
expr -> '(' expr ')' : '$2'.
expr -> integer : v('$1').
expr -> float : v('$1').
expr -> string : v('$1').
expr -> ident : {var, v('$1')}.
Erlang code.
v({_,_,V}) -> V.
