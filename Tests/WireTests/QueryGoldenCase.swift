import AWSCore
import Foundation
import IAM
import Identity
import TestSupport
import Testing

@testable import IAMAPI

/// A request of the Query protocol and the answer to it, in a file: `GoldenQuery/<service>/<Operation>/<case>.json`.
///
/// `given` names what happens before: files of `GoldenQuery/<service>/Given`, each a list of steps, or steps themselves. A step is a call,
/// of the same service or of the one that it names; a `wait` of so many seconds; `keys`, which uploads the test issuer's keys to a provider; or
/// a `token` with these claims, which is `${WebIdentityToken}` from then on. The text of an element of an earlier answer stands in a later
/// request as `${name}`. `as` names the user who calls, `(session)` whom the latest credentials stand for, `(nobody)` a caller without
/// a signature; without it the root does. What differs at every run is masked in the answer.
struct QueryGoldenCase: Golden {
    let service: String
    let file: GoldenFile

    var testDescription: String { "\(service)/\(operation)/\(name)" }

    /// All cases of a service, in the order of their names.
    static func all(_ service: String) -> [QueryGoldenCase] {
        GoldenFile.all(in: "GoldenQuery/\(service)").map { QueryGoldenCase(service: service, file: $0) }
    }

    /// The answer that the file holds.
    var lines: [String] { content["body"]?.elements.compactMap(\.text) ?? [] }
    var body: XML { get throws { try XML(lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined()) } }

    /// The answer that comes.
    func run() async throws -> QueryWire.Answer {
        let wire = try await QueryWire(try #require(QueryService.named(service)))
        let issuer = TokenForge.p256("test")
        var known: [String: String] = [:]
        for step in try file.given(from: "GoldenQuery/\(service)") { try await take(step, wire, issuer, &known) }
        let answer = try await wire.call(operation, parameters(of: content, known), as: caller(of: content, wire, known))
        let masked = answer.body.mapText { element in
            ["Marker", "SecretAccessKey", "SessionToken", "DeletionTaskId"].contains(element.name) && !element.text.isEmpty
                ? "(\(element.name))" : element.text
        }
        return QueryWire.Answer(status: answer.status, body: masked, action: answer.action)
    }

    private func take(_ step: JSON, _ wire: QueryWire, _ issuer: TokenForge, _ known: inout [String: String]) async throws {
        if case .integer(let seconds)? = step["wait"] {
            wire.installation.clock.advance(by: .seconds(seconds))
        } else if let provider = step["keys"]?.text {
            let account = wire.identity.account(wire.installation.account)
            let isThere = try await account.setIssuerKeys(of: try #require(ARN(provider)), TokenForge.keySet([issuer.jwk()]))
            #expect(isThere)
        } else if let claims = step["token"] {
            let now = Int(wire.installation.clock.now.milliseconds / 1000)
            let all = claims.members.merging(["iat": .integer(now), "exp": .integer(now + 300)]) { given, _ in given }
            let signer = step["by"] == nil ? issuer : TokenForge.p256("test")
            known["WebIdentityToken"] = try signer.token("ES256", String(decoding: JSON.object(all).bytes, as: UTF8.self))
        } else {
            let service = try step["service"]?.text.map { try #require(QueryService.named($0)) }
            let body = try await wire.succeed(
                try #require(step["operation"]?.text), parameters(of: step, known), as: caller(of: step, wire, known), of: service)
            body.collect(into: &known)
        }
    }

    /// `${name}` filled in, and a text of N times `x` for `${N*x}`.
    private func parameters(of call: JSON, _ known: [String: String]) -> [String: String] {
        (call["request"]?.members ?? [:]).compactMapValues { value in
            guard let text = value.text else { return nil }
            let filled = known.reduce(text) { $0.replacing("${\($1.key)}", with: $1.value) }
            return filled.replacing(#/\$\{(\d+)\*(.)\}/#) { String(repeating: String($0.2), count: Int($0.1) ?? 0) }
        }
    }

    private func caller(of call: JSON, _ wire: QueryWire, _ known: [String: String]) async throws -> Caller? {
        switch call["as"]?.text {
        case nil: nil
        case "(nobody)": wire.anonymous
        case "(session)": try await wire.session(try #require(known["AccessKeyId"]), try #require(known["SessionToken"]))
        case let name?: try await wire.user(name)
        }
    }
}

extension XML {
    fileprivate func collect(into known: inout [String: String]) {
        if children.isEmpty { known[name] = text }
        for child in children { child.collect(into: &known) }
    }
}

extension QueryService {
    fileprivate static func named(_ name: String) -> QueryService? { all.first { $0.name == name } }
}
