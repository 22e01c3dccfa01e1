# As the Erlang shell prints it, on standard error.
# status: 1
# stderr: exception error: an error occurred when evaluating an arithmetic expression
exec "$MUSTER" eval '1 / 0'
