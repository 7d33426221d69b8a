import HTTPTypes
import NIOCore

/// `/livez`, `/readyz` and `/metrics`.
struct Operations: Sendable {
    let readiness: Readiness
    let metrics: PrometheusMetrics

    func answer(_ page: Dialect.Page, _ exchange: Exchange) async -> Answer {
        guard exchange.head.method == .get || exchange.head.method == .head else {
            return .readOnly("This page can be read by GET and HEAD.\n")
        }
        switch page {
        case .live: return .text(.ok, "ok\n")
        case .ready:
            switch await readiness.state {
            case .ready: return .text(.ok, "ok\n")
            case .starting: return .text(.serviceUnavailable, "starting\n")
            case .draining: return .text(.serviceUnavailable, "draining\n")
            case .failing(let names): return .text(.serviceUnavailable, names.map { "\($0): failing\n" }.joined())
            }
        case .metrics:
            ProcessMetrics.update(metrics)
            var answer = Answer.text(.ok, metrics.text)
            answer.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            return answer
        }
    }
}
