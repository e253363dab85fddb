-- The namespace of one gateway: every table with the invariants that hold after each transaction.
--
-- One connection writes (the writer's); others only read. Times are nanoseconds since 1970. Names are bytes, compared byte by
-- byte. Numbers are signed 64-bit: ids and change values stay far below 2^63. What `nfsgw fsck` checks is what is written here.

-- Facts about the whole tree, one row each:
--   schema        version of this document; a program refuses a newer one
--   fsid_major, fsid_minor   random at init, part of every filehandle
--   mac_key       32 random bytes that sign filehandles; losing it makes every handle a client holds BADHANDLE
--   inode_mark    every inode id ever given is below it
--   object_mark   every object id ever given is below it
--   change_mark   every change value ever shown is below it
--   change_floor  a regular file with a smaller stored change reports this instead (values shown before a crash may be lost)
--   epoch         raised by a restore: change values of different epochs never meet (value = epoch * 2^48 + count)
--   clean         1 after an orderly stop: then the marks are exact and no floor is needed
--   boots         how often this tree was opened
--   restored      1 from a restore until fsck has found nothing: the store may hold what this state does not know
--   rolled_back   1 from a restore until the grace period after it is over: clients may hold what this state does not know
--   objects, used how many inodes there are, and the sum of their `used`
CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per object. An id is never used again. The root is inode 1, a directory that holds itself.
--   nlink: of a directory 2 + its subdirectories; of anything else its number of entries; 0 only while it stands in `orphan`.
--   size: the size whose bytes are durable (a size that only unstable WRITEs reached lives in memory alone).
--   entries: of a directory, how many rows of `entry` have it as parent; 0 otherwise.
--   parent: of a directory, the directory that has its one entry; 0 otherwise.
--   flags: 1 archive, 2 hidden, 4 system; 256: a named attribute, or a directory of them; 512: the object has named attributes, which
--     is to say that the directory `named` has entries.
--   named: the directory of the object's named attributes, NULL where none was ever made. That directory has flag 256, the object as
--     its `parent`, and no entry anywhere. It holds files alone; each of them has flag 256, that directory as `parent`, and one name.
--   next_cookie: of a directory, larger than every cookie it ever gave; at least 3.
--   rdev, target, verifier, backup (FATTR4_TIME_BACKUP): NULL where they say nothing.
CREATE TABLE inode (
    id INTEGER NOT NULL PRIMARY KEY,
    kind INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    gid INTEGER NOT NULL,
    nlink INTEGER NOT NULL,
    size INTEGER NOT NULL,
    used INTEGER NOT NULL,
    atime INTEGER NOT NULL,
    mtime INTEGER NOT NULL,
    ctime INTEGER NOT NULL,
    btime INTEGER NOT NULL,
    change INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    parent INTEGER NOT NULL,
    next_cookie INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    rdev_major INTEGER,
    rdev_minor INTEGER,
    target BLOB,
    verifier BLOB,
    named INTEGER,
    backup INTEGER
) STRICT;

-- One row per name. `parent` and `inode` are rows of `inode`; a directory has exactly one entry (the root none).
-- `cookie` is unique in its directory, at least 3, and given once: a name that is replaced by RENAME keeps it, a name that is removed
-- and made again gets a new one.
CREATE TABLE entry (
    parent INTEGER NOT NULL,
    name BLOB NOT NULL,
    cookie INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    PRIMARY KEY (parent, name)
) STRICT, WITHOUT ROWID;

-- READDIR is one scan of this index: it covers the row, which a UNIQUE index on (parent, cookie) would not.
CREATE INDEX entry_by_cookie ON entry (parent, cookie, inode);

-- Where the bytes of chunk `idx` (4 MiB each) of a regular file are: exactly one of `inline`, `slot`, `object` is not NULL.
-- No row: a hole. No row lies wholly past the end of its file.
--   length: defined bytes from the start of the chunk; what follows, up to the end of the file, reads as zeros.
--   offset, stored_length, checksum: where in the object the chunk's bytes are, how many, and their CRC-32C.
CREATE TABLE chunk (
    inode INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    length INTEGER NOT NULL,
    inline BLOB,
    slot INTEGER,
    object INTEGER,
    offset INTEGER NOT NULL,
    stored_length INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (inode, idx)
) STRICT, WITHOUT ROWID;

-- What is still to be uploaded, found at a start without reading the whole chunk map.
CREATE INDEX chunk_staged ON chunk (inode, idx) WHERE object IS NULL;

-- Who refers to an object: decides whether it is dead.
CREATE INDEX chunk_by_object ON chunk (object) WHERE object IS NOT NULL;

-- One row per object in the object store that this tree knows. Several chunks may share one.
-- `dead_at` is NULL while a chunk refers to it, and the time of the transaction that took the last reference afterwards; it never
-- comes back to life. The row goes when the store has confirmed the deletion.
--   members: how many chunks it was made of. More than one: a pack, which says inside what it holds (chunks/packs.py).
--   thinned, live: of a pack. 1: chunks may have let go of it since it was looked at. While 0, `live` is the sum of `stored_length`
--     over the chunks that refer to it.
CREATE TABLE object (
    id INTEGER NOT NULL PRIMARY KEY,
    key BLOB NOT NULL,
    length INTEGER NOT NULL,
    dead_at INTEGER,
    members INTEGER NOT NULL DEFAULT 1,
    thinned INTEGER NOT NULL DEFAULT 0,
    live INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Packs that may have become worth rewriting.
CREATE INDEX object_thinned ON object (id) WHERE thinned = 1;

CREATE INDEX object_dead ON object (dead_at) WHERE dead_at IS NOT NULL;

-- Objects without a name that somebody held open when the last one went: nlink is 0. Removed at the last close, or swept after
-- the grace period of a restart.
CREATE TABLE orphan (
    inode INTEGER NOT NULL PRIMARY KEY
) STRICT;

-- Extended attributes (RFC 8276): the name without its "user." prefix.
CREATE TABLE xattr (
    inode INTEGER NOT NULL,
    name BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (inode, name)
) STRICT, WITHOUT ROWID;

-- Stable storage of the protocol's state, written in the same transactions and not interpreted here.
-- client: one row per confirmed client owner.
CREATE TABLE client (
    owner BLOB NOT NULL PRIMARY KEY,
    record BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The reply to the last request of a slot that changed the tree, written with that change and overwritten in place.
CREATE TABLE reply (
    session BLOB NOT NULL,
    slot INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (session, slot)
) STRICT, WITHOUT ROWID;

-- The sessions that have rows in `reply`. Both go together.
--   ended: the time of the first start without it; NULL while the instance that made it runs, and until the next start.
CREATE TABLE session (
    id BLOB NOT NULL PRIMARY KEY,
    owner BLOB NOT NULL,
    ended INTEGER
) STRICT, WITHOUT ROWID;
