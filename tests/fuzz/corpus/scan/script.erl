#!/usr/bin/env escript
%% -*- coding: latin-1 -*-
main(_) -> ~B"\x{41}", $\^A, 16#FF_FF, 1.0e-3.
