import RegistryCore

extension ImageStatus {
    /// The model's ImageStatus.
    var name: String {
        switch self {
        case .active: "ACTIVE"
        case .archived: "ARCHIVED"
        case .activating: "ACTIVATING"
        }
    }
}
