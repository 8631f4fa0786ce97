import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// Tells figures for as long as the server runs.
struct MetricsService: Sendable {
    private let settings: MetricsSettings
    private let standing: StandingMetrics
    private let application: Application<MetricsPort>

    init?(
        _ registry: PrometheusRegistry,
        _ settings: Settings,
        _ installation: Installation,
        _ logger: Logger,
        _ announce: @Sendable @escaping (Announcement) -> Void
    ) throws {
        guard let own = settings.metrics else { return nil }
        self.settings = own
        standing = StandingMetrics(store: installation.store, engine: installation.engine, factory: registry)
        application = try MetricsPort.application(
            own,
            MetricsPort(registry: registry, standing: standing),
            logger: logger,
            announce: announce
        )
    }

    func run() async throws {
        do {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { await cancelWhenGracefulShutdown { await standing.watchLedger() } }
                group.addTask { try await application.run() }
            }
        } catch let failure as IOError {
            throw SettingsFailure(
                name: "metrics.port",
                reason: "cannot listen on \(settings.host):\(settings.port): \(failure)"
            )
        }
    }
}

/// `GET /metrics` on a port of its own, which is not for everybody.
struct MetricsPort: HTTPResponder {
    typealias Context = BasicRequestContext

    let registry: PrometheusRegistry
    let standing: StandingMetrics

    static func application(
        _ settings: MetricsSettings,
        _ port: MetricsPort,
        logger: Logger,
        announce: @Sendable @escaping (Announcement) -> Void
    ) throws -> Application<MetricsPort> {
        Application(
            responder: port,
            server: try Listener.builder(tls: nil) { _ in
                let words = "its framing is not what HTTP allows\n"
                return WordedRefusal(contentType: "text/plain", body: ByteBuffer(string: words))
            },
            configuration: ApplicationConfiguration(address: .hostname(settings.host, port: settings.port)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                announce(.metrics("http://\(settings.host):\(port)/metrics"))
            },
            logger: logger
        )
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        guard request.uri.path == "/metrics" else { return Response(status: .notFound) }
        guard request.method == .get else {
            return Response(status: .methodNotAllowed, headers: [.allow: "GET"])
        }
        await standing.refresh()
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text))
        )
    }
}
