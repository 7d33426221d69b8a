import AWSCore
import OCI
import RegistryCore

/// The model's ImageDetail.
struct ImageDetailShape: JSONObject {
    let image: ImageDetail
    let repositoryName: RepositoryName
    let registry: RegistryID

    func members(_ json: inout JSONWriter) {
        json.member("registryId", registry.account)
        json.member("repositoryName", repositoryName)
        json.member("imageDigest", image.digest)
        json.member("imageTags", image.tags.isEmpty ? nil : image.tags)
        json.member("imageSizeInBytes", image.size)
        json.member("imagePushedAt", milliseconds: image.pushedAt.milliseconds)
        json.member("imageManifestMediaType", image.mediaType.description)
        json.member("artifactMediaType", image.artifactMediaType)
        json.member("lastRecordedPullTime", milliseconds: image.lastPulledAt?.milliseconds)
        json.member("subjectManifestDigest", image.subject)
        json.member("imageStatus", image.status.name)
        json.member("lastArchivedAt", milliseconds: image.archivedAt?.milliseconds)
        json.member("lastActivatedAt", milliseconds: image.activatedAt?.milliseconds)
    }
}
