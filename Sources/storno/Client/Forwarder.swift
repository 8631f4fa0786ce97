import Foundation
import StornoClient

/// Sends events to a server of whoever develops one, as webhooks are sent.
struct Forwarder: Sendable {
    struct Outcome: Sendable {
        /// What was answered; `nil` where nothing was.
        let status: Int64?
        let failure: String?
        let milliseconds: Int64

        var isTaken: Bool { status.map { (200...299).contains($0) } ?? false }

        var words: String {
            let answer = status.map { Paint.of(http: $0)(String($0)) } ?? Paint.red(failure ?? "no answer")
            return "→ \(answer) in \(milliseconds) ms"
        }
    }

    let url: String
    let secret: WebhookSecret
    let timeout: Duration
    let transport: any StornoTransport

    /// - Parameter message: the event, as the API writes it.
    func forward(_ message: JSON, of event: Event) async -> Outcome {
        let clock = ContinuousClock()
        let begin = clock.now
        let (status, failure) = await send(message, of: event)
        let passed = begin.duration(to: clock.now).components
        return Outcome(
            status: status,
            failure: failure,
            milliseconds: passed.seconds * 1000 + passed.attoseconds / 1_000_000_000_000_000
        )
    }

    private func send(_ message: JSON, of event: Event) async -> (Int64?, String?) {
        guard case .object(var members) = message else { return (nil, "no event") }
        // As Standard Webhooks wants it.
        members["timestamp"] = members["created_at"]
        guard let data = try? StornoCoding.encoder().encode(JSON.object(members)) else { return (nil, "no event") }
        let body = Array(data)
        let signed = secret.fields(id: event.id, at: Int64(Date().timeIntervalSince1970), body: body)
        let request = TransportRequest(
            method: "POST",
            url: url,
            fields: [("content-type", "application/json"), ("user-agent", "storno-listen")] + signed,
            body: body,
            timeout: timeout
        )
        do throws(TransportFailure) {
            let answer = try await transport.send(request)
            // Read, so that the connection can be used again; not for ever.
            var count = 0
            for try await piece in answer.body {
                count += piece.count
                if count > 64 * 1024 { break }
            }
            return (Int64(answer.status), nil)
        } catch {
            switch error {
            case .unreachable(let reason): return (nil, reason)
            case .timedOut: return (nil, "no answer in time")
            case .canceled: return (nil, "interrupted")
            }
        }
    }
}
