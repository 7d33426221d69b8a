import AWSCore
import OCI
import Stores

/// Why nothing was done with one image of a batch.
struct ImageRefusal: Error, Hashable {
    /// The model's ImageFailureCode.
    let code: String
    let reason: String

    init(_ code: String, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    static let notFound = ImageRefusal("ImageNotFound", "Requested image not found")

    static let archived = ImageRefusal("ImageInaccessible", "Requested image is archived")

    /// The repository's KMS key cannot be used.
    static func keyFailed(_ failure: KeyFailure) -> ImageRefusal { ImageRefusal("KmsError", failure.message) }

    static func referenced(by indexes: [Digest]) -> ImageRefusal {
        let list = indexes.map(\.description).joined(separator: ", ")
        return ImageRefusal("ImageReferencedByManifestList", "Requested image referenced by manifest list: [\(list)]")
    }
}

/// The model's ImageFailure.
struct ImageFailure: JSONObject {
    /// As it was asked for.
    let imageId: ImageID
    let refusal: ImageRefusal

    func members(_ json: inout JSONWriter) {
        json.member("imageId", imageId)
        json.member("failureCode", refusal.code)
        json.member("failureReason", refusal.reason)
    }
}
