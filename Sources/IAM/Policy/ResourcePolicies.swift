extension NamedPolicy {
    /// The policy of the repository that a request is about.
    package static func ofRepository(_ document: PolicyDocument) -> NamedPolicy { NamedPolicy(name: "repository policy", document: document) }

    /// The policy of the registry that a request is about.
    package static func ofRegistry(_ document: PolicyDocument) -> NamedPolicy { NamedPolicy(name: "registry policy", document: document) }
}

extension PolicySet {
    /// As if the repository had this policy instead of its own.
    package mutating func replaceRepositoryPolicy(by document: PolicyDocument) {
        let policy = NamedPolicy.ofRepository(document)
        resource.removeAll { $0.name == policy.name }
        resource.append(policy)
    }
}
