import Configuration
import DialectKit
import Domain
import Foundation
import Logging
import SQLiteStorage
import SystemPackage

/// Everything that `storno serve` can be told, from flags, environment, file and defaults, in this order.
package struct Settings: Sendable {
    package var host: String
    package var port: Int
    package var database: DatabaseLocation
    var tls: TLSFiles?
    package var secretKeyFile: String
    package var logLevel: Logger.Level
    package var isDemo: Bool
    /// Whether a start takes the wall clock over at once where it is ahead.
    package var trustsClock = false
    package var webhooks = WebhookSettings()
    package var metrics: MetricsSettings?
    package var limits = LimitSettings()
    package var sqlite = SQLiteOptions()
    /// Further host names, each with the dialect that it means.
    package var hostAliases: [String: String]
    /// What each key may send to this process where its account says nothing; `nil` for no limit.
    package var rateLimit: RateLimit?

    /// Everything that a file may say. A key that is read and not here is called unknown by `storno doctor`.
    package static let keys =
        [
            "host", "port", "database", "tls.certificate", "tls.key", "secretKeyFile", "logLevel", "rateLimit",
            "metrics.host", "metrics.port",
            "limits.connections", "limits.waiting", "limits.wait", "limits.bodyMegabytes",
            "sqlite.cacheMegabytes", "sqlite.logMegabytes",
            "webhooks.allowLoopback", "webhooks.timeout", "webhooks.schedule",
        ] + Catalog.dialects.map { "hosts.\($0.name)" }

    /// The variable that says the same, such as `STORNO_SECRET_KEY_FILE` for `secretKeyFile`.
    static func environmentName(of key: String) -> String {
        let words = key.flatMap { character -> String in
            character == "." ? "_" : character.isUppercase ? "_\(character)" : character.uppercased()
        }
        return "STORNO_" + String(words)
    }

    /// - Parameters:
    ///   - flags: what the command line says, by configuration key such as `tls.certificate`.
    ///   - file: a JSON file with the same keys; `nil` for none.
    /// - Throws: ``SettingsFailure``, naming the setting.
    package static func load(flags: [String: String], file: String?, isDemo: Bool = false) async throws -> Settings {
        var providers: [any ConfigProvider] = [
            InMemoryProvider(
                name: "flags",
                values: Dictionary(
                    uniqueKeysWithValues: flags.map {
                        (AbsoluteConfigKey(stringLiteral: $0), ConfigValue(stringLiteral: $1))
                    }
                )
            ),
            EnvironmentVariablesProvider().prefixKeys(with: "storno"),
        ]
        if let file {
            do {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(file)))
            } catch {
                throw SettingsFailure(name: "config", reason: "\(file) cannot be read as JSON: \(error)")
            }
        }
        return try Settings(ConfigReader(providers: providers), isDemo: isDemo)
    }

    private init(_ reader: ConfigReader, isDemo: Bool) throws {
        host = reader.string(forKey: "host", default: "127.0.0.1")
        // Flags and environment hold texts, a JSON file may hold a number.
        port = try Self.port(reader.string(forKey: "port") ?? String(reader.int(forKey: "port", default: 8080)))
        database = try DatabaseLocation(reader.string(forKey: "database", default: "sqlite:storno.sqlite"))
        tls = try Self.tls(reader.string(forKey: "tls.certificate"), reader.string(forKey: "tls.key"))
        secretKeyFile = reader.string(forKey: "secretKeyFile") ?? database.secretKeyPath
        let level = reader.string(forKey: "logLevel", default: "info")
        guard let parsed = Logger.Level(rawValue: level) else {
            let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingsFailure(name: "logLevel", reason: "\(level) is none of \(known)")
        }
        logLevel = parsed
        self.isDemo = isDemo
        rateLimit = try reader.string(forKey: "rateLimit").flatMap(Self.rateLimit)
        webhooks = try WebhookSettings(reader)
        metrics = try MetricsSettings(reader)
        limits = try LimitSettings(reader)
        sqlite = try SQLiteOptions(reader)
        // A demo is for this machine alone.
        if isDemo { webhooks.allowsLoopback = true }
        hostAliases = [:]
        for dialect in Catalog.dialects {
            let hosts = reader.string(forKey: ConfigKey(["hosts", dialect.name]), default: "")
            for host in hosts.split(separator: ",") {
                hostAliases[host.trimmingCharacters(in: .whitespaces).lowercased()] = dialect.name
            }
        }
    }

    private static func rateLimit(_ text: String) throws -> RateLimit? {
        if text == "off" { return nil }
        guard let limit = RateLimit(text) else {
            throw SettingsFailure(
                name: "rateLimit",
                reason: "\(text) is neither off nor requests/seconds, such as 100/60"
            )
        }
        return limit
    }

    /// Flags and environment hold texts, a JSON file may hold a number.
    static func number(_ name: String, _ range: ClosedRange<Int>, _ reader: ConfigReader) throws -> Int? {
        let key = ConfigKey(name.split(separator: ".").map(String.init))
        guard let text = reader.string(forKey: key) ?? reader.int(forKey: key).map(String.init) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw SettingsFailure(
                name: name,
                reason: "\(text) is no number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    static func port(_ text: String, of name: String = "port") throws -> Int {
        guard let port = Int(text), (0...65535).contains(port) else {
            throw SettingsFailure(name: name, reason: "\(text) is no number from 0 to 65535")
        }
        return port
    }

    private static func tls(_ certificate: String?, _ key: String?) throws -> TLSFiles? {
        switch (certificate, key) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key)
        case (_?, nil): throw SettingsFailure(name: "tls.key", reason: "is needed as well: give --tls-key")
        case (nil, _?):
            throw SettingsFailure(name: "tls.certificate", reason: "is needed as well: give --tls-certificate")
        }
    }

    /// The same for a database file at another place; the secret key stays where it is.
    func with(databaseAt path: String) -> Settings {
        var settings = self
        settings.database = .sqlite(path: path)
        return settings
    }

    /// Whether only this machine can reach the server.
    package var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    package var scheme: String { tls == nil ? "http" : "https" }
}

/// A setting that cannot be used, and why.
package struct SettingsFailure: Error, CustomStringConvertible {
    package let name: String
    package let reason: String

    package init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }

    package var description: String { "The setting \(name) cannot be used: \(reason)." }
}
