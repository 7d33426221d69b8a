import IAM

extension FuzzTarget {
    /// Policies of every kind.
    static let policies = FuzzTarget(
        "policy",
        ofText: { text in
            let kinds: [PolicyKind] = [.identity, .trust, .resource, .container]
            return kinds.map { kind in
                do {
                    let document = try PolicyDocument(json: text, as: kind)
                    _ = contextKeys(of: [document])
                    return "\(document.statements.count)"
                } catch {
                    return "\(error)".split(separator: " ").prefix(4).joined(separator: " ")
                }
            }.joined(separator: ", ")
        })
}
