import AWSCore

/// The model's MaxResults.
typealias MaxResults = Bounded.Integer<1, 1000>

extension MaxResults? {
    /// What is asked for, or ECR's default.
    var limit: Int { self?.value ?? 100 }
}
