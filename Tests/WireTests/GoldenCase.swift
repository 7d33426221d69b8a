import AWSCore
import Foundation
import IAM
import RegistryCore
import TestSupport
import Testing

/// A request and the answer to it, in a file: `Golden/<Operation>/<case>.json`, of ECR Public `GoldenPublic/<Operation>/<case>.json`.
///
/// `given` names what happens before: files of `Golden/Given`, each a list of calls, or calls themselves. A member of an
/// earlier answer stands in a later request as `${name}`; `upkeep` is a number of days in which the background
/// work is done, `role` the name of a role that is made. What differs at every run is masked in the answer.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    let api: ModelledAPI
    let operation: String
    let name: String
    let file: URL
    let content: JSON

    var testDescription: String { "\(api.api.rawValue) \(operation)/\(name)" }

    /// Set to write the answers instead of comparing them. Look at the difference before you commit it.
    static let isRegenerating = ProcessInfo.processInfo.environment["BERTH_REGENERATE_GOLDEN"] == "1"

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    /// All cases, in the order of their names.
    static let all = cases(of: .ecr, in: "Golden") + cases(of: .ecrPublic, in: "GoldenPublic")

    private static func cases(of api: ModelledAPI, in name: String) -> [GoldenCase] {
        let folder = folder.deletingLastPathComponent().appending(path: name)
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return files.filter { $0.pathExtension == "json" && $0.deletingLastPathComponent().lastPathComponent != "Given" }
            .sorted { $0.path() < $1.path() }
            .map { file in
                do {
                    return GoldenCase(
                        api: api, operation: file.deletingLastPathComponent().lastPathComponent, name: file.deletingPathExtension().lastPathComponent,
                        file: file, content: try JSON(bytes: Array(Data(contentsOf: file))))
                } catch {
                    fatalError("\(file.path()): \(error)")
                }
            }
    }

    /// The answer that the file holds.
    var status: JSON? { content["status"] }
    var body: JSON { content["body"] ?? .null }

    /// The answer that comes; to the account's root, or to whom `caller` makes. What is given is the root's doing.
    func run(
        as caller: (TestInstallation) async throws -> Caller? = { _ in nil }
    ) async throws -> (status: Int, headers: [String: String], body: JSON) {
        let wire = try await Wire(api.api, limits: limits)
        var known: [String: String] = [:]
        for call in try calls() {
            if case .integer(let days)? = call["upkeep"] {
                try await wire.installation.upkeep(after: days)
                continue
            }
            if let role = call["role"]?.text {
                try await wire.makeRole(role)
                continue
            }
            let body = try await wire.succeed(try #require(call["operation"]?.text), (call["request"] ?? [:]).filled(with: known))
            for case (let name, .string(let value)) in body.members { known[name] = value }
        }
        // What the upkeep does within a second.
        try await wire.installation.services.pullTimes.write()
        let answer = try await wire.call(
            operation, (content["request"] ?? [:]).filled(with: known), as: caller(wire.installation) ?? rootElsewhere(of: wire))
        return (answer.status, answer.headers, answer.body.masked(known))
    }

    /// The root in the region that the file names; nil when it names none.
    private func rootElsewhere(of wire: Wire) -> Caller? {
        (content["region"]?.text).flatMap { Region($0) }
            .map { .root(of: wire.caller.account, accessKeyID: wire.caller.accessKeyID ?? "", region: $0) }
    }

    /// Writes an answer into the file.
    func write(_ answer: (status: Int, headers: [String: String], body: JSON)) throws {
        var content = content
        content["status"] = .integer(answer.status)
        content["headers"] = .object(answer.headers.mapValues { .string($0) })
        content["body"] = answer.body
        try Data((content.pretty + "\n").utf8).write(to: file)
    }

    private func calls() throws -> [JSON] {
        try (content["given"]?.elements ?? []).flatMap { given in
            guard let name = given.text else { return [given] }
            return try JSON(bytes: Array(Data(contentsOf: Self.folder.appending(path: "Given/\(name).json")))).elements
        }
    }

    private var limits: Limits {
        var limits = Limits()
        for case (let name, .integer(let value)) in content["limits"]?.members ?? [:] {
            switch name {
            case "repositories": (limits.repositories, limits.publicRepositories) = (value, value)
            case "imagesPerRepository": (limits.imagesPerRepository, limits.publicImagesPerRepository) = (value, value)
            case "tagsPerImage": (limits.tagsPerImage, limits.publicTagsPerImage) = (value, value)
            case "lifecyclePolicyCharacters": limits.lifecyclePolicyCharacters = value
            case "lifecyclePolicyRules": limits.lifecyclePolicyRules = value
            case "layerBytes": (limits.layerBytes, limits.publicLayerBytes) = (Int64(value), Int64(value))
            case "layerParts": (limits.layerParts, limits.publicLayerParts) = (Int64(value), Int64(value))
            case "creationTemplates": limits.creationTemplates = value
            case "pullTimeExclusions": limits.pullTimeExclusions = value
            case "bytesPerRepository": limits.bytesPerRepository = Int64(value)
            default: Issue.record("\(testDescription): no limit is called \(name)")
            }
        }
        return limits
    }
}

extension JSON {
    /// The same with every `${name}` replaced by what is known under that name.
    func filled(with known: [String: String]) -> JSON {
        mapStrings { text in known.reduce(text) { $0.replacing("${\($1.key)}", with: $1.value) } }
    }

    /// The same with a mask over all that is random.
    fileprivate func masked(_ known: [String: String]) -> JSON {
        switch self {
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, value in
                        switch name {
                        case "nextToken", "authorizationToken", "uploadId": (name, .string("<\(name)>"))
                        case "downloadUrl": (name, .string((value.text ?? "").replacing(#/[0-9a-f]{64,}$/#, with: "<token>")))
                        default: (name, value.masked(known))
                        }
                    }))
        case .array(let elements): .array(elements.map { $0.masked(known) })
        case .string(let text):
            .string(
                (known["uploadId"].map { text.replacing($0, with: "<uploadId>") } ?? text)
                    .replacing(#/public\.ecr\.aws\/([a-z][0-9]){4}/#, with: "public.ecr.aws/<alias>"))
        case .null, .bool, .integer, .number: self
        }
    }
}

extension TestInstallation {
    /// So many days go by, and what works in the background has had its time.
    fileprivate func upkeep(after days: Int) async throws {
        clock.advance(by: .seconds(days * 24 * 3600))
        while try await services.sweepLifecycles(pages: 100) > 0 {}
        while try await services.archiveBlobs(limit: 100) > 0 {}
        _ = try await services.reapObjects(limit: 100)
    }
}
