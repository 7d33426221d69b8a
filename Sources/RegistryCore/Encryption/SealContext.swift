import OCI
import Stores

/// What each sealed thing is, in words that whoever opens it must say again: so none passes for another
/// (`docs/encryption.md` lists them).
enum SealContext {
    /// A repository's key under the service's.
    static func repositoryKey(of repository: Repository) -> String { "berth repository key v1|\(repository.domain)|\(name(of: repository))" }

    /// The data keys of a blob under a repository's key.
    static func dataKeys(of digest: Digest, generation: Int64, in repository: Repository) -> [UInt8] {
        bytes("berth data keys v1|\(name(of: repository))|\(digest)|\(generation)")
    }

    /// The data keys of an upload under the repository's key.
    static func dataKeys(ofUpload object: ObjectKey, in repository: Repository) -> [UInt8] {
        bytes("berth upload keys v1|\(name(of: repository))|\(object)")
    }

    /// What an upload needs to go on, under its data keys.
    static func progress(of object: ObjectKey, offset: Int64, in repository: Repository) -> [UInt8] {
        bytes("berth upload progress v1|\(name(of: repository))|\(object)|\(offset)")
    }

    /// The bytes of a manifest under the repository's key.
    static func manifest(_ digest: Digest, in repository: Repository) -> [UInt8] { bytes("berth manifest v1|\(name(of: repository))|\(digest)") }

    /// The bytes of an object under its data key: of an upload, of what it becomes, or of a copy in the archive. `layer` counts from the
    /// innermost.
    static func object(_ key: ObjectKey, in domain: String, layer: Int) -> [UInt8] { bytes("berth object v1|\(domain)|\(key)|\(layer)") }

    /// Account, region and name may be another repository's one day; the number never.
    private static func name(of repository: Repository) -> String {
        let registry = repository.registry
        return "\(registry.account)|\(registry.place)|\(registry.arn(of: repository.name))|\(repository.rowID)"
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}
