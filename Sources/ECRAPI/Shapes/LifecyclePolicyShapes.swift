import AWSCore
import OCI
import RegistryCore

/// The model's LifecyclePolicyText.
typealias LifecyclePolicyText = Bounded.Text<100, 30720>

/// The output of the operations that give the lifecycle policy that a repository has or had.
struct LifecyclePolicyOutput: JSONObject {
    let registry: RegistryID
    let repositoryName: RepositoryName
    let policy: StoredLifecyclePolicy

    func members(_ json: inout JSONWriter) {
        json.member("registryId", registry.account)
        json.member("repositoryName", repositoryName)
        json.member("lifecyclePolicyText", policy.text)
        json.member("lastEvaluatedAt", milliseconds: policy.evaluatedAt.milliseconds)
    }
}

/// The model's LifecyclePolicyPreviewResult.
struct LifecyclePreviewResultShape: JSONObject {
    let result: LifecyclePreview.Result

    func members(_ json: inout JSONWriter) {
        let image = result.image
        json.member("imageTags", image.tags.isEmpty ? nil : image.tags)
        json.member("imageDigest", image.digest)
        json.member("imagePushedAt", milliseconds: image.pushedAt.milliseconds)
        json.member("action") { json in
            json.member("type", result.action.rawValue.uppercased())
            json.member("targetStorageClass", result.action == .transition ? StorageClassName.archive : nil)
        }
        json.member("appliedRulePriority", result.rule)
        json.member("storageClass", image.status == .archived ? StorageClassName.archive : StorageClassName.standard)
    }
}

/// The model's LifecyclePolicyPreviewSummary.
struct LifecyclePreviewSummaryShape: JSONObject {
    let preview: LifecyclePreview

    func members(_ json: inout JSONWriter) {
        json.member("expiringImageTotalCount", preview.expiring)
        json.member("transitioningImageTotalCounts", preview.archiving > 0 ? [TransitioningCountShape(images: preview.archiving)] : nil)
    }
}

/// The model's TransitioningImageTotalCount.
private struct TransitioningCountShape: JSONObject {
    let images: Int64

    func members(_ json: inout JSONWriter) {
        json.member("targetStorageClass", StorageClassName.archive)
        json.member("imageTotalCount", images)
    }
}

/// The model's names of the storage classes.
enum StorageClassName {
    static let standard = "STANDARD"
    static let archive = "ARCHIVE"
}
