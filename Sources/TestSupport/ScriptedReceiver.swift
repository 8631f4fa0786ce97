import Domain
import Engine
import Foundation
import NIOConcurrencyHelpers
import Outbound
import Webhooks

/// The far end of webhooks: takes down every call, and answers as a test says.
package final class ScriptedReceiver: HTTPCaller {
    package struct Message: Sendable {
        package let url: String
        package let address: IPAddress
        package let fields: [String: String]
        package let body: [UInt8]

        package var id: String { fields["webhook-id"] ?? "" }
    }

    private struct State {
        var messages: [Message] = []
        var answer: @Sendable (Message, Int) -> Result<OutboundAnswer, OutboundFailure>
    }

    private let state: NIOLockedValueBox<State>

    /// - Parameter answer: to a message, and how many came before it.
    package init(
        _ answer: @Sendable @escaping (Message, Int) -> Result<OutboundAnswer, OutboundFailure> = { _, _ in
            .success(OutboundAnswer(status: 204))
        }
    ) {
        state = NIOLockedValueBox(State(answer: answer))
    }

    package var messages: [Message] { state.withLockedValue { $0.messages } }

    package var ids: [String] { messages.map(\.id) }

    /// From now on.
    package func answers(_ status: Int, retryAfter: String? = nil, body: String = "") {
        let answer = OutboundAnswer(status: status, retryAfter: retryAfter, body: Array(body.utf8))
        state.withLockedValue { $0.answer = { _, _ in .success(answer) } }
    }

    /// From now on, with the status that a message gets, given how many came before it.
    package func answers(_ status: @Sendable @escaping (Message, Int) -> Int) {
        state.withLockedValue { $0.answer = { .success(OutboundAnswer(status: status($0, $1))) } }
    }

    package func fails(_ failure: OutboundFailure) {
        state.withLockedValue { $0.answer = { _, _ in .failure(failure) } }
    }

    package func post(_ call: OutboundCall) async throws(OutboundFailure) -> OutboundAnswer {
        let message = Message(
            url: call.target.url.text,
            address: call.target.address,
            fields: Dictionary(uniqueKeysWithValues: call.fields.map { ($0.name, $0.value) }),
            body: call.body
        )
        return
            try state.withLockedValue { state in
                state.messages.append(message)
                return state.answer(message, state.messages.count - 1)
            }
            .get()
    }

    package func close() async {}
}

/// Names that stand for what a test says; all others for nothing.
package final class ScriptedResolver: NameResolver {
    private let names: NIOLockedValueBox<[String: [IPAddress]]>

    package init(_ names: [String: [IPAddress]] = [:]) {
        self.names = NIOLockedValueBox(names)
    }

    package func turn(_ name: String, to addresses: [IPAddress]) {
        names.withLockedValue { $0[name] = addresses }
    }

    package func addresses(of host: String) async -> [IPAddress] { names.withLockedValue { $0[host] ?? [] } }
}
