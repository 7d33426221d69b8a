/// The condition keys that `documents` ask for, in conditions and as variables: each once, spelled as where it comes first. With
/// `action`, only those of statements that cover it.
package func contextKeys(of documents: [PolicyDocument], for action: String? = nil) -> [String] {
    let action = action.map(ActionName.init)
    var known: Set<String> = []
    var keys: [String] = []
    for document in documents {
        for statement in document.statements {
            if let action, !statement.actions.isMet({ $0.matches(action) }) { continue }
            keys += statement.contextKeys(document.version).filter { known.insert($0.lowercased()).inserted }
        }
    }
    return keys
}

extension Statement {
    fileprivate func contextKeys(_ version: PolicyDocument.Version) -> [String] {
        (resources?.patterns.flatMap(\.variables) ?? []) + conditions.flatMap { $0.contextKeys(version) }
    }
}

extension Condition {
    fileprivate func contextKeys(_ version: PolicyDocument.Version) -> [String] {
        keys.sorted { $0.key < $1.key }.flatMap { key, values in
            guard comparison.takesVariables, version == .v2012 else { return [key] }
            return [key] + values.flatMap { PolicyText($0, hasVariables: true).variables }
        }
    }
}
