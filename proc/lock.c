/* proc/lock.c
 * The slow side of Lock, and the futex system call.
 *
 * A lock that is held is waited for by spinning a little, since critical sections are short, then
 * by sleeping on its word. State 2 says that somebody may sleep, so release must wake one. */
#include "proc/atomic.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SPINS = 100 };

void futex_wait(volatile unsigned *word, unsigned expected, uint64_t timeout_ns)
{
    struct timespec timeout = {(time_t) (timeout_ns / 1000000000),
                               (long) (timeout_ns % 1000000000)};
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected,
            timeout_ns == UINT64_MAX ? NULL : &timeout, NULL, 0);
}

void futex_wake(volatile unsigned *word, int count)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

void lock_acquire_slow(Lock *lock)
{
    for (int i = 0; i < SPINS; i++) {
        if (AO_int_load(&lock->state) == 0 && AO_int_compare_and_swap_acquire(&lock->state, 0, 1)) {
            return;
        }
        cpu_relax();
    }
    for (;;) {
        unsigned state = AO_int_load(&lock->state);
        if (state == 0) {
            /* Taken as 2: others may sleep still. At worst one wake-up too many. */
            if (AO_int_compare_and_swap_acquire(&lock->state, 0, 2)) {
                return;
            }
        } else if (state == 2 || AO_int_compare_and_swap_full(&lock->state, 1, 2)) {
            futex_wait(&lock->state, 2, UINT64_MAX);
        }
    }
}

void lock_release_slow(Lock *lock)
{
    ASSERT(AO_int_load(&lock->state) == 2);
    AO_int_store_release(&lock->state, 0); /* pairs with the acquiring compare-and-swap */
    futex_wake(&lock->state, 1);
}
