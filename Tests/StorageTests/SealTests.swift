import Domain
import Storage
import Testing

@Suite struct SealTests {
    private let secrets = Secrets(bytes: Array(0..<32))
    private let place = SealedPlace("person", Book(1), [1, 2, 3])

    @Test(arguments: [0, 1, 15, 16, 17, 4096])
    func `what was sealed opens at its place`(length: Int) throws {
        let text = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        let sealed = secrets.seal(text, at: place)
        #expect(sealed.count == length + Secrets.sealLength)
        #expect(try secrets.open(sealed, at: place) == text)
    }

    @Test func `equal texts are not sealed alike`() {
        #expect(secrets.seal([7], at: place) != secrets.seal([7], at: place))
    }

    @Test(arguments: [
        SealedPlace("note", Book(1), [1, 2, 3]), SealedPlace("person", Book(2), [1, 2, 3]),
        SealedPlace("person", Book(1), [1, 2]), SealedPlace("person", Book(12), [3]),
    ])
    func `it opens nowhere else`(other: SealedPlace) {
        let sealed = secrets.seal(Array("text".utf8), at: place)
        #expect(throws: SealFailure.damaged) { try secrets.open(sealed, at: other) }
    }

    @Test func `another key is told from damage`() {
        let other = Secrets(bytes: Array(1..<33))
        let sealed = secrets.seal([1], at: place)
        #expect(throws: SealFailure.otherKey) { try other.open(sealed, at: place) }
        #expect(throws: SealFailure.damaged) { try secrets.open([], at: place) }
        #expect(throws: SealFailure.damaged) { try secrets.open(Array(sealed.dropLast()), at: place) }
    }

    @Test func `every changed bit is found`() {
        let sealed = secrets.seal(Array("text".utf8), at: place)
        for bit in 0..<sealed.count * 8 {
            var changed = sealed
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: SealFailure.self) { try secrets.open(changed, at: place) }
        }
    }

    @Test func `nothing of the key is printed`() {
        #expect("\(secrets)" == "Secrets")
        var dumped = ""
        dump(secrets, to: &dumped)
        #expect(!dumped.contains("SymmetricKey"))
    }
}
