# status: 1
# stderr: ({application_start_failure,broken,{bad_return,{{broken,start,[normal,[]]},no}}})
cat >broken.app <<'END'
{application, broken, [{vsn, "1"}, {applications, [kernel, stdlib]}, {mod, {broken, []}}]}.
END
echo '-module(broken). -export([start/2]). start(_, _) -> no.' >broken.erl
exec "$MUSTER" run --app broken -pa .
