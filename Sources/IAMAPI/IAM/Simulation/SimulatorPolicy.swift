import AWSCore
import IAM
import Identity

/// A policy under simulation: what it is called in results, and its text, to tell where statements lie.
struct SimulatorPolicy: Sendable {
    let id: String
    let type: String
    let text: String
    let document: PolicyDocument

    /// Throws `InvalidInput` for a text that is no policy.
    init(id: String, type: String = "IAM Policy", text: String, as kind: PolicyKind = .identity) throws(AWSError) {
        do throws(MalformedPolicy) {
            document = try PolicyDocument(json: text, as: kind)
        } catch {
            throw AWSError("InvalidInput", "Invalid Input \(id): \(error.description)")
        }
        self.id = id
        self.type = type
        self.text = text
    }

    /// The policies of a parameter, called `<name>.<number>`.
    static func list(_ texts: [PolicyText]?, called name: String) throws(AWSError) -> [SimulatorPolicy] {
        var policies: [SimulatorPolicy] = []
        for text in texts ?? [] { policies.append(try SimulatorPolicy(id: "\(name).\(policies.count + 1)", text: text.value)) }
        return policies
    }

    /// The policies that a principal has.
    static func list(_ sources: [PolicySource]) throws(AWSError) -> [SimulatorPolicy] {
        var policies: [SimulatorPolicy] = []
        for source in sources { policies.append(try SimulatorPolicy(id: source.id, text: source.document)) }
        return policies
    }

    /// The one permissions boundary that a parameter may give; nil without.
    static func boundary(_ texts: [PolicyText]?) throws(AWSError) -> SimulatorPolicy? {
        guard (texts ?? []).count <= 1 else {
            throw AWSError("InvalidInput", "Only one permissions boundary can be given in PermissionsBoundaryPolicyInputList.")
        }
        return try list(texts, called: "PermissionsBoundaryPolicyInputList").first
    }
}
