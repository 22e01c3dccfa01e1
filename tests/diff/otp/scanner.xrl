Definitions.
D = [0-9]
L = [a-z]
WS = [\s\t\n]
Rules.
{D}+ : {token,{integer,TokenLine,list_to_integer(TokenChars)}}.
{D}+\.{D}+((E|e)(\+|\-)?{D}+)? : {token,{float,TokenLine,list_to_float(TokenChars)}}.
{L}({L}|{D})* : {token,{ident,TokenLine,list_to_atom(TokenChars)}}.
[-+*/()=] : {token,{list_to_atom(TokenChars),TokenLine}}.
{WS}+ : skip_token.
"[^"]*" : {token,{string,TokenLine,lists:sublist(TokenChars,2,TokenLen-2)}}.
Erlang code.
