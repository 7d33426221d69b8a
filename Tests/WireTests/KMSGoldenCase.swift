import IAM
import KMS
import TestSupport
import Testing

@testable import KMSAPI

/// A request to KMS and the answer to it, in a file: `GoldenKMS/<Operation>/<case>.json`.
///
/// `given` are calls that come before, each with `operation` and `request`; a text member of an answer, at whatever depth, stands in later requests as
/// `${name}`, with the call's `as` before it when it has one. `days` lets time go by, with the background work at its end. What differs at every run
/// is masked.
struct KMSGoldenCase: JSONGolden {
    let file: GoldenFile

    static let commonErrors = ["AccessDeniedException", "UnsupportedOperationException", "ValidationException", "LimitExceededException"]

    var testDescription: String { "\(operation)/\(name)" }
    var model: Model { .kms }

    static let all = GoldenFile.all(in: "GoldenKMS").map { KMSGoldenCase(file: $0) }

    /// The actions that the request takes.
    var actions: [String] {
        switch operation {
        case "ReEncrypt": ["ReEncryptFrom", "ReEncryptTo"]
        case "CreateKey" where content["request"]?["Tags"] != nil: ["CreateKey", "TagResource"]
        default: [operation]
        }
    }

    func run(as caller: (TestInstallation) async throws -> Caller?) async throws -> Wire.Answer {
        let wire = try await KMSWire(limits: limits)
        var known: [String: String] = [:]
        for call in try file.given(from: "GoldenKMS") {
            if case .integer(let days)? = call["days"] {
                wire.installation.clock.advance(by: .seconds(days * 86_400))
                _ = try await wire.services.rotateDueKeys(limit: 10)
                _ = try await wire.services.deleteDueKeys(limit: 10)
                continue
            }
            let body = try await wire.succeed(try #require(call["operation"]?.text), (call["request"] ?? [:]).filled(with: known))
            body.collectTexts(into: &known, prefix: call["as"]?.text ?? "")
        }
        let answer = try await wire.call(operation, (content["request"] ?? [:]).filled(with: known), as: caller(wire.installation))
        return Wire.Answer(status: answer.status, headers: answer.headers, body: answer.body.masked(operation), action: answer.action)
    }

    private var limits: KMSLimits {
        var limits = KMSLimits()
        for case (let name, .integer(let value)) in content["limits"]?.members ?? [:] {
            switch name {
            case "keys": limits.keys = value
            case "aliasesPerKey": limits.aliasesPerKey = value
            case "grantsPerKey": limits.grantsPerKey = value
            case "tagsPerKey": limits.tagsPerKey = value
            case "policyLength": limits.policyLength = value
            case "rotationsOnDemand": limits.rotationsOnDemand = value
            default: Issue.record("\(testDescription): no limit is called \(name)")
            }
        }
        return limits
    }
}

extension JSON {
    /// The same with a mask over all that is random.
    fileprivate func masked(_ operation: String) -> JSON {
        replacingMembers { name, _ in
            switch name {
            case "CiphertextBlob", "GrantToken", "NextMarker": .string("<\(name)>")
            case "Plaintext" where operation.hasPrefix("Generate"): .string("<\(name)>")
            default: nil
            }
        }
    }
}
