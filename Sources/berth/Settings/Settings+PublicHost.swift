import HTTPEdge
import IAM

extension Settings {
    /// Where whoever made `request` reaches public registries: by their name, else by the port that is theirs alone, else by ECR Public's name.
    func publicHost(for request: RequestContext) -> String {
        if let publicHost { return publicHost.description }
        guard let port = publicListen.first?.port, let host = PublicHost(request.registryHost) else { return PublicHost.amazon.description }
        return "\(host.name):\(port)"
    }
}
