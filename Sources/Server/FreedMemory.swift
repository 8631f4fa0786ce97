import CProcess

/// What the C library does with memory that is free again.
enum FreedMemory {
    /// As many bytes of each arena as one batch of commands needs and the next one will need again.
    private static let kept: CInt = 8 * 1024 * 1024

    /// The GNU library gives back what is free at an arena's end from 128 kB on, after each batch, and takes it anew for the
    /// next: both stop every thread of the process for a moment. Once told otherwise, it no longer learns by itself which
    /// blocks are worth a mapping of their own, so it is told that as well.
    static func keep() { storno_keep_free_memory(kept) }
}
