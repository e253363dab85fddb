/*
 * load: drives one NFSv4.1 server over TCP with one kind of work and says how fast it answered.
 *
 *     load --port N --work NAME [--connections 1] [--window 16] [--seconds 3] [--tag T] [--uid 1000] [--pid PID]...
 *          [--minor 1] [--ceiling]
 *
 * Each connection is a client of its own (EXCHANGE_ID, CREATE_SESSION) and keeps `window` requests outstanding, one on
 * each slot of its session, every one with a send() of its own as kernel clients do it. The compounds and attribute
 * masks are those of the Linux client. Every reply is decoded as far as its last operation, and anything but success
 * ends the program with exit 1: only operations that worked are counted. NFS4ERR_DELAY is asked again and counted apart.
 *
 * Prints one JSON object: rate, latency percentiles, CPU time of the processes PID per operation, and the share of a
 * core that this program used itself. With --ceiling it then does the same work once more against mirror.c, which
 * sends the server's own replies back at once: the second object says what rate this program could have reached.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "mirror.h"
#include "wire.h"

enum { FILES = 100, MIB = 1 << 20, SLOTS = 64, CONNECTIONS = 16, PIDS = 64, PATIENCE = 60 };
enum { RECEIVE = 2 * MIB, EXACT = 1 << 16 };
enum { READ_REGION = 64 * MIB, WRITE_REGION = 256 * MIB };

/* The masks of the Linux client: all it knows of a file, what READDIR asks for besides, what it needs after a change. */
static const uint32_t INODE_MASK[2] = {0x0010011a, 0x00b0a23a};
static const uint32_t READDIR_MASK[2] = {0x0018091a, 0x00b0a23a};
static const uint32_t CHANGE_MASK[2] = {0x00000018, 0x00300000};

struct handle {
    uint32_t length;
    uint8_t bytes[FHSIZE];
};

struct slot {
    uint32_t sequence;
    int step;                        /* a piece of work of more than one compound: which one is outstanding */
    uint64_t began, index;
    uint8_t stateid[STATEID];
    struct handle file;
};

struct connection {
    int fd, number, outstanding;
    uint32_t uid, xid, sequence_at;
    uint64_t clientid, next;         /* next: the number of the next piece of work */
    uint8_t session[SESSIONID], verifier[VERIFIER];
    int verifier_known;
    struct handle root, directory, file[FILES], data;
    uint8_t data_stateid[STATEID];
    struct slot slot[SLOTS];
    struct out out;
    uint8_t *buffer;                 /* replies: the bytes from start on are not yet taken */
    size_t start, filled;
    size_t assembled;                /* bytes of the record's earlier fragments, their marks taken out */
};

/* One kind of work. `request` sends the slot's next compound; `reply` takes the answer, true when the piece is done. */
struct work {
    const char *name;
    int files;                       /* wants the directory of 100 files */
    size_t bytes;                    /* payload of one operation */
    uint64_t region;                 /* and the size of the file it goes round in */
    void (*prepare)(struct connection *);
    void (*request)(struct connection *, struct slot *);
    int (*reply)(struct connection *, struct slot *, struct in *);
    void (*settle)(struct connection *);      /* before the clock stops */
};

static const struct work *work;
static struct connection connections[CONNECTIONS];
static struct mirror *mirror;
static int connection_count = 1, window = 16, minor = 1, issuing, wants_samples;
static uint32_t uid = 1000;
static const char *tag = "load";
static uint64_t region, delays;
static uint8_t *payload;
static pid_t pids[PIDS];
static int pid_count;
static uint32_t *latency;
static size_t latencies, latency_room;

void die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static uint64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

/* Requests */

static struct out *rpc(struct connection *c, enum kind kind)
{
    static const char machine[] = "load";
    struct out *o = &c->out;

    o->length = o->head = 0;
    o->payload_length = 0;
    put(o, 0);                                           /* the record mark, known at the end */
    put(o, (uint32_t)kind << KIND_SHIFT | (c->xid++ & ((1u << KIND_SHIFT) - 1)));
    put(o, 0), put(o, 2), put(o, 100003), put(o, 4), put(o, 1);
    put(o, 1);                                           /* AUTH_SYS */
    put(o, 4 + 8 + 4 + 4 + 4 + 3 * 4);
    put(o, 0);
    put_opaque(o, machine, 4);
    put(o, c->uid), put(o, c->uid);
    put(o, 3), put(o, c->uid), put(o, 4), put(o, 27);
    put(o, 0), put(o, 0);                                /* no verifier */
    put(o, 0);                                           /* no tag */
    put(o, minor);
    return o;
}

static struct out *compound(struct connection *c, struct slot *s, enum kind kind, int cache, int operations)
{
    struct out *o = rpc(c, kind);

    put(o, operations + 1);
    put(o, OP_SEQUENCE);
    c->sequence_at = o->length;
    put_fixed(o, c->session, SESSIONID);
    put(o, s->sequence), put(o, s - c->slot), put(o, window - 1), put(o, cache);
    return o;
}

static void put_fh(struct out *o, const struct handle *handle)
{
    put(o, OP_PUTFH);
    put_opaque(o, handle->bytes, handle->length);
}

static void put_name(struct out *o, const char *name)
{
    put_opaque(o, name, strlen(name));
}

static void put_getattr(struct out *o, const uint32_t mask[2])
{
    put(o, OP_GETATTR);
    put(o, 2), put(o, mask[0]), put(o, mask[1]);
}

static void put_mode(struct out *o, uint32_t mode)
{
    put(o, 2), put(o, 0), put(o, 2);
    put(o, 4), put(o, mode);
}

static void transmit(struct connection *c)
{
    struct out *o = &c->out;
    uint32_t mark = htobe32(0x80000000u | (uint32_t)(o->length + o->payload_length - 4));
    struct iovec parts[3] = {{o->buffer, o->length}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 1};

    memcpy(o->buffer, &mark, 4);
    if (o->payload_length) {
        parts[0].iov_len = o->head;
        parts[1] = (struct iovec){(void *)o->payload, o->payload_length};
        parts[2] = (struct iovec){o->buffer + o->head, o->length - o->head};
        message.msg_iovlen = 3;
    }
    while (message.msg_iovlen) {
        ssize_t sent = sendmsg(c->fd, &message, MSG_NOSIGNAL);

        if (sent < 0)
            die("send: %s", strerror(errno));
        while (message.msg_iovlen && (size_t)sent >= message.msg_iov->iov_len) {
            sent -= message.msg_iov->iov_len;
            message.msg_iov++, message.msg_iovlen--;
        }
        if (message.msg_iovlen) {
            message.msg_iov->iov_base = (uint8_t *)message.msg_iov->iov_base + sent;
            message.msg_iov->iov_len -= sent;
        }
    }
}

/* Replies */

static uint32_t rpc_reply(struct in *i)
{
    uint32_t xid = get(i), length;

    if (get(i) != 1 || get(i) != 0)
        die("the server denied a call");
    get(i);
    get_opaque(i, 400, &length);
    if (get(i) != 0)
        die("the server could not read a call");
    return xid;
}

/* The head of a COMPOUND reply and of SEQUENCE in it; false when the whole compound is to be sent again. */
static int compound_reply(struct connection *c, struct slot *s, struct in *i)
{
    uint32_t length, status = get(i);

    get_opaque(i, 1024, &length);
    get(i);
    if (get(i) != OP_SEQUENCE)
        die("a compound is not answered with SEQUENCE first (status %u)", status);
    if (get(i) != NFS4_OK)
        die("SEQUENCE: status %u", status);
    if (memcmp(get_fixed(i, SESSIONID), c->session, SESSIONID) || get(i) != s->sequence || get(i) != s - c->slot)
        die("SEQUENCE answers for another request");
    get(i), get(i), get(i);
    s->sequence++;
    if (status == NFS4ERR_DELAY) {
        delays++;
        return 0;
    }
    return 1;
}

static void expect(struct in *i, enum operation operation)
{
    uint32_t answered = get(i), status = get(i);

    if (answered != operation)
        die("operation %u is answered with %u", operation, answered);
    if (status != NFS4_OK)
        die("operation %u: status %u", operation, status);
}

static void get_handle(struct in *i, struct handle *handle)
{
    const uint8_t *bytes;

    expect(i, OP_GETFH);
    bytes = get_opaque(i, FHSIZE, &handle->length);
    memcpy(handle->bytes, bytes, handle->length);
}

static void get_attributes(struct in *i, const uint32_t mask[2])
{
    uint32_t words = get(i), length;

    if (words != 2 || get(i) != mask[0] || get(i) != mask[1])
        die("the server leaves attributes out");
    if (get_opaque(i, 8192, &length), length < 16)
        die("attributes of %u bytes", length);
}

static void get_getattr(struct in *i, const uint32_t mask[2])
{
    expect(i, OP_GETATTR);
    get_attributes(i, mask);
}

static void get_putfh(struct in *i)
{
    expect(i, OP_PUTFH);
}

/* One piece of a record's worth of bytes; complete records go to `take`. Fragments are joined in place. */
static int receive(struct connection *c, int flags, void (*take)(struct connection *, struct in *))
{
    int records = 0;
    size_t have = c->filled - c->start, wanted = RECEIVE - c->filled;

    if (have >= c->assembled + 8 || (have >= 4 && !c->assembled)) {
        uint32_t mark;
        size_t at = c->start + (c->assembled ? 4 + c->assembled : 0);

        memcpy(&mark, c->buffer + at, 4);
        size_t need = at + 4 + (be32toh(mark) & 0x7fffffff) - c->filled;

        if (need > RECEIVE)
            die("a record of more than %d bytes", RECEIVE);
        if (need > wanted) {
            memmove(c->buffer, c->buffer + c->start, have);
            c->start = 0, c->filled = have;
            wanted = RECEIVE - have;
        }
        if (need > EXACT && need < wanted)
            wanted = need;           /* else the next record's head would have to be moved to the front */
    }
    ssize_t got = recv(c->fd, c->buffer + c->filled, wanted, flags);
    if (got <= 0) {
        if (got < 0 && errno == EAGAIN && flags & MSG_DONTWAIT)
            return 0;
        die(got ? "no reply: %s" : "the server closed the connection", strerror(errno));
    }
    c->filled += got;

    for (;;) {
        uint32_t mark;
        size_t at = c->start + (c->assembled ? 4 + c->assembled : 0);

        if (c->filled - c->start < at - c->start + 4)
            break;
        memcpy(&mark, c->buffer + at, 4);
        mark = be32toh(mark);
        size_t length = mark & 0x7fffffff;
        if (c->filled < at + 4 + length)
            break;
        if (c->assembled) {
            memmove(c->buffer + at, c->buffer + at + 4, c->filled - at - 4);
            c->filled -= 4;
        }
        c->assembled += length;
        if (!(mark & 0x80000000u))
            continue;
        struct in in = {c->buffer + c->start + 4, c->buffer + c->start + 4 + c->assembled};
        c->start += 4 + c->assembled;
        c->assembled = 0;
        records++;
        take(c, &in);
    }
    if (c->start == c->filled)
        c->start = c->filled = 0;
    else if (c->filled > RECEIVE - EXACT) {
        memmove(c->buffer, c->buffer + c->start, c->filled - c->start);
        c->filled -= c->start;
        c->start = 0;
    }
    return records;
}

/* Setting up: one call after the other */

static struct in answer;

static void keep(struct connection *c, struct in *i)
{
    (void)c;
    answer = *i;
}

static struct in *call(struct connection *c)
{
    transmit(c);
    while (!receive(c, 0, keep))
        ;
    rpc_reply(&answer);
    return &answer;
}

/* A call on slot 0, built anew by `build` as often as the server asks to wait (a server that has just started: grace). */
static struct in *call_on_slot(struct connection *c, void (*build)(struct connection *, const void *), const void *with)
{
    for (int tries = 0; tries < 10 * PATIENCE; tries++) {
        build(c, with);
        struct in *i = call(c), head = *i;
        uint32_t status = get(&head);

        if (compound_reply(c, c->slot, i) && status != NFS4ERR_GRACE)
            return i;
        usleep(100000);
    }
    die("the server is still in grace or asks to wait after %d s", PATIENCE);
}

static void exchange_id(struct connection *c)
{
    char owner[128];
    struct in *i;
    struct out *o = rpc(c, SETUP);
    uint64_t verifier = now();
    uint32_t status, length, sequence;

    put(o, 1);
    put(o, OP_EXCHANGE_ID);
    put64(o, verifier);
    put_opaque(o, owner, snprintf(owner, sizeof owner, "load %s %d of %d", tag, c->number, getpid()));
    put(o, 0), put(o, 0), put(o, 0);
    i = call(c);
    status = get(i), get_opaque(i, 1024, &length), get(i);
    if (status)
        die("EXCHANGE_ID: status %u", status);
    expect(i, OP_EXCHANGE_ID);
    c->clientid = get64(i);
    sequence = get(i);

    o = rpc(c, SETUP);
    put(o, 1);
    put(o, OP_CREATE_SESSION);
    put64(o, c->clientid);
    put(o, sequence);
    put(o, 0);                                           /* no back channel: nothing here answers callbacks */
    put(o, 0), put(o, MIB + 1044), put(o, MIB + 904), put(o, 7584), put(o, 8), put(o, SLOTS), put(o, 0);
    put(o, 0), put(o, 4096), put(o, 4096), put(o, 0), put(o, 2), put(o, 16), put(o, 0);
    put(o, 0x40000000);
    put(o, 1), put(o, 0);                                /* callbacks would use AUTH_NONE */
    i = call(c);
    status = get(i), get_opaque(i, 1024, &length), get(i);
    if (status)
        die("CREATE_SESSION: status %u", status);
    expect(i, OP_CREATE_SESSION);
    memcpy(c->session, get_fixed(i, SESSIONID), SESSIONID);
    get(i), get(i), get(i);
    uint32_t request = get(i), response = get(i);
    get(i), get(i);
    if (get(i) < (uint32_t)window)
        die("the server gives fewer than %d slots", window);
    if (work->bytes && (request < work->bytes + 512 || response < work->bytes + 512))
        die("the server's session is too narrow: requests of %u, replies of %u bytes", request, response);
    for (int s = 0; s < SLOTS; s++)
        c->slot[s].sequence = 1;
}

static void build_reclaim_complete(struct connection *c, const void *with)
{
    struct out *o = compound(c, c->slot, SETUP, 0, 1);

    (void)with;
    put(o, OP_RECLAIM_COMPLETE), put(o, 0);
}

static void build_root(struct connection *c, const void *with)
{
    struct out *o = compound(c, c->slot, SETUP, 0, 2);

    (void)with;
    put(o, OP_PUTROOTFH), put(o, OP_GETFH);
}

static void build_mkdir(struct connection *c, const void *with)
{
    struct out *o = compound(c, c->slot, SETUP, 1, 3);

    put_fh(o, &c->root);
    put(o, OP_CREATE), put(o, 2), put_name(o, with), put_mode(o, 0777);
    put(o, OP_GETFH);
}

static void build_lookup(struct connection *c, const void *with)
{
    struct out *o = compound(c, c->slot, SETUP, 0, 3);

    put_fh(o, &c->root);
    put(o, OP_LOOKUP), put_name(o, with);
    put(o, OP_GETFH);
}

static void put_open(struct connection *c, struct out *o, const char *name)
{
    put(o, OP_OPEN);
    put(o, 0), put(o, ACCESS_BOTH), put(o, 0);
    put64(o, c->clientid), put_opaque(o, "open owner", 10);
    put(o, 1), put(o, 0), put_mode(o, 0644);             /* OPEN4_CREATE, UNCHECKED4 */
    put(o, 0), put_name(o, name);                        /* CLAIM_NULL */
    put(o, OP_GETFH);
    put(o, OP_ACCESS), put(o, 0x2d);
    put_getattr(o, INODE_MASK);
}

static void build_open(struct connection *c, const void *with)
{
    struct out *o = compound(c, c->slot, SETUP, 1, 5);

    put_fh(o, &c->directory);
    put_open(c, o, with);
}

static void get_open(struct in *i, uint8_t *stateid, struct handle *handle)
{
    uint32_t words, delegation, access;

    get_putfh(i);
    expect(i, OP_OPEN);
    memcpy(stateid, get_fixed(i, STATEID), STATEID);
    get(i), get64(i), get64(i), get(i);
    for (words = get(i); words; words--)
        get(i);
    delegation = get(i);
    if (delegation == 3) {
        uint32_t why = get(i);

        if (why == 1 || why == 2)
            get(i);
    } else if (delegation != 0)
        die("a delegation where there is no back channel");
    get_handle(i, handle);
    expect(i, OP_ACCESS);
    get(i), access = get(i);
    if (!(access & 1))
        die("ACCESS denies reading one's own file");
    get_getattr(i, INODE_MASK);
}

static void put_close(struct out *o, const struct handle *handle, const uint8_t *stateid)
{
    put_fh(o, handle);
    put_getattr(o, CHANGE_MASK);
    put(o, OP_CLOSE), put(o, 0), put_fixed(o, stateid, STATEID);
}

static void get_close(struct in *i)
{
    get_putfh(i);
    get_getattr(i, CHANGE_MASK);
    expect(i, OP_CLOSE);
    get_fixed(i, STATEID);
}

static void build_close(struct connection *c, const void *with)
{
    const struct slot *held = with;

    put_close(compound(c, c->slot, SETUP, 1, 3), &held->file, held->stateid);
}

static void build_remove(struct connection *c, const void *with)
{
    struct out *o = compound(c, c->slot, SETUP, 1, 2);

    put_fh(o, &c->directory);
    put(o, OP_REMOVE), put_name(o, with);
}

static void file_name(char *name, const char *stem, uint64_t number)
{
    sprintf(name, "%s%06llu", stem, (unsigned long long)number);
}

static void make_directory(struct connection *c)
{
    char name[64];
    struct in *i;

    snprintf(name, sizeof name, "%s", tag);
    i = call_on_slot(c, build_root, NULL);
    expect(i, OP_PUTROOTFH);
    get_handle(i, &c->root);
    i = call_on_slot(c, c->number ? build_lookup : build_mkdir, name);
    get_putfh(i);
    if (c->number) {
        expect(i, OP_LOOKUP);
    } else {
        expect(i, OP_CREATE);
        get(i), get64(i), get64(i);
        for (uint32_t words = get(i); words; words--)
            get(i);
    }
    get_handle(i, &c->directory);
}

static void make_files(struct connection *c)
{
    char name[64];
    struct slot held;

    for (int number = 0; number < FILES; number++) {
        file_name(name, "file", number);
        get_open(call_on_slot(c, build_open, name), held.stateid, &c->file[number]);
        held.file = c->file[number];
        get_close(call_on_slot(c, build_close, &held));
    }
}

/* The work */

static void send_getattr(struct connection *c, struct slot *s)
{
    struct out *o = compound(c, s, GETATTR, 0, 2);

    put_fh(o, &c->file[s->index % FILES]);
    put_getattr(o, INODE_MASK);
}

static int take_getattr(struct connection *c, struct slot *s, struct in *i)
{
    (void)c, (void)s;
    get_putfh(i);
    get_getattr(i, INODE_MASK);
    return 1;
}

static void send_lookup(struct connection *c, struct slot *s)
{
    char name[32];
    struct out *o = compound(c, s, LOOKUP, 0, 4);

    file_name(name, "file", s->index % FILES);
    put_fh(o, &c->directory);
    put(o, OP_LOOKUP), put_name(o, name);
    put(o, OP_GETFH);
    put_getattr(o, INODE_MASK);
}

static int take_lookup(struct connection *c, struct slot *s, struct in *i)
{
    struct handle handle;

    (void)s;
    get_putfh(i);
    expect(i, OP_LOOKUP);
    get_handle(i, &handle);
    if (!mirror && (handle.length != c->file[s->index % FILES].length ||
                    memcmp(handle.bytes, c->file[s->index % FILES].bytes, handle.length)))
        die("LOOKUP found another file");
    get_getattr(i, INODE_MASK);
    return 1;
}

static void send_create(struct connection *c, struct slot *s)
{
    char name[64], stem[16];

    if (s->step == 0) {
        struct out *o = compound(c, s, OPEN, 1, 5);

        sprintf(stem, "new%02d-", c->number);
        file_name(name, stem, s->index);
        put_fh(o, &c->directory);
        put_open(c, o, name);
    } else
        put_close(compound(c, s, CLOSE, 1, 3), &s->file, s->stateid);
}

static int take_create(struct connection *c, struct slot *s, struct in *i)
{
    (void)c;
    if (s->step++ == 0) {
        get_open(i, s->stateid, &s->file);
        return 0;
    }
    get_close(i);
    s->step = 0;
    return 1;
}

static void send_readdir(struct connection *c, struct slot *s)
{
    struct out *o = compound(c, s, READDIR, 0, 2);

    put_fh(o, &c->directory);
    put(o, OP_READDIR);
    put64(o, 0), put64(o, 0);
    put(o, 32768), put(o, 65536);
    put(o, 2), put(o, READDIR_MASK[0]), put(o, READDIR_MASK[1]);
}

static int take_readdir(struct connection *c, struct slot *s, struct in *i)
{
    int entries = 0;
    uint32_t length;

    (void)c, (void)s;
    get_putfh(i);
    expect(i, OP_READDIR);
    get_fixed(i, VERIFIER);
    while (get(i)) {
        get64(i);
        get_opaque(i, 255, &length);
        get_attributes(i, READDIR_MASK);
        entries++;
    }
    if (!get(i) || entries != FILES)
        die("READDIR gave %d entries of %d", entries, FILES);
    return 1;
}

static uint64_t offset_of(const struct slot *s)
{
    return s->index * work->bytes % region;
}

static void put_write(struct connection *c, struct slot *s, enum kind kind, uint32_t stable, uint64_t offset, size_t size)
{
    struct out *o = compound(c, s, kind, 0, 3);

    put_fh(o, &c->data);
    put(o, OP_WRITE), put_fixed(o, c->data_stateid, STATEID);
    put64(o, offset), put(o, stable), put(o, size);
    o->head = o->length;
    o->payload = payload;
    o->payload_length = size;
    memcpy(payload, &offset, 8);                         /* what a READ of this block must begin and end with */
    memcpy(payload + size - 8, &offset, 8);
    put_getattr(o, CHANGE_MASK);
}

static void get_verifier(struct connection *c, struct in *i)
{
    const uint8_t *verifier = get_fixed(i, VERIFIER);

    if (c->verifier_known && memcmp(c->verifier, verifier, VERIFIER))
        die("the write verifier changed: the server has lost writes");
    memcpy(c->verifier, verifier, VERIFIER);
    c->verifier_known = 1;
}

static void get_write(struct connection *c, struct in *i, uint32_t stable, size_t size)
{
    get_putfh(i);
    expect(i, OP_WRITE);
    if (get(i) != size)
        die("a short WRITE");
    if (get(i) < stable)
        die("a WRITE is less stable than asked");
    get_verifier(c, i);
    get_getattr(i, CHANGE_MASK);
}

static void send_write(struct connection *c, struct slot *s)
{
    put_write(c, s, WRITE, UNSTABLE4, offset_of(s), work->bytes);
}

static int take_write(struct connection *c, struct slot *s, struct in *i)
{
    (void)s;
    get_write(c, i, UNSTABLE4, work->bytes);
    return 1;
}

static void send_write_sync(struct connection *c, struct slot *s)
{
    put_write(c, s, WRITE, FILE_SYNC4, offset_of(s), work->bytes);
}

static int take_write_sync(struct connection *c, struct slot *s, struct in *i)
{
    (void)s;
    get_write(c, i, FILE_SYNC4, work->bytes);
    return 1;
}

static void build_commit(struct connection *c, const void *with)
{
    struct out *o = compound(c, c->slot, SETUP, 0, 2);

    (void)with;
    put_fh(o, &c->data);
    put(o, OP_COMMIT), put64(o, 0), put(o, 0);
}

static void commit(struct connection *c)
{
    struct in *i = call_on_slot(c, build_commit, NULL);

    get_putfh(i);
    expect(i, OP_COMMIT);
    get_verifier(c, i);
}

static void build_fill(struct connection *c, const void *with)
{
    put_write(c, c->slot, SETUP, UNSTABLE4, *(const uint64_t *)with, MIB);
}

static void open_data(struct connection *c)
{
    char name[32];

    file_name(name, "data", c->number);
    get_open(call_on_slot(c, build_open, name), c->data_stateid, &c->data);
}

static void fill_data(struct connection *c)
{
    open_data(c);
    for (uint64_t offset = 0; offset < region; offset += MIB)
        get_write(c, call_on_slot(c, build_fill, &offset), UNSTABLE4, MIB);
    commit(c);
}

static void send_read(struct connection *c, struct slot *s)
{
    struct out *o = compound(c, s, READ, 0, 2);

    put_fh(o, &c->data);
    put(o, OP_READ), put_fixed(o, c->data_stateid, STATEID);
    put64(o, offset_of(s)), put(o, work->bytes);
}

static int take_read(struct connection *c, struct slot *s, struct in *i)
{
    uint64_t offset = offset_of(s);
    uint32_t length;
    const uint8_t *data;

    (void)c;
    get_putfh(i);
    expect(i, OP_READ);
    get(i);
    data = get_opaque(i, work->bytes, &length);
    if (length != work->bytes)
        die("READ gave %u bytes of %zu", length, work->bytes);
    if (memcmp(data, &offset, 8) || memcmp(data + length - 8, &offset, 8))
        die("READ gave other bytes than were written");
    return 1;
}

static const struct work works[] = {
    {"getattr", 1, 0, 0, NULL, send_getattr, take_getattr, NULL},
    {"lookup", 1, 0, 0, NULL, send_lookup, take_lookup, NULL},
    {"create", 0, 0, 0, NULL, send_create, take_create, NULL},
    {"readdir", 1, 0, 0, NULL, send_readdir, take_readdir, NULL},
    {"read", 0, MIB, READ_REGION, fill_data, send_read, take_read, NULL},
    {"write", 0, MIB, WRITE_REGION, open_data, send_write, take_write, commit},
    {"write-sync-4k", 0, 4096, WRITE_REGION, open_data, send_write_sync, take_write_sync, NULL},
};

/* Running it */

static void record(uint64_t nanoseconds)
{
    if (latencies == latency_room) {
        latency_room = latency_room ? 2 * latency_room : 1 << 20;
        latency = realloc(latency, latency_room * sizeof *latency);
        if (!latency)
            die("no memory");
    }
    latency[latencies++] = nanoseconds > UINT32_MAX ? UINT32_MAX : nanoseconds;
}

static void issue(struct connection *c, struct slot *s)
{
    work->request(c, s);
    transmit(c);
    c->outstanding++;
}

static void begin(struct connection *c, struct slot *s)
{
    s->index = c->next++;
    s->began = now();
    issue(c, s);
}

static void arrived(struct connection *c, struct in *i)
{
    const uint8_t *reply = i->at;
    uint32_t slot;
    struct in peek;

    uint32_t xid = rpc_reply(i);
    peek = *i;
    get(&peek), get_opaque(&peek, 1024, &slot), get(&peek), get(&peek);
    if (get(&peek) != NFS4_OK)
        die("SEQUENCE failed");
    if (wants_samples)
        mirror_sample(mirror, xid >> KIND_SHIFT, reply, i->end - reply, peek.at - reply);
    get_fixed(&peek, SESSIONID), get(&peek);
    slot = get(&peek);
    if (slot >= (uint32_t)window)
        die("an answer for slot %u", slot);

    struct slot *s = &c->slot[slot];
    c->outstanding--;
    if (!compound_reply(c, s, i)) {
        issue(c, s);
        return;
    }
    int done = work->reply(c, s, i);
    if (i->at != i->end)
        die("a reply has %zu bytes too many", (size_t)(i->end - i->at));
    if (!done) {
        issue(c, s);
        return;
    }
    record(now() - s->began);
    if (issuing)
        begin(c, s);
}

/* Keeps every window full for `seconds`, then takes the answers that are outstanding. Returns the time it took, in ns. */
static uint64_t run(double seconds)
{
    uint64_t start = now(), end = start + (uint64_t)(seconds * 1e9);
    int outstanding, poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN}, ready[CONNECTIONS];

    latencies = 0;
    issuing = 1;
    for (int n = 0; n < connection_count; n++) {
        struct connection *c = &connections[n];

        event.data.ptr = c;
        if (epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &event))
            die("epoll: %s", strerror(errno));
        for (int s = 0; s < window; s++)
            begin(c, &c->slot[s]);
    }
    do {
        if (connection_count == 1)
            receive(connections, 0, arrived);
        else {
            int count = epoll_wait(poll, ready, CONNECTIONS, PATIENCE * 1000);

            if (count <= 0)
                die("no reply within %d s", PATIENCE);
            for (int n = 0; n < count; n++)
                receive(ready[n].data.ptr, MSG_DONTWAIT, arrived);
        }
        if (issuing && now() >= end)
            issuing = 0;
        outstanding = 0;
        for (int n = 0; n < connection_count; n++)
            outstanding += connections[n].outstanding;
    } while (outstanding);
    for (int n = 0; work->settle && !mirror && n < connection_count; n++)
        work->settle(&connections[n]);
    close(poll);
    return now() - start;
}

static int connect_to(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct timeval patience = {.tv_sec = PATIENCE};
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address))
        die("no connection to port %d: %s", port, strerror(errno));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

static double server_cpu(void)
{
    double ticks = 0;

    for (int n = 0; n < pid_count; n++) {
        char path[64], text[1024];
        unsigned long long user, kernel;
        FILE *file;
        size_t length;

        snprintf(path, sizeof path, "/proc/%d/stat", pids[n]);
        file = fopen(path, "r");
        if (!file)
            die("process %d of the server is gone", pids[n]);
        length = fread(text, 1, sizeof text - 1, file);
        fclose(file);
        text[length] = 0;
        if (sscanf(strrchr(text, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &kernel) != 2)
            die("%s cannot be read", path);
        ticks += user + kernel;
    }
    return ticks / sysconf(_SC_CLK_TCK);
}

static double own_cpu(void)
{
    struct rusage usage;

    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static void measure(double seconds, const char *what)
{
    double server = server_cpu(), own = own_cpu();
    double took = run(seconds) / 1e9;
    double count = latencies;

    server = server_cpu() - server;
    own = own_cpu() - own;
    qsort(latency, latencies, sizeof *latency, ascending);
    printf("{\"peer\": \"%s\", \"work\": \"%s\", \"connections\": %d, \"window\": %d, \"seconds\": %.3f, "
           "\"operations\": %zu, \"bytes\": %zu, \"rate\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f, "
           "\"server_cpu_us\": %.2f, \"load_cpu\": %.3f, \"delays\": %llu}\n",
           what, work->name, connection_count, window, took, latencies, work->bytes, count / took,
           latency[latencies / 2] / 1e3, latency[latencies * 99 / 100] / 1e3, latency[latencies - 1] / 1e3,
           server * 1e6 / count, own / took, (unsigned long long)delays);
    fflush(stdout);
}

/* Ends the client. Its data is removed, so that nothing goes on being written or uploaded under the next measurement. */
static void leave(struct connection *c)
{
    char name[32];
    struct slot held = {.file = c->data};
    struct out *o;
    struct in *i;
    uint32_t length;

    if (work->bytes) {
        memcpy(held.stateid, c->data_stateid, STATEID);
        get_close(call_on_slot(c, build_close, &held));
        file_name(name, "data", c->number);
        i = call_on_slot(c, build_remove, name);
        get_putfh(i);
        expect(i, OP_REMOVE);
    }
    c->uid = 0;
    o = rpc(c, SETUP);
    put(o, 1), put(o, OP_DESTROY_SESSION), put_fixed(o, c->session, SESSIONID);
    i = call(c), get(i), get_opaque(i, 1024, &length), get(i);
    expect(i, OP_DESTROY_SESSION);
    o = rpc(c, SETUP);
    put(o, 1), put(o, OP_DESTROY_CLIENTID), put64(o, c->clientid);
    i = call(c), get(i), get_opaque(i, 1024, &length), get(i);
    expect(i, OP_DESTROY_CLIENTID);
    close(c->fd);
}

static void arrange(int port)
{
    payload = malloc(MIB);
    if (!payload)
        die("no memory");
    for (size_t at = 0; at < MIB; at += 8)
        memcpy(payload + at, &at, 8);
    for (int n = 0; n < connection_count; n++) {
        struct connection *c = &connections[n];

        c->number = n;
        c->buffer = malloc(RECEIVE);
        c->xid = now();
        c->fd = connect_to(port);
        exchange_id(c);
        call_on_slot(c, build_reclaim_complete, NULL);
        expect(&answer, OP_RECLAIM_COMPLETE);
        make_directory(c);
        c->uid = uid;
        if (work->files)
            make_files(c);
        if (work->prepare)
            work->prepare(c);
    }
}

/* The same once more against the server's own replies. Set-up and tear-down stay with the server. */
static void measure_ceiling(double seconds)
{
    int server[CONNECTIONS], port = mirror_start(mirror, connections->sequence_at);
    uint32_t sequence[CONNECTIONS];

    for (int n = 0; n < connection_count; n++) {
        server[n] = connections[n].fd;
        sequence[n] = connections[n].slot[0].sequence;                /* set-up and tear-down use slot 0 alone */
        connections[n].fd = connect_to(port);
    }
    pid_count = 0;
    measure(seconds, "mirror");
    for (int n = 0; n < connection_count; n++) {
        close(connections[n].fd);
        connections[n].fd = server[n];
        connections[n].slot[0].sequence = sequence[n];
    }
}

static int number(const char *text, int low, int high)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (*end || value < low || value > high)
        die("%s is not between %d and %d", text, low, high);
    return value;
}

int main(int count, char **arguments)
{
    static const struct option options[] = {
        {"port", 1, 0, 'p'}, {"work", 1, 0, 'w'}, {"connections", 1, 0, 'c'}, {"window", 1, 0, 'n'},
        {"seconds", 1, 0, 's'}, {"tag", 1, 0, 't'}, {"uid", 1, 0, 'u'}, {"pid", 1, 0, 'i'}, {"minor", 1, 0, 'm'},
        {"ceiling", 0, 0, 'x'}, {0},
    };
    int option, port = 2049, ceiling = 0;
    double seconds = 3;

    while ((option = getopt_long(count, arguments, "", options, NULL)) != -1)
        switch (option) {
        case 'p': port = number(optarg, 1, 65535); break;
        case 'c': connection_count = number(optarg, 1, CONNECTIONS); break;
        case 'n': window = number(optarg, 1, SLOTS); break;
        case 's': seconds = atof(optarg); break;
        case 't': tag = optarg; break;
        case 'u': uid = number(optarg, 0, INT32_MAX); break;
        case 'm': minor = number(optarg, 1, 2); break;
        case 'x': ceiling = 1; break;
        case 'i':
            if (pid_count == PIDS)
                die("more than %d processes", PIDS);
            pids[pid_count++] = number(optarg, 1, INT32_MAX);
            break;
        case 'w':
            for (size_t n = 0; n < sizeof works / sizeof *works; n++)
                if (!strcmp(optarg, works[n].name))
                    work = &works[n];
            break;
        default: return 2;
        }
    if (!work)
        die("--work must name one of getattr lookup create readdir read write write-sync-4k");
    region = ceiling && work->bytes ? work->bytes : work->region;     /* the mirror knows one block only */
    arrange(port);
    run(0.3);                                                         /* caches warm, connections opened up */
    delays = 0;
    if (ceiling) {
        mirror = mirror_new();
        wants_samples = 1;
    }
    measure(seconds, "server");
    wants_samples = 0;
    if (ceiling)
        measure_ceiling(seconds);
    mirror = NULL;
    for (int n = 0; n < connection_count; n++)
        leave(&connections[n]);
    return 0;
}
