%% The solar system, N steps: floating-point arithmetic in tuples.
-module(nbody).
-export([run/1, default/0]).

default() -> 350000.

-define(DT, 0.01).
-define(SOLAR, 39.47841760435743).

run(N) ->
    Bodies = loop(N, offset(bodies())),
    energy(Bodies, 0.0).

bodies() ->
    D = 365.24,
    [{0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ?SOLAR},
     {4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694 * D,
      0.00769901118419740425 * D, -0.0000690460016972063023 * D, 0.000954791938424326609 * ?SOLAR},
     {8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411 * D,
      0.00499852801234917238 * D, 0.0000230417297573763929 * D, 0.000285885980666130812 * ?SOLAR},
     {12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618 * D,
      0.00237847173959480950 * D, -0.0000296589568540237556 * D, 0.0000436624404335156298 * ?SOLAR},
     {15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322 * D,
      0.00162824170038242295 * D, -0.0000951592254519715870 * D, 0.0000515138902046611451 * ?SOLAR}].

offset(Bodies) ->
    {Px, Py, Pz} = lists:foldl(fun({_, _, _, Vx, Vy, Vz, M}, {X, Y, Z}) -> {X + Vx * M, Y + Vy * M, Z + Vz * M} end,
                               {0.0, 0.0, 0.0}, Bodies),
    [{X, Y, Z, _, _, _, M} | Rest] = Bodies,
    [{X, Y, Z, -Px / ?SOLAR, -Py / ?SOLAR, -Pz / ?SOLAR, M} | Rest].

loop(0, Bodies) -> Bodies;
loop(N, Bodies) -> loop(N - 1, move(advance(Bodies))).

advance([]) -> [];
advance([B | Rest]) ->
    {B2, Rest2} = pull(B, Rest, []),
    [B2 | advance(Rest2)].

pull(B, [], Done) -> {B, lists:reverse(Done)};
pull({X1, Y1, Z1, Vx1, Vy1, Vz1, M1}, [{X2, Y2, Z2, Vx2, Vy2, Vz2, M2} | Rest], Done) ->
    Dx = X1 - X2,
    Dy = Y1 - Y2,
    Dz = Z1 - Z2,
    D2 = Dx * Dx + Dy * Dy + Dz * Dz,
    Mag = ?DT / (D2 * math:sqrt(D2)),
    A = M2 * Mag,
    C = M1 * Mag,
    pull({X1, Y1, Z1, Vx1 - Dx * A, Vy1 - Dy * A, Vz1 - Dz * A, M1}, Rest,
         [{X2, Y2, Z2, Vx2 + Dx * C, Vy2 + Dy * C, Vz2 + Dz * C, M2} | Done]).

move([]) -> [];
move([{X, Y, Z, Vx, Vy, Vz, M} | Rest]) ->
    [{X + ?DT * Vx, Y + ?DT * Vy, Z + ?DT * Vz, Vx, Vy, Vz, M} | move(Rest)].

energy([], E) -> E;
energy([{X, Y, Z, Vx, Vy, Vz, M} | Rest], E) ->
    Kinetic = E + 0.5 * M * (Vx * Vx + Vy * Vy + Vz * Vz),
    energy(Rest, lists:foldl(
        fun({X2, Y2, Z2, _, _, _, M2}, Sum) ->
            Dx = X - X2,
            Dy = Y - Y2,
            Dz = Z - Z2,
            Sum - M * M2 / math:sqrt(Dx * Dx + Dy * Dy + Dz * Dz)
        end, Kinetic, Rest)).
