/* Preloaded into a process: shifts its wall clock, and nothing else, by the seconds that stand in a shared file.

   Everything reads the wall clock through these functions of the C library; the monotonic clock and the time since
   boot stay true, as they do when somebody sets a machine's clock. Waits until a wall time are shifted back: the kernel
   knows nothing of this. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static _Atomic(const _Atomic int64_t *) shared;

static int64_t shift(void) {
    const _Atomic int64_t *seconds = atomic_load(&shared);
    if (!seconds) {
        const char *path = getenv("WALL_CLOCK_FILE");
        int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (file < 0) abort();
        seconds = mmap(NULL, sizeof *seconds, PROT_READ, MAP_SHARED, file, 0);
        close(file);
        if (seconds == MAP_FAILED) abort();
        atomic_store(&shared, seconds);
    }
    return atomic_load(seconds);
}

#define NEXT(name) (__extension__({                                 \
    static __typeof__(&name) next;                                  \
    if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name);   \
    next;                                                           \
}))

int clock_gettime(clockid_t clock, struct timespec *time) {
    int failed = NEXT(clock_gettime)(clock, time);
    int is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
    if (!failed && is_wall) time->tv_sec += shift();
    return failed;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    int failed = NEXT(gettimeofday)(time, zone);
    if (!failed) time->tv_sec += shift();
    return failed;
}

time_t time(time_t *seconds) {
    time_t now = NEXT(time)(NULL) + shift();
    if (seconds) *seconds = now;
    return now;
}

int timespec_get(struct timespec *time, int base) {
    int got = NEXT(timespec_get)(time, base);
    if (got == TIME_UTC) time->tv_sec += shift();
    return got;
}

int pthread_cond_timedwait(
    pthread_cond_t *restrict condition,
    pthread_mutex_t *restrict mutex,
    const struct timespec *restrict until
) {
    struct timespec truly = {until->tv_sec - shift(), until->tv_nsec};
    return NEXT(pthread_cond_timedwait)(condition, mutex, &truly);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    struct timespec truly = {until->tv_sec - shift(), until->tv_nsec};
    return NEXT(sem_timedwait)(semaphore, &truly);
}
