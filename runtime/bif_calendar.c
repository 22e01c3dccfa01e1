/* runtime/bif_calendar.c
 * Dates: the proleptic Gregorian calendar by arithmetic, the local time zone from World. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/term/world.h"

typedef struct DateTime {
    int64_t year, month, day, hour, minute, second;
} DateTime;

enum { DAY_SECONDS = 86400 };

/* Days since 1970-01-01: years are counted from March, so that the leap day comes last. */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static DateTime datetime_of(int64_t seconds)
{
    int64_t days = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;
    if (rest < 0) {
        days--;
        rest += DAY_SECONDS;
    }
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    return (DateTime){
        .year = year_of_era + era * 400 + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
        .hour = rest / 3600,
        .minute = rest / 60 % 60,
        .second = rest % 60,
    };
}

static int64_t seconds_of(const DateTime *at)
{
    return days_from_date(at->year, at->month, at->day) * DAY_SECONDS + at->hour * 3600 +
           at->minute * 60 + at->second;
}

static int64_t days_in_month(int64_t year, int64_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* ---- terms ---- */

static Term date_term(Process *p, const DateTime *at)
{
    return make_tuple3(bif_space(p), term_small(at->year), term_small(at->month),
                       term_small(at->day));
}
static Term time_term(Process *p, const DateTime *at)
{
    return make_tuple3(bif_space(p), term_small(at->hour), term_small(at->minute),
                       term_small(at->second));
}
static Term datetime_term(Process *p, int64_t seconds)
{
    DateTime at = datetime_of(seconds);
    Term date = date_term(p, &at);
    return make_tuple2(bif_space(p), date, time_term(p, &at));
}

static bool three_numbers(Term t, int64_t out[3])
{
    if (!tuple_is(t, 3)) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        if (!term_to_int64(tuple_elements(t)[i], &out[i])) {
            return false;
        }
    }
    return true;
}

/* The years that the calendar's built-ins take: as erl's. */
enum { YEAR_LEAST = 1600, LOCAL_YEAR_LEAST = 1902, YEAR_MOST = 67767978 };

static bool datetime_from(Term t, int64_t year_least, DateTime *out)
{
    int64_t date[3], time[3];
    if (!tuple_is(t, 2) || !three_numbers(tuple_elements(t)[0], date) ||
        !three_numbers(tuple_elements(t)[1], time)) {
        return false;
    }
    if (date[0] < year_least || date[0] > YEAR_MOST || date[1] < 1 || date[1] > 12 || date[2] < 1 ||
        date[2] > days_in_month(date[0], date[1])) {
        return false;
    }
    if (time[0] < 0 || time[0] > 23 || time[1] < 0 || time[1] > 59 || time[2] < 0 || time[2] > 59) {
        return false;
    }
    *out = (DateTime){date[0], date[1], date[2], time[0], time[1], time[2]};
    return true;
}

/* ---- now ---- */

static int64_t local_now(void)
{
    int64_t seconds = (int64_t) (world_system_ns() / 1000000000);
    return seconds + world_utc_offset(seconds, &(bool){false});
}

Term bif_date(Process *p, const Term args[])
{
    DateTime at = datetime_of(local_now());
    return date_term(p, &at);
}
Term bif_time(Process *p, const Term args[])
{
    DateTime at = datetime_of(local_now());
    return time_term(p, &at);
}
Term bif_localtime(Process *p, const Term args[])
{
    return datetime_term(p, local_now());
}
Term bif_universaltime(Process *p, const Term args[])
{
    return datetime_term(p, (int64_t) (world_system_ns() / 1000000000));
}

/* ---- conversions ---- */

Term bif_universaltime_to_localtime(Process *p, const Term args[])
{
    DateTime at;
    if (!datetime_from(args[0], LOCAL_YEAR_LEAST, &at)) {
        return bif_badarg(p);
    }
    int64_t seconds = seconds_of(&at);
    return datetime_term(p, seconds + world_utc_offset(seconds, &(bool){false}));
}

/* The moment that a local clock shows as `local` seconds. Where it shows it twice, `want_dst` (-1:
 * either) says which; a clock that never shows it is read as if it had not been changed. */
static int64_t utc_of_local(int64_t local, int want_dst)
{
    static const int64_t days_around[] = {0, -1, 1, -183, 183};
    int64_t fallback = 0;
    bool have_fallback = false;
    for (size_t i = 0; i < COUNT_OF(days_around); i++) {
        bool near_dst, is_dst;
        int64_t near = local + days_around[i] * DAY_SECONDS;
        int64_t offset = world_utc_offset(near, &near_dst);
        int64_t utc = local - offset;
        bool shown = world_utc_offset(utc, &is_dst) == offset;
        if (want_dst >= 0 ? near_dst == (want_dst == 1) : shown) {
            return utc;
        }
        if (!have_fallback) {
            fallback = utc;
            have_fallback = true;
        }
    }
    /* A zone without summer time: the hour is taken off all the same, as mktime does. */
    return want_dst == 1 ? fallback - 3600 : fallback;
}

static Term localtime_to_universaltime(Process *p, Term datetime, int want_dst)
{
    DateTime at;
    return datetime_from(datetime, LOCAL_YEAR_LEAST, &at)
               ? datetime_term(p, utc_of_local(seconds_of(&at), want_dst))
               : bif_badarg(p);
}

Term bif_localtime_to_universaltime1(Process *p, const Term args[])
{
    return localtime_to_universaltime(p, args[0], -1);
}

Term bif_localtime_to_universaltime2(Process *p, const Term args[])
{
    switch (args[1]) {
    case ATOM_true:
        return localtime_to_universaltime(p, args[0], 1);
    case ATOM_false:
        return localtime_to_universaltime(p, args[0], 0);
    case ATOM_undefined:
        return localtime_to_universaltime(p, args[0], -1);
    default:
        return bif_badarg(p);
    }
}

Term bif_posixtime_to_universaltime(Process *p, const Term args[])
{
    int64_t seconds;
    if (!term_to_int64(args[0], &seconds)) {
        return bif_badarg(p);
    }
    return datetime_term(p, seconds);
}

Term bif_universaltime_to_posixtime(Process *p, const Term args[])
{
    DateTime at;
    return datetime_from(args[0], YEAR_LEAST, &at) ? make_int64(bif_space(p), seconds_of(&at))
                                                   : bif_badarg(p);
}
