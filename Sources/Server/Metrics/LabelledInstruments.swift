import DialectKit
import HTTPTypes
import NIOConcurrencyHelpers

/// One instrument for each combination of labels, made the first time and kept: a factory builds the labels' text and looks
/// for it each time, which would be the dearest part of a request's figures.
final class LabelledInstruments<Labels: Hashable & Sendable, Instrument: Sendable>: Sendable {
    private let kept = NIOLockedValueBox<[Labels: Instrument]>([:])
    private let make: @Sendable (Labels) -> Instrument

    init(_ make: @Sendable @escaping (Labels) -> Instrument) { self.make = make }

    subscript(labels: Labels) -> Instrument {
        kept.withLockedValue { kept in
            if let known = kept[labels] { return known }
            let made = make(labels)
            kept[labels] = made
            return made
        }
    }
}

/// What a request's duration is told by. There are as many as there are routes and statuses, whatever clients send.
struct RequestLabels: Hashable, Sendable {
    private let api: String
    private let method: HTTPRequest.Method?
    private let route: String
    private let status: Int

    init(_ method: HTTPRequest.Method, _ answer: DialectAnswer, _ status: HTTPResponse.Status) {
        api = answer.dialect ?? "none"
        self.method = Self.methods.contains(method) ? method : nil
        route = answer.route ?? "none"
        self.status = status.code
    }

    /// Clients make methods up: each would be a series of its own.
    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    var dimensions: [(String, String)] {
        [("api", api), ("method", method?.rawValue ?? "other"), ("route", route), ("status", String(status))]
    }
}
