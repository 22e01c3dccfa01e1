# status: 1
# stderr: empty.erl:1:1: no module definition
: >empty.erl
exec "$MUSTER" run empty.erl
