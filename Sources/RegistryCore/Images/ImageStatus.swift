import Stores

/// Where an image is between the storage classes.
package enum ImageStatus: Int64, Sendable, CaseIterable {
    /// In the standard storage class: it can be pulled.
    case active = 0
    /// In the archive: it can be described and restored.
    case archived = 1
    /// On its way back from the archive.
    case activating = 2

    /// What selects images of this status. The partial index of those that are not active is used only where its own condition stands.
    var condition: SQL { self == .active ? "AND status = 0" : "AND status <> 0 AND status = \(rawValue)" }
}
