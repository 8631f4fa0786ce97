/* Preloaded into a server: makes chosen calls on chosen files fail, as a bad or full disk would, or take their time, as a
 * slow one does.
 *
 * FAULTS_FOLDER is the folder whose files are watched; FAULTS_PLAN names the file, shared with the test, that says
 * which call fails and how, also while the server runs. Everything else goes straight to the kernel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

/* The test's half of this is in disk_faults.py. */
enum kind { WRITE = 1, SYNC = 2, OPEN = 4, SIZE = 8, READ = 16 };
enum { HALF = 0, LOST = -1 };

struct plan {
    int64_t first;     /* the call that fails, counted from 1; 0: none, and nothing is counted */
    int64_t last;      /* the last one that fails */
    int64_t calls;     /* of these kinds on these files, so far */
    int64_t failed;    /* how many of them were made to fail */
    int64_t pause;     /* microseconds that the call takes longer, in place of failing; 0: it fails */
    int32_t kinds;     /* what is counted: a sum of kinds */
    int32_t error;     /* an errno, or HALF: a write takes half of its bytes, or LOST: it takes none and says all */
    char files[64];    /* counts only files with such names, as a pattern of fnmatch; the folder itself is "." */
    char where[128];   /* the first call that failed: its name and its file */
};

static struct plan *plan;
static const char *folder;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULTS_PLAN");
    folder = getenv("FAULTS_FOLDER");
    if (!path || !folder) return;
    int file = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    if (file < 0) abort();
    plan = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (plan == MAP_FAILED) abort();
    syscall(SYS_close, file);
}

/* The file's name in the folder; NULL for files elsewhere. */
static const char *name_in_folder(const char *path) {
    size_t length = strlen(folder);
    if (strncmp(path, folder, length) != 0) return NULL;
    if (path[length] == 0) return ".";
    return path[length] == '/' ? path + length + 1 : NULL;
}

static int is_armed(enum kind kind) {
    return plan && __atomic_load_n(&plan->first, __ATOMIC_ACQUIRE) && (plan->kinds & kind);
}

/* Counts the call, and says whether it has to fail. */
static int fails(enum kind kind, const char *call, const char *path) {
    if (!is_armed(kind)) return 0;
    const char *name = name_in_folder(path);
    if (!name || fnmatch(plan->files, name, 0) != 0) return 0;
    int64_t number = __atomic_add_fetch(&plan->calls, 1, __ATOMIC_ACQ_REL);
    if (number < plan->first || number > plan->last) return 0;
    if (__atomic_add_fetch(&plan->failed, 1, __ATOMIC_ACQ_REL) == 1)
        snprintf(plan->where, sizeof plan->where, "%s %s", call, name);
    if (plan->pause) {
        usleep(plan->pause);
        return 0;
    }
    errno = plan->error;
    return 1;
}

static int fails_by_descriptor(enum kind kind, const char *call, int file) {
    if (!is_armed(kind)) return 0;
    char link[32], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = syscall(SYS_readlink, link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(kind, call, path);
}

static int opened(int at, const char *path, int flags, mode_t mode) {
    if (fails(OPEN, "open", path)) return -1;
    return syscall(SYS_openat, at, path, flags, mode);
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | __O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return opened(at, path, flags, mode); }

/* A Unix-domain socket is a file as well. */
int bind(int socket, const struct sockaddr *address, socklen_t length) {
    if (address->sa_family == AF_UNIX && fails(OPEN, "bind", ((const struct sockaddr_un *)address)->sun_path))
        return -1;
    return syscall(SYS_bind, socket, address, length);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off_t offset) {
    if (fails_by_descriptor(WRITE, "pwrite", file)) {
        if (plan->error > 0) return -1;
        if (plan->error == LOST) return count;
        count /= 2;
    }
    return syscall(SYS_pwrite64, file, bytes, count, offset);
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return pwrite64(file, bytes, count, offset); }

ssize_t write(int file, const void *bytes, size_t count) {
    if (fails_by_descriptor(WRITE, "write", file)) {
        if (plan->error > 0) return -1;
        if (plan->error == LOST) return count;
        count /= 2;
    }
    return syscall(SYS_write, file, bytes, count);
}

ssize_t pread64(int file, void *bytes, size_t count, off_t offset) {
    if (fails_by_descriptor(READ, "pread", file)) return -1;
    return syscall(SYS_pread64, file, bytes, count, offset);
}
ssize_t pread(int file, void *bytes, size_t count, off_t offset) { return pread64(file, bytes, count, offset); }

ssize_t read(int file, void *bytes, size_t count) {
    if (fails_by_descriptor(READ, "read", file)) return -1;
    return syscall(SYS_read, file, bytes, count);
}

int fsync(int file) {
    if (fails_by_descriptor(SYNC, "fsync", file)) return -1;
    return syscall(SYS_fsync, file);
}

int fdatasync(int file) {
    if (fails_by_descriptor(SYNC, "fdatasync", file)) return -1;
    return syscall(SYS_fdatasync, file);
}

int ftruncate64(int file, off_t length) {
    if (fails_by_descriptor(SIZE, "ftruncate", file)) return -1;
    return syscall(SYS_ftruncate, file, length);
}
int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

int fallocate64(int file, int mode, off_t offset, off_t length) {
    if (fails_by_descriptor(SIZE, "fallocate", file)) return -1;
    return syscall(SYS_fallocate, file, mode, offset, length);
}
int fallocate(int file, int mode, off_t offset, off_t length) { return fallocate64(file, mode, offset, length); }

/* Gives its error instead of setting errno. */
int posix_fallocate64(int file, off_t offset, off_t length) {
    return fallocate64(file, 0, offset, length) == 0 ? 0 : errno;
}
int posix_fallocate(int file, off_t offset, off_t length) { return posix_fallocate64(file, offset, length); }
