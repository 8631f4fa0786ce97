import Domain
import Engine
import NIOConcurrencyHelpers
import Testing

@Suite struct SteadyTimeTests {
    private final class Clocks: Sendable {
        let wall = NIOLockedValueBox(Moment(seconds: 1_767_323_045))
        let uptime = NIOLockedValueBox(Duration.zero)

        func pass(_ duration: Duration) {
            wall.withLockedValue { $0 = $0.adding(duration) }
            uptime.withLockedValue { $0 += duration }
        }

        func set(by duration: Duration) { wall.withLockedValue { $0 = $0.adding(duration) } }

        func time(notBefore: Moment? = nil, mark: TimeMark? = nil, boot: String = "first") -> SteadyTime {
            let machine = SteadyTime.Machine(
                boot: boot,
                wall: { self.wall.withLockedValue { $0 } },
                uptime: { self.uptime.withLockedValue { $0 } },
                pause: { _ in }
            )
            return SteadyTime(on: machine, notBefore: notBefore, mark: mark)
        }
    }

    private func seconds(_ from: Moment, _ to: Moment) -> Int64 { (to.milliseconds - from.milliseconds) / 1000 }

    @Test(arguments: [3600, -3600, 86400 * 3650, -86400 * 3650] as [Int64])
    func `setting the clock moves no lease`(jump: Int64) {
        let machine = Clocks()
        let time = machine.time()
        let start = time.now
        machine.set(by: .seconds(jump))
        machine.pass(.seconds(10))
        #expect((9...11).contains(seconds(start, time.now)))
    }

    @Test func `an hour is caught up with in ten`() {
        let machine = Clocks()
        let time = machine.time()
        machine.set(by: .seconds(3600))
        for _ in 0..<36_100 {
            machine.pass(.seconds(1))
            _ = time.now
        }
        #expect(abs(seconds(machine.wall.withLockedValue { $0 }, time.now)) <= 1)
    }

    @Test(arguments: [3600, -3600, 86400 * 3650, -86400 * 3650] as [Int64])
    func `a restart of the program is no restart of time`(jump: Int64) {
        let machine = Clocks()
        let before = machine.time()
        machine.pass(.seconds(50))
        let (mark, end) = (before.mark, before.now)
        machine.set(by: .seconds(jump))
        machine.pass(.seconds(100))
        let after = machine.time(notBefore: end, mark: mark)
        #expect(seconds(end, after.now) == 100)
        #expect(after.knownSince == before.knownSince)
    }

    @Test func `after a restart of the machine nobody knows how long it was`() throws {
        let machine = Clocks()
        let before = machine.time()
        let mark = try #require(before.mark)
        machine.set(by: .seconds(86400))
        let after = machine.time(notBefore: before.now, mark: mark, boot: "second")
        #expect(seconds(before.now, after.now) == 86400)
        #expect(after.knownSince == after.now)
        machine.pass(.seconds(5))
        let third = machine.time(notBefore: after.now, mark: after.mark, boot: "second")
        #expect(third.knownSince == after.knownSince)
    }

    @Test func `it goes on from where it was, on a clock set back`() {
        let machine = Clocks()
        let late = Moment(seconds: 1_999_999_999)
        let time = machine.time(notBefore: late)
        #expect(time.now == late)
        machine.pass(.seconds(100))
        #expect((89...101).contains(seconds(late, time.now)))
    }

    @Test(arguments: [1, 2, 3, 7, 10] as [Int64])
    func `it drifts by a tenth at the most, however often it is read`(step: Int64) {
        for jump in [3600, -3600] as [Int64] {
            let machine = Clocks()
            let time = machine.time()
            let start = time.now
            machine.set(by: .seconds(jump))
            for _ in 0..<(100_000 / step) {
                machine.pass(.milliseconds(step))
                _ = time.now
            }
            #expect((89...111).contains(seconds(start, time.now)))
        }
    }

    @Test func `it never goes back`() {
        let machine = Clocks()
        let time = machine.time()
        var last = time.now
        for step in 0..<1000 {
            machine.set(by: .milliseconds(step % 2 == 0 ? -700 : 650))
            machine.pass(.milliseconds(3))
            #expect(time.now >= last)
            last = time.now
        }
    }
}
