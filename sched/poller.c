/* sched/poller.c: see poller.h.
 *
 * What epoll hands back is not a pointer but the number of an entry and its generation: the thread
 * that waits is offline for memory reclamation, and the watch may be gone when it wakes. */
#include "sched/poller.h"

#include "proc/thread.h"
#include "runtime/term/mem.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct Watch {
    int fd;
    uint32_t entry, generation;
    volatile unsigned armed; /* events waited for; who swaps it to 0 handles the event */
    WatchReady *ready;
    void *state;
};

typedef struct Entry {
    Watch *watch; /* NULL: free */
    uint32_t generation;
    uint32_t next_free;
} Entry;

enum { EVENTS_AT_ONCE = 128, NO_ENTRY = -1 };
#define INTERRUPT_DATA UINT64_MAX

static int epoll_fd = -1, interrupt_fd = -1;
/* Under the lock. */
static Lock entries_lock;
static Entry *entries;
static uint32_t entry_capacity, entry_top, first_free = (uint32_t) NO_ENTRY;
static volatile AO_t watch_count;
static volatile unsigned interrupted; /* the eventfd was written: one write is enough */

void poller_init(void)
{
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    interrupt_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    AO_int_store(&interrupted, 0);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = INTERRUPT_DATA};
    if (epoll_fd < 0 || interrupt_fd < 0 ||
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, interrupt_fd, &event) != 0) {
        machine_stop("cannot set up epoll: %s", strerror(errno));
    }
}

void poller_finish(void)
{
    for (uint32_t i = 0; i < entry_top; i++) {
        Watch *watch = entries[i].watch;
        if (watch != NULL) {
            watch->ready(watch, POLL_GONE, watch->state);
        }
    }
    close(epoll_fd);
    close(interrupt_fd);
    epoll_fd = interrupt_fd = -1;
}

void poller_interrupt(void)
{
    /* Full: whoever clears the mark looks again at what made us write. */
    if (AO_int_compare_and_swap_full(&interrupted, 0, 1)) {
        uint64_t one = 1;
        ssize_t written = write(interrupt_fd, &one, sizeof one);
        (void) written; /* it can only be full, which wakes as well */
    }
}

static void interrupt_came(void)
{
    uint64_t count;
    ssize_t got = read(interrupt_fd, &count, sizeof count);
    (void) got;
    AO_int_store_release(&interrupted, 0);
}

/* ---- watches ---- */

static void enter(Watch *watch)
{
    lock_acquire(&entries_lock);
    uint32_t entry = first_free;
    if (entry != (uint32_t) NO_ENTRY) {
        first_free = entries[entry].next_free;
    } else {
        if (entry_top == entry_capacity) {
            entry_capacity = entry_capacity == 0 ? 64 : 2 * entry_capacity;
            entries = mem_realloc(entries, entry_capacity * sizeof *entries);
        }
        entry = entry_top++;
        entries[entry].generation = 0;
    }
    entries[entry].watch = watch;
    watch->entry = entry;
    watch->generation = entries[entry].generation;
    lock_release(&entries_lock);
    AO_fetch_and_add_full(&watch_count, 1);
}

static void leave(Watch *watch)
{
    lock_acquire(&entries_lock);
    Entry *entry = &entries[watch->entry];
    entry->watch = NULL;
    entry->generation++;
    entry->next_free = first_free;
    first_free = watch->entry;
    lock_release(&entries_lock);
    AO_fetch_and_add_full(&watch_count, (AO_t) -1);
}

static uint64_t data_of(const Watch *watch)
{
    return ((uint64_t) watch->generation << 32) | watch->entry;
}

/* Inside an epoch. NULL: removed meanwhile. */
static Watch *watch_of(uint64_t data)
{
    lock_acquire(&entries_lock);
    uint32_t at = (uint32_t) data;
    Watch *watch =
        at < entry_top && entries[at].generation == data >> 32 ? entries[at].watch : NULL;
    lock_release(&entries_lock);
    return watch;
}

Watch *poller_add(int fd, WatchReady *ready, void *state)
{
    Watch *watch = mem_alloc_zero(sizeof *watch);
    watch->fd = fd;
    watch->ready = ready;
    watch->state = state;
    enter(watch);
    struct epoll_event event = {.events = EPOLLONESHOT, .data.u64 = data_of(watch)};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        int error = errno;
        leave(watch);
        mem_free(watch);
        errno = error;
        return NULL;
    }
    return watch;
}

void poller_arm(Watch *watch, unsigned events)
{
    struct epoll_event event = {.events = EPOLLONESHOT, .data.u64 = data_of(watch)};
    event.events |= events & POLL_READ ? EPOLLIN | EPOLLRDHUP : 0;
    event.events |= events & POLL_WRITE ? EPOLLOUT : 0;
    /* Release, for handle: what the caller prepared for `ready`. */
    AO_int_store_release(&watch->armed, events | POLL_ERROR);
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, watch->fd, &event);
}

static void free_watch(void *watch)
{
    mem_free(watch);
}

void poller_remove(Watch *watch)
{
    epoll_ctl(epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
    AO_int_store_release(&watch->armed, 0);
    leave(watch);
    thread_retire(watch, free_watch);
}

size_t poller_count(void)
{
    return AO_load(&watch_count);
}

/* ---- waiting ---- */

static bool handle(const struct epoll_event *event)
{
    Watch *watch = watch_of(event->data.u64);
    if (watch == NULL) {
        return false;
    }
    unsigned armed;
    do {
        armed = AO_int_load(&watch->armed);
        if (armed == 0) {
            return false; /* an error before anyone waited: told when armed */
        }
    } while (!AO_int_compare_and_swap_full(&watch->armed, armed, 0));
    unsigned events = event->events & (EPOLLERR | EPOLLHUP) ? POLL_ERROR : 0;
    events |= event->events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR) ? POLL_READ : 0;
    events |= event->events & (EPOLLOUT | EPOLLHUP | EPOLLERR) ? POLL_WRITE : 0;
    watch->ready(watch, events & armed, watch->state);
    return true;
}

static int wait_events(struct epoll_event events[], uint64_t timeout_ns)
{
    if (timeout_ns == 0 || timeout_ns == UINT64_MAX) {
        return epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, timeout_ns == 0 ? 0 : -1);
    }
    static volatile unsigned coarse; /* the system has no epoll_pwait2 */
    if (!AO_int_load(&coarse)) {
        struct timespec timeout = {(time_t) (timeout_ns / 1000000000),
                                   (long) (timeout_ns % 1000000000)};
        int count = epoll_pwait2(epoll_fd, events, EVENTS_AT_ONCE, &timeout, NULL);
        if (count >= 0 || errno != ENOSYS) {
            return count;
        }
        AO_int_store(&coarse, 1);
    }
    uint64_t ms = (timeout_ns + 999999) / 1000000;
    return epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, ms > INT32_MAX ? INT32_MAX : (int) ms);
}

size_t poller_poll(uint64_t timeout_ns)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    if (timeout_ns != 0) {
        thread_offline();
    }
    int count = wait_events(events, timeout_ns);
    if (timeout_ns != 0) {
        thread_online();
    }
    size_t handled = 0;
    for (int i = 0; i < count; i++) {
        if (events[i].data.u64 != INTERRUPT_DATA) {
            handled += handle(&events[i]);
        } else if (timeout_ns != 0) {
            /* Who only looks leaves it: taken from under the one who waits, it would wake nobody.
             */
            interrupt_came();
        }
    }
    return handled;
}
