import DialectKit
import Foundation
import HTTPTypes
import StornoDialect
import TestSupport
import Testing

@Suite struct ErrorCatalogTests {
    @Test func `a problem's doc_url leads somewhere, also without a key`() async throws {
        try await Merchant.run { merchant in
            let place = try await merchant.get("/refunds/ref_none").json["doc_url"]?.string ?? ""
            let shown = try await merchant.server.send(.get, place, headers: ["Host": "localhost"])
            #expect(shown.status == 200)
            #expect(try shown.json["code"]?.string == "not_found")
            let unknown = try await merchant.server.send(.get, place + "x", headers: ["Host": "localhost"])
            #expect(unknown.status == 401)
        }
    }

    @Test func `the catalogue names every code with its status, in order of precedence`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/reference/errors.md"), encoding: .utf8)
        let listed = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .map { $0.split(separator: "|").prefix(2).map { $0.trimmingCharacters(in: .whitespaces) } }
        #expect(listed == ErrorCode.allCases.map { ["`\($0.rawValue)`", "\($0.status.code)"] })
    }
}
