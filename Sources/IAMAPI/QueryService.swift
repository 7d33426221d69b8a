/// A service of the Query protocol: its table of contents, and what its answers are named after.
package struct QueryService: Sendable {
    /// The signing name, and the prefix of the service's actions.
    package let name: String
    /// The value of `Version` in every request.
    package let version: String
    /// What Berth does.
    let implemented: [any QueryOperation.Type]
    /// What the service's model has besides, and Berth does not do; it answers InvalidAction, and says so.
    let missing: Set<String>
    private let byName: [String: any QueryOperation.Type]

    /// All services, of which none has the version of another.
    package static let all = [iam, sts]

    /// Identity and Access Management.
    package static let iam = QueryService(name: "iam", version: "2010-05-08", implemented: iamOperations, missing: missingIAMOperations)
    /// The Security Token Service.
    package static let sts = QueryService(name: "sts", version: "2011-06-15", implemented: stsOperations, missing: missingSTSOperations)

    private init(name: String, version: String, implemented: [any QueryOperation.Type], missing: Set<String>) {
        self.name = name
        self.version = version
        self.implemented = implemented
        self.missing = missing
        byName = Dictionary(uniqueKeysWithValues: implemented.map { ($0.name, $0) })
    }

    /// Of the service's answers.
    package var namespace: String { "https://\(name).amazonaws.com/doc/\(version)/" }

    /// True of an operation that brings its own proof instead of a signature.
    package func isUnsigned(_ operation: String) -> Bool { byName[operation]?.isUnsigned ?? false }

    /// The operation of this name; nil when there is none yet, or never.
    func operation(named name: String) -> (any QueryOperation.Type)? { byName[name] }

    /// True of every operation of the model.
    func knows(_ name: String) -> Bool { byName[name] != nil || missing.contains(name) }
}
