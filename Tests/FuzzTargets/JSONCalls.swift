import ECRAPI
import Foundation
import TestSupport

extension FuzzTarget {
    /// The awsJson protocol: the name of an operation, a space, and its input.
    static let jsonCalls = FuzzTarget("awsjson") {
        let installation = try TestInstallation()
        let dialect = ECRDialect(installation)
        return { input in
            let call = input.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
            let operation = String(decoding: call[0], as: UTF8.self)
            let answer = await dialect.respond(to: operation, body: Array(call.count > 1 ? call[1] : []), context: installation.context())
            let body = String(decoding: answer.body, as: UTF8.self)
            guard answer.status < 500 else { throw Broken("\(operation) is answered by \(answer.status): \(body)") }
            guard (try? JSONSerialization.jsonObject(with: Data(answer.body))) != nil else { throw Broken("the answer is no JSON: \(body)") }
            return "\(answer.status) \(body.prefix(60).prefix { $0 != "," })"
        }
    }
}

extension ECRDialect {
    init(_ installation: TestInstallation) {
        self.init(services: installation.services, tokens: installation.identity.dockerTokens, authorizer: installation.authorizer)
    }
}
