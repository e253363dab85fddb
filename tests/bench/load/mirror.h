/*
 * A peer that costs next to nothing: it answers every request at once with the reply that a real server once gave to a
 * request of that kind. What the load generator reaches against it is what the load generator could have measured.
 */
#ifndef MIRROR_H
#define MIRROR_H

#include <stddef.h>
#include <stdint.h>

/* What a request is, in the topmost bits of its xid. */
enum kind { SETUP, GETATTR, LOOKUP, OPEN, CLOSE, READDIR, READ, WRITE, KINDS };
enum { KIND_SHIFT = 28 };

struct mirror;

struct mirror *mirror_new(void);
/* Keeps the first reply of each kind: `length` bytes after the record mark, the session id of SEQUENCE at `session_at`. */
void mirror_sample(struct mirror *, enum kind, const uint8_t *reply, size_t length, size_t session_at);
/* Listens on a loopback port, which is returned. Requests have their session id `session_at` bytes into the record. */
int mirror_start(struct mirror *, size_t session_at);

#endif
