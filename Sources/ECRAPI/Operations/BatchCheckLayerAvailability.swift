import AWSCore
import IAM
import OCI
import RegistryCore

/// Tells which layers are in a repository. What is no digest is a failure among the results.
struct BatchCheckLayerAvailability<Service: ECRService>: RepositoryOperation {
    let registryId: Service.RegistryReference?
    let repositoryName: Service.RepositoryName
    let layerDigests: Bounded.List<1, 100, Bounded.Text<0, 1000>>

    func run(in registry: Registry, context: OperationContext) async throws -> Output {
        let wanted = layerDigests.values.map { (text: $0.value, digest: LayerDigest($0.value)) }
        let found = try await registry.findLayers(
            wanted.compactMap { $0.digest?.digest }, in: repository, reserving: try await mayPush(to: registry, context))
        let sizes = Dictionary(uniqueKeysWithValues: found.map { ($0.digest, $0.size) })
        let absent = wanted.compactMap { $0.digest?.digest }.filter { sizes[$0] == nil }
        let archived = absent.isEmpty ? [] : try await registry.archivedLayers(absent, in: repository)
        var output = Output()
        for (text, digest) in wanted {
            if let digest {
                output.layers.append(
                    LayerShape(
                        layerDigest: digest, layerSize: digest.digest.flatMap { sizes[$0] }, isArchived: digest.digest.map(archived.contains) ?? false
                    ))
            } else {
                output.failures.append(text.isEmpty ? .missing : .invalid(text))
            }
        }
        return output
    }

    /// Only who may push is promised that a layer stays until its manifest comes.
    private func mayPush(to registry: Registry, _ context: OperationContext) async throws -> Bool {
        let push = Permission("\(Service.name):\(PutImage<Service>.name)", on: registry.id.arn(of: repository))
        return try await context.authorizer.decide(push, context.request).isAllowed
    }

    struct Output: JSONObject {
        var layers: [LayerShape] = []
        var failures: [LayerFailure] = []

        func members(_ json: inout JSONWriter) {
            json.member("layers", layers)
            json.member("failures", failures)
        }
    }
}

extension LayerFailure {
    fileprivate static let missing = LayerFailure(
        layerDigest: "", code: "MissingLayerDigest", reason: "Invalid request parameters: layer digest cannot be empty")

    fileprivate static func invalid(_ text: String) -> LayerFailure {
        LayerFailure(
            layerDigest: text, code: "InvalidLayerDigest",
            reason: "Invalid request parameters: layer digest should satisfy the regex '\(LayerDigest.pattern)'")
    }
}
