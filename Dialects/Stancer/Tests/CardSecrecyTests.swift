import DialectKit
import Domain
import Foundation
import Rows
import Server
import TestSupport
import Testing

struct CardSecrecyTests {
    private static let number = "4716929813250776300"

    /// Everything that the database has written so far.
    private func files(_ merchant: Merchant) throws -> Data {
        let path = merchant.server.installation.store.place
        return try ["", "-wal"].map { path + $0 }.filter { FileManager.default.fileExists(atPath: $0) }
            .map { try Data(contentsOf: URL(filePath: $0)) }
            .reduce(Data(), +)
    }

    @Test func `a card's number is in no answer and in no file`() async throws {
        try await withMerchant(on: .sqlite) { merchant in
            let card = Merchant.card(Self.number)
            let answers = [
                try await merchant.post("/v1/cards/", card, headers: ["Idempotency-Key": "once"]),
                try await merchant.post("/v1/cards/", card),
                try await merchant.post("/v1/checkout/", #"{"amount":100,"currency":"eur","card":\#(card)}"#),
                try await merchant.post("/v1/cards/", card.replacing("11", with: "13")),
            ]
            #expect(answers.map(\.status) == [200, 409, 200, 400])
            for answer in answers { #expect(!answer.text.contains(Self.number)) }
            let files = try files(merchant)
            #expect(files.range(of: Data("6300".utf8)) != nil)
            #expect(files.range(of: Data(Self.number.utf8)) == nil)
            #expect(files.range(of: Data(Self.number.prefix(12).utf8)) == nil)
        }
    }
}
