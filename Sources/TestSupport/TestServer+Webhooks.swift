import Domain
import Engine
import Outbound
import Server
import Storage
import Webhooks

extension TestServer {
    /// Sends what is due to webhook endpoints, and what becomes due by that.
    package func deliver(eventsOf book: Book) async throws {
        try await settle(book)
        while try await installation.deliverer.work() > 0 {}
    }

    /// Waits until what other tests do on the same database no longer holds back what was committed here.
    package func settle(_ book: Book) async throws {
        let last = try await engine.events(in: EventRange(book, .newestFirst, limit: 1)).first?.place
        while let last, try await engine.lastSettledPlace(in: book) < last {
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

extension OutboundWays {
    /// Calls go to `receiver`, which is at `hooks.example.com`; `private.example.com` leads inside.
    package static func scripted(_ receiver: ScriptedReceiver = ScriptedReceiver()) -> OutboundWays {
        let resolver = ScriptedResolver([
            "hooks.example.com": [.v4(0x0808_0808)], "private.example.com": [.v4(0x0A00_0001)],
        ])
        return OutboundWays(caller: receiver, resolver: resolver)
    }
}
