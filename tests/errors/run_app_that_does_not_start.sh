# status: 1
# stderr: exited: {why,{svc,start,[normal,[]]}}
# stderr: Kernel pid terminated (application_controller) ({application_start_failure,svc,{why,{svc,start,[normal,[]]}}})
# stdout: 10 times, and nobody goes on after halting
echo '{application, svc, [{applications, [kernel, stdlib]}, {mod, {svc, []}}]}.' >svc.app
printf -- '-module(svc).\n-export([start/2, stop/1]).\nstart(_, _) -> {error, why}.\nstop(_) -> ok.\n' >svc.erl
n=0
while [ $n -lt 10 ]; do
    "$MUSTER" run -pa . --app svc 2>log
    [ $? = 1 ] || exit 2
    ! grep -q bad_return_value log || exit 3
    n=$((n + 1))
done
echo "$n times, and nobody goes on after halting"
cat log >&2
exit 1
