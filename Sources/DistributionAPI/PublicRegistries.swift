import HTTPTypes
import OCI
import RegistryCore

/// What is different in public registries: everybody may pull, all else takes ECR Public's own actions.
extension Call {
    private static let pullActions: Set = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability", "ecr:ListImages"]

    /// True of what needs no permission.
    func isOpenToAll(_ action: String) -> Bool { registry.id.isPublic && Self.pullActions.contains(action) }

    /// Counts what goes to somebody without credentials. Throws `transferExceeded`, and closes the blob then.
    func countTransfer(of bytes: Int64, _ blob: OpenLayer) throws {
        guard registry.id.isPublic, request.context.caller.kind == .anonymous else { return }
        do {
            try registry.anonymousTransfer.take(bytes, by: request.context.sourceIP)
        } catch {
            blob.content.close()
            throw error
        }
    }

    /// ECR Public's action of the same name.
    func publicAction(_ action: String) -> String { "\(registry.id.service):\(action.dropFirst("ecr:".count))" }

    /// The repository of this registry that is called `text` in image names; nil when it is none, or another registry's.
    func repository(fullName text: String) -> RepositoryName? {
        guard registry.id.isPublic else { return RepositoryName(text) }
        let alias = fullName.prefix { $0 != "/" } + "/"
        return text.hasPrefix(alias) ? RepositoryName(text.dropFirst(alias.count)) : nil
    }
}

extension Failure {
    /// An error of a request to a public registry: who is unknown there gets a token first, and an upload goes on under its alias.
    init(_ error: any Error, publicRequest request: DistributionRequest) {
        self.init(error, context: request.context)
        if status == .unauthorized { headers[.wwwAuthenticate] = Challenge.bearer(at: request.context.origin) }
        if headers.contains(.location) { headers[.location] = request.path }
    }
}
