import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage
import TestSupport
import Testing

/// `PUT` on a refund.
struct RefundUpdateTests {
    @Test func `canceled withdraws it and it stays readable`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let path = "/refunds/\(try await merchant.refund(charge, 300))"
            let answer = try await merchant.send(.put, path, #"{"status": "canceled"}"#)
            #expect(answer.status == 200)
            #expect(try answer.json["status"]?.string == "canceled")
            #expect(try answer.json["amount_refunded"]?.integer == 0)
            #expect(try await merchant.send(.get, path).body == answer.body)
            #expect(try await merchant.send(.put, path, #"{"status": "canceled"}"#).body == answer.body)
            #expect(try await merchant.get("/charges/\(charge)")["amount_refunded"]?.integer == 0)
            #expect(try await merchant.get("/refunds").array?.count == 1)
            try expectRefusal(try await merchant.send(.delete, path), 409, "already ended")
        }
    }

    @Test func `the status it has changes nothing`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let path = "/refunds/\(try await merchant.refund(try await merchant.charge(), 300))"
            let before = try await merchant.send(.get, path)
            server.clock.advance(by: .milliseconds(900))
            let answer = try await merchant.send(.put, path, #"{"status": "pending", "reason": "why not"}"#)
            #expect(answer.status == 200 && answer.body == before.body)
            try await server.advance(by: .seconds(3))
            #expect(try await merchant.send(.put, path, #"{"status": "succeeded"}"#).status == 200)
        }
    }

    @Test(arguments: ["succeeded", "failed"])
    func `no client sets a money state`(word: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let path = "/refunds/\(try await merchant.refund(try await merchant.charge(), 300))"
            try expectRefusal(try await merchant.send(.put, path, #"{"status": "\#(word)"}"#), 409, "pending")
            #expect(try await merchant.get(path)["status"]?.string == "pending")
            try await server.advance(by: .seconds(3))
            try expectRefusal(try await merchant.send(.put, path, #"{"status": "pending"}"#), 409, "succeeded")
            try expectRefusal(try await merchant.send(.put, path, #"{"status": "failed"}"#), 409, "succeeded")
        }
    }

    @Test(arguments: [
        "{}", #"{"status": null}"#, #"{"status": "cancelled"}"#, #"{"status": "refunded"}"#, #"{"status": ""}"#,
        #"{"status": "Canceled"}"#, #"{"status": true}"#, #"{"amount": 300}"#, #"{"amount": 300, "status": "pending"}"#,
        #"{"amount": null, "status": "canceled"}"#, #"{"status": "queued"}"#,
    ])
    func `an unknown word, or an amount, is 400`(body: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let path = "/refunds/\(try await merchant.refund(try await merchant.charge(), 300))"
            try expectRefusal(try await merchant.send(.put, path, body), 400)
            #expect(try await merchant.get(path)["status"]?.string == "pending")
        }
    }

    @Test func `two who cancel at once are both right`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            for _ in 0..<10 {
                let path = "/refunds/\(try await merchant.refund(charge, 300))"
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<8 {
                        group.addTask { try await merchant.send(.put, path, #"{"status": "canceled"}"#).status }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses == Array(repeating: 200, count: 8))
            }
        }
    }

    @Test func `a canceled refund had one cancelation and gave its amount free once`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let refund = try await merchant.refund(try await merchant.charge(), 300)
            for _ in 0..<3 { _ = try await merchant.send(.put, "/refunds/\(refund)", #"{"status": "canceled"}"#) }
            let name = try merchant.object(.refund, refund)
            let id = try #require(name.id)
            let events = try await server.engine.store.events(of: ObjectReference(.refund, id), in: name.book)
            #expect(events.map(\.type) == ["refund.created", "refund.canceled"])
        }
    }
}
