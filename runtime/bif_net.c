/* runtime/bif_net.c
 * What the system knows of hosts and of this machine's interfaces, for stdlib/inet.erl.
 *
 * Name services may block for seconds, so all is asked on the blocking pool. An answer is bytes,
 * which the Erlang side takes apart: the jobs build no terms, and an answer of any length is one
 * binary. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/job.h"

#include <ifaddrs.h>
#include <limits.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct NetJob {
    Job base;   /* first */
    char *name; /* of a host */
    int family;
    union {
        struct sockaddr any;
        struct sockaddr_in ip4;
        struct sockaddr_in6 ip6;
    } address;
    socklen_t address_size;
    /* results */
    int failed; /* EAI_…; 0: fine */
    ByteBuffer bytes;
} NetJob;

static void bytes_add(ByteBuffer *buffer, const void *bytes, size_t size)
{
    if (buffer->capacity_bytes - buffer->size_bytes < size) {
        buffer->capacity_bytes = (buffer->capacity_bytes + size) * 2 + 64;
        buffer->bytes = mem_realloc(buffer->bytes, buffer->capacity_bytes);
    }
    memcpy(buffer->bytes + buffer->size_bytes, bytes, size);
    buffer->size_bytes += size;
}

static void bytes_add_u8(ByteBuffer *buffer, size_t value)
{
    uint8_t byte = (uint8_t) value;
    ASSERT(value <= UINT8_MAX);
    bytes_add(buffer, &byte, 1);
}

/* The address in a socket's address: 4, 16 or (of hardware) up to 8 bytes; *size 0: none of these.
 */
static const void *address_bytes(const struct sockaddr *address, size_t *size)
{
    *size = 0;
    switch (address == NULL ? AF_UNSPEC : address->sa_family) {
    case AF_INET:
        *size = sizeof(struct in_addr);
        return &((const struct sockaddr_in *) address)->sin_addr;
    case AF_INET6:
        *size = sizeof(struct in6_addr);
        return &((const struct sockaddr_in6 *) address)->sin6_addr;
    case AF_PACKET:
        *size = ((const struct sockaddr_ll *) address)->sll_halen;
        return ((const struct sockaddr_ll *) address)->sll_addr;
    default:
        return "";
    }
}

static void bytes_add_address(ByteBuffer *buffer, const struct sockaddr *address)
{
    size_t size;
    const void *bytes = address_bytes(address, &size);
    bytes_add_u8(buffer, size);
    bytes_add(buffer, bytes, size);
}

static Term net_answer(Job *base, Space *space)
{
    NetJob *job = (NetJob *) base;
    if (job->failed != 0) {
        bool later = job->failed == EAI_AGAIN;
        return make_tuple2(space, ATOM_error, atom_of(later ? "try_again" : "nxdomain"));
    }
    return make_tuple2(space, ATOM_ok, make_binary(space, job->bytes.bytes, job->bytes.size_bytes));
}

static void net_finish(Job *base)
{
    NetJob *job = (NetJob *) base;
    mem_free(job->name);
    mem_free(job->bytes.bytes);
    mem_free(job);
}

static NetJob *net_job(void (*work)(Job *job))
{
    NetJob *job = mem_alloc_zero(sizeof *job);
    job->base.work = work;
    job->base.answer = net_answer;
    job->base.finish = net_finish;
    return job;
}

static Term net_badarg(Process *p, NetJob *job)
{
    net_finish(&job->base);
    return bif_badarg(p);
}

/* ---- this machine ---- */

Term bif_net_hostname(Process *p, const Term args[])
{
    char name[HOST_NAME_MAX + 1] = "";
    gethostname(name, sizeof name - 1);
    return make_string_latin1(bif_space(p), name, strlen(name));
}

/* ---- names to addresses ---- */

/* The canonical name, NUL, the addresses. */
static void addresses_work(Job *base)
{
    NetJob *job = (NetJob *) base;
    struct addrinfo hints = {.ai_family = job->family,
                             .ai_socktype = SOCK_STREAM, /* each address once */
                             .ai_flags = AI_CANONNAME},
                    *found = NULL;
    job->failed = getaddrinfo(job->name, NULL, &hints, &found);
    if (job->failed != 0) {
        return;
    }
    const char *name = found->ai_canonname != NULL ? found->ai_canonname : job->name;
    bytes_add(&job->bytes, name, strlen(name) + 1);
    for (const struct addrinfo *at = found; at != NULL; at = at->ai_next) {
        size_t size;
        const void *bytes = address_bytes(at->ai_addr, &size);
        bytes_add(&job->bytes, bytes, size);
    }
    freeaddrinfo(found);
}

/* muster_net:addresses(Name, 4 | 6) */
Term bif_net_addresses(Process *p, const Term args[])
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    NetJob *job = net_job(addresses_work);
    job->name = term_is_list(args[0]) ? term_to_utf8(args[0], NULL) : NULL;
    if (job->name == NULL || (args[1] != term_small(4) && args[1] != term_small(6))) {
        return net_badarg(p, job);
    }
    job->family = args[1] == term_small(4) ? AF_INET : AF_INET6;
    return job_start(p, &job->base);
}

/* ---- addresses to names ---- */

static void name_work(Job *base)
{
    NetJob *job = (NetJob *) base;
    char name[NI_MAXHOST];
    job->failed =
        getnameinfo(&job->address.any, job->address_size, name, sizeof name, NULL, 0, NI_NAMEREQD);
    if (job->failed == 0) {
        bytes_add(&job->bytes, name, strlen(name));
    }
}

/* muster_net:name(Address), of 4 or 16 bytes */
Term bif_net_name(Process *p, const Term args[])
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    NetJob *job = net_job(name_work);
    ByteBuffer bytes = {0};
    if (!iodata_bytes(args[0], &bytes)) {
        return net_badarg(p, job);
    }
    if (bytes.size_bytes == sizeof job->address.ip4.sin_addr) {
        job->address.ip4.sin_family = AF_INET;
        memcpy(&job->address.ip4.sin_addr, bytes.bytes, bytes.size_bytes);
        job->address_size = sizeof job->address.ip4;
    } else if (bytes.size_bytes == sizeof job->address.ip6.sin6_addr) {
        job->address.ip6.sin6_family = AF_INET6;
        memcpy(&job->address.ip6.sin6_addr, bytes.bytes, bytes.size_bytes);
        job->address_size = sizeof job->address.ip6;
    }
    mem_free(bytes.bytes);
    if (job->address_size == 0) {
        return net_badarg(p, job);
    }
    return job_start(p, &job->base);
}

/* ---- interfaces ---- */

/* For each address: <<Size, Name:Size/bytes, Flags:8>>, then the address, its mask and where it is
 * broadcast (or the other end of the line), each as <<Size, Bytes:Size/bytes>>. */
static void interfaces_work(Job *base)
{
    static const unsigned flags[] = {IFF_UP,          IFF_BROADCAST, IFF_LOOPBACK,
                                     IFF_POINTOPOINT, IFF_RUNNING,   IFF_MULTICAST};
    NetJob *job = (NetJob *) base;
    struct ifaddrs *all = NULL;
    if (getifaddrs(&all) != 0) {
        return; /* none, then */
    }
    for (const struct ifaddrs *at = all; at != NULL; at = at->ifa_next) {
        unsigned shown = 0;
        for (size_t i = 0; i < COUNT_OF(flags); i++) {
            shown |= (at->ifa_flags & flags[i]) != 0 ? 1U << i : 0;
        }
        bytes_add_u8(&job->bytes, strlen(at->ifa_name));
        bytes_add(&job->bytes, at->ifa_name, strlen(at->ifa_name));
        bytes_add_u8(&job->bytes, shown);
        bytes_add_address(&job->bytes, at->ifa_addr);
        bytes_add_address(&job->bytes, at->ifa_netmask);
        bytes_add_address(&job->bytes, at->ifa_ifu.ifu_broadaddr);
    }
    freeifaddrs(all);
}

Term bif_net_interfaces(Process *p, const Term args[])
{
    if (reply_is_awaited(p)) {
        return reply_take(p);
    }
    return job_start(p, &net_job(interfaces_work)->base);
}
