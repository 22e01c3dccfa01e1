#!/bin/sh
# tests/diff/otp/run.sh: OTP's own applications as test programs, from where they are installed
# (erlang-src, erlang-parsetools, erlang-syntax-tools, erlang-xmerl …). Nothing of them is kept.
#
#   compile   all modules of several applications compile
#   library   modules of stdlib, compiled by Muster under other names, answer as on erl: the calls are
#             those of tests/diff/stdlib
#   generate  leex and yecc, compiled by Muster, generate what they generate on erl, and it works
#   core      OTP's compiler, compiled by Muster, makes the same Core Erlang as on erl
here=$(cd "$(dirname "$0")" && pwd)
MUSTER=${MUSTER:-$here/../../../muster}
case $MUSTER in /*) ;; *) MUSTER=$PWD/$MUSTER ;; esac
passed=0
failed=0
skipped=0
if ! command -v erl >/dev/null || ! command -v erlc >/dev/null; then
    echo "OTP's applications: skipped, there is no erl"
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
libraries=$(erl -noshell -eval 'io:put_chars(code:lib_dir()), halt().')
bounded() { timeout 120 "$@"; }
good() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "failed: $1"; }

# The applications without their versions, so that paths are the same everywhere.
mkdir "$work/lib"
for app in stdlib kernel parsetools syntax_tools compiler xmerl eunit; do
    dir=$(ls -d "$libraries/$app"-[0-9]* 2>/dev/null | tail -n 1)
    [ -n "$dir" ] && ls "$dir"/src/*.erl >/dev/null 2>&1 && ln -s "$dir" "$work/lib/$app"
done

# ---- compile ----
for app in stdlib kernel parsetools syntax_tools compiler xmerl eunit; do
    if [ ! -d "$work/lib/$app/src" ]; then
        echo "compile $app: skipped, its sources are not installed"
        skipped=$((skipped + 1))
        continue
    fi
    mkdir -p "$work/code/$app"
    files=$(find "$work/lib/$app/src/" -name '*.erl')
    # shellcheck disable=SC2086
    ERL_LIBS=$work/lib bounded "$MUSTER" compile -D MERL_NO_TRANSFORM -D 'COMPILER_VSN="0"' \
        -I "$work/lib/$app/include" -I "$work/lib/$app/src" -I "$work/lib/kernel/include" \
        -I "$work/lib/kernel/src" -I "$work/lib/stdlib/include" -o "$work/code/$app" $files \
        >"$work/log" 2>&1
    status=$?
    made=$(find "$work/code/$app" -name '*.mbc' | wc -l)
    wanted=$(echo "$files" | wc -l)
    if [ $status -eq 0 ] && [ "$made" -eq "$wanted" ]; then good; else
        bad "$app: $made of $wanted modules compile"
        grep -v -e Warning -e '^%' -e '^$' "$work/log" | head -n 5
    fi
done

# ---- library ----
cd "$here" || exit 2
modules="array base64 binary calendar dict digraph digraph_utils erl_anno erl_eval erl_parse erl_pp
    erl_scan filename filelib gb_sets gb_trees io_lib io_lib_format io_lib_fread io_lib_pretty lists
    maps orddict ordsets proplists queue rand re sets sofs string unicode unicode_util uri_string"
tests="array base64 binary calendar dict erl_anno erl_pp filename gb_sets gb_trees io_lib_fread lists
    orddict ordsets proplists queue rand re sets sofs string unicode_util"
if [ -d "$work/lib/stdlib/src" ]; then
    mkdir "$work/renamed" "$work/erl"
    # shellcheck disable=SC2086
    bounded "$MUSTER" run -pa . compile_renamed.escript "$work/lib" "$work/renamed" $modules
    cd ../stdlib || exit 2
    for module in $tests; do
        test=${module}_diff
        erlc -W0 -o "$work/erl" "$test.erl"
        bounded erl -noshell -pa "$work/erl" -eval "$test:main([]), halt(0)." >"$work/want" 2>&1 </dev/null
        bounded "$MUSTER" eval -pa "$work/renamed" -pa . "$test:main([\"otp_\"]), halt(0)" 2>&1 </dev/null |
            sed 's/otp_//g' >"$work/have"
        if [ -s "$work/want" ] && cmp -s "$work/want" "$work/have"; then good; else
            bad "$module of OTP"
            diff -a "$work/want" "$work/have" | head -n 4 | cut -c 1-200
        fi
    done
    cd "$here" || exit 2
fi

# ---- generate ----
if [ -d "$work/code/parsetools" ]; then
    mkdir "$work/on_erl" "$work/on_muster"
    bounded escript generate.escript "$work/on_erl" >"$work/want" 2>&1
    bounded "$MUSTER" run -pa "$work/code/parsetools" -pz "$(readlink "$work/lib/parsetools")/ebin" \
        generate.escript "$work/on_muster" >"$work/have" 2>&1
    for part in scanner grammar; do
        sed 's/on_erl/on_muster/' "$work/on_erl/$part.erl" >"$work/file"
        if cmp -s "$work/file" "$work/on_muster/$part.erl"; then good; else bad "generated $part"; fi
    done
    if [ -s "$work/want" ] && cmp -s "$work/want" "$work/have"; then good; else
        bad "use of what was generated"
        diff "$work/want" "$work/have" | head -n 5
    fi
fi

# ---- core ----
if [ -d "$work/code/compiler" ] && [ -d "$work/lib/stdlib/src" ]; then
    mkdir "$work/core_erl" "$work/core_muster"
    set --
    for module in lists gb_trees dict base64 string queue sofs; do
        set -- "$@" "$work/lib/stdlib/src/$module.erl"
    done
    bounded escript core_listing.escript "$work/core_erl" "$@" 2>&1
    bounded "$MUSTER" run -pa "$work/code/compiler" core_listing.escript "$work/core_muster" "$@" 2>&1
    for file in "$work"/core_erl/*.core; do
        name=$(basename "$file")
        if cmp -s "$file" "$work/core_muster/$name"; then good; else bad "core listing: $name"; fi
    done
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
