import DialectKit
import HTTPTypes
import TestSupport
import Testing

@Suite struct EventTests {
    @Test func `every change is an event with the object as it then was`() async throws {
        try await Merchant.run { merchant in
            let refund = try await merchant.refund(merchant.payment(1000), 300)
            try await merchant.server.advance(by: .seconds(30))
            let events = try await merchant.get("/events?refund=\(refund)").items
            #expect(events.map { $0["sequence"]?.integer } == (1...events.count).map { Int64($0) })
            #expect(events.first?["type"]?.string == "refund.created")
            #expect(events.last?["type"]?.string == "refund.succeeded")
            for event in events {
                let object = event["data"]?["object"]
                #expect(object?["id"]?.string == refund)
                #expect(object?["amount"]?.integer == 300)
                let type = event["type"]?.string ?? ""
                let status = object?["status"]?.string ?? ""
                #expect(type == "refund.created" ? status == "queued" : type == "refund.\(status)")
                let read = try await merchant.get("/events/\(event["id"]?.string ?? "")")
                #expect(try read.json == event)
            }
            #expect(events.first?["actor"]?["type"]?.string == "key")
            #expect(events.last?["actor"]?["type"]?.string == "system")
        }
    }

    @Test func `the newest come first, page by page, and by type`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            for amount in 1...6 { _ = try await merchant.refund(payment, Int64(amount)) }
            var path = "/events?limit=2&type=refund.*"
            var types: [String] = []
            var ids: [String] = []
            while true {
                let page = try await merchant.get(path)
                types += try page.items.compactMap { $0["type"]?.string }
                ids += try page.ids
                guard let link = page.fields[.link] else { break }
                path = "/events" + link.dropFirst().prefix { $0 != ">" }
            }
            #expect(types == Array(repeating: "refund.created", count: 6))
            #expect(Set(ids).count == 6)
            let back = try await merchant.get("/events?limit=2&type=refund.*&ending_before=\(ids[3])")
            #expect(try back.ids == Array(ids[1...2]))
            #expect(try await merchant.get("/events?type=payment.created").items.count == 1)
            #expect(try await merchant.get("/events?type=payment_created").items.isEmpty)
            #expect(try await merchant.get("/events?limit=100").items.last?["type"]?.string == "payment.created")
        }
    }

    @Test func `another account's events are not there`() async throws {
        try await Merchant.run { merchant in
            let refund = try await merchant.refund(merchant.payment(), 1)
            let event = try await merchant.get("/events?refund=\(refund)").ids[0]
            let other = Merchant(
                server: merchant.server,
                key: try await merchant.server.key("storno", account: "other")
            )
            #expect(try await other.get("/events").items.isEmpty)
            for id in [event, "evt_", "evt_ref_1", event + "1", event.replacing("evt_ref", with: "evt_pay")] {
                let unknown = try await other.get("/events/\(id)")
                #expect(unknown.status == 404)
                #expect(try unknown.json["object"]?.string == "event")
            }
            #expect(try await merchant.get("/events/\(event.replacing("evt_ref", with: "evt_pay"))").status == 404)
            #expect(try await other.get("/events?starting_after=\(event)").status == 400)
        }
    }

    @Test(arguments: ["type=Refund", "type=refund.%25", "limit=0", "refund=ref_x", "limit=3&payment=pay_x", "kind=x"])
    func `a wrong query is refused`(query: String) async throws {
        try await Merchant.run { merchant in
            let refused = try await merchant.get("/events?" + query)
            #expect(try refused.code == "invalid_parameter")
        }
    }
}
