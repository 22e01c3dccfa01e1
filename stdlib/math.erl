%% Mathematical functions. All are native.
-module(math).

-export([acos/1, acosh/1, asin/1, asinh/1, atan/1, atan2/2, atanh/1, ceil/1, cos/1, cosh/1, erf/1,
         erfc/1, exp/1, floor/1, fmod/2, log/1, log10/1, log2/1, pi/0, pow/2, sin/1, sinh/1,
         sqrt/1, tan/1, tanh/1, tau/0]).

%% Arc cosine.
-spec acos(number()) -> float().
acos(_) -> erlang:nif_error(undef).

%% Inverse hyperbolic cosine.
-spec acosh(number()) -> float().
acosh(_) -> erlang:nif_error(undef).

%% Arc sine.
-spec asin(number()) -> float().
asin(_) -> erlang:nif_error(undef).

%% Inverse hyperbolic sine.
-spec asinh(number()) -> float().
asinh(_) -> erlang:nif_error(undef).

%% Arc tangent.
-spec atan(number()) -> float().
atan(_) -> erlang:nif_error(undef).

%% Arc tangent of Y / X, in the quadrant of the point.
-spec atan2(number(), number()) -> float().
atan2(_, _) -> erlang:nif_error(undef).

%% Inverse hyperbolic tangent.
-spec atanh(number()) -> float().
atanh(_) -> erlang:nif_error(undef).

%% The smallest whole float that is not smaller.
-spec ceil(number()) -> float().
ceil(_) -> erlang:nif_error(undef).

%% Cosine; angles are in radians.
-spec cos(number()) -> float().
cos(_) -> erlang:nif_error(undef).

%% Hyperbolic cosine.
-spec cosh(number()) -> float().
cosh(_) -> erlang:nif_error(undef).

%% The error function.
-spec erf(number()) -> float().
erf(_) -> erlang:nif_error(undef).

%% 1 - erf(X), exact where that is small.
-spec erfc(number()) -> float().
erfc(_) -> erlang:nif_error(undef).

%% e to the power of X.
-spec exp(number()) -> float().
exp(_) -> erlang:nif_error(undef).

%% The largest whole float that is not larger.
-spec floor(number()) -> float().
floor(_) -> erlang:nif_error(undef).

%% What is left of X after division by Y, with the sign of X.
-spec fmod(number(), number()) -> float().
fmod(_, _) -> erlang:nif_error(undef).

%% Natural logarithm.
-spec log(number()) -> float().
log(_) -> erlang:nif_error(undef).

%% Logarithm to base 10.
-spec log10(number()) -> float().
log10(_) -> erlang:nif_error(undef).

%% Logarithm to base 2.
-spec log2(number()) -> float().
log2(_) -> erlang:nif_error(undef).

%% The ratio of a circle's circumference to its diameter.
-spec pi() -> float().
pi() -> erlang:nif_error(undef).

%% X to the power of N.
-spec pow(number(), number()) -> float().
pow(_, _) -> erlang:nif_error(undef).

%% Sine; angles are in radians.
-spec sin(number()) -> float().
sin(_) -> erlang:nif_error(undef).

%% Hyperbolic sine.
-spec sinh(number()) -> float().
sinh(_) -> erlang:nif_error(undef).

%% Square root.
-spec sqrt(number()) -> float().
sqrt(_) -> erlang:nif_error(undef).

%% Tangent; angles are in radians.
-spec tan(number()) -> float().
tan(_) -> erlang:nif_error(undef).

%% Hyperbolic tangent.
-spec tanh(number()) -> float().
tanh(_) -> erlang:nif_error(undef).

%% Twice pi.
-spec tau() -> float().
tau() -> erlang:nif_error(undef).
