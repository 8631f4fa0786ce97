import DialectKit
import Domain
import Server

extension FuzzTarget {
    /// A text stands for an id only if the id is written as that text.
    static let identifiers = FuzzTarget("identifiers") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        for spelled in SpelledKind.all {
            let id = Catalog.dialect(named: spelled.dialect)?.id(spelled.kind, text)
            try hold(id == spelled.alphabet.id(text), "\(spelled.dialect) reads a \(spelled.kind) in another way")
            if let id { try hold(isSame(spelled.alphabet.text(id), text), "\(text) is no id's only text") }
        }
        if let id = UUIDText.id(text) { try hold(isSame(UUIDText.text(id), text.lowercased()), "\(text) is no UUID") }
        try check(bytes.prefix(16).reduce(0) { $0 << 8 | UInt128($1) })
    }

    private static func check(_ id: UInt128) throws {
        for spelled in SpelledKind.all {
            let text = spelled.alphabet.text(id)
            try hold(text.utf8.count == spelled.length, "\(text) has another length than the others")
            try hold(spelled.alphabet.id(text) == id, "\(text) reads as another id")
        }
        try hold(UUIDText.id(UUIDText.text(id)) == id, "\(UUIDText.text(id)) reads as another id")
        try hold(UInt128(ObjectText.text(id), radix: 16) == id, "\(ObjectText.text(id)) reads as another id")
    }

    private static func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }
}

/// How an API writes the ids of one kind: the vendors' contracts, stated a second time.
private struct SpelledKind {
    let dialect: String
    let kind: ObjectKind
    let alphabet: IdentifierText
    let length: Int

    static let all = [
        cari(.payment, "ch_"), cari(.refund, "re_"), cari(.customer, "cus_"), cari(.card, "card_"),
        stancer(.payment, "paym_"), stancer(.refund, "refd_"), stancer(.customer, "cust_"), stancer(.card, "card_"),
        stancer(.dispute, "dspt_"),
    ]

    private static func cari(_ kind: ObjectKind, _ prefix: String) -> SpelledKind {
        let alphabet = IdentifierText(prefix: prefix, alphabet: IdentifierText.base36, length: 25)
        return SpelledKind(dialect: "cari", kind: kind, alphabet: alphabet, length: prefix.utf8.count + 25)
    }

    private static func stancer(_ kind: ObjectKind, _ prefix: String) -> SpelledKind {
        let alphabet = IdentifierText(prefix: prefix, alphabet: IdentifierText.base62, length: 24)
        return SpelledKind(dialect: "stancer", kind: kind, alphabet: alphabet, length: 29)
    }
}
