{application, myapp, [{description,"My app"},{vsn,"1.2"},{modules,[myapp,apw]},{registered,[]},{applications,[kernel,stdlib,dep]},{env,[{a,1},{b,"two"}]},{mod,{myapp,[arg]}}]}.
