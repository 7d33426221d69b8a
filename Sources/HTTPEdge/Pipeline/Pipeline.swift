import AWSCore
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore

/// The way of every request, from its head to its line in the log. Each step is a file of this folder.
struct Pipeline: Sendable {
    let callers: CallerAddresses
    let awsCalls: AWSCalls
    let dockerCalls: DockerCalls
    let downloads: Downloads
    let logos: Logos
    let operations: Operations
    let delivery: Delivery
    let requestMetrics: RequestMetrics
    let accessLog: AccessLog
    let limits: EdgeLimits
    /// Whether the listener in question does TLS.
    let isTLS: Bool
    /// Whether it is there for public registries alone.
    let isForPublicRegistries: Bool

    /// Answers one request; `content` is its body, nil for one that has none. Throws when the connection cannot be used any more.
    func serve(
        _ head: HTTPRequest, _ content: RequestBody?, _ writer: consuming some AnswerWriter & ~Copyable, on channel: any Channel
    ) async throws {
        var exchange = Exchange(head, on: channel, isTLS: isTLS)
        let body = IncomingBody(content, of: head, on: channel, limits: limits)
        requestMetrics.begin()
        var answer = await exchange.isShort ? answerHere(&exchange, body) : answerElsewhere(&exchange, body)
        exchange.action = answer.action
        answer.complete(for: exchange, body)
        let delivered = await delivery.send(answer, in: exchange, writer)
        let record = RequestRecord(exchange, answer, body, delivered)
        requestMetrics.end(record)
        accessLog.write(record)
        if case .failure = delivered.outcome { throw ConnectionLost() }
    }

    private func answerHere(_ exchange: inout Exchange, _ body: IncomingBody) async -> Answer {
        LongAnswers.shared.shortRequestBegins()
        return await answer(&exchange, body)
    }

    /// Work that may take long must not hold up the other connections of the event loop.
    private func answerElsewhere(_ exchange: inout Exchange, _ body: IncomingBody) async -> Answer {
        let executor: any TaskExecutor = exchange.asksForPage ? LongAnswers.shared : globalConcurrentExecutor
        let (answer, learnt) = await withTaskExecutorPreference(executor) { [exchange] in
            var exchange = exchange
            let answer = await self.answer(&exchange, body)
            return (answer, exchange)
        }
        exchange = learnt
        return answer
    }

    private func answer(_ exchange: inout Exchange, _ body: IncomingBody) async -> Answer {
        guard let caller = callers.resolve(exchange.head, peer: exchange.peer, isTLS: isTLS) else {
            return .text(.badRequest, "The request must name its host once, and its path must begin with \"/\".\n")
        }
        exchange.address = caller
        exchange.dialect = Dialect(of: exchange)
        if isForPublicRegistries, !exchange.dialect.isPublic { exchange.dialect = .none }
        switch exchange.dialect {
        case .ecr(let api, let operation): return await awsCalls.ecr(api, operation, &exchange, body)
        case .kms(let operation): return await awsCalls.kms(operation, &exchange, body)
        case .unknownTarget: return awsCalls.unknownTarget(exchange)
        case .query: return await awsCalls.query(&exchange, body)
        case .distribution: return await dockerCalls.answer(&exchange, body)
        case .download(let token): return await downloads.answer(token, exchange)
        case .token: return await dockerCalls.token(&exchange)
        case .logo(let name): return await logos.answer(name, exchange)
        case .operations(let page): return await operations.answer(page, exchange)
        case .none: return .nothingHere
        }
    }
}

/// The connection broke while an answer was written.
struct ConnectionLost: Error {}
