import AWSCore
import IAM
import RegistryCore
import TestSupport
import Testing

/// A request and the answer to it, in a file: `Golden/<Operation>/<case>.json`, of ECR Public `GoldenPublic/<Operation>/<case>.json`.
///
/// `given` names what happens before: files of `Golden/Given`, each a list of calls, or calls themselves. A member of an
/// earlier answer stands in a later request as `${name}`; `upkeep` is a number of days in which the background
/// work is done, `role` the name of a role that is made, and a call with `"service": "kms"` goes to KMS, whose keys the repositories of a file
/// with `"encryptsAtRest": true` may be under. What differs at every run is masked in the answer.
struct GoldenCase: JSONGolden {
    let api: ModelledAPI
    let file: GoldenFile

    static let commonErrors = ["AccessDeniedException", "UnsupportedOperationException"]

    var testDescription: String { "\(api.api.rawValue) \(operation)/\(name)" }
    var model: Model { api.model }

    /// All cases, in the order of their names.
    static let all =
        GoldenFile.all(in: "Golden").map { GoldenCase(api: .ecr, file: $0) }
        + GoldenFile.all(in: "GoldenPublic").map { GoldenCase(api: .ecrPublic, file: $0) }

    func run(as caller: (TestInstallation) async throws -> Caller?) async throws -> Wire.Answer {
        let wire = try await Wire(api.api, limits: limits, encryptsAtRest: content["encryptsAtRest"] == .bool(true))
        var known: [String: String] = [:]
        for call in try file.given(from: "Golden") {
            if case .integer(let days)? = call["upkeep"] {
                try await wire.installation.upkeep(after: days)
                continue
            }
            if let role = call["role"]?.text {
                try await wire.makeRole(role)
                continue
            }
            let (operation, request) = (try #require(call["operation"]?.text), (call["request"] ?? [:]).filled(with: known))
            if call["service"]?.text == "kms" {
                try await KMSWire(of: wire.installation).succeed(operation, request).collectTexts(into: &known)
                continue
            }
            let body = try await wire.succeed(operation, request)
            for case (let name, .string(let value)) in body.members { known[name] = value }
        }
        // What the upkeep does within a second.
        try await wire.installation.services.pullTimes.write()
        let answer = try await wire.call(
            operation, (content["request"] ?? [:]).filled(with: known), as: caller(wire.installation) ?? rootElsewhere(of: wire))
        return Wire.Answer(status: answer.status, headers: answer.headers, body: answer.body.masked(known), action: answer.action)
    }

    /// The root in the region that the file names; nil when it names none.
    private func rootElsewhere(of wire: Wire) -> Caller? {
        (content["region"]?.text).flatMap { Region($0) }
            .map { .root(of: wire.caller.account, accessKeyID: wire.caller.accessKeyID ?? "", region: $0) }
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
    /// The same with a mask over all that is random.
    fileprivate func masked(_ known: [String: String]) -> JSON {
        replacingMembers { name, value in
            switch name {
            case "nextToken", "authorizationToken", "uploadId": .string("<\(name)>")
            case "downloadUrl": .string((value.text ?? "").replacing(#/[0-9a-f]{64,}$/#, with: "<token>"))
            default: nil
            }
        }.mapStrings { text in
            (known["uploadId"].map { text.replacing($0, with: "<uploadId>") } ?? text)
                .replacing(#/public\.ecr\.aws\/([a-z][0-9]){4}/#, with: "public.ecr.aws/<alias>")
                .replacing(#/\bkey\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/#, with: "key/<KeyId>")
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
