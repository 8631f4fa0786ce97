#ifndef STORNO_PROCESS_H
#define STORNO_PROCESS_H

// What Swift cannot call: functions with a variable number of arguments.

#ifdef __linux__
#include <sys/prctl.h>

/// No core file of this process, and no look into its memory by others of the same user.
static inline int storno_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
#endif

#endif
