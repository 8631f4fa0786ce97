import Domain
import Foundation

/// The words of a text, as the search knows them: letters, digits and low lines that stand together, in lower case and
/// without accents. The same on every database, since none of them takes texts apart.
package enum SearchWords {
    /// Of longer words this many characters count.
    package static let longest = 64

    package static func words(in text: String) -> [String] {
        text.utf8.allSatisfy { $0 < 0x80 } ? wordsOfASCII(text) : wordsOfAny(text)
    }

    /// 25 digits of base 36: the part of an id that is the same in every kind, without its prefix.
    package static func digits(of id: UInt128) -> String {
        String(decoding: id.digits(in: Alphabet.base36, count: idLength), as: UTF8.self)
    }

    package static let idLength = 25

    private static func wordsOfASCII(_ text: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                word.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte | 0x20)
            default:
                if !word.isEmpty { words.append(String(decoding: word.prefix(longest), as: UTF8.self)) }
                word.removeAll(keepingCapacity: true)
            }
        }
        if !word.isEmpty { words.append(String(decoding: word.prefix(longest), as: UTF8.self)) }
        return words
    }

    /// Taken apart into letters and their marks, so that a composed é and a decomposed one are both an e.
    private static func wordsOfAny(_ text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in text.decomposedStringWithCompatibilityMapping.unicodeScalars {
            if scalar.properties.generalCategory == .nonspacingMark { continue }
            if scalar == "_" || isWordPart(scalar) {
                for lower in scalar.properties.lowercaseMapping.unicodeScalars
                where lower.properties.generalCategory != .nonspacingMark { word.append(lower) }
            } else {
                if !word.isEmpty { words.append(String(word.prefix(longest))) }
                word = String.UnicodeScalarView()
            }
        }
        if !word.isEmpty { words.append(String(word.prefix(longest))) }
        return words
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .spacingMark,
            .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}
