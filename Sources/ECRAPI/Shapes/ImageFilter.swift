import AWSCore
import RegistryCore

extension TagStatus: ConstrainedEnum {
    package static let allCases: [TagStatus] = [.tagged, .untagged, .any]
}

/// The model's ListImagesFilter and DescribeImagesFilter.
struct ImageFilter: Decodable, Sendable {
    /// The model's ImageStatusFilter: where an image is between the storage classes.
    enum Status: String, ConstrainedEnum {
        case active = "ACTIVE"
        case archived = "ARCHIVED"
        case activating = "ACTIVATING"
        case any = "ANY"
    }

    let tagStatus: TagStatus?
    let imageStatus: Status?
}

extension ImageFilter? {
    /// Which images to list, by their tags.
    var tagStatus: TagStatus { self?.tagStatus ?? .any }

    /// Which images to list, by where they are: the active ones unless said otherwise; nil for all.
    var imageStatus: ImageStatus? { (self?.imageStatus ?? .active).imageStatus }

    /// Which of the images that are asked for by name to show; nil for all.
    var statusOfNamed: ImageStatus? { self?.imageStatus?.imageStatus }

    /// For the token of a page.
    var text: String { "\(tagStatus.rawValue) \((self?.imageStatus ?? .active).rawValue)" }
}

extension ImageFilter.Status {
    /// What it lets through; nil: all.
    var imageStatus: ImageStatus? {
        switch self {
        case .active: .active
        case .archived: .archived
        case .activating: .activating
        case .any: nil
        }
    }
}
