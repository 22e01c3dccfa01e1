%% re: compiling, running, captures, replacing, splitting.
-module(re_diff).
-include("diff.hrl").


run() ->
    compiled_and_not(),
    latin1_letters(),
    hyphens_after_classes(),
    value(1, fun() -> re:run("abcd","b(c)") end),
    value(2, fun() -> re:run(<<"abcd">>,"b(c)",[{capture,all,binary}]) end),
    value(3, fun() -> re:run("abcd","b(c)(x)?",[{capture,all,list}]) end),
    value(4, fun() -> re:run("abcd","b(c)(x)?") end),
    value(5, fun() -> re:run("abcd","b(c)(x)?(d)") end),
    value(6, fun() -> re:run("abcd","b(c)(x)?(d)",[{capture,all,index}]) end),
    value(7, fun() -> re:run("abcd","b(c)",[{capture,none}]) end),
    value(8, fun() -> re:run("abcd","z") end),
    value(9, fun() -> re:run("abcd","z",[{capture,none}]) end),
    value(10, fun() -> re:run("abcd","b(") end),
    value(11, fun() -> re:run("abab","a(b)",[global]) end),
    value(12, fun() -> re:run("abab","a(b)",[global,{capture,first,list}]) end),
    value(13, fun() -> re:run("abab","a(b)",[global,{capture,all_but_first,binary}]) end),
    value(14, fun() -> re:run("abcd","(?<x>b)(?<y>c)",[{capture,[x,y],list}]) end),
    value(15, fun() -> re:run("abcd","(?<x>b)(?<y>c)",[{capture,["x",2,5],list}]) end),
    value(16, fun() -> re:run("abcd","(?<y>b)(?<x>c)",[{capture,all_names,list}]) end),
    value(17, fun() -> re:run("abcd","b",[{offset,2}]) end),
    value(18, fun() -> re:run("abcd","b",[foo]) end),
    value(19, fun() -> re:run(a,"b") end),
    value(20, fun() -> re:run([1024,$b],"b") end),
    value(21, fun() -> re:run([1024,$b],"b",[unicode]) end),
    value(22, fun() -> re:run([1024,$b],[1024],[unicode,{capture,all,list}]) end),
    value(23, fun() -> re:run([1024,$b],[1024],[unicode,{capture,all,binary}]) end),
    value(24, fun() -> re:run([1024,$b],".",[unicode]) end),
    value(25, fun() -> re:run(<<255>>,".",[unicode]) end),
    value(26, fun() -> re:compile("a(") end),
    value(27, fun() -> re:compile("a[",[caseless]) end),
    value(28, fun() -> element(1,element(2,re:compile("ab",[unicode]))) end),
    value(29, fun() -> element(2,element(2,re:compile("a(b)(c)",[unicode]))) end),
    value(30, fun() -> element(3,element(2,re:compile("ab",[unicode]))) end),
    value(31, fun() -> element(4,element(2,re:compile("ab",[unicode]))) end),
    value(32, fun() -> re:compile("ab",[foo]) end),
    value(33, fun() -> re:compile(a) end),
    value(34, fun() -> re:run("ABC","abc",[caseless]) end),
    value(35, fun() -> re:run("a\nb","^b",[multiline]) end),
    value(36, fun() -> re:run("aaa","a*?",[]) end),
    value(37, fun() -> re:run("aaa","a*?",[ungreedy]) end),
    value(38, fun() -> re:run("aaa","",[global]) end),
    value(39, fun() -> re:run("ab","x*",[global]) end),
    value(40, fun() -> re:replace("abcd","c","[&]") end),
    value(41, fun() -> re:replace("abcd","c","[&]",[{return,list}]) end),
    value(42, fun() -> re:replace("abcd","[bc]","x",[global,{return,binary}]) end),
    value(43, fun() -> re:replace("abcd","(b)(c)","\\2\\1",[{return,list}]) end),
    value(44, fun() -> re:replace("abcd","(b)(c)","\\g2\\g{1}",[{return,list}]) end),
    value(45, fun() -> re:replace("abcd","z","x") end),
    value(46, fun() -> re:replace("abcd","z","x",[{return,list}]) end),
    value(47, fun() -> re:replace("abcd","","-",[global,{return,list}]) end),
    value(48, fun() -> re:replace("abcd","b","\\&",[{return,list}]) end),
    value(49, fun() -> re:replace("abcd","b","x",[global]) end),
    value(50, fun() -> re:replace("abcd","b","x",[{return,iodata}]) end),
    value(51, fun() -> re:replace([1024,$b],"b",[1025],[unicode,{return,list}]) end),
    value(52, fun() -> re:replace([1024,$b],"b",[1025],[unicode,{return,binary}]) end),
    value(53, fun() -> re:split("a,b,c",",") end),
    value(54, fun() -> re:split("a,b,c",",",[{return,list}]) end),
    value(55, fun() -> re:split("a,b,c","(,)",[{return,list}]) end),
    value(56, fun() -> re:split("a,b,c",",",[{parts,2},{return,list}]) end),
    value(57, fun() -> re:split("a,b,c,,",",",[trim,{return,list}]) end),
    value(58, fun() -> re:split("a,b,c,,",",",[{return,list}]) end),
    value(59, fun() -> re:split("abc","",[{return,list}]) end),
    value(60, fun() -> re:split("abc","",[{return,list},trim]) end),
    value(61, fun() -> re:split("a,b,c","(,)",[group,{return,list}]) end),
    value(62, fun() -> re:split("a,b,c",",",[group,{return,list}]) end),
    value(63, fun() -> re:split("",",",[{return,list}]) end),
    value(64, fun() -> re:split("",",",[{return,list},trim]) end),
    value(65, fun() -> re:split([1024,$,,$b],",",[unicode]) end),
    value(66, fun() -> re:split([1024,$,,$b],",",[unicode,{return,list}]) end),
    value(67, fun() -> re:split("a1b2c","[0-9]",[{parts,infinity}]) end),
    value(68, fun() -> re:split("aXbxc","x",[caseless]) end),
    value(69, fun() -> re:inspect(element(2,re:compile("(?<b>x)(?<a>y)")),namelist) end),
    value(70, fun() -> re:run("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","(a+)+$b") end),
    value(71, fun() -> re:run("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","(a+)+$b",[report_errors]) end),
    value(72, fun() -> re:run("aaaaaaaa","(a+)+b",[{match_limit,5},report_errors]) end),
    value(73, fun() -> re:run("aaaaaaaa","(a+)+b",[{match_limit,5}]) end),
    value(74, fun() -> re:run("ab","a",[anchored]) end),
    value(75, fun() -> re:run("ba","a",[anchored]) end),
    value(76, fun() -> re:run("ab","b$",[notempty]) end),
    value(77, fun() -> re:run("abc\r\nd","c$",[{newline,crlf},multiline]) end),
    value(78, fun() -> re:run("abc","(a)|(b)|(c)",[global,{capture,all,list}]) end),
    value(79, fun() -> re:run("cccb","(a)?(b)?c",[{capture,all,list}]) end),
    value(80, fun() -> re:run("b","(a)|(b)",[{capture,[1,2],index}]) end),
    value(81, fun() -> re:run("b","(a)|(b)",[{capture,[1,2],list}]) end),
    value(82, fun() -> re:run("b","(a)|(b)",[{capture,[1,2],binary}]) end),
    value(83, fun() -> re:run("abc","b",[{capture,first}]) end),
    value(84, fun() -> re:run("abc","b",[{capture,[]}]) end),
    value(85, fun() -> re:run("abc","b",[{capture,all,foo}]) end).

%% A hyphen after a class is a hyphen; errors are told where they are in what was written.
hyphens_after_classes() ->
    [value({Pattern, Subject}, fun() -> re:run(Subject, Pattern, [{capture, all, list}]) end)
     || Pattern <- ["[\\d-z]+", "[\\w-.]+@", "[[:alpha:]-\\d]+", "[\\d-\\.]+", "[\\pL-x]", "[^\\d-x]+", "[\\\\-a]+"],
        Subject <- ["12-34z", "a-b.c@x", "--", "\\-a"]],
    [value(Pattern, fun() -> {error, _} = re:compile(Pattern) end)
     || Pattern <- ["[\\w-\\d-z]+(", "[\\w-x", "[z-a]"]].

%% Which options a compiled pattern may be run with, and what replace and split may be given.
compiled_and_not() ->
    {ok, P} = re:compile("(p)"),
    {ok, U} = re:compile("(p)", [unicode]),
    [value({Function, Name, Options},
           fun() ->
               case Function of
                   replace -> re:replace("apa", Pattern, "x", Options);
                   split -> re:split("apa", Pattern, Options);
                   run -> re:run("apa", Pattern, Options)
               end
           end)
     || {Name, Pattern} <- [{compiled, P}, {unicode, U}, {text, "(p)"}],
        Function <- [replace, split, run],
        Option <- [unicode, caseless, anchored, {newline, lf}, global, notbol, {return, list}, trim, group, dotall, bsr_unicode,
                   ucp, never_utf, no_start_optimize, report_errors, {capture, all}, {capture, first, list}, firstline, dupnames,
                   {match_limit, 100}, {offset, 1}, {parts, 2}, foo],
        Options <- [[Option], [global, Option]]],
    {ok, Names} = re:compile("(?<A>A)|(?<B>B)|(?<A>C).", [dupnames]),
    value(names, fun() -> re:inspect(Names, namelist) end).

%% Characters from 128 to 255 are letters without ucp, too.
latin1_letters() ->
    [value({letter, C, Pattern, Options}, fun() -> re:run([C, $a], Pattern, Options) end)
     || C <- [16#AA, 16#B5, 16#D7, 16#E5, 16#F7, 16#FF, 1024], Pattern <- ["\\w", "\\W", "^\\w", "[\\w]", "\\wa", "x?\\w", "\\s|\\w"],
        Options <- [[unicode], [unicode, ucp], [unicode, caseless]]].
