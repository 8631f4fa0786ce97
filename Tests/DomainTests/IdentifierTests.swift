import Domain
import TestSupport
import Testing

@Suite struct IdentifierTests {
    @Test func `ids rise, also within a millisecond and when the clock goes back`() {
        var source = IdentifierSource(random: SeededRandom(seed: 3))
        var last: Payment.ID = source.next(at: Moment(milliseconds: 1000))
        for milliseconds in [1000, 1000, 999, 1001, 0, -5, 1001, 5000, 4000] as [Int64] {
            for _ in 0..<50 {
                let next: Payment.ID = source.next(at: Moment(milliseconds: milliseconds))
                #expect(next > last)
                last = next
            }
        }
    }

    @Test func `an id begins with its milliseconds`() {
        var source = IdentifierSource(random: SeededRandom(seed: 4))
        let moment = Moment(seconds: 1_767_323_045)
        let id: Refund.ID = source.next(at: moment)
        #expect(id.raw >> 80 == UInt128(moment.milliseconds))
        #expect(id >= .earliest(at: moment))
        #expect(id < .earliest(at: moment.adding(.milliseconds(1))))
    }

    @Test func `moments do not overflow`() {
        #expect(Moment(seconds: .max).milliseconds == .max)
        #expect(Moment(seconds: .min).milliseconds == .min)
        #expect(Moment(milliseconds: .max).adding(.seconds(1)).milliseconds == .max)
        #expect(Moment(milliseconds: .min).adding(.seconds(-1)).milliseconds == .min)
        #expect(Moment(milliseconds: -1).seconds == -1)
        #expect(Moment(milliseconds: -1).idMilliseconds == 0)
        #expect(Moment(milliseconds: .max).idMilliseconds == 1 << 48 - 1)
    }

    @Test(arguments: [
        "4242424242424242", "5555555555554444", "4444333322221111", "4000000760000002", "378282246310005",
    ])
    func `a card number that passes Luhn is taken`(digits: String) {
        #expect(CardNumber(digits)?.lastFour == String(digits.suffix(4)))
    }

    @Test(arguments: [
        "4242424242424241", "", "4242", "4242 4242 4242 4242", "४२४२४२४२४२४२४२४२", "42424242424242424242",
    ])
    func `anything else is no card number`(text: String) {
        #expect(CardNumber(text) == nil)
    }

    @Test func `a card number never shows itself`() throws {
        let card = try #require(CardNumber("4242424242424242"))
        for text in ["\(card)", String(reflecting: card), String(describing: [card])] {
            #expect(!text.contains("424242"))
        }
    }
}

extension IdentifierTests {
    @Test func `ids of a book whose time stands still rise with the true time, whoever makes them`() {
        let (book, frozen) = (Book(1), Moment(seconds: 2_000_000_000))
        var first = IdentifierSource(random: SeededRandom(seed: 5))
        var second = IdentifierSource(random: SeededRandom(seed: 6))
        var last = Refund.ID(0)
        for milliseconds in 1...200 as ClosedRange<Int64> {
            let truth = Moment(milliseconds: 1_767_323_045_000 + milliseconds)
            let ids: [Refund.ID] = [
                milliseconds % 2 == 0
                    ? first.next(at: frozen, truly: truth, in: book) : second.next(at: frozen, truly: truth, in: book)
            ]
            for id in ids {
                #expect(id > last)
                #expect(id >= .earliest(at: frozen) && id < .earliest(at: frozen.adding(.milliseconds(1))))
                last = id
            }
        }
        let others: Refund.ID = first.next(at: Moment(seconds: 1))
        #expect(others.raw >> 80 == 1000, "another book's ids are not pushed on")
    }
}
