/// A lifecycle policy: which images of a repository go, and when.
///
/// Source: Amazon ECR user guide, "Automate the cleanup of images by using lifecycle policies". Beyond ECR, `sinceImagePulled` may
/// expire images, not only archive them.
package struct LifecyclePolicy: Hashable, Sendable {
    /// By ascending priority: an image belongs to the first whose tag requirement it meets.
    package let rules: [LifecycleRule]

    /// Reads the JSON text of a policy. Throws all that is wrong with it, more than `maximumRules` among it.
    package init(_ text: String, maximumRules: Int = 50) throws(LifecyclePolicyFault) {
        var reader = LifecyclePolicyReader(maximumRules: maximumRules)
        let rules = reader.rules(of: text)
        guard reader.findings.isEmpty else { throw LifecyclePolicyFault(findings: reader.findings) }
        self.rules = rules.sorted { $0.priority < $1.priority }
    }
}

/// What is wrong with the text of a policy.
package struct LifecyclePolicyFault: Error, Hashable, Sendable {
    /// A line each, in the words of ECR where they are known.
    package let findings: [String]

    package init(findings: [String]) { self.findings = findings }

    /// What the request's member must satisfy, in ECR's words.
    package var reason: String { "Lifecycle policy validation failure: " + findings.joined(separator: "\n") }
}
