import DialectKit
import HTTPTypes
import TestSupport
import Testing

@Suite struct CustomerTests {
    @Test func `what is known of a customer can be forgotten, as long as something stays`() async throws {
        try await Merchant.run { merchant in
            let body = #"{"name": "Ada", "email": "ada@example.com", "external_reference": "crm-1"}"#
            let customer = try await merchant.post("/customers", body).id
            func patch(_ body: String) async throws -> TestAnswer {
                try await merchant.send(.patch, "/customers/\(customer)", body)
            }
            let forgotten = try await patch(#"{"email": null}"#).json
            #expect(forgotten["email"] == .null)
            #expect(forgotten["name"]?.string == "Ada")
            let renamed = try await patch(#"{"name": null, "email": "a@example.com"}"#).json
            #expect(renamed["name"] == .null)
            #expect(renamed["email"]?.string == "a@example.com")
            let last = try await patch(#"{"external_reference": null}"#).json
            #expect(last["external_reference"] == .null)
            let refused = try await patch(#"{"email": null}"#)
            #expect(refused.status == 400)
            #expect(try await merchant.get("/customers/\(customer)").json["email"]?.string == "a@example.com")
            let swapped = try await patch(#"{"email": null, "name": "Bo"}"#).json
            #expect(swapped["email"] == .null)
            #expect(swapped["name"]?.string == "Bo")
            let events = try await merchant.get("/events?customer=\(customer)").items.compactMap { $0["type"]?.string }
            #expect(events == ["customer.created"] + Array(repeating: "customer.updated", count: 4))
        }
    }
}
