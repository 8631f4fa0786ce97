import CoreMetrics
import NIOConcurrencyHelpers

/// Keeps what swift-metrics' instruments are told, and writes it down as Prometheus reads it.
///
/// Names are Prometheus' own: base units, `_total` for what only grows, `_seconds` for durations. Timers and aggregating
/// recorders become histograms.
package final class PrometheusRegistry: MetricsFactory {
    /// What a name means, for people; and, for a histogram, where its buckets end.
    package struct Description: Sendable {
        let help: String
        let buckets: [Double]

        package init(_ help: String, buckets: [Double] = Description.durations) {
            self.help = help
            self.buckets = buckets
        }

        /// In seconds.
        package static let durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    }

    private struct Family {
        let kind: String
        var series: [Labels: any Series] = [:]
    }

    private let descriptions: [String: Description]
    private let families = NIOLockedValueBox<[String: Family]>([:])

    /// - Parameter descriptions: by name. A name that is not in it has no help, and the buckets of a duration.
    package init(_ descriptions: [String: Description]) { self.descriptions = descriptions }

    /// Everything, in Prometheus' text format 0.0.4, by name.
    package var text: String {
        let families = families.withLockedValue { $0 }
        return families.keys.sorted()
            .map { name in
                guard let family = families[name] else { return "" }
                let help = descriptions[name].map { "# HELP \(name) \($0.help)\n" } ?? ""
                let samples = family.series.sorted { $0.key < $1.key }.flatMap { $1.samples(name, $0) }
                return help + "# TYPE \(name) \(family.kind)\n" + samples.map { $0 + "\n" }.joined()
            }
            .joined()
    }

    private func series<S: Series>(_ name: String, _ labels: [(String, String)], _ kind: String, _ make: () -> S) -> S {
        families.withLockedValue { families in
            let labels = Labels(labels)
            var family = families[name] ?? Family(kind: kind)
            // Two kinds under one name cannot both be told: the second keeps its figures to itself.
            guard family.kind == kind else { return make() }
            if let known = family.series[labels] as? S { return known }
            let made = make()
            family.series[labels] = made
            families[name] = family
            return made
        }
    }

    private func buckets(of name: String) -> [Double] { descriptions[name]?.buckets ?? Description.durations }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, "counter") { Sum() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, "gauge") { Level() }
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, dimensions, "gauge") { Level() } }
        return series(label, dimensions, "histogram") { Histogram(buckets(of: label)) }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, "histogram") { Histogram(buckets(of: label)) }
    }

    // A series is told for as long as the process lives: what vanishes between two looks would be lost.

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}

/// The labels of a series, in their order.
private struct Labels: Hashable, Comparable {
    let text: String

    init(_ labels: [(String, String)]) {
        text = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
    }

    /// In braces, with another label behind them; nothing where there is none.
    func with(_ last: String?) -> String {
        let all = [text, last ?? ""].filter { !$0.isEmpty }.joined(separator: ",")
        return all.isEmpty ? "" : "{\(all)}"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
    }

    static func < (one: Labels, other: Labels) -> Bool { one.text < other.text }
}

private protocol Series: AnyObject, Sendable {
    func samples(_ name: String, _ labels: Labels) -> [String]
}

private final class Sum: Series, CounterHandler {
    private let value = NIOLockedValueBox<Int64>(0)

    func increment(by amount: Int64) { value.withLockedValue { $0 &+= max(amount, 0) } }

    func reset() { value.withLockedValue { $0 = 0 } }

    func samples(_ name: String, _ labels: Labels) -> [String] {
        ["\(name)\(labels.with(nil)) \(value.withLockedValue { $0 })"]
    }
}

private final class Level: Series, MeterHandler, RecorderHandler {
    private let value = NIOLockedValueBox(0.0)

    func set(_ level: Int64) { set(Double(level)) }
    func set(_ level: Double) { value.withLockedValue { $0 = level } }
    func increment(by amount: Double) { value.withLockedValue { $0 += amount } }
    func decrement(by amount: Double) { value.withLockedValue { $0 -= amount } }
    func record(_ level: Int64) { set(level) }
    func record(_ level: Double) { set(level) }

    func samples(_ name: String, _ labels: Labels) -> [String] {
        ["\(name)\(labels.with(nil)) \(value.withLockedValue { $0 }.figure)"]
    }
}

private final class Histogram: Series, TimerHandler, RecorderHandler {
    private struct State {
        /// By bucket, the last of them for what is above all; not added up.
        var counts: [Int64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: NIOLockedValueBox<State>

    init(_ bounds: [Double]) {
        self.bounds = bounds
        state = NIOLockedValueBox(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let place = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLockedValue { state in
            state.counts[place] += 1
            state.sum += value
        }
    }

    func samples(_ name: String, _ labels: Labels) -> [String] {
        let state = state.withLockedValue { $0 }
        var total: Int64 = 0
        let ends = bounds.map(\.figure) + ["+Inf"]
        let buckets = zip(ends, state.counts)
            .map { end, count in
                total += count
                return "\(name)_bucket\(labels.with("le=\"\(end)\"")) \(total)"
            }
        return buckets + [
            "\(name)_sum\(labels.with(nil)) \(state.sum.figure)", "\(name)_count\(labels.with(nil)) \(total)",
        ]
    }
}

extension Double {
    /// A whole number without its point.
    fileprivate var figure: String { Int64(exactly: self).map(String.init) ?? "\(self)" }
}
