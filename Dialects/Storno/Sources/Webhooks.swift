import DialectKit
import Domain
import Engine
import Webhooks

/// Writes events as `GET /v1/events/{id}` shows them, with the `timestamp` that Standard Webhooks wants beside.
package struct StornoEventRenderer: EventRenderer {
    package init() {}

    package func id(of event: Event) -> String { EventID.text(event) }

    package func message(of event: Event, in engine: Engine) async throws(EngineFailure) -> [UInt8] {
        guard let shown = try await engine.shown([event], in: event.book).first?.timed(event) else {
            preconditionFailure("an event is shown as one")
        }
        let whole = JSONWriter.bytes(shown)
        guard whole.count >= longestMessage else { return whole }
        // What merchants wrote is all that can be long.
        let shorter = JSONWriter.bytes(shown.abridged { $0.without(["metadata", "comment", "description"]) })
        guard shorter.count >= longestMessage else { return shorter }
        return JSONWriter.bytes(shown.abridged { _ in .reference(event) })
    }
}

extension JSONValue {
    fileprivate func timed(_ event: Event) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members + [JSONMember("timestamp", .time(event.at))])
    }

    /// With its object in another form, and a word that says so.
    fileprivate func abridged(_ shorten: (JSONValue) -> JSONValue) -> JSONValue {
        guard case .object(let members) = self, let object = self["data"]?["object"] else { return self }
        let shortened = members.map { member in
            member.name == "data" ? JSONMember("data", .members(("object", shorten(object)))) : member
        }
        return .object(shortened + [JSONMember("abridged", .bool(true))])
    }
}
