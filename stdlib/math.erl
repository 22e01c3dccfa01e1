%% Mathematical functions. All are native.
-module(math).

-export([acos/1, acosh/1, asin/1, asinh/1, atan/1, atan2/2, atanh/1, ceil/1, cos/1, cosh/1, erf/1,
         erfc/1, exp/1, floor/1, fmod/2, log/1, log10/1, log2/1, pi/0, pow/2, sin/1, sinh/1,
         sqrt/1, tan/1, tanh/1, tau/0]).

-spec acos(number()) -> float().
acos(_) -> erlang:nif_error(undef).

-spec acosh(number()) -> float().
acosh(_) -> erlang:nif_error(undef).

-spec asin(number()) -> float().
asin(_) -> erlang:nif_error(undef).

-spec asinh(number()) -> float().
asinh(_) -> erlang:nif_error(undef).

-spec atan(number()) -> float().
atan(_) -> erlang:nif_error(undef).

-spec atan2(number(), number()) -> float().
atan2(_, _) -> erlang:nif_error(undef).

-spec atanh(number()) -> float().
atanh(_) -> erlang:nif_error(undef).

-spec ceil(number()) -> float().
ceil(_) -> erlang:nif_error(undef).

-spec cos(number()) -> float().
cos(_) -> erlang:nif_error(undef).

-spec cosh(number()) -> float().
cosh(_) -> erlang:nif_error(undef).

-spec erf(number()) -> float().
erf(_) -> erlang:nif_error(undef).

-spec erfc(number()) -> float().
erfc(_) -> erlang:nif_error(undef).

-spec exp(number()) -> float().
exp(_) -> erlang:nif_error(undef).

-spec floor(number()) -> float().
floor(_) -> erlang:nif_error(undef).

-spec fmod(number(), number()) -> float().
fmod(_, _) -> erlang:nif_error(undef).

-spec log(number()) -> float().
log(_) -> erlang:nif_error(undef).

-spec log10(number()) -> float().
log10(_) -> erlang:nif_error(undef).

-spec log2(number()) -> float().
log2(_) -> erlang:nif_error(undef).

-spec pi() -> float().
pi() -> erlang:nif_error(undef).

-spec pow(number(), number()) -> float().
pow(_, _) -> erlang:nif_error(undef).

-spec sin(number()) -> float().
sin(_) -> erlang:nif_error(undef).

-spec sinh(number()) -> float().
sinh(_) -> erlang:nif_error(undef).

-spec sqrt(number()) -> float().
sqrt(_) -> erlang:nif_error(undef).

-spec tan(number()) -> float().
tan(_) -> erlang:nif_error(undef).

-spec tanh(number()) -> float().
tanh(_) -> erlang:nif_error(undef).

-spec tau() -> float().
tau() -> erlang:nif_error(undef).
