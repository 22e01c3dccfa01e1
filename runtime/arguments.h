/* runtime/arguments.h
 * The plain arguments of the command line, for init:get_plain_arguments/0. Set once before the
 * first process; they stay valid until the end. */
#ifndef MUSTER_RUNTIME_ARGUMENTS_H
#define MUSTER_RUNTIME_ARGUMENTS_H

extern const char **muster_arguments; /* UTF-8 */
extern int muster_argument_count;

#endif
