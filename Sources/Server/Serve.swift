import Domain
import Engine
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Rows
import ServiceLifecycle
import Storage
import UnixSignals
import Webhooks

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// `storno serve`: opens and migrates the database, puts everything to work, opens the port last.
package enum Serve {
    /// Returns when the server was asked to stop and everything that waited is done.
    ///
    /// - Parameter announce: told what a person should read.
    package static func run(_ settings: Settings, announce: @Sendable @escaping (Announcement) -> Void) async throws {
        CrashTraces.forbid()
        FreedMemory.keep()
        try DescriptorLimit.raise()
        let logger = OpenInstallation.logger(settings)
        let registry = settings.metrics.map { _ in PrometheusRegistry(ServerMetrics.descriptions) }
        let metrics = registry.map { ServerMetrics($0) }
        let installation = try await OpenInstallation.open(settings, watcher: metrics, logger: logger)
        try Demo.refuseInPublic(settings, installation.engine.directory)
        let (listening, isListening) = AsyncStream.makeStream(of: Void.self)
        let admin = try settings.database.adminSocketPath.map { path in
            try AdminSocket.application(
                path: path,
                administration: Administration(engine: installation.engine),
                logger: logger,
                onRunning: { isListening.yield() }
            )
        }
        if admin == nil { isListening.yield() }
        let engine = EngineService(installation: installation, announce: announce)
        let front = try front(settings, installation.engine, metrics, logger, announce)
        let watch = try registry.flatMap { try MetricsService($0, settings, installation, logger, announce) }
        let preparation = PreparationService(
            installation: installation,
            settings: settings,
            admin: admin,
            adminListens: listening,
            front: front,
            metrics: watch
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
        await installation.store.leave()
    }

    private static func front(
        _ settings: Settings,
        _ engine: Engine,
        _ metrics: ServerMetrics?,
        _ logger: Logger,
        _ announce: @Sendable @escaping (Announcement) -> Void
    ) throws -> FrontService {
        let readiness = Readiness()
        let door = FrontDoor(
            engine: engine,
            readiness: readiness,
            hostAliases: settings.hostAliases,
            rateLimit: settings.rateLimit,
            openKeys: settings.isDemo ? Dictionary(uniqueKeysWithValues: Demo.keys.map { ($0.dialect, $0.text) }) : [:],
            bodies: BodyRoom(bytes: settings.limits.bodyMegabytes * 1024 * 1024),
            metrics: metrics
        )
        let connections = min(settings.limits.connections ?? .max, DescriptorLimit.connections)
        let application = Application(
            responder: door,
            server: try Listener.builder(tls: settings.tls) { door.refusal(of: $0) },
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                backlog: 4096,
                availableConnectionsDelegate: MaximumAvailableConnections(connections, logger: logger)
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                announce(.listening("\(settings.scheme)://\(settings.host):\(port)"))
            },
            logger: logger
        )
        return FrontService(
            application: application,
            engine: engine,
            readiness: readiness,
            address: "\(settings.host):\(settings.port)"
        )
    }
}

/// Carries out commands. Stops last, when nobody can ask any more.
private struct EngineService: Service {
    let installation: Installation
    let announce: @Sendable (Announcement) -> Void

    func run() async throws {
        do {
            try await withGracefulShutdownHandler {
                try await installation.run()
            } onGracefulShutdown: {
                installation.close()
            }
        } catch StoreFailure.fatal(let reason) {
            announce(.mediumFailed(place: installation.store.place, reason: "\(reason)"))
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
    /// `nil` where commands reach the database themselves.
    let admin: Application<AdminResponder>?
    let adminListens: AsyncStream<Void>
    let front: FrontService
    let metrics: MetricsService?

    func run() async throws {
        do {
            try await installation.recover()
        } catch EngineFailure.storageUnavailable {
            throw UnusableDatabase(
                place: installation.store.place,
                reason: "it cannot be written now",
                advice: "Nothing is lost. Look at its disk and its room, then start again."
            )
        }
        if settings.isDemo { try await Demo.prepare(installation.engine) }
        try await withThrowingDiscardingTaskGroup { group in
            for worker in installation.engine.workers {
                group.addTask { await cancelWhenGracefulShutdown { await worker.run() } }
            }
            group.addTask { await tell() }
            group.addTask { await cancelWhenGracefulShutdown { await ClockKeeper(engine: installation.engine).run() } }
            group.addTask {
                await cancelWhenGracefulShutdown { await NotificationListener(engine: installation.engine).run() }
            }
            group.addTask { await cancelWhenGracefulShutdown { await installation.store.attend() } }
            group.addTask {
                await cancelWhenGracefulShutdown { await DirectoryWatch(engine: installation.engine).run() }
            }
            group.addTask {
                await cancelWhenGracefulShutdown { await AuditChainer(engine: installation.engine).run() }
            }
            group.addTask { try await runAdmin() }
            group.addTask { try await metrics?.run() }
            group.addTask {
                for await _ in adminListens { break }
                try Task.checkCancellation()
                try await front.run()
            }
        }
    }

    /// Receivers that are about to answer when the server is stopped have a moment for it: what they took and nobody
    /// wrote down would be sent to them again.
    private func tell() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await installation.deliverer.run() }
            group.addTask {
                try? await gracefulShutdown()
                installation.deliverer.stop()
                try? await Task.sleep(for: .seconds(3))
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func runAdmin() async throws {
        guard let admin, let path = settings.database.adminSocketPath else { return }
        do {
            try await admin.run()
        } catch let failure as IOError {
            throw SettingsFailure(
                name: "database",
                reason: "cannot listen on its admin socket \(path): \(failure)"
            )
        }
    }
}

/// The port. Says that it is draining, and ends streams, before it stops to listen.
private struct FrontService: Service {
    let application: Application<FrontDoor>
    let engine: Engine
    let readiness: Readiness
    let address: String

    func run() async throws {
        do {
            try await withGracefulShutdownHandler {
                try await application.run()
            } onGracefulShutdown: {
                readiness.drain()
                engine.endStreams()
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
