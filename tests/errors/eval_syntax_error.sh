# status: 1
# stderr: syntax error before:
exec "$MUSTER" eval '1 + '
