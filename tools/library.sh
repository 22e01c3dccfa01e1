#!/bin/sh
# tools/library.sh: writes docs/LIBRARY.md, the library beside that of the erl that is installed. The modules
# are those of kernel and stdlib that programs call, and eunit.
set -e
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
modules='application,argparse,array,atomics,base64,beam_lib,binary,c,calendar,code,compile,counters,crypto,dets,
    dict,digraph,digraph_utils,disk_log,epp,erl_anno,erl_eval,erl_internal,erl_lint,erl_parse,erl_pp,erl_scan,
    erl_tar,erlang,erpc,error_handler,error_logger,escript,ets,eunit,file,file_sorter,filelib,filename,gb_sets,gb_trees,
    gen_event,gen_server,gen_statem,gen_tcp,gen_udp,global,inet,init,io,io_lib,json,lists,logger,
    logger_disk_log_h,logger_filters,logger_formatter,logger_std_h,log_mf_h,maps,math,ms_transform,net_adm,net_kernel,
    orddict,ordsets,os,peer,persistent_term,pg,proc_lib,proplists,qlc,queue,rand,random,re,rpc,seq_trace,
    sets,shell,slave,socket,sofs,string,supervisor,supervisor_bridge,sys,timer,unicode,uri_string,
    wrap_log_reader,zip,zlib'
erl -noshell -eval "
    [case code:ensure_loaded(M) of
         {module, M} ->
             io:format(\"~0p.~n\", [{M, lists:sort(M:module_info(exports)) --
                                        [{module_info, 0}, {module_info, 1}, {behaviour_info, 1},
                                         {test, 0}]}]);
         _ -> ok
     end || M <- [$modules]], halt()." >"$work/otp"
./muster run tools/library.erl "$work/otp" tools/documented.txt >"$work/page"
cp "$work/page" docs/LIBRARY.md
grep -c '^## ' docs/LIBRARY.md | sed 's/$/ modules listed in docs\/LIBRARY.md/'
awk -F'|' '/^\| \[/ { split($3, n, " "); here += n[1]; missing += $5 } END { print here " functions, " missing " of OTP'\''s manual missing" }' \
    docs/LIBRARY.md
