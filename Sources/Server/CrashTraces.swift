#if canImport(Glibc)
import CProcess
import Glibc
#else
import Darwin
#endif

/// What a crash leaves behind: one line that says where, and no memory.
///
/// Keys and card numbers are in this process's memory. A core file has all of it, and the runtime's own trace shows what
/// each register points to, after seconds in which nobody is answered and nothing starts again.
enum CrashTraces {
    static func forbid() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        #if canImport(Glibc)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // A core file that is piped to a program knows no limit.
        _ = storno_forbid_dumps()
        #else
        setrlimit(RLIMIT_CORE, &none)
        #endif
        for fault in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT] { signal(fault, SIG_DFL) }
    }
}
