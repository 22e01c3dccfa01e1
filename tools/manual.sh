#!/bin/sh
# tools/manual.sh MUSTER: writes muster(1), of what `muster help` says, to standard output.
muster=$1
version=$("$muster" version | cut -d' ' -f2)
# In roff a backslash, and a dot or quote at the start of a line, mean something.
plain() { sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^\([.']\)/\\\\\&\1/"; }
# rows TITLE: of the rows "  name  text" below the line that begins so, up to an empty one, a list.
rows() {
    "$muster" help | sed -n "/^$1/,/^\$/s/^  \([^ ].*\)/\1/p" | plain |
        sed -e 's/^\(.*[^ ]\)   *\([^ ].*\)$/.TP\n.B \1\n\2/'
}
cat <<END
.TH MUSTER 1 "" "muster $version"
.SH NAME
muster \- runs Erlang
.SH SYNOPSIS
.B muster
.I COMMAND
.RI [ OPTIONS ]
\&...
.SH DESCRIPTION
Muster is an Erlang\-compatible actor runtime: it compiles Erlang programs in memory and runs them, in
processes that share nothing and talk by messages, on all processors.
.SH COMMANDS
END
rows commands:
"$muster" help | sed -n 's/^options\( of [a-z]*\)\{0,1\}[:,].*/\1/p' | while IFS= read -r of; do
    echo ".SH OPTIONS$(echo "$of" | tr '[:lower:]' '[:upper:]')"
    if [ -z "$of" ]; then
        echo "They stand before the file: what stands behind it is the program's."
        rows 'options, '
    else
        rows "options$of:"
    fi
done
cat <<END
.SH EXIT STATUS
.TP
.B 0
fine
.TP
.B 1
the program failed: an uncaught exception, errors in its source
.TP
.B 2
wrong usage
.SH ENVIRONMENT
.TP
.B ERL_LIBS
directories of applications, separated by colons: their ebin and src stand at the end of the code path, and \-include_lib looks there
.SH EXAMPLES
.nf
muster eval 'lists:sum([X * X || X <\- lists:seq(1, 10)])'
muster run hello.erl World
muster test test/
muster compile \-o ebin src/*.erl && muster run \-pa ebin ebin/main.mbc
.fi
.SH SEE ALSO
.BR erl (1),
.BR erlc (1),
.BR escript (1)
END
