import RegistryCore

/// One image of a batch: what was asked for, and what there is to look for.
struct ImageRequest {
    let imageId: ImageID
    /// The identifier, or why nothing can have it.
    let target: Result<ImageIdentifier, ImageRefusal>

    init(_ imageId: ImageID) {
        self.imageId = imageId
        target = Result { () throws(ImageRefusal) in try imageId.identifier() }
    }

    /// nil when nothing can have it.
    var identifier: ImageIdentifier? {
        switch target {
        case .success(let identifier): identifier
        case .failure: nil
        }
    }
}
