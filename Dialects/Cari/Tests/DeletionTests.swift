import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage
import TestSupport
import Testing

/// `DELETE` on a charge: gone from this API's sight, and nothing else.
struct DeletionTests {
    @Test func `a deleted charge is like one that never was`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let kept = try await merchant.charge()
            let charge = try await merchant.charge()
            let answer = try await merchant.send(.delete, "/charges/\(charge)")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"message":"Charge deleted successfully"}"#)
            let requests: [(HTTPRequest.Method, String, String?)] = [
                (.get, "/charges/\(charge)", nil), (.put, "/charges/\(charge)", #"{"amount": 1}"#),
                (.delete, "/charges/\(charge)", nil), (.post, "/refunds", #"{"charge": "\#(charge)"}"#),
                (.post, "/refunds", #"{"charge": "\#(charge)", "amount": 5000}"#),
            ]
            for (method, path, body) in requests {
                try expectRefusal(try await merchant.send(method, path, body), 404, "No such charge: \(charge)")
            }
            #expect(try await merchant.get("/charges").array?.map { $0["id"]?.string } == [kept])
            let page = try await merchant.get("/charges?page=1")
            #expect(page["charges"]?.array?.map { $0["id"]?.string } == [kept])
            #expect(page["total_items"]?.integer == 1)
        }
    }

    @Test func `deleting a charge stops no refund, and its refunds stay readable`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let refund = try await merchant.refund(charge, 400)
            #expect(try await merchant.send(.delete, "/charges/\(charge)").status == 200)
            #expect(try await merchant.get("/refunds/\(refund)")["status"]?.string == "pending")
            try await server.advance(by: .seconds(3))
            let done = try await merchant.get("/refunds/\(refund)")
            #expect(done["status"]?.string == "succeeded")
            #expect(done["charge"]?.string == charge)
            #expect(try await merchant.get("/refunds") == .array([done]))
            #expect(try await merchant.get("/refunds?charge=\(charge)") == .array([done]))
            #expect(try await merchant.get("/refunds?charge=\(charge)&page=1")["total_items"]?.integer == 1)
        }
    }

    @Test func `other APIs still see a deleted charge, and no money moved`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            _ = try await merchant.send(.delete, "/charges/\(charge)")
            let name = try merchant.object(.payment, charge)
            let seen = try await server.engine.payment(name, dialect: "stancer").payment
            #expect(seen.state == .captured && seen.captured == 1000 && seen.reserved == 0 && seen.refunded == 0)
            let refund = CreateRefund(
                origin: Origin(book: name.book, actor: Actor(.operator, "test"), requestID: nil, dialect: "stancer"),
                payment: name,
                amount: nil
            )
            let id = try await server.engine.perform(refund).refund.id
            #expect(try await merchant.get("/refunds").array?.count == 1)
            #expect(try await server.engine.identify(ObjectName(.refund, id.raw, in: name.book)) == id.raw)
        }
    }

    @Test func `pages walked before a deletion are not what they were`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            var charges: [String] = []
            for _ in 0..<9 { charges.insert(try await merchant.charge(), at: 0) }
            func page(_ number: Int) async throws -> [String?]? {
                try await merchant.get("/charges?page=\(number)&items_per_page=2")["charges"]?.array?
                    .map { $0["id"]?.string }
            }
            for number in 1...4 { _ = try await page(number) }
            _ = try await merchant.send(.delete, "/charges/\(charges.remove(at: 1))")
            #expect(try await page(2) == Array(charges[2..<4]))
            #expect(try await page(4) == Array(charges[6..<8]))
            #expect(try await page(5) == [])
        }
    }

    @Test func `a deleted charge comes back neither by its label nor by its replay`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let headers = ["Idempotency-Key": "once"]
            let first = try await merchant.charge(with: #""description": "Tea""#, headers: headers)
            let charge = try #require(try first.json["id"]?.string)
            _ = try await merchant.send(.delete, "/charges/\(charge)")
            let replay = try await merchant.charge(with: #""description": "Tea""#, headers: headers)
            #expect(replay.body == first.body)
            try expectRefusal(try await merchant.send(.get, "/charges/\(charge)"), 404)
            #expect(try await merchant.get("/charges") == .array([]))
        }
    }
}
