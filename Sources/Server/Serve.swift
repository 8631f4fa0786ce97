import Domain
import Engine
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import SQLiteStorage
import ServiceLifecycle
import Storage
import UnixSignals

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// `storno serve`: opens and migrates the database, puts everything to work, opens the port last.
package enum Serve {
    /// Returns when the server was asked to stop and everything that waited is done.
    ///
    /// - Parameter announce: told each line that a person should read.
    package static func run(_ settings: Settings, announce: @Sendable @escaping (String) -> Void) async throws {
        CrashTraces.forbid()
        try DescriptorLimit.raise()
        let logger = OpenInstallation.logger(settings)
        let installation = try await OpenInstallation.open(settings, logger: logger)
        try Demo.refuseInPublic(settings, installation.engine.directory)
        let (listening, isListening) = AsyncStream.makeStream(of: Void.self)
        let admin = try AdminSocket.application(
            path: settings.database.adminSocketPath,
            administration: Administration(engine: installation.engine),
            logger: logger,
            onRunning: { isListening.yield() }
        )
        let engine = EngineService(installation: installation, announce: announce)
        let front = try front(settings, installation.engine, logger, announce)
        let preparation = PreparationService(
            installation: installation,
            settings: settings,
            admin: admin,
            adminListens: listening,
            front: front
        )
        var configuration = ServiceGroupConfiguration(
            // Named, or the log shows them with all that they hold.
            services: [
                .init(service: engine, serviceName: "engine"),
                .init(service: preparation, serviceName: "server"),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        // Longer than any request may take: a client that never reads does not keep the server from stopping.
        configuration.maximumGracefulShutdownDuration = .seconds(40)
        try await ServiceGroup(configuration: configuration).run()
    }

    private static func front(
        _ settings: Settings,
        _ engine: Engine,
        _ logger: Logger,
        _ announce: @Sendable @escaping (String) -> Void
    ) throws -> FrontService {
        let readiness = Readiness()
        let application = Application(
            responder: FrontDoor(engine: engine, readiness: readiness, hostAliases: settings.hostAliases),
            server: try Listener.builder(tls: settings.tls),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                backlog: 4096,
                availableConnectionsDelegate: MaximumAvailableConnections(DescriptorLimit.connections, logger: logger)
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                announce("listening on \(settings.scheme)://\(settings.host):\(port)")
            },
            logger: logger
        )
        return FrontService(
            application: application,
            readiness: readiness,
            address: "\(settings.host):\(settings.port)"
        )
    }
}

/// Carries out commands. Stops last, when nobody can ask any more.
private struct EngineService: Service {
    let installation: Installation
    let announce: @Sendable (String) -> Void

    func run() async throws {
        do {
            try await withGracefulShutdownHandler {
                try await installation.run()
            } onGracefulShutdown: {
                installation.close()
            }
        } catch StoreFailure.fatal(let reason) {
            announce(
                "The medium of \(installation.store.path) failed (\(reason)). Nothing more is written; what was answered is kept. Look at the disk, then start again."
            )
            // Whoever waits gets a 503 meanwhile. There is nothing left to end in order.
            try? await Task.sleep(for: .milliseconds(200))
            _exit(69)
        }
    }
}

/// What needs a working engine: recovery and demo data first, then workers, the admin socket and the port.
private struct PreparationService: Service {
    let installation: Installation
    let settings: Settings
    let admin: Application<AdminResponder>
    let adminListens: AsyncStream<Void>
    let front: FrontService

    func run() async throws {
        do {
            try await installation.recover()
        } catch EngineFailure.storageUnavailable {
            throw SQLiteOpenFailure.unusable(
                path: installation.store.path,
                reason: "it cannot be written now",
                advice: "Nothing is lost. Look at its disk and its room, then start again."
            )
        }
        if settings.isDemo { try await Demo.prepare(installation.engine) }
        try await withThrowingDiscardingTaskGroup { group in
            for worker in installation.engine.workers {
                group.addTask { await cancelWhenGracefulShutdown { await worker.run() } }
            }
            group.addTask {
                await cancelWhenGracefulShutdown { await NotificationListener(engine: installation.engine).run() }
            }
            group.addTask { try await runAdmin() }
            group.addTask {
                for await _ in adminListens { break }
                try Task.checkCancellation()
                try await front.run()
            }
        }
    }

    private func runAdmin() async throws {
        do {
            try await admin.run()
        } catch let failure as IOError {
            throw SettingsFailure(
                name: "database",
                reason: "cannot listen on its admin socket \(settings.database.adminSocketPath): \(failure)"
            )
        }
    }
}

/// The port. Says that it is draining before it stops to listen.
private struct FrontService: Service {
    let application: Application<FrontDoor>
    let readiness: Readiness
    let address: String

    func run() async throws {
        do {
            try await withGracefulShutdownHandler {
                try await application.run()
            } onGracefulShutdown: {
                readiness.drain()
            }
        } catch let failure as IOError where failure.errnoCode == EADDRINUSE {
            throw SettingsFailure(
                name: "port",
                reason: "\(address) is in use by another process; choose another --port"
            )
        } catch let failure as IOError {
            throw SettingsFailure(name: "host", reason: "cannot listen on \(address): \(failure)")
        }
    }
}
