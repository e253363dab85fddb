/*
 * Preloaded into a process, writes down in order everything it does to files below $NFSGW_RECORD_ROOT, so that a test can
 * tell what a disk would hold had the power gone at any instant. The log is $NFSGW_RECORD_LOG; several processes append to
 * it. A record stands there before the call that it speaks of returns, but the begin of a sync before it starts: whoever was
 * told of something finds its record in the log.
 *
 * Memory maps are not seen (SQLite maps only the -shm file, which it makes anew after a crash). Calls that the gateway does
 * not use on such files and that would go unseen end the process.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CREATE = 1, MAKE_DIRECTORY, WRITE, TRUNCATE, RENAME, LINK, UNLINK, SYNC_BEGIN, SYNC_END };

struct head {
	uint32_t operation, path, second, data; /* the lengths of two paths and of data, which follow */
	uint64_t inode, number;                 /* number: an offset, a size, or the token of a sync */
};

#define FILES 65536
static uint64_t inode_of[FILES]; /* of the recorded files that are open */
static int log_file = -1;
static char root[PATH_MAX];
static size_t root_length;
static uint32_t syncs;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void die(const char *why)
{
	dprintf(2, "recorder: %s\n", why);
	abort();
}

__attribute__((constructor)) static void start(void)
{
	const char *below = getenv("NFSGW_RECORD_ROOT"), *path = getenv("NFSGW_RECORD_LOG");
	if (!below || !path)
		return;
	snprintf(root, sizeof root, "%s", below);
	root_length = strlen(root);
	int file = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	log_file = file < 0 ? -1 : fcntl(file, F_DUPFD_CLOEXEC, 900);
	if (log_file < 0)
		die("the log cannot be opened");
	REAL(close)(file);
}

static void note(uint32_t operation, uint64_t inode, uint64_t number, const char *path, const char *second, const void *data,
		 size_t length)
{
	int before = errno;
	struct head head = { operation, path ? strlen(path) : 0, second ? strlen(second) : 0, length, inode, number };
	struct iovec parts[] = { { &head, sizeof head }, { (void *)path, head.path }, { (void *)second, head.second },
				 { (void *)data, length } };
	ssize_t whole = sizeof head + head.path + head.second + length;
	if (writev(log_file, parts, 4) != whole)
		die("the log cannot be written");
	errno = before;
}

/* The absolute path, when it lies below the root. */
static const char *below(int directory, const char *path, char *buffer)
{
	if (log_file < 0 || !path)
		return NULL;
	if (path[0] == '/') {
		snprintf(buffer, PATH_MAX, "%s", path);
	} else {
		char base[PATH_MAX], link[64];
		if (directory == AT_FDCWD) {
			if (!getcwd(base, sizeof base))
				return NULL;
		} else {
			snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
			ssize_t length = readlink(link, base, sizeof base - 1);
			if (length < 0)
				return NULL;
			base[length] = 0;
		}
		if ((size_t)snprintf(buffer, PATH_MAX, "%s/%s", base, path) >= PATH_MAX)
			die("a path is too long");
	}
	if (strncmp(buffer, root, root_length) || (buffer[root_length] && buffer[root_length] != '/'))
		return NULL;
	return buffer;
}

static uint64_t recorded(int file)
{
	struct stat about;
	if (log_file < 0 || file < 0 || file >= FILES || !inode_of[file])
		return 0;
	if (fstat(file, &about) || about.st_ino != inode_of[file]) {
		inode_of[file] = 0;
		return 0;
	}
	return inode_of[file];
}

static int opened(int directory, const char *path, int flags, mode_t mode)
{
	char buffer[PATH_MAX];
	struct stat about;
	const char *full = below(directory, path, buffer);
	int missing = full && (flags & O_CREAT) && lstat(full, &about);
	int file = REAL(openat)(directory, path, flags, mode);
	if (file < 0 || !full)
		return file;
	if (fstat(file, &about) || file >= FILES)
		die("a file cannot be followed");
	inode_of[file] = about.st_ino;
	if (missing)
		note(CREATE, about.st_ino, 0, full, NULL, NULL, 0);
	else if (flags & O_TRUNC)
		note(TRUNCATE, about.st_ino, 0, NULL, NULL, NULL, 0);
	return file;
}

#define MODE(flags, mode)                                     \
	mode_t mode = 0;                                      \
	if ((flags) & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) { \
		va_list rest;                                 \
		va_start(rest, flags);                        \
		mode = va_arg(rest, mode_t);                  \
		va_end(rest);                                 \
	}

int open(const char *path, int flags, ...)
{
	MODE(flags, mode)
	return opened(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	MODE(flags, mode)
	return opened(AT_FDCWD, path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...)
{
	MODE(flags, mode)
	return opened(directory, path, flags, mode);
}

int openat64(int directory, const char *path, int flags, ...)
{
	MODE(flags, mode)
	return opened(directory, path, flags, mode);
}

int close(int file)
{
	if (file >= 0 && file < FILES)
		inode_of[file] = 0;
	return REAL(close)(file);
}

ssize_t pwrite(int file, const void *data, size_t length, off_t offset)
{
	ssize_t done = REAL(pwrite)(file, data, length, offset);
	uint64_t inode = recorded(file);
	if (inode && done > 0)
		note(WRITE, inode, offset, NULL, NULL, data, done);
	return done;
}

ssize_t pwrite64(int file, const void *data, size_t length, off_t offset)
{
	return pwrite(file, data, length, offset);
}

ssize_t write(int file, const void *data, size_t length)
{
	ssize_t done = REAL(write)(file, data, length);
	uint64_t inode = recorded(file);
	if (inode && done > 0)
		note(WRITE, inode, lseek(file, 0, SEEK_CUR) - done, NULL, NULL, data, done);
	return done;
}

static int cut(int result, uint64_t inode, off_t size)
{
	if (!result && inode)
		note(TRUNCATE, inode, size, NULL, NULL, NULL, 0);
	return result;
}

int ftruncate(int file, off_t size)
{
	return cut(REAL(ftruncate)(file, size), recorded(file), size);
}

int ftruncate64(int file, off_t size)
{
	return ftruncate(file, size);
}

int truncate(const char *path, off_t size)
{
	char buffer[PATH_MAX];
	struct stat about;
	const char *full = below(AT_FDCWD, path, buffer);
	return cut(REAL(truncate)(path, size), full && !stat(path, &about) ? about.st_ino : 0, size);
}

int truncate64(const char *path, off_t size)
{
	return truncate(path, size);
}

static int renamed(int result, int from, const char *old, int to, const char *new)
{
	char first[PATH_MAX], second[PATH_MAX];
	if (!result && below(from, old, first) && below(to, new, second))
		note(RENAME, 0, 0, first, second, NULL, 0);
	return result;
}

int rename(const char *old, const char *new)
{
	return renamed(REAL(rename)(old, new), AT_FDCWD, old, AT_FDCWD, new);
}

int renameat(int from, const char *old, int to, const char *new)
{
	return renamed(REAL(renameat)(from, old, to, new), from, old, to, new);
}

static int linked(int result, int from, const char *old, int to, const char *new)
{
	char first[PATH_MAX], second[PATH_MAX];
	if (!result && below(from, old, first) && below(to, new, second))
		note(LINK, 0, 0, first, second, NULL, 0);
	return result;
}

int link(const char *old, const char *new)
{
	return linked(REAL(link)(old, new), AT_FDCWD, old, AT_FDCWD, new);
}

int linkat(int from, const char *old, int to, const char *new, int flags)
{
	return linked(REAL(linkat)(from, old, to, new, flags), from, old, to, new);
}

static int unlinked(int result, int directory, const char *path)
{
	char buffer[PATH_MAX];
	if (!result && below(directory, path, buffer))
		note(UNLINK, 0, 0, buffer, NULL, NULL, 0);
	return result;
}

int unlink(const char *path)
{
	return unlinked(REAL(unlink)(path), AT_FDCWD, path);
}

int unlinkat(int directory, const char *path, int flags)
{
	return unlinked(REAL(unlinkat)(directory, path, flags), directory, path);
}

int rmdir(const char *path)
{
	return unlinked(REAL(rmdir)(path), AT_FDCWD, path);
}

static int made(int result, int directory, const char *path)
{
	char buffer[PATH_MAX];
	struct stat about;
	if (!result && below(directory, path, buffer) && !stat(buffer, &about))
		note(MAKE_DIRECTORY, about.st_ino, 0, buffer, NULL, NULL, 0);
	return result;
}

int mkdir(const char *path, mode_t mode)
{
	return made(REAL(mkdir)(path, mode), AT_FDCWD, path);
}

int mkdirat(int directory, const char *path, mode_t mode)
{
	return made(REAL(mkdirat)(directory, path, mode), directory, path);
}

static int synced(int (*call)(int), int file)
{
	uint64_t inode = recorded(file);
	if (!inode)
		return call(file);
	uint64_t token = ((uint64_t)getpid() << 32) | __atomic_add_fetch(&syncs, 1, __ATOMIC_SEQ_CST);
	note(SYNC_BEGIN, inode, token, NULL, NULL, NULL, 0);
	int result = call(file);
	if (!result)
		note(SYNC_END, inode, token, NULL, NULL, NULL, 0);
	return result;
}

int fsync(int file)
{
	return synced(REAL(fsync), file);
}

int fdatasync(int file)
{
	return synced(REAL(fdatasync), file);
}

#define UNSEEN(condition, name) \
	if (condition)          \
	die(name " of a recorded file would go unseen")

ssize_t writev(int file, const struct iovec *parts, int count)
{
	UNSEEN(file != log_file && recorded(file), "writev");
	return REAL(writev)(file, parts, count);
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset)
{
	UNSEEN(recorded(file), "pwritev");
	return REAL(pwritev)(file, parts, count, offset);
}

int fallocate(int file, int mode, off_t offset, off_t length)
{
	UNSEEN(recorded(file), "fallocate");
	return REAL(fallocate)(file, mode, offset, length);
}

int posix_fallocate(int file, off_t offset, off_t length)
{
	UNSEEN(recorded(file), "posix_fallocate");
	return REAL(posix_fallocate)(file, offset, length);
}

ssize_t copy_file_range(int from, off_t *at, int to, off_t *into, size_t length, unsigned flags)
{
	UNSEEN(recorded(to), "copy_file_range");
	return REAL(copy_file_range)(from, at, to, into, length, flags);
}

ssize_t sendfile(int to, int from, off_t *at, size_t length);
ssize_t sendfile(int to, int from, off_t *at, size_t length)
{
	UNSEEN(recorded(to), "sendfile");
	return REAL(sendfile)(to, from, at, length);
}
