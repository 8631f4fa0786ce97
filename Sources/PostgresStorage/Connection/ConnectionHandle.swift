#if PostgreSQL
import CLibPQ

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// libpq's connection, open until this goes.
final class ConnectionHandle {
    let pointer: OpaquePointer
    let notices = Notices()
    private var names = 0

    /// What the server says aside. Kept by libpq's callback, which runs on the thread that reads.
    final class Notices {
        var warnings: [String] = []
    }

    /// What holds unless the target says otherwise: the primary alone will do, and no host is waited for long.
    private static let defaults = [
        ("application_name", "storno"), ("connect_timeout", "2"), ("target_session_attrs", "read-write"),
        ("tcp_user_timeout", "10000"), ("client_encoding", "UTF8"),
    ]

    /// Connects, and waits for it: as long as `connect_timeout` says, for each host.
    ///
    /// - Parameter target: a connection string or URI, as libpq takes it.
    init(_ target: String) throws(PostgresFailure) {
        let options = Self.defaults + [("dbname", target)]
        guard let pointer = Self.connect(options) else { throw .unreachable("there is no memory") }
        self.pointer = pointer
        guard PQstatus(pointer) == CONNECTION_OK else {
            // It is finished where this goes.
            let words = String(cString: PQerrorMessage(pointer)).split(separator: "\n").joined(separator: "; ")
            throw .unreachable(words)
        }
        listen()
        guard PQsetnonblocking(pointer, 1) == 0, PQenterPipelineMode(pointer) == 1 else {
            throw .unreachable("libpq has no pipeline mode")
        }
    }

    deinit {
        PQfinish(pointer)
    }

    /// What comes later replaces what came before, and the last is the target itself.
    private static func connect(_ options: [(keyword: String, value: String)]) -> OpaquePointer? {
        let keywords = options.map { strdup($0.keyword) }
        let values = options.map { strdup($0.value) }
        defer { for text in keywords + values { free(text) } }
        let words = keywords.map { UnsafePointer($0) } + [nil]
        let contents = values.map { UnsafePointer($0) } + [nil]
        return PQconnectdbParams(words, contents, 1)
    }

    /// A name for a prepared statement that no other has.
    func nextName() -> Int {
        names += 1
        return names
    }

    private func listen() {
        PQsetNoticeReceiver(
            pointer,
            { context, result in
                guard let context, let severity = PQresultErrorField(result, Int32(UInt8(ascii: "V"))) else { return }
                guard String(cString: severity) == "WARNING" else { return }
                let message = PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) } ?? ""
                Unmanaged<Notices>.fromOpaque(context).takeUnretainedValue().warnings.append(message)
            },
            Unmanaged.passUnretained(notices).toOpaque()
        )
    }
}
#endif
