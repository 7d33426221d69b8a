/// Where an image is between the storage classes.
package enum ImageStatus: Int64, Sendable, CaseIterable {
    /// In the standard storage class: it can be pulled.
    case active = 0
    /// In the archive: it can be described and restored.
    case archived = 1
    /// On its way back from the archive.
    case activating = 2
}
