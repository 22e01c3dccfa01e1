{application, dep, [{description,"Dep"},{vsn,"0.1"},{modules,[]},{registered,[]},{applications,[kernel,stdlib]}]}.
