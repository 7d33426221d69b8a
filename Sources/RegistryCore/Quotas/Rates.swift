/// How often a principal may do an action: so many times a second, and `burst` times at once after a pause.
package struct Rate: Hashable, Sendable {
    package let perSecond: Double
    package let burst: Double

    package init(perSecond: Double, burst: Double? = nil) {
        self.perSecond = perSecond
        self.burst = burst ?? max(1, perSecond)
    }

    /// As often as it likes.
    package static let unlimited = Rate(perSecond: .infinity)
}

/// How often a principal may do which action of ECR.
///
/// Source: Amazon ECR user guide, "Service quotas", and "Common errors" for the actions without a quota of their own.
package struct Rates: Hashable, Sendable {
    /// By action, such as `ecr:PutImage`.
    private var rates: [String: Rate]
    /// Of all other actions, each.
    private var others: Rate

    /// The actions of a pull.
    package static let pulls = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]

    /// No limits.
    package static let unlimited = Rates(rates: [:], others: .unlimited)

    /// ECR's.
    package static let ecr = Rates(
        rates: [
            "ecr:GetAuthorizationToken": Rate(perSecond: 500), "ecr:BatchCheckLayerAvailability": Rate(perSecond: 1000),
            "ecr:InitiateLayerUpload": Rate(perSecond: 100), "ecr:UploadLayerPart": Rate(perSecond: 500),
            "ecr:CompleteLayerUpload": Rate(perSecond: 100), "ecr:PutImage": Rate(perSecond: 10), "ecr:BatchGetImage": Rate(perSecond: 2000),
            "ecr:GetDownloadUrlForLayer": Rate(perSecond: 3000),
            "ecr-public:GetAuthorizationToken": Rate(perSecond: 200), "ecr-public:BatchCheckLayerAvailability": Rate(perSecond: 200),
            "ecr-public:InitiateLayerUpload": Rate(perSecond: 10), "ecr-public:UploadLayerPart": Rate(perSecond: 260),
            "ecr-public:CompleteLayerUpload": Rate(perSecond: 10), "ecr-public:PutImage": Rate(perSecond: 10),
        ], others: Rate(perSecond: 20, burst: 200))

    /// A hundred times ECR's and more, against programs that have gone wild; pulls as often as anybody likes.
    package static let generous: Rates = {
        var rates = Rates(
            rates: ecr.rates.mapValues { Rate(perSecond: $0.perSecond * 100) }, others: Rate(perSecond: 2000, burst: 20_000))
        rates["ecr:PutImage"] = Rate(perSecond: 10_000)
        for action in pulls { rates[action] = .unlimited }
        return rates
    }()

    /// The rate of an action.
    package subscript(action: String) -> Rate {
        get { rates[action] ?? others }
        set { rates[action] = newValue }
    }
}
