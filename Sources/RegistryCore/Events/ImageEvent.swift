import AWSCore
import OCI
import Stores

/// What happened to an image, as Amazon EventBridge tells it: "ECR Image Action", or "ECR Referrer Action" of an image that
/// refers to another.
///
/// Source: Amazon ECR user guide, "Amazon ECR events and EventBridge".
package struct ImageEvent: RegistryEvent, Hashable {
    package enum Action: Hashable, Sendable {
        case push
        case delete
        /// The image is now in this storage class (`STANDARD`, `ARCHIVE`); `activatedAt` of one that came back.
        case updateStorageClass(String, activatedAt: Timestamp?)
    }

    package let action: Action
    package let digest: Digest
    /// The tag that was set or removed; nil where none was.
    package let tag: ImageTag?
    package let mediaType: MediaType
    package let artifactMediaType: String?
    package let isReferrer: Bool

    /// What happened to a stored image.
    init(_ action: Action, _ image: ImageRecord, tag: ImageTag? = nil) {
        self.action = action
        digest = image.digest
        self.tag = tag
        mediaType = image.mediaType
        artifactMediaType = image.artifactMediaType
        isReferrer = image.subject != nil
    }

    /// A push of `manifest`.
    init(push manifest: Manifest, _ digest: Digest, tag: ImageTag?) {
        action = .push
        self.digest = digest
        self.tag = tag
        mediaType = manifest.mediaType
        artifactMediaType = manifest.artifactMediaType
        isReferrer = manifest.subject != nil
    }

    var source: String { "aws.ecr" }
    var detailType: String { isReferrer ? "ECR Referrer Action" : "ECR Image Action" }

    func detail(of repository: Repository, _ json: inout JSONWriter) {
        json.member("result", "SUCCESS")
        json.member("repository-name", repository.name.description)
        json.member("image-digest", digest.description)
        json.member("action-type", action.name)
        json.member("image-tag", tag?.description)
        if case .updateStorageClass(let target, let activatedAt) = action {
            json.member("target-storage-class", target)
            json.member("last-activated-at", activatedAt?.inISO8601)
        } else if !isReferrer {
            return
        }
        json.member("manifest-media-type", mediaType.description)
        json.member("artifact-media-type", artifactMediaType)
    }
}

extension ImageEvent.Action {
    fileprivate var name: String {
        switch self {
        case .push: "PUSH"
        case .delete: "DELETE"
        case .updateStorageClass: "UPDATE_STORAGE_CLASS"
        }
    }
}
