/// A request's member that is missing, or whose value the API refuses.
package struct ConstraintViolation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The member's name in the protocol: the innermost named one, without list indices.
    package let member: String
    /// What it must satisfy, in AWS's words.
    package let reason: String

    package init(member: String, reason: String) {
        self.member = member
        self.reason = reason
    }

    /// ECR's sentence (`ecr-errors.md` section 2).
    package var description: String { "Invalid parameter at '\(member)' failed to satisfy constraint: '\(reason)'" }

    /// The violation by the value that `decoder` is about to give.
    package init(at decoder: any Decoder, reason: String) {
        self.init(member: Self.member(of: decoder.codingPath), reason: reason)
    }

    static func member(of path: [any CodingKey]) -> String {
        path.last { $0.intValue == nil }?.stringValue ?? ""
    }
}
