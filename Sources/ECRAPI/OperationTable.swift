/// The operations of one API, by name.
struct OperationTable: Sendable {
    let implemented: [any ECROperation.Type]
    /// What the API's model has besides.
    let missing: Set<String>
    private let byName: [String: any ECROperation.Type]

    init(_ implemented: [any ECROperation.Type], missing: Set<String> = []) {
        self.implemented = implemented
        self.missing = missing
        byName = Dictionary(uniqueKeysWithValues: implemented.map { ($0.name, $0) })
    }

    /// The operation of this name; nil when there is none yet, or never.
    func named(_ name: String) -> (any ECROperation.Type)? { byName[name] }

    /// True of every operation of the model.
    func isKnown(_ name: String) -> Bool { byName[name] != nil || missing.contains(name) }
}

extension OperationTable {
    static let ecr = OperationTable(Operations.implemented, missing: Operations.missing)
    static let ecrPublic = OperationTable(PublicOperations.implemented)
}
