# status: 1
# stderr: variable 'X' is unbound
exec "$MUSTER" eval 'X + 1'
