import AWSCore

/// The ARN of a request in its six parts, ready to be matched.
struct ResourceName: Sendable {
    let parts: [String]
    /// True when the sixth part begins with the name of a type, `repository/app`; some services have no types, and their
    /// names may hold slashes.
    let hasType: Bool

    init(_ arn: ARN) {
        parts = ["arn", arn.partition, arn.service, arn.region, arn.account, arn.resource]
        hasType = !["s3", "s3express", "execute-api"].contains(arn.service) && arn.resource.contains { $0 == "/" || $0 == ":" }
    }
}

/// An ARN pattern whose variables are replaced: each of the six parts matches by itself.
struct ARNPattern: Hashable, Sendable {
    private let parts: [Wildcard]
    /// True when the pattern has fewer parts and ends with a star.
    private let isOpen: Bool

    /// Splits at the first five colons that are not inside a replaced variable.
    init(_ pieces: [PolicyText.Piece]) {
        var parts: [[PolicyText.Piece]] = [[]]
        for piece in pieces {
            guard case .pattern(let text) = piece else {
                parts[parts.count - 1].append(piece)
                continue
            }
            let split = text.split(separator: ":", maxSplits: 6 - parts.count, omittingEmptySubsequences: false)
            for (index, part) in split.enumerated() {
                if index > 0 { parts.append([]) }
                parts[parts.count - 1].append(.pattern(String(part)))
            }
        }
        self.parts = parts.map(Wildcard.init(pieces:))
        isOpen = parts.count < 6 && parts.last?.last?.endsWithStar == true
    }

    /// As a Resource element: no wildcard stands for a type of resources.
    func covers(_ resource: ResourceName) -> Bool {
        if isOpen { return matches(resource.parts) }
        guard parts.count == 6, !(resource.hasType && parts[5].hasOpenType) else { return false }
        return matches(resource.parts)
    }

    /// As a value of ArnEquals or ArnLike; false for what is no ARN.
    func matches(_ text: String) -> Bool {
        let values = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        return values.count == 6 && matches(values)
    }

    private func matches(_ values: [String]) -> Bool {
        guard isOpen || parts.count == values.count else { return false }
        let head = parts.count - 1
        for index in 0..<head where !parts[index].matches(values[index]) { return false }
        // The last part of an open pattern meets all that is left.
        return parts[head].matches(isOpen ? values[head...].joined(separator: ":") : values[head])
    }
}

extension PolicyText.Piece {
    fileprivate var endsWithStar: Bool {
        guard case .pattern(let text) = self else { return false }
        return text.hasSuffix("*")
    }
}
