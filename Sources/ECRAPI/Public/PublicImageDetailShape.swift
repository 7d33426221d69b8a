import AWSCore
import OCI
import RegistryCore

/// The model's ReferencedImageDetail of ECR Public.
struct ReferencedImageDetailShape: JSONObject {
    let image: ImageDetail

    func members(_ json: inout JSONWriter) {
        json.member("imageDigest", image.digest)
        json.member("imageSizeInBytes", image.size)
        json.member("imagePushedAt", milliseconds: image.pushedAt.milliseconds)
        json.member("imageManifestMediaType", image.mediaType.description)
        json.member("artifactMediaType", image.artifactMediaType)
    }
}

/// The model's ImageDetail of ECR Public.
struct PublicImageDetailShape: JSONObject {
    let image: ImageDetail
    let repositoryName: RepositoryName
    let registry: RegistryID

    func members(_ json: inout JSONWriter) {
        json.member("registryId", registry.account)
        json.member("repositoryName", repositoryName)
        json.member("imageTags", image.tags.isEmpty ? nil : image.tags)
        ReferencedImageDetailShape(image: image).members(&json)
    }
}
