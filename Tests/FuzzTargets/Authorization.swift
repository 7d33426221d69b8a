import AWSCore
import HTTPEdge
import HTTPTypes

extension FuzzTarget {
    /// `Authorization`: docker's, Bearer tokens, and SigV4's.
    static let authorization = FuzzTarget(
        "authorization",
        ofText: { text in
            let outcome =
                switch DockerCredentials([.authorization: text]) {
                case .none: "none"
                case .password: "password"
                case .bearer: "bearer"
                case .unusable: "unusable"
                }
            let headers = [
                (name: "Host", value: "registry.test"), (name: "X-Amz-Date", value: "20260101T000000Z"), (name: "Authorization", value: text),
            ]
            do {
                _ = try SignatureClaim(of: SignableRequest(method: "POST", path: "/", query: "", headers: headers, body: []))
                return outcome + " claim"
            } catch {
                return outcome + " " + "\(error)".prefix { $0 != "(" }
            }
        })

    /// `Host`, of which follows whose registry is meant.
    static let hosts = FuzzTarget(
        "host",
        ofText: { text in
            guard let host = HostName(text) else { return "none" }
            guard !host.name.contains(where: { $0.isUppercase || $0 == "/" || $0 == "@" }) else { throw Broken("\(host)") }
            return host.registry == nil ? "other" : "registry"
        })
}
