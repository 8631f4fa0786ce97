import Foundation

/// A call of the API, before it is a request.
struct Call: Sendable {
    let method: String
    /// Behind the version, each segment as it is.
    let path: [String]
    var query: [(name: String, value: String)] = []
    var body: JSON?
    /// Of the caller; one is made for a POST or PATCH without.
    var idempotencyKey: String?

    static func get(_ path: String..., query: [(name: String, value: String?)] = []) -> Call {
        Call(method: "GET", path: path, query: query.compactMap { pair in pair.value.map { (pair.name, $0) } })
    }

    static func post(_ path: String..., body: [String: JSON?] = [:], key: String?) -> Call {
        Call(method: "POST", path: path, body: .members(body), idempotencyKey: key)
    }
}

/// Carries calls out, and repeats those that may be.
struct Wire: Sendable {
    let base: String
    let key: String
    let options: StornoClient.Options
    let transport: any StornoTransport
    let clock: any Clock<Duration>
    let random: @Sendable () -> UInt64

    /// An answer with more is not read.
    private static let longestAnswer = 32 * 1024 * 1024

    func read<Value: Decodable>(_ call: Call) async throws(StornoError) -> Value { try await read(Value.self, call) }

    func read<Value: Decodable>(_ type: Value.Type, _ call: Call) async throws(StornoError) -> Value {
        let answer = try await answer(call)
        return try Self.decode(answer.body, answer)
    }

    /// Of a call that is answered with nothing.
    func perform(_ call: Call) async throws(StornoError) {
        _ = try await answer(call)
    }

    static func decode<Value: Decodable>(_ body: [UInt8], _ answer: WholeAnswer) throws(StornoError) -> Value {
        do {
            return try StornoCoding.decoder().decode(Value.self, from: Data(body))
        } catch {
            throw .unreadable(status: answer.status, requestID: answer.requestID, reason: Self.words(error))
        }
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "\(key.stringValue) is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "it is not JSON" : "\(context.codingPath.map(\.stringValue).joined(separator: ".")) is something else"
        default: "it is not JSON"
        }
    }

    // MARK: - One call, as often as it takes

    private func answer(_ call: Call) async throws(StornoError) -> WholeAnswer {
        var call = call
        if call.method != "GET", call.method != "DELETE", call.idempotencyKey == nil { call.idempotencyKey = newKey() }
        var failures: [StornoError] = []
        while true {
            do throws(StornoError) {
                return try await once(call)
            } catch {
                // Deleted by the try whose answer was lost.
                if call.method == "DELETE", error.code == .notFound, failures.contains(where: { $0.problem == nil }) {
                    return WholeAnswer(status: 204, requestID: error.requestID, body: [])
                }
                failures.append(error)
                guard failures.count <= options.retries, error.mayPass,
                    let pause = pause(failures.count, error.retryAfter)
                else { throw error }
                try await sleep(pause)
            }
        }
    }

    func sleep(_ pause: Duration) async throws(StornoError) {
        do { try await clock.sleep(for: pause) } catch { throw .canceled }
    }

    /// Before the next try.
    ///
    /// - Returns: `nil` where the server asks for more patience than there is.
    func pause(_ failures: Int, _ wanted: Duration?) -> Duration? {
        let (first, longest) = (options.firstPause.milliseconds, options.longestPause.milliseconds)
        let doubled = first << Int64(min(failures - 1, 20))
        let most = max(0, min(doubled, longest))
        let spread = most - Int64(random() % UInt64(most / 2 + 1))
        guard let wanted else { return .milliseconds(spread) }
        guard wanted <= options.longestPause else { return nil }
        return .milliseconds(max(spread, wanted.milliseconds))
    }

    private func newKey() -> String {
        let digits = [random(), random()]
            .map { number in
                let text = String(number, radix: 36)
                return String(repeating: "0", count: 13 - text.count) + text
            }
        return "client-\(digits.joined())"
    }

    private func once(_ call: Call) async throws(StornoError) -> WholeAnswer {
        let answer = try await send(request(call))
        let body = try await bytes(of: answer)
        let whole = WholeAnswer(status: answer.status, requestID: answer.fields["request-id"], body: body)
        guard (200...299).contains(answer.status) else { throw Self.refusal(whole, answer.fields) }
        return whole
    }

    /// An answer that is read as it comes, if it is one.
    func open(_ call: Call, fields: [(name: String, value: String)]) async throws(StornoError) -> TransportAnswer {
        let answer = try await send(request(call, fields))
        guard answer.status == 200 else {
            let body = try await bytes(of: answer)
            let whole = WholeAnswer(status: answer.status, requestID: answer.fields["request-id"], body: body)
            throw Self.refusal(whole, answer.fields)
        }
        return answer
    }

    private func send(_ request: TransportRequest) async throws(StornoError) -> TransportAnswer {
        do throws(TransportFailure) {
            return try await transport.send(request)
        } catch {
            throw StornoError(error)
        }
    }

    private func bytes(of answer: TransportAnswer) async throws(StornoError) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await piece in answer.body {
                bytes += piece
                guard bytes.count <= Self.longestAnswer else { break }
            }
        } catch {
            throw StornoError(error)
        }
        guard bytes.count <= Self.longestAnswer else {
            throw .unreadable(status: answer.status, requestID: answer.fields["request-id"], reason: "it is too long")
        }
        return bytes
    }

    // MARK: - Requests

    private func request(
        _ call: Call,
        _ more: [(name: String, value: String)] = []
    ) throws(StornoError)
        -> TransportRequest
    {
        var fields = [
            ("authorization", "Bearer \(key)"), ("storno-version", StornoClient.apiVersion),
            ("user-agent", "storno-client-swift"),
        ]
        if !more.contains(where: { $0.name == "accept" }) { fields.append(("accept", "application/json")) }
        fields += more.map { ($0.name, $0.value) }
        var body: [UInt8]?
        if let json = call.body {
            guard let data = try? StornoCoding.encoder().encode(json) else {
                throw .unreadable(status: 0, requestID: nil, reason: "what was to be sent is no JSON")
            }
            body = Array(data)
            fields.append(("content-type", "application/json"))
        }
        if let key = call.idempotencyKey { fields.append(("idempotency-key", key)) }
        if let trace = StornoClient.traceParent { fields.append(("traceparent", trace)) }
        return TransportRequest(
            method: call.method,
            url: base + call.path.map { "/" + Self.escaped($0) }.joined() + Self.query(call.query),
            fields: fields.map { (name: $0.0, value: $0.1) },
            body: body,
            timeout: options.timeout
        )
    }

    private static func query(_ pairs: [(name: String, value: String)]) -> String {
        guard !pairs.isEmpty else { return "" }
        return "?" + pairs.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
    }

    /// With every byte escaped that is no letter, digit or one of `-._~`.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default: escaped += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return escaped
    }

    // MARK: - Refusals

    private static func refusal(_ answer: WholeAnswer, _ fields: [String: String]) -> StornoError {
        guard var problem = try? StornoCoding.decoder().decode(Problem.self, from: Data(answer.body)) else {
            return .unreadable(
                status: answer.status,
                requestID: answer.requestID,
                reason: "it refuses in other words than this API's"
            )
        }
        problem.retryAfter = fields["retry-after"].flatMap { Int64($0) }
            .flatMap { (0...86_400).contains($0) ? .seconds($0) : nil }
        return .refused(problem)
    }
}

/// An answer that is there.
struct WholeAnswer: Sendable {
    let status: Int
    let requestID: String?
    let body: [UInt8]
}

extension StornoError {
    init(_ error: any Error) {
        switch error {
        case let failure as TransportFailure:
            switch failure {
            case .unreachable(let reason): self = .unreachable(reason)
            case .timedOut: self = .timedOut
            case .canceled: self = .canceled
            }
        case is CancellationError: self = .canceled
        default: self = .unreachable("the connection broke")
        }
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
