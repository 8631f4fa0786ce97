import Histogram
import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What came of the requests.
struct Tally {
    private struct Kind {
        /// Latencies in nanoseconds, to three digits, of those that were due while it counted.
        var latencies = Histogram<UInt64>(
            lowestDiscernibleValue: 1_000,
            highestTrackableValue: 600_000_000_000,
            numberOfSignificantValueDigits: .three
        )
        /// Answers that came while it counted.
        var answers = 0
        var statuses: [Int: Int] = [:]
    }

    /// Answers so far, counted or not.
    private(set) var all = 0
    var underWay = 0
    private var broken = 0
    private var kinds: [Kind]
    private var began: Reading?
    private var ended: Reading?

    init(kinds: Int) { self.kinds = Array(repeating: Kind(), count: kinds) }

    mutating func add(_ kind: Int, status: Int, latency: TimeAmount, isIntended: Bool, isWithin: Bool) {
        all += 1
        underWay -= 1
        kinds[kind].statuses[status, default: 0] += 1
        if isIntended { kinds[kind].latencies.record(UInt64(max(0, latency.nanoseconds))) }
        if isWithin { kinds[kind].answers += 1 }
    }

    mutating func breakOff(_ kind: Int) {
        underWay -= 1
        broken += 1
    }

    mutating func begin(_ processes: [Int32]) { began = Reading(processes) }

    mutating func end(_ processes: [Int32]) { ended = Reading(processes) }

    /// For programs: what is not known is left out.
    func report() -> Report {
        let seconds = began.flatMap { began in ended.map { Double(($0.at - began.at).nanoseconds) / 1e9 } }
        return Report(
            seconds: seconds ?? 0,
            all: all,
            broken: broken,
            unanswered: underWay,
            processorSeconds: zip(began?.processors ?? [], ended?.processors ?? []).map { $1 - $0 },
            ownProcessorSeconds: (ended?.own ?? 0) - (began?.own ?? 0),
            requests: kinds.map { kind in
                let latency = kind.latencies.totalCount == 0 ? nil : Report.Latency(kind.latencies)
                let statuses = Dictionary(uniqueKeysWithValues: kind.statuses.map { (String($0), $1) })
                return Report.Kind(answers: kind.answers, statuses: statuses, latency: latency)
            }
        )
    }
}

struct Report: Encodable {
    struct Latency: Encodable {
        let p50: UInt64
        let p99: UInt64
        let p999: UInt64
        let max: UInt64

        init(_ histogram: Histogram<UInt64>) {
            p50 = histogram.valueAtPercentile(50)
            p99 = histogram.valueAtPercentile(99)
            p999 = histogram.valueAtPercentile(99.9)
            max = histogram.max
        }
    }

    struct Kind: Encodable {
        let answers: Int
        let statuses: [String: Int]
        let latency: Latency?
    }

    let seconds: Double
    let all: Int
    /// Requests whose connection went away.
    let broken: Int
    /// Requests without an answer when everything was over.
    let unanswered: Int
    let processorSeconds: [Double]
    let ownProcessorSeconds: Double
    let requests: [Kind]
}

/// The processor time that processes have had so far.
private struct Reading {
    let at = NIODeadline.now()
    let processors: [Double]
    let own: Double

    init(_ processes: [Int32]) {
        processors = processes.map { Self.seconds(of: "/proc/\($0)/stat") }
        own = Self.seconds(of: "/proc/self/stat")
    }

    /// User and system time, fields 14 and 15 of proc(5); the second field may hold blanks, and ends in a parenthesis.
    private static func seconds(of path: String) -> Double {
        guard let file = fopen(path, "r") else { return 0 }
        defer { fclose(file) }
        var bytes = [CChar](repeating: 0, count: 1024)
        guard fgets(&bytes, Int32(bytes.count), file) != nil else { return 0 }
        let text = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
