import Domain
import Foundation
import Testing

/// `docs/reference/lifecycle.md` held against the code.
@Suite struct LifecyclePageTests {
    private static let page = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/reference/lifecycle.md")

    @Test func `the page's table is every move of the switch`() throws {
        let lines = try String(contentsOf: Self.page, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let begin = try #require(lines.firstIndex { $0.hasPrefix("<!-- moves:") })
        let end = try #require(lines.firstIndex { $0.hasPrefix("<!-- end of moves -->") })
        let table = lines[(begin + 1)..<end].map(String.init)
        let head = ["| from | what happens | to |", "|---|---|---|"]
        let expected =
            head
            + RefundLifecycle.moves.map { move in
                "| `\(move.from.rawValue)` | `\(move.happening.rawValue)` | `\(move.to.rawValue)` |"
            }
        let isRight = table == expected
        #expect(isRight, "the table should be:\n\(expected.joined(separator: "\n"))")
    }

    @Test func `the page says what each status and each happening means`() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let meanings = text.prefix(upTo: try #require(text.range(of: "## Every move")).lowerBound)
        let words = RefundStatus.allCases.map(\.rawValue) + RefundHappening.allCases.map(\.rawValue)
        for word in words { #expect(meanings.contains("`\(word)`"), "\(word) is not explained") }
    }
}
