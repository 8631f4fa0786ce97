/// What a process takes for its work on a file.
package struct SQLiteOptions: Sendable {
    /// Memory for pages of the file, of all connections together.
    package var cacheMegabytes = 144
    /// How long the log grows before it is copied into the file: each page goes there once, however often it was changed. A
    /// longer one makes that rarer, and everybody waits for it longer.
    package var logMegabytes = 4

    package init() {}

    /// Connections that read, of each of two kinds: those of the pool, and those for lookups.
    static let readers = 4

    /// The one that writes has no more than the others. While a file is shorter than 1 GB, SQLite goes through all that it
    /// keeps after each commit that parted a page; and what was read once, the system keeps as well.
    var connectionKilobytes: Int { cacheMegabytes * 1024 / (2 * Self.readers + 1) }
}
