import AWSCore
import OCI

/// A blob was found damaged and is in quarantine: Berth's own event, which ECR has no like of.
struct DamageEvent: RegistryEvent, Hashable {
    let digest: Digest
    /// What is wrong, in words.
    let finding: String

    var source: String { "berth.registry" }
    var detailType: String { "Berth Blob Damage" }

    func detail(of repository: Repository, _ json: inout JSONWriter) {
        json.member("result", "QUARANTINED")
        json.member("repository-name", repository.name.description)
        json.member("layer-digest", digest.description)
        json.member("finding", finding)
    }
}
