# status: 0
# stdout: {{ok,cm},1,ok,{ok,cm},2,error}
# stdout: nope.erl: no such file or directory
echo '-module(cm). -export([f/0]). f() -> 1.' >cm.erl
exec "$MUSTER" eval '{c:c(cm), cm:f(), file:write_file("cm.erl", "-module(cm). -export([f/0]). f() -> 2."), c:c("cm.erl"), cm:f(), c:c(nope)}'
