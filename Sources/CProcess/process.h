#ifndef STORNO_PROCESS_H
#define STORNO_PROCESS_H

// What Swift cannot call: functions with a variable number of arguments, and those of headers that it does not know.

#ifdef __linux__
#include <malloc.h>
#include <sys/prctl.h>

/// No core file of this process, and no look into its memory by others of the same user.
static inline int storno_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
#endif

/// How many bytes the C library keeps of what is free at an arena's end, and from how many on a block gets a mapping of its
/// own. Nothing where the library has no such choice.
static inline void storno_keep_free_memory(int bytes) {
#ifdef __GLIBC__
    mallopt(M_TRIM_THRESHOLD, bytes);
    mallopt(M_MMAP_THRESHOLD, bytes);
#endif
}

#endif
