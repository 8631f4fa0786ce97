/*
 * Writes down, in one order, what a process does to the files of one folder and what it sends to its clients: loaded
 * into the process with LD_PRELOAD. From the record one can work out what a disk could hold after a power cut at any
 * moment, and what had been answered by then.
 *
 *   RECORDER_FOLDER  the folder, as an absolute path without links; files in it are recorded, those below it are not
 *   RECORDER_LOG     where to write the record
 *   RECORDER_DIE_AT  N: kill the process just before its Nth operation on a file; no record is needed for that
 *
 * WHY THE ORDER IS SOUND
 *
 * 1. Whatever changes a file or sends bytes to a client holds one lock from before its system call until it is in the
 *    record. So these stand in the record in the order in which they really happened, across all threads.
 * 2. A sync takes long, and runs without the lock: holding it would keep a hasty answer from being seen before the
 *    sync's end. It stands in the record twice, each time under the lock: before its system call and after its return.
 *    Its end makes durable only what the record has of that file before its beginning. That was written before the
 *    system call began (by 1), so the kernel had to cover it. What is written in between may have been covered too;
 *    the record does not claim it.
 * 3. An answer that left before a sync returned held the lock before the sync's end could take it, so it stands before
 *    that end. An answer is never recorded too late, and never before the kernel had its bytes.
 *
 * What is not seen here (other system calls, mappings) is found by whoever reads the record: everything in it applied
 * together has to be, byte for byte, what the folder really holds. SQLite's -shm file, which no recovery reads, is left
 * out.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include <netinet/in.h>

enum {
    CREATE = 'c',
    WRITE = 'w',
    TRUNCATE = 't',
    SYNC_BEGIN = 's',
    SYNC_END = 'e',
    REMOVE = 'u',
    RENAME = 'r',
    LINK = 'l',
    SENT = 'a',
};

/* One entry of the record, followed by the name and the data. `file` is an inode, or a client's port. `offset` is also
   a file's new length, and the number that a sync's beginning and end share. */
struct entry {
    uint32_t operation;
    uint32_t name_length;
    uint64_t file;
    uint64_t offset;
    uint64_t data_length;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static int record = -1;
static long die_at, operations, syncs;

/* The folder's inode first, then those of its files. A few dozen at the most are ever in use. */
static dev_t device;
static ino_t inodes[256];
static int inode_count;

static void give_up(const char *reason) {
    dprintf(2, "recorder: %s\n", reason);
    _exit(99);
}

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("RECORDER_LOG");
    const char *number = getenv("RECORDER_DIE_AT");
    struct stat status;
    if (!getenv("RECORDER_FOLDER")) return;
    if (stat(getenv("RECORDER_FOLDER"), &status) != 0) give_up("there is no RECORDER_FOLDER");
    device = status.st_dev;
    inodes[inode_count++] = status.st_ino;
    die_at = number ? atol(number) : 0;
    if (path) {
        record = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (record < 0) give_up("RECORDER_LOG cannot be written");
    }
    folder = getenv("RECORDER_FOLDER");
}

/* MARK: the record; all of this under the lock */

static void append(
    uint32_t operation,
    uint64_t file,
    uint64_t offset,
    const char *name,
    const struct iovec *parts,
    int number,
    size_t length
) {
    if (record < 0) return;
    struct entry entry = {operation, name ? strlen(name) : 0, file, offset, length};
    struct iovec all[2 + 64] = {{&entry, sizeof entry}, {(void *)name, entry.name_length}};
    size_t left = length, total = sizeof entry + entry.name_length + length;
    int used = 2;
    for (int index = 0; index < number && left > 0; index++) {
        if (used == 2 + 64) give_up("too many parts in one write");
        size_t taken = parts[index].iov_len < left ? parts[index].iov_len : left;
        all[used++] = (struct iovec){parts[index].iov_base, taken};
        left -= taken;
    }
    if (syscall(SYS_writev, record, all, used) != (ssize_t)total) give_up("the record cannot be written");
}

/* Before each operation on a file. */
static void count(void) {
    if (++operations == die_at) {
        kill(getpid(), SIGKILL);
        pause();
    }
}

static int is_ours(ino_t inode) {
    for (int index = 0; index < inode_count; index++)
        if (inodes[index] == inode) return 1;
    return 0;
}

/* The name of a file directly in the folder, otherwise NULL. */
static const char *name_of(const char *path) {
    size_t length = folder ? strlen(folder) : 0;
    if (!folder || strncmp(path, folder, length) != 0 || path[length] != '/') return NULL;
    const char *name = path + length + 1, *end = name + strlen(name);
    if (*name == 0 || strchr(name, '/')) return NULL;
    return end - name > 4 && strcmp(end - 4, "-shm") == 0 ? NULL : name;
}

static void forget(ino_t inode) {
    for (int index = 1; index < inode_count; index++)
        if (inodes[index] == inode) inodes[index] = inodes[--inode_count];
}

/* MARK: what a descriptor is; without the lock */

/* The file behind it if it is one of ours, otherwise 0. */
static ino_t file_of(int descriptor) {
    struct stat status;
    if (!folder || fstat(descriptor, &status) != 0 || status.st_dev != device) return 0;
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return 0;
    pthread_mutex_lock(&lock);
    int ours = is_ours(status.st_ino);
    pthread_mutex_unlock(&lock);
    return ours ? status.st_ino : 0;
}

/* The port of the client at its other end if it is a connection, otherwise 0. */
static int client_of(int descriptor) {
    struct sockaddr_in6 address;
    socklen_t length = sizeof address;
    if (!folder || getpeername(descriptor, (struct sockaddr *)&address, &length) != 0) return 0;
    if (address.sin6_family != AF_INET && address.sin6_family != AF_INET6) return 0;
    return ntohs(address.sin6_port); /* at the same place in both */
}

/* MARK: opening */

static int open_file(const char *path, int flags, mode_t mode) {
    const char *name = name_of(path);
    if (!name) return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    struct stat status;
    pthread_mutex_lock(&lock);
    int is_new = stat(path, &status) != 0;
    if (is_new && (flags & O_CREAT)) count();
    int descriptor = syscall(SYS_openat, AT_FDCWD, path, flags, mode), failure = errno;
    if (descriptor >= 0 && fstat(descriptor, &status) == 0) {
        if (!is_ours(status.st_ino)) {
            if (inode_count == sizeof inodes / sizeof *inodes) give_up("too many files");
            inodes[inode_count++] = status.st_ino;
        }
        if (is_new) append(CREATE, status.st_ino, 0, name, NULL, 0, 0);
        if (!is_new && (flags & O_TRUNC)) append(TRUNCATE, status.st_ino, 0, NULL, NULL, 0, 0);
    }
    pthread_mutex_unlock(&lock);
    errno = failure;
    return descriptor;
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return open_file(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return open_file(path, flags, mode);
}

/* MARK: writing, to files and to clients */

static ssize_t write_at(int descriptor, const void *data, size_t length, off_t offset) {
    ino_t file = file_of(descriptor);
    if (!file) return syscall(SYS_pwrite64, descriptor, data, length, offset);
    struct iovec part = {(void *)data, length};
    pthread_mutex_lock(&lock);
    count();
    ssize_t written = syscall(SYS_pwrite64, descriptor, data, length, offset);
    int failure = errno;
    if (written > 0) append(WRITE, file, offset, NULL, &part, 1, written);
    pthread_mutex_unlock(&lock);
    errno = failure;
    return written;
}

ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) {
    return write_at(descriptor, data, length, offset);
}

ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t offset) {
    return write_at(descriptor, data, length, offset);
}

/* What `write` and `writev` have in common: a file at its own position, or a client. */
static ssize_t write_parts(int descriptor, const struct iovec *parts, int number) {
    ino_t file = file_of(descriptor);
    int client = file ? 0 : client_of(descriptor);
    if (!file && !client) return syscall(SYS_writev, descriptor, parts, number);
    pthread_mutex_lock(&lock);
    if (file) count();
    off_t offset = file ? lseek(descriptor, 0, SEEK_CUR) : 0;
    ssize_t written = syscall(SYS_writev, descriptor, parts, number);
    int failure = errno;
    if (written > 0 && file) append(WRITE, file, offset, NULL, parts, number, written);
    if (written > 0 && client) append(SENT, client, 0, NULL, parts, number, written);
    pthread_mutex_unlock(&lock);
    errno = failure;
    return written;
}

ssize_t writev(int descriptor, const struct iovec *parts, int number) { return write_parts(descriptor, parts, number); }

ssize_t write(int descriptor, const void *data, size_t length) {
    struct iovec part = {(void *)data, length};
    return write_parts(descriptor, &part, 1);
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
    int client = client_of(descriptor);
    if (!client) return syscall(SYS_sendmsg, descriptor, message, flags);
    pthread_mutex_lock(&lock);
    ssize_t sent = syscall(SYS_sendmsg, descriptor, message, flags);
    int failure = errno;
    if (sent > 0) append(SENT, client, 0, NULL, message->msg_iov, message->msg_iovlen, sent);
    pthread_mutex_unlock(&lock);
    errno = failure;
    return sent;
}

ssize_t send(int descriptor, const void *data, size_t length, int flags) {
    struct iovec part = {(void *)data, length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    return sendmsg(descriptor, &message, flags);
}

/* MARK: lengths and names */

static int truncate_file(int descriptor, off_t length) {
    ino_t file = file_of(descriptor);
    if (!file) return syscall(SYS_ftruncate, descriptor, length);
    pthread_mutex_lock(&lock);
    count();
    int result = syscall(SYS_ftruncate, descriptor, length), failure = errno;
    if (result == 0) append(TRUNCATE, file, length, NULL, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    errno = failure;
    return result;
}

int ftruncate(int descriptor, off_t length) { return truncate_file(descriptor, length); }

int ftruncate64(int descriptor, off64_t length) { return truncate_file(descriptor, length); }

int unlink(const char *path) {
    const char *name = name_of(path);
    if (!name) return syscall(SYS_unlink, path);
    struct stat status;
    pthread_mutex_lock(&lock);
    int is_there = stat(path, &status) == 0;
    if (is_there) count();
    int result = syscall(SYS_unlink, path), failure = errno;
    if (result == 0 && is_there && is_ours(status.st_ino)) {
        append(REMOVE, status.st_ino, 0, name, NULL, 0, 0);
        if (status.st_nlink == 1) forget(status.st_ino);
    }
    pthread_mutex_unlock(&lock);
    errno = failure;
    return result;
}

/* The new name is the entry's data. Both names are in the folder, or the difference shows at the end. */
static int give_name(long call, uint32_t operation, const char *from, const char *to) {
    const char *name = name_of(from), *new_name = name_of(to);
    if (!name || !new_name) return syscall(call, from, to);
    struct stat status;
    struct iovec part = {(void *)new_name, strlen(new_name)};
    pthread_mutex_lock(&lock);
    int is_there = stat(from, &status) == 0;
    count();
    int result = syscall(call, from, to), failure = errno;
    if (result == 0 && is_there) append(operation, status.st_ino, 0, name, &part, 1, part.iov_len);
    pthread_mutex_unlock(&lock);
    errno = failure;
    return result;
}

int rename(const char *from, const char *to) { return give_name(SYS_rename, RENAME, from, to); }

int link(const char *from, const char *to) { return give_name(SYS_link, LINK, from, to); }

/* MARK: syncs */

static int sync_file(long call, int descriptor) {
    ino_t file = file_of(descriptor);
    if (!file) return syscall(call, descriptor);
    pthread_mutex_lock(&lock);
    count();
    long number = ++syncs;
    append(SYNC_BEGIN, file, number, NULL, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    int result = syscall(call, descriptor), failure = errno;
    pthread_mutex_lock(&lock);
    if (result == 0) append(SYNC_END, file, number, NULL, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    errno = failure;
    return result;
}

int fsync(int descriptor) { return sync_file(SYS_fsync, descriptor); }

int fdatasync(int descriptor) { return sync_file(SYS_fdatasync, descriptor); }
