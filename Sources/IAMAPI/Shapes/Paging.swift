import AWSCore

/// The model's markerType: where a list goes on.
typealias Marker = Bounded.Text<1, 320>

/// The model's maxItemsType.
typealias MaxItems = Bounded.Integer<1, 1000>

extension MaxItems? {
    /// What is asked for, or IAM's default.
    var limit: Int { self?.value ?? 100 }
}
