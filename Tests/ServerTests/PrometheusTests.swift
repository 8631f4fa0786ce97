import CoreMetrics
import Server
import Testing

struct PrometheusTests {
    @Test func `every kind of instrument is written as Prometheus reads it`() {
        let registry = PrometheusRegistry([
            "taken_total": .init("What was taken."), "size": .init("Of a batch.", buckets: [1, 10]),
        ])
        Counter(label: "taken_total", dimensions: [("by", "a \"b\" \\ c")], factory: registry).increment(by: 3)
        Counter(label: "taken_total", dimensions: [("by", "a \"b\" \\ c")], factory: registry).increment()
        Counter(label: "taken_total", dimensions: [("by", "a")], factory: registry).increment(by: -5)
        Meter(label: "level", factory: registry).set(0.5)
        let sizes = Recorder(label: "size", factory: registry)
        for size in [1, 2, 10, 11] { sizes.record(size) }
        #expect(
            registry.text == """
                # TYPE level gauge
                level 0.5
                # HELP size Of a batch.
                # TYPE size histogram
                size_bucket{le="1"} 1
                size_bucket{le="10"} 3
                size_bucket{le="+Inf"} 4
                size_sum 24
                size_count 4
                # HELP taken_total What was taken.
                # TYPE taken_total counter
                taken_total{by="a \\"b\\" \\\\ c"} 4
                taken_total{by="a"} 0

                """
        )
    }

    @Test func `a timer counts seconds`() {
        let registry = PrometheusRegistry(["busy_seconds": .init("Busy.", buckets: [0.1])])
        let timer = Timer(label: "busy_seconds", factory: registry)
        timer.recordMilliseconds(100)
        timer.recordSeconds(2)
        #expect(registry.text.contains("busy_seconds_bucket{le=\"0.1\"} 1\n"))
        #expect(registry.text.contains("busy_seconds_sum 2.1\n"))
    }

    @Test func `a name is of one kind`() {
        let registry = PrometheusRegistry([:])
        Counter(label: "name", factory: registry).increment()
        Meter(label: "name", factory: registry).set(7)
        #expect(registry.text == "# TYPE name counter\nname 1\n")
    }
}
