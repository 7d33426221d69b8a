import Foundation
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
struct KMSGoldenCase: Sendable, CustomTestStringConvertible {
    let operation: String
    let file: URL
    let content: JSON

    var testDescription: String { "\(operation)/\(file.deletingPathExtension().lastPathComponent)" }

    static let all: [KMSGoldenCase] = {
        let folder = GoldenCase.folder.deletingLastPathComponent().appending(path: "GoldenKMS")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return files.filter { $0.pathExtension == "json" }.sorted { $0.path() < $1.path() }.map { file in
            do {
                return KMSGoldenCase(
                    operation: file.deletingLastPathComponent().lastPathComponent, file: file, content: try JSON(bytes: Array(Data(contentsOf: file)))
                )
            } catch {
                fatalError("\(file.path()): \(error)")
            }
        }
    }()

    /// The actions that the request takes.
    var actions: [String] {
        switch operation {
        case "ReEncrypt": ["ReEncryptFrom", "ReEncryptTo"]
        case "CreateKey" where content["request"]?["Tags"] != nil: ["CreateKey", "TagResource"]
        default: [operation]
        }
    }

    var status: JSON? { content["status"] }
    var body: JSON { content["body"] ?? .null }

    /// The answer that comes; to the account's root, or to whom `caller` makes. What is given is the root's doing.
    func run(
        as caller: (TestInstallation) async throws -> Caller? = { _ in nil }
    ) async throws -> (status: Int, headers: [String: String], body: JSON) {
        let wire = try await KMSWire(limits: limits)
        var known: [String: String] = [:]
        for call in content["given"]?.elements ?? [] {
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
        return (answer.status, answer.headers, answer.body.maskedForKMS(operation))
    }

    /// Writes an answer into the file.
    func write(_ answer: (status: Int, headers: [String: String], body: JSON)) throws {
        var content = content
        content["status"] = .integer(answer.status)
        content["headers"] = .object(answer.headers.mapValues { .string($0) })
        content["body"] = answer.body
        try Data((content.pretty + "\n").utf8).write(to: file)
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
    /// All texts at whatever depth, by the names of their members.
    fileprivate func collectTexts(into known: inout [String: String], prefix: String) {
        for (name, value) in members {
            if let text = value.text { known[prefix + name] = text } else { value.collectTexts(into: &known, prefix: prefix) }
        }
        for element in elements { element.collectTexts(into: &known, prefix: prefix) }
    }

    fileprivate func maskedForKMS(_ operation: String) -> JSON {
        switch self {
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, value in
                        switch name {
                        case "CiphertextBlob", "GrantToken", "NextMarker": (name, .string("<\(name)>"))
                        case "Plaintext" where operation.hasPrefix("Generate"): (name, .string("<\(name)>"))
                        default: (name, value.maskedForKMS(operation))
                        }
                    }))
        case .array(let elements): .array(elements.map { $0.maskedForKMS(operation) })
        default: self
        }
    }
}

/// Requests and answers in files, one for each thing that can happen to an operation of KMS.
@Suite struct KMSGoldenTests {
    static let model = Model.kms

    @Test(arguments: KMSGoldenCase.all) func answersAsWritten(golden: KMSGoldenCase) async throws {
        let answer = try await golden.run()
        if GoldenCase.isRegenerating {
            try golden.write(answer)
        } else {
            #expect(JSON.integer(answer.status) == golden.status)
            #expect(JSON.object(answer.headers.mapValues { .string($0) }) == golden.content["headers"])
            #expect(answer.body == golden.body)
        }
    }

    /// A successful answer is of the model's output shape: names, types, enums.
    @Test(arguments: KMSGoldenCase.all) func answersInTheModelsShapes(golden: KMSGoldenCase) throws {
        guard golden.status == 200 else { return }
        let shape = try #require(Self.model.operations[golden.operation]).output
        #expect(Self.model.problems(of: golden.body, as: shape, at: golden.operation) == [])
    }

    /// An error is one that the model gives to the operation, or one of the protocol's own.
    @Test(arguments: KMSGoldenCase.all) func failsOnlyAsTheModelSays(golden: KMSGoldenCase) throws {
        guard golden.status != 200 else { return }
        let code = try #require(golden.body["__type"]?.text)
        let common = ["AccessDeniedException", "UnsupportedOperationException", "ValidationException", "LimitExceededException"]
        #expect((try #require(Self.model.operations[golden.operation]).errors + common).contains(code))
        #expect(golden.status == 400)
    }

    /// What goes well for the root is allowed to others by the operation's own actions, which key policies leave to IAM.
    @Test(arguments: KMSGoldenCase.all.filter { $0.status == 200 }) func isAllowedByItsOwnActions(golden: KMSGoldenCase) async throws {
        let actions = golden.actions.map { "\"kms:\($0)\"" }.joined(separator: ",")
        let policy = TestSupport.PolicyText.of(TestSupport.PolicyText.statement("Allow", "Action", "[\(actions)]"))
        let answer = try await golden.run { try await $0.user(policy: policy) }
        #expect(answer.status == 200, "\(answer.body)")
    }

    /// And not by all others.
    @Test(arguments: KMSGoldenCase.all.filter { $0.status == 200 }) func isNotAllowedByAllOtherActions(golden: KMSGoldenCase) async throws {
        for action in golden.actions {
            let answer = try await golden.run {
                try await $0.user(policy: TestSupport.PolicyText.of(TestSupport.PolicyText.statement("Allow", "NotAction", "\"kms:\(action)\"")))
            }
            #expect(answer.body["__type"]?.text == "AccessDeniedException", "\(action): \(answer.body)")
        }
    }

    /// Every operation has a file for a success, for a request that is refused, and for each of its errors that can come about.
    @Test(arguments: Operations.implemented.map { $0.name }) func coversWhatCanHappen(operation: String) throws {
        let cases = KMSGoldenCase.all.filter { $0.operation == operation }
        #expect(cases.contains { $0.status == 200 })
        let covered = Set(cases.compactMap { $0.body["__type"]?.text })
        #expect(covered.contains("ValidationException"))
        let uncovered = Set(try #require(Self.model.operations[operation]).errors).subtracting(covered)
            .subtracting(["DependencyTimeoutException", "KMSInternalException", "KeyUnavailableException"])
        #expect(uncovered.sorted() == Self.unreachable(operation))
    }

    /// The model's errors that Berth has no cause for: its keys have one kind and one origin, and nothing takes time.
    private static func unreachable(_ operation: String) -> [String] {
        switch operation {
        case "CreateKey":
            [
                "CloudHsmClusterInvalidConfigurationException", "CustomKeyStoreInvalidStateException", "CustomKeyStoreNotFoundException",
                "InvalidArnException", "XksKeyAlreadyInUseException", "XksKeyInvalidConfigurationException", "XksKeyNotFoundException",
            ]
        case "DeleteAlias", "GetKeyPolicy", "ListGrants", "ListKeyPolicies": ["KMSInvalidStateException"]
        case "DisableKeyRotation", "EnableKeyRotation", "PutKeyPolicy": ["UnsupportedOperationException"]
        case "EnableKey": ["LimitExceededException"]
        case "GenerateDataKey", "GenerateDataKeyWithoutPlaintext": ["InvalidKeyUsageException"]
        case "GenerateRandom": ["CustomKeyStoreInvalidStateException", "CustomKeyStoreNotFoundException"]
        case "GetKeyRotationStatus", "ListKeyRotations": ["KMSInvalidStateException", "UnsupportedOperationException"]
        case "ListRetirableGrants": ["NotFoundException"]
        case "RetireGrant", "RevokeGrant": ["InvalidGrantIdException"]
        case "RotateKeyOnDemand": ["ConflictException", "UnsupportedOperationException"]
        default: []
        }
    }
}
