%% coffee_shop.erl: let it crash, and have someone there who puts it right.
%%
%%     make run            or            muster run examples/coffee_shop.erl
%%
%%                                manager
%%                     (traps exits: hears when a link breaks)
%%                       /                              \
%%                   cashier  ------ orders ------>  barista
%%                      ^                               |
%%                    order                           coffee
%%                      |                               v
%%                   customers  <-----------------------+
%%
%% Every person here is a process. The cashier takes an order and writes it on the board; the barista
%% takes orders from the board one by one, and the coffee goes straight to the customer. The barista
%% is not careful: a durian latte breaks the machine, and the barista's process ends with it.
%%
%% Nobody wrote code in the barista for that case. Instead the *manager* is linked to the staff. A
%% *link* ties two processes: when one ends abnormally, the other gets an exit signal and ends too,
%% unless it *traps exits*, as the manager does: then the signal arrives as a message
%% {'EXIT', Pid, Reason}, and the manager hires a new barista. That is all a supervisor is.
%%
%% Two things make the recovery complete, and both are about where the state lives. The orders not yet
%% served are the cashier's, not the barista's, so they survive; and an order that was in the
%% barista's hands is still on the board, for the new barista to look at first. (It must not be made
%% the same way again, or the shop would crash for ever: second attempts are made with oat milk.)
%%
%% All shared facts travel in messages; there is no lock in this file and no shared variable.
-module(coffee_shop).
-export([main/0, main/1]).

main(_) -> main().

main() ->
    say(shop, "opens", []),
    process_flag(trap_exit, true),
    Manager = self(),
    Cashier = spawn_link(fun() -> cashier([], none) end),
    Barista = hire(Cashier),
    Wishes = [{ann, espresso}, {bob, cappuccino}, {cat, 'durian latte'}, {dan, mocha},
              {eve, 'durian latte'}, {fay, 'flat white'}],
    Customers = [spawn_link(fun() -> customer(Name, Drink, Cashier, Manager) end) || {Name, Drink} <- Wishes],
    Crashes = manage(length(Customers), Cashier, Barista, 0),
    say(shop, "closes: ~b customers served, ~b baristas lost, 0 orders lost", [length(Customers), Crashes]).

%% ---- the manager: supervises, and counts the happy customers ------------------------------------

manage(0, Cashier, Barista, Crashes) ->
    dismiss(Barista),
    dismiss(Cashier),
    Crashes;
manage(Waiting, Cashier, Barista, Crashes) ->
    receive
        {happy, _Name} ->
            manage(Waiting - 1, Cashier, Barista, Crashes);
        {'EXIT', Barista, Reason} ->
            say(manager, "the barista is gone (~w), hiring another", [Reason]),
            manage(Waiting, Cashier, hire(Cashier), Crashes + 1);
        {'EXIT', Cashier, Reason} ->
            %% A shop without its order book cannot go on: the failure is passed upwards.
            exit({cashier_lost, Reason});
        {'EXIT', _Customer, normal} ->
            manage(Waiting, Cashier, Barista, Crashes)
    end.

hire(Cashier) ->
    Barista = spawn_link(fun() -> barista(Cashier) end),
    Cashier ! {new_barista, Barista},
    Barista.

dismiss(Pid) ->
    exit(Pid, shutdown),
    receive {'EXIT', Pid, shutdown} -> ok end.

%% ---- the cashier: owns the orders ------------------------------------------------------------------
%% Orders is the board, oldest first; each is {Number, Customer, Name, Drink, Attempt}. The first one
%% stays on the board until the barista says that it is done. Barista is none, {idle, Pid} or
%% {busy, Pid}.

cashier(Orders, Barista) ->
    receive
        {order, Customer, Name, Drink} ->
            say(cashier, "~s would like: ~s", [Name, Drink]),
            Customer ! {accepted, Drink},
            cashier(Orders ++ [{Customer, Name, Drink, 1}], Barista, work);
        {done, Pid} ->
            cashier(tl(Orders), {idle, Pid}, work);
        {new_barista, Pid} ->
            cashier(retry(Orders, Barista), {idle, Pid}, work)
    end.

%% Hand the oldest order to an idle barista.
cashier([Order | _] = Orders, {idle, Pid}, work) ->
    Pid ! {make, Order},
    cashier(Orders, {busy, Pid});
cashier(Orders, Barista, work) ->
    cashier(Orders, Barista).

%% The old barista fell over the oldest order: mark it.
retry([{Customer, Name, Drink, Attempt} | Rest], {busy, _}) -> [{Customer, Name, Drink, Attempt + 1} | Rest];
retry(Orders, _) -> Orders.

%% ---- the barista: works, and sometimes breaks --------------------------------------------------------

barista(Cashier) ->
    receive
        {make, {Customer, Name, Drink, Attempt}} ->
            Coffee = brew(Drink, Attempt),
            say(barista, "~s for ~s is ready", [Coffee, Name]),
            Customer ! {coffee, Coffee},
            Cashier ! {done, self()},
            barista(Cashier)
    end.

brew('durian latte', 1) ->
    pause(150),
    exit(machine_exploded);
brew('durian latte', _) ->
    pause(150),
    'durian oat latte';
brew(Drink, _) ->
    pause(100),
    Drink.

%% ---- a customer -----------------------------------------------------------------------------------------

customer(Name, Drink, Cashier, Manager) ->
    Cashier ! {order, self(), Name, Drink},
    receive {accepted, Drink} -> ok end,
    receive
        {coffee, Coffee} ->
            say(Name, "enjoys: ~s", [Coffee]),
            Manager ! {happy, Name}
    after 10000 ->
        exit({no_coffee_for, Name})
    end.

say(Who, Format, Arguments) ->
    io:format("~-8s ~s~n", [atom_to_list(Who), io_lib:format(Format, Arguments)]).

pause(Milliseconds) -> receive after Milliseconds -> ok end.
