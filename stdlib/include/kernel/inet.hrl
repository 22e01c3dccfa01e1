%% What inet:gethostbyname/1 and its kin tell of a host.
-record(hostent, {
    h_name :: inet:hostname(),
    h_aliases = [] :: [inet:hostname()],
    h_addrtype :: 'inet' | 'inet6',
    h_length :: non_neg_integer(), % of an address, in bytes
    h_addr_list = [] :: [inet:ip_address()]
}).
