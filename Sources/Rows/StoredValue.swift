import Domain
import Foundation

/// A value as both databases keep it: a number, a text, bytes, or nothing.
package enum StoredValue: Sendable, Equatable {
    case null
    /// Minor units, milliseconds since 1970, counts, and 0 or 1 for flags.
    case number(Int64)
    case characters(String)
    /// Sixteen bytes, the highest first, so that bytes sort as numbers do.
    case identifier(UInt128)
    case bytes(Data)
    /// Of a type that nothing is kept as: read from a damaged row.
    case foreign
}

extension StoredValue {
    /// Bytes as a database gives them: sixteen may be an id, which is read without a place of their own in memory.
    package init(blob bytes: UnsafeRawBufferPointer) {
        self =
            bytes.count == 16
            ? .identifier(UInt128(bigEndian: bytes.loadUnaligned(as: UInt128.self))) : .bytes(Data(bytes))
    }
}

/// What a column is kept as: the counterpart of what ``Columns`` reads.
extension StoredValue {
    package static func book(_ book: Book) -> StoredValue { .number(book.number) }
    package static func integer(_ number: Int64?) -> StoredValue { number.map { .number($0) } ?? .null }
    package static func integer(_ number: Int?) -> StoredValue { number.map { .number(Int64($0)) } ?? .null }
    package static func flag(_ flag: Bool) -> StoredValue { .number(flag ? 1 : 0) }
    package static func moment(_ moment: Moment?) -> StoredValue { moment.map { .number($0.milliseconds) } ?? .null }
    package static func text(_ text: String?) -> StoredValue { text.map { .characters($0) } ?? .null }

    package static func word<Word: RawRepresentable>(_ word: Word?) -> StoredValue where Word.RawValue == String {
        text(word?.rawValue)
    }

    package static func id<Kind>(_ id: Identifier<Kind>?) -> StoredValue { id.map { .id($0.raw) } ?? .null }
    package static func id(_ raw: UInt128?) -> StoredValue { raw.map { .identifier($0) } ?? .null }
    package static func digest(_ digest: Digest256?) -> StoredValue { digest.map { .bytes(Data($0.bytes)) } ?? .null }
}

extension UInt128 {
    /// Sixteen bytes, the highest first, so that bytes sort as numbers do.
    package var data: Data {
        withUnsafeBytes(of: bigEndian) { Data($0) }
    }

    /// - Returns: `nil` for anything but sixteen bytes.
    package init?(_ data: Data) {
        guard data.count == 16 else { return nil }
        self = data.reduce(0) { $0 << 8 | UInt128($1) }
    }
}
