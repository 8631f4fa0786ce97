import Domain
import Engine
import Logging
import SQLiteStorage
import Storage

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Work on a database from the command line, whether a server is using it or not.
package enum OpenInstallation {
    /// Asks the running server where there is one, otherwise does it here.
    ///
    /// - Throws: `SQLiteOpenFailure` or ``SettingsFailure``, saying what to do.
    package static func administer(_ request: AdminRequest, _ settings: Settings) async throws -> AdminAnswer {
        do {
            return try await with(settings) { installation in
                await Administration(engine: installation.engine).perform(request)
            }
        } catch SQLiteOpenFailure.inUse(let path) {
            do {
                return try await AdminClient.ask(request, socket: settings.database.adminSocketPath)
            } catch AdminClient.Failure.noAnswer {
                return .refused("The server did not answer. \(OperatorWording.unknown(request.look))")
            } catch AdminClient.Failure.noConnection {
                throw SettingsFailure(
                    name: "database",
                    reason:
                        "\(path) is in use by a process that does not listen on \(settings.database.adminSocketPath); nothing was changed"
                )
            }
        }
    }

    /// Opens the database in this process for the duration of `body`.
    package static func with<Value: Sendable>(
        _ settings: Settings,
        _ body: @Sendable @escaping (Installation) async throws -> Value
    ) async throws -> Value {
        let installation = try await open(settings)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await installation.run() }
            do {
                let value = try await body(installation)
                installation.close()
                try await group.waitForAll()
                return value
            } catch {
                installation.close()
                throw error
            }
        }
    }

    /// Opens the database for reading only, with its key where that is in its place.
    package static func reader(_ settings: Settings) throws -> SQLiteStore {
        let secrets = try SecretKeyFile.read(settings.secretKeyFile)
        return try SQLiteStore(reading: settings.database.path, secrets: secrets)
    }

    static func open(_ settings: Settings, logger: Logger? = nil) async throws -> Installation {
        // Nothing that is made here is for anybody else: database, log, lock, key, socket.
        umask(0o077)
        let store = try SQLiteStore(path: settings.database.path) { isBound in
            try SecretKeyFile.load(settings.secretKeyFile, mayMake: !isBound)
        }
        let logger = logger ?? Self.logger(settings)
        do {
            return try await Installation(
                store: store,
                time: try await time(of: store, settings, logger),
                random: SystemRandomNumberGenerator(),
                logger: logger
            )
        } catch let failure as StoreFailure {
            throw SQLiteOpenFailure.unusable(
                path: store.path,
                reason: "\(failure)",
                advice: "`storno verify` says whether it is sound; `storno restore` brings a backup back."
            )
        }
    }

    private static func time(of store: SQLiteStore, _ settings: Settings, _ logger: Logger) async throws -> SteadyTime {
        let mark = settings.trustsClock ? nil : try await store.timeMark()
        let time = SteadyTime(on: .current, notBefore: try await store.latestMoment(), mark: mark)
        let lag = time.lag
        if lag > .seconds(60) || lag < .seconds(-60) {
            logger.warning(
                "the machine's clock is not where time had come to; time drifts towards it by a tenth of its pace (docs/OPERATING.md)",
                metadata: ["clock_ahead_seconds": "\(lag.components.seconds)"]
            )
        }
        return time
    }

    static func logger(_ settings: Settings) -> Logger {
        var logger = Logger(label: "storno") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = settings.logLevel
        return logger
    }
}
