import Configuration
import SQLiteStorage

extension SQLiteOptions {
    /// - Throws: ``SettingsFailure``.
    init(_ reader: ConfigReader) throws {
        self.init()
        cacheMegabytes = try Settings.number("sqlite.cacheMegabytes", 9...65_536, reader) ?? cacheMegabytes
        logMegabytes = try Settings.number("sqlite.logMegabytes", 1...128, reader) ?? logMegabytes
    }
}
