import HTTPTypes
import Logging

/// What is kept of a request when it is over: for the log and the metrics.
struct RequestRecord: Sendable {
    let requestID: String
    let remote: String
    let principal: String?
    let dialect: Dialect
    let action: String?
    let method: HTTPRequest.Method
    /// Without the query, and without what is a secret in itself.
    let path: String
    let status: Int
    let bytesIn: Int64
    let bytesOut: Int64
    let duration: Duration
    /// The connection broke before the answer was out.
    let isBroken: Bool

    init(_ exchange: Exchange, _ answer: Answer, _ body: IncomingBody, _ delivered: Delivered) {
        requestID = exchange.requestID
        remote = exchange.address.sourceIP.isEmpty ? exchange.peer : exchange.address.sourceIP
        principal = exchange.caller?.arn
        dialect = exchange.dialect
        action = answer.action
        method = exchange.head.method
        if case .download = exchange.dialect { path = "/layers/…" } else { path = exchange.path }
        status = answer.status.code
        bytesIn = body.bytesRead
        bytesOut = delivered.bytes
        duration = .now - exchange.started
        if case .failure = delivered.outcome { isBroken = true } else { isBroken = false }
    }
}

/// One line for each request. Nothing in it is a secret: no header, no query, no body.
struct AccessLog: Sendable {
    private static let message = "request"

    private let log: Logger
    /// Berth's own handler, which takes fields as they are; for another they are made metadata, which costs more than a tenth of a small pull.
    private let lines: LineLogHandler?

    init(log: Logger) {
        self.log = log
        lines = (log.handler as? LineLogHandler).flatMap { $0.isPlain ? $0 : nil }
    }

    func write(_ record: RequestRecord) {
        // Probes come every few seconds and say nothing.
        let level: Logger.Level = if case .operations = record.dialect { .debug } else { .info }
        guard level >= log.logLevel else { return }
        guard let lines else { return log.log(level: level, "\(Self.message)", metadata: metadata(record)) }
        lines.append(level, Self.message) { line in
            if let action = record.action { line.field("action", action) }
            if record.isBroken { line.field("broken", "true") }
            line.field("bytes-in", record.bytesIn)
            line.field("bytes-out", record.bytesOut)
            line.field("method", record.method.rawValue)
            line.field("microseconds", record.duration.inMicroseconds)
            line.field("path", record.path)
            if let principal = record.principal { line.field("principal", principal) }
            line.field("remote", record.remote)
            line.field("request-id", record.requestID)
            line.field("status", Int64(record.status))
        }
    }

    private func metadata(_ record: RequestRecord) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "request-id": .string(record.requestID), "remote": .string(record.remote), "method": .string(record.method.rawValue),
            "path": .string(record.path), "status": .stringConvertible(record.status), "bytes-in": .stringConvertible(record.bytesIn),
            "bytes-out": .stringConvertible(record.bytesOut), "microseconds": .stringConvertible(record.duration.inMicroseconds),
        ]
        if let principal = record.principal { metadata["principal"] = .string(principal) }
        if let action = record.action { metadata["action"] = .string(action) }
        if record.isBroken { metadata["broken"] = "true" }
        return metadata
    }
}

extension Duration {
    fileprivate var inMicroseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
