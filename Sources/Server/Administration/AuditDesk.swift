import Domain
import Foundation
import Rows
import Storage

/// The end of a book's audit trail, as it is kept elsewhere.
package struct ExportedHead: Codable, Sendable, Equatable {
    package let account: String
    package let mode: String
    package let book: Int64
    package let number: Int64
    /// 64 hexadecimal digits.
    package let hash: String
    /// When what the newest entry is about happened.
    package let moment: String
}

/// What a proof of the trail came to.
package struct AuditVerdict: Sendable {
    package struct Finding: Sendable {
        package let account: String
        package let mode: String
        package let number: Int64
        package let what: String
    }

    package let findings: [Finding]
    package let entries: Int64
    /// Rows that no worker has chained yet.
    package let waiting: Int64
}

/// Exports and proves the audit trail.
package struct AuditDesk {
    private let books: any Books

    package init(books: any Books) {
        self.books = books
    }

    /// Of one account in one mode, or of all that have entries.
    package func heads(account: String?, mode: String?) async throws -> [ExportedHead] {
        let wanted: Book?
        if let account, let mode {
            wanted = try await ObjectText.book(account, mode, of: books)
        } else {
            wanted = nil
        }
        let names = try await names()
        var heads: [ExportedHead] = []
        for book in names.keys.sorted() where wanted == nil || book == wanted {
            let range = AuditRange(book, .newestFirst, limit: 1)
            guard let newest = try await books.auditEntries(in: range).first, let name = names[book] else { continue }
            heads.append(
                ExportedHead(
                    account: name,
                    mode: Account.mode(of: book).rawValue,
                    book: book.number,
                    number: newest.entry.number,
                    hash: newest.entry.hash.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(),
                    moment: Instant.text(newest.record.at)
                )
            )
        }
        return heads
    }

    /// - Parameter files: exported heads.
    package func verify(against files: [String]) async throws -> AuditVerdict {
        var heads: [AuditHead] = []
        for file in files { heads += try Self.read(file) }
        let report = try await books.verifyAudit(against: heads)
        let names = try await names()
        return AuditVerdict(
            findings: report.findings.map { finding in
                AuditVerdict.Finding(
                    account: names[finding.book] ?? "book \(finding.book.number)",
                    mode: Account.mode(of: finding.book).rawValue,
                    number: finding.number,
                    what: finding.what
                )
            },
            entries: report.heads.reduce(0) { $0 + $1.head.number },
            waiting: report.waiting.values.reduce(0, +)
        )
    }

    private func names() async throws -> [Book: String] {
        var names: [Book: String] = [:]
        for account in try await books.accounts() {
            for mode in Mode.allCases { names[account.book(mode)] = account.name }
        }
        return names
    }

    private static func read(_ file: String) throws -> [AuditHead] {
        guard let data = FileManager.default.contents(atPath: file),
            let heads = try? JSONDecoder().decode([ExportedHead].self, from: data)
        else { throw AdminRefusal("\(file) cannot be read as what `storno audit head` prints.") }
        return try heads.map { head in
            guard let hash = Digest256(hexadecimal: head.hash), head.number > 0 else {
                throw AdminRefusal("\(file) has a head that is none: book \(head.book), number \(head.number).")
            }
            return AuditHead(book: Book(head.book), number: head.number, hash: hash)
        }
    }
}

extension Digest256 {
    fileprivate init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        self.init(bytes)
    }
}
