import Metrics
import Synchronization

/// One time series: a metric with all its labels.
protocol MetricSeries: AnyObject, Sendable {
    static var kind: MetricFamily.Kind { get }

    /// Appends its lines. `labels` is `a="b",c="d"`, or empty.
    func write(_ name: String, _ labels: String, to output: inout String)
}

/// Only ever grows.
final class CounterSeries: MetricSeries, CounterHandler {
    static let kind = MetricFamily.Kind.counter
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.add(amount, ordering: .relaxed) }

    func reset() { value.store(0, ordering: .relaxed) }

    func write(_ name: String, _ labels: String, to output: inout String) {
        output += "\(MetricFamily.sample(name, labels)) \(value.load(ordering: .relaxed))\n"
    }
}

/// Goes up and down.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    static let kind = MetricFamily.Kind.gauge
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func write(_ name: String, _ labels: String, to output: inout String) {
        output += "\(MetricFamily.sample(name, labels)) \(MetricFamily.number(value.withLock { $0 }))\n"
    }
}

/// How many values lay below each bound, their number and their sum.
final class HistogramSeries: MetricSeries, TimerHandler, RecorderHandler {
    static let kind = MetricFamily.Kind.histogram
    static let seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300]
    static let sizes: [Double] = [10, 14, 18, 20, 22, 24, 26, 28, 30].map { Double(1 << $0) }

    private struct State {
        var counts: [Int64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let scale: Double
    private let state: Mutex<State>

    /// Upper bounds in ascending order, in the unit that is shown; `scale` of what is recorded make one of it.
    init(buckets: [Double], scale: Double) {
        bounds = buckets
        self.scale = scale
        state = Mutex(State(counts: Array(repeating: 0, count: buckets.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration)) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value / scale <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func write(_ name: String, _ labels: String, to output: inout String) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        let separator = labels.isEmpty ? "" : ","
        var total: Int64 = 0
        for (bound, count) in zip(bounds.map(MetricFamily.number) + ["+Inf"], counts) {
            total += count
            output += "\(name)_bucket{\(labels)\(separator)le=\"\(bound)\"} \(total)\n"
        }
        output += "\(MetricFamily.sample("\(name)_sum", labels)) \(MetricFamily.number(sum / scale))\n"
        output += "\(MetricFamily.sample("\(name)_count", labels)) \(total)\n"
    }
}
