%% Logging by macros: the arguments are evaluated only when the level is allowed for the module, and
%% the place is told.
-ifndef(LOGGER_HRL).
-define(LOGGER_HRL, true).

-define(LOG_EMERGENCY(What), ?DO_LOG(emergency, [What])).
-define(LOG_EMERGENCY(Format, Args), ?DO_LOG(emergency, [Format, Args])).
-define(LOG_EMERGENCY(Format, Args, Meta), ?DO_LOG(emergency, [Format, Args, Meta])).

-define(LOG_ALERT(What), ?DO_LOG(alert, [What])).
-define(LOG_ALERT(Format, Args), ?DO_LOG(alert, [Format, Args])).
-define(LOG_ALERT(Format, Args, Meta), ?DO_LOG(alert, [Format, Args, Meta])).

-define(LOG_CRITICAL(What), ?DO_LOG(critical, [What])).
-define(LOG_CRITICAL(Format, Args), ?DO_LOG(critical, [Format, Args])).
-define(LOG_CRITICAL(Format, Args, Meta), ?DO_LOG(critical, [Format, Args, Meta])).

-define(LOG_ERROR(What), ?DO_LOG(error, [What])).
-define(LOG_ERROR(Format, Args), ?DO_LOG(error, [Format, Args])).
-define(LOG_ERROR(Format, Args, Meta), ?DO_LOG(error, [Format, Args, Meta])).

-define(LOG_WARNING(What), ?DO_LOG(warning, [What])).
-define(LOG_WARNING(Format, Args), ?DO_LOG(warning, [Format, Args])).
-define(LOG_WARNING(Format, Args, Meta), ?DO_LOG(warning, [Format, Args, Meta])).

-define(LOG_NOTICE(What), ?DO_LOG(notice, [What])).
-define(LOG_NOTICE(Format, Args), ?DO_LOG(notice, [Format, Args])).
-define(LOG_NOTICE(Format, Args, Meta), ?DO_LOG(notice, [Format, Args, Meta])).

-define(LOG_INFO(What), ?DO_LOG(info, [What])).
-define(LOG_INFO(Format, Args), ?DO_LOG(info, [Format, Args])).
-define(LOG_INFO(Format, Args, Meta), ?DO_LOG(info, [Format, Args, Meta])).

-define(LOG_DEBUG(What), ?DO_LOG(debug, [What])).
-define(LOG_DEBUG(Format, Args), ?DO_LOG(debug, [Format, Args])).
-define(LOG_DEBUG(Format, Args, Meta), ?DO_LOG(debug, [Format, Args, Meta])).

-define(LOG(Level, What), ?DO_LOG(Level, [What])).
-define(LOG(Level, Format, Args), ?DO_LOG(Level, [Format, Args])).
-define(LOG(Level, Format, Args, Meta), ?DO_LOG(Level, [Format, Args, Meta])).

-define(LOCATION, #{mfa => {?MODULE, ?FUNCTION_NAME, ?FUNCTION_ARITY}, line => ?LINE, file => ?FILE}).
-define(DO_LOG(Level, Args),
        case logger:allow(Level, ?MODULE) of
            true -> erlang:apply(logger, macro_log, [?LOCATION, Level | Args]);
            false -> ok
        end).

-endif.
