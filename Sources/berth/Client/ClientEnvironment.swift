/// The variables that point AWS tools, docker and its like at an installation, and keep others from winning over them.
struct ClientEnvironment {
    /// Of the server as last started.
    let endpoint: Endpoint
    let accessKeyID: String
    let secretAccessKey: String

    /// Shell lines for `eval`; every value is quoted, whatever is in it.
    var shell: String {
        var exports = [
            ("AWS_ENDPOINT_URL", endpoint.url),
            ("AWS_ACCESS_KEY_ID", accessKeyID),
            ("AWS_SECRET_ACCESS_KEY", secretAccessKey),
            ("AWS_REGION", endpoint.region),
            ("AWS_DEFAULT_REGION", endpoint.region),
            ("ECR_REGISTRY", endpoint.registry),
        ]
        if let file = endpoint.registriesConf { exports.append(("CONTAINERS_REGISTRIES_CONF", file)) }
        if let file = endpoint.authority { exports.append(("AWS_CA_BUNDLE", file)) }
        let set = Set(exports.map(\.0))
        let unsets = Self.rivals.filter { !set.contains($0) }
        return "unset \(unsets.joined(separator: " "))\n" + exports.map { "export \($0.0)=\(shellQuoted($0.1))\n" }.joined()
    }

    /// What AWS tools would believe rather than the variables above.
    private static let rivals = [
        "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CA_BUNDLE", "AWS_ENDPOINT_URL_ECR",
        "AWS_ENDPOINT_URL_STS", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    ]
}

/// `text` as one word of a POSIX shell, whatever is in it.
func shellQuoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
