import Metrics
import Synchronization

/// A backend of swift-metrics: keeps counters, gauges and timers, and writes them in Prometheus' text format.
///
/// Names are made from labels by putting `_` for whatever Prometheus does not allow. Of one metric there are at most
/// `seriesLimit` combinations of dimensions; what comes later is counted in one whose values are all `other`.
package final class PrometheusMetrics: MetricsFactory {
    private struct State {
        var families: [String: MetricFamily] = [:]
        var help: [String: String] = [:]
    }

    private let seriesLimit: Int
    private let state = Mutex(State())

    package init(seriesLimit: Int = 1000) { self.seriesLimit = seriesLimit }

    /// Says what a metric means, for its HELP line.
    package func describe(_ label: String, _ help: String) {
        state.withLock { $0.help[MetricFamily.name(label)] = help }
    }

    /// All metrics in the text format, version 0.0.4, in order of their names.
    package var text: String {
        let (families, help) = state.withLock { ($0.families, $0.help) }
        var output = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            family.write(name, help: help[name], to: &output)
        }
        return output
    }

    private func series<Series: MetricSeries>(_ label: String, _ dimensions: [(String, String)], _ make: () -> Series) -> Series {
        state.withLock { state in
            let name = MetricFamily.name(label)
            var family = state.families[name] ?? MetricFamily(kind: Series.kind)
            // A label used twice for different kinds is a mistake of the program; it must not stop the server.
            guard family.kind == Series.kind else { return make() }
            var labels = MetricFamily.labels(dimensions)
            if family.series[labels] == nil, family.series.count >= seriesLimit {
                labels = MetricFamily.labels(dimensions.map { ($0.0, "other") })
            }
            if let series = family.series[labels] as? Series { return series }
            let series = make()
            family.series[labels] = series
            state.families[name] = family
            return series
        }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions) { CounterSeries() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions) { GaugeSeries() }
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate
            ? series(label, dimensions) { HistogramSeries(buckets: HistogramSeries.sizes, scale: 1) } : series(label, dimensions) { GaugeSeries() }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions) { HistogramSeries(buckets: HistogramSeries.seconds, scale: 1e9) }
    }

    // Series stay: a counter that starts again from zero looks like a restart.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    /// A gauge says how something is; of what is gone it must say nothing.
    package func destroyMeter(_ handler: any MeterHandler) {
        state.withLock { state in
            for (name, family) in state.families {
                guard let labels = family.series.first(where: { $0.value === handler })?.key else { continue }
                state.families[name]?.series[labels] = nil
                return
            }
        }
    }
}
