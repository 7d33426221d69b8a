import AWSCore
import RegistryCore

extension TagStatus: ConstrainedEnum {
    package static let allCases: [TagStatus] = [.tagged, .untagged, .any]
}

/// The model's ListImagesFilter and DescribeImagesFilter.
struct ImageFilter: Decodable, Sendable {
    /// The model's ImageStatusFilter: where an image is between the storage classes.
    enum ImageStatus: String, ConstrainedEnum {
        case active = "ACTIVE"
        case archived = "ARCHIVED"
        case activating = "ACTIVATING"
        case any = "ANY"
    }

    let tagStatus: TagStatus?
    let imageStatus: ImageStatus?
}

extension ImageFilter? {
    /// Which images to list, by their tags.
    var tagStatus: TagStatus { self?.tagStatus ?? .any }

    /// Whether active images are asked for, which all are until storage classes come.
    var includesActive: Bool { [.active, .any].contains(self?.imageStatus ?? .active) }
}
