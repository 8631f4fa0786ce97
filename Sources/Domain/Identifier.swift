/// A 128-bit id: 48 bits of milliseconds since 1970, then 80 bits that make it unique.
///
/// Ids of one kind sort by time. Each API writes the same number in its own alphabet, so an object has one
/// identity and many spellings. `Kind` keeps the id of a payment from being passed for the id of a refund.
package struct Identifier<Kind>: Hashable, Comparable, Sendable {
    package let raw: UInt128

    package init(_ raw: UInt128) {
        self.raw = raw
    }

    /// The smallest id that an object created at `moment` can have.
    package static func earliest(at moment: Moment) -> Identifier {
        Identifier(UInt128(moment.idMilliseconds) << 80)
    }

    package static func < (left: Identifier, right: Identifier) -> Bool {
        left.raw < right.raw
    }
}

extension UInt128 {
    /// The number in an alphabet, the highest digit first, filled up with its zero.
    ///
    /// - Parameter count: enough for the number.
    package func digits(in alphabet: [UInt8], count: Int) -> [UInt8] {
        let base = UInt64(alphabet.count)
        // 128 bits are slow to divide: as many digits are taken off at a time as 64 bits hold.
        var (block, blockLength) = (base, 1)
        while block <= UInt64.max / base {
            block *= base
            blockLength += 1
        }
        var digits = [UInt8](repeating: alphabet[0], count: count)
        var (rest, end) = (self, count)
        while rest > 0 {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: UInt128(block))
            var (part, index) = (UInt64(remainder), end)
            while part > 0 {
                index -= 1
                digits[index] = alphabet[Int(part % base)]
                part /= base
            }
            rest = quotient
            end -= blockLength
        }
        return digits
    }
}

/// Digits of numbers in texts, in the order of their value.
package enum Alphabet {
    package static let base16 = Array("0123456789abcdef".utf8)
    package static let base36 = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
}

/// Makes ids that only ever rise, also within one millisecond and while the clock stands still or goes back.
package struct IdentifierSource: Sendable {
    private var random: any RandomNumberGenerator & Sendable
    private var last: UInt128 = 0
    private var lastPast: UInt128 = 0
    /// Of books whose time is not the true one.
    private var lastOfBooks: [Book: UInt128] = [:]

    package init(random: any RandomNumberGenerator & Sendable) {
        self.random = random
    }

    package mutating func next<Kind>(at moment: Moment) -> Identifier<Kind> {
        let noise = UInt128(random.next()) << 16 | UInt128(random.next() & 0xFFFF)
        let fresh = UInt128(moment.idMilliseconds) << 80 | noise
        last = fresh > last ? fresh : last + 1
        return Identifier(last)
    }

    /// An id for what happened before now and is written down only now: it stands where it belongs in time. Those of one
    /// millisecond that come one after the other stand in that order.
    package mutating func next<Kind>(inThePast moment: Moment) -> Identifier<Kind> {
        let noise = UInt128(random.next()) << 16 | UInt128(random.next() & 0xFFFF)
        let isSame = lastPast >> 80 == UInt128(moment.idMilliseconds) && lastPast != 0
        lastPast = isSame ? lastPast + 1 : UInt128(moment.idMilliseconds) << 80 | noise
        return Identifier(lastPast)
    }

    /// For a book whose time is not the true one: the true time comes second, so that ids rise also where the book's
    /// stands still, whoever makes them; and they push on no other book's.
    package mutating func next<Kind>(at moment: Moment, truly truth: Moment, in book: Book) -> Identifier<Kind> {
        let noise = UInt128(random.next() >> 24)
        let fresh = UInt128(moment.idMilliseconds) << 80 | UInt128(truth.idMilliseconds & (1 << 40 - 1)) << 40 | noise
        let last = lastOfBooks[book] ?? 0
        let next = fresh > last ? fresh : last + 1
        lastOfBooks[book] = next
        return Identifier(next)
    }
}

/// Which rows a request may see: one account in one mode. First in every key of the schema.
package struct Book: Hashable, Comparable, Sendable {
    package let number: Int64

    package init(_ number: Int64) {
        self.number = number
    }

    package static func < (left: Book, right: Book) -> Bool {
        left.number < right.number
    }
}

/// Test and live data are two worlds that never see each other.
package enum Mode: String, CaseIterable, Sendable {
    case test
    case live
}
