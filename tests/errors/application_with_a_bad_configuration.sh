# status: 1
# stderr: sys.config: 1: syntax error before:
echo '[{a, [}].' >sys.config
exec "$MUSTER" run --app kernel --config sys.config
