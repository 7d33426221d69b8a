import AWSCore
import OCI
import RegistryCore

/// The model's Image: a manifest, byte for byte.
struct ImageShape: JSONObject {
    let registry: RegistryID
    let repositoryName: RepositoryName
    /// The tag is the one that the caller named, if any.
    let imageId: ImageIdentifier
    let payload: [UInt8]
    let mediaType: MediaType

    func members(_ json: inout JSONWriter) {
        json.member("registryId", registry.account)
        json.member("repositoryName", repositoryName)
        json.member("imageId", imageId)
        json.member("imageManifest", String(decoding: payload, as: UTF8.self))
        json.member("imageManifestMediaType", mediaType.description)
    }
}
