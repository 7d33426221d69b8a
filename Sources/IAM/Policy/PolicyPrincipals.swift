extension PolicyDocument {
    /// What the policy's principals are called in it: ARNs and unique ids of users, roles and sessions, and accounts' ids.
    package var principalNames: Set<String> {
        var names: Set<String> = []
        for case let principals? in statements.map(\.principals) {
            for principal in principals.patterns {
                switch principal {
                case .arn(let name), .uniqueID(let name): names.insert(name)
                case .account(let account): names.insert(account.description)
                case .everyone, .federated, .service, .canonicalUser: break
                }
            }
        }
        return names
    }
}
