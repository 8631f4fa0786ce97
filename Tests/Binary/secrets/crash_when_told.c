/* Preloaded into a server: dies of a fault as soon as it reads the words, with the address of what it read in hand, as
   a fault in a parser would. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static const char words[] = "crash-when-told";

static void look(const char *bytes, ssize_t count) {
    const char *found = count > 0 ? memmem(bytes, (size_t)count, words, sizeof words - 1) : NULL;
    if (found) ((void (*volatile)(const char *))0)(found + sizeof words);
}

ssize_t read(int descriptor, void *bytes, size_t size) {
    static ssize_t (*next)(int, void *, size_t);
    if (!next) next = dlsym(RTLD_NEXT, "read");
    ssize_t count = next(descriptor, bytes, size);
    look(bytes, count);
    return count;
}

ssize_t recv(int descriptor, void *bytes, size_t size, int flags) {
    static ssize_t (*next)(int, void *, size_t, int);
    if (!next) next = dlsym(RTLD_NEXT, "recv");
    ssize_t count = next(descriptor, bytes, size, flags);
    look(bytes, count);
    return count;
}

ssize_t readv(int descriptor, const struct iovec *parts, int count) {
    static ssize_t (*next)(int, const struct iovec *, int);
    if (!next) next = dlsym(RTLD_NEXT, "readv");
    ssize_t bytes = next(descriptor, parts, count);
    if (count > 0) look(parts[0].iov_base, bytes < (ssize_t)parts[0].iov_len ? bytes : (ssize_t)parts[0].iov_len);
    return bytes;
}
