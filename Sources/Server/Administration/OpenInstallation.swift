import Domain
import Engine
import Logging
import Rows
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
            let socket = path + ".admin"
            do {
                return try await AdminClient.ask(request, socket: socket)
            } catch AdminClient.Failure.noAnswer {
                return .refused("The server did not answer. \(OperatorWording.unknown(request.look))")
            } catch AdminClient.Failure.noConnection {
                throw SettingsFailure(
                    name: "database",
                    reason:
                        "\(path) is in use by a process that does not listen on \(socket); nothing was changed"
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
    package static func reader(_ settings: Settings) async throws -> any Books {
        try await Catalog.open(reading: settings.database, secrets: try SecretKeyFile.read(settings.secretKeyFile))
    }

    /// The same without its key: what is sealed stays shut.
    package static func sealedReader(_ settings: Settings) async throws -> any Books {
        try await Catalog.open(reading: settings.database, secrets: nil)
    }

    static func open(
        _ settings: Settings,
        watcher: (any BatchWatcher)? = nil,
        logger: Logger? = nil
    ) async throws -> Installation {
        // Nothing that is made here is for anybody else: database, log, lock, key, socket.
        umask(0o077)
        let store = try await Catalog.open(settings.database, sqlite: settings.sqlite) { isBound in
            try SecretKeyFile.load(settings.secretKeyFile, mayMake: !isBound)
        }
        let logger = logger ?? Self.logger(settings)
        do {
            return try await Installation(
                store: store,
                time: try await time(of: store, settings, logger),
                random: SystemRandomNumberGenerator(),
                limits: settings.limits.execution,
                watcher: watcher,
                webhooks: settings.webhooks,
                logger: logger
            )
        } catch let failure as StoreFailure {
            throw UnusableDatabase(
                place: store.place,
                reason: "\(failure)",
                advice: "`storno verify` says whether it is sound; `storno restore` brings a backup back."
            )
        }
    }

    private static func time(of store: any Books, _ settings: Settings, _ logger: Logger) async throws -> SteadyTime {
        let mark = settings.trustsClock ? nil : try await store.timeMark(of: SteadyTime.Machine.current.boot)
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
