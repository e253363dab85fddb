#define _GNU_SOURCE
#include "mirror.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"

enum { BUFFER = 2 << 20, PEERS = 64, ECHOED = 24 };      /* session id, sequence id and slot come back as they went */

struct sample {
    uint8_t *record;                 /* with its mark */
    size_t length, session_at;
};

struct mirror {
    struct sample sample[KINDS];
    size_t session_at;
    int listener, poll;
};

struct peer {
    int fd;
    size_t filled;
    uint8_t buffer[BUFFER];
};

struct mirror *mirror_new(void)
{
    struct mirror *m = calloc(1, sizeof *m);

    if (!m)
        die("no memory");
    return m;
}

void mirror_sample(struct mirror *m, enum kind kind, const uint8_t *reply, size_t length, size_t session_at)
{
    struct sample *s = &m->sample[kind];
    uint32_t mark = htobe32(0x80000000u | (uint32_t)length);

    if (s->record)
        return;
    s->record = malloc(4 + length);
    if (!s->record)
        die("no memory");
    memcpy(s->record, &mark, 4);
    memcpy(s->record + 4, reply, length);
    s->length = 4 + length;
    s->session_at = 4 + session_at;
}

static void reflect(const struct mirror *m, int fd, const uint8_t *request)
{
    uint32_t xid;

    memcpy(&xid, request + 4, 4);
    const struct sample *s = &m->sample[be32toh(xid) >> KIND_SHIFT];
    if (!s->record)
        die("the mirror was never shown a reply of this kind");
    memcpy(s->record + 4, &xid, 4);
    memcpy(s->record + s->session_at, request + m->session_at, ECHOED);
    for (size_t sent = 0; sent < s->length;) {
        ssize_t some = send(fd, s->record + sent, s->length - sent, MSG_NOSIGNAL);

        if (some < 0)
            die("the mirror cannot send: %s", strerror(errno));
        sent += some;
    }
}

static int serve(const struct mirror *m, struct peer *p)
{
    size_t at = 0;
    ssize_t got = recv(p->fd, p->buffer + p->filled, BUFFER - p->filled, MSG_DONTWAIT);

    if (got <= 0)
        return got < 0 && errno == EAGAIN;
    p->filled += got;
    while (p->filled - at >= 4) {
        uint32_t mark;

        memcpy(&mark, p->buffer + at, 4);
        size_t length = 4 + (be32toh(mark) & 0x7fffffff);
        if (p->filled - at < length)
            break;
        reflect(m, p->fd, p->buffer + at);
        at += length;
    }
    p->filled -= at;
    memmove(p->buffer, p->buffer + at, p->filled);
    return 1;
}

static void *mirror_main(void *with)
{
    struct mirror *m = with;
    struct epoll_event event = {.events = EPOLLIN}, ready[PEERS];

    for (;;) {
        int count = epoll_wait(m->poll, ready, PEERS, -1), one = 1;

        for (int n = 0; n < count; n++) {
            struct peer *p = ready[n].data.ptr;

            if (p) {
                if (!serve(m, p)) {
                    close(p->fd);
                    free(p);
                }
                continue;
            }
            p = malloc(sizeof *p);
            if (!p)
                die("no memory");
            p->filled = 0;
            p->fd = accept4(m->listener, NULL, NULL, SOCK_CLOEXEC);
            setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            event.data.ptr = p;
            if (p->fd < 0 || epoll_ctl(m->poll, EPOLL_CTL_ADD, p->fd, &event))
                die("the mirror cannot accept: %s", strerror(errno));
        }
    }
    return NULL;
}

int mirror_start(struct mirror *m, size_t session_at)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    struct epoll_event event = {.events = EPOLLIN};
    pthread_t thread;

    m->session_at = session_at;
    m->poll = epoll_create1(EPOLL_CLOEXEC);
    m->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (m->listener < 0 || bind(m->listener, (struct sockaddr *)&address, sizeof address) || listen(m->listener, PEERS) ||
        getsockname(m->listener, (struct sockaddr *)&address, &length) ||
        epoll_ctl(m->poll, EPOLL_CTL_ADD, m->listener, &event) || pthread_create(&thread, NULL, mirror_main, m))
        die("the mirror cannot start: %s", strerror(errno));
    return ntohs(address.sin_port);
}
