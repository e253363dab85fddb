/*
 * relay: carries a guest's TCP connections from its own network namespace to
 * the loopback of the namespace that the relay was started in, and those of an
 * NFSv4.0 server that calls the guest back the other way.
 *
 *     relay NETNS-FILE SERVER-ADDRESS OUTSIDE-ADDRESS GUEST-ADDRESS
 *           SERVER-PORTS CONTROL-PORTS CALLBACK-PORTS
 *
 * A PORTS argument is LISTEN:CONNECT. For every connection accepted inside the
 * namespace at SERVER-ADDRESS:LISTEN, one is made outside to
 * 127.0.0.1:CONNECT, from OUTSIDE-ADDRESS (one of 127.0.0.0/8, so that a server
 * can tell the guests apart); for every one accepted outside, at
 * OUTSIDE-ADDRESS:LISTEN of the callback ports, one inside to
 * GUEST-ADDRESS:CONNECT.
 *
 * Commands on stdin, one a line, each answered with one line on stdout:
 *
 *     stop       no byte passes in either direction: a silent network.
 *                Connections stay open, new ones wait in the backlog.
 *     cont       go on
 *     drop       reset every connection, on both sides
 *     delay US   hold each piece of data for US microseconds, both ways
 *     stat       change nothing
 *
 * They act on all but the control port, which carries the harness's own
 * traffic. End of file on stdin ends the relay.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { GUEST, SERVER };              /* the two ends of a connection */
enum { NFS, CONTROL, CALLBACK, PORTS };  /* what a listening socket is for */
enum { BUFFER = 1 << 20, EVENTS = 64 };

struct end {
    int fd, which;
    int connecting;                  /* connect() has not ended */
    int blocked;                     /* send() would block */
    int at_eof;                      /* this end has sent its last byte */
    int shut;                        /* and this end has been told of the other's */
    struct connection *connection;
    char *buffer;                    /* what the other end has sent */
    size_t offset, length;
    int64_t due;                     /* not to be written before (delay) */
};
struct connection {
    struct end end[2];
    int port, dead;
    struct connection *next, *previous;
};

static int epoll, stopped, delay_us, open_connections;
static unsigned long long accepted, carried[2];
static struct connection *alive, *dead;
static int listener[PORTS], home, away;
static struct sockaddr_in connect_to[PORTS], connect_from;

static void die(const char *what) { perror(what); exit(1); }

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static struct end *other(struct end *e) { return &e->connection->end[!e->which]; }

static int held(const struct connection *c) { return stopped && c->port != CONTROL; }

/* Read from an end only when the other's buffer is empty; that bounds memory
 * and lets each end's TCP window push back on the other. */
static void watch(struct end *e)
{
    struct epoll_event event = { .data.ptr = e };
    int silent = held(e->connection);

    if (!silent && !e->at_eof && other(e)->length == 0 && !other(e)->connecting)
        event.events |= EPOLLIN;
    if (e->connecting || (!silent && e->length && e->blocked))
        event.events |= EPOLLOUT;
    epoll_ctl(epoll, EPOLL_CTL_MOD, e->fd, &event);
}

static void watch_both(struct connection *c) { watch(&c->end[GUEST]); watch(&c->end[SERVER]); }

static void close_connection(struct connection *c, int reset)
{
    struct linger now = { 1, 0 };

    if (c->dead)
        return;
    c->dead = 1;
    for (int i = 0; i < 2; i++) {
        if (reset)
            setsockopt(c->end[i].fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(c->end[i].fd);
    }
    if (c->previous) c->previous->next = c->next; else alive = c->next;
    if (c->next) c->next->previous = c->previous;
    c->next = dead;                  /* freed after the events that may still point to it */
    dead = c;
    open_connections--;
}

static void free_dead(void)
{
    while (dead) {
        struct connection *c = dead;
        dead = c->next;
        free(c->end[GUEST].buffer);
        free(c->end[SERVER].buffer);
        free(c);
    }
}

static void flush(struct end *e)
{
    if (e->length && e->due && now_us() < e->due)
        return;
    while (e->length) {
        ssize_t n = send(e->fd, e->buffer + e->offset, e->length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN) {
            e->blocked = 1;
            watch_both(e->connection);
            return;
        }
        if (n < 0) {
            close_connection(e->connection, 1);
            return;
        }
        e->offset += n;
        e->length -= n;
        carried[e->which] += n;
    }
    e->blocked = 0;
    e->due = 0;
    if (other(e)->at_eof && !e->shut) {
        shutdown(e->fd, SHUT_WR);
        e->shut = 1;
        if (e->at_eof) {
            close_connection(e->connection, 0);
            return;
        }
    }
    watch_both(e->connection);
}

static void receive(struct end *e)
{
    struct end *to = other(e);
    ssize_t n;

    if (to->length || to->connecting) {
        watch(e);
        return;
    }
    n = recv(e->fd, to->buffer, BUFFER, MSG_DONTWAIT);
    if (n < 0) {
        if (errno != EAGAIN)
            close_connection(e->connection, 1);
        return;
    }
    if (n == 0) {
        e->at_eof = 1;
    } else {
        to->offset = 0;
        to->length = n;
        if (delay_us && e->connection->port != CONTROL) {
            to->due = now_us() + delay_us;
            watch(e);
            return;
        }
    }
    flush(to);
}

static void enter(int namespace)
{
    if (setns(namespace, CLONE_NEWNET))
        die("setns");
}

/* From the guest's own port, as without a relay: NFSv4.0 knows a request that
 * is sent again by it. Where that cannot be had, from any port. */
static int connect_outside(int server, int guest, int port)
{
    struct sockaddr_in theirs, from = connect_from;
    socklen_t size = sizeof theirs;
    int one = 1;

    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (getpeername(guest, (void *)&theirs, &size) == 0)
        from.sin_port = theirs.sin_port;
    if (bind(server, (void *)&from, sizeof from))
        return -1;
    return connect(server, (void *)&connect_to[port], sizeof connect_to[port]);
}

static int connect_from_any_port(int server, int port)
{
    int one = 1;

    setsockopt(server, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(server, (void *)&connect_from, sizeof connect_from))
        die("bind");
    return connect(server, (void *)&connect_to[port], sizeof connect_to[port]);
}

static int tcp_socket(void)
{
    return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static void accept_connection(int port)
{
    int one = 1, result;
    int from = port == CALLBACK ? SERVER : GUEST;
    int fds[2];
    struct connection *c;

    fds[from] = accept4(listener[port], 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fds[from] < 0)
        return;
    if (port == CALLBACK) {
        enter(away);                     /* a socket belongs to the namespace that it was made in */
        fds[GUEST] = tcp_socket();
        enter(home);
        result = connect(fds[GUEST], (void *)&connect_to[port], sizeof connect_to[port]);
    } else {
        fds[SERVER] = tcp_socket();
        result = connect_outside(fds[SERVER], fds[GUEST], port);
        if (result < 0 && errno != EINPROGRESS) {
            close(fds[SERVER]);
            fds[SERVER] = tcp_socket();
            result = connect_from_any_port(fds[SERVER], port);
        }
    }
    if (result < 0 && errno != EINPROGRESS) {
        struct linger now = { 1, 0 };
        setsockopt(fds[from], SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(fds[GUEST]);
        close(fds[SERVER]);
        return;
    }
    setsockopt(fds[GUEST], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fds[SERVER], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c = calloc(1, sizeof *c);
    c->port = port;
    for (int i = 0; i < 2; i++) {
        struct end *e = &c->end[i];
        struct epoll_event event = { .data.ptr = e };
        e->fd = fds[i];
        e->which = i;
        e->connection = c;
        e->buffer = malloc(BUFFER);
        epoll_ctl(epoll, EPOLL_CTL_ADD, e->fd, &event);
    }
    c->end[!from].connecting = result < 0;
    c->next = alive;
    if (alive) alive->previous = c;
    alive = c;
    open_connections++;
    accepted++;
    watch_both(c);
}

static void obey(const char *command)
{
    struct connection *c, *next;

    if (!strcmp(command, "stop") || !strcmp(command, "cont")) {
        stopped = command[0] == 's';
        for (int i = 0; i < PORTS; i++) {
            struct epoll_event event = { .events = stopped && i != CONTROL ? 0 : EPOLLIN, .data.ptr = &listener[i] };
            epoll_ctl(epoll, EPOLL_CTL_MOD, listener[i], &event);
        }
        for (c = alive; c; c = c->next)
            watch_both(c);
    } else if (!strcmp(command, "drop")) {
        for (c = alive; c; c = next) {
            next = c->next;
            if (c->port != CONTROL)
                close_connection(c, 1);
        }
    } else if (!strncmp(command, "delay ", 6)) {
        delay_us = atoi(command + 6);
    } else if (strcmp(command, "stat")) {
        printf("unknown command\n");
        fflush(stdout);
        return;
    }
    printf("ok connections=%d accepted=%llu to_guest=%llu to_server=%llu stopped=%d delay=%d\n",
           open_connections, accepted, carried[GUEST], carried[SERVER], stopped, delay_us);
    fflush(stdout);
}

/* Returns 0 when the harness has gone. */
static int read_commands(void)
{
    static char line[256];
    static size_t length;
    char *newline;
    ssize_t n = read(0, line + length, sizeof line - 1 - length);

    if (n <= 0)
        return 0;
    length += n;
    line[length] = 0;
    while ((newline = strchr(line, '\n'))) {
        *newline = 0;
        obey(line);
        length -= newline + 1 - line;
        memmove(line, newline + 1, length + 1);
    }
    if (length >= sizeof line - 1)
        length = 0;
    return 1;
}

static void end_event(struct end *e, uint32_t events)
{
    if (e->connecting) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(e->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error) {
            close_connection(e->connection, 1);
        } else if (events & EPOLLOUT) {
            e->connecting = 0;
            watch_both(e->connection);
        }
        return;
    }
    if (events & EPOLLOUT)
        flush(e);
    if (e->connection->dead)
        return;
    if (events & EPOLLIN)                /* what came before a hang-up is carried first */
        receive(e);
    else if (events & EPOLLERR || (events & EPOLLHUP && e->shut))
        close_connection(e->connection, 1);
    else if (events & EPOLLHUP)
        receive(e);
}

/* Milliseconds until the first delayed piece of data may go on; -1: none waits. */
static int until_due(void)
{
    int64_t now = now_us(), first = -1;

    for (struct connection *c = alive; c; c = c->next)
        for (int i = 0; i < 2; i++)
            if (c->end[i].length && c->end[i].due && (first < 0 || c->end[i].due < first))
                first = c->end[i].due;
    if (first < 0)
        return -1;
    return first <= now ? 0 : (int)((first - now + 999) / 1000);
}

static void flush_due(void)
{
    for (struct connection *c = alive, *next; c; c = next) {
        next = c->next;
        for (int i = 0; i < 2 && !c->dead; i++)
            if (c->end[i].length && c->end[i].due)
                flush(&c->end[i]);
    }
}

static struct sockaddr_in address(const char *text)
{
    struct sockaddr_in at = { .sin_family = AF_INET };

    if (inet_pton(AF_INET, text, &at.sin_addr) != 1) {
        fprintf(stderr, "relay: not an address: %s\n", text);
        exit(2);
    }
    return at;
}

static void listen_all(char **argv)
{
    struct sockaddr_in inside = address(argv[2]), guest = address(argv[4]), server = address("127.0.0.1");

    connect_from = address(argv[3]);
    home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    away = open(argv[1], O_RDONLY | O_CLOEXEC);
    if (home < 0 || away < 0)
        die(argv[1]);
    for (int i = 0; i < PORTS; i++) {
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = &listener[i] };
        struct sockaddr_in at = i == CALLBACK ? connect_from : inside;
        int listen_port, connect_port, one = 1;
        if (sscanf(argv[5 + i], "%d:%d", &listen_port, &connect_port) != 2) {
            fprintf(stderr, "relay: not LISTEN:CONNECT: %s\n", argv[5 + i]);
            exit(2);
        }
        at.sin_port = htons(listen_port);
        connect_to[i] = i == CALLBACK ? guest : server;
        connect_to[i].sin_port = htons(connect_port);
        if (i != CALLBACK)
            enter(away);
        listener[i] = tcp_socket();
        if (i != CALLBACK)
            enter(home);
        setsockopt(listener[i], SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        if (bind(listener[i], (void *)&at, sizeof at) || listen(listener[i], 128))
            die("listen");
        epoll_ctl(epoll, EPOLL_CTL_ADD, listener[i], &event);
    }
}

int main(int argc, char **argv)
{
    struct epoll_event commands = { .events = EPOLLIN, .data.ptr = 0 };

    if (argc != 5 + PORTS) {
        fprintf(stderr, "usage: relay NETNS-FILE SERVER-ADDRESS OUTSIDE-ADDRESS GUEST-ADDRESS LISTEN:CONNECT ...\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    listen_all(argv);
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &commands))
        die("stdin");
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        struct epoll_event events[EVENTS];
        int n = epoll_wait(epoll, events, EVENTS, delay_us ? until_due() : -1);

        for (int i = 0; i < n; i++) {
            void *p = events[i].data.ptr;
            if (!p) {
                if (!read_commands())
                    return 0;
            } else if (p >= (void *)listener && p < (void *)(listener + PORTS)) {
                accept_connection((int *)p - listener);
            } else if (!((struct end *)p)->connection->dead) {
                end_event(p, events[i].events);
            }
        }
        flush_due();
        free_dead();
    }
}
