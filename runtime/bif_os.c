/* runtime/bif_os.c
 * The environment of the operating system process. The C library's environment is not safe for
 * threads: one lock guards it. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/port_program.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

extern char **environ;
static pthread_mutex_t environment_lock = PTHREAD_MUTEX_INITIALIZER;

char **environment_copy(void)
{
    pthread_mutex_lock(&environment_lock);
    size_t count = 0;
    while (environ != NULL && environ[count] != NULL) {
        count++;
    }
    char **copy = mem_alloc((count + 1) * sizeof *copy);
    for (size_t i = 0; i < count; i++) {
        copy[i] = mem_copy_string(environ[i]);
    }
    copy[count] = NULL;
    pthread_mutex_unlock(&environment_lock);
    return copy;
}

/* Text of the system as a list: of code points when it is UTF-8, else of bytes. */
static Term system_text(Process *p, const char *text)
{
    size_t size = strlen(text);
    for (size_t at = 0, used; at < size; at += used) {
        if (utf8_decode((const uint8_t *) text + at, size - at, &used) < 0) {
            return make_string_latin1(bif_space(p), text, size);
        }
    }
    return make_string_utf8(bif_space(p), text, size);
}

/* A name of a variable; NULL: it is none. */
static char *variable_name(Term t)
{
    char *name = term_is_list(t) ? term_to_utf8(t, NULL) : NULL;
    if (name != NULL && strchr(name, '=') != NULL) {
        mem_free(name);
        return NULL;
    }
    return name;
}

Term bif_os_getenv0(Process *p, const Term args[])
{
    pthread_mutex_lock(&environment_lock);
    size_t count = 0;
    while (environ != NULL && environ[count] != NULL) {
        count++;
    }
    Term list = TERM_NIL;
    while (count-- > 0) {
        list = make_cons(bif_space(p), system_text(p, environ[count]), list);
    }
    pthread_mutex_unlock(&environment_lock);
    return list;
}

Term bif_os_getenv1(Process *p, const Term args[])
{
    char *name = variable_name(args[0]);
    if (name == NULL) {
        return bif_badarg(p);
    }
    pthread_mutex_lock(&environment_lock);
    const char *value = getenv(name);
    Term result = value == NULL ? ATOM_false : system_text(p, value);
    pthread_mutex_unlock(&environment_lock);
    mem_free(name);
    return result;
}

Term bif_os_putenv(Process *p, const Term args[])
{
    char *name = variable_name(args[0]);
    char *value = term_is_list(args[1]) ? term_to_utf8(args[1], NULL) : NULL;
    int failed = 1;
    if (name != NULL && value != NULL) {
        pthread_mutex_lock(&environment_lock);
        failed = setenv(name, value, 1);
        pthread_mutex_unlock(&environment_lock);
    }
    mem_free(name);
    mem_free(value);
    return failed ? bif_badarg(p) : ATOM_true;
}

Term bif_os_unsetenv(Process *p, const Term args[])
{
    char *name = variable_name(args[0]);
    if (name == NULL) {
        return bif_badarg(p);
    }
    pthread_mutex_lock(&environment_lock);
    int failed = unsetenv(name);
    pthread_mutex_unlock(&environment_lock);
    mem_free(name);
    return failed ? bif_badarg(p) : ATOM_true;
}

Term bif_os_getpid(Process *p, const Term args[])
{
    char text[24];
    int size = snprintf(text, sizeof text, "%d", (int) getpid());
    return make_string_latin1(bif_space(p), text, (size_t) size);
}

Term bif_os_type(Process *p, const Term args[])
{
    return make_tuple2(bif_space(p), atom_of("unix"), atom_of("linux"));
}

Term bif_os_version(Process *p, const Term args[])
{
    struct utsname name;
    unsigned v[3] = {0};
    if (uname(&name) == 0) {
        sscanf(name.release, "%u.%u.%u", &v[0], &v[1], &v[2]);
    }
    return make_tuple3(bif_space(p), term_small(v[0]), term_small(v[1]), term_small(v[2]));
}
