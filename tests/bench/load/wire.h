/*
 * The little XDR and the numbers that the load generator needs. A reader that would run past the end of its reply, or
 * finds another value than the protocol allows, ends the program: a reply that is not understood is not counted.
 * Numbers: RFC 5662, RFC 5531.
 */
#ifndef WIRE_H
#define WIRE_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

enum operation {
    OP_ACCESS = 3, OP_CLOSE = 4, OP_COMMIT = 5, OP_CREATE = 6, OP_GETATTR = 9, OP_GETFH = 10, OP_LOOKUP = 15,
    OP_OPEN = 18, OP_PUTFH = 22, OP_PUTROOTFH = 24, OP_READ = 25, OP_READDIR = 26, OP_REMOVE = 28, OP_WRITE = 38,
    OP_EXCHANGE_ID = 42, OP_CREATE_SESSION = 43, OP_DESTROY_SESSION = 44, OP_SEQUENCE = 53, OP_DESTROY_CLIENTID = 57,
    OP_RECLAIM_COMPLETE = 58,
};
enum status { NFS4_OK = 0, NFS4ERR_DELAY = 10008, NFS4ERR_GRACE = 10013 };
enum { UNSTABLE4 = 0, DATA_SYNC4 = 1, FILE_SYNC4 = 2 };
enum { ACCESS_READ = 1, ACCESS_BOTH = 3 };
enum { FHSIZE = 128, STATEID = 16, SESSIONID = 16, VERIFIER = 8 };

_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One request: `head` bytes of the buffer, then the payload of a WRITE, then the rest of the buffer. */
struct out {
    uint8_t buffer[4096];
    size_t length, head;
    const void *payload;
    size_t payload_length;
};

static inline void put(struct out *o, uint32_t value)
{
    if (o->length + 4 > sizeof o->buffer)
        die("a request outgrew its buffer");
    value = htobe32(value);
    memcpy(o->buffer + o->length, &value, 4);
    o->length += 4;
}

static inline void put64(struct out *o, uint64_t value)
{
    put(o, value >> 32);
    put(o, (uint32_t)value);
}

static inline void put_fixed(struct out *o, const void *data, size_t length)
{
    size_t padded = (length + 3) & ~(size_t)3;

    if (o->length + padded > sizeof o->buffer)
        die("a request outgrew its buffer");
    memset(o->buffer + o->length, 0, padded);
    memcpy(o->buffer + o->length, data, length);
    o->length += padded;
}

static inline void put_opaque(struct out *o, const void *data, size_t length)
{
    put(o, length);
    put_fixed(o, data, length);
}

struct in {
    const uint8_t *at, *end;
};

static inline const uint8_t *get_fixed(struct in *i, size_t length)
{
    const uint8_t *at = i->at;
    size_t padded = (length + 3) & ~(size_t)3;

    if (padded > (size_t)(i->end - at))
        die("a reply ends too early");
    i->at += padded;
    return at;
}

static inline uint32_t get(struct in *i)
{
    uint32_t value;

    memcpy(&value, get_fixed(i, 4), 4);
    return be32toh(value);
}

static inline uint64_t get64(struct in *i)
{
    uint64_t high = get(i);

    return high << 32 | get(i);
}

static inline const uint8_t *get_opaque(struct in *i, uint32_t limit, uint32_t *length)
{
    *length = get(i);
    if (*length > limit)
        die("a reply has an opaque of %u bytes where %u are allowed", *length, limit);
    return get_fixed(i, *length);
}

#endif
