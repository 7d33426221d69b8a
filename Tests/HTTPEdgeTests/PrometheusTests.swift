import HTTPEdge
import Metrics
import Testing

@Suite struct PrometheusTests {
    @Test func allKindsAreWritten() {
        let metrics = PrometheusMetrics()
        metrics.describe("requests.total", "Line one\nand \\ two")
        Metrics.Counter(label: "requests.total", dimensions: [("path", "a\"b\\c\nd"), ("x-y", "z")], factory: metrics).increment(by: 3)
        Meter(label: "depth", factory: metrics).set(1.5)
        let timer = Timer(label: "time", factory: metrics)
        timer.recordMilliseconds(2)
        timer.recordSeconds(1000)
        #expect(
            metrics.text.hasPrefix(
                """
                # TYPE depth gauge
                depth 1.5
                # HELP requests_total Line one\\nand \\\\ two
                # TYPE requests_total counter
                requests_total{path="a\\"b\\\\c\\nd",x_y="z"} 3
                # TYPE time histogram
                time_bucket{le="0.0005"} 0
                time_bucket{le="0.001"} 0
                time_bucket{le="0.0025"} 1

                """))
        #expect(metrics.text.hasSuffix("time_bucket{le=\"300\"} 1\ntime_bucket{le=\"+Inf\"} 2\ntime_sum 1000.002\ntime_count 2\n"))
    }

    @Test func theSameLabelsAreTheSameSeries() {
        let metrics = PrometheusMetrics()
        for _ in 0..<3 { Metrics.Counter(label: "n", dimensions: [("a", "b")], factory: metrics).increment() }
        #expect(metrics.text == "# TYPE n counter\nn{a=\"b\"} 3\n")
    }

    @Test func cardinalityIsBounded() {
        let metrics = PrometheusMetrics(seriesLimit: 10)
        for index in 0..<100 { Metrics.Counter(label: "n", dimensions: [("a", "\(index)")], factory: metrics).increment() }
        #expect(metrics.text.split(separator: "\n").count == 12)
        #expect(metrics.text.contains("n{a=\"other\"} 90\n"))
    }
}
