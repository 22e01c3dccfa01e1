%% Addresses as texts, error names as texts, files in memory, and what a node says that is not alive.
-module(inet_diff).
-include("diff.hrl").

run() ->
    Ip4 = ["127.0.0.1", "127.1", "1", "0x7f.1", "0177.1", "256.1.1.1", "1.2.3.4.5", "1.2.65536", "1.2.65535", "1.16777215", "1.16777216", "4294967295", "4294967296", "", "1.", "a.b", "1..2",
           "1.2.3.", "1.2.3.4 ", " 1.2.3.4", "0x", "0xffffffff", "08.1", "00000000001.1", "1.2.3.0377", "1.2.3.0400", "-1", "+1", ".1", "1.2.3.4%eth0", "0X7F.1", "1.2.3.0x", "1.2.3.01", "1.2.3.00"],
    Ip6 = ["::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::8", "1:2:3:4:5:6:7:8:9", "::ffff:1.2.3.4", "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1::2::3", ":1", "1:",
           "fe80::1%2", "fe80::1%eth0", "fe80::1%", "2001::1%1", "ff01::1%a", "ff05::1%a", "febf::1%a", "fec0::1%a", "FF02::1%a", "fe80::1.2.3.4%a", "fe80:1::1%a", "12345::", "g::", "FE80::AbCd", "1:2", "::1:", "0:0:0:0:0:0:0:0", "1:2:3:4:5:6:7:1.2.3.4",
           "::1.2.3", "::1.2.3.256", "1::2:", "::0001", "::00001", "1:2:3:4::5:6:7:8", "1:2:3:4:5:6:7:", "::ffff:01.2.3.4", "::0x1", "%1", ":::", "::::", "1:::2", "::+1", "::-1"],
    Others = [[a], [1000], [["1.2.3.4"]]],
    [call(inet, F, [T]) || F <- [parse_address, parse_strict_address, parse_ipv4_address, parse_ipv4strict_address, parse_ipv6_address, parse_ipv6strict_address], T <- Ip4 ++ Ip6 ++ Others],
    [call(inet, F, [T]) || F <- [parse_address, parse_strict_address, parse_ipv6strict_address], T <- [a, <<"1.2.3.4">>, {1, 2, 3, 4}]],
    Addresses = [{1, 2, 3, 4}, {0, 0, 0, 0}, {256, 1, 1, 1}, {-1, 1, 1, 1}, {1, 2, 3}, a, {a, b, c, d}, {0, 0, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 1}, {0, 0, 0, 0, 0, 0, 0, 2}, {1, 0, 0, 0, 0, 0, 0, 0},
                 {1, 0, 0, 2, 0, 0, 0, 3}, {1, 0, 0, 0, 2, 0, 0, 3}, {1, 0, 0, 2, 0, 0, 3, 4}, {0, 0, 0, 0, 0, 65535, 258, 772}, {0, 0, 0, 0, 0, 0, 258, 772}, {1, 2, 3, 4, 5, 6, 7, 8}, {65536, 0, 0, 0, 0, 0, 0, 1},
                 {1, 0, 2, 3, 4, 5, 6, 7}, {0, 1, 2, 3, 4, 5, 6, 7}, {1, 2, 3, 4, 5, 6, 7, 0}, {0, 0, 2, 3, 4, 5, 0, 0}, {1, 2, 0, 0, 5, 0, 0, 0}, {0, 0, 0, 0, 0, 1, 258, 772}, {1, 2, 3, 4, 5, 6, 7, a}, "127.0.0.1"],
    [call(inet, F, [A]) || F <- [ntoa, is_ip_address, is_ipv4_address, is_ipv6_address], A <- Addresses],
    [call(inet, ipv4_mapped_ipv6_address, [A]) || A <- [{1, 2, 3, 4}, {0, 0, 0, 0, 0, 65535, 258, 772}, {1, 2, 3, 4, 5, 6, 7, 8}]],
    [call(inet_parse, F, [T]) || F <- [domain, visible_string], T <- ["a.b", "a b", "a_b.c", "", "x", "a.b.", "-a", "a-", "1.2", [233], "a..b", ".", a, ".a", "a\n", "a/b"]],
    [call(inet_parse, dots, [T]) || T <- ["a.b", "", "a", ".", "a.b.", "..", ".a"]],
    [call(inet, getaddr, [A, F]) || A <- [{1, 2, 3, 4}, {0, 0, 0, 0, 0, 0, 0, 1}, {1, 2}, "1.2.3.4"], F <- [inet, inet6], is_tuple(A) orelse F =:= inet],
    [call(inet, gethostbyname, [N]) || N <- ["10.0.0.7", '10.0.0.7', "", 7]],
    [call(M, F, [R]) || {M, F} <- [{inet, format_error}, {file, format_error}, {erl_posix_msg, message}],
                        R <- [econnrefused, enoent, einval, nxdomain, exbadport, exbadseq, system_limit, eaddrinuse, timeout, closed, eacces, enotempty, ewouldblock, foo]],
    files(),
    [call(net_kernel, F, A) || {F, A} <- [{monitor_nodes, [true]}, {monitor_nodes, [x]}, {monitor_nodes, [true, [{node_type, all}, nodedown_reason]]}, {monitor_nodes, [true, [z]]}, {get_net_ticktime, []},
                                          {set_net_ticktime, [20]}, {connect_node, [a@b]}, {hidden_connect_node, [a@b]}, {allow, [[a@b]]}, {longnames, []}, {stop, []}, {get_state, []}, {getopts, [a@b, []]}, {setopts, [a@b, []]}]],
    [call(net_adm, ping, [N]) || N <- [a@b, node()]],
    call(net_adm, world_list, [[]]),
    [call(application_controller, F, [A]) || F <- [get_loaded, get_master], A <- [nosuch]],
    value(environment, fun() -> ok = application:load({application, some, [{vsn, "1"}, {description, "it"}]}), ok = application_controller:set_env(some, k, 7),
                                {application:get_env(some, k), element(1, application_controller:get_loaded(some))} end).

files() ->
    value(ram, fun() ->
        {ok, F} = ram_file:open("abcdef", [read, write, binary]),
        Start = [ram_file:get_size(F), file:read(F, 2), ram_file:get_file(F), file:read(F, 2), file:write(F, <<"xyz">>), ram_file:get_size(F), file:pread(F, 0, 3), ram_file:get_file(F)],
        {ok, _} = file:position(F, 3),
        Start ++ [ram_file:truncate(F), ram_file:get_file(F), ram_file:pwrite(F, 5, "q"), ram_file:get_file(F), file:close(F)]
    end),
    value(empty, fun() -> {ok, F} = ram_file:open("", [read, write, binary]), {ram_file:get_size(F), ram_file:get_file(F), file:write(F, ["a", <<"b">>]), ram_file:get_file(F)} end),
    value(list, fun() -> {ok, F} = ram_file:open(<<"hello">>, [read]), {ram_file:get_file(F), file:read(F, 3), ram_file:write(F, "x")} end).
