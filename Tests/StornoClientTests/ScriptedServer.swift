import NIOConcurrencyHelpers
import StornoClient

/// A clock on which no pause takes any time, and that remembers them.
struct RecordingClock: Clock {
    typealias Instant = ContinuousClock.Instant

    private let beginning = ContinuousClock.now
    private let slept = NIOLockedValueBox<[Duration]>([])

    var now: Instant { beginning }
    var minimumResolution: Duration { .zero }
    var pauses: [Duration] { slept.withLockedValue { $0 } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        slept.withLockedValue { $0.append(beginning.duration(to: deadline)) }
        try Task.checkCancellation()
        await Task.yield()
    }
}

/// A server that answers as a test says, one answer after the other.
final class ScriptedServer: StornoTransport {
    enum Answer: Sendable {
        case answer(Int, String, [String: String] = [:])
        case fails(TransportFailure)
        /// Piece by piece, and then broken.
        case breaks([String])
        /// Piece by piece, to the end.
        case streams([String])
    }

    private struct State {
        var answers: [Answer]
        var requests: [TransportRequest] = []
    }

    private let state: NIOLockedValueBox<State>
    let clock = RecordingClock()

    init(_ answers: [Answer]) {
        state = NIOLockedValueBox(State(answers: answers))
    }

    var requests: [TransportRequest] { state.withLockedValue { $0.requests } }

    /// What a field said, request by request.
    func values(of field: String) -> [String?] {
        requests.map { request in request.fields.first { $0.name == field }?.value }
    }

    func client(_ change: (inout StornoClient.Options) -> Void = { _ in }) throws -> StornoClient {
        var options = StornoClient.Options()
        change(&options)
        return try StornoClient(
            address: "http://storno.test/",
            key: "storno_test_x",
            options: options,
            transport: self,
            clock: clock
        )
    }

    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportAnswer {
        let answer = state.withLockedValue { state -> Answer in
            state.requests.append(request)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
        switch answer {
        case .answer(let status, let body, let fields):
            return TransportAnswer(status: status, fields: fields, body: Array(body.utf8))
        case .fails(let failure): throw failure
        case .breaks(let pieces): return stream(pieces, .unreachable("the connection broke"))
        case .streams(let pieces): return stream(pieces, nil)
        }
    }

    private func stream(_ pieces: [String], _ failure: TransportFailure?) -> TransportAnswer {
        let body = AsyncThrowingStream<[UInt8], any Error> { continuation in
            for piece in pieces { continuation.yield(Array(piece.utf8)) }
            continuation.finish(throwing: failure)
        }
        return TransportAnswer(status: 200, fields: [:], body: TransportBody(body))
    }

    static func problem(_ code: String, _ status: Int, retryAfter: String? = nil) -> Answer {
        let body = """
            {"type": "/e", "title": "A title", "status": \(status), "detail": "A detail.", "code": "\(code)",
             "request_id": "req_1", "doc_url": "/e", "limit": 7}
            """
        return .answer(status, body, retryAfter.map { ["retry-after": $0] } ?? [:])
    }

    static let customer =
        #"{"id": "cus_1", "object": "customer", "name": "Jo", "created_at": "2026-01-02T03:04:05.006Z", "updated_at": "2026-01-02T03:04:05Z", "metadata": {}, "version": 1, "new_member": [1]}"#
}
