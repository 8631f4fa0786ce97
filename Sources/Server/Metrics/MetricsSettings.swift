import Configuration

/// Where figures are told, if anywhere.
package struct MetricsSettings: Sendable {
    package let host: String
    package let port: Int

    /// - Returns: `nil` where no port is set.
    /// - Throws: ``SettingsFailure``.
    init?(_ reader: ConfigReader) throws {
        guard let text = reader.string(forKey: "metrics.port") ?? reader.int(forKey: "metrics.port").map(String.init)
        else { return nil }
        port = try Settings.port(text, of: "metrics.port")
        host = reader.string(forKey: "metrics.host", default: "127.0.0.1")
    }
}
