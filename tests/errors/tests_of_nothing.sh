# status: 2
# stderr: test: a file or directory is needed
exec "$MUSTER" test --verbose
